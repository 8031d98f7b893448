"""What each question's outcomes depend on in the hidden tests: an edit concerns its own alone.

A file of hidden tests and its bank are taken apart by their syntax trees, so that comments and
layout count for nothing. A test function that is marked `grade_cell("NAME")`, and an entry of the
bank for NAME, concern the question NAME; with them goes every marked function or entry that they
call by name. All other code of the two files (imports, constants, what several tests share,
fixtures, test classes) is shared: a change of it concerns everything.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

SHARED = ""  # the key of what concerns every question
MARKS = ("grade_cell", "mistake", "mistaken_cell")


@dataclass(frozen=True, slots=True)
class _Part:
    """A marked function or entry: its question, its name, its code, and what it speaks of."""

    question: str
    name: str
    code: str
    names: frozenset[str]


def question_keys(files: Mapping[str, bytes]) -> Mapping[str, str]:
    """A key for each question that the files have tests or mistakes for, and one for SHARED.

    Files that are not Python count as shared, whole.
    """
    return _question_keys(tuple(sorted(files.items())))


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> frozenset[str] | None:
    """The questions whose outcomes may differ between two sets of keys; None for all of them."""
    if before.get(SHARED) != now.get(SHARED):
        return None
    return frozenset(q for q in {*before, *now} if before.get(q) != now.get(q))


@lru_cache(maxsize=8)
def _question_keys(files: tuple[tuple[str, bytes], ...]) -> Mapping[str, str]:
    shared: list[str] = []
    keys: dict[str, str] = {}
    for name, content in files:
        try:
            tree = ast.parse(content)
        except (SyntaxError, ValueError):
            shared.append(f"{name} {_hash(content)}")
            continue
        parts = [_part(node) for node in tree.body]
        rest = [node for node, part in zip(tree.body, parts, strict=True) if part is None]
        shared += [name, *map(ast.dump, rest)]
        own = [part for part in parts if part is not None]
        for question in dict.fromkeys(part.question for part in own):
            code = "\n".join(part.code for part in _reached(question, own))
            keys[question] = _hash(f"{keys.get(question, '')} {name} {code}".encode())
    return {**keys, SHARED: _hash("\n".join(shared).encode())}


def _part(node: ast.stmt) -> _Part | None:
    """The statement as a part of one question; None where it is shared."""
    if isinstance(node, ast.FunctionDef):
        found, name = [_question(mark) for mark in node.decorator_list], node.name
    elif isinstance(node, ast.Expr):
        found, name = [_question(node.value)], ""
    else:
        return None
    questions = [question for question in found if question is not None]
    if len(questions) != 1:
        return None
    names = frozenset(n.id for n in ast.walk(node) if isinstance(n, ast.Name))
    return _Part(questions[0], name, ast.dump(node), names)


def _question(mark: ast.expr) -> str | None:
    """`NAME` of `pytest.mark.grade_cell("NAME")` and its like; None for any other expression."""
    if not isinstance(mark, ast.Call) or not mark.args:
        return None
    called = mark.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    first = mark.args[0]
    if name in MARKS and isinstance(first, ast.Constant) and isinstance(first.value, str):
        return first.value
    return None


def _reached(question: str, parts: Sequence[_Part]) -> Iterator[_Part]:
    """The question's own parts, and those of others that they reach by name."""
    reached = {index for index, part in enumerate(parts) if part.question == question}
    waiting = list(reached)
    while waiting:
        names = parts[waiting.pop()].names
        new = {i for i, part in enumerate(parts) if part.name in names} - reached
        reached |= new
        waiting += new
    return (part for index, part in enumerate(parts) if index in reached)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
