"""The returned notebook: notes in their places, and nothing in it that must not be."""

from __future__ import annotations

import itertools

import nbformat
import pytest

from autograder import notebooks
from autograder.course.report import CellScore, Report, Status
from autograder.feedback.annotate import annotate, is_ours
from autograder.feedback.returned import put_together
from tests.feedback.returned_samples import code, notebook, outcome, text, worked, worked_report


def sources(annotated):
    return {cell.id: cell.source for cell in annotated.cells}


def test_each_note_stands_after_its_grade_cell():
    cells = annotate(worked()).cells

    assert is_ours(cells[0])
    for before, cell in itertools.pairwise(cells):
        if is_ours(cell):
            assert cell.id == f"autograder-question-{notebooks.grade_id(before)}"


def test_annotated_notebook_is_valid_and_always_the_same():
    nbformat.validate(annotate(worked()))

    assert notebooks.to_text(annotate(worked())) == notebooks.to_text(annotate(worked()))


def test_a_note_has_score_marks_claims_hint_traceback_and_comment():
    note = sources(annotate(worked()))["autograder-question-lp_norm"]

    assert "Feedback on `lp_norm`: 6 of 10 points" in note
    assert "- ✓ **holds**: The norm of $(3, 4)$ for $p = 2$ is $5$." in note
    assert "- ✗ **not yet**: The sign of an entry does not change the norm." in note
    assert "*Hint (no absolute value)*: A negative entry must not cancel a positive one." in note
    assert "- ! **raised an error**" in note
    assert '  ----> 3         raise ValueError(f"p is {p}")' in note
    assert "> Nearly there." in note


def test_time_out_and_missing_attempt_have_words_of_their_own():
    note = sources(annotate(worked()))["autograder-question-design"]

    assert "**ran out of time**: The matrix has one row" in note
    assert "**not attempted**: Column j" in note


def test_a_manual_question_waits_until_a_person_has_read_it():
    waiting = sources(annotate(worked()))
    read = sources(annotate(worked(psd_prose=2.5)))

    assert "a person reads this (3 points)" in waiting["autograder-question-psd_prose"]
    assert "(3 points wait for a reader)" in waiting["autograder-summary"]
    assert "2.5 of 3 points" in read["autograder-question-psd_prose"]
    assert "Score: 8.5 of 23" in read["autograder-summary"]


def test_a_person_s_score_stands_in_place_of_the_tests_one():
    note = sources(annotate(worked(lp_norm=9.0)))["autograder-question-lp_norm"]

    assert "9 of 10 points" in note
    assert "the tests alone gave 6" in note


def test_a_question_without_grade_cell_is_told_of_at_the_end():
    report = worked_report()
    cells = [c for c in report.notebook.cells if c.id not in ("design", "psd_prose")]
    gone = put_together(Report(report.assignment, report.cells, notebook(*cells)))

    annotated = annotate(gone)

    assert [cell.id for cell in annotated.cells[-3:]] == [
        "autograder-missing",
        "autograder-question-design",
        "autograder-question-psd_prose",
    ]


def test_a_notebook_without_cells_gets_all_notes():
    report = worked_report()

    annotated = annotate(put_together(Report("hw01_norms", report.cells, notebook())))

    assert len(annotated.cells) == 2 + len(report.cells)


def test_a_second_grade_cell_of_a_name_gets_no_second_note():
    report = worked_report()
    again = code("lp_norm", "1", grade=True)
    report.notebook.cells.append(again)

    ids = [cell.id for cell in annotate(put_together(report)).cells]

    assert ids.count("autograder-question-lp_norm") == 1
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("mark", ["◆", "&#9670;"])
def test_a_student_s_cell_cannot_pass_for_a_note(mark):
    report = worked_report()
    forged = text(f"#### {mark} Feedback on `design`: 10 of 10 points", "autograder-question-x")
    forged.metadata["autograder"] = True
    report.notebook.cells.append(forged)

    cell = annotate(put_together(report)).cells[-1]

    assert "Feedback on `design`: 10 of 10" in cell.source
    assert "◆" not in cell.source
    assert "&#9670;" not in cell.source
    assert not is_ours(cell)
    assert not cell.id.startswith("autograder")


def test_what_a_traceback_and_a_comment_hold_is_text():
    detail = "\x1b[31mE\x1b[0m\n```\n#### ◆ Feedback\n<script>alert(1)</script>"
    bad = outcome("f", "It holds.", Status.RAISED, detail=detail)
    report = Report("hw", (CellScore("f", 0.0, 10.0, (bad,)),), notebook(code("f", "", grade=True)))

    note = sources(annotate(put_together(report)))["autograder-question-f"]

    assert "\x1b" not in note
    assert "  ````text\n  E\n  ```\n" in note
    assert note.rstrip().endswith("  ````")


def test_an_error_that_comes_again_is_told_once():
    same = [outcome("f", f"Claim {n}.", Status.RAISED, detail="KeyError: 'a'") for n in range(3)]
    report = Report("hw", (CellScore("f", 0.0, 10.0, tuple(same)),), notebook())

    note = sources(annotate(put_together(report)))["autograder-question-f"]

    assert note.count("KeyError") == 1
    assert note.count("The same error as above.") == 2


def test_a_long_name_of_a_question_still_makes_a_valid_notebook():
    name = "a" * 100
    report = Report("hw", (CellScore(name, 1.0, 1.0),), notebook())

    nbformat.validate(annotate(put_together(report)))
