"""A course knows its assignments and students by name."""

import pickle
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from autograder.course.course import Course, Folders
from autograder.course.model import Assignment, Limits, Student
from autograder.course.policy import LateRule
from autograder.errors import CourseError

ROOT = Path("/course")
ADA = Student("ada", "Ada", "a@example.edu", "https://git.example.edu/ada")
HW01 = Assignment("hw01_norms", datetime(2019, 1, 30, tzinfo=UTC))
COURSE = Course(
    name="Deep Learning",
    root=ROOT,
    timezone=ZoneInfo("America/Los_Angeles"),
    students=(ADA,),
    assignments=(HW01,),
    late=LateRule(),
    best_of=1,
    limits=Limits(),
    folders=Folders(*(ROOT / name for name in ("s", "r", "t", "a", "f"))),
    staff_name="Staff",
    staff_email="staff@example.edu",
    secret=b"sesame",
    hidden_tests=ROOT / "hidden_tests",
    state=ROOT / ".autograder",
)


def test_what_is_known_is_found_by_name():
    assert COURSE.assignment("hw01_norms") is HW01
    assert COURSE.student("ada") is ADA


def test_an_unknown_assignment_is_an_error_that_names_the_known_ones():
    with pytest.raises(CourseError, match=r"no assignment 'hw1'; c.Calendar.due has hw01_norms"):
        COURSE.assignment("hw1")


def test_an_unknown_student_is_an_error():
    with pytest.raises(CourseError, match="no student 'bob' in the roster of 1"):
        COURSE.student("bob")


def test_the_secret_is_never_printed():
    assert "sesame" not in repr(COURSE)


def test_the_gradebook_lies_in_the_courses_folder_unless_it_is_set():
    assert COURSE.database_url == "sqlite:////course/gradebook.db"


def test_a_course_travels_to_another_process():
    assert pickle.loads(pickle.dumps(COURSE)) == COURSE  # noqa: S301 - our own bytes
    assert isinstance(hash(COURSE), int)
