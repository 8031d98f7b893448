"""Pull requests as every forge has them, and the record that the course's own server keeps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from autograder.errors import RepositoryError

State = Literal["pending", "success", "failure", "error"]
MAX_TEXT = 65_536
"""The most characters of a title, a body or a comment, as on GitHub."""
MAX_ENTRIES = 1000
MAX_BESIDE = 100
"""The most comments beside lines in one review."""
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,199}")
_PATH = re.compile(r"[\w.-][\w ./-]{0,299}")
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class PullRequest:
    """One pull request; `head` and `base` are branches, without `refs/heads/`.

    The times are the server's clock. `closed` is there while it is not open, and `merged` too where
    it came to that; `created` is None where an old record does not say.
    """

    number: int
    head: str
    base: str
    title: str
    body: str
    is_open: bool = True
    created: datetime | None = None
    closed: datetime | None = None
    merged: datetime | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote on a pull request, beside a line of a file where `path` names one.

    `written` is the server's clock.
    """

    author: str
    written: datetime
    text: str
    path: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class LineComment:
    """A text beside a line of a file, counted from 1, as the file is at the pull request's head."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Review:
    """What is said on a pull request at one time; `mark`, a part of `body`, finds it again."""

    body: str
    mark: str
    beside: tuple[LineComment, ...] = ()

    def in_one_text(self) -> str:
        """The same without a place beside lines, for a forge that does not show those lines."""
        return "\n\n".join([self.body, *(comment.text for comment in self.beside)])[:MAX_TEXT]


Document = dict[str, list[dict[str, Any]]]


def empty() -> Document:
    """The record of a repository without pull requests."""
    return {"pulls": [], "comments": [], "statuses": []}


def apply(
    document: Document, order: Mapping[str, Any], user: str, is_staff: bool, now: datetime
) -> dict[str, Any]:
    """Carry out an order on the record, in place; what the order asked for.

    Staff open and update pull requests, review them and set statuses; a student comments. Opening
    one with the head and base of another that is there gives that one, and so does a review with
    the mark of another; whether it is new is said.

    Raises:
        ValueError: there is no such order, or it is not well formed; the message is for the client.
        PermissionError: the order is the staff's.
    """
    orders: dict[str, Callable[[], dict[str, Any]]] = {
        "open": lambda: _open(document, order, now),
        "update": lambda: _update(document, order),
        "status": lambda: _status(document, order),
        "comment": lambda: _comment(document, order, user, now),
        "review": lambda: _review(document, order, user, now),
    }
    word = order.get("do")
    if not isinstance(word, str) or word not in orders:
        raise ValueError(f"no order {str(word)[:40]!r}; there are {', '.join(orders)}")
    if word != "comment" and not is_staff:
        raise PermissionError(f"to {word} is the course staff's; a student may comment")
    return orders[word]()


def read_pull_request(data: Mapping[str, Any]) -> PullRequest:
    """A pull request from what the server sent.

    Raises:
        RepositoryError: it is not one.
    """
    try:
        return PullRequest(
            int(data["number"]),
            str(data["head"]),
            str(data["base"]),
            str(data["title"]),
            str(data["body"]),
            bool(data["is_open"]),
            *(read_moment(data.get(key)) for key in ("created", "closed", "merged")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RepositoryError(f"the server sent no pull request ({error!r}); update it") from error


def stored(pull: PullRequest) -> dict[str, Any]:
    """What the record keeps of a pull request, and `read_pull_request` takes."""
    times = {"created": pull.created, "closed": pull.closed, "merged": pull.merged}
    return asdict(pull) | {key: time.isoformat() if time else None for key, time in times.items()}


def read_moment(text: str | None) -> datetime | None:
    """A server's moment; None where there is none.

    Raises:
        ValueError: it is no time, or says no zone.
    """
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"time {text!r} has no time zone")
    return moment.astimezone(UTC)


def read_comments(document: Mapping[str, Any], number: int) -> tuple[Comment, ...]:
    """The comments on one pull request, oldest first.

    Raises:
        RepositoryError: the record is not one.
    """
    try:
        return tuple(
            Comment(str(c["author"]), datetime.fromisoformat(c["written"]), *said)
            for c in document["comments"]
            if c["number"] == number
            for said in _said(c)
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RepositoryError(f"the server sent no comments ({error!r}); update it") from error


def _said(comment: Mapping[str, Any]) -> Iterator[tuple[str, str, int | None]]:
    """The texts of one entry with their places: a review's own, then those beside lines."""
    yield str(comment["text"]), "", None
    for one in comment.get("beside", ()):
        yield str(one["text"]), str(one["path"]), int(one["line"])


