"""The pull request with the feedback, and the answers to it, on a real server with real pushes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from autograder.collect.pins import Pins
from autograder.course.model import Submission
from autograder.errors import RepositoryError
from autograder.feedback.branch import move_branch
from autograder.feedback.changes import changes, record
from autograder.feedback.commit import feedback_tree
from autograder.feedback.last_return import read_last
from autograder.feedback.offer import base_branch, offer, status_line
from autograder.feedback.regrades import read_regrades
from autograder.feedback.review import cut
from autograder.feedback.summary import summary
from autograder.repositories.commits import Author
from autograder.repositories.forge import TOKEN_VARIABLE, HttpForge
from autograder.repositories.git import GitLimits, git
from autograder.repositories.pull_requests import MAX_TEXT
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
        self.forge = HttpForge("staff:s-word")
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

    def push(self, returned):
        last = read_last(self.course.state, self.name, "ada")
        files = {"README.md": summary(returned).encode()}
        tree = feedback_tree(self.remote.repository, self.commit, self.name, files)
        why = last.changes(returned)
        return last, move_branch(self.remote, self.name, self.commit, tree, STAFF, why)

    def deliver(self, returned, is_noted=True):
        """The commit and the pull request; not noted is as a run that ended too soon."""
        last, moved = self.push(returned)
        offered = offer(self.forge, self.ada, self.remote, returned, moved.commit, last)
        if is_noted:
            last.keep(returned, offered.is_open)
        (pull,) = self.forge.pull_requests(self.ada)
        return moved.commit, pull

    def reviews(self):
        """What the staff said: each review's text, and what stands beside which lines."""
        return [
            (entry["text"], [(c["path"], c["line"], c["text"]) for c in entry["beside"]])
            for entry in self.forge._document(self.ada)["comments"]
            if "commit" in entry
        ]

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


def test_a_student_cannot_move_the_base(case):
    case.deliver(case.returned)
    other = case.student.commit({"x": b"other"})
    with pytest.raises(AssertionError, match="course staff's"):
        case.student.push(f"+{other}:refs/heads/{base_branch(case.name)}")


def test_the_first_return_leaves_one_review_with_the_comments_beside_the_lines(case):
    commit, _ = case.deliver(case.returned)

    ((text, beside),) = case.reviews()

    assert text.startswith("**6 of 23 points** (3 points wait for a reader). What to look at")
    assert "`/regrade QUESTION REASON`" in text
    bare = case.server.root / "ada.git"
    page = git("show", f"{commit}:{beside[0][0]}", repository=bare).decode().split("\n")
    assert [page[line - 1] for _, line, _ in beside] == ["### `lp_norm`", "### `design`"]
    lp_norm, design = (words for _, _, words in beside)
    assert "*Hint (no absolute value)*: A negative entry must not cancel a positive one." in lp_norm
    assert "> Nearly there.  \n> Look at $|x_i|$ once more." in lp_norm
    assert "◷ **ran out of time**: The matrix has one row" in design
    assert "----> 3" not in lp_norm  # tracebacks stay in the notebook
    assert "not attempted" not in design


def test_a_second_run_and_a_run_whose_notes_are_lost_leave_no_second_review(case):
    case.deliver(case.returned)
    case.deliver(case.returned)
    assert len(case.reviews()) == 1
    read_last(case.course.state, case.name, "ada").file.unlink()
    case.deliver(case.better())
    assert len(case.reviews()) == 1
    assert len(case.forge.pull_requests(case.ada)) == 1


def test_what_was_returned_without_a_pull_request_has_its_review_with_the_first_one(case):
    last = read_last(case.course.state, case.name, "ada")
    last.keep(case.returned, is_reviewed=False)

    case.deliver(case.better())

    ((text, _),) = case.reviews()
    assert text.startswith("**7 of 23 points**")


