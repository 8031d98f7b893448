"""Hand-made reports and notebooks for the feedback's tests."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import nbformat
from nbformat import NotebookNode

from autograder.course.model import Submission
from autograder.course.report import CellScore, Report, Status, TestOutcome
from autograder.feedback.returned import Returned, put_together
from autograder.gradebook.records import CellRecord, SubmissionRecord

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
TRACEBACK = """\
ValueError                                Traceback (most recent call last)
Cell lp_norm_answer, line 3, in lp_norm(x, p)
      1 def lp_norm(x, p):
      2     if p < 1:
----> 3         raise ValueError(f"p is {p}")

ValueError: p is 0"""


def code(name: str, source: str, *outputs: NotebookNode, **nbgrader: object) -> NotebookNode:
    """A code cell with nbgrader's metadata, as it ran."""
    cell = nbformat.v4.new_code_cell(source, id=name, outputs=list(outputs), execution_count=1)
    cell.metadata["nbgrader"] = {"grade_id": name, "schema_version": 3, **nbgrader}
    return cell


def text(source: str, cell_id: str = "text", **nbgrader: object) -> NotebookNode:
    cell = nbformat.v4.new_markdown_cell(source, id=cell_id)
    if nbgrader:
        cell.metadata["nbgrader"] = {"grade_id": cell_id, "schema_version": 3, **nbgrader}
    return cell


def shown(data: dict[str, str], **metadata: object) -> NotebookNode:
    return nbformat.v4.new_output("display_data", data, metadata=metadata)


def stream(words: str) -> NotebookNode:
    return nbformat.v4.new_output("stream", name="stdout", text=words)


def notebook(*cells: NotebookNode) -> NotebookNode:
    return nbformat.v4.new_notebook(cells=list(cells))


def outcome(cell: str, claim: str, status: Status, **more: Any) -> TestOutcome:
    return TestOutcome(cell, f"test_{len(claim)}", claim, status, **more)


def worked_notebook() -> NotebookNode:
    """Two questions with an answer each, and one to be read by a person."""
    hidden = "### BEGIN HIDDEN TESTS\n# test_hw01_norms.py\n### END HIDDEN TESTS"
    return notebook(
        text("# Norms, arrays, vectorisation\n\nWork through the questions in any order.", "title"),
        text(
            "## P1. The $\\ell_p$ norm\n\nWrite `lp_norm(x, p)`, which returns\n\n"
            "$$\\|x\\|_p = \\Big(\\sum_{i=1}^n |x_i|^p\\Big)^{1/p}.$$\n\n"
            "| $p$ | norm |\n|--|--|\n| 1 | $\\sum_i \\lvert x_i\\rvert$ |\n"
            "| $\\infty$ | $\\max_i \\lvert x_i\\rvert$ |",
            "p1",
        ),
        code(
            "lp_norm_answer",
            'def lp_norm(x, p):\n    if p < 1:\n        raise ValueError(f"p is {p}")\n'
            "    return (x**p).sum() ** (1 / p)",
            solution=True,
        ),
        code(
            "lp_norm",
            f"assert lp_norm(np.array([3.0, 4.0]), 2) == 5\n{hidden}",
            shown({"text/plain": "lp_norm: 4 of 10 points"}, autograder=True),
            grade=True,
            locked=True,
            points=10,
        ),
        text("## P2. A design matrix", "p2"),
        code(
            "design_answer",
            "def design_matrix(x, d):\n    while True:\n        pass",
            solution=True,
        ),
        code("design", f"assert callable(design_matrix)\n{hidden}", grade=True, points=10),
        text("## T5. Positive semidefinite\n\nWhen is keeping $B = A D A^\\top$ cheaper?", "t5"),
        text(
            "Storing $A$ and $D$ takes $nd + d$ numbers, $B$ takes $n^2$.",
            "psd_prose",
            grade=True,
            solution=True,
            points=3,
        ),
    )


def worked_report() -> Report:
    lp_norm = (
        outcome("lp_norm", "The norm of $(3, 4)$ for $p = 2$ is $5$.", Status.PASSED),
        outcome("lp_norm", "$\\|\\alpha x\\|_p = |\\alpha| \\|x\\|_p$ for every α.", Status.PASSED),
        outcome(
            "lp_norm",
            "The sign of an entry does not change the norm.",
            Status.WRONG,
            note="no absolute value",
            hint="A negative entry must not cancel a positive one.",
        ),
        outcome(
            "lp_norm",
            "For `p = 0` the norm counts the entries x_i that are not zero.",
            Status.RAISED,
            detail=TRACEBACK,
        ),
        outcome("lp_norm", "A `p` between 0 and 1 raises `ValueError`.", Status.PASSED),
    )
    design = (
        outcome("design", "The matrix has one row for each point.", Status.TIMED_OUT),
        outcome("design", "Column j holds the j-th power.", Status.NOT_ATTEMPTED),
    )
    cells = (
        CellScore("lp_norm", 6.0, 10.0, lp_norm),
        CellScore("design", 0.0, 10.0, design),
        CellScore("psd_prose", None, 3.0),
    )
    problems = ("Cell 'norm_constant' was missing and was put back as it was released.",)
    return Report("hw01_norms", cells, worked_notebook(), problems)


def worked_record(**manual: float) -> SubmissionRecord:
    """What nbgrader holds on the worked report; `manual` are a person's scores."""
    cells = tuple(
        CellRecord(c.cell, c.score, manual.get(c.cell), 0.0, c.max_score, c.score is None)
        for c in worked_report().cells
    )
    comments = {"lp_norm_answer": "Nearly there.\nLook at $|x_i|$ once more."}
    return SubmissionRecord("ada", "hw01_norms", cells, comments)


def worked(**manual: float) -> Returned:
    received = datetime(2019, 1, 29, 23, 59, 3, tzinfo=UTC)
    submission = Submission("ada", "hw01_norms", "ab12" * 10, received, Path("x"), 0)
    record = worked_record(**manual)
    return put_together(worked_report(), record, submission, ZoneInfo("America/Los_Angeles"))
