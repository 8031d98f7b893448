"""What an instructor's notebook defines, by its text alone: which names are the students' to write,
and which statements of the other cells can be run without a student's code."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator

from nbformat import NotebookNode

from autograder import notebooks

DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def python_of(source: str) -> str:
    """The cell without line and cell magics, which are IPython's and no Python."""
    lines = source.splitlines()
    return "\n".join("" if line.lstrip().startswith(("%", "!", "?")) else line for line in lines)


def parse_cell(source: str) -> ast.Module | None:
    """The syntax tree of a cell, or None where it is no Python."""
    try:
        return ast.parse(python_of(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def student_names(source: NotebookNode) -> frozenset[str]:
    """The names that the instructor's own solutions define: students define them, too."""
    found: set[str] = set()
    for cell in source.cells:
        if cell.cell_type == "code" and notebooks.is_solution(cell):
            tree = parse_cell(cell.source)
            found |= set(stored(tree.body)) if tree is not None else set()
    return frozenset(found)


def stored(body: Iterable[ast.stmt]) -> Iterator[str]:
    """The names that statements bind where they stand, and not inside functions and classes."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield statement.name
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
            elif isinstance(node, ast.Import | ast.ImportFrom):
                yield from ((a.asname or a.name).partition(".")[0] for a in node.names)


def definitions(source: str, known: set[str], students: frozenset[str]) -> list[ast.stmt]:
    """The statements of an instructor's cell that define something without a student's code:
    imports, functions, classes, and values made of names in `known` alone.

    What they define is added to `known`.
    """
    tree = parse_cell(source)
    kept: list[ast.stmt] = []
    for statement in tree.body if tree is not None else ():
        names = set(stored([statement]))
        if names & students:
            continue
        if isinstance(statement, DEFINITIONS) or (
            isinstance(statement, ast.Assign | ast.AnnAssign) and _loaded(statement) <= known
        ):
            kept.append(statement)
            known |= names
    return kept


def _loaded(statement: ast.stmt) -> set[str]:
    names = {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    return names - set(dir(builtins))
