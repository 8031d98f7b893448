"""The staff's password is never seen: not in arguments, addresses, logs, errors or what is kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.repositories.server import GitServer, User
from tests.repositories.git_students import new_student, with_login
from tests.repositories.watching import Watch, places_of, traces

HW = "hw01"
WORD = "Kq7-sEcReT-0f-thE-StAfF"
TOKEN = f"staff:{WORD}"
CONFIG = f"""
c = get_config()
c.CourseDirectory.release_directory = "assignments"
c.Calendar.timezone = "UTC"
c.Calendar.due = {{"{HW}": "2090-01-20 16:00"}}
"""


@pytest.fixture
def course(tmp_path):
    """Two students; the second one's repository is served by nobody."""
    root = tmp_path / "course"
    (root / "assignments" / HW).mkdir(parents=True)
    (root / "assignments" / HW / f"{HW}.ipynb").write_text("{}")
    (root / "nbgrader_config.py").write_text(CONFIG)
    users = [User("ada", "a-word"), User("staff", WORD, is_staff=True)]
    with GitServer(tmp_path / "served", users) as server:
        rows = [
            f"{name},{name},{name}@example.edu,{server.repository_url(name)}"
            for name in ("ada", "ben")
        ]
        (root / "roster.csv").write_text("\n".join(["id,name,email,repository", *rows, ""]))
        (root / "address").write_text(server.repository_url("ada"))
        yield root


def run(course, *words, token=TOKEN):
    program = Path(sys.executable).with_name("autograder")
    environment = {**os.environ, "AUTOGRADER_GIT_TOKEN": token}
    done = subprocess.run(
        [program, *words, "--debug"], cwd=course, env=environment, capture_output=True, check=False
    )
    return done.stdout + done.stderr


def test_the_password_is_seen_nowhere(course, tmp_path):
    with Watch() as watch:
        said = run(course, "repositories", "create")
        student = new_student(
            tmp_path / "desk", with_login((course / "address").read_text(), "ada", "a-word")
        )
        student.push(f"+{student.commit({f'{HW}/{HW}.ipynb': b'{}'})}:refs/heads/other")
        for words in (["collect", HW, "--plan"], ["collect", HW], ["regrades", HW]):
            said += run(course, *words)
        said += run(course, "collect", HW, token=f"staff:{WORD}-wrong")
        said += run(course, "collect", HW, token=f"{WORD} without a colon")
    assert b"refuses the staff's name or password" in said
    assert b"is not of the form name:password" in said
    assert any(b"fetch" in line for line in watch.seen)
    kept = [path for path in course.rglob("*") if path.is_file()]
    assert any(path.suffix == ".jsonl" for path in kept)
    for trace in traces(WORD, "staff"):
        assert trace not in said
        assert [line for line in watch.seen if trace in line] == []
    assert places_of(traces(WORD, "staff"), course) == []
