"""Whole files: hostile JSON, metadata that claims points, cells that collide."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.attacks.attack import Attack
from tests.grading import small

WRONG = "def norm(x, p): return 0"
SCRIPT = "<script>alert(1)</script>"


def _plain(**changes: Any) -> dict[str, Any]:
    return json.loads(small.text(small.notebook(WRONG))) | changes


def _cell(source: Any, name: Any = None, kind: Any = "code", **more: Any) -> dict[str, Any]:
    meta = {} if name is None else {"nbgrader": {"grade_id": name} | more}
    return {"cell_type": kind, "source": source, "metadata": meta, "outputs": [], "id": "x"}


def _with(*cells: dict[str, Any]) -> bytes:
    notebook = _plain()
    notebook["cells"] += list(cells)
    return json.dumps(notebook).encode()


def _changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    notebook = _plain()
    for cell in notebook["cells"]:
        change(cell)
    return json.dumps(notebook).encode()


def _points() -> bytes:
    def change(cell: dict[str, Any]) -> None:
        cell["metadata"].setdefault("nbgrader", {}).update(points=1e9, grade=True, solution=False)
        cell["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "10"}}]

    return _changed(change)


def _tests() -> bytes:
    def change(cell: dict[str, Any]) -> None:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["source"] = "pass"

    return _changed(change)


def _duplicates() -> bytes:
    text = json.dumps(_plain()).replace(
        '"cell_type": "code"', '"cell_type": "markdown", "source": "", "cell_type": "code"'
    )
    return text.replace('"points": 10', '"points": 10, "points": 99, "grade": false').encode()


def _swapped() -> bytes:
    def change(cell: dict[str, Any]) -> None:
        meta = cell["metadata"].get("nbgrader", {})
        names = {"norm": "norm_answer", "norm_answer": "norm", "prose": "add", "add": "prose"}
        meta["grade_id"] = names.get(meta.get("grade_id"), meta.get("grade_id"))

    return _changed(change)


def _active() -> bytes:
    notebook = _plain(metadata={"language_info": {"name": SCRIPT, "nbconvert_exporter": "x"}})
    for cell in notebook["cells"]:
        cell["outputs"] = [{"output_type": "display_data", "data": {"text/html": SCRIPT}}]
        cell["attachments"] = {SCRIPT: {"text/html": SCRIPT, "image/svg+xml": SCRIPT}}
        cell["metadata"] |= {"tags": [SCRIPT], "slideshow": SCRIPT}
    return json.dumps(notebook).encode()


ATTACKS = (
    Attack("deep nesting", "nests a hundred thousand lists", content=lambda: b"[" * 100_000),
    Attack(
        "deep metadata",
        "nests objects inside the metadata of a cell",
        content=lambda: (
            b'{"cells": [{"cell_type": "code", "metadata": '
            + b'{"a":' * 900
            + b"1"
            + b"}" * 900
            + b', "source": ""}]}'
        ),
    ),
    Attack(
        "huge integers",
        "numbers of a million digits as format, points and execution count",
        content=lambda: b'{"nbformat": ' + b"9" * 10**6 + b', "cells": []}',
    ),
    Attack(
        "not a number",
        "NaN and infinities, which JSON does not have",
        content=lambda: _with(_cell("", "norm", points=float("nan"), schema_version=float("inf"))),
    ),
    Attack("duplicate keys", "keys that stand twice, so that readers differ", content=_duplicates),
    Attack("claimed points", "points, outputs and flags of its own in each cell", content=_points),
    Attack("tests of its own", "replaces the locked grade cells", content=_tests),
    Attack("swapped names", "calls grade cells answers, and answers grade cells", content=_swapped),
    Attack(
        "colliding names",
        "a thousand cells that all say they are the answer",
        content=lambda: _with(*[_cell(WRONG, "norm_answer") for _ in range(1000)]),
    ),
    Attack(
        "strange names",
        "grade ids of every type and size, paths and format strings among them",
        content=lambda: _with(
            *[
                _cell("", name)
                for name in (
                    "x" * 10**6,
                    "../../etc/passwd",
                    "{0.__class__}",
                    "%s" * 99,
                    7,
                    [],
                    {},
                    None,
                    True,
                    "number 3",
                    "\ud800",
                    "\x00",
                    "norm\n",
                    "Norm",
                    SCRIPT,
                )
            ]
        ),
    ),
    Attack(
        "strange cells",
        "cells, sources and metadata of every type",
        content=lambda: json.dumps(
            {
                "cells": [
                    7,
                    None,
                    [],
                    {},
                    "x",
                    *_plain()["cells"],
                    _cell(7),
                    _cell([1, "x", None]),
                    _cell({}),
                    _cell("", kind=[]),
                    _cell("", kind="__class__"),
                    _cell("\ud800\x00"),
                    {"cell_type": "code"},
                    {"cell_type": "code", "source": "", "metadata": []},
                ],
                "metadata": 7,
                "nbformat": "x",
                "nbformat_minor": -1,
            }
        ).encode(),
    ),
    Attack(
        "another kernel",
        "a kernel that starts a program of its own",
        content=lambda: json.dumps(
            _plain(
                metadata={
                    "kernelspec": {
                        "name": "../../bash",
                        "argv": ["sh", "-c", "id"],
                        "display_name": SCRIPT,
                    }
                }
            )
        ).encode(),
    ),
    Attack(
        "an old format",
        "a notebook of format 3, with worksheets",
        content=lambda: json.dumps(
            {
                "worksheets": [{"cells": [{"cell_type": "code", "input": WRONG}]}, 7, {"cells": 7}],
                "nbformat": 3,
            }
        ).encode(),
    ),
    Attack("active contents", "scripts in outputs, attachments and metadata", content=_active),
    Attack(
        "too many cells",
        "a hundred thousand cells",
        content=lambda: (
            b'{"cells": ['
            + b'{"cell_type":"code","source":"1"},' * 99_999
            + b'{"cell_type":"code","source":"1"}]}'
        ),
    ),
    Attack("too large", "a file larger than allowed", content=lambda: b" " * (9 * 2**20)),
    Attack(
        "other encodings",
        "UTF-16, a byte order mark, and bytes that are no text",
        content=lambda: b"\xff\xfe" + json.dumps(_plain()).encode("utf-16-le"),
    ),
    Attack(
        "a pickle",
        "an object that runs code when it is read",
        content=lambda: b"cos\nsystem\n(S'true'\ntR.",
    ),
    Attack("an archive", "a compressed file", content=lambda: b"PK\x03\x04" + b"\0" * 1000),
    Attack("nothing", "a file without a byte", content=lambda: b""),
    Attack(
        "a hard cell for readers",
        "regular expressions and region markers that take long to match",
        content=lambda: _with(
            _cell("### BEGIN HIDDEN TESTS\n" * 20_000),
            _cell(("### BEGIN SOLUTION " + " " * 50) * 5_000, kind="markdown"),
        ),
    ),
)
