"""The value of each function that a formula may hold, for real numbers; nothing runs for long.

Exact numbers give exact numbers wherever that is possible. `scale` is the size of the largest
number met so far: what is far smaller than it may be what rounding left of a zero.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction

import sympy as sp

from autograder.answers.precision import (
    CONTEXT,
    MAX_BITS,
    MAX_MAGNITUDE,
    HiddenByRoundingError,
    Number,
    TooLargeError,
    UndefinedError,
    as_mpf,
    bits,
    is_noise,
    order,
    shortened,
    sign_of,
    tie,
)

MAX_WHOLE_POWER = 1000  # larger powers go by logarithms
MAX_GAMMA = 10_000
HALF = Fraction(1, 2)


def _sum(_: Number, *terms: Number) -> Number:
    total: Number = Fraction(0)
    for term in terms:
        total = shortened(operator.add(*_alike(total, term)))
    return total


def _alike(a: Number, b: Number) -> tuple[Number, Number]:
    """Two fractions, or else two numbers of mpmath, which is slow to convert by itself."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a, b
    return as_mpf(a), as_mpf(b)


def _product(_: Number, *factors: Number) -> Number:
    product: Number = Fraction(1)
    for factor in factors:
        product = shortened(operator.mul(*_alike(product, factor)))
    return product


def _power(scale: Number, base: Number, exponent: Number) -> Number:
    """base^exponent; 0^0 is 1."""
    if is_noise(base, scale) and base:
        if exponent <= 0:
            raise HiddenByRoundingError("a power of what may be 0")
        base = Fraction(0)
    if base == 0:
        if exponent < 0:
            raise UndefinedError("0 to a negative power")
        return Fraction(1 if exponent == 0 else 0)
    whole = isinstance(exponent, Fraction) and exponent.denominator == 1
    if base < 0 and not whole:
        raise UndefinedError("a negative number to a power that is no integer")
    if abs(exponent) > MAX_MAGNITUDE:
        raise TooLargeError("the exponent is too large")
    if isinstance(base, Fraction) and isinstance(exponent, Fraction):
        value = _exact_power(base, exponent)
        if value is not None:
            return value
    base = as_mpf(base)
    if abs(CONTEXT.mag(base) * exponent) > MAX_MAGNITUDE:
        raise TooLargeError("the power is too large or too small to compute")
    if whole and abs(exponent) <= MAX_WHOLE_POWER:
        return CONTEXT.power(base, exponent.numerator)
    value = CONTEXT.power(abs(base), as_mpf(exponent))
    return -value if base < 0 and exponent.numerator % 2 else value


def _exact_power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """The power, where it is rational and not too long."""
    if exponent.denominator == 1 and abs(exponent.numerator) * bits(base) <= MAX_BITS:
        return base**exponent.numerator
    if abs(exponent) != HALF:
        return None
    p, q = math.isqrt(base.numerator), math.isqrt(base.denominator)
    if p * p != base.numerator or q * q != base.denominator:
        return None
    return Fraction(p, q) if exponent > 0 else Fraction(q, p)


def _largest(_: Number, *values: Number) -> Number:
    best = values[0]
    for value in values[1:]:
        best = value if order(value, best) > 0 else best
    return best


def _smallest(scale: Number, *values: Number) -> Number:
    return -_largest(scale, *(-value for value in values))


def _logarithm(scale: Number, x: Number) -> Number:
    if is_noise(x, scale):
        raise HiddenByRoundingError("the logarithm of what may be 0")
    if x <= 0:
        raise UndefinedError("the logarithm of a number that is not positive")
    return Fraction(0) if x == 1 else CONTEXT.log(as_mpf(x))


def _elementary(name: str, at_zero: int, up_to: int) -> Callable[[Number, Number], Number]:
    """The function of mpmath, for arguments up to a size that it can be trusted with."""

    def function(_: Number, x: Number) -> Number:
        if x == 0:
            return Fraction(at_zero)
        if abs(x) > up_to:
            raise TooLargeError(f"{name} of a number too large to compute")
        return getattr(CONTEXT, name)(as_mpf(x))

    return function


