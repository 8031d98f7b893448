"""Your answers, shown back to you before you hand them in, and the numbers that are your own.

    from my_answers import check_answers, my_rng, show, show_answers, show_steps

    rng = my_rng("hw03_trace")     # random numbers that are yours for this question
    show(gradient)                 # what you wrote, as mathematics, and whether it can be read
    show("x**2 / (1 + exp(-x))")   # the same for a formula that you typed
    show_answers("bound", "gram")  # variables of the notebook, also those that are not there yet
    show_steps(derivation)         # a derivation, line by line
    check_answers()                # the checks below all answers at once

Nothing in here knows whether an answer is right. The file lies beside every notebook and is put
back as it was before grading, so there is no use in changing it.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
import json
import keyword
import re
import sys
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, pairwise
from numbers import Number as PythonNumber
from pathlib import Path
from typing import Any

import numpy as np
import sympy as sp
from IPython.core.getipython import get_ipython
from IPython.display import display

# What a checker of answers says when an answer is not right: a fixed note and a kind hint.


class WrongAnswer(AssertionError):  # noqa: N818  (a verdict on an answer, not an error of ours)
    """An answer that could be read and is wrong.

    `note` is the short, fixed name of the mistake, the same for every student, so that it can be
    counted; `hint` is a sentence for the student. Both are shown to students: neither ever holds a
    hidden input or an expected value. `credit` is the share of the claim's weight that is earned
    all the same.

    Raises: ValueError unless 0 <= credit < 1.
    """

    def __init__(self, note: str, hint: str, credit: float = 0.0) -> None:
        if not 0 <= credit < 1:
            raise ValueError(f"a wrong answer earns a share in [0, 1) of its claim, not {credit}")
        super().__init__(f"{note}: {hint}")
        self.note = note
        self.hint = hint
        self.credit = credit


class InvalidAnswer(WrongAnswer):
    """An answer that could not be read: the hint says where, and what was expected instead."""

    def __init__(self, hint: str) -> None:
        super().__init__("cannot be read", hint)


class UndecidedAnswer(Exception):  # noqa: N818  (a verdict too: nobody is at fault)
    """An answer that could be read and that a machine cannot judge: a person reads it.

    It is never a zero: the whole question waits for that person. `reason` is shown to the student.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def kind_of(value: object) -> str:
    """What a value is called in a hint: the name of its type, also of one in the sandbox."""
    tree = getattr(value, "wire_tree", None)  # a handle: tag, number, name of the type
    name = str(tree[2]) if isinstance(tree, list) and len(tree) == 3 else type(value).__name__
    return "None" if value is None else name[:40]


# What a typed formula may call, and the SymPy nodes that it stands for: none is evaluated.


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


# Mathematics as it was typed: what stands where, and a hint for what Python reads otherwise.


MAX_LENGTH = 2000
MAX_INTEGER = 10**15
MAX_DIGITS = 40  # of a decimal
MAX_EXPONENT = 300  # of a decimal

_WORDS = ("if", "else", "and", "or", "not")
_CHARACTER_HINTS = {
    "\\": "LaTeX is not read; write a/b for a fraction and names such as sigma for Greek letters",
    "#": "comments are not read",
    "_": "a name begins with a letter, and numbers have no _",
    "[": "use round parentheses",
    "]": "use round parentheses",
    "{": "use round parentheses",
    "}": "use round parentheses",
    "|": "write abs(x) for the absolute value of x",
    "=": "give the right-hand side alone, not an equation",
    ":": "write where(condition, a, b) for a formula with cases",
    "!": "write factorial(n) for n!",
    "%": "write 0.05 or 5/100 for 5 %",
    "'": "quotes are not read; write a derivative out",
    '"': "quotes are not read",
    "·": "write *", "×": "write *", "∗": "write *", "÷": "write /", "−": "write -",
    "–": "write -", "²": "write ^2", "³": "write ^3", "√": "write sqrt(x)", "≤": "write <=",
    "≥": "write >=", "∞": "no infinity can be part of a formula",
}  # fmt: skip

