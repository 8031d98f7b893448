"""A course made for nbgrader, graded by nbgrader itself and by this engine: every difference.

Nothing of the course is changed: nbgrader works on a copy in a temporary folder, with its own
defaults. nbgrader runs the students' code with your rights, as it always does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from rich.table import Table

from autograder.course.model import Limits
from autograder.course.plain_text import plain
from autograder.course.report import Report
from autograder.errors import CourseError, ReleaseError
from autograder.grading import engine

FOLDERS = ("source", "submitted")
LIMIT_S = 3600
HUNDREDTH = 0.01  # scores are rounded to it
Tell = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that the two grade differently. A score is None where a person has to grade.

    `why` is what this engine found: the status of the cell, and where the student's code raised.
    """

    student: str
    assignment: str
    notebook: str
    cell: str
    nbgrader: float | None
    ours: float | None
    max_score: float
    why: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many cells were compared, which differ, and what could not be compared at all."""

    cells: int
    differences: tuple[Difference, ...]
    problems: tuple[str, ...]


def compare(folder: Path, limits: Limits | None = None, tell: Tell = lambda *_: None) -> Comparison:
    """Grades all that lies in `folder/submitted` twice.

    Raises: CourseError where the folder is no course of nbgrader's, or nbgrader cannot release it;
    SandboxError where student code cannot be run safely.
    """
    for name in FOLDERS:
        if not (folder / name).is_dir():
            raise CourseError(
                f"{folder} has no folder {name!r}; give a course folder as nbgrader makes it, with "
                "source/ and submitted/"
            )
    limits = limits or Limits()
    assignments = sorted(p.name for p in (folder / "source").iterdir() if p.is_dir())
    with tempfile.TemporaryDirectory(prefix="compare-") as temporary:
        copy = Path(temporary) / "course"
        _copy(folder, copy)
        found: list[Difference] = []
        problems: list[str] = []
        cells = 0
        for at, assignment in enumerate(assignments):
            tell(at, len(assignments), assignment)
            problems += _run_nbgrader(copy, assignment)
            for theirs, ours in _graded_twice(copy, assignment, limits, problems):
                cells += len(theirs.scores)
                found += _differences(theirs, ours)
        tell(len(assignments), len(assignments), "")
    return Comparison(cells, tuple(found), tuple(problems))


@dataclass(frozen=True, slots=True)
class _Theirs:
    """A submitted notebook as nbgrader scored it: by cell, the automatic score."""

    student: str
    assignment: str
    notebook: str
    scores: dict[str, float | None]


def _copy(folder: Path, copy: Path) -> None:
    """The course without its database and its configuration: nbgrader's own defaults hold."""
    for name in FOLDERS:
        shutil.copytree(folder / name, copy / name, symlinks=True)
    (copy / "nbgrader_config.py").write_text(
        "c = get_config()\nc.OverwriteCells.add_missing_cells = True\n", encoding="utf-8"
    )


def _run_nbgrader(copy: Path, assignment: str) -> Iterator[str]:
    program = Path(sys.executable).with_name("nbgrader")
    path = f"{program.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    for command in ("generate_assignment", "autograde"):
        done = subprocess.run(  # noqa: S603  # nbgrader itself, on a folder of our own
            [str(program), command, assignment],
            cwd=copy,
            env={**os.environ, "PATH": path, "JUPYTER_CONFIG_DIR": str(copy / "none")},
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip().splitlines()[-1:]
            if command == "generate_assignment":
                raise CourseError(f"nbgrader cannot release {assignment}: {' '.join(said)}")
            yield f"nbgrader autograde {assignment} ended with errors: {' '.join(said)}"


def _graded_twice(
    copy: Path, assignment: str, limits: Limits, problems: list[str]
) -> Iterator[tuple[_Theirs, Report]]:
    from nbgrader.api import Gradebook  # noqa: PLC0415  # seconds to import

    files = engine.files_beside(copy / "release" / assignment)
    with Gradebook(f"sqlite:///{copy / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(assignment):
            for notebook in submission.notebooks:
                name, student = notebook.name, submission.student.id
                source = copy / "source" / assignment / f"{name}.ipynb"
                path = copy / "submitted" / student / assignment / f"{name}.ipynb"
                released = copy / "release" / assignment / f"{name}.ipynb"
                if not path.is_file():
                    continue
                try:
                    report = engine.grade(
                        path.read_bytes(), nbformat.read(released, as_version=4), source, limits,
                        files=files,
                    )  # fmt: skip
                except ReleaseError as error:
                    problems.append(f"{assignment}/{name}: {error}")
                    continue
                scores = {
                    g.name: None if g.needs_manual_grade else g.auto_score for g in notebook.grades
                }
                yield _Theirs(student, assignment, name, scores), report


def _differences(theirs: _Theirs, ours: Report) -> Iterator[Difference]:
    for name, score in theirs.scores.items():
        cell = ours.cell(name)
        own = cell.score if cell is not None else None
        if _are_same(score, own):
            continue
        said = [o.detail or o.hint or "" for o in cell.outcomes] if cell is not None else []
        why = ": ".join(part for part in (cell.status if cell else "no such cell", *said) if part)
        most = cell.max_score if cell is not None else 0.0
        yield Difference(
            theirs.student, theirs.assignment, theirs.notebook, name, score, own, most, why
        )


def _are_same(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return abs(a - b) < HUNDREDTH


def to_table(comparison: Comparison) -> Table:
    """A row for each difference."""
    table = Table(box=None)
    for head in ("student", "notebook", "cell", "nbgrader", "here", "of", "why"):
        table.add_column(head, justify="right" if head in ("nbgrader", "here", "of") else "left")
    for d in comparison.differences:
        scores = (_score(d.nbgrader), _score(d.ours), f"{d.max_score:g}")
        row = (d.student, f"{d.assignment}/{d.notebook}", d.cell, *scores, d.why)
        table.add_row(*(plain(text) for text in row))
    return table


def _score(score: float | None) -> str:
    return "by hand" if score is None else f"{score:g}"
