"""A student's own desk: a clone, a notebook in it, a commit, a push, by the real git program."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from autograder.course.model import Student
from autograder.repositories.git import Credential, Network, git


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did on the server."""

    student: str
    status: Literal["pushed", "unchanged"]


def hand_in(
    desk: Path, student: Student, password: str, files: dict[str, bytes], committed: datetime
) -> Pushed:
    """Puts the files into the student's clone at `desk`, commits what is new, and pushes it.

    `committed` is the date that the commit shall claim.

    Raises: RepositoryError where git fails.
    """
    server = student.repository.rpartition("/")[0] + "/"
    network = Network(Credential(server, student.id, password))
    if not (desk / ".git" / "HEAD").is_file():
        shutil.rmtree(desk, ignore_errors=True)
        desk.parent.mkdir(parents=True, exist_ok=True)
        git("clone", "--quiet", "--", student.repository, str(desk), network=network)
    at_desk = ("-C", str(desk))
    git(*at_desk, "remote", "set-url", "origin", student.repository)
    for name, content in files.items():
        path = desk / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    git(*at_desk, "add", "--", *files)
    if git(*at_desk, "status", "--porcelain"):
        git(
            *at_desk,
            *("commit", "--quiet", "--message", "My homework"),
            environment=_signature(student, committed),
        )
    said = git(*at_desk, "push", "--porcelain", "origin", "HEAD:refs/heads/main", network=network)
    return Pushed(student.id, "unchanged" if b"[up to date]" in said else "pushed")


def _signature(student: Student, committed: datetime) -> dict[str, str]:
    date = f"{int(committed.timestamp())} {committed:%z}"
    return {
        f"GIT_{role}_{key}": value
        for role in ("AUTHOR", "COMMITTER")
        for key, value in (("NAME", student.name), ("EMAIL", student.email), ("DATE", date))
    }
