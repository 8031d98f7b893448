"""The state of a small GitHub: accounts, repositories, rules, pull requests, and its answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from autograder.repositories.git import Network, git
from autograder.repositories.push_log import parse_push_log
from autograder.repositories.server import GitServer, create_repository
from tests.repositories.github.description import HOST, Description
from tests.repositories.github.diff_lines import shown_lines

Answer = tuple[int, Any]
Query = Mapping[str, str]
REPO = "/repos/{owner}/{repo}"
_LOCAL = Network(protocols="file")
NOT_FOUND: Answer = (404, {"message": "Not Found", "documentation_url": HOST, "status": "404"})


@dataclass
class Repository:
    """One repository; `roles` has who may do what, `pushers` who made each entry of the log."""

    full_name: str
    is_private: bool = True
    is_archived: bool = False
    roles: dict[str, str] = field(default_factory=dict)
    pushers: list[str] = field(default_factory=list)
    rulesets: list[dict[str, Any]] = field(default_factory=list)
    pulls: list[dict[str, Any]] = field(default_factory=list)
    reviews: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    line_comments: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[dict[str, Any]] = field(default_factory=list)

    @property
    def directory(self) -> str:
        """Its name on the server that carries git's own traffic."""
        return self.full_name.replace("/", ".")


@dataclass(frozen=True)
class Call:
    """One request: the names in its path, and whose token it carries."""

    repository: Repository
    names: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    login: str


