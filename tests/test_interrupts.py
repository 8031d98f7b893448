"""A Ctrl-C counts, even where Python forgets the exception it raised for it."""

import os
import signal
import threading
import weakref

import pytest

from autograder.interrupts import noted_interrupts

pytestmark = pytest.mark.usefixtures("ctrl_c")


class Forgets:
    """Is interrupted in a callback of the garbage collector, out of which nothing is raised."""

    def __init__(self):
        weakref.finalize(self, os.kill, os.getpid(), signal.SIGINT)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_forgotten_interrupt_is_raised_at_the_next_step():
    with noted_interrupts() as check:
        check()
        Forgets()  # its end raises KeyboardInterrupt, which is forgotten
        with pytest.raises(KeyboardInterrupt):
            check()


def test_an_interrupt_is_raised_where_it_comes():
    with pytest.raises(KeyboardInterrupt), noted_interrupts():
        os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_program_that_ignores_ctrl_c_goes_on():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with noted_interrupts() as check:
        os.kill(os.getpid(), signal.SIGINT)
        check()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_another_thread_leaves_ctrl_c_to_the_main_one():
    asked = []

    def work():
        with noted_interrupts() as check:
            asked.append(check())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert asked == [None]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
