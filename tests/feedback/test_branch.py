"""The feedback branch on a real server: what stands on it, and what is left alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from autograder.collect.pins import Pins
from autograder.errors import RepositoryError
from autograder.feedback.branch import branch_ref, move_branch
from autograder.feedback.commit import feedback_tree
from autograder.repositories.commits import Author
from autograder.repositories.git import Credential, GitLimits, Network, git
from autograder.repositories.remote import Remote
from autograder.repositories.server import GitServer, User, create_repository
from tests.repositories.git_students import new_student, with_login

HW = "hw01_norms"
STAFF = Author("Course staff", "staff@example.org", datetime(2026, 9, 8, 12, tzinfo=UTC))
FILES = {"README.md": b"# Feedback\n", f"{HW}.ipynb": b"{}\n", f"{HW}.html": b"<p>\n"}
WORK = {
    "README.md": b"my work",
    f"{HW}/{HW}.ipynb": b"[1]",
    "feedback/hw00/README.md": b"from before",
    f"feedback/{HW}/README.md": b"10 of 10",
    f"feedback/{HW}/forged.html": b"10 of 10",
}


class MeddledServer(GitServer):
    """A server on which someone may move a branch while a push is on its way."""

    meddle: Callable[[], object] | None = None

    @contextmanager
    def turn(self, request):
        if self.meddle and request.service == "git-receive-pack" and not request.query:
            meddle, self.meddle = self.meddle, None
            meddle()
        with super().turn(request):
            yield


class Class:
    """One student's repository on a server, and the course's pinned copy of it."""

    def __init__(self, folder, server, name):
        self.bare = create_repository(server.root, name)
        self.url = server.repository_url(name)
        self.student = new_student(folder, with_login(self.url, "staff", "of-the-staff"))
        network = Network(Credential(server.url + "/", "staff", "of-the-staff"))
        self.pins = Pins(folder / "pins" / "ada.git", self.url, network, GitLimits())
        self.remote = Remote(self.url, network, self.pins.repository)

    def submit(self, files, parent=None):
        commit = self.student.commit(files, parent=parent)
        self.student.push(f"+{commit}:refs/heads/main")
        self.pins.pin(HW, commit)
        return commit

    def deliver(self, base, files=FILES, author=STAFF):
        tree = feedback_tree(self.remote.repository, base, HW, files)
        return move_branch(self.remote, HW, base, tree, author)

    def on_server(self, *words):
        return git(*words, repository=self.bare).decode().strip()

    def files(self, commit):
        return self.on_server("ls-tree", "-r", "--name-only", commit).split("\n")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    users = [User("staff", "of-the-staff", is_staff=True)]
    with MeddledServer(tmp_path_factory.mktemp("server"), users) as running:
        yield running


@pytest.fixture
def course(server, tmp_path, request):
    return Class(tmp_path, server, re.sub(r"\W", "_", request.node.name)[:90])


@pytest.fixture(scope="module")
def delivered(server, tmp_path_factory):
    """A course after one delivery, the collected commit, and what the delivery made."""
    course = Class(tmp_path_factory.mktemp("delivered"), server, "delivered")
    base = course.submit(WORK)
    return course, base, course.deliver(base)


def test_feedback_follows_the_collected_commit_and_main_stays(delivered):
    course, base, moved = delivered

    assert moved.is_new
    assert course.on_server("rev-parse", branch_ref(HW)) == moved.commit
    assert course.on_server("rev-parse", f"{moved.commit}^") == base
    assert course.on_server("rev-parse", "refs/heads/main") == base
    assert course.on_server("for-each-ref", "--format=%(refname)").split() == [
        branch_ref(HW),
        "refs/heads/main",
    ]


def test_only_the_folder_of_the_assignment_is_replaced(delivered):
    course, _, moved = delivered

    assert course.files(moved.commit) == sorted(
        [
            "README.md",
            "feedback/hw00/README.md",
            *(f"feedback/{HW}/{name}" for name in FILES),
            f"{HW}/{HW}.ipynb",
        ]
    )
    assert course.on_server("show", f"{moved.commit}:feedback/{HW}/README.md") == "# Feedback"


def test_staff_stands_on_the_commit(delivered):
    course, _, moved = delivered

    said = course.on_server("show", "-s", "--format=%an %ae %cn %ce %aI %s", moved.commit)

    assert said == (
        "Course staff staff@example.org Course staff staff@example.org "
        f"2026-09-08T12:00:00+00:00 Return feedback on {HW}"
    )


def test_the_same_feedback_makes_no_commit(course):
    base = course.submit(WORK)
    first = course.deliver(base)

    later = Author(STAFF.name, STAFF.email, datetime(2026, 9, 9, tzinfo=UTC))
    again = course.deliver(base, author=later)

    assert not again.is_new
    assert again.commit == first.commit


def test_other_feedback_follows_the_first(course):
    base = course.submit(WORK)
    first = course.deliver(base)

    second = course.deliver(base, FILES | {"README.md": b"better"})

    assert second.is_new
    assert course.on_server("rev-parse", f"{second.commit}^") == first.commit


def test_a_branch_made_by_someone_else_is_carried_on(course):
    base = course.submit(WORK)
    own = course.student.commit({"x": b"y"})
    course.student.push(f"{own}:{branch_ref(HW)}")

    moved = course.deliver(base)

    assert course.on_server("rev-parse", f"{moved.commit}^") == own
    assert f"feedback/{HW}/README.md" in course.files(moved.commit)


def test_delivery_after_another_machine_delivered_carries_on(course, tmp_path):
    base = course.submit(WORK)
    first = course.deliver(base)
    other = Pins(tmp_path / "other.git", course.url, course.remote.network, GitLimits())
    other.pin(HW, base)
    course.remote = Remote(course.url, course.remote.network, other.repository)

    unchanged = course.deliver(base)
    changed = course.deliver(base, {"README.md": b"new"})

    assert unchanged.commit == first.commit
    assert course.on_server("rev-parse", f"{changed.commit}^") == first.commit


@pytest.mark.parametrize("is_forgotten", [False, True])
def test_feedback_reaches_a_student_who_threw_the_collected_commit_away(course, is_forgotten):
    base = course.submit(WORK)
    other = course.student.commit({"README.md": b"all new"})
    course.student.push(f"+{other}:refs/heads/main")
    if is_forgotten:
        course.on_server("-c", "gc.pruneExpire=now", "gc", "--quiet", "--prune=now")

    moved = course.deliver(base)

    assert moved.note is not None
    assert "history of its own" in moved.note
    assert f"{HW}/{HW}.ipynb" in course.files(moved.commit)
    assert course.on_server("rev-parse", "refs/heads/main") == other
    assert not course.deliver(base).is_new


def test_a_longer_history_and_a_large_file_are_no_obstacle(course):
    first = course.submit({"a": b"1"})
    large = WORK | {"data.bin": bytes(range(256)) * 40_000}

    moved = course.deliver(course.submit(large, parent=first))

    assert "data.bin" in course.files(moved.commit)


@pytest.mark.parametrize("mode", ["100644", "120000"])
def test_a_file_or_link_in_the_place_of_our_folder_gives_way(tmp_path, mode):
    student = new_student(tmp_path, "")
    base = student.commit_tree(student.raw_tree((mode, b"feedback", student.blob(b"/etc"))))

    tree = feedback_tree(student.repository, base, HW, FILES)

    names = student.git("ls-tree", "-r", "--name-only", tree).decode().split()
    assert names == sorted(f"feedback/{HW}/{name}" for name in FILES)


def test_odd_names_links_and_foreign_commits_pass_through_untouched(tmp_path):
    student = new_student(tmp_path, "")
    blob = student.blob(b"x")
    entries = [
        ("100644", b" spaces and\nnewline", blob),
        ("120000", b"-rf", student.blob(b"../../etc/passwd")),
        ("100755", b"\xff\xfe", blob),
        ("160000", b"sub", "1" * 40),
    ]
    base = student.commit_tree(student.raw_tree(*sorted(entries, key=lambda entry: entry[1])))

    tree = feedback_tree(student.repository, base, HW, FILES)

    listed = student.git("ls-tree", "-z", tree)
    for _, name, oid in entries:
        assert oid.encode() + b"\t" + name + b"\0" in listed


def test_a_refused_push_says_so(course):
    base = course.submit(WORK)
    wrong = Network(Credential(course.url, "staff", "wrong"))
    course.remote = Remote(course.url, wrong, course.remote.repository)

    with pytest.raises(RepositoryError, match="AUTOGRADER_GIT_TOKEN"):
        course.deliver(base)


@pytest.mark.parametrize("is_there_before", [False, True])
def test_a_branch_that_moves_meanwhile_is_looked_at_again(course, server, is_there_before):
    base = course.submit(WORK)
    theirs = course.student.commit({"x": b"y"})
    course.student.push(f"{theirs}:refs/heads/aside")
    if is_there_before:
        course.deliver(base, {"README.md": b"first"})
    server.meddle = lambda: course.on_server("update-ref", branch_ref(HW), theirs)

    moved = course.deliver(base)

    assert course.on_server("rev-parse", f"{moved.commit}^") == theirs
    assert course.on_server("rev-parse", branch_ref(HW)) == moved.commit
