"""Exact linear algebra on small matrices, by hand and against NumPy."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from autograder.answers.exact_matrices import (
    add,
    apply,
    characteristic_polynomial,
    is_identity,
    is_symmetric,
    multiply,
    size,
    spectral_radius,
    trace,
    transpose,
)
from autograder.answers.reading import read_matrix
from autograder.answers.verdict import InvalidAnswer

matrices = arrays(np.int64, (3, 3), elements=st.integers(-9, 9))


def exact(A):
    return read_matrix(A, "A")


@given(matrices, matrices)
def test_arithmetic_is_that_of_numpy(A, B):
    assert multiply(exact(A), exact(B)).rows == exact(A @ B).rows
    assert add(exact(A), exact(B)).rows == exact(A + B).rows
    assert transpose(exact(A)).rows == exact(A.T).rows
    assert trace(exact(A)) == np.trace(A)
    assert apply(exact(A), B[0].tolist()) == tuple((A @ B[0]).tolist())
    assert is_symmetric(exact(A + A.T))


@given(matrices)
def test_spectral_radius_is_that_of_numpy(A):
    expected = np.abs(np.linalg.eigvals(A)).max()
    assert float(spectral_radius(exact(A))) == pytest.approx(expected, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize(
    ("A", "radius"),
    [
        ([[0, 1], [0, 0]], 0),
        ([[0, 1, 5], [0, 0, 1], [0, 0, 0]], 0),
        ([[0, 1], [-1, 0]], 1),
        ([[3, 1, 0], [0, 3, 1], [0, 0, 3]], 3),
        ([[Fraction(1, 3)]], Fraction(1, 3)),
        ([[-7, 0], [0, 2]], 7),
    ],
)
def test_spectral_radius_of_defective_and_rotating_matrices(A, radius):
    assert abs(spectral_radius(exact(A)) - radius) < 1e-40


def test_characteristic_polynomial():
    assert characteristic_polynomial(exact([[1, 2], [3, 4]])) == (1, -5, -2)


def test_identity_exactly_and_nearly():
    roots = exact(sp.Matrix([[1, 1], [1, -1]]) / sp.sqrt(2))
    square = multiply(roots, roots)
    assert is_identity(square, size(square))
    nearly = exact([[1 + 1e-12, 0], [0, 1]])
    assert not is_identity(nearly, size(nearly))
    assert is_identity(nearly, size(nearly), 1e-9)
    assert not is_identity(exact([[1, 0, 0], [0, 1, 0]]), 1)


def test_symmetry_needs_a_square():
    assert not is_symmetric(exact([[1, 2]]))
    assert not is_symmetric(exact([[1, 2], [3, 4]]))


def test_eigenvalues_that_are_out_of_reach_are_no_verdict():
    with pytest.raises(InvalidAnswer, match="eigenvalues cannot be computed"):
        spectral_radius(exact([[10**1200, 1], [3, 10**1200 + 1]]))
