"""The homeworks that are graded in the benchmark, and ten students' answers to each.

`hw01_norms` is a real one: pictures, theory, 135 hidden tests. Of `small`, two functions of two
lines, next to nothing is the students' own code, so that what grading itself costs stands out.
"""

from __future__ import annotations

import copy
import itertools
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder import notebooks
from autograder.grading.mistakes import load_mistakes, load_module
from autograder.grading.student import is_answer_to
from tests.grading import small

ROOT = Path(__file__).parents[2]
STUDENTS = 10
NORMS = (
    small.NORM,
    "def norm(x, p):\n    if p < 1:\n        raise ValueError(p)\n    return np.linalg.norm(x, p)",
    "def norm(x, p):\n    assert p >= 1\n    return sum(abs(t) ** p for t in x) ** (1 / p)",
    "def norm(x, p):\n    return (x**p).sum() ** (1 / p)",
    "def norm(x, p):\n    return np.max(np.abs(x))",
)
ADDS = (small.ADD, "def add(A, B, C):\n    return A @ B + C")


@dataclass(frozen=True, slots=True)
class Homework:
    """Folders of the source and of the released notebook, the hidden tests, and ten answers."""

    name: str
    source: Path
    released: Path
    hidden_tests: Path
    answers: tuple[str, ...]

    def submissions(self, count: int) -> Iterator[tuple[str, bytes]]:
        """So many students with a notebook each: ten in turn, no two files the same."""
        for number in range(count):
            name = f"student{number:05}"
            yield name, self.answers[number % STUDENTS].replace("STUDENT", name).encode()


def real_homework() -> Homework:
    """The first assignment. One student hands in the reference; of the others' answers, half are
    right, in one form or another, and half are mistakes. Always the same ten."""
    name = "hw01_norms"
    tests = ROOT / "autograder" / "hidden_tests" / f"test_{name}.py"
    folder = ROOT / "solutions" / name
    source = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    made: list[str] = []
    for number in range(STUDENTS):
        draw = random.Random(number)  # noqa: S311  # the same ten each time
        notebook = copy.deepcopy(source)
        for cell in notebook.cells:
            if notebooks.is_solution(cell) and cell.cell_type == "code":
                answer = notebooks.grade_id(cell) or ""
                texts = [cell.source]
                if number:
                    texts = _choices(tests, cell.source, answer, draw)
                cell.source = f"# STUDENT\n{draw.choice(texts)}"
        made.append(json.dumps(notebooks.strip_outputs(notebook)))
    return Homework(name, folder, ROOT / "assignments" / name, tests, tuple(made))


def small_homework(folder: Path) -> Homework:
    """The small assignment, written below `folder`."""
    for part, notebook in (("source", small.source()), ("released", small.notebook())):
        (folder / part).mkdir()
        (folder / part / f"{small.NAME}.ipynb").write_bytes(small.text(notebook))
    answers = tuple(
        small.text(small.notebook(f"# STUDENT\n{norm}", add))
        for norm, add in itertools.product(NORMS, ADDS)
    )
    return Homework(
        small.NAME, folder / "source", folder / "released",
        small.write_hidden_tests(folder / "hidden_tests"), tuple(map(bytes.decode, answers)),
    )  # fmt: skip


def _choices(tests: Path, reference: str, answer: str, draw: random.Random) -> Sequence[str]:
    """Right answers or wrong ones, with the same chance; the reference where there are none."""
    variants = ROOT / "tests" / "hidden_tests" / tests.name.replace("test_", "variants_")
    wrong = [m.source for m in load_mistakes(tests) if _replaces(m.cell, m.answer, answer)]
    right = [
        v.source for v in load_module(variants).VARIANTS if _replaces(v.cell, v.answer, answer)
    ]
    return draw.choice([[reference, *right], wrong or [reference]])


def _replaces(question: str, named: str, answer: str) -> bool:
    return named == answer if named else is_answer_to(answer, question)
