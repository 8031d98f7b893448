"""Fixtures for tests that run real student code in a real sandbox."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from autograder.course.model import Limits
from autograder.grading.engine import grade
from autograder.grading.fork_server import has_sandbox
from autograder.grading.link import Link
from autograder.grading.session import Cell, Session
from autograder.grading.student import Student
from tests.grading import small

LIMITS = Limits(call_s=3.0, cell_s=3.0)


@pytest.fixture(scope="session")
def jail():
    """Skips, with the reason, where this host has no sandbox."""
    if not has_sandbox():
        pytest.skip("bubblewrap cannot run here: see autograder doctor")


@pytest.fixture
def notebook_of(jail):
    """`notebook_of("def f(x): ...")` is the `student` of a notebook with these cells."""
    with ExitStack() as stack:

        def make(*cells: str, limits: Limits = LIMITS) -> Student:
            named = [
                Cell(f"f_answer_{i}", text, limits.cell_s) for i, text in enumerate(cells, start=1)
            ]
            session = stack.enter_context(Session(named, limits))
            session.run()
            link = Link(session)
            link.begin("f", 0)
            return Student(link, {cell.name: cell.source for cell in named})

        yield make


@pytest.fixture
def graded(jail, tmp_path):
    """`graded(answers...)` is the Report on the small assignment with these answers."""
    tests = small.write_hidden_tests(tmp_path / "hidden_tests")

    def make(*answers: str, content: bytes | None = None, limits: Limits = LIMITS, **named: str):
        submitted = small.text(small.notebook(*answers, **named)) if content is None else content
        return grade(submitted, small.notebook(), tests, limits)

    return make


CONFIG = """
from autograder.settings import plug_into_nbgrader

c = get_config()
plug_into_nbgrader(c)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.Course.hidden_tests = "hidden_tests"
c.Calendar.timezone = "America/Los_Angeles"
c.Calendar.due = {"small": "2026-01-20 16:00"}
c.GradingLimits.call_s = 1.0
c.GradingLimits.cell_s = 3.0
"""


@pytest.fixture(scope="session")
def template(jail, tmp_path_factory):
    """A course with the small assignment released by `nbgrader generate_assignment`, once."""
    root = tmp_path_factory.mktemp("template") / "course"
    (root / "solutions" / small.NAME).mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG)
    (root / "roster.csv").write_text(
        "id,name,email,repository\n"
        + "".join(f"{s},{s},{s}@example.edu,https://example.edu/{s}.git\n" for s in STUDENTS)
    )
    (root / "solutions" / small.NAME / f"{small.NAME}.ipynb").write_bytes(
        small.text(small.source())
    )
    small.write_hidden_tests(root / "hidden_tests")
    done = nbgrader(root, "generate_assignment", small.NAME)
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture
def course_folder(template, tmp_path):
    """A course of its own with the small assignment released."""
    return shutil.copytree(template, tmp_path / "course")


def nbgrader(root, *arguments):
    """Runs one of nbgrader's commands as an instructor does, in the course's folder."""
    folder = Path(sys.executable).parent  # nbgrader starts `alembic`, which lies there too
    return subprocess.run(
        [folder / "nbgrader", *arguments],
        cwd=root,
        env=os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )


STUDENTS = ("ada", "bob", "cyd", "dan", "eve")


def hand_in(root, student: str, content: bytes) -> None:
    """Puts a file where the collector would."""
    folder = root / "submitted" / student / small.NAME
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{small.NAME}.ipynb").write_bytes(content)
    (folder / "timestamp.txt").write_text("2026-01-20 10:00:00 UTC")
