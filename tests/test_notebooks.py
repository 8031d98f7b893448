import copy
import json

import nbformat
import pytest

from autograder import notebooks
from tests.grading import small


def conformed(submitted):
    return notebooks.conform(small.notebook(), notebooks.parse(small.text(submitted)))


def sources(notebook):
    return [cell.source for cell in notebook.cells]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b" \n ", "the file is empty"),
        (b"not json", "the file is not JSON: .* at line 1, column 1"),
        (b"\xff\xfe\x00", "the file is not UTF-8 text"),
        (b"[" * 200_000, "the file is nested too deep"),
        (b"9" * 5000, "the file holds a number that cannot be read"),
        (b"[1, 2]", "the file is JSON, but not a notebook: it has no cells"),
        (b'{"cells": 3}', "the file is JSON, but not a notebook: it has no cells"),
    ],
)
def test_a_file_that_is_no_notebook_is_refused_with_the_reason(content, message):
    with pytest.raises(notebooks.UnreadableNotebookError, match=message):
        notebooks.parse(content)


def test_strange_cells_are_left_out_and_the_rest_is_kept():
    cells = [None, 3, {"cell_type": "video"}, {"cell_type": "code", "source": 7}]
    honest = {"cell_type": "code", "source": ["a = 1\n", None, "b = 2"], "metadata": None}
    read = notebooks.parse(json.dumps({"cells": [*cells, honest]}).encode())
    assert sources(read) == ["a = 1\nb = 2"]


def test_text_that_no_file_can_hold_is_replaced():
    body = {"cells": [{"cell_type": "code", "source": "x = '\ud800\x00'", "metadata": {}}]}
    (cell,) = notebooks.parse(json.dumps(body).encode()).cells
    cell.source.encode()
    assert "\x00" not in cell.source


def test_old_notebooks_with_worksheets_are_read():
    cell = {"cell_type": "code", "input": "a = 1", "metadata": {}}
    read = notebooks.parse(json.dumps({"worksheets": [{"cells": [cell]}]}).encode())
    assert sources(read) == ["a = 1"]


def test_only_pictures_of_attachments_are_kept():
    body = {"a.png": {"image/png": "AAAA"}, "b": {"text/html": "<script>"}, "c": 3}
    cell = {"cell_type": "markdown", "source": "x", "metadata": {}, "attachments": body}
    (read,) = notebooks.parse(json.dumps({"cells": [cell]}).encode()).cells
    assert read.attachments == {"a.png": {"image/png": "AAAA"}}


def test_answers_are_taken_and_everything_else_is_as_released():
    submitted = small.notebook("def norm(): ...", "def add(): ...")
    submitted.cells[2].source = "assert True"
    submitted.cells[2].metadata.nbgrader.points = 1000
    submitted.cells[0].source = "import antigravity"
    result, problems = conformed(submitted)
    assert problems == []
    assert sources(result) == sources(small.notebook("def norm(): ...", "def add(): ..."))
    assert result.cells[2].metadata.nbgrader.points == 10


def test_missing_cells_are_put_back_and_said():
    submitted = small.notebook("def norm(): ...")
    del submitted.cells[2]
    result, problems = conformed(submitted)
    assert sources(result) == sources(small.notebook("def norm(): ..."))
    assert problems == ["cell 'norm' was missing and was put back as it was released"]


def test_a_renamed_cell_is_kept_as_the_students_own():
    submitted = small.notebook("def norm(): ...")
    submitted.cells[1].metadata.nbgrader.grade_id = "mine"
    submitted.cells[1].id = "other"
    result, problems = conformed(submitted)
    assert problems == ["cell 'norm_answer' was missing and was put back as it was released"]
    assert sources(result).count("def norm(): ...") == 1


@pytest.mark.parametrize("order", [("work", "stub"), ("stub", "work")])
def test_of_two_copies_the_one_that_was_worked_on_counts(order):
    submitted = small.notebook()
    double = copy.deepcopy(submitted.cells[1])
    texts = {"work": "def norm(): ...", "stub": small.STUB}
    submitted.cells[1].source, double.source = texts[order[0]], texts[order[1]]
    double.id = "double"
    submitted.cells.insert(2, double)
    result, problems = conformed(submitted)
    assert sources(result) == sources(small.notebook("def norm(): ..."))
    assert problems == ["cell 'norm_answer' stood 2 times; one of them was graded"]


def test_extra_cells_stay_where_they_stood():
    submitted = small.notebook("norm = helper")
    extra = nbformat.v4.new_code_cell("helper = abs")
    submitted.cells.insert(1, extra)
    result, _ = conformed(submitted)
    assert sources(result)[:3] == ["import numpy as np", "helper = abs", "norm = helper"]


def test_cell_ids_are_unique_whatever_was_handed_in():
    submitted = small.notebook()
    for body in ("a", "b"):
        extra = nbformat.v4.new_code_cell(body)
        extra.id = "imports"
        submitted.cells.append(extra)
    result, _ = conformed(submitted)
    ids = [cell.id for cell in result.cells]
    assert len(ids) == len(set(ids))
    nbformat.validate(result)


def test_hidden_tests_are_cut_out_of_a_cell():
    body = "assert a\n### BEGIN HIDDEN TESTS\nassert secret\n### END HIDDEN TESTS\n"
    assert notebooks.without_hidden_tests(body) == "assert a"
