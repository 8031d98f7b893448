"""The instructor's week, on the class of eight: release, push, collect, grade, feedback."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import nbformat

from autograder.collect.collect import Collected, collect
from autograder.course.course import Course
from autograder.course.report import Report
from autograder.demo.desk import Pushed, hand_in
from autograder.demo.place import open_place, open_server
from autograder.demo.sheet import Sheet, fill_in, read_sheet
from autograder.demo.students import CLASS
from autograder.feedback.deliver import Delivered, deliver
from autograder.grading.batch import Graded, grade_assignment, read_reports
from autograder.grading.mistakes import load_mistakes
from autograder.release import Released, release
from autograder.repositories.class_server import password
from autograder.settings import load_course

ASSIGNMENT = "hw01_norms"
Progress = Callable[[int, int, str], None]
# how much of the whole each step takes, in percent
SHARES = {"release": 6, "push": 10, "collect": 6, "grade": 56, "feedback": 22}


@dataclass(frozen=True, slots=True)
class Week:
    """What each step came to, and the reports behind the scores."""

    course: Course
    sheet: Sheet
    released: Released
    pushed: tuple[Pushed, ...]
    collected: tuple[Collected, ...]
    graded: tuple[Graded, ...]
    delivered: tuple[Delivered, ...]
    reports: dict[str, Report]

    def steps(self) -> dict[str, str]:
        """Each step with how many students it ended in which way for."""
        return {
            "release": self.released.status,
            "push": _counts([outcome.status for outcome in self.pushed]),
            "collect": _counts([outcome.status for outcome in self.collected]),
            "grade": _counts([outcome.status for outcome in self.graded]),
            "feedback": _counts([outcome.status for outcome in self.delivered]),
        }


def run_week(folder: Path, progress: Progress, fresh: bool = False) -> Week:
    """Runs the whole loop in `folder`; what is done already is left as it is.

    `progress` is told (percent done, 100, what is being done).

    Raises: CourseError where the folder cannot be the demo's; ReleaseError, RepositoryError,
        SandboxError where a step cannot be done for anybody.
    """
    open_place(folder, ASSIGNMENT, fresh)
    course = load_course(folder)
    step = _Steps(progress)
    released = release(course, ASSIGNMENT)
    step("release")(1, 1, ASSIGNMENT)
    sheet = _sheet(course)
    clock = _Clock(course.assignment(ASSIGNMENT).due)
    with open_server(course, clock):
        course = load_course(folder, needs_roster=True)
        pushed = _push(course, sheet, clock, step("push"))
        collected = collect(course, ASSIGNMENT, progress=step("collect"))
        graded = grade_assignment(course, ASSIGNMENT, step("grade"))
        delivered = deliver(course, ASSIGNMENT, step("feedback"))
    reports = read_reports(course, ASSIGNMENT)
    return Week(course, sheet, released, pushed, collected, graded, delivered, reports)


class _Clock:
    """The clock of the demo's Git server: the week of the calendar, whatever today is."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


class _Steps:
    """Turns a step's (done, total, student) into how much of the whole is done."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress

    def __call__(self, step: str) -> Callable[..., None]:
        before = sum(SHARES[name] for name in list(SHARES)[: list(SHARES).index(step)])
        self.progress(before, 100, step)

        def tell(done: int, total: int, what: str, _outcome: str = "") -> None:
            share = SHARES[step] * min(done / max(total, 1), 1)
            self.progress(round(before + share), 100, f"{step} {what}")

        return tell


def _sheet(course: Course) -> Sheet:
    source = course.folders.source / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    released = course.folders.release / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    return read_sheet(
        nbformat.read(source, as_version=4),
        nbformat.read(released, as_version=4),
        load_mistakes(course.hidden_tests / f"test_{ASSIGNMENT}.py"),
    )


def _push(course: Course, sheet: Sheet, clock: _Clock, progress: Progress) -> tuple[Pushed, ...]:
    """Everybody's push, in the order of time; the server's clock stands where the calendar says."""
    due = course.assignment(ASSIGNMENT).due
    pushed: list[Pushed] = []
    for person in sorted(CLASS, key=lambda one: one.pushed):
        clock.moment = due + person.pushed
        pushed.append(
            hand_in(
                course.root / "students" / person.id,
                course.student(person.id),
                password(course, person.id),
                {f"{ASSIGNMENT}/{ASSIGNMENT}.ipynb": fill_in(sheet, person.answers(sheet))},
                clock.moment - person.backdated,
            )
        )
        progress(len(pushed), len(CLASS), person.id)
    return tuple(pushed)


def _counts(statuses: Sequence[str]) -> str:
    return ", ".join(f"{count} {status}" for status, count in Counter(statuses).items())
