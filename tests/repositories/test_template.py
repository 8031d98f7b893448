"""The workflow and the lists in a new repository do what they say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_notebook

from autograder.course.model import Student
from autograder.repositories.template import requirements, template_files
from autograder.settings import load_course

CONFIG = """
c = get_config()
c.Calendar.timezone = "UTC"
c.Calendar.due = {"hw01": "2026-01-20 16:00"}
"""
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
ADA = Student("ada", "Ada *of* L", "ada@example.edu", "https://git.example.edu/ada.git")


@pytest.fixture
def files(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    return template_files(load_course(tmp_path), ADA)


def test_the_students_page_says_what_counts(files, tmp_path):
    assert "`git push`.\n\nWhat stands on `main` at the deadline" in files["README.md"].decode()
    (tmp_path / "nbgrader_config.py").write_text(f'{CONFIG}c.Course.submit_by = "pull request"\n')
    page = template_files(load_course(tmp_path), ADA)["README.md"].decode()
    assert "`git push origin HEAD:submit/hw01`" in page
    assert "The pull request that is open at the deadline" in page
    assert "stands on `main`" not in page


def git(folder, *words):
    author = ("-c", "user.name=Ada", "-c", "user.email=ada@example.edu")
    subprocess.run(["git", "-C", str(folder), *author, *words], check=True, capture_output=True)


def test_each_package_has_one_version_without_a_builders_mark():
    lines = requirements().splitlines()[1:]
    assert {line.partition("==")[0] for line in lines} >= {"numpy", "nbgrader", "torch", "sympy"}
    assert all(re.fullmatch(r"[a-z-]+==[0-9][0-9a-z.]*", line) for line in lines)


def test_a_name_is_no_markup(files):
    assert "Ada &#42;of&#42; L" in files["README.md"].decode()


def test_the_workflow_may_read_and_nothing_else(files):
    workflow = yaml.safe_load(files[".github/workflows/public_checks.yml"])
    assert workflow["permissions"] == {"contents": "read"}
    assert "${{" not in files[".github/workflows/public_checks.yml"].decode()


@pytest.mark.parametrize(("answer", "status"), [("return 2 * x", 0), ("return x", 1)])
def test_the_workflow_runs_the_visible_tests_of_what_a_push_changed(
    files, tmp_path, answer, status
):
    workflow = yaml.safe_load(files[".github/workflows/public_checks.yml"])
    (script,) = [s["run"] for s in workflow["jobs"]["public-checks"]["steps"] if "shell" in s]
    desk = tmp_path / "desk"
    (desk / "hw01").mkdir(parents=True)
    git(desk, "init", "-q")
    (desk / "README.md").write_text("begin")
    git(desk, "add", "--all")
    git(desk, "commit", "-q", "-m", "begin")
    cells = [
        new_code_cell(f"def double(x):\n    {answer}", id="answer"),
        new_code_cell(
            "assert double(3) == 6",
            id="tests",
            metadata={
                "nbgrader": {
                    "grade_id": "double", "grade": True, "points": 1, "locked": True,
                    "solution": False, "task": False, "schema_version": 3, "cell_type": "code",
                }
            },
        ),
    ]  # fmt: skip
    nbformat.write(new_notebook(cells=cells, metadata=KERNEL), desk / "hw01" / "hw01.ipynb")
    git(desk, "add", "--all")
    git(desk, "commit", "-q", "-m", "work")
    programs = Path(sys.executable).parent
    environment = {"PATH": f"{programs}:/usr/bin:/bin", "HOME": str(tmp_path)}
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=desk,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    assert b"hw01/hw01.ipynb" in done.stdout
