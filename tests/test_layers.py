"""Imports go down only: each part of the program knows what stands before it, and nothing else.

The order is the instructor's week, on top of the plain data that everything uses. Two things look
like an exception and are none. `release.check` grades the source notebook, but grading reads what
release wrote: so `check` takes the function that grades as an argument, and the command line, which
knows both, hands it in. The gradebook stands before feedback, because a returned notebook carries
the scores and comments of the person who graded by hand.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# from below to above; what stands in one row does not know each other
LAYERS = (
    ("autograder",),  # the package itself, which is empty
    ("course_lib", "errors", "interrupts"),
    ("course",),
    ("notebooks", "settings"),
    ("converters",),
    ("answers",),
    ("release",),
    ("repositories",),
    ("collect",),
    ("grading",),
    ("hidden_tests",),
    ("gradebook",),
    ("feedback",),
    ("terminal",),
    ("course_findings",),
    ("demo", "doctor"),
    ("cli",),
)
LEVEL = {name: level for level, row in enumerate(LAYERS) for name in row}
# course/ is plain data and decisions, notebooks.py pure functions: none of them reaches outside
REACHES_OUTSIDE = {
    "asyncio", "ctypes", "git", "http", "multiprocessing", "nbgrader", "os",
    "shutil", "signal", "socket", "sqlalchemy", "sqlite3", "subprocess", "sys", "tempfile",
    "threading", "time", "urllib",
}  # fmt: skip


def modules() -> list[Path]:
    return [
        path
        for package in ("autograder", "course_lib")
        for path in sorted((ROOT / package).rglob("*.py"))
    ]


def part_of(module: str) -> str:
    """`autograder.grading.engine` belongs to `grading`, all of course_lib to `course_lib`."""
    names = module.split(".")
    return names[0] if names[0] == "course_lib" or len(names) == 1 else names[1]


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Each line that imports, wherever it stands, with the full name of what it imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(path.relative_to(ROOT).parts[: -node.level]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def ours(path: Path) -> Iterator[tuple[int, str]]:
    for line, name in imports(path):
        if name.split(".")[0] in ("autograder", "course_lib"):
            yield line, name


def test_every_part_has_a_row():
    parts = {part_of(name_of(path)) for path in modules()}
    assert parts - set(LEVEL) == set(), "give each new part its row in LAYERS"


def test_no_row_is_left_over():
    parts = {part_of(name_of(path)) for path in modules()}
    assert set(LEVEL) - parts == set(), "take the row of a part that is gone out of LAYERS"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_go_down(path):
    own = part_of(name_of(path))
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for line, name in ours(path)
        if part_of(name) != own and LEVEL[part_of(name)] >= LEVEL[own]
    ]
    assert wrong == []


def test_the_reference_knows_nothing_of_grading():
    names = [n for p in (ROOT / "course_lib").rglob("*.py") for _, n in ours(p)]
    assert [name for name in names if name.startswith("autograder")] == []


def test_the_sandbox_knows_only_itself():
    """What runs beside a student's code must not bring in what the student must not see."""
    names = [n for p in (ROOT / "autograder/grading/sandbox").rglob("*.py") for _, n in ours(p)]
    assert [n for n in names if not n.startswith("autograder.grading.sandbox")] == []


def test_decisions_reach_nothing_outside():
    folder = ROOT / "autograder"
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in (*(folder / "course").rglob("*.py"), folder / "notebooks.py")
        for line, name in imports(path)
        if name.split(".")[0] in REACHES_OUTSIDE
    ]
    assert wrong == []
