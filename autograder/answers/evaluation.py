"""Values of SymPy expressions, by our own walk over allow-listed nodes: nothing is simplified.

An expression that a student wrote is only ever *read* here. Rational numbers stay exact; where a
root or a function leaves the rationals, mpmath goes on with 60 digits. Guards bound the nodes, the
depth and the size of every number, so that no answer can stop the grader.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from numbers import Integral, Rational, Real
from typing import Any

import sympy as sp
from mpmath.ctx_mp import MPContext
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from autograder.answers.verdict import InvalidAnswer, kind_of

MAX_NODES = 400  # a typed answer has a few dozen
MAX_DEPTH = 60
MAX_BITS = 4096  # of an exact numerator or denominator; beyond it, digits are dropped
MAX_MAGNITUDE = 1_000_000  # of the binary exponent of any number

CONTEXT: Any = MPContext()  # our own: nobody else changes its digits
CONTEXT.dps = 60
TIE = CONTEXT.mpf(10) ** -45  # numbers closer than this, relatively, are taken as equal

Number = Any  # a Fraction, or an mpf of CONTEXT where the value is not known to be rational


class UndefinedError(ArithmeticError):
    """The expression has no real value at the point, or none that can be computed."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value, and the size of the largest number met on the way to it."""

    number: Number
    largest: Number

    def __sub__(self, other: Value) -> Value:
        size = max(self.largest, other.largest)
        return Value(self.number + -other.number, size)  # a Fraction has no minus for an mpf

    def sign(self) -> int:
        """-1, 0 or 1; what rounding may have left of a zero counts as 0."""
        return sign_of(self.number, self.largest)


def sign_of(number: Number, scale: Number) -> int:
    """The sign of a number that came out of a computation with numbers of size `scale`."""
    if not isinstance(number, Fraction) and abs(number) <= TIE * as_mpf(scale):
        return 0
    return int(number > 0) - int(number < 0)


def as_mpf(number: Number) -> Number:
    """The number to 60 digits."""
    if isinstance(number, Fraction):
        return CONTEXT.mpf(number.numerator) / number.denominator
    return CONTEXT.mpf(number)


def evaluate(expression: object, values: Mapping[str, object] | None = None) -> Value:
    """The value of an expression where each symbol, by its name, has the value given.

    `expression` is a SymPy expression or a number of Python or NumPy. 0 ** 0 is 1.

    Raises: InvalidAnswer where it cannot be read; UndefinedError where it has no real value.
    """
    walk = _Walk({} if values is None else values)
    return Value(walk.number(expression, 0), walk.largest)


def holds(condition: object, values: Mapping[str, object] | None = None) -> bool:
    """Whether a relation, or relations joined by And, Or and Not, is true at the values given.

    Raises: InvalidAnswer where it cannot be read; UndefinedError where a side has no real value.
    """
    return _Walk({} if values is None else values).truth(condition, 0)


def exact(value: object) -> Fraction:
    """The exact value of a finite number of Python or NumPy; a float is the binary fraction it is.

    Raises: InvalidAnswer for anything else.
    """
    if isinstance(value, bool) or type(value).__name__ == "bool":
        raise InvalidAnswer("a truth value stands where a number is expected")
    if isinstance(value, Integral):
        return _bounded(Fraction(int(value)))
    if isinstance(value, Rational):
        return _bounded(Fraction(int(value.numerator), int(value.denominator)))
    if isinstance(value, Real):
        number = float(value)
        if not math.isfinite(number):
            raise InvalidAnswer(f"{number} stands where a finite number is expected")
        return Fraction(number)
    raise InvalidAnswer(f"{kind_of(value)} stands where a real number is expected")


