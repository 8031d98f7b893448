"""Numbers with digits and units: what passes, and which slip is named."""

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from autograder.answers.numbers import NumberSlip, Tolerance, require_number
from autograder.answers.units import read_unit
from autograder.answers.verdict import InvalidAnswer, WrongAnswer

KEY = math.log2(20)  # 4.3219...
SLIPS = (
    NumberSlip("log of the length", "Of what is the perplexity a power?", math.log2(4.5), 0.25),
)


def judge(answer, **more):
    """The number of bits of a perplexity of 20, to three significant figures."""
    options = {"significant": 3, "unit": "bits", "slips": SLIPS, "hint": "A perplexity is 2^H."}
    require_number(answer, KEY, what="entropy", **(options | more))


RIGHT = [
    ((4.32, "bits"), "rounded"),
    ((4.321928094887363, "bits"), "not rounded"),
    (("4.32", "bits"), "a typed number"),
    ("4.32 bits", "a string"),
    ("4.32bits", "without a blank"),
    ("4.32 Bits", "a capital"),
    ("4.32 bit", "singular"),
    ("log(20)/log(2) bits", "typed mathematics"),
    ("log2(20) bits", "typed mathematics"),
    ((sp.log(20, 2), "bits"), "exact"),
    ([np.float64(4.32), "bits"], "NumPy's number, a list"),
    ((3.00, "nats"), "another unit that converts"),
    ("2.9957 nats", "the same"),
    ((sp.log(20), "nats"), "the same"),
    ((4.317, "bits"), "half a unit of the last place below"),
    ((0.54024, "bytes"), "bytes convert, however odd"),
]


@pytest.mark.parametrize(("answer", "why"), RIGHT)
def test_right_numbers_pass(answer, why):
    judge(answer)
    assert why


WRONG = [
    ((3.00, "bits"), "nats for bits", 0, "the natural logarithm"),
    ("2.9957 bits", "nats for bits", 0, "the same, typed"),
    ((4.32, "nats"), "bits for nats", 0, "the other way round"),
    (3.00, "nats for bits", 0, "without a unit, and not in bits"),
    (4.32, "unit missing", 0.5, "right without its unit"),
    ("4.32", "unit missing", 0.5, "the same, typed"),
    ((4.32, "s"), "wrong unit", 0, "seconds are no information"),
    ((2.17, "bits"), "log of the length", 0.25, "the author's slip"),
    ((-4.32, "bits"), "wrong sign", 0, "the sign"),
    ((4.3, "bits"), "too few digits", 0.5, "two figures"),
    ((4.33, "bits"), "rounded wrongly", 0.5, "rounded up"),
    ((4.31, "bits"), "not the number", 0, "more than a unit below"),
    ((4, "bits"), "not the number", 0, "one figure is not worth half"),
    ((4.3281, "bits"), "not the number", 0, "near, and not by rounding"),
    ((20, "bits"), "not the number", 0, "the perplexity itself"),
    ((0, "bits"), "not the number", 0, "zero"),
]


@pytest.mark.parametrize(("answer", "note", "credit", "why"), WRONG)
def test_slips_are_named(answer, note, credit, why):
    with pytest.raises(WrongAnswer) as caught:
        judge(answer)
    assert (caught.value.note, caught.value.credit) == (note, credit), why
    assert "4.3" not in caught.value.hint


# key, how close, answer, whether it passes, why
CLOSE = [
    (math.log(2), {}, 0.6931, True, "a relative error of a thousandth"),
    (math.log(2), {}, 0.70, False, "one of a hundredth is too much"),
    (1 / 3, {"decimals": 2}, 0.33, True, "two decimals"),
    (1 / 3, {"decimals": 2}, Fraction(1, 3), True, "all of them"),
    (1 / 3, {"decimals": 2}, 0.34, False, "the next one"),
    (2.675, {"decimals": 2}, 2.67, True, "a half may be rounded down"),
    (2.675, {"decimals": 2}, 2.68, True, "or up"),
    (61706, {"rel": 0}, 61706, True, "exactly"),
    (61706, {"rel": 0}, 61707, False, "exactly"),
    (6.02e23, {"significant": 3}, 6.02e23, True, "a large number"),
    (1.2e-7, {"significant": 2}, "1.2e-7", True, "a small number, typed"),
    (0, {}, 0, True, "zero"),
    (0, {}, 1e-15, True, "zero, computed"),
    (0, {}, 1e-3, False, "not zero"),
    (sp.Rational(2, 3), {}, 2 / 3, True, "an exact key"),
    (0.43, {}, "43 %", True, "percent is a unit of a plain number"),
]


@pytest.mark.parametrize(("key", "how", "answer", "passes", "why"), CLOSE)
def test_how_close_is_close_enough(key, how, answer, passes, why):
    if passes:
        require_number(answer, key, what="x", hint="Once more.", **how)
        return
    with pytest.raises(WrongAnswer) as caught:
        require_number(answer, key, what="x", hint="Once more.", **how)
    assert caught.value.note in ("not the number", "rounded wrongly"), why


def test_a_percentage_given_for_a_share():
    with pytest.raises(WrongAnswer, match="percent for a share"):
        require_number(43, 0.43, what="share", hint="Once more.")


@pytest.mark.parametrize(
    ("key", "unit", "answer", "note"),
    [
        (2048, "bytes", (2, "KiB"), None),
        (2048, "bytes", (2, "kB"), "KiB for kB"),
        (312e12, "FLOP/s", "312 TFLOP/s", None),
        (312e12, "FLOP/s", "312 TFLOPS", None),
        (0.5, "FLOP/B", "0.5 FLOP/byte", None),
        (0.5, "FLOP/B", "0.5 FLOP/s", "wrong unit"),
        (2e9, "B/s", "2 GB/s", None),
        (0.25, "s", (250, "ms"), None),
        (0.25, "s", 250, "ms for s"),
        (5, "steps", (5, "steps"), None),
    ],
)
def test_units_convert(key, unit, answer, note):
    if note is None:
        require_number(answer, key, what="it", hint="Once more.", unit=unit)
        return
    with pytest.raises(WrongAnswer) as caught:
        require_number(answer, key, what="it", hint="Once more.", unit=unit)
    assert caught.value.note == note


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((4.32, "furlongs"), "the unit 'furlongs', which is not known here"),
        ((4.32, 3), "should be a number and a unit"),
        ((4.32,), "should be a number and a unit"),
        (None, "entropy: None"),
        ({}, "entropy is a dict"),
        ((math.nan, "bits"), "nan stands where a finite number"),
        ((math.inf, "bits"), "inf stands where a finite number"),
        ((sp.Symbol("x"), "bits"), "entropy"),
        (("4,32", "bits"), "entropy"),
        ("4.32 x bits", "entropy"),
        (True, "a truth value"),
        ((sp.Integer(10) ** 1000, "bits"), "too large to be read"),
    ],
)
def test_what_is_no_number_is_refused(answer, message):
    with pytest.raises(InvalidAnswer, match=message):
        judge(answer)


def test_impossible_questions_are_the_authors():
    with pytest.raises(ValueError, match="'parsec' is no unit that is known"):
        judge(3, unit="parsec")
    with pytest.raises(ValueError, match="not both"):
        Tolerance(decimals=2, significant=3)


def test_a_unit_is_a_name_or_a_quotient():
    assert read_unit("GB/s") is not None
    assert read_unit("m/s/h") is None
    assert read_unit("/s") is None
    assert read_unit("mB") is None
