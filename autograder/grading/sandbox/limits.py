"""The limits that the kernel holds on one submission's process and its children."""

from __future__ import annotations

import resource


def apply_limits(limits: dict[str, int]) -> None:
    """Sets hard limits that the process cannot raise again.

    Keys: `cpu_s` (seconds of CPU), `memory_bytes` (private writable memory), `file_bytes` (the
    largest file), `processes` (threads count as processes).
    """
    for kind, value in (
        (resource.RLIMIT_CPU, limits["cpu_s"]),
        (resource.RLIMIT_DATA, limits["memory_bytes"]),
        (resource.RLIMIT_FSIZE, limits["file_bytes"]),
        (resource.RLIMIT_NPROC, limits["processes"]),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))
