"""nbgrader_config.py and the roster to one checked course."""

from __future__ import annotations

import logging
import math
import os
import re
import secrets
import tempfile
import traceback
from collections.abc import Mapping
from contextlib import suppress
from copy import copy
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.course.calendar import parse_due, read_extensions
from autograder.course.course import Course, Folders
from autograder.course.model import Assignment, Limits, Student
from autograder.course.policy import LateRule
from autograder.course.roster import COLUMNS, SAFE_ID, read_roster
from autograder.course.sections import FOLDERS, PLUG, did_you_mean, read_sections, unknown_elsewhere
from autograder.errors import CourseError

CONFIG_NAME = "nbgrader_config.py"
SECRET_BYTES = 32
LEAST_IN_CLASS = 5
"""Of fewer scores nobody is shown a distribution: too much could be told about each."""

_STRUCTURE = str(Path("{nbgrader_step}") / "{student_id}" / "{assignment_id}")

log = logging.getLogger(__name__)


def plug_into_nbgrader(c: Config) -> None:
    """Make nbgrader's commands and formgrader do their work through the platform.

    The student's cells run in the sandbox, the scores come from the hidden tests, deleted grade
    cells are put back, a release records the deadline, and feedback is the annotated notebook. It
    is the same as writing each line of `PLUG` as `c.Section.setting = value`; a line after it in
    the file overrides it.
    """
    for section, values in PLUG.items():
        for name, value in values.items():
            c[section][name] = copy(value)


def find_root(start: Path) -> Path:
    """The nearest folder, from `start` upwards, that holds an nbgrader_config.py.

    Raises:
        CourseError: there is none.
    """
    root = nearest_root(start)
    if root is None:
        raise CourseError(
            f"no {CONFIG_NAME} in {start} or above it; go to the course or give --course"
        )
    return root


def nearest_root(start: Path) -> Path | None:
    """The same, or None where there is no such folder."""
    start = start.resolve()
    folders = (start, *start.parents)
    return next((folder for folder in folders if (folder / CONFIG_NAME).is_file()), None)


def load_config(root: Path) -> Config:
    """What `root`'s nbgrader_config.py sets, nbgrader's settings and ours, unchecked.

    Raises:
        CourseError: there is no such file, or it does not run.
    """
    path = root / CONFIG_NAME
    if not path.is_file():
        raise CourseError(f"no {CONFIG_NAME} in {root}; write one or give another --course")
    try:
        return PyFileConfigLoader(CONFIG_NAME, path=str(root)).load_config()
    except Exception as error:
        line = next(
            (
                f.lineno
                for f in reversed(traceback.extract_tb(error.__traceback__))
                if f.filename == str(path)
            ),
            getattr(error, "lineno", None),
        )
        where = f"{path}:{line}" if line else str(path)
        raise CourseError(f"{where} does not run: {type(error).__name__}: {error}") from error


def load_course(root: Path, needs_roster: bool = False) -> Course:
    """The course whose settings stand in `root`'s nbgrader_config.py, all of them checked.

    Without a roster file the course has no students, unless `needs_roster`. The first call makes
    the course's secret, readable by its owner alone.

    Raises:
        CourseError: a setting or a row of the roster is unknown or impossible; `problems` names
            every one that is.
    """
    root = root.resolve()
    config = load_config(root)
    ours, problems = read_sections(config)
    problems += unknown_elsewhere(config)
    assignments, timezone = _calendar(ours["Calendar"], problems)
    folders = _folders(config, root, problems)
    drop = ours["Policy"]["drop"]
    if assignments and drop >= len(assignments):
        problems.append(
            f"c.Policy.drop is {drop}, but c.Calendar.due has {len(assignments)} assignments; "
            "leave one at least that counts"
        )
    problems += _policy_problems(ours["Policy"]) + _staff_problems(ours["Course"])
    students = _students(root / ours["Course"]["roster"], needs_roster, problems)
    given: Mapping[str, Any] = ours["Calendar"]["extensions"]
    read = partial(_due, timezone=timezone)
    extensions = read_extensions(given, assignments, students, read, problems)
    hidden_tests = _hidden_tests(root, ours["Course"]["hidden_tests"], problems)
    if problems:
        raise CourseError("; ".join(problems), tuple(problems))
    state = root / ".autograder"
    return Course(
        name=ours["Course"]["name"],
        root=root,
        timezone=timezone,
        extensions=extensions,
        students=students,
        assignments=assignments,
        late=LateRule(ours["Policy"]["late_days"], ours["Policy"]["late_times"]),
        best_of=len(assignments) - drop,
        limits=Limits(**ours["GradingLimits"]),
        folders=folders,
        staff_name=ours["Course"]["staff_name"],
        staff_email=ours["Course"]["staff_email"],
        secret=_read_secret(state / "secret"),
        hidden_tests=hidden_tests,
        state=state,
        weights=ours["Policy"]["weights"],
        points=ours["Policy"]["points"],
        theory_percent=ours["Policy"]["theory_percent"],
        show_class_from=ours["Policy"]["show_class_from"],
        submit_by=ours["Course"]["submit_by"],
        database=config.CourseDirectory.get("db_url", ""),
    )


