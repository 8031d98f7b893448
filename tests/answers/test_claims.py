"""A claim earns only with the right reason, or with a counterexample that breaks it."""

import numpy as np
import pytest
import sympy as sp

from autograder.answers.claims import judge_claim, read_claim
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
