"""Publishes the solutions of an assignment: the reference, or answers of students who agree."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Literal

from nbformat.v4 import new_markdown_cell

from autograder import notebooks
from autograder.collect.collect import read_submissions
from autograder.course.calendar import late_moments
from autograder.course.course import Course
from autograder.course.model import Student
from autograder.errors import AutograderError, ReleaseError
from autograder.feedback import escape
from autograder.feedback.cleaning import clean, without_regions
from autograder.release.student_version import read_source
from autograder.repositories.bare import make_bare
from autograder.repositories.bring import MAIN
from autograder.repositories.commits import (
    Author,
    commit_tree,
    find_entries,
    has_commit,
    tree_of,
    with_files,
    write_blob,
)
from autograder.repositories.forge import Forge, open_forge
from autograder.repositories.remote import Remote, fetch_tip, push_commit
from autograder.settings import load_config

Progress = Callable[[int, int, str], None]
WORKERS = 8
WEEK = 7
OPT_OUT = "NO_PUBLISH"
COLUMN = "publish"
_MARKERS = re.compile(r"^[^\n]*### (?:BEGIN|END) SOLUTION[^\n]*\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Published:
    """What became of the branch solutions/<assignment> in one student's repository."""

    student: str
    status: Literal["published", "unchanged", "failed"]
    commit: str | None = None
    notes: tuple[str, ...] = ()


