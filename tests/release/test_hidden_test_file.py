"""A file of hidden tests is read as pytest would collect it, and never run."""

import pytest

from autograder.errors import ReleaseError
from autograder.release.hidden_test_file import HiddenTest, read_hidden_tests

TEXT = '''
import pytest
raise SystemExit("this file was run")

pytestmark = pytest.mark.grade_cell("outer")

def helper(): ...

def test_a(student):
    """A."""

@pytest.mark.grade_cell("own", weight=2)
def test_b(student):
    """B."""

@pytest.mark.grade_cell("of_class")
class TestMore:
    def test_c(self, student): ...

class Testimony: ...
'''


def test_nearest_marker_names_the_cell(tmp_path):
    path = tmp_path / "test_hw.py"
    path.write_text(TEXT)
    assert read_hidden_tests(path) == (
        HiddenTest("test_a", 9, ("outer",), "A."),
        HiddenTest("test_b", 13, ("own",), "B."),
        HiddenTest("test_c", 18, ("outer", "of_class"), ""),
    )


def test_what_is_no_python_is_named(tmp_path):
    path = tmp_path / "test_hw.py"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ReleaseError, match="is no Python"):
        read_hidden_tests(path)
    with pytest.raises(ReleaseError, match="does not exist"):
        read_hidden_tests(tmp_path / "test_none.py")
