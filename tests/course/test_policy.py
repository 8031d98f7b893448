"""The late rule, the drop rule and the weights."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.policy import (
    LateRule,
    best_of,
    decide,
    mean_of_best,
)

TWO_DAYS_ONCE = LateRule(days=2, times=1)


@pytest.mark.parametrize(
    ("tips", "times_used", "expected"),
    [
        (["a", "a", "a"], 0, (0, "a")),  # on time, one minute before four
        ([None, "b", "b"], 0, (1, "b")),  # 6 or 15 minutes late
        ([None, None, "c"], 0, (2, "c")),  # two days late
        (["a", "a", "c"], 0, (2, "c")),  # again after an on-time version
        (["a", "b", "b"], 0, (1, "b")),
        (["a", "b", "c"], 0, (2, "c")),  # the last of two late versions
        (["a", "b", "c"], 1, (0, "a")),  # the allowance is spent: the version on time stands
        ([None, "b", "b"], 1, None),  # spent, and nothing was there on time
        ([None, None, None], 0, None),  # three days late, or never
        (["a", "b", "a"], 0, (0, "a")),  # pushed back to the version on time
        (["a", None, None], 0, (0, "a")),  # the branch was deleted afterwards
        (["a", "b", None], 0, (1, "b")),
        (["a"], 0, (0, "a")),  # the window has just opened
        (["a", "b"], 0, (1, "b")),  # one day into the window
    ],
)
def test_two_days_late_once(tips, times_used, expected):
    assert decide(tips, TWO_DAYS_ONCE, times_used) == expected


def test_without_late_days_only_the_deadline_counts():
    assert decide(["a"], LateRule(days=0, times=5), 0) == (0, "a")


def test_without_allowances_late_work_does_not_count():
    assert decide([None, "b", "b"], LateRule(days=2, times=0), 0) is None


@pytest.mark.parametrize("tips", [[], ["a"] * 4])
def test_a_wrong_number_of_tips_is_an_error(tips):
    with pytest.raises(ValueError, match=f"expected 1 to 3 tips, one a day, got {len(tips)}"):
        decide(tips, TWO_DAYS_ONCE, 0)


@given(
    tips=st.lists(st.sampled_from([None, "a", "b", "c"]), min_size=3, max_size=3),
    times_used=st.integers(0, 2),
)
def test_what_counts_stood_on_the_branch_that_day(tips, times_used):
    decided = decide(tips, TWO_DAYS_ONCE, times_used)
    if decided is None:
        assert tips[0] is None
    else:
        days, tip = decided
        assert tips[days] == tip
        assert days == 0 or times_used < TWO_DAYS_ONCE.times


def test_the_best_nine_of_ten_count():
    scores = [0.9, 0.8, 0.1, 1.0, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2]
    assert best_of(scores, 9) == (0, 1, 3, 4, 5, 6, 7, 8, 9)
    assert mean_of_best(scores, 9) == pytest.approx(5.4 / 9)


def test_of_equal_scores_the_earlier_counts():
    assert best_of([0.5, 0.5, 0.5], 2) == (0, 1)


def test_nothing_is_dropped_before_it_has_to_be():
    assert best_of([0.2, 0.9], 9) == (0, 1)
    assert mean_of_best([], 9) == 0.0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.integers(1, 12))
def test_dropping_never_lowers_a_mean(scores, n):
    assert mean_of_best(scores, n) >= sum(scores) / len(scores) - 1e-12
