"""One student: from the server's push log to the version that counts, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from autograder.collect.evidence import date_notes, log_notes, nothing_notes, show
from autograder.collect.offers import name_of, pull_notes, ref_of
from autograder.collect.pins import Pins
from autograder.collect.standing import REF, Repository, Version
from autograder.collect.wanted import Wanted
from autograder.course.calendar import late_moments
from autograder.course.course import Course
from autograder.course.model import Assignment, Student
from autograder.course.policy import decide
from autograder.repositories.forge import Forge
from autograder.repositories.git import GitLimits, printable


@dataclass(frozen=True, slots=True)
class Round:
    """What one collection has for all students alike; `copies` holds the pinned commits."""

    course: Course
    assignment: Assignment
    forge: Forge
    wanted: Wanted
    now: datetime
    limits: GitLimits
    copies: Path

    def of(self, student: Student) -> Round:
        """The round for one student, whose deadline may be a later one."""
        own = self.course.assignment_of(self.assignment.name, student.id)
        return replace(self, assignment=own)

    @property
    def moments(self) -> tuple[datetime, ...]:
        """The deadline and the end of each late day."""
        return late_moments(self.assignment.due, self.course.late.days)


@dataclass(frozen=True, slots=True)
class Taken:
    """The version that counts, or None; `is_refused` where one stood there but cannot be taken."""

    version: Version | None
    late_days: int
    pins: Pins
    notes: tuple[str, ...]
    is_refused: bool = False


def take(round_: Round, student: Student, late_on: Sequence[str]) -> Taken:
    """Which version of the student's counts. `late_on` names the other assignments handed in late.

    A push counts from when the server had it. A later push that leaves the notebook as it was is
    not a later version, so that working on the next assignment costs nothing.

    Raises:
        RepositoryError: the server cannot be reached, or a commit cannot be fetched.
    """
    zone, due = round_.course.timezone, round_.assignment.due
    pins = Pins(
        round_.copies / student.id,
        round_.forge.fetch_url(student),
        round_.forge.network(student),
        round_.limits,
    )
    is_pulled = round_.course.submit_by == "pull request"
    # asked before the log, so that whatever is open has its pushes there
    pulls = round_.forge.pull_requests(student) if is_pulled else None
    entries = round_.forge.push_log(student)
    repository = Repository(student, pins, round_.wanted, entries, pulls)
    seen = repository.see(_reached(round_.moments, round_.now))
    chosen = decide(seen.versions, round_.course.late, len(late_on))
    version = chosen and (seen.versions[chosen[0]] or chosen[1])  # the first push that left it
    notes = [*_extended(round_), *_log_notes(repository, version, round_), *seen.odd]
    last = seen.versions[-1]
    if last and (chosen is None or last != chosen[1]):
        notes.append(_not_taken(last, late_on, round_))
        notes += date_notes(last.entry, last.facts, due, zone)
    if chosen is None or version is None:
        notes += nothing_notes(entries, REF) if seen.is_empty else seen.untouched
        return Taken(None, 0, pins, _brief(notes), seen.is_refused)
    version = _own_push(version, repository)
    notes += [version.why] if version.why else []
    if version.entry.user != student.id:
        notes.append(f"pushed by {version.entry.user!a}")
    notes += date_notes(version.entry, version.facts, due, zone)
    return Taken(version, chosen[0], pins, _brief(notes))


def _log_notes(repository: Repository, version: Version | None, round_: Round) -> Iterator[str]:
    """What the push log and the pull requests themselves show of the branch that was taken."""
    pulls, zone = repository.pulls, round_.course.timezone
    pull = version.pull if version else None
    ref = ref_of(pull) if pull else REF
    for note in log_notes(repository.entries, ref, round_.moments, zone):
        yield printable(f"{name_of(pull)}: {note}") if pull else note
    if pulls is not None:
        yield from pull_notes(pulls, pull, round_.moments, zone)


def _extended(round_: Round) -> list[str]:
    """Where the deadline is one student's own."""
    due = round_.assignment.due
    if due == round_.course.assignment(round_.assignment.name).due:
        return []
    return [f"extended: due at {show(due, round_.course.timezone)}"]


def _own_push(version: Version, repository: Repository) -> Version:
    """The same notebook as the student pushed it, where the staff then brought another assignment.

    The version as it is where the student never pushed this notebook.
    """
    student = repository.student.id
    own = [
        entry
        for entry in repository.until(version.entry)
        if entry.user == student and not entry.is_deletion
    ]
    if version.entry.user == student or not own:
        return version
    facts, result = repository.look(own[-1].new)
    if facts is None or (result.found, result.theory) != (version.notebook, version.theory):
        return version
    return replace(version, entry=own[-1], facts=facts)


def _reached(moments: Sequence[datetime], now: datetime) -> list[datetime]:
    """The moments to look at: those that have come, and now where the next one has not."""
    reached = [moment for moment in moments if moment <= now]
    return reached if len(reached) == len(moments) else [*reached, now]


def _not_taken(version: Version, late_on: Sequence[str], round_: Round) -> str:
    at = show(version.received, round_.course.timezone)
    used = f"used on {', '.join(late_on)}" if late_on else "not given"
    return f"the version received at {at} is late and was not taken; lateness is {used}"


def _brief(notes: Sequence[str]) -> tuple[str, ...]:
    """The notes without repetition, and no more than a person reads."""
    unique = tuple(dict.fromkeys(notes))
    most = 12
    more = (f"and {len(unique) - most} more",) if len(unique) > most else ()
    return unique[:most] + more
