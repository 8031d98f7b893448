"""How many processes a sandbox runs and how much memory they hold together.

The kernel's own limits are per process, and its limit on processes does not hold for a grader that
runs as root. So the grader looks itself, several times a second, while it waits for an answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from autograder.course.model import Limits
from autograder.errors import StudentCrashError

PROC = Path("/proc")
INTERVAL_S = 0.2
OWN_PROCESSES = 1  # the first process of a submission's namespaces, which runs no student code


def check_usage(root: int, limits: Limits) -> None:
    """Looks at the process `root` and all that descends from it.

    What they hold is first told quickly, with what they share counted for each. Where that is too
    much they are weighed one by one, until it is certain on which side of the limit they are.

    Raises: StudentCrashError where they are more, or hold more memory together, than `limits`.
    """
    most = limits.memory_mib * 2**20
    family = _family(root, limits)[OWN_PROCESSES:]
    held = {process: held_bytes(process) for process in family}
    at_least, at_most = 0, sum(held.values())
    for process in sorted(held, key=lambda process: held[process], reverse=True):
        if at_most <= most:
            return
        own = own_bytes(process)
        at_least += own
        at_most += own - held[process]
        if at_least > most:
            raise StudentCrashError(f"the code used more than {limits.memory_mib} MiB of memory")
        _family(root, limits)  # weighing takes milliseconds, in which a bomb forks on


def _family(root: int, limits: Limits) -> list[int]:
    """The processes of a sandbox, counted only as far as they may be many."""
    family: list[int] = []
    for process in descendants(root):
        family.append(process)
        if len(family) > limits.processes + OWN_PROCESSES:
            raise StudentCrashError(f"the code ran more than {limits.processes} processes")
    return family


def descendants(root: int) -> Iterator[int]:
    """The process `root` and its children, their children, and so on; those that end meanwhile
    are left out."""
    waiting = [root]
    while waiting:
        process = waiting.pop()
        yield process
        waiting += children_of(process)


def children_of(process: int) -> list[int]:
    """The processes that a process has started and that still run."""
    found: list[int] = []
    with suppress(OSError):  # it has ended
        for thread in (PROC / str(process) / "task").iterdir():
            with suppress(OSError):
                found += map(int, (thread / "children").read_text().split())
    return found


def threads_of_user(user: int) -> int:
    """How many threads the processes of a user have on this machine: the kernel's limit counts
    them all."""
    count = 0
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            with suppress(OSError):  # it has ended
                if folder.stat().st_uid == user:
                    count += sum(1 for _ in (folder / "task").iterdir())
    return count


def held_bytes(process: int) -> int:
    """The memory that a process holds and no file does, in bytes; 0 once it has ended.

    What it shares with the server that it was forked from is counted too: quick, and never less
    than what it costs.
    """
    return _sum_of(process, "status", ("RssAnon:", "RssShmem:"))


def own_bytes(process: int) -> int:
    """The same, where a page that n processes share counts as 1/n page: exact, and some
    milliseconds slower.

    A process that hid its memory from its own user (PR_SET_DUMPABLE) counts in full.
    """
    try:
        return _sum_of(process, "smaps_rollup", ("Pss_Anon:", "Pss_Shmem:"))
    except PermissionError:
        return held_bytes(process)


def _sum_of(process: int, file: str, names: tuple[str, ...]) -> int:
    """Raises: PermissionError where the file of a running process may not be read."""
    try:
        lines = (PROC / str(process) / file).read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines.splitlines() if line.startswith(names))
