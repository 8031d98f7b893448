"""What is said on the pull request: one review for the first return, one for each regrading."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from autograder.course.report import Status
from autograder.feedback import escape, wording
from autograder.feedback.returned import Question, Returned
from autograder.feedback.summary import lines_of
from autograder.repositories.pull_requests import MAX_TEXT, LineComment, Review

MAX_BESIDE_TEXT = 8_000
_MARK = "<!-- autograder:"  # a comment in HTML: no forge shows it


def summary_path(assignment: str) -> str:
    """Where the summary lies in the student's repository."""
    return f"feedback/{assignment}/README.md"


def mark_of(commit: str) -> str:
    """What a review on this commit is known by."""
    return f"{_MARK} {commit} -->"


def first_review(returned: Returned, commit: str) -> Review:
    """The score, and beside the summary's line of each question what is said on it.

    It is known by any review's mark: whatever was left before, this is not the first one any more.
    """
    beside = _beside(returned, [question.cell for question in returned.questions])
    waits = f" ({wording.points(returned.waiting)} points wait for a reader)"
    blocks = [
        f"**{wording.points(returned.score)} of {wording.points(returned.max_score)} points**"
        f"{waits if returned.waiting else ''}. {_where(returned, beside)}",
        f"Your notebook with our notes is `{returned.assignment}.ipynb` beside it. If you think "
        "that a question was graded wrongly, answer with a line `/regrade QUESTION REASON`.",
    ]
    return Review(_marked(blocks, commit), _MARK, beside)


def regrading_review(
    returned: Returned, commit: str, what_changed: Sequence[str], commented: Collection[str]
) -> Review:
    """What a regrading changed and why; beside the lines of `commented` the new comments."""
    lines = "\n".join(f"- {line}" for line in what_changed)
    body = _marked([f"Graded again. What changed:\n\n{lines}"], commit)
    return Review(body, mark_of(commit), _beside(returned, commented))


def _where(returned: Returned, beside: Collection[LineComment]) -> str:
    """Where the student reads on."""
    if beside:
        return "What to look at stands beside the lines of the summary."
    claims = [outcome.status for question in returned.questions for outcome in question.outcomes]
    if len(set(claims)) == 1:  # all hold, or none was attempted
        return wording.encouragement(returned)
    return "The summary has a line for each question."


def _marked(blocks: Sequence[str], commit: str) -> str:
    mark = mark_of(commit)
    text = "\n\n".join(blocks)
    return f"{cut(text, MAX_TEXT - len(mark) - 2)}\n\n{mark}"


def _beside(returned: Returned, cells: Collection[str]) -> tuple[LineComment, ...]:
    path, lines = summary_path(returned.assignment), lines_of(returned)
    return tuple(
        LineComment(path, lines[question.cell], cut("\n\n".join(said), MAX_BESIDE_TEXT))
        for question in returned.questions
        if question.cell in cells and question.cell in lines and (said := list(_said(question)))
    )


def _said(question: Question) -> Iterator[str]:
    """The claims that an answer does not meet, with their hints, and a person's comments.

    A question without an answer has nothing to be said on, and no traceback is shown.
    """
    claims = [
        wording.claim_line(outcome, with_detail=False)
        for outcome in question.outcomes
        if outcome.status not in (Status.PASSED, Status.NOT_ATTEMPTED)
    ]
    if not claims and not question.comments:
        return
    score = "–" if question.score is None else wording.points(question.score)
    yield f"**`{question.cell}`**: {score} of {wording.points(question.max_score)} points"
    if claims:
        yield "\n".join(claims)
    for comment in question.comments:
        yield f"**Comment by the course staff**\n\n{escape.quote(comment)}"


def cut(text: str, length: int = MAX_TEXT) -> str:
    """A text that a forge takes; what is too long stands on the branch in full."""
    more = "\n\nThe rest stands in README.md on the branch.\n"
    return text if len(text) <= length else text[: length - len(more)] + more
