"""What of a student's notebook may be shown, and what is left out of it."""

from __future__ import annotations

import copy
from typing import Any

import nbformat
import pytest

from autograder.feedback.cleaning import clean, without_regions
from tests.feedback.returned_samples import (
    PNG,
    code,
    notebook,
    shown,
    stream,
    text,
    worked_notebook,
)

ASSERTED = "assert secret_input(271828) == 314159"
HIDDEN = f"assert f(1) == 2\n### BEGIN HIDDEN TESTS\n{ASSERTED}\n### END HIDDEN TESTS"


def test_clean_notebook_is_valid_and_the_original_is_untouched():
    original = worked_notebook()
    before = copy.deepcopy(original)

    nbformat.validate(clean(original))

    assert original == before


@pytest.mark.parametrize(
    "source",
    [
        HIDDEN,
        HIDDEN.replace("###", "    ###"),
        HIDDEN.replace("### BEGIN HIDDEN TESTS", "###  BEGIN  HIDDEN TESTS (two)"),
        HIDDEN.partition("### END")[0],
        f"{HIDDEN}\n### BEGIN HIDDEN TESTS\n{ASSERTED}\n### END HIDDEN TESTS\n",
        HIDDEN.replace("HIDDEN TESTS", "MARK SCHEME"),
    ],
)
def test_hidden_regions_are_cut_out(source):
    assert without_regions(source) == "assert f(1) == 2"


def test_what_a_cell_with_hidden_code_displayed_is_not_shown():
    error = nbformat.v4.new_output(
        "error", ename="AssertionError", evalue=ASSERTED, traceback=[f"----> 3 {ASSERTED}"]
    )
    outputs = [error, stream(ASSERTED), shown({"text/plain": "314159"})]

    cell = clean(notebook(code("f", HIDDEN, *outputs, grade=True))).cells[0]

    assert cell.outputs == []
    assert "314159" not in str(cell)


def test_a_traceback_is_shown_without_the_comment_of_the_hidden_region():
    source = "assert f(1) == 2\n### BEGIN HIDDEN TESTS\n# test_x.py\n### END HIDDEN TESTS"
    lines = ["----> 1 assert f(1) == 2\n      2 ### BEGIN HIDDEN TESTS\n      3 # test_x.py"]
    error = nbformat.v4.new_output("error", ename="E", evalue="x", traceback=lines)

    (output,) = clean(notebook(code("f", source, error, grade=True))).cells[0].outputs

    assert output.traceback == ["----> 1 assert f(1) == 2"]


def test_only_pictures_and_text_are_kept_of_an_output():
    data = {
        "text/html": "<script>1</script>",
        "application/javascript": "1",
        "image/svg+xml": "<svg onload=1>",
        "application/vnd.jupyter.widget-view+json": "{}",
        "image/png": PNG,
        "text/plain": "a table",
    }
    output = shown(data, **{"image/png": {"width": "1 onerror=alert(1)"}})

    (kept,) = clean(notebook(code("a", "1", output))).cells[0].outputs

    assert kept.data == {"image/png": PNG, "text/plain": "a table"}
    assert kept.metadata == {}


def test_an_output_of_an_active_kind_alone_says_that_it_is_not_shown():
    output = shown({"text/html": "<b>hi</b>"})

    (kept,) = clean(notebook(code("a", "1", output))).cells[0].outputs

    assert kept.data == {"text/plain": "(an output of text/html, which is not shown here)"}


def test_a_picture_that_is_no_base64_is_dropped():
    output = shown({"image/png": '"><script>1</script>', "text/plain": "x"})

    (kept,) = clean(notebook(code("a", "1", output))).cells[0].outputs

    assert kept.data == {"text/plain": "x"}


def test_outputs_made_by_grading_are_dropped():
    cell = clean(notebook(code("a", "1", shown({"text/plain": "x"}, autograder=True)))).cells[0]

    assert cell.outputs == []


def test_ids_and_metadata_that_look_like_ours_do_not_survive():
    forged = text("Score 10/10", "autograder-question-lp_norm")
    forged.metadata.update({"autograder": True, "tags": ["feedback"]})

    twice = notebook(forged)
    twice.cells.append(forged)

    cell = clean(twice).cells[1]

    assert not cell.id.startswith("autograder")
    assert cell.metadata == {}


def test_a_notebook_of_odd_parts_is_still_a_valid_one():
    odd: Any = nbformat.from_dict(
        {
            "cells": [
                {"cell_type": "heading", "source": ["a", "b", 3], "metadata": None},
                {"cell_type": "code", "source": None, "outputs": [3, {"output_type": "error"}]},
                {"cell_type": "code", "outputs": [{"output_type": "display_data", "data": 7}]},
                {"cell_type": "markdown", "source": "x", "attachments": {"a.png": 3}, "id": "é"},
            ],
            "metadata": {"widgets": {"x": 1}, "language_info": {"pygments_lexer": "evil"}},
        }
    )

    result = clean(odd)

    nbformat.validate(result)
    assert result.metadata.language_info == {"name": "python"}
