"""The bank of known wrong answers that a question's tests must catch.

A bank is a module beside the hidden tests (`mistakes_hw01_norms.py`). It serves twice: the tests
put each mistake into the source notebook and see it lose points, and grading compares a
failing answer with it, to tell the student which usual mistake it is.
"""

from __future__ import annotations

import importlib.util
import inspect
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.errors import ReleaseError


@dataclass(frozen=True, slots=True)
class Mistake:
    """One known wrong answer.

    `source` replaces the student's answer cell; `function` is the wrong function itself where its
    values tell it apart, else None; `caught_by` names the hidden test that must fail.
    """

    cell: str
    note: str
    hint: str
    caught_by: str
    source: str
    function: Callable[..., Any] | None = None
    answer: str = ""  # the answer cell's grade_id, where a question has more than one


def mistake(
    cell: str, *, note: str, hint: str, caught_by: str, by_behaviour: bool = True, answer: str = ""
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Marks a function as a known wrong answer to the question `cell`.

    With `by_behaviour=False` the values do not tell it apart (it wastes memory, say), and it is
    never used to recognise a failing answer.
    """

    def keep(function: Callable[..., Any]) -> Callable[..., Any]:
        lines = inspect.getsource(function).splitlines(keepends=True)
        start = next(i for i, line in enumerate(lines) if line.startswith("def "))
        known = function if by_behaviour else None
        _keep(Mistake(cell, note, hint, caught_by, "".join(lines[start:]), known, answer))
        return function

    return keep


def mistaken_cell(
    cell: str, *, note: str, hint: str, caught_by: str, source: str, answer: str = ""
) -> None:
    """Keeps the text of a wrong answer cell, for answers that are no single function."""
    _keep(Mistake(cell, note, hint, caught_by, textwrap.dedent(source), None, answer))


def _keep(known: Mistake) -> None:
    module = sys._getframe(2).f_globals  # the bank that calls, as `logging` finds its caller
    module.setdefault("MISTAKES", []).append(known)


def load_mistakes(hidden_tests: Path) -> tuple[Mistake, ...]:
    """The bank beside `test_X.py`, which is `mistakes_X.py`; empty where there is none."""
    path = hidden_tests.with_name(hidden_tests.name.replace("test_", "mistakes_", 1))
    if not path.exists():
        return ()
    facts = path.stat()
    return _loaded(path, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=4)
def _loaded(path: Path, _changed_ns: int, _size: int) -> tuple[Mistake, ...]:
    """The bank in a file, read once while the file stays as it is."""
    return tuple(load_module(path).MISTAKES)


def load_module(path: Path) -> ModuleType:
    """The module in a file, imported anew under a name of its own.

    Raises: ReleaseError where it is not importable.
    """
    spec = importlib.util.spec_from_file_location(f"_bank_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ReleaseError(f"{path} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
