"""A GitHub with an organization, its teacher, and two students; the clock is the tests'."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.course.model import Student
from autograder.repositories.github.forge import GitHubForge, forge_at
from autograder.repositories.github.troubles import Patience
from tests.repositories.git_students import GitStudent, new_student, with_login
from tests.repositories.github.description import Description
from tests.repositories.github.fake_github import FakeGitHub

TOKEN = "github_pat_11TEACHERS0SECRET"  # noqa: S105 - nobody's
NOON = datetime(2026, 9, 8, 12, tzinfo=UTC)


@dataclass
class Hub:
    """What the tests arrange and act with."""

    github: FakeGitHub
    forge: GitHubForge
    folder: Path
    clock: list[datetime]
    ada: Student
    ben: Student

    def enrolled(self, student: Student) -> GitStudent:
        """The student's repository is made; their own git, with their own token."""
        self.forge.create_repository(student)
        return self.git_of(student)

    def git_of(self, student: Student) -> GitStudent:
        address = with_login(self.forge.fetch_url(student), "git", f"ghp_{student.login}")
        number = len(list(self.folder.glob("home*")))
        return new_student(self.folder / f"home{number}", address)

    def another_forge(self, token: str = TOKEN, **options) -> GitHubForge:
        return forge_at(self.github.url, token, **(_QUICK | options))


_QUICK = {
    "patience": Patience(first_s=0.01, total_s=3.0),
    "read_pause_s": 0.0,
    "write_pause_s": 0.0,
    "timeout_s": 5,
}


@pytest.fixture(scope="session")
def description() -> Description:
    return Description()


@pytest.fixture
def hub(tmp_path: Path, description: Description) -> Iterator[Hub]:
    with open_hub(tmp_path, description) as found:
        yield found


@contextmanager
def open_hub(folder: Path, description: Description) -> Iterator[Hub]:
    """GitHub with a teacher and two students; no exchange may violate its description."""
    clock = [NOON]
    with FakeGitHub(description, folder / "served", lambda: clock[0]) as github:
        github.world.accounts = {
            "deep-learning": "Organization",
            "teacher": "User",
            "ada-l": "User",
            "ben-m": "User",
        }
        github.tokens = {TOKEN: "teacher", "ghp_ada-l": "ada-l", "ghp_ben-m": "ben-m"}
        people = [
            Student(i, i.title(), f"{i}@x.org", f"{github.url}/deep-learning/{i}", login)
            for i, login in (("ada", "ada-l"), ("ben", "ben-m"))
        ]
        forge = forge_at(github.url, TOKEN, **_QUICK)
        yield Hub(github, forge, folder, clock, *people)
        assert github.violations == []
