"""Tracebacks say what IPython's own say, whatever was raised where."""

from __future__ import annotations

import inspect
import linecache
import sys
from contextlib import contextmanager

import pytest
from IPython.core.ultratb import AutoFormattedTB

from autograder.grading.sandbox.tracebacks import Traceback

RAISING = {
    "an assert": "assert False",
    "within a function": "def f():\n    raise ValueError(3)\n\n\nf()",
    "recursion": "def f(n):\n    return f(n - 1)\n\n\nf(3)",
    "code without a file": "exec('1/0')",
    "a library": "import numpy as np\nnp.linalg.inv(np.zeros((2, 2)))",
    "an expression over lines": "x = [1,\n     2,\n     3][7]",
    "a cause": "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise ValueError('x') from e",
    "another while handling": "try:\n    1 / 0\nexcept ZeroDivisionError:\n    [][0]",
    "not ASCII": "1 / 0  # é 𝔼",
    "a lambda": "(lambda: 1 / 0)()",
    "notes": "e = ValueError('x')\ne.add_note('a note')\nraise e",
}


@contextmanager
def few_frames():
    """A recursion ends soon: IPython takes its own 10 ms to a frame."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 100)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


@pytest.mark.parametrize("source", RAISING.values(), ids=RAISING)
def test_traceback_is_as_ipython_writes_it(source):
    file = f"<cell {hash(source)}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    with few_frames(), pytest.raises(Exception) as raised:  # noqa: PT011  # whatever it is
        exec(compile(source, file, "exec"), {})  # noqa: S102  # the point of it
    what = (raised.type, raised.value, raised.tb)
    ours, theirs = (
        kind(mode="Context", theme_name="nocolor", tb_offset=1).structured_traceback(*what)
        for kind in (Traceback, AutoFormattedTB)
    )
    assert ours == theirs
    assert any(raised.type.__name__ in line for line in ours)


def test_frame_of_a_file_that_is_gone_is_named():
    with pytest.raises(ZeroDivisionError) as raised:
        exec(compile("1 / 0", "gone.py", "exec"), {})  # noqa: S102  # the point of it
    made = Traceback(mode="Context", theme_name="nocolor", tb_offset=1)
    lines = made.structured_traceback(raised.type, raised.value, raised.tb)
    assert any("gone.py" in line for line in lines)
