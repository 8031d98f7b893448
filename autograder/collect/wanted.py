"""What is looked for in a student's commit, and what a search comes to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import nbformat
from nbformat import NotebookNode

from autograder.collect.deposit import blob_id
from autograder.collect.objects import inspect
from autograder.collect.pins import Pins
from autograder.course.course import Course
from autograder.notebooks import UnreadableNotebookError, grade_id, is_solution, parse

THEORY = "theory.pdf"
SUBMITTED_THEORY = "theory_handed_in.pdf"
"""Its name in submitted/, of its own: nbgrader lays the course's files over those of one name."""
MAX_THEORY_MIB = 32  # forty pages photographed; what is larger was never made smaller


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file in a commit. Two of the same content are equal, wherever they lie."""

    blob: str
    path: str = field(compare=False)
    size: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Search:
    """What was found: a file, or the reasons for none; `is_refused` where it may not be taken.

    `notes` are for the instructor and the student; `theory` is the PDF beside a notebook.
    """

    found: FoundFile | None
    notes: tuple[str, ...] = ()
    is_refused: bool = False
    theory: FoundFile | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The assignment as it was released, and how large a student's notebook of it may be.

    `cells` are nbgrader's names of its cells, `answers` those to write in with their text, and
    `given` the ids of the PDFs beside the notebook.
    """

    assignment: str
    cells: frozenset[str]
    max_mib: int
    released: bytes | None = field(default=None, repr=False)
    answers: Mapping[str, str] = field(default_factory=dict, repr=False)
    given: frozenset[str] = frozenset()

    @property
    def path(self) -> str:
        return f"{self.assignment}/{self.assignment}.ipynb"

    @property
    def theory_path(self) -> str:
        return f"{self.assignment}/{THEORY}"

    @property
    def blank(self) -> FoundFile | None:
        """The released notebook, as if it were found; it has no path in the commit."""
        if self.released is None:
            return None
        return FoundFile(blob_id(self.released), "", len(self.released))


def read_wanted(course: Course, assignment: str) -> Wanted:
    """What is wanted of everybody; it names no cells where the assignment is not released."""
    folder = course.folders.release / assignment
    try:
        released = (folder / f"{assignment}.ipynb").read_bytes()
        texts = {name: cell.source for cell in parse(released).cells if (name := grade_id(cell))}
    except (FileNotFoundError, UnreadableNotebookError):
        released, texts = None, {}
    answers = {name: texts[name] for name in _answer_cells(released) if name in texts}
    given = frozenset(blob_id(path.read_bytes()) for path in _pdfs(folder))
    most = course.limits.notebook_mib
    return Wanted(assignment, frozenset(texts), most, released, answers, given)


def take_file(pins: Pins, oid: str, path: str, max_mib: int, advice: str) -> Search:
    """The file, once its size is known; its content may still have to be fetched."""
    info = inspect(pins.repository, oid, pins.limits)
    if info is None:
        pins.fetch_blob(oid, max_mib)
        info = inspect(pins.repository, oid, pins.limits)
    if info is None or info.kind != "blob":
        return Search(None, (f"{path} is no file; commit it again",), is_refused=True)
    if info.size > max_mib * 2**20:
        size = f"{path} has {info.size / 2**20:.0f} MiB; at most {max_mib} are taken"
        return Search(None, (f"{size}: {advice}",), is_refused=True)
    return Search(FoundFile(oid, path, info.size))


def _answer_cells(released: bytes | None) -> list[str]:
    """The names of the cells that students write in; `parse` drops what says so."""
    if released is None:
        return []
    cells = [
        cast(NotebookNode, nbformat.from_dict(c)) for c in json.loads(released).get("cells", [])
    ]
    return [name for cell in cells if is_solution(cell) and (name := grade_id(cell))]


def _pdfs(folder: Path) -> Iterator[Path]:
    yield from (path for path in folder.rglob("*") if path.suffix.lower() == ".pdf")
