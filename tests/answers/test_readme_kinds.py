"""The README's examples of counts, tests, errata, schedules, programs and items do what is said."""

import inspect
import math
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import sympy as sp

import autograder.answers
from autograder.answers import (
    counts,
    errata,
    expressions,
    items,
    programs,
    reading,
    schedules,
    student_tests,
)
from autograder.answers.items.bank import find
from autograder.answers.own_numbers import own_rng
from autograder.answers.verdict import WrongAnswer

README = Path(autograder.answers.__file__).with_name("README.md")
KINDS = "SYM MAT NUM CHAIN CEX T/CEX WIT COUNT TRACE PROP ERR MC+R ORD SCHED LINES MAN".split()
MODULES = (counts, errata, expressions, programs, reading, schedules, student_tests, items)
RIGHT = {
    "Formulas that count (COUNT)": lambda n, k, s: (n - k) // s + 1,
    "Tests that students write (PROP)": lambda mean: bool(mean(np.array([1.0, 2, 6])) == 3),
    "Errata (ERR)": {
        "counterexample": [[0, 1], [1, 0]],
        "corrected": "abs(d)",
        "where": "left side",
    },
    "Schedules (SCHED)": [0, 0, 0, 0, 0, 1, 1],
    "Small programs (LINES)": [
        ("p", "relu", "x"),
        ("m", "neg", "x"),
        ("q", "relu", "m"),
        ("y", "sub", "p", "q"),
    ],
}


def code_of(title):
    text = README.read_text(encoding="utf-8").split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL), re.findall(r"^> (.*)$", text, re.M)


def names() -> dict[str, Any]:
    """What the examples may use without importing it."""
    found: dict[str, Any] = {"np": np, "sp": sp, "math": math, "pytest": pytest}
    for module in MODULES:
        found |= {name: thing for name, thing in vars(module).items() if not name.startswith("_")}
    return found | {"WrongAnswer": WrongAnswer, "find": find, "own_rng": own_rng}


def judge(title, answer=None):
    """Runs a section's hidden test on the answer that stands there, or on another."""
    (test, example), _ = code_of(title)
    known = names()
    exec(test, known)  # noqa: S102  # the README's own code
    student: dict[str, Any] = {}
    exec(example, known, student)  # noqa: S102
    if answer is not None:
        student = dict.fromkeys(student, answer)
    (check,) = [thing for name, thing in known.items() if name.startswith("test_")]
    given = {"student": SimpleNamespace(**student), "rng": np.random.default_rng(0)}
    check(**{name: given[name] for name in inspect.signature(check).parameters})


@pytest.mark.parametrize("title", RIGHT)
def test_the_answer_with_a_slip_is_told_what_stands_there(title):
    _, (told,) = code_of(title)
    with pytest.raises(WrongAnswer) as caught:
        judge(title)
    assert str(caught.value) == told


@pytest.mark.parametrize("title", RIGHT)
def test_a_right_answer_passes(title):
    assert judge(title, RIGHT[title]) is None


def test_the_example_of_an_item_runs():
    (example,), _ = code_of("Items")
    known = names()
    exec(example, known)  # noqa: S102
    assert known["question"].letter in "ABCD"
    assert "rows_of_output" in known["cells"].hidden_test


def test_every_kind_has_a_row_and_every_module_of_it_exists():
    lines = README.read_text(encoding="utf-8").splitlines()
    rows = {line.split(" | ")[0].strip("| "): line for line in lines if line.startswith("| ")}
    assert [kind for kind in KINDS if kind not in rows] == []
    modules = [m for kind in KINDS for m in re.findall(r"`([\w/]+(?:\.py|/))`", rows[kind])]
    assert [m for m in modules if not README.with_name(m.rstrip("/")).exists()] == []


def test_every_note_of_the_table_is_one_that_is_given():
    folder = README.parent
    code = "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    lines = README.read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith(tuple(f"| {kind} | " for kind in KINDS))]
    notes = {note for row in rows for note in re.findall(r"`([^`]+)`", row.rsplit(" | ", 1)[1])}
    of_an_author = {"the printed line", "nats for bits"}  # a slip's name; made from two units
    assert len(notes) > 30
    assert {note for note in notes - of_an_author if f'"{note}"' not in code} == set()
