"""Certificates: an object that anyone can check, and that proves more than a formula says."""

from __future__ import annotations

import numpy as np
import sympy as sp

from autograder.answers.evaluation import UndefinedError, as_mpf, evaluate
from autograder.answers.verdict import InvalidAnswer, WrongAnswer, kind_of

RTOL = 1e-9  # float64 answers: a few thousand times the rounding of a short computation
MAX_AXES = 3


def read_array(value: object, what: str, axes: int) -> np.ndarray:
    """The finite real array that a function returned, as float64; lists and SymPy matrices too.

    Raises: InvalidAnswer for anything else, and for nan and infinity.
    """
    array = value if isinstance(value, np.ndarray) and value.dtype.kind in "biuf" else None
    if array is None:
        array = _from_entries(value, what)
    array = array.astype(float)
    if axes == 1 and array.ndim == 2 and 1 in array.shape:
        array = array.ravel()  # a column or a row is a vector too
    if array.ndim != axes:
        raise InvalidAnswer(f"{what} has {array.ndim} axes; {axes} are expected")
    if not np.isfinite(array).all():
        raise InvalidAnswer(f"{what} holds nan or infinity")
    return array


def _from_entries(value: object, what: str) -> np.ndarray:
    try:
        return np.array(_floats(value, MAX_AXES, what), dtype=float)
    except ValueError as error:
        raise InvalidAnswer(f"the rows of {what} have different lengths") from error


def _floats(value: object, axes: int, what: str) -> float | list[object]:
    """Nested lists of floats; only data of known types is touched."""
    if isinstance(value, sp.MatrixBase | np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple) and axes:
        return [_floats(entry, axes - 1, what) for entry in value]
    try:
        return float(as_mpf(evaluate(value).number))
    except (InvalidAnswer, UndefinedError, OverflowError) as error:
        kind = kind_of(value)
        raise InvalidAnswer(
            f"{what} holds a {kind}; an array of real numbers is expected"
        ) from error


def require_factor(F: np.ndarray, B: np.ndarray) -> None:
    """Passes where F F^T = B: the certificate that B is positive semidefinite.

    Raises: WrongAnswer where F is the transpose of a factor or has another number of rows;
    AssertionError where it is no factor for another reason.
    """
    scale = np.abs(B).max(initial=0.0)
    if F.shape[0] == B.shape[0] and _close(F @ F.T, B, scale):
        return
    if F.shape[1] == B.shape[0] and _close(F.T @ F, B, scale):
        raise WrongAnswer(
            "transposed", "Your F satisfies another identity: look at the product F^T F."
        )
    if F.shape[0] != B.shape[0]:
        raise WrongAnswer(
            "shapes do not fit",
            "F F^T has as many rows as F: compare with the number of rows of B.",
        )
    raise AssertionError("F F^T is not B")  # a known mistake is told by its values


def _close(a: np.ndarray, b: np.ndarray, scale: float) -> bool:
    return bool(np.abs(a - b).max(initial=0.0) <= RTOL * scale)


def lp_norm(x: np.ndarray, p: float) -> float:
    """The p-norm of a vector, 1 <= p <= inf."""
    largest = float(np.abs(x).max())
    if largest == 0 or p == np.inf:
        return largest
    return largest * float(np.sum((np.abs(x) / largest) ** p) ** (1 / p))


def require_attained(x: np.ndarray, constant: float, p: float, q: float) -> None:
    """Passes where x is not 0 and its p-norm is `constant` times its q-norm.

    Raises: WrongAnswer where it is 0 or where the quotient of the norms is less.
    """
    if not x.any():
        raise WrongAnswer("the zero vector", "At 0 both sides are 0 for every constant.")
    if abs(lp_norm(x, p) - constant * lp_norm(x, q)) <= RTOL * constant * lp_norm(x, q):
        return
    if np.count_nonzero(x) == 1:
        raise WrongAnswer(
            "a coordinate vector",
            "A multiple of a unit vector has the same norm for every p: its quotient is always 1.",
        )
    if np.ptp(np.abs(x)) == 0:
        raise WrongAnswer(
            "all entries alike",
            "A vector with entries of one size makes the quotient largest for some p and q, "
            "and smallest for the others.",
        )
    raise WrongAnswer("not attained", "Its quotient of norms is less than the largest one.")
