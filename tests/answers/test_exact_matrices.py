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
    determinant,
    identity,
    inverse,
    is_definite,
    is_diagonalizable,
    is_identity,
    is_semidefinite,
    is_symmetric,
    multiply,
    rank,
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


@given(matrices)
def test_determinant_rank_and_inverse(A):
    det = determinant(exact(A))
    assert float(det) == pytest.approx(np.linalg.det(A), rel=1e-9, abs=1e-9)
    assert rank(exact(A)) == np.linalg.matrix_rank(A)
    if det:
        assert multiply(exact(A), inverse(exact(A))) == identity(3)
    else:
        with pytest.raises(ZeroDivisionError):
            inverse(exact(A))


@given(matrices)
def test_definiteness_is_that_of_the_eigenvalues(A):
    gram = A @ A.T
    smallest = np.linalg.eigvalsh(gram).min()
    assert is_semidefinite(exact(gram))
    assert is_definite(exact(gram)) == (determinant(exact(gram)) != 0)
    assert is_semidefinite(exact(gram - 5 * np.eye(3, dtype=int))) == (smallest >= 5 - 1e-9)


@pytest.mark.parametrize(
    ("A", "diagonalizable", "why"),
    [
        ([[0, 1], [0, 0]], False, "nilpotent"),
        ([[1, 1], [0, 1]], False, "a shear"),
        ([[1, 1], [0, 2]], True, "eigenvalues apart"),
        ([[1, Fraction(1, 10**9)], [0, 1]], False, "a shear that floats take for the identity"),
        ([[2, 0], [0, 2]], True, "one eigenvalue twice, and every vector is its own"),
        ([[0, -1], [1, 0]], True, "a turn, over the complex numbers"),
        ([[2, 1, 0], [0, 2, 0], [0, 0, 3]], False, "one block of two"),
    ],
)
def test_diagonalizable_matrices(A, diagonalizable, why):
    assert is_diagonalizable(exact(A)) is diagonalizable, why


def test_definite_needs_symmetric():
    assert not is_definite(exact([[1, 1], [0, 1]]))
    assert is_semidefinite(exact([[1, 0], [0, 0]]))
    assert not is_definite(exact([[1, 0], [0, 0]]))
    assert not is_semidefinite(exact([[0, 1], [1, 0]]))
    assert rank(exact([[1, 2, 3], [2, 4, 6]])) == 1
    assert determinant(exact([[5]])) == 5
