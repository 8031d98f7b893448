"""Accepted variants of an assignment's answers: right forms that must earn all points."""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Variant:
    """One right answer in another form; `source` replaces the answer cell `answer` of `cell`."""

    cell: str
    why: str
    source: str
    answer: str = ""


def variant(cell: str, why: str, answer: str = "") -> Callable[[Callable[..., Any]], Any]:
    """Marks a function as an accepted answer to the question `cell`."""

    def keep(function: Callable[..., Any]) -> Callable[..., Any]:
        lines = inspect.getsource(function).splitlines(keepends=True)
        start = next(i for i, line in enumerate(lines) if line.startswith("def "))
        _keep(Variant(cell, why, "".join(lines[start:]), answer))
        return function

    return keep


def variant_cell(cell: str, why: str, *, source: str, answer: str = "") -> None:
    """Keeps the text of an accepted answer cell."""
    _keep(Variant(cell, why, textwrap.dedent(source), answer))


def _keep(accepted: Variant) -> None:
    sys._getframe(2).f_globals.setdefault("VARIANTS", []).append(accepted)
