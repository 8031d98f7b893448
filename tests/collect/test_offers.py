"""Which pull request is handed in: pull requests, push log and moment decide, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from autograder.collect.offers import choose, offers_at, pull_notes
from autograder.repositories.pull_requests import PullRequest
from autograder.repositories.push_log import NOTHING, PushEntry

T = datetime(2026, 9, 8, 16, tzinfo=UTC)
MAIN = "main"


def at(minutes: float) -> datetime:
    return T + timedelta(minutes=minutes)


def push(minutes: float, branch: str, *works: str) -> list[PushEntry]:
    """Pushes one minute apart; what each leaves there is its commit's id, and "" deletes."""
    ids = [NOTHING, *(work.ljust(40, "0") if work else NOTHING for work in works)]
    return [
        PushEntry(at(minutes + n), "ada", f"refs/heads/{branch}", old, new)
        for n, (old, new) in enumerate(pairwise(ids))
    ]


def pull(number: int, head: str, opened: float | None, base: str = MAIN, **times: float):
    created = None if opened is None else at(opened)
    ends = {key: at(value) for key, value in times.items()}
    return PullRequest(number, head, base, "", "", not ends, created, **ends)


HW = push(-60, "submit/hw01", "b")
MINE = pull(1, "submit/hw01", -60)
BEGUN = push(-90, MAIN, "-")  # released, nobody worked on it
NO_PULL = "no pull request; main was taken"

CASES = {
    "open at the deadline": ([MINE], BEGUN + HW, "b", 1, ""),
    "opened exactly at the deadline": ([pull(1, "submit/hw01", 0)], BEGUN + HW, "b", 1, ""),
    "opened a minute later": ([pull(1, "submit/hw01", 1)], BEGUN + HW, None, 0, "no pull request"),
    "pushed again after the deadline": ([MINE], HW + push(1, "submit/hw01", "c"), "b", 1, ""),
    "closed a minute before": (
        [pull(1, "submit/hw01", -60, closed=-1)], BEGUN + HW, None, 0, "no pull request",
    ),
    "closed exactly at the deadline": ([pull(1, "submit/hw01", -60, closed=0)], HW, "b", 1, ""),
    "closed afterwards": ([pull(1, "submit/hw01", -60, closed=1)], HW, "b", 1, ""),
    "merged afterwards": (
        [pull(1, "submit/hw01", -60, closed=1, merged=1)], HW + push(1, MAIN, "b"), "b", 1, "",
    ),
    "merged before": (
        [pull(1, "submit/hw01", -60, closed=-5, merged=-5)],
        HW + push(-5, MAIN, "c"), "c", 0, "pull request 1 (submit/hw01) was merged; main was taken",
    ),
    "branch deleted afterwards": ([MINE], push(-0.5, "submit/hw01", "b", ""), "b", 1, ""),
    "branch deleted before": ([MINE], push(-9, "submit/hw01", "b", ""), None, 0, "no pull request"),
    "forced away afterwards": ([MINE], push(-1, "submit/hw01", "b", "c", "d"), "c", 1, ""),
    "pushed to main alone": ([], push(-9, MAIN, "c"), "c", 0, NO_PULL),
    "retargeted": (
        [pull(1, "submit/hw01", -60, base="dev")], HW + push(-9, MAIN, "c"), "c", 0, NO_PULL,
    ),
    "the staff's own": (
        [pull(n, head, -60) for n, head in enumerate(("feedback/hw01", "Feedback-Base/x"))],
        [*push(-9, "feedback/hw01", "x"), *push(-9, "Feedback-Base/x", "x"), *push(-9, MAIN, "c")],
        "c", 0, NO_PULL,
    ),
    "an old record without a time": (
        [pull(1, "submit/hw01", None)], HW + push(-9, MAIN, "c"), "c", 0, NO_PULL,
    ),
    "before main, which is older": ([MINE], push(-99, MAIN, "c") + HW, "b", 1, ""),
    "the same as main": ([MINE], push(-99, MAIN, "b") + HW, "b", 1, ""),
    # submit/hw02 began when main had "a", and main has gone on
    "a branch that began before main went on": (
        [pull(2, "submit/hw02", -60)],
        push(-99, MAIN, "a", "c") + push(-60, "submit/hw02", "a"), "c", 0,
        "no work on hw01 in pull request 2 (submit/hw02); main was taken",
    ),
    "another homework's beside it": (
        [MINE, pull(2, "submit/hw02", -50)], HW + push(-50, "submit/hw02", "-"), "b", 1, "",
    ),
    "two of the same work": (
        [MINE, pull(2, "submit/hw02", -50)], HW + push(-50, "submit/hw02", "b"), "b", 1, "",
    ),
    "two that differ": (
        [MINE, pull(2, "again", -50)], push(-99, MAIN, "c") + HW + push(-50, "again", "d"), None, 0,
        "pull request 1 (submit/hw01) and pull request 2 (again) differ, and both could be hw01; "
        "close the one that is not",
    ),
    "two that differ, one closed": (
        [pull(1, "submit/hw01", -60, closed=-20), pull(2, "again", -50)],
        HW + push(-50, "again", "d"), "d", 2, "",
    ),
    "nothing at all": ([], [], None, 0, "no pull request"),
}  # fmt: skip


