"""Reports by content: the same submission under the same tests and limits is graded once.

A report is kept under a key made of everything that it depends on, and never changes. Its key has
two parts. The *frame* stands for the submitted file, the released one with what lies beside it,
the limits, the student's own seed and the code that judges. The *question keys* stand for the
hidden tests, one for each question (see `question_keys`). Beside the reports lies, for each frame,
the key of its latest report: where only question keys differ from that one's, the questions
concerned are run again by themselves, and the new report takes the other scores from the old one.

That is the same as grading anew as long as an answer gives the same values whatever was asked
before, and so a question that was run by itself may differ for a notebook whose functions
remember earlier calls.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat

from autograder import notebooks
from autograder.collect.wanted import SUBMITTED_THEORY
from autograder.course.course import Course
from autograder.course.report import Report
from autograder.errors import ReleaseError
from autograder.grading.engine import files_beside
from autograder.grading.job import Job, grade_job
from autograder.grading.question_keys import changed, question_keys

log = logging.getLogger(__name__)

FIELDS = {"assignment", "cells", "problems", "isolation", "score", "max_score", "questions"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A report that is kept, without its notebook: a class of thousands fits into memory."""

    key: str
    score: float
    max_score: float
    problems: tuple[str, ...]
    questions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Missing:
    """A report that has to be made: all of it, or the questions `only` beside those of `before`."""

    job: Job
    key: str
    frame: str
    only: frozenset[str] | None = None
    before: str | None = None


def report_for(course: Course, assignment: str, student: str) -> tuple[str, Report]:
    """The key and the Report of what a student submitted, graded now unless it was before.

    Raises: ReleaseError where the assignment is not released or has no hidden tests; SandboxError
        where student code cannot be run safely; OSError where the file cannot be read.
    """
    job = job_for(course, assignment, student)
    found = find(course, job)
    if isinstance(found, Kept):
        report = load_report(course, found.key)
        if report is not None:
            return found.key, report
        found = Missing(job, found.key, job.frame)
    report = merged(course, found, grade_job(found.job, found.only))
    return keep(course, found, report).key, report


def job_for(course: Course, assignment: str, student: str) -> Job:
    """What has to be graded.

    Raises: as `report_for`.
    """
    tests = hidden_tests_of(course, assignment)
    bank = tests.with_name(tests.name.replace("test_", "mistakes_", 1))
    return Job(
        student,
        assignment,
        submitted=submitted_file(course, assignment, student).read_bytes(),
        released=released_file(course, assignment).read_bytes(),
        files=files_beside(course.folders.release / assignment),
        tests={path.name: path.read_bytes() for path in (tests, bank) if path.exists()},
        limits=course.limits,
        seed=student_seed(course, assignment, student),
    )


def find(course: Course, job: Job) -> Kept | Missing:
    """The report on a job, or what has to be done for it."""
    frame, questions = job.frame, question_keys(job.tests)
    key = _key(frame, questions)
    kept = look_up(course, key)
    if kept is not None:
        return kept
    latest = _path(course, frame, "latest")
    before = look_up(course, latest.read_text("ascii").strip()) if latest.exists() else None
    only = changed(before.questions, questions) if before is not None else None
    if before is None or only is None:
        return Missing(job, key, frame)
    return Missing(job, key, frame, only, before.key)


def merged(course: Course, missing: Missing, report: Report) -> Report:
    """The whole report, where `report` holds new scores of the questions `only` alone.

    Raises: ReleaseError where the report that holds the others is gone meanwhile.
    """
    if missing.only is None or missing.before is None:
        return report
    before = load_report(course, missing.before)
    if before is None:
        raise ReleaseError("a kept report was deleted while grading; run the command again")
    cells = tuple(
        cell if cell.cell in missing.only else before.cell(cell.cell) or cell
        for cell in report.cells
    )
    return replace(before, cells=cells, isolation=report.isolation)


def keep(course: Course, missing: Missing, report: Report) -> Kept:
    """Keeps a report, whole or not at all, and makes it the latest of its frame."""
    questions = question_keys(missing.job.tests)
    head = report.to_json()
    notebook = head.pop("notebook")
    head |= {"score": report.score, "max_score": report.max_score, "questions": questions}
    _write(_path(course, missing.key, "json"), f"{json.dumps(head)}\n{json.dumps(notebook)}\n")
    _write(_path(course, missing.frame, "latest"), missing.key)
    return Kept(missing.key, report.score, report.max_score, report.problems, questions)


def look_up(course: Course, key: str) -> Kept | None:
    """What is kept under a key, or None; the notebook is not read."""
    head = _read(course, key, with_notebook=False)
    if head is None:
        return None
    scores = head["score"], head["max_score"]
    return Kept(key, *scores, tuple(head["problems"]), head["questions"])


def load_report(course: Course, key: str) -> Report | None:
    """A report that was kept, or None."""
    data = _read(course, key, with_notebook=True)
    return None if data is None else Report.from_json(data)


def submitted_file(course: Course, assignment: str, student: str) -> Path:
    """Where a student's submitted notebook lies, if there is one."""
    return course.folders.submitted / student / assignment / f"{assignment}.ipynb"


def submitted_theory(course: Course, assignment: str, student: str) -> Path:
    """Where the PDF with a student's theory lies, if there is one."""
    return course.folders.submitted / student / assignment / SUBMITTED_THEORY


def released_file(course: Course, assignment: str) -> Path:
    """The notebook that students got. Raises: ReleaseError where there is none."""
    path = course.folders.release / assignment / f"{assignment}.ipynb"
    if not path.exists():
        raise ReleaseError(f"{path} does not exist; run `autograder release {assignment}` first")
    return path


def hidden_tests_of(course: Course, assignment: str) -> Path:
    """The assignment's hidden tests: its pytest file, or its source notebook where that is in
    nbgrader's own format. Raises: ReleaseError where there is neither."""
    path = course.hidden_tests / f"test_{assignment}.py"
    source = course.folders.source / assignment / f"{assignment}.ipynb"
    if path.exists():
        return path
    if source.exists() and notebooks.has_own_tests(nbformat.read(source, as_version=4)):
        return source
    raise ReleaseError(
        f"{path} does not exist, and no grade cell of {source} holds hidden tests; "
        "every assignment needs its hidden tests"
    )


def student_seed(course: Course, assignment: str, student: str) -> bytes:
    """What a student's own numbers are drawn from: nobody can compute it without the secret."""
    return hmac.digest(course.secret, f"{assignment}|{student}".encode(), hashlib.sha256)


def _key(frame: str, questions: Mapping[str, str]) -> str:
    text = json.dumps([frame, questions], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _path(course: Course, key: str, kind: str) -> Path:
    return course.state / "reports" / key[:2] / f"{key}.{kind}"


def _read(course: Course, key: str, with_notebook: bool) -> dict[str, Any] | None:
    """A kept report's first line, which is all but the notebook, or both lines as one."""
    path = _path(course, key, "json")
    try:
        with path.open(encoding="utf-8") as file:
            head = json.loads(file.readline())
            data = head | ({"notebook": json.loads(file.readline())} if with_notebook else {})
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):
        data = {}
    if data.keys() >= FIELDS:
        return data
    log.warning("%s cannot be read and is made anew", path)
    return None


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        file.write(text)
    Path(file.name).replace(path)
