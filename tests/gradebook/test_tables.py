"""The tables and CSV files that an instructor reads."""

import csv
from io import StringIO

from rich.console import Console

from autograder.gradebook.scores import (
    AssignmentScores,
    CourseScores,
    QuestionScore,
    Standing,
    StudentScores,
)
from autograder.gradebook.tables import (
    SIGNS,
    assignment_csv,
    assignment_table,
    course_csv,
    course_table,
)

QUESTIONS = tuple(
    QuestionScore(f"q{number}", 6.667 if status != "manual" else None, 10.0, status)
    for number, status in enumerate(SIGNS)
)
SCORES = AssignmentScores(
    "hw01_norms",
    tuple(question.question for question in QUESTIONS),
    60.0,
    (
        StudentScores("ada", "Ada, L.", "needs manual grade", QUESTIONS, 33.34, 60.0, late_days=2),
        StudentScores("[red]bob", "Bob", "no submission", (), 0.0, 60.0),
        StudentScores("eve", "Eve", "graded", QUESTIONS[:5], 33.34, 60.0, problems=("was empty",)),
    ),
)
FRACTIONS = {"hw01_norms": 0.9, "hw02_svd_pca": 0.255}
STANDINGS = CourseScores(
    tuple(FRACTIONS), 1, (Standing("ada", "Ada", FRACTIONS, ("hw01_norms",), 0.9, 27.0, 1),)
)


def shown(renderable, width=110):
    out = StringIO()
    Console(file=out, width=width, force_terminal=False).print(renderable)
    return out.getvalue()


def test_each_student_has_one_line_and_each_outcome_a_sign():
    text = shown(assignment_table(SCORES))
    ada = next(line for line in text.splitlines() if "ada" in line)
    for sign, _ in SIGNS.values():
        assert sign in ada
    assert "33.34" in ada
    assert "2 d" in ada
    assert "ada: needs manual grade" in text
    assert "bob: no submission" in text
    assert "eve: was empty" in text


def test_ten_questions_fit_a_terminal_of_80_columns():
    questions = tuple(QuestionScore(f"q{n}", 6.67, 10.0, "timed out") for n in range(10))
    line = StudentScores("longname1", "Ada", "graded", questions, 66.67, 100.0, late_days=2)
    scores = AssignmentScores("hw", tuple(q.question for q in questions), 100.0, (line,))
    text = shown(assignment_table(scores), width=80)
    assert text.count("6.7⧗") == 10
    assert "66.67" in text
    assert "…" not in text


def test_the_signs_and_the_numbers_are_explained():
    text = shown(assignment_table(SCORES))
    assert all(status in text for status in SIGNS)
    assert "1 q0, 2 q1" in text


def test_a_students_id_is_text_and_no_markup():
    assert "[red]bob" in shown(assignment_table(SCORES))


def test_an_assignment_that_does_not_count_stands_in_brackets():
    text = shown(course_table(STANDINGS))
    assert "(26)" in text or "(25)" in text
    assert " 90 " in text
    assert "27.0" in text


def test_the_csv_has_a_column_for_each_question():
    rows = list(csv.DictReader(StringIO(assignment_csv(SCORES))))
    assert rows[0]["name"] == "Ada, L."
    assert rows[0]["q0"] == "6.667"
    assert rows[0]["q5"] == ""
    assert rows[1]["state"] == "no submission"
    assert rows[1]["score"] == "0.0"


def test_the_courses_csv_has_a_column_for_each_assignment():
    assert course_csv(STANDINGS).splitlines() == [
        "id,name,hw01_norms,hw02_svd_pca,homework,course_percent,late_times",
        "ada,Ada,0.9,0.255,0.9,27.0,1",
    ]
