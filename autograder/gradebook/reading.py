"""Reads the scores of an assignment, or of the whole course, from where grading left them."""

from __future__ import annotations

from autograder.collect.collect import read_submissions
from autograder.course.course import Course
from autograder.gradebook.records import read_records
from autograder.gradebook.scores import (
    AssignmentScores,
    CourseScores,
    assignment_scores,
    course_scores,
)
from autograder.grading.batch import read_reports


def read_scores(course: Course, assignment: str) -> AssignmentScores:
    """Everybody's scores in one assignment.

    Raises:
        CourseError: the calendar has no such assignment, or the gradebook cannot be read.
    """
    course.assignment(assignment)
    return assignment_scores(
        assignment,
        course.students,
        read_reports(course, assignment),
        read_records(course, assignment),
        read_submissions(course, assignment),
    )


def read_standings(course: Course) -> CourseScores:
    """Everybody's standing over all assignments that have been graded.

    Raises:
        CourseError: the gradebook cannot be read.
    """
    names = [assignment.name for assignment in course.assignments]
    return course_scores(course, {name: read_scores(course, name) for name in names})
