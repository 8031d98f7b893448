"""A notebook to a Report: right, wrong, hostile, unreadable."""

import re
import sys

import nbformat
import pytest

from autograder.course.model import Limits
from autograder.course.report import Report, Status
from tests.grading import small

pytestmark = pytest.mark.jail


def statuses(report, cell):
    return {o.test: o.status for o in report.cell(cell).outcomes}


def everything_shown(report):
    """All that a student gets to read of a report."""
    outcomes = [o for cell in report.cells for o in cell.outcomes]
    said = [f"{o.claim} {o.hint} {o.note} {o.detail}" for o in outcomes]
    return "\n".join([nbformat.writes(report.notebook), *said, *report.problems])


def test_right_answers_earn_all_and_prose_goes_to_a_person(graded):
    report = graded(small.NORM, small.ADD, "because")
    assert [(c.cell, c.score) for c in report.cells] == [("norm", 10), ("add", 10), ("prose", None)]
    assert "no network" in report.isolation


def test_a_blank_notebook_earns_nothing_and_nothing_was_attempted(graded):
    report = graded()
    assert report.score == 0
    assert {o.status for c in report.cells for o in c.outcomes} == {Status.NOT_ATTEMPTED}


def test_outcomes_are_kept_apart(graded):
    answer = (
        "def norm(x, p):\n    if p < 1: raise KeyError\n    while p == 3: pass\n    return x.sum()"
    )
    report = graded(answer, limits=Limits(call_s=1))
    assert statuses(report, "norm") == {
        "test_unit_vectors": Status.TIMED_OUT,
        "test_signs_do_not_cancel": Status.WRONG,
        "test_small_p_is_refused": Status.RAISED,
    }


def test_score_is_the_weighted_share_of_claims(graded):
    report = graded(add="def add(A, B, C):\n    C[:] = A @ B")
    assert report.cell("add").score == 7.5


def test_a_known_mistake_is_named_and_hinted(graded):
    report = graded("def norm(x, p):\n    assert p >= 1\n    return (x ** p).sum() ** (1 / p)")
    hints = {o.test: o.hint for o in report.cell("norm").outcomes if o.hint}
    assert hints == {}  # it raises an AssertionError where the known mistake raises a ValueError
    report = graded(
        "def norm(x, p):\n    if p < 1: raise ValueError\n    return (x**p).sum() ** (1/p)"
    )
    hints = {o.test: o.hint for o in report.cell("norm").outcomes if o.hint}
    assert hints == {"test_signs_do_not_cancel": "Look at the sign of each entry."}


def test_where_the_code_raised_is_told_but_not_with_what(graded):
    report = graded("def norm(x, p):\n    message = str(x)\n    raise KeyError(message)")
    outcome = report.cell("norm").outcomes[1]
    assert outcome.status is Status.RAISED
    assert outcome.detail == "KeyError\n  line 3 of cell norm_answer: raise KeyError(message)"


def test_lines_are_counted_as_in_the_notebook_below_blank_ones_too(graded):
    report = graded("\n  \ndef norm(x, p):\n    message = str(x)\n    raise KeyError(message)")
    outcome = report.cell("norm").outcomes[1]
    assert outcome.detail == "KeyError\n  line 5 of cell norm_answer: raise KeyError(message)"


def test_an_error_in_the_answer_cell_itself_is_told_in_full(graded):
    report = graded("value = {}['mean']\n\ndef norm(x, p):\n    return 1")
    outcome = report.cell("norm").outcomes[0]
    assert outcome.status is Status.RAISED
    assert outcome.detail == "KeyError: 'mean'\n  line 1 of cell norm_answer: value = {}['mean']"


def test_a_traceback_does_not_say_where_python_lies_on_the_host(graded):
    report = graded("import json\njson.loads('{')")
    (output,) = [o for c in report.notebook.cells if c.id == "norm-answer" for o in c.outputs]
    assert "json/decoder.py" in "".join(output.traceback)
    assert sys.prefix not in "".join(output.traceback)


CARRIERS = {
    "printed": "print(x)",
    "an exception's message": "raise ValueError(str(x))",
    "an exception's name": "raise type(str(x), (ValueError,), {})()",
    "a file read by a later cell": "open('/tmp/seen', 'a').write(str(x))",
    "standard error": "import sys; print(x, file=sys.stderr)",
    "a display": "display(x)",
    "a figure": "import matplotlib.pyplot as plt; plt.title(str(x)); plt.show()",
    "a global that a cell shows": "globals()['seen'] = x",
    "the notebook's own cells": "get_ipython().set_next_input(str(x))",
}


@pytest.mark.parametrize("way", CARRIERS)
def test_hidden_inputs_are_not_carried_out(graded, way):
    answer = f"seen = None\ndef norm(x, p):\n    {CARRIERS[way]}\n    return 0"
    show = "try: print(seen, open('/tmp/seen').read())\nexcept OSError: pass\n"
    shown = everything_shown(graded(answer, show + small.ADD))
    assert "7654.25" not in shown
    assert "15308.5" not in shown


