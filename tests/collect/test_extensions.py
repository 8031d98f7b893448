"""Extensions of single students: a late joiner has another deadline, and nobody else has."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from autograder.collect.plan import plan
from autograder.errors import CourseError
from autograder.settings import load_course
from tests.collect.conftest import DUE, HW, notebook

CONFIG = """
c = get_config()
c.Calendar.timezone = "America/Los_Angeles"
c.Calendar.due = {"hw01": "2019-01-29 16:00", "hw02": "2019-02-05 16:00"}
c.Calendar.extensions = %s
"""


def extend(room, student, **after_due):
    later = {(HW, student): DUE + timedelta(**after_due)}
    room.course = replace(room.course, extensions=later)


def test_extension_moves_one_students_deadline_and_no_other(room):
    ada, ben = room.join("ada"), room.join("ben")
    extend(room, "ada", days=7)
    room.at(days=6)
    room.hand_in(ada, "mine")
    room.hand_in(ben, "too late")
    outcomes = room.collect(days=20)
    assert [one.status for one in outcomes.values()] == ["collected", "nothing"]
    assert outcomes["ada"].submission.late_days == 0
    assert "extended: due at 2026-09-15 16:00:00 PDT" in outcomes["ada"].notes
    assert not any("extended" in note for note in outcomes["ben"].notes)


def test_late_days_begin_after_the_extension(room):
    ada = room.join("ada")
    extend(room, "ada", days=7)
    room.at(days=7, hours=3)
    room.hand_in(ada, "late")
    assert [one.status for one in plan(room.course, HW, now=DUE + timedelta(days=20))] == ["late"]
    assert room.collect(days=20)["ada"].submission.late_days == 1


def test_collection_before_the_extended_deadline_is_provisional(room):
    ada = room.join("ada")
    extend(room, "ada", days=7)
    room.hand_in(ada, "draft")
    assert any("the deadline has not passed" in note for note in room.collect()["ada"].notes)
    room.at(days=5)
    room.hand_in(ada, "final")
    room.collect(days=20)
    assert room.submitted("ada") == notebook("final")


def settings(folder: Path, extensions: str):
    (folder / "nbgrader_config.py").write_text(CONFIG % extensions)
    (folder / "roster.csv").write_text("id,name,email,repository\nada,A,a@x.org,https://x/a\n")
    return load_course(folder)


def test_extension_stands_in_the_settings(tmp_path):
    course = settings(tmp_path, '{"hw01": {"ada": "2019-02-07 16:00"}}')
    assert f"{course.assignment_of('hw01', 'ada').due:%m-%d %H:%M %Z}" == "02-07 16:00 PST"
    assert course.assignment_of("hw01", "ben") == course.assignment("hw01")
    assert course.last_due("hw01") == course.assignment_of("hw01", "ada").due
    assert course.last_due("hw02") == course.assignment("hw02").due


@pytest.mark.parametrize(
    ("extensions", "message"),
    [
        ('{"hw09": {"ada": "2019-02-07 16:00"}}', r"extensions\['hw09'\]: write {assignment"),
        ('{"hw01": "2019-02-07 16:00"}', r"extensions\['hw01'\]: write {assignment"),
        ('{"hw01": {"eve": "2019-02-07 16:00"}}', "has 'eve', who is not in the roster"),
        ('{"hw01": {"ada": "2019-01-28 16:00"}}', r"\['ada'\] is before the deadline"),
        ('{"hw01": {"ada": "2019-02-07"}}', "has no time of day"),
    ],
)
def test_impossible_extension_is_named(tmp_path, extensions, message):
    with pytest.raises(CourseError, match=message):
        settings(tmp_path, extensions)
