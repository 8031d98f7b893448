"""Certificates of geometry, exactly: separating and Gordan's, tangents, negative curvature.

Numbers of a student are exact here: fractions, or 60 digits where roots stand in them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal

from autograder.answers.domains import Point
from autograder.answers.evaluation import Number, UndefinedError, Value, evaluate
from autograder.answers.exact_matrices import dot
from autograder.answers.precision import as_mpf, sign_of
from autograder.answers.slopes import derivative
from autograder.answers.verdict import UndecidedAnswer, WrongAnswer

Vector = Sequence[Number]


def require_separator(
    w: Vector, b: Number, points: Sequence[Vector], labels: Sequence[int]
) -> None:
    """Passes where y (<w, x> + b) > 0 for every point x with its label y = 1 or -1.

    Raises: WrongAnswer named "a point on the line", "the other way round" or "a point on the wrong
    side".
    """
    signs = []
    for x, y in zip(points, labels, strict=True):
        terms = [y * b, *(y * a * t for a, t in zip(w, x, strict=True))]
        signs.append(_sign_of_sum(terms))
    if all(sign > 0 for sign in signs):
        return
    if all(sign < 0 for sign in signs):
        raise WrongAnswer("the other way round", "Every point is on the side of the other label.")
    if any(sign < 0 for sign in signs):
        raise WrongAnswer("a point on the wrong side", "Some point is on the side of the other.")
    raise WrongAnswer("a point on the line", "For some point <w, x> + b is 0, which is no side.")


def require_gordan(weights: Vector, points: Sequence[Vector], labels: Sequence[int]) -> None:
    """Passes where the weights prove that no line separates the points (Gordan's theorem).

    All weights are at least 0, one is more, and the sum of weight y (x, 1) is the zero vector.

    Raises: WrongAnswer named "a negative weight", "all weights zero", "labels left out", "the bias
    is left out" or "does not cancel".
    """
    if any(_sign_of_sum([w]) < 0 for w in weights):
        raise WrongAnswer("a negative weight", "A certificate has no weight below 0.")
    if not any(weights):
        raise WrongAnswer("all weights zero", "With weights 0 every sum is 0: that proves nothing.")
    columns = [*zip(*points, strict=True), [1] * len(points)]
    signed = [w * y for w, y in zip(weights, labels, strict=True)]
    zero = [_sign_of_sum([s * t for s, t in zip(signed, c, strict=True)]) == 0 for c in columns]
    if all(zero):
        return
    plain = [_sign_of_sum([w * t for w, t in zip(weights, c, strict=True)]) == 0 for c in columns]
    if all(plain[:-1]):
        raise WrongAnswer("labels left out", "Each point enters the sum with its label as sign.")
    if all(zero[:-1]):
        raise WrongAnswer(
            "the bias is left out",
            "The points cancel, and the ones that stand for the bias do not.",
        )
    raise WrongAnswer("does not cancel", "The sum of the weighted points is not 0.")


def require_tangent(
    line: object,
    curve: object,
    at: Fraction,
    points: Sequence[Point],
    *,
    side: Literal["above", "below"],
    name: str = "x",
) -> None:
    """Passes where the line touches the curve at `at` and is on one side of it at all the points.

    `line` and `curve` are expressions in the symbol `name`.

    Raises: WrongAnswer named "not a line", "does not touch" or "crosses the curve"; UndecidedAnswer
    where the points do not decide it.
    """
    here = {name: at}
    xs = sorted({point[name] for point in points} | {at, at + 1, at + 2})
    values = [_value_at(line, {name: x}) for x in xs]
    if any(_is_bent(xs, values, k) for k in range(1, len(xs) - 1)):
        raise WrongAnswer("not a line", "It should have the form a + b x, with two numbers.")
    if (_value_at(line, here) - evaluate(curve, here)).sign() != 0:
        raise WrongAnswer("does not touch", "At the point of contact both have one value.")
    wanted = 1 if side == "above" else -1
    seen = 0
    for point in points:
        try:
            gap = (_value_at(line, point) - evaluate(curve, point)).sign()
        except UndefinedError:
            continue
        if gap == -wanted:
            raise WrongAnswer(
                "crosses the curve", f"It touches, and is not {side} the curve everywhere."
            )
        seen += 1
    if seen < min(8, len(points)):
        raise UndecidedAnswer("the line could be compared with the curve at too few points")


def _value_at(line: object, point: Point) -> Value:
    try:
        return evaluate(line, point)
    except UndefinedError as error:
        raise WrongAnswer("not a line", "A line has a value for every x.") from error


def _is_bent(xs: Sequence[Fraction], values: Sequence[Value], k: int) -> bool:
    """Whether three neighbouring points of a graph are not on one line."""
    (a, b, c), (f, g, h) = xs[k - 1 : k + 2], values[k - 1 : k + 2]
    terms = [f.number * (c - b), -g.number * (c - a), h.number * (b - a)]
    return _sign_of_sum(terms) != 0


def require_negative_curvature(
    function: object, names: Sequence[str], x: Vector, direction: Vector
) -> None:
    """Passes where t -> f(x + t d) has a negative second derivative at 0: f is not convex.

    Raises: WrongAnswer named "the zero vector", "not defined there", "a kink" or "not negative".
    """
    if not any(direction):
        raise WrongAnswer("the zero vector", "Along d = 0 a function is constant.")

    def along(point: Mapping[str, object]) -> Value:
        t = point["t"]
        moved = [as_mpf(a) + as_mpf(t) * as_mpf(d) for a, d in zip(x, direction, strict=True)]
        return evaluate(function, dict(zip(names, moved, strict=True)))

    zero = {"t": Fraction(0)}
    try:
        along(zero)
    except UndefinedError as error:
        raise WrongAnswer("not defined there", "At your x the function has no value.") from error
    try:
        curvature = derivative(along, ("t", "t"), zero)
    except UndefinedError as error:
        raise WrongAnswer(
            "a kink", "At your x the function has no second derivative along d: move away from it."
        ) from error
    if curvature.sign() >= 0:
        raise WrongAnswer("not negative", "The second derivative along your d is not negative.")


def quadratic_form(A: Sequence[Vector], x: Vector) -> Value:
    """x^T A x, with the size of its terms."""
    terms = [a * s * t for row, s in zip(A, x, strict=True) for a, t in zip(row, x, strict=True)]
    return Value(dot(terms, [Fraction(1)] * len(terms)), max(as_mpf(abs(t)) for t in terms))


def _sign_of_sum(terms: Sequence[Number]) -> int:
    total = dot(terms, [Fraction(1)] * len(terms))
    return sign_of(total, max(as_mpf(abs(term)) for term in terms))
