"""What nbgrader calls while it makes a student notebook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.course.course import Course
from autograder.release.student_files import place_student_files
from autograder.settings import find_root, load_config, load_course


def place_files(
    *,
    assignment: str,
    student: str,  # noqa: ARG001  # nbgrader's signature
    notebooks: Sequence[str],  # noqa: ARG001  # the same
) -> None:
    """Puts `my_answers.py` and its neighbours beside the source (a `pre_convert_hook`).

    nbgrader then copies them with everything else that lies there.
    """
    place_student_files(load_course(find_root(Path.cwd())).folders.source / assignment)


def record_due_date(
    *,
    assignment: str,
    student: str,  # noqa: ARG001  # nbgrader's signature
    notebooks: Sequence[str],  # noqa: ARG001  # the same
) -> None:
    """Puts the calendar's deadline into the gradebook (a `post_convert_hook`).

    nbgrader has changed to the course's folder when it calls.
    """
    set_due_date(load_course(find_root(Path.cwd())), assignment)


def set_due_date(course: Course, assignment: str) -> None:
    """Sets the assignment's due date in nbgrader's gradebook to the calendar's.

    Raises: CourseError where the calendar does not have the assignment.
    """
    from nbgrader.api import Gradebook  # noqa: PLC0415  # seconds to import

    due = course.assignment(assignment).due
    course_id = load_config(course.root).CourseDirectory.get("course_id", "")
    gradebook: Any  # nbgrader's annotations predate what a type checker can follow
    with Gradebook(course.database_url, course_id) as gradebook:
        gradebook.update_or_create_assignment(assignment, duedate=due)
