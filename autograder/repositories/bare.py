"""A bare repository as the server holds it."""

from __future__ import annotations

from pathlib import Path

from autograder.errors import RepositoryError
from autograder.repositories.access import REPOSITORY_NAME
from autograder.repositories.git import git


def create_repository(root: Path, name: str) -> Path:
    """The bare repository `name` under `root`, made with an empty `main` if it is not there.

    Raises:
        RepositoryError: the name is not safe in an address, or git failed.
    """
    if not REPOSITORY_NAME.fullmatch(name):
        raise RepositoryError(
            f"{name!r} is no name for a repository; use up to 100 of A-Z a-z 0-9 _ . @ + -"
        )
    repository = root / f"{name}.git"
    if not (repository / "HEAD").exists():
        root.mkdir(parents=True, exist_ok=True)
        options = ("--quiet", "--bare", "--template=", "--initial-branch=main")
        git("init", *options, "--", str(repository))
    return repository
