"""What a typed formula may call, and the SymPy nodes that it stands for: none is evaluated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from autograder.answers.verdict import InvalidAnswer

Expression = Any  # SymPy's own types are not typed


@dataclass(frozen=True, slots=True)
class Function:
    """How many arguments a function takes, and the expression that it stands for."""

    least: int
    most: int
    build: Callable[..., Expression]


def unevaluated(kind: Callable[..., Expression], *args: Expression) -> Expression:
    return kind(*args, evaluate=False)


def of(kind: Callable[..., Expression]) -> Callable[..., Expression]:
    return lambda *args: unevaluated(kind, *args)


def negative(x: Expression) -> Expression:
    return -x if isinstance(x, sp.Number) else unevaluated(sp.Mul, sp.Integer(-1), x)


def inverse(x: Expression) -> Expression:
    return unevaluated(sp.Pow, x, sp.Integer(-1))


def quotient(a: Expression, b: Expression) -> Expression:
    return unevaluated(sp.Mul, a, inverse(b))


def root(x: Expression) -> Expression:
    return unevaluated(sp.Pow, x, sp.Rational(1, 2))


def _log(x: Expression, base: Expression | None = None) -> Expression:
    natural = unevaluated(sp.log, x)
    return natural if base is None else quotient(natural, unevaluated(sp.log, base))


def _exp_minus_x(x: Expression) -> Expression:
    if isinstance(x, sp.Mul) and x.args[0] == -1:  # no two signs in a row, where it is shown
        rest = x.args[1:]
        return unevaluated(sp.exp, rest[0] if len(rest) == 1 else unevaluated(sp.Mul, *rest))
    return unevaluated(sp.exp, negative(x))


def floor_quotient(a: Expression, b: Expression) -> Expression:
    return unevaluated(sp.floor, quotient(a, b))


def one_plus(x: Expression) -> Expression:
    return unevaluated(sp.Add, sp.Integer(1), x)


def _normal_cdf(x: Expression) -> Expression:
    return quotient(one_plus(unevaluated(sp.erf, quotient(x, root(sp.Integer(2))))), sp.Integer(2))


def _where(*_: Expression) -> Expression:
    raise InvalidAnswer("where takes three arguments: where(condition, a, b)")


CONSTANTS: dict[str, Expression] = {"pi": sp.pi, "e": sp.E}
MANY = 20  # arguments of max and min

FUNCTIONS: dict[str, Function] = {
    name: Function(1, 1, of(kind))
    for name, kind in {
        "exp": sp.exp, "abs": sp.Abs, "sign": sp.sign, "sin": sp.sin, "cos": sp.cos,
        "tan": sp.tan, "asin": sp.asin, "arcsin": sp.asin, "acos": sp.acos, "arccos": sp.acos,
        "atan": sp.atan, "arctan": sp.atan, "sinh": sp.sinh, "cosh": sp.cosh, "tanh": sp.tanh,
        "erf": sp.erf, "floor": sp.floor, "ceil": sp.ceiling, "ceiling": sp.ceiling,
        "factorial": sp.factorial, "gamma": sp.gamma,
    }.items()
} | {
    "log": Function(1, 2, _log),
    "ln": Function(1, 1, _log),
    "log2": Function(1, 1, lambda x: _log(x, sp.Integer(2))),
    "log10": Function(1, 1, lambda x: _log(x, sp.Integer(10))),
    "log1p": Function(1, 1, lambda x: _log(one_plus(x))),
    "expm1": Function(1, 1, lambda x: unevaluated(sp.Add, unevaluated(sp.exp, x), sp.Integer(-1))),
    "sqrt": Function(1, 1, root),
    "max": Function(1, MANY, of(sp.Max)),
    "min": Function(1, MANY, of(sp.Min)),
    "maximum": Function(2, 2, of(sp.Max)),
    "minimum": Function(2, 2, of(sp.Min)),
    "binomial": Function(2, 2, of(sp.binomial)),
    "comb": Function(2, 2, of(sp.binomial)),
    "delta": Function(2, 2, of(sp.KroneckerDelta)),
    "heaviside": Function(1, 2, of(sp.Heaviside)),
    "sigmoid": Function(1, 1, lambda x: inverse(one_plus(_exp_minus_x(x)))),
    "softplus": Function(1, 1, lambda x: _log(one_plus(unevaluated(sp.exp, x)))),
    "relu": Function(1, 1, lambda x: unevaluated(sp.Max, x, sp.Integer(0))),
    "Phi": Function(1, 1, _normal_cdf),
    "where": Function(3, 3, _where),
}  # fmt: skip
