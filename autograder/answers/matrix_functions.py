"""Answers that are functions of matrices: called on random ones of all-different sizes.

    require_matrix_function(
        student.ridge_gradient,
        lambda X, y, w, lam: 2 * X.T @ (X @ w - y) + 2 * lam * w,
        [Argument("X", ("n", "d")), Argument("y", ("n",)), Argument("w", ("d",)), Argument("lam")],
        hint="Differentiate both terms.",
    )

The verdicts are "dimension mismatch", "transposed", "wrong layout", "wrong sign",
"off by a factor", "singular", "not finite", "not equal", and the notes of the slips.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
import sympy as sp

from autograder.answers.evaluation import UndefinedError, as_mpf, evaluate
from autograder.answers.matrix_arguments import Argument, Sizes, draw_arguments
from autograder.answers.verdict import InvalidAnswer, WrongAnswer, kind_of

__all__ = ["Argument", "MatrixSlip", "Sizes", "read_result", "require_matrix_function"]

MatrixFunction = Callable[..., Any]
MAX_SIZE = 10**6  # entries of a result that are looked at
MAX_ENTRIES = 20_000  # of a list, which is read one by one
MAX_AXES = 4
MAX_FLOAT = 1.7e308
_SHAPES = re.compile("shape|dimension|size|align|broadcast|operand|length|axis|axes", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MatrixSlip:
    """A usual mistake: its name, a word about it, and the function that it leads to.

    `credit` is the share of the claim that it earns all the same.
    """

    note: str
    hint: str
    function: MatrixFunction
    credit: float = 0.0


@dataclass(frozen=True, slots=True)
class Trial:
    """One call: the sizes and arguments, what was wanted, and what came back."""

    sizes: Mapping[str, int]
    arguments: Sequence[np.ndarray | float]
    wanted: np.ndarray
    value: np.ndarray


def require_matrix_function(  # noqa: PLR0913  # a question's definition, by keywords
    function: MatrixFunction,
    reference: MatrixFunction,
    arguments: Sequence[Argument],
    *,
    hint: str,
    slips: Sequence[MatrixSlip] = (),
    trials: int = 3,
    rtol: float = 1e-8,
    sizes: Sizes = Sizes(),  # noqa: B008  # frozen
    rng: np.random.Generator | None = None,
) -> None:
    """Passes where a function agrees with the reference on random matrices of distinct sizes.

    `function` is the student's and is called with float64 arrays and floats; NumPy arrays, torch
    tensors, lists and SymPy matrices may come back. Entries agree up to `rtol` times the largest.
    The same matrices are drawn every time, unless `rng` is given.

    Raises: WrongAnswer with the note and hint of the first slip that the function equals, else with
    one of the notes above; InvalidAnswer where what it returns is no array of real numbers. What
    else the student's code raises goes on.
    """
    generator = np.random.default_rng(0) if rng is None else rng
    made: list[Trial] = []
    for _ in range(trials):
        drawn = sizes.draw(arguments, generator)
        values = draw_arguments(arguments, drawn, generator)
        wanted = np.asarray(reference(*_copies(values)), dtype=float)
        if not np.isfinite(wanted).all():
            raise ValueError("the reference is not finite; choose other kinds of arguments")
        made.append(Trial(drawn, values, wanted, _call(function, values, hint)))
    if all(_equal(trial.value, trial.wanted, rtol) for trial in made):
        return
    for slip in slips:
        if all(_slips(slip, trial, rtol) for trial in made):
            raise WrongAnswer(slip.note, slip.hint, slip.credit)
    note, word = _verdict(made, rtol)
    raise WrongAnswer(note, f"{word} {hint}".strip())


def read_result(value: object, what: str = "what the function returns") -> np.ndarray:
    """The real array, of any number of axes, that a function of matrices returned, as float64.

    Raises: InvalidAnswer where it is no array of real numbers.
    """
    if value is None:
        raise InvalidAnswer("the function returns nothing: end it with `return ...`")
    array = _as_array(value, what)
    if array.size > MAX_SIZE:
        raise InvalidAnswer(f"{what} has {array.size} entries, far more than are asked for")
    if array.dtype.kind == "c":
        if np.imag(array).any():
            raise InvalidAnswer(f"{what} holds complex numbers; real ones are expected")
        array = np.real(array)
    if array.dtype.kind not in "biuf":
        raise InvalidAnswer(f"{what} holds {array.dtype.name} entries; real numbers are expected")
    return array.astype(float)


def _as_array(value: object, what: str) -> np.ndarray:
    if str(type(value).__module__).partition(".")[0] == "torch":
        return _from_torch(value)
    if isinstance(value, np.ndarray) and value.dtype.kind != "O":
        return value
    if isinstance(value, np.generic):
        return np.asarray(value)
    entries = _Entries(what)
    try:
        return np.asarray(entries.read(value, 0), dtype=entries.dtype)
    except ValueError as error:
        raise InvalidAnswer(f"the rows of {what} differ in length") from error


def _from_torch(tensor: Any) -> np.ndarray:  # noqa: ANN401  # torch is not imported for this
    tensor = tensor.detach().cpu()
    return (tensor.double() if tensor.is_floating_point() else tensor).resolve_conj().numpy()


class _Entries:
    """Nested lists of plain numbers; only data of known types is touched."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.left = MAX_ENTRIES
        self.dtype: type = float

    def read(self, value: object, depth: int) -> object:
        self.left -= 1
        if self.left < 0 or depth > MAX_AXES:
            raise InvalidAnswer(f"{self.what} has far more entries or axes than are asked for")
        if isinstance(value, sp.MatrixBase | np.ndarray | np.generic):
            value = value.tolist()
        if isinstance(value, list | tuple):
            return [self.read(entry, depth + 1) for entry in value]
        if isinstance(value, complex):
            self.dtype = complex
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value) if abs(value) < MAX_FLOAT else math.inf
        try:
            return float(as_mpf(evaluate(value).number))
        except (InvalidAnswer, UndefinedError, OverflowError) as error:
            kind = kind_of(value)
            raise InvalidAnswer(
                f"{self.what} is or holds a {kind}; an array of real numbers is expected"
            ) from error


