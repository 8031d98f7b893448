"""Ends work of the grader's own that takes too much CPU, in whatever thread it runs.

A hidden test works on what student code returned, and that can be made slow to compare. Signals
reach the main thread only, and a Dask worker grades in another one; so a second thread looks, and
raises in the first, as CPython's `PyThreadState_SetAsyncExc` allows. Work inside one call of a
library written in C is not ended before that call returns.
"""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from autograder.errors import StudentTimeoutError

LOOK_S = 0.5
MOST_RAISED = 20  # code that catches all of them is left to the limits of its sandbox


class TooLongToCompareError(StudentTimeoutError):
    """What the student's code returned takes too long to compare."""

    def __init__(self) -> None:
        super().__init__("what the code returned took too long to compare")


@contextmanager
def bounded(cpu_s: float) -> Iterator[None]:
    """Ends the block where this thread spends more CPU in it.

    Raises: TooLongToCompareError, again and again until the block is left.
    """
    mine = threading.get_ident()
    clock = time.pthread_getcpuclockid(mine)
    end = time.clock_gettime(clock) + cpu_s
    is_left = threading.Event()

    def look() -> None:
        raised = 0
        while not is_left.wait(LOOK_S) and raised < MOST_RAISED:
            if time.clock_gettime(clock) > end:
                _raise_in(mine, TooLongToCompareError)
                raised += 1

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        _leave(is_left, watcher)


def _leave(is_left: threading.Event, watcher: threading.Thread) -> None:
    """Ends the watcher, also where its last word arrives only now."""
    while True:
        try:
            is_left.set()
            watcher.join()
            _raise_in(threading.get_ident(), None)  # what was raised and has not arrived
        except TooLongToCompareError:
            continue
        else:
            return


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    what = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), what)
