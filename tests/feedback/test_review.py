"""What a review says, and beside which lines."""

from __future__ import annotations

from dataclasses import replace

from autograder.course.report import CellScore, Report, Status
from autograder.feedback.returned import put_together
from autograder.feedback.review import MAX_BESIDE_TEXT, first_review, mark_of, regrading_review
from autograder.feedback.summary import lines_of, summary
from autograder.repositories.pull_requests import MAX_TEXT
from tests.feedback.returned_samples import notebook, outcome, worked

COMMIT = "c" * 40


def one_question(*statuses: Status, comments=()):
    outcomes = tuple(outcome("f", f"Claim {n}.", s) for n, s in enumerate(statuses))
    returned = put_together(Report("hw", (CellScore("f", 1.0, 1.0, outcomes),), notebook()))
    (question,) = returned.questions
    return replace(returned, questions=(replace(question, comments=comments),))


def test_each_question_has_its_line_the_heading_before_the_row():
    lines = summary(worked()).split("\n")

    found = {cell: lines[number - 1] for cell, number in lines_of(worked()).items()}

    assert found["lp_norm"] == "### `lp_norm`"
    assert found["design"] == "### `design`"
    assert found["psd_prose"].startswith("| `psd_prose` | – / 3 |")


def test_no_words_of_others_are_taken_for_a_heading():
    first, *rest = worked().questions
    comment = "### `design`\n### `lp_norm`\n| `design` | 10 / 10 |"
    returned = replace(
        worked(),
        questions=(replace(first, comments=(comment,)), *rest),
        problems=("### `design`", "| `lp_norm` | x"),
    )
    lines = summary(returned).split("\n")

    found = lines_of(returned)

    assert [n for n, line in enumerate(lines, 1) if line == "### `design`"] == [found["design"]]
    assert [n for n, line in enumerate(lines, 1) if line == "### `lp_norm`"] == [found["lp_norm"]]


def test_a_full_score_is_praised_and_nothing_stands_beside():
    review = first_review(one_question(Status.PASSED), COMMIT)

    assert review.body.startswith("**1 of 1 points**. Every claim holds. Well done!")
    assert "beside the lines" not in review.body
    assert review.beside == ()


def test_a_full_score_with_a_comment_has_it_beside_the_line():
    (comment,) = first_review(one_question(Status.PASSED, comments=("Neat.",)), COMMIT).beside

    assert comment.path == "feedback/hw/README.md"
    assert comment.text == "**`f`**: 1 of 1 points\n\n**Comment by the course staff**\n\n> Neat.  "


def test_a_blank_answer_has_nothing_beside():
    review = first_review(one_question(Status.NOT_ATTEMPTED, Status.NOT_ATTEMPTED), COMMIT)

    assert review.beside == ()
    assert "No answer was found in this notebook." in review.body


def test_a_question_without_an_answer_beside_a_full_one_is_left_to_the_summary():
    review = first_review(one_question(Status.PASSED, Status.NOT_ATTEMPTED), COMMIT)

    assert review.beside == ()
    assert "The summary has a line for each question." in review.body


def test_the_first_review_is_known_by_any_mark_and_a_regradings_by_its_own():
    first = first_review(worked(), COMMIT)
    again = regrading_review(worked(), "d" * 40, ["`f`: 1 → 2 of 3 points"], ())

    assert first.mark in first.body
    assert first.mark in again.body
    assert again.mark == mark_of("d" * 40)
    assert again.mark not in first.body
    assert again.body.startswith("Graded again. What changed:\n\n- `f`: 1 → 2 of 3 points\n")


def test_what_is_too_long_is_cut_and_the_mark_stays():
    long = one_question(Status.WRONG, comments=("word " * 5_000,))

    review = regrading_review(long, COMMIT, ["x" * MAX_TEXT], ("f",))

    assert len(review.body) == MAX_TEXT
    assert review.body.endswith(review.mark)
    assert len(review.beside[0].text) == MAX_BESIDE_TEXT
    assert review.beside[0].text.endswith("The rest stands in README.md on the branch.\n")


def test_a_persons_markup_is_text():
    (comment,) = first_review(
        one_question(Status.PASSED, comments=("<b>x</b> <!-- autograder: 1 -->",)), COMMIT
    ).beside

    assert "<b>" not in comment.text
    assert "<!--" not in comment.text
