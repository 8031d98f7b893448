"""Derivatives left as they are have the values that they should, and none at a kink."""

from fractions import Fraction

import pytest
import sympy as sp

from autograder.answers.precision import CONTEXT, UndefinedError, as_mpf
from autograder.answers.slopes import prepare
from autograder.answers.verdict import InvalidAnswer

x, y = sp.symbols("x y", real=True)
D = sp.Derivative


@pytest.mark.parametrize("at", ["0", "1", "-1/1000", "60", "13/7"])
@pytest.mark.parametrize(
    ("left", "done"),
    [
        (D(x**5, x), 5 * x**4),
        (D(sp.exp(-(x**2)), x), -2 * x * sp.exp(-(x**2))),
        (D(sp.log(1 + sp.exp(-x)), x), -1 / (1 + sp.exp(x))),
        (D(sp.sin(3 * x), (x, 2)), -9 * sp.sin(3 * x)),
        (D(D(x**3, x) * x, x), 9 * x**2),
        (x * D(x**2, x) - 2 * x**2, sp.Integer(0)),
    ],
)
def test_values_are_those_of_the_derivative(left, done, at):
    point = {"x": Fraction(at)}
    found, wanted = prepare(left).value(point), prepare(done).value(point)
    gap = abs(as_mpf(found.number) - as_mpf(wanted.number))
    assert gap <= CONTEXT.mpf(10) ** -22 * max(1, abs(as_mpf(wanted.number)))


def test_partial_and_mixed_derivatives():
    point = {"x": Fraction(2), "y": Fraction(3)}
    for left, value in ((D(x**2 * y, x), 12), (D(x**2 * y, x, y), 4), (D(x**2 * y, y), 4)):
        assert float(as_mpf(prepare(left).value(point).number)) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("kinked", [sp.Max(x, 0), sp.Abs(x), sp.Abs(x) * (1 + x)])
def test_there_is_no_derivative_at_a_kink(kinked):
    left = D(kinked, x)
    assert prepare(left).value({"x": Fraction(1)})
    with pytest.raises(UndefinedError, match="no derivative here"):
        prepare(left).value({"x": Fraction(0)})


def test_what_holds_no_derivative_stays_as_it_is():
    unevaluated = sp.Add(x, x, evaluate=False)
    assert prepare(unevaluated).expression is unevaluated
    assert prepare(3).expression == 3
    assert prepare(D(x**2, x) + 1).cost > prepare(2 * x + 1).cost


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (D(x**4, (x, 3)), "up to order 2"),
        (D(x**4 * y**2, x, x, y), "up to order 2"),
        (sp.Piecewise((D(x**2, x), x > 0), (0, True)), "within a case"),
        (sp.Add(D(x**2, x), *(x**k for k in range(2, 200))), "too large"),
    ],
)
def test_what_cannot_be_read_is_refused(expression, message):
    with pytest.raises(InvalidAnswer, match=message):
        prepare(expression)


def test_a_derivative_by_a_symbol_without_a_value_is_refused():
    with pytest.raises(InvalidAnswer, match="'y' has no meaning here"):
        prepare(D(x * y, y)).value({"x": Fraction(1)})
