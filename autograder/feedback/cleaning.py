"""A student's notebook as it may be shown: no hidden tests, nothing that runs in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import nbformat
from nbformat import NotebookNode

from autograder import notebooks
from autograder.feedback import escape

SHOWN = ("image/png", "image/jpeg", "text/latex", "text/markdown", "text/plain")
OUR_IDS = "autograder"
_NBGRADER_KEYS = ("grade_id", "grade", "solution", "locked", "task", "points", "cell_type")
_REGIONS = ("HIDDEN TESTS", "MARK SCHEME")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")


def clean(notebook: NotebookNode) -> NotebookNode:
    """A copy made of the fields that we know, the student's own words and pictures in it.

    Regions of hidden tests are gone, and what an output may have quoted of them.
    """
    cells = [_clean_cell(cell, number) for number, cell in enumerate(notebook.get("cells", []))]
    _make_ids_unique(cells)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    result = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return cast(NotebookNode, nbformat.from_dict(result))


def without_regions(source: str) -> str:
    """`source` without hidden tests and mark schemes; an open one takes all that follows."""
    source = notebooks.without_hidden_tests(source)
    for region in _REGIONS:
        begin = rf"^[^\n]*###[ \t]*BEGIN[ \t]+{region}"
        end = rf"(?:^[^\n]*###[ \t]*END[ \t]+{region}[^\n]*\n?|\Z)"
        source = re.sub(rf"{begin}.*?{end}", "", source, flags=re.DOTALL | re.MULTILINE)
    return source.rstrip()


def _clean_cell(cell: Mapping[str, Any], number: int) -> dict[str, Any]:
    kind = cell.get("cell_type")
    kind = kind if kind in notebooks.CELL_TYPES else "raw"
    source = _text(cell.get("source"))
    shown = without_regions(source)
    clean: dict[str, Any] = {
        "cell_type": kind,
        "id": _id(cell.get("id"), number),
        "metadata": _metadata(cell),
        "source": shown if kind == "code" else escape.unseal(shown),
    }
    if kind == "code":
        count = cell.get("execution_count")
        clean["execution_count"] = count if isinstance(count, int) else None
        clean["outputs"] = list(_outputs(cell.get("outputs"), _hidden_lines(source, shown)))
    elif kind == "markdown" and cell.get("attachments"):
        clean["attachments"] = _attachments(cell["attachments"])
    return clean


def _hidden_lines(source: str, shown: str) -> set[str]:
    lines = {line.strip() for line in source.splitlines()}
    return lines - {line.strip() for line in shown.splitlines()} - {""}


def _outputs(outputs: object, hidden: set[str]) -> Iterator[dict[str, Any]]:
    """The outputs that may be shown: none of a cell with hidden code, which may quote it."""
    if not isinstance(outputs, list) or any(not line.startswith("#") for line in hidden):
        return
    for output in outputs:
        if not isinstance(output, Mapping) or _is_ours(output):
            continue
        kind = output.get("output_type")
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            text = _shown(output.get("text"), hidden)
            yield {"output_type": "stream", "name": name, "text": text}
        elif kind == "error":
            yield _error(output, hidden)
        elif kind in ("display_data", "execute_result"):
            shown: dict[str, Any] = {"output_type": kind, "metadata": {}}
            shown["data"] = _data(output.get("data"), hidden)
            if kind == "execute_result":
                count = output.get("execution_count")
                shown["execution_count"] = count if isinstance(count, int) else None
            yield shown


def _is_ours(output: Mapping[str, Any]) -> bool:
    metadata = output.get("metadata")
    return isinstance(metadata, Mapping) and metadata.get("autograder") is True


def _error(output: Mapping[str, Any], hidden: set[str]) -> dict[str, Any]:
    lines = output.get("traceback")
    lines = lines if isinstance(lines, list) else []
    return {
        "output_type": "error",
        "ename": _shown(output.get("ename"), hidden),
        "evalue": _shown(output.get("evalue"), hidden),
        "traceback": [_shown(line, hidden) for line in lines if isinstance(line, str)],
    }


def _data(data: object, hidden: set[str]) -> dict[str, str]:
    data = data if isinstance(data, Mapping) else {}
    shown: dict[str, str] = {}
    for form in SHOWN:
        value = _text(data.get(form))
        if form.startswith("image/"):
            if value and _BASE64.fullmatch(value):
                shown[form] = value
        elif value:
            text = _shown(value, hidden)
            shown[form] = text if form == "text/plain" else escape.unseal(text)
    if not shown:
        kinds = ", ".join(sorted(escape.plain(str(kind))[:40] for kind in data)) or "no kind"
        shown["text/plain"] = f"(an output of {kinds}, which is not shown here)"
    return shown


def _shown(value: object, hidden: set[str]) -> str:
    text = escape.plain(escape.shorten(_text(value)))
    if not hidden:
        return text
    return "\n".join(line for line in text.split("\n") if not _quotes(line, hidden))


def _quotes(line: str, hidden: set[str]) -> bool:
    return any(secret in line for secret in hidden)


def _text(value: object) -> str:
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _metadata(cell: Mapping[str, Any]) -> dict[str, Any]:
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    if not isinstance(nbgrader, Mapping):
        return {}
    kept = {
        k: nbgrader[k] for k in _NBGRADER_KEYS if isinstance(nbgrader.get(k), str | int | float)
    }
    return {"nbgrader": {**kept, "schema_version": 3}} if kept else {}


def _attachments(attachments: object) -> dict[str, dict[str, str]]:
    kept: dict[str, dict[str, str]] = {}
    for name, forms in attachments.items() if isinstance(attachments, Mapping) else ():
        known = forms if isinstance(forms, Mapping) else {}
        images = {form: _text(known.get(form)) for form in notebooks.ATTACHMENTS}
        kept[str(name)] = {f: v for f, v in images.items() if v and _BASE64.fullmatch(v)}
    return kept


def _id(own: object, number: int) -> str:
    if not isinstance(own, str) or not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", own):
        return f"cell-{number}"
    return f"student-{own}"[:64] if own.lower().startswith(OUR_IDS) else own


def _make_ids_unique(cells: Iterable[dict[str, Any]]) -> None:
    seen: set[str] = set()
    for cell in cells:
        base, number = cell["id"][:56], 1
        while cell["id"] in seen:
            number += 1
            cell["id"] = f"{base}-{number}"
        seen.add(cell["id"])