_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*)"
    r"|(?P<operator>\*\*|//|<=|>=|==|!=|[-+*/^(),.<>@])",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A number, name or operator, and where it begins."""

    kind: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Typed:
    """A formula as it was typed, what it is called in hints, and its syntax tree."""

    text: str
    what: str
    body: ast.expr
    columns: tuple[int, ...]  # where in the text each character stands that Python parsed

    def invalid(self, node: ast.AST, reason: str) -> InvalidAnswer:
        """The error that says where a node stands."""
        offset = min(getattr(node, "col_offset", 0), len(self.columns) - 1)
        return _invalid(self.what, self.columns[offset], reason)

    def literal(self, node: ast.AST) -> str:
        """How a node is spelled."""
        start, end = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", 0)
        return self.text[self.columns[start] : self.columns[end - 1] + 1]


def parse(text: str, what: str) -> Typed:
    """The syntax tree of a typed formula; nothing of it is run.

    Raises: InvalidAnswer that says at which column it cannot be read, and what to write instead.
    """
    if len(text) > MAX_LENGTH:
        raise InvalidAnswer(f"{what} is too long: at most {MAX_LENGTH} characters are read")
    tokens = _tokens(text, what)
    if not tokens:
        raise InvalidAnswer(f"{what} is an empty string; give a formula such as 2*x + 1")
    _check_neighbours(text, tokens, what)
    python, columns = _as_python(tokens)
    try:
        tree = ast.parse(python, mode="eval")
    except SyntaxError as error:
        at = columns[min(max((error.offset or 1) - 1, 0), len(columns) - 1)]
        raise _invalid(what, at, "the formula breaks off or is not complete here") from error
    except (MemoryError, RecursionError, ValueError) as error:
        raise InvalidAnswer(f"{what} is nested too deeply to be read") from error
    return Typed(text, what, tree.body, tuple(columns))


def _tokens(text: str, what: str) -> list[Token]:
    tokens, at = [], 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _unreadable(text, at, what)
        if found.lastgroup == "number":
            _check_number(text, found, what)
        if found.lastgroup != "space":
            tokens.append(Token(str(found.lastgroup), found.group(), at))
        at = found.end()
    return tokens


def _unreadable(text: str, at: int, what: str) -> InvalidAnswer:
    character = text[at]
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    hint = _CHARACTER_HINTS.get(character)
    if hint is None and not character.isascii():
        word = unicodedata.name(character, "").rpartition(" ")[2].lower()
        letter = "LETTER" in unicodedata.name(character, "")
        hint = f"write {word}" if letter and word.isalpha() else "use plain ASCII"
    reason = f"{shown!r} is not read" + (f"; {hint}" if hint else "")
    return _invalid(what, at, reason)


def _check_number(text: str, found: re.Match[str], what: str) -> None:
    number, at = found.group(), found.start()
    if re.match(r"0[xXoObB]", text[at : at + 2]):
        raise _invalid(what, at, "write numbers in decimal")
    if text.startswith("_", found.end()):
        raise _invalid(what, at, "numbers are read without _")
    if number.isdigit():
        if int(number) >= MAX_INTEGER if len(number) < MAX_DIGITS else True:
            raise _invalid(what, at, "the number is too large: 15 digits are read")
        if len(number) > 1 and number.startswith("0"):
            raise _invalid(what, at, "a number does not begin with 0")
        return
    exponent = re.split("[eE]", number)[1:]
    if len(number) > MAX_DIGITS or (exponent and abs(int(exponent[0])) > MAX_EXPONENT):
        raise _invalid(what, at, "the decimal has too many digits or too large an exponent")


def _check_neighbours(text: str, tokens: list[Token], what: str) -> None:
    """Refuses products without a sign: `2x`, `x y`, `(a)(b)`, `2(x)`."""
    for left, right in pairwise(tokens):
        if left.text in _WORDS or right.text in _WORDS:
            continue
        ends = left.kind in ("number", "name") or left.text == ")"
        begins = right.kind in ("number", "name") or right.text == "("
        if ends and begins and not (left.kind == "name" and right.text == "("):
            pair = text[left.start : right.start + len(right.text)]
            hint = f"no sign stands in {pair!r}; for a product write *, as in 2*x"
            raise _invalid(what, right.start, hint)


def _as_python(tokens: list[Token]) -> tuple[str, list[int]]:
    """The formula in Python's own syntax, and for each of its characters a place in the text."""
    parts, columns = [], []
    for token in tokens:
        text = {"^": "**"}.get(token.text, token.text)
        if keyword.iskeyword(text) and text not in _WORDS:
            text += "_"  # a symbol may be called lambda
        last = len(token.text) - 1
        parts.append(f"{text} ")
        columns.extend(token.start + min(i, last) for i in range(len(text) + 1))
    return "".join(parts), columns


