"""Numbers of the checkers: exact fractions, and 60 digits where a value is not rational.

What is closer to zero than 1e-45, relative to the numbers met on the way, may be what rounding left
of a zero. Where a verdict would hang on it, a caller asks for `more_digits`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from numbers import Integral, Rational, Real
from typing import Any

from mpmath.ctx_mp import MPContext

from autograder.answers.verdict import InvalidAnswer, kind_of

DIGITS = 60
MORE_DIGITS = 240
MAX_BITS = 4096  # of an exact numerator or denominator; beyond it, digits are dropped
MAX_MAGNITUDE = 1_000_000  # of the binary exponent of any number

CONTEXT: Any = MPContext()  # our own: nobody else changes its digits
CONTEXT.dps = DIGITS
TIE = CONTEXT.mpf(10) ** (-3 * DIGITS // 4)  # numbers closer, relatively, are taken as equal
_FINER_TIE = CONTEXT.mpf(10) ** (-3 * MORE_DIGITS // 4)

Number = Any  # a Fraction, or an mpf of CONTEXT where the value is not known to be rational


class UndefinedError(ArithmeticError):
    """The expression has no real value at the point, or none that can be computed."""


class TooLargeError(UndefinedError):
    """A number on the way is too large or too small to compute with; the value may well exist."""


class HiddenByRoundingError(UndefinedError):
    """Whether there is a value hangs on a number that rounding may have left of a zero."""


@contextmanager
def more_digits() -> Iterator[None]:
    """Everything inside is computed with 240 digits instead of 60."""
    with CONTEXT.workdps(MORE_DIGITS):
        yield


def tie() -> Number:
    """The relative distance below which two numbers count as equal, at the digits in use."""
    return TIE if CONTEXT.dps == DIGITS else _FINER_TIE


def is_noise(number: Number, scale: Number) -> bool:
    """Whether a number that came out of numbers of size `scale` may in truth be 0."""
    return not isinstance(number, Fraction) and abs(number) <= tie() * as_mpf(scale)


def sign_of(number: Number, scale: Number) -> int:
    """The sign of a number that came out of a computation with numbers of size `scale`."""
    return 0 if is_noise(number, scale) else int(number > 0) - int(number < 0)


def order(a: Number, b: Number) -> int:
    """-1, 0 or 1 as a is less than, equal to or greater than b."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return int(a > b) - int(a < b)
    return sign_of(as_mpf(a) - as_mpf(b), max(as_mpf(abs(a)), as_mpf(abs(b))))


def as_mpf(number: Number) -> Number:
    """The number to the digits in use."""
    if isinstance(number, Fraction):
        return CONTEXT.mpf(number.numerator) / number.denominator
    return CONTEXT.mpf(number)


def bits(value: Fraction) -> int:
    """The length of the longer of numerator and denominator."""
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def shortened(value: Number) -> Number:
    """The value itself, or its first digits where its exact form has grown too long."""
    return as_mpf(value) if isinstance(value, Fraction) and bits(value) > MAX_BITS else value


def exact(value: object) -> Fraction:
    """The exact value of a finite number of Python or NumPy; a float is the binary fraction it is.

    Raises: InvalidAnswer for anything else.
    """
    if isinstance(value, bool) or type(value).__name__ == "bool":
        raise InvalidAnswer("a truth value stands where a number is expected")
    if isinstance(value, Integral):
        return bounded(Fraction(int(value)))
    if isinstance(value, Rational):
        return bounded(Fraction(int(value.numerator), int(value.denominator)))
    if isinstance(value, Real):
        number = float(value)
        if not math.isfinite(number):
            raise InvalidAnswer(f"{number} stands where a finite number is expected")
        return Fraction(number)
    raise InvalidAnswer(f"{kind_of(value)} stands where a real number is expected")


def bounded(value: Fraction) -> Fraction:
    """The value. Raises: InvalidAnswer where it is too long for a person to have meant it."""
    if bits(value) > MAX_BITS:
        raise InvalidAnswer("it holds a number of more than a thousand digits")
    return value
