"""The push log: parsing, the tip at a moment, holes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from autograder.errors import RepositoryError
from autograder.repositories.push_log import NOTHING, PushEntry, gaps, parse_push_log, tip_at

NOON = datetime(2026, 9, 8, 12, tzinfo=UTC)
MAIN = "refs/heads/main"
A, B, C = ("a" * 40, "b" * 40, "c" * 40)


def entry(minute: float, old: str, new: str, ref: str = MAIN) -> PushEntry:
    return PushEntry(NOON + timedelta(minutes=minute), "ada", ref, old, new)


LOG = (entry(0, NOTHING, A), entry(1, NOTHING, C, "refs/heads/x"), entry(2, A, B))


def line(**changes: object) -> bytes:
    data = {"time": NOON.isoformat(), "user": "ada", "ref": MAIN, "old": NOTHING, "new": A}
    return json.dumps(data | changes).encode() + b"\n"


def test_lines_become_entries():
    assert parse_push_log(line() + b"\n" + line(old=A, new=B, forced=True)) == (
        entry(0, NOTHING, A),
        PushEntry(NOON, "ada", MAIN, A, B, is_forced=True),
    )


def test_time_of_another_zone_is_the_same_moment():
    assert parse_push_log(line(time="2026-09-08T05:00:00-07:00"))[0].time == NOON


@pytest.mark.parametrize(
    "bad",
    [
        b"no json\n",
        b"[]\n",
        b"{}\n",
        b"[" * 100_000 + b"\n",
        b"\xff\n",
        line(time="yesterday"),
        line(time="2026-09-08T05:00:00"),
        line(old="main"),
        line(new=7),
        line(user=None),
    ],
)
def test_line_that_is_no_entry_is_an_error_with_its_number(bad):
    with pytest.raises(RepositoryError, match="line 2 of the push log is no entry"):
        parse_push_log(line() + bad)


@pytest.mark.parametrize(
    ("minute", "tip"), [(-1, None), (0, LOG[0]), (1.9, LOG[0]), (2, LOG[2]), (99, LOG[2])]
)
def test_tip_at_a_moment_is_the_last_push_up_to_it(minute, tip):
    assert tip_at(LOG, MAIN, NOON + timedelta(minutes=minute)) == tip


def test_deleted_branch_has_no_tip():
    log = (*LOG, entry(3, B, NOTHING), entry(9, NOTHING, C))
    assert tip_at(log, MAIN, NOON + timedelta(minutes=5)) is None
    assert tip_at(log, MAIN, NOON + timedelta(minutes=9)) == log[-1]
    assert not list(gaps(log, MAIN))


def test_whole_log_has_no_gaps():
    assert not list(gaps(LOG, MAIN))


def test_missing_entry_is_a_gap():
    (gap,) = gaps((entry(0, NOTHING, A), entry(2, B, C)), MAIN)
    assert gap.startswith("the push log has a hole before 2026-09-08 12:02:00 UTC")


def test_log_that_begins_in_the_middle_is_a_gap():
    (gap,) = gaps((entry(0, A, B),), MAIN)
    assert "but it had no branch" in gap


def test_clock_that_was_set_back_is_a_gap():
    (gap,) = gaps((entry(5, NOTHING, A), entry(0, A, B)), MAIN)
    assert "goes back in time" in gap
