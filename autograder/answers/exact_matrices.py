"""Linear algebra on small matrices of exact numbers: what a counterexample is judged by."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from autograder.answers.evaluation import CONTEXT, TIE, Number, as_mpf, sign_of
from autograder.answers.reading import Matrix
from autograder.answers.verdict import InvalidAnswer

Vector = Sequence[Number]


def transpose(A: Matrix) -> Matrix:
    return Matrix(tuple(zip(*A.rows, strict=True)), A.rounded)


def multiply(A: Matrix, B: Matrix) -> Matrix:
    """A B, for shapes that fit."""
    columns = transpose(B).rows
    rows = tuple(tuple(dot(row, column) for column in columns) for row in A.rows)
    return Matrix(rows, A.rounded or B.rounded)


def add(A: Matrix, B: Matrix) -> Matrix:
    """A + B, for matrices of one shape."""
    pairs = zip(A.rows, B.rows, strict=True)
    rows = tuple(tuple(a + b for a, b in zip(r, s, strict=True)) for r, s in pairs)
    return Matrix(rows, A.rounded or B.rounded)


def apply(A: Matrix, x: Vector) -> tuple[Number, ...]:
    """A x."""
    return tuple(dot(row, x) for row in A.rows)


def dot(x: Vector, y: Vector) -> Number:
    return sum((a * b for a, b in zip(x, y, strict=True)), Fraction(0))


def trace(A: Matrix) -> Number:
    return sum((A.rows[i][i] for i in range(len(A.rows))), Fraction(0))


def size(A: Matrix) -> Number:
    """The largest absolute value of an entry, to 60 digits: the scale of rounding errors."""
    return max(as_mpf(abs(entry)) for row in A.rows for entry in row)


def is_identity(A: Matrix, scale: Number, tolerance: Number = 0) -> bool:
    """Whether every entry is that of the identity: exactly, or within `tolerance`."""
    for i, row in enumerate(A.rows):
        for j, entry in enumerate(row):
            difference = entry - Fraction(int(i == j))
            if sign_of(difference, scale) and abs(as_mpf(difference)) > tolerance:
                return False
    return A.shape[0] == A.shape[1]


def is_symmetric(A: Matrix) -> bool:
    if A.shape[0] != A.shape[1]:
        return False
    scale = size(A)
    pairs = ((A.rows[i][j], A.rows[j][i]) for i in range(len(A.rows)) for j in range(i))
    return all(sign_of(a - b, scale) == 0 for a, b in pairs)


def spectral_radius(A: Matrix) -> Number:
    """The largest absolute value of an eigenvalue of a square rational matrix, to some 40 digits.

    The characteristic polynomial is exact and is freed of multiple roots, which no numerical
    method finds well.

    Raises: InvalidAnswer where the entries are of too different sizes to find the eigenvalues.
    """
    polynomial = _squarefree(characteristic_polynomial(A))
    if len(polynomial) == 1:
        return CONTEXT.mpf(0)
    coefficients = [as_mpf(c) for c in polynomial]
    try:
        roots = CONTEXT.polyroots(coefficients, maxsteps=500, extraprec=400)
    except CONTEXT.NoConvergence as error:
        raise InvalidAnswer("the eigenvalues cannot be computed; choose simpler entries") from error
    radius = max(abs(root) for root in roots)
    return radius if radius > TIE else CONTEXT.mpf(0)


def characteristic_polynomial(A: Matrix) -> tuple[Fraction, ...]:
    """The coefficients of det(t 1 - A), the highest power first (Faddeev and Le Verrier)."""
    n = len(A.rows)
    coefficients = [Fraction(1)]
    M = Matrix(tuple((Fraction(0),) * n for _ in range(n)))
    for k in range(1, n + 1):
        shift = Matrix(
            tuple(tuple(coefficients[-1] * (i == j) for j in range(n)) for i in range(n))
        )
        M = add(multiply(A, M), shift)
        coefficients.append(-trace(multiply(A, M)) / k)
    return tuple(coefficients)


def determinant(A: Matrix) -> Fraction:
    """det A of a square rational matrix, exactly."""
    last = characteristic_polynomial(A)[-1]
    return -last if len(A.rows) % 2 else last


def rank(A: Matrix) -> int:
    """The rank of a rational matrix, exactly, by elimination."""
    rows, found = [list(row) for row in A.rows], 0
    for column in range(A.shape[1]):
        pivot = next((i for i in range(found, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for i in range(found + 1, len(rows)):
            factor = rows[i][column] / rows[found][column]
            rows[i] = [a - factor * b for a, b in zip(rows[i], rows[found], strict=True)]
        found += 1
    return found


def inverse(A: Matrix) -> Matrix:
    """The inverse of a square rational matrix, exactly. Raises: ZeroDivisionError if singular."""
    coefficients = characteristic_polynomial(A)
    n = len(A.rows)
    total = Matrix(tuple((Fraction(0),) * n for _ in range(n)))
    for c in coefficients[:-1]:  # Cayley and Hamilton: A (A^(n-1) + c_1 A^(n-2) + ...) = -c_n
        total = add(multiply(A, total), identity(n, c))
    scale = -1 / coefficients[-1]
    return Matrix(tuple(tuple(scale * x for x in row) for row in total.rows), A.rounded)


def identity(n: int, scale: Number = Fraction(1)) -> Matrix:
    """`scale` times the identity."""
    return Matrix(tuple(tuple(scale * (i == j) for j in range(n)) for i in range(n)))


def is_diagonalizable(A: Matrix) -> bool:
    """Whether a square rational matrix has a basis of eigenvectors over the complex numbers.

    It has one exactly where the polynomial with each of its eigenvalues once is 0 at A.
    """
    n = len(A.rows)
    value = Matrix(tuple((Fraction(0),) * n for _ in range(n)))
    for c in _squarefree(characteristic_polynomial(A)):
        value = add(multiply(A, value), identity(n, c))
    return not any(entry for row in value.rows for entry in row)


def is_semidefinite(A: Matrix) -> bool:
    """Whether a rational matrix is symmetric and has no negative eigenvalue, exactly."""
    return is_symmetric(A) and all(c >= 0 for c in _alternating(A))


def is_definite(A: Matrix) -> bool:
    """Whether a rational matrix is symmetric with positive eigenvalues alone, exactly."""
    return is_symmetric(A) and all(c > 0 for c in _alternating(A))


def _alternating(A: Matrix) -> list[Fraction]:
    """The elementary symmetric polynomials of the eigenvalues."""
    return [-c if k % 2 else c for k, c in enumerate(characteristic_polynomial(A))]


def _squarefree(p: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """The polynomial with the same roots, each of them once."""
    degree = len(p) - 1
    a, b = tuple(p), tuple(c * (degree - i) for i, c in enumerate(p[:-1]))
    while b:
        a, b = b, _divide(a, b)[1]
    return _divide(p, a)[0]


def _divide(
    a: Sequence[Fraction], b: Sequence[Fraction]
) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    """Quotient and remainder of polynomials; the zero polynomial is empty."""
    rest, quotient = list(a), []
    while len(rest) >= len(b):
        factor = rest[0] / b[0]
        quotient.append(factor)
        padded = list(b) + [Fraction(0)] * (len(rest) - len(b))
        rest = [r - factor * c for r, c in zip(rest, padded, strict=True)][1:]
    while rest and rest[0] == 0:
        rest.pop(0)
    return tuple(quotient), tuple(rest)
