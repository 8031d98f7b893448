"""The demo's folder: a course of its own that takes over the settings of the course it lies in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from autograder.course.course import Course
from autograder.course.model import Student
from autograder.demo.students import CLASS
from autograder.errors import CourseError, RepositoryError
from autograder.repositories.class_server import open_class_server
from autograder.repositories.server import GitServer
from autograder.settings import CONFIG_NAME

PROJECT = Path(__file__).parents[2]
STATE = "demo.json"  # its presence says that the folder is a demo's, and may be removed

_CONFIG = '''\
"""The settings of the demo: those of {project}, but for the class and two limits."""

c = get_config()
load_subconfig({name!r}, path={folder!r})

c.CourseDirectory.source_directory = "solutions"
c.Course.roster = "roster.csv"
c.Course.hidden_tests = {hidden_tests!r}
c.GradingLimits.cell_s = 8.0  # an endless loop ends sooner, so that nobody waits for it
c.GradingLimits.call_s = 3.0
'''


def open_place(folder: Path, assignment: str, fresh: bool) -> None:
    """Makes the folder of the demo's course, or with `fresh` makes it anew.

    Raises:
        CourseError: the folder holds something else, or this is no checkout of the course.
    """
    if folder.exists() and any(folder.iterdir()):
        if not (folder / STATE).is_file():
            raise CourseError(f"{folder} is not empty and no demo's; give another --folder")
        if fresh:
            shutil.rmtree(folder)
    source = PROJECT / "solutions" / assignment
    if not (PROJECT / CONFIG_NAME).is_file() or not source.is_dir():
        raise CourseError(f"{PROJECT} has no {CONFIG_NAME} and {source}; run the demo in a clone")
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / STATE).exists():
        _write(folder / STATE, json.dumps({"port": 0}))
    hidden_tests = str(PROJECT / "autograder" / "hidden_tests")
    _write(
        folder / CONFIG_NAME,
        _CONFIG.format(
            project=PROJECT.name, name=CONFIG_NAME, folder=str(PROJECT), hidden_tests=hidden_tests
        ),
    )
    shutil.copytree(
        source,
        folder / "solutions" / assignment,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns(".ipynb_checkpoints"),
    )


def open_server(course: Course, clock: Callable[[], datetime]) -> GitServer:
    """The Git server of the class, at its former port where that is free, with a repository each.

    It is not entered yet; but the roster has its addresses, and the staff's password is kept where
    `autograder collect` and `autograder feedback` find it.
    """
    people = tuple(Student(p.id, p.name, p.email, "") for p in CLASS)
    course = replace(course, students=people)
    state, root = course.root / STATE, course.root / "server"
    try:
        port = json.loads(state.read_text())["port"]
        server = open_class_server(course, root, port=port, clock=clock)
    except RepositoryError:  # something else has taken the port in the meantime
        server = open_class_server(course, root, clock=clock)
    _write(state, json.dumps({"port": int(server.url.rpartition(":")[2])}))
    rows = [f"{p.id},{p.name},{p.email},{server.repository_url(p.id)}" for p in CLASS]
    _write(course.root / "roster.csv", "\n".join(["id,name,email,repository", *rows, ""]))
    return server


def _write(path: Path, text: str) -> None:
    """Writes the file, unless it holds the text already."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
