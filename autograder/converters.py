"""Runs one of nbgrader's converters in this process, quietly, and says why it failed."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from traitlets.config import Config

log = logging.getLogger(__name__)

Converter = Literal["GenerateAssignment", "Autograde", "GenerateFeedback"]


def convert(
    name: Converter, root: Path, config: Config, assignment: str, student: str = "*"
) -> str | None:
    """Does what the nbgrader command of that name does, anew where it was done before.

    Returns why it failed, in nbgrader's words; None where it did not.

    Raises:
        KeyboardInterrupt: the person interrupted it; nbgrader itself goes on with the next student.
    """
    from nbgrader import converters  # noqa: PLC0415  # seconds to import
    from nbgrader.coursedir import CourseDirectory  # noqa: PLC0415  # the same
    from nbgrader.utils import capture_log  # noqa: PLC0415  # the same

    directory = CourseDirectory(config=config)
    directory.root = str(root)
    directory.assignment_id = assignment
    directory.student_id = student
    converter = getattr(converters, name)(coursedir=directory, config=config)
    converter.force = True
    with _quiet(), _own_programs_first():
        result = capture_log(converter)
    if result["success"]:
        return None
    log.debug("nbgrader's %s of %s, student %s: %s", name, assignment, student, result.get("log"))
    reason = _reason(result)
    if reason == "KeyboardInterrupt":
        raise KeyboardInterrupt
    return reason


def _reason(result: Mapping[str, Any]) -> str:
    """The last error line that nbgrader logged before it gave up, or the exception it raised."""
    lines = str(result.get("log") or "").splitlines()
    if any(line.strip() == "KeyboardInterrupt" for line in lines):
        return "KeyboardInterrupt"
    errors = [line for line in lines if "Error: " in line or "Exception: " in line]
    own = [line for line in errors if "NbGraderException" not in line]  # that only says "see above"
    rest = str(result.get("error") or "it gave no reason").strip().splitlines()
    return (own or errors or rest)[-1].strip()


@contextmanager
def _own_programs_first() -> Iterator[None]:
    """nbgrader starts the program `alembic` by name when it makes a gradebook."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


@contextmanager
def _quiet() -> Iterator[None]:
    """nbgrader logs every step of every student; an error comes back in its result."""
    logger = logging.getLogger("traitlets")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its libraries' words to its authors
            yield
    finally:
        logger.setLevel(level)
