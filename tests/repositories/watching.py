"""Looks at every process of this host, over and over, for what its arguments must not hold."""

from __future__ import annotations

import base64
import os
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Self


class Watch(threading.Thread):
    """Reads every process's command line: again and again while it is entered, because a process
    may become another program; once for those that ran before."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: set[bytes] = set()
        self.before: set[str] = set()
        self.is_over = threading.Event()

    def run(self) -> None:
        while not self.is_over.wait(0.002):
            running = _processes()
            self.before &= running  # the number of one that has ended can be given again
            self._look(running - self.before)

    def _look(self, processes: Iterable[str]) -> None:
        for process in processes:
            try:
                with open(f"/proc/{process}/cmdline", "rb") as file:  # noqa: PTH123  # often
                    self.seen.add(file.read())
            except OSError:
                continue  # it has ended

    def __enter__(self) -> Self:
        self.before = _processes()
        self._look(self.before)
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self.join()


def _processes() -> set[str]:
    return {name for name in os.listdir("/proc") if name.isdigit()}  # noqa: PTH208  # often


def traces(password: str, *users: str) -> list[bytes]:
    """What would show a password: itself, and as a header carries it behind each user's name."""
    pairs = [base64.b64encode(f"{user}:{password}".encode()) for user in users]
    return [password.encode(), *pairs]


def places_of(found: Iterable[bytes], folder: Path) -> list[Path]:
    """The files below the folder that hold any of these."""
    looked_for = list(found)
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return [path for path in files if any(one in path.read_bytes() for one in looked_for)]
