"""Ten students' answers to a homework: the reference mixed with accepted variants and mistakes."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder import notebooks
from autograder.grading.mistakes import load_mistakes, load_module
from autograder.grading.student import is_answer_to

ROOT = Path(__file__).parents[2]
HOMEWORK = "hw01_norms"
STUDENTS = 10


def submissions(count: int) -> Iterator[tuple[str, bytes]]:
    """So many students with a notebook each: ten different ones in turn, no two files the same."""
    ten = [json.dumps(notebook) for notebook in ten_notebooks()]
    for number in range(count):
        name = f"student{number:05}"
        yield name, ten[number % STUDENTS].replace("STUDENT", name).encode()


def ten_notebooks() -> list[NotebookNode]:
    """The first student hands in the reference; of the others' answers, half are right, in one form
    or another, and half are mistakes. Always the same ten."""
    source = nbformat.read(ROOT / "solutions" / HOMEWORK / f"{HOMEWORK}.ipynb", as_version=4)
    made: list[NotebookNode] = []
    for number in range(STUDENTS):
        draw = random.Random(number)  # noqa: S311  # the same ten each time
        notebook = copy.deepcopy(source)
        for cell in notebook.cells:
            if notebooks.is_solution(cell) and cell.cell_type == "code":
                name = notebooks.grade_id(cell) or ""
                texts = [cell.source] if number == 0 else _choices(cell.source, name, draw)
                cell.source = f"# STUDENT\n{draw.choice(texts)}"
        made.append(notebooks.strip_outputs(notebook))
    return made


def _choices(reference: str, answer: str, draw: random.Random) -> Sequence[str]:
    """Right answers or wrong ones, with the same chance; the reference where there are none."""
    tests = ROOT / "autograder" / "hidden_tests" / f"test_{HOMEWORK}.py"
    variants = ROOT / "tests" / "hidden_tests" / f"variants_{HOMEWORK}.py"
    wrong = [m.source for m in load_mistakes(tests) if _replaces(m.cell, m.answer, answer)]
    right = [
        v.source for v in load_module(variants).VARIANTS if _replaces(v.cell, v.answer, answer)
    ]
    return draw.choice([[reference, *right], wrong or [reference]])


def _replaces(question: str, named: str, answer: str) -> bool:
    return named == answer if named else is_answer_to(answer, question)