def _copies(values: Sequence[np.ndarray | float]) -> list[np.ndarray | float]:
    """What is handed over may be changed in place."""
    return [value.copy() if isinstance(value, np.ndarray) else value for value in values]


def _call(function: MatrixFunction, values: Sequence[np.ndarray | float], hint: str) -> np.ndarray:
    try:
        value = function(*_copies(values))
    except (ValueError, RuntimeError, IndexError) as error:
        note, word = _of_error(error)
        if note is None:
            raise
        raise WrongAnswer(note, f"{word} {hint}".strip()) from error
    return read_result(value)


def _of_error(error: Exception) -> tuple[str | None, str]:
    """The note and hint of what NumPy and torch raise of shapes and singular matrices."""
    message = str(error)
    if isinstance(error, NotImplementedError):
        return None, ""
    if "singular" in message.lower():
        return "singular", "Your function inverts a matrix that has no inverse for all inputs."
    if _SHAPES.search(message):
        return "dimension mismatch", (
            f"Your function raised {_builtin_name(error)}: the shapes of two parts of your formula "
            "do not fit where all sizes differ. Write the shape of each factor below it."
        )
    return None, ""


def _builtin_name(error: Exception) -> str:
    return next(k.__name__ for k in type(error).__mro__ if k.__module__ == "builtins")


def _close(a: np.ndarray, b: np.ndarray, rtol: float) -> bool:
    """Whether two arrays of one shape agree, up to rtol times the largest entry of the second."""
    with np.errstate(all="ignore"):
        return bool(np.abs(a - b).max(initial=0.0) <= rtol * np.abs(b).max(initial=0.0))


def _equal(value: np.ndarray, wanted: np.ndarray, rtol: float) -> bool:
    return value.shape == wanted.shape and _close(value, wanted, rtol)


