"""What a command costs, with every process that it starts: wall clock, CPU and peak memory."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.grading.watch import descendants

CPUACCT = Path("/sys/fs/cgroup/cpuacct")
INTERVAL_S = 0.25


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall clock, seconds of CPU, and the peak of memory in MiB, children included.

    Memory is the sum of proportional set sizes: what forks share is counted once.
    """

    wall_s: float
    cpu_s: float
    peak_mib: float


def measure(command: Sequence[str | Path], cwd: Path, log: Path) -> Cost:
    """The cost of one command.

    Raises: RuntimeError with what it said last if it fails; all of that is in `log`.
    """
    environment = as_usual()
    environment["PATH"] = f"{Path(command[0]).parent}:{environment['PATH']}"
    with _counted() as cpu, log.open("ab") as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, env=environment, stdout=said, stderr=said, process_group=0,
            preexec_fn=cpu.join,  # noqa: PLW1509  # before any thread of the child
        )  # fmt: skip
        peak = _Peak(process.pid)
        code = process.wait()
        wall = time.perf_counter() - start
        peak.stop()
        if code:
            said.flush()
            end = log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise RuntimeError(f"{' '.join(map(str, command))} ended with {code}:\n{end}")
        return Cost(wall, cpu.seconds(), peak.mib)


def as_usual() -> dict[str, str]:
    """This process's environment, in which Python keeps what it has compiled, as is usual."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def counts_exactly() -> bool:
    """Whether CPU is counted by the kernel for the command alone, and not for the whole machine."""
    with _counted() as cpu:
        return cpu.group is not None


@dataclass(slots=True)
class _Cpu:
    """The CPU seconds of a control group; without one, what all cores were busy meanwhile."""

    group: Path | None
    before: float

    def join(self) -> None:
        if self.group is not None:
            (self.group / "cgroup.procs").write_text("0")

    def seconds(self) -> float:
        if self.group is None:
            return _busy_seconds() - self.before
        return int((self.group / "cpuacct.usage").read_text()) / 1e9


@contextmanager
def _counted() -> Iterator[_Cpu]:
    group = CPUACCT / f"benchmark-{os.getpid()}"
    try:
        group.mkdir()
    except OSError:  # another version of control groups, or not ours to make
        yield _Cpu(None, _busy_seconds())
        return
    try:
        yield _Cpu(group, 0.0)
    finally:
        _remove(group)


def _remove(group: Path) -> None:
    for _ in range(50):
        try:
            group.rmdir()
        except OSError:  # a process of it is still ending
            time.sleep(0.1)
        else:
            return


def _busy_seconds() -> float:
    user, nice, system, *_ = Path("/proc/stat").read_text(encoding="ascii").split()[1:]
    return (int(user) + int(nice) + int(system)) / os.sysconf("SC_CLK_TCK")


class _Peak:
    """Looks a few times a second at the memory of a process and its descendants."""

    def __init__(self, root: int) -> None:
        self.mib = 0.0
        self._root = root
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(INTERVAL_S):
            kib = sum(_proportional_kib(process) for process in descendants(self._root))
            self.mib = max(self.mib, kib / 1024)


def _proportional_kib(process: int) -> int:
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    except OSError:  # it has ended
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)
