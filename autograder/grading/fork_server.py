"""Sandboxes by the fork: one server in bubblewrap has imported torch; each submission is a fork.

The server is started when it is first needed and lasts as long as this process, because its imports
are what grading would otherwise pay for each submission. Student code never runs in it.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import platform
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgpack

from autograder.course.model import Isolation, Limits
from autograder.errors import SandboxError
from autograder.grading import jail
from autograder.grading.sandbox.confine import landlock_version
from autograder.grading.seccomp import build_filter, is_supported
from autograder.grading.watch import children_of, descendants, threads_of_user

log = logging.getLogger(__name__)

START_S = 120.0  # a loaded machine may take long to import torch
REPLY_S = 30.0
END_S = 10.0
MAX_SAID = 1000  # bytes of why a server does not start
BASE_MODULES = ("matplotlib.pyplot", "numpy", "sympy", "torch")
BOOT = "import sys; sys.path.insert(0, {folder!r}); from {package}.server import main; main()"


@dataclass(slots=True)
class Sandbox:
    """One submission's processes and the grader's end of their wire."""

    stream: socket.socket
    root: int  # the first of its processes, as this machine counts them
    _handle: int  # a pidfd of it: a number of a process may be given to another one, this may not
    folder: str | None = None  # where it writes, if that is on this machine's disk
    _is_open: bool = True

    def close(self) -> None:
        """Ends every process of the sandbox, and waits until they are gone."""
        if not self._is_open:
            return
        self._is_open = False
        self.stream.close()
        if self.folder is not None:
            _end_tree(self.root)  # no namespace ends them all at once
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        select.select([self._handle], [], [], END_S)
        os.close(self._handle)
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(slots=True)
class ForkServer:
    """A running server; `modules` is what it has imported."""

    modules: tuple[str, ...]
    isolation: Isolation
    _process: subprocess.Popen[bytes]
    _control: socket.socket
    _pid: int  # the server's own, as this machine counts processes
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self, limits: Limits) -> Sandbox:
        """A new sandbox, in which no student code has run yet.

        Raises: SandboxError where the kernel refuses one, or the server does not answer.
        """
        ours, theirs = socket.socketpair()
        folder = None
        if self.isolation == "landlock":
            folder = tempfile.mkdtemp(prefix="sandbox-")
        try:
            with theirs, self._lock:
                pid = self._fork(_request(limits, self.isolation, folder), theirs)
                root = self._host_pid(pid)
                return Sandbox(ours, root, os.pidfd_open(root), folder)
        except BaseException:
            ours.close()
            raise

    def _fork(self, request: Mapping[str, Any], wire: socket.socket) -> int:
        try:
            packed = bytes(msgpack.packb(request) or b"")
            socket.send_fds(self._control, [packed], [wire.fileno()])
            answer = msgpack.unpackb(self._control.recv(2**16))
        except (OSError, ValueError) as error:
            raise SandboxError("the fork server does not answer; run the command again") from error
        if "error" in answer:
            raise SandboxError(
                f"this host does not let a sandbox be made ({answer['error']}); "
                "`autograder doctor` says what it lacks"
            )
        return int(answer["pid"])

    def _host_pid(self, pid: int) -> int:
        """The number that this machine gives a child which the server knows as `pid`."""
        for child in children_of(self._pid):
            with contextlib.suppress(OSError):
                status = Path(f"/proc/{child}/status").read_text(encoding="ascii")
                numbers = status.partition("NSpid:")[2].split("\n", 1)[0].split()
                here = numbers[1] if len(numbers) > 1 else numbers[0]
                if int(here) == pid:
                    return child
        raise SandboxError("the sandbox ended while it was started; run the command again")

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        """Ends the server, and with it every sandbox that it still has."""
        self._control.close()
        self._process.kill()
        self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()


def isolation_of(mode: Isolation) -> tuple[str, ...]:
    """The protections that a sandbox on this machine has, as every Report names them."""
    lines = (
        *(("filter of system calls",) if is_supported() else ()),
        *((f"Landlock {version}",) if (version := landlock_version()) else ()),
    )
    if mode == "landlock":
        return ("NO NAMESPACES: paths and system calls alone hold the code", *LESSER, *lines)
    return (*ALWAYS, *lines)


ALWAYS = (
    "bubblewrap", "no network", "own user, PID, mount, IPC and UTS namespaces for each submission",
    "read-only file system", "private tmpfs", "no capabilities", "no new privileges",
    "resource limits", "watch on processes and memory",
)  # fmt: skip
LESSER = ("no new privileges", "resource limits", "watch on processes and memory")


def start_server(modules: tuple[str, ...], mode: Isolation = "namespaces") -> ForkServer:
    """Starts a server and waits until it has imported its modules.

    Raises: SandboxError where this host cannot run it.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        try:
            process = _start_process(modules, mode, theirs.fileno())
        except BaseException:
            ours.close()
            raise
    ours.settimeout(START_S)
    try:
        ready = ours.recv(MAX_SAID)
    except OSError:
        ready = b""
    if ready != b"ready":
        process.kill()
        said = ready or (process.stderr.read(4000) if process.stderr else b"")
        process.communicate()
        ours.close()
        reason = said.decode("utf-8", "replace").strip() or "no answer"
        raise SandboxError(
            f"the sandbox does not start ({reason}); `autograder doctor` says what this host lacks"
        )
    ours.settimeout(REPLY_S)
    pid = list(descendants(process.pid))[-1]
    return ForkServer(modules, mode, process, ours, pid)


