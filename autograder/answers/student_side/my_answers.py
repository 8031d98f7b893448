"""Your answers, shown back to you before you hand them in, and the numbers that are your own.

    from my_answers import my_rng, show

    rng = my_rng("hw03_trace")  # random numbers that are yours for this question
    show(gradient)              # what you wrote, as mathematics, and whether it can be read

Nothing in here knows whether an answer is right. It lies beside every notebook and is put
back as it was before grading, so there is no use in changing it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import sympy as sp
from IPython.display import display

EXAMPLE = "example"  # the id that a notebook is released with
ID_FILE = "student_id.txt"
MAX_NODES = 400  # an expression with more parts is not read
OPERATIONS = "Add Mul Pow Abs sign Max Min KroneckerDelta Piecewise ExprCondPair And Or Not"
FUNCTIONS = "log exp sin cos tan atan sinh cosh tanh erf"
RELATIONS = "Equality Unequality StrictLessThan LessThan StrictGreaterThan GreaterThan"
LEAVES = (
    "Integer Rational Zero One NegativeOne Half Float Pi Exp1 Symbol Dummy "
    "BooleanTrue BooleanFalse"
)  # fmt: skip
READABLE = frozenset(f"{OPERATIONS} {FUNCTIONS} {RELATIONS} {LEAVES}".split())
QUESTIONS = ("Sum", "Product", "Integral", "Derivative", "Limit")


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
        display(
            _Shown(f"These are example numbers. Write your id into `{ID_FILE}` to get your own.")
        )
    return rng_of(student, question)


def rng_of(student: str, question: str) -> np.random.Generator:
    """The numbers of one student for one question, from SHA-256 of `student|question`."""
    digest = hashlib.sha256(f"{student}|{question}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))


def show(answer: object, name: str = "") -> None:
    """Shows an answer as mathematics, with the symbols in it and whether it can be read.

    `name` is what stands before it, in LaTeX, as in `show(bound, r"C =")`.
    """
    display(_Shown(described(answer, name)))


class _Shown:
    """Markdown in a notebook, the same text everywhere else."""

    def __init__(self, markdown: str) -> None:
        self.markdown = markdown

    def _repr_markdown_(self) -> str:
        return self.markdown

    def __repr__(self) -> str:
        return self.markdown


def described(answer: object, name: str = "") -> str:
    """What `show` shows, in Markdown."""
    if answer is None or answer is Ellipsis:
        return f"**You wrote** nothing yet{f' for ${name}$' if name else ''}."
    problem = why_unreadable(answer)
    try:
        formula = latex(answer)
    except (TypeError, ValueError, RecursionError) as error:
        return f"**You wrote** something that cannot be shown: {error}"
    lines = [f"**You wrote**\n\n$$\n{name} {formula}\n$$\n".replace("\n ", "\n")]
    symbols = symbols_of(answer)
    if symbols:
        lines.append(f"Symbols: {', '.join(f'`{symbol}`' for symbol in symbols)}.")
    lines.append(f"**It cannot be read**: {problem}." if problem else "It can be read.")
    return "\n".join(lines)


def latex(answer: object) -> str:
    """An answer in LaTeX: an expression, a number, a text, or lists, arrays and dicts of them.

    Raises: TypeError for anything else.
    """
    if isinstance(answer, str):
        return rf"\texttt{{{_plain_tex(answer)}}}"
    if isinstance(answer, Mapping):
        rows = (rf"{_plain(key)} & {latex(value)} \\" for key, value in answer.items())
        return "\\begin{array}{ll}\n" + "\n".join(rows) + "\n\\end{array}"
    if isinstance(answer, list | tuple):
        return _latex_of_list(answer)
    if isinstance(answer, np.ndarray) and answer.ndim in (1, 2):
        return sp.latex(sp.Matrix(answer.tolist()))
    if isinstance(answer, sp.MatrixBase) or _is_scalar(answer):
        return sp.latex(answer)
    raise TypeError(f"a {type(answer).__name__}; give an expression, a number, a list or an array")


def _latex_of_list(answer: list[object] | tuple[object, ...]) -> str:
    rows = [list(row) for row in answer if isinstance(row, list | tuple)]
    is_matrix = len({len(row) for row in rows}) == 1 and len(rows) == len(answer)
    if is_matrix and all(_is_scalar(entry) for row in rows for entry in row):
        return sp.latex(sp.Matrix(rows))
    inner = r",\; ".join(map(latex, answer))
    return rf"\left[{inner}\right]" if isinstance(answer, list) else rf"\left({inner}\right)"


def symbols_of(answer: object) -> list[str]:
    """The names of the symbols in an answer, sorted."""
    if isinstance(answer, sp.Basic):
        return sorted({str(symbol) for symbol in answer.atoms(sp.Symbol)})
    return sorted({name for part in _parts(answer) or () for name in symbols_of(part)})


def why_unreadable(answer: object) -> str | None:
    """What in an answer grading could not read; None where all of it can be read."""
    if isinstance(answer, sp.Basic):
        return _why_not_expression(answer)
    parts = _parts(answer)
    if parts is not None:
        return next((problem for part in parts if (problem := why_unreadable(part))), None)
    return _why_not_number(answer)


def _parts(answer: object) -> list[object] | None:
    """What a list, tuple, dict or matrix of SymPy holds; None for anything else."""
    if isinstance(answer, sp.MatrixBase):
        return list(answer.flat())
    if isinstance(answer, Mapping):
        return list(answer.values())
    return list(answer) if isinstance(answer, list | tuple) else None


def _why_not_number(answer: object) -> str | None:
    if isinstance(answer, np.ndarray):
        return None if answer.dtype.kind in "biuf" else f"an array of type {answer.dtype}"
    if isinstance(answer, complex):
        return "complex numbers are not read"
    if isinstance(answer, float) and not np.isfinite(answer):
        return f"{answer} is no finite number"
    if isinstance(answer, str) or _is_scalar(answer) or answer is None or answer is Ellipsis:
        return None
    return f"a {type(answer).__name__} stands where a value is expected"


def _why_not_expression(answer: sp.Basic) -> str | None:
    for count, node in enumerate(sp.preorder_traversal(answer)):
        name = type(node).__name__
        if count >= MAX_NODES:
            return f"it has more than {MAX_NODES} parts; simplify it"
        if name in QUESTIONS:
            return f"{name} is the question itself; give what it comes to"
        if name not in READABLE:
            return f"`{name}` is not among the functions that can be read"
    return None


def _is_scalar(value: object) -> bool:
    return isinstance(value, bool | int | float | complex | np.number | np.bool_ | sp.Basic) or (
        hasattr(value, "numerator") and hasattr(value, "denominator")
    )


def _plain(key: object) -> str:
    return rf"\texttt{{{_plain_tex(str(key))}}}"


def _plain_tex(text: str) -> str:
    for character in r"\{}$&#%_^~":
        text = text.replace(character, {"\\": r"/"}.get(character, f"\\{character}"))
    return text
