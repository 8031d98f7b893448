"""What `autograder doctor` finds in a course's settings, its gradebook's database among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import CourseError
from autograder.settings import load_config, load_course

CONNECT_S = "5"
PAGE = "docs/postgresql.md"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `advice` says how to get what is missing; `needed` things must be ok."""

    name: str
    is_ok: bool
    seen: str
    advice: str = ""
    needed: bool = True


def course_findings(root: Path) -> Iterator[Finding]:
    """The settings of the course in `root`, and its gradebook where the settings can be read."""
    yield _settings(root)
    try:
        settings = load_config(root).CourseDirectory
    except CourseError:
        return  # the settings are found wrong already
    address, course_id = settings.get("db_url", ""), settings.get("course_id", "")
    yield _gradebook(str(address), str(course_id))


def _settings(root: Path) -> Finding:
    try:
        course = load_course(root)
    except CourseError as error:
        seen = "; ".join(error.problems) or str(error)
        return Finding("settings", False, seen, "mend nbgrader_config.py or the roster")
    people = f"{len(course.students)} students" if course.students else "no roster yet"
    return Finding(
        "settings", True, f"{course.name}: {len(course.assignments)} assignments, {people}"
    )


def _gradebook(address: str, course_id: str) -> Finding:
    """Whether nbgrader can keep its gradebook at this address (`c.CourseDirectory.db_url`)."""
    from sqlalchemy.engine import make_url  # noqa: PLC0415  # a second to import
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError  # noqa: PLC0415  # the same

    if not address or address.startswith("sqlite"):
        return Finding("gradebook", True, "SQLite, one file")
    try:
        url = make_url(address)
        kind = url.get_dialect().name
        url.get_dialect().import_dbapi()
    except (ArgumentError, NoSuchModuleError) as error:
        advice = f"write it as 'postgresql+psycopg2://staff@db.example.edu/course': {PAGE}"
        return Finding("gradebook", False, f"c.CourseDirectory.db_url: {error}", advice)
    except ImportError as error:
        advice = "pip install 'deep-learning-autograder[postgresql]', or that database's driver"
        return Finding("gradebook", False, f"the database's driver is missing: {error}", advice)
    return _server(address, kind, course_id, has_password=url.password is not None)


def _server(address: str, kind: str, course_id: str, has_password: bool) -> Finding:
    if not course_id:
        seen = f"{kind}, and c.CourseDirectory.course_id is not set"
        advice = (
            "set c.CourseDirectory.course_id = 'deep_learning', or another name: without one "
            f"nbgrader refers to a course that it never writes down, which {kind} refuses ({PAGE})"
        )
        return Finding("gradebook", False, seen, advice)
    refused = _refused(address)
    if refused:
        advice = f"start the database, or mend c.CourseDirectory.db_url: {PAGE}"
        return Finding("gradebook", False, f"{kind} does not answer: {refused}", advice)
    if has_password:
        seen = f"{kind} answers, and its password stands in nbgrader_config.py"
        advice = f"put the password into ~/.pgpass, and leave it out of db_url: {PAGE}"
        return Finding("gradebook", False, seen, advice, needed=False)
    return Finding("gradebook", True, f"{kind} answers")


def _refused(address: str) -> str:
    """Why a database gives no connection, in its driver's words; nothing where it gives one."""
    from sqlalchemy import create_engine, make_url  # noqa: PLC0415  # a second to import
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415  # the same

    url = make_url(address)
    if url.get_backend_name() == "postgresql" and "connect_timeout" not in url.query:
        url = url.update_query_dict({"connect_timeout": CONNECT_S})
    engine = create_engine(url)
    try:
        engine.connect().close()
    except DBAPIError as error:
        return " ".join(str(error.orig).split())
    finally:
        engine.dispose()
    return ""
