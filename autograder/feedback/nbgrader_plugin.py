"""What stands in nbgrader's place when `nbgrader generate_feedback` makes a notebook a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.course.course import Course
from autograder.errors import CourseError
from autograder.feedback.annotate import annotate
from autograder.feedback.returned import Returned
from autograder.feedback.sources import read_returned
from autograder.settings import load_course


class AnnotateFeedback(NbGraderPreprocessor):
    """Makes the autograded notebook the returned one, in place of nbgrader's GetGrades."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  # traitlets' own
        super().__init__(**kwargs)
        self._known: dict[tuple[Path, str], dict[str, Returned]] = {}

    def preprocess(
        self,
        nb: NotebookNode,  # noqa: ARG002  # the report holds the same, as it ran
        resources: ResourcesDict,
    ) -> tuple[NotebookNode, ResourcesDict]:
        names = resources["nbgrader"]
        converter: Any = self.parent.parent  # pyright: ignore[reportOptionalMemberAccess]  # its exporter's
        course = load_course(Path(converter.coursedir.root))
        student, assignment = names["student"], names["assignment"]
        returned = self._of(course, assignment).get(student)
        if returned is None:
            raise CourseError(
                f"no score of {student} is recorded for {assignment}; "
                f"run `autograder grade {assignment}` first"
            )
        return annotate(returned), resources

    def _of(self, course: Course, assignment: str) -> dict[str, Returned]:
        key = (course.root, assignment)
        if key not in self._known:  # one read for the whole class, in one run of the converter
            self._known[key] = read_returned(course, assignment)
        return self._known[key]
