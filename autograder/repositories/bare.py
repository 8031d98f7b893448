"""Bare repositories: as the server holds them, and as the course keeps what it took."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from autograder.errors import RepositoryError
from autograder.repositories.access import REPOSITORY_NAME
from autograder.repositories.git import GitLimits, git


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


def make_bare(repository: Path, limits: GitLimits | None = None) -> Path:
    """The bare repository at this very path, made whole or not at all where it is not there.

    Raises:
        RepositoryError: git failed.
    """
    if not (repository / "HEAD").is_file():
        repository.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{repository.name}.", dir=repository.parent))
        try:
            options = ("--quiet", "--bare", "--template=")
            git("init", *options, "--", str(draft / "new"), limits=limits)
            (draft / "new").rename(repository)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return repository
