"""A formula that counts is compared at every point of a grid, exactly.

The published table of verdicts: the answer, the verdict, and why.
"""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from autograder.answers.counts import FormulaSlip, grid_points, require_formula
from autograder.answers.verdict import InvalidAnswer, WrongAnswer

n, k, p, s = sp.symbols("n k p s", integer=True, positive=True)
GRID = grid_points(
    {"n": range(1, 13), "k": range(1, 6), "p": range(3), "s": range(1, 5)},
    where=lambda n, k, p, **_: n + 2 * p >= k,
)


def by_counting(n, k, p, s):
    """How many windows of length k fit into n numbers with p zeros at both ends, s apart."""
    return len(range(0, n + 2 * p - k + 1, s))


SLIPS = (
    FormulaSlip(
        "rounded up", "The last window must fit.", lambda n, k, p, s: -((k - n - 2 * p) // s) + 1
    ),
    FormulaSlip(
        "padding counted once",
        "There are zeros at both ends.",
        lambda n, k, p, s: (n + p - k) // s + 1,
        credit=0.5,
    ),
)


def judge(answer):
    require_formula(answer, by_counting, GRID, hint="Count the first places.", slips=SLIPS)


RIGHT = [
    (lambda n, k, p, s: (n + 2 * p - k) // s + 1, "as it stands in the book"),
    (lambda n, k, p, s: 1 + (n - k + 2 * p) // s, "in another order"),
    (lambda n, k, p, s: np.floor((n + 2 * p - k) / s) + 1, "a float that is whole"),
    (lambda n, k, p, s: np.int64(n + 2 * p - k) // s + 1, "a number of NumPy"),
    (lambda n, k, p, s: sum(1 for _ in range(0, n + 2 * p - k + 1, s)), "counted, no formula"),
    (lambda n, k, p, s: sp.floor(Fraction(n + 2 * p - k, s)) + 1, "a number of SymPy"),
]


@pytest.mark.parametrize(("answer", "why"), RIGHT, ids=lambda x: x if isinstance(x, str) else "")
def test_right_in_every_form(answer, why):
    assert judge(answer) is None


WRONG = [
    (lambda n, k, p, s: -((k - n - 2 * p) // s) + 1, "rounded up", "a slip, by its own name"),
    (lambda n, k, p, s: (n + p - k) // s + 1, "padding counted once", "a slip with credit"),
    (lambda n, k, p, s: (n + 2 * p - k) // s, "off by one", "a constant 1 too few everywhere"),
    (lambda n, k, p, s: (n + 2 * p - k) // s + 2, "off by one", "a constant 1 too many"),
    (lambda n, k, p, s: (n + 2 * p - k) / s + 1, "not a whole number", "not rounded at all"),
    (lambda n, *_: n, "not equal", "the same size, as for padding that keeps it"),
    (
        lambda n, k, p, s: (n + 2 * p - k) // s + (1 if n < 10 else 2),
        "right for some sizes only",
        "right at most points",
    ),
    ((n + 2 * p - k) / s + 1, "not a whole number", "an expression that was not rounded"),
    (sp.Integer(3), "not equal", "a constant"),
    (1 / (s - 1), "not defined everywhere", "no value at a point of the grid"),
    (lambda *_: "3", "cannot be read", "a text for a value"),
    (lambda *_: None, "cannot be read", "no value: the return is missing"),
    (lambda *_: True, "cannot be read", "a truth value"),
    (lambda *_: float("nan"), "cannot be read", "not a number"),
    ([3], "cannot be read", "a list"),
    (None, "cannot be read", "nothing"),
    (sp.Symbol("q"), "cannot be read", "a symbol of its own"),
]


@pytest.mark.parametrize(
    ("answer", "note", "why"), WRONG, ids=lambda x: x if isinstance(x, str) else ""
)
def test_wrong_is_told_by_its_note(answer, note, why):
    with pytest.raises(WrongAnswer) as caught:
        judge(answer)
    assert (caught.value.note, isinstance(caught.value, InvalidAnswer)) == (
        note,
        note == "cannot be read",
    )


def test_a_slip_may_earn_a_share():
    with pytest.raises(WrongAnswer) as caught:
        judge(lambda n, k, p, s: (n + p - k) // s + 1)
    assert caught.value.credit == 0.5


def test_an_expression_is_read_at_every_point():
    require_formula(n * (n + 1) / 2, lambda n: sum(range(n + 1)), {"n": range(1, 30)}, hint="")
    with pytest.raises(WrongAnswer, match="not equal"):
        require_formula(n**2 / 2, lambda n: sum(range(n + 1)), {"n": [2, 4]}, hint="")


def test_values_that_are_no_whole_numbers_are_compared_too():
    require_formula(lambda n: 1 / n, lambda n: Fraction(1, n), {"n": [1, 2, 4]}, hint="")
    require_formula(sp.sqrt(n), lambda n: sp.sqrt(1 * n), {"n": range(1, 9)}, hint="")


def test_what_the_function_raises_goes_through():
    with pytest.raises(ZeroDivisionError):
        judge(lambda n, *_: 1 // (n - n))


@pytest.mark.parametrize("grid", [{"n": []}, {"n": range(100), "k": range(100)}])
def test_a_grid_without_points_or_with_too_many_is_refused(grid):
    with pytest.raises(ValueError, match=r"the grid has \d+ points; between 1 and 5000"):
        grid_points(grid)


def test_no_hint_tells_a_size_or_a_value():
    for answer, _, _ in WRONG[:10]:
        with pytest.raises(WrongAnswer) as caught:
            judge(answer)
        assert not any(character.isdigit() for character in caught.value.hint)
