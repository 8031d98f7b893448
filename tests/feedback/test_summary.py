"""The page that stands beside the returned notebook."""

from __future__ import annotations

from dataclasses import replace

from autograder.course.report import CellScore, Report, Status, score_cell
from autograder.feedback.returned import put_together
from autograder.feedback.summary import summary
from autograder.feedback.wording import question_note
from autograder.gradebook.records import CellRecord, SubmissionRecord
from tests.feedback.returned_samples import notebook, outcome, worked, worked_record, worked_report


def test_page_has_score_table_problems_and_when_it_was_received():
    page = summary(worked())

    assert page.startswith("# ◆ Feedback on hw01_norms\n\n**Score: 6 of 23**")
    assert "| `lp_norm` | 6 / 10 | 3 of 5 | ✗ not yet, with a comment |" in page
    assert "| `psd_prose` | – / 3 |  | … waits for a reader |" in page
    assert "- Cell 'norm\\_constant' was missing" in page
    assert "Received Tuesday, 29 January 2019, 15:59:03 PST (on time)" in page


def test_page_names_what_does_not_hold_and_leaves_tracebacks_to_the_notebook():
    page = summary(worked())

    assert "✗ **not yet**: The sign of an entry" in page
    assert "**holds**" not in page
    assert "----> 3" not in page


def test_late_days_and_penalty_are_told():
    returned = worked()
    assert returned.submission is not None
    late = replace(returned, submission=replace(returned.submission, late_days=2), late_penalty=1.5)

    page = summary(late)

    assert "2 late days used" in page
    assert "| late penalty | −1.5 | | |" in page
    assert "**Score: 4.5 of 23**" in page


def test_extra_credit_counts():
    record = worked_record()
    cells = (replace(record.cells[0], extra_credit=1.0), *record.cells[1:])

    returned = put_together(worked_report(), replace(record, cells=cells))

    assert returned.score == 7.0


def one_question(*statuses: Status) -> str:
    outcomes = tuple(outcome("f", f"Claim {n}.", s) for n, s in enumerate(statuses))
    passed = sum(s is Status.PASSED for s in statuses)
    score = CellScore("f", 10.0 * passed / len(statuses), 10.0, outcomes)
    return summary(put_together(Report("hw", (score,), notebook())))


def test_full_marks_are_praised():
    page = one_question(Status.PASSED, Status.PASSED)

    assert "Every claim holds. Well done!" in page
    assert "| `f` | 10 / 10 | 2 of 2 | ✓ complete |" in page
    assert "Nothing: all that was checked holds." in page


def test_a_blank_notebook_is_met_with_help():
    page = one_question(Status.NOT_ATTEMPTED, Status.NOT_ATTEMPTED)

    assert "No answer was found in this notebook." in page
    assert "Not attempted yet." in page


def test_a_first_wrong_answer_is_met_without_counting_zeros():
    assert "a hint is a good place to begin" in one_question(Status.WRONG)


def test_each_way_to_fail_has_a_mark_that_needs_no_colour():
    assert "! raised an error |" in one_question(Status.RAISED, Status.PASSED)
    assert "◷ ran out of time |" in one_question(Status.TIMED_OUT, Status.PASSED)
    assert "✗ not yet |" in one_question(Status.RAISED, Status.WRONG)


def test_score_of_a_third_is_rounded():
    page = one_question(Status.PASSED, Status.WRONG, Status.WRONG)

    assert "| 3.33 / 10 |" in page


def test_a_claim_that_earns_some_of_its_points_is_right_in_part():
    half = outcome("f", "A claim.", Status.WRONG, credit=0.5, note="nats for bits", hint="Log 2.")
    page = summary(put_together(Report("hw", (score_cell("f", 10, [half]),), notebook())))

    assert "| `f` | 5 / 10 | 0 of 1 | ◐ in part |" in page
    assert "- ◐ **in part**: A claim.\n\n  *Hint (nats for bits)*: Log 2." in page


def undecided(**manual: float):
    outcomes = [outcome("f", "A claim.", Status.UNDECIDED, hint="Too few points to compare at.")]
    cell = score_cell("f", 10, outcomes)
    given = CellRecord("f", None, manual.get("f"), 0.0, 10.0, "f" not in manual)
    record = SubmissionRecord("ada", "hw", (given,), {})
    return put_together(Report("hw", (cell,), notebook()), record)


def test_an_undecided_answer_waits_for_a_person_and_says_why():
    page, note = summary(undecided()), question_note(undecided().questions[0])

    assert "**Score: 0 of 10** (10 points wait for a reader)" in page
    assert "| `f` | – / 10 | 0 of 1 | … waits for a reader |" in page
    assert "A person will read this answer. The points follow then." in note
    assert "- ? **left to a person**: A claim.\n\n  *Why*: Too few points to compare at." in note


def test_an_undecided_answer_that_was_read_has_its_points():
    page, note = summary(undecided(f=7)), question_note(undecided(f=7).questions[0])

    assert "| `f` | 7 / 10 | 0 of 1 | ✓ read |" in page
    assert "A person read this and set the points." in note
    assert "will read" not in note
