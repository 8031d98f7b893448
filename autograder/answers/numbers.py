"""A number with the digits and the unit that were asked for; its usual slips are named.

How close is close enough is the author's to say, in one of three ways: `rel`, a relative error;
`decimals`, right to so many places after the point; `significant`, right to so many figures. Right
to k digits means within half a unit of the last of them: the rounded value passes, and so does
every longer one.

For numbers of a student's own, round what the question prints first, and compute the key from that.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from autograder.answers.evaluation import as_mpf, evaluate
from autograder.answers.expressions import read_expression
from autograder.answers.reading import read_number
from autograder.answers.units import Unit, others_like, read_unit
from autograder.answers.verdict import InvalidAnswer, WrongAnswer, kind_of

REL = 1e-3
TINY = 1e-12  # what float64 leaves of a key that is 0
HAIR = 1e-9  # of the tolerance: half a unit of the last place still is half a unit
FEW_DIGITS = 0.5  # the credit of a right number with too few digits, or without its unit

_TYPED = re.compile(r"\s*(?P<number>.*?)\s*(?P<unit>[A-Za-zµ%][A-Za-zµ%/]*)?\s*", re.DOTALL)

Number = Any  # a number of Python, NumPy, SymPy or mpmath


@dataclass(frozen=True, slots=True)
class NumberSlip:
    """A usual mistake: its name, a hint, and the number that it leads to, in the asked unit."""

    note: str
    hint: str
    value: Number
    credit: float = 0.0


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far from the key a number may be: `rel`, `decimals` or `significant`, the last given.

    Raises: ValueError where more than one of `decimals` and `significant` is given.
    """

    rel: float = REL
    decimals: int | None = None
    significant: int | None = None

    def __post_init__(self) -> None:
        if self.decimals is not None and self.significant is not None:
            raise ValueError("a number has so many decimals or significant figures, not both")

    def around(self, expected: float) -> float:
        """The largest distance from `expected` that is still right."""
        if self.decimals is not None:
            return 0.5 * 10.0**-self.decimals * (1 + HAIR)
        if self.significant is not None:
            return 0.5 * 10.0 ** (_magnitude(expected) + 1 - self.significant) * (1 + HAIR)
        return max(self.rel * abs(expected), TINY)

    def coarser(self) -> list[Tolerance]:
        """The same with fewer digits, two at least: what was rounded too early."""
        if self.decimals is not None:
            return [Tolerance(decimals=k) for k in range(self.decimals - 1, 0, -1)]
        if self.significant is not None:
            return [Tolerance(significant=k) for k in range(self.significant - 1, 1, -1)]
        return []


def require_number(  # noqa: PLR0913  # all but two are words of the question, by keyword
    answer: object,
    expected: Number,
    *,
    what: str,
    hint: str,
    rel: float = REL,
    decimals: int | None = None,
    significant: int | None = None,
    unit: str | None = None,
    slips: Sequence[NumberSlip] = (),
) -> None:
    """Passes where the answer is the expected number, as closely as was asked.

    With `unit`, the answer is a pair such as (4.32, "bits") or a string such as "4.32 bits", in the
    unit asked for or any that converts to it.

    Raises: WrongAnswer named "unit missing", "wrong unit", by a slip, "nats for bits" and the like,
    "wrong sign", "too few digits", "rounded wrongly" or "not the number"; InvalidAnswer where it
    cannot be read; ValueError where the unit asked for is not known.
    """
    tolerance = Tolerance(rel, decimals, significant)
    asked = _asked_unit(unit)
    value, given = _read(answer, what, asked)
    scale = asked.size / given.size if asked is not None and given is not None else 1.0
    key = scale * _as_float(expected)
    if abs(value - key) <= tolerance.around(key):
        if asked is not None and given is None:
            raise WrongAnswer(
                "unit missing", f"The number is right; say of what: ({what}, 'unit').", FEW_DIGITS
            )
        return
    _name_the_slip(value, tolerance, slips, scale)
    if key and abs(value + key) <= tolerance.around(key):
        raise WrongAnswer("wrong sign", "The size is right, and the sign is not.")
    _name_the_unit(value, key, tolerance, given or asked)
    _name_the_rounding(value, key, tolerance)
    raise WrongAnswer("not the number", hint)


