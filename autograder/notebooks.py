# pyright: strict, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
"""Pure functions on notebooks: read a hostile file, put its answers into the released frame."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

import nbformat
from nbformat import NotebookNode

CELL_TYPES = ("code", "markdown", "raw")
MAX_CELLS = 2_000  # an honest notebook has some hundred
ATTACHMENTS = ("image/png", "image/jpeg")  # what cannot run in a browser
_HIDDEN = re.compile(
    r"^[^\n]*### BEGIN HIDDEN TESTS.*?^[^\n]*### END HIDDEN TESTS[^\n]*\n?",
    re.DOTALL | re.MULTILINE,
)
_HIDDEN_FILE = re.compile(r"### BEGIN HIDDEN TESTS\s+# test_\w+\.py\s+### END HIDDEN TESTS")


class UnreadableNotebookError(ValueError):
    """A file is no notebook; the message says why, in words for the student."""


def parse(content: bytes) -> NotebookNode:
    """The notebook in a file that anyone may have written, with clean cells and no outputs.

    Raises: UnreadableNotebookError where there is none.
    """
    if not content.strip():
        raise UnreadableNotebookError("the file is empty")
    try:
        data: Any = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableNotebookError("the file is not UTF-8 text") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UnreadableNotebookError(f"the file is not JSON: {error.msg} at {where}") from error
    except RecursionError as error:
        raise UnreadableNotebookError("the file is nested too deep") from error
    except ValueError as error:  # an integer of thousands of digits
        raise UnreadableNotebookError("the file holds a number that cannot be read") from error
    if isinstance(data, dict) and isinstance(data.get("worksheets"), list):
        data = {"cells": [c for w in data["worksheets"] for c in _list_in(w, "cells")]}
    if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
        raise UnreadableNotebookError("the file is JSON, but not a notebook: it has no cells")
    cells = [clean_cell(cell) for cell in data["cells"][:MAX_CELLS]]
    known = [cell for cell in cells if cell is not None]
    return NotebookNode(cells=known, metadata=NotebookNode(), nbformat=4, nbformat_minor=5)


def clean_cell(data: Any) -> NotebookNode | None:
    """A cell made of the fields that we know, or None where it is none."""
    if not isinstance(data, dict):
        return None
    kind = data.get("cell_type")
    source: Any = data.get("source", data.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if kind not in CELL_TYPES or not isinstance(source, str):
        return None
    text = source.encode("utf-8", "replace").decode().replace("\x00", "\N{REPLACEMENT CHARACTER}")
    new = getattr(nbformat.v4, f"new_{kind}_cell")
    cell: NotebookNode = new(source=text)
    if isinstance(data.get("id"), str) and re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", data["id"]):
        cell.id = data["id"]
    name = _grade_id_of(data)
    if name:
        cell.metadata["nbgrader"] = {"grade_id": name}
    if kind == "markdown":
        _keep_attachments(cell, data.get("attachments"))
    return cell


def conform(released: NotebookNode, submitted: NotebookNode) -> tuple[NotebookNode, list[str]]:
    """The released notebook with the student's answers in it, and what had to be put right.

    Locked cells, points and order are the released ones; answers are found by their grade_id;
    everything else that the student added stays where it stood.
    """
    problems: list[str] = []
    frame = {grade_id(cell): cell for cell in released.cells if grade_id(cell)}
    plain = {cell.id: cell for cell in released.cells if not grade_id(cell)}
    answers = _answers(frame, submitted.cells, problems)
    mine: dict[str, NotebookNode] = {}  # released cells without grade_id, as the student has them
    extras: dict[str, list[NotebookNode]] = {"": []}
    anchor = ""
    taken = {cell.id for cell in released.cells}
    by_source = {(c.cell_type, c.source): c.id for c in plain.values()}
    for cell in submitted.cells:
        name = grade_id(cell)
        key = cell.id if cell.id in plain else by_source.get((cell.cell_type, cell.source), "")
        if name in frame and name is not None:
            anchor = frame[name].id
            continue
        if key and key not in mine:
            mine[key] = cell
            anchor = key
            continue
        extras.setdefault(anchor, []).append(_own_cell(cell, taken))
    result = copy.deepcopy(released)
    result.cells = _joined(result.cells, answers, mine, extras)
    return strip_outputs(result), problems


def _answers(
    frame: Mapping[str | None, NotebookNode], cells: Iterable[NotebookNode], problems: list[str]
) -> dict[str, NotebookNode]:
    """The student's cell for each answer cell; of copies, the last that was worked on."""
    found: dict[str, list[NotebookNode]] = {}
    for cell in cells:
        name = grade_id(cell)
        if name is not None and name in frame:
            found.setdefault(name, []).append(cell)
    answers: dict[str, NotebookNode] = {}
    for name, own in frame.items():
        copies = found.get(cast(str, name), [])
        if not copies:
            problems.append(f"cell {name!r} was missing and was put back as it was released")
            continue
        if len(copies) > 1:
            problems.append(f"cell {name!r} stood {len(copies)} times; one of them was graded")
        if is_solution(own):
            worked = [c for c in copies if c.source.strip() != own.source.strip()]
            answers[cast(str, name)] = (worked or copies)[-1]
    return answers


