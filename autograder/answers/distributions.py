"""Distributions that a student gives, exactly: unnormalised or negative ones are refused.

Entropies and divergences of them are in nats and known to 60 digits. 0 log 0 is 0, and a divergence
is infinite where the second distribution misses what the first one holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from autograder.answers.evaluation import Number
from autograder.answers.precision import CONTEXT, as_mpf
from autograder.answers.reading import Matrix, read_matrix, read_vector
from autograder.answers.verdict import InvalidAnswer, WrongAnswer

ROUNDED = Fraction(1, 10**9)  # a sum of floats that is as close to 1 as this is meant to be 1

Distribution = tuple[Fraction, ...]


def read_distribution(
    value: object, what: str, size: int | None = None, *, positive: bool = False
) -> Distribution:
    """The probabilities of an answer, as fractions that add up to 1.

    0.3 as a float is 3/10, and floats that add up to 1 but for rounding are scaled to do so. With
    `positive`, no probability may be 0.

    Raises: InvalidAnswer where it is no vector of numbers; WrongAnswer named "not normalised",
    "a negative probability" or "a probability of zero".
    """
    return _checked(read_vector(value, what, size), what, positive)


def read_joint(
    value: object, what: str, shape: tuple[int, int] | None = None, *, positive: bool = False
) -> Matrix:
    """The joint distribution of two variables, rows by columns. Raises: as `read_distribution`."""
    table = read_matrix(value, what, shape)
    flat = _checked([entry for row in table.rows for entry in row], what, positive)
    width = table.shape[1]
    return Matrix(tuple(flat[i : i + width] for i in range(0, len(flat), width)))


def _checked(numbers: Sequence[Number], what: str, positive: bool) -> Distribution:
    if not all(isinstance(x, Fraction) for x in numbers):
        raise InvalidAnswer(f"{what} should hold rational numbers, as in Fraction(1, 3)")
    if min(numbers) < 0:
        raise WrongAnswer("a negative probability", f"{what} has an entry below 0.")
    if max(numbers) > 1:
        raise WrongAnswer("not normalised", f"{what} has an entry above 1.")
    p = [_as_written(x) for x in numbers]
    total = sum(p)
    if total != 1:
        if abs(total - 1) > ROUNDED or all(_is_short(x) for x in p):
            raise WrongAnswer(
                "not normalised", f"The probabilities of {what} add up to {float(total):.12g}."
            )
        p = [x / total for x in p]
    if positive and not all(p):
        raise WrongAnswer(
            "a probability of zero", f"Every probability of {what} should be above 0."
        )
    return tuple(p)


def _as_written(x: Fraction) -> Fraction:
    """The decimal fraction that a float was written as; other fractions are what they are."""
    short = Fraction(repr(float(x)))
    return short if Fraction(float(x)) == x else x


def _is_short(x: Fraction) -> bool:
    """Whether it was written by hand, and not computed in floating point."""
    return x.denominator <= 10**9


def marginals(joint: Matrix) -> tuple[Distribution, Distribution]:
    """The distributions of the rows' and of the columns' variable."""
    columns = zip(*joint.rows, strict=True)
    return tuple(map(sum, joint.rows)), tuple(map(sum, columns))  # pyright: ignore[reportReturnType]  # sums of fractions


def entropy(p: Sequence[Fraction]) -> Any:  # noqa: ANN401  # mpmath is not typed
    """H(p) = -sum p log p, in nats."""
    return cross_entropy(p, p)


def cross_entropy(p: Sequence[Fraction], q: Sequence[Fraction]) -> Any:  # noqa: ANN401
    """H(p, q) = -sum p log q, in nats; infinite where q is 0 and p is not."""
    if any(a and not b for a, b in zip(p, q, strict=True)):
        return CONTEXT.inf
    return -CONTEXT.fsum(as_mpf(a) * CONTEXT.log(as_mpf(b)) for a, b in zip(p, q, strict=True) if a)


def kl(p: Sequence[Fraction], q: Sequence[Fraction]) -> Any:  # noqa: ANN401
    """KL(p || q) = sum p log(p/q), in nats; exactly 0 where p = q, and infinite as H(p, q)."""
    if tuple(p) == tuple(q):
        return CONTEXT.mpf(0)
    if any(a and not b for a, b in zip(p, q, strict=True)):
        return CONTEXT.inf
    return CONTEXT.fsum(
        as_mpf(a) * CONTEXT.log(as_mpf(a / b)) for a, b in zip(p, q, strict=True) if a
    )


def mutual_information(joint: Matrix) -> Any:  # noqa: ANN401
    """I(X; Y) = KL(joint || product of the marginals), in nats."""
    rows, columns = marginals(joint)
    product = [a * b for a in rows for b in columns]
    return kl([entry for row in joint.rows for entry in row], product)
