"""Answers that try to run something, to run for ever, or to fill the memory.

Strings as a student may type them, SymPy objects, and trees as a forged reply of the sandbox can
send them. None is right; what matters is that each is refused or judged at once. Objects are made
by functions, since some of them take a while to build.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

CANARY = "hostile_canary"  # a file that none of these may make
OPEN = f"open('{CANARY}', 'w')"
SYSTEM = f"__import__('os').system('touch {CANARY}')"

STRINGS = (
    # what would run code
    SYSTEM,
    OPEN,
    f'eval("{SYSTEM}")',
    f"exec('{OPEN}')",
    f"[c for c in ().__class__.__base__.__subclasses__()][0]({OPEN})",
    "().__class__.__bases__[0].__subclasses__()",
    "x.__class__.__mro__",
    "x.__init__.__globals__",
    "np.__loader__",
    "np.load(x)",
    "np.fromfile(x)",
    "sp.sympify(x)",
    "torch.load(x)",
    "np.f2py(x)",
    "math.__dict__",
    "getattr(x, exp)",
    "globals()",
    "locals()",
    "vars()",
    "dir()",
    "breakpoint()",
    "input()",
    "exit()",
    "quit(0)",
    "lambda: x",
    f"(lambda: {OPEN})()",
    f"(y := {OPEN})",
    "[x for x in (1,)]",
    "{x: 1}",
    "{x}",
    "{**x}",
    "f'{x}'",
    "b'x'",
    "'x'.format(x)",
    "x if exec(x) else x",
    "await x",
    "yield x",
    "import os",
    "x; import os",
    "x\nimport os",
    "x = 1",
    "del x",
    "raise x",
    "assert x",
    "print(x)",
    "@x",
    "*x",
    "**x",
    "x[0]",
    "x[::10**9]",
    "...",
    "None",
    "True",
    "__debug__",
    "x.subs(x, 1)",
    "x.evalf(10**9)",
    "exp.__call__(x)",
    "exp(*x)",
    "exp(**x)",
    "exp(x=1)",
    # what would run for ever, or fill the memory
    "10**10**10",
    "10^10^10^10^10",
    "9**9**9**9",
    "(10**10)**(10**10)",
    "2^(2^(2^(2^(2^(2^x)))))",
    "x^x^x^x^x^x^x^x^x^x",
    "factorial(10^8)",
    "factorial(factorial(factorial(10)))",
    "factorial(99999999999999)",
    "gamma(1/10^14)",
    "gamma(x)^gamma(x)^gamma(x)",
    "binomial(10^7, 5*10^6)",
    "binomial(10^14, 10^13)",
    "binomial(99999999999999, x)",
    "exp(exp(exp(exp(exp(x)))))",
    "exp(10^14)",
    "exp(-exp(99))",
    "sin(10^14^3)",
    "sin(exp(exp(9)))",
    "tan(10^99)",
    "floor(exp(exp(10)))",
    "floor(10^99999)",
    "(1 + 10^-9)^(10^9)",
    "(x + 1)^99999999999999",
    "0.1^(10^14)",
    "1e-300^1e300",
    "(10^300)^(10^300)",
    "log(exp(exp(exp(9))))",
    "erf(10^9)*" * 100 + "x",
    "gamma(999.5 + x)*" * 100 + "x",
    "exp(x)*" * 240 + "x",
    "(x+1)*" * 300 + "x",
    "1/(" * 55 + "x" + ")" * 55,
    "9" * 1999,
    "0." + "9" * 1990,
    "1e999999999",
    "1e-999999999",
    "x" * 2000,
    "x" * 100_000,
    " " * 100_000,
    "+".join(["x"] * 1000),
    "x**" * 600 + "x",
    "-" * 1999 + "x",
    "(" * 1999,
    "(" * 999 + "x" + ")" * 999,
    "exp(" * 400 + "x" + ")" * 400,
    "where(x > 0, " * 100 + "x" + ", x)" * 100,
    "where(where(where(x > 0, x, 1) > 0, x, 1) > 0, x, 1)",
    "x if x > 0 else " * 120 + "x",
    "x < " * 499 + "x",
    "not " * 499 + "x",
    "max(" * 50 + "x, x" + ")" * 50,
    "max(" + ", ".join(["x"] * 600) + ")",
    "x//" * 300 + "x",
    "x@" * 900 + "x",
    "x." * 900 + "x",
    "x()" * 600,
    # what cannot be read
    "",
    "\x00",
    "x\x00y",
    "\ufeffx",
    "x\u202ey",
    "\u0445",
    "𝐱",
    "①",
    "x²",
    "½",
    "\ud800",
    "#",
    "x # " + OPEN,
    "\\",
    "0x10",
    "0b1",
    "1_0",
    "1j",
    "1e",
    "nan",
    "inf",
    "-oo",
    "zoo",
    "I",
)


def _power(base: Any, exponent: Any) -> Any:
    return sp.Pow(base, exponent, evaluate=False)


def _tower(height: int) -> Any:
    tower: Any = sp.Integer(10)
    for _ in range(height):
        tower = _power(10, tower)
    return tower


def _nested(kind: Callable[..., Any], depth: int) -> Any:
    expression: Any = x
    for _ in range(depth):
        expression = kind(expression, evaluate=False)
    return expression


def _shared(depth: int) -> Any:
    """A tree of 2^depth leaves that takes only `depth` nodes of memory."""
    expression: Any = x
    for _ in range(depth):
        expression = sp.Add(expression, expression, evaluate=False)
    return expression


def _cases(count: int) -> Any:
    cases: Any = x
    for i in range(count):
        cases = sp.Piecewise(
            (cases, x > i), (sp.Add(cases, 1, evaluate=False), True), evaluate=False
        )
    return cases


x, n, k = sp.Symbol("x"), sp.Symbol("n"), sp.Symbol("k")

OBJECTS: dict[str, Callable[[], object]] = {
    "tower of powers": lambda: _tower(5),
    "negative tower": lambda: _power(_tower(3), -1),
    "tower in a sine": lambda: sp.sin(_tower(2), evaluate=False),
    "tower of x": lambda: _power(x, _power(x, _power(x, x))),
    "power of a huge number": lambda: _power(sp.Integer(2) ** 4000, 10**6),
    "huge number": lambda: sp.Integer(2) ** 100_000,
    "huge fraction": lambda: sp.Rational(2**50_000, 3**30_000),
    "sum of fractions": lambda: sp.Add(
        *(sp.Rational(1, 10**900 + i) for i in range(390)), evaluate=False
    ),
    "product of huge numbers": lambda: sp.Mul(*[sp.Integer(2) ** 4000] * 390, evaluate=False),
    "factorial": lambda: sp.factorial(10**8, evaluate=False),
    "factorial of factorials": lambda: _nested(sp.factorial, 30),
    "binomial": lambda: sp.binomial(10**7, 5 * 10**6, evaluate=False),
    "gamma": lambda: sp.gamma(_power(10, -1000), evaluate=False),
    "many gammas": lambda: sp.Mul(
        *(sp.gamma(x + sp.Rational(i, 7), evaluate=False) for i in range(120)), evaluate=False
    ),
    "many error functions": lambda: sp.Add(
        *(sp.erf(x / (i + 2), evaluate=False) for i in range(130)), evaluate=False
    ),
    "many exponentials": lambda: sp.Add(
        *(sp.exp(x + sp.Rational(i, 7), evaluate=False) for i in range(99)), evaluate=False
    ),
    "endless sum": lambda: sp.Sum(1 / n, (n, 1, sp.oo)),
    "long sum": lambda: sp.Sum(sp.sin(n), (n, 1, 10**12)),
    "nested sums": lambda: sp.Sum(sp.Sum(n * k, (n, 1, 10**6)), (k, 1, 10**6)),
    "endless product": lambda: sp.Product(1 + 1 / n, (n, 1, sp.oo)),
    "long product": lambda: sp.Product(n, (n, 1, 10**9)),
    "integral": lambda: sp.Integral(sp.exp(sp.sin(x**x)), (x, 0, sp.oo)),
    "derivative of high order": lambda: sp.Derivative(sp.exp(x**9), (x, 10**4)),
    "limit": lambda: sp.Limit(sp.sin(1 / x) ** x, x, 0),
    "sum inside": lambda: sp.exp(sp.Sum(sp.Symbol("x"), (n, 1, 10**9))),
    "deep sines": lambda: _nested(sp.sin, 300),
    "deep exponentials": lambda: _nested(sp.exp, 50),
    "deep roots": lambda: _nested(lambda e, **_: _power(e, sp.Rational(1, 2)), 55),
    "shared nodes": lambda: _shared(55),
    "wide sum": lambda: sp.Add(*[x] * 5000, evaluate=False),
    "many symbols": lambda: sp.Add(*(sp.Symbol(f"x{i}") for i in range(2000))),
    "expansion": lambda: _power(sp.Add(x, n, k, evaluate=False), 400),
    "nested cases": lambda: _cases(20),
    "many cases": lambda: sp.Piecewise(*((x, x > i) for i in range(300)), evaluate=False),
    "nan": lambda: sp.nan,
    "zoo": lambda: sp.zoo,
    "infinity": lambda: sp.oo,
    "minus infinity inside": lambda: sp.Add(x, -sp.oo, evaluate=False),
    "imaginary unit": lambda: sp.I * x,
    "float with many digits": lambda: sp.Float("0." + "3" * 4000, 4000),
    "large float": lambda: sp.Float("1e9999"),
    "small float": lambda: sp.Float("1e-9999"),
    "float nan": lambda: math.nan,
    "float infinity": lambda: -math.inf,
    "huge int": lambda: 10**100_000,
    "huge Fraction": lambda: Fraction(1, 3**100_000),
    "complex": lambda: 1j,
    "bool": lambda: True,
    "None": lambda: None,
    "bytes": lambda: b"x",
    "list": lambda: [x] * 1000,
    "dict": lambda: {x: x},
    "big array": lambda: np.zeros(10**6),
    "object array": lambda: np.array([x, None], dtype=object),
    "matrix": lambda: sp.ones(50, 50),
    "matrix symbol": lambda: sp.MatrixSymbol("x", 10**6, 10**6),
    "undefined function": lambda: sp.Function("f")(x),
    "relation": lambda: sp.Eq(x, 1),
    "set": lambda: sp.Interval(0, x),
    "lambda": lambda: sp.Lambda(x, x),
    "symbol named as code": lambda: sp.Symbol(SYSTEM),
    "symbol with a long name": lambda: sp.Symbol("x" * 10**6),
    "wild": lambda: sp.Wild("x"),
    "random numbers' ratio": lambda: _power(
        sp.Add(_power(sp.sqrt(2), 2), -2, evaluate=False), -1
    ),
    "cancellation": lambda: sp.Add(sp.exp(400_000), x, -sp.exp(400_000), evaluate=False),
}  # fmt: skip


def _whole(number: int) -> list[object]:
    return ["Rational", number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True), b"\x01"]


def _choice(condition: list[object], value: list[object]) -> list[object]:
    return ["Piecewise", [["pair", [value, condition]], ["pair", [X, ["const", "True"]]]]]


def _conditions(depth: int, width: int) -> list[object]:
    """Cases inside of the conditions of cases, which SymPy would multiply out."""
    tree: list[object] = X
    for _ in range(depth):
        inner = [
            "Add",
            [_choice(["StrictGreaterThan", [tree, _whole(i)]], X) for i in range(width)],
        ]
        tree = _choice(["StrictGreaterThan", [inner, _whole(0)]], X)
    return tree


def _deep(tag: str, depth: int) -> list[object]:
    tree: list[object] = X
    for _ in range(depth):
        tree = [tag, [tree]]
    return tree


X: list[object] = ["Symbol", "x", {}]
OTHERS: list[list[object]] = [["Symbol", f"x{i}", {}] for i in range(500)]
TEN = _whole(10)
TOWER: list[object] = ["Pow", [TEN, ["Pow", [TEN, ["Pow", [TEN, TEN]]]]]]

TREES: dict[str, list[object]] = {
    "tower": TOWER,
    "tower in a relation": ["StrictLessThan", [TOWER, ["factorial", [_whole(10**9)]]]],
    "tower in cases": _choice(["StrictLessThan", [TOWER, X]], X),
    "tower as a limit": ["Sum", [X, ["Tuple", [X, _whole(0), TOWER]]]],
    "factorial": ["factorial", [_whole(10**9)]],
    "binomial": ["binomial", [_whole(10**9), _whole(5 * 10**8)]],
    "whole part of a tower": ["floor", [TOWER]],
    "sign of a tower": ["sign", [TOWER]],
    "largest of towers": ["Max", [TOWER, ["exp", [TOWER]]]],
    "large decimals": ["Add", [["Float", "1e999999", 4096]] * 4000],
    "long decimals": ["Add", [["Float", "0." + "3" * 390, 4096]] * 4000],
    "precise decimal": ["Float", "0.1", 10**9],
    "cases in conditions": _conditions(1, 14),
    "cases in conditions of cases": _conditions(4, 3),
    "many relations": ["Or", [["Equality", [X, _whole(i)]] for i in range(1500)]],
    "many conditions": ["And", [["StrictLessThan", [X, _whole(i)]] for i in range(1500)]],
    "many arguments": ["Max", [["Pow", [X, _whole(i)]] for i in range(1500)]],
    "many nodes": ["Add", [["Add", [X] * 100]] * 1000],
    "deep": _deep("sin", 200),
    "fairly deep": _deep("exp", 75),
    "derivative of high order": ["Derivative", [["exp", [X]], ["Tuple", [X, _whole(10**9)]]]],
    "derivative by many": ["Derivative", [["exp", [X]], *OTHERS]],
    "sum over many": ["Sum", [X, *(["Tuple", [other, TEN, TEN]] for other in OTHERS)]],
    "integral": ["Integral", [["Pow", [X, X]], ["Tuple", [X, _whole(0), ["const", "oo"]]]]],
    "power of a matrix": ["Pow", [["Matrix", 2, 2, [TEN] * 4], _whole(10**6)]],
    "huge matrix": ["Matrix", 10**9, 10**9, []],
    "nan to the zoo": ["Pow", [["const", "nan"], ["const", "zoo"]]],
    "division by zero": ["Pow", [_whole(0), _whole(-1)]],
    "a kind that does not exist": ["Lambda", [X, X]],
    "code as a kind": ["__import__", [X]],
    "code as a symbol": ["Symbol", SYSTEM, {}],
    "code as a decimal": ["Float", SYSTEM, 53],
    "assumptions that contradict": ["Symbol", "x", {"positive": True, "negative": True}],
    "too many arguments": ["Heaviside", [X, X, X, X]],
    "no arguments": ["exp", []],
    "a number for a list": ["Add", 3],
    "a pair alone": ["Add", [["pair", [X, ["const", "True"]]]]],
    "a tuple in a sum": ["Add", [["Tuple", [X]], X]],
}  # fmt: skip
