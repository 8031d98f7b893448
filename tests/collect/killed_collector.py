"""Kills a collection at random moments, goes on with it, and says how it ended each time.

`python killed_collector.py COURSE ASSIGNMENT TIMES SEED` prints a line of JSON for each time, after
one for a collection that nobody disturbs. Each begins with nothing collected. The parent has no
threads, so it may fork.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.collect.collect import collect
from autograder.collect.ledger import ledger_path, read_ledger
from autograder.course.course import Course
from autograder.repositories.git import git
from autograder.settings import load_course

LATER = datetime(2026, 12, 1, tzinfo=UTC)


def start(course: Course, assignment: str) -> int:
    """A child that collects, and whose exit status says whether anybody failed."""
    child = os.fork()
    if child:
        return child
    outcomes = collect(course, assignment, now=LATER)
    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    sys.stderr.writelines(f"{outcome}\n" for outcome in failed)
    os._exit(1 if failed else 0)


def state(course: Course, assignment: str) -> dict[str, Any]:
    """Everything that a collection leaves, but for when it ran and in which order."""
    submitted = course.folders.submitted
    rows = read_ledger(ledger_path(course.state, assignment))
    copies = course.state / "repositories"
    made = [student.id for student in course.students if (copies / student.id).is_dir()]
    words = ("for-each-ref", "refs/submissions/")
    pins = {name: git(*words, repository=copies / name).decode() for name in made}
    return {
        "files": {
            str(path.relative_to(submitted)): path.read_bytes().hex()
            for path in sorted(submitted.rglob("*"))
            if path.is_file()
        },
        "rows": sorted(
            [row.student, row.commit, row.blob, row.late_days, str(row.received), list(row.notes)]
            for row in rows
        ),
        "pins": pins,
    }


def forget(course: Course) -> None:
    """As before the first collection."""
    shutil.rmtree(course.folders.submitted, ignore_errors=True)
    for name in ("repositories", "ledger"):
        shutil.rmtree(course.state / name, ignore_errors=True)


def main(folder: str, assignment: str, times: str, seed: str) -> None:
    course = load_course(Path(folder))
    draw = random.Random(int(seed))  # noqa: S311 - moments to kill at
    began = time.monotonic()
    status = os.waitpid(start(course, assignment), 0)[1]
    took = time.monotonic() - began
    sys.stdout.write(json.dumps([status, state(course, assignment), False]) + "\n")
    for _ in range(int(times)):
        forget(course)
        child = start(course, assignment)
        time.sleep(draw.uniform(0, took))
        os.kill(child, signal.SIGKILL)
        was_killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
        status = os.waitpid(start(course, assignment), 0)[1]
        sys.stdout.write(json.dumps([status, state(course, assignment), was_killed]) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
