"""The class in one question: counted by hand."""

import pytest

from autograder.gradebook.distribution import Distribution, distribute
from autograder.settings import LEAST_IN_CLASS


def test_bars_count_each_fifth_and_quartiles_are_the_middle_ones():
    scores = [10.0, 0.0, 10.0, 4.0, 8.0]
    expected = Distribution(5, 10.0, (1, 0, 1, 0, 3), low=4.0, median=8.0, high=10.0)

    assert distribute(scores, 10.0) == expected


def test_quartiles_lie_between_two_scores_where_they_must():
    found = distribute([0.0, 1.0, 2.0, 3.0, 4.0, 10.0], 10.0)

    assert (found.low, found.median, found.high) == (1.25, 2.5, 3.75)


@pytest.mark.parametrize(
    ("score", "bar"),
    [(0.0, 0), (1.99, 0), (2.0, 1), (5.99, 2), (6.0, 3), (8.0, 4), (10.0, 4), (11.0, 4), (-1.0, 0)],
)
def test_a_bar_begins_at_its_fifth_and_the_ends_take_what_lies_outside(score, bar):
    found = distribute([score] * 5, 10.0)

    assert found.bars[bar] == 5


def test_a_fifth_is_met_exactly_whatever_the_points():
    for max_score in (0.7, 1.0, 3.0, 7.0, 12.5):
        for fifth in range(5):
            found = distribute([max_score * fifth / 5] * 5, max_score)
            assert found.bars[fifth] == 5


def test_the_order_of_the_scores_says_nothing():
    assert distribute([1, 2, 3, 4, 5], 5) == distribute([5, 3, 1, 2, 4], 5)


@pytest.mark.parametrize(
    ("scores", "points"), [([1.0] * (LEAST_IN_CLASS - 1), 10.0), ([1.0] * 9, 0.0)]
)
def test_too_few_scores_and_a_question_without_points_are_refused(scores, points):
    with pytest.raises(ValueError, match=r"have no distribution; give 5 scores"):
        distribute(scores, points)
