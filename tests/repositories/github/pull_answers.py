"""What GitHub answers about pull requests, reviews, comments and statuses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.repositories.github.description import HOST
from tests.repositories.github.diff_lines import shown_lines
from tests.repositories.github.records import (
    NOT_FOUND,
    Answer,
    Call,
    Repository,
    error,
    invalid,
)
from tests.repositories.github.repository_answers import repository_of
from tests.repositories.github.state import State


def list_pulls(state: State, call: Call) -> Answer:
    repository, query = call.repository, call.query
    found = [
        _shown(state, repository, pull, "pull-request-simple")
        for pull in repository.pulls
        if query.get("state", "open") in ("all", pull["state"])
        and query.get("base", pull["base"]) == pull["base"]
        and query.get("head", _label(state, repository, pull)) == _label(state, repository, pull)
    ]
    return 200, found if query.get("direction") == "asc" else found[::-1]


def open_pull(state: State, call: Call) -> Answer:
    repository, body = call.repository, call.body
    tips = state.branches(repository)
    for key in ("head", "base"):
        if body[key] not in tips:
            return 422, invalid("PullRequest", field=key, code="invalid")
    both = (body["head"], body["base"])
    own = [pull for pull in repository.pulls if "fork_of" not in pull]
    if any((pull["head"], pull["base"], pull["state"]) == (*both, "open") for pull in own):
        words = f"A pull request already exists for {repository.full_name}."
        return 422, invalid("PullRequest", code="custom", message=words)
    if tips[body["head"]] == tips[body["base"]]:
        words = f"No commits between {body['base']} and {body['head']}"
        return 422, invalid("PullRequest", code="custom", message=words)
    number = len(repository.pulls) + 1
    times = {"created_at": state.time(), "closed_at": None, "merged_at": None}
    repository.pulls.append(body | times | {"number": number, "state": "open"})
    return 201, _shown(state, repository, repository.pulls[-1], "pull-request")


def one_pull(state: State, call: Call) -> Answer:
    repository, names = call.repository, call.names
    pull = numbered(state, repository, names)
    return (200, _shown(state, repository, pull, "pull-request")) if pull else NOT_FOUND


def change_pull(state: State, call: Call) -> Answer:
    repository, names, body = call.repository, call.names, call.body
    pull = numbered(state, repository, names)
    if pull is None:
        return NOT_FOUND
    if body.get("state") == "open" and pull["merged_at"]:
        return 422, invalid("PullRequest", field="state", code="invalid")
    if "state" in body and body["state"] != pull["state"]:
        pull["closed_at"] = state.time() if body["state"] == "closed" else None
    pull.update(body)
    return 200, _shown(state, repository, pull, "pull-request")


def leave_review(state: State, call: Call) -> Answer:
    repository, names, body, login = call.repository, call.names, call.body, call.login
    pull = numbered(state, repository, names)
    if pull is None:
        return NOT_FOUND
    comments = body.get("comments", [])
    if not all(_is_shown(state, repository, pull, comment) for comment in comments):
        words = "Pull request review thread line must be part of the diff"
        return 422, error("Unprocessable Entity", "422") | {"errors": [words]}
    repository.reviews.append(
        state.description.sample(
            "pull-request-review",
            id=state.next_number(),
            user=state.user(login),
            body=body["body"].replace("\n", "\r\n"),
            commit_id=body["commit_id"],
            submitted_at=state.time(),
            pull_request_url=f"{HOST}/pulls/{names['pull_number']}",
        )
    )
    for one in comments:
        state.say_beside_line(
            repository, pull["number"], login, one["body"], one["path"], one["line"]
        )
    return 200, repository.reviews[-1]


def _is_shown(
    state: State, repository: Repository, pull: Mapping[str, Any], comment: Mapping[str, Any]
) -> bool:
    directory = state.git_server.root / f"{repository.directory}.git"
    ends = (f"refs/heads/{pull['base']}", f"refs/heads/{pull['head']}")
    is_right = comment.get("side", "RIGHT") == "RIGHT"
    return is_right and comment["line"] in shown_lines(directory, *ends, comment["path"])


def list_statuses(state: State, call: Call) -> Answer:
    repository, names = call.repository, call.names
    found = [one for one in repository.statuses if one["url"].endswith(names["ref"])]
    return 200, found[::-1]  # the newest first


def set_status(state: State, call: Call) -> Answer:
    repository, names, body, login = call.repository, call.names, call.body, call.login
    if len(body.get("description") or "") > 140:
        return 422, error("description is too long (maximum is 140 characters)", "422")
    repository.statuses.append(
        state.description.sample(
            "status",
            id=state.next_number(),
            url=f"{HOST}/statuses/{names['sha']}",
            creator=state.user(login),
            created_at=state.time(),
            updated_at=state.time(),
            **body,
        )
    )
    return 201, repository.statuses[-1]


def numbered(
    state: State, repository: Repository, names: Mapping[str, str]
) -> dict[str, Any] | None:
    number = int(names["pull_number"])
    return next((pull for pull in repository.pulls if pull["number"] == number), None)


def _label(state: State, repository: Repository, pull: Mapping[str, Any]) -> str:
    owner = str(pull.get("fork_of") or repository.full_name).partition("/")[0]
    return f"{owner}:{pull['head']}"


def _shown(
    state: State, repository: Repository, pull: Mapping[str, Any], schema: str
) -> dict[str, Any]:
    tips = state.branches(repository)
    home = pull.get("fork_of") or repository.full_name
    end = {"sha": "0" * 40, "user": state.user("x"), "repo": repository_of(state, repository)}
    return state.description.sample(
        schema, number=pull["number"], title=pull["title"], body=pull["body"] or None,
        state=pull["state"], merged_at=pull["merged_at"], closed_at=pull.get("closed_at"),
        created_at=pull.get("created_at", state.time()),
        head={**end, "ref": pull["head"], "label": _label(state, repository, pull),
              "sha": tips.get(pull["head"], "0" * 40),
              "repo": end["repo"] | {"full_name": home}},
        base={**end, "ref": pull["base"], "label": pull["base"]},
    )  # fmt: skip


def of_pull(entries: list[dict[str, Any]], names: Mapping[str, str]) -> Answer:
    """The entries of one pull request."""
    number = names.get("pull_number") or names["issue_number"]
    pattern = re.compile(rf"/{number}$")
    keys = ("pull_request_url", "issue_url")
    return 200, [e for e in entries if any(pattern.search(str(e.get(key, ""))) for key in keys)]
