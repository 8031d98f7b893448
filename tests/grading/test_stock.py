"""Notebooks in nbgrader's own format, with their asserts run in the grader."""

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.course.model import Limits
from autograder.course.report import Status
from autograder.errors import ReleaseError
from autograder.grading.engine import grade
from autograder.grading.stock.instructor import definitions, student_names
from tests.grading import stock_notebooks as stock
from tests.grading.conftest import CONFIG, nbgrader

pytestmark = pytest.mark.jail
LIMITS = Limits(cell_s=10, call_s=3)


@pytest.fixture
def scores(jail, tmp_path):
    """`scores(squares="...")` are the automatic scores of the cells, with these answers."""
    path = tmp_path / "ps1.ipynb"
    nbformat.write(stock.source(), path)

    reports = []

    def make(**answers):
        content = nbformat.writes(stock.submitted(answers)).encode()
        report = grade(content, stock.released(), path, LIMITS)
        reports.append(report)
        return {cell.cell: cell.score for cell in report.cells}

    vars(make)["reports"] = reports
    return make


def test_right_answers_earn_what_nbgrader_gives(scores):
    assert scores() == stock.FULL | {"essay": 0}


def test_blank_answers_earn_nothing(scores):
    blank = dict.fromkeys(stock.ANSWERS, "raise NotImplementedError()")
    assert set(scores(**blank).values()) == {0}
    outcomes = [o for cell in scores.reports[-1].cells for o in cell.outcomes]
    assert {o.status for o in outcomes} == {Status.NOT_ATTEMPTED}


def test_hidden_asserts_count(scores):
    known = scores(squares="def squares(n):\n    return [1, 4, 9]")
    assert known["test_squares"] == 0
    assert known["test_account"] == 2


def test_the_last_line_of_a_cell_is_partial_credit(scores):
    assert scores(number="x = 41")["test_number"] == 1
    assert scores(number="x = 7")["test_number"] == 0


def test_a_wrong_frame_is_wrong_and_a_right_one_right(scores):
    assert scores(totals="def totals(df):\n    return df.groupby('g').sum()")["test_totals"] == 0
    other = "def totals(df):\n    s = df.groupby('g')['x'].sum()\n    return s.reset_index()"
    assert scores(totals=other)["test_totals"] == 2


PATCHES = (
    "import numpy as np, pandas as pd\n"
    "np.testing.assert_allclose = np.allclose = lambda *a, **k: True\n"
    "pd.testing.assert_frame_equal = lambda *a, **k: None\n"
    "def whiten(X): return X\n",
    "import builtins\nbuiltins.isinstance = builtins.abs = lambda *a: True\n"
    "def close(a, b): return True\nDATA = None\ndef check(X): return X\n"
    "def whiten(X): return X\n",
    "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass'])\n"
    "def whiten(X): return X\n",
    "class Yes:\n"
    "    def __eq__(self, o): return True\n    def __bool__(self): return True\n"
    "    def __getattr__(self, n): return Yes()\n    def __call__(self, *a): return Yes()\n"
    "whiten = Yes()\n",
)


@pytest.mark.parametrize("patch", PATCHES)
def test_what_beats_nbgrader_earns_nothing_here(scores, patch):
    wrong = {
        "squares": patch + "def squares(n): return Yes() if 'Yes' in globals() else None",
        "account": "Account = globals().get('Yes')",
        "whiten": "pass",
        "totals": "totals = globals().get('Yes')",
        "number": "x = globals().get('Yes', lambda: 0)()",
    }
    known = scores(**wrong)
    assert sum(score or 0 for name, score in known.items() if name != "test_number") == 0
    assert (known["test_number"] or 0) <= 1  # the even number 0


def test_an_object_asked_for_its_own_truth_goes_to_a_person(scores):
    own = "class V:\n    def __len__(self): return n\n    def __eq__(self, o): return True\n"
    assert scores(squares=own + "def squares(n): return V()")["test_squares"] is None
    (outcome,) = scores.reports[-1].cell("test_squares").outcomes
    assert outcome.status is Status.UNDECIDED


def test_an_endless_loop_costs_its_cell(scores):
    known = scores(squares="def squares(n):\n    while True: pass")
    assert known == stock.FULL | {"test_squares": 0, "test_squares_refuses": 0, "essay": 0}


def test_a_function_that_replaces_itself_is_asked_anew_as_by_nbgrader(scores):
    once = (
        "def squares(n):\n"
        "    global squares\n"
        "    squares = None\n"
        "    return [i**2 for i in range(1, n + 1)]"
    )
    assert scores(squares=once)["test_squares"] == 0


def test_state_is_that_of_the_cells_so_far(scores):
    late = "def totals(df):\n    return df.groupby('g', as_index=False).sum()\nsquares = None"
    assert scores(totals=late) == stock.FULL | {"essay": 0}


def test_an_instructors_own_fault_is_named(jail, tmp_path):
    source = stock.source()
    source.cells[2].source = "DATA = 1 / 0"
    nbformat.write(source, tmp_path / "ps1.ipynb")
    content = nbformat.writes(stock.submitted()).encode()
    with pytest.raises(ReleaseError, match=r"own `DATA = 1 / 0` raises ZeroDivisionError"):
        grade(content, stock.released(), tmp_path / "ps1.ipynb", LIMITS)


def test_which_statements_need_no_student():
    text = "import os\nA = os.sep\nB = f(A)\ndef g(): return f(1)\nprint(A)\nf = 3\nC = [A, len(A)]"
    known: set[str] = set()
    kept = [type(s).__name__ for s in definitions(text, known, frozenset({"f"}))]
    assert kept == ["Import", "Assign", "FunctionDef", "Assign"]
    assert known == {"os", "A", "g", "C"}


def test_names_of_solutions_are_the_students():
    assert student_names(stock.source()) == {"squares", "Account", "whiten", "totals", "x"}


def test_nbgraders_own_commands_grade_it_in_the_sandbox(jail, tmp_path):
    folder = tmp_path / "solutions" / "ps1"
    folder.mkdir(parents=True)
    nbformat.write(stock.source(), folder / "ps1.ipynb")
    config = CONFIG.replace('{"small":', '{"ps1":').replace('"hidden_tests"', '""')
    (tmp_path / "nbgrader_config.py").write_text(config)
    (tmp_path / "roster.csv").write_text(
        "id,name,email,repository\nann,Ann,ann@example.edu,https://example.edu/ann.git\n"
    )
    submitted = tmp_path / "submitted" / "ann" / "ps1"
    submitted.mkdir(parents=True)
    nbformat.write(stock.submitted({"number": "x = 41"}), submitted / "ps1.ipynb")
    for command in ("generate_assignment", "autograde"):
        done = nbgrader(tmp_path, command, "ps1")
        assert done.returncode == 0, done.stderr
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        (graded,) = gradebook.assignment_submissions("ps1")
        scores = {grade.name: grade.auto_score for grade in graded.notebooks[0].grades}
    assert scores == stock.FULL | {"test_number": 1, "essay": None}
    assert "Traceback" not in (tmp_path / "autograded" / "ann" / "ps1" / "ps1.ipynb").read_text()
