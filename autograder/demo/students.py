"""The class: eight people, what each of them hands in and when, and what that has to come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from autograder.course.report import Status
from autograder.demo.forger import forge
from autograder.demo.sheet import Sheet

ENDLESS = """\
def lp_norm(x, p):
    total, i = 0.0, 0
    while i < 1:  # i never grows
        total += 1
    return total
"""
MISSPELT = """\
def matrix_norm(A, kind):
    return np.lingalg.norm(A, kind)
"""


@dataclass(frozen=True, slots=True)
class Person:
    """One student of the demo.

    `answers` gives the text of the answer cells that are filled in. `pushed` is when the server
    has it, counted from the deadline; the commit says that it was made `backdated` before that.
    `ends` names how questions have to end that do not end as `otherwise`; with `is_forger` only
    that nothing is earned.
    """

    id: str
    name: str
    hands_in: str
    answers: Callable[[Sheet], Mapping[str, str]]
    otherwise: Status = Status.PASSED
    ends: Mapping[str, Status] = field(default_factory=dict)
    pushed: timedelta = timedelta(hours=-2)
    backdated: timedelta = timedelta(minutes=5)
    late_days: int = 0
    is_forger: bool = False

    @property
    def email(self) -> str:
        return f"{self.id}@example.edu"

    def expected(self, sheet: Sheet) -> dict[str, Status]:
        """How each question has to end."""
        return {
            question.name: self._theory_or(question.is_theory, question.name)
            for question in sheet.questions
        }

    def _theory_or(self, is_theory: bool, question: str) -> Status:
        if is_theory and self.answers is programming_only:
            return Status.NOT_ATTEMPTED
        return self.ends.get(question, self.otherwise)


def right(sheet: Sheet) -> dict[str, str]:
    """The right answer to everything."""
    answers = {name: text for q in sheet.questions for name, text in q.answers.items()}
    return answers | dict(sheet.prose)


def programming_only(sheet: Sheet) -> dict[str, str]:
    """The right answers to the programming questions, and none to the theory."""
    chosen = [question for question in sheet.questions if not question.is_theory]
    return {name: text for question in chosen for name, text in question.answers.items()}


def nothing(_sheet: Sheet) -> dict[str, str]:
    """No answer at all."""
    return {}


def mistaken(sheet: Sheet) -> dict[str, str]:
    """Right answers, but for two of the mistakes that people usually make."""
    usual = (
        sheet.mistake("lp_norm", "abs"),
        sheet.mistake("matrix_norm", "swapped"),
    )
    return right(sheet) | {m.answer or f"{m.cell}_answer": m.source for m in usual}


def raising(sheet: Sheet) -> dict[str, str]:
    """Right answers, but for a misspelt name that nobody tried out."""
    return right(sheet) | {"matrix_norm_answer": MISSPELT}


def endless(sheet: Sheet) -> dict[str, str]:
    """Right answers, but for a loop that never ends."""
    return right(sheet) | {"lp_norm_answer": ENDLESS}


CLASS = (
    Person("ada", "Ada Abel", "everything right", right, pushed=timedelta(hours=-9)),
    Person(
        "ben", "Ben Banach", "programming right, theory left out", programming_only,
        pushed=timedelta(hours=-8),
    ),
    Person(
        "cleo", "Cleo Cauchy", "two usual mistakes", mistaken,
        ends={"lp_norm": Status.WRONG, "matrix_norm": Status.WRONG},
        pushed=timedelta(hours=-7),
    ),
    Person(
        "dan", "Dan Descartes", "the notebook as it was released", nothing,
        otherwise=Status.NOT_ATTEMPTED, pushed=timedelta(hours=-6),
    ),
    Person(
        "eva", "Eva Euler", "a function that raises", raising,
        ends={"matrix_norm": Status.RAISED}, pushed=timedelta(hours=-5),
    ),
    Person(
        "finn", "Finn Fourier", "an endless loop in one function", endless,
        ends={"lp_norm": Status.TIMED_OUT}, pushed=timedelta(hours=-4),
    ),
    Person(
        "gus", "Gus Galois", "attacks on the grader", forge,
        is_forger=True, pushed=timedelta(minutes=-1),
    ),
    Person(
        "hal", "Hal Hilbert", "everything right, a day late, backdated", right,
        pushed=timedelta(hours=20), backdated=timedelta(hours=23), late_days=1,
    ),
)  # fmt: skip
