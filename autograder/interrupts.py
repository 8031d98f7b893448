"""Ctrl-C that is not lost on its way.

Python raises KeyboardInterrupt wherever the main thread happens to be. In a callback of the garbage
collector or of an import lock it is printed as "Exception ignored" and forgotten, and the program
goes on. A long work therefore asks, between its steps, whether one came.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def noted_interrupts() -> Iterator[Callable[[], None]]:
    """What is yielded raises KeyboardInterrupt if one was raised within the block before.

    Where another thread than the main one asks, or the program answers Ctrl-C in its own way, it
    does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield _never
        return
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield _never
        return
    came = threading.Event()

    def note(number: int, frame: FrameType | None) -> None:
        came.set()
        signal.default_int_handler(number, frame)

    def check() -> None:
        if came.is_set():
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, note)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _never() -> None:
    """Nobody interrupts here."""
