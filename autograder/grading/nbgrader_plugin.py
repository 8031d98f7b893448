"""What stands in nbgrader's place where it would run student code or believe its output.

`autograder.settings.plug_into_nbgrader` puts these classes into nbgrader's own plug points, so that
`nbgrader autograde`, formgrader's buttons and `autograder grade` all do the same.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any, cast

from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Comment, Grade, Gradebook
from nbgrader.converters import Autograde
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import Execute, SaveAutoGrades
from nbgrader.utils import compute_checksum, is_grade, is_solution, is_task
from sqlalchemy.exc import SAWarning
from sqlalchemy.orm import joinedload

from autograder import notebooks
from autograder.course.report import Report, Status
from autograder.grading import cache, engine
from autograder.grading.job import read_notebook
from autograder.grading.recording import course_of
from autograder.grading.shown import outcomes_output, theory_note

SECONDS_A_DAY = 86_400
NOT_ATTEMPTED = Status.NOT_ATTEMPTED.value


class SubmissionExporter(NotebookExporter):
    """Reads what a student handed in without trusting it: unreadable files, missing, renamed or
    doubled cells and foreign metadata all become the released notebook with the answers found."""

    def __init__(self, **kwargs: Any) -> None:
        # nbgrader's own models warn about themselves, some times for each student
        warnings.filterwarnings("ignore", "Object of type <Submitted", SAWarning)
        super().__init__(**kwargs)
        self.optimistic_validation = True  # once at the end, and not after each preprocessor

    def from_filename(  # pyright: ignore[reportIncompatibleMethodOverride]  # NotebookExporter's own differs from its base
        self, filename: str, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        converter: Any = self.parent
        if not isinstance(converter, Autograde) or not converter._sanitizing:
            return super().from_filename(filename, resources, **kwargs)
        course = course_of(Path(cast(Any, converter).coursedir.root))
        released = read_notebook(cache.released_file(course, Path(filename).stem).read_bytes())
        prepared = engine.prepare(Path(filename).read_bytes(), released, course.limits)
        prepared.notebook.metadata["autograder"] = {"problems": list(prepared.problems)}
        return self.from_notebook_node(prepared.notebook, resources, **kwargs)


class RunInSandbox(Execute):
    """Grades the submission in the sandbox, in place of running its cells in a kernel."""

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict, *_: Any, **__: Any
    ) -> tuple[NotebookNode, ResourcesDict]:
        names = resources["nbgrader"]
        exporter: Any = self.parent
        course = course_of(Path(exporter.parent.coursedir.root))
        key, report = cache.report_for(course, names["assignment"], names["student"])
        names["report"], names["report_key"] = report, key
        show(nb, report)
        theory = cache.submitted_theory(course, names["assignment"], names["student"])
        names["has_theory"] = theory.is_file()
        if names["has_theory"]:
            show_theory(nb, report, theory.name)
        return nb, resources


class SaveReportGrades(SaveAutoGrades):
    """Takes scores from the Report; a cell's outputs, which its author controls, decide nothing.

    An empty answer that a person grades has 0, unless a PDF was handed in: it may stand there.
    A submission's scores and automatic comments are written in one transaction: all or none.
    """

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        known = resources["nbgrader"]
        names = known["notebook"], known["assignment"], known["student"]
        with Gradebook(known["db_url"]) as gradebook:
            record = _Record(gradebook, names)
            for cell in nb.cells:
                self._save(cell, known.get("report"), record, known.get("has_theory", False))
            gradebook.db.commit()
        stamp = {"report": known.get("report_key"), **nb.metadata.get("autograder", {})}
        nb.metadata["autograder"] = stamp  # written after the scores are: an interruption shows
        return nb, resources

    def _save(
        self, cell: NotebookNode, report: Report | None, record: _Record, has_theory: bool
    ) -> None:
        name = notebooks.grade_id(cell) or ""
        if is_grade(cell):
            scored = report.cell(name) if report is not None else None
            if has_theory and is_solution(cell) and scored and scored.status == NOT_ATTEMPTED:
                scored = None
            grade = record.grade(name)
            grade.auto_score = scored.score if scored is not None else None
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        if is_solution(cell) or is_task(cell):
            blank = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
            said = "No response." if blank and not is_task(cell) else None
            record.comment(name).auto_comment = said


class _Record:
    """A submission's rows in the gradebook, read with two statements and not two for each cell."""

    def __init__(self, gradebook: Gradebook, names: tuple[str, str, str]) -> None:
        self._gradebook, self._names = gradebook, names
        row = gradebook.find_submission_notebook(*names).id
        self._grades = {grade.cell.name: grade for grade in self._rows(Grade, row)}
        self._comments = {comment.cell.name: comment for comment in self._rows(Comment, row)}

    def grade(self, cell: str) -> Any:
        """The row of a grade cell. Raises: nbgrader's MissingEntry where there is none."""
        return self._grades.get(cell) or self._gradebook.find_grade(cell, *self._names)

    def comment(self, cell: str) -> Any:
        """The row of a cell's comment. Raises: as `grade`."""
        return self._comments.get(cell) or self._gradebook.find_comment(cell, *self._names)

    def _rows(self, table: Any, notebook: Any) -> Any:
        query = self._gradebook.db.query(table).filter(table.notebook_id == notebook)
        return query.options(joinedload(table.cell))


class LateAllowance(LateSubmissionPlugin):
    """No penalty within the days of the course's late rule and a student's extension, the whole
    score after them.

    The collector takes no version that the rule does not allow; this holds for work that came by
    another way.
    """

    def late_submission_penalty(
        self,
        student_id: str,
        score: float,
        total_seconds_late: float,
    ) -> float | None:
        preprocessor: Any = self.parent
        course = course_of(Path(preprocessor.parent.parent.coursedir.root))
        name: str = preprocessor.assignment_id
        extra = course.assignment_of(name, student_id).due - course.assignment(name).due
        allowed_s = course.late.days * SECONDS_A_DAY + extra.total_seconds()
        return None if total_seconds_late <= allowed_s else score


def show(nb: NotebookNode, report: Report) -> None:
    """Puts into the autograded notebook what the cells displayed, and each question's outcomes."""
    ran = {cell.id: cell for cell in report.notebook.cells}
    for cell in nb.cells:
        if cell.cell_type != "code" or cell.id not in ran:
            continue
        cell.outputs = list(ran[cell.id].outputs)
        cell.execution_count = ran[cell.id].execution_count
        scored = report.cell(notebooks.grade_id(cell) or "")
        if scored is not None and scored.outcomes:
            cell.outputs.append(outcomes_output(scored))


def show_theory(nb: NotebookNode, report: Report, file: str) -> None:
    """Puts a link to the PDF first of all, and above each answer that a person grades."""
    cells = [theory_note(0, file)]
    for cell in nb.cells:
        scored = report.cell(notebooks.grade_id(cell) or "")
        waits = scored is None or scored.score is None
        if is_task(cell) or (is_grade(cell) and (waits or is_solution(cell))):
            cells.append(theory_note(len(cells), file))
        cells.append(cell)
    nb.cells = cells
