"""Numbers, vectors and matrices in every form that a student may write."""

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from autograder.answers.reading import (
    read_condition,
    read_list,
    read_matrix,
    read_number,
    read_pair,
    read_vector,
)
from autograder.answers.verdict import InvalidAnswer

HALF = Fraction(1, 2)
m = sp.Symbol("m")


@pytest.mark.parametrize("value", [0.5, HALF, sp.Rational(1, 2), np.float64(0.5), np.array(0.5)])
def test_a_half_is_a_half(value):
    assert read_number(value, "C") == HALF


@pytest.mark.parametrize(
    "value",
    [
        [HALF, -1],
        (0.5, -1.0),
        np.array([0.5, -1]),
        sp.Matrix([sp.Rational(1, 2), -1]),
        sp.Matrix([[sp.Rational(1, 2), -1]]),
        np.array([[0.5], [-1.0]]),
        sp.Tuple(sp.Rational(1, 2), -1),
        np.array([HALF, -1], dtype=object),
    ],
)
def test_vectors(value):
    assert read_vector(value, "x", 2) == (HALF, -1)


@pytest.mark.parametrize(
    "value",
    [
        [[1, HALF], [0, 2]],
        ((1, 0.5), (0, 2)),
        np.array([[1, 0.5], [0, 2]]),
        [np.array([1, 0.5]), [0, 2]],
        sp.Matrix([[1, sp.Rational(1, 2)], [0, 2]]),
        sp.ImmutableMatrix([[1, 0.5], [0, 2]]),
    ],
)
def test_matrices(value):
    A = read_matrix(value, "A", (2, 2))
    assert A.rows == ((1, HALF), (0, 2))
    assert A.shape == (2, 2)
    assert A.is_rational


def test_decimals_and_roots_are_remembered():
    assert read_matrix([[1, 0.5]], "A").rounded
    assert not read_matrix([[1, HALF]], "A").rounded
    assert not read_matrix([[1, sp.sqrt(2)]], "A").is_rational


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (lambda: read_number(math.nan, "C"), "C: nan stands where a finite number"),
        (
            lambda: read_number(m, "C"),
            "C: the symbol 'm' has no meaning here; use no symbol at all",
        ),
        (lambda: read_number("1", "C"), "C: str stands where"),
        (lambda: read_number(sp.sqrt(-2), "C"), "C: ImaginaryUnit cannot be read"),
        (lambda: read_number(sp.log(-2, evaluate=False), "C"), "C is not a real number"),
        (lambda: read_vector(3, "x"), "x is a int; a list"),
        (lambda: read_vector([], "x"), "x has 0 entries; between 1 and 12"),
        (lambda: read_vector([1] * 13, "x"), "x has 13 entries; between 1 and 12"),
        (lambda: read_vector(np.array(3), "x"), "x is a ndarray; a list"),
        (lambda: read_vector([1] * 20_000, "x"), "x has 20000 entries; at most 12 a side"),
        (lambda: read_vector(np.ones((200, 200)), "x"), "x has 40000 entries; at most 12 a side"),
        (lambda: read_vector([1, 2], "x", 3), "x has 2 entries; 3 are expected"),
        (lambda: read_vector([[1, 2], [3, 4]], "x"), "x has rows of its own"),
        (lambda: read_vector(np.eye(2), "x"), "x is a matrix of shape 2 x 2"),
        (lambda: read_vector([1, math.inf], "x"), "entry 2 of x: inf"),
        (lambda: read_matrix([1, 2], "A"), "row 1 of A is a int"),
        (lambda: read_matrix([[1, 2], [3]], "A"), "rows of A have different lengths"),
        (lambda: read_matrix([], "A"), r"A has shape \(0, 0\)"),
        (lambda: read_matrix(np.eye(13), "A"), r"A has shape \(13, 13\)"),
        (lambda: read_matrix(np.eye(3), "A", (2, 3)), r"shape \(3, 3\); \(2, 3\) is expected"),
        (lambda: read_matrix([[1, "2"]], "A"), r"entry \(1, 2\) of A: str"),
        (lambda: read_matrix({1: 2}, "A"), "A is a dict"),
        (lambda: read_pair([1], "it"), "it should be a pair"),
        (lambda: read_pair("ab", "it"), "it should be a pair"),
        (lambda: read_list("ab", "it", 5), "it is a str; a list is expected"),
        (lambda: read_list([0] * 6, "it", 5), "it has 6 entries; at most 5"),
        (lambda: read_condition(m + 1, "c", "m"), "c is a Add; a condition"),
        (lambda: read_condition(m < sp.Symbol("k"), "c", "m"), "the symbol 'k'"),
        (lambda: read_condition("m < k", "c", "m"), "the symbol 'k'"),
    ],
)
def test_what_cannot_be_read_is_named(read, message):
    with pytest.raises(InvalidAnswer, match=message):
        read()


def test_pairs_lists_and_conditions():
    assert read_pair((1, 2), "it") == (1, 2)
    first, _ = read_pair(np.zeros((2, 3, 3)), "it")
    assert read_matrix(first, "A").shape == (3, 3)
    assert read_list((1, "a"), "it", 5) == [1, "a"]
    assert read_condition(m < 3, "c", "m") == (m < 3)
    assert read_condition("m < 3", "c", "m") == (m < 3)
    assert read_condition(True, "c", "m") is True
