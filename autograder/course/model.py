"""The people, the work and the limits of a course, as plain data."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

# How student code is held: in namespaces of its own, or, where a host forbids those and the course
# says so by name, by Landlock and a filter of system calls alone.
Isolation = Literal["namespaces", "landlock"]

# What counts at the deadline: the state of main, or of a pull request onto it that is open.
SubmitBy = Literal["main", "pull request"]


@dataclass(frozen=True, slots=True)
class Student:
    """One row of the roster. `id` is what nbgrader calls the student; it is safe as a file name.

    `login` is the name on GitHub or the like, where that is not the id.
    """

    id: str
    name: str
    email: str
    repository: str
    login: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One assignment of the calendar; `due` is aware."""

    name: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may use.

    `cell_s` and `call_s` are wall seconds for one notebook cell and for one call that a hidden test
    makes; `cpu_s` is CPU seconds and `submission_s` wall seconds for the whole submission.
    """

    cell_s: float = 30.0
    call_s: float = 10.0
    submission_s: float = 300.0
    cpu_s: int = 300
    memory_mib: int = 3072
    processes: int = 64
    output_mib: float = 4.0
    disk_mib: int = 256
    notebook_mib: int = 64
    isolation: Isolation = "namespaces"


@dataclass(frozen=True, slots=True)
class Submission:
    """What was collected from a student: the commit, when the server received it, where it lies.

    `late_days` counts the days of the late rule that it uses (0: on time). `theory` is where the
    PDF that was taken along lay in the repository, empty where there was none.
    """

    student: str
    assignment: str
    commit: str
    received: datetime
    folder: Path
    late_days: int = 0
    theory: str = ""
