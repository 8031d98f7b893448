"""What the course brought and nobody worked on was not handed in."""

from __future__ import annotations

import json

from autograder.collect.ledger import ledger_path, read_ledger
from autograder.collect.plan import plan
from tests.collect.conftest import DUE, HW, notebook
from tests.collect.test_plan import planned

BLANK = notebook("YOUR CODE HERE")


def test_notebook_that_only_the_staff_pushed_is_nothing(room):
    room.bring(room.join("ada"))
    outcome = room.collect()["ada"]
    assert (outcome.status, outcome.submission) == ("nothing", None)
    assert outcome.notes == (f"{HW}/{HW}.ipynb is as it was released: nothing was handed in",)
    assert not (room.course.folders.submitted / "ada").exists()
    assert read_ledger(ledger_path(room.course.state, HW)) == ()
    assert planned(room)["ada"].status == "nothing"


def test_work_on_another_assignment_hands_in_nothing_of_this_one(room):
    ada = room.join("ada")
    room.bring(ada)
    room.hand_in(ada, "YOUR CODE HERE", **{"hw02_gemm/hw02_gemm.ipynb": notebook("mine")})
    assert room.collect()["ada"].status == "nothing"


def test_corrected_release_that_came_later_hands_in_nothing_either(room):
    ada = room.join("ada")
    older = json.loads(BLANK)
    older["cells"].append(
        {"cell_type": "markdown", "id": "old", "metadata": {}, "source": "An older question."}
    )
    room.bring(ada, json.dumps(older).encode())
    assert room.collect()["ada"].status == "nothing"


def test_student_who_pushed_an_empty_notebook_alone_handed_it_in(room):
    room.hand_in(room.join("ada"), "YOUR CODE HERE")
    assert room.collect()["ada"].status == "collected"


def test_work_on_what_the_staff_brought_is_taken(room):
    ada = room.join("ada")
    room.bring(ada)
    room.hand_in(ada, "mine")
    outcome = room.collect()["ada"]
    assert (outcome.status, outcome.notes) == ("collected", ())
    assert room.submitted("ada") == notebook("mine")


def test_first_work_in_the_late_days_is_late(room):
    ada = room.join("ada")
    room.bring(ada)
    room.at(hours=3)
    room.hand_in(ada, "late")
    outcome = room.collect()["ada"]
    assert (outcome.status, outcome.submission.late_days) == ("late", 1)
    assert not any("nothing was handed in" in note for note in outcome.notes)


def test_work_that_is_taken_back_in_the_late_days_stands(room):
    ada = room.join("ada")
    room.bring(ada)
    first = room.hand_in(ada, "mine")
    room.at(hours=3)
    room.hand_in(ada, "YOUR CODE HERE")
    outcome = room.collect()["ada"]
    assert (outcome.status, outcome.submission.commit) == ("collected", first)


def test_plan_has_nothing_too(room):
    room.bring(room.join("ada"))
    (one,) = plan(room.course, HW, now=DUE)
    assert (one.status, one.submission) == ("nothing", None)
