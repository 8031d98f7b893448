"""Settings and roster are read once for a class, and anew for each command."""

import pytest

from autograder.errors import CourseError
from autograder.grading.recording import course_of, open_gradebook
from autograder.settings import load_course

CONFIG = """c = get_config()
c.Calendar.timezone = "UTC"
c.Calendar.due = {"small": "2026-02-13 12:00"}
c.Policy.drop = 0
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    return tmp_path.resolve()


def test_settings_are_those_of_the_beginning_while_a_class_is_recorded(root):
    course = load_course(root)
    with open_gradebook(course, "small"):
        (root / "nbgrader_config.py").write_text("this is no Python")
        assert course_of(root) is course
    with pytest.raises(CourseError, match="does not run"):
        course_of(root)


def test_another_course_is_read_by_itself(root, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    (other / "nbgrader_config.py").write_text(CONFIG)
    with open_gradebook(load_course(root), "small"):
        assert course_of(other).root == other.resolve()
