"""A plan says what collecting then does, and leaves everything as it was."""

from __future__ import annotations

from datetime import timedelta

from autograder.collect.plan import plan
from autograder.repositories.git import git
from tests.collect.conftest import DUE, HW, MAIN


def everything(folder):
    return {
        path.relative_to(folder): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file() and "served" not in path.parts
    }


def planned(room, **after_due):
    now = DUE + timedelta(**(after_due or {"days": 3}))
    return {one.student: one for one in plan(room.course, HW, now=now)}


def test_a_plan_is_what_collecting_does_and_changes_nothing(room):
    ada, ben, cyd = room.join("ada"), room.join("ben"), room.join("cyd")
    room.join("dan")
    room.hand_in(ada)
    room.push(cyd, cyd.commit({"other.txt": b"x"}))
    room.at(hours=5)
    room.hand_in(ben)
    before = everything(room.folder)
    said = planned(room)
    assert everything(room.folder) == before
    assert [(one.student, one.status) for one in said.values()] == [
        ("ada", "take"),
        ("ben", "late"),
        ("cyd", "nothing"),
        ("dan", "nothing"),
    ]
    done = room.collect()
    assert [one.submission for one in said.values()] == [one.submission for one in done.values()]
    assert {one.status for one in planned(room).values()} == {"unchanged", "nothing"}


def test_a_plan_says_why(room):
    ada = room.join("ada")
    room.hand_in(ada)
    (first, *_) = planned(room)["ada"].notes
    assert first == f"{HW}/{HW}.ipynb is what main had at 2026-09-08 16:00:00 PDT"
    room.collect(hours=1)
    room.at(days=1, hours=2)
    room.hand_in(ada, "better")
    notes = planned(room, days=3)["ada"].notes
    assert notes[0] == f"{HW}/{HW}.ipynb is what main had at 2026-09-10 16:00:00 PDT"
    assert notes[1].startswith("instead of ")


def test_before_the_deadline_a_plan_says_what_is_there_now(room):
    room.hand_in(room.join("ada"))
    notes = planned(room, hours=-2)["ada"].notes
    assert notes[0] == f"{HW}/{HW}.ipynb is what main has now"
    assert "the deadline has not passed" in notes[1]


def test_a_server_that_is_gone_is_that_students_outcome(room):
    room.hand_in(room.join("ada"))
    room.hand_in(room.join("ben"))
    (room.server.root / "ben.git").rename(room.folder / "away")
    said = planned(room)
    assert (said["ada"].status, said["ben"].status) == ("take", "failed")


def test_the_commits_of_all_three_moments_are_pinned(room):
    ada = room.join("ada")
    pushed = []
    for hours in (-1, 20, 40):
        room.at(hours=hours)
        pushed.append(room.push(ada, ada.commit({"x": str(hours).encode()})))
    room.at(days=2, hours=1)
    room.push(ada, ada.commit({"x": b"too late"}))
    room.collect()
    copy = room.course.state / "repositories" / "ada"
    words = ("for-each-ref", "--format=%(objectname)", f"refs/submissions/{HW}/")
    assert git(*words, repository=copy).decode().split() == pushed
    assert not git("for-each-ref", MAIN, repository=copy)
