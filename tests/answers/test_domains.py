"""The points at which formulas are compared lie where the author says, and where mistakes show."""

from fractions import Fraction
from typing import Any, cast

import pytest

from autograder.answers.domains import (
    integer,
    interval,
    names,
    positive,
    real,
    sample,
    simplex,
    unit,
    whole,
    whole_names,
)


def test_points_lie_in_their_domains():
    domains = {"x": real, "s": positive, "p": unit, "n": whole, "k": integer(-2, 4)}
    for point in sample(domains | {"t": interval(-1, 0.5)}, seed=3, count=50):
        assert point["s"] > 0
        assert 0 < point["p"] < 1
        assert point["n"] >= 1
        assert point["n"].denominator == point["k"].denominator == 1
        assert -2 <= point["k"] <= 4
        assert -1 < point["t"] < Fraction(1, 2)


def test_the_same_seed_gives_the_same_points():
    assert sample({"x": real}, seed=3) == sample({"x": real}, seed=3) != sample({"x": real}, seed=4)


def test_names_of_domains_are_words_too():
    assert sample({"x": "real", "p": "unit"}) == sample({"x": real, "p": unit})


def test_special_values_come_first_and_together():
    points = sample({"x y": real}, count=0)
    assert {"x": 0, "y": 0} in points
    assert {"x": -60, "y": -60} in points
    assert any(p["x"] == 0 and p["y"] not in (0, 1, -1) for p in points)
    assert any(p["y"] == -1 and p["x"] not in (0, 1, -1) for p in points)
    assert any(p["x"] == p["y"] and p["x"] not in real.special for p in points)


def test_scales_are_mixed_and_signs_too():
    values = [p["x"] for p in sample({"x": real}, count=200)]
    assert min(map(abs, values)) == 0
    assert any(0 < abs(v) < Fraction(1, 2) for v in values)
    assert any(abs(v) > 50 for v in values)
    assert sum(v < 0 for v in values) > 60 < sum(v > 0 for v in values)


def test_ends_of_intervals_are_neared():
    values = [p["t"] for p in sample({"t": interval(2, 4)})]
    assert min(values) <= 2 + Fraction(1, 500)
    assert max(values) >= 4 - Fraction(1, 500)
    assert 0 in [p["t"] for p in sample({"t": interval(-3, 4)})]


def test_distributions_sum_to_one():
    for point in sample({"p": simplex(3), "a b": simplex(2)}):
        assert point["p1"] + point["p2"] + point["p3"] == 1 == point["a"] + point["b"]
        assert min(point.values()) > 0
    points = sample({"p": simplex(3)})
    assert {"p1": Fraction(1, 3), "p2": Fraction(1, 3), "p3": Fraction(1, 3)} in points
    assert any(max(p.values()) > Fraction(99, 100) for p in points)


def test_a_condition_between_symbols_holds():
    for point in sample({"s t": positive}, where=lambda at: at["s"] < at["t"]):
        assert point["s"] < point["t"]


def test_no_symbols_are_one_point_many_times():
    assert set(map(len, sample({}))) == {0}
    assert len(sample({})) >= 8


def test_names_of_all_symbols():
    assert names({"x y": real, "p": simplex(2), "a b": simplex(2)}) == (
        "x",
        "y",
        "p1",
        "p2",
        "a",
        "b",
    )


def test_symbols_of_whole_numbers():
    domains = {"m n": whole, "k": integer(0, 3), "x": "real", "p": simplex(2)}
    assert whole_names(domains) == {"m", "n", "k"}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: integer(3, 2), "no whole number lies between 3 and 2"),
        (lambda: interval(1, 1), "no number lies between 1 and 1"),
        (lambda: simplex(1), "a distribution of 1 probabilities has no freedom"),
        (lambda: sample({"a b c": simplex(2)}), "3 names stand for the 2 probabilities"),
        (lambda: sample({"x": cast("Any", "rael")}), "'rael' is no domain; use one of real"),
        (lambda: sample({"x": real}, where=lambda _: False), "none of 200 random points"),
    ],
)  # fmt: skip
def test_impossible_domains_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
