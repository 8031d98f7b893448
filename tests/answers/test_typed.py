"""Formulas as text: what is read, what it means, and where it is said to go wrong."""

import contextlib

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from autograder.answers.evaluation import evaluate
from autograder.answers.typed import FUNCTIONS, read_typed, read_typed_condition
from autograder.answers.verdict import InvalidAnswer

SYMBOLS = ("x", "y", "p", "lambda", "sigma")
POINT = {"x": 2, "y": -3, "p": 0.25, "lambda": 5, "sigma": 7}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 + 3*x", 8),
        ("-x^2", -4),
        ("-x**2", -4),
        ("2^-1", 0.5),
        ("x^3^2", 512),
        ("(x^3)^2", 64),
        ("x/2/2", 0.5),
        ("x - y - 1", 4),
        ("1 - (x - y)", -4),
        ("+x", 2),
        ("x*-1", -2),
        ("lambda*x/sigma", 10 / 7),
        (".5*x + 1.", 2),
        ("2e3*x", 4000),
        ("x\n  + y", -1),
        ("np.exp(0) + math.sqrt(4) + sp.Abs(y)".replace("Abs", "abs"), 6),
        ("max(x, y, 0) - min(x, y)", 5),
        ("maximum(y, 0) + minimum(y, 0)", -3),
        ("relu(y) + relu(x)", 2),
        ("sigmoid(0)", 0.5),
        ("log2(8) + log10(100) + log(9, 3)", 7),
        ("log1p(0) + expm1(0) + ln(1)", 0),
        ("softplus(0)/log(2)", 1),
        ("Phi(0)", 0.5),
        ("where(x > 0, 1, 2)", 1),
        ("where(x < 0 or not y < 0, 1, 2)", 2),
        ("x if 0 < x <= 2 and y != x else y", 2),
        ("y if x == 1 else x", 2),
        ("delta(x, 2) + delta(x, y)", 1),
        ("heaviside(x) + heaviside(y, 1)", 1),
        ("7 // 2 + floor(-0.5) + ceil(0.5)", 3),
        ("factorial(4) + binomial(5, 2) + comb(4, 4)", 35),
        ("e - exp(1)", 0),
        ("sin(pi/2) + cos(0) + tan(0)", 2),
        ("tanh(0) + sinh(0) + cosh(0) + erf(0) + sign(y)", 0),
        ("arctan(0) + arcsin(0) + asin(0) + atan(0) + arccos(1) + acos(1)", 0),
        ("gamma(5)", 24),
    ],
)
def test_formulas_mean_what_they_say(text, value):
    assert float(evaluate(read_typed(text, "f", SYMBOLS), POINT).number) == pytest.approx(value)


def test_nothing_is_evaluated():
    assert read_typed("10^10^10", "f", ()).args == (
        sp.Integer(10),
        sp.Pow(sp.Integer(10), sp.Integer(10), evaluate=False),
    )
    assert isinstance(read_typed("factorial(99999999)", "f", ()), sp.factorial)


def test_a_symbol_hides_the_constant_of_its_name():
    assert read_typed("e", "f", ["e"]) == sp.Symbol("e")
    assert read_typed("e", "f", ["x"]) == sp.E


