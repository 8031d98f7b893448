"""What nbgrader's gradebook says about an assignment, read without touching it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from autograder.course.course import Course
from autograder.errors import CourseError


@dataclass(frozen=True, slots=True)
class CellRecord:
    """One grade cell of one submission, as formgrader shows it.

    A person's score stands in place of the machine's; extra credit comes on top of either.
    """

    cell: str
    auto_score: float | None
    manual_score: float | None
    extra_credit: float
    max_score: float
    needs_manual_grade: bool

    @property
    def score(self) -> float:
        """The score that counts; 0 where nobody has given one yet."""
        given = self.manual_score if self.manual_score is not None else self.auto_score
        return (given or 0.0) + self.extra_credit


@dataclass(frozen=True, slots=True)
class SubmissionRecord:
    """One submission; `comments` are a person's, by the cell that they stand at."""

    student: str
    assignment: str
    cells: tuple[CellRecord, ...]
    comments: Mapping[str, str]
    late_penalty: float = 0.0

    @property
    def score(self) -> float:
        """The sum over the cells less the late penalty, never below 0."""
        return max(0.0, sum(cell.score for cell in self.cells) - self.late_penalty)

    @property
    def max_score(self) -> float:
        return sum(cell.max_score for cell in self.cells)

    @property
    def needs_manual_grade(self) -> bool:
        """Whether a person has something left to grade."""
        return any(cell.needs_manual_grade for cell in self.cells)

    def cell(self, name: str) -> CellRecord | None:
        """The record of the grade cell `name`, or None where the gradebook has none."""
        return next((cell for cell in self.cells if cell.cell == name), None)


def read_records(course: Course, assignment: str) -> dict[str, SubmissionRecord]:
    """What the gradebook holds for `assignment`, by student; cells in the order of their names.

    Without a gradebook there are no records.

    Raises:
        CourseError: the gradebook cannot be read.
    """
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415  # a second to import

    path = _sqlite_path(course.database_url)
    if path is not None and not path.is_file():
        return {}
    try:
        return _read(course.database_url, path, assignment)
    except SQLAlchemyError as error:
        raise CourseError(
            f"the gradebook {path or '(c.CourseDirectory.db_url)'} cannot be read "
            f"({error.args[0]}); if an older nbgrader made it, back it up and run "
            "`nbgrader db upgrade`"
        ) from error


def _read(url: str, path: Path | None, assignment: str) -> dict[str, SubmissionRecord]:
    from nbgrader import api  # noqa: PLC0415  # seconds to import
    from sqlalchemy import create_engine, select  # noqa: PLC0415  # the same
    from sqlalchemy.orm import Session, selectinload  # noqa: PLC0415  # the same

    # nbgrader's own Gradebook would make the file, its tables and the course's row
    engine = (
        create_engine("sqlite://", creator=lambda: _open_read_only(path))
        if path is not None
        else create_engine(url)
    )
    table: Any = api  # its annotations predate what a type checker can follow
    notebooks = selectinload(table.SubmittedAssignment.notebooks)
    query = (
        select(table.SubmittedAssignment)
        .join(table.SubmittedAssignment.assignment)
        .where(table.Assignment.name == assignment)
        .options(
            notebooks.selectinload(table.SubmittedNotebook.grades).joinedload(table.Grade.cell),
            notebooks.selectinload(table.SubmittedNotebook.comments).joinedload(table.Comment.cell),
        )
    )
    try:
        with Session(engine) as session:
            found: list[Any] = sorted(session.scalars(query), key=lambda row: row.student_id)
            return {
                row.student_id: _record(row.student_id, assignment, row.notebooks) for row in found
            }
    finally:
        engine.dispose()


def _record(student: str, assignment: str, notebooks: Iterable[Any]) -> SubmissionRecord:
    cells = [
        CellRecord(
            grade.cell.name,
            grade.auto_score,
            grade.manual_score,
            grade.extra_credit or 0.0,
            grade.max_score or 0.0,
            grade.needs_manual_grade,
        )
        for notebook in notebooks
        for grade in notebook.grades
    ]
    comments = {
        comment.cell.name: comment.manual_comment
        for notebook in notebooks
        for comment in notebook.comments
        if comment.manual_comment and comment.manual_comment.strip()
    }
    penalty = sum(notebook.late_submission_penalty or 0.0 for notebook in notebooks)
    cells.sort(key=lambda cell: cell.cell)
    return SubmissionRecord(student, assignment, tuple(cells), comments, penalty)


def _sqlite_path(url: str) -> Path | None:
    prefix = "sqlite:///"
    return Path(url.removeprefix(prefix)) if url.startswith(prefix) else None


def _open_read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)
