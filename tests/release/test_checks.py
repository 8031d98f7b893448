"""Each promise of an assignment that is broken is named, and a good one has no problems."""

import nbformat
import pytest

from autograder.course.report import CellScore, Report, Status, TestOutcome
from autograder.errors import CourseError
from autograder.grading.engine import grade
from autograder.grading.fork_server import has_sandbox
from autograder.notebooks import grade_id
from autograder.release import check, render
from tests.release.small_course import HIDDEN_TESTS, HW, write_course


def cell_of(notebook, name):
    return next(cell for cell in notebook.cells if grade_id(cell) == name)


def change_cell(name, **fields):
    """A change of the source notebook: fields of one cell."""
    return lambda notebook: cell_of(notebook, name).update(fields)


def give_output(notebook):
    notebook.cells[2].outputs = [nbformat.v4.new_output("stream", text="4")]


def rename(notebook):
    cell_of(notebook, "bound").metadata.nbgrader.grade_id = "double_answer"


def untag(notebook):
    del cell_of(notebook, "bound").metadata["tags"]


def cheapen(notebook):
    cell_of(notebook, "double").metadata.nbgrader.points = 8


def drop_id(notebook):
    del notebook.cells[0]["id"]


def test_a_good_assignment_has_no_problems(tmp_path):
    course = write_course(tmp_path)
    render(course, HW, course.folders.release)
    assert check(course, HW) == ()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (give_output, "cell double of the source has outputs; clear them"),
        (rename, "grade_id 'double_answer' is there 2 times; rename one"),
        (change_cell("double", id="title"), "cell id 'title' is there 2 times; give each its own"),
        (drop_id, "1 cells have no id; give each its own"),
        (untag, "0 of 20 points are theory, 50 percent should be"),
        (cheapen, "the grade cells have 18 points; c.Policy.points is 20"),
        (
            change_cell("double", source="assert 1 + 1 == 2"),
            "assignments/hw01_small is not what the source gives; run `autograder release",
        ),
    ],
)
def test_a_spoilt_source_is_named(tmp_path, change, problem):
    course = write_course(tmp_path, change)
    assert any(problem in found for found in check(course, HW))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            '"double")',
            '"bound")',
            "grade cell 'double' has no hidden test; mark one with grade_cell('double') in "
            "test_hw01_small.py",
        ),
        ('grade_cell("double")', "slow", ""),  # then the module's own mark holds
        (
            'grade_cell("double")',
            'grade_cell("treble")',
            "test_hw01_small.py:9: test_twice is marked with 'treble', which is no grade cell",
        ),
        (
            'pytestmark = [pytest.mark.grade_cell("bound")]',
            "",
            "test_bound has no grade_cell marker; say which grade cell it speaks for",
        ),
        ('    """The bound holds."""\n', "", "test_bound has no docstring; write the claim"),
        ("import pytest", "import pytest (", "is no Python"),
    ],
)
def test_a_spoilt_hidden_test_is_named(tmp_path, old, new, problem):
    course = write_course(tmp_path)
    render(course, HW, course.folders.release)
    path = course.hidden_tests / f"test_{HW}.py"
    assert old in HIDDEN_TESTS
    path.write_text(HIDDEN_TESTS.replace(old, new))
    assert any(problem in found for found in check(course, HW))


def test_missing_hidden_tests_are_named(tmp_path):
    course = write_course(tmp_path)
    (course.hidden_tests / f"test_{HW}.py").unlink()
    (problem,) = check(course, HW)
    assert problem.endswith("does not exist; every assignment needs hidden tests")


def test_unknown_assignment_is_an_error(tmp_path):
    with pytest.raises(CourseError, match="no assignment 'hw99'"):
        check(write_course(tmp_path), "hw99")


def test_points_that_are_not_earned_as_promised_are_named(tmp_path):
    course = write_course(tmp_path)
    render(course, HW, course.folders.release)

    def half(submitted, released, hidden_tests, limits):
        """Gives every notebook half of the points for `double`."""
        assert nbformat.reads(submitted.decode(), as_version=4)
        assert (hidden_tests.name, limits) == (f"test_{HW}.py", course.limits)
        outcomes = (
            TestOutcome("double", "test_a", "", Status.PASSED),
            TestOutcome("double", "test_b", "", Status.WRONG),
        )
        return Report(HW, (CellScore("double", 5.0, 10.0, outcomes),), released)

    assert check(course, HW, grade=half) == (
        "the source earns 5 of 10 points for 'double'; mend the solution or test_b",
        "the released notebook earns 5 points for 'double' without an answer, by test_a; "
        "let it ask for one",
    )


def test_a_source_that_cannot_be_decided_is_named(tmp_path):
    course = write_course(tmp_path)
    render(course, HW, course.folders.release)

    def undecided(submitted, released, hidden_tests, limits):
        """Leaves `double` to a person."""
        assert submitted
        assert (hidden_tests.name, limits) == (f"test_{HW}.py", course.limits)
        outcomes = (TestOutcome("double", "test_a", "", Status.UNDECIDED),)
        return Report(HW, (CellScore("double", None, 10.0, outcomes),), released)

    assert check(course, HW, grade=undecided) == (
        "the source earns an undecided number of 10 points for 'double'; "
        "mend the solution or test_a",
    )


@pytest.mark.jail
@pytest.mark.skipif(not has_sandbox(), reason="bubblewrap cannot run here: see autograder doctor")
def test_a_source_is_graded_for_real(tmp_path):
    course = write_course(tmp_path, change_cell("bound_answer", source=(
        "### BEGIN SOLUTION\nbound = 1000 + 200 + 35\n### END SOLUTION")))  # fmt: skip
    render(course, HW, course.folders.release)
    assert check(course, HW, grade=grade) == (
        "the source earns 0 of 10 points for 'bound'; mend the solution or test_bound",
    )
