"""Partial credit as an ordered list of tests, each with a name, a word and a share of the points.

The order is the author's: the first case that holds speaks. A note is the name of a mistake and
knows nothing of the question's numbers ("wrong sign", "nats for bits"), so that it can be counted
over a class, over variants of a question, and over homework and exam.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from autograder.answers.expressions import Point, compare
from autograder.answers.verdict import UndecidedAnswer, WrongAnswer

Test = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Case:
    """One usual way to be wrong: how to see it, its name, a hint, and the share that it earns.

    Raises: ValueError unless 0 <= credit < 1, and where note or hint is empty.
    """

    test: Test
    note: str
    hint: str
    credit: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.credit < 1:
            raise ValueError(f"case {self.note!r} earns {self.credit}; a share in [0, 1) is needed")
        if not self.note or not self.hint:
            raise ValueError("a case needs a note and a hint; students read both")


def judge(value: object, is_right: Test, cases: Sequence[Case], otherwise: tuple[str, str]) -> None:
    """Passes where the value is right.

    `otherwise` is the note and the hint where no case holds. A case that cannot be decided does not
    hold.

    Raises: WrongAnswer of the first case that holds, with its credit; else the one of `otherwise`.
    """
    if is_right(value):
        return
    for case in cases:
        if _holds(case, value):
            raise WrongAnswer(case.note, case.hint, case.credit)
    raise WrongAnswer(*otherwise)


def _holds(case: Case, value: object) -> bool:
    try:
        return case.test(value)
    except UndecidedAnswer:
        return False


def equal_to(expression: object, points: Sequence[Point]) -> Test:
    """A test: is the answer equal to this expression at the points?

    The test raises UndecidedAnswer where too few points can be compared.
    """

    def test(answer: object) -> bool:
        verdict = compare(answer, expression, points).verdict
        if verdict == "undecided":
            raise UndecidedAnswer("your expression could be compared at too few points")
        return verdict == "equal"

    return test


def usual_slips(
    reference: sp.Expr, points: Sequence[Point], *, sign: float = 0.5, factor: float = 0.5
) -> tuple[Case, ...]:
    """The cases that nearly every formula has: the wrong sign, and a factor of 2 too many or few.

    `sign` and `factor` are their credit. Where the wrong sign is the point of a question, give 0.
    """
    return (
        Case(
            equal_to(-reference, points),
            "wrong sign",
            "It is right up to its sign: go through the minus signs once more.",
            sign,
        ),
        Case(
            equal_to(2 * reference, points),
            "factor 2 too many",
            "It is right up to a factor: is there a 2 that should have been halved?",
            factor,
        ),
        Case(
            equal_to(reference / 2, points),
            "factor 2 missing",
            "It is right up to a factor: where does a square, or a pair counted twice, give a 2?",
            factor,
        ),
    )
