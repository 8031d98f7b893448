"""Takes what stood in each student's repository at the deadline, by the server's clock."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from autograder.collect.deposit import changed, deposit, missing, remove
from autograder.collect.evidence import show
from autograder.collect.ledger import LedgerRow, append, latest, ledger_path, read_ledger
from autograder.collect.objects import HostileObjectError, read
from autograder.collect.standing import Version
from autograder.collect.taking import Round, Taken, take
from autograder.collect.wanted import MAX_THEORY_MIB, SUBMITTED_THEORY, Wanted, read_wanted
from autograder.course.course import Course
from autograder.course.model import Student, Submission
from autograder.errors import AutograderError, RepositoryError
from autograder.repositories.forge import open_forge
from autograder.repositories.git import GitLimits
from autograder.repositories.pull_requests import stored

Progress = Callable[[int, int, str], None]
Status = Literal["collected", "unchanged", "late", "nothing", "failed"]

WORKERS = 8  # fetching waits for the network more than for this machine

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Collected:
    """What became of one student: `submission` is what is taken now, also where nothing is new."""

    student: str
    status: Status
    submission: Submission | None
    notes: tuple[str, ...] = ()


def collect(
    course: Course,
    assignment: str,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> tuple[Collected, ...]:
    """Write each student's version that counts into submitted/, with a row in the ledger.

    One outcome for each student of the roster, in its order. `progress` is told (done, total,
    student). `now` stands in for this host's clock, which decides only whether the deadline and
    the late days have passed.

    Raises:
        CourseError: the calendar has no such assignment.
        RepositoryError: the ledger was tampered with, another collection runs, or the token is
            malformed.
    """
    now = now or datetime.now(UTC)
    cancelled = threading.Event()
    round_ = open_round(course, assignment, now, course.state / "repositories", cancelled)
    with _alone(course.state):
        rows = read_ledger(ledger_path(course.state, assignment))
        late_on = late_elsewhere(course, assignment)
        outcomes: dict[str, Collected] = {}
        with ThreadPoolExecutor(WORKERS) as pool:
            try:
                futures = _start(pool, round_, latest(rows), late_on)
                last = rows[-1] if rows else None
                for done, future in enumerate(as_completed(futures), start=1):
                    outcome, row = future.result()
                    if row:
                        last = append(ledger_path(course.state, assignment), row, last)
                    outcomes[outcome.student] = outcome
                    if progress:
                        progress(done, len(futures), outcome.student)
            except BaseException:
                cancelled.set()
                pool.shutdown(wait=True, cancel_futures=True)
                raise
    return tuple(outcomes[student.id] for student in course.students)


def open_round(
    course: Course, assignment: str, now: datetime, copies: Path, cancelled: threading.Event
) -> Round:
    """What one collection has for all students; `copies` is where it keeps what it fetches.

    Raises:
        CourseError: the calendar has no such assignment.
        RepositoryError: the token is malformed.
    """
    return Round(
        course,
        course.assignment(assignment),
        open_forge(course.state),
        read_wanted(course, assignment),
        now,
        GitLimits(cancelled=cancelled),
        copies,
    )


def read_submissions(course: Course, assignment: str) -> dict[str, Submission]:
    """What is currently taken from each student, by the ledger.

    Raises:
        RepositoryError: the ledger was tampered with.
    """
    rows = latest(read_ledger(ledger_path(course.state, assignment)))
    return {student: _submission(course, row) for student, row in rows.items()}


_Outcome = tuple[Collected, LedgerRow | None]


def _start(
    pool: ThreadPoolExecutor,
    round_: Round,
    rows: Mapping[str, LedgerRow],
    late_on: Mapping[str, Sequence[str]],
) -> list[Future[_Outcome]]:
    return [
        pool.submit(
            _collect_one, round_, student, rows.get(student.id), late_on.get(student.id, ())
        )
        for student in round_.course.students
    ]


def _collect_one(
    round_: Round, student: Student, before: LedgerRow | None, late_on: Sequence[str]
) -> _Outcome:
    """One student's outcome, whatever is wrong with the repository, and a row where it is new."""
    try:
        round_ = round_.of(student)
        taken = take(round_, student, late_on)
        return _record(round_, student, taken, before)
    except (AutograderError, HostileObjectError, OSError) as error:
        logger.info("collecting from %s failed", student.id, exc_info=True)
        stands = _submission(round_.course, before) if before else None
        return Collected(student.id, "failed", stands, (str(error),)), None


