"""Expressions are equal by their values: all the right forms, none of the wrong ones."""

from fractions import Fraction

import pytest
import sympy as sp

from autograder.answers.domains import interval
from autograder.answers.expressions import (
    Slip,
    compare,
    read_expression,
    require_equal,
    sample,
)
from autograder.answers.verdict import InvalidAnswer, UndecidedAnswer, WrongAnswer

a, b, x, y, p, s, t, n = sp.symbols("a b x y p s t n")
SIGMOID = 1 / (1 + sp.exp(-x))
RELU = sp.Max(x, 0)
ENTROPY = -p * sp.log(p) - (1 - p) * sp.log(1 - p)

EQUAL = [
    (SIGMOID, (1 + sp.tanh(x / 2)) / 2, {"x": "real"}),
    (SIGMOID, sp.exp(x) / (1 + sp.exp(x)), {"x": "real"}),
    (RELU, (x + sp.Abs(x)) / 2, {"x": "real"}),
    (RELU, sp.Piecewise((x, x > 0), (0, True)), {"x": "real"}),
    (
        sp.log(sp.exp(a) + sp.exp(b)),
        sp.Max(a, b) + sp.log(1 + sp.exp(-sp.Abs(a - b))),
        {"a": "real", "b": "real"},
    ),
    (
        -y * sp.log(SIGMOID) - (1 - y) * sp.log(1 - SIGMOID),
        sp.Max(x, 0) - x * y + sp.log(1 + sp.exp(-sp.Abs(x))),
        {"x": "real", "y": "unit"},
    ),
    (ENTROPY, p * sp.log(1 / p) + (p - 1) * sp.log(1 - p), {"p": "unit"}),
    (sp.log(s / t), sp.log(s) - sp.log(t), {"s": "positive", "t": "positive"}),
    (sp.sqrt(x**2), sp.Abs(x), {"x": "real"}),
    ((s**2 + t**2) / 2 / t**2 - sp.log(s / t), sp.log(t / s) + (1 + (s / t) ** 2) / 2 - 0
     + 0 * s - sp.Rational(0), {"s": "positive", "t": "positive"}),
    ((1 + sp.cos(sp.pi * p)) / 2, sp.cos(sp.pi * p / 2) ** 2, {"p": "unit"}),
    (n * (n + 1) / 2, sp.Rational(1, 2) * n**2 + n / 2, {"n": "whole"}),
    (SIGMOID * (1 - SIGMOID), (1 - sp.tanh(x / 2) ** 2) / 4, {"x": "real"}),
]  # fmt: skip

UNEQUAL = [
    (RELU, sp.sqrt(x**2), {"x": "real"}),
    (x * (1 + sp.erf(x / sp.sqrt(2))) / 2, x * SIGMOID.subs(x, 1.702 * x), {"x": "real"}),
    (ENTROPY, ENTROPY / sp.log(2), {"p": "unit"}),
    (SIGMOID, 1 / (1 + sp.exp(x)), {"x": "real"}),
    (1 / (sp.sqrt(s) + t), 1 / sp.sqrt(s + t**2), {"s": "positive", "t": "positive"}),
    (sp.log(s + t), sp.log(s) + sp.log(t), {"s": "positive", "t": "positive"}),
    (sp.log(sp.Integer(2)), sp.Float("0.70"), {}),
    (x, x + sp.Rational(1, 10**9), {"x": "real"}),
]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("reference", "answer", "domains"), EQUAL)
def test_right_forms_are_equal(reference, answer, domains, seed):
    points = sample(domains, seed)
    assert compare(answer, reference, points).verdict == "equal"
    assert compare(reference, answer, points).verdict == "equal"


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("reference", "answer", "domains"), UNEQUAL)
def test_wrong_forms_are_not(reference, answer, domains, seed):
    assert compare(answer, reference, sample(domains, seed)).verdict == "unequal"


def test_an_answer_undefined_where_the_reference_is_not_is_unequal():
    found = compare(x**2 / x, sp.Symbol("x"), sample({"x": "real"}))
    assert found.verdict == "equal"  # SymPy itself cancels; the tree below keeps the division
    kept = sp.Mul(x**2, sp.Pow(x, -1, evaluate=False), evaluate=False)
    found = compare(kept, x, sample({"x": "real"}))
    assert (found.verdict, found.undefined, found.at) == ("unequal", True, {"x": 0})


def test_points_where_the_reference_has_no_value_do_not_count():
    found = compare(sp.log(x), sp.log(x), sample({"x": "real"}, count=40))
    assert found.verdict == "equal"
    assert 8 <= found.agreed < 47


def test_too_few_points_are_no_verdict():
    found = compare(sp.log(x), sp.log(x), [{"x": Fraction(-1)}])
    assert found.verdict == "undecided"
    with pytest.raises(UndecidedAnswer, match=r"compared at 0 points only.*a person looks at it"):
        require_equal(sp.log(x), sp.log(x), [{"x": Fraction(-1)}], hint="")


def test_few_points_are_enough_where_no_more_are_given():
    points = [{"x": Fraction(n)} for n in (-1, 1, 2)]
    assert compare(sp.log(x), sp.log(x), points).verdict == "equal"
    many = [{"x": Fraction(n)} for n in (-9, -8, -7, -6, -5, -4, -3, -2, -1, 1, 2)]
    assert compare(sp.log(x), sp.log(x), many).verdict == "undecided"


