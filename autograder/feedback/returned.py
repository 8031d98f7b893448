"""What one student gets back, put together from report, gradebook and ledger: plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from nbformat import NotebookNode

from autograder import notebooks
from autograder.course.model import Submission
from autograder.course.report import CellScore, Report, Status, TestOutcome
from autograder.gradebook.distribution import Distribution
from autograder.gradebook.records import CellRecord, SubmissionRecord


@dataclass(frozen=True, slots=True)
class Question:
    """One grade cell as the student reads it.

    `score` is None until a person has read the answer; `by_tests` is what the tests alone gave;
    `in_class` is how the class did in it, where that may be shown.
    """

    cell: str
    score: float | None
    max_score: float
    by_tests: float | None
    outcomes: tuple[TestOutcome, ...] = ()
    comments: tuple[str, ...] = ()
    in_class: Distribution | None = None

    @property
    def holding(self) -> int:
        """How many claims hold."""
        return sum(outcome.status is Status.PASSED for outcome in self.outcomes)

    @property
    def is_full(self) -> bool:
        """Whether all points are there and nothing is left to do."""
        return self.score is not None and self.score >= self.max_score

    @property
    def is_untouched(self) -> bool:
        """Whether every claim waits for a first attempt."""
        return bool(self.outcomes) and all(
            outcome.status is Status.NOT_ATTEMPTED for outcome in self.outcomes
        )


@dataclass(frozen=True, slots=True)
class Returned:
    """One student's feedback on one assignment, before it has a form."""

    assignment: str
    questions: tuple[Question, ...]
    notebook: NotebookNode
    problems: tuple[str, ...] = ()
    submission: Submission | None = None
    timezone: tzinfo | None = None
    late_penalty: float = 0.0

    @property
    def score(self) -> float:
        """The points so far, less the penalty for lateness, and never below zero."""
        total = sum(question.score or 0.0 for question in self.questions)
        return max(0.0, total - self.late_penalty)

    @property
    def max_score(self) -> float:
        return sum(question.max_score for question in self.questions)

    @property
    def waiting(self) -> float:
        """The points that a person has still to give."""
        return sum(q.max_score for q in self.questions if q.score is None)


def put_together(
    report: Report,
    record: SubmissionRecord | None = None,
    submission: Submission | None = None,
    timezone: tzinfo | None = None,
) -> Returned:
    """The feedback in a report, with a person's scores and comments where the gradebook has any."""
    recorded = {cell.cell: cell for cell in record.cells} if record else {}
    comments = _comments(report.notebook, record.comments if record else {})
    return Returned(
        assignment=report.assignment,
        questions=tuple(
            _question(cell, recorded.get(cell.cell), comments.get(cell.cell, ()))
            for cell in report.cells
        ),
        notebook=report.notebook,
        problems=report.problems,
        submission=submission,
        timezone=timezone,
        late_penalty=record.late_penalty if record else 0.0,
    )


def _question(cell: CellScore, record: CellRecord | None, comments: Iterable[str]) -> Question:
    score, max_score = cell.score, cell.max_score
    if record is not None:
        has_score = record.manual_score is not None or record.auto_score is not None
        score = record.score if has_score else None
        max_score = record.max_score
    return Question(cell.cell, score, max_score, cell.score, cell.outcomes, tuple(comments))


def _comments(notebook: NotebookNode, comments: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The comments by grade cell: one on an answer belongs to the next grade cell after it."""
    found: dict[str, list[str]] = {}
    waiting: list[str] = []
    last = None
    for cell in notebook.cells:
        name = notebooks.grade_id(cell)
        text = comments.get(name, "").strip() if name else ""
        if text:
            waiting.append(text)
        if name and notebooks.is_grade(cell):
            last = name
            found.setdefault(name, []).extend(waiting)
            waiting = []
    if waiting and last:
        found[last] += waiting
    return {name: tuple(texts) for name, texts in found.items()}
