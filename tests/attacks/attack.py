"""What one hostile notebook is: its name, what it attempts, and its cells or its whole file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from autograder.course.model import Limits
from tests.grading.small import STUB

LIMITS = Limits(
    call_s=1, cell_s=2, submission_s=20, cpu_s=20, memory_mib=512, processes=64, output_mib=1,
    disk_mib=32, notebook_mib=8,
)  # fmt: skip
# An attack tells of what it reached; the word stands nowhere in its own source.
TELL = """def tell(what):
    print("".join(["REA", "CHED: "]) + str(what)[:300])
"""
REACHED = "REACHED: "


@dataclass(frozen=True, slots=True)
class Attack:
    """A hostile notebook: two answer cells, or a whole file where `content` makes one.

    `never_shown` is what must not stand in anything that the student reads, beside what no student
    may read in any case. `CANARY_FILE`, `CANARY_PID`, `CANARY_PORT` and `CANARY_SOCKET` in a cell
    become those of the test's own host.
    """

    name: str
    attempts: str
    norm: str = STUB
    add: str = STUB
    content: Callable[[], bytes] | None = None
    never_shown: tuple[str, ...] = ()
    limits: Limits = LIMITS
