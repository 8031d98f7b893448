"""Records of a real gradebook, read without touching it."""

import dataclasses
import hashlib
import os
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from nbgrader.api import Gradebook

from autograder.course.course import Course, Folders
from autograder.course.model import Limits
from autograder.course.policy import LateRule
from autograder.errors import CourseError
from autograder.gradebook.records import CellRecord, read_records

HW = "hw01_norms"
# nbgrader's own way to add a submission; SQLAlchemy 2.1 warns of it
pytestmark = pytest.mark.filterwarnings("ignore:Object of type <.*> not in session")


def make_course(root: Path) -> Course:
    return Course(
        name="Deep Learning",
        root=root,
        timezone=ZoneInfo("UTC"),
        students=(),
        assignments=(),
        late=LateRule(),
        best_of=1,
        limits=Limits(),
        folders=Folders(*(root / name for name in ("s", "r", "t", "a", "f"))),
        staff_name="Staff",
        staff_email="staff@example.edu",
        secret=b"",
        hidden_tests=root,
        state=root,
    )


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A gradebook with two cells, graded for ada by machine and person, and for bob by nobody."""
    root = tmp_path_factory.mktemp("records") / "course #1"  # a name that an address has to quote
    root.mkdir()
    course = make_course(root)
    with pytest.MonkeyPatch.context() as monkeypatch:
        # nbgrader starts alembic by name
        monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        fill(course)
    return course


def fill(course: Course) -> None:
    gradebook: Any  # nbgrader's annotations predate what a type checker can follow
    with Gradebook(course.database_url) as gradebook:
        for assignment in (HW, "hw02_svd_pca"):
            gradebook.add_assignment(assignment)
            gradebook.add_notebook(assignment, assignment)
            for cell, points in (("lp_norm", 10), ("proof", 6), ("proof_prose", 4)):
                kind = "markdown" if cell == "proof_prose" else "code"
                gradebook.add_grade_cell(
                    cell, assignment, assignment, max_score=points, cell_type=kind
                )
            gradebook.add_solution_cell("lp_norm_answer", assignment, assignment)
            gradebook.add_solution_cell("proof_prose", assignment, assignment)
            for student in ("bob", "ada"):
                if assignment == HW:
                    gradebook.add_student(student)
                gradebook.add_submission(assignment, student)
        grade = gradebook.find_grade("lp_norm", HW, HW, "ada")
        grade.auto_score, grade.needs_manual_grade = 7.5, False
        grade = gradebook.find_grade("proof", HW, HW, "ada")
        grade.auto_score, grade.manual_score, grade.extra_credit = 2.0, 5.0, 0.5
        grade.needs_manual_grade = False
        comment = gradebook.find_comment("lp_norm_answer", HW, HW, "ada")
        comment.manual_comment = "well argued"
        gradebook.find_comment("proof_prose", HW, HW, "ada").auto_comment = "No response."
        notebook = gradebook.find_submission_notebook(HW, HW, "ada")
        notebook.late_submission_penalty = 1.0
        gradebook.db.commit()


def test_a_persons_score_stands_in_place_of_the_machines(course):
    ada = read_records(course, HW)["ada"]
    assert ada.cells == (
        CellRecord("lp_norm", 7.5, None, 0.0, 10.0, False),
        CellRecord("proof", 2.0, 5.0, 0.5, 6.0, False),
        CellRecord("proof_prose", None, None, 0.0, 4.0, True),
    )
    assert [cell.score for cell in ada.cells] == [7.5, 5.5, 0.0]


def test_the_total_is_the_cells_less_the_late_penalty(course):
    ada = read_records(course, HW)["ada"]
    assert (ada.score, ada.max_score, ada.late_penalty) == (12.0, 20.0, 1.0)
    assert ada.needs_manual_grade
    assert dataclasses.replace(ada, late_penalty=50.0).score == 0.0


def test_only_a_persons_comments_are_comments(course):
    assert read_records(course, HW)["ada"].comments == {"lp_norm_answer": "well argued"}


def test_students_come_in_order_and_ungraded_ones_have_nothing(course):
    records = read_records(course, HW)
    assert list(records) == ["ada", "bob"]
    assert records["bob"].score == 0.0
    assert records["bob"].cell("lp_norm") == CellRecord("lp_norm", None, None, 0.0, 10.0, True)
    assert records["bob"].cell("nothing") is None


def test_each_assignment_has_its_own_records(course):
    assert read_records(course, "hw02_svd_pca")["ada"].score == 0.0
    assert read_records(course, "hw03") == {}


def test_the_totals_are_nbgraders(course):
    with Gradebook(course.database_url) as gradebook:
        theirs = {s.student_id: s.score for s in gradebook.find_assignment(HW).submissions}
    ours = {name: r.score + r.late_penalty for name, r in read_records(course, HW).items()}
    assert ours == theirs


def test_reading_changes_nothing(course):
    path = course.root / "gradebook.db"
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    read_records(course, HW)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert [file.name for file in course.root.iterdir()] == ["gradebook.db"]


def test_without_a_gradebook_there_are_no_records_and_none_is_made(tmp_path):
    assert read_records(make_course(tmp_path), HW) == {}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"this is no database, and long enough to show it", b""])
def test_a_gradebook_that_cannot_be_read_is_an_error(tmp_path, content):
    (tmp_path / "gradebook.db").write_bytes(content)
    with pytest.raises(CourseError, match=r"the gradebook .*gradebook\.db cannot be read"):
        read_records(make_course(tmp_path), HW)
