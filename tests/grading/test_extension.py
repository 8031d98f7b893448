"""What an extension is to nbgrader: work within it costs nothing."""

from __future__ import annotations

import pytest
from nbconvert.exporters import NotebookExporter
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties

from autograder.grading.nbgrader_plugin import LateAllowance

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
