"""Distributions are read exactly; entropies of them by hand."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from autograder.answers.counterexamples import differs, exceeds
from autograder.answers.distributions import (
    cross_entropy,
    entropy,
    kl,
    marginals,
    mutual_information,
    read_distribution,
    read_joint,
)
from autograder.answers.precision import CONTEXT
from autograder.answers.verdict import InvalidAnswer, WrongAnswer

THIRD = Fraction(1, 3)
LOG2 = CONTEXT.log(2)

RIGHT = [
    ([0.3, 0.7], (Fraction(3, 10), Fraction(7, 10)), "floats are the decimals that were written"),
    ([0.1, 0.2, 0.7], (Fraction(1, 10), Fraction(2, 10), Fraction(7, 10)), "0.1 + 0.2 + 0.7"),
    ([1 / 3] * 3, (THIRD,) * 3, "what floats leave of a sum is taken off"),
    (np.full(3, 1 / 3), (THIRD,) * 3, "an array"),
    ((THIRD, 2 * THIRD), (THIRD, 2 * THIRD), "fractions"),
    ([sp.Rational(1, 3), sp.Rational(2, 3)], (THIRD, 2 * THIRD), "SymPy's fractions"),
    ([0, 1], (0, 1), "a certain one"),
    ([1], (1,), "one outcome"),
]


@pytest.mark.parametrize(("answer", "p", "why"), RIGHT)
def test_distributions_in_many_forms(answer, p, why):
    assert read_distribution(answer, "p") == p, why


WRONG = [
    ([0.3, 0.6], "not normalised", r"add up to 0\.9", "too little"),
    ([0.333, 0.333, 0.333], "not normalised", r"add up to 0\.999", "rounded too far"),
    ([Fraction(1, 10**9), 1], "not normalised", "add up to", "close to 1, and exactly not"),
    ([1.5, -0.5], "a negative probability", "below 0", "adds up to 1 all the same"),
    ([2, 3], "not normalised", "above 1", "counts"),
    ([10**400, 0], "not normalised", "above 1", "huge"),
    ([0.5, float("nan")], "cannot be read", "nan", "nan"),
    ([float("inf"), 0], "cannot be read", "inf", "infinity"),
    ([sp.sqrt(2) / 2, 1 - sp.sqrt(2) / 2], "cannot be read", "rational numbers", "a root"),
    ("half", "cannot be read", "p is a str", "no vector"),
    ([0.5, 0.25, 0.25], "cannot be read", "2 are expected", "another size"),
]


@pytest.mark.parametrize(("answer", "note", "hint", "why"), WRONG)
def test_what_is_no_distribution_is_refused(answer, note, hint, why):
    size = 2 if why == "another size" else None
    with pytest.raises(WrongAnswer, match=hint) as caught:
        read_distribution(answer, "p", size)
    assert caught.value.note == note, why


def test_zeros_may_be_refused():
    with pytest.raises(WrongAnswer, match="a probability of zero"):
        read_distribution([0, 1], "p", positive=True)


def test_a_joint_distribution_and_its_marginals():
    joint = read_joint([[0.5, 0.25], [0, 0.25]], "P")
    assert marginals(joint) == ((Fraction(3, 4), Fraction(1, 4)), (Fraction(1, 2), Fraction(1, 2)))
    with pytest.raises(WrongAnswer, match="not normalised"):
        read_joint([[0.5, 0.5], [0.5, 0.5]], "P")
    with pytest.raises(InvalidAnswer, match="shape"):
        read_joint([[0.5, 0.5]], "P", (2, 2))


def test_entropies_by_hand():
    half, quarter = Fraction(1, 2), Fraction(1, 4)
    assert not differs(entropy((half, half)), LOG2)
    assert not differs(entropy((half, quarter, quarter)), 3 * LOG2 / 2)
    assert entropy((Fraction(0), Fraction(1))) == 0
    assert not differs(
        cross_entropy((half, half), (quarter, 3 * quarter)), 2 * LOG2 - CONTEXT.log(3) / 2
    )
    assert kl((half, half), (half, half)) == 0
    assert kl((half, half), (Fraction(0), Fraction(1))) == CONTEXT.inf
    assert cross_entropy((half, half), (Fraction(0), Fraction(1))) == CONTEXT.inf
    assert not differs(kl((Fraction(1), Fraction(0)), (quarter, 3 * quarter)), 2 * LOG2)


def test_a_symmetric_pair_is_seen_as_one():
    p, q = read_distribution([0.3, 0.7], "p"), read_distribution([0.7, 0.3], "q")
    assert not differs(kl(p, q), kl(q, p))
    assert differs(kl(p, (THIRD, 2 * THIRD)), kl((THIRD, 2 * THIRD), p))
    assert exceeds(kl(p, q), 0)


def test_information_of_copies_and_of_independent_ones():
    assert mutual_information(read_joint([[0.25, 0.25], [0.25, 0.25]], "P")) == 0
    assert not differs(mutual_information(read_joint([[0.5, 0], [0, 0.5]], "P")), LOG2)
