"""Counterexamples: the premises hold, and the claim fails.

The premises come first, each with its reason, and all of it is exact: `exceeds` and `differs` are
true only beyond what rounding at 60 digits could do. What is nan, infinite or outside of the domain
was refused when it was read.

The second half is about functions that a student gives as a counterexample to the definition of a
norm. A line that fails at one point is refuted. A line that holds at every point tried is taken as
true: exact arithmetic on a lattice of points and of their sums, which no formula of a few nodes
meets by chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement, product
from typing import Any

from autograder.answers.evaluation import Number, UndefinedError, Value, evaluate
from autograder.answers.precision import CONTEXT, as_mpf, sign_of
from autograder.answers.verdict import InvalidAnswer, WrongAnswer

REACH = 3  # the lattice is that of the integers from -REACH to REACH
FACTORS = tuple(map(Fraction, ("-1", "2", "-3", "1/2", "0")))


@dataclass(frozen=True, slots=True)
class Premise:
    """What a counterexample has to meet before the claim is looked at, and what is said if not."""

    holds: Callable[[Any], bool]
    hint: str
    note: str = "premise not met"


def require_counterexample(
    value: object,
    *,
    claim: Callable[[Any], bool],
    premises: Sequence[Premise] = (),
    hint: str = "It could be read, and the claim holds for it. Compute both sides by hand.",
) -> None:
    """Passes where every premise holds for the value and the claim does not.

    `claim` says whether the claim holds for a value; it is asked only after the premises. For a
    claim that is an inequality, let it be `lambda v: not exceeds(left(v), right(v))`.

    Raises: WrongAnswer with the note of the first premise that fails, or "satisfies the claim";
    InvalidAnswer where the claim says nothing about such a value.
    """
    for premise in premises:
        if not premise.holds(value):
            raise WrongAnswer(premise.note, premise.hint)
    try:
        satisfied = claim(value)
    except (UndefinedError, ZeroDivisionError) as error:
        raise InvalidAnswer("the claim says nothing here: one of its sides has no value") from error
    if satisfied:
        raise WrongAnswer("satisfies the claim", hint)


def exceeds(left: Number, right: Number) -> bool:
    """left > right, beyond what rounding at 60 digits can do."""
    return _order(left, right) > 0


def differs(left: Number, right: Number) -> bool:
    """left is not right, beyond what rounding at 60 digits can do."""
    return _order(left, right) != 0


def _order(left: Number, right: Number) -> int:
    if isinstance(left, int | Fraction) and isinstance(right, int | Fraction):
        return int(left > right) - int(left < right)
    a, b = as_mpf(left), as_mpf(right)
    if CONTEXT.isinf(a) or CONTEXT.isinf(b):
        return int(a > b) - int(a < b)
    return sign_of(a - b, max(abs(a), abs(b)))


class Candidate:
    """A function of some real variables that may be a norm: an expression in symbols by name."""

    def __init__(self, expression: object, names: Sequence[str]) -> None:
        self.expression = expression
        self.names = tuple(names)

    def __call__(self, *x: Number) -> Value:
        """The value at a point. Raises: WrongAnswer where there is none."""
        try:
            return evaluate(self.expression, dict(zip(self.names, x, strict=True)))
        except UndefinedError as error:
            raise WrongAnswer(
                "not defined everywhere",
                "The function must have a real value at every point; somewhere yours has none.",
            ) from error

    def points(self) -> Iterator[tuple[Fraction, ...]]:
        """The lattice without 0, and some points far from it and near it."""
        whole = [Fraction(k) for k in range(-REACH, REACH + 1)]
        yield from (x for x in product(whole, repeat=len(self.names)) if any(x))
        for scale in (Fraction(1, 1000), Fraction(1000)):
            yield tuple(scale * (k + 1) for k in range(len(self.names)))
            yield tuple(-scale * (k - 2) for k in range(len(self.names)))


def require_nonnegative(f: Candidate) -> None:
    """f(x) >= 0. Raises: WrongAnswer where it fails."""
    if any(f(*x).sign() < 0 for x in f.points()):
        raise WrongAnswer("takes negative values", "Somewhere your function is less than 0.")


def require_homogeneous(f: Candidate) -> None:
    """f(a x) = |a| f(x). Raises: WrongAnswer where it fails, also if for negative a only."""
    bad = {a for a in FACTORS for x in f.points() if _gap(f, a, x)}
    if bad and max(bad) < 0:
        raise WrongAnswer(
            "not homogeneous for negative factors",
            "For a negative factor the slide has its absolute value: compare f(-x) with f(x).",
        )
    if bad:
        raise WrongAnswer(
            "not homogeneous",
            "Twice the vector must have twice the value: compare f(2x) with 2 f(x).",
        )


def _gap(f: Candidate, a: Fraction, x: tuple[Fraction, ...]) -> int:
    value = f(*x)
    scaled = Value(abs(a) * value.number, value.largest)
    return (f(*(a * t for t in x)) - scaled).sign()


def require_triangle(f: Candidate) -> None:
    """f(x + y) <= f(x) + f(y). Raises: WrongAnswer where it fails."""
    values = {x: f(*x) for x in f.points()}
    for (x, f_x), (y, f_y) in combinations_with_replacement(values.items(), 2):
        at_sum = f(*(s + t for s, t in zip(x, y, strict=True)))
        right = Value(f_x.number + f_y.number, max(f_x.largest, f_y.largest))
        if (at_sum - right).sign() > 0:
            raise WrongAnswer(
                "no triangle inequality",
                "For some x and y, f(x + y) is larger than f(x) + f(y). Try the unit vectors.",
            )


def require_nonzero_root(f: Candidate, x: Sequence[Number]) -> None:
    """x is not 0, and f(x) = 0. Raises: WrongAnswer where either fails."""
    if not any(x):
        raise WrongAnswer(
            "the zero vector",
            "Every norm is 0 at 0. What breaks definiteness is another vector with the value 0.",
        )
    if f(*x).sign() != 0:
        raise WrongAnswer("not zero there", "At your vector your function is not 0.")
