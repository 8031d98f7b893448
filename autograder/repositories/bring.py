"""Brings files into a student's `main` without touching what the student has made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.errors import RepositoryError
from autograder.repositories.bare import make_bare
from autograder.repositories.commits import (
    FILE,
    Author,
    commit_tree,
    find_entries,
    id_of,
    tree_of,
    with_files,
    write_blob,
)
from autograder.repositories.git import git, printable
from autograder.repositories.remote import Remote, fetch_tip, push_commit

MAIN = "refs/heads/main"
GIVEN = "refs/delivered/main"
"""A tree in the course's own copy: each file as it was last brought to this student."""
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of `main`: its commit, whether this run made it, and what is worth a word."""

    commit: str | None
    is_new: bool
    notes: tuple[str, ...] = ()


def place(
    path: str, theirs: str | None, new: str, given: str | None, known: str | None = None
) -> str | None:
    """Where the content `new` goes; None where nothing is to be done.

    `theirs` is what the student has at `path`, `given` what was brought there last, `known` what
    may be replaced besides. A file that the student changed or took away is theirs; a newer version
    of a changed one goes beside it.
    """
    if theirs == new or (given == new and (theirs is None or theirs != known)):
        return None
    if theirs is None or theirs in (given, known):
        return path
    file = PurePosixPath(path)
    return str(file.with_name(f"{file.stem}.new-{new[:8]}{file.suffix}"))


def bring(
    remote: Remote,
    files: Mapping[str, bytes],
    message: str,
    author: Author,
    *,
    known: Mapping[str, bytes] | None = None,
    never_beside: frozenset[str] = frozenset(),
) -> Brought:
    """Put the files on the student's `main` as one commit on top of it, unless they are there.

    `known` are contents, by path, that a student has from elsewhere and that may be replaced.
    Where the student changed one of `never_beside`, it stays and nothing is said.

    Raises:
        RepositoryError: the server does not take it, or a folder is something else.
    """
    repository = make_bare(remote.repository)
    new = {path: write_blob(repository, content) for path, content in files.items()}
    old = {path: write_blob(repository, content) for path, content in (known or {}).items()}
    for attempt in range(_ATTEMPTS):
        tip = fetch_tip(remote, MAIN, "--filter=blob:none")
        places, notes = _places(remote, tip, new, old, never_beside)
        try:
            commit = _push(remote, tip, places, message, author) if places else tip
        except RepositoryError:
            # the student has pushed in the meantime
            if attempt + 1 == _ATTEMPTS or fetch_tip(remote, MAIN, "--filter=blob:none") == tip:
                raise
            continue
        _remember(remote, new)
        return Brought(commit, commit != tip, tuple(notes))
    raise AssertionError("the last attempt returns or raises")


def _places(
    remote: Remote,
    tip: str | None,
    new: Mapping[str, str],
    old: Mapping[str, str],
    never_beside: frozenset[str],
) -> tuple[dict[str, str], list[str]]:
    """Which blob goes where on the branch, and what to say about it."""
    repository = remote.repository
    there = find_entries(repository, tree_of(repository, tip), list(new)) if tip else {}
    given = _given(remote, list(new))
    places: dict[str, str] = {}
    notes: list[str] = []
    for path, blob in new.items():
        theirs = _their(path, there.get(path))
        where = place(path, theirs, blob, given.get(path), old.get(path))
        if where is None or (where != path and path in never_beside):
            continue
        places[where] = blob
        if where != path:
            notes.append(f"{path} was changed by the student; the new version is {where}")
    return places, notes


def _their(path: str, entry: bytes | None) -> str | None:
    """The id of the student's file.

    Raises:
        RepositoryError: it is a link, a folder or a submodule.
    """
    if entry is None:
        return None
    if entry.split(b" ")[0] not in (FILE.split(b" ")[0], b"100755"):
        raise RepositoryError(
            f"{printable(path)} is no plain file on the student's branch; ask for it to be renamed"
        )
    return id_of(entry)


def _given(remote: Remote, paths: list[str]) -> dict[str, str]:
    repository = remote.repository
    if not git("for-each-ref", GIVEN, repository=repository):
        return {}
    found = find_entries(repository, GIVEN, paths)
    return {path: id_of(entry) for path, entry in found.items()}


def _push(
    remote: Remote, tip: str | None, places: Mapping[str, str], message: str, author: Author
) -> str:
    repository = remote.repository
    there = tree_of(repository, tip) if tip else None
    tree = with_files(repository, there, places)
    if tip is not None and tree == there:
        return tip
    commit = commit_tree(repository, tree, tip, message, author)
    push_commit(remote, MAIN, tip, commit)
    return commit


def _remember(remote: Remote, new: Mapping[str, str]) -> None:
    """Note what was brought. Where a run ends before it, the next finds the files in place."""
    repository = remote.repository
    has_some = bool(git("for-each-ref", GIVEN, repository=repository))
    tree = with_files(repository, GIVEN if has_some else None, new)
    git("update-ref", GIVEN, tree, repository=repository)
