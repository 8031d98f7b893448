"""One form: what SymPy does by itself. Another form: whatever a person has to do."""

import time

import pytest
import sympy as sp
from sympy.parsing.sympy_parser import parse_expr

from autograder.answers.forms import form, same_form
from autograder.answers.verdict import InvalidAnswer

x, y, o, n = sp.symbols("x y o n", real=True)
p, q = sp.symbols("p q", positive=True)
NAMES = {"x": x, "y": y, "o": o, "n": n, "p": p, "q": q}
POSITIVE = ("p", "q")


def typed(text):
    """The expression with nothing evaluated, as from a string."""
    return parse_expr(text, NAMES, evaluate=False)


# a, b, whether they have one form, why
TABLE = [
    ("x + y", "y + x", True, "order"),
    ("x*y*o", "o*(y*x)", True, "order and brackets"),
    ("x - (y - o)", "x - y + o", True, "brackets in a sum"),
    ("2*x + 3*x", "5*x", True, "like terms"),
    ("x*x**2", "x**3", True, "like powers"),
    ("x/y", "x*(1/y)", True, "a quotient is a product"),
    ("x/(y*o)", "x/y/o", True, "quotients of quotients"),
    ("2*(x + y)", "2*x + 2*y", True, "a number multiplied into a sum"),
    ("-(x + 1)/y", "(-1 - x)/y", True, "a sign moved"),
    ("1/(-1 - exp(x))", "-1/(1 + exp(x))", True, "a sign moved out of a denominator"),
    ("x*(y + 1 - 1)", "x*y", True, "numbers added up"),
    ("x + y - y", "x", True, "nothing added"),
    ("2*x/2", "x", True, "nothing multiplied"),
    ("exp(x)*exp(y)", "exp(x + y)", True, "SymPy does it by itself"),
    ("exp(-x)", "1/exp(x)", True, "the same"),
    ("exp(x)**2", "exp(2*x)", True, "the same"),
    ("exp(log(p))", "p", True, "the same"),
    ("exp(x + 2*log(p))", "p**2*exp(x)", True, "the same"),
    ("log(exp(x))", "x", True, "the same"),
    ("log(1/2)", "-log(2)", True, "the same"),
    ("sqrt(8)", "2*sqrt(2)", True, "the same"),
    ("1/sqrt(2)", "sqrt(2)/2", True, "the same"),
    ("2*2**n", "2**(n + 1)", True, "the same"),
    ("sqrt(p*q)", "sqrt(p)*sqrt(q)", True, "the same, for positive symbols"),
    ("sqrt(p**2)", "p", True, "the same, for positive symbols"),
    ("Abs(-3*p)", "3*p", True, "the same, for positive symbols"),
    ("Abs(x - y)", "Abs(y - x)", True, "an even function"),
    ("tanh(-x)", "-tanh(x)", True, "an odd function"),
    ("Max(x, y, x)", "Max(y, x)", True, "order"),
    ("0.5*x", "x/2", True, "decimals are the numbers that they are"),
    ("x*(y + o)", "x*y + x*o", False, "multiplied out: a step"),
    ("(x + 1)**2", "x**2 + 2*x + 1", False, "multiplied out: a step"),
    ("log(p*q)", "log(p) + log(q)", False, "a law of logarithms: a step"),
    ("log(p**2)", "2*log(p)", False, "a law of logarithms: a step"),
    ("log(1/p)", "-log(p)", False, "a law of logarithms: a step"),
    ("x/y + o/y", "(x + o)/y", False, "a common denominator: a step"),
    ("exp(x)/(1 + exp(x))", "1/(1 + exp(-x))", False, "a fraction extended: a step"),
    ("sqrt(x**2)", "x", False, "false for negative x"),
    ("sqrt(x**2)", "Abs(x)", False, "a step; SymPy does it for real symbols: a known failure"),
    ("sqrt(x*y)", "sqrt(x)*sqrt(y)", False, "false for negative x and y"),
    ("1 - x", "x - 1", False, "not equal"),
    ("tanh(x)", "sinh(x)/cosh(x)", False, "a step"),
    ("sin(x)**2 + cos(x)**2", "1", False, "a step"),
    ("x + (y+1)**2 - y**2 - 2*y - 1", "x", False, "padding is a form of its own: a known failure"),
]


@pytest.mark.parametrize(("a", "b", "one", "why"), TABLE)
def test_table(a, b, one, why):
    assert same_form(typed(a), typed(b), POSITIVE) is one, why


@pytest.mark.parametrize("text", [side for a, b, one, _ in TABLE if one for side in (a, b)])
def test_the_form_of_what_sympy_evaluated_is_that_of_what_was_typed(text):
    assert same_form(typed(text), parse_expr(text, NAMES), POSITIVE)


def test_numbers_have_a_form():
    assert same_form(2, sp.Integer(2))
    assert same_form(0.5, sp.Rational(1, 2))
    assert form(0) == form(sp.Integer(0)) == ()
    assert same_form(typed("x**0"), 1)
    assert not same_form(typed("0**(-1)"), 0)
    assert not same_form(typed("(-8)**(1/3)"), -2)


@pytest.mark.parametrize(
    "text",
    ["10**10**10", "2**(10**9)", "exp(10**9*log(2))", "(x + y)**(10**9)", "9**9**9**9",
     "2**(10**9*n + 10**9)", "sqrt(10**300 + 1)", "factorial(10**8)"],
)  # fmt: skip
def test_bombs_have_a_form_at_once(text):
    begun = time.perf_counter()
    form(typed(text))
    assert time.perf_counter() - begun < 0.5


def test_a_decimal_that_is_no_number_is_refused():
    with pytest.raises(InvalidAnswer, match="a number in it cannot be used"):
        form(x + sp.Float("1e100000"))


def test_too_large_an_expression_is_refused():
    deep = x
    for _ in range(100):
        deep = sp.sin(deep, evaluate=False)
    tower = p
    for _ in range(40):  # each exponent would stand in it twice as often as the one above
        tower = sp.Pow(sp.Mul(p, q, evaluate=False), tower, evaluate=False)
    for large in (deep, tower, sp.Add(*(x**k for k in range(500)), evaluate=False)):
        with pytest.raises(InvalidAnswer, match="too large"):
            form(large, POSITIVE)
