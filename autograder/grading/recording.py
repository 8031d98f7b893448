"""nbgrader writes the scores of a class: its own converter, with the gradebook opened once."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from autograder.converters import convert
from autograder.course.course import Course
from autograder.settings import load_config

Record = Callable[[str], str | None]


@contextmanager
def open_gradebook(course: Course, assignment: str) -> Iterator[Record]:
    """What records a student's scores; it returns why nbgrader failed, or None.

    nbgrader opens the gradebook nine times for a submission, each time with a new SQLAlchemy engine
    that compiles every statement anew, which is a quarter of the time. Within this block each
    address has one engine, and nbgrader is imported when the first score is recorded.
    """
    restore: list[Callable[[], None]] = []
    config = load_config(course.root)

    def record(student: str) -> str | None:
        if not restore:
            restore.append(_share_engines())
        return convert("Autograde", course.root, config, assignment, student)

    try:
        yield record
    finally:
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