def _invalid(what: str, at: int, reason: str) -> InvalidAnswer:
    return InvalidAnswer(f"{what}, column {at + 1}: {reason}")


# Formulas typed as text: ASCII mathematics becomes an expression, and nothing of it is run.


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


# The numbers that are your own for a question.


EXAMPLE = "example"  # the id that a notebook is released with
ID_FILE = "student_id.txt"
MARKUP = re.compile(r"([*_<>$|\[\]])")


class Shown:
    """Markdown in a notebook, the same text everywhere else."""

    def __init__(self, markdown: str) -> None:
        self.markdown = markdown

    def _repr_markdown_(self) -> str:
        return self.markdown

    def __repr__(self) -> str:
        return self.markdown


def in_markdown(text: str) -> str:
    """A text of one line as it is, in Markdown; what stands between backticks stays code."""
    parts = " ".join(text.split()).split("`")
    if len(parts) % 2 == 0:  # a backtick of the text itself
        return MARKUP.sub(r"\\\1", "\\`".join(parts))
    return "`".join(p if i % 2 else MARKUP.sub(r"\\\1", p) for i, p in enumerate(parts))


def my_id() -> str:
    """Your id: the one word in the file student_id.txt beside the notebook.

    Raises: FileNotFoundError where there is no such file; ValueError where it is not one word.
    """
    beside = Path(__file__).with_name(ID_FILE)
    path = beside if beside.is_file() else Path(ID_FILE)
    if not path.is_file():
        raise FileNotFoundError(
            f"there is no file {ID_FILE} beside the notebook; make one that holds your id alone"
        )
    words = path.read_text(encoding="utf-8-sig").split()
    if len(words) != 1:
        raise ValueError(f"{ID_FILE} holds {len(words)} words; write your id alone into it")
    return words[0]


def my_rng(question: str) -> np.random.Generator:
    """Random numbers that are yours for this question, the same each time the cell is run."""
    student = my_id()
    if student == EXAMPLE:
        text = f"These are example numbers. Write your id into `{ID_FILE}` to get your own."
        display(Shown(text))
    return rng_of(student, question)


def rng_of(student: str, question: str) -> np.random.Generator:
    """The numbers of one student for one question, from SHA-256 of `student|question`."""
    digest = hashlib.sha256(f"{student}|{question}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))


# An answer as mathematics: its LaTeX, its symbols, and what in it could not be read.


MOST_PARTS = 400  # an expression with more is not read
MOST_ENTRIES = 60  # of a vector, or of a row or column of a matrix, are shown
READABLE = frozenset(
    (
        "Add Mul Pow Abs conjugate sign Heaviside Max Min floor ceiling log exp sin cos tan asin "
        "acos atan sinh cosh tanh erf gamma factorial binomial KroneckerDelta Piecewise "
        "ExprCondPair And Or Not Equality Unequality StrictLessThan LessThan StrictGreaterThan "
        "GreaterThan Integer Rational Zero One NegativeOne Half Float Pi Exp1 EulerGamma Symbol "
        "Dummy BooleanTrue BooleanFalse"
    ).split()
)
GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma "
    "tau upsilon phi chi psi omega"
).split()
SHORT_NAMES = {"lam": r"\lambda", "eps": r"\varepsilon"}  # what a formula calls them in Python
QUESTIONS = ("Sum", "Product", "Integral", "Derivative", "Limit")
_NAME = re.compile(r"(?<![\w.])[A-Za-z]\w*(?!\w)(?!\s*[(.])")
_WORDS_ONLY = re.compile(r"[A-Za-z]{3,}(?:[ -][A-Za-z]{2,})*")
_QUANTITY = re.compile(r"[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)? +[A-Za-z%][A-Za-z/%]*")
_WORDS_AND_NUMBERS = re.compile(r"(?:[A-Za-z]+|[0-9]+)(?: (?:[A-Za-z]+|[0-9]+))+")
_ENGLISH = frozenset("an are at by has have in is no of the to".split())
_WORDS_OF_FORMULAS = frozenset({"if", "else", "and", "or", "not"})


