"""What is imported for the first submission stays: the garbage collector leaves it alone."""

from __future__ import annotations

import gc
from functools import cache
from typing import Literal


@cache
def settle(_after: Literal["grading", "recording"]) -> None:
    """Takes all that this process holds out of the collector's sight, once after each step's first
    time.

    Python's full collections walk through every object that they know, and of torch, SymPy and
    nbgrader there are some 400,000: that was a twentieth of what grading costs.
    """
    gc.collect()
    gc.freeze()