class World:
    """What GitHub knows, and what it answers to each operation. `clock` is its clock."""

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
            return 403, _error("Must have admin rights to Repository.", "403")
        call = Call(self.repositories[full_name.lower()], names, query, body, login)
        return self._inside()[verb, place](call)

    def _inside(self) -> dict[tuple[str, str], Callable[[Call], Answer]]:
        pull, issue = "/pulls/{pull_number}", "/issues/{issue_number}"
        return {
            ("GET", ""): lambda c: (200, self._repository(c.repository)),
            ("GET", "/activity"): self._activity,
            ("GET", "/branches"): self._branches,
            ("PUT", "/collaborators/{username}"): self._collaborator,
            ("GET", "/rulesets"): lambda c: (200, c.repository.rulesets),
            ("POST", "/rulesets"): self._make_ruleset,
            ("PUT", "/rulesets/{ruleset_id}"): self._change_ruleset,
            ("GET", "/pulls"): self._list_pulls,
            ("POST", "/pulls"): self._open_pull,
            ("GET", pull): self._pull,
            ("PATCH", pull): self._change_pull,
            ("GET", f"{pull}/reviews"): lambda c: _of(c.repository.reviews, c.names),
            ("POST", f"{pull}/reviews"): self._review,
            ("GET", f"{pull}/comments"): lambda c: _of(c.repository.line_comments, c.names),
            ("GET", f"{issue}/comments"): lambda c: _of(c.repository.comments, c.names),
            ("GET", "/commits/{ref}/statuses"): self._list_statuses,
            ("POST", "/statuses/{sha}"): self._status,
        }

    def _outside(
        self, login: str, names: Mapping[str, str], body: Any
    ) -> dict[tuple[str, str], Callable[[], Answer]]:
        template = "/repos/{template_owner}/{template_repo}/generate"
        return {
            ("GET", "/users/{username}"): lambda: self._account(names),
            ("POST", "/orgs/{org}/repos"): lambda: self._make_for_organization(login, names, body),
            ("POST", "/user/repos"): lambda: self._make(login, body["name"], body),
            ("POST", template): lambda: self._generate(login, names, body),
        }

    def _repository(self, repository: Repository) -> dict[str, Any]:
        owner, name = repository.full_name.split("/")
        return self.description.sample(
            "full-repository", name=name, full_name=repository.full_name, default_branch="main",
            private=repository.is_private, archived=repository.is_archived, owner={"login": owner},
        )  # fmt: skip

    def _activity(self, call: Call) -> Answer:
        repository, query = call.repository, call.query
        entries = []
        log = parse_push_log(self.git_server.read_log(repository.directory))
        for number, (entry, pusher) in enumerate(zip(log, repository.pushers, strict=True), 1):
            kind = "branch_creation" if entry.is_creation else "push"
            kind = "branch_deletion" if entry.is_deletion else kind
            entries.append(
                self.description.sample(
                    "activity",
                    id=number,
                    before=entry.old,
                    after=entry.new,
                    ref=entry.ref,
                    timestamp=f"{entry.time:%Y-%m-%dT%H:%M:%SZ}",
                    actor=self.user(pusher),
                    activity_type="force_push" if entry.is_forced else kind,
                )
            )
        return 200, entries if query.get("direction") == "asc" else entries[::-1]

    def _branches(self, call: Call) -> Answer:
        repository = call.repository
        return 200, [
            self.description.sample("short-branch", name=name, commit={"sha": sha, "url": HOST})
            for name, sha in self.branches(repository).items()
        ]

    def _collaborator(self, call: Call) -> Answer:
        repository, names, body = call.repository, call.names, call.body
        person = names["username"].lower()
        if person not in self.accounts:
            return 404, _error("Not Found", "404")
        if person in repository.roles:
            return 204, None
        repository.roles[person] = body["permission"]
        return 201, self.description.sample("repository-invitation")

    def _make_ruleset(self, call: Call) -> Answer:
        repository, body = call.repository, call.body
        if not self.has_rulesets:
            words = "Upgrade to GitHub Pro or make this repository public to enable this feature."
            return 403, _error(words, "403")
        if any(rules["name"] == body["name"] for rules in repository.rulesets):
            return 422, _error("Name must be unique", "422")
        repository.rulesets.append(self._ruleset(self.next_number(), body))
        return 201, repository.rulesets[-1]

    def _change_ruleset(self, call: Call) -> Answer:
        repository, names, body = call.repository, call.names, call.body
        for index, rules in enumerate(repository.rulesets):
            if str(rules["id"]) == names["ruleset_id"]:
                repository.rulesets[index] = self._ruleset(rules["id"], body)
                return 200, repository.rulesets[index]
        return NOT_FOUND

    def _ruleset(self, number: int, body: dict[str, Any]) -> dict[str, Any]:
        return self.description.sample("repository-ruleset", id=number, source="text", **body)

    def _list_pulls(self, call: Call) -> Answer:
        repository, query = call.repository, call.query
        found = [
            self._shown(repository, pull, "pull-request-simple")
            for pull in repository.pulls
            if query.get("state", "open") in ("all", pull["state"])
            and query.get("base", pull["base"]) == pull["base"]
            and query.get("head", self._label(repository, pull)) == self._label(repository, pull)
        ]
        return 200, found if query.get("direction") == "asc" else found[::-1]

    def _open_pull(self, call: Call) -> Answer:
        repository, body = call.repository, call.body
        tips = self.branches(repository)
        for key in ("head", "base"):
            if body[key] not in tips:
                return 422, _invalid("PullRequest", field=key, code="invalid")
        both = (body["head"], body["base"])
        own = [pull for pull in repository.pulls if "fork_of" not in pull]
        if any((pull["head"], pull["base"], pull["state"]) == (*both, "open") for pull in own):
            words = f"A pull request already exists for {repository.full_name}."
            return 422, _invalid("PullRequest", code="custom", message=words)
        if tips[body["head"]] == tips[body["base"]]:
            words = f"No commits between {body['base']} and {body['head']}"
            return 422, _invalid("PullRequest", code="custom", message=words)
        number = len(repository.pulls) + 1
        repository.pulls.append(body | {"number": number, "state": "open", "merged_at": None})
        return 201, self._shown(repository, repository.pulls[-1], "pull-request")

    def _pull(self, call: Call) -> Answer:
        repository, names = call.repository, call.names
        pull = self._numbered(repository, names)
        return (200, self._shown(repository, pull, "pull-request")) if pull else NOT_FOUND

    def _change_pull(self, call: Call) -> Answer:
        repository, names, body = call.repository, call.names, call.body
        pull = self._numbered(repository, names)
        if pull is None:
            return NOT_FOUND
        if body.get("state") == "open" and pull["merged_at"]:
            return 422, _invalid("PullRequest", field="state", code="invalid")
        pull.update(body)
        return 200, self._shown(repository, pull, "pull-request")

    def _review(self, call: Call) -> Answer:
        repository, names, body, login = call.repository, call.names, call.body, call.login
        pull = self._numbered(repository, names)
        if pull is None:
            return NOT_FOUND
        comments = body.get("comments", [])
        if not all(self._is_shown(repository, pull, comment) for comment in comments):
            words = "Pull request review thread line must be part of the diff"
            return 422, _error("Unprocessable Entity", "422") | {"errors": [words]}
        repository.reviews.append(
            self.description.sample(
                "pull-request-review",
                id=self.next_number(),
                user=self.user(login),
                body=body["body"].replace("\n", "\r\n"),
                commit_id=body["commit_id"],
                submitted_at=self.time(),
                pull_request_url=f"{HOST}/pulls/{names['pull_number']}",
            )
        )
        for one in comments:
            self.say_beside_line(
                repository, pull["number"], login, one["body"], one["path"], one["line"]
            )
        return 200, repository.reviews[-1]

    def _is_shown(
        self, repository: Repository, pull: Mapping[str, Any], comment: Mapping[str, Any]
    ) -> bool:
        directory = self.git_server.root / f"{repository.directory}.git"
        ends = (f"refs/heads/{pull['base']}", f"refs/heads/{pull['head']}")
        is_right = comment.get("side", "RIGHT") == "RIGHT"
        return is_right and comment["line"] in shown_lines(directory, *ends, comment["path"])

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

    def _list_statuses(self, call: Call) -> Answer:
        repository, names = call.repository, call.names
        found = [one for one in repository.statuses if one["url"].endswith(names["ref"])]
        return 200, found[::-1]  # the newest first

    def _status(self, call: Call) -> Answer:
        repository, names, body, login = call.repository, call.names, call.body, call.login
        if len(body.get("description") or "") > 140:
            return 422, _error("description is too long (maximum is 140 characters)", "422")
        repository.statuses.append(
            self.description.sample(
                "status",
                id=self.next_number(),
                url=f"{HOST}/statuses/{names['sha']}",
                creator=self.user(login),
                created_at=self.time(),
                updated_at=self.time(),
                **body,
            )
        )
        return 201, repository.statuses[-1]

    def _account(self, names: Mapping[str, str]) -> Answer:
        name = names["username"].lower()
        if name not in self.accounts:
            return NOT_FOUND
        kind = self.accounts[name]
        return 200, self.description.sample(
            "public-user", login=name, type=kind, user_view_type="public"
        )

    def _make_for_organization(self, login: str, names: Mapping[str, str], body: Any) -> Answer:
        if login != "teacher":
            return 403, _error("You need admin access to the organization.", "403")
        return self._make(names["org"], body["name"], body)

    def _generate(self, login: str, names: Mapping[str, str], body: Any) -> Answer:
        full_name = f"{names['template_owner']}/{names['template_repo']}"
        template = self.repositories.get(full_name.lower())
        if template is None or self.role(full_name, login) is None:
            return NOT_FOUND
        status, answer = self._make(body["owner"], body["name"], body)
        if status == 201 and self.branches(template):
            made = self.repositories[f"{body['owner']}/{body['name']}".lower()]
            source = self.git_server.root / f"{template.directory}.git"
            target = self.git_server.root / f"{made.directory}.git"
            words = ("fetch", "--quiet", str(source), "+refs/heads/main:refs/heads/main")
            git(*words, repository=target, network=_LOCAL)
        return status, answer

    def _make(self, owner: str, name: str, body: Any) -> Answer:
        full_name = f"{owner}/{name}"
        if full_name.lower() in self.repositories:
            words = "name already exists on this account"
            return 422, _invalid("Repository", field="name", code="custom", message=words)
        made = self.add_repository(full_name, is_private=bool(body.get("private")))
        return 201, self._repository(made)

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

    def _numbered(self, repository: Repository, names: Mapping[str, str]) -> dict[str, Any] | None:
        number = int(names["pull_number"])
        return next((pull for pull in repository.pulls if pull["number"] == number), None)

    def _label(self, repository: Repository, pull: Mapping[str, Any]) -> str:
        owner = str(pull.get("fork_of") or repository.full_name).partition("/")[0]
        return f"{owner}:{pull['head']}"

    def _shown(
        self, repository: Repository, pull: Mapping[str, Any], schema: str
    ) -> dict[str, Any]:
        tips = self.branches(repository)
        home = pull.get("fork_of") or repository.full_name
        end = {"sha": "0" * 40, "user": self.user("x"), "repo": self._repository(repository)}
        return self.description.sample(
            schema, number=pull["number"], title=pull["title"], body=pull["body"] or None,
            state=pull["state"], merged_at=pull["merged_at"],
            head={**end, "ref": pull["head"], "label": self._label(repository, pull),
                  "sha": tips.get(pull["head"], "0" * 40),
                  "repo": end["repo"] | {"full_name": home}},
            base={**end, "ref": pull["base"], "label": pull["base"]},
        )  # fmt: skip


def _of(entries: list[dict[str, Any]], names: Mapping[str, str]) -> Answer:
    """The entries of one pull request."""
    number = names.get("pull_number") or names["issue_number"]
    pattern = re.compile(rf"/{number}$")
    keys = ("pull_request_url", "issue_url")
    return 200, [e for e in entries if any(pattern.search(str(e.get(key, ""))) for key in keys)]


def _error(message: str, status: str) -> dict[str, Any]:
    return {"message": message, "documentation_url": HOST, "status": status}


def _invalid(resource: str, **values: str) -> dict[str, Any]:
    error = _error("Validation Failed", "422")
    return error | {"errors": [{"resource": resource, **values}]}