def _open(document: Document, order: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    head, base = _branch(order, "head"), _branch(order, "base")
    for pull in document["pulls"]:
        if (pull["head"], pull["base"]) == (head, base):
            return pull
    number = len(document["pulls"]) + 1
    title, body = _text(order, "title"), _text(order, "body")
    return _add(
        document["pulls"], stored(PullRequest(number, head, base, title, body, created=now))
    )


def _update(document: Document, order: Mapping[str, Any]) -> dict[str, Any]:
    pull = _pull(document, order)
    pull["title"], pull["body"] = _text(order, "title"), _text(order, "body")
    pull |= {"is_open": True, "closed": None}
    return pull


def _comment(
    document: Document, order: Mapping[str, Any], user: str, now: datetime
) -> dict[str, Any]:
    number = _pull(document, order)["number"]
    said = {"number": number, "author": user, "text": _text(order, "text")}
    return _add(document["comments"], said | {"written": now.isoformat()})


def _review(
    document: Document, order: Mapping[str, Any], user: str, now: datetime
) -> dict[str, Any]:
    number, text, mark = (
        _pull(document, order)["number"],
        _text(order, "text"),
        _text(order, "mark"),
    )
    if not mark or mark not in text:
        raise ValueError("mark is no part of the review's text")
    for there in document["comments"]:
        is_review = "commit" in there and there["number"] == number
        if is_review and mark in there["text"]:
            return there | {"is_new": False}  # a run that was ended in between says it once more
    said = {"number": number, "author": user, "text": text, "written": now.isoformat()}
    said |= {"commit": _commit(order), "beside": _beside(order)}
    return _add(document["comments"], said) | {"is_new": True}


def _beside(order: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The comments beside lines that an order holds."""
    comments = order.get("beside", [])
    if not isinstance(comments, list) or len(comments) > MAX_BESIDE:
        raise ValueError(f"beside is no list of at most {MAX_BESIDE} comments")
    found: list[dict[str, Any]] = []
    for comment in comments:
        if not isinstance(comment, Mapping) or not _is_place(comment):
            raise ValueError("a comment beside a line needs path, line and text")
        found.append(
            {key: comment[key] for key in ("path", "line")} | {"text": _text(comment, "text")}
        )
    return found


def _is_place(comment: Mapping[str, Any]) -> bool:
    path, line = comment.get("path"), comment.get("line")
    is_path = isinstance(path, str) and bool(_PATH.fullmatch(path)) and ".." not in path.split("/")
    return is_path and isinstance(line, int) and not isinstance(line, bool) and line >= 1


def _status(document: Document, order: Mapping[str, Any]) -> dict[str, Any]:
    commit, state = _commit(order), order.get("state")
    if state not in get_args(State):
        raise ValueError(f"state is {str(state)[:40]!r}; give one of {', '.join(get_args(State))}")
    status = {"commit": commit, "state": state, "description": _text(order, "description")}
    document["statuses"][:] = [s for s in document["statuses"] if s["commit"] != commit]
    return _add(document["statuses"], status)


def _add(entries: list[dict[str, Any]], entry: dict[str, Any]) -> dict[str, Any]:
    if len(entries) >= MAX_ENTRIES:
        raise ValueError(f"there are {MAX_ENTRIES} already; write to the course staff")
    entries.append(entry)
    return entry


def _pull(document: Document, order: Mapping[str, Any]) -> dict[str, Any]:
    number = order.get("number")
    for pull in document["pulls"]:
        if pull["number"] == number:
            return pull
    raise ValueError(f"no pull request {str(number)[:40]}")


def _commit(order: Mapping[str, Any]) -> str:
    commit = order.get("commit")
    if not isinstance(commit, str) or not _COMMIT.fullmatch(commit):
        raise ValueError("commit is no full commit id")
    return commit


def _branch(order: Mapping[str, Any], key: str) -> str:
    name = order.get(key)
    if not isinstance(name, str) or not _BRANCH.fullmatch(name):
        raise ValueError(f"{key} is no name of a branch")
    return name


def _text(order: Mapping[str, Any], key: str) -> str:
    text = order.get(key)
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise ValueError(f"{key} is no text of at most {MAX_TEXT} characters")
    return text