def chosen(pulls, entries):
    """The choice at T, where each commit's id says what it holds; a dash is nobody's work."""

    def work_in(entry: PushEntry) -> str | None:
        work = entry.new.rstrip("0")
        return None if work in ("", "-") else work

    tips = [e for e in entries if e.ref == f"refs/heads/{MAIN}" and e.time <= T]
    return choose(
        pulls,
        entries,
        T,
        assignment="hw01",
        work_of=lambda offer: work_in(offer.entry),
        main=work_in(tips[-1]) if tips else None,
        was_on_main=lambda work: work in [work_in(tip) for tip in tips],
    )


@pytest.mark.parametrize("case", CASES)
def test_what_is_handed_in_at_the_deadline(case):
    pulls, entries, work, number, why = CASES[case]
    choice = chosen(pulls, entries)
    assert (choice.work, choice.offer.pull.number if choice.offer else 0) == (work, number)
    assert choice.why == why
    assert choice.is_refused == ("differ" in why)


def test_the_tip_is_the_one_of_that_moment():
    entries = push(-60, "submit/hw01", "b", "c") + push(30, "submit/hw01", "d")
    tips = [
        [offer.entry.new.rstrip("0") for offer in offers_at([MINE], entries, at(minutes))]
        for minutes in (-61, -60, -59, 0, 30, 1440)
    ]
    assert tips == [[], ["b"], ["c"], ["c"], ["d"], ["d"]]


@pytest.mark.parametrize(
    ("one", "is_chosen", "note"),
    [
        (MINE, True, ""),
        (pull(1, "submit/hw01", -60, closed=9), True, "was closed at 2026-09-08 16:09:00 UTC"),
        (pull(1, "submit/hw01", -60, closed=9, merged=9), True, ""),
        (pull(1, "submit/hw01", -60, closed=-9), False, "was closed at 2026-09-08 15:51:00 UTC"),
        (pull(1, "submit/hw01", 99), False, "was opened at 2026-09-08 17:39:00 UTC, after "),
        (pull(1, "submit/hw01", -60, base="dev"), False, "goes to dev, not to main; it does not"),
        (pull(1, "submit/hw01", None), False, "the server does not say when pull request 1 "),
        (pull(1, "feedback/hw01", 99), False, ""),
    ],
)
def test_what_happened_to_a_pull_request_is_said(one, is_chosen, note):
    others = [replace(one, number=2, closed=at(9))] if is_chosen else []
    notes = list(pull_notes([one, *others], one if is_chosen else None, [T], UTC))
    assert len(notes) == bool(note)
    assert all("pull request 1 (submit/hw01)" in said and note in said for said in notes)
