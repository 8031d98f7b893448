"""Starts the worker inside bubblewrap: no network, nothing to write but a tmpfs, nothing to read
but the Python installation."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import autograder
import course_lib
from autograder.course.model import Limits
from autograder.errors import SandboxError
from autograder.grading.seccomp import is_supported, open_filter

SANDBOX = Path(__file__).parent / "sandbox"
SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin")
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime")
# What student code must never read, wherever it is installed.
TRUSTED = (Path(autograder.__file__).parent, Path(course_lib.__file__).parent)
START = "import sys; sys.path.insert(0, '/sandbox'); from worker_package.worker import main; main()"
ALWAYS = (
    "bubblewrap", "no network", "own user, PID, mount, IPC, UTS and cgroup namespaces",
    "read-only file system", "private tmpfs", "no capabilities", "resource limits",
    "watch on processes and memory",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Jail:
    """A running sandbox and the grader's end of its wire."""

    process: subprocess.Popen[bytes]
    stream: socket.socket

    def close(self) -> None:
        """Ends every process of the sandbox: its PID namespace dies with bubblewrap."""
        self.stream.close()
        self.process.kill()
        self.process.wait()
        if self.process.stderr is not None:
            self.process.stderr.close()


def start_jail(limits: Limits) -> Jail:
    """Starts a worker in a new sandbox. Raises: SandboxError where this host cannot."""
    with contextlib.ExitStack() as stack:
        ours, theirs = socket.socketpair()
        stack.callback(theirs.close)
        failed = stack.enter_context(contextlib.ExitStack())
        failed.callback(ours.close)
        passed, options = [theirs.fileno()], []
        calls = open_filter()
        if calls is not None:
            stack.callback(os.close, calls)
            passed, options = [*passed, calls], ["--seccomp", str(calls)]
        command = [*jail_command(limits, theirs.fileno()), *options, *_worker_command(limits)]
        try:
            process = subprocess.Popen(  # noqa: S603  # a fixed program, no shell
                command,
                env={},  # bubblewrap's own process stands in the sandbox's /proc
                pass_fds=passed,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise SandboxError(f"bubblewrap cannot be started: {error}") from error
        failed.pop_all()
    return Jail(process, ours)


def isolation() -> tuple[str, ...]:
    """The protections that a sandbox on this machine has, as every Report names them."""
    return (*ALWAYS, *(("filter of system calls",) if is_supported() else ()))


def why_it_ended(jail: Jail) -> str:
    """What bubblewrap said before it ended, for the instructor's log."""
    jail.process.kill()
    said = jail.process.stderr.read(4000) if jail.process.stderr else b""
    jail.process.wait()
    return said.decode("utf-8", "replace").strip()


def jail_command(limits: Limits, wire: int) -> list[str]:
    """The bubblewrap command line, without the program to run.

    Raises: SandboxError where bubblewrap is not installed.
    """
    bubblewrap = shutil.which("bwrap")
    if bubblewrap is None:
        raise SandboxError("bubblewrap is not installed; run `autograder doctor` for how to get it")
    command = [
        bubblewrap, "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent",
        "--uid", "65534", "--gid", "65534", "--hostname", "sandbox", "--new-session",
        "--cap-drop", "ALL", "--clearenv",
        "--perms", "0755", "--size", str(limits.disk_mib * 2**20), "--tmpfs", "/tmp",  # noqa: S108  # the sandbox's own
        "--proc", "/proc", "--dev", "/dev",
        "--size", str(limits.disk_mib * 2**20), "--tmpfs", "/dev/shm",  # noqa: S108  # the same
        "--remount-ro", "/dev",
        "--perms", "0555", "--size", "4096", "--tmpfs", "/proc/sys", "--remount-ro", "/proc/sys",
    ]  # fmt: skip
    for folder in SYSTEM:
        command += _system_folder(Path(folder))
    for file in SYSTEM_FILES:
        command += ["--ro-bind-try", file, file]
    for folder in python_folders():
        command += ["--ro-bind", str(folder), str(folder)]
    for folder in TRUSTED:
        if any(folder.is_relative_to(bound) for bound in (*python_folders(), *map(Path, SYSTEM))):
            command += ["--perms", "0555", "--size", "4096", "--tmpfs", str(folder)]
    command += ["--ro-bind", str(SANDBOX), "/sandbox/worker_package"]
    for name, value in _environment(wire).items():
        command += ["--setenv", name, value]
    return [*command, "--remount-ro", "/", "--chdir", "/"]


def _worker_command(limits: Limits) -> list[str]:
    values = {
        "output_bytes": int(limits.output_mib * 2**20),
        "cpu_s": limits.cpu_s,
        "memory_bytes": limits.memory_mib * 2**20,
        "file_bytes": limits.disk_mib * 2**20,
        "processes": limits.processes,
    }
    return [sys.executable, "-I", "-c", START, *(f"{k}={v}" for k, v in values.items())]


def _system_folder(folder: Path) -> list[str]:
    if folder.is_symlink():  # a merged /usr: /lib is a link to usr/lib
        return ["--symlink", str(folder.readlink()), str(folder)]
    return ["--ro-bind", str(folder), str(folder)] if folder.exists() else []


@cache
def python_folders() -> tuple[Path, ...]:
    """The folders of this Python installation that the sandbox may read, outermost only."""
    paths = sysconfig.get_paths()
    named = {sys.prefix, sys.base_prefix, sys.exec_prefix, paths["purelib"], paths["platlib"]}
    folders = sorted({Path(p) for p in named} | {Path(p).resolve() for p in named})
    system = [Path(p) for p in ("/usr", "/lib")]
    kept: list[Path] = []
    for folder in folders:
        if not any(folder.is_relative_to(other) for other in (*system, *kept)):
            kept.append(folder)
    return tuple(kept)


def _environment(wire: int) -> dict[str, str]:
    """The whole environment of student code: nothing of the grader's own."""
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": "/tmp",  # noqa: S108  # the sandbox's own tmpfs
        "LANG": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": "/tmp/matplotlib",  # noqa: S108  # the same
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "WIRE_FD": str(wire),
    }


def has_jail() -> bool:
    """Whether this host can run the sandbox: starts one that does nothing."""
    with contextlib.suppress(SandboxError, OSError, subprocess.SubprocessError):
        read, write = os.pipe()
        try:
            command = [*jail_command(Limits(), write), "true"]
            done = subprocess.run(command, capture_output=True, timeout=20, check=False)  # noqa: S603  # a fixed program
        finally:
            os.close(read)
            os.close(write)
        return done.returncode == 0
    return False
