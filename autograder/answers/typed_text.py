"""Mathematics as it was typed: what stands where, and a hint for what Python reads otherwise."""

from __future__ import annotations

import ast
import keyword
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from autograder.answers.verdict import InvalidAnswer

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
