"""RepoBee on the same repositories: a virtual environment on demand, and its `repos clone`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

VERSION = "3.10.0"  # it pins GitPython, PyGithub and others: an environment of its own
PLATFORM = Path(__file__).with_name("repobee_platform.py")


def environment(folder: Path) -> Path:
    """The folder of RepoBee's programs, made where it is not there yet."""
    programs = folder / "bin"
    if not (programs / "repobee").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([programs / "pip", "install", "-q", f"repobee=={VERSION}"], check=True)
    return programs


def clone(programs: Path, server: str, token: str, students: Sequence[str], folder: Path) -> None:
    """Clones each student's repository into `folder`, or pulls where it is cloned.

    Raises: SystemExit where RepoBee did not get every repository.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = folder.parent / "students.txt"
    names.write_text("\n".join([*students, ""]))
    # everything that it could write for its user goes into the folder of this run
    alone = {"HOME": str(folder.parent), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [programs / "repobee", "--plug", PLATFORM, "repos", "clone", "--update-local", "-qq",
         "--base-url", "https://localhost", "--org-name", server, "--user", "staff",
         "--token", token, "--students-file", names, "--assignments", "hw01"],
        cwd=folder, env=alone, capture_output=True, text=True, check=False,
    )  # fmt: skip
    cloned = {path.parent.parent.name for path in folder.glob("*/*/.git")}
    if done.returncode != 0 or len(cloned) != len(students):
        raise SystemExit(f"RepoBee cloned {len(cloned)} of {len(students)}: {done.stderr[-2000:]}")
