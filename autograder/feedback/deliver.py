"""Brings every student's feedback into the student's repository, on a branch of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from autograder.course.course import Course
from autograder.errors import AutograderError, RepositoryError
from autograder.feedback.branch import Moved, move_branch
from autograder.feedback.commit import feedback_tree
from autograder.feedback.files import PageMaker, page_maker, write_files
from autograder.feedback.in_class import moved
from autograder.feedback.last_return import read_last
from autograder.feedback.offer import offer, status_line
from autograder.feedback.returned import Returned
from autograder.feedback.sources import read_returned
from autograder.repositories.commits import Author, has_commit
from autograder.repositories.forge import Forge, open_forge
from autograder.repositories.remote import Remote

log = logging.getLogger(__name__)

Progress = Callable[[int, int, str], None]
PUSHES = 8  # at a time: they wait for the network


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one student's feedback; `commit` is the tip of the feedback branch."""

    student: str
    status: Literal["delivered", "unchanged", "nothing", "failed"]
    commit: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """What all deliveries share."""

    course: Course
    forge: Forge
    with_status: bool


def deliver(
    course: Course,
    assignment: str,
    progress: Progress | None = None,
    with_status: bool = False,
    new_distribution: bool = False,
) -> tuple[Delivered, ...]:
    """Makes the feedback of every student whose score is recorded, and pushes it.

    It goes to the branch feedback/<assignment>, in the folder of the same name, and a pull request
    offers it; `with_status` sets the score as the commit's status. How the class did stays as it
    was shown first, or is taken again: `new_distribution`. Where nothing changed there is no new
    commit. One outcome for each student of the roster, in its order; what fails for one stops
    nobody else. `progress` is told (done, total, student).

    Raises: CourseError where there is no such assignment; RepositoryError where the staff's token
        cannot be read.
    """
    course.assignment(assignment)
    forge = open_forge(course.state)
    returned = read_returned(course, assignment, new_distribution)
    _warn_of_moved(returned, course.show_class_from)
    tell = progress or _silent
    outcomes: dict[str, Delivered] = {}
    files: dict[str, dict[str, bytes]] = {}
    for done, (student, made) in enumerate(_written(course, assignment, returned), 1):
        if isinstance(made, Delivered):
            outcomes[student] = made
        else:
            files[student] = made
        tell(done, 2 * len(returned), student)
    tell_of = iter(range(len(returned) + len(outcomes) + 1, 2 * len(returned) + 1))
    for outcome in _pushed(Way(course, forge, with_status), returned, files):
        outcomes[outcome.student] = outcome
        tell(next(tell_of), 2 * len(returned), outcome.student)
    return tuple(
        outcomes.get(student.id, Delivered(student.id, "nothing")) for student in course.students
    )


def _silent(_done: int, _total: int, _student: str) -> None:
    """The progress of a run that nobody watches."""


def _warn_of_moved(returned: dict[str, Returned], least: int) -> None:
    for words in moved(returned.values(), least):
        log.warning("the class did otherwise in %s; --new-distribution shows it", words)


def _written(
    course: Course, assignment: str, returned: dict[str, Returned]
) -> Iterator[tuple[str, dict[str, bytes] | Delivered]]:
    """Each student's files, or why there are none; one by one, as nbgrader works."""
    maker: PageMaker | None = None

    def make_page(student: str) -> None:
        nonlocal maker
        maker = maker or page_maker(course, assignment)
        maker(student)

    for student, feedback in returned.items():
        try:
            yield student, write_files(course, student, feedback, make_page)
        except (AutograderError, OSError) as error:
            yield student, Delivered(student, "failed", None, (str(error),))


def _pushed(
    way: Way,
    returned: dict[str, Returned],
    files: dict[str, dict[str, bytes]],
) -> Iterator[Delivered]:
    with ThreadPoolExecutor(PUSHES) as pool:
        waiting = [
            pool.submit(_push, way, student, returned[student], made)
            for student, made in files.items()
        ]
        for future in as_completed(waiting):
            yield future.result()


def _push(way: Way, student: str, returned: Returned, files: dict[str, bytes]) -> Delivered:
    """The branch first: where only the pull request fails, the student has the feedback."""
    moved: Moved | None = None
    notes: list[str] = []
    try:
        last = read_last(way.course.state, returned.assignment, student)
        remote = _remote(way, student, returned)
        moved = _move(way, remote, returned, files, last.changes(returned))
        notes += [moved.note] if moved.note else []
        person = way.course.student(student)
        offered = offer(way.forge, person, remote, returned, moved.commit, last)
        if way.with_status:
            way.forge.set_status(person, moved.commit, "success", status_line(returned))
        last.keep(returned, offered.is_open)
    except (RepositoryError, OSError) as error:
        where = "the branch is there, the pull request is not: " if moved else ""
        commit = moved.commit if moved else None
        return Delivered(student, "failed", commit, (*notes, f"{where}{error}"))
    status = "delivered" if moved.is_new or offered.has_review else "unchanged"
    return Delivered(student, status, moved.commit, tuple(notes))


def _remote(way: Way, student: str, returned: Returned) -> Remote:
    """The student's repository, once it is known that the commit to build on is here.

    Raises:
        RepositoryError: nothing was collected, or the copy of it is lost.
    """
    repository = way.course.state / "repositories" / student
    if returned.submission is None or not (repository / "HEAD").is_file():
        by_hand = way.course.folders.feedback / student / returned.assignment
        raise RepositoryError(
            f"no commit of {student} was collected for {returned.assignment}, so there is none "
            f"to put the feedback on; run `autograder collect {returned.assignment}`, or hand out "
            f"{by_hand} yourself"
        )
    base = returned.submission.commit
    if not has_commit(repository, base):
        raise RepositoryError(
            f"{repository} has lost the collected commit {base[:12]}; "
            f"run `autograder collect {returned.assignment}` again"
        )
    person = way.course.student(student)
    return Remote(way.forge.fetch_url(person), way.forge.network(person), repository)


def _move(
    way: Way, remote: Remote, returned: Returned, files: dict[str, bytes], why: tuple[str, ...]
) -> Moved:
    course, base = way.course, returned.submission.commit if returned.submission else ""
    author = Author(course.staff_name, course.staff_email, datetime.now(course.timezone))
    tree = feedback_tree(remote.repository, base, returned.assignment, files)
    return move_branch(remote, returned.assignment, base, tree, author, why)
