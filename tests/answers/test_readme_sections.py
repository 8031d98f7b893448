"""What the README promises an instructor is so: each example is run, and its answer told that."""

import math
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import sympy as sp

import autograder.answers
from autograder.answers import (
    choices,
    counterexamples,
    derivations,
    distributions,
    domains,
    expressions,
    matrix_functions,
    numbers,
    partial_credit,
    proof_order,
    reading,
    tables,
)
from autograder.answers.verdict import WrongAnswer

README = Path(autograder.answers.__file__).with_name("README.md")
SECTIONS = (
    "Expressions (SYM)",
    "Functions of matrices (MAT)",
    "Derivations (CHAIN)",
    "Filled tables (TRACE)",
    "Numbers (NUM)",
    "Choice with reason (MC+R)",
    "Certificates and counterexamples",
    "Order of proof",
    "Partial credit",
)
MODULES = (
    choices, counterexamples, derivations, distributions, domains, expressions,
    matrix_functions, numbers,
    partial_credit, proof_order, reading, tables,
)  # fmt: skip


def names():
    """What the examples may use without importing it."""
    found = {"sp": sp, "math": math, "pytest": pytest}
    for module in MODULES:
        found |= {name: thing for name, thing in vars(module).items() if not name.startswith("_")}
    return found


def section(title):
    text = README.read_text(encoding="utf-8")
    return text.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def run(title, answer=None):
    """Runs a section's hidden test on its answer, or on another."""
    test, example = re.findall(r"```python\n(.*?)```", section(title), re.DOTALL)[:2]
    known = names()
    exec(test, known)  # noqa: S102  # the README's own code
    student: dict[str, Any] = {}
    exec(example, known, student)  # noqa: S102
    if answer is not None:
        student = dict.fromkeys(student, answer)
    (check,) = [cast(Any, thing) for name, thing in known.items() if name.startswith("test_")]
    check(SimpleNamespace(**student))


@pytest.mark.parametrize("title", SECTIONS)
def test_the_answer_with_a_slip_is_told_what_stands_there(title):
    (told,) = re.findall(r"^> (.*)$", section(title), re.MULTILINE)
    with pytest.raises(WrongAnswer) as caught:
        run(title)
    assert str(caught.value) == told


o, y = sp.symbols("o y", real=True)
RIGHT = {
    "Expressions (SYM)": "log1p(exp(-abs(x*y))) + max(-x*y, 0)",
    "Functions of matrices (MAT)": lambda X, y, w: 2 * X.T @ X @ w - 2 * X.T @ y,
    "Derivations (CHAIN)": [
        ("", sp.Derivative(sp.log(1 + sp.exp(-y * o)), o)),
        ("=", "-y*exp(-y*o)/(1 + exp(-y*o))"),
        ("=", "-y/(1 + exp(y*o))"),
    ],
    "Filled tables (TRACE)": {"z": 6, "r": 5, "dr": 10, "dw": 20},
    "Numbers (NUM)": "log2(20) bits",
    "Choice with reason (MC+R)": ("numerator", "outer first"),
    "Certificates and counterexamples": ([0.3, 0.7], [0.7, 0.3]),
    "Order of proof": ["A", "B", "C", "D"],
    "Partial credit": "2*x/exp(x^2)",
}


@pytest.mark.parametrize("title", SECTIONS)
def test_a_right_answer_passes(title):
    run(title, RIGHT[title])