def test_a_run_that_ended_after_the_review_leaves_no_second_one(case):
    case.deliver(case.returned, is_noted=False)
    case.deliver(case.returned)
    assert len(case.reviews()) == 1


def test_what_changed_after_a_run_that_ended_is_said_as_a_change(case):
    case.deliver(case.returned, is_noted=False)

    case.deliver(case.better())

    (first, _), (second, _) = case.reviews()
    assert "of 23 points" in first
    assert "`lp_norm`: 6 → 7 of 10 points (a person set the points)" in second


def test_what_never_arrived_is_not_taken_for_said(case):
    last, moved = case.push(case.returned)
    last.begin(case.returned, moved.commit)  # and there the run was ended

    case.deliver(case.better())

    ((text, _),) = case.reviews()
    assert text.startswith("**7 of 23 points**")


def test_regrading_updates_the_same_pull_request_and_says_why(case):
    _, first = case.deliver(case.returned)
    commit, second = case.deliver(case.better())
    assert second.number == first.number
    assert case.forge.pull_requests(case.ada) == (second,)
    assert second.body != first.body
    _, (text, beside) = case.reviews()
    assert "- `lp_norm`: 6 → 7 of 10 points (a person set the points)" in text
    assert beside == []
    message = git("show", "-s", "--format=%B", commit, repository=case.server.root / "ada.git")
    assert "- `lp_norm`: " in message.decode()


def test_a_new_comment_stands_beside_its_line_in_the_review_of_a_regrading(case):
    case.deliver(case.returned)
    *rest, last = case.returned.questions
    read = replace(last, score=2.0, comments=("Count $A$ and $D$ too.",))

    case.deliver(replace(case.returned, questions=(*rest, read)))

    _, (text, ((path, _, words),)) = case.reviews()
    assert "`psd_prose`: – → 2 of 3 points" in text
    assert path == f"feedback/{case.name}/README.md"
    assert words.endswith("**Comment by the course staff**\n\n> Count $A$ and $D$ too.  ")


def test_scores_that_go_and_come_back_are_each_said(case):
    for returned in (case.returned, case.better(), case.returned, case.better(), case.better()):
        case.deliver(returned)
    scores = [text.partition("\n")[0] for text, _ in case.reviews()]
    assert len(scores) == 4


def test_a_run_that_was_ended_says_its_review_once(case):
    case.deliver(case.returned)
    case.deliver(case.better(), is_noted=False)
    case.deliver(case.better())
    assert len(case.reviews()) == 2


def test_nothing_new_is_no_change(case):
    assert changes(record(case.returned), case.returned) == ()


def test_what_was_returned_is_kept_and_a_damaged_file_is_named(case):
    last = read_last(case.course.state, case.name, "ada")
    assert last.changes(case.returned) == ()
    last.keep(case.returned, is_reviewed=True)
    again = read_last(case.course.state, case.name, "ada")
    assert again.is_reviewed
    assert again.changes(case.returned) == ()
    assert again.changes(case.better())
    for text in ("{", "[]", "{}"):
        last.file.write_text(text)
        with pytest.raises(RepositoryError, match=r"ada\.json is damaged"):
            read_last(case.course.state, case.name, "ada")


def test_what_was_kept_before_there_were_reviews_is_read(case):
    last = read_last(case.course.state, case.name, "ada")
    last.file.parent.mkdir(parents=True)
    last.file.write_text(json.dumps(record(case.returned)))
    again = read_last(case.course.state, case.name, "ada")
    assert not again.is_reviewed
    assert again.changes(case.better())


def test_a_base_that_is_somebody_elses_stops_the_pull_request(case):
    foreign = case.student.commit({"x": b"foreign"})
    address = with_login(case.ada.repository, "staff", "s-word")
    ref = f"refs/heads/{base_branch(case.name)}"
    case.student.push(f"{foreign}:{ref}", address=address)
    with pytest.raises(RepositoryError, match="somebody else made the branch"):
        case.deliver(case.returned)
    assert case.reviews() == []
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
