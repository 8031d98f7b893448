"""Collecting a class over HTTP on this machine, beside RepoBee and beside clones by GitPython.

    python -m tests.benchmarks.collecting --students 500 --commits 10

Each student pushes one notebook with a picture that does not compress, changed by each commit. The
server runs here too and shares the cores, so that the figures compare ways and not machines. All
ways see the same repositories in the same run; the second runs have nothing new to fetch. RepoBee
is installed into build/repobee when it is not there. `x` is how many times as much as ours.

Ours keeps the version that counts and the submitted files; a clone keeps every version and a work
tree. 500 repositories of 10 commits, on 2 cores that did next to nothing else (`load` is the
way's own):

    way                                 seconds     x    again     x       MB     x   load
    autograder collect, 8 at a time        27.2   1.0     15.4   1.0    169.6   1.0    4.5
    repobee repos clone, 20 at a time      47.2   1.7     12.5   0.8    849.3   5.0    6.5
    GitPython clones, one by one           67.7   2.5     40.1   2.6    835.8   4.9    9.4

On cores that other work kept busy (loads of 14 to 19): 62.8, 414.6 and 304.3 s, again 31.6, 81.7
and 125.4 s.
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
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from git import Repo

from autograder.collect.collect import collect
from autograder.course.course import Course
from autograder.repositories.forge import TOKEN_VARIABLE
from autograder.repositories.server import GitServer, User, create_repository
from autograder.settings import load_course
from tests.benchmarks import repobee

HW = "hw01"
TOKEN = "staff:benchmark"  # noqa: S105 - of a server that lives for this run
CONFIG = f"""
c = get_config()
c.CourseDirectory.release_directory = "assignments"
c.Calendar.timezone = "UTC"
c.Calendar.due = {{"{HW}": "2090-01-01 12:00"}}
"""
LATER = datetime(2091, 1, 1, tzinfo=UTC)
COST = ("seconds", "again", "MB")


@dataclass(frozen=True, slots=True)
class Way:
    """A way to get a class's work, and the folders in which it keeps what it got."""

    name: str
    run: Callable[[], None]
    folders: Sequence[Path]


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--students", type=int, default=500)
    words.add_argument("--commits", type=int, default=10)
    words.add_argument("--picture-kib", type=int, default=140)
    words.add_argument("--repobee", type=Path, default=Path("build/repobee"), metavar="DIR")
    given = words.parse_args()
    os.environ[TOKEN_VARIABLE] = TOKEN
    names = [f"s{number:03d}" for number in range(given.students)]
    programs = repobee.environment(given.repobee.resolve())
    with tempfile.TemporaryDirectory(prefix="collecting.") as folder:
        root = Path(folder)
        users = [User("staff", "benchmark", is_staff=True)]
        with GitServer(root / "served", users) as server:
            _push_all(root, server, names, given.commits, given.picture_kib)
            course = _course(root, server, names)
            clones, theirs = root / "clones", root / "repobee" / "clones"
            ours = [course.state, course.folders.submitted]
            say(f"{given.students} repositories of {given.commits} commits, {os.cpu_count()} cores")
            _compare(
                Way("autograder collect, 8 at a time", lambda: _collect(course), ours),
                Way(
                    "repobee repos clone, 20 at a time",
                    lambda: repobee.clone(programs, server.url, TOKEN, names, theirs),
                    [theirs],
                ),
                Way(
                    "GitPython clones, one by one",
                    lambda: _clone(server, names, clones),
                    [clones],
                ),
            )


def _compare(*ways: Way) -> None:
    """A row for each way, each figure with how many times the first way's it is."""
    say(f"{'way':<34}" + "".join(f"{name:>9}{'x':>6}" for name in COST) + f"{'load':>7}")
    first: list[float] = []
    for way in ways:
        load = os.getloadavg()[0]
        cost = _measure(way.run, way.folders)
        first = first or cost
        parts = [f"{a:>9.1f}{a / b:>6.1f}" for a, b in zip(cost, first, strict=True)]
        say(f"{way.name:<34}{''.join(parts)}{load:>7.1f}")


def _measure(run: Callable[[], None], folders: Sequence[Path]) -> list[float]:
    """Seconds of the first and of the second run, and the megabytes that `folders` hold then."""
    seconds: list[float] = []
    for _ in range(2):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [*seconds, sum(path.stat().st_size for path in files) / 1e6]


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


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
