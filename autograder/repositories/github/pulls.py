"""Pull requests on GitHub: found or opened, reviewed once, and what people answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from autograder.errors import RepositoryError
from autograder.repositories.git import printable
from autograder.repositories.github.client import Client
from autograder.repositories.github.troubles import GitHubError
from autograder.repositories.pull_requests import Comment, PullRequest, Review, State, read_moment

CONTEXT = "autograder"
"""The name of the course's status among those of a commit."""
_MAX_DESCRIPTION = 140  # GitHub refuses more


def list_all(client: Client, path: str) -> tuple[PullRequest, ...]:
    """The pull requests within the repository at `path`, open or closed, the first one first.

    Raises:
        GitHubError: GitHub refuses, fails or cannot be reached; so below.
        RepositoryError: an answer is not what GitHub documents.
    """
    return tuple(_read(pull) for pull in _within(client, path))


def open_one(client: Client, path: str, head: str, base: str, title: str, body: str) -> PullRequest:
    """Open a pull request; the one between these branches where there is one.

    An open one goes before a closed one. A merged one does not count: GitHub never opens it again.
    """
    there = _between(client, path, head, base)
    if there:
        return there
    what = f"open a pull request from {head} to {base} in {_place(path)}"
    order = {"head": head, "base": base, "title": title, "body": body}
    try:
        return _read(client.send(what, "POST", f"{path}/pulls", order))
    except GitHubError as error:
        made = _between(client, path, head, base) if error.trouble.kind == "invalid" else None
        if made is None:
            raise
        return made  # somebody opened it in between


def update(client: Client, path: str, number: int, title: str, body: str) -> PullRequest:
    """Give it this title and body, and open it again where somebody closed it."""
    what = f"update pull request {number} in {_place(path)}"
    there = _read(client.get(what, f"{path}/pulls/{number}"))
    if (there.title, there.body, there.is_open) == (title, body, True):
        return there
    order = {"title": title, "body": body, "state": "open"}
    return _read(client.send(what, "PATCH", f"{path}/pulls/{number}", order))


def review(client: Client, path: str, number: int, commit: str, said: Review) -> bool:
    """Leave one review on the commit, unless one with its mark stands there; whether it was left.

    GitHub takes a comment only beside a line that the pull request shows. Where a student's own
    files keep it from showing one, the comments follow in the text of the review.
    """
    what = f"review pull request {number} in {_place(path)}"
    reviews = f"{path}/pulls/{number}/reviews"
    if any(said.mark in _lines(there.get("body")) for there in client.get_all(what, reviews)):
        return False
    order = {"commit_id": commit, "body": said.body, "event": "COMMENT"}
    beside = [
        {"path": one.path, "line": one.line, "side": "RIGHT", "body": one.text}
        for one in said.beside
    ]
    try:
        client.send(what, "POST", reviews, order | ({"comments": beside} if beside else {}))
    except GitHubError as error:
        if error.trouble.kind != "invalid" or not beside:
            raise
        client.send(what, "POST", reviews, order | {"body": said.in_one_text()})
    return True


def set_status(client: Client, path: str, commit: str, state: State, description: str) -> None:
    """Set the course's status of the commit, unless it stands; a long description is cut."""
    what = f"set the status of {commit[:12]} in {_place(path)}"
    if len(description) > _MAX_DESCRIPTION:
        description = description[: _MAX_DESCRIPTION - 1] + "…"
    for there in client.get_all(what, f"{path}/commits/{commit}/statuses"):
        if there.get("context") == CONTEXT:  # the newest comes first
            if (there.get("state"), there.get("description")) == (state, description):
                return
            break
    order = {"state": state, "description": description, "context": CONTEXT}
    client.send(what, "POST", f"{path}/statuses/{commit}", order)


def comments(
    client: Client, path: str, number: int, names: Mapping[str, str]
) -> tuple[Comment, ...]:
    """What people wrote on the pull request, at the bottom, beside lines and in reviews.

    Oldest first. `names` gives a GitHub name, in lower case, its person.
    """
    what = f"read the answers on pull request {number} in {_place(path)}"
    places = (
        (f"{path}/issues/{number}/comments", "created_at"),
        (f"{path}/pulls/{number}/comments", "created_at"),
        (f"{path}/pulls/{number}/reviews", "submitted_at"),
    )
    found = [
        _comment(entry, key, names)
        for place, key in places
        for entry in client.get_all(what, place)
        if entry.get("body") and entry.get(key)
    ]
    return tuple(sorted(found, key=lambda comment: comment.written))


def _within(client: Client, path: str, **query: str) -> list[dict[str, Any]]:
    """The pull requests from the repository's own branches; forks have branches of any name."""
    what = f"list the pull requests of {_place(path)}"
    found = client.get_all(
        what, f"{path}/pulls", state="all", sort="created", direction="asc", **query
    )
    own = _place(path).lower()
    return [pull for pull in found if _head_repository(pull).lower() == own]


def _between(client: Client, path: str, head: str, base: str) -> PullRequest | None:
    owner = _place(path).partition("/")[0]
    found = [
        pull
        for pull in _within(client, path, head=f"{owner}:{head}", base=base)
        if not pull.get("merged_at")
    ]
    made = sorted((_read(pull) for pull in found), key=lambda pull: (pull.is_open, pull.number))
    exact = [pull for pull in made if (pull.head, pull.base) == (head, base)]
    return exact[-1] if exact else None


def _head_repository(pull: Mapping[str, Any]) -> str:
    repository = (pull.get("head") or {}).get("repo") or {}  # null where a fork was deleted
    return str(repository.get("full_name") or "")


def _read(pull: Any) -> PullRequest:  # noqa: ANN401 - JSON
    try:
        return PullRequest(
            int(pull["number"]),
            str(pull["head"]["ref"]),
            str(pull["base"]["ref"]),
            str(pull["title"]),
            str(pull["body"] or "").replace("\r\n", "\n"),
            pull["state"] == "open",
            *(read_moment(pull.get(key)) for key in ("created_at", "closed_at", "merged_at")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _unexpected("pull request", error) from error


def _comment(entry: Mapping[str, Any], key: str, names: Mapping[str, str]) -> Comment:
    try:
        login = str(entry["user"]["login"]) if entry["user"] else "ghost"  # who left GitHub
        written = datetime.fromisoformat(entry[key]).astimezone(UTC)
        author, place = names.get(login.lower(), login), str(entry.get("path") or "")
        return Comment(author, written, str(entry["body"]), place, entry.get("line"))
    except (KeyError, TypeError, ValueError) as error:
        raise _unexpected("comment", error) from error


def _unexpected(what: str, error: Exception) -> RepositoryError:
    return RepositoryError(
        f"GitHub sent no {what} ({printable(repr(error), 120)}); run again, and report it"
    )


def _place(path: str) -> str:
    return path.removeprefix("/repos/")


def _lines(body: object) -> str:
    """A text as GitHub gives it back: with its own ends of lines, and none at the end."""
    return str(body or "").replace("\r\n", "\n").strip()
