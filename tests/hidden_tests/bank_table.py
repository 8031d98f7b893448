"""How many known mistakes and accepted variants each question has, as a table in Markdown.

    python -m tests.hidden_tests.bank_table > autograder/hidden_tests/README.md

`test_assignments.py` proves each of them: a mistake loses points at the test that names it, and a
variant earns all.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import nbformat

from autograder import notebooks
from autograder.grading.mistakes import load_mistakes, load_module
from autograder.release.hidden_test_file import read_hidden_tests

ROOT = Path(__file__).parents[2]
HIDDEN_TESTS = ROOT / "autograder" / "hidden_tests"
HEAD = """# Hidden tests

One pytest file for each assignment, `test_NAME.py`, and its bank of known mistakes,
`mistakes_NAME.py`; how they are written stands in [grading](../grading/README.md) and
[answers](../answers/README.md).

The project's tests put every mistake of a bank into the source notebook, and see that it loses
points, that the test which it names fails, and that the student is told which mistake it is. Every
variant in `tests/hidden_tests/variants_NAME.py`, a right answer in another form, has to earn all
points. None of the mistakes below survives, and none of the variants is refused: `make banks` tries
them all, `make test` every third mistake. This table is made by
`python -m tests.hidden_tests.bank_table`; a test holds it.
"""


def table() -> str:
    """The whole page."""
    names = sorted(path.stem.removeprefix("test_") for path in HIDDEN_TESTS.glob("test_*.py"))
    return "\n".join([HEAD, *map(_of, names)])


def _of(name: str) -> str:
    mistakes = Counter(m.cell for m in load_mistakes(HIDDEN_TESTS / f"test_{name}.py"))
    bank = load_module(ROOT / "tests" / "hidden_tests" / f"variants_{name}.py")
    variants = Counter(v.cell for v in bank.VARIANTS)
    tests = read_hidden_tests(HIDDEN_TESTS / f"test_{name}.py")
    claims = Counter(cell for test in tests for cell in test.cells)
    source = nbformat.read(ROOT / "solutions" / name / f"{name}.ipynb", as_version=4)
    questions = [
        notebooks.grade_id(cell) or ""
        for cell in source.cells
        if notebooks.is_grade(cell) and not notebooks.is_solution(cell)
    ]
    rows = [f"| {q} | {claims[q]} | {mistakes[q]} | {variants[q]} |" for q in questions]
    total = f"| all | {claims.total()} | {mistakes.total()} | {variants.total()} |"
    head = [
        "| question | claims | mistakes, all caught | variants, all accepted |",
        "|---|---|---|---|",
    ]
    return "\n".join([f"## {name}", "", *head, *rows, total, ""])


if __name__ == "__main__":
    sys.stdout.write(table())