def latex_of(answer: object) -> str:
    """An answer in LaTeX: an expression, a number, a text, or lists, arrays and dicts of them.

    A text that is a formula is shown as one.

    Raises: TypeError for anything else.
    """
    if isinstance(answer, str):
        formula = as_formula(answer)
        return _as_text(answer) if formula is None else _latex(_without_ones(formula), order="none")
    if isinstance(answer, Mapping):
        rows = [rf"{_as_text(str(key))} & {latex_of(value)}" for key, value in answer.items()]
        return "\\begin{array}{ll}\n" + " \\\\\n".join(rows) + "\n\\end{array}"
    if isinstance(answer, list | tuple):
        return _latex_of_list(answer)
    if isinstance(answer, np.ndarray):
        return _latex_of_array(answer)
    if isinstance(answer, sp.MatrixBase) or is_scalar(answer):
        return _latex_of_one(answer)
    raise TypeError(
        f"a {type(answer).__name__}; give an expression, a formula as a string, a number, a list, "
        "or an array"
    )


def is_label(text: str) -> bool:
    """Whether a text is words, a sentence, or a number with its unit, and no formula."""
    if _QUANTITY.fullmatch(text):
        return True
    words = set(re.split("[ -]", text))
    if _WORDS_AND_NUMBERS.fullmatch(text) and words & _ENGLISH:
        return True
    return bool(_WORDS_ONLY.fullmatch(text)) and not words <= {*GREEK, *CONSTANTS}


def as_formula(text: str, symbols: Iterable[str] | None = None) -> sp.Basic | None:
    """The expression or condition that a text means; None where it is none, or words.

    `symbols` are the names that may occur; all names, unless given.
    """
    if symbols is None and is_label(text):
        return None
    allowed = names_in(text) if symbols is None else tuple(symbols)
    for read in (read_typed, read_typed_condition):
        try:
            return read(text, "the formula", allowed)
        except InvalidAnswer:
            continue
    return None


def names_in(text: str) -> tuple[str, ...]:
    """The names in a typed formula that are no functions, numbers or words."""
    names = dict.fromkeys(_NAME.findall(text))
    return tuple(n for n in names if n not in CONSTANTS and n not in _WORDS_OF_FORMULAS)


def symbols_of(answer: object) -> list[str]:
    """The names of the symbols in an answer, sorted."""
    if isinstance(answer, str):
        answer = as_formula(answer)
    if isinstance(answer, sp.Basic):
        return sorted({str(symbol) for symbol in answer.atoms(sp.Symbol)})
    return sorted({name for part in parts_of(answer) or () for name in symbols_of(part)})


def why_unreadable(answer: object, symbols: Iterable[str] | None = None) -> str | None:
    """What in an answer grading could not read; None where all of it can be read."""
    if isinstance(answer, str):
        return _why_not_text(answer, symbols)
    if isinstance(answer, sp.Basic):
        return _why_not_expression(answer, symbols)
    parts = parts_of(answer)
    if parts is not None:
        return next((why for part in parts if (why := why_unreadable(part, symbols))), None)
    if isinstance(answer, np.ndarray):
        return None if answer.dtype.kind in "biuf" else f"it is an array of type {answer.dtype}"
    return _why_not_number(answer)


def parts_of(answer: object) -> list[object] | None:
    """What a list, tuple, dict or matrix of SymPy holds; None for anything else."""
    if isinstance(answer, sp.MatrixBase):
        return list(answer.flat())
    if isinstance(answer, Mapping):
        return list(answer.values())
    return list(answer) if isinstance(answer, list | tuple) else None


def has_many_parts(answer: sp.Basic) -> bool:
    """Whether an expression is too long to be read."""
    return next(islice(sp.preorder_traversal(answer), MOST_PARTS, None), None) is not None


def is_scalar(value: object) -> bool:
    """Whether a value is one number, truth value or expression."""
    return isinstance(value, PythonNumber | Fraction | np.generic | sp.Basic)


