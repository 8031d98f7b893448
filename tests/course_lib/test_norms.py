"""Norms against their definitions, by hand, by mpmath, by NumPy, and by their laws."""

import math

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.testing import assert_close

from course_lib.norms import dual_exponent, lp_norm, matrix_norm

KINDS = ("one", "inf", "two", "fro", "nuc")
NUMPY_ORD = {"one": 1, "inf": np.inf, "two": 2, "fro": "fro", "nuc": "nuc"}

entries = st.floats(-1e6, 1e6, allow_subnormal=False)
exponents = st.one_of(st.floats(1, 40), st.just(math.inf))


def vectors(n):
    return st.lists(entries, min_size=n, max_size=n).map(lambda x: torch.tensor(x).double())


def matrix(*shape, seed=0, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=dtype)


@pytest.mark.parametrize(
    ("p", "norm"), [(0, 2), (1, 7), (2, 5), (3, 91 ** (1 / 3)), (math.inf, 4), (1.0, 7)]
)
def test_norms_of_3_minus_4_0_by_hand(p, norm):
    x = torch.tensor([3.0, -4.0, 0.0], dtype=torch.float64)

    assert lp_norm(x, p).item() == pytest.approx(norm, rel=1e-15)


@pytest.mark.parametrize("p", [1, 1.25, 2, 3, 17.5])
def test_agrees_with_thirty_digits(p):
    x = matrix(23, seed=1)
    with mpmath.workdps(30):
        exact = mpmath.fsum(abs(mpmath.mpf(t)) ** p for t in x.tolist()) ** (1 / mpmath.mpf(p))

    # Each of the 23 powers and their sum is right to a few units in the last place.
    assert lp_norm(x, p).item() == pytest.approx(float(exact), rel=1e-14)


@pytest.mark.parametrize("p", [1, 1.5, 2, 5, 100])
@pytest.mark.parametrize("scale", [1e200, 1e-200, 1e-300])
def test_extreme_entries_neither_overflow_nor_vanish(p, scale):
    x = torch.tensor([3.0, -4.0], dtype=torch.float64)

    assert_close(lp_norm(x * scale, p), lp_norm(x, p) * scale, rtol=1e-13, atol=0.0)


def test_extreme_entries_in_float32():
    x = torch.tensor([3e30, -4e30])

    assert_close(lp_norm(x, 2), torch.tensor(5e30), rtol=1e-6, atol=0.0)


@pytest.mark.parametrize("p", [0, 1, 2, 3.5, math.inf])
def test_zero_and_empty_vectors_have_norm_zero(p):
    assert lp_norm(torch.zeros(3), p).item() == 0
    assert lp_norm(torch.empty(0), p).item() == 0


@pytest.mark.parametrize("p", [1, 2, 2.5, math.inf])
def test_infinite_and_undefined_entries_are_kept(p):
    assert lp_norm(torch.tensor([1.0, -math.inf]), p).item() == math.inf
    assert math.isnan(lp_norm(torch.tensor([1.0, math.nan]), p).item())


@pytest.mark.parametrize("p", [0, 1, 2, math.inf])
def test_a_batch_of_vectors_gives_a_batch_of_norms(p):
    X = matrix(4, 5, 6, seed=2)

    norms = lp_norm(X, p)

    assert norms.shape == (4, 5)
    assert_close(norms[3, 1], lp_norm(X[3, 1], p))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("p", [0, 1, 2, 3, math.inf])
def test_norm_keeps_dtype_and_agrees_with_torch(p, dtype):
    x = matrix(50, seed=3, dtype=dtype)

    # assert_close compares dtypes too; its default tolerance is the dtype's rounding of 50 terms.
    assert_close(lp_norm(x, p), torch.linalg.vector_norm(x, p))


@pytest.mark.parametrize("p", [0.5, -1, -math.inf, math.nan, 0.999])
def test_exponents_that_give_no_norm_are_refused(p):
    with pytest.raises(ValueError, match="p must be 0 or at least 1, got"):
        lp_norm(torch.ones(3), p)


@given(x=vectors(5), y=vectors(5), p=exponents)
def test_triangle_inequality(x, y, p):
    slack = 1e-9 * (1 + lp_norm(x, p) + lp_norm(y, p))  # rounding, far below the norms

    assert lp_norm(x + y, p) <= lp_norm(x, p) + lp_norm(y, p) + slack


@given(x=vectors(4), c=st.floats(-1e3, 1e3, allow_subnormal=False), p=exponents)
def test_absolute_homogeneity(x, c, p):
    assert_close(lp_norm(c * x, p), abs(c) * lp_norm(x, p), rtol=1e-12, atol=1e-290)


