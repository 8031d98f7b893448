"""What a cell earns: the weighted share of its claims, or a person's judgement."""

import nbformat
import pytest

from autograder.course.report import CellScore, Report, Status, TestOutcome, score_cell


def claim(status, weight=1.0, credit=0.0):
    return TestOutcome("f", "test_f", "A claim.", status, weight, credit=credit)


@pytest.mark.parametrize(
    ("claims", "score"),
    [
        ([claim(Status.PASSED), claim(Status.WRONG)], 5),
        ([claim(Status.PASSED, 3), claim(Status.RAISED)], 7.5),
        ([claim(Status.WRONG, credit=0.7)], 7),
        ([claim(Status.WRONG, 3, credit=0.5), claim(Status.PASSED)], 6.25),
        ([claim(Status.PASSED, credit=0.4)], 10),
        ([claim(Status.WRONG, credit=1 / 3)], 3.33),
        ([claim(Status.NOT_ATTEMPTED), claim(Status.TIMED_OUT)], 0),
        ([claim(Status.PASSED), claim(Status.UNDECIDED)], None),
        ([claim(Status.WRONG), claim(Status.UNDECIDED)], None),
    ],
)
def test_score_is_the_earned_share_or_a_persons(claims, score):
    assert score_cell("f", 10, claims).score == score


def test_an_undecided_cell_waits_for_a_person():
    scored = score_cell("f", 10, [claim(Status.UNDECIDED)])
    assert scored.status == "manual"
    assert Report("hw", (scored,), nbformat.v4.new_notebook()).score == 0


def test_a_report_kept_before_there_was_credit_can_be_read():
    report = Report("hw", (score_cell("f", 10, [claim(Status.WRONG)]),), nbformat.v4.new_notebook())
    kept = report.to_json()
    del kept["cells"][0]["outcomes"][0]["credit"]
    assert Report.from_json(kept) == report


def test_credit_survives_being_stored():
    cells = (score_cell("f", 10, [claim(Status.WRONG, credit=0.25), claim(Status.UNDECIDED)]),)
    report = Report("hw", cells, nbformat.v4.new_notebook())
    assert Report.from_json(report.to_json()) == report
    assert isinstance(report.cell("f"), CellScore)
