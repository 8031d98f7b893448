"""The words of the feedback: one question, one outcome, the whole; none of it needs colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from autograder.course.report import Status, TestOutcome
from autograder.feedback import escape
from autograder.feedback.returned import Question, Returned
from autograder.gradebook.distribution import Distribution

MARKS = {
    Status.PASSED: "✓",
    Status.WRONG: "✗",
    Status.RAISED: "!",
    Status.TIMED_OUT: "◷",
    Status.NOT_ATTEMPTED: "–",
    Status.UNDECIDED: "?",
}
WORDS = {
    Status.PASSED: "holds",
    Status.WRONG: "not yet",
    Status.RAISED: "raised an error",
    Status.TIMED_OUT: "ran out of time",
    Status.NOT_ATTEMPTED: "not attempted",
    Status.UNDECIDED: "left to a person",
}
BARS = "▁▂▃▄▅▆▇█"
IN_PART = ("◐", "in part")  # a claim that did not pass and earns some of its points


def points(score: float) -> str:
    """A score as people write it: 10, 7.5 or 6.67."""
    return f"{round(score, 2):g}" if score < 10_000 else f"{score:.0f}"


def question_note(question: Question) -> str:
    """The Markdown that stands after a question's grade cell."""
    blocks = [f"#### {escape.SEAL} Feedback on `{question.cell}`: {_score(question)}"]
    if question.by_tests is not None and question.score not in (None, question.by_tests):
        blocks.append(
            f"A person read this and set the points; the tests alone gave "
            f"{points(question.by_tests)}."
        )
    if question.by_tests is None and question.score is not None and question.outcomes:
        blocks.append("A person read this and set the points.")
    if question.score is None:
        blocks.append("A person will read this answer. The points follow then.")
    if question.is_untouched:
        blocks.append("There is no answer here yet. This is what one will be asked:")
    elif question.holding and len(question.outcomes) > 1:
        blocks.append(f"{question.holding} of {len(question.outcomes)} claims hold.")
    if question.outcomes:
        blocks.append("\n".join(_claims(question.outcomes)))
    for comment in question.comments:
        blocks.append(f"**Comment by the course staff**\n\n{escape.quote(comment)}")
    if question.in_class:
        blocks.append(class_line(question.in_class))
    return "\n\n".join(blocks)


def _claims(outcomes: Iterable[TestOutcome]) -> Iterator[str]:
    """A line for each claim; an error that comes again is told once."""
    last = None
    for outcome in outcomes:
        if outcome.detail and outcome.detail == last:
            yield claim_line(outcome, with_detail=False) + "\n\n  The same error as above."
        else:
            yield claim_line(outcome)
        last = outcome.detail or last


def claim_line(outcome: TestOutcome, with_detail: bool = True) -> str:
    """A list item with the mark, the outcome and the claim; below it the hint and the traceback."""
    mark, word = _mark(outcome)
    item = f"- {mark} **{word}**: {escape.prose(outcome.claim)}"
    if outcome.hint or outcome.note:
        item += f"\n\n  {hint(outcome)}"
    if with_detail and outcome.detail and outcome.detail.strip():
        item += "\n\n" + _indented(escape.fence(outcome.detail)) + "\n"
    return item


def hint(outcome: TestOutcome) -> str:
    """The hint, with the name of the mistake where it has one; or why a person has to decide."""
    if outcome.status is Status.UNDECIDED:
        return f"*Why*: {escape.prose(outcome.hint or '')}"
    note = f" ({escape.prose(outcome.note)})" if outcome.note else ""
    return f"*Hint{note}*: {escape.prose(outcome.hint)}" if outcome.hint else f"*Hint*:{note}"


def state(question: Question) -> str:
    """A mark and a few words on a question, for the table."""
    if question.score is None:
        return "… waits for a reader"
    if question.is_full:
        return "✓ complete"
    if question.is_untouched:
        return "– not attempted"
    if question.by_tests is None or not question.outcomes:
        return "✓ read" if question.score else "– read"
    if question.holding == len(question.outcomes):
        return "✓ every claim holds"
    marks = {_mark(outcome) for outcome in question.outcomes if outcome.status is not Status.PASSED}
    mark, word = marks.pop() if len(marks) == 1 else (MARKS[Status.WRONG], WORDS[Status.WRONG])
    return f"{mark} {word}"


def _mark(outcome: TestOutcome) -> tuple[str, str]:
    """A sign and a word on one claim."""
    in_part = outcome.status is Status.WRONG and outcome.credit
    return IN_PART if in_part else (MARKS[outcome.status], WORDS[outcome.status])


def bars(shown: Distribution) -> str:
    """A bar for each fifth of the points; the lowest sign stands for nobody, the highest for most.

    In a font of one width the bars stand side by side, so they are code.
    """
    most, top = len(BARS) - 1, max(shown.bars)
    heights = (max(1, round(most * count / top)) if count else 0 for count in shown.bars)
    return f"`{''.join(BARS[height] for height in heights)}`"


def class_line(shown: Distribution) -> str:
    """How the class did, in words and as bars; nobody is named and no place is given."""
    low, median, high = (points(score) for score in (shown.low, shown.median, shown.high))
    middle = f"half of the class or more has {low}"
    if low != high:
        middle = f"median {median}, the middle half of the class {low} to {high}"
    return (
        f"*The class* ({shown.count} students): {middle} of {points(shown.max_score)} points; "
        f"from none of them to all {bars(shown)}"
    )


def encouragement(returned: Returned) -> str:
    """One calm sentence on where the work stands."""
    claims = [o for q in returned.questions for o in q.outcomes]
    holding = sum(o.status is Status.PASSED for o in claims)
    full = sum(question.is_full for question in returned.questions)
    if claims and holding == len(claims):
        return "Every claim holds. Well done!"
    if claims and all(o.status is Status.NOT_ATTEMPTED for o in claims):
        return (
            "No answer was found in this notebook. If you worked in another file, or an answer "
            "cell was renamed, write to the course staff: it is easily sorted out."
        )
    if holding:
        whole = f", and {full} question{'s are' if full != 1 else ' is'} complete" if full else ""
        return (
            f"{holding} of {len(claims)} claims hold{whole}. "
            "Each of the others below says what to look at next."
        )
    return "Each question below says what was checked; a hint is a good place to begin."


def _score(question: Question) -> str:
    if question.score is None:
        return f"a person reads this ({points(question.max_score)} points)"
    return f"{points(question.score)} of {points(question.max_score)} points"


def _indented(block: str) -> str:
    return "\n".join(f"  {line}" if line else "" for line in block.split("\n"))
