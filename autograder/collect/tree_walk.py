"""Goes through the folders of a commit, with limits on their number, depth and names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from autograder.collect.objects import HostileObjectError, TreeEntry, read_trees
from autograder.collect.pins import Pins
from autograder.repositories.git import printable

MAX_DEPTH = 12
MAX_ENTRIES = 2000
_NAME = re.compile(r"\w[\w .()\[\]{}+,&@!#%=~'-]{0,199}")
_SKIPPED = frozenset({"feedback", "__pycache__", "node_modules"})  # never a student's own work


def walk(
    pins: Pins, tree: str, suffixes: Sequence[str], advice: str, odd: list[str]
) -> Iterator[tuple[str, str]]:
    """Path and id of every file below `tree` that ends so, folder level by folder level.

    What was skipped is said in `odd`.

    Raises:
        HostileObjectError: there are more entries or levels than any honest repository has.
    """
    level = {"": tree}
    entries = 0
    for _ in range(MAX_DEPTH):
        trees = read_trees(pins.repository, sorted(set(level.values())), pins.limits)
        below: dict[str, str] = {}
        for prefix, oid in level.items():
            entries += len(trees[oid])
            if entries > MAX_ENTRIES:
                raise HostileObjectError(f"more than {MAX_ENTRIES} files and folders; {advice}")
            for path, entry in _plain(prefix, trees[oid], tuple(suffixes), odd):
                if entry.is_folder:
                    below[path] = entry.oid
                else:
                    yield path, entry.oid
        if not below:
            return
        level = below
    raise HostileObjectError(f"folders are nested more than {MAX_DEPTH} deep; {advice}")


def find_entry(pins: Pins, tree: str, name: str) -> TreeEntry | None:
    """The entry called exactly `name` in one folder.

    Raises:
        HostileObjectError: there are two of that name.
    """
    entries = read_trees(pins.repository, [tree], pins.limits)[tree]
    same = [entry for entry in entries if entry.name == name.encode()]
    if len(same) > 1:
        raise HostileObjectError(f"{name} is there {len(same)} times; make the repository anew")
    return same[0] if same else None


def _plain(
    prefix: str, entries: tuple[TreeEntry, ...], suffixes: tuple[str, ...], odd: list[str]
) -> Iterator[tuple[str, TreeEntry]]:
    """The folders and wanted files among the entries that have plain names."""
    for entry in entries:
        name = entry.name.decode("utf-8", "replace")
        is_wanted = name.lower().endswith(suffixes)
        if name.startswith(".") or name in _SKIPPED or not (is_wanted or entry.is_folder):
            continue
        if not _NAME.fullmatch(name):
            odd.append(f"the name {printable(name, 80)!a} was skipped; use letters and digits")
        elif is_wanted and not entry.is_file:
            odd.append(f"{prefix}{name} is {entry.kind}; it was skipped")
        elif is_wanted:
            yield f"{prefix}{name}", entry
        else:
            yield f"{prefix}{name}/", entry
