"""What a regrading changed for a student and why: pure, from what was returned before and now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autograder.course.report import Status
from autograder.feedback import escape, wording
from autograder.feedback.returned import Question, Returned

MAX_CLAIMS = 3
Record = dict[str, Any]


def record(returned: Returned) -> Record:
    """What is kept of returned feedback, so that the next one can say what changed."""
    return {
        "score": returned.score,
        "late_penalty": returned.late_penalty,
        "questions": {
            question.cell: {
                "score": question.score,
                "by_tests": question.by_tests,
                "claims": {o.claim: str(o.status.value) for o in question.outcomes},
                "comments": list(question.comments),
            }
            for question in returned.questions
        },
    }


def changes(before: Mapping[str, Any], now: Returned) -> tuple[str, ...]:
    """A sentence for each question whose points or comments are others than before."""
    old = before["questions"]
    lines = [
        line for question in now.questions for line in _question(old.get(question.cell), question)
    ]
    if before["late_penalty"] != now.late_penalty:
        lines.append(f"the late penalty is {wording.points(now.late_penalty)} points now")
    if before["score"] != now.score:
        was, score = wording.points(before["score"]), wording.points(now.score)
        lines.append(f"together: {was} → {score} of {wording.points(now.max_score)} points")
    return tuple(lines)


def _question(before: Mapping[str, Any] | None, now: Question) -> Iterator[str]:
    if before is None:
        yield f"`{now.cell}` is new"
        return
    has_comment = list(now.comments) != before["comments"]
    if now.score != before["score"]:
        reasons = [*_why(before, now), *(["with a comment"] if has_comment else [])]
        score = f"{_points(before['score'])} → {_points(now.score)}"
        most = wording.points(now.max_score)
        yield f"`{now.cell}`: {score} of {most} points ({'; '.join(reasons)})"
    elif has_comment:
        yield f"`{now.cell}`: the comment is new"


def _why(before: Mapping[str, Any], now: Question) -> Iterator[str]:
    moved = list(_claims(before["claims"], now))
    yield from moved[:MAX_CLAIMS]
    if len(moved) > MAX_CLAIMS:
        yield f"and {len(moved) - MAX_CLAIMS} more claims"
    if now.score not in (None, now.by_tests):
        yield "a person set the points"
    elif before["score"] is None:
        yield "it has been read"
    elif not moved:
        yield "the points of its claims were corrected"


def _claims(before: Mapping[str, str], now: Question) -> Iterator[str]:
    for outcome in now.outcomes:
        status = before.get(outcome.claim)
        claim = escape.prose(outcome.claim).rstrip(".")
        if status is None:
            yield f"asked anew: {claim}"
        elif (status == Status.PASSED.value) != (outcome.status is Status.PASSED):
            holds = "holds now" if outcome.status is Status.PASSED else "does not hold any longer"
            yield f"{holds}: {claim}"


def _points(score: float | None) -> str:
    return "–" if score is None else wording.points(score)
