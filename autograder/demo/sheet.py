"""The assignment as the students have it: its questions, their right answers, the mistakes."""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.errors import CourseError
from autograder.grading.mistakes import Mistake
from autograder.grading.student import is_answer_to
from autograder.notebooks import grade_id, is_grade, is_solution, points, to_text
from autograder.release.checks import THEORY

MARKERS = ("### BEGIN SOLUTION", "### END SOLUTION")


@dataclass(frozen=True, slots=True)
class Question:
    """One automatically graded cell; `answers` are the right ones, by answer cell."""

    name: str
    max_score: float
    is_theory: bool
    answers: Mapping[str, str]

    def names(self) -> tuple[str, ...]:
        """The variables and functions that the right answers define, in their order."""
        nodes = [node for text in self.answers.values() for node in ast.parse(text).body]
        names: list[str] = []
        for node in nodes:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names.append(node.name)
            elif isinstance(node, ast.Assign):
                targets = [t for target in node.targets for t in ast.walk(target)]
                names += [target.id for target in targets if isinstance(target, ast.Name)]
        return tuple(dict.fromkeys(names))


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the students start from; `prose` are the right answers that a person grades."""

    released: NotebookNode
    questions: tuple[Question, ...]
    prose: Mapping[str, str]
    mistakes: tuple[Mistake, ...]

    def mistake(self, question: str, note: str) -> Mistake:
        """The known mistake in `question` whose note holds the words `note`.

        Raises: CourseError where there is none.
        """
        for mistake in self.mistakes:
            if mistake.cell == question and note in mistake.note:
                return mistake
        notes = "; ".join(m.note for m in self.mistakes if m.cell == question) or "none"
        raise CourseError(f"the demo needs the mistake {note!r} in {question!r}; known: {notes}")


def read_sheet(
    source: NotebookNode, released: NotebookNode, mistakes: Sequence[Mistake] = ()
) -> Sheet:
    """The sheet of a source notebook and of what was released from it."""
    answers = {
        grade_id(cell) or "": _without_markers(cell.source)
        for cell in source.cells
        if is_solution(cell) and not is_grade(cell)
    }
    questions = tuple(
        Question(
            name,
            points(cell),
            THEORY in cell.metadata.get("tags", ()),
            {answer: text for answer, text in answers.items() if is_answer_to(answer, name)},
        )
        for cell in source.cells
        if is_grade(cell) and not is_solution(cell) and (name := grade_id(cell))
    )
    prose = {
        grade_id(cell) or "": _without_markers(cell.source)
        for cell in source.cells
        if is_grade(cell) and is_solution(cell)
    }
    return Sheet(released, questions, prose, tuple(mistakes))


def fill_in(sheet: Sheet, answers: Mapping[str, str]) -> bytes:
    """The file of a student who wrote `answers`, by answer cell, and left the others alone."""
    notebook = copy.deepcopy(sheet.released)
    for cell in notebook.cells:
        if is_solution(cell) and grade_id(cell) in answers:
            cell.source = answers[grade_id(cell) or ""]
    return to_text(notebook).encode()


def _without_markers(source: str) -> str:
    lines = source.splitlines()
    return "\n".join(line for line in lines if line.strip() not in MARKERS)
