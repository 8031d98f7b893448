"""When work is due: local deadlines in the course's time zone, and the days of the late window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from autograder.course.model import Assignment, Student
from autograder.errors import CourseError


def parse_due(text: str, timezone: ZoneInfo) -> datetime:
    """The aware deadline that `2019-01-29 16:00` means on the clocks of `timezone`.

    A text with an offset of its own (`2019-01-29T16:00-08:00`) is taken at its word.

    Raises:
        CourseError: the text is no date and time, names a day without a time, or names a local
            time that the clocks of that day skip or show twice.
    """
    if ":" not in text:
        raise CourseError(f"{text!r} has no time of day; write it as '2019-01-29 16:00'")
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise CourseError(
            f"{text!r} is no date and time ({error}); write it as '2019-01-29 16:00'"
        ) from error
    if moment.tzinfo is not None:
        return moment.astimezone(timezone)
    return localize(moment, timezone)


def localize(local: datetime, timezone: ZoneInfo) -> datetime:
    """The aware moment at which the clocks of `timezone` show the naive time `local`.

    Raises:
        CourseError: they never show it, or they show it twice, because summer time begins or ends.
    """
    first = local.replace(tzinfo=timezone, fold=0)
    second = local.replace(tzinfo=timezone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    happens = _normalized(first).replace(tzinfo=None) == local
    what = "comes twice" if happens else "does not exist"
    raise CourseError(
        f"{local:%Y-%m-%d %H:%M} {what} in {timezone.key}, where the clocks change; "
        "choose a time outside that hour"
    )


def late_moments(due: datetime, days: int) -> tuple[datetime, ...]:
    """The deadline and the same local time on each of the `days` days after it.

    A day on which the clocks change has 23 or 25 hours: 16:00 stays 16:00.
    """
    return tuple(_normalized(due + timedelta(days=day)) for day in range(days + 1))


def read_extensions(
    given: Mapping[str, Any],
    assignments: tuple[Assignment, ...],
    students: tuple[Student, ...],
    read: Callable[[object], datetime],
    problems: list[str],
) -> dict[tuple[str, str], datetime]:
    """Later deadlines by assignment and student, each value as `read` takes it.

    What cannot be is added to `problems`.
    """
    found: dict[tuple[str, str], datetime] = {}
    dues = {assignment.name: assignment.due for assignment in assignments}
    known = {student.id for student in students}
    for name, later in given.items():
        where = f"c.Calendar.extensions[{name!r}]"
        if name not in dues or not isinstance(later, Mapping):
            problems.append(
                f"{where}: write {{assignment of c.Calendar.due: {{student: deadline}}}}"
            )
            continue
        for student, value in later.items():
            try:
                due = read(value)
            except CourseError as error:
                problems.append(f"{where}[{student!r}]: {error}")
                continue
            if known and student not in known:
                problems.append(f"{where} has {student!r}, who is not in the roster")
            elif due < dues[name]:
                problems.append(f"{where}[{student!r}] is before the deadline; give a later one")
            found[name, student] = due
    return found


def _normalized(moment: datetime) -> datetime:
    """The same moment, read off a clock that shows it: 02:30 in a skipped hour becomes 03:30."""
    return moment.astimezone(UTC).astimezone(moment.tzinfo)