def _slips(slip: MatrixSlip, trial: Trial, rtol: float) -> bool:
    """Whether the answer is what the slip leads to; a slip that does not fit here is none."""
    try:
        with np.errstate(all="ignore"):
            slipped = np.asarray(slip.function(*_copies(trial.arguments)), dtype=float)
    except (ValueError, ArithmeticError):
        return False
    return bool(np.isfinite(slipped).all()) and _equal(trial.value, slipped, rtol)


def _verdict(made: Sequence[Trial], rtol: float) -> tuple[str, str]:
    """The note and the first words of the hint for an answer that is wrong."""
    for note, word, applies in _KINDS:
        if all(applies(trial, rtol) for trial in made):
            return note, word
    odd = next((t for t in made if t.value.shape != t.wanted.shape), None)
    if odd is not None:
        return "dimension mismatch", f"Yours has the shape {_in_names(odd)}, which is not right."
    if any(_is_not_finite(trial, rtol) for trial in made):
        return "not finite", "Your function returns nan or infinity for some inputs."
    return _of_factors([_factor(trial, rtol) for trial in made], made, rtol)


def _is_not_finite(trial: Trial, _: float) -> bool:
    return not np.isfinite(trial.value).all()


def _is_negative(trial: Trial, rtol: float) -> bool:
    return _equal(-trial.value, trial.wanted, rtol)


def _is_transposed(trial: Trial, rtol: float) -> bool:
    return trial.value.ndim == 2 == trial.wanted.ndim and _equal(trial.value.T, trial.wanted, rtol)


def _is_rearranged(trial: Trial, rtol: float) -> bool:
    """Whether the right entries stand in other axes, or were reshaped by rows or by columns."""
    value, wanted = trial.value, trial.wanted
    if value.size != wanted.size or wanted.size < 2 or value.ndim > MAX_AXES:
        return False
    turned = [np.transpose(value, axes) for axes in permutations(range(value.ndim))]
    shaped = [value.reshape(wanted.shape), value.reshape(wanted.shape, order="F")]
    by_columns = value.ravel().reshape(wanted.shape, order="F")
    by_rows = value.ravel(order="F").reshape(wanted.shape)
    sides = [(a, b) for a, b in permutations(trial.sizes.values(), 2) if a * b == value.size]
    stacked = [value.reshape(side).T.reshape(wanted.shape) for side in sides]  # vec of A or of A^T
    forms = (*turned, *shaped, by_columns, by_rows, *stacked)
    return any(_equal(array, wanted, rtol) for array in forms)


def _in_names(trial: Trial) -> str:
    """The shape of the answer in the names of sizes, where a size has one."""
    named: dict[int, list[str]] = {}
    for name, size in trial.sizes.items():
        named.setdefault(size, []).append(name)
    words = ["=".join(named.get(size, [str(size)])) for size in trial.value.shape]
    return f"({', '.join(words)}{',' if len(words) == 1 else ''})"


def _factor(trial: Trial, rtol: float) -> float | None:
    """The c with value = c * wanted; None where there is none."""
    square = float(np.vdot(trial.wanted, trial.wanted))
    factor = float(np.vdot(trial.wanted, trial.value)) / square if square else 0.0
    if not factor or not _close(trial.value, factor * trial.wanted, rtol):
        return None
    return factor


def _of_factors(
    factors: Sequence[float | None], made: Sequence[Trial], rtol: float
) -> tuple[str, str]:
    """A constant factor is told, one that changes with the sizes is said to; numbers need one."""
    known = [factor for factor in factors if factor is not None]
    if len(known) < len(factors):
        return "not equal", ""
    if len(known) > 1 and np.ptp(known) <= rtol * abs(known[0]):
        return "off by a factor", f"Yours is {known[0]:.4g} times the right result."
    if all(trial.wanted.size > 1 for trial in made):
        return "off by a factor", "Yours is the right result times a number that is not always 1."
    return "not equal", ""


_KINDS = (
    ("transposed", "Yours is the transpose of the right result.", _is_transposed),
    (
        "wrong layout",
        "Your entries are right, but they stand in another layout.",
        _is_rearranged,
    ),
    ("wrong sign", "Yours is the right result with the opposite sign.", _is_negative),
)
