"""Where a student's repository lies, and the server's word on what was pushed to it."""

from __future__ import annotations

import json
import os
import stat
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from autograder.course.model import Student
from autograder.errors import RepositoryError
from autograder.repositories.git import Credential, Network, printable
from autograder.repositories.pull_requests import (
    Comment,
    PullRequest,
    Review,
    State,
    read_comments,
    read_pull_request,
)
from autograder.repositories.push_log import PushEntry, parse_push_log

TOKEN_VARIABLE = "AUTOGRADER_GIT_TOKEN"  # noqa: S105 - the variable's name
TOKEN_FILE = "git-token"  # noqa: S105 - the file's name
GITHUB_TOKEN_VARIABLE = "AUTOGRADER_GITHUB_TOKEN"  # noqa: S105 - the variable's name
GITHUB_TOKEN_FILE = "github-token"  # noqa: S105 - the file's name
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_MAX_LOG_BYTES = 64 * 2**20


class Forge(Protocol):
    """A place that holds students' repositories and knows, by its own clock, what was pushed."""

    def push_log(self, student: Student) -> tuple[PushEntry, ...]: ...

    def fetch_url(self, student: Student) -> str: ...

    def network(self, student: Student) -> Network: ...

    def create_repository(self, student: Student) -> bool:
        """Make the private, empty repository unless it is there; whether this call made it."""
        ...

    def pull_requests(self, student: Student) -> tuple[PullRequest, ...]:
        """All of them, open or closed."""
        ...

    def open_pull_request(
        self, student: Student, head: str, base: str, title: str, body: str
    ) -> PullRequest:
        """Open one from branch `head` to branch `base`; the one that is there, where there is."""
        ...

    def update_pull_request(
        self, student: Student, number: int, title: str, body: str
    ) -> PullRequest:
        """Give it another title and body, and open it again where somebody closed it."""
        ...

    def review(self, student: Student, number: int, commit: str, review: Review) -> bool:
        """Leave one review on the pull request's commit, unless one with its mark is there.

        Whether this call left it. What cannot stand beside its line stands in the review's text.
        """
        ...

    def set_status(self, student: Student, commit: str, state: State, description: str) -> None:
        """Set the course's one status of a commit."""
        ...

    def comments(self, student: Student, number: int) -> tuple[Comment, ...]:
        """What people wrote on the pull request, also beside lines and in reviews, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class HttpForge:
    """Repositories on servers such as `GitServer`: `<address>/push-log` is the log.

    `token` is the staff's `name:password`; a server is told it only over https, or on this host.
    """

    token: str | None = field(default=None, repr=False)
    timeout_s: float = 30.0

    def push_log(self, student: Student) -> tuple[PushEntry, ...]:
        """What was pushed to the student's repository, in the server's order.

        Raises:
            RepositoryError: the server does not answer, refuses, or its log cannot be read.
        """
        return parse_push_log(self._ask(student, "push-log")[1])

    def create_repository(self, student: Student) -> bool:
        """Make the student's repository on the server, unless it is there.

        Raises:
            RepositoryError: the server does not answer or refuses; so below.
        """
        return self._ask(student, "repository", b"{}")[0] == 201

    def pull_requests(self, student: Student) -> tuple[PullRequest, ...]:
        return tuple(read_pull_request(pull) for pull in self._document(student)["pulls"])

    def open_pull_request(
        self, student: Student, head: str, base: str, title: str, body: str
    ) -> PullRequest:
        made = self._order(student, do="open", head=head, base=base, title=title, body=body)
        return read_pull_request(made)

    def update_pull_request(
        self, student: Student, number: int, title: str, body: str
    ) -> PullRequest:
        made = self._order(student, do="update", number=number, title=title, body=body)
        return read_pull_request(made)

    def review(self, student: Student, number: int, commit: str, review: Review) -> bool:
        beside = [asdict(comment) for comment in review.beside]
        order = {"do": "review", "number": number, "commit": commit, "beside": beside}
        return bool(self._order(student, **order, text=review.body, mark=review.mark)["is_new"])

    def set_status(self, student: Student, commit: str, state: State, description: str) -> None:
        self._order(student, do="status", commit=commit, state=state, description=description)

    def comments(self, student: Student, number: int) -> tuple[Comment, ...]:
        return read_comments(self._document(student), number)

    def _document(self, student: Student) -> dict[str, Any]:
        return _object(self._ask(student, "pulls")[1])

    def _order(self, student: Student, **order: object) -> dict[str, Any]:
        body = json.dumps(order, ensure_ascii=False).encode("utf-8", "replace")
        return _object(self._ask(student, "pulls", body)[1])

    def _ask(self, student: Student, service: str, body: bytes | None = None) -> tuple[int, bytes]:
        """Status and content of the server's answer."""
        url = f"{self.fetch_url(student)}/{service}"
        credential = self.network(student).credential
        request = urllib.request.Request(url, body)  # noqa: S310 - fetch_url lets http and https through only
        if credential:
            request.add_unredirected_header("Authorization", credential.header)
        try:
            with _opener(url).open(request, timeout=self.timeout_s) as answer:
                if answer.geturl() != url:
                    raise RepositoryError(_moved(url, answer.geturl()))
                status, text = answer.status, answer.read(_MAX_LOG_BYTES + 1)
        except urllib.error.HTTPError as error:
            error.close()
            raise RepositoryError(_refused(url, error.code), error.code) from error
        except (OSError, ValueError) as error:
            raise RepositoryError(
                f"{url} does not answer ({printable(str(error))}); check the address in the "
                "roster and the network, then run again"
            ) from error
        if len(text) > _MAX_LOG_BYTES:
            raise RepositoryError(f"{url} has more than {_MAX_LOG_BYTES >> 20} MiB; look at it")
        return status, text

    def fetch_url(self, student: Student) -> str:
        """The address of the student's repository, as the roster has it.

        Raises:
            RepositoryError: it is not one that may be asked: another protocol, or a password in it.
        """
        url = student.repository.rstrip("/")
        parts = _split(url, student)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise RepositoryError(
                f"the roster has {printable(url)!r} for {student.id}, which has no push log; "
                "write an http or https address"
            )
        if parts.hostname == "github.com":
            raise RepositoryError(
                f"{printable(url)!r} of {student.id} is on GitHub, and there is no token for it; "
                f"set {GITHUB_TOKEN_VARIABLE} (docs/github.md)"
            )
        if "@" in parts.netloc or parts.query or parts.fragment:
            raise RepositoryError(
                f"the address of {student.id} in the roster holds a name, password or query; "
                f"write the plain address, and put the password into {TOKEN_VARIABLE}"
            )
        return url

    def network(self, student: Student) -> Network:
        """How git reaches the student's repository.

        Raises:
            RepositoryError: the token would travel unencrypted.
        """
        url = self.fetch_url(student)
        parts = _split(url, student)
        if self.token is None:
            return Network()
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise RepositoryError(
                f"{url} would see the staff's password unencrypted; write an https address"
            )
        name, _, password = self.token.partition(":")
        return Network(Credential(f"{parts.scheme}://{parts.netloc}/", name, password))


