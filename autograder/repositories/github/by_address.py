"""A class whose repositories lie on GitHub or beside it: each student's address decides."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.course.model import Student
from autograder.repositories.forge import Forge
from autograder.repositories.git import Network
from autograder.repositories.github.forge import GitHubForge, open_github
from autograder.repositories.pull_requests import Comment, PullRequest, Review, State
from autograder.repositories.push_log import PushEntry


@dataclass(frozen=True, slots=True)
class ByAddress:
    """GitHub for the students whose repository is there, `plain` for all others."""

    github: GitHubForge
    plain: Forge

    def push_log(self, student: Student) -> tuple[PushEntry, ...]:
        return self._of(student).push_log(student)

    def fetch_url(self, student: Student) -> str:
        return self._of(student).fetch_url(student)

    def network(self, student: Student) -> Network:
        return self._of(student).network(student)

    def create_repository(self, student: Student) -> bool:
        return self._of(student).create_repository(student)

    def pull_requests(self, student: Student) -> tuple[PullRequest, ...]:
        return self._of(student).pull_requests(student)

    def open_pull_request(
        self, student: Student, head: str, base: str, title: str, body: str
    ) -> PullRequest:
        return self._of(student).open_pull_request(student, head, base, title, body)

    def update_pull_request(
        self, student: Student, number: int, title: str, body: str
    ) -> PullRequest:
        return self._of(student).update_pull_request(student, number, title, body)

    def review(self, student: Student, number: int, commit: str, review: Review) -> bool:
        return self._of(student).review(student, number, commit, review)

    def set_status(self, student: Student, commit: str, state: State, description: str) -> None:
        self._of(student).set_status(student, commit, state, description)

    def comments(self, student: Student, number: int) -> tuple[Comment, ...]:
        return self._of(student).comments(student, number)

    def _of(self, student: Student) -> Forge:
        is_there = _host(student.repository) == _host(self.github.web)
        return self.github if is_there else self.plain


def _host(address: str) -> str:
    """Host and port, however the rest of the address is written."""
    place = address.partition("://")[2].partition("/")[0]
    return place.rpartition("@")[2].lower()


def with_github(plain: Forge, state: Path) -> Forge:
    """`plain`, with GitHub beside it where there is a token for it.

    Raises:
        RepositoryError: the token or an address of GitHub's is not of its form.
    """
    github = open_github(state)
    return ByAddress(github, plain) if github else plain
