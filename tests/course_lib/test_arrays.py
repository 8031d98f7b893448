"""Grids, design matrices and matrix products against plain Python, with every edge."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.testing import assert_close

from course_lib.arrays import design_matrix, gemm_accumulate, grid, matmul_columns, matmul_dots


def integers(*shape, seed=0, dtype=torch.float64):
    """Small integers, so that every order of summation gives exactly the same product."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(-9, 10, shape, generator=generator).to(dtype)


def product(A, B):
    """A B by its definition, in Python's integers."""
    return torch.tensor(
        [[sum(int(a) * int(b) for a, b in zip(row, col, strict=True)) for col in B.T] for row in A]
    ).to(A.dtype)


def test_grid_of_the_lecture_has_201_points():
    x = grid(-10, 10, 0.1)

    assert x.shape == (201,)
    assert x.dtype == torch.float64
    assert (x[0].item(), x[-1].item()) == (-10, 10)
    assert x[100].item() == pytest.approx(0, abs=1e-14)


@given(first=st.integers(-1000, 1000), intervals=st.integers(0, 300), tenths=st.integers(1, 40))
def test_no_point_is_lost_or_added(first, intervals, tenths):
    a, b, step = first / 10, (first + intervals * tenths) / 10, tenths / 10

    x = grid(a, b, step)

    expected = [(first + k * tenths) / 10 for k in range(intervals + 1)]
    assert x.tolist() == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("step", [0, -0.1, float("nan")])
def test_a_step_that_leads_nowhere_is_refused(step):
    with pytest.raises(ValueError, match="step must be positive, got"):
        grid(0, 1, step)


def test_ends_in_the_wrong_order_are_refused():
    with pytest.raises(ValueError, match="b must be at least a, got a = 1 and b = 0"):
        grid(1, 0, 0.1)


def test_a_step_that_misses_the_end_is_refused():
    with pytest.raises(ValueError, match=r"step must divide b - a, got 0\.3 for the length 1"):
        grid(0, 1, 0.3)


def test_design_matrix_by_hand():
    A = design_matrix(torch.tensor([2.0, -1.0, 0.0]), 4)

    assert_close(A, torch.tensor([[2.0, 4, 8, 16], [-1, 1, -1, 1], [0, 0, 0, 0]]))


@pytest.mark.parametrize("dtype", [torch.int8, torch.int32, torch.int64])
def test_integers_do_not_overflow(dtype):
    A = design_matrix(torch.tensor([-10, 3, 10], dtype=dtype), 20)

    exact = [[float(x**j) for j in range(1, 21)] for x in (-10, 3, 10)]
    assert A.dtype == torch.float64
    assert_close(A, torch.tensor(exact, dtype=torch.float64), rtol=1e-15, atol=0.0)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_design_matrix_keeps_floats_and_agrees_with_numpy(dtype):
    x = torch.linspace(-2, 2, 13, dtype=dtype)

    A = design_matrix(x, 7)

    assert A.dtype == dtype
    expected = np.vander(x.numpy(), 8, increasing=True)[:, 1:].astype(x.numpy().dtype)
    assert_close(A, torch.from_numpy(expected))


def test_design_matrix_without_columns():
    assert design_matrix(torch.ones(3), 0).shape == (3, 0)


def test_a_negative_degree_is_refused():
    with pytest.raises(ValueError, match="d must not be negative, got -1"):
        design_matrix(torch.ones(3), -1)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize(("m", "k", "n"), [(1, 1, 1), (3, 5, 4), (4, 1, 2), (2, 0, 3)])
def test_gemm_adds_the_product_where_c_stands(m, k, n, dtype):
    A, B = integers(m, k, seed=1, dtype=dtype), integers(k, n, seed=2, dtype=dtype)
    C = integers(m, n, seed=3, dtype=dtype)
    expected = C + (product(A, B) if k else 0)
    address = C.data_ptr()

    result = gemm_accumulate(A, B, C)

    assert result is C
    assert C.data_ptr() == address
    assert torch.equal(C, expected)


def test_gemm_writes_through_a_strided_view():
    A, B, whole = integers(3, 4, seed=1), integers(4, 2, seed=2), integers(6, 6, seed=3)
    before = whole.clone()

    gemm_accumulate(A, B, whole[::2, 1::3])

    before[::2, 1::3] += product(A, B)
    assert torch.equal(whole, before)


@pytest.mark.parametrize("role", ["A", "B", "both", "transpose"])
def test_gemm_takes_the_old_values_of_what_it_shares(role):
    C, other = integers(4, 4, seed=1), integers(4, 4, seed=2)
    A = {"B": other, "transpose": C.T}.get(role, C)
    B = C if role in {"B", "both"} else other
    expected = product(A, B) + C

    gemm_accumulate(A, B, C)

    assert torch.equal(C, expected)


@pytest.mark.parametrize("matmul", [matmul_dots, matmul_columns])
@pytest.mark.parametrize(("m", "k", "n"), [(1, 1, 1), (3, 5, 4), (4, 1, 2), (1, 6, 3)])
def test_every_level_gives_the_product(matmul, m, k, n):
    A, B = integers(m, k, seed=4), integers(k, n, seed=5)

    assert torch.equal(matmul(A, B), product(A, B))


@pytest.mark.cuda
def test_arrays_agree_on_cpu_and_cuda():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    A, B, C = integers(3, 4, seed=1), integers(4, 5, seed=2), integers(3, 5, seed=3)
    D = C.cuda()

    gemm_accumulate(A.cuda(), B.cuda(), D)

    assert torch.equal(D.cpu(), gemm_accumulate(A, B, C))
    for matmul in (matmul_dots, matmul_columns):
        assert torch.equal(matmul(A.cuda(), B.cuda()).cpu(), matmul(A, B))
    assert_close(design_matrix(A[0].cuda(), 5).cpu(), design_matrix(A[0], 5))
