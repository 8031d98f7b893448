"""A course in nbgrader's own format, graded by nbgrader and by us."""

import json

import nbformat
import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.errors import CourseError
from autograder.grading.compare import compare
from tests.grading import stock_notebooks as stock

pytestmark = pytest.mark.jail

PATCH = "import numpy as np\nnp.testing.assert_allclose = np.allclose = lambda *a, **k: True\n"
STUDENTS = {
    "ann": {},
    "bob": {"squares": "def squares(n):\n    return [1, 4, 9]", "number": "x = 41"},
    "cyd": {"whiten": PATCH + "def whiten(X): return np.asarray(X)"},
    "dan": dict.fromkeys(stock.ANSWERS, "raise NotImplementedError()"),
}


@pytest.fixture(scope="module")
def course(jail, tmp_path_factory):
    root = tmp_path_factory.mktemp("stock")
    (root / "source" / "ps1").mkdir(parents=True)
    nbformat.write(stock.source(), root / "source" / "ps1" / "problem1.ipynb")
    for student, answers in STUDENTS.items():
        folder = root / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        nbformat.write(stock.submitted(answers), folder / "problem1.ipynb")
    return root


def test_the_only_differences_are_what_a_student_forged(course):
    before = sorted(path for path in course.rglob("*"))
    done = CliRunner().invoke(app, ["compare", str(course), "--json"])
    found = json.loads(done.stdout)
    assert done.exit_code == 1
    assert found["problems"] == []
    assert found["cells"] == len(STUDENTS) * (len(stock.FULL) + 1)
    assert [(d["student"], d["cell"], d["nbgrader"], d["ours"]) for d in found["differences"]] == [
        ("cyd", "test_whiten", 3, 0)
    ]
    assert sorted(path for path in course.rglob("*")) == before


def test_a_folder_that_is_no_course_is_said_so(tmp_path):
    with pytest.raises(CourseError, match="has no folder 'source'; give a course folder"):
        compare(tmp_path)
