"""Checks that students wrote, in a real notebook in the sandbox, judged through real calls."""

import textwrap

import nbformat
import pytest

from autograder.course.model import Limits
from autograder.course.report import Status
from autograder.grading.engine import grade
from autograder.grading.fork_server import has_sandbox
from tests.grading import small

pytestmark = [
    pytest.mark.jail,
    pytest.mark.skipif(
        not has_sandbox(), reason="bubblewrap cannot run here: see autograder doctor"
    ),
]

HIDDEN_TESTS = '''
import numpy as np
import pytest

from autograder.answers.student_tests import judge_student_test, right, wrong

ACCEPTS = [
    right(lambda A, x: A @ x),
    right(lambda A, x: sum(x[j] * A[:, j] for j in range(len(x)))),
]
REJECTS = [
    wrong("transposed", "Use a matrix that is not symmetric.", lambda A, x: A.T @ x),
    wrong("entry by entry", "Look at the shape.", lambda A, x: A * x),
    wrong("a column", "Look at the shape.", lambda A, x: A @ x[:, None]),
    wrong("rounds", "Use numbers that are not whole.", lambda A, x: np.round(A @ x)),
]


@pytest.mark.grade_cell("norm")
def test_check(student, rng):
    """The test takes right products and refuses wrong ones."""
    judge_student_test(student.is_product, ACCEPTS, REJECTS, rng)
'''

THOROUGH = """
import numpy as np

def is_product(multiply):
    rng = np.random.default_rng(1)
    for n in (2, 3):
        A, x = rng.normal(size=(n, n)), rng.normal(size=n)
        y = multiply(A, x)
        if y.shape != (n,):
            return False
        if not np.allclose(y, [sum(A[i, j] * x[j] for j in range(n)) for i in range(n)]):
            return False
    return True
"""
WHOLE = """
def is_product(multiply):
    print("now")
    A, x = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 1.0])
    return np.array_equal(multiply(A, x), [3.0, 7.0])
"""


def outcome(tmp_path, answer):
    folder = tmp_path / "hidden_tests"
    folder.mkdir()
    tests = folder / f"test_{small.NAME}.py"
    tests.write_text(HIDDEN_TESTS)
    report = grade(
        nbformat.writes(small.notebook(textwrap.dedent(answer))).encode(),
        small.notebook(),
        tests,
        Limits(call_s=3.0, cell_s=3.0),
    )
    (score,) = [cell for cell in report.cells if cell.cell == "norm"]
    (found,) = score.outcomes
    return found, score.score


TABLE = [
    (THOROUGH, Status.PASSED, None, 10, "refuses all"),
    (WHOLE, Status.WRONG, "rounds", 7.5, "prints, and misses one of four"),
    ("def is_product(f): return True", Status.WRONG, "transposed", 0, "takes all"),
    ("def is_product(f): return False", Status.WRONG, "refuses a right implementation", 0,
     "refuses all"),
    ("def is_product(f): print(f)", Status.WRONG, "no answer", 0, "returns nothing"),
    ("def is_product(f): return f", Status.WRONG, "no answer", 0, "returns a function"),
    ("def is_product(f): return 1 / 0", Status.RAISED, None, 0, "raises"),
    ("def is_product(f): raise SystemExit", Status.RAISED, None, 0, "leaves"),
    ("def is_product(f):\n    while True: pass", Status.TIMED_OUT, None, 0, "loops"),
    ("def is_product(f): return f(np.ones((999, 999)), np.ones(999)) is None", Status.WRONG,
     "asks for too much", 0, "huge"),
    ("def is_product(f):\n    while True: f(np.eye(2), np.ones(2))", Status.WRONG,
     "asks for too much", 0, "calls without end"),
    ("class Endless:\n    __len__ = lambda _: 10**9\n    __getitem__ = lambda _, i: 1.0\n"
     "def is_product(f): return f(Endless(), Endless())", Status.WRONG, "passes no data", 0,
     "an object that is read for ever"),
    ("is_product = 3", Status.WRONG, "cannot be read", 0, "no function"),
    ("", Status.NOT_ATTEMPTED, None, 0, "nothing"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "status", "note", "points", "why"), TABLE, ids=[row[4] for row in TABLE]
)
def test_a_check_in_the_sandbox(tmp_path, answer, status, note, points, why):
    found, score = outcome(tmp_path, answer)
    assert (found.status, found.note, score) == (status, note, points), found
