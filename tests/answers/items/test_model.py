"""Numbers that make an item unfit are named, one reason each."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from autograder.answers.items import Item, Option, draw, judge, problems
from autograder.answers.items.bank import find
from autograder.answers.items.model import draw_once, filled, printed
from autograder.answers.verdict import InvalidAnswer, WrongAnswer

ITEM = Item(
    name="double",
    topic="hw01_norms",
    level="recall",
    minutes=1,
    points=1,
    stem="What is $2 \\cdot {{n}}$?",
    hint="Add it to itself.",
    generate=lambda rng: {"n": int(rng.integers(3, 9))},
    answer=lambda p: 2 * p["n"],
    options=lambda p: [Option("squared", "Twice, not squared.", p["n"] ** 2)],
    recompute=lambda p: p["n"] + p["n"],
)


def found(**changes):
    return problems(draw_once(replace(ITEM, **changes), np.random.default_rng(0)))


def test_a_fit_item_has_no_problems():
    assert found() == ()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"recompute": lambda p: p["n"]}, "the second computation gives another key"),
        ({"generate": lambda _: {"n": 3.5}}, "n is 3.5, which is not printed exactly"),
        ({"generate": lambda _: {"n": True}}, "n is True, which is not printed exactly"),
        ({"options": lambda p: [Option("", "", 2 * p["n"])]}, "two options are printed alike"),
        ({"options": lambda p: [Option("", "", 2.01 * p["n"])]}, "two options are too close"),
        ({"generate": lambda _: {"n": 10**7}}, "the key is 2e+07"),
        ({"generate": lambda _: {"n": 0}}, "the key is 0"),
        ({"checks": lambda _: iter(["n is dull"])}, "n is dull"),
    ],
)
def test_what_makes_numbers_unfit_is_named(changes, problem):
    assert any(problem in text for text in found(**changes))


def test_a_stem_that_names_no_number_is_an_error():
    with pytest.raises(KeyError, match="m"):
        found(stem="{{m}}")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12, "12"),
        (Fraction(-5, 49), r"- \frac{5}{49}"),
        (0.20751, "0.208"),
        (1234.5, "1230"),
        (0.5, "0.5"),
        (sp.sqrt(8), r"2 \sqrt{2}"),
    ],
)
def test_values_are_printed_in_latex(value, text):
    assert printed(value) == text


def test_numbers_are_printed_as_they_are():
    text = filled("{{a}} and {{ b }} and {{c}}", {"a": -3, "b": (1, 2), "c": Fraction(1, 2)})
    assert text == r"-3 and 1,\; 2 and 1/2"


VERDICTS = [
    ("conv_size", lambda key, _: key, None),
    ("conv_size", lambda _, wrong: wrong[0].value, "rounded up"),
    ("conv_size", lambda key, _: key + 50, "not the number"),
    ("conv_size", lambda *_: "many", "cannot be read"),
    ("kl_in_bits", lambda key, _: round(key, 5), None),
    ("kl_in_bits", lambda _, wrong: wrong[0].value, "nats for bits"),
    ("norm_constant", lambda key, _: key, None),
    ("norm_constant", lambda key, _: float(key), None),
    ("quadratic_gradient", lambda key, _: key, None),
    ("quadratic_gradient", lambda key, _: str(key), None),
    ("quadratic_gradient", lambda _, wrong: wrong[1].value, "Ax"),
    ("quadratic_gradient", lambda *_: sp.Symbol("x3"), "cannot be read"),
]


@pytest.mark.parametrize(("name", "given", "note"), VERDICTS)
def test_an_answer_is_judged_by_the_slips_that_are_the_options(name, given, note):
    item = find(name)
    params = item.generate(np.random.default_rng(5))
    answer = given(item.answer(params), item.options(params))
    if note is None:
        assert judge(item, answer, np.random.default_rng(5)) is None
        return
    with pytest.raises(WrongAnswer) as caught:
        judge(item, answer, np.random.default_rng(5))
    assert caught.value.note == note
    assert isinstance(caught.value, InvalidAnswer) == (note == "cannot be read")


def test_unfit_numbers_are_drawn_again():
    numbers = iter([{"n": 0}, {"n": 2}, {"n": 5}])
    instance = draw(replace(ITEM, generate=lambda _: next(numbers)), np.random.default_rng(0))
    assert instance.params == {"n": 5}  # twice 0 is not to be written, twice 2 is 2 squared


def test_an_item_that_is_never_fit_is_an_error():
    with pytest.raises(ValueError, match="double is unfit 200 times: two options are"):
        draw(replace(ITEM, generate=lambda _: {"n": 2}), np.random.default_rng(0))