def _without_ones(formula: Any) -> Any:  # noqa: ANN401  # SymPy's own types are not typed
    """The formula without the factors 1 that a typed quotient such as 1/x has, and with one sign
    for each product: -x*y is typed as the product of -x and y, and its negative is x y."""
    if not isinstance(formula, sp.Add | sp.Mul | sp.Pow | sp.exp | sp.log):
        return formula
    parts = [_without_ones(part) for part in formula.args]
    if isinstance(formula, sp.Mul):
        parts = _with_one_sign(f for p in parts for f in (p.args if isinstance(p, sp.Mul) else [p]))
    return parts[0] if len(parts) == 1 < len(formula.args) else formula.func(*parts, evaluate=False)


def _with_one_sign(factors: Iterable[Any]) -> list[Any]:
    """The factors of a product but for 1, and its sign in front where several have one."""
    kept = [factor for factor in factors if factor != 1]
    negative = [f for f in kept if isinstance(f, sp.Number) and f.is_negative]
    if len(negative) > 1 or -1 in negative:
        sizes = [abs(f) if f in negative else f for f in kept if f != -1]
        kept = [sp.Integer(-1)] * (len(negative) % 2) + sizes
    return kept or [sp.Integer(1)]


def _latex(formula: Any, **options: Any) -> str:  # noqa: ANN401  # SymPy's own types are not typed
    """SymPy's LaTeX, in which a name of several letters is told from a product of them."""
    symbols = formula.atoms(sp.Symbol) if isinstance(formula, sp.Basic | sp.MatrixBase) else ()
    names = {symbol: _latex_of_name(symbol) for symbol in symbols}
    if any("mathit" in name for name in names.values()):
        options["mul_symbol"] = "dot"
    return sp.latex(formula, symbol_names=names, **options)


def _latex_of_name(symbol: Any) -> str:  # noqa: ANN401  # SymPy's own types are not typed
    plain = sp.latex(symbol)  # a Greek letter, or a letter with its index, where it is one
    is_word = len(plain) > 1 and plain.isalpha()
    return SHORT_NAMES.get(plain, rf"\mathit{{{plain}}}") if is_word else plain


def _latex_of_list(answer: list[object] | tuple[object, ...]) -> str:
    rows = [list(row) for row in answer if isinstance(row, list | tuple)]
    is_matrix = len({len(row) for row in rows}) == 1 and len(rows) == len(answer)
    are_vectors = isinstance(answer, tuple) and any(isinstance(row, list) for row in answer)
    if is_matrix and not are_vectors and all(is_scalar(entry) for row in rows for entry in row):
        return _latex(sp.Matrix(rows))
    inner = r",\; ".join(map(latex_of, answer))
    return rf"\left[{inner}\right]" if isinstance(answer, list) else rf"\left({inner}\right)"


def _latex_of_one(answer: object) -> str:
    if isinstance(answer, sp.Basic) and has_many_parts(answer):
        return rf"\text{{an expression of more than {MOST_PARTS} parts}}"
    return _latex(sp.Rational(answer) if isinstance(answer, Fraction) else answer)


def _latex_of_array(answer: np.ndarray) -> str:
    if answer.ndim not in (1, 2) or max(answer.shape, default=0) > MOST_ENTRIES:
        shape = r" \times ".join(map(str, answer.shape))
        return rf"\text{{an array of shape }} {shape}"
    return sp.latex(sp.Matrix(answer.tolist()))


def _why_not_text(text: str, symbols: Iterable[str] | None) -> str | None:
    """Words are labels or reasons and are read as they are; a formula has to be one."""
    allowed = None if symbols is None else tuple(symbols)
    if as_formula(text, allowed) is not None or (allowed is None and is_label(text)):
        return None
    is_condition = any(sign in text for sign in ("<", ">", "=="))
    try:
        names = names_in(text) if allowed is None else allowed
        (read_typed_condition if is_condition else read_typed)(text, "the formula", names)
    except InvalidAnswer as error:
        return error.hint
    return None


def _why_not_number(answer: object) -> str | None:
    if isinstance(answer, complex):
        return "complex numbers are not read"
    if isinstance(answer, float) and not np.isfinite(answer):
        return f"{answer} is no finite number"
    if is_scalar(answer) or answer is None or answer is Ellipsis:
        return None
    return f"a {type(answer).__name__} stands where a value is expected"


