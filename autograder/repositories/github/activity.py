"""GitHub's record of a repository's activity as a push log: pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from autograder.errors import RepositoryError
from autograder.repositories.git import printable
from autograder.repositories.push_log import PushEntry

_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def read_activity(
    entries: Iterable[Mapping[str, Any]], names: Mapping[str, str]
) -> tuple[PushEntry, ...]:
    """The entries as pushes, oldest first; `names` gives a GitHub name, in lower case, its person.

    The time is GitHub's. Entries of one second keep the order in which they came. What a person
    merged by a button counts as pushed by that person.

    Raises:
        RepositoryError: an entry lacks something, or has it in another form.
    """
    pushes = [_read(number, entry, names) for number, entry in enumerate(entries, start=1)]
    return tuple(sorted(pushes, key=lambda push: push.time))


def _read(number: int, entry: Mapping[str, Any], names: Mapping[str, str]) -> PushEntry:
    try:
        login = entry["actor"]["login"] if entry["actor"] else "ghost"  # who left GitHub
        return PushEntry(
            _time(entry["timestamp"]),
            names.get(login.lower(), login),
            _full(entry["ref"]),
            _commit(entry["before"]),
            _commit(entry["after"]),
            entry["activity_type"] == "force_push",
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RepositoryError(
            f"entry {number} of GitHub's activity is no push "
            f"({printable(f'{type(error).__name__}: {error}', 120)}); look at the repository's "
            "page Activity, and report it"
        ) from error


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"timestamp {text!r} has no time zone")
    return time.astimezone(UTC)


def _commit(name: str) -> str:
    if not _ID.fullmatch(name):
        raise ValueError(f"{name!r} is not a full object id")
    return name


def _full(ref: str) -> str:
    """The full name: GitHub documents `refs/heads/main`."""
    return ref if ref.startswith("refs/") else f"refs/heads/{ref}"
