"""The demo runs to its end, comes to the expected scores, and a second run changes nothing."""

import subprocess
import sys

import pytest

from autograder.demo.students import CLASS
from autograder.grading.fork_server import has_sandbox

pytestmark = [
    pytest.mark.jail,
    pytest.mark.skipif(not has_sandbox(), reason="no sandbox here: see autograder doctor"),
]


def run_demo(folder):
    words = [sys.executable, "-m", "autograder.demo", "--folder", str(folder)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def feedback_branches(folder):
    branch = "refs/heads/feedback/hw01_norms"
    repositories = [folder / "server" / f"{person.id}.git" for person in CLASS]
    words = [["git", f"--git-dir={path}", "rev-parse", "--verify", branch] for path in repositories]
    return [subprocess.run(w, capture_output=True, text=True, check=True).stdout for w in words]


def test_demo_comes_to_the_expected_scores_and_twice_to_the_same(tmp_path):
    folder = tmp_path / "demo"
    first = run_demo(folder)
    assert (first.returncode, first.stderr) == (0, "")
    assert "collect   7 collected, 1 late" in first.stdout
    branches = feedback_branches(folder)

    second = run_demo(folder)

    assert (second.returncode, second.stderr) == (0, "")
    for step in ("push", "collect", "grade", "feedback"):
        assert f"{step:<9} 8 unchanged" in second.stdout
    assert feedback_branches(folder) == branches
