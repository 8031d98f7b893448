"""What GitHub's refusals mean: pure, from status, headers and message to a cause and a wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from autograder.errors import RepositoryError
from autograder.repositories.forge import GITHUB_TOKEN_VARIABLE
from autograder.repositories.git import printable

Kind = Literal[
    "primary rate limit",
    "secondary rate limit",
    "credential",
    "rights",
    "plan",
    "missing",
    "conflict",
    "invalid",
    "moved",
    "server",
    "time-out",
    "network",
    "unreadable",
]

UNNAMED_WAIT_S = 60.0  # what GitHub asks for where a limit names no time

_ADVICE: Mapping[Kind, str] = {
    "credential": f"GitHub does not know the token; set {GITHUB_TOKEN_VARIABLE} to a valid one",
    "rights": (
        "the token may not do this; give it the rights that docs/github.md lists, and its owner "
        "the role of an administrator of the repository"
    ),
    "plan": (
        "GitHub's plan of this account does not include it; move the organization to GitHub Team, "
        "which is free for teachers"
    ),
    "missing": (
        "there is none, or the token may not see it: GitHub answers both alike; check the address "
        "in the roster and the repositories that the token covers"
    ),
    "conflict": "something else changed it at the same time; run again",
    "invalid": "GitHub refuses what was asked for",
    "moved": "it was renamed; write the new address into the roster",
    "server": "GitHub itself fails; see githubstatus.com, then run again",
    "time-out": "GitHub did not answer in time; run again, what is done is found and left",
    "network": "GitHub cannot be reached; check the network, then run again",
    "unreadable": "GitHub's answer cannot be read; run again, and report it if it comes back",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a request failed. `wait_s` is how long GitHub asks to wait, where it names a time."""

    kind: Kind
    said: str = ""
    wait_s: float | None = None
    until: datetime | None = None
    status: int | None = None

    @property
    def is_rate_limit(self) -> bool:
        """GitHub did not carry the request out and will later: any request may be sent again."""
        return self.kind in ("primary rate limit", "secondary rate limit")

    @property
    def may_pass(self) -> bool:
        """The same request may succeed soon; it may also have been carried out already."""
        return self.kind in ("server", "time-out", "network", "unreadable")


class GitHubError(RepositoryError):
    """GitHub did not do what it was asked for; `trouble` says why."""

    def __init__(self, what: str, trouble: Trouble) -> None:
        super().__init__(_message(what, trouble), trouble.status)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a request is sent at most, and how long one may wait for GitHub in all."""

    attempts: int = 4
    first_s: float = 1.0
    total_s: float = 120.0

    def wait(
        self, trouble: Trouble, attempt: int, waited_s: float, is_repeatable: bool
    ) -> float | None:
        """Seconds until the next attempt, after attempt number `attempt`; None to give up.

        Where GitHub names a time, it is that time. Otherwise the waits double.
        """
        doubled = 2.0 ** (attempt - 1)
        if trouble.is_rate_limit:
            wait_s = UNNAMED_WAIT_S * doubled if trouble.wait_s is None else trouble.wait_s
        elif trouble.may_pass and is_repeatable:
            wait_s = self.first_s * doubled
        else:
            return None
        return None if attempt >= self.attempts or waited_s + wait_s > self.total_s else wait_s


def judge(status: int, headers: Mapping[str, Any], data: object) -> Trouble:
    """What an answer with a status of 300 or more means.

    A 403 has four causes: either rate limit, missing rights, and a plan that lacks a feature.
    Header names are lower case.
    """
    said = _said(data)
    limit = _rate_limit(status, headers, said)
    if limit:
        return limit
    return Trouble(_kind(status, said), said + _rights_wanted(status, headers), status=status)


def _kind(status: int, said: str) -> Kind:
    if status == 403:
        return "plan" if "upgrade to github" in said.lower() else "rights"
    if status == 408 or status >= 500:
        return "time-out" if status in (408, 504) else "server"
    if status < 400:
        return "moved"
    kinds: dict[int, Kind] = {401: "credential", 404: "missing", 410: "missing", 409: "conflict"}
    return kinds.get(status, "invalid")


def _rate_limit(status: int, headers: Mapping[str, Any], said: str) -> Trouble | None:
    """The rate limit that was met, if one was; GitHub says so with a 403 as with a 429."""
    if status not in (403, 429):
        return None
    retry_after = _number(headers.get("retry-after"))
    if retry_after is not None:
        return Trouble("secondary rate limit", said, retry_after, status=status)
    reset = _number(headers.get("x-ratelimit-reset"))
    if _number(headers.get("x-ratelimit-remaining")) == 0 and reset is not None:
        until = datetime.fromtimestamp(reset, UTC)
        wait = until - _server_time(headers) + timedelta(seconds=1)
        return Trouble("primary rate limit", said, max(0.0, wait.total_seconds()), until, status)
    text = said.lower()
    if status == 429 or "secondary rate limit" in text or "abuse detection" in text:
        return Trouble("secondary rate limit", said, status=status)
    return Trouble("primary rate limit", said, status=status) if "rate limit" in text else None


def _server_time(headers: Mapping[str, Any]) -> datetime:
    """GitHub's own clock, because the time at which the limit ends is by that clock."""
    try:
        return parsedate_to_datetime(str(headers.get("date"))).astimezone(UTC)
    except ValueError:
        return datetime.now(UTC)


def _number(value: object) -> float | None:
    text = str(value).strip() if value is not None else ""
    return float(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _said(data: object) -> str:
    """GitHub's message with the details that it gives for a 422."""
    if not isinstance(data, dict):
        return ""
    parts = [str(data.get("message") or "")]
    errors = data.get("errors")
    for error in errors if isinstance(errors, list) else [errors] if errors else []:
        if isinstance(error, dict):
            words = (error.get("field"), error.get("code"), error.get("message"))
            parts.append(" ".join(str(word) for word in words if word))
        else:
            parts.append(str(error))
    return printable("; ".join(part for part in parts if part))


def _rights_wanted(status: int, headers: Mapping[str, Any]) -> str:
    """The rights that GitHub says the request needs."""
    if status not in (403, 404):
        return ""
    if str(headers.get("x-github-sso", "")).startswith("required"):
        return " (the organization wants this token authorized for its single sign-on)"
    for name in ("x-accepted-github-permissions", "x-accepted-oauth-scopes"):
        if headers.get(name):
            return f" (it needs {printable(str(headers[name]), 100)})"
    return ""


def _message(what: str, trouble: Trouble) -> str:
    status = f" ({trouble.status})" if trouble.status else ""
    said = f", GitHub says {trouble.said!r}" if trouble.said else ""
    if trouble.is_rate_limit:
        until = f"until {trouble.until:%H:%M:%S} UTC" if trouble.until else "for a while"
        if trouble.until is None and trouble.wait_s is not None:
            until = f"for {trouble.wait_s:.0f} s"
        advice = (
            f"the {trouble.kind} is used up {until}; the token's rights are not the cause; "
            "run again after that, what is done is found and left"
        )
    else:
        advice = _ADVICE[trouble.kind]
    return f"cannot {what}{status}: {trouble.kind}{said}; {advice}"
