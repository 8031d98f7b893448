"""One course, as everything else sees it: people, calendar, rules, limits and folders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from autograder.course.model import Assignment, Limits, Student, SubmitBy
from autograder.course.policy import LateRule
from autograder.errors import CourseError


@dataclass(frozen=True, slots=True)
class Folders:
    """nbgrader's folders, absolute; each holds one step of the work."""

    source: Path
    release: Path
    submitted: Path
    autograded: Path
    feedback: Path


@dataclass(frozen=True, slots=True)
class Course:
    """The settings of nbgrader_config.py and the roster, checked.

    `best_of` says how many assignments count; `state` is the folder of what the platform itself
    keeps (ledger, reports, bare repositories); `secret` never leaves the machine; `weights` are the
    shares of the course's parts; `points` is what each assignment adds up to, `theory_percent` the
    part of it that is theory; feedback shows how the class did in a question from `show_class_from`
    scores on, 0 for never; `extensions` are later deadlines, by assignment and student; `database`
    is the SQLAlchemy address of nbgrader's gradebook; `submit_by` says where work is handed in.
    """

    name: str
    root: Path
    timezone: ZoneInfo
    students: tuple[Student, ...]
    assignments: tuple[Assignment, ...]
    late: LateRule
    best_of: int
    limits: Limits
    folders: Folders
    staff_name: str
    staff_email: str
    secret: bytes = field(repr=False)
    hidden_tests: Path
    state: Path
    weights: Mapping[str, float] = field(default_factory=dict, hash=False)
    points: float = 100.0
    theory_percent: float = 50.0
    show_class_from: int = 5
    database: str = ""
    extensions: Mapping[tuple[str, str], datetime] = field(default_factory=dict, hash=False)
    submit_by: SubmitBy = "main"

    def assignment(self, name: str) -> Assignment:
        """The assignment called `name`.

        Raises:
            CourseError: the calendar has none of that name.
        """
        for assignment in self.assignments:
            if assignment.name == name:
                return assignment
        known = ", ".join(assignment.name for assignment in self.assignments) or "none"
        raise CourseError(f"no assignment {name!r}; c.Calendar.due has {known}")

    def assignment_of(self, name: str, student_id: str) -> Assignment:
        """The assignment as it is due for one student, who may have an extension.

        Raises:
            CourseError: the calendar has none of that name.
        """
        assignment = self.assignment(name)
        return replace(assignment, due=self.extensions.get((name, student_id), assignment.due))

    def last_due(self, name: str) -> datetime:
        """When the assignment is due for the last of all students.

        Raises:
            CourseError: the calendar has none of that name.
        """
        later = [due for (assignment, _), due in self.extensions.items() if assignment == name]
        return max([self.assignment(name).due, *later])

    def student(self, student_id: str) -> Student:
        """The student whose id is `student_id`.

        Raises:
            CourseError: the roster has none.
        """
        for student in self.students:
            if student.id == student_id:
                return student
        raise CourseError(f"no student {student_id!r} in the roster of {len(self.students)}")

    @property
    def database_url(self) -> str:
        """Where nbgrader's gradebook lies: `database`, or gradebook.db in the course's folder."""
        return self.database or f"sqlite:///{self.root / 'gradebook.db'}"
