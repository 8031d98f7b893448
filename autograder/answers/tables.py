"""Filled tables, marked by following through: one slip costs one line.

Each line has a rule that makes its value from what is given and from the lines before it. A line is
right where it has the true value, or the value that follows from the student's own earlier lines.
A zero that follows from a wrong zero is not right: a table of zeros follows from its first line.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from autograder.answers.evaluation import as_mpf
from autograder.answers.reading import read_matrix, read_number, read_vector
from autograder.answers.verdict import InvalidAnswer, WrongAnswer, kind_of
from autograder.errors import NotAttemptedError

Entry = Any  # a Fraction or float, a tuple of them, or a tuple of rows
Rule = Callable[[Mapping[str, Entry]], Any]

REL = 1e-9  # entries are exact, or computed in float64
TAME = 10**6  # entries beyond it, and far beyond the true one, are not computed with
TINY = 1e-12  # what float64 leaves of a difference that is 0


@dataclass(frozen=True, slots=True)
class RowSlip:
    """A usual mistake in one line: its name, a hint, and the rule that leads to it."""

    note: str
    hint: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its name, and how its value comes from what is given and the lines before.

    The rule gets a mapping of both; rational numbers in it are Fractions, others floats, vectors
    tuples, matrices tuples of rows. `hint` is told where the line is wrong.
    """

    name: str
    rule: Rule
    hint: str
    note: str = "a line does not follow"
    weight: float = 1.0
    slips: Sequence[RowSlip] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that is wrong, and what to say of it."""

    row: Row
    note: str
    hint: str


def judge_table(
    answers: object,
    rows: Sequence[Row],
    given: Mapping[str, Any],
    *,
    what: str = "the table",
    rel: float = REL,
) -> None:
    """Passes where every line is right.

    Raises: WrongAnswer with the fault of the first wrong line, the names of the others, and as
    credit the right lines' share of the weights; InvalidAnswer where there is no table;
    NotAttemptedError where no line is filled.
    """
    faults = faults_of(answers, rows, given, what=what, rel=rel)
    if not faults:
        return
    first, *others = faults
    more = f" Look also at {', '.join(fault.row.name for fault in others)}." if others else ""
    lost = sum(fault.row.weight for fault in faults)
    credit = max(0.0, 1 - lost / sum(row.weight for row in rows))
    raise WrongAnswer(first.note, f"Line {first.row.name}: {first.hint}{more}", credit)


def judge_line(
    name: str,
    answers: object,
    rows: Sequence[Row],
    given: Mapping[str, Any],
    *,
    what: str = "the table",
    rel: float = REL,
) -> None:
    """Passes where the line `name` is right: for tables that have one claim for each line.

    Raises: as `judge_table`, with no credit.
    """
    faults = faults_of(answers, rows, given, what=what, rel=rel)
    fault = next((fault for fault in faults if fault.row.name == name), None)
    if fault is not None:
        raise WrongAnswer(fault.note, f"Line {name}: {fault.hint}")


def faults_of(
    answers: object,
    rows: Sequence[Row],
    given: Mapping[str, Any],
    *,
    what: str = "the table",
    rel: float = REL,
) -> list[Fault]:
    """The lines that are wrong, in order. Raises: as `judge_table` where there is no table."""
    if not isinstance(answers, Mapping):
        raise InvalidAnswer(
            f"{what} is a {kind_of(answers)}; a dict with one entry a line is expected"
        )
    if all(_is_blank(answers.get(row.name)) for row in rows):
        raise NotAttemptedError(f"{what} has no entries yet")
    true: dict[str, Entry] = dict(given)
    own: dict[str, Entry] = dict(given)
    faults: list[Fault] = []
    for row in rows:
        right = plain(row.rule(true))
        fault, entry = _judge(row, answers.get(row.name), right, _applied(row.rule, own), own, rel)
        true[row.name] = right
        own[row.name] = entry if entry is not None and _is_tame(entry, right) else right
        faults += [fault] if fault else []
    return faults


def _judge(
    row: Row, value: object, right: Entry, followed: Entry | None, own: Mapping[str, Entry],
    rel: float,
) -> tuple[Fault | None, Entry | None]:  # fmt: skip
    """The fault of one line, and the entry to go on with; None stands for the true one."""
    if _is_blank(value):
        return Fault(row, "a line is left out", "it is still to be filled."), None
    try:
        entry = _read(value, right, f"line {row.name}")
    except InvalidAnswer as error:
        return Fault(row, error.note, error.hint), None
    if _same(entry, right, rel):
        return None, entry
    if followed is not None and _same(entry, followed, rel) and not _is_zero(followed):
        return None, entry
    for slip in row.slips:
        slipped = _applied(slip.rule, own)
        if slipped is not None and _same(entry, slipped, rel):
            return Fault(row, slip.note, slip.hint), entry
    return Fault(row, row.note, row.hint), entry


def _applied(rule: Rule, entries: Mapping[str, Entry]) -> Entry | None:
    """What follows from the student's entries; None where nothing does."""
    try:
        return plain(rule(entries))
    except (ArithmeticError, ValueError, TypeError, IndexError):
        return None  # a division by their zero, say, or vectors of other lengths


