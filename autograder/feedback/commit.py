# pyright: strict
"""A commit with the feedback in it, made of Git's objects alone: nothing is ever checked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.repositories.git import git

FOLDER = "feedback"
_TREE = b"040000 tree"


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


def feedback_tree(repository: Path, base: str, assignment: str, files: Mapping[str, bytes]) -> str:
    """The id of `base`'s tree with the folder feedback/<assignment>/ replaced by `files`.

    All else in it is taken as it stands, by name and id, and never looked into.
    """
    own = {name.encode(): _blob(repository, content) for name, content in files.items()}
    root = _entries(repository, tree_of(repository, base))
    inside = _entries(repository, _id(root[_key()])) if _is_tree(root.get(_key())) else {}
    inside[assignment.encode()] = _TREE + b" " + _tree(repository, own)
    root[_key()] = _TREE + b" " + _tree(repository, inside)
    return _tree(repository, root).decode()


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


def _key() -> bytes:
    return FOLDER.encode()


def _blob(repository: Path, content: bytes) -> bytes:
    made = git("hash-object", "-w", "--stdin", repository=repository, given=content)
    return b"100644 blob " + made.strip()


def _entries(repository: Path, tree: str) -> dict[bytes, bytes]:
    """One level of a tree: mode, type and id by name."""
    listed = git("ls-tree", "-z", tree, repository=repository)
    rows = [row.partition(b"\t") for row in listed.split(b"\0") if row]
    return {name: entry for entry, _, name in rows}


def _tree(repository: Path, entries: Mapping[bytes, bytes]) -> bytes:
    rows = b"".join(entry + b"\t" + name + b"\0" for name, entry in entries.items())
    # what a student's tree names may be absent here: a large blob, another repository's commit
    return git("mktree", "-z", "--missing", repository=repository, given=rows).strip()


def _is_tree(entry: bytes | None) -> bool:
    return entry is not None and entry.startswith(_TREE + b" ")


def _id(entry: bytes) -> str:
    return entry.rpartition(b" ")[2].decode()