def open_forge(state: Path) -> Forge:
    """The forge with the staff's token from AUTOGRADER_GIT_TOKEN, or from `state`/git-token.

    Where there is a token for GitHub too, the students whose address is there have GitHub.

    Raises:
        RepositoryError: the token is not `name:password`, or others can read its file; or GitHub's
            is none.
    """
    token = os.environ.get(TOKEN_VARIABLE)
    source = TOKEN_VARIABLE
    file = state / TOKEN_FILE
    if not token and file.exists():
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise RepositoryError(f"others can read {file}; run: chmod 600 {file}")
        token, source = file.read_text(encoding="utf-8").strip(), str(file)
    if token and (":" not in token or not token.isprintable()):
        raise RepositoryError(f"{source} is not of the form name:password; write it so")
    plain = HttpForge(token or None)
    if not os.environ.get(GITHUB_TOKEN_VARIABLE) and not (state / GITHUB_TOKEN_FILE).exists():
        return plain
    from autograder.repositories.github.by_address import with_github  # noqa: PLC0415 - takes 0.6 s

    return with_github(plain, state)


def _opener(url: str) -> urllib.request.OpenerDirector:
    is_local = urllib.parse.urlsplit(url).hostname in _LOOPBACK
    proxies = (urllib.request.ProxyHandler({}),) if is_local else ()
    return urllib.request.build_opener(*proxies)


def _object(text: bytes) -> dict[str, Any]:
    try:
        return dict(json.loads(text))
    except (ValueError, TypeError, RecursionError) as error:
        raise RepositoryError(f"the server's answer cannot be read ({error}); update it") from error


def _split(url: str, student: Student) -> urllib.parse.SplitResult:
    try:
        return urllib.parse.urlsplit(url)
    except ValueError as error:
        raise RepositoryError(
            f"the roster's address of {student.id} cannot be read ({error}); correct it"
        ) from error


def _moved(url: str, elsewhere: str) -> str:
    return f"{url} sends to {printable(elsewhere)}; write the new address into the roster"


def _refused(url: str, status: int) -> str:
    if status in (401, 403):
        return (
            f"{url} refuses the staff's name or password ({status}); set {TOKEN_VARIABLE} to "
            "name:password"
        )
    if status == 404:
        return f"{url} is not there (404); check the address in the roster"
    return f"{url} answered {status}; look at the server, then run again"
