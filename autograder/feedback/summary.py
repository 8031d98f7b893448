"""The feedback on one page of Markdown: the score, a row for each question, what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.course.report import Status
from autograder.feedback import escape, wording
from autograder.feedback.returned import Question, Returned


def summary(returned: Returned) -> str:
    """The page itself, README.md beside the returned notebook."""
    return "\n\n".join([*_blocks(returned), *_next(returned), *_files(returned)]) + "\n"


def lines_of(returned: Returned) -> dict[str, int]:
    """The line of the page, counted from 1, on which each question stands.

    It is the question's heading, or its row in the table where there is nothing left to look at.
    Nothing that others wrote begins a line like that: it is quoted or stands in a list.
    """
    found: dict[str, int] = {}
    for number, line in enumerate(summary(returned).split("\n"), 1):
        for question in returned.questions:
            if line == _heading(question) or line.startswith(f"| `{question.cell}` |"):
                found[question.cell] = number
    return found


def opening(returned: Returned) -> str:
    """What stands at the top of the returned notebook."""
    guide = (
        f"Our notes stand in cells that begin with {escape.SEAL}, one after each question. "
        "Everything else is your notebook as it ran."
    )
    return "\n\n".join([*_blocks(returned), guide])


def _blocks(returned: Returned) -> Iterator[str]:
    yield f"# {escape.SEAL} Feedback on {returned.assignment}"
    yield f"**Score: {wording.points(returned.score)} of {wording.points(returned.max_score)}**" + (
        f" ({wording.points(returned.waiting)} points wait for a reader)"
        if returned.waiting
        else ""
    )
    yield wording.encouragement(returned)
    if returned.problems:
        yield "**About the file**"
        yield "\n".join(f"- {escape.prose(problem)}" for problem in returned.problems)
    yield "\n".join(_table(returned))
    yield from _legend(returned)
    if returned.submission is not None:
        yield _received(returned)


def _table(returned: Returned) -> Iterator[str]:
    """A row for each question; the class stands in it where its distribution may be shown."""
    has_class = any(question.in_class for question in returned.questions)
    yield "| question | points | claims that hold | |" + (" class, median |" if has_class else "")
    yield "|:--|--:|--:|:--|" + (":--|" if has_class else "")
    end = " |" if has_class else ""
    for question in returned.questions:
        yield f"| {' | '.join(_row(question))} |" + (_in_class(question) if has_class else "")
    if returned.late_penalty:
        yield f"| late penalty | −{wording.points(returned.late_penalty)} | | |{end}"
    total = f"**{wording.points(returned.score)} / {wording.points(returned.max_score)}**"
    claims = sum(len(question.outcomes) for question in returned.questions)
    holding = sum(question.holding for question in returned.questions)
    yield f"| **together** | {total} | {f'{holding} of {claims}' if claims else ''} | |{end}"


def _row(question: Question) -> tuple[str, ...]:
    score = "–" if question.score is None else wording.points(question.score)
    return (
        f"`{question.cell}`",
        f"{score} / {wording.points(question.max_score)}",
        f"{question.holding} of {len(question.outcomes)}" if question.outcomes else "",
        wording.state(question) + (", with a comment" if question.comments else ""),
    )


def _in_class(question: Question) -> str:
    shown = question.in_class
    return f" {wording.bars(shown)} {wording.points(shown.median)} |" if shown else " |"


def _legend(returned: Returned) -> Iterator[str]:
    counts = [question.in_class.count for question in returned.questions if question.in_class]
    if counts:
        least, most = min(counts), max(counts)
        students = f"{most}" if least == most else f"{least} to {most}"
        yield (
            "*class*: a bar for each fifth of the points, from none (left) to all (right); its "
            "height says how many have a score there. Beside it stands the median. Counted are the "
            f"{students} students who had a score when it was taken; nobody is named."
        )


def _received(returned: Returned) -> str:
    submission = returned.submission
    assert submission is not None  # noqa: S101 - the caller asks only where there is one
    moment = submission.received.astimezone(returned.timezone)
    days = submission.late_days
    when = f"{moment:%A}, {moment.day} {moment:%B %Y, %H:%M:%S %Z}"
    late = "on time" if not days else f"{days} late day{'s' if days != 1 else ''} used"
    pdf = f", with your PDF {escape.prose(submission.theory)}" if submission.theory else ""
    return f"Received {when} ({late}), as commit `{submission.commit[:12]}`{pdf}."


def _next(returned: Returned) -> Iterator[str]:
    """The claims that do not hold yet, by question, without the tracebacks."""
    yield "## What to look at next"
    open_questions = [q for q in returned.questions if _open(q) or q.comments]
    if not open_questions:
        yield "Nothing: all that was checked holds."
    for question in open_questions:
        lines = [wording.claim_line(outcome, with_detail=False) for outcome in _open(question)]
        if question.is_untouched:
            lines = ["Not attempted yet."]
        comments = [f"Comment by the course staff:\n\n{escape.quote(c)}" for c in question.comments]
        yield _heading(question)
        yield from filter(None, ["\n".join(lines), *comments])


def _heading(question: Question) -> str:
    return f"### `{question.cell}`"


def _open(question: Question) -> list:
    return [o for o in question.outcomes if o.status is not Status.PASSED]


def _files(returned: Returned) -> Iterator[str]:
    name = returned.assignment
    yield "## Files"
    yield (
        f"- [{name}.ipynb]({name}.ipynb): your notebook as it ran, with our notes and the details "
        f"of each error\n- [{name}.html]({name}.html): the same as a web page, to download and open"
    )
