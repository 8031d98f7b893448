"""Reads what the feedback is made of: reports, nbgrader's gradebook, and the ledger."""

from __future__ import annotations

from autograder.collect.collect import read_submissions
from autograder.course.course import Course
from autograder.feedback.in_class import with_class
from autograder.feedback.returned import Returned, put_together
from autograder.gradebook.records import read_records
from autograder.grading.batch import read_reports


def read_returned(
    course: Course, assignment: str, new_distribution: bool = False
) -> dict[str, Returned]:
    """The feedback for each student whose score is recorded.

    The class's distribution is the one that was shown first, or taken again: `new_distribution`.
    """
    records = read_records(course, assignment)
    submissions = read_submissions(course, assignment)
    reports = read_reports(course, assignment)
    returned = {
        student: put_together(
            report, records.get(student), submissions.get(student), course.timezone
        )
        for student, report in reports.items()
    }
    is_complete = set(submissions) <= set(reports)
    return with_class(course, assignment, returned, is_complete, new_distribution)
