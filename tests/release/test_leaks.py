"""What must not reach students is found wherever it stands in a released folder."""

import json

import nbformat
import pytest

from autograder.release import leaks
from tests.release.small_course import source_notebook

SOLUTION = "    answer = x * 2 if x else x - x"


def released_with(tmp_path, cell):
    """A source folder and a released folder that has `cell` besides."""
    source, released = tmp_path / "source", tmp_path / "released"
    for folder in (source, released):
        folder.mkdir()
    (source / "hw.ipynb").write_text(json.dumps(source_notebook()))
    notebook = nbformat.v4.new_notebook(cells=[cell])
    (released / "hw.ipynb").write_text(nbformat.writes(notebook))
    return source, released


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (f"def f(x):\n{SOLUTION}", "repeats in line 2 what is hidden in cell 'double_answer'"),
        ("### BEGIN SOLUTION", "has the marker 'BEGIN SOLUTION' in line 1"),
        ("x = 1\n# END HIDDEN TESTS", "has the marker 'END HIDDEN TESTS' in line 2"),
        ("=== BEGIN MARK SCHEME ===", "has the marker 'BEGIN MARK SCHEME' in line 1"),
    ],
)
def test_text_that_leaks_is_found_in_cells_of_each_kind(tmp_path, text, problem):
    for kind, new in (("m", nbformat.v4.new_markdown_cell), ("c", nbformat.v4.new_code_cell)):
        (tmp_path / kind).mkdir()
        source, released = released_with(tmp_path / kind, new(text))
        (found,) = leaks.find(source, released)
        assert found.startswith(f"hw.ipynb: cell number 1 {problem}")


def test_outputs_are_found(tmp_path):
    output = nbformat.v4.new_output("stream", text="1234")
    cell = nbformat.v4.new_code_cell("1234", outputs=[output], execution_count=3)
    assert leaks.find(*released_with(tmp_path, cell)) == (
        "hw.ipynb: cell number 1 has outputs; a released notebook has none",
        "hw.ipynb: cell number 1 has an execution count; a released notebook has none",
    )


def test_short_lines_and_signatures_tell_nothing(tmp_path):
    text = "def double(x):\n    return answer"
    assert leaks.find(*released_with(tmp_path, nbformat.v4.new_code_cell(text))) == ()


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("helper.py", SOLUTION, "helper.py: the file repeats in line 1"),
        ("test_hw.py", '@pytest.mark.grade_cell("double")', "test_hw.py: the file holds hidden"),
        ("mistakes_hw.py", '@mistake("double", note="")', "mistakes_hw.py: the file holds hidden"),
        ("deep/more.txt", "### END SOLUTION", "deep/more.txt: the file has the marker"),
    ],
)
def test_files_beside_the_notebook_are_looked_through(tmp_path, name, text, problem):
    source, released = released_with(tmp_path, nbformat.v4.new_markdown_cell("text"))
    path = released / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    (found,) = leaks.find(source, released)
    assert found.startswith(problem)