def _start_process(
    modules: tuple[str, ...], mode: Isolation, control: int
) -> subprocess.Popen[bytes]:
    variables = {**jail.environment(), "CONTROL_FD": str(control)}
    if mode == "landlock":
        if not landlock_version() or not is_supported():
            raise SandboxError(
                "isolation 'landlock' needs a kernel with Landlock and a filter of system calls; "
                "`autograder doctor` says what this host has"
            )
        folder, package, before = str(jail.SANDBOX.parent), jail.SANDBOX.name, []
    else:
        folder, package, before = "/sandbox", "worker_package", jail.jail_command()
        for name, value in variables.items():
            before += ["--setenv", name, value]
        variables = {}  # bubblewrap's own process stands in the server's /proc
    boot = BOOT.format(folder=folder, package=package)
    try:
        return subprocess.Popen(  # noqa: S603  # a fixed program, no shell
            [*before, sys.executable, "-I", "-c", boot, mode, *modules],
            env=variables,
            pass_fds=(control,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise SandboxError(f"bubblewrap cannot be started: {error}") from error


def _request(limits: Limits, mode: Isolation, folder: str | None) -> dict[str, Any]:
    home = folder or "/tmp"  # noqa: S108  # the sandbox's own tmpfs
    return {
        "namespaces": mode == "namespaces",
        "home": home,
        "kept": jail.folders_below("/tmp", "/dev/shm"),  # noqa: S108  # hidden by the sandbox's own
        "read": ["/"] if folder is None else jail.readable_paths(),
        "write": ["/tmp", "/dev/shm", "/dev/null"] if folder is None else [home, "/dev/null"],  # noqa: S108  # the same
        "filter": (build_filter(platform.machine(), mode) if is_supported() else None) or b"",
        "limits": {
            "output_bytes": int(limits.output_mib * 2**20),
            "cpu_s": limits.cpu_s,
            "memory_bytes": limits.memory_mib * 2**20,
            "file_bytes": limits.disk_mib * 2**20,
            "processes": limits.processes + _counted_besides(mode),
        },
    }


def _counted_besides(mode: Isolation) -> int:
    """How many threads the kernel counts beside those of a sandbox, for its limit on processes:
    all of the user's, where the sandbox has no user namespace or the kernel is older than 5.14."""
    version = tuple(int(part) for part in re.findall(r"\d+", platform.release())[:2])
    is_counted_apart = mode == "namespaces" and version >= (5, 14)
    return 0 if is_counted_apart or os.getuid() == 0 else threads_of_user(os.getuid())


def _end_tree(root: int) -> None:
    """Ends all that descends from a process, however often it forks meanwhile."""
    end = time.monotonic() + END_S
    while (family := [p for p in descendants(root) if p != root]) and time.monotonic() < end:
        for process in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


# The one server of this process: its imports are the cost that it exists to pay only once.
_running: dict[int, ForkServer] = {}
_starting = threading.Lock()


def open_sandbox(limits: Limits, modules: tuple[str, ...] = BASE_MODULES) -> Sandbox:
    """A new sandbox of this process's server; the server is started, or replaced, where needed.

    Raises: SandboxError where this host cannot run student code safely.
    """
    with _starting:
        server = _running.get(os.getpid())
        if server is not None and not (
            server.is_alive()
            and set(modules) <= set(server.modules)
            and server.isolation == limits.isolation
        ):
            close_server()
            server = None
        if server is None:
            if not _running:
                atexit.register(close_server)
            server = _running[os.getpid()] = start_server(modules, limits.isolation)
    return server.open(limits)


def close_server() -> None:
    """Ends this process's server, if it has one; the next sandbox starts another."""
    server = _running.pop(os.getpid(), None)
    if server is not None:
        server.close()


def has_sandbox(mode: Isolation = "namespaces") -> bool:
    """Whether this host can run student code: makes a sandbox and ends it."""
    with contextlib.suppress(SandboxError):
        open_sandbox(Limits(isolation=mode)).close()
        return True
    return False