def _arc(name: str) -> Callable[[Number, Number], Number]:
    """The inverse sine or cosine; what rounding left beyond 1 counts as 1."""

    def function(_: Number, x: Number) -> Number:
        if order(abs(x), Fraction(1)) > 0:
            raise UndefinedError(f"{name} of a number beyond 1")
        return getattr(CONTEXT, name)(max(min(as_mpf(x), 1), -1))

    return function


def _tangent(scale: Number, x: Number) -> Number:
    value = _elementary("tan", 0, 10**30)(scale, x)
    if abs(value) * tie() > 1:
        raise HiddenByRoundingError("the tangent of what may be a right angle")
    return value


def _absolute(_: Number, x: Number) -> Number:
    return abs(x)


def _itself(_: Number, x: Number) -> Number:
    return x  # the conjugate of a real number


def _sign(scale: Number, x: Number) -> Number:
    return Fraction(sign_of(x, scale))


def _step(scale: Number, x: Number, at_zero: Number = HALF) -> Number:
    sign = sign_of(x, scale)
    return Fraction(1 if sign > 0 else 0) if sign else at_zero


def _floor(scale: Number, x: Number) -> Number:
    if isinstance(x, Fraction):
        return Fraction(math.floor(x))
    if CONTEXT.mag(x) > CONTEXT.prec:
        raise TooLargeError("the whole part of a number too large to compute")
    nearest = Fraction(int(CONTEXT.nint(x)))
    if is_noise(x - nearest.numerator, scale):
        return nearest
    return Fraction(int(CONTEXT.floor(x)))


def _ceiling(scale: Number, x: Number) -> Number:
    return -_floor(scale, -x)


def _kronecker_delta(_: Number, i: Number, j: Number, *__: Number) -> Number:
    return Fraction(1 if order(i, j) == 0 else 0)


def _gamma(_: Number, x: Number) -> Number:
    whole = isinstance(x, Fraction) and x.denominator == 1
    if whole and x <= 0:
        raise UndefinedError("gamma of 0 or of a negative whole number")
    if abs(x) > MAX_GAMMA:
        raise TooLargeError("gamma of a number too large to compute")
    if whole and x < MAX_BITS // 12:
        return shortened(Fraction(math.factorial(int(x) - 1)))
    return CONTEXT.gamma(as_mpf(x))


def _factorial(scale: Number, n: Number) -> Number:
    return _gamma(scale, n + 1)


def _binomial(_: Number, n: Number, k: Number) -> Number:
    """n over k for whole numbers; 0 where k < 0 or k > n."""
    if not all(isinstance(x, Fraction) and x.denominator == 1 for x in (n, k)) or n < 0:
        raise UndefinedError("binomial of numbers that are not whole, or negative")
    if k < 0 or k > n:
        return Fraction(0)
    if min(k, n - k) * bits(n) > MAX_BITS:
        raise TooLargeError("binomial of numbers too large to compute")
    return Fraction(math.comb(int(n), int(k)))


FUNCTIONS: dict[type, Callable[..., Number]] = {
    sp.Add: _sum,
    sp.Mul: _product,
    sp.Pow: _power,
    sp.Abs: _absolute,
    sp.conjugate: _itself,
    sp.sign: _sign,
    sp.Heaviside: _step,
    sp.Max: _largest,
    sp.Min: _smallest,
    sp.floor: _floor,
    sp.ceiling: _ceiling,
    sp.log: _logarithm,
    sp.exp: _elementary("exp", 1, MAX_MAGNITUDE // 2),
    sp.sin: _elementary("sin", 0, 10**30),
    sp.cos: _elementary("cos", 1, 10**30),
    sp.tan: _tangent,
    sp.asin: _arc("asin"),
    sp.acos: _arc("acos"),
    sp.atan: _elementary("atan", 0, 10**300),
    sp.sinh: _elementary("sinh", 0, MAX_MAGNITUDE // 2),
    sp.cosh: _elementary("cosh", 1, MAX_MAGNITUDE // 2),
    sp.tanh: _elementary("tanh", 0, MAX_MAGNITUDE // 2),
    sp.erf: _elementary("erf", 0, 10**6),
    sp.gamma: _gamma,
    sp.factorial: _factorial,
    sp.binomial: _binomial,
    sp.KroneckerDelta: _kronecker_delta,
}

PARTS: dict[type, int] = dict.fromkeys((sp.gamma, sp.factorial, sp.erf), 10)
"""How many ordinary parts a costly function counts for."""
