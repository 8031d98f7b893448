"""Reports by content: the same submission under the same tests and limits is graded once."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

import course_lib
from autograder.course.course import Course
from autograder.course.model import Limits
from autograder.course.report import Report
from autograder.errors import ReleaseError
from autograder.grading import engine

log = logging.getLogger(__name__)

PACKAGE = Path(__file__).parent.parent
# What a report depends on besides the submission: change any of it and everything is graded anew.
JUDGES = (
    PACKAGE / "grading",
    PACKAGE / "answers",
    PACKAGE / "notebooks.py",
    PACKAGE / "course" / "report.py",
)


def report_for(course: Course, assignment: str, student: str) -> tuple[str, Report]:
    """The key and the Report of what a student submitted, graded now unless it was before.

    Raises: ReleaseError where the assignment is not released or has no hidden tests; SandboxError
        where student code cannot be run safely; OSError where the file cannot be read.
    """
    submitted = submitted_file(course, assignment, student).read_bytes()
    released = read_released(course, assignment)
    tests = hidden_tests_of(course, assignment)
    seed = student_seed(course, assignment, student)
    prepared = engine.prepare(submitted, released, course.limits)
    files = engine.files_beside(course.folders.release / assignment)
    files["student_id.txt"] = student.encode()
    key = report_key(prepared, tests, course.limits, seed, files)
    known = load_report(course, key)
    if known is not None:
        return key, known
    report = engine.grade_prepared(
        prepared, released, tests, course.limits, seed, student_id=student, files=files
    )
    save_report(course, key, report)
    return key, report


def submitted_file(course: Course, assignment: str, student: str) -> Path:
    """Where a student's submitted notebook lies, if there is one."""
    return course.folders.submitted / student / assignment / f"{assignment}.ipynb"


def read_released(course: Course, assignment: str) -> NotebookNode:
    """The notebook that students got. Raises: ReleaseError where there is none."""
    path = course.folders.release / assignment / f"{assignment}.ipynb"
    if not path.exists():
        raise ReleaseError(f"{path} does not exist; run `autograder release {assignment}` first")
    return nbformat.read(path, as_version=4)


def hidden_tests_of(course: Course, assignment: str) -> Path:
    """The assignment's hidden tests. Raises: ReleaseError where there are none."""
    path = course.hidden_tests / f"test_{assignment}.py"
    if not path.exists():
        raise ReleaseError(f"{path} does not exist; every assignment needs its hidden tests")
    return path


def student_seed(course: Course, assignment: str, student: str) -> bytes:
    """What a student's own numbers are drawn from: nobody can compute it without the secret."""
    return hmac.digest(course.secret, f"{assignment}|{student}".encode(), hashlib.sha256)


def report_key(
    prepared: engine.Prepared,
    tests: Path,
    limits: Limits,
    seed: bytes,
    files: Mapping[str, bytes],
) -> str:
    """A name for everything that a report depends on."""
    cells = [[cell.cell_type, cell.source, dict(cell.metadata)] for cell in prepared.notebook.cells]
    parts: Mapping[str, object] = {
        "cells": cells, "problems": prepared.problems, "limits": asdict(limits), "seed": seed.hex(),
        "files": {name: _hash(content) for name, content in files.items()},
        "judges": _judges(), "tests": [_file_hash(p) for p in _of_assignment(tests)],
    }  # fmt: skip
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def load_report(course: Course, key: str) -> Report | None:
    """A report that was kept, or None."""
    path = _path(course, key)
    try:
        return Report.from_json(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        log.warning("%s cannot be read and is made anew", path)
        return None


def save_report(course: Course, key: str, report: Report) -> None:
    """Keeps a report, whole or not at all."""
    path = _path(course, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        json.dump(report.to_json(), file)
    Path(file.name).replace(path)


def _path(course: Course, key: str) -> Path:
    return course.state / "reports" / key[:2] / f"{key}.json"


def _of_assignment(tests: Path) -> list[Path]:
    bank = tests.with_name(tests.name.replace("test_", "mistakes_", 1))
    return [tests, *([bank] if bank.exists() else [])]


@cache
def _judges() -> str:
    """One hash of all the code that judges, read once in a process."""
    reference = Path(course_lib.__file__).parent
    files = [f for p in (*JUDGES, reference) for f in ([p] if p.is_file() else p.rglob("*"))]
    kept = sorted(f for f in files if f.suffix in (".py", ".ini"))
    return hashlib.sha256("".join(f"{f.name}{_file_hash(f)}" for f in kept).encode()).hexdigest()


def _file_hash(path: Path) -> str:
    return _hash(path.read_bytes())


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
