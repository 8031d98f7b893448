"""nbgrader writes the scores of a class: its own converter, with the gradebook opened once."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from autograder.converters import convert
from autograder.course.course import Course
from autograder.grading.settling import settle
from autograder.settings import load_config, load_course

Record = Callable[[str], str | None]
_recorded: ContextVar[Course | None] = ContextVar("recorded", default=None)


def course_of(root: Path) -> Course:
    """The course in a folder, as it was read when its recording began; else as it is now.

    Raises: CourseError where its settings are wrong.
    """
    course = _recorded.get()
    return course if course is not None and course.root == root.resolve() else load_course(root)


@contextmanager
def open_gradebook(course: Course, assignment: str) -> Iterator[Record]:
    """What records a student's scores; it returns why nbgrader failed, or None.

    nbgrader opens the gradebook nine times for a submission, each time with a new SQLAlchemy engine
    that compiles every statement anew, which is a quarter of the time. Within this block each
    address has one engine, nbgrader is imported when the first score is recorded, and settings and
    roster are not read again for each student.
    """
    restore: list[Callable[[], None]] = []
    config = load_config(course.root)

    def record(student: str) -> str | None:
        if not restore:
            restore.append(_share_engines())
        reason = convert("Autograde", course.root, config, assignment, student)
        settle("recording")
        return reason

    token = _recorded.set(course)
    try:
        yield record
    finally:
        _recorded.reset(token)
        for undo in restore:
            undo()


def _share_engines() -> Callable[[], None]:
    from nbgrader import api  # noqa: PLC0415  # seconds to import

    module: Any = api
    before = module.create_engine
    module.create_engine = functools.cache(before)

    def undo() -> None:
        module.create_engine = before

    return undo
