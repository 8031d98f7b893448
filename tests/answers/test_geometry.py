"""Certificates of geometry: right ones in many forms, and each way to be wrong."""

from fractions import Fraction

import pytest
import sympy as sp

from autograder.answers.domains import sample
from autograder.answers.evaluation import evaluate
from autograder.answers.geometry import (
    quadratic_form,
    require_gordan,
    require_negative_curvature,
    require_separator,
    require_tangent,
)
from autograder.answers.reading import read_vector
from autograder.answers.verdict import UndecidedAnswer, WrongAnswer

x, y = sp.symbols("x y", real=True)
XOR = [(0, 0), (0, 1), (1, 0), (1, 1)]
XOR_LABELS, OR_LABELS = [-1, 1, 1, -1], [-1, 1, 1, 1]


def check(note, judge, *arguments, **named):
    if note is None:
        judge(*arguments, **named)
        return
    with pytest.raises(WrongAnswer) as caught:
        judge(*arguments, **named)
    assert caught.value.note == note


@pytest.mark.parametrize(
    ("w", "b", "note"),
    [
        ((2, 2), -1, None),
        ((sp.sqrt(2), sp.sqrt(2)), Fraction(-1, 2), None),
        ((1, 1), -1, "a point on the line"),
        ((-2, -2), 1, "the other way round"),
        ((1, -1), 0, "a point on the wrong side"),
        ((0, 0), 0, "a point on the line"),
        ((sp.sqrt(2), 1), -sp.sqrt(2), "a point on the wrong side"),
    ],
)
def test_lines_that_separate_or(w, b, note):
    check(note, require_separator, read_vector(w, "w"), evaluate(b).number, XOR, OR_LABELS)


@pytest.mark.parametrize(
    ("weights", "labels", "note"),
    [
        ((1, 1, 1, 1), XOR_LABELS, None),
        ((0.5, 0.5, 0.5, 0.5), XOR_LABELS, None),
        ((sp.sqrt(3),) * 4, XOR_LABELS, None),
        ((1, 1, 1, 1), OR_LABELS, "does not cancel"),
        ((0, 0, 0, 0), XOR_LABELS, "all weights zero"),
        ((-1, -1, -1, -1), XOR_LABELS, "a negative weight"),
        ((1, 1, 1, Fraction(10**9 + 1, 10**9)), XOR_LABELS, "does not cancel"),
        ((1, 0, 0, 0), XOR_LABELS, "labels left out"),  # the point 0 adds nothing but a one
    ],
)
def test_gordans_weights_for_xor(weights, labels, note):
    check(note, require_gordan, read_vector(weights, "weights"), XOR, labels)


def test_the_bias_has_to_cancel_too():
    points, labels = [(1,), (2,)], [1, -1]
    check("the bias is left out", require_gordan, (Fraction(2), Fraction(1)), points, labels)


POSITIVE = sample({"x": "positive"})


@pytest.mark.parametrize(
    ("line", "note"),
    [
        (x - 1, None),
        (sp.Integer(-1) + x, None),
        (2 * x - 2, "crosses the curve"),
        (x, "does not touch"),
        (x / sp.E, "does not touch"),
        (sp.log(x), "not a line"),
        (x**2 / 2 - sp.Rational(1, 2), "not a line"),
        ((x**2 - 1) / (x + 1), None),  # a line, up to a point that is not in the domain
        (1 / x - 1, "not a line"),
        (sp.Integer(0), "crosses the curve"),
    ],
)
def test_the_tangent_of_the_logarithm_at_1(line, note):
    check(note, require_tangent, line, sp.log(x), Fraction(1), POSITIVE, side="above")


def test_a_tangent_from_below():
    points = sample({"x": "real"})
    require_tangent(2 * x - 1, x**2, Fraction(1), points, side="below")
    check("crosses the curve", require_tangent, 2 * x - 1, x**2, Fraction(1), points, side="above")


def test_a_curve_that_is_nowhere_decides_nothing():
    with pytest.raises(UndecidedAnswer, match="too few points"):
        require_tangent(x - 1, sp.log(x), Fraction(1), sample({"x": "real"})[4:7], side="above")


@pytest.mark.parametrize(
    ("function", "at", "direction", "note"),
    [
        (x * y, (0, 0), (1, -1), None),
        (x**2 - y**2, (5, 7), (0, 1), None),
        (sp.sin(x) + y**2, (sp.pi / 2, 0), (1, 0), None),
        (x * y, (0, 0), (1, 1), "not negative"),
        (x * y, (0, 0), (1, 0), "not negative"),
        (x * y, (0, 0), (0, 0), "the zero vector"),
        (-sp.Abs(x) + y, (0, 0), (1, 0), "a kink"),
        (-(sp.Max(x, 0) ** 2), (1, 0), (1, 0), None),
        (sp.log(x) + y, (0, 0), (1, 0), "not defined there"),
        (x + y, (3, 4), (1, 2), "not negative"),
        (1 / (1 + sp.exp(-x)) + 0 * y, (1, 0), (-1, 0), None),
        (1 / (1 + sp.exp(-x)) + 0 * y, (-1, 0), (-1, 0), "not negative"),
    ],
)
def test_directions_of_negative_curvature(function, at, direction, note):
    places = read_vector(at, "x"), read_vector(direction, "d")
    check(note, require_negative_curvature, function, ("x", "y"), *places)


def test_quadratic_forms_are_exact():
    form = quadratic_form([[1, 2], [2, Fraction(1, 3)]], (Fraction(3), Fraction(-1)))
    assert form.number == 9 - 12 + Fraction(1, 3)
    assert form.sign() < 0
