"""What a person should know about how a version came to be: pure, from log and commit alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

from autograder.collect.objects import CommitFacts
from autograder.repositories.git import printable
from autograder.repositories.push_log import PushEntry, gaps

TOLERANCE = timedelta(minutes=10)
"""How far a student's clock may be off before it is worth a word."""
MAX_NOTES = 12


def log_notes(
    entries: Sequence[PushEntry], ref: str, moments: Sequence[datetime], timezone: tzinfo
) -> Iterator[str]:
    """What the push log itself shows: holes, thrown away commits, pushes that came too late.

    `moments` are the deadline and the end of each late day.
    """
    yield from gaps(entries, ref)
    for entry in entries:
        at = show(entry.time, timezone)
        if entry.ref == ref and entry.is_forced:
            yield f"force-pushed at {at}: {entry.old[:10]} was replaced by {entry.new[:10]}"
        if entry.ref == ref and entry.is_deletion:
            yield f"{short(ref)} was deleted at {at}, when it had {entry.old[:10]}"
    late = [e for e in entries if e.ref == ref and e.time > moments[-1] and not e.is_deletion]
    if late:
        until = show(moments[-1], timezone)
        yield f"pushed again at {show(late[-1].time, timezone)}, after {until}; not taken"


def date_notes(
    entry: PushEntry, facts: CommitFacts, due: datetime, timezone: tzinfo
) -> Iterator[str]:
    """Where the commit's own dates and the server's clock tell different stories.

    A commit made long before it was pushed is no story as long as both are before the deadline.
    """
    for name, date in (("committed", facts.committed), ("authored", facts.authored)):
        if date is None:
            yield f"commit {entry.new[:10]} has no readable date"
            return
        is_future = date > entry.time + TOLERANCE
        if is_future or (entry.time > due and entry.time > date + TOLERANCE):
            yield (
                f"the commit says it was {name} at {show(date, timezone)}, "
                f"but the server received it at {show(entry.time, timezone)}"
            )
            return


def nothing_notes(entries: Sequence[PushEntry], ref: str) -> Iterator[str]:
    """Why there is nothing to take."""
    if not entries:
        yield "nothing was ever pushed"
        return
    others = sorted({short(e.ref) for e in entries if e.ref != ref and not _is_staffs(e.ref)})
    if not any(entry.ref == ref for entry in entries) and others:
        shown = printable(", ".join(others[:5]), 100)
        yield f"nothing was pushed to {short(ref)}, only to {shown}"
    else:
        yield f"there was no {short(ref)} by the deadline"


def short(ref: str) -> str:
    """The name of a branch or tag as people write it."""
    return ref.removeprefix("refs/heads/").removeprefix("refs/tags/")


def show(moment: datetime, timezone: tzinfo) -> str:
    return f"{moment.astimezone(timezone):%Y-%m-%d %H:%M:%S %Z}"


def _is_staffs(ref: str) -> bool:
    return ref.startswith(("refs/heads/feedback", "refs/tags/collected"))
