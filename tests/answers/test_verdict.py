"""A verdict carries the name of the mistake and a word about it."""

import pytest
import sympy as sp

from autograder.answers.verdict import InvalidAnswer, UndecidedAnswer, WrongAnswer, kind_of


class Distant:
    """An object that stays in the sandbox, as a handle knows it."""

    def __init__(self, name: str) -> None:
        self.wire_tree = ["h", 3, name]


def test_a_wrong_answer_is_an_assertion_with_note_and_hint():
    error = WrongAnswer("not homogeneous", "Compare f(2x) with 2 f(x).")
    assert isinstance(error, AssertionError)
    assert (error.note, error.hint) == ("not homogeneous", "Compare f(2x) with 2 f(x).")


@pytest.mark.parametrize("credit", [-0.1, 1, 1.5, float("nan")])
def test_a_wrong_answer_never_earns_its_whole_claim(credit):
    assert WrongAnswer("sign", "Which way?", 0.5).credit == 0.5
    assert WrongAnswer("sign", "Which way?").credit == 0
    with pytest.raises(ValueError, match="a share in \\[0, 1\\) of its claim"):
        WrongAnswer("sign", "Which way?", credit)


def test_an_undecided_answer_is_no_failure():
    error = UndecidedAnswer("too few points")
    assert not isinstance(error, AssertionError)
    assert error.reason == "too few points"


def test_an_unreadable_answer_says_so_in_its_note():
    assert InvalidAnswer("entry 2 is nan").note == "cannot be read"


def test_kinds_are_named_as_the_student_knows_them():
    assert kind_of(Distant("Mod")) == "Mod"
    assert kind_of(None) == "None"
    assert kind_of(sp.Integer(3)) == "Integer"
