"""The lines of a derivation: what one is, whether a relation holds between two, and where not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from autograder.answers.domains import Point
from autograder.answers.evaluation import Value
from autograder.answers.expressions import CLOSE, CLOSE_TO_DECIMALS, has_decimals
from autograder.answers.forms import Form
from autograder.answers.precision import (
    CONTEXT,
    HiddenByRoundingError,
    TooLargeError,
    UndefinedError,
    as_mpf,
    more_digits,
    tie,
)
from autograder.answers.slopes import Prepared
from autograder.answers.verdict import InvalidAnswer, kind_of

SPELLINGS = {"=": "=", "==": "=", "<=": "<=", "≤": "<=", ">=": ">=", "≥": ">="}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer, read: its relation to the line before, and its expression."""

    relation: str
    expression: object
    form: Form
    prepared: Prepared
    known: dict[tuple[int, int], Value | Literal["none", "unknown"]] = field(default_factory=dict)

    def at(self, point: Point) -> Value | Literal["none", "unknown"]:
        """The value at one of the judge's points; "unknown" where it takes too large or too close
        numbers."""
        key = (id(point), CONTEXT.dps)
        if key not in self.known:
            self.known[key] = self._at(point)
        return self.known[key]

    def _at(self, point: Point) -> Value | Literal["none", "unknown"]:
        try:
            return self.prepared.value(point)
        except (TooLargeError, HiddenByRoundingError):
            return "unknown"
        except UndefinedError:
            return "none"


def read_relation(value: object, number: int, where: str, offered: Sequence[str]) -> str:
    """The relation with which line `number` begins: "" or "=" for the first.

    Raises: InvalidAnswer for what is none, or none of those offered.
    """
    if number == 1 and value in ("", None):
        return ""
    relation = SPELLINGS.get(value.strip()) if isinstance(value, str) else None
    if relation is None:
        told = repr(value[:20]) if isinstance(value, str) else f"a {kind_of(value)}"
        raise InvalidAnswer(f"{where} begins with {told}; a relation such as '=' is expected")
    if relation not in offered or (number == 1 and relation != "="):
        allowed = "'='" if number == 1 else " and ".join(f"'{r}'" for r in offered)
        raise InvalidAnswer(f"{where} has the relation '{relation}'; allowed here: {allowed}")
    return relation


def holds_at(relation: str, before: Line, line: Line, point: Point) -> bool | None:
    """Whether a relation holds at a point; None where the line before has no value there, or where
    rounding hides it."""
    holds = _holds(relation, before, line, point)
    if holds is not True and before.at(point) != "none":
        with more_digits():
            holds = _holds(relation, before, line, point)
    return holds


def _holds(relation: str, before: Line, line: Line, point: Point) -> bool | None:
    a, b = before.at(point), line.at(point)
    if a == "none" or "unknown" in (a, b):
        return None
    if isinstance(a, str) or isinstance(b, str):
        return False
    decimals = has_decimals(before.expression) or has_decimals(line.expression)
    return _related(relation, a, b, CLOSE_TO_DECIMALS if decimals else CLOSE)


def _related(relation: str, a: Value, b: Value, close: object) -> bool | None:
    """Whether two values stand in a relation; None where rounding hides it."""
    gap = a - b
    difference, size = as_mpf(abs(gap.number)), max(as_mpf(abs(a.number)), as_mpf(abs(b.number)))
    if difference <= close * size:
        return True
    noise = tie() * gap.largest
    if difference <= noise:
        return True if noise <= CLOSE * CLOSE else None
    return {"=": False, "<=": gap.number < 0, ">=": gap.number > 0}[relation]


def plainness(point: Point) -> tuple[int, int]:
    """Sorts points by how easily a person computes with them."""
    digits = [len(str(x.numerator)) + len(str(x.denominator)) for x in point.values()]
    zeros = sum(x == 0 for x in point.values())
    return sum(digits), zeros


def witness(before: Line, line: Line, number: int, point: Point) -> str:
    """Where and how a step between two lines of the student's own fails."""
    place = ", ".join(f"{name} = {x}" for name, x in point.items())
    at = f"at {place}, " if place else ""
    a, b = before.at(point), line.at(point)
    step = f"Step {number}, from line {number} to line {number + 1}, does not hold"
    if isinstance(a, str) or isinstance(b, str):
        return f"{step}: {at}line {number} has a value and line {number + 1} has none."
    texts = _apart(a, b)
    return f"{step}: {at}line {number} is {texts[0]} and line {number + 1} is {texts[1]}."


def _apart(a: Value, b: Value) -> tuple[str, str]:
    """Two numbers with as many digits as show that they differ, at least four."""
    for digits in (4, 8, 16, 50):
        texts = tuple(_decimal(value, digits) for value in (a, b))
        if texts[0] != texts[1]:
            break
    return texts[0], texts[1]


def _decimal(value: Value, digits: int) -> str:
    return CONTEXT.nstr(as_mpf(value.number), digits).removesuffix(".0")