def _calendar(
    values: Mapping[str, Any], problems: list[str]
) -> tuple[tuple[Assignment, ...], ZoneInfo]:
    key: str = values["timezone"]
    try:
        timezone = ZoneInfo(key)
    except (ValueError, KeyError, OSError):
        hint = did_you_mean(key, available_timezones()) or "; set one as 'America/Los_Angeles'"
        problems.append(f"c.Calendar.timezone is {key!r}, which is no time zone{hint}")
        return (), ZoneInfo("UTC")
    assignments: list[Assignment] = []
    for name, due in values["due"].items():
        where = f"c.Calendar.due[{name!r}]"
        if not SAFE_ID.fullmatch(name):
            problems.append(f"{where} is not safe as a folder's name; use A-Z a-z 0-9 . _ -")
            continue
        try:
            assignments.append(Assignment(name, _due(due, timezone)))
        except CourseError as error:
            problems.append(f"{where}: {error}")
    if not values["due"]:
        problems.append("c.Calendar.due names no assignment; set a deadline for each")
    return tuple(sorted(assignments, key=lambda a: (a.due, a.name))), timezone


def _due(value: object, timezone: ZoneInfo) -> datetime:
    if isinstance(value, str):
        return parse_due(value, timezone)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(timezone)
    what = "has no time zone" if isinstance(value, datetime) else "is no date and time"
    raise CourseError(f"{value!r} {what}; write the local time as a text, '2019-01-29 16:00'")


def _folders(config: Config, root: Path, problems: list[str]) -> Folders:
    settings = config.CourseDirectory
    paths: dict[str, Path] = {}
    for step, (key, default) in FOLDERS.items():
        value = settings.get(key, default)
        if not isinstance(value, str) or not value or Path(value) == Path():
            problems.append(f"c.CourseDirectory.{key} is {value!r}; set a folder's name")
            value = default
        path = root / value
        if path in paths.values():
            problems.append(f"c.CourseDirectory.{key} is {value!r}, which another step has too")
        paths[step] = path
    if settings.get("directory_structure", _STRUCTURE) != _STRUCTURE:
        problems.append(
            f"c.CourseDirectory.directory_structure is {settings['directory_structure']!r}; "
            f"collected work lies as {_STRUCTURE}, leave the setting out"
        )
    if "root" in settings and Path(settings["root"]).resolve() != root:
        problems.append(
            f"c.CourseDirectory.root is {settings['root']!r}, but the file lies in {root}; "
            "leave the setting out"
        )
    return Folders(**paths)


def _policy_problems(values: Mapping[str, Any]) -> list[str]:
    weights: Mapping[str, float] = values["weights"]
    problems: list[str] = []
    if "homework" not in weights:
        problems.append(f"c.Policy.weights has {list(weights)}; give 'homework' its percentage")
    total = sum(weights.values())
    if not math.isclose(total, 100, abs_tol=1e-6):
        problems.append(f"c.Policy.weights add up to {total:g}; make it 100")
    least: int = values["show_class_from"]
    if 0 < least < LEAST_IN_CLASS:
        problems.append(
            f"c.Policy.show_class_from is {least}; set {LEAST_IN_CLASS} at least, because so few "
            "scores would tell whose they are, or 0 for never"
        )
    return problems


def _staff_problems(values: Mapping[str, Any]) -> list[str]:
    name, email = values["staff_name"], values["staff_email"]
    problems: list[str] = []
    if not name.strip() or not name.isprintable() or set(name) & set("<>"):
        problems.append(f"c.Course.staff_name is {name!r}; Git takes a name without < and >")
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", email):
        problems.append(f"c.Course.staff_email is {email!r}; write it as 'staff@example.edu'")
    return problems


def _students(path: Path, needs_roster: bool, problems: list[str]) -> tuple[Student, ...]:
    try:
        return read_roster(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if needs_roster:
            problems.append(
                f"no roster {path} (c.Course.roster); write it with the columns {','.join(COLUMNS)}"
            )
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"c.Course.roster {path} cannot be read: {error}; save it as UTF-8 text")
    except CourseError as error:
        problems += [f"{path.name}: {problem}" for problem in error.problems or (str(error),)]
    return ()


def _hidden_tests(root: Path, setting: str, problems: list[str]) -> Path:
    if not setting:
        return Path(__file__).parent / "hidden_tests"
    folder = root / setting
    if not folder.is_dir():
        problems.append(f"c.Course.hidden_tests is {setting!r}, and {folder} is no folder; make it")
    return folder


def _read_secret(path: Path) -> bytes:
    """The course's secret; made on first use, whole or not at all, readable by its owner alone."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix="secret.") as file:  # mode 0600
            file.write(secrets.token_bytes(SECRET_BYTES))
            file.flush()
            with suppress(FileExistsError):  # another command made it in between: theirs holds
                os.link(file.name, path)
    secret = path.read_bytes()
    if len(secret) < SECRET_BYTES:
        raise CourseError(
            f"the secret {path} has {len(secret)} bytes, not {SECRET_BYTES}; put the old one back, "
            "or delete it for a new one: what was drawn from the old one changes"
        )
    if path.stat().st_mode & 0o077:
        log.warning("%s was readable by others; it is not any longer", path)
        path.chmod(0o600)
    return secret
