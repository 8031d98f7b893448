"""One submission to grade, as data alone: what its Report depends on, and nothing else.

A job can be graded in this process, in another, or on another machine: it holds the submitted
bytes, the released notebook, the hidden tests, the limits and the student's own seed. It holds no
secret of the course, no credential, and of the student nothing but the id.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache, lru_cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

import autograder
import course_lib
from autograder.course.model import Limits
from autograder.course.report import Report
from autograder.grading import engine
from autograder.grading.settling import settle
from autograder.grading.unpacked import unpacked

PACKAGE = Path(autograder.__file__).parent
# What a report depends on besides the job: change any of it and everything is graded anew.
JUDGES = (
    PACKAGE / "grading",
    PACKAGE / "answers",
    PACKAGE / "notebooks.py",
    PACKAGE / "course" / "report.py",
)


@dataclass(frozen=True, slots=True)
class Job:
    """A student's submission of an assignment; `tests` and `files` are by their names."""

    student: str
    assignment: str
    submitted: bytes = field(repr=False)
    released: bytes = field(repr=False)
    files: Mapping[str, bytes] = field(repr=False)  # beside the released notebook
    tests: Mapping[str, bytes] = field(repr=False)  # test_NAME.py, and mistakes_NAME.py
    limits: Limits
    seed: bytes = field(repr=False)

    @property
    def frame(self) -> str:
        """A name for all that the report depends on, but for the hidden tests."""
        limits = json.dumps(asdict(self.limits), sort_keys=True)
        names = [self.student, self.assignment, limits, judges(), self.seed.hex()]
        parts = [name.encode() for name in names] + [self.submitted, self.released]
        parts += [part for name in sorted(self.files) for part in (name.encode(), self.files[name])]
        digest = hashlib.sha256()
        for part in parts:
            digest.update(b"%d\n" % len(part) + part)
        return digest.hexdigest()


def grade_job(job: Job, only: Collection[str] | None = None) -> Report:
    """The Report on a job: a pure function, wherever it is called.

    Raises: SandboxError where this host cannot run student code safely; ReleaseError where the
        hidden tests themselves are broken.
    """
    released = read_notebook(job.released)
    prepared = engine.prepare(job.submitted, released, job.limits)
    folder = unpacked(tuple(sorted(job.tests.items())))
    path = folder / f"test_{job.assignment}.py"
    if not path.exists():  # a notebook in nbgrader's own format
        path = folder / f"{job.assignment}.ipynb"
    report = engine.grade_prepared(
        prepared,
        released,
        hidden_tests=path,
        limits=job.limits,
        seed=job.seed,
        only=only,
        student_id=job.student,
        files=job.files,
    )
    settle("grading")
    return report


@lru_cache(maxsize=4)
def read_notebook(content: bytes) -> NotebookNode:
    """A notebook of the course's own. It is read once in a process: leave it as it is."""
    return nbformat.reads(content.decode("utf-8"), as_version=4)


@cache
def judges() -> str:
    """One hash of all the code that judges, read once in a process."""
    places = (*JUDGES, Path(course_lib.__file__).parent, PACKAGE / "hidden_tests")
    files = [f for p in places for f in ([p] if p.is_file() else p.rglob("*"))]
    kept = sorted(f for f in files if f.suffix in (".py", ".ini") and not _is_of_assignment(f))
    hashes = [hashlib.sha256(file.read_bytes()).hexdigest() for file in kept]
    text = "".join(f"{file.name}{digest}" for file, digest in zip(kept, hashes, strict=True))
    return hashlib.sha256(text.encode()).hexdigest()


def _is_of_assignment(file: Path) -> bool:
    """Hidden tests and banks, which have keys of their own."""
    return file.parent == PACKAGE / "hidden_tests" and file.name.startswith(("test_", "mistakes_"))
