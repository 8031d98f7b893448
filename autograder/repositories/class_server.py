"""A class's repositories on one machine: a bare one for each student, passwords, one server."""

from __future__ import annotations

import csv
import hmac
import io
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from autograder.course.course import Course
from autograder.repositories.forge import TOKEN_FILE
from autograder.repositories.server import GitServer, User, create_repository

STAFF = "staff"
PASSWORDS = "passwords.csv"  # the file's name


def open_class_server(
    course: Course,
    folder: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    clock: Callable[[], datetime] | None = None,
) -> GitServer:
    """The server of the class's repositories, not entered yet.

    Makes what is missing: `folder`/ID.git for each student of the roster; in the course's state the
    list of passwords to hand out, and the staff's own, which `collect` and `feedback` use. Nothing
    that is there is touched.

    Raises:
        RepositoryError: the port is taken, or git cannot serve.
    """
    for student in course.students:
        create_repository(folder, student.id)
    names = [student.id for student in course.students]
    users = [User(name, password(course, name)) for name in names]
    users.append(User(STAFF, password(course, STAFF), is_staff=True))
    _keep_private(course.state / TOKEN_FILE, f"{STAFF}:{password(course, STAFF)}\n")
    _keep_private(course.state / PASSWORDS, _table(course))
    return GitServer(folder, users, port, host=host, clock=clock)


def password(course: Course, user: str) -> str:
    """A user's password: drawn from the course's secret, so that it need not be kept."""
    return hmac.digest(course.secret, f"password|{user}".encode(), "sha256").hex()[:32]


def _table(course: Course) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["id", "email", "password"])
    table.writerows([s.id, s.email, password(course, s.id)] for s in course.students)
    return text.getvalue()


def _keep_private(path: Path, text: str) -> None:
    """Writes a file that its owner alone may read, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        file.write(text)  # the file is made with mode 0600
    Path(file.name).replace(path)
