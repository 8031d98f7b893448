"""Requests to GitHub: one at a time, patient within bounds, every failure named."""

from __future__ import annotations

import threading
import time
import urllib.parse
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import requests
from github import Auth, Github, GithubException
from requests.utils import parse_header_links

from autograder.repositories.git import printable
from autograder.repositories.github.troubles import (
    UNNAMED_WAIT_S,
    GitHubError,
    Patience,
    Trouble,
    judge,
)

MAX_PAGES = 200
_PAGE = 100  # the most entries that GitHub puts on a page
_READS = ("GET", "HEAD")
_REPEATABLE = ("GET", "HEAD", "PUT", "PATCH", "DELETE")  # twice is the same as once


class Client:
    """GitHub for one token. Safe to use from several threads.

    GitHub asks for one request at a time, and PyGithub keeps the request on its connection, where
    two threads would get each other's answers: a lock holds both. `read_pause_s` and
    `write_pause_s` lie between two requests; GitHub's limit on writes is about 80 a minute. When
    one thread has met a rate limit, no other sends anything until it has passed.
    """

    def __init__(
        self,
        api: str,
        token: str,
        *,
        timeout_s: int = 30,
        patience: Patience | None = None,
        read_pause_s: float = 0.05,
        write_pause_s: float = 1.0,
    ) -> None:
        self._patience = patience or Patience()
        self._lock = threading.Lock()
        self._limit: tuple[Trouble, float] | None = None  # met last, and the moment of its end
        self._hub = Github(
            auth=Auth.Token(token),
            base_url=api,
            timeout=timeout_s,
            user_agent="deep-learning-autograder",
            retry=None,  # PyGithub would wait for an hour, and repeat what must not be repeated
            seconds_between_requests=read_pause_s,
            seconds_between_writes=write_pause_s,
        )

    def get(self, what: str, path: str, **query: str | int) -> Any:  # noqa: ANN401 - JSON
        """The JSON of one answer. `what` completes the sentence "cannot ..." of an error.

        Raises:
            GitHubError: GitHub refuses, fails, or cannot be reached; so below.
        """
        return self._request(what, "GET", _with_query(path, query))[1]

    def get_all(self, what: str, path: str, **query: str | int) -> list[dict[str, Any]]:
        """The entries of every page, in GitHub's order."""
        entries: list[dict[str, Any]] = []
        url: str | None = _with_query(path, {**query, "per_page": _PAGE})
        for _ in range(MAX_PAGES):
            headers, page = self._request(what, "GET", url)
            if not isinstance(page, list) or not all(isinstance(entry, dict) for entry in page):
                raise GitHubError(what, Trouble("unreadable", printable(str(page), 80)))
            entries += page
            url = _next(headers)
            if url is None:
                return entries
        raise GitHubError(what, Trouble("unreadable", f"there are more than {MAX_PAGES} pages"))

    def send(self, what: str, verb: str, path: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401
        """The JSON that GitHub answers to a request that changes something; None where it is empty.

        A POST that may have been carried out is not sent twice: the caller looks first.
        """
        return self._request(what, verb, path, dict(body))[1]

    def _request(
        self, what: str, verb: str, url: str, body: dict[str, object] | None = None
    ) -> tuple[dict[str, Any], Any]:
        waited_s, attempt = 0.0, 0
        while True:
            attempt += 1
            answer = self._attempt(verb, url, body)
            if not isinstance(answer, Trouble):
                return answer
            wait_s = self._patience.wait(answer, attempt, waited_s, verb in _REPEATABLE)
            if wait_s is None:
                raise GitHubError(what, answer)
            time.sleep(wait_s)
            waited_s += wait_s

    def _attempt(
        self, verb: str, url: str, body: dict[str, object] | None
    ) -> tuple[dict[str, Any], Any] | Trouble:
        with self._lock:
            limit = self._still_limited()
            if limit:
                return limit
            answer = self._exchange(verb, url, body)
            if isinstance(answer, Trouble) and answer.is_rate_limit:
                wait_s = UNNAMED_WAIT_S if answer.wait_s is None else answer.wait_s
                self._limit = answer, time.monotonic() + wait_s
            return answer

    def _still_limited(self) -> Trouble | None:
        """The rate limit that holds, with what is left of its time."""
        if self._limit is None:
            return None
        trouble, end = self._limit
        left_s = end - time.monotonic()
        return replace(trouble, wait_s=left_s) if left_s > 0 else None

    def _exchange(
        self, verb: str, url: str, body: dict[str, object] | None
    ) -> tuple[dict[str, Any], Any] | Trouble:
        try:
            return self._hub.requester.requestJsonAndCheck(verb, url, input=body)
        except GithubException as error:
            headers = {name.lower(): value for name, value in (error.headers or {}).items()}
            return judge(error.status, headers, error.data)
        except requests.Timeout:
            return Trouble("time-out")
        except requests.RequestException as error:
            return Trouble("network", printable(_cause(error), 200))
        except ValueError:  # JSON that breaks off
            return Trouble("unreadable")
        except RuntimeError as error:  # PyGithub's word on a redirection to another host
            return Trouble("moved", printable(str(error), 200))


def _with_query(path: str, query: Mapping[str, str | int]) -> str:
    return f"{path}?{urllib.parse.urlencode(query)}" if query else path


def _next(headers: Mapping[str, Any]) -> str | None:
    """The address of the next page; PyGithub sends only its path and query, to its own host."""
    links = parse_header_links(str(headers.get("link", "")))
    return next((link["url"] for link in links if link.get("rel") == "next"), None)


def _cause(error: requests.RequestException) -> str:
    """The innermost reason, without the addresses and objects around it."""
    reason: BaseException = error
    while reason.__cause__ or reason.__context__:
        reason = reason.__cause__ or reason.__context__ or reason
    return str(reason) or type(reason).__name__
