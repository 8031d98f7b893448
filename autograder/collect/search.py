"""Finds an assignment's notebook in a commit, by its place or by its grade cells."""

from __future__ import annotations

from dataclasses import replace

from autograder.collect.objects import HostileObjectError, read
from autograder.collect.pins import Pins
from autograder.collect.theory import find_theory
from autograder.collect.tree_walk import find_entry, walk
from autograder.collect.wanted import Search, Wanted, take_file
from autograder.notebooks import UnreadableNotebookError, grade_id, parse

MAX_CANDIDATES = 50
_ADVICE = "clear its outputs and commit it again"


def search(pins: Pins, tree: str, wanted: Wanted) -> Search:
    """The notebook of `wanted` in a folder tree that is pinned, and the PDF with its theory.

    Where there is a PDF alone, the released notebook stands for the one that is missing.
    """
    result = find_notebook(pins, tree, wanted)
    if result.is_refused:
        return result
    theory = find_theory(pins, tree, wanted, result.found)
    notes = (*result.notes, *theory.notes)
    if result.found is None and theory.found and wanted.blank:
        notes = (*notes, "there is no notebook; the released one stands for it")
        result = replace(result, found=wanted.blank)
    return replace(result, notes=notes, theory=theory.found)


def find_notebook(pins: Pins, tree: str, wanted: Wanted) -> Search:
    """The notebook alone.

    The exact place is taken without a look at the rest. Otherwise every notebook with the released
    grade cells is a candidate; where two differ, none is taken.
    """
    try:
        exact = _at_exact_place(pins, tree, wanted)
        return exact if exact.found or exact.is_refused else _by_content(pins, tree, wanted, exact)
    except HostileObjectError as error:
        return Search(None, (str(error),), is_refused=True)


def _at_exact_place(pins: Pins, tree: str, wanted: Wanted) -> Search:
    folder = find_entry(pins, tree, wanted.assignment)
    if folder is None:
        return Search(None)
    if not folder.is_folder:
        return Search(None, (f"{wanted.assignment} is {folder.kind}; make it a folder",))
    entry = find_entry(pins, folder.oid, f"{wanted.assignment}.ipynb")
    if entry is None:
        return Search(None)
    if not entry.is_file:
        note = f"{wanted.path} is {entry.kind}; commit the notebook itself"
        return Search(None, (note,))
    return take_file(pins, entry.oid, wanted.path, wanted.max_mib, _ADVICE)


def _by_content(pins: Pins, tree: str, wanted: Wanted, exact: Search) -> Search:
    """Look for the released grade cells in every notebook; `exact` says what was odd so far."""
    odd = list(exact.notes)
    paths = dict(walk(pins, tree, [".ipynb"], f"put the notebook at {wanted.path}", odd))
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
    taken = take_file(pins, paths[fitting[0]], fitting[0], wanted.max_mib, _ADVICE)
    return Search(taken.found, (*odd, *taken.notes), taken.is_refused)


def _fits(pins: Pins, oid: str, path: str, wanted: Wanted, odd: list[str]) -> bool:
    """Whether the notebook has at least half of the released cells that nbgrader names."""
    taken = take_file(pins, oid, path, wanted.max_mib, _ADVICE)
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
