"""A student's test must take every right implementation and refuse the wrong ones.

Here the checks are plain functions; tests/answers/test_student_tests_in_sandbox.py runs checks of a
real notebook. What is asked of a student: `check(mean)` says whether `mean(x)` is the mean of x.
"""

import numpy as np
import pytest

from autograder.answers.student_tests import (
    MAX_CALLS,
    MAX_ENTRIES,
    judge_student_test,
    right,
    wrong,
)
from autograder.answers.verdict import WrongAnswer

ACCEPTS = [right(np.mean), right(lambda x: float(np.sum(x)) / len(x))]
REJECTS = [
    wrong("sum", "Compare with a mean.", np.sum),
    wrong("median", "Use numbers that are not symmetric.", np.median),
    wrong("last left out", "Let the last one count.", lambda x: np.mean(x[:-1])),
    wrong("absolute values", "Use negative numbers.", lambda x: np.mean(np.abs(x))),
]


def judge(check, rng=None):
    rng = np.random.default_rng(3) if rng is None else rng
    judge_student_test(check, ACCEPTS, REJECTS, rng)


class RaisedError(ValueError):
    """As the grader meets what a student's code raised: it carries where that was."""

    raised = "frames"


class FailedError(AssertionError):
    raised = "frames"


def thorough(mean):
    return bool(np.isclose(mean(np.array([-1.0, 2.0, 8.0])), 3.0))


def by_assertions(mean):
    if not thorough(mean):
        raise FailedError
    return True


def raises_at_wrong_ones(mean):
    if not thorough(mean):
        raise RaisedError
    return True


def silent_at_wrong_ones(mean):
    return True if thorough(mean) else None


TABLE = [
    (thorough, None, None, "refuses all four"),
    (lambda mean: np.bool_(thorough(mean)), None, None, "a truth value of NumPy"),
    (by_assertions, None, None, "an assertion that fails refuses"),
    (lambda mean: mean(np.array([1.0, 3.0])) == 2, "median", 0.5, "two numbers"),
    (lambda mean: mean(np.array([-4.0, 1, 9, 2])) == 2, "last left out", 0.75, "misses one"),
    (lambda _: True, "sum", 0.0, "takes everything"),
    (lambda _: False, "refuses a right implementation", 0.0, "refuses everything"),
    (lambda mean: not thorough(mean), "refuses a right implementation", 0.0, "upside down"),
    (lambda _: None, "no answer", 0.0, "forgets to return"),
    (lambda _: 1, "no answer", 0.0, "a number, no truth value"),
    (lambda _: "yes", "no answer", 0.0, "a text"),
    (raises_at_wrong_ones, "raises instead of answering", 0.0, "an error for an answer"),
    (silent_at_wrong_ones, "no answer", 0.0, "an answer for right ones only"),
    (lambda mean: mean(np.zeros(MAX_ENTRIES + 1)) == 0, "asks for too much", 0.0, "a huge input"),
    (lambda mean: mean("x" * 9999) == 0, "asks for too much", 0.0, "a long text"),
    (lambda mean: mean({1: [0.0] * 9999}) == 0, "asks for too much", 0.0, "a large dict"),
    (lambda mean: mean(len) == 0, "passes no data", 0.0, "a function"),
    (lambda mean: mean([1.0, [len]]) == 0, "passes no data", 0.0, "a function in a list"),
    (
        lambda mean: all(mean([1.0]) == 1 for _ in range(MAX_CALLS + 1)),
        "asks for too much",
        0.0,
        "too many calls",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("check", "note", "credit", "why"), TABLE, ids=[row[3] for row in TABLE])
def test_a_check_earns_by_what_it_refuses(check, note, credit, why):
    if note is None:
        assert judge(check) is None
        return
    with pytest.raises(WrongAnswer) as caught:
        judge(check)
    assert (caught.value.note, caught.value.credit) == (note, credit)


def test_an_error_at_a_right_implementation_goes_through():
    def check(mean):
        raise RaisedError

    with pytest.raises(RaisedError):
        judge(check)


def test_an_error_of_our_own_is_no_verdict():
    def check(mean):
        raise KeyError("a bug of the grader")

    with pytest.raises(KeyError):
        judge(check)


def test_counting_the_calls_tells_nothing():
    """Whoever answers True so many times and then False earns nothing, but by great luck."""

    def earned(seed):
        calls = []

        def by_counting(mean):
            calls.append(mean)
            return len(calls) <= len(ACCEPTS)

        try:
            judge(by_counting, np.random.default_rng(seed))
        except WrongAnswer as error:
            return error.note != "refuses a right implementation"
        return True

    assert sum(map(earned, range(100))) < 15  # 1 in 15 of the orders: six choose two


def test_the_same_numbers_give_the_same_verdict():
    def at_random(mean):
        return bool(np.random.default_rng(0).random() < 0.5)

    notes = []
    for _ in range(2):
        with pytest.raises(WrongAnswer) as caught:
            judge(at_random, np.random.default_rng(7))
        notes.append((caught.value.note, caught.value.credit))
    assert notes[0] == notes[1]


def test_functions_are_passed_where_the_question_asks_for_it():
    accepts, rejects = [right(lambda f: f(3))], [wrong("adds 1", "Call it once.", lambda f: f(4))]
    rng = np.random.default_rng(0)
    judge_student_test(lambda call: call(abs) == 3, accepts, rejects, rng, takes_functions=True)
    with pytest.raises(WrongAnswer, match="passes no data"):
        judge_student_test(lambda call: call(abs) == 3, accepts, rejects, rng)
