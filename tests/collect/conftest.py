"""A classroom: a course, a real server with a clock that a test sets, and students who push."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from autograder.collect.collect import Collected, collect
from autograder.course.course import Course, Folders
from autograder.course.model import Assignment, Limits, Student
from autograder.course.policy import LateRule
from autograder.repositories.server import GitServer, User, create_repository
from tests.repositories.git_students import GitStudent, new_student, with_login

DUE = datetime(2026, 9, 8, 16, tzinfo=ZoneInfo("America/Los_Angeles"))
HW = "hw01_norms"
MAIN = "refs/heads/main"
CELLS = ("lp_norm", "dual_norm", "frobenius_norm")


def notebook(answer: str = "1", cells: tuple[str, ...] = CELLS) -> bytes:
    """A notebook with these grade cells; `answer` tells versions apart."""
    return json.dumps(
        {
            "cells": [
                {
                    "cell_type": "code",
                    "id": name,
                    "execution_count": None,
                    "outputs": [],
                    "source": f"answer = {answer!r}",
                    "metadata": {
                        "nbgrader": {
                            "grade_id": name,
                            "grade": True,
                            "solution": True,
                            "points": 1,
                        }
                    },
                }
                for name in cells
            ],
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    ).encode()


@dataclass
class Classroom:
    """What the tests arrange and act with."""

    server: GitServer
    course: Course
    folder: Path
    clock: list[datetime]
    tips: dict[GitStudent, str] = field(default_factory=dict)

    def join(self, name: str) -> GitStudent:
        """A new student of the roster, with an empty repository on the server."""
        create_repository(self.server.root, name)
        self.server.users[name] = User(name, "word")
        url = self.server.repository_url(name)
        student = Student(name, name.title(), f"{name}@example.org", url)
        self.course = replace(self.course, students=(*self.course.students, student))
        return new_student(self.folder / name, with_login(url, name, "word"))

    def at(self, **after_due: float) -> None:
        """Set the server's clock, by its distance from the deadline."""
        self.clock[0] = DUE + timedelta(**after_due)

    def hand_in(self, student: GitStudent, answer: str = "1", **files: bytes) -> str:
        """Push a commit with the notebook in its place, on top of the one before; its id."""
        content = {f"{HW}/{HW}.ipynb": notebook(answer), **files}
        return self.push(student, student.commit(content, parent=self.tips.get(student)))

    def push(self, student: GitStudent, commit: str) -> str:
        """Push a commit to main, whatever was there; its id."""
        student.push(f"+{commit}:{MAIN}")
        self.tips[student] = commit
        return commit

    def bring(self, student: GitStudent, content: bytes | None = None, **files: bytes) -> str:
        """The staff push the notebook as it was released, or `content`; the commit's id."""
        released = content or notebook("YOUR CODE HERE")
        desk = replace(student, address=self.served(student.repository.parent.name))
        commit = student.commit(
            {f"{HW}/{HW}.ipynb": released, **files}, parent=self.tips.get(student)
        )
        desk.push(f"+{commit}:{MAIN}")
        self.tips[student] = commit
        return commit

    def served(self, name: str) -> str:
        """A student's repository as the staff reach it."""
        return with_login(self.server.repository_url(name), "staff", "s-word")

    def collect(self, assignment: str = HW, **after_due: float) -> dict[str, Collected]:
        now = DUE + timedelta(**(after_due or {"days": 3}))
        return {one.student: one for one in collect(self.course, assignment, now=now)}

    def submitted(self, student: str, assignment: str = HW) -> bytes:
        folder = self.course.folders.submitted / student / assignment
        return (folder / f"{assignment}.ipynb").read_bytes()


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Classroom]:
    monkeypatch.setenv("AUTOGRADER_GIT_TOKEN", "staff:s-word")
    names = ("source", "release", "submitted", "autograded", "feedback")
    folders = Folders(*(tmp_path / name for name in names))
    released = folders.release / HW / f"{HW}.ipynb"
    released.parent.mkdir(parents=True)
    released.write_bytes(notebook("YOUR CODE HERE"))
    course = Course(
        name="deep learning",
        root=tmp_path,
        timezone=ZoneInfo("America/Los_Angeles"),
        students=(),
        assignments=(
            Assignment(HW, DUE),
            Assignment("hw02_gemm", DUE + timedelta(days=7)),
        ),
        late=LateRule(days=2, times=1),
        best_of=9,
        limits=Limits(notebook_mib=8),
        folders=folders,
        staff_name="Staff",
        staff_email="staff@example.org",
        secret=b"secret",
        hidden_tests=tmp_path,
        state=tmp_path / ".autograder",
    )
    clock = [DUE - timedelta(days=1)]
    users = [User("staff", "s-word", is_staff=True)]
    with GitServer(
        tmp_path / "served", users, clock=lambda: clock[0].astimezone(UTC), check_objects=False
    ) as server:
        yield Classroom(server, course, tmp_path, clock)
