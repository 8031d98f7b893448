"""The returned notebook: the student's own as it ran, with a note of ours after each question."""

from __future__ import annotations

import hashlib
import re
from typing import cast

import nbformat
from nbformat import NotebookNode

from autograder import notebooks
from autograder.feedback import escape
from autograder.feedback.cleaning import OUR_IDS, clean
from autograder.feedback.returned import Question, Returned
from autograder.feedback.summary import opening
from autograder.feedback.wording import question_note


def annotate(returned: Returned) -> NotebookNode:
    """The annotated notebook; it needs nothing but Markdown to be read.

    Cells of ours have ids that begin with `autograder` and metadata that says so; no cell of a
    student's has either, nor the mark with which our notes begin.
    """
    notebook = clean(returned.notebook)
    notes = {question.cell: question for question in returned.questions}
    cells = [_note("summary", opening(returned))]
    for cell in notebook.cells:
        cells.append(cell)
        name = notebooks.grade_id(cell)
        if name in notes and notebooks.is_grade(cell):
            cells.append(_question_cell(notes.pop(name)))
    if notes:
        cells.append(_note("missing", _missing(len(notes))))
        cells += [_question_cell(question) for question in notes.values()]
    notebook.cells = cells
    return notebook


def is_ours(cell: NotebookNode) -> bool:
    """Whether a cell of an annotated notebook is a note of ours."""
    return bool(cell.get("metadata", {}).get("autograder"))


def _question_cell(question: Question) -> NotebookNode:
    return _note(f"question-{question.cell}", question_note(question))


def _missing(count: int) -> str:
    one = count == 1
    return (
        f"### {escape.SEAL} {'A question' if one else 'Questions'} not found in this notebook\n\n"
        f"The grade cell{'' if one else 's'} of the following "
        f"{'question is' if one else f'{count} questions are'} not in the file."
    )


def _note(name: str, text: str) -> NotebookNode:
    cell_id = f"{OUR_IDS}-{name}"
    if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", cell_id):
        cell_id = f"{OUR_IDS}-{hashlib.sha256(name.encode()).hexdigest()[:32]}"
    metadata = {"autograder": True, "deletable": False, "editable": False, "tags": ["feedback"]}
    cell = {"cell_type": "markdown", "id": cell_id, "metadata": metadata, "source": text}
    return cast(NotebookNode, nbformat.from_dict(cell))
