"""Reads what the feedback is made of: reports, nbgrader's gradebook, and the ledger."""

from __future__ import annotations

from autograder.collect.collect import read_submissions
from autograder.course.course import Course
from autograder.feedback.returned import Returned, put_together
from autograder.gradebook.records import read_records
from autograder.grading.batch import read_reports


def read_returned(course: Course, assignment: str) -> dict[str, Returned]:
    """The feedback for each student whose score is recorded."""
    records = read_records(course, assignment)
    submissions = read_submissions(course, assignment)
    return {
        student: put_together(
            report, records.get(student), submissions.get(student), course.timezone
        )
        for student, report in read_reports(course, assignment).items()
    }
