"""nbgrader's gradebook in PostgreSQL: a real server of the test's own, on a socket in a folder."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from autograder.course_findings import course_findings
from autograder.gradebook.reading import read_scores
from autograder.grading.batch import grade_assignment
from autograder.settings import load_course
from tests.grading import small
from tests.grading.conftest import hand_in, nbgrader

pytestmark = pytest.mark.jail


def programs():
    """The folder of PostgreSQL's programs, newest first; Debian keeps them off PATH."""
    found = shutil.which("pg_ctl")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), reverse=True)
    return [Path(found).resolve().parent] if found else [path.parent for path in debian]


def run(folder, program, *words):
    """Runs a program of PostgreSQL's, which refuses to work for root, as another user."""
    user = "postgres" if os.geteuid() == 0 else None
    command = [programs()[0] / program, *words]
    done = subprocess.run(
        command, cwd=folder, user=user, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def database_url():
    """An empty database; the test is skipped, with the reason, where there is no server."""
    pytest.importorskip("psycopg2", reason="psycopg2 is not installed (extra 'postgresql')")
    if not programs():
        pytest.skip("PostgreSQL's programs are not installed")
    if os.geteuid() == 0 and "postgres" not in {user.pw_name for user in pwd.getpwall()}:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    with tempfile.TemporaryDirectory(dir="/tmp") as name:  # a socket's path is short
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        run(folder, "initdb", "-D", folder / "data", "-A", "trust", "-U", "staff")
        settings = f"-c listen_addresses= -c unix_socket_directories={folder}"
        log = folder / "log"
        run(folder, "pg_ctl", "-D", folder / "data", "-o", settings, "-l", log, "-w", "start")
        try:
            run(folder, "createdb", "-h", folder, "-U", "staff", "course")
            yield f"postgresql+psycopg2://staff@/course?host={folder}"
        finally:
            run(folder, "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")


def test_a_class_is_graded_into_postgresql(course_folder, database_url):
    config = course_folder / "nbgrader_config.py"
    setting = f'c.CourseDirectory.db_url = {database_url!r}\nc.CourseDirectory.course_id = "dl"\n'
    config.write_text(config.read_text() + setting)
    (course_folder / "gradebook.db").unlink()
    done = nbgrader(course_folder, "generate_assignment", small.NAME, "--force")
    assert done.returncode == 0, done.stderr
    hand_in(course_folder, "ada", small.text(small.notebook(small.NORM, small.ADD)))
    hand_in(course_folder, "bob", small.text(small.notebook(small.NORM)))
    course = load_course(course_folder, needs_roster=True)
    statuses = [
        [graded.status for graded in grade_assignment(course, small.NAME, jobs=1, force=force)]
        for force in (False, False, True)
    ]
    assert statuses == [["graded"] * 2, ["unchanged"] * 2, ["graded"] * 2]
    done = nbgrader(course_folder, "autograde", small.NAME, "--force")
    assert done.returncode == 0, done.stderr
    scores = {
        s["student"]: s["score"] for s in read_scores(course, small.NAME).to_json()["students"]
    }
    assert (scores["ada"], scores["bob"]) == (20, 10)
    assert not (course_folder / "gradebook.db").exists()


def test_the_doctor_finds_what_postgresql_refuses(course_folder, database_url):
    config = course_folder / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}c.CourseDirectory.db_url = {database_url!r}\n")
    finding = list(course_findings(course_folder))[-1]
    assert finding.seen == "postgresql, and c.CourseDirectory.course_id is not set"
    done = nbgrader(course_folder, "generate_assignment", small.NAME, "--force")
    assert done.returncode != 0
    assert "ForeignKeyViolation" in done.stderr
    config.write_text(f"{config.read_text()}c.CourseDirectory.course_id = 'dl'\n")
    finding = list(course_findings(course_folder))[-1]
    assert (finding.is_ok, finding.seen) == (True, "postgresql answers")
    config.write_text(config.read_text().replace("staff@", "staff:word@"))
    finding = list(course_findings(course_folder))[-1]
    assert (finding.is_ok, finding.needed) == (False, False)
    assert "word" not in finding.seen.replace("password", "")
    assert "put the password into ~/.pgpass" in finding.advice
