"""Git objects of one student's repository, read as bytes and taken apart, with limits on size."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.errors import RepositoryError
from autograder.repositories.git import GitLimits, git

MAX_TREE_BYTES = 2**22  # some hundred thousand names in one folder
MAX_COMMIT_BYTES = 2**16

_TREE_ENTRY = re.compile(rb"([0-7]{5,6}) ([^\0]+)\0(.{20})", re.DOTALL)
_PERSON = re.compile(rb"^(author|committer) .*> (-?\d{1,12}) [+-]\d{4}$", re.MULTILINE)


class HostileObjectError(Exception):
    """An object that no honest repository has; the message is for the student."""


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """What git knows of an object without its content."""

    oid: str
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One name in a folder. `mode` says what it is: see `is_file` and `is_folder`."""

    mode: int
    name: bytes
    oid: str

    @property
    def is_file(self) -> bool:
        return self.mode in (0o100644, 0o100755)

    @property
    def is_folder(self) -> bool:
        return self.mode == 0o040000

    @property
    def kind(self) -> str:
        """In words, what stands there instead of a file or a folder."""
        kinds = {0o120000: "a symbolic link", 0o160000: "a submodule"}
        known = "a folder" if self.is_folder else "a file"
        return known if self.is_file or self.is_folder else kinds.get(self.mode, "no plain file")


@dataclass(frozen=True, slots=True)
class CommitFacts:
    """A commit's tree, and the dates that its author's computer wrote; None where unreadable."""

    tree: str
    authored: datetime | None
    committed: datetime | None


def inspect(repository: Path, oid: str, limits: GitLimits) -> ObjectInfo | None:
    """Kind and size of an object; None where the repository does not hold it."""
    given = oid.encode() + b"\n"
    try:
        words = git("cat-file", "--batch-check", repository=repository, given=given, limits=limits)
    except RepositoryError as error:
        if error.returncode != 128:
            raise
        return None  # git may not go and get what a filter left on the server
    found = words.decode("ascii", "replace").split()
    return ObjectInfo(found[0], found[1], int(found[2])) if len(found) == 3 else None


def read(
    repository: Path, oids: Sequence[str], kind: str, max_bytes: int, limits: GitLimits
) -> dict[str, bytes]:
    """The contents of objects of one kind, by their ids; sizes are looked at before contents.

    Raises:
        HostileObjectError: one is not there, of another kind, or larger than `max_bytes`.
        RepositoryError: git failed.
    """
    given = "".join(f"{oid}\n" for oid in oids).encode()
    heads = git("cat-file", "--batch-check", repository=repository, given=given, limits=limits)
    for line in heads.decode("ascii", "replace").splitlines():
        oid, found, *size = line.split()
        if found != kind:
            raise HostileObjectError(f"object {oid[:10]} is {found}, where a {kind} should be")
        if int(size[0]) > max_bytes:
            raise HostileObjectError(
                f"a {kind} of the repository has {int(size[0]) / 2**20:.1f} MiB; "
                f"at most {max_bytes / 2**20:g} MiB are read"
            )
    content = git("cat-file", "--batch", repository=repository, given=given, limits=limits)
    found_contents: dict[str, bytes] = {}
    position = 0
    for oid in oids:
        end = content.index(b"\n", position)
        size_bytes = int(content[position:end].split()[2])
        found_contents[oid] = content[end + 1 : end + 1 + size_bytes]
        position = end + 2 + size_bytes
    return found_contents


def read_trees(
    repository: Path, oids: Sequence[str], limits: GitLimits
) -> dict[str, tuple[TreeEntry, ...]]:
    """The entries of several folders, by the folders' ids."""
    contents = read(repository, oids, "tree", MAX_TREE_BYTES, limits)
    return {oid: parse_tree(content) for oid, content in contents.items()}


def read_commit(repository: Path, oid: str, limits: GitLimits) -> CommitFacts:
    """What one commit says of itself."""
    return parse_commit(read(repository, [oid], "commit", MAX_COMMIT_BYTES, limits)[oid])


def parse_tree(content: bytes) -> tuple[TreeEntry, ...]:
    """The entries of a raw tree object, of a repository with ids of 20 bytes.

    Raises:
        HostileObjectError: it is malformed.
    """
    entries: list[TreeEntry] = []
    position = 0
    while position < len(content):
        match = _TREE_ENTRY.match(content, position)
        if match is None:
            raise HostileObjectError("a folder of the repository is malformed")
        entries.append(TreeEntry(int(match[1], 8), match[2], match[3].hex()))
        position = match.end()
    return tuple(entries)


def parse_commit(content: bytes) -> CommitFacts:
    """Tree and dates of a raw commit object.

    Raises:
        RepositoryError: it names no tree, which git itself would not have let through.
    """
    head = content.partition(b"\n\n")[0]
    tree = re.match(rb"tree ([0-9a-f]{40})\n", head)
    if tree is None:
        raise RepositoryError("a commit names no tree; look at this repository by hand")
    dates = {match[1]: _date(match[2]) for match in _PERSON.finditer(head)}
    return CommitFacts(tree[1].decode(), dates.get(b"author"), dates.get(b"committer"))


def _date(seconds: bytes) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (OverflowError, ValueError, OSError):
        return None
