"""Solutions on a branch of every student's repository: when, whose, and who does not want it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.collect.collect import collect
from autograder.errors import CourseError, ReleaseError
from autograder.feedback.solutions import publish
from autograder.repositories.forge import TOKEN_VARIABLE
from autograder.repositories.git import git
from autograder.repositories.server import GitServer, User, create_repository
from autograder.settings import load_course
from tests.repositories.git_students import new_student, with_login

HW = "hw01"
DUE = datetime(2026, 1, 20, 16, tzinfo=UTC)
LATER = DUE + timedelta(days=8)
CONFIG = f"""
c = get_config()
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.Calendar.timezone = "UTC"
c.Calendar.due = {{"{HW}": "{DUE:%Y-%m-%d %H:%M}"}}
"""
SOURCE = """def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION"""
TESTS = (
    "assert double(1) == 2\n### BEGIN HIDDEN TESTS\nassert double(7) == 14\n### END HIDDEN TESTS"
)


def text(source):
    return nbformat.writes(new_notebook(cells=[new_code_cell(source, id="answer")])).encode()


class Class:
    def __init__(self, root, server):
        self.root, self.server, self.course = root, server, load_course(root)

    def hand_in(self, name, **more):
        address = with_login(self.server.repository_url(name), name, f"{name}-word")
        student = new_student(self.root / "desks" / name, address)
        files = {f"{HW}/{HW}.ipynb": text(f"def double(x): return x + x  # by {name}"), **more}
        student.push(f"{student.commit(files)}:refs/heads/main")
        return student

    def publish(self, *writers, now=LATER, **options):
        return publish(self.course, HW, writers, now=now, **options)

    def file(self, student, name):
        path = f"refs/heads/solutions/{HW}:solutions/{HW}/{name}"
        return git("show", path, repository=self.server.root / f"{student}.git").decode()


@pytest.fixture
def room(tmp_path, monkeypatch):
    monkeypatch.setenv(TOKEN_VARIABLE, "staff:s-word")
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    source = tmp_path / "solutions" / HW / f"{HW}.ipynb"
    source.parent.mkdir(parents=True)
    cells = [new_code_cell(SOURCE, id="answer"), new_code_cell(TESTS, id="tests")]
    nbformat.write(new_notebook(cells=cells), source)
    names = ("ada", "ben", "cyd")
    for name in names:
        create_repository(tmp_path / "served", name)
    users = [*(User(n, f"{n}-word") for n in names), User("staff", "s-word", is_staff=True)]
    clock = lambda: DUE - timedelta(hours=1)  # noqa: E731
    with GitServer(tmp_path / "served", users, clock=clock) as server:
        rows = [f"{n},{n.title()} L,{n}@example.edu,{server.repository_url(n)}" for n in names]
        table = ["id,name,email,repository,publish", *(f"{row},yes" for row in rows)]
        (tmp_path / "roster.csv").write_text("\n".join([*table, ""]))
        yield Class(tmp_path, server)


def test_the_reference_goes_to_everybody_once_and_without_hidden_tests(room):
    assert [one.status for one in room.publish()] == ["published"] * 3
    shown = room.file("ben", f"{HW}.ipynb")
    assert "return 2 * x" in shown
    assert "assert double(1) == 2" in shown
    assert "double(7)" not in shown
    assert "###" not in shown
    assert "by the course staff" in room.file("ben", "README.md")
    assert [one.status for one in room.publish()] == ["unchanged"] * 3


def test_chosen_students_answers_carry_their_names(room):
    for name in ("ada", "ben"):
        room.hand_in(name)
    collect(room.course, HW, now=LATER)
    assert [one.status for one in room.publish("ben", "ada")] == ["published"] * 3
    assert "by ben" in room.file("cyd", f"{HW}-1.ipynb")
    assert "A solution by Ada L." in room.file("cyd", f"{HW}-2.ipynb")
    assert "return 2 * x" not in room.file("cyd", f"{HW}-1.ipynb")


@pytest.mark.parametrize("path", ["NO_PUBLISH", f"{HW}/NO_PUBLISH"])
def test_a_file_in_the_repository_opts_out(room, path):
    room.hand_in("ada", **{path: b""})
    collect(room.course, HW, now=LATER)
    with pytest.raises(ReleaseError, match="ada opted out by a file NO_PUBLISH"):
        room.publish("ada")
    assert not git("for-each-ref", "refs/heads/solutions", repository=room.server.root / "cyd.git")


def test_opting_out_after_handing_in_counts(room):
    ada = room.hand_in("ada")
    collect(room.course, HW, now=LATER)
    ada.push(f"+{ada.commit({'NO_PUBLISH': b''})}:refs/heads/main")
    with pytest.raises(ReleaseError, match="opted out by a file"):
        room.publish("ada")


def test_no_in_the_roster_opts_out(room):
    room.hand_in("ben")
    collect(room.course, HW, now=LATER)
    roster = room.root / "roster.csv"
    roster.write_text(roster.read_text().replace("ben.git,yes", "ben.git, No "))
    with pytest.raises(ReleaseError, match="ben opted out in the roster; cyd handed in nothing"):
        room.publish("ben", "cyd")


def test_nothing_is_published_while_work_may_be_handed_in(room):
    with pytest.raises(ReleaseError, match="publish from 2026-01-27 16:00 UTC"):
        room.publish(now=DUE + timedelta(days=6))
    with pytest.raises(ReleaseError, match="publish from 2026-01-22 16:00 UTC"):
        room.publish(now=DUE + timedelta(days=1), after_days=0)
    assert room.publish(now=DUE + timedelta(days=3), after_days=0)[0].status == "published"


def test_a_writer_who_is_nobody_is_an_error(room):
    with pytest.raises(CourseError, match="no student 'eve'"):
        room.publish("eve")


def test_a_student_cannot_push_solutions(room):
    ada = room.hand_in("ada")
    with pytest.raises(AssertionError, match="course staff's"):
        ada.push(f"{ada.commit({'x': b''})}:refs/heads/solutions/{HW}")