def _record(round_: Round, student: Student, taken: Taken, before: LedgerRow | None) -> _Outcome:
    """Put the version into submitted/, unless it is there."""
    course, assignment = round_.course, round_.assignment.name
    stands = _submission(course, before) if before else None
    if taken.version is None:
        status: Status = "failed" if taken.is_refused else "unchanged" if before else "nothing"
        notes = (*taken.notes, "what was taken before stands") if before else taken.notes
        return Collected(student.id, status, stands, notes), None
    version, late_days = taken.version, taken.late_days
    notes = (*taken.notes, *provisional(round_))
    folder = course.folders.submitted / student.id / assignment
    row = _row(round_, student, version, late_days, notes)
    if before and is_same(before, version, late_days):
        notes += _put_back(folder, before, taken, round_.wanted)
        return Collected(student.id, "unchanged", stands, notes), None
    deposit(folder, _content(taken, row, round_.wanted), version.received)
    if before and before.theory and not row.theory:
        remove(folder / SUBMITTED_THEORY, before.theory)
    status = "late" if late_days else "collected"
    return Collected(student.id, status, _submission(course, row), notes), row


def is_same(row: LedgerRow, version: Version, late_days: int) -> bool:
    """Whether a row of the ledger is of this very work."""
    theory = version.theory.blob if version.theory else ""
    same = (version.notebook.blob, theory, late_days)
    return (row.blob, row.theory, row.late_days) == same


def _row(
    round_: Round, student: Student, version: Version, late_days: int, notes: tuple[str, ...]
) -> LedgerRow:
    source = asdict(version.entry) | {"time": version.entry.time.isoformat()}
    if version.pull:
        source["pull_request"] = stored(version.pull)
    return LedgerRow(
        number=0,  # the ledger counts
        student=student.id,
        assignment=round_.assignment.name,
        ref=version.entry.ref,
        commit=version.entry.new,
        tree=version.facts.tree,
        blob=version.notebook.blob,
        path=version.notebook.path,
        received=version.received,
        late_days=late_days,
        source=source,
        authored=version.facts.authored,
        committed=version.facts.committed,
        notes=notes,
        collected_at=round_.now,
        theory=version.theory.blob if version.theory else "",
        theory_path=version.theory.path if version.theory else "",
    )


def _put_back(folder: Path, row: LedgerRow, taken: Taken, wanted: Wanted) -> tuple[str, ...]:
    """Put what was taken back where it is missing; leave alone what somebody changed by hand."""
    blobs = _blobs(row)
    notes = tuple(
        f"{path} is not what was collected; delete it to have that put back"
        for path in changed(folder, blobs)
    )
    lost = missing(folder, blobs)
    if lost:
        content = _content(taken, row, wanted)
        files = {name: content[name] for name in lost if name in content}
        deposit(folder, files, row.received)
        notes += tuple(f"the submitted {name} was missing; it was put back" for name in lost)
    return notes


def _blobs(row: LedgerRow) -> dict[str, str]:
    """What lies in submitted/ for a row: names and ids."""
    blobs = {f"{row.assignment}.ipynb": row.blob, SUBMITTED_THEORY: row.theory}
    return {name: blob for name, blob in blobs.items() if blob}


def _content(taken: Taken, row: LedgerRow, wanted: Wanted) -> dict[str, bytes]:
    """The files of a row, out of the student's commit or, for no notebook, the released one."""
    sizes = {f"{row.assignment}.ipynb": wanted.max_mib, SUBMITTED_THEORY: MAX_THEORY_MIB}
    pins = taken.pins
    files: dict[str, bytes] = {}
    for name, blob in _blobs(row).items():
        if name != SUBMITTED_THEORY and not row.path and wanted.released is not None:
            files[name] = wanted.released
            continue
        files[name] = read(pins.repository, [blob], "blob", sizes[name] * 2**20, pins.limits)[blob]
    return files


def provisional(round_: Round) -> tuple[str, ...]:
    """What is to be said where the deadline or the late days are still to come."""
    zone, due, end = round_.course.timezone, round_.assignment.due, round_.moments[-1]
    if round_.now < due:
        return (f"the deadline has not passed ({show(due, zone)}); collect again after it",)
    if round_.now < end:
        return (f"the late days last until {show(end, zone)}; collect again after them",)
    return ()


def _submission(course: Course, row: LedgerRow) -> Submission:
    folder = course.folders.submitted / row.student / row.assignment
    return Submission(
        row.student,
        row.assignment,
        row.commit,
        row.received,
        folder,
        row.late_days,
        theory=row.theory_path,
    )


def late_elsewhere(course: Course, but: str) -> dict[str, list[str]]:
    """The other assignments on which each student was late, by their ledgers."""
    late_on: dict[str, list[str]] = {}
    for assignment in course.assignments:
        if assignment.name != but:
            rows = latest(read_ledger(ledger_path(course.state, assignment.name)))
            for student, row in rows.items():
                late_on.setdefault(student, []).extend([assignment.name] * bool(row.late_days))
    return late_on


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Hold the course's lock: of two collections at one time the second stops.

    The lock goes with the process, so one that was killed leaves none behind.
    """
    state.mkdir(parents=True, exist_ok=True)
    lock = state / "collect.lock"
    with lock.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise RepositoryError(
                f"another collection is running (process {file.read().strip() or 'unknown'}); "
                "wait until it has ended"
            ) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
