"""Pull requests, reviews, statuses and answers on GitHub; everything done twice stands once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from autograder.errors import RepositoryError
from autograder.repositories.github.regrade import read_requests
from autograder.repositories.pull_requests import Comment, LineComment, Review
from tests.repositories.github.conftest import NOON, Hub
from tests.repositories.github.fake_github import Fault
from tests.repositories.github.world import Repository

HEAD, BASE = "feedback/hw01", "feedback-base/hw01"


@pytest.fixture
def commit(hub: Hub) -> str:
    """The tip of a feedback branch that the staff pushed, one commit after its frozen base."""
    hub.forge.create_repository(hub.ada)
    staff = hub.git_of(hub.ada)
    base = staff.commit({"a.txt": b"1"})
    tip = staff.commit({"a.txt": b"1", "feedback.md": b"7 of 10"}, parent=base)
    address = staff.address.replace("ghp_ada-l", "github_pat_11TEACHERS0SECRET")
    staff.push(f"{base}:refs/heads/{BASE}", f"{tip}:refs/heads/{HEAD}", address=address)
    return tip


def adas(hub: Hub) -> Repository:
    return hub.github.world.repositories["deep-learning/ada"]


def opened(hub: Hub, title: str = "Feedback", body: str = "hello") -> int:
    return hub.forge.open_pull_request(hub.ada, HEAD, BASE, title, body).number


def test_pull_request_is_opened_once(hub: Hub, commit):
    first = hub.forge.open_pull_request(hub.ada, HEAD, BASE, "Feedback", "hello")
    assert (first.number, first.head, first.base, first.is_open) == (1, HEAD, BASE, True)
    assert hub.forge.open_pull_request(hub.ada, HEAD, BASE, "Other", "words") == first
    assert hub.forge.pull_requests(hub.ada) == (first,)


def test_pull_request_that_somebody_opens_in_between_is_taken(hub: Hub, commit):
    lost = Fault(
        "POST",
        "/pulls",
        422,
        {"message": "Validation Failed", "documentation_url": "x"},
        is_done=True,
    )
    hub.github.faults.append(lost)
    assert opened(hub) == 1
    assert hub.github.count("POST", "/pulls") == 1


def test_pull_request_without_a_difference_is_said(hub: Hub, commit):
    with pytest.raises(RepositoryError, match=r"\(422\): invalid, .*No commits between"):
        hub.forge.open_pull_request(hub.ada, HEAD, HEAD, "Feedback", "")


def test_pull_request_from_a_fork_of_the_same_branch_name_is_not_taken(hub: Hub, commit):
    fork = {"head": HEAD, "base": BASE, "title": "mine", "body": "", "state": "open"}
    fork |= {"number": 1, "merged_at": None, "fork_of": "ben-m/ada"}
    adas(hub).pulls.append(fork)
    assert opened(hub) == 2
    assert [pull.number for pull in hub.forge.pull_requests(hub.ada)] == [2]


def test_pull_request_is_found_beyond_the_first_page(hub: Hub, commit):
    hub.github.page_size = 1
    assert opened(hub) == 1
    adas(hub).pulls[0]["state"] = "closed"
    adas(hub).pulls.append(adas(hub).pulls[0] | {"number": 2, "state": "open"})
    assert opened(hub) == 2
    assert [pull.number for pull in hub.forge.pull_requests(hub.ada)] == [1, 2]


def test_update_opens_what_a_student_closed_and_writes_only_once(hub: Hub, commit):
    number = opened(hub)
    adas(hub).pulls[0]["state"] = "closed"
    for _ in range(2):
        updated = hub.forge.update_pull_request(hub.ada, number, "Feedback, again", "new words")
        assert (updated.is_open, updated.title, updated.body) == (
            True,
            "Feedback, again",
            "new words",
        )
    assert hub.github.count("PATCH") == 1


def test_merged_pull_request_is_left_and_another_one_opened(hub: Hub, commit):
    number = opened(hub)
    adas(hub).pulls[0] |= {"state": "closed", "merged_at": "2026-09-08T12:00:00Z"}
    with pytest.raises(RepositoryError, match=r"update pull request 1 .* \(422\): invalid"):
        hub.forge.update_pull_request(hub.ada, number, "Feedback", "again")
    assert opened(hub) == 2


def said_as(body: str, *beside: LineComment) -> Review:
    return Review(body, body, beside)


def test_the_same_review_is_left_once_and_another_beside_it(hub: Hub, commit):
    number = opened(hub)
    bodies = ("7 of 10\nwell done", "7 of 10\nwell done", "8 of 10")
    left = [hub.forge.review(hub.ada, number, commit, said_as(body)) for body in bodies]
    assert left == [True, False, True]
    assert [review["body"] for review in adas(hub).reviews] == ["7 of 10\r\nwell done", "8 of 10"]
    assert {review["commit_id"] for review in adas(hub).reviews} == {commit}


def test_a_review_is_known_by_its_mark_on_any_page(hub: Hub, commit):
    hub.github.page_size = 1
    number = opened(hub)
    for body in ("8 of 10", "7 of 10 <!-- mark: 1 -->", "6 of 10"):
        hub.forge.review(hub.ada, number, commit, said_as(body))
    again = Review("7.5 of 10 <!-- mark: 2 -->", "<!-- mark:")
    assert not hub.forge.review(hub.ada, number, commit, again)
    assert len(adas(hub).reviews) == 3


def test_comments_stand_beside_the_lines_of_a_new_file(hub: Hub, commit):
    number = opened(hub)
    beside = (LineComment("feedback.md", 1, "Look at the sign."),)
    assert hub.forge.review(hub.ada, number, commit, said_as("7 of 10", *beside))
    assert not hub.forge.review(hub.ada, number, commit, said_as("7 of 10", *beside))
    (comment,) = adas(hub).line_comments
    assert (comment["path"], comment["line"], comment["body"]) == (
        "feedback.md",
        1,
        "Look at the sign.",
    )
    told = hub.forge.comments(hub.ada, number)
    assert ("Look at the sign.", "feedback.md", 1) in [(c.text, c.path, c.line) for c in told]


@pytest.mark.parametrize(("path", "line"), [("a.txt", 1), ("feedback.md", 99), ("none.md", 1)])
def test_comments_beside_lines_that_are_not_shown_follow_in_the_review(
    hub: Hub, commit, path, line
):
    number = opened(hub)
    beside = (LineComment("feedback.md", 1, "first"), LineComment(path, line, "second"))
    assert hub.forge.review(hub.ada, number, commit, said_as("7 of 10", *beside))
    assert [review["body"] for review in adas(hub).reviews] == [
        "7 of 10\r\n\r\nfirst\r\n\r\nsecond"
    ]
    assert adas(hub).line_comments == []
    assert not hub.forge.review(hub.ada, number, commit, said_as("7 of 10", *beside))


def test_a_review_that_github_refuses_altogether_is_an_error(hub: Hub, commit):
    beside = LineComment("feedback.md", 1, "first")
    with pytest.raises(RepositoryError, match=r"review pull request 7 .* \(404\): missing"):
        hub.forge.review(hub.ada, 7, commit, said_as("7 of 10", beside))


def test_review_whose_answer_was_lost_is_not_left_twice(hub: Hub, commit):
    number = opened(hub)
    hub.github.faults.append(Fault("POST", "/reviews", 502, "<html>", is_done=True))
    with pytest.raises(RepositoryError, match=r"review pull request 1 .* \(502\): server"):
        hub.forge.review(hub.ada, number, commit, said_as("7 of 10"))
    assert not hub.forge.review(hub.ada, number, commit, said_as("7 of 10"))
    assert len(adas(hub).reviews) == 1


def test_status_is_set_once_until_it_changes(hub: Hub, commit):
    for description in ("7 of 10", "7 of 10", "8 of 10", "x" * 200, "x" * 200):
        hub.forge.set_status(hub.ada, commit, "success", description)
    set_ = [(one["context"], one["description"]) for one in adas(hub).statuses]
    assert set_ == [
        ("autograder", "7 of 10"),
        ("autograder", "8 of 10"),
        ("autograder", "x" * 139 + "…"),
    ]


def test_answers_are_read_wherever_they_stand_in_the_order_of_time(hub: Hub, commit):
    hub.github.page_size = 1
    number = opened(hub)
    hub.forge.review(hub.ada, number, commit, said_as("7 of 10"))
    world, repository = hub.github.world, adas(hub)
    hub.clock[0] += timedelta(minutes=1)
    world.say_beside_line(repository, number, "ADA-L", "/regrade lp_norm the sign is right")
    hub.clock[0] += timedelta(minutes=1)
    world.say(repository, number, "ada-l", "thank you")
    world.say(repository, number + 1, "ada-l", "elsewhere")
    world.say(repository, number, "ben-m", "/regrade dual_norm for me too")
    said = [(one.author, one.text) for one in hub.forge.comments(hub.ada, number)]
    assert said == [
        ("teacher", "7 of 10"),
        ("ada", "/regrade lp_norm the sign is right"),
        ("ada", "thank you"),
        ("ben-m", "/regrade dual_norm for me too"),
    ]
    (request,) = read_requests(hub.forge.comments(hub.ada, number), "ada", ["lp_norm", "dual_norm"])
    assert (request.question, request.reason) == ("lp_norm", "the sign is right")
    assert request.written == NOON + timedelta(minutes=1)
    assert request.problem == ""


def test_comment_of_somebody_who_left_github_is_the_ghosts(hub: Hub, commit):
    number = opened(hub)
    hub.github.world.say(adas(hub), number, "x", "hello")
    adas(hub).comments[0]["user"] = None
    assert [one.author for one in hub.forge.comments(hub.ada, number)] == ["ghost"]


def said(*texts: str, author: str = "ada") -> list[Comment]:
    return [Comment(author, NOON, text) for text in texts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/regrade q1 because", [("q1", "because", "")]),
        ("hello\n\n  /Regrade Q1 because\nof this\n", [("q1", "because of this", "")]),
        ("/regrade q1 a\n/regrade q2 b", [("q1", "a", ""), ("q2", "b", "")]),
        ("> /regrade q1 because", []),
        ("```\n/regrade q1 because\n```", []),
        ("please /regrade q1 because", []),
        ("/regraded q1", []),
        ("/regrade", [("", "", "names no question; write /regrade QUESTION REASON")]),
        ("/regrade q1", [("q1", "", "gives no reason; write /regrade QUESTION REASON")]),
        ("/regrade q9 why", [("q9", "why", "'q9' is no question of this assignment")]),
        ("/regrade ../x why", [("../x", "why", "'../x' is no question of this assignment")]),
    ],
)  # fmt: skip
def test_request_is_a_line_of_its_own(text, expected):
    found = read_requests(said(text), "ada", ["q1", "q2"])
    assert [(one.question, one.reason, one.problem) for one in found] == expected


def test_request_of_somebody_else_does_not_count():
    assert read_requests(said("/regrade q1 why", author="ben"), "ada") == ()


def test_later_request_for_the_same_question_replaces_the_earlier_one():
    found = read_requests(said("/regrade q1 first", "/regrade q2 x", "/regrade q1 second"), "ada")
    assert [(one.question, one.reason) for one in found] == [("q2", "x"), ("q1", "second")]


def test_reason_is_made_safe_to_show():
    (request,) = read_requests(said("/regrade q1 \x1b[31mred" + "x" * 5000), "ada")
    assert "\x1b" not in request.reason
    assert len(request.reason) < 1100
