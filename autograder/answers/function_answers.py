"""Answers that are Python functions of numbers: their values, beside those of a formula.

The student's function is called with floats, or ints for whole numbers, and computes in float64.
The reference is known to 60 digits at the very same numbers.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from autograder.answers.domains import Domain, Point, names, sample, whole_names
from autograder.answers.evaluation import UndefinedError, Value, as_mpf, evaluate
from autograder.answers.expressions import MIN_POINTS, Comparison, Slip
from autograder.answers.matrix_functions import read_result
from autograder.answers.verdict import InvalidAnswer, UndecidedAnswer, WrongAnswer

RTOL = 1e-9
ROUNDING = 1000 * sys.float_info.epsilon  # of the largest number met on the way to the value
MODERATE = 1e12  # where the reference meets larger numbers, a right function may well overflow


@dataclass(frozen=True, slots=True)
class _Call:
    """One call of the student's function, at a point that float64 holds exactly."""

    point: Point
    value: float


def require_equal_function(  # noqa: PLR0913  # a question's definition, by keywords
    function: Callable[..., Any],
    reference: object,
    domains: Mapping[str, Domain],
    *,
    hint: str,
    note: str = "not equal",
    slips: Sequence[Slip] = (),
    rtol: float = RTOL,
    seed: int = 0,
    where: Callable[[Point], bool] | None = None,
    show_point: bool = False,
) -> None:
    """Passes where a function of numbers has the reference's values in the domains.

    The arguments are handed over in the order of `domains`. The values may differ by `rtol`, and by
    a thousand roundings of the largest number that the reference meets. `show_point` tells the
    student where it differs, and the function's own value there.

    Raises: WrongAnswer with the note and hint of the first slip that it equals, else with those
    given; InvalidAnswer where it returns no real number; UndecidedAnswer where a person has to
    look. What the student's code raises goes on.
    """
    points = sample(domains, seed, where=where)
    found, calls = _compare(function, reference, points, domains, rtol)
    if found.verdict == "equal":
        return
    if found.verdict == "undecided":
        raise UndecidedAnswer(
            f"it could be compared at {found.agreed} points only: a person looks at it"
        )
    for slip in slips:
        if all(_agrees(call, slip.expression, rtol) for call in calls):
            raise WrongAnswer(slip.note, slip.hint, slip.credit)
    if found.undefined:
        hint = f"Your function returns nan or infinity somewhere in the domain. {hint}"
    elif show_point and calls:
        place = ", ".join(f"{name} = {float(x):.6g}" for name, x in calls[-1].point.items())
        hint = f"At {place} your function returns {calls[-1].value:.6g}, which is not right. {hint}"
    raise WrongAnswer(note, hint)


def compare_function(
    function: Callable[..., Any],
    reference: object,
    domains: Mapping[str, Domain],
    points: Sequence[Point],
    rtol: float = RTOL,
) -> Comparison:
    """Compares at the points where the reference has a value, up to the first disagreement.

    Raises: InvalidAnswer where the function returns no real number.
    """
    return _compare(function, reference, points, domains, rtol)[0]


def _compare(
    function: Callable[..., Any],
    reference: object,
    points: Sequence[Point],
    domains: Mapping[str, Domain],
    rtol: float,
) -> tuple[Comparison, list[_Call]]:
    order, whole = names(domains), whole_names(domains)
    calls: list[_Call] = []
    agreed = known = 0
    for point in points:
        rounded = {name: Fraction(float(point[name])) for name in order}
        wanted = _value(reference, rounded)
        if wanted is None or wanted.largest > MODERATE:
            continue
        known += 1
        arguments = [int(x) if name in whole else float(x) for name, x in rounded.items()]
        calls.append(_Call(rounded, _number(function(*arguments))))
        if not math.isfinite(calls[-1].value):
            return Comparison("unequal", agreed, rounded, undefined=True), calls
        if not _close(calls[-1].value, wanted, rtol):
            return Comparison("unequal", agreed, rounded), calls
        agreed += 1
    needed = MIN_POINTS if len(points) >= MIN_POINTS else max(known, 1)
    return Comparison("equal" if agreed >= needed else "undecided", agreed), calls


def _agrees(call: _Call, expression: object, rtol: float) -> bool:
    wanted = _value(expression, call.point)
    return wanted is not None and math.isfinite(call.value) and _close(call.value, wanted, rtol)


def _value(expression: object, point: Point) -> Value | None:
    """The expression's value; None where it has none.

    Raises: ValueError where it cannot be read, since the author wrote it.
    """
    try:
        return evaluate(expression, point)
    except UndefinedError:
        return None
    except InvalidAnswer as error:
        raise ValueError(f"the reference cannot be read: {error.hint}") from error


def _close(value: float, wanted: Value, rtol: float) -> bool:
    gap = abs(as_mpf(value) - as_mpf(wanted.number))
    return bool(gap <= rtol * as_mpf(abs(wanted.number)) + ROUNDING * wanted.largest)


def _number(value: object) -> float:
    array = read_result(value)
    if array.size != 1:
        raise InvalidAnswer("the function should return one number, not several")
    return array.item()
