"""Pull requests that students open by git alone: whoever pushes `submit/NAME` asks for main.

The push log says all: a push opens one, deleting the branch closes it, and a push to main that
brings its tip in merges it. A push to a branch whose pull request is not open opens another one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from autograder.repositories.pull_requests import Document, PullRequest, stored
from autograder.repositories.push_hooks import MAIN, SUBMIT
from autograder.repositories.push_log import PushEntry

MAX_OPENED = 500
"""The most that one student opens; the other half of the record is the staff's."""


def opened_by_pushes(entries: Iterable[PushEntry]) -> tuple[PullRequest, ...]:
    """The pull requests that a push log tells of, the first one first; none has a number yet."""
    made: list[PullRequest] = []
    last: dict[str, int] = {}
    for entry in entries:
        for ref in entry.merged if entry.ref == MAIN.decode() else ():
            _close(made, last.pop(ref, None), entry, is_merged=True)
        if not entry.ref.startswith(SUBMIT):
            continue
        if entry.is_deletion:
            _close(made, last.pop(entry.ref, None), entry)
        elif entry.ref not in last:
            last[entry.ref] = len(made)
            name = entry.ref.removeprefix("refs/heads/")
            made.append(PullRequest(0, name, "main", name, "", created=entry.time))
    return tuple(made)


def record(document: Document, entries: Iterable[PushEntry]) -> bool:
    """Bring the record up to date with the push log, in place; whether anything was new."""
    pulls = document["pulls"]
    there = {(pull["head"], pull.get("created")): pull for pull in pulls}
    is_new = False
    for pull in opened_by_pushes(entries)[:MAX_OPENED]:
        data = stored(pull)
        known = there.get((data["head"], data["created"]))
        if known is None:
            pulls.append(data | {"number": len(pulls) + 1})
            is_new = True
            continue
        state = {key: data[key] for key in ("is_open", "closed", "merged")}
        is_new = is_new or any(known[key] != value for key, value in state.items())
        known |= state
    return is_new


def _close(
    made: list[PullRequest], number: int | None, entry: PushEntry, *, is_merged: bool = False
) -> None:
    if number is not None:
        merged = entry.time if is_merged else None
        made[number] = replace(made[number], is_open=False, closed=entry.time, merged=merged)
