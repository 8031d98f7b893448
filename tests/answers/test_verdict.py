"""A verdict carries the name of the mistake and a word about it."""

import sympy as sp

from autograder.answers.verdict import InvalidAnswer, WrongAnswer, kind_of


class Distant:
    """An object that stays in the sandbox, as a handle knows it."""

    def __init__(self, name: str) -> None:
        self.tree = ["h", 3, name]


def test_a_wrong_answer_is_an_assertion_with_note_and_hint():
    error = WrongAnswer("not homogeneous", "Compare f(2x) with 2 f(x).")
    assert isinstance(error, AssertionError)
    assert (error.note, error.hint) == ("not homogeneous", "Compare f(2x) with 2 f(x).")


def test_an_unreadable_answer_says_so_in_its_note():
    assert InvalidAnswer("entry 2 is nan").note == "cannot be read"


def test_kinds_are_named_as_the_student_knows_them():
    assert kind_of(Distant("Mod")) == "Mod"
    assert kind_of(None) == "None"
    assert kind_of(sp.Integer(3)) == "Integer"
