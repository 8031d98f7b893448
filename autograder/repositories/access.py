"""Who may ask the server for what: users, addresses, and the decision between them."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

REPOSITORY_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@+-]{0,99}")
_METHODS = {
    "info/refs": ("GET",),
    "push-log": ("GET",),
    "git-upload-pack": ("POST",),
    "git-receive-pack": ("POST",),
    "pulls": ("GET", "POST"),
    "repository": ("POST",),
}
_ROUTE = re.compile(rf"/({REPOSITORY_NAME.pattern})\.git/({'|'.join(_METHODS)})")
_STAFFS = ("push-log", "repository")
_SERVICES = ("service=git-upload-pack", "service=git-receive-pack")


@dataclass(frozen=True, slots=True)
class User:
    """Who may log in: a student reads and writes the repository of the same name, staff all."""

    name: str
    password: str = field(repr=False)
    is_staff: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """An address taken apart; `query` is empty but for `info/refs`."""

    repository: str
    service: str
    query: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """The HTTP status and the sentence that a client gets instead."""

    status: int
    message: str


def log_in(authorization: str, users: Mapping[str, User]) -> User | None:
    """The user whose name and password the HTTP header `Authorization` carries."""
    scheme, _, code = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, password = base64.b64decode(code, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    user = users.get(name)
    expected = user.password if user else ""
    is_right = hmac.compare_digest(password.encode(), expected.encode())
    return user if is_right and expected else None


def admit(user: User | None, method: str, target: str) -> Request | Refusal:
    """What the request is for, or why it is refused; says nothing of others' repositories."""
    if user is None:
        return Refusal(401, "log in with your name and password")
    path, _, query = target.partition("?")
    route = _ROUTE.fullmatch(path)
    if route is None:
        return Refusal(404, "no such address")
    repository, service = route[1], route[2]
    if not user.is_staff and (user.name != repository or service in _STAFFS):
        return Refusal(403, "this is not yours to read or write")
    if method not in _METHODS[service]:
        return Refusal(405, f"not by {method}")
    if service == "info/refs" and query not in _SERVICES:
        return Refusal(403, "only git itself is served; use git 1.7 or newer")
    return Request(repository, service, query if service == "info/refs" else "")
