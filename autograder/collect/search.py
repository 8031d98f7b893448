"""Finds an assignment's notebook in a commit, by its place or by its grade cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from autograder.collect.objects import (
    HostileObjectError,
    TreeEntry,
    inspect,
    read,
    read_trees,
)
from autograder.collect.pins import Pins
from autograder.notebooks import UnreadableNotebookError, grade_id, parse
from autograder.repositories.git import printable

MAX_DEPTH = 12
MAX_ENTRIES = 2000
MAX_CANDIDATES = 50
_NAME = re.compile(r"\w[\w .()\[\]{}+,&@!#%=~'-]{0,199}")
_SKIPPED = frozenset({"feedback", "__pycache__", "node_modules"})  # never a student's own work


@dataclass(frozen=True, slots=True)
class NotebookFile:
    """A notebook in a commit. Two of the same content are equal, wherever they lie."""

    blob: str
    path: str = field(compare=False)
    size: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Search:
    """What was found: a notebook, or the reasons for none; `is_refused` where it may not be taken.

    `notes` are for the instructor and the student.
    """

    found: NotebookFile | None
    notes: tuple[str, ...] = ()
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """The assignment, nbgrader's names of its released cells, and how large its notebook may be."""

    assignment: str
    cells: frozenset[str]
    max_mib: int

    @property
    def path(self) -> str:
        return f"{self.assignment}/{self.assignment}.ipynb"


def search(pins: Pins, tree: str, wanted: Wanted) -> Search:
    """The notebook of `wanted` in a folder tree that is pinned.

    The exact place is taken without a look at the rest. Otherwise every notebook with the released
    grade cells is a candidate; where two differ, none is taken.
    """
    try:
        exact = _at_exact_place(pins, tree, wanted)
        return exact if exact.found or exact.is_refused else _by_content(pins, tree, wanted, exact)
    except HostileObjectError as error:
        return Search(None, (str(error),), is_refused=True)


def _at_exact_place(pins: Pins, tree: str, wanted: Wanted) -> Search:
    folder = _entry(pins, tree, wanted.assignment)
    if folder is None:
        return Search(None)
    if not folder.is_folder:
        return Search(None, (f"{wanted.assignment} is {folder.kind}; make it a folder",))
    entry = _entry(pins, folder.oid, f"{wanted.assignment}.ipynb")
    if entry is None:
        return Search(None)
    if not entry.is_file:
        note = f"{wanted.path} is {entry.kind}; commit the notebook itself"
        return Search(None, (note,))
    return _take(pins, entry.oid, wanted.path, wanted)


def _by_content(pins: Pins, tree: str, wanted: Wanted, exact: Search) -> Search:
    """Look for the released grade cells in every notebook; `exact` says what was odd so far."""
    odd = list(exact.notes)
    paths = dict(_notebooks(pins, tree, wanted, odd))
    if len(paths) > MAX_CANDIDATES:
        odd.append(f"{len(paths)} notebooks; put yours at {wanted.path}")
        return Search(None, tuple(odd), is_refused=True)
    fitting = [path for path, oid in sorted(paths.items()) if _fits(pins, oid, path, wanted, odd)]
    if not fitting:
        there = ", ".join(sorted(paths)[:5]) or "none"
        odd.append(f"no notebook of {wanted.assignment} at {wanted.path}; notebooks there: {there}")
        return Search(None, tuple(odd), is_refused=bool(exact.notes))
    if len({paths[path] for path in fitting}) > 1:
        names = " and ".join(fitting)
        odd.append(f"{names} could both be {wanted.assignment}; keep one, at {wanted.path}")
        return Search(None, tuple(odd), is_refused=True)
    odd.append(f"taken from {fitting[0]}, by its grade cells, not from {wanted.path}")
    taken = _take(pins, paths[fitting[0]], fitting[0], wanted)
    return Search(taken.found, (*odd, *taken.notes), taken.is_refused)


def _take(pins: Pins, oid: str, path: str, wanted: Wanted) -> Search:
    """The file, once its size is known; its content may still have to be fetched."""
    info = inspect(pins.repository, oid, pins.limits)
    if info is None:
        pins.fetch_blob(oid, wanted.max_mib)
        info = inspect(pins.repository, oid, pins.limits)
    if info is None or info.kind != "blob":
        return Search(None, (f"{path} is no file; commit it again",), is_refused=True)
    if info.size > wanted.max_mib * 2**20:
        note = (
            f"{path} has {info.size / 2**20:.0f} MiB; at most {wanted.max_mib} are taken: "
            "clear its outputs and commit it again"
        )
        return Search(None, (note,), is_refused=True)
    return Search(NotebookFile(oid, path, info.size))


def _fits(pins: Pins, oid: str, path: str, wanted: Wanted, odd: list[str]) -> bool:
    """Whether the notebook has at least half of the released cells that nbgrader names."""
    taken = _take(pins, oid, path, wanted)
    if taken.found is None:
        odd.extend(taken.notes)
        return False
    content = read(pins.repository, [oid], "blob", wanted.max_mib * 2**20, pins.limits)[oid]
    try:
        notebook = parse(content)
    except UnreadableNotebookError:
        return False
    cells = {grade_id(cell) for cell in notebook.cells}
    return bool(wanted.cells) and 2 * len(cells & wanted.cells) >= len(wanted.cells)


def _notebooks(pins: Pins, tree: str, wanted: Wanted, odd: list[str]) -> Iterator[tuple[str, str]]:
    """Path and id of every notebook below `tree`, folder level by folder level.

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
                raise HostileObjectError(
                    f"more than {MAX_ENTRIES} files and folders; put the notebook at {wanted.path}"
                )
            for path, entry in _plain(prefix, trees[oid], odd):
                if entry.is_folder:
                    below[path] = entry.oid
                else:
                    yield path, entry.oid
        if not below:
            return
        level = below
    raise HostileObjectError(
        f"folders are nested more than {MAX_DEPTH} deep; put the notebook at {wanted.path}"
    )


def _plain(
    prefix: str, entries: tuple[TreeEntry, ...], odd: list[str]
) -> Iterator[tuple[str, TreeEntry]]:
    """The folders and notebooks among the entries that have plain names."""
    for entry in entries:
        is_notebook = entry.name.lower().endswith(b".ipynb")
        name = entry.name.decode("utf-8", "replace")
        if name.startswith(".") or name in _SKIPPED or not (is_notebook or entry.is_folder):
            continue
        if not _NAME.fullmatch(name):
            odd.append(f"the name {printable(name, 80)!a} was skipped; use letters and digits")
        elif is_notebook and not entry.is_file:
            odd.append(f"{prefix}{name} is {entry.kind}; it was skipped")
        elif is_notebook:
            yield f"{prefix}{name}", entry
        else:
            yield f"{prefix}{name}/", entry


def _entry(pins: Pins, tree: str, name: str) -> TreeEntry | None:
    """The entry called exactly `name` in one folder.

    Raises:
        HostileObjectError: there are two of that name.
    """
    same = [
        e for e in read_trees(pins.repository, [tree], pins.limits)[tree] if e.name == name.encode()
    ]
    if len(same) > 1:
        raise HostileObjectError(f"{name} is there {len(same)} times; make the repository anew")
    return same[0] if same else None
