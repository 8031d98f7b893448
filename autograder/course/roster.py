"""The roster: a CSV text to students, with every row that is wrong named."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO

from autograder.course.model import Student
from autograder.errors import CourseError

COLUMNS = ("id", "name", "email", "repository")
LOGIN = "login"  # a column that may be left out
# what nbgrader, Git and every file system take as one plain name
SAFE_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_])?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def read_roster(text: str) -> tuple[Student, ...]:
    """The students of a CSV text with the columns id, name, email and repository, in its order.

    A column login is read where there is one; others are left alone. Blank lines are no rows.

    Raises:
        CourseError: a column is missing, or rows are wrong; `problems` names each.
    """
    try:
        rows = list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))
    except csv.Error as error:
        raise CourseError(
            f"the roster is no CSV: {error}; quote a value that holds a quote"
        ) from error
    header = [column.strip() for column in rows[0]] if rows else []
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise CourseError(
            f"the roster has no column {', '.join(missing)}; its first line is "
            f"{','.join(header)!r}, make it {','.join(COLUMNS)}"
        )
    students: list[Student] = []
    problems: list[str] = []
    seen: dict[str, set[str]] = {"id": set(), "repository": set(), LOGIN: set()}
    for number, row in enumerate(rows[1:], start=2):
        if not any(value.strip() for value in row):
            continue
        values = dict(zip(header, (value.strip() for value in row), strict=False))
        faults = [*_faults(row, header, values), *_taken(values, seen)]
        problems += [f"roster row {number}: {fault}" for fault in faults]
        if not faults:
            required = (values[column] for column in COLUMNS)
            students.append(Student(*required, login=values.get(LOGIN, "")))
            for column, others in seen.items():
                others.add(_folded(column, values))
    if problems:
        raise CourseError("; ".join(problems), tuple(problems))
    return tuple(students)


def _faults(row: list[str], header: list[str], values: dict[str, str]) -> Iterator[str]:
    if len(row) != len(header):
        yield f"{len(row)} values for {len(header)} columns; quote a value that holds a comma"
        return
    student_id, repository = values["id"], values["repository"]
    if not SAFE_ID.fullmatch(student_id):
        yield f"id {student_id!r} is not safe as a file name; use up to 64 of A-Z a-z 0-9 . _ -"
    if not repository or repository.startswith("-"):
        yield f"repository {repository!r} is no address; write an https or ssh address"
    for column in (*COLUMNS, LOGIN):
        if _CONTROL.search(values.get(column, "")):
            yield f"{column} {values[column]!r} holds a control character; remove it"


def _taken(values: dict[str, str], seen: dict[str, set[str]]) -> Iterator[str]:
    """What an earlier row has already."""
    for column, others in seen.items():
        folded = _folded(column, values)
        if not folded or folded not in others:
            continue
        if column == "id":
            yield f"id {values[column]!r} is there twice; give each student one row"
        else:
            named = f"{column} {values[column]!r}"
            yield f"{named} is another student's too; give each student their own"


def _folded(column: str, values: dict[str, str]) -> str:
    """A value as it is compared: an address as it is, the others in any case."""
    value = values.get(column, "")
    return value if column == "repository" else value.casefold()
