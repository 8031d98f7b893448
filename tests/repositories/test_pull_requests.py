"""Pull requests on the course's own server, over real HTTP."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from autograder.course.model import Student
from autograder.errors import RepositoryError
from autograder.repositories.forge import HttpForge
from autograder.repositories.pull_requests import (
    MAX_ENTRIES,
    MAX_TEXT,
    LineComment,
    Review,
    apply,
    empty,
    read_pull_request,
)
from autograder.repositories.push_log import PushEntry
from autograder.repositories.server import GitServer, User
from autograder.repositories.submit_branches import MAX_OPENED, opened_by_pushes, record
from tests.repositories.git_students import new_student, with_login

NOW = datetime(2026, 9, 8, 12, tzinfo=UTC)
USERS = (User("ada", "a-word"), User("ben", "b-word"), User("staff", "s-word", is_staff=True))
STAFF = HttpForge("staff:s-word")


@pytest.fixture
def server(tmp_path):
    with GitServer(tmp_path, USERS, clock=lambda: NOW) as running:
        yield running


@pytest.fixture
def ada(server):
    student = Student("ada", "Ada", "ada@example.org", server.repository_url("ada"))
    STAFF.create_repository(student)
    return student


def test_a_repository_is_made_once_and_for_known_people_alone(server):
    ben = Student("ben", "Ben", "ben@example.org", server.repository_url("ben"))
    assert STAFF.create_repository(ben)
    assert not STAFF.create_repository(ben)
    assert server.has_repository("ben")
    eve = Student("eve", "Eve", "eve@example.org", server.repository_url("eve"))
    with pytest.raises(RepositoryError, match="404"):
        STAFF.create_repository(eve)


def test_a_student_makes_no_repository(server):
    ben = Student("ben", "Ben", "ben@example.org", server.repository_url("ben"))
    with pytest.raises(RepositoryError, match="403"):
        HttpForge("ben:b-word").create_repository(ben)
    assert not server.has_repository("ben")


def test_one_is_opened_once_and_updated(ada):
    first = STAFF.open_pull_request(ada, "feedback/hw01", "feedback-base/hw01", "Feedback", "5")
    again = STAFF.open_pull_request(ada, "feedback/hw01", "feedback-base/hw01", "Other", "6")
    assert first == again
    changed = STAFF.update_pull_request(ada, first.number, "Feedback", "7")
    assert (changed.number, changed.body) == (1, "7")
    assert STAFF.pull_requests(ada) == (changed,)


def test_comments_carry_author_and_the_servers_time(ada):
    pull = STAFF.open_pull_request(ada, "feedback/hw01", "feedback-base/hw01", "Feedback", "")
    STAFF.review(ada, pull.number, "a" * 40, Review("Well done", "Well done"))
    HttpForge("ada:a-word")._order(ada, do="comment", number=1, text="/regrade q why")
    told = STAFF.comments(ada, 1)
    assert [(c.author, c.written, c.text.splitlines()[0]) for c in told] == [
        ("staff", NOW, "Well done"),
        ("ada", NOW, "/regrade q why"),
    ]
    assert STAFF.comments(ada, 2) == ()


def test_a_review_stands_once_with_its_comments_beside_lines(ada):
    number = STAFF.open_pull_request(ada, "feedback/hw01", "base", "Feedback", "").number
    beside = (LineComment("feedback/hw01/README.md", 7, "Look at the sign."),)
    first = Review("7 of 10 <!-- mark: 1 -->", "<!-- mark:", beside)

    assert STAFF.review(ada, number, "a" * 40, first)
    assert not STAFF.review(ada, number, "b" * 40, replace(first, body="8 <!-- mark: 2 -->"))
    assert STAFF.review(ada, number, "b" * 40, Review("8 <!-- mark: 2 -->", "<!-- mark: 2 -->"))

    said = [(c.text, c.path, c.line) for c in STAFF.comments(ada, number)]
    assert said == [
        ("7 of 10 <!-- mark: 1 -->", "", None),
        ("Look at the sign.", "feedback/hw01/README.md", 7),
        ("8 <!-- mark: 2 -->", "", None),
    ]
    assert [c["commit"][0] for c in STAFF._document(ada)["comments"]] == ["a", "b"]


def test_a_students_comment_does_not_stand_for_a_review(ada):
    number = STAFF.open_pull_request(ada, "feedback/hw01", "base", "Feedback", "").number
    HttpForge("ada:a-word")._order(ada, do="comment", number=number, text="<!-- mark -->")

    assert STAFF.review(ada, number, "a" * 40, Review("7 <!-- mark -->", "<!-- mark -->"))


def test_a_long_review_in_any_script_arrives(ada):
    number = STAFF.open_pull_request(ada, "feedback/hw01", "base", "Feedback", "").number
    beside = tuple(LineComment("README.md", n, "∀" * 8_000) for n in range(1, 21))

    assert STAFF.review(ada, number, "a" * 40, Review("ε" * MAX_TEXT, "ε", beside))
    assert len(STAFF.comments(ada, number)) == 21


def test_what_has_no_place_beside_lines_follows_in_one_text():
    review = Review("7 of 10", "7", (LineComment("a", 1, "first"), LineComment("a", 2, "second")))

    assert review.in_one_text() == "7 of 10\n\nfirst\n\nsecond"
    assert len(replace(review, body="x" * MAX_TEXT).in_one_text()) == MAX_TEXT


REVIEW = {"do": "review", "number": 1, "commit": "a" * 40, "text": "7 of 10", "mark": "7"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mark": "9"}, "mark is no part of the review's text"),
        ({"mark": ""}, "mark is no part of the review's text"),
        ({"mark": None}, "mark is no text"),
        ({"commit": "main"}, "commit is no full commit id"),
        ({"beside": {}}, "beside is no list of at most 100 comments"),
        ({"beside": [{"path": "a", "line": 1, "text": ""}] * 101}, "beside is no list of at most"),
        ({"beside": [{"path": "../a", "line": 1, "text": "x"}]}, "needs path, line and text"),
        ({"beside": [{"path": "/a", "line": 1, "text": "x"}]}, "needs path, line and text"),
        ({"beside": [{"path": "a", "line": 0, "text": "x"}]}, "needs path, line and text"),
        ({"beside": [{"path": "a", "line": True, "text": "x"}]}, "needs path, line and text"),
        ({"beside": ["x"]}, "needs path, line and text"),
        ({"beside": [{"path": "a", "line": 1, "text": 7}]}, "text is no text"),
    ],
)
def test_a_malformed_review_is_refused(change, message):
    document = empty()
    opened = {"do": "open", "head": "a", "base": "b", "title": "", "body": ""}
    apply(document, opened, "staff", True, NOW)

    with pytest.raises(ValueError, match=message):
        apply(document, REVIEW | change, "staff", True, NOW)

    assert document["comments"] == []
    assert apply(document, REVIEW, "staff", True, NOW)["is_new"]


@pytest.mark.parametrize("word", ["open", "update", "review", "status"])
def test_a_student_may_only_comment(ada, word):
    with pytest.raises(RepositoryError, match="403"):
        HttpForge("ada:a-word")._order(ada, do=word, number=1)
    with pytest.raises(RepositoryError, match="403"):
        HttpForge("ben:b-word").comments(ada, 1)


def test_the_newest_status_of_a_commit_stands(ada):
    STAFF.set_status(ada, "b" * 40, "pending", "waits for a reader")
    STAFF.set_status(ada, "b" * 40, "success", "9 of 10")
    statuses = STAFF._document(ada)["statuses"]
    assert statuses == [{"commit": "b" * 40, "state": "success", "description": "9 of 10"}]


@pytest.mark.parametrize(
    "order",
    [
        {"do": "dance"},
        {"do": ["open"]},
        {"do": "comment", "number": 7, "text": "x"},
        {"do": "open", "head": "../x", "base": "b", "title": "t", "body": "b"},
        {"do": "status", "commit": "main", "state": "success", "description": ""},
        {"do": "status", "commit": "a" * 40, "state": "great", "description": ""},
        {"do": "open", "head": "a", "base": "b", "title": "t", "body": "b" * 70_000},
    ],
)
def test_a_malformed_order_is_refused(ada, order):
    with pytest.raises(RepositoryError, match="422"):
        STAFF._order(ada, **order)
    assert STAFF._document(ada) == empty()


def test_a_record_does_not_grow_for_ever():
    document = empty()
    opened = {"do": "open", "head": "a", "base": "b", "title": "", "body": ""}
    apply(document, opened, "staff", True, NOW)
    said = {"do": "comment", "number": 1, "text": "again"}
    for _ in range(MAX_ENTRIES):
        apply(document, said, "ada", False, NOW)
    with pytest.raises(ValueError, match="already"):
        apply(document, said, "ada", False, NOW)


# -- opened by a push ------------------------------------------------------------------------------

HEAD, MAIN = "refs/heads/submit/hw01", "refs/heads/main"


def at(minutes: int, ref: str, old: str, new: str, **more) -> PushEntry:
    return PushEntry(NOW + timedelta(minutes=minutes), "ada", ref, old * 40, new * 40, **more)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], []),
        ([at(1, MAIN, "0", "a"), at(2, "refs/heads/hw01", "0", "b")], []),
        ([at(1, HEAD, "0", "a"), at(2, HEAD, "a", "b", is_forced=True)], [(1, None, None)]),
        ([at(1, HEAD, "0", "a"), at(2, HEAD, "a", "0")], [(1, 2, None)]),
        # deleted and pushed again is another one
        (
            [at(1, HEAD, "0", "a"), at(2, HEAD, "a", "0"), at(3, HEAD, "0", "a")],
            [(1, 2, None), (3, None, None)],
        ),
        ([at(1, HEAD, "0", "a"), at(2, MAIN, "0", "a", merged=(HEAD,))], [(1, 2, 2)]),
        # whoever works on after the merge asks again
        (
            [
                at(1, HEAD, "0", "a"),
                at(2, MAIN, "0", "a", merged=(HEAD,)),
                at(3, MAIN, "a", "b", merged=(HEAD,)),
                at(4, HEAD, "a", "c"),
                at(5, HEAD, "c", "d"),
            ],
            [(1, 2, 2), (4, None, None)],
        ),
        ([at(1, HEAD, "a", "0"), at(2, MAIN, "0", "a", merged=(HEAD,))], []),
    ],
)
def test_what_pushes_open_and_close(entries, expected):
    def minute(moment):
        return moment and (moment - NOW).seconds // 60

    pulls = opened_by_pushes(entries)
    assert [(minute(p.created), minute(p.closed), minute(p.merged)) for p in pulls] == expected
    assert [pull.is_open for pull in pulls] == [closed is None for _, closed, _ in expected]
    assert {(pull.head, pull.base) for pull in pulls} <= {("submit/hw01", "main")}


def test_a_pushed_one_keeps_its_number_beside_the_staffs(ada, server, tmp_path):
    desk = new_student(tmp_path / "desk", with_login(ada.repository, "ada", "a-word"))
    first = STAFF.open_pull_request(ada, "feedback/hw01", "feedback-base/hw01", "Feedback", "")
    desk.push(f"{desk.commit({'a': b'1'})}:{HEAD}")
    mine = STAFF.pull_requests(ada)[1]
    STAFF.open_pull_request(ada, "feedback/hw02", "feedback-base/hw02", "Feedback", "")
    desk.push(f":{HEAD}")
    told = STAFF.pull_requests(ada)
    assert [p.number for p in told] == [1, 2, 3]
    assert (first.created, mine.head, mine.is_open) == (NOW, "submit/hw01", True)
    assert (told[1].number, told[1].is_open) == (mine.number, False)


@pytest.mark.parametrize("head", [HEAD, "refs/heads/submit/a\u2028b"])
def test_merging_by_a_merge_commit_is_seen(ada, tmp_path, head):
    desk = new_student(tmp_path / "desk", with_login(ada.repository, "ada", "a-word"))
    base = desk.commit({"a": b"1"})
    work, other = desk.commit({"a": b"2"}, parent=base), desk.commit({"b": b"1"}, parent=base)
    desk.push(f"{other}:{MAIN}", f"{work}:{head}")
    words = ("commit-tree", f"{work}^{{tree}}", "-p", other, "-p", work, "-m", "merge")
    desk.push(f"{desk.git(*words).decode().strip()}:{MAIN}")
    (pull,) = STAFF.pull_requests(ada)
    assert (pull.is_open, pull.merged is not None) == (False, True)


def test_the_student_is_told_by_git(ada, tmp_path):
    desk = new_student(tmp_path / "desk", with_login(ada.repository, "ada", "a-word"))
    said = pushed_loudly(desk, f"{desk.commit({'a': b'1'})}:{HEAD}")
    assert "remote: the pull request from 'submit/hw01' onto main is open" in said
    assert "is withdrawn" in pushed_loudly(desk, f":{HEAD}")


def pushed_loudly(desk, refspec):
    words = ["git", f"--git-dir={desk.repository}", "push", desk.address, refspec]
    return subprocess.run(words, check=True, capture_output=True, text=True).stderr


def test_pushes_leave_the_staff_their_half_of_the_record():
    document = empty()
    entries = [at(n, f"{HEAD}-{n}", "0", "a") for n in range(MAX_OPENED + 9)]
    assert record(document, entries)
    assert not record(document, entries)
    assert len(document["pulls"]) == MAX_OPENED
    opened = {"do": "open", "head": "a", "base": "b", "title": "", "body": ""}
    assert apply(document, opened, "staff", True, NOW)["number"] == MAX_OPENED + 1


def test_a_push_log_that_cannot_be_read_is_said(ada, server):
    (server.root / "push-logs" / "ada.jsonl").write_text("no entry\n")
    with pytest.raises(RepositoryError, match="500"):
        STAFF.pull_requests(ada)


@pytest.mark.parametrize("created", ["yesterday", "2026-09-08T12:00:00", 7])
def test_a_time_without_a_zone_is_no_servers(created):
    data = {"number": 1, "head": "a", "base": "b", "title": "", "body": "", "is_open": True}
    assert read_pull_request(data).created is None
    with pytest.raises(RepositoryError, match="sent no pull request"):
        read_pull_request(data | {"created": created})
