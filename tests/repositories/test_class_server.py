"""A class's own server, as an instructor starts it and a student uses it."""

import csv
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.repositories.class_server import PASSWORDS, open_class_server, password
from autograder.repositories.forge import open_forge
from autograder.settings import load_course

CONFIG = """
c = get_config()
c.Calendar.timezone = "Europe/Vienna"
c.Calendar.due = {"hw01": "2026-01-20 16:00"}
"""


@pytest.fixture
def course(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    rows = [f"{who},{who},{who}@example.edu,http://127.0.0.1/{who}.git" for who in ("ada", "bob")]
    (tmp_path / "roster.csv").write_text("\n".join(["id,name,email,repository", *rows, ""]))
    return load_course(tmp_path)


def clone(url, user, word, folder):
    address = url.replace("http://", f"http://{user}:{word}@")
    environment = os.environ | {"GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(
        ["git", "clone", "-q", address, str(folder)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_each_student_has_a_repository_and_a_password_of_their_own(course, tmp_path):
    with open_class_server(course, tmp_path / "git") as server:
        url = server.repository_url("ada")
        assert clone(url, "ada", password(course, "ada"), tmp_path / "a").returncode == 0
        assert clone(url, "bob", password(course, "bob"), tmp_path / "b").returncode != 0
        assert clone(url, "ada", "wrong", tmp_path / "c").returncode != 0


def test_the_staffs_token_opens_every_push_log(course, tmp_path):
    with open_class_server(course, tmp_path / "git") as server:
        (ada, _) = course.students
        forge = open_forge(course.state)
        served = type(ada)(ada.id, ada.name, ada.email, server.repository_url("ada"))
        assert forge.push_log(served) == ()


def test_passwords_are_listed_for_the_instructor_alone(course, tmp_path):
    with open_class_server(course, tmp_path / "git"):
        path = course.state / PASSWORDS
        rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert [(row["id"], row["password"]) for row in rows] == [
        (who, password(course, who)) for who in ("ada", "bob")
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.usefixtures("ctrl_c")
def test_serve_says_the_addresses_and_stops_when_it_is_interrupted(course):
    program = Path(sys.executable).with_name("autograder")
    serving = subprocess.Popen(
        [program, "serve", "--course", str(course.root), "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert serving.stdout is not None
    line = serving.stdout.readline()
    serving.send_signal(signal.SIGINT)
    _, said = serving.communicate(timeout=60)
    assert line.startswith("ada  http://127.0.0.1:")
    assert "(the roster has http://127.0.0.1/ada.git)" in line
    assert "stopped; the repositories and the push log stay" in said
    assert serving.returncode == 0
    assert (course.state / "git" / "bob.git" / "HEAD").exists()