def test_a_reference_that_cannot_be_read_is_the_author_s_to_mend():
    with pytest.raises(ValueError, match="the reference cannot be read: the symbol 'y'"):
        compare(x, y, sample({"x": "real"}))


def test_numbers_too_large_to_compute_are_no_answer():
    tower = sp.Pow(10, sp.Pow(10, 10, evaluate=False), evaluate=False)
    with pytest.raises(InvalidAnswer, match="a number too large to compute with, at every point"):
        compare(tower, x, sample({"x": "real"}))


def test_points_where_the_answer_is_too_large_do_not_count():
    answer = sp.log(sp.exp(sp.exp(x, evaluate=False), evaluate=False), evaluate=False)
    assert compare(answer, sp.exp(x), sample({"x": "real"})).verdict == "equal"


def test_a_logarithm_of_what_rounding_leaves_is_looked_at_with_more_digits():
    answer = sp.log(1 - 1 / (1 + sp.exp(-x)))  # 1 - sigmoid(200) is 1e-87
    points = sample({"x": interval(-200, 200)})
    assert compare(answer, -x - sp.log(1 + sp.exp(-x)), points).verdict == "equal"
    assert compare(answer, -x - sp.log(2 + sp.exp(-x)), points).verdict == "unequal"


def test_decimals_are_compared_to_nine_digits():
    points = sample({"x": "real"})
    assert compare(x * 0.333333333333, x / 3, points).verdict == "equal"
    assert compare(x * 0.3333, x / 3, points).verdict == "unequal"
    assert compare(0.5, sp.Rational(1, 2), sample({})).verdict == "equal"


def test_cancellation_hides_no_difference():
    big = sp.Integer(10) ** 40
    answer = sp.Add(x, big, -big, sp.Rational(1, 10**6), evaluate=False)
    assert compare(answer, x, sample({"x": "real"})).verdict == "unequal"


@pytest.mark.parametrize(("size", "verdict"), [(400, "unequal"), (4000, "undecided")])
def test_what_rounding_hides_is_not_called_equal(size, verdict):
    huge = sp.exp(sp.Integer(size))
    answer = sp.Add(sp.sin(x), huge, -huge, evaluate=False)
    assert compare(answer, sp.cos(x), sample({"x": "positive"})).verdict == verdict


def test_a_typed_formula_is_an_answer_too():
    points = sample({"x": "real"})
    assert (
        compare(read_expression("(1 + tanh(x/2))/2", "f", "x"), SIGMOID, points).verdict == "equal"
    )
    with pytest.raises(InvalidAnswer, match="f, column 2: no sign stands in '2x'"):
        read_expression("2x", "f", "x")


@pytest.mark.parametrize(
    "question",
    [sp.Integral(x, x), sp.Derivative(x**2, x), sp.Sum(x, (n, 1, 3)), sp.Limit(x, x, 0),
     sp.exp(sp.Product(x, (n, 1, 3)))],
)  # fmt: skip
def test_the_unevaluated_question_is_no_answer(question):
    with pytest.raises(InvalidAnswer, match=r"f: .* is the question itself"):
        read_expression(question, "f", "xn")


def test_the_point_of_disagreement_is_shown_only_where_the_author_wants_it():
    points = sample({"x": "real"})
    with pytest.raises(WrongAnswer) as caught:
        require_equal(x + 1, 2 * x + 1, points, hint="No.")
    assert caught.value.hint == "No."
    with pytest.raises(
        WrongAnswer, match=r"At x = 1 your expression is 2.0, which is not right. No."
    ):
        require_equal(x + 1, 2 * x + 1, points, hint="No.", show_point=True)
    with pytest.raises(WrongAnswer, match=r"Your expression is 2.0, which is not right. No."):
        require_equal(2, 3, sample({}), hint="No.", show_point=True)


def test_a_slip_may_earn_a_share():
    with pytest.raises(WrongAnswer) as caught:
        require_equal(-x, x, sample({"x": "real"}), hint="", slips=[Slip("sign", "", -x, 0.5)])
    assert caught.value.credit == 0.5


def test_a_slip_is_named():
    slip = Slip("sign", "Look at the sign.", -SIGMOID)
    points = sample({"x": "real"})
    with pytest.raises(WrongAnswer, match="sign: Look at the sign") as caught:
        require_equal(-SIGMOID, SIGMOID, points, hint="No.", slips=[slip])
    assert caught.value.note == "sign"
    with pytest.raises(WrongAnswer, match="not equal: No") as caught:
        require_equal(2 * SIGMOID, SIGMOID, points, hint="No.", slips=[slip])
    with pytest.raises(WrongAnswer, match="no real value at some point"):
        require_equal(sp.log(x), SIGMOID, points, hint="No.", slips=[slip])
    require_equal(sp.exp(x) / (1 + sp.exp(x)), SIGMOID, points, hint="No.")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (True, "f is a bool"),
        (None, "f is a None"),
        (lambda x: x, "f is a function"),
        (x + y, "the symbol 'y'; it may hold only a, x"),
        (sp.Eq(x, 1), "f is a Equality"),
    ],
)
def test_what_is_no_expression_is_refused(answer, message):
    with pytest.raises(InvalidAnswer, match=message):
        read_expression(answer, "f", ("x", "a"))


def test_expressions_and_numbers_are_read():
    assert read_expression(x + a, "f", ("x", "a")) == x + a
    assert read_expression(3, "f", ()) == 3