def plain(value: object) -> Entry:
    """A rule's value as Fractions, floats and tuples. Raises: TypeError for anything else."""
    if isinstance(value, np.ndarray | list | tuple | sp.MatrixBase):
        parts = value.tolist() if isinstance(value, np.ndarray | sp.MatrixBase) else value
        return tuple(plain(part) for part in parts)
    if isinstance(value, float | np.floating):
        return float(value)
    if isinstance(value, int | np.integer | Fraction) and not isinstance(value, bool):
        return Fraction(int(value)) if not isinstance(value, Fraction) else value
    if isinstance(value, sp.Expr):
        return _exact(read_number(value, "the value of a rule"))
    raise TypeError(f"a rule gave a {kind_of(value)}; numbers, vectors and matrices are entries")


def _read(value: object, like: Entry, what: str) -> Entry:
    """A student's entry of the kind that the line has. Raises: InvalidAnswer for another kind."""
    if not isinstance(like, tuple):
        return _exact(read_number(value, what))
    if like and isinstance(like[0], tuple):
        rows = read_matrix(value, what, (len(like), len(like[0]))).rows
        return tuple(tuple(_exact(x) for x in row) for row in rows)
    return tuple(_exact(x) for x in read_vector(value, what, len(like)))


def _exact(number: Any) -> Fraction | float:  # noqa: ANN401  # a Fraction or an mpf
    return number if isinstance(number, Fraction) else float(as_mpf(number))


def _same(a: Entry, b: Entry, rel: float) -> bool:
    if isinstance(a, tuple) or isinstance(b, tuple):
        alike = isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b)
        return alike and all(_same(x, y, rel) for x, y in zip(a, b, strict=True))
    if any(isinstance(x, float) and not math.isfinite(x) for x in (a, b)):
        return False
    a, b = Fraction(a), Fraction(b)  # a float takes no part in arithmetic with a huge fraction
    return abs(a - b) <= max(Fraction(rel) * max(abs(a), abs(b)), Fraction(TINY))


def _is_tame(entry: Entry, right: Entry) -> bool:
    """Whether a rule can be trusted with an entry: 2 to the power of a huge one takes for ever."""
    if isinstance(entry, tuple):
        return all(_is_tame(x, y) for x, y in zip(entry, right, strict=True))
    short = isinstance(entry, float) or entry.denominator < 2**64
    return short and abs(entry) <= max(TAME, 1000 * abs(right))


def _is_zero(entry: Entry) -> bool:
    return all(map(_is_zero, entry)) if isinstance(entry, tuple) else entry == 0


def _is_blank(value: object) -> bool:
    return value is None or value is Ellipsis or (isinstance(value, str) and not value.strip("? "))
