"""The commands as an instructor runs them: what they print, and how they end."""

import csv
import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from typer.main import get_command

from autograder import cli
from autograder.grading.fork_server import has_sandbox

COMMANDS = (
    "release",
    "repositories",
    "collect",
    "grade",
    "feedback",
    "regrades",
    "solutions",
    "scores",
    "check",
    "compare",
    "serve",
    "doctor",
)
HW = "hw01_sums"
CONFIG = f"""
from autograder.settings import plug_into_nbgrader
c = get_config()
plug_into_nbgrader(c)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.Course.hidden_tests = "hidden_tests"
c.Calendar.timezone = "America/Los_Angeles"
c.Calendar.due = {{"{HW}": "2019-01-29 16:00"}}
c.Policy.points = 10
c.Policy.theory_percent = 0
"""
ROSTER = "id,name,email,repository\n" + "".join(
    f"{name},{name.title()},{name}@example.edu,https://git.example.edu/{name}.git\n"
    for name in ("ada", "bob", "eve")
)
ANSWER = """def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION"""
GRADE = f"""assert double(2) == 4
### BEGIN HIDDEN TESTS
# test_{HW}.py
### END HIDDEN TESTS"""
HIDDEN = '''"""The hidden tests of the sums."""

import pytest


@pytest.mark.grade_cell("double")
def test_double_of_a_negative_number(student):
    """The double of a negative number is negative."""
    assert student.double(-3) == -6


@pytest.mark.grade_cell("double")
def test_double_of_zero(student):
    """The double of zero is zero."""
    assert student.double(0) == 0
'''


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments, cwd, path=None):
    """The program, as a shell starts it."""
    program = Path(sys.executable).with_name("autograder")
    env = {**os.environ, "PATH": path or os.environ["PATH"], "COLUMNS": "200"}
    return subprocess.run(
        [program, *arguments], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )


@pytest.fixture
def run_here(monkeypatch, capsys):
    """The same in this process, which has imported everything already."""

    def run_main(*arguments, cwd):
        monkeypatch.setenv("PATH", os.environ["PATH"])  # main changes it
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.setattr(sys, "argv", ["autograder", *map(str, arguments)])
        monkeypatch.chdir(cwd)
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return Done(int(ended.value.code or 0), said.out, said.err)

    root, own = logging.getLogger(), logging.getLogger("autograder")
    before = list(root.handlers), list(own.handlers), own.level, own.propagate
    yield run_main
    root.handlers, own.handlers, own.level, own.propagate = before


def cell(source, grade_id, grade=False, solution=False, points=None):
    metadata = {"grade_id": grade_id, "grade": grade, "solution": solution, "locked": not solution}
    metadata |= {"schema_version": 3, "task": False, "cell_type": "code"}
    if points is not None:
        metadata["points"] = points
    return new_code_cell(source, id=grade_id, metadata={"nbgrader": metadata})


def source_notebook():
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [
        new_markdown_cell("Double a number.", id="statement"),
        cell(ANSWER, "double_answer", solution=True),
        cell(GRADE, "double", grade=True, points=10),
    ]
    return new_notebook(cells=cells, metadata=kernel)


@pytest.fixture
def course(tmp_path):
    """A course with one question, not yet released."""
    root = tmp_path / "course"
    (root / "solutions" / HW).mkdir(parents=True)
    (root / "hidden_tests").mkdir()
    (root / "nbgrader_config.py").write_text(CONFIG)
    (root / "roster.csv").write_text(ROSTER)
    (root / "hidden_tests" / f"test_{HW}.py").write_text(HIDDEN)
    nbformat.write(source_notebook(), root / "solutions" / HW / f"{HW}.ipynb")
    return root


def hand_in(root, student, answer):
    """Puts a notebook where the collector would."""
    released = nbformat.read(root / "assignments" / HW / f"{HW}.ipynb", as_version=4)
    released.cells[1].source = answer
    folder = root / "submitted" / student / HW
    folder.mkdir(parents=True)
    nbformat.write(released, folder / f"{HW}.ipynb")


# -- help and usage


