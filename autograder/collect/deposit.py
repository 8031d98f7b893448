"""Puts what was taken where nbgrader looks for it, whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

STAMP = "timestamp.txt"


def deposit(folder: Path, files: Mapping[str, bytes], received: datetime) -> None:
    """Write the files and the `timestamp.txt` that nbgrader reads, each in one step.

    The timestamp is the server's, written last: where it stands, the others stand too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        _replace(folder / name, content)
    _replace(folder / STAMP, timestamp(received))


def remove(path: Path, blob: str) -> None:
    """Take away a file that an earlier version had, unless somebody has put another there."""
    if path.is_file() and blob_id(path.read_bytes()) == blob:
        path.unlink()


def missing(folder: Path, blobs: Mapping[str, str]) -> list[str]:
    """The names of the files that were taken and no longer lie there."""
    return [name for name in (*blobs, STAMP) if not (folder / name).is_file()]


def changed(folder: Path, blobs: Mapping[str, str]) -> list[Path]:
    """The files that lie there and are not what was taken."""
    there = {folder / name: blob for name, blob in blobs.items() if (folder / name).is_file()}
    return [path for path, blob in there.items() if blob_id(path.read_bytes()) != blob]


def timestamp(received: datetime) -> bytes:
    """The text of nbgrader's timestamp.txt."""
    return f"{received.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC\n".encode()


def blob_id(content: bytes) -> str:
    """The id under which git keeps a file of this content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _replace(path: Path, content: bytes) -> None:
    """Write beside the file, then rename: a reader sees the old file or the new one."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    descriptor = os.open(draft, flags, 0o644)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()
        raise
