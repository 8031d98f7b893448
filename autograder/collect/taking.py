"""One student: from the server's push log to the version that counts, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from autograder.collect.evidence import date_notes, log_notes, nothing_notes, show
from autograder.collect.objects import CommitFacts, HostileObjectError, read_commit
from autograder.collect.pins import Pins
from autograder.collect.search import search
from autograder.collect.untouched import is_untouched
from autograder.collect.wanted import FoundFile, Search, Wanted
from autograder.course.calendar import late_moments
from autograder.course.course import Course
from autograder.course.model import Assignment, Student
from autograder.course.policy import decide
from autograder.repositories.forge import Forge
from autograder.repositories.git import GitLimits
from autograder.repositories.push_log import PushEntry, tip_at

REF = "refs/heads/main"
"""The branch that is submitted."""


@dataclass(frozen=True, slots=True)
class Version:
    """A notebook and the PDF with it, as one push left them; equal where it left the same two."""

    notebook: FoundFile
    entry: PushEntry = field(compare=False)
    facts: CommitFacts = field(compare=False)
    theory: FoundFile | None = None


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
    entries = round_.forge.push_log(student)
    tips = [tip_at(entries, REF, moment) for moment in _reached(round_.moments, round_.now)]
    seen = _look_at_all(tips, entries, student, pins, round_.wanted)
    chosen = decide(seen.versions, round_.course.late, len(late_on))
    notes = [*_extended(round_), *log_notes(entries, REF, round_.moments, zone), *seen.odd]
    last = seen.versions[-1]
    if last and (chosen is None or last != chosen[1]):
        notes.append(_not_taken(last, late_on, round_))
        notes += date_notes(last.entry, last.facts, due, zone)
    if chosen is None:
        notes += seen.untouched if any(tips) else nothing_notes(entries, REF)
        return Taken(None, 0, pins, _brief(notes), seen.is_refused)
    late_days = chosen[0]
    version = seen.versions[late_days] or chosen[1]  # the first push that left this notebook
    version = _own_push(version, entries, student, pins, round_.wanted)
    if version.entry.user != student.id:
        notes.append(f"pushed by {version.entry.user!a}")
    notes += date_notes(version.entry, version.facts, due, zone)
    return Taken(version, late_days, pins, _brief(notes))


def _extended(round_: Round) -> list[str]:
    """Where the deadline is one student's own."""
    due = round_.assignment.due
    if due == round_.course.assignment(round_.assignment.name).due:
        return []
    return [f"extended: due at {show(due, round_.course.timezone)}"]


def _own_push(
    version: Version, entries: Sequence[PushEntry], student: Student, pins: Pins, wanted: Wanted
) -> Version:
    """The same notebook as the student pushed it, where the staff then brought another assignment.

    The version as it is where the student never pushed this notebook.
    """
    own = [
        entry
        for entry in _until(version.entry, entries)
        if entry.user == student.id and not entry.is_deletion
    ]
    if version.entry.user == student.id or not own:
        return version
    facts, result = _look(own[-1].new, pins, wanted)
    if facts is None or (result.found, result.theory) != (version.notebook, version.theory):
        return version
    return Version(version.notebook, own[-1], facts, version.theory)


def _reached(moments: Sequence[datetime], now: datetime) -> list[datetime]:
    """The moments to look at: those that have come, and now where the next one has not."""
    reached = [moment for moment in moments if moment <= now]
    return reached if len(reached) == len(moments) else [*reached, now]


@dataclass(slots=True)
class _Seen:
    """What stood at each moment, what was odd, and whether something had to be refused.

    `untouched` says which notebooks were as the staff had brought them.
    """

    versions: list[Version | None] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    untouched: list[str] = field(default_factory=list)
    is_refused: bool = False

    def add(self, *notes: str) -> None:
        self.odd += [note for note in notes if note not in self.odd]


def _look_at_all(
    tips: Sequence[PushEntry | None],
    entries: Sequence[PushEntry],
    student: Student,
    pins: Pins,
    wanted: Wanted,
) -> _Seen:
    """The version at each moment.

    Where a late push took the notebook or the PDF away, or left one that cannot be taken, the one
    before it stands.
    """
    seen = _Seen()
    looked: dict[str, tuple[CommitFacts | None, Search]] = {}
    for tip in tips:
        before = seen.versions[-1] if seen.versions else None
        if tip is None:
            seen.versions.append(before)
            continue
        if tip.new not in looked:
            looked[tip.new] = facts, result = _look(tip.new, pins, wanted)
            seen.add(*result.notes)
            if result.found is None and before:
                seen.add(f"the version received at {before.entry.time:%H:%M:%S %Z} stands")
        facts, result = looked[tip.new]
        seen.is_refused = seen.is_refused or result.is_refused
        found, theory = result.found, result.theory
        if (
            found
            and not theory
            and is_untouched(pins, found, wanted, _until(tip, entries), student)
        ):
            seen.untouched.append(f"{found.path} is as it was released: nothing was handed in")
            found = None
        theory = theory or (before.theory if before else None)
        seen.versions.append(Version(found, tip, facts, theory) if facts and found else before)
    return seen


def _until(tip: PushEntry, entries: Sequence[PushEntry]) -> list[PushEntry]:
    """What was pushed to the branch up to `tip`, in the log's own order: a clock may go back."""
    return [entry for entry in entries[: entries.index(tip) + 1] if entry.ref == REF]


def _look(commit: str, pins: Pins, wanted: Wanted) -> tuple[CommitFacts | None, Search]:
    """Pin the commit, and find the notebook in it."""
    pins.pin(wanted.assignment, commit)
    try:
        facts = read_commit(pins.repository, commit, pins.limits)
    except HostileObjectError as error:
        return None, Search(None, (str(error),), is_refused=True)
    return facts, search(pins, facts.tree, wanted)


def _not_taken(version: Version, late_on: Sequence[str], round_: Round) -> str:
    at = show(version.entry.time, round_.course.timezone)
    used = f"used on {', '.join(late_on)}" if late_on else "not given"
    return f"the version received at {at} is late and was not taken; lateness is {used}"


def _brief(notes: Sequence[str]) -> tuple[str, ...]:
    """The notes without repetition, and no more than a person reads."""
    unique = tuple(dict.fromkeys(notes))
    most = 12
    more = (f"and {len(unique) - most} more",) if len(unique) > most else ()
    return unique[:most] + more