def test_a_long_sum_is_not_deep():
    assert len(read_typed("+".join(["x"] * 200), "f", "x").args) == 200
    assert len(read_typed("*".join(["x"] * 200), "f", "x").args) == 200


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2x", "f, column 2: no sign stands in '2x'; for a product write *"),
        ("2 (x)", "f, column 3: no sign stands in"),
        ("x y", "f, column 3: no sign stands in 'x y'"),
        ("(x)(y)", r"f, column 4: no sign stands in '\)\('"),
        ("x(3)", "f, column 1: x is a symbol: for a product write x\\*"),
        ("x + lambda(2)", "f, column 5: lambda is a symbol"),
        ("0x1F", "f, column 1: write numbers in decimal"),
        ("x + 1_000", "f, column 5: numbers are read without _"),
        ("007", "column 1: a number does not begin with 0"),
        ("x^2 + 1234567890123456", "column 7: the number is too large"),
        ("9" * 100, "column 1: the number is too large"),
        ("1e400", "column 1: the decimal has too many digits"),
        ("0." + "1" * 60, "column 1: the decimal has too many digits"),
        ("x # y", "column 3: '#' is not read; comments are not read"),
        ("x²", r"column 2: '²' is not read; write \^2"),
        ("σ(x)", "column 1: 'σ' is not read; write sigma"),
        ("x \u200b", r"'U\+200B' is not read; use plain ASCII"),
        ("|x|", r"column 1: .* write abs\(x\)"),
        ("x!", r"column 2: .* write factorial\(n\)"),
        ("y = 2", "column 3: .* not an equation"),
        (r"\frac{1}{2}", "column 1: .* LaTeX is not read"),
        ("1, 2", "one formula is expected, without commas"),
        ("x @ y", "@ is for matrices; here all are numbers"),
        ("x < 2", r"a comparison stands where a number is expected; use where\("),
        ("x.T", "column 1: a point stands between a name and a name"),
        ("not x", "column 1: a condition stands where a number"),
        ("x if y else p", "column 6: a condition such as x > 0 is expected here"),
        ("where(x, 1)", "where does not take 2 arguments"),
        ("log()", "log does not take 0 arguments"),
        ("exp(*x)", "exp takes plain arguments only"),
        ("exp.exp(x)", "what is called is no name"),
        ("sqr(x)", "column 1: 'sqr' is no function known here; did you mean sqrt?"),
        ("qqq(x)", "'qqq' is no function known here; use exp, "),
        ("np.load(x)", "'load' is no function known here"),
        ("1 + exp", r"column 5: exp is a function: write exp\(...\)"),
        ("x + z", "column 5: the symbol 'z' has no meaning here; use x, y, p, lambda, sigma"),
        ("(x", "column 1: the formula breaks off"),
        ("x)", "column 2: the formula breaks off"),
        ("x +", "column 1: the formula breaks off"),
        ("x ** ** y", "column 6: the formula breaks off"),
        ("", "f is an empty string"),
        (" \n", "f is an empty string"),
        ("x+" * 1000 + "x", "f is too long: at most 2000 characters"),
        ("+".join(["x"] * 401), "too long: at most 400 parts"),
        ("-" * 200 + "x", "column 62: nested too deeply"),
        ("exp(" * 70 + "x" + ")" * 70, "nested too deeply"),
        ("where(where(x > 0, 1, 2) > 1, 1, 2)", "a condition may not hold a formula with cases"),
    ],
)
def test_what_cannot_be_read_says_where(text, message):
    with pytest.raises(InvalidAnswer, match=message):
        read_typed(text, "f", SYMBOLS)


def test_no_string_is_said():
    with pytest.raises(InvalidAnswer, match="f is a int; a formula as a string is expected"):
        read_typed(3, "f", SYMBOLS)


def test_no_symbols_at_all():
    with pytest.raises(InvalidAnswer, match="use no symbol at all"):
        read_typed("x", "f", ())


def test_only_the_functions_that_the_author_allows():
    assert read_typed("exp(x)", "f", "x", ["exp"]) == sp.exp(sp.Symbol("x"))
    with pytest.raises(InvalidAnswer, match="'tanh' is no function known here; use exp"):
        read_typed("tanh(x)", "f", "x", ["exp"])
    with pytest.raises(InvalidAnswer, match="'where' is no function known here"):
        read_typed("where(x > 0, 1, 2)", "f", "x", ["exp"])


def test_a_three_part_choice_needs_three_parts():
    with pytest.raises(InvalidAnswer, match="where takes three arguments"):
        FUNCTIONS["where"].build(1, 2, 3)


def test_conditions():
    m, n = sp.symbols("m n")
    read = read_typed_condition("m <= 7 and n > m", "c", "mn")
    assert read == sp.And(sp.Le(m, 7), sp.Gt(n, m))
    with pytest.raises(InvalidAnswer, match="a condition such as x > 0 is expected"):
        read_typed_condition("m + 1", "c", "mn")


@given(st.text(max_size=60) | st.text("xy2.0 +-*/^(),<>=!@#_e?:&'if", max_size=40))
def test_whatever_is_typed_is_read_or_refused(text):
    read = None
    with contextlib.suppress(InvalidAnswer):
        read = read_typed(text, "f", ("x", "y"))
    assert read is None or isinstance(read, sp.Basic)
