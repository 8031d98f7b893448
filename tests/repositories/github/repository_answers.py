"""What GitHub answers about accounts and repositories: made, held by rules, pushed to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.repositories.git import Network, git
from autograder.repositories.push_log import parse_push_log
from tests.repositories.github.description import HOST
from tests.repositories.github.records import (
    NOT_FOUND,
    Answer,
    Call,
    Repository,
    error,
    invalid,
)
from tests.repositories.github.state import State

_LOCAL = Network(protocols="file")


def repository_of(state: State, repository: Repository) -> dict[str, Any]:
    owner, name = repository.full_name.split("/")
    return state.description.sample(
        "full-repository", name=name, full_name=repository.full_name, default_branch="main",
        private=repository.is_private, archived=repository.is_archived, owner={"login": owner},
    )  # fmt: skip


def activity(state: State, call: Call) -> Answer:
    repository, query = call.repository, call.query
    entries = []
    log = parse_push_log(state.git_server.read_log(repository.directory))
    for number, (entry, pusher) in enumerate(zip(log, repository.pushers, strict=True), 1):
        kind = "branch_creation" if entry.is_creation else "push"
        kind = "branch_deletion" if entry.is_deletion else kind
        entries.append(
            state.description.sample(
                "activity",
                id=number,
                before=entry.old,
                after=entry.new,
                ref=entry.ref,
                timestamp=f"{entry.time:%Y-%m-%dT%H:%M:%SZ}",
                actor=state.user(pusher),
                activity_type="force_push" if entry.is_forced else kind,
            )
        )
    return 200, entries if query.get("direction") == "asc" else entries[::-1]


def list_branches(state: State, call: Call) -> Answer:
    repository = call.repository
    return 200, [
        state.description.sample("short-branch", name=name, commit={"sha": sha, "url": HOST})
        for name, sha in state.branches(repository).items()
    ]


def collaborator(state: State, call: Call) -> Answer:
    repository, names, body = call.repository, call.names, call.body
    person = names["username"].lower()
    if person not in state.accounts:
        return 404, error("Not Found", "404")
    if person in repository.roles:
        return 204, None
    repository.roles[person] = body["permission"]
    return 201, state.description.sample("repository-invitation")


def make_ruleset(state: State, call: Call) -> Answer:
    repository, body = call.repository, call.body
    if not state.has_rulesets:
        words = "Upgrade to GitHub Pro or make this repository public to enable this feature."
        return 403, error(words, "403")
    if any(rules["name"] == body["name"] for rules in repository.rulesets):
        return 422, error("Name must be unique", "422")
    repository.rulesets.append(_ruleset(state, state.next_number(), body))
    return 201, repository.rulesets[-1]


def change_ruleset(state: State, call: Call) -> Answer:
    repository, names, body = call.repository, call.names, call.body
    for index, rules in enumerate(repository.rulesets):
        if str(rules["id"]) == names["ruleset_id"]:
            repository.rulesets[index] = _ruleset(state, rules["id"], body)
            return 200, repository.rulesets[index]
    return NOT_FOUND


def _ruleset(state: State, number: int, body: dict[str, Any]) -> dict[str, Any]:
    return state.description.sample("repository-ruleset", id=number, source="text", **body)


def account(state: State, names: Mapping[str, str]) -> Answer:
    name = names["username"].lower()
    if name not in state.accounts:
        return NOT_FOUND
    kind = state.accounts[name]
    return 200, state.description.sample(
        "public-user", login=name, type=kind, user_view_type="public"
    )


def make_for_organization(state: State, login: str, names: Mapping[str, str], body: Any) -> Answer:
    if login != "teacher":
        return 403, error("You need admin access to the organization.", "403")
    return make(state, names["org"], body["name"], body)


def generate(state: State, login: str, names: Mapping[str, str], body: Any) -> Answer:
    full_name = f"{names['template_owner']}/{names['template_repo']}"
    template = state.repositories.get(full_name.lower())
    if template is None or state.role(full_name, login) is None:
        return NOT_FOUND
    status, answer = make(state, body["owner"], body["name"], body)
    if status == 201 and state.branches(template):
        made = state.repositories[f"{body['owner']}/{body['name']}".lower()]
        source = state.git_server.root / f"{template.directory}.git"
        target = state.git_server.root / f"{made.directory}.git"
        words = ("fetch", "--quiet", str(source), "+refs/heads/main:refs/heads/main")
        git(*words, repository=target, network=_LOCAL)
    return status, answer


def make(state: State, owner: str, name: str, body: Any) -> Answer:
    full_name = f"{owner}/{name}"
    if full_name.lower() in state.repositories:
        words = "name already exists on this account"
        return 422, invalid("Repository", field="name", code="custom", message=words)
    made = state.add_repository(full_name, is_private=bool(body.get("private")))
    return 201, repository_of(state, made)
