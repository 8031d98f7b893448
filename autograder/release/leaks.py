"""What a released folder would show students that they must not see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.notebooks import grade_id

MARKER = re.compile(r"(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)")
HIDDEN_REGIONS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
HIDDEN_TEST_FILE = re.compile(rb"grade_cell\s*\(|\bmistaken?(_cell)?\s*\(")
TELLING_LENGTH = 20  # shorter lines, as `return x`, stand in many places without telling anything
# a signature or an import stands in the question as well
_PLAIN = re.compile(r"(import|from|def|class|@|#|\"\"\"|''')")


def find(source: Path, released: Path) -> tuple[str, ...]:
    """What the folder `released`, made from the folder `source`, shows that it must not."""
    secret: dict[str, str] = {}
    for path in sorted(source.glob("*.ipynb")):
        secret |= secret_lines(nbformat.read(path, as_version=4))
    problems: list[str] = []
    for path in sorted(p for p in released.rglob("*") if p.is_file()):
        name = path.relative_to(released).as_posix()
        if path.suffix == ".ipynb":
            notebook = nbformat.read(path, as_version=4)
            problems += [f"{name}: {problem}" for problem in in_notebook(notebook, secret)]
        else:
            problems += [f"{name}: {problem}" for problem in _in_file(path, secret)]
    return tuple(problems)


def secret_lines(source: NotebookNode) -> dict[str, str]:
    """Each telling line of a solution or a hidden test, with the name of the cell it stands in."""
    found: dict[str, str] = {}
    for number, cell in enumerate(source.cells, start=1):
        for line in _hidden_lines(cell.source.splitlines()):
            if len(line) >= TELLING_LENGTH and not _PLAIN.match(line):
                found.setdefault(line, _name(cell, number))
    return found


def in_notebook(notebook: NotebookNode, secret: dict[str, str]) -> Iterator[str]:
    """Each cell of a notebook that has outputs, a marker, or a secret line; a problem each."""
    for number, cell in enumerate(notebook.cells, start=1):
        where = f"cell {_name(cell, number)}"
        if cell.get("outputs"):
            yield f"{where} has outputs; a released notebook has none"
        if cell.get("execution_count") is not None:
            yield f"{where} has an execution count; a released notebook has none"
        yield from (f"{where} {problem}" for problem in _in_text(cell.source, secret))


def _in_file(path: Path, secret: dict[str, str]) -> Iterator[str]:
    content = path.read_bytes()
    if HIDDEN_TEST_FILE.search(content):
        yield "the file holds hidden tests; keep them outside the source folder"
    yield from (f"the file {problem}" for problem in _in_text(content.decode("latin-1"), secret))


def _in_text(text: str, secret: dict[str, str]) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        if marker := MARKER.search(line):
            yield f"has the marker {marker[0]!r} in line {number}; move it to a cell that is marked"
        elif line.strip() in secret:
            owner = secret[line.strip()]
            yield f"repeats in line {number} what is hidden in cell {owner}; take it out there"


def _hidden_lines(lines: Iterable[str]) -> Iterator[str]:
    is_hidden = False
    for line in lines:
        marker = MARKER.search(line)
        if marker:
            is_hidden = marker[1] == "BEGIN"
        elif is_hidden:
            yield line.strip()


def _name(cell: NotebookNode, number: int) -> str:
    return repr(grade_id(cell)) if grade_id(cell) else f"number {number}"
