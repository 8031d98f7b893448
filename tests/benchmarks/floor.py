"""The least that grading can cost: the same cells and the same tests in one bare process.

No sandbox, no nbgrader, no wire: torch is imported once, cells are run by `exec`, hidden tests call
the functions directly. Prints the CPU and wall seconds of all notebooks, imports left out.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import sys
import time
import tracemalloc
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import matplotlib as mpl

mpl.use("agg")

import nbformat  # after the choice of how to draw
import pytest
import sympy  # noqa: F401  # every notebook imports it
import torch
from matplotlib import pyplot as plt

from autograder import notebooks
from autograder.errors import NotAttemptedError
from autograder.grading.pytest_plugin import ARGUMENTS, Author, HiddenTests
from autograder.grading.student import is_answer_to


class BareStudent:
    """The `student` fixture on a plain namespace."""

    def __init__(self, names: dict[str, Any], answers: dict[str, str]) -> None:
        self._names, self._answers = names, answers

    def __getattr__(self, name: str) -> Any:
        return self[name]

    def __getitem__(self, name: str) -> Any:
        if name not in self._names:
            raise NotAttemptedError(f"the notebook does not define {name!r}")
        return self._names[name]

    def source(self, question: str) -> str:
        return "\n\n".join(t for n, t in self._answers.items() if is_answer_to(n, question))

    def tree(self, question: str) -> ast.Module:
        return ast.parse(self.source(question))

    def measure_memory(self, function: Any, *args: Any, **kwargs: Any) -> tuple[Any, int]:
        tracemalloc.start()
        try:
            return function(*args, **kwargs), tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    def capture(self, function: Any, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
        with contextlib.redirect_stdout(io.StringIO()) as text:
            value = function(*args, **kwargs)
        shown = {"text": text.getvalue(), "figures": tuple(_pictures()), "displayed": ()}
        return value, SimpleNamespace(**shown)


class _NoLink:
    """What the plugin tells a session; here is none."""

    def __init__(self) -> None:
        self.calls: list[Any] = []
        self.session = SimpleNamespace(cells=())

    def begin(self, _question: str, seed: int) -> None:
        torch.manual_seed(seed % 2**63)


def grade(notebook: Path, hidden_tests: Path) -> int:
    """Runs one notebook and its hidden tests; returns how many passed."""
    cells = nbformat.read(notebook, as_version=4).cells
    names: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for cell in cells:
            if cell.cell_type == "code":
                with contextlib.suppress(Exception):
                    exec(compile(cell.source, "cell", "exec"), names)  # noqa: S102  # the point of it
                _pictures()
        answers = {notebooks.grade_id(c) or "": c.source for c in cells if notebooks.is_solution(c)}
        link, student = cast(Any, _NoLink()), cast(Any, BareStudent(names, answers))
        plugin = HiddenTests(link, student, Author("example", b""), None)
        pytest.main(
            [*ARGUMENTS, "--rootdir", str(hidden_tests.parent), str(hidden_tests)], [plugin]
        )
    return sum(result.outcome.status == "passed" for result in plugin.results)


def _pictures() -> list[bytes]:
    """Every figure that is open, drawn, as a notebook shows it after a cell."""
    drawn = []
    for number in plt.get_fignums():
        picture = io.BytesIO()
        plt.figure(number).savefig(picture, format="png", bbox_inches="tight")
        drawn.append(picture.getvalue())
    plt.close("all")
    return drawn


def main() -> None:
    hidden_tests, *files = map(Path, sys.argv[1:])
    start, cpu = time.perf_counter(), time.process_time()
    passed = [grade(path.resolve(), hidden_tests) for path in files]
    spent = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - start}
    sys.stdout.write(json.dumps(spent | {"passed": passed}) + "\n")


if __name__ == "__main__":
    main()
