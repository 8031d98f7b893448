"""Tables: one slip costs one line, and a table of zeros earns nothing by following itself."""

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from autograder.answers.tables import Row, RowSlip, judge_line, judge_table, plain
from autograder.answers.verdict import InvalidAnswer, WrongAnswer
from autograder.errors import NotAttemptedError

# (<x, w> - y)^2 backwards: z = <x, w>, r = z - y, loss = r^2, then d loss / dr, dz, dw, dy
GIVEN = {"x": (2, -1), "w": (3, 4), "y": 5}
ROWS = (
    Row("z", lambda t: t["x"][0] * t["w"][0] + t["x"][1] * t["w"][1], "multiply, then add up."),
    Row("r", lambda t: t["z"] - t["y"], "z less y."),
    Row("loss", lambda t: t["r"] ** 2, "the square of r."),
    Row(
        "dr",
        lambda t: 2 * t["r"],
        "how fast does the square grow?",
        slips=[RowSlip("factor 2 missing", "the derivative of r^2 has a 2.", lambda t: t["r"])],
    ),
    Row("dw", lambda t: tuple(t["dr"] * x for x in t["x"]), "each w_i meets its x_i.", weight=2),
    Row(
        "dy",
        lambda t: -t["dr"],
        "which way does r move with y?",
        slips=[RowSlip("wrong sign", "r falls as y grows.", lambda t: t["dr"])],
    ),
)  # fmt: skip
RIGHT = {"z": 2, "r": -3, "loss": 9, "dr": -6, "dw": (-12, 6), "dy": 6}

# what is changed, the note, the credit of 7 weights, the lines told, why
TABLE = [
    ({}, None, 1, "", "all right"),
    ({"dw": [-12.0, 6.0]}, None, 1, "", "a list of floats"),
    ({"dw": np.array([-12, 6])}, None, 1, "", "an array"),
    ({"loss": sp.Integer(9), "z": Fraction(4, 2)}, None, 1, "", "exact numbers of any kind"),
    ({"dr": -3, "dw": (-6, 3), "dy": 3}, "factor 2 missing", 6 / 7, "Line dr", "then followed"),
    ({"dr": -3}, "factor 2 missing", 6 / 7, "Line dr", "the true values after it count too"),
    ({"dy": -6}, "wrong sign", 6 / 7, "Line dy", "the last line"),
    (
        {"z": 10, "r": 5, "loss": 25, "dr": 10, "dw": (20, -10), "dy": -10},
        "a line does not follow", 6 / 7, "Line z: multiply", "the first, then followed",
    ),
    (
        {"z": 10, "r": 15, "loss": 225, "dr": 30, "dw": (60, -30), "dy": -30},
        "a line does not follow", 5 / 7, "Look also at r", "two slips cost two lines",
    ),
    ({"dw": (-12, -6)}, "a line does not follow", 5 / 7, "Line dw", "a line that weighs double"),
    ({"loss": 3}, "a line does not follow", 6 / 7, "Line loss", "r without its square"),
    ({"loss": None}, "a line is left out", 6 / 7, "Line loss", "an empty line"),
    ({"loss": "?"}, "a line is left out", 6 / 7, "Line loss", "the question mark of the question"),
    ({"loss": "nine"}, "cannot be read", 6 / 7, "Line loss", "no number"),
    ({"loss": 10**400}, "a line does not follow", 6 / 7, "Line loss", "larger than any float"),
    ({"loss": math.nan}, "cannot be read", 6 / 7, "Line loss", "nan is no number"),
    ({"dw": (-12, 6, 0)}, "cannot be read", 5 / 7, "Line dw", "a vector of another length"),
    (
        dict.fromkeys(("z", "r", "loss", "dr", "dy"), 0) | {"dw": (0, 0)},
        "a line does not follow", 0, "Look also at r, loss, dr, dw, dy", "a table of zeros",
    ),
    (
        {"r": 0, "loss": 0, "dr": 0, "dw": (0, 0), "dy": 0},
        "a line does not follow", 1 / 7, "Line r", "zeros from a wrong zero on",
    ),
    (
        {"z": 6, "r": 1, "loss": 1, "dr": 2, "dw": (4, -2), "dy": -2},
        "a line does not follow", 6 / 7, "Line z", "an easy number all the same: a known failure",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "note", "credit", "hint", "why"), TABLE)
