"""Private repositories on GitHub: made from a template or empty, with rights and rules."""

from __future__ import annotations

import time
from typing import Any

from autograder.errors import RepositoryError
from autograder.repositories.github.client import Client
from autograder.repositories.github.protection import rulesets
from autograder.repositories.github.troubles import GitHubError

_COPY_ATTEMPTS = 10
_COPY_PAUSE_S = 1.0


def make(client: Client, owner: str, name: str, template: str | None) -> bool:
    """Make the repository `owner`/`name`, unless it is there; whether this call made it.

    `owner` is an organization, or the token's own user.

    Raises:
        GitHubError: GitHub refuses, fails or cannot be reached; so below.
        RepositoryError: the repository is there, and is public or archived; or GitHub did not fill
            it from the template in time.
    """
    place = f"{owner}/{name}"
    there = _find(client, place)
    is_new = there is None
    if there is None:
        try:
            there = _create(client, owner, name, template)
        except GitHubError as error:
            if error.trouble.kind not in ("invalid", "conflict"):
                raise
            there = _find(client, place)  # somebody made it in between: theirs holds
            is_new = False
            if there is None:
                raise
    if not there.get("private"):
        raise RepositoryError(
            f"{place} is there and is public; make it private on its page Settings, and look who "
            "has seen it"
        )
    if there.get("archived"):
        raise RepositoryError(f"{place} is archived; nobody can push to it until it is unarchived")
    if is_new and template:
        _wait_for_copy(client, place, str(there.get("default_branch") or "main"))
    return is_new


def give_access(client: Client, owner: str, name: str, login: str) -> None:
    """Let `login` push; who is no member of the organization gets an invitation by e-mail."""
    path = f"/repos/{owner}/{name}/collaborators/{login}"
    client.send(f"let {login} push to {owner}/{name}", "PUT", path, {"permission": "push"})


def protect(client: Client, owner: str, name: str) -> None:
    """Put the rules of `rulesets` on the repository, whatever stands under their names."""
    path = f"/repos/{owner}/{name}/rulesets"
    what = f"protect the branches of {owner}/{name}"
    there = {
        str(rules.get("name")): rules.get("id")
        for rules in client.get_all(what, path, includes_parents="false")
    }
    for rules in rulesets():
        number = there.get(rules["name"])
        if number is None:
            client.send(what, "POST", path, rules)
        else:
            client.send(what, "PUT", f"{path}/{number}", rules)


def _find(client: Client, place: str) -> dict[str, Any] | None:
    """The repository, or None. One that was renamed answers under its old name too: it is none."""
    try:
        found = client.get(f"look for {place}", f"/repos/{place}")
    except GitHubError as error:
        if error.trouble.kind == "missing":
            return None
        raise
    return found if str(found.get("full_name")).lower() == place.lower() else None


def _create(client: Client, owner: str, name: str, template: str | None) -> dict[str, Any]:
    what = f"make {owner}/{name}"
    if template:
        body = {"owner": owner, "name": name, "private": True, "include_all_branches": False}
        return client.send(f"{what} from {template}", "POST", f"/repos/{template}/generate", body)
    account = client.get(what, f"/users/{owner}")
    is_organization = account.get("type") == "Organization"
    path = f"/orgs/{owner}/repos" if is_organization else "/user/repos"
    body = {"name": name, "private": True, "auto_init": False, "has_wiki": False}
    made = client.send(what, "POST", path, body)
    if str(made.get("full_name")).lower() != f"{owner}/{name}".lower():
        raise RepositoryError(
            f"{owner} is not the token's own user, so {made.get('full_name')} was made instead of "
            f"{owner}/{name}; delete it, and write an organization or that user into the roster"
        )
    return made


def _wait_for_copy(client: Client, place: str, branch: str) -> None:
    """GitHub fills a repository from its template after it has answered."""
    what = f"see the template's files in {place}"
    for attempt in range(_COPY_ATTEMPTS):
        if attempt:
            time.sleep(_COPY_PAUSE_S)
        branches = client.get_all(what, f"/repos/{place}/branches")
        if any(entry.get("name") == branch for entry in branches):
            return
    raise RepositoryError(
        f"{place} was made, but GitHub has not filled it from the template yet; run again later"
    )
