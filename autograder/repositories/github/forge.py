"""Students' repositories on GitHub, behind the protocol of `repositories.forge`."""

from __future__ import annotations

import os
import re
import stat
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course.model import Student
from autograder.errors import RepositoryError
from autograder.repositories.forge import GITHUB_TOKEN_FILE, GITHUB_TOKEN_VARIABLE
from autograder.repositories.git import Credential, Network, printable
from autograder.repositories.github import making, pulls
from autograder.repositories.github.activity import read_activity
from autograder.repositories.github.client import Client
from autograder.repositories.pull_requests import Comment, PullRequest, Review, State
from autograder.repositories.push_log import PushEntry

PUBLIC = "https://github.com"
WEB_VARIABLE = "AUTOGRADER_GITHUB"
TEMPLATE_VARIABLE = "AUTOGRADER_GITHUB_TEMPLATE"
_USER = "x-access-token"  # what GitHub takes for a name where a token is the password
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_PLACE = re.compile(r"/([A-Za-z0-9](?:[A-Za-z0-9_-]{0,38}))/([A-Za-z0-9._-]{1,100}?)(?:\.git)?/?")
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")


@dataclass(frozen=True, slots=True)
class GitHubForge:
    """The repositories under `web`, as the roster has them: `<web>/<owner>/<name>`.

    `template` is the `owner/name` of the repository that a student's begins as; without one it
    begins empty. `token` reaches GitHub alone: in the header `Authorization`, over https.
    """

    client: Client
    credential: Credential
    web: str = PUBLIC
    template: str | None = None

    def push_log(self, student: Student) -> tuple[PushEntry, ...]:
        """What was pushed to every branch, by GitHub's own clock, branches long deleted included.

        Raises:
            GitHubError: GitHub refuses, fails or cannot be reached; so below.
            RepositoryError: what it answers is no record of pushes.
        """
        path = f"{self._path(student)}/activity"
        what = f"read what was pushed to {self.fetch_url(student)}"
        return read_activity(self.client.get_all(what, path, direction="asc"), _names(student))

    def fetch_url(self, student: Student) -> str:
        """The address that git takes.

        Raises:
            RepositoryError: the roster's is not one of a repository on this GitHub.
        """
        owner, name = self._place(student)
        return f"{self.web}/{owner}/{name}.git"

    def network(self, student: Student) -> Network:
        """How git reaches the student's repository."""
        self._place(student)
        return Network(self.credential)

    def create_repository(self, student: Student) -> bool:
        """Make the private repository with rights and rules, or complete the one that is there.

        The student may push to it; the history of `main` and the branches `feedback/*` are held.
        True where this call made the repository.

        Raises:
            RepositoryError: a repository of this name is there and is public, or the roster's
                `login` is none.
        """
        owner, name = self._place(student)
        login = student.login or student.id
        if not _LOGIN.fullmatch(login):
            raise RepositoryError(
                f"{login!r} is no name on GitHub; give {student.id} one in the roster's column "
                "login"
            )
        is_new = making.make(self.client, owner, name, self.template)
        making.give_access(self.client, owner, name, login)
        making.protect(self.client, owner, name)
        return is_new

    def pull_requests(self, student: Student) -> tuple[PullRequest, ...]:
        return pulls.list_all(self.client, self._path(student))

    def open_pull_request(
        self, student: Student, head: str, base: str, title: str, body: str
    ) -> PullRequest:
        return pulls.open_one(self.client, self._path(student), head, base, title, body)

    def update_pull_request(
        self, student: Student, number: int, title: str, body: str
    ) -> PullRequest:
        return pulls.update(self.client, self._path(student), number, title, body)

    def review(self, student: Student, number: int, commit: str, review: Review) -> bool:
        return pulls.review(self.client, self._path(student), number, commit, review)

    def set_status(self, student: Student, commit: str, state: State, description: str) -> None:
        pulls.set_status(self.client, self._path(student), commit, state, description)

    def comments(self, student: Student, number: int) -> tuple[Comment, ...]:
        return pulls.comments(self.client, self._path(student), number, _names(student))

    def _path(self, student: Student) -> str:
        owner, name = self._place(student)
        return f"/repos/{owner}/{name}"

    def _place(self, student: Student) -> tuple[str, str]:
        """Owner and name of the student's repository."""
        found = _PLACE.fullmatch(student.repository.removeprefix(self.web))
        is_here = student.repository.startswith(f"{self.web}/")
        if not found or not is_here or found[2] in (".", ".."):
            raise RepositoryError(
                f"the roster has {_without_password(student.repository)!r} for {student.id}, which "
                f"is no repository on GitHub; write {self.web}/OWNER/NAME"
            )
        return found[1], found[2]


def open_github(state: Path, environment: Mapping[str, str] = os.environ) -> GitHubForge | None:
    """GitHub with the token from AUTOGRADER_GITHUB_TOKEN or `state`/github-token; None without one.

    AUTOGRADER_GITHUB is the address of another GitHub than github.com, and
    AUTOGRADER_GITHUB_TEMPLATE the `owner/name` of the repository that new ones begin as.

    Raises:
        RepositoryError: the token is none or its file is readable by others, or an address is not
            one that a token may be sent to.
    """
    token, source = environment.get(GITHUB_TOKEN_VARIABLE, "").strip(), GITHUB_TOKEN_VARIABLE
    file = state / GITHUB_TOKEN_FILE
    if not token and file.exists():
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise RepositoryError(f"others can read {file}; run: chmod 600 {file}")
        token, source = file.read_text(encoding="utf-8").strip(), str(file)
    if not token:
        return None
    if not re.fullmatch(r"[\x21-\x7e]{4,400}", token) or ":" in token:
        raise RepositoryError(f"{source} is no token of GitHub's; write the token alone")
    web = github_address(environment)
    template = environment.get(TEMPLATE_VARIABLE, "") or None
    if template and not _PLACE.fullmatch(f"/{template}"):
        raise RepositoryError(f"{TEMPLATE_VARIABLE} is {template!r}; write it as OWNER/NAME")
    return forge_at(web, token, template)


def github_address(environment: Mapping[str, str] = os.environ) -> str:
    """Where GitHub is: github.com, or the server that AUTOGRADER_GITHUB names.

    Raises:
        RepositoryError: it is not a plain https address.
    """
    web = environment.get(WEB_VARIABLE, "").rstrip("/") or PUBLIC
    parts = urllib.parse.urlsplit(web)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not is_safe or not parts.hostname or "@" in web or parts.query or parts.path:
        raise RepositoryError(
            f"{WEB_VARIABLE} is {_without_password(web)!r}; write it as https://github.example.edu"
        )
    return web


def forge_at(web: str, token: str, template: str | None = None, **options: Any) -> GitHubForge:  # noqa: ANN401 - the client's own
    """The forge at an address; `options` are the client's.

    GitHub Enterprise has its programming interface under the same address, github.com beside it.
    """
    api = "https://api.github.com" if web == PUBLIC else f"{web}/api/v3"
    return GitHubForge(
        Client(api, token, **options), Credential(f"{web}/", _USER, token), web, template
    )


def _names(student: Student) -> dict[str, str]:
    return {(student.login or student.id).lower(): student.id}


def _without_password(address: str) -> str:
    scheme, separator, rest = address.partition("://")
    place, at, host = rest.rpartition("@")
    return printable(f"{scheme}{separator}***@{host}" if at and place else address, 200)
