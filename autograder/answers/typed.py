"""Formulas typed as text: ASCII mathematics becomes an expression, and nothing of it is run.

    read_typed("-p*log(p) - (1 - p)*log(1 - p)", "entropy", ["p"])

Python's parser makes a syntax tree, and our own walk makes SymPy nodes of the few kinds of node
that are mathematics. There is no `eval` and no `sympify`, and no node is evaluated.
"""

from __future__ import annotations

import ast
import difflib
import keyword
from collections.abc import Callable, Collection, Iterable
from typing import Any

import sympy as sp

from autograder.answers.typed_functions import (
    CONSTANTS,
    FUNCTIONS,
    Expression,
    floor_quotient,
    inverse,
    negative,
    of,
    unevaluated,
)
from autograder.answers.typed_text import Typed, parse
from autograder.answers.verdict import InvalidAnswer, kind_of

MAX_NODES = 400
MAX_DEPTH = 60
MODULES = ("np", "numpy", "math", "sp", "sympy", "torch")  # np.exp is exp


def read_typed(
    text: object, what: str, symbols: Iterable[str], functions: Collection[str] | None = None
) -> Expression:
    """The SymPy expression that a string of ASCII mathematics means, with nothing evaluated.

    `what` names the answer in hints. `functions` are the names that may be called: all of
    FUNCTIONS unless given. `^` and `**` are powers, names are NumPy's, `e` and `pi` are numbers
    unless they are among the symbols.

    Raises: InvalidAnswer that says where it cannot be read and what to write instead.
    """
    reader = _reader(text, what, symbols, functions)
    return reader.number(reader.typed.body, 0)


def read_typed_condition(text: object, what: str, symbols: Iterable[str]) -> Expression:
    """The SymPy condition that a string such as `m <= 7 and n > m` means.

    Raises: InvalidAnswer that says where it cannot be read and what to write instead.
    """
    reader = _reader(text, what, symbols, None)
    return reader.condition(reader.typed.body, 0)


def _reader(
    text: object, what: str, symbols: Iterable[str], functions: Collection[str] | None
) -> _Reader:
    if not isinstance(text, str):
        raise InvalidAnswer(f"{what} is a {kind_of(text)}; a formula as a string is expected")
    return _Reader(parse(text, what), tuple(symbols), functions)


