"""What students ask for on a pull request: `/regrade question reason`, pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from autograder.repositories.git import printable
from autograder.repositories.pull_requests import Comment

MAX_REASON = 1000
_REQUEST = re.compile(r"/regrade(?:[ \t]+(\S+))?(?:[ \t]+(.*))?", re.IGNORECASE)
_QUESTION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")


@dataclass(frozen=True, slots=True)
class RegradeRequest:
    """One question that a student wants looked at again; `problem` says what the line lacks."""

    student: str
    question: str
    reason: str
    written: datetime
    problem: str = ""


def read_requests(
    comments: Iterable[Comment], student: str, questions: Iterable[str] = ()
) -> tuple[RegradeRequest, ...]:
    """The student's requests among the comments, in their order; other people's do not count.

    A request is a line of its own that begins with /regrade; lines after it, up to the next one,
    belong to its reason. Quoted lines (>) and blocks of code are no requests. A later request for
    the same question replaces the earlier one. `questions` are the names that exist, where known.
    """
    known = {question.lower(): question for question in questions}
    found: dict[str, RegradeRequest] = {}
    for comment in comments:
        if comment.author != student:
            continue
        for question, reason in _requests(comment.text):
            name = known.get(question.lower(), question)
            request = RegradeRequest(
                student,
                printable(name, 100),
                printable(reason, MAX_REASON),
                comment.written,
                _problem(name, reason, tuple(known.values())),
            )
            found.pop(name, None)
            found[name] = request
    return tuple(found.values())


def _requests(text: str) -> list[tuple[str, str]]:
    """Question and reason of each request in one comment."""
    found: list[tuple[str, str]] = []
    is_code = is_open = False
    for line in text.splitlines():
        stripped = line.strip()
        if stripped.startswith(("```", "~~~")):
            is_code = not is_code
        elif is_code or stripped.startswith(">"):
            continue
        elif match := _REQUEST.fullmatch(stripped):
            found.append((match[1] or "", match[2] or ""))
            is_open = True
        elif is_open and stripped:
            question, reason = found[-1]
            found[-1] = question, f"{reason} {stripped}".strip()
    return found


def _problem(question: str, reason: str, known: tuple[str, ...]) -> str:
    if not question:
        return "names no question; write /regrade QUESTION REASON"
    if not _QUESTION.fullmatch(question) or (known and question not in known):
        return f"{printable(question, 100)!r} is no question of this assignment"
    return "" if reason else "gives no reason; write /regrade QUESTION REASON"
