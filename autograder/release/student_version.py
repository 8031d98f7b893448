"""A source notebook to the one that students get: nbgrader's conversion, whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

import nbformat
from nbformat import NotebookNode
from traitlets.config import Config

from autograder.converters import convert
from autograder.course.course import Course
from autograder.errors import ReleaseError
from autograder.release import leaks
from autograder.release.nbgrader_hooks import set_due_date
from autograder.release.student_files import place_student_files
from autograder.settings import load_config


@dataclass(frozen=True, slots=True)
class Released:
    """What became of a release. `status` speaks of the files in `folder`."""

    assignment: str
    status: Literal["released", "unchanged"]
    folder: Path


def release(course: Course, assignment: str) -> Released:
    """Makes the student notebook and tells nbgrader's gradebook its cells, points and due date.

    The files are the ones that `nbgrader generate_assignment` writes. They are looked through
    before they take the place of the old ones, so that no failure leaves half a release behind.

    Raises:
        CourseError: the calendar has no such assignment.
        ReleaseError: there is no source notebook, nbgrader refuses it, or the result would show
            students a solution, a hidden test or an output; `problems` names each.
    """
    course.assignment(assignment)
    folder = course.folders.release / assignment
    read_source(course, assignment)
    place_student_files(source_of(course, assignment).parent)
    with _beside(course) as draft:
        render(course, assignment, draft)
        found = leaks.find(source_of(course, assignment).parent, draft / assignment)
        if found:
            raise ReleaseError(f"{assignment} is not fit to be released: {'; '.join(found)}", found)
    with _beside(course) as new:
        _convert(course, assignment, new, keeps_records=True)
        set_due_date(course, assignment)  # nbgrader only logs it where its hook fails
        if read_tree(folder) == read_tree(new / assignment):
            return Released(assignment, "unchanged", folder)
        _put(new / assignment, folder)
    return Released(assignment, "released", folder)


def render(course: Course, assignment: str, into: Path) -> None:
    """Writes what the source gives to `into`/<assignment> and leaves everything else as it is.

    Raises:
        ReleaseError: there is no source notebook, or nbgrader refuses it.
    """
    _convert(course, assignment, into, keeps_records=False)


def source_of(course: Course, assignment: str) -> Path:
    """Where the assignment's source notebook lies."""
    return course.folders.source / assignment / f"{assignment}.ipynb"


def read_source(course: Course, assignment: str) -> NotebookNode:
    """The assignment's source notebook, whose cells have ids of their own.

    Ids that nbformat makes up are others each time: no release would ever be unchanged.

    Raises:
        ReleaseError: there is no source, it is no notebook, or cells have no id or the same.
    """
    path = source_of(course, assignment)
    try:
        notebook = cast(NotebookNode, nbformat.from_dict(json.loads(path.read_bytes())))
        ids = Counter(cell.get("id", "") for cell in notebook.cells)
    except FileNotFoundError as error:
        raise ReleaseError(f"{path} does not exist; write the source notebook there") from error
    except (ValueError, AttributeError) as error:
        raise ReleaseError(f"{path} is no notebook ({error}); save it in JupyterLab 4") from error
    problems = [f"cell id {name!r} is there {n} times" for name, n in ids.items() if name and n > 1]
    if ids[""]:
        problems.append(f"{ids['']} cells have no id")
    if problems:
        raise ReleaseError(f"{path}: {'; '.join(problems)}; give each its own", tuple(problems))
    return notebook


def read_tree(folder: Path) -> Mapping[str, bytes]:
    """Every file under a folder, by its path from there; nothing where there is no folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _convert(course: Course, assignment: str, into: Path, keeps_records: bool) -> None:
    """Runs nbgrader's own converter with `into` as its release folder."""
    read_source(course, assignment)
    config = load_config(course.root)
    config.CourseDirectory.release_directory = str(into.resolve())
    if not keeps_records:
        config.merge(
            Config(
                SaveCells={"enabled": False},
                GenerateAssignment={
                    "no_database": True,
                    "pre_convert_hook": None,
                    "post_convert_hook": None,
                },
            )
        )
    reason = convert("GenerateAssignment", course.root, config, assignment)
    if reason is None and not (into / assignment / f"{assignment}.ipynb").is_file():
        reason = "it made no notebook"
    if reason is not None:
        raise ReleaseError(f"nbgrader cannot make {assignment} for students: {reason}", (reason,))
    place_student_files(into / assignment)  # nbgrader only logs it where its hook fails


@contextmanager
def _beside(course: Course) -> Iterator[Path]:
    """A folder for the time of a release, on the file system where the release will lie."""
    course.state.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=course.state, prefix="release.") as folder:
        yield Path(folder)


def _put(new: Path, folder: Path) -> None:
    """Moves `new` to where `folder` stands."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        old = new.with_name(f"{new.name}.old")
        folder.rename(old)
    shutil.move(new, folder)
