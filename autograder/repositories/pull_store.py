"""Where the server keeps pull requests: a JSON file for each repository, outside of it."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.repositories import pull_requests
from autograder.repositories.pull_requests import Document
from autograder.repositories.push_log import parse_push_log
from autograder.repositories.submit_branches import record


class PullStore:
    """The records of all repositories of one server; `folder` is the server's own.

    `read_log` gives a repository's push log, because a push to `submit/NAME` is a pull request.
    """

    def __init__(self, folder: Path, read_log: Callable[[str], bytes]) -> None:
        self._folder = folder
        self._read_log = read_log
        self._turn = threading.Lock()

    def read(self, repository: str) -> Document:
        """The record of one repository, with what was pushed up to now.

        Raises:
            RepositoryError: the push log cannot be read.
        """
        with self._turn:
            return self._up_to_date(repository)

    def order(
        self, repository: str, order: Mapping[str, Any], user: str, is_staff: bool, now: datetime
    ) -> dict[str, Any]:
        """Carry out one order of `user`, and keep the record before the answer goes out.

        Raises:
            ValueError: the order is not well formed.
            PermissionError: it is the staff's.
            RepositoryError: the push log cannot be read.
        """
        with self._turn:
            document = self._up_to_date(repository)
            done = pull_requests.apply(document, order, user, is_staff, now)
            self._keep(self._path(repository), json.dumps(document))
        return done

    def _up_to_date(self, repository: str) -> Document:
        path = self._path(repository)
        document = json.loads(path.read_bytes()) if path.is_file() else pull_requests.empty()
        if record(document, parse_push_log(self._read_log(repository))):
            self._keep(path, json.dumps(document))  # the numbers stay
        return document

    def _path(self, repository: str) -> Path:
        return self._folder / f"{repository}.json"

    def _keep(self, path: Path, text: str) -> None:
        """Write the file whole or not at all."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=self._folder, delete=False) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
