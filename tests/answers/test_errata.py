"""An erratum has three parts, and each is judged by itself.

The printed line of these tests: "a symmetric 2 x 2 matrix has det A = the product of its singular
values". It fails for a negative determinant; the right line has |det A|.
"""

import numpy as np
import pytest
import sympy as sp

from autograder.answers.errata import PARTS, Erratum, judge_erratum
from autograder.answers.expressions import Slip, require_equal, sample
from autograder.answers.reading import read_matrix
from autograder.answers.verdict import InvalidAnswer, WrongAnswer
from autograder.errors import NotAttemptedError

d = sp.Symbol("d")
SHARES = {"counterexample": 0.5, "corrected": 0.3, "where": 0.2}


def breaks(value):
    rows = read_matrix(value, "the counterexample", (2, 2)).rows
    if rows[0][1] != rows[1][0]:
        raise WrongAnswer("premise fails", "The line speaks of symmetric matrices only.")
    return rows[0][0] * rows[1][1] < rows[0][1] * rows[1][0]


def mends(value):
    slip = Slip("the printed line", "That is what is printed.", d)
    require_equal(value, sp.Abs(d), sample({"d": "real"}), hint="Think of a sign.", slips=[slip])


LINE = Erratum(breaks, mends, "left side", ("left side", "right side", "symmetric"), SHARES)
GOOD = {"counterexample": [[0, 1], [1, 0]], "corrected": sp.Abs(d), "where": "left side"}

TABLE = [
    ({}, None, None, "all three parts are right"),
    ({"counterexample": np.diag([1, -1])}, None, None, "another counterexample, an array"),
    ({"counterexample": [[1, 0], [0, 1]]}, "satisfies the printed line", 0.5, "no counterexample"),
    ({"counterexample": [[0, 2], [1, 0]]}, "premise fails", 0.5, "not symmetric"),
    ({"counterexample": [[0, 1, 2]]}, "cannot be read", 0.5, "not 2 x 2"),
    ({"corrected": d}, "the printed line", 0.7, "the line as it was"),
    ({"corrected": d**2}, "not equal", 0.7, "another wrong line"),
    ({"where": "symmetric"}, "fault in the wrong place", 0.8, "another part is blamed"),
    ({"where": "everywhere"}, "cannot be read", 0.8, "none of the labels"),
    ({"where": 3}, "cannot be read", 0.8, "no label at all"),
    ({"where": ""}, "incomplete", 0.8, "one part left out"),
    ({"corrected": None}, "incomplete", 0.7, "one part left out"),
    ({"corrected": d, "where": ...}, "the printed line", 0.5, "two parts: the first is told"),
    (
        {"counterexample": [[1, 0], [0, 1]], "corrected": d, "where": "symmetric"},
        "satisfies the printed line",
        0.0,
        "nothing is right",
    ),
]


@pytest.mark.parametrize(("changed", "note", "credit", "why"), TABLE, ids=[row[3] for row in TABLE])
def test_each_part_is_judged_by_itself(changed, note, credit, why):
    if note is None:
        assert judge_erratum(GOOD | changed, LINE, "erratum") is None
        return
    with pytest.raises(WrongAnswer) as caught:
        judge_erratum(GOOD | changed, LINE, "erratum")
    assert caught.value.note == note
    assert caught.value.credit == pytest.approx(credit)


@pytest.mark.parametrize("answer", [{}, dict.fromkeys(PARTS), dict.fromkeys(PARTS, " "), {"x": 1}])
def test_an_empty_answer_is_not_attempted(answer):
    with pytest.raises(NotAttemptedError, match="erratum has no entry yet"):
        judge_erratum(answer, LINE, "erratum")


@pytest.mark.parametrize("answer", [None, "left side", [1, 2, 3]])
def test_what_is_no_dict_cannot_be_read(answer):
    with pytest.raises(InvalidAnswer, match="give a dict with the entries counterexample"):
        judge_erratum(answer, LINE, "erratum")


def test_an_impossible_question_is_refused():
    with pytest.raises(ValueError, match="'top' is none of the labels"):
        Erratum(breaks, mends, "top", ("left", "right"), SHARES)
    with pytest.raises(ValueError, match="should add up to 1"):
        Erratum(breaks, mends, "left", ("left",), {**SHARES, "where": 0.5})
    with pytest.raises(ValueError, match="should add up to 1"):
        Erratum(breaks, mends, "left", ("left",), {"counterexample": 0.5, "corrected": 0.5})