@given(x=vectors(6), p=st.floats(1, 20), more=st.floats(0, 20))
def test_norms_fall_as_p_grows(x, p, more):
    assert lp_norm(x, p + more) <= lp_norm(x, p) * (1 + 1e-12)


@given(x=vectors(5), y=vectors(5), p=st.floats(1, 40))
def test_holder_inequality(x, y, p):
    bound = lp_norm(x, p) * lp_norm(y, dual_exponent(p))

    assert abs(x @ y) <= bound * (1 + 1e-9)


@pytest.mark.parametrize(("p", "q"), [(1, math.inf), (math.inf, 1), (2, 2), (3, 1.5), (1.5, 3)])
def test_dual_exponents_by_hand(p, q):
    assert dual_exponent(p) == q


@pytest.mark.parametrize("p", [0, 0.5, -2, math.nan])
def test_exponents_without_a_dual_are_refused(p):
    with pytest.raises(ValueError, match="p must be at least 1, got"):
        dual_exponent(p)


@pytest.mark.parametrize(("kind", "norm"), [("one", 6), ("inf", 7), ("fro", math.sqrt(38))])
def test_matrix_norms_by_hand(kind, norm):
    A = torch.tensor([[1, -5, 1], [-2, 1, 2], [-1, 0, 1]], dtype=torch.float64)

    assert matrix_norm(A, kind).item() == pytest.approx(norm, rel=1e-15)


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="kind must be one, inf, two, fro or nuc, got 'max'"):
        matrix_norm(torch.eye(2), "max")


def test_a_rank_one_matrix_stretches_by_the_product_of_the_lengths():
    u, v = torch.tensor([3.0, 4.0]).double(), torch.tensor([2.0, -1.0, 2.0]).double()

    for kind in ("two", "fro", "nuc"):
        assert_close(matrix_norm(torch.outer(u, v), kind).item(), 15.0)


def test_a_nilpotent_matrix_has_a_norm_although_its_eigenvalues_are_zero():
    A = torch.tensor([[0.0, 5.0], [0.0, 0.0]])

    assert [matrix_norm(A, kind).item() for kind in KINDS] == pytest.approx([5.0] * 5)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("shape", [(3, 5), (5, 3), (1, 4), (4, 1)])
@pytest.mark.parametrize("kind", KINDS)
def test_matrix_norm_agrees_with_numpy(kind, shape, dtype):
    A = matrix(*shape, seed=4, dtype=dtype)

    norm = matrix_norm(A, kind)

    assert norm.dtype == dtype
    # A few units in the last place for a sum over at most 15 entries or 3 singular values.
    tolerance = 1e-5 if dtype == torch.float32 else 1e-13
    assert norm.item() == pytest.approx(
        float(np.linalg.norm(A.double().numpy(), NUMPY_ORD[kind])), rel=tolerance
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_batch_of_matrices_gives_a_batch_of_norms(kind):
    A = matrix(2, 3, 4, 5, seed=5)

    norms = matrix_norm(A, kind)

    assert norms.shape == (2, 3)
    assert_close(norms[1, 2], matrix_norm(A[1, 2], kind))


@pytest.mark.parametrize("seed", range(5))
def test_induced_norms_bound_the_stretch_of_every_vector(seed):
    A, X = matrix(4, 6, seed=seed), matrix(100, 6, seed=seed + 100)

    for kind, p in (("one", 1), ("two", 2), ("inf", math.inf)):
        stretch = lp_norm(X @ A.T, p) / lp_norm(X, p)  # (100, 4) -> (100,)
        assert stretch.max() <= matrix_norm(A, kind) * (1 + 1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_order_of_the_matrix_norms(seed):
    A = matrix(4, 6, seed=seed)
    one, inf, two, fro, nuc = (matrix_norm(A, kind) for kind in KINDS)

    assert two <= fro <= nuc <= 2 * fro  # the rank is 4, so nuc <= sqrt(4) fro
    assert two**2 <= one * inf
    assert_close(one, matrix_norm(A.T, "inf"))


@pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
def test_a_matrix_without_entries_is_refused(shape):
    with pytest.raises(ValueError, match=r"needs at least one row and one column, got \("):
        matrix_norm(torch.empty(shape), "fro")


@pytest.mark.cuda
def test_norms_agree_on_cpu_and_cuda():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    x, A = matrix(100, seed=6), matrix(7, 9, seed=6)

    for p in (0, 1, 2, 3.5, math.inf):
        norm = lp_norm(x.cuda(), p)
        assert norm.is_cuda
        assert_close(norm.cpu(), lp_norm(x, p))
    for kind in KINDS:
        norm = matrix_norm(A.cuda(), kind)
        assert norm.is_cuda
        assert_close(norm.cpu(), matrix_norm(A, kind))
