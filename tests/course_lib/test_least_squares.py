"""Least squares and ridge regression by hand, against NumPy, SciPy and scikit-learn."""

import math

import numpy as np
import pytest
import scipy.linalg
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import Ridge
from torch.testing import assert_close

from course_lib.least_squares import (
    condition_number,
    least_squares,
    pseudo_inverse,
    ridge_regression,
)

DTYPES = pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
SHAPES = pytest.mark.parametrize("shape", [(5, 3), (3, 5), (4, 4), (1, 3), (3, 1)])


def f64(values):
    return torch.tensor(values, dtype=torch.float64)


def matrix(*shape, seed=0, dtype=torch.float64):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def of_rank(r, m, n, seed=0):
    return matrix(m, r, seed=seed) @ matrix(r, n, seed=seed + 1)


def test_smallest_solution_by_hand():
    A = f64([[1.0, 1], [1, 1]])

    x = least_squares(A, f64([2.0, 4]))

    assert_close(x, f64([1.5, 1.5]))  # x_1 + x_2 = 3, and both alike


def test_ridge_by_hand():
    A = torch.diag(f64([2.0, 1, 0]))

    x = least_squares(A, f64([5.0, 3, 7]), lam=1)

    assert_close(x, f64([2.0, 1.5, 0]))


@DTYPES
@SHAPES
def test_pseudo_inverse_agrees_with_numpy(shape, dtype):
    A = matrix(*shape, dtype=dtype)

    inverse = pseudo_inverse(A)

    assert inverse.dtype == dtype
    tolerance = 1e-3 if dtype == torch.float32 else 1e-9
    expected = torch.from_numpy(np.linalg.pinv(A.numpy()))
    assert_close(inverse, expected, rtol=tolerance, atol=tolerance)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), m=st.integers(1, 5), n=st.integers(1, 5), r=st.integers(0, 3))
def test_the_four_laws_of_penrose(seed, m, n, r):
    A = torch.round(of_rank(r, m, n, seed) * 8)  # the rank may rise by rounding; the laws hold
    P = pseudo_inverse(A)
    atol = 1e-6 * (1 + P.abs().max().item())

    for left, right in ((A @ P @ A, A), (P @ A @ P, P), ((A @ P).T, A @ P), ((P @ A).T, P @ A)):
        assert_close(left, right, rtol=1e-8, atol=atol)


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_pseudo_inverse_of_an_empty_matrix(shape):
    assert pseudo_inverse(torch.empty(shape)).shape == shape[::-1]


def test_pseudo_inverse_of_zero_is_zero():
    assert torch.equal(pseudo_inverse(torch.zeros(2, 3)), torch.zeros(3, 2))


@pytest.mark.parametrize("scale", [1e-150, 1, 1e150])
def test_what_counts_as_zero_is_relative(scale):
    A, b = of_rank(2, 5, 4) * scale, matrix(5)

    expected = scipy.linalg.pinv(A.numpy()) @ b.numpy()

    assert_close(least_squares(A, b) * scale, torch.from_numpy(expected) * scale)


@SHAPES
@pytest.mark.parametrize("lam", [0.1, 3, 1e6])
def test_ridge_solves_its_normal_equations(shape, lam):
    A, b = matrix(*shape), matrix(shape[0], seed=3)
    system = (A.T @ A).numpy() + lam * np.eye(shape[1])

    expected = np.linalg.solve(system, (A.T @ b).numpy())

    assert_close(least_squares(A, b, lam), torch.from_numpy(expected))


def test_ridge_tends_to_the_smallest_solution():
    A, b = of_rank(2, 5, 4), matrix(5)
    smallest = torch.linalg.svdvals(A)[1]

    for lam in (1e-6, 1e-9, 1e-12):
        gap = least_squares(A, b, lam) - least_squares(A, b)
        # σ/(σ² + λ) and 1/σ differ by the factor 1 + λ/σ²
        assert gap.norm() <= 2 * lam / smallest**2 * least_squares(A, b).norm() + 1e-13


@pytest.mark.parametrize("lam", [-1e-9, math.nan])
def test_a_negative_penalty_is_refused(lam):
    with pytest.raises(ValueError, match="lam must not be negative, got"):
        least_squares(matrix(3, 2), matrix(3), lam)


@DTYPES
@pytest.mark.parametrize("lam", [0.5, 40])
def test_ridge_regression_agrees_with_scikit_learn(lam, dtype):
    X, y = matrix(12, 3, dtype=dtype) + 5, matrix(12, seed=4, dtype=dtype) - 7
    theirs = Ridge(alpha=lam).fit(X.numpy(), y.numpy())

    w, b = ridge_regression(X, y, lam)

    tolerance = 1e-3 if dtype == torch.float32 else 1e-9
    assert w.dtype == dtype
    assert_close(w, torch.tensor(theirs.coef_), rtol=tolerance, atol=tolerance)
    assert b.item() == pytest.approx(float(theirs.intercept_), rel=1e-3)


def test_the_bias_is_free():
    X, y = matrix(8, 2), matrix(8, seed=5)

    w, b = ridge_regression(X, y, 2)
    moved_w, moved_b = ridge_regression(X, y + 100, 2)
    large_w, large_b = ridge_regression(X, y, 1e12)

    assert_close(moved_w, w)
    assert_close(moved_b, b + 100)
    assert_close(large_w, torch.zeros(2).double(), rtol=0, atol=1e-9)
    assert_close(large_b, y.mean())


def test_regression_without_rows_is_refused():
    with pytest.raises(ValueError, match="X must have at least one row, got none"):
        ridge_regression(torch.empty(0, 2), torch.empty(0), 1)


def test_condition_numbers_by_hand():
    assert condition_number(torch.diag(torch.tensor([4.0, -2]))).item() == 2
    assert condition_number(f64([[1.0, 1], [1, 1 + 1e-3]])).item() == (
        pytest.approx(4002, rel=1e-3)
    )
    assert condition_number(torch.zeros(2, 2)).item() == math.inf


@SHAPES
def test_condition_number_agrees_with_numpy(shape):
    A = matrix(*shape)

    assert condition_number(A).item() == pytest.approx(float(np.linalg.cond(A.numpy())))


def test_the_condition_of_nothing_is_refused():
    with pytest.raises(ValueError, match=r"needs at least one entry, got the shape \(0, 2\)"):
        condition_number(torch.empty(0, 2))


@pytest.mark.cuda
def test_least_squares_agrees_on_cpu_and_cuda():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    A, b = of_rank(2, 5, 4), matrix(5)

    for lam in (0, 0.5):
        x = least_squares(A.cuda(), b.cuda(), lam)
        assert x.is_cuda
        assert_close(x.cpu(), least_squares(A, b, lam))
    w, bias = ridge_regression(A.cuda(), b.cuda(), 1)
    assert_close(w.cpu(), ridge_regression(A, b, 1)[0])
    assert bias.is_cuda
    assert condition_number(A[:, :2].cuda()).is_cuda
