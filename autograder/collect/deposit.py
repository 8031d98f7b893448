"""Puts what was taken where nbgrader looks for it, whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal


def deposit(folder: Path, name: str, content: bytes, received: datetime) -> None:
    """Write `<name>.ipynb` and the `timestamp.txt` that nbgrader reads, each in one step.

    The timestamp is the server's, written last: where it stands, the notebook stands too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder / f"{name}.ipynb", content)
    _replace(folder / "timestamp.txt", timestamp(received))


def standing(folder: Path, name: str, blob: str) -> Literal["whole", "missing", "changed"]:
    """Whether what was taken as `blob` still lies there."""
    notebook = folder / f"{name}.ipynb"
    if not (notebook.is_file() and (folder / "timestamp.txt").is_file()):
        return "missing"
    return "whole" if blob_id(notebook.read_bytes()) == blob else "changed"


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
