"""otter-grader on the same notebooks: a virtual environment on demand, and an autograder for it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import nbformat

from autograder import notebooks

VERSION = "7.0.0"
TEST = """OK_FORMAT = False

from otter.test_files import test_case

name = {name!r}
points = {points!r}


@test_case(points={points!r})
def test_public(env):
    exec({source!r}, env)
"""


def environment(folder: Path) -> Path:
    """The folder of otter's programs, made where it is not there yet: an environment of its own
    with otter-grader in it, which takes every other package from this one."""
    programs = folder / "bin"
    if not (programs / "otter").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        site = next(folder.glob("lib/python*/site-packages"))
        (site / "project.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
        package = f"otter-grader=={VERSION}"
        subprocess.run([programs / "pip", "install", "-q", package], check=True)
    return programs


def make_autograder(released: Path, folder: Path, programs: Path) -> Path:
    """An autograder that holds the public tests of a released notebook's grade cells."""
    tests = folder / "tests"
    tests.mkdir(parents=True)
    for cell in nbformat.read(released, as_version=4).cells:
        if notebooks.is_grade(cell) and cell.cell_type == "code":
            name = notebooks.grade_id(cell) or ""
            text = TEST.format(name=name, points=notebooks.points(cell), source=cell.source)
            (tests / f"{name}.py").write_text(text)
    beside = [
        Path(shutil.copy(path, folder)).name  # otter takes files of its working folder alone
        for path in released.parent.iterdir()
        if path.suffix != ".ipynb"
    ]
    made = folder / "autograder.zip"
    alone = ["--no-requirements", "--no-environment", "--no-config"]
    subprocess.run(
        [programs / "otter", "generate", "-t", tests, "-o", made, *alone, *beside],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    return made
