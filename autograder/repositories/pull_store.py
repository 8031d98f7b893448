"""Where the server keeps pull requests: a JSON file for each repository, outside of it."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.repositories import pull_requests
from autograder.repositories.pull_requests import Document


class PullStore:
    """The records of all repositories of one server; `folder` is the server's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = threading.Lock()

    def read(self, repository: str) -> Document:
        """The record of one repository."""
        path = self._folder / f"{repository}.json"
        return json.loads(path.read_bytes()) if path.is_file() else pull_requests.empty()

    def order(
        self, repository: str, order: Mapping[str, Any], user: str, is_staff: bool, now: datetime
    ) -> dict[str, Any]:
        """Carry out one order of `user`, and keep the record before the answer goes out.

        Raises:
            ValueError: the order is not well formed.
            PermissionError: it is the staff's.
        """
        with self._turn:
            document = self.read(repository)
            done = pull_requests.apply(document, order, user, is_staff, now)
            self._keep(self._folder / f"{repository}.json", json.dumps(document))
        return done

    def _keep(self, path: Path, text: str) -> None:
        """Write the file whole or not at all."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=self._folder, delete=False) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
