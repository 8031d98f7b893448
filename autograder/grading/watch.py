"""How many processes a sandbox runs and how much memory they hold together.

The kernel's own limits are per process, and its limit on processes does not hold for a grader that
runs as root. So the grader looks itself, several times a second, while it waits for an answer.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from autograder.course.model import Limits
from autograder.errors import StudentCrashError

PROC = Path("/proc")
INTERVAL_S = 0.2
OWN_PROCESSES = 2  # bubblewrap outside and inside its namespaces
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def check_usage(root: int, limits: Limits) -> None:
    """Looks at the process `root` and all that descends from it.

    Raises: StudentCrashError where they are more, or hold more memory together, than `limits`.
    """
    memory = 0
    for count, process in enumerate(descendants(root), start=1):
        memory += resident_bytes(process)
        if count > limits.processes + OWN_PROCESSES:
            raise StudentCrashError(f"the code ran more than {limits.processes} processes")
        if memory > limits.memory_mib * 2**20:
            raise StudentCrashError(f"the code used more than {limits.memory_mib} MiB of memory")


def descendants(root: int) -> Iterator[int]:
    """The process `root` and its children, their children, and so on; those that end meanwhile
    are left out."""
    waiting = [root]
    while waiting:
        process = waiting.pop()
        yield process
        for children in PROC.glob(f"{process}/task/*/children"):
            try:
                waiting += map(int, children.read_text().split())
            except OSError:  # it has ended
                continue


def resident_bytes(process: int) -> int:
    """The memory of a process that is its own, in bytes; 0 once it has ended."""
    try:
        _, resident, shared, *_ = (PROC / str(process) / "statm").read_text().split()
    except (OSError, ValueError):
        return 0
    return (int(resident) - int(shared)) * PAGE_BYTES