class _Walk:
    """One walk over one expression at one point."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self.values = values
        self.left = MAX_NODES
        self.largest: Number = CONTEXT.mpf(0)

    def number(self, node: object, depth: int) -> Number:
        self._step(depth)
        value = self._number(node, depth)
        size = as_mpf(abs(value))
        if not CONTEXT.isfinite(size) or (size and abs(CONTEXT.mag(size)) > MAX_MAGNITUDE):
            raise UndefinedError("the value is too large or too small to compute")
        self.largest = max(self.largest, size)
        return value

    def _number(self, node: object, depth: int) -> Number:
        if not isinstance(node, sp.Basic):
            return node if isinstance(node, CONTEXT.mpf) else exact(node)
        leaf = LEAVES.get(type(node))
        if leaf is not None:
            return leaf(node)
        if isinstance(node, sp.Symbol):
            return self._symbol(node.name)
        if isinstance(node, sp.Piecewise):
            return self._piecewise(node, depth)
        function = FUNCTIONS.get(type(node))
        if function is None:
            raise _not_allowed(node)
        return function(*(self.number(arg, depth + 1) for arg in node.args))

    def truth(self, node: object, depth: int) -> bool:
        self._step(depth)
        if isinstance(node, bool | BooleanTrue | BooleanFalse):
            return bool(node)
        if isinstance(node, sp.And | sp.Or):
            parts = [self.truth(arg, depth + 1) for arg in node.args]
            return all(parts) if isinstance(node, sp.And) else any(parts)
        if isinstance(node, sp.Not):
            return not self.truth(node.args[0], depth + 1)
        relation = RELATIONS.get(type(node))
        if relation is None or not isinstance(node, sp.Basic):
            raise _not_allowed(node, "a condition such as x <= y")
        a, b = (self.number(arg, depth + 1) for arg in node.args)
        return relation(_order(a, b))

    def _step(self, depth: int) -> None:
        self.left -= 1
        if self.left < 0 or depth > MAX_DEPTH:
            raise _too_large()

    def _symbol(self, name: str) -> Number:
        if name not in self.values:
            known = ", ".join(sorted(self.values)) or "no symbol at all"
            raise InvalidAnswer(f"the symbol {name[:40]!r} has no meaning here; use {known}")
        value = self.values[name]
        return value if isinstance(value, CONTEXT.mpf) else exact(value)

    def _piecewise(self, node: sp.Basic, depth: int) -> Number:
        for pair in node.args:
            value, condition = pair.args
            if self.truth(condition, depth + 1):
                return self.number(value, depth + 1)
        raise UndefinedError("no case of the Piecewise applies")


def _order(a: Number, b: Number) -> int:
    """-1, 0 or 1 as a is less than, equal to or greater than b."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return int(a > b) - int(a < b)
    return sign_of(as_mpf(a) - as_mpf(b), max(as_mpf(abs(a)), as_mpf(abs(b))))


def _sum(*terms: Number) -> Number:
    total: Number = Fraction(0)
    for term in terms:
        total = _short(total + term)
    return total


def _product(*factors: Number) -> Number:
    product: Number = Fraction(1)
    for factor in factors:
        product = _short(product * factor)
    return product


def _short(value: Number) -> Number:
    """The value itself, or 60 digits of it where its exact form has grown too long."""
    return as_mpf(value) if isinstance(value, Fraction) and _bits(value) > MAX_BITS else value


def _power(base: Number, exponent: Number) -> Number:
    if base == 0:
        if exponent < 0:
            raise UndefinedError("0 to a negative power")
        return Fraction(1 if exponent == 0 else 0)
    whole = isinstance(exponent, Fraction) and exponent.denominator == 1
    if base < 0 and not whole:
        raise UndefinedError("a negative number to a power that is no integer")
    if abs(exponent) > MAX_MAGNITUDE:
        raise UndefinedError("the exponent is too large")
    if isinstance(base, Fraction) and isinstance(exponent, Fraction):
        if whole and abs(exponent.numerator) * _bits(base) <= MAX_BITS:
            return base**exponent.numerator
        root = _exact_root(base) if abs(exponent) == Fraction(1, 2) else None
        if root is not None:
            return root if exponent > 0 else 1 / root
    base = as_mpf(base)
    if abs(CONTEXT.mag(base) * exponent) > MAX_MAGNITUDE:
        raise UndefinedError("the power is too large or too small to compute")
    return CONTEXT.power(base, exponent.numerator if whole else as_mpf(exponent))


def _largest(*values: Number) -> Number:
    best = values[0]
    for value in values[1:]:
        best = value if _order(value, best) > 0 else best
    return best


def _smallest(*values: Number) -> Number:
    return -_largest(*(-value for value in values))


def _logarithm(x: Number) -> Number:
    if x <= 0:
        raise UndefinedError("the logarithm of a number that is not positive")
    return Fraction(0) if x == 1 else CONTEXT.log(as_mpf(x))


