"""Numbers, vectors and matrices of an answer, read exactly, or refused with the reason.

A student may write an int, a Fraction, a float, a SymPy number such as sqrt(2)/2, and lists,
tuples, arrays or SymPy matrices of them. A float is the binary fraction that it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import sympy as sp
from sympy.logic.boolalg import Boolean

from autograder.answers.evaluation import Number, UndefinedError, evaluate
from autograder.answers.expressions import has_decimals, require_symbols
from autograder.answers.typed import read_typed_condition
from autograder.answers.verdict import InvalidAnswer, kind_of

MAX_SIDE = 12  # of a vector or matrix that is checked exactly
MAX_ENTRIES = 10_000  # that are looked at, to say what is wrong


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix of exact numbers by rows; `rounded` where some were written as decimals."""

    rows: tuple[tuple[Number, ...], ...]
    rounded: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), len(self.rows[0])

    @property
    def is_rational(self) -> bool:
        return all(isinstance(entry, Fraction) for row in self.rows for entry in row)


def read_number(value: object, what: str) -> Number:
    """The exact number that an answer is.

    Raises: InvalidAnswer for nan, infinities, complex numbers, symbols and what is no number.
    """
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    try:
        return evaluate(value).number
    except InvalidAnswer as error:
        raise InvalidAnswer(f"{what}: {error.hint}") from error
    except UndefinedError as error:
        raise InvalidAnswer(f"{what} is not a real number: {error}") from error


def read_vector(value: object, what: str, length: int | None = None) -> tuple[Number, ...]:
    """The exact entries of a vector: a list, tuple, array of one axis, or SymPy row or column.

    Raises: InvalidAnswer where it is no vector, or not of `length`.
    """
    matrix = _matrix_entries(value)
    if matrix is not None:
        rows, cols, items = matrix
        if min(rows, cols) != 1:
            raise InvalidAnswer(
                f"{what} is a matrix of shape {rows} x {cols}; a vector is expected"
            )
    else:
        items = _items(value, what)
        if any(_is_sequence(item) for item in items):
            raise InvalidAnswer(f"{what} has rows of its own; a vector is a plain list of numbers")
    if length is not None and len(items) != length:
        raise InvalidAnswer(f"{what} has {len(items)} entries; {length} are expected")
    if not 1 <= len(items) <= MAX_SIDE:
        raise InvalidAnswer(f"{what} has {len(items)} entries; between 1 and {MAX_SIDE} are read")
    return tuple(read_number(x, f"entry {i} of {what}") for i, x in enumerate(items, start=1))


def read_matrix(value: object, what: str, shape: tuple[int, int] | None = None) -> Matrix:
    """The exact entries of a matrix: a list of rows, an array of two axes, or a SymPy Matrix.

    Raises: InvalidAnswer where it is no matrix, or not of `shape`.
    """
    matrix = _matrix_entries(value)
    if matrix is not None:
        rows, cols, items = matrix
        lines = [items[i * cols : (i + 1) * cols] for i in range(rows)]
    else:
        lines = [
            _items(line, f"row {i} of {what}")
            for i, line in enumerate(_items(value, what), start=1)
        ]
    widths = {len(line) for line in lines}
    if len(widths) > 1:
        raise InvalidAnswer(f"the rows of {what} have different lengths")
    size = (len(lines), widths.pop() if widths else 0)
    if not (1 <= size[0] <= MAX_SIDE and 1 <= size[1] <= MAX_SIDE):
        raise InvalidAnswer(
            f"{what} has shape {size}; between 1 and {MAX_SIDE} rows and columns are read"
        )
    if shape is not None and size != shape:
        raise InvalidAnswer(f"{what} has shape {size}; {shape} is expected")
    entries = tuple(
        tuple(read_number(x, f"entry ({i}, {j}) of {what}") for j, x in enumerate(line, start=1))
        for i, line in enumerate(lines, start=1)
    )
    return Matrix(entries, any(has_decimals(x) for line in lines for x in line))


def _matrix_entries(value: object) -> tuple[int, int, Sequence[object]] | None:
    """Rows, columns and entries of a SymPy matrix or an array of two axes, else None."""
    if isinstance(value, sp.MatrixBase):
        return value.rows, value.cols, value.flat()
    if isinstance(value, np.ndarray) and value.ndim == 2 and value.size <= MAX_ENTRIES:
        return value.shape[0], value.shape[1], value.ravel().tolist()
    return None


def _is_sequence(value: object) -> bool:
    return isinstance(value, list | tuple | sp.Tuple | np.ndarray | sp.MatrixBase)


def _items(value: object, what: str) -> list[object]:
    if isinstance(value, np.ndarray | list | tuple):
        count = value.size if isinstance(value, np.ndarray) else len(value)
        if count > MAX_ENTRIES:
            raise InvalidAnswer(f"{what} has {count} entries; at most {MAX_SIDE} a side are read")
    if isinstance(value, np.ndarray) and value.ndim == 1:
        return value.tolist()
    if isinstance(value, sp.MatrixBase) and 1 in value.shape:
        return list(value.flat())
    if isinstance(value, list | tuple | sp.Tuple):
        return list(value)
    raise InvalidAnswer(
        f"{what} is a {kind_of(value)}; a list, an array or a SymPy Matrix is expected"
    )


def read_list(value: object, what: str, most: int) -> list[object]:
    """The entries of a list or tuple, whatever they are.

    Raises: InvalidAnswer for anything else, and where there are more than `most`.
    """
    if not isinstance(value, list | tuple):
        raise InvalidAnswer(f"{what} is a {kind_of(value)}; a list is expected")
    if len(value) > most:
        raise InvalidAnswer(f"{what} has {len(value)} entries; at most {most} are read")
    return list(value)


def read_pair(value: object, what: str) -> tuple[object, object]:
    """The two parts of a pair: a list or tuple of two, or an array whose first axis has length 2.

    Raises: InvalidAnswer for anything else.
    """
    if not isinstance(value, list | tuple | np.ndarray) or len(value) != 2:
        raise InvalidAnswer(f"{what} should be a pair of two objects, as in (A, B)")
    return value[0], value[1]


def read_condition(value: object, what: str, symbols: Iterable[str]) -> object:
    """A condition such as m <= 7, or a string that says it, if it holds no other symbols.

    Raises: InvalidAnswer for anything else.
    """
    if isinstance(value, str):
        return read_typed_condition(value, what, symbols)
    if not isinstance(value, Boolean | bool):
        raise InvalidAnswer(f"{what} is a {kind_of(value)}; a condition such as m <= 7 is expected")
    require_symbols(value, what, symbols)
    return value
