"""What collecting would take now, from whom and why; nothing of the course is changed."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from autograder.collect.collect import (
    WORKERS,
    Progress,
    is_same,
    late_elsewhere,
    open_round,
    provisional,
)
from autograder.collect.evidence import show
from autograder.collect.ledger import LedgerRow, latest, ledger_path, read_ledger
from autograder.collect.objects import HostileObjectError
from autograder.collect.offers import name_of
from autograder.collect.standing import Version
from autograder.collect.taking import Round, Taken, take
from autograder.course.course import Course
from autograder.course.model import Student, Submission
from autograder.errors import AutograderError


@dataclass(frozen=True, slots=True)
class Planned:
    """What collecting would do for one student; `submission` is what would be taken."""

    student: str
    status: Literal["take", "late", "unchanged", "nothing", "failed"]
    submission: Submission | None
    notes: tuple[str, ...] = ()


def plan(
    course: Course,
    assignment: str,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> tuple[Planned, ...]:
    """One outcome for each student of the roster, in its order, as `collect` would have it.

    The repositories are looked at in a folder that is removed afterwards.

    Raises:
        CourseError: the calendar has no such assignment.
        RepositoryError: the ledger was tampered with, or the token is malformed.
    """
    cancelled = threading.Event()
    rows = latest(read_ledger(ledger_path(course.state, assignment)))
    late_on = late_elsewhere(course, assignment)
    outcomes: dict[str, Planned] = {}
    with tempfile.TemporaryDirectory(prefix="autograder-plan.") as folder:
        now = now or datetime.now(UTC)
        round_ = open_round(course, assignment, now, Path(folder), cancelled)
        with ThreadPoolExecutor(WORKERS) as pool:
            try:
                futures = [
                    pool.submit(_one, round_, s, rows.get(s.id), late_on.get(s.id, ()))
                    for s in course.students
                ]
                for done, future in enumerate(as_completed(futures), start=1):
                    outcome = future.result()
                    outcomes[outcome.student] = outcome
                    if progress:
                        progress(done, len(futures), outcome.student)
            except BaseException:
                cancelled.set()
                pool.shutdown(wait=True, cancel_futures=True)
                raise
    return tuple(outcomes[student.id] for student in course.students)


def _one(
    round_: Round, student: Student, before: LedgerRow | None, late_on: Sequence[str]
) -> Planned:
    round_ = round_.of(student)
    try:
        taken = take(round_, student, late_on)
    except (AutograderError, HostileObjectError, OSError) as error:
        return Planned(student.id, "failed", None, (str(error),))
    if taken.version is None:
        refused = "failed" if taken.is_refused else "unchanged" if before else "nothing"
        return Planned(student.id, refused, None, taken.notes)
    submission = _submission(round_, student, taken.version, taken.late_days)
    if before and is_same(before, taken.version, taken.late_days):
        return Planned(student.id, "unchanged", submission, taken.notes)
    status = "late" if taken.late_days else "take"
    return Planned(student.id, status, submission, _why(round_, taken, taken.version, before))


def _why(
    round_: Round, taken: Taken, version: Version, before: LedgerRow | None
) -> tuple[str, ...]:
    moment = show(round_.moments[taken.late_days], round_.course.timezone)
    what = version.notebook.path or (version.theory.path if version.theory else "nothing")
    where = name_of(version.pull) if version.pull else "main"
    why = f"{what} is what {where} had at {moment}"
    if round_.now < round_.moments[taken.late_days]:
        why = f"{what} is what {where} has now"
    instead = (f"instead of {before.commit[:10]}",) if before else ()
    return (why, *instead, *taken.notes, *provisional(round_))


def _submission(round_: Round, student: Student, version: Version, late_days: int) -> Submission:
    folder = round_.course.folders.submitted / student.id / round_.assignment.name
    commit, name = version.entry.new, round_.assignment.name
    theory = version.theory.path if version.theory else ""
    return Submission(student.id, name, commit, version.received, folder, late_days, theory)
