"""Fixtures for tests that run real student code in a real sandbox."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from autograder.course.model import Limits
from autograder.grading.engine import grade
from autograder.grading.jail import has_jail
from autograder.grading.link import Link
from autograder.grading.session import Cell, Session
from autograder.grading.student import Student
from tests.grading import small

LIMITS = Limits(call_s=3.0, cell_s=3.0)


@pytest.fixture(scope="session")
def jail():
    """Skips, with the reason, where this host has no sandbox."""
    if not has_jail():
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
