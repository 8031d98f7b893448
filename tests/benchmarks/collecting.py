"""Collecting a class over HTTP on this machine, beside clones by GitPython, one after the other.

    python tests/benchmarks/collecting.py --students 500 --commits 10

Each student pushes one notebook with a picture that does not compress, changed by each commit. The
server runs here too and shares the cores, so that the figures compare ways and not machines. Both
ways see the same repositories in the same run; the second runs have nothing new to fetch.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from git import Repo

from autograder.collect.collect import collect
from autograder.course.course import Course
from autograder.repositories.forge import TOKEN_VARIABLE
from autograder.repositories.server import GitServer, User, create_repository
from autograder.settings import load_course

HW = "hw01"
TOKEN = "staff:benchmark"  # noqa: S105 - of a server that lives for this run
CONFIG = f"""
c = get_config()
c.CourseDirectory.release_directory = "assignments"
c.Calendar.timezone = "UTC"
c.Calendar.due = {{"{HW}": "2090-01-01 12:00"}}
"""
LATER = datetime(2091, 1, 1, tzinfo=UTC)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--students", type=int, default=500)
    words.add_argument("--commits", type=int, default=10)
    words.add_argument("--picture-kib", type=int, default=140)
    given = words.parse_args()
    os.environ[TOKEN_VARIABLE] = TOKEN
    names = [f"s{number:03d}" for number in range(given.students)]
    with tempfile.TemporaryDirectory(prefix="collecting.") as folder:
        root = Path(folder)
        users = [User("staff", "benchmark", is_staff=True)]
        with GitServer(root / "served", users) as server:
            _push_all(root, server, names, given.commits, given.picture_kib)
            course = _course(root, server, names)
            say(f"{given.students} repositories of {given.commits} commits, {_load()}")
            say(f"{'way':<34}{'seconds':>9}{'again':>9}{'MB':>9}")
            _measure("autograder collect, 8 at a time", lambda: _collect(course), course.state)
            clones = root / "clones"
            _measure("GitPython clones, one by one", lambda: _clone(server, names, clones), clones)


def _measure(way: str, run: Callable[[], None], folder: Path) -> None:
    seconds: list[float] = []
    for _ in range(2):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    used = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    say(f"{way:<34}{seconds[0]:>9.1f}{seconds[1]:>9.1f}{used / 1e6:>9.1f}")


def _collect(course: Course) -> None:
    outcomes = collect(course, HW, now=LATER)
    failed = [outcome for outcome in outcomes if outcome.submission is None]
    if failed:
        raise SystemExit(f"{len(failed)} were not collected: {failed[0]}")


def _clone(server: GitServer, names: list[str], folder: Path) -> None:
    """Clone each, or pull where it is cloned."""
    for name in names:
        place = folder / name
        if place.is_dir():
            with Repo(place) as repository:
                repository.remotes.origin.pull()
        else:
            address = server.repository_url(name).replace("http://", f"http://{TOKEN}@")
            Repo.clone_from(address, place).close()


def _push_all(
    root: Path, server: GitServer, names: list[str], commits: int, picture_kib: int
) -> None:
    def push(name: str) -> None:
        create_repository(server.root, name)
        desk = root / "desks" / name
        desk.mkdir(parents=True)
        _git(desk, "init", "--quiet", "--bare", "--initial-branch=main")
        _git(desk, "fast-import", "--quiet", given=_history(commits, picture_kib))
        address = server.repository_url(name).replace("http://", f"http://{TOKEN}@")
        _git(desk, "push", "--quiet", address, "main")
        shutil.rmtree(desk)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(push, names))


def _history(commits: int, picture_kib: int) -> bytes:
    """A stream for git fast-import: one notebook, with another picture in each commit."""
    stream = b""
    for number in range(commits):
        notebook = _notebook(base64.b64encode(os.urandom(picture_kib * 1024)).decode())
        stream += b"commit refs/heads/main\ncommitter S <s@example.edu> %d +0000\n" % (
            1_700_000_000 + number
        )
        stream += b"data 4\nwork\n"
        stream += b"M 100644 inline %s/%s.ipynb\n" % (HW.encode(), HW.encode())
        stream += b"data %d\n%s\n" % (len(notebook), notebook)
    return stream


def _notebook(picture: str) -> bytes:
    output = {"output_type": "display_data", "data": {"image/png": picture}, "metadata": {}}
    cell = {
        "cell_type": "code", "id": "a", "execution_count": 1, "outputs": [output], "source": "x",
        "metadata": {"nbgrader": {"grade_id": "question", "grade": True, "points": 1}},
    }  # fmt: skip
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book).encode()


def _course(root: Path, server: GitServer, names: list[str]) -> Course:
    released = root / "assignments" / HW / f"{HW}.ipynb"
    released.parent.mkdir(parents=True)
    released.write_bytes(_notebook(""))
    (root / "nbgrader_config.py").write_text(CONFIG)
    rows = [f"{name},{name},{name}@example.edu,{server.repository_url(name)}" for name in names]
    (root / "roster.csv").write_text("\n".join(["id,name,email,repository", *rows, ""]))
    return load_course(root, needs_roster=True)


def _git(repository: Path, *words: str, given: bytes = b"") -> None:
    command = ["git", f"--git-dir={repository}", *words]
    subprocess.run(command, input=given, check=True, capture_output=True)


def _load() -> str:
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before"


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
