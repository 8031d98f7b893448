"""A file of hidden tests, read without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import ReleaseError


@dataclass(frozen=True, slots=True)
class HiddenTest:
    """One test: the grade cells it is marked with, and the claim that students read."""

    name: str
    line: int
    cells: tuple[str, ...]
    claim: str


def read_hidden_tests(path: Path) -> tuple[HiddenTest, ...]:
    """Every test that pytest would collect from the file.

    Raises:
        ReleaseError: there is no such file, or it is no Python.
    """
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    except FileNotFoundError as error:
        raise ReleaseError(f"{path} does not exist; every assignment needs hidden tests") from error
    except (SyntaxError, UnicodeDecodeError) as error:
        raise ReleaseError(f"{path} is no Python: {error}; mend it") from error
    return tuple(_tests(tree.body, ()))


def _tests(body: Sequence[ast.stmt], outer: tuple[str, ...]) -> Iterator[HiddenTest]:
    outer += tuple(_of_pytestmark(body))
    for node in body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            yield from _tests(node.body, (*outer, *_marked(node.decorator_list)))
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            cells = tuple(_marked(node.decorator_list)) or outer  # the nearest marker holds
            yield HiddenTest(node.name, node.lineno, cells, ast.get_docstring(node) or "")


def _of_pytestmark(body: Sequence[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
            marks = node.value.elts if isinstance(node.value, ast.List) else [node.value]
            yield from _marked(marks)


def _marked(marks: Sequence[ast.expr]) -> Iterator[str]:
    """The names in `pytest.mark.grade_cell("name")`, among other marks."""
    for mark in marks:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith("mark.grade_cell"):
            name = mark.args[0] if mark.args else None
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield name.value
