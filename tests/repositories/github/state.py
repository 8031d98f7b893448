"""The state of a small GitHub: accounts, repositories with their rules, and what people write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from autograder.repositories.git import git
from autograder.repositories.server import GitServer, create_repository
from tests.repositories.github.description import HOST, Description
from tests.repositories.github.records import Repository


class State:
    """What GitHub knows. `clock` is its clock, `git_server` carries git's own traffic."""

    def __init__(
        self, description: Description, git_server: GitServer, clock: Callable[[], datetime]
    ) -> None:
        self.description = description
        self.git_server = git_server
        self.clock = clock
        self.accounts: dict[str, str] = {}
        self.repositories: dict[str, Repository] = {}
        self.has_rulesets = True
        self._number = 1000

    def add_repository(self, full_name: str, **values: Any) -> Repository:
        repository = Repository(full_name, **values)
        self.repositories[full_name.lower()] = repository
        create_repository(self.git_server.root, repository.directory)
        return repository

    def role(self, full_name: str, login: str) -> str | None:
        """What `login` may do there: "admin", "push", or None."""
        repository = self.repositories.get(full_name.lower())
        owner = full_name.partition("/")[0]
        if repository is None:
            return None
        is_owner = login == owner or (login, self.accounts.get(owner)) == (
            "teacher",
            "Organization",
        )
        return "admin" if is_owner else repository.roles.get(login.lower())

    def forbids(self, repository: Repository, rule: str, ref: str) -> bool:
        """Whether a ruleset keeps everybody but administrators from this."""
        return any(
            any(fnmatchcase(ref, p) for p in rules["conditions"]["ref_name"]["include"])
            and rule in [one["type"] for one in rules["rules"]]
            for rules in repository.rulesets
        )

    def branches(self, repository: Repository) -> dict[str, str]:
        directory = self.git_server.root / f"{repository.directory}.git"
        listed = git("for-each-ref", "--format=%(refname) %(objectname)", repository=directory)
        rows = (line.split() for line in listed.decode().splitlines())
        return {ref.removeprefix("refs/heads/"): sha for ref, sha in rows}

    def user(self, login: str) -> dict[str, Any]:
        return self.description.sample("simple-user", login=login)

    def time(self) -> str:
        return f"{self.clock():%Y-%m-%dT%H:%M:%SZ}"

    def next_number(self) -> int:
        self._number += 1
        return self._number

    def say(self, repository: Repository, number: int, login: str, text: str) -> None:
        """Somebody writes at the bottom of a pull request."""
        repository.comments.append(
            self.description.sample(
                "issue-comment",
                id=self.next_number(),
                body=text,
                user=self.user(login),
                created_at=self.time(),
                issue_url=f"{HOST}/issues/{number}",
            )
        )

    def say_beside_line(
        self,
        repository: Repository,
        number: int,
        login: str,
        text: str,
        path: str = "README.md",
        line: int = 1,
    ) -> None:
        """Somebody writes beside a line of a pull request."""
        repository.line_comments.append(
            self.description.sample(
                "pull-request-review-comment",
                id=self.next_number(),
                body=text,
                path=path,
                line=line,
                user=self.user(login),
                created_at=self.time(),
                pull_request_url=f"{HOST}/pulls/{number}",
            )
        )
