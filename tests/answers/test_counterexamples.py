"""Premises first, then the claim; and the lines of a norm, tried one by one on functions that meet
all of them but one."""

from fractions import Fraction

import pytest
import sympy as sp

from autograder.answers.counterexamples import (
    Candidate,
    Premise,
    differs,
    exceeds,
    require_counterexample,
    require_homogeneous,
    require_nonnegative,
    require_nonzero_root,
    require_triangle,
)
from autograder.answers.evaluation import evaluate
from autograder.answers.exact_matrices import determinant, is_symmetric
from autograder.answers.precision import CONTEXT
from autograder.answers.reading import read_matrix
from autograder.answers.verdict import InvalidAnswer, WrongAnswer

x1, x2 = sp.symbols("x1 x2", real=True)
LINES = (require_nonnegative, require_triangle, require_homogeneous)
SEMINORMS = [
    sp.Abs(x1),
    sp.Abs(2 * x1 - x2) / 3,
    sp.sqrt((x1 + x2) ** 2),
    sp.Max(x1, -x1),
    sp.Integer(0),
    0,
    sp.Abs(sp.sqrt(2) * x1 + sp.pi * x2),
]
NORMS = [sp.sqrt(x1**2 + x2**2), sp.Abs(x1) + sp.Abs(x2), sp.sqrt(x1**2 + x1 * x2 + x2**2)]


def candidate(expression):
    return Candidate(expression, ("x1", "x2"))


@pytest.mark.parametrize("expression", SEMINORMS + NORMS)
def test_seminorms_meet_every_line(expression):
    for line in LINES:
        line(candidate(expression))


@pytest.mark.parametrize(
    ("line", "expression", "note"),
    [
        (require_nonnegative, x1 - x2, "takes negative values"),
        (require_nonnegative, sp.Abs(x1) - sp.Rational(1, 10**6) * sp.Abs(x2), "negative values"),
        (require_triangle, sp.sqrt(sp.Abs(x1 * x2)), "no triangle inequality"),
        (require_triangle, sp.Min(sp.Abs(x1), sp.Abs(x2)), "no triangle inequality"),
        (require_triangle, x1**2, "no triangle inequality"),
        (require_homogeneous, x1**2, "not homogeneous"),
        (require_homogeneous, sp.Abs(x1) + 1, "not homogeneous"),
        (require_homogeneous, sp.Abs(sp.sign(x1)), "not homogeneous"),
        (require_homogeneous, sp.Max(x1, 0), "not homogeneous for negative factors"),
        (require_homogeneous, sp.Abs(x1) / x1, "not defined everywhere"),
        (require_nonnegative, sp.log(sp.Abs(x1)), "not defined everywhere"),
        (require_triangle, sp.sqrt(x1), "not defined everywhere"),
    ],
)
def test_a_line_that_fails_is_named(line, expression, note):
    with pytest.raises(WrongAnswer, match=note):
        line(candidate(expression))


def test_root_that_is_not_zero():
    require_nonzero_root(candidate(sp.Abs(x1)), (0, Fraction(1, 7)))
    require_nonzero_root(candidate(sp.Abs(sp.sqrt(2) * x1 - x2)), (1, evaluate(sp.sqrt(2)).number))
    with pytest.raises(WrongAnswer, match="the zero vector"):
        require_nonzero_root(candidate(sp.Abs(x1)), (Fraction(0), Fraction(0)))
    with pytest.raises(WrongAnswer, match="not zero there"):
        require_nonzero_root(candidate(sp.Abs(x1)), (Fraction(1, 10**30), Fraction(1)))


def test_a_bomb_is_undefined_and_a_foreign_symbol_unreadable():
    bomb = sp.Pow(10, sp.Pow(10, sp.Abs(x1) + 10, evaluate=False), evaluate=False)
    with pytest.raises(WrongAnswer, match="not defined everywhere"):
        require_nonnegative(candidate(bomb))
    with pytest.raises(InvalidAnswer, match="no meaning here; use x1, x2"):
        require_nonnegative(candidate(sp.Symbol("z")))


# "a symmetric matrix with positive diagonal entries has a positive determinant"
SYMMETRIC = Premise(is_symmetric, "The claim speaks of symmetric matrices.")
POSITIVE = Premise(
    lambda A: min(A.rows[k][k] for k in range(2)) > 0, "Its diagonal is positive.", "a zero there"
)
MATRICES = [
    ([[1, 2], [2, 1]], None, "both premises hold, and the determinant is -3"),
    ([[1, 1], [1, 1]], None, "0 is not positive"),
    ([[1.0, sp.sqrt(2)], [sp.sqrt(2), 2.0]], None, "a root: 0 again, to 60 digits"),
    ([[2, 1], [1, 2]], "satisfies the claim", "the determinant is 3"),
    ([[1, 2], [-2, 1]], "premise not met", "not symmetric"),
    ([[0, 2], [1, 0]], "premise not met", "of two premises the first is told"),
    ([[0, 1], [1, 0]], "a zero there", "the second"),
    ([[1, float("nan")], [0, 1]], "cannot be read", "nan"),
    ([[1, float("inf")], [0, 1]], "cannot be read", "infinity"),
    ([[1, 2, 3], [2, 1, 3]], "cannot be read", "another shape"),
]


@pytest.mark.parametrize(("answer", "note", "why"), MATRICES)
def test_premises_come_before_the_claim(answer, note, why):
    def judge():
        A = read_matrix(answer, "A", (2, 2))

        def claim(A):
            (a, b), (c, d) = A.rows
            return exceeds(a * d, b * c)

        require_counterexample(A, premises=(SYMMETRIC, POSITIVE), claim=claim)

    if note is None:
        judge()
        return
    with pytest.raises(WrongAnswer) as caught:
        judge()
    assert caught.value.note == note, why


def test_a_claim_that_says_nothing_about_the_value_is_told():
    with pytest.raises(InvalidAnswer, match="one of its sides has no value"):
        require_counterexample(Fraction(0), claim=lambda x: 1 / x > 0)


def test_rounding_is_neither_larger_nor_different():
    root = evaluate(sp.sqrt(2)).number
    assert not exceeds(root * root, Fraction(2))
    assert not differs(root * root, 2)
    assert exceeds(root, Fraction(14142, 10000))
    assert differs(Fraction(1), Fraction(10**60 + 1, 10**60))
    assert exceeds(CONTEXT.inf, 1)
    assert not differs(CONTEXT.inf, CONTEXT.inf)
    assert determinant(read_matrix([[0, 1], [1, 0]], "A")) == -1
