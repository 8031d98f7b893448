"""Scores of an assignment and of the course, from plain data."""

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import nbformat
import pytest

from autograder.course.course import Course, Folders
from autograder.course.model import Assignment, Limits, Student, Submission
from autograder.course.policy import LateRule
from autograder.course.report import CellScore, Report, Status, TestOutcome
from autograder.gradebook.records import CellRecord, SubmissionRecord
from autograder.gradebook.scores import (
    AssignmentScores,
    QuestionScore,
    StudentScores,
    assignment_scores,
    course_scores,
)

HW = "hw01_norms"
ADA = Student("ada", "Ada Lovelace", "ada@example.edu", "https://x/ada")
BOB = Student("bob", "Bob", "bob@example.edu", "https://x/bob")


def cell(name, score, max_score, *statuses):
    outcomes = tuple(
        TestOutcome(name, f"test_{n}", "A claim.", status) for n, status in enumerate(statuses)
    )
    return CellScore(name, score, max_score, outcomes)


def report(*cells, problems=()):
    return Report(HW, cells, nbformat.v4.new_notebook(), problems)


def submission(late_days=0):
    moment = datetime(2019, 1, 30, tzinfo=UTC)
    return Submission("ada", HW, "c0ffee", moment, Path("submitted/ada"), late_days)


REPORT = report(
    cell("lp_norm", 7.5, 10.0, Status.PASSED, Status.RAISED),
    cell("proof", 6.0, 6.0, Status.PASSED),
    cell("proof_prose", None, 4.0),
)


def record(prose_score):
    return SubmissionRecord(
        "ada",
        HW,
        (
            CellRecord("lp_norm", 7.5, None, 0.0, 10.0, False),
            CellRecord("proof", 6.0, None, 0.0, 6.0, False),
            CellRecord("proof_prose", None, prose_score, 0.0, 4.0, prose_score is None),
        ),
        {},
    )


def only_line(reports, records, submissions):
    scores = assignment_scores(HW, (ADA,), reports, records, submissions)
    assert len(scores.students) == 1
    return scores.students[0]


def test_a_question_is_its_automatic_and_its_manual_part():
    line = only_line({"ada": REPORT}, {"ada": record(None)}, {"ada": submission()})
    assert line.questions == (
        QuestionScore("lp_norm", 7.5, 10.0, "raised"),
        QuestionScore("proof", 6.0, 10.0, "manual"),
    )
    assert line.state == "needs manual grade"
    assert (line.score, line.max_score) == (13.5, 20.0)


def test_a_persons_score_ends_the_waiting():
    line = only_line({"ada": REPORT}, {"ada": record(3.0)}, {"ada": submission()})
    assert line.questions[1] == QuestionScore("proof", 9.0, 10.0, "wrong")
    assert line.state == "graded"
    full = only_line({"ada": REPORT}, {"ada": record(4.0)}, {"ada": submission()})
    assert full.questions[1] == QuestionScore("proof", 10.0, 10.0, "passed")


def test_an_undecided_question_waits_and_then_counts():
    undecided = report(cell("lp_norm", None, 10.0, Status.PASSED, Status.UNDECIDED))
    waiting, read = (
        SubmissionRecord("ada", HW, (CellRecord("lp_norm", None, s, 0.0, 10.0, s is None),), {})
        for s in (None, 8.0)
    )
    line = only_line({"ada": undecided}, {"ada": waiting}, {"ada": submission()})
    assert line.questions == (QuestionScore("lp_norm", None, 10.0, "manual"),)
    assert line.state == "needs manual grade"
    line = only_line({"ada": undecided}, {"ada": read}, {"ada": submission()})
    assert (line.state, line.score) == ("graded", 8)


def test_without_a_gradebook_the_report_speaks():
    line = only_line({"ada": REPORT}, {}, {"ada": submission()})
    assert line.score == 13.5
    assert line.state == "needs manual grade"


def test_without_a_report_the_gradebook_speaks():
    line = only_line({}, {"ada": record(4.0)}, {})
    assert [question.status for question in line.questions] == ["wrong", "passed"]
    assert line.score == 17.5


