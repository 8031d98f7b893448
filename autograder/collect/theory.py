"""Finds the PDF in which a student wrote the theory of an assignment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from autograder.collect.objects import HostileObjectError, read
from autograder.collect.pins import Pins
from autograder.collect.tree_walk import find_entry, walk
from autograder.collect.wanted import MAX_THEORY_MIB, THEORY, FoundFile, Search, Wanted, take_file

MAGIC = b"%PDF-"
# what people call homework, and a number behind it: HW1, hw-01, homework_1, theory1, Problem set 1
_NUMBERED = re.compile(
    r"(?<![a-z])(?:hw|home[ _-]?works?|assignments?|problem[ _-]?sets?|pset|exercises?|sheet"
    r"|theory)[ _.#-]*0*(\d{1,2})(?!\d)"
)
_BARE = re.compile(r"0*(\d{1,2})")


def find_theory(pins: Pins, tree: str, wanted: Wanted, notebook: FoundFile | None) -> Search:
    """The PDF of `wanted` in a folder tree that is pinned; where two fit, neither is taken.

    A PDF that is missing, doubtful or none keeps nobody's notebook back: it is only said.
    """
    try:
        path, oid, notes = _choose(pins, tree, wanted, notebook)
        if path is None or oid is None:
            return Search(None, notes)
        taken = _take(pins, oid, path)
    except HostileObjectError as error:
        return Search(None, (f"no PDF was taken: {error}",))
    return Search(taken.found, (*notes, *taken.notes))


def _choose(
    pins: Pins, tree: str, wanted: Wanted, notebook: FoundFile | None
) -> tuple[str | None, str | None, tuple[str, ...]]:
    """Path and id of the one that fits best, or neither and why."""
    odd: list[str] = []
    try:
        advice = f"put it at {wanted.theory_path}"
        files = dict(walk(pins, tree, [".pdf", ".ipynb"], advice, odd))
    except HostileObjectError:
        oid = _at_exact_place(pins, tree, wanted)
        if oid is None:
            raise
        return wanted.theory_path, oid, ()
    notes = tuple(note for note in odd if ".pdf" in note.lower())
    pdfs = {
        path: oid
        for path, oid in files.items()
        if path.lower().endswith(".pdf") and oid not in wanted.given
    }
    beside = None
    if notebook is not None and notebook.path:
        folder = PurePosixPath(notebook.path).parent
        alone = [p for p in files if p.endswith(".ipynb") and PurePosixPath(p).parent == folder]
        beside = folder if len(alone) == 1 else None
    fitting = fit(pdfs, wanted.assignment, beside)
    if not fitting:
        return None, None, (*notes, *_doubtful(pdfs, wanted))
    if len({pdfs[path] for path in fitting}) > 1:
        names = " and ".join(fitting[:5])
        note = f"{names} could both be the theory of {wanted.assignment}; none was taken, keep one"
        return None, None, (*notes, f"{note}, at {wanted.theory_path}")
    return fitting[0], pdfs[fitting[0]], notes


def fit(pdfs: Mapping[str, str], assignment: str, beside: PurePosixPath | None) -> tuple[str, ...]:
    """The paths that fit equally well, better than all others.

    First the exact place; then the assignment's own folder; then a name that has the assignment's
    name or number; then the folder `beside`, of the notebook that was found elsewhere. What has
    another assignment's number never fits.
    """
    paths = {path: PurePosixPath(path) for path in sorted(pdfs)}
    own = _own_number(assignment)
    groups = (
        [p for p in paths if p == f"{assignment}/{THEORY}"],
        [
            p
            for p, path in paths.items()
            if str(path.parent) == assignment and number_of(path.stem) in (None, own)
        ],
        [p for p, path in paths.items() if _names(path, assignment, own)],
        [p for p, path in paths.items() if path.parent == beside and number_of(path.stem) is None],
    )
    return next((tuple(group) for group in groups if group), ())


def number_of(name: str) -> int | None:
    """The number of the homework that a file or folder of this name belongs to, if it says one."""
    found = _NUMBERED.search(name.lower()) or _BARE.fullmatch(name)
    return int(found[1]) if found else None


def _names(path: PurePosixPath, assignment: str, own: int | None) -> bool:
    """Whether the innermost name that says anything says this assignment."""
    for name in (path.stem, *(part.name for part in path.parents if part.name)):
        if assignment.lower() in name.lower():
            return True
        number = number_of(name)
        if number is not None:
            return number == own
    return False


def _own_number(assignment: str) -> int | None:
    found = re.search(r"\d+", assignment)
    return int(found[0]) if found else None


def _doubtful(pdfs: Mapping[str, str], wanted: Wanted) -> tuple[str, ...]:
    """What to say about PDFs in the root that name no assignment."""
    bare = [p for p in sorted(pdfs) if "/" not in p and number_of(PurePosixPath(p).stem) is None]
    if not bare:
        return ()
    is_are = "does" if len(bare) == 1 else "do"
    names = ", ".join(bare[:5])
    return (f"{names} {is_are} not say which assignment; theory belongs at {wanted.theory_path}",)


def _at_exact_place(pins: Pins, tree: str, wanted: Wanted) -> str | None:
    folder = find_entry(pins, tree, wanted.assignment)
    if folder is None or not folder.is_folder:
        return None
    entry = find_entry(pins, folder.oid, THEORY)
    return entry.oid if entry and entry.is_file and entry.oid not in wanted.given else None


def _take(pins: Pins, oid: str, path: str) -> Search:
    """The file, where it is not too large and begins as a PDF does; its name decides nothing."""
    taken = take_file(pins, oid, path, MAX_THEORY_MIB, "scan it with fewer points")
    if taken.found is None:
        return taken
    content = read(pins.repository, [oid], "blob", MAX_THEORY_MIB * 2**20, pins.limits)[oid]
    if not content.startswith(MAGIC):
        begins = content[:8].decode("ascii", "backslashreplace")
        note = f"{path} is no PDF and was not taken: it begins with {begins!a}; export it anew"
        return Search(None, (note,))
    return Search(taken.found, (f"theory: {path}",))
