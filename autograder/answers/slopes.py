"""Values of expressions that hold unevaluated derivatives, as the lines of a derivation may.

`Derivative(f, x)` is computed by central differences with 60 digits, extrapolated once: the error
is about 1e-48 of the fifth derivative of f, far below what a comparison asks for. At a kink of f
there is no derivative, and no value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from autograder.answers.evaluation import MAX_DEPTH, MAX_NODES, Value, evaluate
from autograder.answers.precision import CONTEXT, TIE, UndefinedError, as_mpf, tie
from autograder.answers.verdict import InvalidAnswer

Point = Mapping[str, object]

MAX_ORDER = 2  # each order costs twelve digits
STEP = Fraction(1, 10**12)
KINK = CONTEXT.mpf(10) ** -6  # by so much the slopes to the left and to the right may differ
CALLS = 5  # values of f for one derivative


@dataclass(frozen=True, slots=True)
class Prepared:
    """An expression whose derivatives have names; `cost` is how many nodes one value visits."""

    expression: object
    slopes: tuple[Slope, ...]
    cost: int

    def value(self, point: Point) -> Value:
        """The value at a point.

        Raises: UndefinedError where it has none; InvalidAnswer where it cannot be read.
        """
        found = {slope.name: slope.value(point) for slope in self.slopes}
        numbers = {name: value.number for name, value in found.items()}
        result = evaluate(self.expression, {**point, **numbers})
        sizes = [value.largest for value in found.values()]
        return Value(result.number, max([as_mpf(result.largest), *sizes]))


@dataclass(frozen=True, slots=True)
class Slope:
    """A derivative within an expression: of what, by which symbols, one for each order."""

    name: str
    of: Prepared
    by: tuple[str, ...]

    def value(self, point: Point) -> Value:
        """The derivative at a point. Raises: UndefinedError where there is none."""
        return derivative(self.of.value, self.by, point)


def prepare(expression: object) -> Prepared:
    """The expression, ready to have values.

    Raises: InvalidAnswer where it is too large, or where a derivative cannot be read.
    """
    slopes: list[Slope] = []
    reader = _Reader(slopes)
    plain = reader.read(expression, 0) if isinstance(expression, sp.Basic) else expression
    cost = reader.nodes + sum(slope.of.cost * CALLS ** len(slope.by) for slope in slopes)
    return Prepared(plain, tuple(slopes), cost)


class _Reader:
    """Puts a name in the place of each derivative, and builds anew only what held one."""

    def __init__(self, slopes: list[Slope]) -> None:
        self.slopes = slopes
        self.nodes = 0

    def read(self, node: sp.Basic, depth: int) -> sp.Basic:
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > MAX_DEPTH:
            raise InvalidAnswer(f"the expression is too large: at most {MAX_NODES} parts are read")
        if isinstance(node, sp.Derivative):
            return self._named(node)
        before = len(self.slopes)
        args = [self.read(arg, depth + 1) for arg in node.args]
        if len(self.slopes) == before:
            return node
        if isinstance(node, sp.Piecewise | sp.Tuple) or not isinstance(node, sp.Expr):
            raise InvalidAnswer("a Derivative within a case or a condition cannot be read")
        kind: Any = node.func  # SymPy's own types are not typed
        return kind(*args, evaluate=False)

    def _named(self, node: sp.Derivative) -> sp.Symbol:
        by: list[str] = []
        for pair in node.args[1:]:
            symbol, times = pair.args if len(pair.args) == 2 else (None, None)
            if not isinstance(symbol, sp.Symbol) or not isinstance(times, sp.Integer):
                raise InvalidAnswer("a Derivative is taken by symbols, as in Derivative(f, x)")
            if not 1 <= times <= MAX_ORDER or len(by) + int(times) > MAX_ORDER:
                raise InvalidAnswer(f"derivatives are read up to order {MAX_ORDER}")
            by += [symbol.name] * int(times)
        name = f"derivative {len(self.slopes) + 1}"  # no symbol of an answer has a space
        self.slopes.append(Slope(name, prepare(node.args[0]), tuple(by)))
        return sp.Symbol(name)


def derivative(f: Callable[[Point], Value], by: tuple[str, ...], point: Point) -> Value:
    """The derivative of f by some symbols, one after the other, at a point.

    Raises: UndefinedError where there is none; InvalidAnswer for a symbol that the point lacks.
    """
    if not by:
        return f(point)
    name, rest = by[0], by[1:]
    if name not in point:
        raise InvalidAnswer(f"the symbol {name[:40]!r} has no meaning here")

    def at(steps: Fraction) -> Value:
        x = point[name]
        moved = x + steps * STEP if isinstance(x, Fraction) else as_mpf(x) + as_mpf(steps * STEP)
        return derivative(f, rest, {**point, name: moved})

    values = {k: at(Fraction(k, 2)) for k in (-2, -1, 0, 1, 2)}
    number = {k: as_mpf(value.number) for k, value in values.items()}
    h = as_mpf(STEP)
    wide, narrow = (number[2] - number[-2]) / (2 * h), (number[1] - number[-1]) / h
    slope = (4 * narrow - wide) / 3
    jump = abs(number[2] - 2 * number[0] + number[-2]) / h
    if jump > KINK * max(1, abs(slope)):
        raise UndefinedError("there is no derivative here")
    size = max(1, *(as_mpf(value.largest) for value in values.values())) / h
    return Value(slope, size * TIE / tie())  # more digits would not make it more exact
