"""Certificates that functions return, in float64: factors, vectors that attain a bound, dual ones.

A certificate is an object that anyone can check, and that proves more than a formula says. One of a
bound proves it with a dual object of norm at most 1; one of attainment reaches it.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable

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


def require_gram_factor(G: np.ndarray, H: np.ndarray) -> None:
    """Passes where G^T G = H: the certificate that H is positive semidefinite, a function convex.

    Raises: as `require_factor`.
    """
    scale = np.abs(H).max(initial=0.0)
    if G.shape[1] == H.shape[0] and _close(G.T @ G, H, scale):
        return
    if G.shape[0] == H.shape[0] and _close(G @ G.T, H, scale):
        raise WrongAnswer("transposed", "Your G satisfies another identity: look at G G^T.")
    if G.shape[1] != H.shape[0]:
        raise WrongAnswer(
            "shapes do not fit", "G^T G has as many rows as G has columns: compare with H."
        )
    if _close(G.T @ G, H @ H, scale * scale):
        raise WrongAnswer("root missing", "G^T G is the square of what it should be.")
    raise AssertionError("G^T G is not H")  # a known mistake is told by its values


def require_orthonormal_columns(Q: np.ndarray, what: str = "Q") -> None:
    """Passes where Q^T Q = 1. Raises: WrongAnswer, which tells apart rows, lengths and angles."""
    n = Q.shape[1]
    if _close(Q.T @ Q, np.eye(n), 1):
        return
    if _close(Q @ Q.T, np.eye(Q.shape[0]), 1):
        raise WrongAnswer("transposed", f"The rows of {what} are orthonormal, its columns not.")
    lengths = np.linalg.norm(Q, axis=0)
    if _close(lengths, np.ones(n), 1):
        raise WrongAnswer("not orthogonal", f"Two columns of {what} are not at right angles.")
    raise WrongAnswer("not of length 1", f"A column of {what} does not have the length 1.")


def require_product(factors: list[np.ndarray], A: np.ndarray, what: str = "the product") -> None:
    """Passes where the factors, multiplied in their order, are A.

    Raises: WrongAnswer where they cannot be multiplied, or are the factors of the transpose;
    AssertionError where the product is another matrix.
    """
    for left, right in itertools.pairwise(factors):
        if left.shape[1] != right.shape[0]:
            raise WrongAnswer(
                "shapes do not fit",
                f"In {what} a factor of shape {left.shape} meets one of shape {right.shape}.",
            )
    product = functools.reduce(np.matmul, factors)
    scale = np.abs(A).max(initial=0.0)
    if product.shape == A.shape and _close(product, A, scale):
        return
    if product.shape == A.T.shape and _close(product, A.T, scale):
        raise WrongAnswer("transposed", f"Your factors give the transpose of {what}.")
    if product.shape != A.shape:
        raise WrongAnswer("shapes do not fit", f"{what} has shape {product.shape}.")
    raise AssertionError("the factors give another matrix")


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


def spectral_norm(A: np.ndarray) -> float:
    """The largest singular value."""
    return float(np.linalg.norm(A, 2))


def nuclear_norm(A: np.ndarray) -> float:
    """The sum of the singular values."""
    return float(np.linalg.norm(A, "nuc"))


Norm = Callable[[np.ndarray], float]


def require_dual(
    W: np.ndarray, A: np.ndarray, *, norm: Norm, dual_norm: Norm, what: str = "W"
) -> None:
    """Passes where W proves the norm of A from below: dual_norm(W) <= 1 and <W, A> = norm(A).

    <W, A> is the sum of the products of the entries, for vectors as for matrices.

    Raises: WrongAnswer named "transposed", "shapes do not fit", "norm above 1" or "not attained".
    """
    if W.shape != A.shape:
        fits = W.T.shape == A.shape
        raise WrongAnswer(
            "transposed" if fits else "shapes do not fit",
            f"{what} and the object whose norm it proves need one shape; {what} has {W.shape}.",
        )
    size, target = dual_norm(W), norm(A)
    if size > 1 + RTOL:
        raise WrongAnswer("norm above 1", f"The dual norm of {what} is {size:.4g}, more than 1.")
    if abs(float(np.sum(W * A)) - target) > RTOL * target:
        raise WrongAnswer(
            "not attained", f"The inner product with {what} is less than the norm that it proves."
        )


def require_stretch(x: np.ndarray, A: np.ndarray, what: str = "x") -> None:
    """Passes where |Ax| = |A| |x| in the 2-norm, and x is not 0.

    Raises: WrongAnswer named "the zero vector", "shapes do not fit", "left singular vector",
    "smallest stretch" or "not attained".
    """
    if not x.any():
        raise WrongAnswer("the zero vector", "At 0 both sides are 0 for every constant.")
    if x.shape != (A.shape[1],):
        fits = x.shape == (A.shape[0],)
        raise WrongAnswer(
            "left singular vector" if fits else "shapes do not fit",
            f"A can be applied to vectors of {A.shape[1]} entries; {what} has {x.size}.",
        )
    values = np.linalg.svd(A, compute_uv=False)
    stretch = _stretch(A, x)
    if stretch >= values[0] * (1 - RTOL):
        return
    if A.shape[0] == A.shape[1] and _stretch(A.T, x) >= values[0] * (1 - RTOL):
        raise WrongAnswer("left singular vector", "It attains the norm of the transpose of A.")
    if len(values) == A.shape[1] and stretch <= values[-1] + RTOL * values[0]:
        raise WrongAnswer("smallest stretch", f"No vector is stretched less than {what}.")
    raise WrongAnswer("not attained", f"Some other vector is stretched more than {what}.")


def _stretch(A: np.ndarray, x: np.ndarray) -> float:
    return float(np.linalg.norm(A @ x) / np.linalg.norm(x))
