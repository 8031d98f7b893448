"""A claim earns only with the right reason, or with a counterexample that breaks it."""

import numpy as np
import pytest
import sympy as sp

from autograder.answers.claims import Claim, all_true_share, judge_claim, judge_claims, read_claim
from autograder.answers.reading import read_number
from autograder.answers.verdict import InvalidAnswer, WrongAnswer
from autograder.errors import NotAttemptedError

CODES = ("parity", "size")


def judge(answer, holds_for_all=False):
    """The claim that every number is less than 10, or, if it holds for all, less than infinity."""
    judge_claim(
        read_claim({"a": answer}, "a", "claims"),
        breaks=lambda number: not holds_for_all and read_number(number, "it") >= 10,
        codes=CODES,
        reasons={"size"} if holds_for_all else (),
    )


@pytest.mark.parametrize("verdict", [False, np.bool_(False), sp.false])
def test_a_refutation_needs_a_counterexample(verdict):
    judge((verdict, 11))
    judge([verdict, 10])
    with pytest.raises(WrongAnswer, match="satisfies the claim"):
        judge((verdict, 9))


def test_a_theorem_needs_its_reason():
    judge((True, "size"), holds_for_all=True)
    with pytest.raises(WrongAnswer, match="not the reason"):
        judge((True, "parity"), holds_for_all=True)
    with pytest.raises(WrongAnswer, match="satisfies the claim"):
        judge((False, 10**6), holds_for_all=True)


def test_a_false_claim_called_true_is_told():
    with pytest.raises(WrongAnswer, match="a false claim called true"):
        judge((True, "size"))


@pytest.mark.parametrize("answers", [{}, {"a": None}, {"a": ...}, {"b": (True, "size")}])
def test_a_claim_left_out_is_not_attempted(answers):
    with pytest.raises(NotAttemptedError, match="no answer to claim 'a'"):
        read_claim(answers, "a", "claims")


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        (["a"], "claims is a list; it should be a dict"),
        ({"a": True}, "should be a pair"),
        ({"a": (True,)}, "should be a pair"),
        ({"a": ("yes", 1)}, "should begin with True or False"),
        ({"a": (1, "size")}, "should begin with True or False"),
    ],
)
def test_what_is_no_answer_is_refused(answers, message):
    with pytest.raises(InvalidAnswer, match=message):
        read_claim(answers, "a", "claims")


@pytest.mark.parametrize("reason", ["because", 3, ["size"], None])
def test_a_reason_is_one_of_those_offered(reason):
    with pytest.raises(InvalidAnswer, match="one of the reasons listed"):
        judge((True, reason), holds_for_all=True)


CLAIMS = {
    "a": Claim(lambda x: read_number(x, "it") >= 10, weight=2),
    "b": Claim(lambda _: False, reasons={"size"}),
    "c": Claim(lambda x: read_number(x, "it") < 0, weight=2),
}
SOLVED = {"a": (False, 11), "b": (True, "size"), "c": (False, -1)}

# changed, note, credit, hint, why
TABLE = [
    ({}, None, 1, "", "all right"),
    ({"a": (False, 3)}, "satisfies the claim", 0.6, "Claim a", "no counterexample"),
    ({"b": (True, "parity")}, "not the reason", 0.8, "Claim b", "true for another reason"),
    ({"b": (False, 1)}, "satisfies the claim", 0.8, "Claim b", "true, called false"),
    (
        {"a": (True, "size"), "c": (True, "size")},
        "a false claim called true", 0.2, "Look also at c", "everything true",
    ),
    (
        dict.fromkeys("abc", (True, "parity")),
        "a false claim called true", 0, "Look also at b, c", "everything true, without reason",
    ),
    ({"a": None}, "a claim is left out", 0.6, "Claim a has no answer", "one left out"),
    ({"c": (False, None)}, "cannot be read", 0.6, "Claim c", "no counterexample at all"),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "note", "credit", "hint", "why"), TABLE)
def test_all_claims_together(changed, note, credit, hint, why):
    if note is None:
        judge_claims(SOLVED | changed, CLAIMS, CODES)
        return
    with pytest.raises(WrongAnswer, match=hint) as caught:
        judge_claims(SOLVED | changed, CLAIMS, CODES)
    assert caught.value.note == note, why
    assert caught.value.credit == pytest.approx(credit), why


def test_calling_everything_true_earns_little_by_construction():
    assert all_true_share(CLAIMS) == 0.2
    more = CLAIMS | {"d": Claim(lambda _: False, reasons={"size"}, weight=2)}
    with pytest.raises(ValueError, match="more than 30 percent"):
        judge_claims(SOLVED, more, CODES)


@pytest.mark.parametrize("answers", [{}, {"a": None, "b": ...}])
def test_claims_without_any_answer_are_not_attempted(answers):
    with pytest.raises(NotAttemptedError, match="the claims: no answer yet"):
        judge_claims(answers, CLAIMS, CODES)
