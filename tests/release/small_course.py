"""A course of one small assignment in a folder of its own, for the tests of the release."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.course.course import Course
from autograder.settings import load_course

HW = "hw01_small"

CONFIG = f"""
from autograder.settings import plug_into_nbgrader

c = get_config()
plug_into_nbgrader(c)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.Course.hidden_tests = "hidden_tests"
c.Calendar.timezone = "America/Los_Angeles"
c.Calendar.due = {{"{HW}": "2019-01-29 16:00"}}
c.Policy.points = 20
"""

HIDDEN_TESTS = '''
import pytest

pytestmark = [pytest.mark.grade_cell("bound")]


@pytest.mark.grade_cell("double")
@pytest.mark.parametrize("x", [2, -3])
def test_twice(student, x):
    """Twice a number is the number added to itself."""
    assert student.double(x) == x + x


def test_bound(student):
    """The bound holds."""
    assert student.bound == 1234
'''


def write_course(root: Path, change: Callable[[NotebookNode], None] | None = None) -> Course:
    """The course under `root`; `change` may spoil the source notebook before it is written."""
    for folder in (root / "solutions" / HW, root / "hidden_tests"):
        folder.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG)
    (root / "hidden_tests" / f"test_{HW}.py").write_text(HIDDEN_TESTS)
    notebook = source_notebook()
    if change is not None:
        change(notebook)
    write_source(root, notebook)
    return load_course(root)


def write_source(root: Path, notebook: NotebookNode) -> None:
    path = root / "solutions" / HW / f"{HW}.ipynb"
    path.write_text(json.dumps(notebook, indent=1, sort_keys=True) + "\n")


def source_notebook() -> NotebookNode:
    """Two questions: `double` is programming, `bound` is theory, ten points each."""
    cells = [
        nbformat.v4.new_markdown_cell("# Small", id="title"),
        _code("double_answer", "def double(x):\n    ### BEGIN SOLUTION\n"
              "    answer = x * 2 if x else x - x\n    return answer\n    ### END SOLUTION",
              solution=True),
        _code("double", "assert double(1) == 2\n### BEGIN HIDDEN TESTS\n"
              f"# test_{HW}.py\n### END HIDDEN TESTS", grade=True, points=10),
        _code("bound_answer", "### BEGIN SOLUTION\nbound = 1000 + 200 + 34\n### END SOLUTION",
              solution=True),
        _code("bound", f"### BEGIN HIDDEN TESTS\n# test_{HW}.py\n### END HIDDEN TESTS",
              grade=True, points=10),
    ]  # fmt: skip
    cells[-1].metadata["tags"] = ["theory"]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {
        "display_name": "Python 3", "language": "python", "name": "python3",
    }  # fmt: skip
    return notebook


def _code(name: str, source: str, **flags: Any) -> NotebookNode:
    cell = nbformat.v4.new_code_cell(source, id=name.replace("_", "-"))
    is_grade = flags.get("grade", False)
    cell.metadata["nbgrader"] = {
        "grade": False, "solution": False, "locked": is_grade, "task": False,
        "schema_version": 3, "grade_id": name, "cell_type": "code", **flags,
    }  # fmt: skip
    return cell
