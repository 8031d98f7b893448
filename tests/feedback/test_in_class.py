"""How the class did: who is counted, when it is taken, and that it stays."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.errors import CourseError
from autograder.feedback.annotate import annotate
from autograder.feedback.in_class import moved, take, with_class
from autograder.feedback.returned import Returned
from autograder.feedback.summary import summary
from autograder.gradebook.distribution import distribute
from tests.feedback.returned_samples import worked

SCORES = (10.0, 0.0, 6.0, 6.0, 10.0, 8.0)
NAMES = ("ada", "ben", "cyd", "dan", "eva", "fay")


def scored(score: float | None, cell: str = "lp_norm") -> Returned:
    """The worked feedback with another score in one question."""
    returned = worked()
    questions = (replace(q, score=score) if q.cell == cell else q for q in returned.questions)
    return replace(returned, questions=tuple(questions))


def a_class(*scores: float | None) -> dict[str, Returned]:
    return dict(zip(NAMES, map(scored, scores), strict=False))


@pytest.fixture
def course(tmp_path) -> Any:
    return SimpleNamespace(state=tmp_path, show_class_from=5)


def shown(course, everybody, is_complete=True, anew=False):
    """The distribution of lp_norm in ada's feedback."""
    ada = with_class(course, "hw01_norms", everybody, is_complete, anew)["ada"]
    return ada.questions[0].in_class


def test_everybody_who_has_a_score_is_counted(course):
    assert shown(course, a_class(*SCORES)) == distribute(SCORES, 10.0)


def test_of_fewer_than_five_nothing_is_shown(course):
    assert shown(course, a_class(*SCORES[:4])) is None


def test_the_course_may_ask_for_more_or_switch_it_off(course):
    for least in (7, 0):
        course.show_class_from = least
        assert shown(course, a_class(*SCORES)) is None
    assert not (course.state / "distributions").exists()


def test_a_question_waits_until_everybody_has_a_score_in_it(course):
    assert shown(course, a_class(*SCORES[:5], None)) is None
    assert shown(course, a_class(*SCORES), is_complete=False) is None
    assert shown(course, a_class(*SCORES)) is not None


def test_a_question_that_a_person_reads_does_not_keep_the_others_back(course):
    everybody = a_class(*SCORES)

    ada = with_class(course, "hw01_norms", everybody, True)["ada"]

    assert [q.in_class is not None for q in ada.questions] == [True, True, False]


def test_it_stays_when_a_score_changes_and_is_taken_again_when_asked(course):
    before = shown(course, a_class(*SCORES))
    better = a_class(*SCORES[:5], 10.0)

    assert shown(course, better) == before
    assert shown(course, better, anew=True) == distribute((*SCORES[:5], 10.0), 10.0)
    assert shown(course, a_class(*SCORES)) == distribute((*SCORES[:5], 10.0), 10.0)


def test_taken_again_it_counts_the_scores_that_are_there(course):
    assert shown(course, a_class(*SCORES[:5], None), is_complete=False, anew=True) == distribute(
        SCORES[:5], 10.0
    )


def test_a_late_submission_changes_nobodys_feedback(course):
    before = shown(course, a_class(*SCORES[:5]))

    assert shown(course, a_class(*SCORES), is_complete=False) == before


def test_other_points_of_the_question_take_it_again():
    kept = take(a_class(*SCORES).values(), {}, 5)
    halved = [
        replace(one, questions=tuple(replace(q, max_score=5.0) for q in one.questions))
        for one in a_class(*(score / 2 for score in SCORES)).values()
    ]

    found = take(halved, kept, 5)

    assert found["lp_norm"] == distribute([score / 2 for score in SCORES], 5.0)


def test_a_damaged_file_is_named(course):
    shown(course, a_class(*SCORES))
    file = course.state / "distributions" / "hw01_norms.json"
    for text in ("{", "[]", '{"lp_norm": {}}', '{"lp_norm": {"bars": 3}}'):
        file.write_text(text)
        with pytest.raises(CourseError, match=r"hw01_norms\.json is damaged .*; delete it"):
            shown(course, a_class(*SCORES))
    file.write_text("{")
    assert shown(course, a_class(*SCORES), anew=True)


def test_the_instructor_is_told_of_a_median_that_moved(course):
    everybody = with_class(course, "hw01_norms", a_class(*SCORES), True)
    full = with_class(course, "hw01_norms", a_class(10.0, 10.0, 10.0, 10.0, 10.0, 10.0), True)

    assert moved(everybody.values(), 5) == ()
    assert moved(full.values(), 5) == ("lp_norm: median 7 then, 10 now",)
    assert moved(full.values(), 0) == ()


def with_distribution(*scores: float) -> Returned:
    everybody = a_class(*scores)
    distributions = take(everybody.values(), {}, 5)
    ada = everybody["ada"]
    questions = (replace(q, in_class=distributions.get(q.cell)) for q in ada.questions)
    return replace(ada, questions=tuple(questions))


def test_the_summary_has_a_column_and_says_who_is_counted():
    page = summary(with_distribution(*SCORES))

    assert (
        "| question | points | claims that hold | | class, median |\n|:--|--:|--:|:--|:--|\n"
        in page
    )
    assert "3 of 5 | ✓ complete, with a comment | `▃▁▁▆█` 7 |" in page
    assert "| `psd_prose` | – / 3 |  | … waits for a reader | |\n" in page
    assert "Counted are the 6 students who had a score when it was taken; nobody is named." in page
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} == {6}


def test_each_note_says_it_in_words_and_as_bars():
    notes = [c.source for c in annotate(with_distribution(*SCORES)).cells if "lp_norm" in c.source]

    line = (
        "*The class* (6 students): median 7, the middle half of the class 6 to 9.5 of 10 points; "
        "from none of them to all `▃▁▁▆█`"
    )
    assert [note.endswith(line) for note in notes if "Feedback on `lp_norm`" in note] == [True]


def test_where_half_the_class_agrees_one_number_says_it():
    page = annotate(with_distribution(10.0, 10.0, 10.0, 10.0, 0.0, 10.0))

    words = "half of the class or more has 10 of 10 points"
    assert sum(words in cell.source for cell in page.cells) == 1


def test_without_a_distribution_there_is_no_column():
    page = summary(worked())

    assert "class" not in page
    assert "| question | points | claims that hold | |\n" in page
