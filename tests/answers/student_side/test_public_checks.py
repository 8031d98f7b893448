"""The notebook's own checks are found, run, and told in words."""

import pytest

from autograder.answers.student_side import public_checks
from autograder.answers.student_side.public_checks import check_answers, grade_cells_of, outcome_of


def cell(source, kind="code", **meta):
    return {"cell_type": kind, "source": source, "metadata": {"nbgrader": meta} if meta else {}}


def test_grade_cells_are_those_that_hold_checks():
    notebook = {
        "cells": [
            cell("x = 1"),
            cell("f = 2", solution=True, grade_id="q_answer"),
            cell(["assert x == 1\n", "assert f == 2"], grade=True, grade_id="q"),
            cell("because", "markdown", grade=True, solution=True, grade_id="prose"),
        ]
    }
    assert grade_cells_of(notebook) == [("q", "assert x == 1\nassert f == 2")]


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        ("assert f(1) == 1", "pass"),
        ("assert f(1) == 2", "**fail**"),
        ("assert g == 2", "no answer yet"),
        ("raise NotImplementedError", "no answer yet"),
        ("f(1, 2)", "**raise** TypeError: "),
        ("assert (", "**raise** SyntaxError: "),
    ],
)
def test_an_outcome_is_told_in_words(source, outcome):
    names = {"f": lambda x: x}
    assert outcome_of(source, names).startswith(outcome)
    assert set(names) == {"f"}


def test_a_folder_without_one_notebook_asks_for_its_name(tmp_path, monkeypatch):
    monkeypatch.setattr(public_checks, "__file__", str(tmp_path / "my_answers.py"))
    with pytest.raises(
        FileNotFoundError, match=r"0 notebooks lie beside my_answers\.py; name yours"
    ):
        check_answers()
