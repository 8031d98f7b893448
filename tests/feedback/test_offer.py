"""The pull request with the feedback, and the answers to it, on a real server with real pushes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from autograder.collect.pins import Pins
from autograder.course.model import Submission
from autograder.errors import RepositoryError
from autograder.feedback.branch import move_branch
from autograder.feedback.changes import changes, record
from autograder.feedback.commit import feedback_tree
from autograder.feedback.offer import MAX_TEXT, base_branch, cut, offer, read_before, status_line
from autograder.feedback.regrades import read_regrades
from autograder.repositories.commits import Author
from autograder.repositories.forge import TOKEN_VARIABLE, open_forge
from autograder.repositories.git import GitLimits, git
from autograder.repositories.remote import Remote
from autograder.repositories.server import GitServer, User, create_repository
from autograder.settings import load_course
from tests.feedback.returned_samples import worked
from tests.repositories.git_students import new_student, with_login

NOW = datetime(2026, 9, 15, 12, tzinfo=UTC)
STAFF = Author("Course staff", "staff@example.org", NOW)
CONFIG = """
c = get_config()
c.Calendar.timezone = "UTC"
c.Calendar.due = {"hw01_norms": "2026-09-08 16:00"}
"""


class Case:
    """One student with collected work, and the feedback as it is on its way."""

    def __init__(self, root, server, clock):
        self.server, self.clock, self.course = server, clock, load_course(root)
        (self.ada,) = self.course.students
        self.forge = open_forge(self.course.state)
        address = with_login(self.ada.repository, "ada", "a-word")
        self.student = new_student(root / "desk", address)
        self.commit = self.student.commit({"x": b"my work"})
        self.student.push(f"{self.commit}:refs/heads/main")
        self.returned = worked()
        self.name = self.returned.assignment
        network = self.forge.network(self.ada)
        copy = self.course.state / "repositories" / "ada"
        Pins(copy, self.ada.repository, network, GitLimits()).pin(self.name, self.commit)
        self.remote = Remote(self.ada.repository, network, copy)
        folder = self.course.folders.submitted / "ada" / self.name
        submission = Submission("ada", self.name, self.commit, NOW, folder, 0)
        self.returned = replace(self.returned, submission=submission)

    def deliver(self, returned, what_changed=()):
        files = {"README.md": str(returned.score).encode()}
        tree = feedback_tree(self.remote.repository, self.commit, self.name, files)
        moved = move_branch(self.remote, self.name, self.commit, tree, STAFF, what_changed)
        made = offer(self.forge, self.ada, self.remote, returned, moved.commit, what_changed)
        return moved.commit, made

    def better(self):
        """The same feedback after a person gave the first question one point more."""
        first, *rest = self.returned.questions
        score = (first.score or 0) + 1
        return replace(self.returned, questions=(replace(first, score=score), *rest))

    def say(self, *messages, parent, onto):
        for message in messages:
            words = ("commit-tree", f"{parent}^{{tree}}", "-p", parent, "-m", message)
            parent = self.student.git(*words).decode().strip()
        self.student.push(f"+{parent}:refs/heads/{onto}")


@pytest.fixture
def case(tmp_path, monkeypatch):
    monkeypatch.setenv(TOKEN_VARIABLE, "staff:s-word")
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    create_repository(tmp_path / "served", "ada")
    users = [User("ada", "a-word"), User("staff", "s-word", is_staff=True)]
    clock = [NOW]
    with GitServer(tmp_path / "served", users, clock=lambda: clock[0]) as server:
        row = f"ada,Ada,ada@example.org,{server.repository_url('ada')}"
        (tmp_path / "roster.csv").write_text(f"id,name,email,repository\n{row}\n")
        yield Case(tmp_path, server, clock)


def test_the_feedback_is_offered_on_a_frozen_base(case):
    commit, pull = case.deliver(case.returned)
    assert (pull.head, pull.base) == (f"feedback/{case.name}", base_branch(case.name))
    assert f"Feedback on {case.name}" in pull.body
    tips = git("show-ref", repository=case.server.root / "ada.git").decode()
    assert f"{commit} refs/heads/feedback/{case.name}" in tips
    assert f"{case.commit} refs/heads/{base_branch(case.name)}" in tips
    assert case.forge.comments(case.ada, pull.number) == ()


def test_a_student_cannot_move_the_base(case):
    case.deliver(case.returned)
    other = case.student.commit({"x": b"other"})
    with pytest.raises(AssertionError, match="course staff's"):
        case.student.push(f"+{other}:refs/heads/{base_branch(case.name)}")


def test_regrading_updates_the_same_pull_request_and_says_why(case):
    _, first = case.deliver(case.returned)
    now = case.better()
    said = changes(record(case.returned), now)
    commit, second = case.deliver(now, said)
    assert second.number == first.number
    assert case.forge.pull_requests(case.ada) == (second,)
    assert second.body != first.body
    (comment,) = case.forge.comments(case.ada, first.number)
    cell = now.questions[0].cell
    assert f"- `{cell}`: " in comment.text
    assert "a person set the points" in comment.text
    message = git("show", "-s", "--format=%B", commit, repository=case.server.root / "ada.git")
    assert f"- `{cell}`: " in message.decode()


def test_a_run_that_was_ended_says_its_review_once(case):
    case.deliver(case.returned)
    case.deliver(case.better(), ("`x`: 1 → 2 of 3 points",))
    _, pull = case.deliver(case.better(), ("`x`: 1 → 2 of 3 points",))
    assert len(case.forge.comments(case.ada, pull.number)) == 1


def test_nothing_new_is_no_change(case):
    assert changes(record(case.returned), case.returned) == ()


def test_what_was_returned_is_kept_and_a_damaged_file_is_named(case):
    before = read_before(case.course.state, case.name, "ada")
    assert before.changes(case.returned) == ()
    before.keep(case.returned)
    again = read_before(case.course.state, case.name, "ada")
    assert again.changes(case.returned) == ()
    assert again.changes(case.better())
    before.file.write_text("{")
    with pytest.raises(RepositoryError, match=r"ada\.json is damaged"):
        read_before(case.course.state, case.name, "ada")


def test_a_base_that_is_somebody_elses_stops_the_pull_request(case):
    foreign = case.student.commit({"x": b"foreign"})
    address = with_login(case.ada.repository, "staff", "s-word")
    ref = f"refs/heads/{base_branch(case.name)}"
    case.student.push(f"{foreign}:{ref}", address=address)
    with pytest.raises(RepositoryError, match="somebody else made the branch"):
        case.deliver(case.returned)
    assert case.forge.pull_requests(case.ada) == ()


def test_a_long_body_is_cut(case):
    assert len(cut("x" * 70_000)) == MAX_TEXT
    assert cut("short") == "short"
    assert status_line(case.returned).endswith(("points", "wait for a reader"))


def test_requests_by_git_alone_and_by_comment_come_as_one_list(case):
    commit, pull = case.deliver(case.returned)
    case.student.git("fetch", "--quiet", case.student.address, f"feedback/{case.name}")
    case.clock[0] += timedelta(hours=1)
    case.say(
        "Thank you", "/regrade lp_norm p = 0.5 is refused\nas the question says",
        "/regrade", parent=commit, onto=f"regrade/{case.name}",
    )  # fmt: skip
    ada = replace(case.forge, token="ada:a-word")  # noqa: S106 - a test's own
    case.clock[0] += timedelta(hours=1)
    ada._order(case.ada, do="comment", number=pull.number, text="/regrade dual_norm I did it")
    found = read_regrades(case.course, case.name)
    assert [(r.status, r.question, r.reason) for r in found] == [
        ("asked", "lp_norm", "p = 0.5 is refused as the question says"),
        ("unclear", "", ""),
        ("asked", "dual_norm", "I did it"),
    ]
    assert [r.written and r.written.hour - NOW.hour for r in found] == [1, 1, 2]


def test_nobody_asked_is_an_empty_list_and_a_gone_server_an_outcome(case):
    assert read_regrades(case.course, case.name) == ()
    (case.server.root / "ada.git").rename(case.server.root / "away")
    (found,) = read_regrades(case.course, case.name)
    assert found.status == "failed"


def test_a_later_request_stands_for_the_earlier(case):
    case.say(
        "/regrade lp_norm first", "/regrade lp_norm second",
        parent=case.commit, onto=f"regrade/{case.name}",
    )  # fmt: skip
    (found,) = read_regrades(case.course, case.name)
    assert found.reason == "second"
