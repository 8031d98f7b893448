# pyright: strict
"""A branch of a student's repository on its server: its tip fetched, a commit pushed onto it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.repositories.commits import has_commit
from autograder.repositories.git import Network, git


@dataclass(frozen=True, slots=True)
class Remote:
    """A student's repository on its server, and the bare one here that holds what was collected."""

    url: str
    network: Network
    repository: Path


def fetch_tip(remote: Remote, ref: str, *filters: str) -> str | None:
    """The branch's commit on the server, fetched here; None where there is no such branch.

    `filters` are git's own, such as `--filter=blob:none` for the folders without the files.
    """
    tip = tip_of(remote, ref)
    if tip is not None and not has_commit(remote.repository, tip):
        pinned = f"+{tip}:{ref.replace('refs/heads/', 'refs/returned/', 1)}"
        options = ("--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--depth=1")
        git(
            "fetch", "--quiet", *options, *filters, "--", remote.url, pinned,
            repository=remote.repository, network=remote.network,
        )  # fmt: skip
    return tip


def tip_of(remote: Remote, ref: str) -> str | None:
    """The branch's commit on the server; None where there is no such branch."""
    listed = git("ls-remote", "--", remote.url, ref, network=remote.network).decode()
    rows = [line.split("\t") for line in listed.splitlines()]
    return next((row[0] for row in rows if row[1:] == [ref]), None)


def push_commit(remote: Remote, ref: str, tip: str | None, commit: str) -> None:
    """Move the branch from `tip`, the commit that was seen on it, to `commit`.

    Raises:
        RepositoryError: the branch is elsewhere by now, or the server does not take it.
    """
    lease = f"--force-with-lease={ref}:{tip or ''}"
    git(
        "push", "--quiet", lease, "--", remote.url, f"{commit}:{ref}",
        repository=remote.repository, network=remote.network,
    )  # fmt: skip