def test_the_commands_are_the_librarys_verbs():
    assert tuple(get_command(cli.app).commands) == COMMANDS  # pyright: ignore[reportAttributeAccessIssue]  # a group has them


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_what_a_command_changes(command, tmp_path, run_here):
    done = run_here(command, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "Writes " in done.stdout or "Changes nothing." in done.stdout
    assert "--course" in done.stdout or command == "compare"  # which is given a folder
    assert "--json" in done.stdout or command == "serve"


def test_help_imports_nothing_heavy():
    heavy = "{'torch', 'numpy', 'nbgrader', 'nbformat', 'IPython', 'sqlalchemy'}"
    script = f"import sys; from autograder import cli; print({heavy} & set(sys.modules))"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    "arguments", [["frob"], ["grade"], ["grade", HW, "--jobs", "0"], ["grade", HW, "--no-such"]]
)
def test_a_wrong_call_ends_with_2_and_says_how_it_is_right(arguments, tmp_path, run_here):
    done = run_here(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert "--help" in done.stderr
    assert done.stdout == ""


# -- errors


def test_outside_a_course_an_error_says_what_to_do(tmp_path, run_here):
    done = run_here("scores", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        f"error: no nbgrader_config.py in {tmp_path} or above it; "
        "go to the course or give --course\n"
    )


def test_debug_shows_the_traceback(tmp_path):
    done = run("scores", "--debug", cwd=tmp_path)
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "CourseError" in done.stderr


def test_each_problem_of_the_settings_has_a_line(course, run_here):
    config = course / "nbgrader_config.py"
    config.write_text(CONFIG + "c.Policy.late_days = -1\nc.Calendar.tme_zone = 'UTC'\n")
    done = run_here("scores", cwd=course)
    assert done.returncode == 1
    assert [line.split(";")[0] for line in done.stderr.splitlines()] == [
        "error: no setting c.Calendar.tme_zone",
        "error: c.Policy.late_days is -1",
    ]


def test_an_unknown_assignment_is_an_error(course, run_here):
    done = run_here("scores", "hw1", cwd=course)
    assert done.returncode == 1
    assert done.stderr == f"error: no assignment 'hw1'; c.Calendar.due has {HW}\n"


@pytest.mark.parametrize("command", ["collect", "grade", "feedback", "scores"])
def test_a_command_for_the_class_needs_a_roster(command, course, run_here):
    (course / "roster.csv").unlink()
    done = run_here(command, HW, cwd=course)
    assert done.returncode == 1
    assert done.stderr.startswith("error: no roster ")


def test_grading_before_the_release_is_an_error(course, run_here):
    done = run_here("grade", HW, cwd=course)
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert f"run `autograder release {HW}` first" in done.stderr


def test_an_escape_sequence_is_shown_and_not_obeyed(course, run_here):
    done = run_here("scores", "\x1b[2Jhw01", cwd=course)
    assert "\x1b" not in done.stderr


# -- the week


def test_before_anything_is_collected_everybody_has_no_submission(course, run_here):
    done = run_here("scores", HW, "--json", cwd=course / "solutions")
    lines = json.loads(done.stdout)["students"]
    assert [(line["student"], line["state"]) for line in lines] == [
        ("ada", "no submission"),
        ("bob", "no submission"),
        ("eve", "no submission"),
    ]


def test_a_release_is_made_once_and_then_unchanged(course, tmp_path):
    first = run("release", HW, "--course", course, cwd=tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.split()[:2] == [HW, "released"]
    again = run("release", HW, "--course", course, "--json", cwd=tmp_path)
    assert json.loads(again.stdout)[0]["status"] == "unchanged"


def test_a_source_that_is_not_there_is_an_error(course, run_here):
    (course / "solutions" / HW / f"{HW}.ipynb").unlink()
    done = run_here("release", HW, cwd=course)
    assert done.returncode == 1
    assert "does not exist; write the source notebook there" in done.stderr


@pytest.mark.jail
def test_a_class_is_graded_once_and_scored(course, run_here):
    if not has_sandbox():
        pytest.skip("this host cannot run bubblewrap")
    assert run("release", HW, cwd=course).returncode == 0
    hand_in(course, "ada", "def double(x):\n    return x + x")
    hand_in(course, "bob", "def double(x):\n    return abs(2 * x)")
    first = run("grade", HW, "--jobs", "1", cwd=course)
    assert first.returncode == 0, first.stderr
    assert [line.split()[:5] for line in first.stdout.splitlines()] == [
        ["ada", "graded", "10", "of", "10"],
        ["bob", "graded", "5", "of", "10"],
    ]
    assert first.stderr == ""
    again = json.loads(run("grade", HW, "--json", cwd=course).stdout)
    assert [(line["student"], line["status"], line["score"]) for line in again] == [
        ("ada", "unchanged", 10.0),
        ("bob", "unchanged", 5.0),
    ]
    rows = list(csv.DictReader(StringIO(run_here("scores", HW, "--csv", cwd=course).stdout)))
    assert [(row["id"], row["double"], row["state"]) for row in rows] == [
        ("ada", "10.0", "graded"),
        ("bob", "5.0", "graded"),
        ("eve", "", "no submission"),
    ]
    table = run_here("scores", HW, cwd=course).stdout
    assert "5✗" in next(line for line in table.splitlines() if "bob" in line)
    standing = json.loads(run_here("scores", "--json", cwd=course).stdout)["students"]
    assert [line["homework"] for line in standing] == [1.0, 0.5, 0.0]


@pytest.mark.jail
def test_check_finds_what_is_wrong_with_an_assignment(course):
    if not has_sandbox():
        pytest.skip("this host cannot run bubblewrap")
    assert run("release", HW, cwd=course).returncode == 0
    fit = run("check", HW, cwd=course)
    assert (fit.returncode, fit.stdout) == (0, f"{HW}  fit to be released\n"), fit.stderr
    tests = course / "hidden_tests" / f"test_{HW}.py"
    tests.write_text(HIDDEN.replace("== -6", "== 6"))
    wrong = run("check", HW, "--json", cwd=course)
    assert wrong.returncode == 1
    assert json.loads(wrong.stdout)["problems"]


# -- the doctor


def test_the_doctor_works_outside_a_course_and_finds_our_programs(tmp_path):
    done = run("doctor", "--json", cwd=tmp_path, path="/usr/bin:/bin")
    findings = {finding["name"]: finding for finding in json.loads(done.stdout)}
    assert findings["nbgrader"]["is_ok"]
    assert findings["alembic"]["is_ok"]
    assert "settings" not in findings
    needed = all(finding["is_ok"] for finding in findings.values() if finding["needed"])
    assert done.returncode == (0 if needed else 1)


def test_the_doctor_ends_with_1_where_something_needed_is_missing(course, run_here):
    (course / "nbgrader_config.py").write_text("c.Calendar.due = 3")
    done = run_here("doctor", cwd=course)
    assert done.returncode == 1
    assert "✗  settings" in done.stdout
    assert "mend nbgrader_config.py or the roster" in done.stdout
