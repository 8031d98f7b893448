"""A week by the real commands, on every back end: the staff's password is seen nowhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
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


Said = dict[str, bytes]  # by command


@dataclass(frozen=True)
class Week:
    """A course after its week: what each command said, and the arguments of every process."""

    place: Backend
    course: Path
    said: Said
    seen: set[bytes]


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course's files with the assignment released; making a gradebook takes seconds."""
    root = tmp_path_factory.mktemp("released") / "course"
    (root / "solutions" / HW).mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG)
    small.write_hidden_tests(root / "hidden_tests")
    nbformat.write(small.source(), root / "solutions" / HW / f"{HW}.ipynb")
    status, said = run(root, {}, "release", HW)
    assert status == 0, said.decode()
    return root


@pytest.fixture(scope="module", params=BACKENDS)
def week(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, released: Path
) -> Iterator[Week]:
    """The week on one back end."""
    if not has_sandbox():
        pytest.skip("bubblewrap cannot run here: see autograder doctor")
    folder = tmp_path_factory.mktemp(f"week-{request.param}")
    with BACKENDS[request.param](folder) as place:
        course = shutil.copytree(released, folder / "course")
        enrol(place, course)
        with Watch() as watch:
            said = commands(place, course)
        yield Week(place, course, said, watch.seen)


def enrol(place: Backend, course: Path) -> None:
    rows = [f"{s.id},{s.name},{s.email},{s.repository},{s.login}" for s in (place.ada, place.ben)]
    (course / "roster.csv").write_text("\n".join(["id,name,email,repository,login", *rows, ""]))


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


def commands(place: Backend, course: Path) -> Said:
    """Runs every command of the week by a real process."""
    said: Said = {}

    def step(*words: str) -> None:
        status, text = run(course, place.environment, *words)
        said[" ".join(words)] = said.get(" ".join(words), b"") + text
        assert status == 0, text.decode()

    place.clock[0] = DUE - timedelta(hours=5)
    step("repositories", "create")
    step("release", HW, "--push")
    hand_in(place)
    place.clock[0] = DUE + timedelta(days=7)
    step("collect", HW, "--plan")
    step("collect", HW, "--apply")
    step("grade", HW, "--jobs", "1")
    step("feedback", HW, "--status")
    (pull,) = place.forge.pull_requests(place.ada)
    place.say(place.ada, pull.number, "/regrade norm because")
    step("regrades", HW)
    step("solutions", "publish", HW)
    step("feedback", HW, "--status")
    return said


def test_no_command_of_the_week_shows_the_password(week: Week):
    found = traces(week.place.secret, *USERS)
    own = [line for line in week.seen if week.place.folder.name.encode() in line]
    assert any(b"fetch" in line for line in own)
    assert any(b"push" in line for line in own)
    assert [line for line in week.seen if any(one in line for one in found)] == []
    assert [name for name, text in week.said.items() if any(one in text for one in found)] == []
    assert b"because" in week.said[f"regrades {HW}"]
    assert places_of(found, week.course) == []


def test_no_error_shows_the_password(week: Week):
    """A server that refuses the word: what is then said does not tell it."""
    place, course = week.place, week.course
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
    course = tmp_path / "course"
    course.mkdir()
    (course / "nbgrader_config.py").write_text(CONFIG)
    (course / "hidden_tests").mkdir()
    with BACKENDS["embedded"](tmp_path) as place:
        enrol(place, course)
    found = traces(place.secret, *USERS)
    for words in (("repositories", "create"), ("collect", HW)):
        status, text = run(course, place.environment, *words)
        assert (status, words) == (1, words), text.decode()
        assert b"does not answer" in text
        assert not any(one in text for one in found), words
    assert places_of(found, course) == []