def _why_not_expression(answer: sp.Basic, symbols: Iterable[str] | None) -> str | None:
    allowed = None if symbols is None else set(symbols)
    if has_many_parts(answer):
        return f"it has more than {MOST_PARTS} parts; write it shorter"
    for node in sp.preorder_traversal(answer):
        name = type(node).__name__
        if name in QUESTIONS:
            return f"`{name}` is the question itself; give what it comes to"
        if name not in READABLE:
            return f"`{name}` is not among the functions that can be read"
        if allowed is not None and isinstance(node, sp.Symbol) and str(node) not in allowed:
            return f"it holds the symbol `{node}`; it may hold only {', '.join(sorted(allowed))}"
    return None


def _as_text(text: str) -> str:
    escaped = "".join(rf"\{c}" if c in "{}$&#%_" else c for c in text.replace("\\", "/"))
    for character, command in ((" ", r"\ "), ("^", r"\wedge "), ("~", r"\sim ")):
        escaped = escaped.replace(character, command)
    return rf"\mathtt{{{escaped}}}"  # in \texttt a browser shows the backslashes


# The checks that stand in the notebook, run at once, with a line for each question.


def check_answers(notebook: str = "") -> None:
    """Runs the checks below all of your answers, and shows which of them pass.

    They are a first check only: grading looks at more. Run your answers before, and save the
    notebook. `notebook` is its file's name, where more than one lies in the folder.

    Raises: FileNotFoundError where it is not clear which notebook is meant.
    """
    path = _find_notebook(notebook)
    checks = grade_cells_of(json.loads(path.read_text(encoding="utf-8")))
    rows = [f"| `{name}` | {outcome_of(source, notebook_names())} |" for name, source in checks]
    display(Shown("\n".join(["| question | the checks in the notebook |", "|---|---|", *rows])))


