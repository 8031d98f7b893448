"""A class's submissions of one assignment: graded in parallel, recorded by nbgrader itself."""

from __future__ import annotations

import filecmp
import json
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Literal, Protocol

from autograder.course.course import Course
from autograder.course.report import Report
from autograder.errors import AutograderError, ReleaseError, SandboxError
from autograder.grading import cache
from autograder.grading.cache import Kept, Missing
from autograder.grading.job import Job, grade_job
from autograder.grading.recording import Record, open_gradebook
from autograder.interrupts import noted_interrupts

log = logging.getLogger(__name__)

Progress = Callable[[int, int, str, str], None]
ASK_S = 0.5  # how often a wait for the slots asks whether the person interrupted it


@dataclass(frozen=True, slots=True)
class Graded:
    """What became of one student's submission; `notes` says why it failed, or what was odd."""

    student: str
    status: Literal["graded", "unchanged", "failed"]
    report: Kept | None
    notes: tuple[str, ...] = ()


class Slots(Protocol):
    """Where submissions are graded; it is given `waiting` of them at a time."""

    @property
    def waiting(self) -> int: ...
    def submit(self, job: Job, only: Collection[str] | None) -> Future[Report]: ...
    def result(self, future: Future[Report]) -> Report: ...


OpenSlots = Callable[[], AbstractContextManager[Slots]]


def grade_assignment(
    course: Course,
    assignment: str,
    progress: Progress | None = None,
    jobs: int | None = None,
    force: bool = False,
    open_slots: OpenSlots | None = None,
) -> tuple[Graded, ...]:
    """Grades what every student submitted, and records it in nbgrader's gradebook.

    Each report is kept and recorded as soon as it is made, so that an interrupted run goes on where
    it stopped. `progress` is told (done, total, student, status). Without `open_slots` the work is
    done by `jobs` processes of this machine, by default one a core.

    Raises: ReleaseError, SandboxError where nothing could be graded for anybody.
    """
    course.assignment(assignment)
    cache.released_file(course, assignment)
    cache.hidden_tests_of(course, assignment)
    students = submitted_by(course, assignment)
    tell = progress or _silent
    results: dict[str, Graded] = {}
    with noted_interrupts() as check, open_gradebook(course, assignment) as record:
        for student, found in _reports(course, assignment, students, jobs, open_slots, check):
            check()
            results[student] = _recorded(course, assignment, student, found, record, force)
            tell(len(results), len(students), student, results[student].status)
    return tuple(results[student] for student in students)


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


def _silent(_done: int, _total: int, _student: str, _status: str) -> None:
    """The progress of a run that nobody watches."""


def _reports(
    course: Course,
    assignment: str,
    students: tuple[str, ...],
    jobs: int | None,
    open_slots: OpenSlots | None,
    check: Callable[[], None],
) -> Iterator[tuple[str, Kept | str]]:
    """Each student's report, those that are kept first, or the reason why there is none."""
    waiting: list[str] = []
    for student in students:
        found = _found(course, assignment, student)
        if isinstance(found, Missing):
            waiting.append(student)
        else:
            yield student, found
    jobs = min(jobs or os.cpu_count() or 1, len(waiting))
    if waiting and open_slots is None and jobs == 1:
        for student in waiting:
            found = _found(course, assignment, student)
            if isinstance(found, Missing):
                found = _kept(course, found, partial(grade_job, found.job, found.only))
            yield student, found
    elif waiting:
        with open_slots() if open_slots is not None else local_slots(jobs) as slots:
            yield from _in_slots(course, assignment, waiting, slots, check)


def _found(course: Course, assignment: str, student: str) -> Kept | Missing | str:
    try:
        return cache.find(course, cache.job_for(course, assignment, student))
    except OSError as error:
        return _reason(error)


def _kept(course: Course, missing: Missing, make: Callable[[], Report]) -> Kept | str:
    """Keeps the report that `make` returns."""
    try:
        return cache.keep(course, missing, cache.merged(course, missing, make()))
    except (ReleaseError, SandboxError):
        raise  # the tests or the sandbox are broken: it is the same for everybody
    except (AutograderError, OSError) as error:
        return _reason(error)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _in_slots(
    course: Course,
    assignment: str,
    students: Sequence[str],
    slots: Slots,
    check: Callable[[], None],
) -> Iterator[tuple[str, Kept | str]]:
    """Each student's report as it is made. Few jobs wait at a time: the files of thousands of
    submissions are never in memory together."""
    rest = iter(students)
    running: dict[Future[Report], Missing] = {}
    while True:
        for student in islice(rest, slots.waiting - len(running)):
            found = _found(course, assignment, student)
            if isinstance(found, Missing):
                running[slots.submit(found.job, found.only)] = found
            else:
                yield student, found
        if not running:
            return
        while not (done := wait(running, ASK_S, return_when=FIRST_COMPLETED).done):
            check()
        for future in sorted(done, key=_has_failed):  # keep what is finished before one stops us
            missing = running.pop(future)
            make = partial(slots.result, future)
            yield missing.job.student, _kept(course, missing, make)


def _has_failed(future: Future[Report]) -> bool:
    return future.cancelled() or future.exception() is not None


@dataclass(frozen=True, slots=True)
class LocalSlots:
    """Processes of this machine."""

    executor: Executor
    waiting: int

    def submit(self, job: Job, only: Collection[str] | None) -> Future[Report]:
        """Starts the grading of a job. Where a process was ended, its result says so."""
        try:
            return self.executor.submit(grade_job, job, only)
        except BrokenProcessPool as error:
            future: Future[Report] = Future()
            future.set_exception(error)
            return future

    def result(self, future: Future[Report]) -> Report:
        """The report that was made. Raises: SandboxError where its process was ended; and what
        `grade_job` raises."""
        try:
            return future.result()
        except BrokenProcessPool as error:
            raise SandboxError(
                "a process that graded was ended from outside, perhaps for want of memory; what "
                "is finished is kept, and the same command with fewer --jobs goes on"
            ) from error


@contextmanager
def local_slots(jobs: int) -> Iterator[LocalSlots]:
    """So many processes of this machine. Leaving the block by an error ends them at once."""
    context = multiprocessing.get_context("spawn")  # nothing of this process leaks into them
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_start_worker) as pool:
        try:
            yield LocalSlots(pool, 2 * jobs)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.terminate()  # its sandbox dies with it; what is finished is kept
            raise


def _start_worker() -> None:
    """Ctrl-C reaches every process of a terminal, and the parent alone answers it; a parent that
    is killed can answer nothing, so that each worker ends by itself when it sees its parent gone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _recorded(
    course: Course, assignment: str, student: str, found: Kept | str, record: Record, force: bool
) -> Graded:
    """Lets nbgrader write one student's scores, unless they are written already."""
    if isinstance(found, str):
        return Graded(student, "failed", None, (found,))
    is_recorded = recorded_key(course, assignment, student) == found.key
    if not force and is_recorded and _has_same_theory(course, assignment, student):
        return Graded(student, "unchanged", found, found.problems)
    reason = record(student)
    if reason is not None:
        return Graded(student, "failed", None, (reason,))
    return Graded(student, "graded", found, found.problems)


def _has_same_theory(course: Course, assignment: str, student: str) -> bool:
    """Whether formgrader shows the PDF that was handed in, or none where none was."""
    submitted = cache.submitted_theory(course, assignment, student)
    shown = course.folders.autograded / student / assignment / submitted.name
    if submitted.is_file() and shown.is_file():
        return filecmp.cmp(submitted, shown, shallow=False)
    return submitted.is_file() == shown.is_file()
