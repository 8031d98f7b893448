# pyright: strict
"""Commits made of Git's objects alone: nothing of a student's is ever checked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.errors import RepositoryError
from autograder.repositories.git import git, printable

FILE = b"100644 blob"
TREE = b"040000 tree"
Entries = dict[bytes, bytes]
"""One level of a tree: mode, type and id, as `100644 blob <id>`, by name."""


@dataclass(frozen=True, slots=True)
class Author:
    """Whose name stands on the commit, and when it is made."""

    name: str
    email: str
    moment: datetime

    @property
    def environment(self) -> dict[str, str]:
        when = str(int(self.moment.timestamp())) + self.moment.strftime(" %z")
        return {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in (("NAME", self.name), ("EMAIL", self.email), ("DATE", when))
        }


def commit_tree(
    repository: Path, tree: str, parent: str | None, message: str, author: Author
) -> str:
    """The id of a new commit of `tree`."""
    parents = ("-p", parent) if parent else ()
    words = ("commit-tree", *parents, "-F", "-", tree)
    made = git(
        *words, repository=repository, given=message.encode(), environment=author.environment
    )
    return made.decode().strip()


def tree_of(repository: Path, commit: str) -> str:
    """The id of a commit's tree."""
    content = git("cat-file", "commit", commit, repository=repository)
    return content.partition(b"\n")[0].removeprefix(b"tree ").decode()


def has_commit(repository: Path, commit: str) -> bool:
    """Whether the repository itself holds a commit."""
    answer = git("cat-file", "--batch-check", repository=repository, given=f"{commit}\n".encode())
    return answer.split()[1:2] == [b"commit"]


def write_blob(repository: Path, content: bytes) -> str:
    """The id of a file's content, which is in the repository then."""
    made = git("hash-object", "-w", "--stdin", repository=repository, given=content)
    return made.decode().strip()


def read_entries(repository: Path, tree: str) -> Entries:
    """One level of a tree."""
    listed = git("ls-tree", "-z", tree, repository=repository)
    rows = [row.partition(b"\t") for row in listed.split(b"\0") if row]
    return {name: entry for entry, _, name in rows}


def find_entries(repository: Path, tree: str, paths: list[str]) -> dict[str, bytes]:
    """What stands at each of the paths, as mode, type and id; absent where nothing does."""
    listed = git("ls-tree", "-z", tree, "--", *paths, repository=repository)
    rows = [row.partition(b"\t") for row in listed.split(b"\0") if row]
    return {name.decode("utf-8", "replace"): entry for entry, _, name in rows}


def write_entries(repository: Path, entries: Mapping[bytes, bytes]) -> str:
    """The id of a tree with these entries."""
    rows = b"".join(entry + b"\t" + name + b"\0" for name, entry in entries.items())
    # what a student's tree names may be absent here: a large blob, another repository's commit
    return git("mktree", "-z", "--missing", repository=repository, given=rows).decode().strip()


def with_files(repository: Path, tree: str | None, blobs: Mapping[str, str]) -> str:
    """The id of `tree` with blobs put at their paths; all else in it stands as it is.

    Raises:
        RepositoryError: a folder of a path is something else in the tree.
    """
    entries = read_entries(repository, tree) if tree else {}
    below: dict[str, dict[str, str]] = {}
    for path, blob in blobs.items():
        name, _, rest = path.partition("/")
        if rest:
            below.setdefault(name, {})[rest] = blob
        else:
            entries[name.encode()] = FILE + b" " + blob.encode()
    for name, inside in below.items():
        found = entries.get(name.encode())
        if found is not None and not found.startswith(TREE + b" "):
            raise RepositoryError(
                f"{printable(name)} is no folder on the student's branch; ask for it to be renamed"
            )
        old = id_of(found) if found else None
        entries[name.encode()] = TREE + b" " + with_files(repository, old, inside).encode()
    return write_entries(repository, entries)


def id_of(entry: bytes) -> str:
    """The id in an entry of a tree."""
    return entry.rpartition(b" ")[2].decode()
