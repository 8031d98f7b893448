"""What the tests' GitHub keeps of a repository, a request to it, and the shape of its answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.repositories.github.description import HOST

Answer = tuple[int, Any]
Query = Mapping[str, str]
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


def error(message: str, status: str) -> dict[str, Any]:
    """The body of an answer that refuses."""
    return {"message": message, "documentation_url": HOST, "status": status}


def invalid(resource: str, **values: str) -> dict[str, Any]:
    """The body of an answer to a request that says what cannot be."""
    return error("Validation Failed", "422") | {"errors": [{"resource": resource, **values}]}