def grade_cells_of(notebook: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """The name and the text of each cell of a notebook that holds checks."""
    found: list[tuple[str, str]] = []
    for cell in notebook["cells"]:
        meta = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code" and meta.get("grade") and not meta.get("solution"):
            found.append((str(meta["grade_id"]), "".join(cell["source"])))
    return found


def outcome_of(source: str, names: dict[str, Any]) -> str:
    """How the checks of one cell end, in words; `names` are the notebook's variables."""
    try:
        exec(compile(source, "<checks>", "exec"), dict(names))  # noqa: S102  # the notebook's own
    except AssertionError as error:
        return f"**fail**{f': {in_markdown(str(error))}' if str(error) else ''}"
    except (NameError, NotImplementedError):
        return "no answer yet"
    except Exception as error:  # noqa: BLE001  # whatever the answer raises is told
        return f"**raise** {type(error).__name__}: {in_markdown(str(error))}"
    return "pass"


def notebook_names() -> dict[str, Any]:
    """The variables of the notebook, by name."""
    shell = get_ipython()
    return sys.modules["__main__"].__dict__ if shell is None else shell.user_ns


def _find_notebook(name: str) -> Path:
    folder = Path(__file__).parent
    found = [folder / name] if name else sorted(folder.glob("*.ipynb"))
    if len(found) != 1 or not found[0].is_file():
        raise FileNotFoundError(
            f"{len(found)} notebooks lie beside my_answers.py; name yours, as in "
            'check_answers("hw01_norms.ipynb")'
        )
    return found[0]


# Your answers, shown back to you before you hand them in, and the numbers that are your own.


COLUMN = re.compile(r"column (\d+)")
PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
SIGNS = {"": "", "=": "=", "==": "=", "<=": r"\le", ">=": r"\ge", "<": "<", ">": ">"}


def show(answer: object, name: str = "", symbols: Iterable[str] | None = None) -> None:
    """Shows an answer as mathematics, with the symbols in it and whether it can be read.

    `name` is what stands before it, in LaTeX, as in `show(bound, r"C =")`; `symbols` are the names
    that the question allows.
    """
    display(Shown(described(answer, name, symbols)))


def show_answers(*names: str, **labels: str) -> None:
    """Shows variables of the notebook by their names, also those that have no value yet.

    A label in LaTeX may be given: `show_answers("gram", bound=r"C(n) =")`.
    """
    known = notebook_names()
    for name in (*names, *labels):
        label = labels.get(name, r"\mathtt{" + name.replace("_", r"\_") + "} =")
        answer = known.get(name)
        missing = f"**No answer yet** for `{name}`."
        display(Shown(missing if _is_missing(answer) else described(answer, label)))


def show_steps(steps: object) -> None:
    """Shows a derivation, a list of pairs of a relation and an expression, line by line."""
    display(Shown(described_steps(steps)))


def show_question(stem: str, numbers: Mapping[str, object]) -> None:
    """Shows a question, in which each `{{name}}` stands for one of its numbers."""
    display(Shown(PLACE.sub(lambda place: _number_shown(numbers[place[1]]), stem)))


def _number_shown(value: object) -> str:
    return r",\; ".join(map(_number_shown, value)) if isinstance(value, tuple) else str(value)


def described(answer: object, name: str = "", symbols: Iterable[str] | None = None) -> str:
    """What `show` shows, in Markdown."""
    if _is_missing(answer):
        return f"**No answer yet**{f' for ${name}$' if name else ''}."
    allowed = None if symbols is None else tuple(symbols)
    problem = why_unreadable(answer, allowed)
    if isinstance(answer, str) and problem:
        return _described_text(answer, name, problem)
    if callable(answer) and not is_scalar(answer):
        return f"**You wrote** the function `{getattr(answer, '__name__', '?')}`; grading runs it."
    try:
        lines = [f"**You wrote**\n\n$$\n{name} {latex_of(answer)}\n$$\n"]
    except TypeError as error:
        return f"**You wrote** {error}."
    names = symbols_of(answer)
    if names:
        lines.append(f"Symbols: {', '.join(f'`{symbol}`' for symbol in names)}.")
    lines.append(f"**It cannot be read:** {_sentence(problem)}" if problem else "It can be read.")
    return "\n".join(lines)


def _is_missing(answer: object) -> bool:
    return answer is None or answer is Ellipsis or (isinstance(answer, str) and not answer.strip())


def _described_text(text: str, name: str, problem: str) -> str:
    """A formula that cannot be read, as it was typed, with a mark below the place."""
    place = COLUMN.search(problem)
    mark = f"\n{'^':>{place[1]}}" if place else ""
    label = f" for ${name}$" if name else ""
    shown = f"**You wrote**{label}\n\n```\n{text}{mark}\n```\n"
    return f"{shown}\n**It cannot be read:** {_sentence(problem)}"


def _sentence(problem: str) -> str:
    return in_markdown(problem) + ("" if problem.endswith("?") else ".")


def described_steps(steps: object) -> str:
    """What `show_steps` shows, in Markdown."""
    if not isinstance(steps, list | tuple) or not steps:
        return "**No derivation yet**: give a list of pairs, as in `[('', f), ('=', g)]`."
    rows: list[str] = []
    problems: list[str] = []
    for number, step in enumerate(steps, start=1):
        row, problem = _described_step(step, number)
        rows.append(rf"{row} && ({number})")
        if problem:
            problems.append(f"- Step {number} **cannot be read:** {_sentence(problem)}")
    body = " \\\\\n".join(rows)
    shown = f"**You wrote**\n\n$$\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n$$\n"
    return "\n".join([shown, *(problems or ["All steps can be read."])])


def _described_step(step: object, number: int) -> tuple[str, str | None]:
    """One line of a derivation, and what in it cannot be read."""
    if not isinstance(step, list | tuple) or len(step) != 2:
        return r"& \text{?}", "it should be a pair of a relation and an expression"
    relation, expression = step
    if not isinstance(relation, str) or relation.strip() not in SIGNS:
        return r"& \text{?}", 'its relation should be "=", "<=" or ">="'
    try:
        formula = latex_of(expression)
    except TypeError as error:
        return r"& \text{?}", f"it is {error}"
    problem = why_unreadable(expression)
    sign = "" if number == 1 else SIGNS[relation.strip()]
    if number > 1 and not sign:
        problem = problem or 'its relation is missing; write "=", "<=" or ">="'
    return rf"{sign} \;& {formula}", problem
