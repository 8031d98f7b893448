"""Certificates that anyone can check: factors, and vectors that attain a bound."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from autograder.answers.certificates import (
    lp_norm,
    read_array,
    require_attained,
    require_factor,
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
