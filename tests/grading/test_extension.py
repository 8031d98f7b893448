"""What an extension is to nbgrader: work within it costs nothing."""

from __future__ import annotations

import pytest
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties

from autograder.grading.nbgrader_plugin import LateAllowance
from tests.grading import small
from tests.grading.conftest import hand_in, nbgrader

CONFIG = """
c = get_config()
c.Calendar.timezone = "UTC"
c.Calendar.due = {"hw01": "2026-01-20 16:00"}
c.Calendar.extensions = {"hw01": {"ada": "2026-01-27 16:00"}}
"""
DAY_S = 86_400


@pytest.mark.parametrize(
    ("student", "late_s", "penalty"),
    [
        ("ada", 7 * DAY_S, None),
        ("ada", 9 * DAY_S, None),
        ("ada", 9 * DAY_S + 1, 10.0),
        ("bob", 2 * DAY_S, None),
        ("bob", 2 * DAY_S + 1, 10.0),
    ],
)
def test_penalty_begins_after_the_late_days_of_the_students_own_deadline(
    tmp_path, student, late_s, penalty
):
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    directory = CourseDirectory()
    directory.root = str(tmp_path)
    exporter = NotebookExporter(parent=Autograde(coursedir=directory))
    preprocessor = AssignLatePenalties(parent=exporter)
    preprocessor.assignment_id = "hw01"
    plugin = LateAllowance(parent=preprocessor)
    assert plugin.late_submission_penalty(student, 10.0, late_s) == penalty


@pytest.mark.jail
def test_nbgrader_takes_no_penalty_from_who_has_an_extension(course_folder):
    """All three pushed their work at the same moment, eight days after the deadline of all."""
    with (course_folder / "nbgrader_config.py").open("a") as config:
        own = {"ada": "2026-01-27 16:00", "cyd": "2026-01-21 16:00"}
        config.write(f"c.Calendar.extensions = {{{small.NAME!r}: {own}}}\n")
    for student in ("ada", "bob", "cyd"):
        hand_in(course_folder, student, small.text(small.notebook(small.NORM, small.ADD)))
        pushed = course_folder / "submitted" / student / small.NAME / "timestamp.txt"
        pushed.write_text("2026-01-29 00:00:00 UTC")
    done = nbgrader(course_folder, "autograde", small.NAME)
    assert done.returncode == 0, done.stderr
    with Gradebook(f"sqlite:///{course_folder / 'gradebook.db'}") as gradebook:
        kept = gradebook.assignment_submissions(small.NAME)
        scores = {s.student.id: (s.score, s.late_submission_penalty) for s in kept}
    assert scores == {"ada": (20, 0), "bob": (20, 20), "cyd": (20, 20)}
