"""The class's repositories made from a template, and an assignment brought to every student."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from autograder.course.course import Course
from autograder.course.model import Student
from autograder.errors import AutograderError, RepositoryError
from autograder.release.student_files import ID_FILE, student_files
from autograder.repositories.bare import make_bare
from autograder.repositories.bring import MAIN, bring
from autograder.repositories.commits import Author
from autograder.repositories.forge import Forge, open_forge
from autograder.repositories.remote import Remote, fetch_tip
from autograder.repositories.template import assignment_files, template_files

Progress = Callable[[int, int, str], None]
WORKERS = 8  # they wait for the network
README = "README.md"


@dataclass(frozen=True, slots=True)
class Distributed:
    """What became of one student's repository; `commit` is the tip of its `main`."""

    student: str
    status: Literal["created", "updated", "unchanged", "failed"]
    commit: str | None = None
    notes: tuple[str, ...] = ()


def create(course: Course, progress: Progress | None = None) -> tuple[Distributed, ...]:
    """Make each student's repository from the template, where there is none or an empty one.

    A `main` that has anything on it is left as it is.

    Raises:
        RepositoryError: the staff's token cannot be read.
    """
    forge = open_forge(course.state)
    return _each(course, lambda student: _create(course, forge, student), progress)


def push_release(
    course: Course, assignment: str, progress: Progress | None = None
) -> tuple[Distributed, ...]:
    """Bring the released files of an assignment, new or corrected, to every student's `main`.

    A file that the student changed stays; a newer version of it goes beside it.

    Raises:
        CourseError: the calendar has no such assignment.
        RepositoryError: it is not released, or the staff's token cannot be read.
    """
    course.assignment(assignment)
    folder = course.folders.release / assignment
    if not (folder / f"{assignment}.ipynb").is_file():
        raise RepositoryError(
            f"{folder} holds no notebook; run `autograder release {assignment}` first"
        )
    forge = open_forge(course.state)
    return _each(course, lambda student: _bring(course, forge, student, assignment), progress)


def _each(
    course: Course, do: Callable[[Student], Distributed], progress: Progress | None
) -> tuple[Distributed, ...]:
    """One outcome for each student of the roster, in its order; one that fails stops nobody."""
    outcomes: dict[str, Distributed] = {}
    with ThreadPoolExecutor(WORKERS) as pool:
        futures = [pool.submit(_guarded, do, student) for student in course.students]
        for done, future in enumerate(as_completed(futures), start=1):
            outcome = future.result()
            outcomes[outcome.student] = outcome
            if progress:
                progress(done, len(futures), outcome.student)
    return tuple(outcomes[student.id] for student in course.students)


def _guarded(do: Callable[[Student], Distributed], student: Student) -> Distributed:
    try:
        return do(student)
    except (AutograderError, OSError) as error:
        return Distributed(student.id, "failed", None, (str(error),))


def _create(course: Course, forge: Forge, student: Student) -> Distributed:
    forge.create_repository(student)
    remote = _remote(course, forge, student)
    make_bare(remote.repository)
    tip = fetch_tip(remote, MAIN, "--filter=blob:none")
    if tip is not None:
        return Distributed(student.id, "unchanged", tip)
    files = template_files(course, student)
    made = bring(remote, files, f"Begin {course.name}\n", _author(course))
    return Distributed(student.id, "created" if made.is_new else "unchanged", made.commit)


def _bring(course: Course, forge: Forge, student: Student, assignment: str) -> Distributed:
    remote = _remote(course, forge, student)
    files = assignment_files(course, assignment, student)
    readme = template_files(course, student)[README]
    own_id = f"{assignment}/{ID_FILE}"
    example = student_files()[ID_FILE]  # from a folder that was handed out as it is
    done = bring(
        remote,
        {**files, README: readme},
        f"Bring {assignment}\n",
        _author(course),
        known={own_id: example},
        never_beside=frozenset({README, own_id}),
    )
    status = "updated" if done.is_new else "unchanged"
    return Distributed(student.id, status, done.commit, done.notes)


def _remote(course: Course, forge: Forge, student: Student) -> Remote:
    repository = course.state / "repositories" / student.id
    return Remote(forge.fetch_url(student), forge.network(student), repository)


def _author(course: Course) -> Author:
    return Author(course.staff_name, course.staff_email, datetime.now(course.timezone))
