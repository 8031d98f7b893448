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
from nbgrader.converters import Autograde
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import Execute, SaveAutoGrades
from sqlalchemy.exc import SAWarning

from autograder import notebooks
from autograder.course.report import Report
from autograder.grading import cache, engine
from autograder.grading.shown import outcomes_output
from autograder.settings import load_course

SECONDS_A_DAY = 86_400


class SubmissionExporter(NotebookExporter):
    """Reads what a student handed in without trusting it: unreadable files, missing, renamed or
    doubled cells and foreign metadata all become the released notebook with the answers found."""

    def __init__(self, **kwargs: Any) -> None:
        # nbgrader's own models warn about themselves, some times for each student
        warnings.filterwarnings("ignore", "Object of type <Submitted", SAWarning)
        super().__init__(**kwargs)

    def from_filename(  # pyright: ignore[reportIncompatibleMethodOverride]  # NotebookExporter's own differs from its base
        self, filename: str, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        converter: Any = self.parent
        if not isinstance(converter, Autograde) or not converter._sanitizing:
            return super().from_filename(filename, resources, **kwargs)
        course = load_course(Path(cast(Any, converter).coursedir.root))
        released = cache.read_released(course, Path(filename).stem)
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
        course = load_course(Path(exporter.parent.coursedir.root))
        key, report = cache.report_for(course, names["assignment"], names["student"])
        names["report"], names["report_key"] = report, key
        show(nb, report)
        return nb, resources


class SaveReportGrades(SaveAutoGrades):
    """Takes scores from the Report; a cell's outputs, which its author controls, decide nothing."""

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        nb, resources = super().preprocess(nb, resources)
        known = resources["nbgrader"]
        stamp = {"report": known.get("report_key"), **nb.metadata.get("autograder", {})}
        nb.metadata["autograder"] = stamp  # written after the scores are: an interruption shows
        return nb, resources

    def _add_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        names = resources["nbgrader"]
        grade_id = cell.metadata.nbgrader.grade_id
        grade: Any = self.gradebook.find_grade(
            grade_id, names["notebook"], names["assignment"], names["student"]
        )
        report: Report | None = names.get("report")
        scored = report.cell(grade_id) if report is not None else None
        grade.auto_score = scored.score if scored is not None else None
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        self.gradebook.db.commit()


class LateAllowance(LateSubmissionPlugin):
    """No penalty within the days of the course's late rule, the whole score after them.

    The collector takes no version that the rule does not allow; this holds for work that came by
    another way.
    """

    def late_submission_penalty(
        self,
        student_id: str,  # noqa: ARG002  # nbgrader's signature
        score: float,
        total_seconds_late: float,
    ) -> float | None:
        preprocessor: Any = self.parent
        course = load_course(Path(preprocessor.parent.parent.coursedir.root))
        return None if total_seconds_late <= course.late.days * SECONDS_A_DAY else score


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
