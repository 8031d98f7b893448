"""Deadlines on local clocks, and the days of the late window."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from autograder.course.calendar import late_moments, localize, parse_due
from autograder.errors import CourseError

PACIFIC = ZoneInfo("America/Los_Angeles")


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ("2019-01-29 16:00", "2019-01-30 00:00"),  # winter: eight hours
        ("2019-03-12 16:00", "2019-03-12 23:00"),  # two days into summer time: seven
        ("2019-04-30 16:00", "2019-04-30 23:00"),
        (" 2019-04-30T16:00:00 ", "2019-04-30 23:00"),
        ("2019-01-29T16:00-05:00", "2019-01-29 21:00"),  # an offset of its own
    ],
)
def test_a_deadline_is_what_the_local_clocks_show(due, expected):
    assert parse_due(due, PACIFIC) == utc(expected)


def test_a_day_without_a_time_is_an_error():
    with pytest.raises(CourseError, match="'2019-01-29' has no time of day; write it as"):
        parse_due("2019-01-29", PACIFIC)


@pytest.mark.parametrize("text", ["29.1.2019 16:00", "2019-02-29 16:00", "2019-01-29 25:00", ":"])
def test_a_text_that_is_no_date_is_an_error(text):
    with pytest.raises(CourseError, match="is no date and time"):
        parse_due(text, PACIFIC)


def test_a_skipped_hour_is_an_error():
    with pytest.raises(CourseError, match="2019-03-10 02:30 does not exist in America/Los_Ang"):
        localize(datetime(2019, 3, 10, 2, 30), PACIFIC)  # noqa: DTZ001 - a local time


def test_an_hour_that_comes_twice_is_an_error():
    with pytest.raises(CourseError, match="2019-11-03 01:30 comes twice in America/Los_Angeles"):
        localize(datetime(2019, 11, 3, 1, 30), PACIFIC)  # noqa: DTZ001 - a local time


def test_two_days_later_the_clocks_show_the_same():
    due = parse_due("2019-03-09 16:00", PACIFIC)  # summer time begins in the night
    assert late_moments(due, 2) == (
        utc("2019-03-10 00:00"),
        utc("2019-03-10 23:00"),
        utc("2019-03-11 23:00"),
    )


def test_a_late_day_that_ends_in_a_skipped_hour_ends_when_the_clocks_go_on():
    due = parse_due("2019-03-09 02:30", PACIFIC)
    assert late_moments(due, 1)[1].isoformat() == "2019-03-10T03:30:00-07:00"
