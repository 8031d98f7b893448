"""Certificates that anyone can check: factors, and vectors that attain a bound."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from autograder.answers.certificates import (
    lp_norm,
    nuclear_norm,
    read_array,
    require_attained,
    require_dual,
    require_factor,
    require_gram_factor,
    require_orthonormal_columns,
    require_product,
    require_stretch,
    spectral_norm,
)
from autograder.answers.verdict import InvalidAnswer, WrongAnswer

F = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0]])


def test_a_factor_in_any_width_is_accepted():
    require_factor(F, F @ F.T)
    require_factor(np.linalg.cholesky(F @ F.T), F @ F.T)
    require_factor(np.zeros((2, 1)), np.zeros((2, 2)))


def test_wrong_factors_are_told_apart():
    with pytest.raises(WrongAnswer, match="transposed"):
        require_factor(F.T, F @ F.T)
    with pytest.raises(WrongAnswer, match="shapes do not fit"):
        require_factor(np.eye(3), F @ F.T)
    with pytest.raises(AssertionError, match="is not B"):
        require_factor(2 * F, F @ F.T)


@pytest.mark.parametrize(("p", "norm"), [(1, 7), (2, 5), (np.inf, 4)])
def test_norms_by_hand(p, norm):
    assert lp_norm(np.array([3.0, -4.0]), p) == pytest.approx(norm)
    assert lp_norm(np.array([3e200, -4e200]), p) == pytest.approx(norm * 1e200)
    assert lp_norm(np.zeros(2), p) == 0


def test_attaining_the_root_of_n():
    require_attained(np.array([1.0, -1.0]), np.sqrt(2), 1, 2)
    require_attained(np.array([0.0, 3.0]), 1, 2, 1)


@pytest.mark.parametrize(
    ("x", "constant", "p", "q", "note"),
    [
        ([0.0, 0.0], 1, 2, 1, "the zero vector"),
        ([0.0, 3.0], np.sqrt(2), 1, 2, "a coordinate vector"),
        ([1.0, -1.0], 1, 2, 1, "all entries alike"),
        ([1.0, 2.0], np.sqrt(2), 1, 2, "not attained"),
    ],
)
def test_vectors_that_do_not_attain_are_named(x, constant, p, q, note):
    with pytest.raises(WrongAnswer, match=note):
        require_attained(np.array(x), constant, p, q)


@pytest.mark.parametrize(
    "value",
    [
        [[1, 0.5]],
        ((Fraction(1), Fraction(1, 2)),),
        np.array([[1, 0.5]], dtype=np.float32),
        np.array([[1, Fraction(1, 2)]], dtype=object),
        sp.Matrix([[1, sp.Rational(1, 2)]]),
    ],
)
def test_arrays_in_many_forms(value):
    array = read_array(value, "F", axes=2)
    assert array.dtype == np.float64
    assert array.tolist() == [[1, 0.5]]


def test_a_column_is_a_vector():
    assert read_array(np.ones((3, 1)), "x", axes=1).shape == (3,)
    assert read_array(sp.Matrix([1, 2]), "x", axes=1).tolist() == [1, 2]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "F holds a None"),
        ("F", "F holds a str"),
        ([[1, "a"]], "F holds a str"),
        ([[1, 2], [3]], "rows of F have different lengths"),
        (np.ones(3), "F has 1 axes; 2 are expected"),
        (np.ones((2, 2), dtype=complex), "F holds a complex"),
        ([[10**400, 1]], "F holds nan or infinity"),
        pytest.param([[10**5000, 1]], "F holds a int", id="huge"),
        (np.array([[np.nan]]), "F holds nan or infinity"),
        (np.array([[np.inf]]), "F holds nan or infinity"),
        ([[[[1]]]], "F holds a list"),
        ([[sp.Symbol("x")]], "F holds a Symbol"),
    ],
)
def test_what_is_no_array_is_refused(value, message):
    with pytest.raises(InvalidAnswer, match=message):
        read_array(value, "F", axes=2)


G = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, 0.0]])
H = G.T @ G


@pytest.mark.parametrize(
    ("answer", "note", "why"),
    [
        (G, None, "tall"),
        (np.linalg.cholesky(H).T, None, "square"),
        (-G, None, "another sign"),
        (G.T, "transposed", "G G^T instead"),
        (np.linalg.cholesky(H), "transposed", "the lower factor"),
        (H, "root missing", "the root of nothing taken"),
        (np.eye(3), "shapes do not fit", "another size"),
    ],
)
def test_gram_factors(answer, note, why):
    if note is None:
        require_gram_factor(answer, H)
        return
    with pytest.raises(WrongAnswer) as caught:
        require_gram_factor(answer, H)
    assert caught.value.note == note, why


def test_a_gram_factor_of_something_else_is_left_to_the_bank():
    with pytest.raises(AssertionError, match="is not H"):
        require_gram_factor(2 * G, H)


def test_orthonormal_columns():
    Q, _ = np.linalg.qr(G)
    require_orthonormal_columns(Q)
    for wrong, note in (
        (Q.T, "transposed"),
        (2 * Q, "not of length 1"),
        (np.array([[1.0, 0.6], [0.0, 0.8]]), "not orthogonal"),
    ):
        with pytest.raises(WrongAnswer, match=note):
            require_orthonormal_columns(wrong)


def test_factors_in_their_order():
    A = G @ np.diag([1.0, 2.0]) @ np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 5.0]])
    U, s, Vh = np.linalg.svd(A, full_matrices=False)
    require_product([U, np.diag(s), Vh], A)
    with pytest.raises(
        WrongAnswer, match=r"shapes do not fit: In U S V a factor of shape \(3, 3\)"
    ):
        require_product([U, np.eye(2), Vh], A, "U S V")
    with pytest.raises(WrongAnswer, match="transposed"):
        require_product([Vh.T, np.diag(s), U.T], A)
    with pytest.raises(WrongAnswer, match="the product has shape"):
        require_product([U[:, :2], Vh[:2, :2]], A)
    with pytest.raises(AssertionError, match="another matrix"):
        require_product([U, 2 * np.diag(s), Vh], A)


A = np.array([[3.0, 1.0, 0.0], [0.0, 2.0, -1.0]])
U, SIGMA, VH = np.linalg.svd(A, full_matrices=False)


@pytest.mark.parametrize(
    ("W", "note", "why"),
    [
        (U @ VH, None, "the polar factor"),
        (A / SIGMA[0], "not attained", "A by its norm: inside, and not far enough"),
        (1.1 * U @ VH, "norm above 1", "too long"),
        (VH.T @ U.T, "transposed", "the polar factor of the transpose"),
        (np.eye(2), "shapes do not fit", "another shape"),
        (np.zeros((2, 3)), "not attained", "zero"),
        (-U @ VH, "not attained", "the wrong sign"),
        (np.outer(U[:, 0], VH[0]), "not attained", "one singular pair only"),
    ],
)
def test_dual_matrices_prove_the_nuclear_norm(W, note, why):
    if note is None:
        require_dual(W, A, norm=nuclear_norm, dual_norm=spectral_norm)
        return
    with pytest.raises(WrongAnswer) as caught:
        require_dual(W, A, norm=nuclear_norm, dual_norm=spectral_norm)
    assert caught.value.note == note, why


def test_dual_vectors_prove_a_vector_norm():
    x = np.array([3.0, -4.0])
    largest, total = (lambda y, p=p: lp_norm(y, p) for p in (np.inf, 1))
    require_dual(np.sign(x), x, norm=total, dual_norm=largest)
    require_dual(np.array([0.0, -1.0]), x, norm=largest, dual_norm=total)
    with pytest.raises(WrongAnswer, match="norm above 1"):
        require_dual(np.sign(x), x, norm=largest, dual_norm=total)


@pytest.mark.parametrize(
    ("x", "matrix", "note", "why"),
    [
        (VH[0], A, None, "the first right singular vector"),
        (-7 * VH[0], A, None, "any multiple"),
        (VH[0] + 1e-6 * VH[1], A, None, "near it: the stretch differs by 1e-12"),
        (U[:, 0], A, "left singular vector", "another number of entries"),
        (np.zeros(3), A, "the zero vector", "zero"),
        (np.ones(4), A, "shapes do not fit", "no vector of A's"),
        (VH[1], A, "not attained", "the second"),
        (
            np.array([1.0, 0.0]),
            np.array([[0.0, 2.0], [1.0, 0.0]]),
            "left singular vector",
            "square",
        ),
        (np.array([1.0, 0.0]), np.diag([1.0, 3.0]), "smallest stretch", "the other end"),
        (np.array([1.0, 1.0]), np.diag([1.0, 3.0]), "not attained", "between"),
    ],
)
def test_vectors_that_are_stretched_most(x, matrix, note, why):
    if note is None:
        require_stretch(x, matrix)
        return
    with pytest.raises(WrongAnswer) as caught:
        require_stretch(x, matrix)
    assert caught.value.note == note, why
