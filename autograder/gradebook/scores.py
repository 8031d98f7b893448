"""Scores of an assignment and of the course under its rules, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from autograder.course.course import Course
from autograder.course.model import Student, Submission
from autograder.course.policy import best_of, mean_of_best
from autograder.course.report import Report
from autograder.gradebook.records import SubmissionRecord

# "not graded": collected, but `autograder grade` has not run since
State = Literal["graded", "needs manual grade", "not graded", "no submission"]
PROSE = (
    "_prose"  # the cell of a question's part that a person grades has the question's name and this
)


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """One question of one student: its automatic cell and, where there is one, its manual part.

    `status` is `passed`, `wrong`, `raised`, `timed out`, `not attempted`, or `manual` while a
    person has it to grade; `score` is None where there is no score at all.
    """

    question: str
    score: float | None
    max_score: float
    status: str


@dataclass(frozen=True, slots=True)
class StudentScores:
    """One student's line of an assignment; `late_days` are the days of the late rule it used."""

    student: str
    name: str
    state: State
    questions: tuple[QuestionScore, ...]
    score: float
    max_score: float
    late_days: int = 0
    late_penalty: float = 0.0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AssignmentScores:
    """Everybody's line of one assignment; `questions` in the notebook's order."""

    assignment: str
    questions: tuple[str, ...]
    max_score: float
    students: tuple[StudentScores, ...]

    def to_json(self) -> dict[str, Any]:
        """The scores as JSON types."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Standing:
    """One student's homework so far, each assignment from 0 to 1.

    `counted` names the assignments that the drop rule leaves; `homework` is their mean, and
    `course_percent` what it contributes to the course's 100.
    """

    student: str
    name: str
    fractions: Mapping[str, float]
    counted: tuple[str, ...]
    homework: float
    course_percent: float
    late_times: int


@dataclass(frozen=True, slots=True)
class CourseScores:
    """Everybody's standing over the assignments graded so far, in the calendar's order."""

    assignments: tuple[str, ...]
    best_of: int
    students: tuple[Standing, ...]

    def to_json(self) -> dict[str, Any]:
        """The standings as JSON types."""
        return asdict(self)


def assignment_scores(
    assignment: str,
    students: tuple[Student, ...],
    reports: Mapping[str, Report],
    records: Mapping[str, SubmissionRecord],
    submissions: Mapping[str, Submission],
) -> AssignmentScores:
    """One line for each student of the roster, in its order.

    Outcomes come from the reports. Scores come from the gradebook where it has the student, since
    a person's scores stand there, and from the report where it has not. Each mapping is by student.
    """
    points = _points(reports, records)
    lines = tuple(
        _line(
            student,
            points,
            reports.get(student.id),
            records.get(student.id),
            submissions.get(student.id),
        )
        for student in students
    )
    questions = tuple(dict.fromkeys(cell.removesuffix(PROSE) for cell in points))
    return AssignmentScores(assignment, questions, sum(points.values()), lines)


def course_scores(course: Course, graded: Mapping[str, AssignmentScores]) -> CourseScores:
    """The standings under the course's drop rule.

    `graded` holds the assignments that have scores; one in which nobody has any does not count
    yet. In one that counts, a student without a submission has 0.
    """
    names = tuple(
        assignment.name
        for assignment in course.assignments
        if assignment.name in graded and graded[assignment.name].max_score > 0
    )
    lines = {name: {line.student: line for line in graded[name].students} for name in names}
    weight = course.weights.get("homework", 100.0)
    standings: list[Standing] = []
    for student in course.students:
        mine = {name: lines[name][student.id] for name in names}
        fractions = {name: line.score / graded[name].max_score for name, line in mine.items()}
        values = list(fractions.values())
        counted = tuple(names[position] for position in best_of(values, course.best_of))
        mean = mean_of_best(values, course.best_of)
        late_times = sum(line.late_days > 0 for line in mine.values())
        standings.append(
            Standing(
                student.id,
                student.name,
                fractions,
                counted,
                mean,
                weight * mean,
                late_times,
            )
        )
    return CourseScores(names, course.best_of, tuple(standings))


def _points(
    reports: Mapping[str, Report], records: Mapping[str, SubmissionRecord]
) -> dict[str, float]:
    """Every grade cell with its points, in the notebook's order as far as a report shows it."""
    points: dict[str, float] = {}
    for report in reports.values():
        points |= {cell.cell: cell.max_score for cell in report.cells if cell.cell not in points}
    for record in records.values():
        points |= {cell.cell: cell.max_score for cell in record.cells if cell.cell not in points}
    return points


def _line(
    student: Student,
    points: Mapping[str, float],
    report: Report | None,
    record: SubmissionRecord | None,
    submission: Submission | None,
) -> StudentScores:
    late_days = submission.late_days if submission is not None else 0
    highest = sum(points.values())
    if report is None and record is None:
        state: State = "no submission" if submission is None else "not graded"
        return StudentScores(student.id, student.name, state, (), 0.0, highest, late_days)
    cells = [_cell(name, top, report, record) for name, top in points.items()]
    questions = _merge_parts(cells)
    score = record.score if record is not None else report.score if report is not None else 0.0
    waiting = any(question.status == "manual" for question in questions)
    return StudentScores(
        student=student.id,
        name=student.name,
        state="needs manual grade" if waiting else "graded",
        questions=questions,
        score=round(score, 2),
        max_score=highest,
        late_days=late_days,
        late_penalty=record.late_penalty if record is not None else 0.0,
        problems=report.problems if report is not None else (),
    )


def _cell(
    name: str, max_score: float, report: Report | None, record: SubmissionRecord | None
) -> QuestionScore:
    reported = report.cell(name) if report is not None else None
    recorded = record.cell(name) if record is not None else None
    score = reported.score if reported is not None else None
    status = reported.status if reported is not None else "manual"
    if recorded is not None:
        has_score = recorded.manual_score is not None or recorded.auto_score is not None
        score = recorded.score if has_score else None
        if recorded.needs_manual_grade:
            status = "manual"
        elif status == "manual" or reported is None:  # a person graded it
            status = "passed" if recorded.score >= max_score else "wrong"
    return QuestionScore(name, score, max_score, status)


def _merge_parts(cells: list[QuestionScore]) -> tuple[QuestionScore, ...]:
    """One score for each question: the automatic cell and the manual part added up."""
    parts: dict[str, list[QuestionScore]] = {}
    for cell in cells:
        parts.setdefault(cell.question.removesuffix(PROSE), []).append(cell)
    return tuple(
        QuestionScore(
            question,
            _total([cell.score for cell in group]),
            sum(cell.max_score for cell in group),
            _worst([cell.status for cell in group]),
        )
        for question, group in parts.items()
    )


def _total(scores: list[float | None]) -> float | None:
    given = [score for score in scores if score is not None]
    return round(sum(given), 2) if given else None


def _worst(statuses: list[str]) -> str:
    """What still needs a person comes first, then what was not passed."""
    if "manual" in statuses:
        return "manual"
    return next((status for status in statuses if status != "passed"), "passed")
