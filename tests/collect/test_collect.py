"""Which version counts, by the server's clock, and what lies in submitted/ and the ledger."""

from __future__ import annotations

import fcntl
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from autograder.collect.collect import collect, read_submissions
from autograder.collect.ledger import ledger_path, read_ledger, verify
from autograder.errors import CourseError, RepositoryError
from tests.collect.conftest import DUE, HW, MAIN, notebook


def said(collected) -> str:
    return "\n".join(collected.notes)


def rows_of(room):
    return read_ledger(ledger_path(room.course.state, HW))


def test_last_push_before_the_deadline_is_taken(room):
    ada = room.join("ada")
    room.hand_in(ada, "first")
    room.at(minutes=-5)
    commit = room.hand_in(ada, "second")
    outcome = room.collect()["ada"]
    assert outcome.status == "collected"
    assert outcome.notes == ()
    assert outcome.submission.commit == commit
    assert room.submitted("ada") == notebook("second")
    stamp = outcome.submission.folder / "timestamp.txt"
    assert stamp.read_text() == "2026-09-08 22:55:00 UTC\n"
    assert read_submissions(room.course, HW) == {"ada": outcome.submission}


def test_late_push_with_a_backdated_commit_is_late(room):
    ada = room.join("ada")
    room.at(hours=3)
    backdated = ada.commit({f"{HW}/{HW}.ipynb": notebook()}, date=DUE - timedelta(hours=1))
    room.push(ada, backdated)
    outcome = room.collect()["ada"]
    assert outcome.status == "late"
    assert outcome.submission.late_days == 1
    assert outcome.submission.received == (DUE + timedelta(hours=3)).replace(
        microsecond=outcome.submission.received.microsecond
    )
    assert "the commit says it was committed at 2026-09-08 15:00:00 PDT" in said(outcome)
    assert "the server received it at 2026-09-08 19:00:00 PDT" in said(outcome)


def test_commit_from_the_future_is_noted(room):
    ada = room.join("ada")
    future = ada.commit({f"{HW}/{HW}.ipynb": notebook()}, date=datetime(2030, 1, 1, tzinfo=UTC))
    room.push(ada, future)
    assert "committed at 2029-12-31" in said(room.collect()["ada"])


def test_push_after_the_late_days_is_not_taken(room):
    ada = room.join("ada")
    room.hand_in(ada, "on time")
    room.at(days=2, minutes=1)
    room.hand_in(ada, "too late")
    outcome = room.collect()["ada"]
    assert outcome.status == "collected"
    assert room.submitted("ada") == notebook("on time")
    assert "pushed again at 2026-09-10 16:01:00 PDT" in said(outcome)


def test_forced_push_after_the_deadline_does_not_hide_the_version_on_time(room):
    ada = room.join("ada")
    on_time = room.hand_in(ada, "on time")
    room.at(days=2, hours=1)
    room.push(ada, ada.commit({f"{HW}/{HW}.ipynb": notebook("rewritten")}))
    outcome = room.collect()["ada"]
    assert outcome.submission.commit == on_time
    assert f"force-pushed at 2026-09-10 17:00:00 PDT: {on_time[:10]} was replaced" in said(outcome)


def test_branch_deleted_after_the_deadline_takes_nothing_back(room):
    ada = room.join("ada")
    room.hand_in(ada, "on time")
    room.at(hours=1)
    head = room.server.root / "ada.git" / "HEAD"
    head.write_text("ref: refs/heads/elsewhere\n")  # git protects the branch of HEAD
    ada.push(f":{MAIN}")
    outcome = room.collect()["ada"]
    assert outcome.status == "collected"
    assert room.submitted("ada") == notebook("on time")
    assert "main was deleted at 2026-09-08 17:00:00 PDT" in said(outcome)


