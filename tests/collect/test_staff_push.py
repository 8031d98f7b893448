"""What the staff bring to main in between changes nothing about whose work was when."""

from __future__ import annotations

from dataclasses import replace

from tests.collect.conftest import HW, notebook
from tests.repositories.git_students import with_login


def staff_of(room, student):
    """The same desk, from which the staff push."""
    (person,) = room.course.students
    return replace(student, address=with_login(person.repository, "staff", "s-word"))


def test_the_students_own_push_counts_where_the_staff_pushed_after_it(room):
    ada = room.join("ada")
    room.at(hours=-2)
    own = room.hand_in(ada, "mine")
    room.at(hours=-1)
    brought = {f"{HW}/{HW}.ipynb": notebook("mine"), "hw02/hw02.ipynb": b"{}"}
    staff_of(room, ada).push(f"{ada.commit(brought, parent=own)}:refs/heads/main")
    outcome = room.collect()["ada"]
    assert outcome.submission.commit == own
    assert outcome.submission.received.hour == 21  # 16:00 in Los Angeles, less two hours
    assert outcome.notes == ()


def test_what_the_staff_brought_after_the_deadline_makes_nobody_late(room):
    ada = room.join("ada")
    own = room.hand_in(ada, "mine")
    room.at(hours=3)
    brought = {f"{HW}/{HW}.ipynb": notebook("mine"), "hw02/hw02.ipynb": b"{}"}
    staff_of(room, ada).push(f"{ada.commit(brought, parent=own)}:refs/heads/main")
    outcome = room.collect()["ada"]
    assert (outcome.status, outcome.submission.commit) == ("collected", own)


def test_what_only_others_pushed_is_taken_and_said(room):
    ada = room.join("ada")
    staff = staff_of(room, ada)
    staff.push(f"{ada.commit({f'{HW}/{HW}.ipynb': notebook('theirs')})}:refs/heads/main")
    outcome = room.collect()["ada"]
    assert outcome.status == "collected"
    assert "pushed by 'staff'" in outcome.notes