def publish(
    course: Course,
    assignment: str,
    writers: Sequence[str] = (),
    *,
    after_days: int = WEEK,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> tuple[Published, ...]:
    """Put the solutions on the branch solutions/<assignment> of every student's repository.

    They are the reference, without hidden tests; or what the `writers` handed in, each with the
    writer's name. A writer who opted out stops it: by a file NO_PUBLISH in the repository or in the
    assignment's folder, or by `no` in the roster's column publish.

    Raises:
        CourseError: there is no such assignment or student.
        ReleaseError: it is too early, a writer opted out or handed nothing in, or there is no
            source.
        RepositoryError: the staff's token cannot be read, or a writer's repository not be asked.
    """
    _require_time(course, assignment, after_days, now or datetime.now(UTC))
    forge = open_forge(course.state)
    chosen = [course.student(writer) for writer in dict.fromkeys(writers)]
    _require_consent(course, forge, assignment, chosen)
    files = _by_students(course, assignment, chosen) if chosen else _reference(course, assignment)
    with ThreadPoolExecutor(WORKERS) as pool:
        work = [pool.submit(_push, course, forge, s, assignment, files) for s in course.students]
        outcomes: list[Published] = []
        for done, (student, future) in enumerate(zip(course.students, work, strict=True), 1):
            outcomes.append(future.result())
            if progress:
                progress(done, len(work), student.id)
    return tuple(outcomes)


def _require_time(course: Course, assignment: str, after_days: int, now: datetime) -> None:
    due = course.last_due(assignment)
    first = max(due + timedelta(days=after_days), late_moments(due, course.late.days)[-1])
    if now < first:
        raise ReleaseError(
            f"{assignment} may still be handed in or is due for less than {after_days} days; "
            f"publish from {first:%Y-%m-%d %H:%M %Z} on"
        )


def _require_consent(
    course: Course, forge: Forge, assignment: str, chosen: Sequence[Student]
) -> None:
    submissions = read_submissions(course, assignment)
    unwilling = _unwilling_by_roster(course)
    problems: list[str] = []
    for student in chosen:
        submission = submissions.get(student.id)
        if submission is None:
            problems.append(f"{student.id} handed in nothing")
        elif student.id in unwilling:
            problems.append(f"{student.id} opted out in the roster")
        elif _has_opt_out(_remote(course, forge, student), submission.commit, assignment):
            problems.append(f"{student.id} opted out by a file {OPT_OUT}")
    if problems:
        raise ReleaseError("; ".join(problems), tuple(problems))


def _unwilling_by_roster(course: Course) -> set[str]:
    """Who has `no` in the roster's column publish; nobody where there is no such column."""
    path = course.root / load_config(course.root).Course.get("roster", "roster.csv")
    text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    found: set[str] = set()
    for row in csv.DictReader(StringIO(text, newline=""), skipinitialspace=True):
        values = {str(key).strip(): str(value).strip() for key, value in row.items()}
        if values.get(COLUMN, "").lower() in ("no", "n", "false", "0"):
            found.add(values.get("id", ""))
    return found


def _has_opt_out(remote: Remote, collected: str, assignment: str) -> bool:
    """Whether the file stands in the collected commit, or on main by now."""
    now = fetch_tip(remote, MAIN, "--filter=blob:none")
    paths = [OPT_OUT, f"{assignment}/{OPT_OUT}"]
    commits = [c for c in (collected, now) if c and has_commit(remote.repository, c)]
    return any(
        find_entries(remote.repository, tree_of(remote.repository, commit), paths)
        for commit in commits
    )


def _reference(course: Course, assignment: str) -> dict[str, bytes]:
    """The source notebook as people read it: no hidden test, no mark of nbgrader's."""
    notebook = read_source(course, assignment)
    for cell in notebook.cells:
        source = "".join(cell.source)  # a file may have it as a list of lines
        cell.source = _MARKERS.sub("", without_regions(source)).rstrip("\n")
    return _with_readme(assignment, {assignment: notebooks.to_text(notebook)}, ())


def _by_students(course: Course, assignment: str, chosen: Sequence[Student]) -> dict[str, bytes]:
    made: dict[str, str] = {}
    for number, student in enumerate(chosen, start=1):
        path = course.folders.submitted / student.id / assignment / f"{assignment}.ipynb"
        try:
            notebook = clean(notebooks.parse(path.read_bytes()))
        except (OSError, notebooks.UnreadableNotebookError) as error:
            raise ReleaseError(f"{path} cannot be read ({error}); choose another writer") from error
        thanks = f"*A solution by {escape.prose(student.name)}. Thank you!*"
        notebook.cells.insert(0, new_markdown_cell(thanks, id="written-by"))
        made[f"{assignment}-{number}"] = notebooks.to_text(notebook)
    return _with_readme(assignment, made, chosen)


def _with_readme(
    assignment: str, made: dict[str, str], chosen: Sequence[Student]
) -> dict[str, bytes]:
    writers = [escape.prose(student.name) for student in chosen] or ["the course staff"]
    rows = [
        f"- [{name}.ipynb]({name}.ipynb), by {writer}"
        for name, writer in zip(made, writers, strict=True)
    ]
    readme = "\n".join([f"# Solutions of {assignment}", "", *rows, ""])
    folder = f"solutions/{assignment}"
    files = {f"{folder}/{name}.ipynb": text.encode() for name, text in made.items()}
    return {f"{folder}/README.md": readme.encode(), **files}


def _push(
    course: Course, forge: Forge, student: Student, assignment: str, files: dict[str, bytes]
) -> Published:
    ref = f"refs/heads/solutions/{assignment}"
    try:
        remote = _remote(course, forge, student)
        repository = remote.repository
        tree = with_files(
            repository, None, {path: write_blob(repository, text) for path, text in files.items()}
        )
        tip = fetch_tip(remote, ref)
        if tip is not None and tree_of(repository, tip) == tree:
            return Published(student.id, "unchanged", tip)
        author = Author(course.staff_name, course.staff_email, datetime.now(course.timezone))
        commit = commit_tree(repository, tree, tip, f"Publish solutions of {assignment}\n", author)
        push_commit(remote, ref, tip, commit)
    except (AutograderError, OSError) as error:
        return Published(student.id, "failed", None, (str(error),))
    return Published(student.id, "published", commit)


def _remote(course: Course, forge: Forge, student: Student) -> Remote:
    repository: Path = make_bare(course.state / "repositories" / student.id)
    return Remote(forge.fetch_url(student), forge.network(student), repository)
