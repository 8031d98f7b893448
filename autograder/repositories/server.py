"""A small Git server over HTTP: bare repositories, one for each student, and a log of every push.

The log is the course's clock: who moved which branch from where to where, and when this server
received it. It lies outside every repository, and only the course's staff reads it.
"""

from __future__ import annotations

import fcntl
import shlex
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Self

from autograder.errors import RepositoryError
from autograder.repositories import push_hooks
from autograder.repositories.access import Request, User
from autograder.repositories.backend import BodyError, end_backends
from autograder.repositories.bare import create_repository
from autograder.repositories.git import clean_environment, git, settings_as_environment
from autograder.repositories.http_requests import HttpServer
from autograder.repositories.pull_store import PullStore

__all__ = ["GitServer", "User", "create_repository"]

_BACKENDS = 16  # git processes at a time; more requests wait
_WAIT_S = 120.0


class GitServer:
    """Serves `<root>/<student>.git`; a context manager that answers while it is entered.

    `port` 0 takes any free one. `clock` stands in for the server's clock where time is simulated.
    `check_objects` refuses pushes of malformed or harmful objects.

    Raises:
        RepositoryError: the address is in use, or git has no `http-backend`.
    """

    def __init__(
        self,
        root: Path,
        users: Iterable[User],
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        clock: Callable[[], datetime] | None = None,
        check_objects: bool = True,
        max_push_mib: int = 512,
    ) -> None:
        _require_backend()
        self.root = root.resolve()
        self.users = {user.name: user for user in users}
        self.max_push_mib = max_push_mib
        self.running: set[subprocess.Popen[bytes]] = set()
        self._clock = clock
        self.pulls = PullStore(self.root / "pulls", self.read_log)
        self._logs = self.root / "push-logs"
        self._logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings = _server_settings(_write_hooks(self.root / "hooks"), check_objects, max_push_mib)
        self._settings = settings_as_environment(settings)
        self._slots = threading.BoundedSemaphore(_BACKENDS)
        self._pushes: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()
        try:
            self._http = HttpServer((host, port), self)
        except OSError as error:
            raise RepositoryError(
                f"cannot listen on {host}:{port} ({error.strerror}); choose another port"
            ) from error
        self.url = f"http://{host}:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
        end_backends(self.running, grace_s=10.0)

    def repository_url(self, name: str) -> str:
        """The address to clone from and push to."""
        return f"{self.url}/{name}.git"

    def has_repository(self, name: str) -> bool:
        return (self.root / f"{name}.git" / "HEAD").is_file()

    def now(self) -> datetime:
        """The server's clock."""
        return (self._clock or partial(datetime.now, UTC))()

    def read_log(self, name: str) -> bytes:
        """The push log of one repository: a JSON line for each ref that moved."""
        log = self._log_of(name)
        if not log.exists():
            return b""
        with log.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            return file.read()

    def environment(self, user: User, request: Request) -> dict[str, str]:
        """The environment of git's backend and of its hooks for one request of `user`."""
        shift_s = (self.now() - datetime.now(UTC)).total_seconds() if self._clock else 0.0
        return {
            **clean_environment(),
            **self._settings,
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": f"/{request.repository}.git/{request.service}",
            "REMOTE_USER": user.name,
            push_hooks.LOG: str(self._log_of(request.repository)),
            push_hooks.STAFF: "1" if user.is_staff else "0",
            push_hooks.CLOCK_SHIFT_S: str(shift_s),
        }

    @contextmanager
    def turn(self, request: Request) -> Iterator[None]:
        """Wait for a free slot; pushes to one repository go one by one, so the log is in order."""
        if request.service != "git-receive-pack":
            with self._slots:
                yield
            return
        with self._guard:
            push = self._pushes.setdefault(request.repository, threading.Lock())
        if not push.acquire(timeout=_WAIT_S):
            raise BodyError(503, "another push to this repository has not ended; push again later")
        try:
            with self._slots:
                yield
        finally:
            push.release()

    def _log_of(self, name: str) -> Path:
        return self._logs / f"{name}.jsonl"


def _write_hooks(folder: Path) -> Path:
    """Two scripts that start our own interpreter on push_hooks.py; no repository has hooks."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in ("pre-receive", "post-receive"):
        words = shlex.join([sys.executable, "-I", "-S", push_hooks.__file__, name])
        hook = folder / name
        hook.write_text(f"#!/bin/sh\nexec {words}\n")
        hook.chmod(0o700)
    return folder


def _server_settings(hooks: Path, check_objects: bool, max_push_mib: int) -> dict[str, str]:
    """Git's settings for every repository served; they win over a repository's own."""
    return {
        "core.hooksPath": str(hooks),
        "core.bigFileThreshold": "16m",
        "gc.auto": "0",  # an overwritten commit stays, because a late rule may still choose it
        "http.receivepack": "true",
        "receive.autogc": "false",
        "receive.fsckObjects": str(check_objects).lower(),
        "receive.fsck.badTimezone": "warn",
        "receive.maxInputSize": f"{max_push_mib}m",
        "receive.unpackLimit": "1",
        "uploadpack.allowAnySHA1InWant": "true",
        "uploadpack.allowFilter": "true",
    }


def _require_backend() -> None:
    folder = Path(git("--exec-path").decode().strip())
    if not (folder / "git-http-backend").is_file():
        raise RepositoryError(
            f"git has no http-backend in {folder}; install git with its HTTP server part"
        )
