"""What a server says was pushed, when: parsing, the tip at a moment, and the log's own holes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from autograder.errors import RepositoryError

NOTHING = "0" * 40
"""The id that git gives for "no commit": before a branch exists, and after it is deleted."""

_ADJUSTMENT = timedelta(seconds=1)  # a clock kept by NTP may step back by as much
_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class PushEntry:
    """One ref moved from `old` to `new`; `time` is the server's clock, `user` who pushed.

    `is_forced` says that `new` does not descend from `old`, so that commits were thrown away.
    `merged` names the branches `submit/*` that a push to main brought in, where the server says so.
    """

    time: datetime
    user: str
    ref: str
    old: str
    new: str
    is_forced: bool = False
    merged: tuple[str, ...] = ()

    @property
    def is_deletion(self) -> bool:
        return not self.new.strip("0")

    @property
    def is_creation(self) -> bool:
        return not self.old.strip("0")


def parse_push_log(text: bytes) -> tuple[PushEntry, ...]:
    """The entries of a log of JSON lines, in its order.

    Raises:
        RepositoryError: a line is not an entry; the message has its number and what is wrong.
    """
    entries: list[PushEntry] = []
    for number, line in enumerate(text.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            entries.append(_parse_entry(json.loads(line)))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise RepositoryError(
                f"line {number} of the push log is no entry ({type(error).__name__}: {error}); "
                "look at the log on the server"
            ) from error
    return tuple(entries)


def tip_at(entries: Sequence[PushEntry], ref: str, moment: datetime) -> PushEntry | None:
    """The push that made the branch what it was at `moment`; None where there was no branch.

    A push received exactly at `moment` counts.
    """
    before = [entry for entry in entries if entry.ref == ref and entry.time <= moment]
    return before[-1] if before and not before[-1].is_deletion else None


def gaps(entries: Sequence[PushEntry], ref: str) -> Iterator[str]:
    """Each place where the log cannot be the whole truth about `ref`.

    Every entry has to begin where the one before it ended, and no later than it. The first has to
    create the branch.
    """
    tip, time = NOTHING, datetime.min.replace(tzinfo=UTC) + _ADJUSTMENT
    for entry in entries:
        if entry.ref != ref:
            continue
        at = f"{entry.time:%Y-%m-%d %H:%M:%S %Z}"
        if entry.old.strip("0") != tip.strip("0"):
            was = f"from {entry.old[:10]}" if entry.old.strip("0") else "from nothing"
            known = tip[:10] if tip.strip("0") else "no branch"
            yield f"the push log has a hole before {at}: {ref} moves {was}, but it had {known}"
        if entry.time < time - _ADJUSTMENT:
            yield f"the push log goes back in time at {at}; the server's clock was changed"
        tip, time = entry.new, max(time, entry.time)


def _parse_entry(data: dict[str, Any]) -> PushEntry:
    time = datetime.fromisoformat(data["time"])
    if time.tzinfo is None:
        raise ValueError(f"time {data['time']!r} has no time zone")
    for key in ("old", "new"):
        if not _ID.fullmatch(data[key]):
            raise ValueError(f"{key} is {data[key]!r}, not a full object id")
    for key in ("user", "ref"):
        if not isinstance(data[key], str):
            raise TypeError(f"{key} is {data[key]!r}, not a text")
    return PushEntry(
        time.astimezone(UTC),
        data["user"],
        data["ref"],
        data["old"],
        data["new"],
        data.get("forced") is True,
        tuple(str(ref) for ref in data.get("merged", ())),
    )
