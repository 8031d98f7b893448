"""Looks at every process of this host, over and over, for what must not stand in its arguments."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Self


class Watch(threading.Thread):
    """Reads every process's command line, again and again while it is entered."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: set[bytes] = set()
        self.is_over = threading.Event()

    def run(self) -> None:
        while not self.is_over.wait(0.002):
            for entry in Path("/proc").iterdir():
                try:
                    line = (entry / "cmdline").read_bytes() if entry.name.isdigit() else b""
                except OSError:
                    continue  # it has ended
                if line:
                    self.seen.add(line)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self.join()


def traces(password: str, *users: str) -> list[bytes]:
    """What would show a password: itself, and as a header carries it behind each user's name."""
    pairs = [base64.b64encode(f"{user}:{password}".encode()) for user in users]
    return [password.encode(), *pairs]


def places_of(found: Iterable[bytes], folder: Path) -> list[Path]:
    """The files below the folder that hold any of these."""
    looked_for = list(found)
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return [path for path in files if any(one in path.read_bytes() for one in looked_for)]
