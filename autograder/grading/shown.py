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
}
OURS = {"autograder": True}  # marks outputs that grading made, not the student's code


def outcomes_output(scored: CellScore) -> NotebookNode:
    """One notebook output with the score and a line for each claim."""
    text = "\n".join([_head(scored), *(_line(outcome) for outcome in scored.outcomes)])
    return nbformat.v4.new_output("display_data", {"text/plain": text}, metadata=OURS)


def _head(scored: CellScore) -> str:
    if scored.score is None:
        return f"{scored.cell}: a person grades this ({scored.max_score:g} points)"
    return f"{scored.cell}: {scored.score:g} of {scored.max_score:g} points"


def _line(outcome: TestOutcome) -> str:
    lines = [f"  {MARKS[outcome.status]} {outcome.claim} [{outcome.status.value}]"]
    if outcome.detail:
        lines += [f"      {line}" for line in outcome.detail.splitlines()]
    if outcome.hint:
        lines.append(f"      hint: {outcome.hint}")
    return "\n".join(lines)
