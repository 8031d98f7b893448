"""What students ask to have graded again: lines `/regrade QUESTION REASON`, by branch or comment.

With git alone a student says it in the message of a commit on the branch `regrade/<assignment>`;
where the forge shows pull requests, in a comment on the one with the feedback.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from autograder.course.course import Course
from autograder.course.model import Student
from autograder.errors import RepositoryError
from autograder.feedback.offer import base_branch
from autograder.grading.batch import read_reports
from autograder.repositories.bare import make_bare
from autograder.repositories.forge import Forge, open_forge
from autograder.repositories.git import GitLimits, git
from autograder.repositories.github.regrade import RegradeRequest, read_requests
from autograder.repositories.pull_requests import MAX_TEXT, Comment
from autograder.repositories.push_log import PushEntry
from autograder.repositories.remote import Remote, tip_of

Progress = Callable[[int, int, str], None]
WORKERS = 8
MAX_COMMITS = 50
_LIMITS = GitLimits(timeout_s=60, file_mib=32, memory_mib=1024)


@dataclass(frozen=True, slots=True)
class Regrade:
    """One request, `unclear` where it names no question or gives no reason; or why none is read."""

    student: str
    status: Literal["asked", "unclear", "failed"]
    question: str = ""
    reason: str = ""
    written: datetime | None = None
    notes: tuple[str, ...] = ()


def read_regrades(
    course: Course, assignment: str, progress: Progress | None = None
) -> tuple[Regrade, ...]:
    """Everybody's requests for an assignment, in the order of the roster; nothing is changed.

    Raises:
        CourseError: the calendar has no such assignment.
        RepositoryError: the staff's token cannot be read.
    """
    course.assignment(assignment)
    forge = open_forge(course.state)
    reports = read_reports(course, assignment)
    questions = {cell.cell for report in reports.values() for cell in report.cells}
    found: list[Regrade] = []
    with (
        tempfile.TemporaryDirectory(prefix="autograder-regrades.") as folder,
        ThreadPoolExecutor(WORKERS) as pool,
    ):
        asked = [
            pool.submit(_of_one, forge, student, assignment, frozenset(questions), Path(folder))
            for student in course.students
        ]
        for done, (student, future) in enumerate(zip(course.students, asked, strict=True), 1):
            found += future.result()
            if progress:
                progress(done, len(asked), student.id)
    return tuple(found)


def _of_one(
    forge: Forge, student: Student, assignment: str, questions: frozenset[str], folder: Path
) -> list[Regrade]:
    try:
        said = [*_commented(forge, student, assignment)]
        said += _committed(forge, student, assignment, folder / student.id)
    except (RepositoryError, OSError) as error:
        return [Regrade(student.id, "failed", notes=(str(error),))]
    said.sort(key=lambda comment: comment.written)
    return [_regrade(request) for request in read_requests(said, student.id, sorted(questions))]


def _regrade(request: RegradeRequest) -> Regrade:
    words = f"{request.question}: {request.reason}"
    return Regrade(
        request.student,
        "unclear" if request.problem else "asked",
        request.question,
        request.reason,
        request.written,
        (f"{words} ({request.problem})" if request.problem else words,),
    )


def _commented(forge: Forge, student: Student, assignment: str) -> Iterator[Comment]:
    """What was written on the pull request of the feedback."""
    for pull in forge.pull_requests(student):
        if (pull.head, pull.base) == (f"feedback/{assignment}", base_branch(assignment)):
            yield from forge.comments(student, pull.number)


def _committed(
    forge: Forge, student: Student, assignment: str, repository: Path
) -> Iterator[Comment]:
    """The messages of the newest commits on the student's branch, the oldest first."""
    ref = f"refs/heads/regrade/{assignment}"
    remote = Remote(forge.fetch_url(student), forge.network(student), repository)
    tip = tip_of(remote, ref)
    if tip is None:
        return
    make_bare(repository)
    options = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head")
    git(
        *("fetch", *options, f"--depth={MAX_COMMITS}", "--filter=tree:0", "--"),
        *(remote.url, f"+{tip}:refs/regrade"),
        repository=repository, network=remote.network, limits=_LIMITS,
    )  # fmt: skip
    words = ("log", "--first-parent", f"--max-count={MAX_COMMITS}", "--format=%H%n%B%x00", tip)
    pushes = {entry.new: entry for entry in forge.push_log(student) if entry.ref == ref}
    log = git(*words, repository=repository, limits=_LIMITS)
    yield from reversed(list(_messages(log, pushes, student)))


def _messages(log: bytes, pushes: dict[str, PushEntry], student: Student) -> Iterator[Comment]:
    """Each commit's message as of the push that brought it; those before the branch's have none."""
    last: PushEntry | None = None
    for entry in log.decode("utf-8", "replace").split("\0"):
        commit, _, message = entry.strip("\n").partition("\n")
        last = pushes.get(commit, last)
        if commit and last is not None:
            yield Comment(student.id, last.time, message[:MAX_TEXT])
