"""The ledger of an assignment: a row for every version taken, each sealed to the row before it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.errors import RepositoryError

FIRST = "0" * 64
"""What the first row has for the seal of the row before it."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One version taken from one student, and the evidence for it.

    `received` is the server's time of the push `source`; `authored` and `committed` are what the
    commit itself says, for comparison only. `theory` is the blob of the PDF taken along, if one
    was. `path` is empty where a PDF came without a notebook. `previous` and `seal` chain the rows.
    """

    number: int
    student: str
    assignment: str
    ref: str
    commit: str
    tree: str
    blob: str
    path: str
    received: datetime
    late_days: int
    source: dict[str, Any]
    authored: datetime | None
    committed: datetime | None
    notes: tuple[str, ...]
    collected_at: datetime
    theory: str = ""
    theory_path: str = ""
    previous: str = FIRST
    seal: str = ""


def ledger_path(state: Path, assignment: str) -> Path:
    """Where the ledger of an assignment lies."""
    return state / "ledger" / f"{assignment}.jsonl"


def read_ledger(ledger: Path) -> tuple[LedgerRow, ...]:
    """The rows, oldest first; none where there is no ledger yet.

    A last line without its end was being written when the power went: it is no row.

    Raises:
        RepositoryError: a row was changed, taken out, put in, or cannot be read.
    """
    rows = [_parse(ledger, number, line) for number, line in _lines(ledger)]
    problems = [f"{ledger}, row {row.number}: {what}" for row, what in _broken(rows)]
    if problems:
        raise RepositoryError(
            f"{problems[0]}; restore the ledger from a backup, the submissions are pinned in "
            f"{ledger.parent.parent / 'repositories'}"
        )
    return tuple(rows)


def verify(ledger: Path) -> tuple[str, ...]:
    """Each problem of the ledger in a sentence; none where every row is as it was written."""
    try:
        read_ledger(ledger)
    except RepositoryError as error:
        return (str(error),)
    return ()


def append(ledger: Path, row: LedgerRow, before: LedgerRow | None) -> LedgerRow:
    """Write the row behind `before`, the last one, and onto the disk; the row as it was sealed."""
    data = asdict(row) | {
        "number": before.number + 1 if before else 1,
        "previous": before.seal if before else FIRST,
    }
    del data["seal"]
    line = _text(data)
    sealed = _text(json.loads(line) | {"seal": _seal(line)}) + "\n"
    ledger.parent.mkdir(parents=True, exist_ok=True)
    with ledger.open("ab") as file:
        file.truncate(_complete_bytes(ledger))
        file.write(sealed.encode())
        file.flush()
        os.fsync(file.fileno())
    return _parse(ledger, data["number"], sealed.encode())


def latest(rows: tuple[LedgerRow, ...]) -> dict[str, LedgerRow]:
    """What is currently taken from each student."""
    return {row.student: row for row in rows}


def _broken(rows: list[LedgerRow]) -> Iterator[tuple[LedgerRow, str]]:
    previous = FIRST
    for number, row in enumerate(rows, start=1):
        data = asdict(row)
        seal = data.pop("seal")
        if seal != _seal(_text(data)):
            yield row, "it was changed after it was written"
        if row.previous != previous or row.number != number:
            yield row, "the rows before it are not those that were there when it was written"
        previous = row.seal


def _text(data: dict[str, Any]) -> str:
    # a row without a PDF reads as rows did before there were any: old seals hold
    kept = {key: value for key, value in data.items() if value or not key.startswith("theory")}
    return json.dumps(kept, default=_plain, sort_keys=True)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot stand in the ledger")


def _seal(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()


def _complete_bytes(ledger: Path) -> int:
    """The length of the ledger up to the end of its last whole line."""
    return ledger.read_bytes().rfind(b"\n") + 1


def _lines(ledger: Path) -> Iterator[tuple[int, bytes]]:
    if ledger.exists():
        content = ledger.read_bytes()[: _complete_bytes(ledger)]
        yield from enumerate(content.splitlines(), start=1)


def _parse(ledger: Path, number: int, line: bytes) -> LedgerRow:
    try:
        data = json.loads(line)
        data["notes"] = tuple(data["notes"])
        for name in ("received", "collected_at", "authored", "committed"):
            data[name] = datetime.fromisoformat(data[name]) if data[name] else None
        return LedgerRow(**data)
    except (ValueError, KeyError, TypeError) as error:
        raise RepositoryError(
            f"{ledger}, row {number} cannot be read ({error}); restore the ledger from a backup"
        ) from error