def test_the_late_penalty_is_taken_off():
    late = dataclasses.replace(record(4.0), late_penalty=17.5)
    line = only_line({"ada": REPORT}, {"ada": late}, {"ada": submission(late_days=2)})
    assert (line.score, line.late_penalty, line.late_days) == (0.0, 17.5, 2)


@pytest.mark.parametrize(
    ("submissions", "state"), [({}, "no submission"), ({"bob": submission()}, "not graded")]
)
def test_who_has_no_scores_has_a_line_all_the_same(submissions, state):
    scores = assignment_scores(HW, (ADA, BOB), {"ada": REPORT}, {}, submissions)
    bob = scores.students[1]
    assert bob == StudentScores("bob", "Bob", state, (), 0.0, 20.0)


def test_questions_come_in_the_notebooks_order_whoever_comes_first():
    scores = assignment_scores(HW, (BOB, ADA), {"ada": REPORT}, {"bob": record(None)}, {})
    assert scores.questions == ("lp_norm", "proof")
    assert scores.max_score == 20.0


def test_what_was_wrong_with_the_file_is_in_the_line():
    broken = report(cell("lp_norm", 0.0, 10.0), problems=("the file is no notebook",))
    assert only_line({"ada": broken}, {}, {}).problems == ("the file is no notebook",)


def test_scores_are_json():
    scores = assignment_scores(HW, (ADA, BOB), {"ada": REPORT}, {}, {})
    assert json.loads(json.dumps(scores.to_json()))["students"][0]["score"] == 13.5


# -- the course


def course(n, best_of):
    root = Path("/course")
    return Course(
        name="Deep Learning",
        root=root,
        timezone=ZoneInfo("UTC"),
        students=(ADA, BOB),
        assignments=tuple(
            Assignment(f"hw{number:02}", datetime(2019, 2, number, tzinfo=UTC))
            for number in range(1, n + 1)
        ),
        late=LateRule(),
        best_of=best_of,
        limits=Limits(),
        folders=Folders(*(root / name for name in ("s", "r", "t", "a", "f"))),
        staff_name="Staff",
        staff_email="staff@example.edu",
        secret=b"",
        hidden_tests=root,
        state=root,
        weights={"homework": 30.0, "midterm": 20.0, "project": 50.0},
    )


def graded(name, ada, bob, max_score=20.0, late_days=0):
    lines = (
        StudentScores("ada", "Ada", "graded", (), ada, max_score, late_days),
        StudentScores("bob", "Bob", "no submission", (), bob, max_score),
    )
    return AssignmentScores(name, ("q",), max_score, lines)


def test_the_best_of_the_assignments_count_whatever_their_points():
    scores = {
        "hw01": graded("hw01", ada=20, bob=0),
        "hw02": graded("hw02", ada=5, bob=20, late_days=2),
        "hw03": graded("hw03", ada=50, bob=80, max_score=100.0),
    }
    ada, bob = course_scores(course(3, best_of=2), scores).students
    assert ada.counted == ("hw01", "hw03")
    assert ada.homework == pytest.approx(0.75)
    assert ada.course_percent == pytest.approx(22.5)
    assert ada.late_times == 1
    assert bob.counted == ("hw02", "hw03")
    assert bob.homework == pytest.approx(0.9)


def test_in_the_middle_of_the_term_only_what_is_graded_counts():
    nobody = AssignmentScores("hw02", (), 0.0, ())
    scores = {"hw01": graded("hw01", ada=10, bob=0), "hw02": nobody}
    standing = course_scores(course(10, best_of=9), scores)
    assert standing.assignments == ("hw01",)
    assert [line.homework for line in standing.students] == [0.5, 0.0]
    assert json.loads(json.dumps(standing.to_json()))["best_of"] == 9


def test_before_anything_is_graded_nobody_has_a_percent():
    standing = course_scores(course(2, best_of=2), {})
    assert [line.homework for line in standing.students] == [0.0, 0.0]
