"""Collecting where the course asks for pull requests: real pushes, by the server's clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from autograder.collect.collect import collect
from autograder.collect.ledger import ledger_path, read_ledger, verify
from autograder.collect.plan import plan
from autograder.errors import CourseError
from autograder.repositories.forge import HttpForge
from autograder.repositories.git import git
from autograder.settings import load_course
from tests.collect.conftest import DUE, HW, MAIN, notebook
from tests.repositories.backends import BACKENDS

HEAD = "refs/heads/submit/hw01"
FILE = f"{HW}/{HW}.ipynb"


@pytest.fixture
def asked(room):
    """The classroom of a course that asks for pull requests; the staff bring what is released."""
    room.course = replace(room.course, submit_by="pull request")
    return room


def offer(room, student, answer="1", ref=HEAD, **files: bytes):
    """Push a commit with the notebook to a branch, on what main or the branch had; its id."""
    parent = room.tips.get((student, ref)) or room.tips.get(student)
    commit = student.commit({FILE: notebook(answer), **files}, parent=parent)
    student.push(f"+{commit}:{ref}")
    room.tips[student, ref] = commit
    return commit


def said(outcome) -> str:
    return "\n".join(outcome.notes)


def test_open_pull_request_is_taken_before_main(asked):
    ada = asked.join("ada")
    asked.bring(ada)
    commit = offer(asked, ada, "mine")
    outcome = asked.collect()["ada"]
    assert (outcome.status, outcome.submission.commit, outcome.notes) == ("collected", commit, ())
    assert asked.submitted("ada") == notebook("mine")
    (row,) = read_ledger(ledger_path(asked.course.state, HW))
    assert (row.ref, row.source["pull_request"]["number"]) == (HEAD, 1)
    assert row.source["pull_request"]["created"].startswith("2026-09-07T23:00:00.")
    assert verify(ledger_path(asked.course.state, HW)) == ()
    assert asked.collect()["ada"].status == "unchanged"


def test_without_the_setting_main_counts(room):
    ada = room.join("ada")
    room.hand_in(ada, "on main")
    offer(room, ada, "offered")
    assert room.collect()["ada"].notes == ()
    assert room.submitted("ada") == notebook("on main")


def test_who_pushed_to_main_alone_loses_nothing(asked):
    ada = asked.join("ada")
    asked.bring(ada)
    asked.hand_in(ada, "mine")
    outcome = asked.collect()["ada"]
    assert (outcome.status, outcome.notes) == ("collected", ("no pull request; main was taken",))
    assert asked.submitted("ada") == notebook("mine")


def test_untouched_main_and_no_pull_request_is_nothing(asked):
    ada, _ = asked.join("ada"), asked.join("ben")
    asked.bring(ada)
    outcomes = asked.collect()
    assert [one.status for one in outcomes.values()] == ["nothing", "nothing"]
    assert outcomes["ada"].notes[0] == "no pull request"
    assert said(outcomes["ben"]) == "nothing was ever pushed"


def test_merged_before_the_deadline_is_main(asked):
    ada = asked.join("ada")
    asked.bring(ada)
    commit = offer(asked, ada, "first")
    asked.at(hours=-3)
    asked.push(ada, commit)
    asked.at(hours=-2)
    asked.hand_in(ada, "better, on main")
    outcome = asked.collect()["ada"]
    assert asked.submitted("ada") == notebook("better, on main")
    assert "pull request 1 (submit/hw01) was merged; main was taken" in said(outcome)


def test_merging_after_the_deadline_is_no_late_work(asked):
    ada = asked.join("ada")
    asked.bring(ada)
    commit = offer(asked, ada, "mine")
    asked.at(hours=5)
    asked.push(ada, commit)
    outcome = asked.collect()["ada"]
    assert (outcome.status, outcome.submission.late_days) == ("collected", 0)
    assert outcome.submission.commit == commit


def test_opened_after_the_deadline_is_late_although_another_branch_had_it(asked):
    ada = asked.join("ada")
    asked.bring(ada)
    offer(asked, ada, "mine", "refs/heads/work")
    asked.at(hours=2)
    offer(asked, ada, "mine")
    outcome = asked.collect()["ada"]
    assert (outcome.status, outcome.submission.late_days) == ("late", 1)


def test_all_three_moments_are_pinned(asked):
    ada = asked.join("ada")
    asked.bring(ada)
    pushed = []
    for hours in (-1, 20, 40, 60):
        asked.at(hours=hours)
        pushed.append(offer(asked, ada, str(hours)))
    outcome = asked.collect()["ada"]
    copy = asked.course.state / "repositories" / "ada"
    words = ("for-each-ref", "--format=%(objectname)", f"refs/submissions/{HW}/")
    assert set(pushed[:3]) <= set(git(*words, repository=copy).decode().split())
    assert pushed[3] not in git(*words, repository=copy).decode()
    assert outcome.submission.commit == pushed[2]
    assert "pull request 1 (submit/hw01): pushed again at 2026-09-11 04:00:00 PDT" in said(outcome)


def test_what_happens_afterwards_is_evidence(asked):
    ada, ben = asked.join("ada"), asked.join("ben")
    for student in (ada, ben):
        asked.bring(student)
        offer(asked, student, "mine")
    asked.at(days=3)
    ada.push(f":{HEAD}")
    ben.push(f"+{ben.commit({'x': b'1'})}:{HEAD}")
    outcomes = asked.collect(days=4)
    assert [one.status for one in outcomes.values()] == ["collected", "collected"]
    assert "submit/hw01 was deleted at 2026-09-11 16:00:00 PDT" in said(outcomes["ada"])
    assert "pull request 1 (submit/hw01) was closed at" in said(outcomes["ada"])
    assert "force-pushed at 2026-09-11 16:00:00 PDT" in said(outcomes["ben"])


def test_a_branch_of_a_hostile_name_prints_nothing_else(asked):
    ada = asked.join("ada")
    asked.bring(ada)
    ref = "refs/heads/submit/\u202e\u2028ok"
    commit = offer(asked, ada, "mine", ref)
    asked.at(days=3)
    ada.push(f":{ref}")
    (told,) = plan(asked.course, HW, now=DUE + timedelta(days=4))
    outcome = asked.collect(days=4)["ada"]
    assert outcome.submission.commit == commit
    notes = "".join((*told.notes, *outcome.notes))
    assert notes.isprintable()
    assert "was deleted" in notes


def test_two_that_differ_are_both_named_and_neither_is_taken(asked):
    ada = asked.join("ada")
    asked.bring(ada)
    offer(asked, ada, "one")
    offer(asked, ada, "two", "refs/heads/submit/again")
    outcome = asked.collect()["ada"]
    assert (outcome.status, outcome.submission) == ("failed", None)
    assert "pull request 1 (submit/hw01) and pull request 2 (submit/again)" in said(outcome)
    assert "close the one that is not" in said(outcome)


def test_the_next_homeworks_is_no_rival(asked):
    ada = asked.join("ada")
    asked.bring(ada)
    offer(asked, ada, "mine")
    old = asked.tips[ada]
    content = {FILE: notebook("YOUR CODE HERE"), "hw02_gemm/hw02_gemm.ipynb": notebook("next")}
    ada.push(f"{ada.commit(content, parent=old)}:refs/heads/submit/hw02")
    outcome = asked.collect()["ada"]
    assert (outcome.status, outcome.notes) == ("collected", ())
    assert asked.submitted("ada") == notebook("mine")


def test_a_branch_from_before_main_went_on_is_no_rival(asked):
    ada = asked.join("ada")
    asked.bring(ada)
    old = asked.hand_in(ada, "draft")
    asked.at(hours=-9)
    asked.hand_in(ada, "final")
    content = {FILE: notebook("draft"), "hw02_gemm/hw02_gemm.ipynb": notebook("next")}
    ada.push(f"{ada.commit(content, parent=old)}:refs/heads/submit/hw02")
    outcome = asked.collect()["ada"]
    assert asked.submitted("ada") == notebook("final")
    assert f"no work on {HW} in pull request 1 (submit/hw02); main was taken" in said(outcome)


def test_a_pull_request_that_cannot_be_read_leaves_main_and_is_said(asked):
    ada, ben = asked.join("ada"), asked.join("ben")
    two = {"a.ipynb": notebook("a"), "b.ipynb": notebook("b")}
    for student in (ada, ben):
        asked.bring(student)
        student.push(f"{student.commit(two, parent=asked.tips[student])}:{HEAD}")
    asked.at(hours=-2)
    asked.hand_in(ada, "on main")
    outcomes = asked.collect()
    assert [one.status for one in outcomes.values()] == ["collected", "failed"]
    assert all("a.ipynb and b.ipynb could both be" in said(one) for one in outcomes.values())


def test_the_staffs_branches_are_no_candidates(asked):
    ada = asked.join("ada")
    asked.bring(ada)
    desk = replace(ada, address=asked.served("ada"))
    desk.push(f"{desk.commit({FILE: notebook('annotated')})}:refs/heads/feedback/{HW}")
    student = asked.course.student("ada")
    HttpForge("staff:s-word").open_pull_request(student, f"feedback/{HW}", "main", "", "")
    assert asked.collect()["ada"].status == "nothing"


def test_a_plan_says_which_and_why(asked):
    ada, ben = asked.join("ada"), asked.join("ben")
    asked.bring(ada)
    offer(asked, ada, "mine")
    asked.hand_in(ben, "mine")
    told = {p.student: p for p in plan(asked.course, HW, now=DUE + timedelta(days=3))}
    at_due = "had at 2026-09-08 16:00:00 PDT"
    assert told["ada"].notes == (f"{FILE} is what pull request 1 (submit/hw01) {at_due}",)
    assert told["ben"].notes == (f"{FILE} is what main {at_due}", "no pull request; main was taken")


@pytest.mark.parametrize("name", BACKENDS)
def test_both_back_ends_say_the_same(name, room, tmp_path, monkeypatch):
    with BACKENDS[name](tmp_path / "forge") as place:
        monkeypatch.delenv("AUTOGRADER_GIT_TOKEN")
        for variable, value in place.environment.items():
            monkeypatch.setenv(variable, value)
        room.course = replace(
            room.course, submit_by="pull request", students=(place.ada, place.ben)
        )
        tips: dict[str, str] = {}
        due = DUE.astimezone(UTC)
        for student in (place.ada, place.ben):
            place.clock[0] = due - timedelta(days=1)
            place.forge.create_repository(student)
            staff, desk = place.staff(student), place.desk(student)
            begun = staff.commit({FILE: notebook("YOUR CODE HERE")})
            staff.push(f"{begun}:{MAIN}")
            desk.git("fetch", "--quiet", desk.address, "refs/heads/main:refs/heads/begun")
            tips[student.id] = desk.commit({FILE: notebook(student.id)}, parent=begun)
            desk.push(f"{tips[student.id]}:{HEAD}")
            place.clock[0] += timedelta(hours=1 if student is place.ada else 30)
            place.submit(student, "submit/hw01")
        place.clock[0] = due + timedelta(days=3)
        place.withdraw(place, place.ada, "submit/hw01")
        ada, ben = collect(room.course, HW, now=place.clock[0])
    assert ada.submission
    assert (ada.submission.commit, ada.submission.late_days) == (tips["ada"], 0)
    assert "was closed at 2026-09-11 16:00:00 PDT" in said(ada)
    assert ben.submission
    # ben's branch was pushed in time; on GitHub the push alone opens nothing
    is_late, received = (name == "github", timedelta(hours=6 if name == "github" else -24))
    assert ben.submission.late_days == is_late
    assert abs(ben.submission.received - due - received) < timedelta(minutes=1)


def test_the_setting_is_one_of_two(tmp_path):
    config = 'c.Calendar.timezone = "UTC"\nc.Calendar.due = {"hw01": "2019-01-29 16:00"}\n'
    path = tmp_path / "nbgrader_config.py"
    path.write_text(f"c = get_config()\n{config}")
    assert load_course(tmp_path).submit_by == "main"
    path.write_text(f'c = get_config()\n{config}c.Course.submit_by = "pull request"\n')
    assert load_course(tmp_path).submit_by == "pull request"
    path.write_text(f'c = get_config()\n{config}c.Course.submit_by = "email"\n')
    with pytest.raises(CourseError, match=r"submit_by is 'email'; set any of \['main', 'pull req"):
        load_course(tmp_path)
