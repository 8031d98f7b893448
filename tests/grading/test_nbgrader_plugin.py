"""nbgrader's own commands, run as an instructor runs them, with the plug-in in their place."""

import copy
import json

import nbformat
import pytest
from nbgrader.api import Gradebook

from tests.grading import small
from tests.grading.conftest import hand_in, nbgrader

pytestmark = pytest.mark.jail


def scores(root):
    """Each student's auto scores, and what a person still has to grade."""
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        return {
            submission.student.id: (
                {g.name: g.auto_score for n in submission.notebooks for g in n.grades},
                [g.name for n in submission.notebooks for g in n.grades if g.needs_manual_grade],
            )
            for submission in gradebook.assignment_submissions(small.NAME)
        }


def test_autograde_takes_scores_from_the_sandbox(course_folder):
    forged = copy.deepcopy(small.notebook())
    for cell in forged.cells:
        if cell.cell_type == "code":
            result = {"text/plain": "10"}
            cell.outputs = [nbformat.v4.new_output("execute_result", result, execution_count=1)]
            cell.execution_count = 1
    hand_in(course_folder, "ada", small.text(small.notebook(small.NORM, small.ADD, "because")))
    hand_in(course_folder, "bob", small.text(small.notebook(small.NORM)))
    hand_in(course_folder, "cyd", small.text(forged))
    done = nbgrader(course_folder, "autograde", small.NAME)
    assert done.returncode == 0, done.stderr
    assert scores(course_folder) == {
        "ada": ({"norm": 10, "add": 10, "prose": None}, ["prose"]),
        "bob": ({"norm": 10, "add": 0, "prose": 0}, []),
        "cyd": ({"norm": 0, "add": 0, "prose": 0}, []),
    }
    assert "SAWarning" not in done.stderr


def test_a_hostile_file_is_one_students_outcome_and_stops_nobody(course_folder):
    doubled = small.notebook(small.NORM)
    doubled.cells.insert(2, copy.deepcopy(doubled.cells[1]))
    renamed = small.notebook(small.NORM, small.ADD)
    renamed.cells[4].metadata.nbgrader.grade_id = "renamed"
    old = small.notebook(small.NORM)
    for cell in old.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.schema_version = 99
    hand_in(course_folder, "ada", b"this is no notebook")
    hand_in(course_folder, "bob", small.text(doubled))
    hand_in(course_folder, "cyd", small.text(renamed))
    hand_in(course_folder, "dan", small.text(old))
    hand_in(course_folder, "eve", b"")
    done = nbgrader(course_folder, "autograde", small.NAME)
    assert done.returncode == 0, done.stderr
    totals = {who: sum(s or 0 for s in of[0].values()) for who, of in scores(course_folder).items()}
    assert totals == {"ada": 0, "bob": 10, "cyd": 20, "dan": 10, "eve": 0}
    kept = course_folder / "autograded" / "ada" / small.NAME / f"{small.NAME}.ipynb"
    (problem,) = json.loads(kept.read_text())["metadata"]["autograder"]["problems"]
    assert problem.startswith("Nothing could be graded: the file is not JSON")


def test_late_work_within_the_rule_costs_nothing_and_beyond_it_everything(course_folder):
    perfect = small.text(small.notebook(small.NORM, small.ADD))
    for student, pushed in [("ada", "2026-01-22 23:00:00 UTC"), ("bob", "2026-01-24 00:00:00 UTC")]:
        hand_in(course_folder, student, perfect)
        (course_folder / "submitted" / student / small.NAME / "timestamp.txt").write_text(pushed)
    done = nbgrader(course_folder, "autograde", small.NAME)
    assert done.returncode == 0, done.stderr
    with Gradebook(f"sqlite:///{course_folder / 'gradebook.db'}") as gradebook:
        penalties = {
            s.student.id: s.late_submission_penalty
            for s in gradebook.assignment_submissions(small.NAME)
        }
    assert penalties == {"ada": 0, "bob": 20}


def test_without_hidden_tests_nobody_gets_a_score(course_folder):
    (course_folder / "hidden_tests" / f"test_{small.NAME}.py").unlink()
    hand_in(course_folder, "ada", small.text(small.notebook(small.NORM, small.ADD)))
    done = nbgrader(course_folder, "autograde", small.NAME)
    assert done.returncode != 0
    assert "every assignment needs its hidden tests" in done.stderr
