"""A release is what nbgrader's own command writes, whole or not at all."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.errors import CourseError, ReleaseError
from autograder.release import release, render
from autograder.release.student_files import student_files
from autograder.release.student_version import read_tree
from tests.release.small_course import HW, source_notebook, write_course, write_source


def by_command(root: Path) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", HW, "--force"],
        cwd=root,
        env={**os.environ, "PATH": path},
        check=True,
        capture_output=True,
    )


def due_date(course) -> datetime:
    gradebook: Any  # nbgrader's annotations predate what a type checker can follow
    with Gradebook(course.database_url) as gradebook:
        return gradebook.find_assignment(HW).duedate


def test_release_writes_what_nbgraders_command_writes(tmp_path):
    ours = write_course(tmp_path / "ours")
    theirs = write_course(tmp_path / "theirs")

    released = release(ours, HW)
    by_command(theirs.root)

    assert released.status == "released"
    assert read_tree(released.folder) == read_tree(theirs.folders.release / HW) != {}
    assert due_date(ours) == due_date(theirs) == datetime(2019, 1, 30, 0, 0)  # noqa: DTZ001  # UTC


def test_second_release_is_unchanged(tmp_path):
    course = write_course(tmp_path)
    release(course, HW)
    before = read_tree(course.folders.release)

    again = release(course, HW)

    assert again.status == "unchanged"
    assert read_tree(course.folders.release) == before


def test_changed_source_is_released_and_old_files_go(tmp_path):
    course = write_course(tmp_path)
    extra = course.folders.source / HW / "data.csv"
    extra.write_text("x\n1\n")
    release(course, HW)
    extra.unlink()
    notebook = source_notebook()
    notebook.cells[0].source = "# Smaller"
    write_source(tmp_path, notebook)

    again = release(course, HW)

    assert again.status == "released"
    assert set(read_tree(again.folder)) == {f"{HW}.ipynb", *student_files()}
    assert b"# Smaller" in read_tree(again.folder)[f"{HW}.ipynb"]
    assert [path.name for path in course.state.glob("release.*")] == []


def test_released_notebook_has_stubs_and_points(tmp_path):
    course = write_course(tmp_path)
    folder = release(course, HW).folder
    notebook = nbformat.read(folder / f"{HW}.ipynb", as_version=4)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    assert "raise NotImplementedError()" in cells["double_answer"].source
    assert "hidden" not in cells["double"].source.lower()
    assert cells["bound"].metadata.nbgrader.points == 10


def test_leak_leaves_the_old_release_as_it_was(tmp_path):
    course = write_course(tmp_path)
    release(course, HW)
    before = read_tree(course.folders.release)
    notebook = source_notebook()
    notebook.cells.append(nbformat.v4.new_code_cell("bound = 1000 + 200 + 34", id="scratch"))
    write_source(tmp_path, notebook)

    with pytest.raises(ReleaseError, match="not fit to be released") as caught:
        release(course, HW)

    assert caught.value.problems == (
        f"{HW}.ipynb: cell number 6 repeats in line 1 what is hidden in cell 'bound_answer'; "
        "take it out there",
    )
    assert read_tree(course.folders.release) == before


def test_what_nbgrader_refuses_leaves_the_old_release_as_it_was(tmp_path):
    course = write_course(tmp_path)
    release(course, HW)
    before = read_tree(course.folders.release)
    notebook = source_notebook()
    notebook.cells[1].source = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x"
    write_source(tmp_path, notebook)

    with pytest.raises(ReleaseError, match=r"nbgrader cannot make hw01_small.*solution"):
        release(course, HW)

    assert read_tree(course.folders.release) == before


def test_render_changes_nothing_but_its_folder(tmp_path):
    course = write_course(tmp_path / "course")
    before = read_tree(course.root)
    render(course, HW, tmp_path / "out")
    files = {f"{HW}.ipynb", *student_files()}
    assert set(read_tree(tmp_path / "out")) == {f"{HW}/{name}" for name in files}
    assert {k: v for k, v in read_tree(course.root).items() if "__pycache__" not in k} == before


def test_unknown_assignment_is_named(tmp_path):
    with pytest.raises(CourseError, match="no assignment 'hw99'"):
        release(write_course(tmp_path), "hw99")


def test_missing_source_is_named(tmp_path):
    course = write_course(tmp_path)
    (course.folders.source / HW / f"{HW}.ipynb").unlink()
    with pytest.raises(ReleaseError, match="does not exist; write the source notebook there"):
        release(course, HW)


def test_source_that_is_no_notebook_is_named(tmp_path):
    course = write_course(tmp_path)
    (course.folders.source / HW / f"{HW}.ipynb").write_text("{}")
    with pytest.raises(ReleaseError, match="is no notebook"):
        release(course, HW)
