"""The lines of a norm, tried one by one on functions that meet all of them but one."""

from fractions import Fraction

import pytest
import sympy as sp

from autograder.answers.counterexamples import (
    Candidate,
    require_homogeneous,
    require_nonnegative,
    require_nonzero_root,
    require_triangle,
)
from autograder.answers.evaluation import evaluate
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
