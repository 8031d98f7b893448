"""Dual numbers and jets by hand, by torch, by differences and by SymPy."""

import math
from fractions import Fraction

import pytest
import sympy as sp
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.testing import assert_close

from course_lib.autograd import Dual, Jet, derivative

numbers = st.floats(0.5, 3)
fractions = st.fractions(-3, 3, max_denominator=20)


def test_rules_by_hand():
    x = Dual(3.0, 1.0)

    assert (x * x).slope == 6
    assert (1 / x).slope == pytest.approx(-1 / 9)
    assert (x**3).slope == 27
    assert (x**0).slope == 0
    assert (5 - x).slope == -1
    assert (2 * x - 1 + x / 2).slope == 2.5
    assert Dual(9.0, 2.0).sqrt().slope == pytest.approx(1 / 3)
    assert repr(Dual(1, 2)) == "Dual(1, 2)"


@given(a=numbers, b=numbers)
def test_the_square_of_a_root_is_the_number(a, b):
    square = Dual(a, b).sqrt() * Dual(a, b).sqrt()

    assert square.value == pytest.approx(a)
    assert square.slope == pytest.approx(b)


@given(a=numbers, b=numbers, c=numbers, d=numbers)
def test_the_product_of_a_quotient_is_the_number(a, b, c, d):
    product = Dual(a, b) / Dual(c, d) * Dual(c, d)

    assert product.value == pytest.approx(a)
    assert product.slope == pytest.approx(b)


@pytest.mark.parametrize("order", range(4))
def test_derivatives_agree_with_sympy(order):
    t = sp.Symbol("t")

    def f(x):
        return (x * x).exp() / (1 + x) if isinstance(x, Dual) else math.exp(x * x) / (1 + x)

    wanted = sp.diff(sp.exp(t**2) / (1 + t), t, order).subs(t, sp.Rational(7, 10))
    assert derivative(f, 0.7, order) == pytest.approx(float(wanted), rel=1e-12)


@pytest.mark.parametrize("name", "sqrt exp log sin cos tanh".split())
def test_functions_of_tensors_agree_with_torch(name):
    x = torch.linspace(0.5, 2, 5, dtype=torch.float64)
    t = x.clone().requires_grad_()
    getattr(t, name)().sum().backward()

    assert_close(derivative(lambda a: getattr(a, name)(), x), t.grad)


def test_a_function_that_does_not_use_its_input_has_slope_zero():
    assert derivative(lambda _: 4.0, 2.0) == 0


def test_a_negative_order_is_refused():
    with pytest.raises(ValueError, match="order must not be negative, got -1"):
        derivative(lambda x: x, 1.0, -1)


@given(a=st.lists(fractions, min_size=4, max_size=4), b=st.lists(fractions, min_size=4, max_size=4))
def test_products_of_jets_are_those_of_polynomials(a, b):
    t = sp.Symbol("t")
    wanted = sp.Poly(
        sum(sp.Rational(c) * t**k for k, c in enumerate(a))
        * sum(sp.Rational(c) * t**k for k, c in enumerate(b)), t)  # fmt: skip
    product = (Jet(a) * Jet(b)).coefficients

    assert [sp.Rational(c) for c in product] == [wanted.coeff_monomial(t**k) for k in range(4)]


@given(a=st.lists(fractions, min_size=4, max_size=4), b=st.lists(fractions, min_size=4, max_size=4))
def test_a_quotient_of_jets_times_the_divisor_is_the_number(a, b):
    b[0] = b[0] or Fraction(1)

    assert (Jet(a) / Jet(b) * Jet(b)).coefficients == Jet(a).coefficients


def test_kinks_by_hand():
    right, left = Jet([0, 1, 0]), Jet([0, -1, 0])  # t and -t, for t > 0

    assert right.relu().coefficients == (0, 1, 0)
    assert left.relu().coefficients == (0, 0, 0)
    assert left.abs().coefficients == (0, 1, 0)
    assert (right.relu() - (-right).relu()).coefficients == (0, 1, 0)
    assert (left.relu() - (-left).relu()).coefficients == (0, -1, 0)
    assert left.maximum(0).coefficients == (0, 0, 0)
    assert (left * left).maximum(left).coefficients == (0, 0, 1)
    assert (Jet([0, 0, 0]).sign(), Jet([-1, 5, 0]).sign(), Jet([0, 0, 2]).sign()) == (0, -1, 1)
    assert (1 - right).coefficients == (1, -1, 0)
    assert (1 / (1 - right)).coefficients == (1, 1, 1)
    assert repr(Jet([1, Fraction(1, 2)])) == "Jet(1, 1/2)"


def test_division_by_zero_is_refused():
    with pytest.raises(ZeroDivisionError):
        _ = 1 / Jet([0, 1])
