"""A week by the real commands, on every back end: the staff's password is seen nowhere."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import pytest

from autograder.grading.fork_server import has_sandbox
from tests.grading import small
from tests.repositories.backends import BACKENDS, WRONG, Backend
from tests.repositories.watching import Watch, places_of, traces

pytestmark = pytest.mark.jail
HW = small.NAME
DUE = (datetime.now(UTC) - timedelta(days=10)).replace(microsecond=0)
CONFIG = f"""
from autograder.settings import plug_into_nbgrader

c = get_config()
plug_into_nbgrader(c)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.Course.hidden_tests = "hidden_tests"
c.Calendar.timezone = "UTC"
c.Calendar.due = {{"{HW}": "{DUE:%Y-%m-%d %H:%M}"}}
"""
USERS = ("staff", "x-access-token", "git", "")


@pytest.fixture(params=BACKENDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    if not has_sandbox():
        pytest.skip("bubblewrap cannot run here: see autograder doctor")
    with BACKENDS[request.param](tmp_path) as backend:
        backend.clock[0] = DUE - timedelta(hours=5)
        yield backend


@pytest.fixture
def course(place: Backend, tmp_path: Path) -> Path:
    return _course(place, tmp_path)


def _course(place: Backend, tmp_path: Path) -> Path:
    root = tmp_path / "course"
    (root / "solutions" / HW).mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG)
    rows = [f"{s.id},{s.name},{s.email},{s.repository},{s.login}" for s in (place.ada, place.ben)]
    (root / "roster.csv").write_text("\n".join(["id,name,email,repository,login", *rows, ""]))
    small.write_hidden_tests(root / "hidden_tests")
    nbformat.write(small.source(), root / "solutions" / HW / f"{HW}.ipynb")
    return root


def run(course: Path, environment: dict[str, str], *words: str) -> tuple[int, bytes]:
    """Exit status and everything that the program says, its log and tracebacks too."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AUTOGRADER_")}
    program = Path(sys.executable).with_name("autograder")
    done = subprocess.run(
        [program, *words, "--debug"],
        cwd=course,
        env=kept | environment,
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def hand_in(place: Backend) -> None:
    ada = place.desk(place.ada)
    ada.git("fetch", "--quiet", ada.address, "main:refs/heads/begun")
    before = ada.git("rev-parse", "refs/heads/begun").decode().strip()
    work = {f"{HW}/{HW}.ipynb": small.text(small.notebook(small.NORM, prose="It is."))}
    place.clock[0] = DUE - timedelta(hours=1)
    ada.push(f"{ada.commit(work, parent=before)}:refs/heads/main")


def test_no_command_of_the_week_shows_the_password(place: Backend, course: Path):
    """Each command is run by a real process, while every process's arguments are looked at."""
    said: dict[str, bytes] = {}

    def step(*words: str) -> None:
        status, said[" ".join(words)] = run(course, place.environment, *words)
        assert status == 0, said[" ".join(words)].decode()

    found = traces(place.secret, *USERS)
    with Watch() as watch:
        step("release", HW)
        step("repositories", "create")
        step("release", HW, "--push")
        hand_in(place)
        place.clock[0] = DUE + timedelta(days=7)
        step("collect", HW, "--plan")
        step("collect", HW)
        step("grade", HW, "--jobs", "1")
        step("feedback", HW, "--status")
        (pull,) = place.forge.pull_requests(place.ada)
        place.say(place.ada, pull.number, "/regrade norm because")
        step("regrades", HW)
        step("solutions", "publish", HW)
        step("feedback", HW, "--status")
    own = [line for line in watch.seen if place.folder.name.encode() in line]
    assert any(b"fetch" in line for line in own)
    assert any(b"push" in line for line in own)
    shown = [line for line in watch.seen if any(one in line for one in found)]
    assert shown == []
    assert [name for name, text in said.items() if any(one in text for one in found)] == []
    assert b"because" in said[f"regrades {HW}"]
    assert places_of(found, course) == []


def test_no_error_shows_the_password(place: Backend, course: Path):
    """A server that refuses the word: what is then said does not tell it."""
    run(course, place.environment, "release", HW)
    wrong = {name: v.replace(place.secret, WRONG) for name, v in place.environment.items()}
    found = traces(WRONG, *USERS)
    with Watch() as watch:
        for words in (("release", HW, "--push"), ("collect", HW), ("regrades", HW)):
            status, text = run(course, wrong, *words)
            assert (status, words) == (1, words), text.decode()
            assert not any(one in text for one in found), words
    assert [line for line in watch.seen if any(one in line for one in found)] == []
    assert places_of(found, course) == []


def test_a_server_that_is_gone_is_said_without_the_password(tmp_path: Path):
    with BACKENDS["embedded"](tmp_path) as place:
        root = _course(place, tmp_path)
    found = traces(place.secret, *USERS)
    for words in (("repositories", "create"), ("collect", HW)):
        status, text = run(root, place.environment, *words)
        assert (status, words) == (1, words), text.decode()
        assert b"does not answer" in text
        assert not any(one in text for one in found), words
    assert places_of(found, root) == []
