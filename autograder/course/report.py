"""What grading one notebook found: outcomes, scores, and the notebook as it ran."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, ClassVar, cast

import nbformat
from nbformat import NotebookNode


class Status(StrEnum):
    """How one claim ended. They are never mixed up: each calls for another word to the student."""

    PASSED = "passed"
    WRONG = "wrong"
    RAISED = "raised"
    TIMED_OUT = "timed out"
    NOT_ATTEMPTED = "not attempted"
    UNDECIDED = "undecided"  # a machine cannot say: a person reads the answer


@dataclass(frozen=True, slots=True)
class TestOutcome:
    """One hidden test's claim about an answer, and how it ended.

    `claim` is the test's docstring. `detail` is where the student's own code raised; `note` names a
    known mistake and `hint` says a kind word about it, or why it is undecided. All of them are fit
    for the student to read. `credit` is the share of the weight that a claim which did not pass
    earns all the same.
    """

    __test__: ClassVar[bool] = False  # pytest must not collect this class

    cell: str
    test: str
    claim: str
    status: Status
    weight: float = 1.0
    note: str | None = None
    hint: str | None = None
    detail: str | None = None
    credit: float = 0.0

    @property
    def share(self) -> float:
        """How much of its weight the claim earns, from 0 to 1."""
        return 1.0 if self.status is Status.PASSED else self.credit


@dataclass(frozen=True, slots=True)
class CellScore:
    """The score of one grade cell; `score` is None where a person has to grade it."""

    cell: str
    score: float | None
    max_score: float
    outcomes: tuple[TestOutcome, ...] = ()

    @property
    def status(self) -> str:
        """One word for the whole cell: the first outcome that is not passed, or `passed`."""
        if self.score is None:
            return "manual"
        return next((o.status.value for o in self.outcomes if o.status != "passed"), "passed")


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that grading one notebook found.

    `problems` is what was wrong with the file itself (unreadable, cells restored) in the student's
    words; `isolation` names the protections that were active while the student's code ran.
    """

    assignment: str
    cells: tuple[CellScore, ...]
    notebook: NotebookNode
    problems: tuple[str, ...] = ()
    isolation: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """The sum over the cells that a machine graded."""
        return sum(cell.score or 0.0 for cell in self.cells)

    @property
    def max_score(self) -> float:
        return sum(cell.max_score for cell in self.cells)

    def cell(self, name: str) -> CellScore | None:
        """The score of the grade cell `name`, or None where the report does not know it."""
        return next((cell for cell in self.cells if cell.cell == name), None)

    def to_json(self) -> dict[str, Any]:
        """The report as JSON types; `from_json` gives an equal report back."""
        return {
            "assignment": self.assignment,
            "cells": [asdict(cell) for cell in self.cells],
            "notebook": self.notebook,
            "problems": list(self.problems),
            "isolation": list(self.isolation),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Report:
        return cls(
            assignment=data["assignment"],
            cells=tuple(_cell_score(cell) for cell in data["cells"]),
            notebook=cast(NotebookNode, nbformat.from_dict(data["notebook"])),
            problems=tuple(data["problems"]),
            isolation=tuple(data["isolation"]),
        )


def score_cell(cell: str, max_score: float, outcomes: Iterable[TestOutcome]) -> CellScore:
    """The cell's score: its points times the earned share of its tests' weights, to a hundredth.

    It is None, and a person grades the cell, where one of its claims is undecided.
    """
    outcomes = tuple(outcomes)
    if any(outcome.status is Status.UNDECIDED for outcome in outcomes):
        return CellScore(cell, None, max_score, outcomes)
    total = sum(outcome.weight for outcome in outcomes)
    earned = sum(outcome.weight * outcome.share for outcome in outcomes)
    return CellScore(cell, round(max_score * earned / total, 2), max_score, outcomes)


def _cell_score(data: Mapping[str, Any]) -> CellScore:
    outcomes = tuple(
        TestOutcome(**{**outcome, "status": Status(outcome["status"])})
        for outcome in data["outcomes"]
    )
    return CellScore(data["cell"], data["score"], data["max_score"], outcomes)
