"""Tells a notebook that the staff brought, and nobody worked on, from one that was handed in."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.collect.objects import read
from autograder.collect.pins import Pins
from autograder.collect.wanted import FoundFile, Wanted
from autograder.course.model import Student
from autograder.notebooks import UnreadableNotebookError, grade_id, parse
from autograder.repositories.push_log import PushEntry


def is_untouched(
    pins: Pins,
    notebook: FoundFile,
    wanted: Wanted,
    entries: Sequence[PushEntry],
    student: Student,
) -> bool:
    """Whether the notebook is what others pushed, as it was released.

    `entries` are the pushes to the branch up to that moment. A notebook without an answer that the
    student brought there, in a repository that nobody else has pushed to, was handed in.
    """
    pushers = {entry.user for entry in entries if not entry.is_deletion}
    if pushers <= {student.id}:
        return False
    if wanted.blank == notebook:
        return True
    return student.id not in pushers and _has_no_answer(pins, notebook, wanted)


def has_no_work(pins: Pins, notebook: FoundFile, wanted: Wanted) -> bool:
    """Whether the notebook is as it was released, whoever brought it."""
    return wanted.blank == notebook or _has_no_answer(pins, notebook, wanted)


def _has_no_answer(pins: Pins, notebook: FoundFile, wanted: Wanted) -> bool:
    """Whether every cell to write in has the text with which it was released.

    Other cells may differ: they are from before a correction.
    """
    limit = wanted.max_mib * 2**20
    content = read(pins.repository, [notebook.blob], "blob", limit, pins.limits)[notebook.blob]
    try:
        cells = parse(content).cells
    except UnreadableNotebookError:
        return False
    there = {grade_id(cell): cell.source.strip() for cell in cells if grade_id(cell)}
    return bool(wanted.answers) and all(
        there.get(name) == source.strip() for name, source in wanted.answers.items()
    )