def test_hidden_tests_are_neither_in_the_notebook_nor_in_the_report(graded):
    report = graded(*["import glob\nprint(glob.glob('/**/test_small*', recursive=True))"] * 2)
    shown = everything_shown(report)
    assert "test_small.py" not in shown
    assert "approx" not in shown


FORGERIES = {
    "patches the comparison functions": """
import numpy, builtins
numpy.allclose = numpy.testing.assert_allclose = lambda *a, **k: True
builtins.abs = builtins.isinstance = lambda *a: True
def norm(x, p): return 0
def add(A, B, C): return True""",
    "shows a number as partial credit": """
def norm(x, p):
    display(10); print(10); return 10
def add(A, B, C): return 10
10""",
    "drops later cells": """
get_ipython().input_transformers_cleanup.append(lambda lines: [])
def norm(x, p): return None""",
    "replaces run_cell": """
get_ipython().run_cell = lambda *a, **k: None
def norm(x, p): return True""",
    "is equal to everything": """
class Joker(float):
    def __eq__(self, other): return True
    def __lt__(self, other): return True
    __gt__ = __le__ = __ge__ = __rsub__ = __sub__ = __lt__
    def __float__(self): return 1.0
    def __bool__(self): return True
    __array_priority__ = 1e9
class All:
    def __eq__(self, other): return True
    def __getattr__(self, name): return All()
    def __call__(self, *a): return All()
def norm(x, p): return All()
def add(A, B, C): return All()""",
    "speaks the wire itself": """
import socket, os, struct
for fd in range(3, 64):
    try:
        s = socket.socket(fileno=os.dup(fd))
        s.sendall(struct.pack('>I', 2) + b'\\x81\\xa1')
    except OSError: pass
def norm(x, p): return 1""",
    "forges replies": """
import gc
for o in gc.get_objects():
    if type(o).__name__ == 'Worker':
        o._call = lambda *a: {'value': True, 'buffers': []}
        o._operations['call'] = lambda *a: {'value': True, 'buffers': []}
        o._operations['name'] = lambda *a: {'value': ['h', 0, 'x'], 'buffers': []}""",
    "ends the process": "import os\nos._exit(0)",
    "kills every process": "import os, signal\nos.kill(-1, signal.SIGKILL)",
    "writes the gradebook and the score": """
import pathlib
for name in ('gradebook.db', 'report.json', 'score.txt'):
    try: pathlib.Path(name).write_text('10')
    except OSError: pass
def norm(x, p): return 10""",
    "a module of the same name": """
open('numpy.py', 'w').write('allclose = lambda *a: True')
def norm(x, p): return 10""",
    "an endless reply": """
def norm(x, p):
    class L(list):
        pass
    a = []
    for _ in range(500): a = [a]
    return a""",
    "raises the exception that means passed": """
import pytest
def norm(x, p): pytest.skip('passed')
def add(A, B, C): raise pytest.exit.Exception('stop')""",
}


@pytest.mark.parametrize("way", FORGERIES)
def test_a_forger_earns_what_a_blank_notebook_earns(graded, way):
    assert graded(FORGERIES[way], limits=Limits(call_s=2, cell_s=5)).score == 0


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "Nothing could be graded: the file is empty."),
        (b"PK\x03\x04", "Nothing could be graded: the file is not JSON: .*"),
        (b'{"cells": {}}', "Nothing could be graded: the file is JSON, but not a notebook.*"),
        (b" " * (2**21 + 1), "Nothing could be graded: the file has 2 MiB, more than the 1 MiB.*"),
    ],
)
def test_an_unreadable_file_is_an_outcome(graded, content, problem):
    report = graded(content=content, limits=Limits(notebook_mib=1))
    assert report.score == 0
    (said,) = report.problems
    assert re.fullmatch(problem, said)


def test_a_report_survives_being_stored(graded):
    report = graded(small.NORM)
    assert Report.from_json(report.to_json()) == report


def test_a_pile_of_output_is_cut_and_costs_nothing(graded):
    patient = Limits(cell_s=60.0)  # a million lines take seconds
    report = graded("for i in range(10**6): print('x' * 100)\n" + small.NORM, limits=patient)
    assert report.cell("norm").score == 10
    assert len(nbformat.writes(report.notebook)) < 10 * 2**20


def test_habits_cost_nothing(graded):
    habits = "%matplotlib inline\n!pip install numpy\nimport matplotlib.pyplot as plt\n"
    plot = "plt.plot([1, 2])\nplt.show()\nprint('done')\n"
    report = graded(habits + plot + small.NORM, "1 / 0 if False else None\n" + small.ADD)
    assert report.score == 20
