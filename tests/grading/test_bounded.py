"""A test's own work is ended, in the main thread and in any other."""

import threading

import pytest

from autograder.grading.bounded import TooLongToCompareError, bounded


def work_for_ever():
    with bounded(0.2):
        while True:
            pass


def test_work_without_an_end_is_ended():
    with pytest.raises(TooLongToCompareError, match="took too long to compare"):
        work_for_ever()


def test_it_is_ended_in_another_thread_too():
    raised = []

    def run():
        try:
            work_for_ever()
        except TooLongToCompareError as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    assert len(raised) == 1


def test_waiting_costs_nothing():
    with bounded(0.1):
        assert not threading.Event().wait(1.2)


def test_nothing_is_raised_once_the_work_is_done():
    for _ in range(20):
        with bounded(0.001):
            sum(range(1000))
    assert sum(range(10**6)) == 499999500000
