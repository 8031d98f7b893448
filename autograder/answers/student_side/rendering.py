"""An answer as mathematics: its LaTeX, its symbols, and what in it could not be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import islice
from numbers import Number as PythonNumber
from typing import Any

import numpy as np
import sympy as sp

from autograder.answers.typed import read_typed, read_typed_condition
from autograder.answers.typed_functions import CONSTANTS
from autograder.answers.verdict import InvalidAnswer

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
