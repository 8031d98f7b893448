"""Formulas that count: compared with a reference at every point of a grid, all of them exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import sympy as sp

from autograder.answers.evaluation import Number, UndefinedError, evaluate, sign_of
from autograder.answers.expressions import read_expression
from autograder.answers.reading import read_number
from autograder.answers.verdict import InvalidAnswer, WrongAnswer, kind_of

GridPoint = Mapping[str, int]

MAX_POINTS = 5000  # each is a call of the student's function: some 0.3 ms
HALF = 0.5  # right at more points than this share is "right for some sizes only"


@dataclass(frozen=True, slots=True)
class FormulaSlip:
    """A usual mistake: its name, a word about it, the formula it leads to, and what it earns."""

    note: str
    hint: str
    formula: Callable[..., object]
    credit: float = 0.0


def grid_points(
    grid: Mapping[str, Iterable[int]], where: Callable[..., bool] = lambda **_: True
) -> tuple[GridPoint, ...]:
    """All combinations of the values, by name, for which `where(**point)` is true.

    Raises: ValueError where none is left, or more than MAX_POINTS.
    """
    names = tuple(grid)
    points = (dict(zip(names, values, strict=True)) for values in product(*grid.values()))
    kept = tuple(point for point in points if where(**point))
    if not 1 <= len(kept) <= MAX_POINTS:
        raise ValueError(f"the grid has {len(kept)} points; between 1 and {MAX_POINTS} are tried")
    return kept


def require_formula(
    answer: object,
    reference: Callable[..., object],
    grid: Mapping[str, Iterable[int]] | Sequence[GridPoint],
    *,
    what: str = "the formula",
    hint: str,
    slips: Sequence[FormulaSlip] = (),
) -> None:
    """Passes where the answer is equal to `reference(**point)` at every point of the grid.

    The answer is a function, called with the values in the order of the grid's names, or an
    expression in symbols of these names. `grid` is a dict of values, all of whose combinations are
    tried, or the points themselves, as `grid_points` gives them.

    Raises: WrongAnswer with the note of the first slip that agrees at every point, else `off by
    one`, `not a whole number`, `right for some sizes only` or `not equal`; InvalidAnswer where it
    or one of its values cannot be read. What a student's function raises goes through.
    """
    points = grid_points(grid) if isinstance(grid, Mapping) else tuple(grid)
    formula = _formula(answer, what, tuple(points[0]))
    wanted = [_exact(reference(**point)) for point in points]
    values = [_value(formula, point, what) for point in points]
    wrong = [not _same(v, w) for v, w in zip(values, wanted, strict=True)]
    if not any(wrong):
        return
    for slip in slips:
        by_slip = (_exact(slip.formula(**point)) for point in points)
        if all(_same(v, s) for v, s in zip(values, by_slip, strict=True)):
            raise WrongAnswer(slip.note, slip.hint, slip.credit)
    raise _unknown_mistake(values, wanted, sum(wrong), hint)


def _formula(answer: object, what: str, names: tuple[str, ...]) -> Callable[[GridPoint], object]:
    if isinstance(answer, sp.Basic | int | float | str):
        expression = read_expression(answer, what, names)
        return lambda point: evaluate(expression, point).number
    if not callable(answer):
        raise InvalidAnswer(f"{what} is a {kind_of(answer)}; give a function of {', '.join(names)}")
    return lambda point: answer(*point.values())


def _value(formula: Callable[[GridPoint], object], point: GridPoint, what: str) -> Number:
    try:
        value = formula(point)
    except UndefinedError as error:
        raise WrongAnswer(
            "not defined everywhere", f"For some sizes {what} has no real value."
        ) from error
    return read_number(value, f"a value of {what}")


def _exact(value: object) -> Number:
    return evaluate(value).number


def _same(value: Number, wanted: Number) -> bool:
    return sign_of(value + -wanted, abs(value) + abs(wanted)) == 0


def _unknown_mistake(
    values: Sequence[Number], wanted: Sequence[Number], wrong: int, hint: str
) -> WrongAnswer:
    gaps = {v + -w for v, w in zip(values, wanted, strict=True)}
    whole = all(w == int(w) for w in wanted)
    if len(gaps) == 1 and abs(next(iter(gaps))) == 1:
        return WrongAnswer("off by one", f"You count one too many, or one too few. {hint}")
    if whole and any(v != int(v) for v in values):
        return WrongAnswer(
            "not a whole number", f"What is counted is a whole number: round, or count. {hint}"
        )
    if wrong < HALF * len(wanted):
        return WrongAnswer(
            "right for some sizes only", f"For most sizes it is right, and not for all. {hint}"
        )
    return WrongAnswer("not equal", hint)