def _joined(
    released: Iterable[NotebookNode],
    answers: Mapping[str, NotebookNode],
    mine: Mapping[str, NotebookNode],
    extras: Mapping[str, list[NotebookNode]],
) -> list[NotebookNode]:
    cells = list(extras[""])
    for cell in released:
        theirs = answers.get(grade_id(cell) or "") or mine.get(cell.id)
        if theirs is not None:
            cell.source = theirs.source
            if cell.cell_type == "markdown" and theirs.get("attachments"):
                cell.attachments = theirs.attachments
        cells += [cell, *extras.get(cell.id, [])]
    return cells


def grade_id(cell: NotebookNode) -> str | None:
    """nbgrader's name of a cell, or None where it has none."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def is_grade(cell: NotebookNode) -> bool:
    """Whether the cell carries points."""
    return bool(cell.metadata.get("nbgrader", {}).get("grade"))


def is_solution(cell: NotebookNode) -> bool:
    """Whether the student writes in the cell."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def points(cell: NotebookNode) -> float:
    """The points of a grade cell."""
    return float(cell.metadata.nbgrader.points)


def strip_outputs(notebook: NotebookNode) -> NotebookNode:
    """The notebook without outputs and execution counts (changed in place, and returned)."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None
    return notebook


def without_hidden_tests(source: str) -> str:
    """A cell's text without its hidden-test regions."""
    return _HIDDEN.sub("", source).rstrip()


def has_own_tests(source: NotebookNode) -> bool:
    """Whether a source notebook is in nbgrader's own format: grade cells with code that judges, and
    none whose hidden region only names a file of hidden tests."""
    cells = [c for c in source.cells if c.cell_type == "code" and is_grade(c)]
    tests = [cell.source for cell in cells if not is_solution(cell)]
    names_a_file = any(_HIDDEN_FILE.search(text) for text in tests)
    return not names_a_file and any(_has_code(text) for text in tests)


def _has_code(source: str) -> bool:
    lines = (line.strip() for line in source.splitlines())
    return any(line and not line.startswith("#") for line in lines)


def to_text(notebook: NotebookNode) -> str:
    """The notebook as it is stored: indent 1, sorted keys, a newline at the end."""
    body = nbformat.from_dict(notebook)
    return json.dumps(body, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _grade_id_of(data: Mapping[str, Any]) -> str | None:
    metadata: Any = data.get("metadata")
    nbgrader: Any = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name: Any = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return name if isinstance(name, str) and name else None


def _keep_attachments(cell: NotebookNode, attachments: Any) -> None:
    """Keeps images that a student pasted into a Markdown cell, and nothing else."""
    if not isinstance(attachments, dict):
        return
    kept: dict[str, dict[str, str]] = {}
    for name, forms in attachments.items():
        if isinstance(forms, dict):
            images = {k: v for k, v in forms.items() if k in ATTACHMENTS and isinstance(v, str)}
            kept[str(name).encode("utf-8", "replace").decode()] = images
    if any(kept.values()):
        cell["attachments"] = nbformat.from_dict({k: v for k, v in kept.items() if v})


def _list_in(data: Any, key: str) -> list[Any]:
    value: Any = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, list) else []


def _own_cell(cell: NotebookNode, taken: set[str]) -> NotebookNode:
    """A cell that the student added, without metadata, under an id that no other cell has."""
    own = copy.deepcopy(cell)
    own.metadata = NotebookNode()
    base, number = own.id[:58], 1
    while own.id in taken:
        number += 1
        own.id = f"{base}-{number}"
    taken.add(own.id)
    return own
