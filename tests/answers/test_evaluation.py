"""Expressions are read by our own walk: right values, no hostile answer stops it."""

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from autograder.answers.evaluation import (
    CONTEXT,
    UndefinedError,
    as_mpf,
    evaluate,
    exact,
    holds,
    sign_of,
)
from autograder.answers.verdict import InvalidAnswer

x, y = sp.symbols("x y")


def power(a, b):
    return sp.Pow(a, b, evaluate=False)


TEN, NINE = sp.Integer(10), sp.Integer(9)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (sp.sqrt(x**2 + y**2), 5),
        (x / y + sp.Rational(1, 4), 1),
        (sp.Abs(x - 2 * y), 5),
        (sp.Max(x, y, -7) - sp.Min(x, y), 1),
        (sp.sign(-x) * 2**x, -8),
        (y ** sp.Rational(-1, 2), Fraction(1, 2)),
        (sp.KroneckerDelta(x + 1, y), 1),
        (sp.Piecewise((x, x > y), (y, True)), 4),
        (sp.Piecewise((1, sp.And(sp.Lt(x, y), sp.Lt(0, x))), (0, True)), 1),
        (power(x - 3, sp.Integer(0)), 1),
        (sp.log(x - 2) + sp.exp(y - 4) + sp.cos(x - 3) + sp.sin(x - 3), 2),
        (7, 7),
        (0.5, Fraction(1, 2)),
        (np.int64(3), 3),
        (Fraction(1, 3), Fraction(1, 3)),
    ],
)
def test_rational_values_are_exact(expression, value):
    number = evaluate(expression, {"x": 3, "y": 4}).number
    assert isinstance(number, Fraction)
    assert number == value


@given(st.floats(min_value=0.1, max_value=20), st.floats(min_value=-20, max_value=20))
def test_functions_agree_with_the_mathematics_of_python(a, b):
    expression = sp.exp(y / 3) * sp.tanh(y) + sp.log(x) * sp.atan(y) - sp.sqrt(x) * sp.erf(y)
    expected = (
        math.exp(b / 3) * math.tanh(b) + math.log(a) * math.atan(b) - math.sqrt(a) * math.erf(b)
    )
    value = float(evaluate(expression, {"x": a, "y": b}).number)
    assert value == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_constants_have_sixty_digits():
    assert abs(evaluate(sp.pi - sp.E).number - (CONTEXT.pi - CONTEXT.e)) < CONTEXT.mpf(10) ** -58


def test_what_rounding_leaves_of_a_zero_is_zero():
    value = evaluate(power(sp.sqrt(2), sp.Integer(2)) - 2)
    assert value.sign() == 0
    assert sign_of(as_mpf(Fraction(1, 10**40)), 1) == 1


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (power(TEN, power(TEN, TEN)), "exponent is too large"),
        (power(NINE, power(NINE, power(NINE, NINE))), "exponent is too large"),
        (power(power(TEN, sp.Integer(999)), sp.Integer(99999)), "power is too large"),
        (sp.exp(sp.exp(sp.Integer(100)), evaluate=False), "exp of a number too large"),
        (sp.sin(power(TEN, sp.Integer(400)), evaluate=False), "sin of a number too large"),
        (sp.Float("1e9999"), "decimal is too large"),
        (power(sp.Integer(0), sp.Integer(-1)), "0 to a negative power"),
        (power(sp.Integer(-2), sp.Rational(1, 3)), "negative number to a power"),
        (sp.log(x - 3, evaluate=False), "logarithm of a number that is not positive"),
        (sp.Piecewise((1, x > 5)), "no case of the Piecewise"),
        (sp.Mul(*[sp.exp(400_000 + x, evaluate=False)] * 3, evaluate=False), "large or too small"),
    ],
)
def test_no_value_is_said_and_costs_no_time(expression, message):
    with pytest.raises(UndefinedError, match=message):
        evaluate(expression, {"x": 3})


def nested(depth):
    expression = x
    for _ in range(depth):
        expression = sp.sin(expression, evaluate=False)
    return expression


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (nested(100), "too large"),
        (sp.Add(*[sp.Symbol(f"x{k}") for k in range(600)]), "no meaning|too large"),
        (sp.Integral(x, x), "the question itself"),
        (sp.Derivative(x**2, x), "the question itself"),
        (sp.Sum(x, (x, 1, 3)), "the question itself"),
        (sp.oo, "finite number"),
        (sp.nan, "finite number"),
        (sp.I, "cannot be read"),
        (sp.Function("f")(x), "cannot be read"),
        (sp.Symbol("secret"), "'secret' has no meaning here; use x"),
        (sp.Integer(2) ** 5000, "more than a thousand digits"),
        (sp.true, "cannot be read"),
        (sp.Matrix([1]), "real number is expected"),
        (True, "truth value"),
        (np.bool_(True), "truth value"),
        ("__import__('os')", "str stands where"),
        (None, "None stands where"),
        (1j, "complex stands where"),
        (math.nan, "nan stands where"),
        (math.inf, "inf stands where"),
        pytest.param(10**5000, "more than a thousand digits", id="huge"),
    ],
)
def test_unreadable_answers_are_told_apart_from_wrong_ones(expression, message):
    with pytest.raises(InvalidAnswer, match=message):
        evaluate(expression, {"x": 3})


def test_many_nodes_are_refused():
    with pytest.raises(InvalidAnswer, match="at most 400 parts"):
        evaluate(sp.Add(*([x] * 600), evaluate=False), {"x": 3})


def test_long_fractions_lose_digits_instead_of_growing():
    expression = sp.Mul(*([sp.Rational(10**900 + 1, 10**900 + 7)] * 20), evaluate=False)
    value = evaluate(expression).number
    assert not isinstance(value, Fraction)
    assert abs(value - 1) < 1e-9


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        (x <= 2 * y, True),
        (sp.Lt(x, y - 1), False),
        (sp.Ne(x, 3), False),
        (sp.Or(sp.Gt(x, 7), sp.Not(sp.Gt(y, 4))), True),
        (sp.Ge(power(sp.sqrt(2), sp.Integer(2)), 2), True),
        (sp.false, False),
        (True, True),
    ],
)
def test_conditions(condition, truth):
    assert holds(condition, {"x": 3, "y": 4}) is truth


def test_an_expression_is_no_condition():
    with pytest.raises(InvalidAnswer, match="a condition such as x <= y"):
        holds(x + 1, {"x": 3})


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_the_binary_fraction_it_is(number):
    assert exact(number) == Fraction(number)
