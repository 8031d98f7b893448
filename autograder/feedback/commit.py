# pyright: strict
"""The tree with the feedback in it, made of Git's objects alone: nothing is ever checked out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from autograder.repositories.commits import (
    FILE,
    TREE,
    id_of,
    read_entries,
    tree_of,
    write_blob,
    write_entries,
)

FOLDER = b"feedback"


def feedback_tree(repository: Path, base: str, assignment: str, files: Mapping[str, bytes]) -> str:
    """The id of `base`'s tree with the folder feedback/<assignment>/ replaced by `files`.

    All else in it is taken as it stands, by name and id, and never looked into.
    """
    own = {
        name.encode(): FILE + b" " + write_blob(repository, content).encode()
        for name, content in files.items()
    }
    root = read_entries(repository, tree_of(repository, base))
    found = root.get(FOLDER, b"")
    inside = read_entries(repository, id_of(found)) if found.startswith(TREE + b" ") else {}
    inside[assignment.encode()] = TREE + b" " + write_entries(repository, own).encode()
    root[FOLDER] = TREE + b" " + write_entries(repository, inside).encode()
    return write_entries(repository, root)
