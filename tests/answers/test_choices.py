"""A choice earns with the reason that carries it, and with no other."""

import numpy as np
import pytest
import sympy as sp

from autograder.answers.choices import require_choice
from autograder.answers.verdict import InvalidAnswer, WrongAnswer
from autograder.errors import NotAttemptedError

CODES = ("order", "shapes", "cyclic", "transpose")
HINTS = {"numerator": "Multiply the two by hand.", "shapes": "Both orders fit for square ones."}


def judge(answer, **more):
    """Which layout the slide's order is right for; `shapes` is true and proves nothing."""
    options = {"choices": ("numerator", "denominator", "both"), "right": "denominator"}
    require_choice(
        answer, reasons={"order", "transpose"}, codes=CODES, hints=HINTS, what="layout",
        **(options | more),
    )  # fmt: skip


# answer, note or None, hint, why
TABLE = [
    (("denominator", "order"), None, "", "both right"),
    (["denominator", "transpose"], None, "", "another reason that carries it"),
    ((" Denominator ", "ORDER"), None, "", "capitals and blanks do not matter"),
    (("denominator", "shapes"), "not the reason", "Both orders fit", "true, and proves nothing"),
    (("denominator", "cyclic"), "not the reason", "does not prove your choice", "not even true"),
    (("numerator", "order"), "not the choice", "Multiply the two by hand", "a usual mistake"),
    (("both", "order"), "not the choice", "on an example", "no hint of its own"),
    (("numerator", "shapes"), "not the choice", "Multiply", "of two faults the choice is told"),
]


@pytest.mark.parametrize(("answer", "note", "hint", "why"), TABLE)
def test_table(answer, note, hint, why):
    if note is None:
        judge(answer)
        return
    with pytest.raises(WrongAnswer, match=hint) as caught:
        judge(answer)
    assert (caught.value.note, caught.value.credit) == (note, 0), why


def test_a_right_choice_may_earn_something_alone():
    for answer, credit in ((("denominator", "cyclic"), 0.3), (("both", "order"), 0)):
        with pytest.raises(WrongAnswer) as caught:
            judge(answer, choice_credit=0.3)
        assert caught.value.credit == credit


@pytest.mark.parametrize("one", [1, np.int64(1), sp.Integer(1)])
def test_choices_may_be_numbers(one):
    judge((one, "order"), choices=(1, 2, 3), right=(1, 3))
    with pytest.raises(InvalidAnswer, match="the choice of layout is a bool"):
        judge((True, "order"), choices=(1, 2, 3), right=1)


@pytest.mark.parametrize("yes", [True, np.bool_(True), sp.true])
def test_choices_may_be_truth_values(yes):
    judge((yes, "order"), choices=(True, False), right=True)
    with pytest.raises(WrongAnswer, match="not the choice"):
        judge((False, "order"), choices=(True, False), right=True)
    with pytest.raises(InvalidAnswer, match="the choice of layout is a int"):
        judge((1, "order"), choices=(True, False), right=True)


@pytest.mark.parametrize("answer", [None, ..., (None, None), (..., ...)])
def test_nothing_is_not_attempted(answer):
    with pytest.raises(NotAttemptedError, match="layout has no answer yet"):
        judge(answer)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("denominator", "layout should be a pair"),
        (("denominator",), "layout should be a pair"),
        (("neither", "order"), "the choice of layout is 'neither'; one of 'numerator'"),
        (("denominator", "because"), "the reason of layout is 'because'; one of 'order'"),
        (("denominator", None), "the reason of layout is a None"),
        (({}, "order"), "the choice of layout is a dict"),
    ],
)
def test_what_is_not_offered_is_refused(answer, message):
    with pytest.raises(InvalidAnswer, match=message):
        judge(answer)
