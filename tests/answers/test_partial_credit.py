"""Partial credit: the first case that holds speaks, and says what is earned."""

import pytest
import sympy as sp

from autograder.answers.expressions import sample
from autograder.answers.partial_credit import Case, equal_to, judge, usual_slips
from autograder.answers.verdict import UndecidedAnswer, WrongAnswer

x = sp.Symbol("x", real=True)
POINTS = sample({"x": "positive"})
REFERENCE = 2 * x * sp.exp(-(x**2))
CASES = (
    *usual_slips(REFERENCE, POINTS, sign=0.7),
    Case(equal_to(REFERENCE * x, POINTS), "a factor x", "Compare both at 2.", 0.2),
    Case(lambda answer: answer.is_number, "a constant", "It depends on x.", 0.1),
)

# what a student gives, the note, the credit, and why; None where it is right
TABLE = [
    (2 * x * sp.exp(-(x**2)), None, 1, "the reference"),
    (2 * x / sp.exp(x**2), None, 1, "another form"),
    (sp.exp(-(x**2) + sp.log(2 * x)), None, 1, "another form, on the domain"),
    (-2 * x * sp.exp(-(x**2)), "wrong sign", 0.7, "the author's credit"),
    (4 * x * sp.exp(-(x**2)), "factor 2 too many", 0.5, "the usual credit"),
    (x * sp.exp(-(x**2)), "factor 2 missing", 0.5, "the usual credit"),
    (2 * x**2 * sp.exp(-(x**2)), "a factor x", 0.2, "the author's case"),
    (sp.Integer(0), "a constant", 0.1, "zero is its own negative, and the reference is not zero"),
    (x, "no", 0, "nothing known"),
    (-4 * x * sp.exp(-(x**2)), "no", 0, "two slips at once are no known case: a known failure"),
]


@pytest.mark.parametrize(("answer", "note", "credit", "why"), TABLE)
def test_table(answer, note, credit, why):
    if note is None:
        judge(answer, equal_to(REFERENCE, POINTS), CASES, ("no", "Try x = 1."))
        return
    with pytest.raises(WrongAnswer) as caught:
        judge(answer, equal_to(REFERENCE, POINTS), CASES, ("no", "Try x = 1."))
    assert (caught.value.note, caught.value.credit) == (note, credit), why


def test_the_order_is_the_authors():
    both = (Case(lambda v: v < 5, "small", "Larger.", 0.4), Case(lambda v: v < 9, "less", "Up."))
    for value, note in [(3, "small"), (7, "less")]:
        with pytest.raises(WrongAnswer, match=note):
            judge(value, lambda v: v == 10, both, ("no", "No."))


def test_too_few_points_are_undecided_and_no_zero():
    nowhere = sp.log(-x)
    with pytest.raises(UndecidedAnswer, match="too few points"):
        judge(x, equal_to(nowhere, POINTS), (), ("no", "No."))


def test_a_case_that_cannot_be_decided_does_not_hold():
    unclear = Case(equal_to(sp.log(-x), POINTS), "nowhere", "Never.", 0.5)
    with pytest.raises(WrongAnswer, match="no: No"):
        judge(x, equal_to(2 * x, POINTS), (unclear,), ("no", "No."))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (("a", "b", 1), "earns 1; a share in"),
        (("a", "b", -0.5), "earns -0.5"),
        (("", "b"), "needs a note and a hint"),
        (("a", ""), "needs a note and a hint"),
    ],
)
def test_impossible_cases_are_refused(fields, message):
    with pytest.raises(ValueError, match=message):
        Case(lambda _: True, *fields)
