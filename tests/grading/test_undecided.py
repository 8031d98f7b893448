"""Partial credit and undecided answers, from a hidden test to nbgrader's gradebook."""

import pytest

from autograder.course.model import Limits
from autograder.course.report import Status
from autograder.grading.engine import grade
from autograder.grading.shown import outcomes_output
from tests.grading import small
from tests.grading.conftest import hand_in, nbgrader
from tests.grading.test_nbgrader_plugin import scores

pytestmark = pytest.mark.jail

HIDDEN_TESTS = '''
import pytest

from autograder.answers.verdict import UndecidedAnswer, WrongAnswer


@pytest.mark.grade_cell("norm")
@pytest.mark.parametrize("x", [3, 2, 1])
def test_share(student, x):
    """The value is 1 whatever x is."""
    value = student.norm(x, 1)
    if value == "unclear":
        raise UndecidedAnswer("it could be compared at 2 points only")
    if value != 1:
        raise WrongAnswer("off", "Look again.", credit=0.5 if value == 2 else 0.25)


@pytest.mark.grade_cell("add", weight=3)
def test_whole(student):
    """add gives 5."""
    assert student.add(0, 0, 0) == 5
'''
WHOLE = "def add(A, B, C): return 5"


@pytest.fixture
def judged(jail, tmp_path):
    """`judged(norm)` is the Report on a notebook whose other answer is right."""
    path = tmp_path / "test_small.py"
    path.write_text(HIDDEN_TESTS)

    def make(norm):
        submitted = small.text(small.notebook(norm, WHOLE))
        return grade(submitted, small.notebook(), path, Limits(call_s=3.0, cell_s=3.0))

    return make


@pytest.mark.parametrize(
    ("value", "status", "score", "note"),
    [
        ("1", Status.PASSED, 10, None),
        ("2", Status.WRONG, 5, "off"),
        ("x", Status.WRONG, 2.5, "off"),  # right for x = 1, half for 2, a quarter for 3: the worst
        ("'unclear'", Status.UNDECIDED, None, None),
        ("'unclear' if x < 3 else 1", Status.UNDECIDED, None, None),
        ("'unclear' if x > 1 else 7", Status.WRONG, 2.5, "off"),  # wrong whatever a person says
        ("{}[x]", Status.RAISED, 0, None),
    ],
)
def test_the_parameters_of_a_claim_are_judged_together(judged, value, status, score, note):
    cell = judged(f"def norm(x, p): return {value}").cell("norm")
    (outcome,) = cell.outcomes
    assert (outcome.status, cell.score, outcome.note) == (status, score, note)


def test_formgrader_shows_credit_and_what_waits(judged):
    partly, waiting = (
        outcomes_output(judged(f"def norm(x, p): return {value}").cell("norm")).data["text/plain"]
        for value in ("2", "'unclear'")
    )
    assert partly == (
        "norm: 5 of 10 points\n"
        "  ✗ The value is 1 whatever x is. [wrong, 50% of its points]\n"
        "      hint: Look again."
    )
    assert waiting == (
        "norm: a person grades this (10 points)\n"
        "  ? The value is 1 whatever x is. [undecided: a person reads the answer]\n"
        "      why: it could be compared at 2 points only"
    )


def test_an_undecided_answer_needs_a_manual_grade(course_folder):
    (course_folder / "hidden_tests" / f"test_{small.NAME}.py").write_text(HIDDEN_TESTS)
    hand_in(course_folder, "ada", small.text(small.notebook("def norm(x, p): return 2", WHOLE)))
    unclear = "def norm(x, p): return 'unclear'"
    hand_in(course_folder, "bob", small.text(small.notebook(unclear, WHOLE)))
    done = nbgrader(course_folder, "autograde", small.NAME)
    assert done.returncode == 0, done.stderr
    assert scores(course_folder) == {
        "ada": ({"norm": 5, "add": 10, "prose": 0}, []),
        "bob": ({"norm": None, "add": 10, "prose": 0}, ["norm"]),
    }
