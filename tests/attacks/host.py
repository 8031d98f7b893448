"""The host under attack: a grader in a process of its own, and things that must stay untouched."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import socket
import subprocess
import time
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from autograder.course.model import Limits
from autograder.course.report import Report
from autograder.grading.engine import grade
from autograder.grading.watch import descendants
from tests.grading import small

SECRET = "canary-5f0c2a"  # noqa: S105  # no password; it stands in a file and in the grader's environment
HANG_S = 40.0  # far beyond the limits of nearly any attack: the grader itself hangs
GRADER_BYTES = 2 * 2**30  # an attack on the grader's memory fails its test, not this machine


LASTING = 4  # the grader, bubblewrap outside and inside its namespaces, the fork server


class Grader:
    """Grades in one lasting process, as a batch does, so that an attack on it would be felt."""

    def __init__(self, hidden_tests: Path) -> None:
        self._hidden_tests = hidden_tests
        self.peak_bytes = 0  # of the last grading: how much memory the grader itself held at most
        self._context = multiprocessing.get_context("spawn")
        self._start()

    def _start(self) -> None:
        self._connection, theirs = self._context.Pipe()
        arguments = (theirs, str(self._hidden_tests))
        self._process = self._context.Process(target=serve, args=arguments, daemon=True)
        self._process.start()
        theirs.close()

    def grade(self, submitted: bytes, limits: Limits) -> Report:
        """The Report. Raises: AssertionError where grading raised, ended or hung."""
        self._connection.send((submitted, limits))
        report, error = None, "the attack keeps the grader from ending"
        try:
            is_done = self._connection.poll(HANG_S)
            if is_done:
                report, error, self.peak_bytes = self._connection.recv()
        except (EOFError, OSError):
            is_done, error = False, "the attack ended the grader"
        if not is_done:
            self.close()
            self._start()
        assert report is not None, error
        return Report.from_json(json.loads(report))

    def has_no_submission(self) -> bool:
        """Whether all that grading started has ended but the fork server, or does so soon."""
        for _ in range(200):  # the kernel takes a moment to end a namespace
            if len(list(descendants(self._process.pid or 0))) <= LASTING:
                return True
            time.sleep(0.05)
        return False

    def close(self) -> None:
        """Ends the process, and with it every sandbox that it holds."""
        self._connection.close()
        self._process.kill()
        self._process.join()


def serve(connection: Connection, hidden_tests: str) -> None:
    """Grades what comes, until nothing more does. Runs in the grader's process."""
    os.environ["CANARY_SECRET"] = SECRET
    resource.setrlimit(resource.RLIMIT_DATA, (GRADER_BYTES, GRADER_BYTES))
    while True:
        try:
            submitted, limits = connection.recv()
        except EOFError:
            return
        report = error = None
        Path("/proc/self/clear_refs").write_text("5")  # forgets the peak of what came before
        try:
            made = grade(submitted, small.notebook(), Path(hidden_tests), limits)
            report = json.dumps(made.to_json())
        except BaseException:  # noqa: BLE001  # whatever it is, the test says so
            error = traceback.format_exc(limit=-6)
        connection.send((report, error, _peak_bytes()))


def _peak_bytes() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


@dataclass
class Canary:
    """What an attack may try to reach: a file, a process, and two servers."""

    file: Path
    process: subprocess.Popen[bytes]
    servers: list[socket.socket] = field(default_factory=list)

    @property
    def names(self) -> dict[str, Any]:
        """What stands for the canary's parts in an attack's cells."""
        return {
            "CANARY_FILE": self.file,
            "CANARY_PID": self.process.pid,
            "CANARY_PORT": self.servers[0].getsockname()[1],
            "CANARY_SOCKET": self.servers[1].getsockname()[1:].decode(),
        }

    def harm(self) -> list[str]:
        """What of it was touched."""
        found = []
        if self.file.read_text() != SECRET or len(list(self.file.parent.iterdir())) != 1:
            found.append("a file of the host changed")
        if self.process.poll() is not None or _state(self.process.pid) == "T":
            found.append("a process of the host was signalled")
        for server in self.servers:
            try:
                server.accept()[0].close()
                found.append("a server of the host was spoken to")
            except BlockingIOError:
                continue
        return found


@contextmanager
def open_canary(folder: Path) -> Iterator[Canary]:
    """A canary, until it is no longer needed."""
    with ExitStack() as stack:
        file = folder / "secret.txt"
        file.write_text(SECRET)
        process = stack.enter_context(subprocess.Popen(["sleep", "3600"]))
        stack.callback(process.kill)
        loopback = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        abstract = stack.enter_context(socket.socket(socket.AF_UNIX))
        abstract.bind(f"\0canary-{os.getpid()}")
        abstract.listen()
        for server in (loopback, abstract):
            server.setblocking(False)
        yield Canary(file, process, [loopback, abstract])


def _state(process: int) -> str:
    stat = Path(f"/proc/{process}/stat").read_text()
    return stat.rpartition(")")[2].split()[0]


def shared_objects() -> set[str]:
    """The names of the shared memory, queues and semaphores of this host."""
    names = {f"/dev/shm/{path.name}" for path in Path("/dev/shm").glob("*canary*")}  # noqa: S108  # read only
    for kind in ("shm", "msg", "sem"):
        path = Path("/proc/sysvipc") / kind
        if path.exists():
            names |= {f"{kind} {line.split()[0]}" for line in path.read_text().splitlines()[1:]}
    return names
