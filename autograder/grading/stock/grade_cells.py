"""Runs a notebook in nbgrader's own format: its cells in the sandbox, its grade cells here.

The student's cells run in the sandbox in the notebook's order. When a grade cell's turn comes, the
instructor's text of it, hidden tests included, runs in the grader, with the student's names looked
up in the sandbox. As in nbgrader, a cell that raises earns nothing, one whose last line is a number
earns that number, and any other earns all its points.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence

from nbformat import NotebookNode

from autograder import notebooks
from autograder.answers.verdict import UndecidedAnswer
from autograder.course.report import Status, TestOutcome
from autograder.errors import ReleaseError, SandboxError
from autograder.grading.bounded import bounded
from autograder.grading.handles import HandleAskedError
from autograder.grading.pytest_plugin import (
    TEST_CPU_S,
    detail_of,
    hint_of,
    status_of,
)
from autograder.grading.session import Cell, Session
from autograder.grading.stock.instructor import definitions, parse_cell, student_names
from autograder.grading.stock.names import ASKED, Names, StockLink

CLAIM = "The checks of this cell hold."


def run_stock(
    session: Session,
    cells: Sequence[tuple[Cell, str | None]],
    source: NotebookNode,
    only: Collection[str] | None = None,
) -> tuple[TestOutcome, ...]:
    """Runs the cells, and gives the outcome of each grade cell of `source` that tests.

    `cells` are the student's code cells with their grade_id, `session` has run none of them yet.

    Raises: SandboxError if the sandbox fails; ReleaseError where the instructor's notebook is no
    Python.
    """
    link = StockLink(session)
    students = student_names(source)
    names, known = Names(link, students), set[str]()
    instructors = {notebooks.grade_id(c): c for c in source.cells if c.cell_type == "code"}
    _define(names, known, students, source)
    outcomes: list[TestOutcome] = []
    for cell, grade_id in cells:
        theirs = instructors.get(grade_id) if grade_id else None
        if theirs is None or not _is_test(theirs):
            session.add(cell)
            continue
        # of a test, the sandbox runs what later cells may use: its definitions
        kept = definitions(notebooks.without_hidden_tests(theirs.source), set(known), students)
        text = ast.unparse(ast.Module(kept, []))
        session.add(Cell(cell.name, text, cell.timeout_s))
        if only is None or grade_id in only:
            outcomes.append(_outcome(names, link, theirs))
        names.forget_students()
    return tuple(outcomes)


def _define(names: Names, known: set[str], students: frozenset[str], source: NotebookNode) -> None:
    """Runs here what the instructor's other cells define without a student's code."""
    for cell in source.cells:
        if cell.cell_type != "code" or notebooks.is_solution(cell) or _is_test(cell):
            continue
        for statement in definitions(cell.source, known, students):
            try:
                names.run([statement])
            except SandboxError:
                raise
            except Exception as error:
                what = ast.unparse(statement).splitlines()[0]
                raise ReleaseError(
                    f"the instructor's own `{what}` raises {type(error).__name__}: {error}; "
                    "mend the source notebook, or install what it imports"
                ) from error


def _outcome(names: Names, link: StockLink, cell: NotebookNode) -> TestOutcome:
    name, worth = notebooks.grade_id(cell) or "", notebooks.points(cell)
    tree = parse_cell(cell.source)
    if tree is None:
        raise ReleaseError(f"grade cell {name!r} of the source notebook is no Python; mend it")
    link.begin(name, 0)
    error: BaseException | None = None
    value = None
    try:
        with bounded(TEST_CPU_S):
            value = names.run(tree.body)
    except SandboxError:
        raise
    except HandleAskedError:
        error = UndecidedAnswer(ASKED)
    except Exception as raised:  # noqa: BLE001  # whatever a check raises is its outcome
        error = raised
    earned = _earned(value, worth) if error is None else 0.0
    status = status_of(error) if error is not None or earned < worth else Status.PASSED
    if error is None and earned < worth:
        status = Status.WRONG
    if isinstance(error, NameError) and status is Status.WRONG:
        status = Status.NOT_ATTEMPTED
    sources: Mapping[str, str] = {c.name: c.source for c in link.session.cells}
    return TestOutcome(
        cell=name, test=name, claim=CLAIM, status=status, hint=hint_of(error),
        detail=detail_of(error, sources), credit=earned / worth if 0 < earned < worth else 0.0,
    )  # fmt: skip


def _earned(value: object, worth: float) -> float:
    """nbgrader's partial credit: the number that a cell's last line shows, else all its points."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return worth
    return min(max(float(value), 0.0), worth)


def _is_test(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and notebooks.is_grade(cell) and not notebooks.is_solution(cell)
