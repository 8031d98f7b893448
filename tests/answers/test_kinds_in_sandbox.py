"""Answers of each kind, written in a real notebook: they cross the wire and are judged there."""

from contextlib import ExitStack
from fractions import Fraction

import pytest
import sympy as sp

from autograder.answers.certificates import read_array, require_gram_factor
from autograder.answers.choices import require_choice
from autograder.answers.derivations import Derivation, require_derivation
from autograder.answers.numbers import require_number
from autograder.answers.tables import Row, judge_table
from autograder.answers.verdict import InvalidAnswer, WrongAnswer
from autograder.course.model import Limits
from autograder.grading.fork_server import has_sandbox
from autograder.grading.link import Link
from autograder.grading.session import Cell, Session
from autograder.grading.student import Student

pytestmark = [
    pytest.mark.jail,
    pytest.mark.skipif(
        not has_sandbox(), reason="bubblewrap cannot run here: see autograder doctor"
    ),
]

NOTEBOOK = """
from fractions import Fraction
import numpy as np
import sympy as sp
from sympy import Derivative, exp, log, symbols

o, y = symbols("o y", real=True)
steps = [
    ("", Derivative(log(1 + exp(-y*o)), o)),
    ("=", Derivative(1 + exp(-y*o), o) / (1 + exp(-y*o))),
    ("=", "-y*exp(-y*o)/(1 + exp(-y*o))"),
    ("=", -y / (1 + exp(y*o))),
]
jump = [steps[0], steps[-1]]
odd = [steps[0], ("=", print)]
tape = {"z": np.float64(6), "r": Fraction(11, 2), "dr": sp.Integer(11), "dw": np.array([22, 33])}
entropy = (sp.log(20), "nats")
layout = ("Numerator", "outer first")

def factor(H):
    return np.linalg.cholesky(H).T

class Three:
    def __float__(self): return 3.0
    def __eq__(self, other): return True
    __hash__ = None

stray = {"z": Three(), "r": Three(), "dr": Three(), "dw": Three()}
"""
o, y = sp.symbols("o y", real=True)
LOGISTIC = Derivation(
    sp.Derivative(sp.log(1 + sp.exp(-y * o)), o), -y / (1 + sp.exp(y * o)), {"o y": "real"}
)
ROWS = (
    Row("z", lambda t: t["w"] * t["x"][0], "multiply."),
    Row("r", lambda t: t["z"] - Fraction(1, 2), "half less."),
    Row("dr", lambda t: 2 * t["r"], "twice."),
    Row("dw", lambda t: tuple(t["dr"] * x for x in t["x"]), "each x."),
)
GIVEN = {"w": 3, "x": (2, 3)}


@pytest.fixture(scope="module")
def student():
    with ExitStack() as stack:
        limits = Limits(call_s=5.0, cell_s=20.0)
        cells = [Cell("f_answer", NOTEBOOK, limits.cell_s)]
        session = stack.enter_context(Session(cells, limits))
        session.run()
        link = Link(session)
        link.begin("f", 0)
        yield Student(link, {"f_answer": NOTEBOOK})


def test_a_derivation_with_derivatives_and_strings(student):
    require_derivation(student.steps, LOGISTIC)
    with pytest.raises(WrongAnswer, match="a jump"):
        require_derivation(student.jump, LOGISTIC)
    with pytest.raises(InvalidAnswer, match="line 2 of your derivation is a builtin"):
        require_derivation(student.odd, LOGISTIC)


def test_a_table_with_numbers_of_every_kind(student):
    judge_table(student.tape, ROWS, GIVEN)


def test_an_object_that_is_equal_to_everything_is_no_entry(student):
    with pytest.raises(WrongAnswer, match="cannot be read: Line z") as caught:
        judge_table(student.stray, ROWS, GIVEN)
    assert caught.value.credit == 0


def test_a_number_with_its_unit_and_a_choice(student):
    require_number(student.entropy, sp.log(20, 2), what="H", significant=3, unit="bits", hint="-")
    require_choice(
        student.layout,
        right="numerator",
        reasons={"outer first"},
        what="layout",
        choices=("numerator", "denominator"),
        codes=("outer first", "shapes"),
    )


def test_a_certificate_that_a_function_returns(student):
    H = sp.Matrix([[4, 1], [1, 3]])
    G = read_array(student.factor(read_array(H, "H", 2)), "factor(H)", 2)
    require_gram_factor(G, read_array(H, "H", 2))
