"""A small GitHub: who may ask it what, and which answer belongs to which request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from tests.repositories.github import pull_answers, repository_answers
from tests.repositories.github.pull_answers import of_pull
from tests.repositories.github.records import NOT_FOUND, Answer, Call, Query, Repository, error
from tests.repositories.github.state import State

__all__ = ["Repository", "World"]
REPO = "/repos/{owner}/{repo}"


class World(State):
    """What GitHub knows, and what it answers to each operation."""

    def answer(
        self,
        template: str,
        verb: str,
        login: str,
        names: Mapping[str, str],
        query: Query,
        body: Any,
    ) -> Answer:
        """What GitHub says to `login`; who may not see a repository is told that there is none."""
        place = template.removeprefix(REPO)
        if place == template:
            return self._outside(login, names, body)[verb, template]()
        full_name = f"{names['owner']}/{names['repo']}"
        role = self.role(full_name, login)
        if role is None:
            return NOT_FOUND
        if role != "admin" and (verb == "PUT" or "/rulesets" in template):
            return 403, error("Must have admin rights to Repository.", "403")
        call = Call(self.repositories[full_name.lower()], names, query, body, login)
        return self._inside()[verb, place](call)

    def _inside(self) -> dict[tuple[str, str], Callable[[Call], Answer]]:
        pull, issue = "/pulls/{pull_number}", "/issues/{issue_number}"
        return {
            ("GET", ""): lambda c: (200, repository_answers.repository_of(self, c.repository)),
            ("GET", "/activity"): partial(repository_answers.activity, self),
            ("GET", "/branches"): partial(repository_answers.list_branches, self),
            ("PUT", "/collaborators/{username}"): partial(repository_answers.collaborator, self),
            ("GET", "/rulesets"): lambda c: (200, c.repository.rulesets),
            ("POST", "/rulesets"): partial(repository_answers.make_ruleset, self),
            ("PUT", "/rulesets/{ruleset_id}"): partial(repository_answers.change_ruleset, self),
            ("GET", "/pulls"): partial(pull_answers.list_pulls, self),
            ("POST", "/pulls"): partial(pull_answers.open_pull, self),
            ("GET", pull): partial(pull_answers.one_pull, self),
            ("PATCH", pull): partial(pull_answers.change_pull, self),
            ("GET", f"{pull}/reviews"): lambda c: of_pull(c.repository.reviews, c.names),
            ("POST", f"{pull}/reviews"): partial(pull_answers.leave_review, self),
            ("GET", f"{pull}/comments"): lambda c: of_pull(c.repository.line_comments, c.names),
            ("GET", f"{issue}/comments"): lambda c: of_pull(c.repository.comments, c.names),
            ("GET", "/commits/{ref}/statuses"): partial(pull_answers.list_statuses, self),
            ("POST", "/statuses/{sha}"): partial(pull_answers.set_status, self),
        }

    def _outside(
        self, login: str, names: Mapping[str, str], body: Any
    ) -> dict[tuple[str, str], Callable[[], Answer]]:
        template = "/repos/{template_owner}/{template_repo}/generate"
        return {
            ("GET", "/users/{username}"): lambda: repository_answers.account(self, names),
            ("POST", "/orgs/{org}/repos"): lambda: repository_answers.make_for_organization(
                self, login, names, body
            ),
            ("POST", "/user/repos"): lambda: repository_answers.make(
                self, login, body["name"], body
            ),
            ("POST", template): lambda: repository_answers.generate(self, login, names, body),
        }
