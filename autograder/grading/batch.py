"""A class's submissions of one assignment: graded in parallel, then recorded by nbgrader itself."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder.converters import convert
from autograder.course.course import Course
from autograder.course.report import Report
from autograder.errors import AutograderError, ReleaseError, SandboxError
from autograder.grading import cache
from autograder.settings import load_config, load_course

log = logging.getLogger(__name__)

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Graded:
    """What became of one student's submission; `notes` says why it failed, or what was odd."""

    student: str
    status: Literal["graded", "unchanged", "failed"]
    report: Report | None
    notes: tuple[str, ...] = ()


def grade_assignment(
    course: Course,
    assignment: str,
    progress: Progress | None = None,
    jobs: int | None = None,
    force: bool = False,
) -> tuple[Graded, ...]:
    """Grades what every student submitted, and records it in nbgrader's gradebook.

    Reports are kept as they are made and scores are written by nbgrader student by student, so
    that an interrupted run goes on where it stopped. `progress` is told (done, total, student).

    Raises: ReleaseError, SandboxError where nothing could be graded for anybody.
    """
    course.assignment(assignment)
    cache.read_released(course, assignment)
    cache.hidden_tests_of(course, assignment)
    students = submitted_by(course, assignment)
    tell = progress or _silent
    keys: dict[str, str] = {}
    failures: dict[str, str] = {}
    for done, (student, key, reason) in enumerate(_reports(course, assignment, students, jobs), 1):
        if reason:
            failures[student] = reason
        else:
            keys[student] = key
        tell(done, 2 * len(students), student)
    results: list[Graded] = []
    for done, student in enumerate(students, len(students) + 1):
        if student in failures:
            results.append(Graded(student, "failed", None, (failures[student],)))
        else:
            results.append(_record(course, assignment, student, keys[student], force))
        tell(done, 2 * len(students), student)
    return tuple(results)


def submitted_by(course: Course, assignment: str) -> tuple[str, ...]:
    """The students of the roster whose notebook lies in submitted/, in the roster's order."""
    return tuple(
        student.id
        for student in course.students
        if cache.submitted_file(course, assignment, student.id).is_file()
    )


def read_reports(course: Course, assignment: str) -> dict[str, Report]:
    """The report behind each recorded score, by student."""
    reports: dict[str, Report] = {}
    for student in course.students:
        key = recorded_key(course, assignment, student.id)
        report = cache.load_report(course, key) if key else None
        if report is not None:
            reports[student.id] = report
    return reports


def recorded_key(course: Course, assignment: str, student: str) -> str | None:
    """The report that nbgrader last recorded for a student; None where it never finished."""
    path = course.folders.autograded / student / assignment / f"{assignment}.ipynb"
    try:
        stamp = json.loads(path.read_text(encoding="utf-8"))["metadata"].get("autograder", {})
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, KeyError) as error:
        log.warning("%s cannot be read (%s) and is made anew", path, type(error).__name__)
        return None
    return stamp.get("report")


def _silent(_done: int, _total: int, _student: str) -> None:
    """The progress of a run that nobody watches."""


def _reports(
    course: Course, assignment: str, students: tuple[str, ...], jobs: int | None
) -> Iterator[tuple[str, str, str]]:
    """Each student with the key of the report, or the reason why there is none."""
    jobs = min(jobs or os.cpu_count() or 1, max(len(students), 1))
    if jobs == 1:
        yield from (_grade_one(course.root, assignment, student) for student in students)
        return
    context = multiprocessing.get_context("spawn")  # nothing of this process leaks into them
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_leave_interrupts) as pool:
        waiting = [pool.submit(_grade_one, course.root, assignment, s) for s in students]
        try:
            for future in as_completed(waiting):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.terminate()  # its sandbox dies with it; what is finished is kept
            raise


def _leave_interrupts() -> None:
    """Ctrl-C reaches every process of a terminal; the parent alone answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _grade_one(root: Path, assignment: str, student: str) -> tuple[str, str, str]:
    course = load_course(root)
    try:
        return student, cache.report_for(course, assignment, student)[0], ""
    except (ReleaseError, SandboxError):
        raise  # the tests or the sandbox are broken: it is the same for everybody
    except (AutograderError, OSError) as error:
        return student, "", f"{type(error).__name__}: {error}"


def _record(course: Course, assignment: str, student: str, key: str, force: bool) -> Graded:
    """Lets nbgrader write one student's scores, unless they are written already."""
    report = cache.load_report(course, key)
    notes = report.problems if report is not None else ()
    if not force and recorded_key(course, assignment, student) == key:
        return Graded(student, "unchanged", report, notes)
    reason = convert("Autograde", course.root, load_config(course.root), assignment, student)
    if reason is not None:
        return Graded(student, "failed", None, (reason,))
    return Graded(student, "graded", report, notes)
