"""Values of SymPy expressions, by our own walk over allow-listed nodes: nothing is simplified.

An expression that a student wrote is only ever *read* here. Rational numbers stay exact; where a
root or a function leaves the rationals, mpmath goes on with 60 digits. Guards bound the nodes, the
depth and the size of every number, so that no answer can stop the grader.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from autograder.answers.functions import FUNCTIONS, PARTS
from autograder.answers.precision import (
    CONTEXT,
    MAX_BITS,
    MAX_MAGNITUDE,
    TIE,
    Number,
    TooLargeError,
    UndefinedError,
    as_mpf,
    bounded,
    exact,
    order,
    sign_of,
)
from autograder.answers.verdict import InvalidAnswer, kind_of

__all__ = [
    "CONTEXT",
    "TIE",
    "UNEVALUATED",
    "Number",
    "UndefinedError",
    "Value",
    "as_mpf",
    "evaluate",
    "exact",
    "holds",
    "sign_of",
]

UNEVALUATED = (sp.Sum, sp.Integral, sp.Derivative, sp.Limit, sp.Product)
MAX_NODES = 400  # a typed answer has a few dozen
MAX_DEPTH = 60


@dataclass(frozen=True, slots=True)
class Value:
    """A value, and about the size of the largest number met on the way to it."""

    number: Number
    largest: Number

    def __sub__(self, other: Value) -> Value:
        size = max(self.largest, other.largest)
        return Value(self.number + -other.number, size)  # a Fraction has no minus for an mpf

    def sign(self) -> int:
        """-1, 0 or 1; what rounding may have left of a zero counts as 0."""
        return sign_of(self.number, self.largest)


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


class _Walk:
    """One walk over one expression at one point."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self.values = values
        self.left = MAX_NODES
        self.largest: Number = CONTEXT.mpf(0)

    def number(self, node: object, depth: int) -> Number:
        self._step(depth)
        value = self._number(node, depth)
        self.largest = max(self.largest, _size(value))
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
        self.left -= PARTS.get(type(node), 0)
        arguments = [self.number(arg, depth + 1) for arg in node.args]
        return function(self.largest, *arguments)

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
        return relation(order(a, b))

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


def _size(value: Number) -> Number:
    """The absolute value, or for a fraction a power of 2 that is at most 2 times as large.

    Raises: TooLargeError where no more can be computed with it.
    """
    if isinstance(value, Fraction):
        p, q = abs(value.numerator).bit_length(), value.denominator.bit_length()
        return CONTEXT.ldexp(1, p - q + 1) if p else CONTEXT.mpf(0)
    size = abs(value)
    if not CONTEXT.isfinite(size) or (size and abs(CONTEXT.mag(size)) > MAX_MAGNITUDE):
        raise TooLargeError("the value is too large or too small to compute")
    return size


def _of_rational(node: Any) -> Number:  # noqa: ANN401  # SymPy's own types are not typed
    return bounded(Fraction(int(node.p), int(node.q)))


def _of_float(node: Any) -> Number:  # noqa: ANN401
    """The binary fraction that a decimal of SymPy is."""
    sign, mantissa, exponent, _ = node._mpf_
    if abs(exponent) > MAX_BITS:
        raise TooLargeError("a decimal is too large or too small to compute")
    value = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    return bounded(-value if sign else value)


RATIONALS = (
    sp.Integer,
    sp.Rational,
    *map(type, (sp.S.Zero, sp.S.One, sp.S.NegativeOne, sp.S.Half)),
)
LEAVES: dict[type, Callable[[Any], Number]] = dict.fromkeys(RATIONALS, _of_rational) | {
    sp.Float: _of_float,
    type(sp.pi): lambda _: +CONTEXT.pi,
    type(sp.E): lambda _: +CONTEXT.e,
    type(sp.EulerGamma): lambda _: +CONTEXT.euler,
}

RELATIONS: dict[type, Callable[[int], bool]] = {
    sp.Eq: lambda order: order == 0,
    sp.Ne: lambda order: order != 0,
    sp.Lt: lambda order: order < 0,
    sp.Le: lambda order: order <= 0,
    sp.Gt: lambda order: order > 0,
    sp.Ge: lambda order: order >= 0,
}


def _too_large() -> InvalidAnswer:
    return InvalidAnswer(f"the expression is too large: at most {MAX_NODES} parts are read")


def _not_allowed(
    node: object, wanted: str = "a formula of numbers, symbols and elementary functions"
) -> InvalidAnswer:
    name = kind_of(node)
    if isinstance(node, UNEVALUATED):
        return InvalidAnswer(f"{name} is the question itself; give what it comes to")
    if node in (sp.oo, -sp.oo, sp.zoo, sp.nan):
        return InvalidAnswer(f"{node} stands where a finite number is expected")
    return InvalidAnswer(f"{name} cannot be read here; give {wanted}")