class _Reader:
    """Makes one expression of one syntax tree."""

    def __init__(
        self, typed: Typed, symbols: tuple[str, ...], functions: Collection[str] | None
    ) -> None:
        self.typed = typed
        self.symbols = symbols
        self.functions = tuple(FUNCTIONS if functions is None else functions)
        self.left = MAX_NODES

    def number(self, node: ast.expr, depth: int) -> Expression:
        self._step(node, depth)
        kinds = (ast.BinOp, type(node.op)) if isinstance(node, ast.BinOp) else (type(node),)
        read = READERS.get(kinds)
        if read is None:
            raise self.typed.invalid(node, _why_not(node))
        return read(self, node, depth)

    def condition(self, node: ast.expr, depth: int) -> Expression:
        self._step(node, depth)
        match node:
            case ast.Compare(left=left, ops=ops, comparators=others):
                sides = [self._side(side, depth + 1) for side in (left, *others)]
                pairs = zip(sides, ops, sides[1:], strict=False)
                parts = [unevaluated(RELATIONS[type(op)], a, b) for a, op, b in pairs]
                return parts[0] if len(parts) == 1 else unevaluated(sp.And, *parts)
            case ast.BoolOp(op=op, values=values):
                kind = sp.And if isinstance(op, ast.And) else sp.Or
                return unevaluated(kind, *(self.condition(value, depth + 1) for value in values))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return unevaluated(sp.Not, self.condition(operand, depth + 1))
        raise self.typed.invalid(node, "a condition such as x > 0 is expected here")

    def _step(self, node: ast.expr, depth: int) -> None:
        self.left -= 1
        if self.left < 0:
            raise self.typed.invalid(node, f"too long: at most {MAX_NODES} parts are read")
        if depth > MAX_DEPTH:
            raise self.typed.invalid(node, "nested too deeply to be read")

    def _side(self, node: ast.expr, depth: int) -> Expression:
        """A side of a comparison. SymPy would multiply out cases inside of conditions."""
        side = self.number(node, depth)
        if side.has(sp.Piecewise):
            raise self.typed.invalid(node, "a condition may not hold a formula with cases")
        return side

    def _constant(self, node: ast.Constant, _: int) -> Expression:
        if type(node.value) is int:
            return sp.Integer(node.value)
        if type(node.value) is float:
            text = self.typed.literal(node)
            return sp.Float(text, max(15, len(text)))
        raise self.typed.invalid(node, _why_not(node))

    def _name(self, node: ast.Name, _: int) -> Expression:
        name = _plain(node.id)
        if name in self.symbols:
            return sp.Symbol(name)
        if name in CONSTANTS:
            return CONSTANTS[name]
        if name in FUNCTIONS:
            raise self.typed.invalid(node, f"{name} is a function: write {name}(...)")
        known = ", ".join(self.symbols) or "no symbol at all"
        raise self.typed.invalid(node, f"the symbol {name[:40]!r} has no meaning here; use {known}")

    def _sum(self, node: ast.BinOp, depth: int) -> Expression:
        return unevaluated(sp.Add, *self._terms(node, depth))

    def _product(self, node: ast.BinOp, depth: int) -> Expression:
        return unevaluated(sp.Mul, *self._factors(node, depth))

    def _operator(self, node: ast.BinOp, depth: int) -> Expression:
        build = of(sp.Pow) if isinstance(node.op, ast.Pow) else floor_quotient
        return build(self.number(node.left, depth + 1), self.number(node.right, depth + 1))

    def _unary(self, node: ast.UnaryOp, depth: int) -> Expression:
        if not isinstance(node.op, ast.USub | ast.UAdd):
            raise self.typed.invalid(node, "a condition stands where a number is expected")
        operand = self.number(node.operand, depth + 1)
        return negative(operand) if isinstance(node.op, ast.USub) else operand

    def _choice(self, node: ast.IfExp, depth: int) -> Expression:
        return self._cases(node.test, node.body, node.orelse, depth)

    def _terms(self, node: ast.expr, depth: int) -> list[Expression]:
        """The terms of a sum, however many: `a + b - c` is no deeper than `a + b`."""
        terms = []
        while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            term = self.number(node.right, depth + 1)
            terms.append(negative(term) if isinstance(node.op, ast.Sub) else term)
            node = node.left
        return [self.number(node, depth + 1), *reversed(terms)]

    def _factors(self, node: ast.expr, depth: int) -> list[Expression]:
        """The factors of a product; a divisor is a factor to the power -1."""
        factors = []
        while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
            factor = self.number(node.right, depth + 1)
            factors.append(inverse(factor) if isinstance(node.op, ast.Div) else factor)
            node = node.left
        return [self.number(node, depth + 1), *reversed(factors)]

    def _call(self, node: ast.Call, depth: int) -> Expression:
        name = self._function_name(node)
        if node.keywords or any(isinstance(arg, ast.Starred) for arg in node.args):
            raise self.typed.invalid(node, f"{name} takes plain arguments only")
        if name in ("where", "Piecewise") and len(node.args) == 3 and name in self.functions:
            test, body, orelse = node.args
            return self._cases(test, body, orelse, depth)
        function = FUNCTIONS[name]
        if not function.least <= len(node.args) <= function.most:
            raise self.typed.invalid(node, f"{name} does not take {len(node.args)} arguments")
        return function.build(*(self.number(arg, depth + 1) for arg in node.args))

    def _function_name(self, node: ast.Call) -> str:
        match node.func:
            case ast.Name(id=name):
                pass
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in MODULES:
                pass
            case _:
                raise self.typed.invalid(node, "what is called is no name; for a product write *")
        name = _plain(name)
        if name in self.symbols:
            raise self.typed.invalid(node, f"{name} is a symbol: for a product write {name}*(...)")
        if name not in self.functions or name not in FUNCTIONS:
            near = difflib.get_close_matches(name[:40], self.functions, 1)
            hint = f"did you mean {near[0]}?" if near else f"use {', '.join(self.functions)}"
            raise self.typed.invalid(node, f"{name[:40]!r} is no function known here; {hint}")
        return name

    def _cases(self, test: ast.expr, body: ast.expr, orelse: ast.expr, depth: int) -> Expression:
        condition = self.condition(test, depth + 1)
        parts = [self.number(part, depth + 1) for part in (body, orelse)]
        return unevaluated(sp.Piecewise, (parts[0], condition), (parts[1], sp.true))


def _plain(name: str) -> str:
    """The name as it was typed: Python's keywords got an underscore to be names."""
    return name[:-1] if name.endswith("_") and keyword.iskeyword(name[:-1]) else name


def _why_not(node: ast.AST) -> str:
    if isinstance(node, ast.Compare | ast.BoolOp):
        return "a comparison stands where a number is expected; use where(condition, a, b)"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        return "@ is for matrices; here all are numbers: use *"
    if isinstance(node, ast.Tuple):
        return "one formula is expected, without commas"
    if isinstance(node, ast.Attribute):
        return "a point stands between a name and a name; write * for a product"
    return f"{type(node).__name__} is not mathematics that can be read here"


READERS: dict[tuple[type, ...], Callable[[_Reader, Any, int], Expression]] = {
    (ast.Constant,): _Reader._constant,
    (ast.Name,): _Reader._name,
    (ast.Call,): _Reader._call,
    (ast.IfExp,): _Reader._choice,
    (ast.UnaryOp,): _Reader._unary,
    (ast.BinOp, ast.Add): _Reader._sum,
    (ast.BinOp, ast.Sub): _Reader._sum,
    (ast.BinOp, ast.Mult): _Reader._product,
    (ast.BinOp, ast.Div): _Reader._product,
    (ast.BinOp, ast.Pow): _Reader._operator,
    (ast.BinOp, ast.FloorDiv): _Reader._operator,
}
RELATIONS: dict[type, Any] = {
    ast.Lt: sp.Lt, ast.LtE: sp.Le, ast.Gt: sp.Gt, ast.GtE: sp.Ge, ast.Eq: sp.Eq, ast.NotEq: sp.Ne,
}  # fmt: skip
