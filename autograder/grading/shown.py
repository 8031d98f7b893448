"""How a question's outcomes stand in the autograded notebook, which formgrader shows."""

from __future__ import annotations

import nbformat
from nbformat import NotebookNode

from autograder.course.report import CellScore, Status, TestOutcome

MARKS = {
    Status.PASSED: "✓",
    Status.WRONG: "✗",
    Status.RAISED: "!",
    Status.TIMED_OUT: "⏱",
    Status.NOT_ATTEMPTED: "–",
    Status.UNDECIDED: "?",
}
OURS = {"autograder": True}  # marks outputs that grading made, not the student's code


def theory_note(number: int, file: str) -> NotebookNode:
    """A cell with the link to the PDF that was handed in: formgrader serves what lies beside."""
    text = f'<a href="{file}" target="_blank">Handed in with this notebook: the theory as a PDF</a>'
    return nbformat.v4.new_markdown_cell(text, id=f"autograder-theory-{number}", metadata=OURS)


def outcomes_output(scored: CellScore) -> NotebookNode:
    """One notebook output with the score and a line for each claim."""
    text = "\n".join([_head(scored), *(_line(outcome) for outcome in scored.outcomes)])
    return nbformat.v4.new_output("display_data", {"text/plain": text}, metadata=OURS)


def _head(scored: CellScore) -> str:
    if scored.score is None:
        return f"{scored.cell}: a person grades this ({scored.max_score:g} points)"
    return f"{scored.cell}: {scored.score:g} of {scored.max_score:g} points"


def _line(outcome: TestOutcome) -> str:
    lines = [f"  {MARKS[outcome.status]} {outcome.claim} [{_state(outcome)}]"]
    if outcome.detail:
        lines += [f"      {line}" for line in outcome.detail.splitlines()]
    if outcome.hint:
        word = "why" if outcome.status is Status.UNDECIDED else "hint"
        lines.append(f"      {word}: {outcome.hint}")
    return "\n".join(lines)


def _state(outcome: TestOutcome) -> str:
    if outcome.status is Status.UNDECIDED:
        return "undecided: a person reads the answer"
    earned = f", {outcome.credit:.0%} of its points" if outcome.credit else ""
    return outcome.status.value + earned