def _elementary(name: str, at_zero: int, up_to: int) -> Callable[[Number], Number]:
    """The function of mpmath, for arguments up to a size that it can be trusted with."""

    def function(x: Number) -> Number:
        if x == 0:
            return Fraction(at_zero)
        if abs(x) > up_to:
            raise UndefinedError(f"{name} of a number too large to compute")
        return getattr(CONTEXT, name)(as_mpf(x))

    return function


def _sign(x: Number) -> Number:
    return Fraction(int(x > 0) - int(x < 0))


def _kronecker_delta(i: Number, j: Number, *_: Number) -> Number:
    return Fraction(1 if _order(i, j) == 0 else 0)


def _of_rational(node: Any) -> Number:  # noqa: ANN401  # SymPy's own types are not typed
    return _bounded(Fraction(int(node.p), int(node.q)))


def _of_float(node: Any) -> Number:  # noqa: ANN401
    """The binary fraction that a decimal of SymPy is."""
    sign, mantissa, exponent, _ = node._mpf_
    if abs(exponent) > MAX_BITS:
        raise UndefinedError("a decimal is too large or too small to compute")
    value = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    return _bounded(-value if sign else value)


RATIONALS = (
    sp.Integer,
    sp.Rational,
    *map(type, (sp.S.Zero, sp.S.One, sp.S.NegativeOne, sp.S.Half)),
)
LEAVES: dict[type, Callable[[Any], Number]] = dict.fromkeys(RATIONALS, _of_rational) | {
    sp.Float: _of_float,
    type(sp.pi): lambda _: +CONTEXT.pi,
    type(sp.E): lambda _: +CONTEXT.e,
}

FUNCTIONS: dict[type, Callable[..., Number]] = {
    sp.Add: _sum,
    sp.Mul: _product,
    sp.Pow: _power,
    sp.Abs: abs,
    sp.sign: _sign,
    sp.Max: _largest,
    sp.Min: _smallest,
    sp.log: _logarithm,
    sp.exp: _elementary("exp", 1, MAX_MAGNITUDE // 2),
    sp.sin: _elementary("sin", 0, 10**30),
    sp.cos: _elementary("cos", 1, 10**30),
    sp.tan: _elementary("tan", 0, 10**30),
    sp.atan: _elementary("atan", 0, 10**300),
    sp.sinh: _elementary("sinh", 0, MAX_MAGNITUDE // 2),
    sp.cosh: _elementary("cosh", 1, MAX_MAGNITUDE // 2),
    sp.tanh: _elementary("tanh", 0, MAX_MAGNITUDE // 2),
    sp.erf: _elementary("erf", 0, 10**6),
    sp.KroneckerDelta: _kronecker_delta,
}

RELATIONS: dict[type, Callable[[int], bool]] = {
    sp.Eq: lambda order: order == 0,
    sp.Ne: lambda order: order != 0,
    sp.Lt: lambda order: order < 0,
    sp.Le: lambda order: order <= 0,
    sp.Gt: lambda order: order > 0,
    sp.Ge: lambda order: order >= 0,
}


def _bits(value: Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def _bounded(value: Fraction) -> Fraction:
    if _bits(value) > MAX_BITS:
        raise InvalidAnswer("it holds a number of more than a thousand digits")
    return value


def _exact_root(value: Fraction) -> Fraction | None:
    """The square root, where it is rational."""
    p, q = math.isqrt(value.numerator), math.isqrt(value.denominator)
    return Fraction(p, q) if p * p == value.numerator and q * q == value.denominator else None


def _too_large() -> InvalidAnswer:
    return InvalidAnswer(f"the expression is too large: at most {MAX_NODES} parts are read")


def _not_allowed(
    node: object, wanted: str = "a formula of numbers, symbols and elementary functions"
) -> InvalidAnswer:
    name = kind_of(node)
    if isinstance(node, sp.Sum | sp.Integral | sp.Derivative | sp.Limit | sp.Product):
        return InvalidAnswer(f"{name} is the question itself; give what it comes to")
    if node in (sp.oo, -sp.oo, sp.zoo, sp.nan):
        return InvalidAnswer(f"{node} stands where a finite number is expected")
    return InvalidAnswer(f"{name} cannot be read here; give {wanted}")
