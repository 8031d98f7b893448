"""A course whose repositories lie on GitHub: collected by its clock, and the token stays inside."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from autograder.collect.collect import collect
from autograder.course.course import Course
from autograder.course.model import Student
from autograder.course.roster import read_roster
from autograder.errors import CourseError, RepositoryError
from autograder.repositories.forge import HttpForge, open_forge
from autograder.repositories.github.by_address import ByAddress
from autograder.repositories.github.forge import open_github
from autograder.settings import load_course
from tests.repositories.github.conftest import NOON, TOKEN, Hub
from tests.repositories.github.fake_github import Fault

HW = "hw01"
PATH = f"{HW}/{HW}.ipynb"
DUE = NOON + timedelta(hours=4)
CONFIG = f"""
c = get_config()
c.Calendar.timezone = "UTC"
c.Calendar.due = {{"{HW}": "{DUE:%Y-%m-%d %H:%M}"}}
"""
NOTEBOOK = b'{"cells": [], "metadata": {"n": %d}, "nbformat": 4, "nbformat_minor": 5}'


@pytest.fixture
def course(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Course:
    root = hub.folder / "course"
    root.mkdir()
    (root / "nbgrader_config.py").write_text(CONFIG)
    rows = [f"{s.id},{s.name},{s.email},{s.repository},{s.login}" for s in (hub.ada, hub.ben)]
    (root / "roster.csv").write_text("\n".join(["id,name,email,repository,login", *rows]))
    monkeypatch.setenv("AUTOGRADER_GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("AUTOGRADER_GITHUB", hub.github.url)
    monkeypatch.delenv("AUTOGRADER_GIT_TOKEN", raising=False)
    return load_course(root, needs_roster=True)


@contextmanager
def command_lines() -> Iterator[list[bytes]]:
    """The command lines of every process of this host, looked at again and again meanwhile."""
    seen: list[bytes] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(0.002):
            for file in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    seen.append(file.read_bytes())
                except OSError:  # it has ended in between
                    continue

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()


def test_what_was_there_at_the_deadline_is_collected_and_the_token_shows_nowhere(
    hub: Hub, course: Course, caplog: pytest.LogCaptureFixture
):
    hub.github.page_size = 1
    ada, ben = hub.enrolled(hub.ada), hub.enrolled(hub.ben)
    on_time = ada.commit({PATH: NOTEBOOK % 1})
    ada.push(f"{on_time}:refs/heads/main")
    hub.clock[0] = DUE + timedelta(hours=1)
    late = ben.commit({PATH: NOTEBOOK % 2}, date=NOON)
    ben.push(f"{late}:refs/heads/main")
    hub.clock[0] = DUE + timedelta(days=5)
    ada.push(f"+{ada.commit({PATH: NOTEBOOK % 3}, date=NOON)}:refs/heads/main")
    with caplog.at_level(logging.DEBUG), command_lines() as seen:
        outcomes = {one.student: one for one in collect(course, HW, now=DUE + timedelta(days=6))}
    assert {name: one.status for name, one in outcomes.items()} == {
        "ada": "collected",
        "ben": "late",
    }
    assert (course.folders.submitted / "ada" / PATH).read_bytes() == NOTEBOOK % 1
    assert any("force-pushed" in note for note in outcomes["ada"].notes)
    assert not any("pushed by" in note for note in outcomes["ada"].notes)
    assert any("but the server received it" in note for note in outcomes["ben"].notes)
    assert any(b"fetch" in line for line in seen)
    assert TOKEN.encode() not in b"".join(seen)
    assert TOKEN not in caplog.text
    assert TOKEN not in str(hub.github.requests)
    written = [file for file in course.root.rglob("*") if file.is_file()]
    assert [file for file in written if TOKEN.encode() in file.read_bytes()] == []


def test_second_collection_finds_nothing_new(hub: Hub, course: Course):
    ada = hub.enrolled(hub.ada)
    hub.forge.create_repository(hub.ben)
    ada.push(f"{ada.commit({PATH: NOTEBOOK % 1})}:refs/heads/main")
    now = DUE + timedelta(days=6)
    assert [one.status for one in collect(course, HW, now=now)] == ["collected", "nothing"]
    assert [one.status for one in collect(course, HW, now=now)] == ["unchanged", "nothing"]


def test_one_repository_without_rights_stops_nobody_else(hub: Hub, course: Course):
    ben = hub.enrolled(hub.ben)
    ben.push(f"{ben.commit({PATH: NOTEBOOK % 1})}:refs/heads/main")
    ada, other = collect(course, HW, now=DUE + timedelta(days=6))
    assert (ada.status, other.status) == ("failed", "collected")
    assert "missing" in ada.notes[0]


def test_no_failure_shows_the_token(hub: Hub):
    hub.forge.create_repository(hub.ada)
    answers = (
        Fault("GET", "/activity", 401, {"message": f"Bad token {TOKEN[:4]}"}),
        Fault("GET", "/activity", 403, {"message": "no"}),
        Fault("GET", "/activity", 500, "<html>", times=4),
        Fault("GET", "/activity", 200, "[", times=4),
    )
    for answer in answers:
        hub.github.faults.append(answer)
        with pytest.raises(RepositoryError) as caught:
            hub.forge.push_log(hub.ada)
        assert TOKEN not in f"{caught.value!r}{caught.value.__cause__!r}"
    assert TOKEN not in repr(hub.forge)


def test_address_decides_who_is_asked(hub: Hub, course: Course):
    forge = open_forge(course.state)
    assert isinstance(forge, ByAddress)
    other = replace(hub.ada, repository="https://git.example.org/ada")
    assert forge.fetch_url(hub.ada) == f"{hub.ada.repository}.git"
    assert forge.fetch_url(other) == other.repository
    assert forge.network(other).credential is None
    assert forge.create_repository(hub.ada)
    shouted = replace(hub.ada, repository=hub.ada.repository.replace("http://", "HTTP://"))
    with pytest.raises(RepositoryError, match=f"write {hub.github.url}/OWNER/NAME"):
        forge.fetch_url(shouted)


def test_token_comes_from_a_private_file_too(hub: Hub, tmp_path: Path, monkeypatch):
    monkeypatch.delenv("AUTOGRADER_GITHUB_TOKEN", raising=False)
    assert open_github(tmp_path, {}) is None
    assert isinstance(open_forge(tmp_path), HttpForge)
    file = tmp_path / "github-token"
    file.write_text(f"{TOKEN}\n")
    file.chmod(0o644)
    with pytest.raises(RepositoryError, match="run: chmod 600"):
        open_forge(tmp_path)
    file.chmod(0o600)
    found = open_github(tmp_path, {"AUTOGRADER_GITHUB_TEMPLATE": "org/start"})
    assert found
    assert (found.web, found.template, found.credential.password) == (
        "https://github.com",
        "org/start",
        TOKEN,
    )


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"AUTOGRADER_GITHUB_TOKEN": "staff:hunter2"}, "is no token of GitHub's"),
        ({"AUTOGRADER_GITHUB_TOKEN": "hunter2\nx"}, "is no token of GitHub's"),
        (
            {"AUTOGRADER_GITHUB": "http://github.example.edu"},
            "write it as https://github.example.edu",
        ),
        ({"AUTOGRADER_GITHUB": "https://me:hunter2@github.example.edu"}, "AUTOGRADER_GITHUB is"),
        ({"AUTOGRADER_GITHUB": "https://github.example.edu/api"}, "AUTOGRADER_GITHUB is"),
        ({"AUTOGRADER_GITHUB_TEMPLATE": "../start"}, "write it as OWNER/NAME"),
    ],
)
def test_setting_that_is_wrong_is_said_without_secrets(tmp_path, environment, message):
    with pytest.raises(RepositoryError, match=message) as caught:
        open_github(tmp_path, {"AUTOGRADER_GITHUB_TOKEN": "token-1"} | environment)
    assert "hunter2" not in str(caught.value)


def test_repository_on_github_without_a_token_is_said(tmp_path, monkeypatch):
    monkeypatch.delenv("AUTOGRADER_GITHUB_TOKEN", raising=False)
    student = Student("ada", "Ada", "a@x.org", "https://github.com/deep-learning/ada")
    with pytest.raises(
        RepositoryError, match="there is no token for it; set AUTOGRADER_GITHUB_TOKEN"
    ):
        open_forge(tmp_path).fetch_url(student)


def test_roster_may_have_each_students_login():
    head = "id,name,email,repository,login\n"
    rows = "ada,A,a@x,https://x/a,ada-l\nben,B,b@x,https://x/b,\n"
    assert [student.login for student in read_roster(head + rows)] == ["ada-l", ""]
    twice = head + rows + "cy,C,c@x,https://x/c,ADA-L\n"
    with pytest.raises(CourseError, match="row 4: login 'ADA-L' is another student's too"):
        read_roster(twice)
