"""Python functions as answers: float64 is exact enough, and a wrong function is not."""

# ruff: noqa: ARG005  # functions of one question have one signature

import math

import numpy as np
import pytest
import sympy as sp
import torch

from autograder.answers.domains import integer, interval, positive, real, sample, simplex, unit
from autograder.answers.expressions import Slip
from autograder.answers.function_answers import compare_function, require_equal_function
from autograder.answers.verdict import InvalidAnswer, UndecidedAnswer, WrongAnswer

x, y, p, n, k, s, t, p1, p2, p3 = sp.symbols("x y p n k s t p1 p2 p3")
SIGMOID = 1 / (1 + sp.exp(-x))
ENTROPY = -p * sp.log(p) - (1 - p) * sp.log(1 - p)


@pytest.mark.parametrize(
    ("reference", "function", "domains"),
    [
        (SIGMOID, lambda x: 1 / (1 + math.exp(-x)), {"x": real}),
        (SIGMOID, lambda x: 1 - 1 / (1 + math.exp(x)), {"x": real}),
        (SIGMOID, lambda x: torch.sigmoid(torch.tensor(x, dtype=torch.float64)), {"x": real}),
        (sp.log(1 + sp.exp(x)), lambda x: np.logaddexp(0, x), {"x": real}),
        (sp.log(1 + sp.exp(x)), lambda x: max(x, 0) + math.log1p(math.exp(-abs(x))), {"x": real}),
        (ENTROPY, lambda p: p * math.log(1 / p) + (p - 1) * math.log(1 - p), {"p": unit}),
        (ENTROPY, lambda p: sp.log(1 / sp.Float(p)) * p - (1 - p) * sp.log(1 - p), {"p": unit}),
        (n * (n + 1) / 2, lambda n: sum(range(n + 1)), {"n": integer(0, 30)}),
        (sp.binomial(n, k), math.comb, {"n": integer(5, 12), "k": integer(0, 5)}),
        (x - y, lambda x, y: (x**2 - y**2) / (x + y) if x != -y else x - y, {"x y": real}),
        (p1 * p2 * p3, lambda a, b, c: [a * b * c], {"p": simplex(3)}),
        (sp.log(s / t), lambda s, t: math.log(s) - math.log(t), {"s t": positive}),
        (sp.floor((n - k) / 2) + 1, lambda n, k: (n - k) // 2 + 1,
         {"n": integer(5, 40), "k": integer(1, 5)}),
    ],
)  # fmt: skip
def test_right_functions_pass(reference, function, domains):
    for seed in range(5):
        require_equal_function(function, reference, domains, hint="", seed=seed)


@pytest.mark.parametrize(
    ("reference", "function", "domains"),
    [
        (SIGMOID, lambda x: 1 / (1 + math.exp(x)), {"x": real}),
        (sp.Max(x, 0), abs, {"x": real}),
        (sp.Max(x, 0), lambda x: x if x >= 0 else 0.01 * x, {"x": real}),
        (ENTROPY, lambda p: -p * math.log2(p) - (1 - p) * math.log2(1 - p), {"p": unit}),
        (x, lambda x: x * (1 + 1e-7), {"x": real}),
        (x, lambda x: float(np.float32(x)), {"x": interval(-1, 1)}),
        (sp.binomial(n, k), math.perm, {"n": integer(5, 12), "k": integer(0, 5)}),
    ],
)
def test_wrong_functions_do_not(reference, function, domains):
    for seed in range(5):
        points = sample(domains, seed)
        assert compare_function(function, reference, domains, points).verdict == "unequal"


def test_whole_numbers_are_ints_and_the_rest_floats():
    seen = []
    require_equal_function(
        lambda n, x: seen.append((type(n), type(x))) or n * x,
        n * x,
        {"n": integer(1, 9), "x": real},
        hint="",
    )
    assert set(seen) == {(int, float)}


def test_a_slip_is_named_and_may_earn_a_share():
    slip = Slip("sign", "Look at the sign.", -x, 0.5)
    with pytest.raises(WrongAnswer, match="sign: Look at the sign") as caught:
        require_equal_function(lambda x: -x, x, {"x": real}, hint="No.", slips=[slip])
    assert caught.value.credit == 0.5
    with pytest.raises(WrongAnswer, match="not equal: No"):
        require_equal_function(lambda x: 2 * x, x, {"x": real}, hint="No.", slips=[slip])


def test_the_point_is_shown_only_where_the_author_wants_it():
    with pytest.raises(WrongAnswer) as caught:
        require_equal_function(lambda x: 2 * x, x, {"x": real}, hint="No.")
    assert caught.value.hint == "No."
    with pytest.raises(WrongAnswer, match="At x = 1 your function returns 2, which is not right"):
        require_equal_function(lambda x: 2 * x, x, {"x": real}, hint="No.", show_point=True)


def test_nan_where_the_reference_has_a_value_is_wrong():
    with pytest.raises(WrongAnswer, match=r"returns nan or infinity somewhere in the domain. No"):
        require_equal_function(lambda x: math.nan, x, {"x": real}, hint="No.")


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda x: None, "the function returns nothing"),
        (lambda x: [x, x], "should return one number, not several"),
        (lambda x: sp.Symbol("x"), "is or holds a Symbol"),
        (lambda x: "1", "is or holds a str"),
    ],
)
def test_what_is_no_number_cannot_be_read(function, message):
    with pytest.raises(InvalidAnswer, match=message):
        require_equal_function(function, x, {"x": real}, hint="")


def test_too_few_points_go_to_a_person():
    with pytest.raises(UndecidedAnswer, match="compared at 0 points only"):
        require_equal_function(lambda x: x, sp.log(-1 - x**2), {"x": real}, hint="")


def test_a_reference_that_cannot_be_read_is_the_author_s_to_mend():
    with pytest.raises(ValueError, match="the reference cannot be read: the symbol 'y'"):
        require_equal_function(lambda x: x, y, {"x": real}, hint="")


def test_what_the_function_raises_goes_on():
    with pytest.raises(ZeroDivisionError):
        require_equal_function(lambda x: x**2 / x, x, {"x": real}, hint="")


def test_a_condition_between_the_arguments():
    require_equal_function(
        lambda s, t: math.sqrt(t - s),
        sp.sqrt(t - s),
        {"s t": positive},
        hint="",
        where=lambda at: at["s"] < at["t"],
    )