def test_table(changed, note, credit, hint, why):
    if note is None:
        judge_table(RIGHT | changed, ROWS, GIVEN)
        return
    with pytest.raises(WrongAnswer) as caught:
        judge_table(RIGHT | changed, ROWS, GIVEN)
    assert caught.value.note == note, why
    assert caught.value.credit == pytest.approx(credit), why
    assert hint in caught.value.hint


def test_one_claim_for_each_line():
    answers = RIGHT | {"dr": -3, "dw": (-6, 3)}
    judge_line("dw", answers, ROWS, GIVEN)
    with pytest.raises(WrongAnswer, match="factor 2 missing: Line dr"):
        judge_line("dr", answers, ROWS, GIVEN)
    judge_line("dy", answers | {"dy": 3}, ROWS, GIVEN)
    judge_line("dy", answers, ROWS, GIVEN)  # 6 is true, though 3 would follow


def test_a_true_zero_is_right():
    rows = (Row("a", lambda t: t["n"] - 5, "n less 5."), Row("b", lambda t: 2 * t["a"], "twice."))
    judge_table({"a": 0, "b": 0}, rows, {"n": 5})


def test_a_division_by_the_students_own_zero_follows_nothing():
    rows = (Row("a", lambda t: t["n"] + 1, "one more."), Row("b", lambda t: 1 / t["a"], "inverse."))
    with pytest.raises(WrongAnswer, match=r"Line a: one more\. Look also at b"):
        judge_table({"a": 0, "b": 1}, rows, {"n": 1})


def test_roots_and_rounded_entries():
    rows = (
        Row("s", lambda t: math.sqrt(t["n"]), "the root."),
        Row("t", lambda t: t["s"] / 3, "a third."),
    )
    judge_table({"s": sp.sqrt(2), "t": sp.sqrt(2) / 3}, rows, {"n": 2})
    judge_table({"s": 1.4142, "t": 0.4714}, rows, {"n": 2}, rel=1e-3)
    with pytest.raises(WrongAnswer, match="Line s"):
        judge_table({"s": 10**400, "t": sp.sqrt(2) / 3}, rows, {"n": 2})
    with pytest.raises(WrongAnswer, match="Line s"):
        judge_table({"s": 1.4142, "t": 0.4714}, rows, {"n": 2})


def test_a_huge_entry_is_not_computed_with():
    rows = (Row("n", lambda t: t["m"] + 1, "one more."), Row("N", lambda t: 2 ** t["n"], "2^n."))
    for huge in (10**15, Fraction(1, 10**300 + 1)):
        with pytest.raises(WrongAnswer, match="Line n: one more") as caught:
            judge_table({"n": huge, "N": 16}, rows, {"m": 3})
        assert caught.value.credit == 0.5


def test_matrices_are_entries():
    rows = (Row("J", lambda t: np.outer(t["a"], (1, 2)), "rows by columns."),)
    judge_table({"J": [[3, 6], [4, 8]]}, rows, {"a": (3, 4)})
    with pytest.raises(WrongAnswer, match="Line J"):
        judge_table({"J": [[3, 4], [6, 8]]}, rows, {"a": (3, 4)})


@pytest.mark.parametrize("answers", [{}, {"z": None}, {"z": ...}, {"other": 3}])
def test_an_empty_table_is_not_attempted(answers):
    with pytest.raises(NotAttemptedError, match="the table has no entries yet"):
        judge_table(answers, ROWS, GIVEN)


def test_what_is_no_table_is_refused():
    with pytest.raises(InvalidAnswer, match="tape is a list; a dict with one entry a line"):
        judge_table([1, 2], ROWS, GIVEN, what="tape")


def test_a_rule_gives_numbers():
    assert plain(sp.Rational(1, 2)) == Fraction(1, 2)
    assert plain(np.float32(0.5)) == 0.5
    with pytest.raises(TypeError, match="a rule gave a str"):
        plain("1")
