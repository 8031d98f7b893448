"""Structured matrices against their definitions, SciPy, and their laws."""

import math

import numpy as np
import pytest
import scipy.linalg
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.testing import assert_close

from course_lib.special_matrices import (
    circulant,
    cyclic_shift,
    givens_coefficients,
    givens_rotation,
    permutation_matrix,
    toeplitz,
)

DTYPES = pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
numbers = st.floats(-1e6, 1e6, allow_subnormal=False)


def f64(values):
    return torch.tensor(values, dtype=torch.float64)


def vector(n, seed=0, dtype=torch.float64):
    return torch.randn(n, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def test_permutation_matrix_permutes():
    P = permutation_matrix(torch.tensor([2, 0, 1]))

    assert_close(P, f64([[0, 0, 1], [1, 0, 0], [0, 1, 0]]))
    x = f64([10.0, 20, 30])
    assert (P @ x).tolist() == [30, 10, 20]


@given(st.permutations(range(6)))
def test_permutation_matrix_is_orthogonal(order):
    P = permutation_matrix(torch.tensor(order))

    assert torch.equal(P @ P.T, torch.eye(6).double())
    assert torch.equal(P.T @ P, torch.eye(6).double())


@pytest.mark.parametrize("order", [[0, 0, 1], [1, 2, 3], [-1, 0, 1]])
def test_what_is_no_permutation_is_refused(order):
    with pytest.raises(ValueError, match=r"order must hold each of 0, \.\.\., 2 once, got"):
        permutation_matrix(torch.tensor(order))


def test_cyclic_shift_moves_down_and_comes_home():
    P = cyclic_shift(4)

    assert (P @ torch.arange(4).double()).tolist() == [3, 0, 1, 2]
    assert torch.equal(torch.linalg.matrix_power(P, 4), torch.eye(4).double())
    assert cyclic_shift(1).tolist() == [[1]]


def test_a_shift_of_nothing_is_refused():
    with pytest.raises(ValueError, match="n must be at least 1, got 0"):
        cyclic_shift(0)


@DTYPES
@pytest.mark.parametrize(("m", "n"), [(3, 5), (5, 3), (4, 4), (1, 3), (3, 1)])
def test_toeplitz_agrees_with_scipy(m, n, dtype):
    column, row = vector(m, 1, dtype), vector(n, 2, dtype)
    row[0] = column[0]

    T = toeplitz(column, row)

    assert T.dtype == dtype
    assert torch.equal(T, torch.from_numpy(scipy.linalg.toeplitz(column.numpy(), row.numpy())))


def test_toeplitz_is_a_convolution():
    kernel, x = f64([1.0, -2, 3]), vector(5)
    zeros = torch.zeros(4).double()

    T = toeplitz(torch.cat([kernel, zeros]), torch.cat([kernel[:1], zeros]))

    assert_close(T @ x, torch.from_numpy(np.convolve(kernel.numpy(), x.numpy())))


def test_toeplitz_with_two_corners_is_refused():
    with pytest.raises(ValueError, match=r"must agree in the corner, got 1\.0 and 2\.0"):
        toeplitz(torch.tensor([1.0]), torch.tensor([2.0]))


def test_toeplitz_of_nothing_is_refused():
    with pytest.raises(ValueError, match="must not be empty, got 0 and 1 entries"):
        toeplitz(torch.empty(0), torch.tensor([2.0]))


@DTYPES
@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_circulant_agrees_with_scipy(n, dtype):
    c = vector(n, 3, dtype)
    expected = scipy.linalg.circulant(c.numpy()) if n else np.empty((0, 0), c.numpy().dtype)

    assert torch.equal(circulant(c), torch.from_numpy(expected))


def test_circulants_commute_and_the_fourier_transform_diagonalises_them():
    b, c, x = vector(6, 1), vector(6, 2), vector(6, 3)

    assert_close(circulant(b) @ circulant(c), circulant(c) @ circulant(b))
    by_fourier = torch.fft.ifft(torch.fft.fft(c) * torch.fft.fft(x)).real
    assert_close(circulant(c) @ x, by_fourier)


def test_circulant_is_a_polynomial_in_the_shift():
    c, P = vector(4), cyclic_shift(4)

    powers = [torch.linalg.matrix_power(P, k) for k in range(4)]
    assert_close(circulant(c), sum(c[k] * powers[k] for k in range(4)))


@given(a=numbers, b=numbers)
def test_givens_turns_onto_the_first_axis(a, b):
    a, b = f64(a), f64(b)
    c, s = givens_coefficients(a, b)
    r = math.hypot(a, b)

    assert (c**2 + s**2).item() == pytest.approx(1, rel=1e-14)
    assert (c * a + s * b).item() == pytest.approx(r, rel=1e-14)
    assert (c * b - s * a).item() == pytest.approx(0, abs=1e-15 * r)


@DTYPES
@pytest.mark.parametrize("scale", [1e30, 1e-30])
def test_givens_of_extreme_entries(scale, dtype):
    c, s = givens_coefficients(*torch.tensor([3 * scale, 4 * scale], dtype=dtype))

    assert_close(c, torch.tensor(0.6, dtype=dtype))
    assert_close(s, torch.tensor(0.8, dtype=dtype))


def test_givens_of_zero_turns_nothing():
    zero = torch.tensor(0.0)

    assert [t.item() for t in givens_coefficients(zero, zero)] == [1, 0]


def test_givens_rotation_by_hand():
    G = givens_rotation(3, 0, 2, f64(0.6), f64(0.8))

    assert_close(G, f64([[0.6, 0, 0.8], [0, 1, 0], [-0.8, 0, 0.6]]))
    assert_close(torch.linalg.det(G).item(), 1.0)
    assert_close(G @ f64([3.0, 7, 4]), f64([5.0, 7, 0]))


@pytest.mark.parametrize(("i", "k"), [(0, 0), (0, 3), (-1, 2)])
def test_a_rotation_without_a_plane_is_refused(i, k):
    with pytest.raises(ValueError, match="i and k must be two different axes below 3, got"):
        givens_rotation(3, i, k, torch.tensor(1.0), torch.tensor(0.0))


@pytest.mark.cuda
def test_special_matrices_agree_on_cpu_and_cuda():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    c = vector(5)

    assert torch.equal(circulant(c.cuda()).cpu(), circulant(c))
    assert torch.equal(toeplitz(c.cuda(), c.cuda()).cpu(), toeplitz(c, c))
    assert permutation_matrix(torch.tensor([1, 0]).cuda()).is_cuda
    assert cyclic_shift(3, device="cuda").is_cuda
    assert givens_coefficients(*c[:2].cuda())[0].is_cuda
    assert givens_rotation(3, 0, 1, *c[:2].cuda()).is_cuda