def test_lateness_is_given_once(room):
    ada = room.join("ada")
    room.at(hours=1)
    commit = ada.commit({f"{HW}/{HW}.ipynb": notebook("late")})
    room.push(ada, commit)
    assert room.collect()["ada"].status == "late"
    second = {
        "hw02_gemm/hw02_gemm.ipynb": notebook("on time"),
        f"{HW}/{HW}.ipynb": notebook("late"),
    }
    room.at(days=6)
    first_two = room.push(ada, ada.commit(second, parent=commit))
    room.at(days=8)
    second["hw02_gemm/hw02_gemm.ipynb"] = notebook("late again")
    room.push(ada, ada.commit(second, parent=first_two))
    outcome = room.collect("hw02_gemm", days=10)["ada"]
    assert outcome.status == "collected"
    assert room.submitted("ada", "hw02_gemm") == notebook("on time")
    assert f"is late and was not taken; lateness is used on {HW}" in said(outcome)
    assert room.collect()["ada"].status == "unchanged"


def test_work_on_the_next_assignment_spends_no_lateness(room):
    ada = room.join("ada")
    first = room.hand_in(ada, "done")
    room.at(days=1)
    files = {f"{HW}/{HW}.ipynb": notebook("done"), "hw02_gemm/hw02_gemm.ipynb": notebook("begun")}
    room.push(ada, ada.commit(files, parent=first))
    outcome = room.collect()["ada"]
    assert (outcome.status, outcome.submission.late_days) == ("collected", 0)
    assert outcome.submission.commit == first


def test_late_push_that_loses_the_notebook_leaves_the_one_on_time(room):
    ada = room.join("ada")
    first = room.hand_in(ada, "done")
    room.at(days=1)
    room.push(ada, ada.commit({"readme": b"gone"}, parent=first))
    outcome = room.collect()["ada"]
    assert outcome.submission.commit == first
    assert "stands" in said(outcome)


def test_second_collection_changes_nothing(room):
    ada, _ = room.join("ada"), room.join("ben")
    room.hand_in(ada)
    room.collect()
    ledger = ledger_path(room.course.state, HW).read_bytes()
    stamp = (room.course.folders.submitted / "ada" / HW / f"{HW}.ipynb").stat().st_mtime_ns
    outcomes = room.collect()
    assert [one.status for one in outcomes.values()] == ["unchanged", "nothing"]
    assert ledger_path(room.course.state, HW).read_bytes() == ledger
    assert (room.course.folders.submitted / "ada" / HW / f"{HW}.ipynb").stat().st_mtime_ns == stamp


def test_missing_submitted_notebook_is_put_back_and_a_repaired_one_is_left(room):
    ada, ben = room.join("ada"), room.join("ben")
    room.hand_in(ada)
    room.hand_in(ben)
    room.collect()
    folder = room.course.folders.submitted
    (folder / "ada" / HW / f"{HW}.ipynb").unlink()
    (folder / "ben" / HW / f"{HW}.ipynb").write_bytes(notebook("repaired"))
    outcomes = room.collect()
    assert room.submitted("ada") == notebook()
    assert room.submitted("ben") == notebook("repaired")
    assert "it was put back" in said(outcomes["ada"])
    assert "is not what was collected" in said(outcomes["ben"])
    assert len(rows_of(room)) == 2


def test_collection_before_the_deadline_is_provisional(room):
    ada = room.join("ada")
    room.hand_in(ada, "draft")
    early = room.collect(hours=-1)["ada"]
    assert early.status == "collected"
    assert "the deadline has not passed (2026-09-08 16:00:00 PDT)" in said(early)
    room.at(minutes=-1)
    room.hand_in(ada, "final")
    window = room.collect(hours=1)["ada"]
    assert window.status == "collected"
    assert "the late days last until 2026-09-10 16:00:00 PDT" in said(window)
    assert room.submitted("ada") == notebook("final")
    assert [row.late_days for row in rows_of(room)] == [0, 0]


def test_nothing_pushed_says_so_and_names_other_branches(room):
    room.join("ada")
    ben = room.join("ben")
    ben.push(f"{ben.commit({'x': b'1'})}:refs/heads/homework")
    outcomes = room.collect()
    assert (outcomes["ada"].status, said(outcomes["ada"])) == ("nothing", "nothing was ever pushed")
    assert said(outcomes["ben"]) == "nothing was pushed to main, only to homework"


