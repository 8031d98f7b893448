"""What is found by races and what is found by trying every schedule agree."""

import math

import pytest

from autograder.answers.schedules import Launch, Store, fewest_barriers, find_failing_schedule, run
from autograder.answers.schedules.search import every_schedule, finish, is_safe
from tests.answers.schedules.kernels import counter, counts_all, is_sum, shared_sum, shift, tree_sum


def test_every_schedule_is_tried_once():
    schedules = list(every_schedule(counter(atomic=False)))
    assert len(schedules) == len(set(schedules)) == math.comb(4, 2)
    assert all(run(counter(atomic=False), s).ended == "finished" for s in schedules)


@pytest.mark.parametrize(
    ("launch", "is_right", "safe"),
    [
        (shared_sum(2), is_sum, True),
        (shared_sum(3), is_sum, True),
        (shared_sum(2, barrier=False), is_sum, False),
        (counter(), counts_all(counter()), True),
        (counter(atomic=False), counts_all(counter()), False),
        (counter(blocks=2), counts_all(counter(blocks=2)), True),
        (tree_sum({0, 1}, threads=2), is_sum, True),
        (tree_sum({0}, threads=2), is_sum, True),
        (tree_sum({1}, threads=2), is_sum, False),
        (tree_sum({0, 3}, threads=2), is_sum, False),
        (shift(), lambda memory: memory["y"] == (2, 3, 0), True),
        (shift(guard=False), lambda memory: memory["y"] == (2, 3, 0), False),
    ],
)
def test_a_launch_is_safe_exactly_when_no_schedule_fails(launch, is_right, safe):
    failing = find_failing_schedule(launch, is_right)
    assert (is_safe(launch, is_right), failing is None) == (safe, safe)
    if failing is not None:
        outcome = run(launch, failing)
        assert outcome.ended != "finished" or not is_right(outcome.memory)


def test_fewest_barriers_of_a_tree():
    assert fewest_barriers(tree_sum, (0, 1, 2, 3), is_sum) == (frozenset({0, 1}),)


def test_no_barriers_help_where_the_result_is_wrong_anyway():
    assert fewest_barriers(tree_sum, (0, 1), lambda memory: memory["out"] == (0,)) == ()


def test_finish_takes_the_threads_in_order():
    assert finish(shared_sum(barrier=False), [1]) == (1, 0, 0, 0, 0, 0, 1)


def test_too_many_schedules_are_an_error():
    def kernel(t):
        for _ in range(9):
            yield Store("out", t.index, 1)

    launch = Launch(kernel, 4, {"out": [0] * 4})
    with pytest.raises(ValueError, match="more than 4000 schedules; take fewer steps"):
        find_failing_schedule(launch, lambda _: True)