def _name_the_slip(
    value: float, tolerance: Tolerance, slips: Sequence[NumberSlip], scale: float
) -> None:
    for slip in slips:
        slipped = scale * _as_float(slip.value)
        if abs(value - slipped) <= tolerance.around(slipped):
            raise WrongAnswer(slip.note, slip.hint, slip.credit)


def _name_the_unit(value: float, key: float, tolerance: Tolerance, beside: Unit | None) -> None:
    """Raises WrongAnswer where the number is right in another unit than the one beside it."""
    if not key:
        return
    for other in others_like(beside) if beside is not None else ():
        elsewhere = key * beside.size / other.size if beside is not None else key
        if abs(value - elsewhere) <= tolerance.around(elsewhere):
            raise WrongAnswer(
                f"{other.name} for {beside.name if beside is not None else ''}",
                "The number is right in another unit than the one that it has here.",
            )
    if beside is None and abs(value - 100 * key) <= tolerance.around(100 * key):
        raise WrongAnswer("percent for a share", "A share lies between 0 and 1.", FEW_DIGITS)


def _name_the_rounding(value: float, key: float, tolerance: Tolerance) -> None:
    for coarser in tolerance.coarser():
        if _is_rounded(value, coarser) and abs(value - key) <= coarser.around(key):
            raise WrongAnswer(
                "too few digits", "It is right as far as it goes: give more digits.", FEW_DIGITS
            )
    has_digits = tolerance.decimals is not None or tolerance.significant is not None
    near = abs(value - key) <= 2 * tolerance.around(key)  # the neighbour on the other side
    if has_digits and near and _is_rounded(value, tolerance):
        raise WrongAnswer(
            "rounded wrongly",
            "The last digit is off: round once, at the end, and to the nearest.",
            FEW_DIGITS,
        )


def _is_rounded(value: float, to: Tolerance) -> bool:
    """Whether a number has no more digits than these."""
    places = to.decimals
    if places is None:
        places = (to.significant or 1) - 1 - _magnitude(value)
    return abs(value - round(value, places)) <= HAIR * abs(value)


def _magnitude(value: float) -> int:
    """The power of ten of the first digit."""
    return int(f"{abs(value):e}".split("e")[1]) if value else 0


def _asked_unit(name: str | None) -> Unit | None:
    asked = read_unit(name) if name is not None else None
    if name is not None and asked is None:
        raise ValueError(f"{name!r} is no unit that is known; add it to units.py")
    return asked


def _read(answer: object, what: str, asked: Unit | None) -> tuple[float, Unit | None]:
    """The number of an answer, and its unit where it has one."""
    number, name = answer, ""
    if isinstance(answer, list | tuple):
        if len(answer) != 2 or not isinstance(answer[1], str):
            raise InvalidAnswer(f"{what} should be a number and a unit, as in (3, 'bits')")
        number, name = answer
    elif isinstance(answer, str):
        number, name = _split(answer)
    given = read_unit(name) if name.strip() else None
    if name.strip() and given is None:
        raise InvalidAnswer(f"{what} has the unit {name.strip()[:20]!r}, which is not known here")
    wanted = asked if asked is not None else read_unit("")
    if given is not None and wanted is not None and given.dimension != wanted.dimension:
        raise WrongAnswer("wrong unit", f"{given.name} do not measure what is asked for here.")
    if asked is None and given is not None:  # a plain number, given in percent
        return _value(number, what) * given.size, None
    return _value(number, what), given


def _split(text: str) -> tuple[str, str]:
    """A typed number and the unit behind it."""
    match = _TYPED.fullmatch(text)
    unit = match["unit"] if match else None
    if match is None or not unit or not match["number"] or read_unit(unit) is None:
        return text, ""
    return match["number"], unit


def _value(number: object, what: str) -> float:
    if isinstance(number, str):
        number = read_expression(number, what, ())
    if not isinstance(number, sp.Basic) and isinstance(number, list | tuple | dict):
        raise InvalidAnswer(f"{what} is a {kind_of(number)}; a number is expected")
    value = float(as_mpf(read_number(number, what)))
    if math.isinf(value):
        raise InvalidAnswer(f"{what} is a number too large to be read")
    return value


def _as_float(number: Number) -> float:
    if isinstance(number, float | Fraction):
        return float(number)
    return float(as_mpf(evaluate(number).number))
