"""The published table of verdicts on schedules and on choices of barriers."""

import numpy as np
import pytest
import sympy as sp

from autograder.answers.schedules import require_barriers, require_failing_schedule
from autograder.answers.verdict import InvalidAnswer, WrongAnswer
from tests.answers.schedules.kernels import is_sum, shared_sum, tree_sum

UNSAFE = shared_sum(barrier=False)

SCHEDULES = [
    ([0, 0, 0, 0, 0, 1, 1], None, "thread 0 adds before thread 1 has written"),
    ([1, 0, 0, 0, 0, 1, 0], None, "it reads s[1] just before it is written"),
    (np.array([0] * 5 + [1] * 2), None, "an array"),
    ((0, 0, 0, 0, 0, 1, 1), None, "a tuple"),
    ([sp.Integer(0)] * 5 + [1, 1], None, "numbers of SymPy"),
    ([1, 1, 0, 0, 0, 0, 0], "the result is right", "the good order"),
    ([0, 0, 0, 1, 1, 0, 0], "the result is right", "just in time"),
    ([0, 0, 0, 0, 0, 1], "unfinished", "thread 1 never writes"),
    ([], "unfinished", "nothing runs"),
    ([0, 0, 0, 0, 0, 2, 1], "unknown thread", "there are two threads"),
    ([0, 0, 0, 0, 0, 0, 1], "the thread has ended", "one step too many"),
    ([0.0] * 5 + [1.0] * 2, "cannot be read", "decimals"),
    (["0", "1"], "cannot be read", "texts"),
    ([True, False], "cannot be read", "truth values"),
    ("0000011", "cannot be read", "a text"),
    ([0] * 5000, "cannot be read", "thousands of steps"),
    (np.zeros(10**6, dtype=int), "cannot be read", "a million of steps"),
    (None, "cannot be read", "nothing"),
]


@pytest.mark.parametrize(("schedule", "note", "why"), SCHEDULES, ids=[row[2] for row in SCHEDULES])
def test_a_schedule_must_be_lawful_and_make_it_fail(schedule, note, why):
    if note is None:
        assert require_failing_schedule(schedule, UNSAFE, is_sum) is None
        return
    with pytest.raises(WrongAnswer) as caught:
        require_failing_schedule(schedule, UNSAFE, is_sum)
    assert caught.value.note == note
    assert isinstance(caught.value, InvalidAnswer) == (note == "cannot be read")


def test_passing_the_barrier_is_unlawful_where_there_is_one():
    with pytest.raises(WrongAnswer, match=r"waits at a barrier: Step 4 .* when every thread"):
        require_failing_schedule([0, 0, 0, 0, 0, 0, 1, 1, 1], shared_sum(), is_sum)


def test_where_there_is_no_race_the_hint_says_so():
    with pytest.raises(WrongAnswer, match="no two threads meet at a cell"):
        require_failing_schedule([0, 0, 0, 1, 1, 1, 0, 0, 0], shared_sum(), is_sum)


def test_a_divergence_is_a_failure():
    require_failing_schedule([0, 0, 0, 0, 0, 0, 1, 1], tree_sum({3}, threads=2), is_sum)


BARRIERS = [
    ([0, 1], None, 0, "before the loop and in it"),
    ({0, 1}, None, 0, "a set"),
    ([1, 0, 0], None, 0, "in another order, one twice"),
    ([0, 1, 2], "more barriers than needed", 0.5, "one too many"),
    ([0], "a race is left", 0, "none in the loop"),
    ([1], "a race is left", 0, "none before the loop"),
    ([], "a race is left", 0, "none at all"),
    ([0, 2], "a race is left", 0, "after the loop only"),
    ([0, 1, 3], "a barrier that not all threads reach", 0, "inside the if"),
    ([7], "unknown slot", 0, "no such slot"),
    (["0"], "cannot be read", 0, "a text"),
    (2, "cannot be read", 0, "a number"),
]


@pytest.mark.parametrize(
    ("chosen", "note", "credit", "why"), BARRIERS, ids=[row[3] for row in BARRIERS]
)
def test_barriers_must_be_enough_and_no_more(chosen, note, credit, why):
    if note is None:
        assert require_barriers(chosen, tree_sum, (0, 1, 2, 3), is_sum) is None
        return
    with pytest.raises(WrongAnswer) as caught:
        require_barriers(chosen, tree_sum, (0, 1, 2, 3), is_sum)
    assert (caught.value.note, caught.value.credit) == (note, credit)


def test_a_wrong_result_without_a_race_is_told():
    with pytest.raises(WrongAnswer, match="wrong result"):
        require_barriers([0, 1], tree_sum, (0, 1), lambda memory: memory["out"] == (0,))
