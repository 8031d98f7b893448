"""A small assignment with two questions, for tests of grading itself."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
from nbformat import NotebookNode

HIDDEN_TESTS = '''
import numpy as np
import pytest


@pytest.mark.grade_cell("norm")
@pytest.mark.parametrize("p", [1, 2, 3])
def test_unit_vectors(student, p):
    """Every multiple of a unit vector has its factor as norm."""
    assert float(student.norm(np.array([2.5, 0.0]), p)) == pytest.approx(2.5)


@pytest.mark.grade_cell("norm")
def test_signs_do_not_cancel(student):
    """A negative entry does not cancel a positive one."""
    assert float(student.norm(np.array([7654.25, -7654.25]), 1)) == pytest.approx(15308.5)


@pytest.mark.grade_cell("norm")
def test_small_p_is_refused(student):
    """For p < 1 a ValueError is raised, for p = 1 none."""
    assert float(student.norm(np.array([3.0, 4.0]), 1)) == 7
    with pytest.raises(ValueError):
        student.norm(np.array([1.0]), 0.5)


@pytest.mark.grade_cell("add", weight=3)
def test_in_place(student, rng):
    """C becomes AB + C, in the memory where it was."""
    A, B, big = rng.normal(size=(3, 4)), rng.normal(size=(4, 5)), np.zeros((6, 10))
    C, product = big[::2, ::2], A @ B
    student.add(A, B, C)
    assert np.allclose(big[::2, ::2], product)


@pytest.mark.grade_cell("add")
def test_adds_to_what_was_there(student):
    """What C held before is kept."""
    C = np.ones((1, 1))
    student.add(np.eye(1), np.eye(1), C)
    assert C[0, 0] == 2
'''
MISTAKES = """
from autograder.grading.mistakes import mistake


@mistake("norm", note="no absolute value", hint="Look at the sign of each entry.",
         caught_by="test_signs_do_not_cancel")
def norm(x, p):
    if p < 1:
        raise ValueError("p")
    return (x**p).sum() ** (1 / p)
"""
NORM = """def norm(x, p):
    if p < 1:
        raise ValueError("p must be at least 1")
    return (abs(x) ** p).sum() ** (1 / p)"""
ADD = """def add(A, B, C):
    C += A @ B"""
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
NAME = "small"


def write_hidden_tests(folder: Path) -> Path:
    """The hidden tests and their bank as files; returns the tests' path."""
    folder.mkdir(exist_ok=True)
    (folder / f"mistakes_{NAME}.py").write_text(MISTAKES)
    path = folder / f"test_{NAME}.py"
    path.write_text(HIDDEN_TESTS)
    return path


def notebook(norm: str = STUB, add: str = STUB, prose: str = "YOUR ANSWER HERE") -> NotebookNode:
    """The assignment with these answers; as it is released where none are given."""
    cells = [
        _code("imports", "import numpy as np", locked=True),
        _code("norm_answer", norm, solution=True),
        _code("norm", "assert norm(np.array([3.0, 4.0]), 2) == 5", grade=True, points=10),
        nbformat.v4.new_markdown_cell("## Second question", id="second"),
        _code("add_answer", add, solution=True),
        _code("add", "assert callable(add)", grade=True, points=10),
        nbformat.v4.new_markdown_cell(prose, id="prose"),
    ]
    cells[-1].metadata["nbgrader"] = _meta("prose", "markdown", grade=True, solution=True, points=3)
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec})


def source() -> NotebookNode:
    """The instructor's notebook, with solution and hidden-test regions."""
    result = notebook(*(f"### BEGIN SOLUTION\n{text}\n### END SOLUTION" for text in (NORM, ADD)))
    result.cells[-1].source = "### BEGIN SOLUTION\nbecause\n### END SOLUTION"
    for cell in result.cells:
        if cell.metadata.get("nbgrader", {}).get("grade") and cell.cell_type == "code":
            cell.source += f"\n### BEGIN HIDDEN TESTS\n# test_{NAME}.py\n### END HIDDEN TESTS"
    return result


def text(of: NotebookNode) -> bytes:
    """The bytes of the notebook's file."""
    return json.dumps(of).encode()


def _code(name: str, body: str, **meta: object) -> NotebookNode:
    cell = nbformat.v4.new_code_cell(body, id=name.replace("_", "-"))
    cell.metadata["nbgrader"] = _meta(name, "code", **meta)
    return cell


def _meta(name: str, kind: str, **meta: object) -> dict[str, object]:
    grade = bool(meta.get("grade"))
    plain = {"grade": False, "solution": False, "locked": grade, "task": False}
    return plain | {"schema_version": 3, "grade_id": name, "cell_type": kind} | meta