def test_first_push_after_the_late_days_is_nothing(room):
    ada = room.join("ada")
    room.at(days=2, minutes=1)
    room.hand_in(ada)
    outcome = room.collect()["ada"]
    assert outcome.status == "nothing"
    assert "there was no main by the deadline" in said(outcome)


def test_hole_in_the_push_log_is_noted(room):
    ada = room.join("ada")
    for answer in ("1", "2", "3"):
        room.hand_in(ada, answer)
    log = room.server.root / "push-logs" / "ada.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(lines[0] + lines[2])
    outcome = room.collect()["ada"]
    assert outcome.status == "collected"
    assert "the push log has a hole" in said(outcome)


def test_one_students_trouble_is_theirs_alone(room):
    ada, ben, _ = room.join("ada"), room.join("ben"), room.join("cam")
    room.hand_in(ada)
    room.hand_in(ben)
    students = list(room.course.students)
    students[1] = replace(students[1], repository="http://127.0.0.1:9/ben.git")
    students[2] = replace(students[2], repository=f"{room.server.url}/nowhere.git")
    room.course = replace(room.course, students=tuple(students))
    outcomes = room.collect()
    assert [one.status for one in outcomes.values()] == ["collected", "failed", "failed"]
    assert "does not answer" in said(outcomes["ben"])
    assert "is not there (404)" in said(outcomes["cam"])


def test_wrong_staff_password_is_said_without_telling_it(room, monkeypatch):
    ada = room.join("ada")
    room.hand_in(ada)
    monkeypatch.setenv("AUTOGRADER_GIT_TOKEN", "staff:hunter2")
    outcome = room.collect()["ada"]
    assert outcome.status == "failed"
    assert "refuses the staff's name or password (401)" in said(outcome)
    assert "hunter2" not in said(outcome)


def test_what_was_taken_stands_when_the_server_is_gone(room):
    ada = room.join("ada")
    room.hand_in(ada)
    before = room.collect()["ada"].submission
    students = (replace(room.course.students[0], repository="http://127.0.0.1:9/ada.git"),)
    room.course = replace(room.course, students=students)
    outcome = room.collect()["ada"]
    assert (outcome.status, outcome.submission) == ("failed", before)
    assert room.submitted("ada") == notebook()


def test_interrupted_collection_goes_on(room):
    for name in ("ada", "ben", "cam", "dot"):
        room.hand_in(room.join(name))

    def interrupt(done: int, total: int, student: str) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        collect(room.course, HW, now=DUE + timedelta(days=3), progress=interrupt)
    assert len(rows_of(room)) == 2
    outcomes = room.collect()
    assert sorted(one.status for one in outcomes.values()) == ["collected"] * 2 + ["unchanged"] * 2
    assert len(rows_of(room)) == 4
    assert verify(ledger_path(room.course.state, HW)) == ()


def test_two_collections_at_once_are_refused(room):
    room.course.state.mkdir()
    with (room.course.state / "collect.lock").open("w") as lock:
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(RepositoryError, match=f"running \\(process {os.getpid()}\\)"):
            room.collect()


def test_tampered_ledger_stops_the_collection(room):
    room.hand_in(room.join("ada"))
    room.collect()
    ledger = ledger_path(room.course.state, HW)
    ledger.write_text(ledger.read_text().replace('"late_days": 0', '"late_days": 1'))
    with pytest.raises(RepositoryError, match="row 1: it was changed after it was written"):
        room.collect()


def test_unknown_assignment_is_an_error(room):
    with pytest.raises(CourseError, match="no assignment 'hw99'"):
        room.collect("hw99")


def test_password_is_nowhere_in_the_course_folder(room):
    room.hand_in(room.join("ada"))
    room.collect()
    for path in room.course.state.rglob("*"):
        assert not path.is_file() or b"s-word" not in path.read_bytes()
