"""Notebooks are stored so that Git shows what a person changed, and releases are never edited."""

import json
import re
from pathlib import Path

import pytest

from autograder.release import render
from autograder.release.student_version import read_tree
from autograder.settings import load_course

ROOT = Path(__file__).parents[1]
ASSIGNMENTS = sorted(path.parent.name for path in ROOT.glob("solutions/*/*.ipynb"))
STORED = sorted(
    path for top in ("solutions", "assignments") for path in (ROOT / top).rglob("*.ipynb")
)

each_notebook = pytest.mark.parametrize("path", STORED, ids=lambda p: str(p.relative_to(ROOT)))


@each_notebook
def test_no_outputs_and_no_execution_counts(path):
    for number, cell in enumerate(json.loads(path.read_bytes())["cells"], start=1):
        where = f"{path}: cell {number}"
        assert not cell.get("outputs"), where
        assert cell.get("execution_count") is None, where
        assert "execution" not in cell["metadata"], f"{where} keeps the times of a run"


@each_notebook
def test_cell_ids_are_unique_and_chosen(path):
    """An id that a tool draws at random would be another one the next time."""
    ids = [cell["id"] for cell in json.loads(path.read_bytes())["cells"]]
    assert len(set(ids)) == len(ids)
    assert [name for name in ids if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f-]{27})?", name)] == []


@each_notebook
def test_indent_is_one_and_the_file_ends_with_a_newline(path):
    text = path.read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_release_is_what_its_source_gives(name, tmp_path):
    render(load_course(ROOT), name, tmp_path)
    assert read_tree(ROOT / "assignments" / name) == read_tree(tmp_path / name)


def test_every_release_has_a_source():
    released = {path.name for path in (ROOT / "assignments").iterdir() if path.is_dir()}
    assert released == set(ASSIGNMENTS)
