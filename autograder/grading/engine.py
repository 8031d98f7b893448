"""Grading as one pure function: a notebook and an assignment's hidden tests to a Report."""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder import notebooks
from autograder.course.model import Limits
from autograder.course.report import CellScore, Report, Status, TestOutcome, score_cell
from autograder.errors import ReleaseError
from autograder.grading.fork_server import BASE_MODULES, isolation_of
from autograder.grading.link import Link
from autograder.grading.mistakes import load_mistakes
from autograder.grading.pytest_plugin import Author, run_hidden_tests
from autograder.grading.session import Cell, CellRun, Session
from autograder.grading.stock.grade_cells import run_stock

DEFAULT_LIMITS = Limits()
STUDENT_MODULE = "my_answers"  # lies beside the notebook, and is the sandbox's own
EXAMPLE_ID = "example"  # the id that stands beside a released notebook
MAX_FILE_MIB = 16  # of all that lies beside a notebook


@dataclass(frozen=True, slots=True)
class Prepared:
    """A student's answers in the released notebook, and what was wrong with the file."""

    notebook: NotebookNode
    problems: tuple[str, ...]


def grade(  # noqa: PLR0913  # all that a report depends on
    submitted: bytes,
    released: NotebookNode,
    hidden_tests: Path,
    limits: Limits = DEFAULT_LIMITS,
    seed: bytes = b"",
    only: Collection[str] | None = None,
    *,
    student_id: str = EXAMPLE_ID,
    files: Mapping[str, bytes] | None = None,
) -> Report:
    """The Report on a submitted file.

    `released` is the notebook that students got, `files` what lay beside it, `hidden_tests` the
    pytest file that judges it, or, for a notebook in nbgrader's own format, the source notebook
    whose grade cells do. `seed` is this student's own: it decides the numbers of the `rng`
    fixture; `student_id` decides those that the notebook itself asks about. With `only`, the hidden
    tests of these grade cells alone are run, and the other cells have no score.

    Raises: SandboxError where this host cannot run student code safely; ReleaseError where the
    hidden tests themselves are broken. Whatever the submitted file holds is a score, not an error.
    """
    prepared = prepare(submitted, released, limits)
    return grade_prepared(
        prepared, released, hidden_tests, limits, seed, only, student_id=student_id, files=files
    )


def prepare(submitted: bytes, released: NotebookNode, limits: Limits) -> Prepared:
    """The student's answers in the released notebook, and what was wrong with the file."""
    if len(submitted) > limits.notebook_mib * 2**20:
        size = len(submitted) / 2**20
        problem = f"the file has {size:.0f} MiB, more than the {limits.notebook_mib} MiB allowed"
        return Prepared(_blank(released), (f"Nothing could be graded: {problem}.",))
    try:
        notebook, problems = notebooks.conform(released, notebooks.parse(submitted))
    except notebooks.UnreadableNotebookError as error:
        return Prepared(_blank(released), (f"Nothing could be graded: {error}.",))
    said = tuple(f"{problem[0].upper()}{problem[1:]}." for problem in problems)
    return Prepared(notebook, said)


def grade_prepared(  # noqa: PLR0913  # the same
    prepared: Prepared,
    released: NotebookNode,
    hidden_tests: Path,
    limits: Limits,
    seed: bytes,
    only: Collection[str] | None = None,
    *,
    student_id: str = EXAMPLE_ID,
    files: Mapping[str, bytes] | None = None,
) -> Report:
    """The Report on a notebook that `prepare` made."""
    notebook = prepared.notebook
    names = cell_names(notebook)
    code = [c for c in notebook.cells if c.cell_type == "code"]
    answers = {
        notebooks.grade_id(c) or "": c.source for c in code if notebooks.is_solution(c)
    }  # fmt: skip
    cells = [Cell(names[c.id], c.source, _time_for(c, limits)) for c in code]
    own = {"student_id.txt": student_id.encode()}
    beside = {**(files or {}), **own}
    with Session([], limits, modules_of(released), beside) as session:
        if hidden_tests.suffix == ".ipynb":
            source = nbformat.read(hidden_tests, as_version=4)
            named = [(cell, notebooks.grade_id(c)) for cell, c in zip(cells, code, strict=True)]
            outcomes = run_stock(session, named, source, only)
            runs = dict(session.runs)
        else:
            session.cells.extend(cells)
            runs = dict(session.run())
            mistakes = load_mistakes(hidden_tests)
            author = Author(student_id, seed)
            link = Link(session)
            outcomes = run_hidden_tests(hidden_tests, link, answers, author, mistakes, only)
    executed = _with_outputs(notebook, names, runs)
    scores = _scores(executed, released, outcomes)
    return Report(
        notebook_name(hidden_tests),
        scores,
        executed,
        prepared.problems,
        isolation_of(limits.isolation),
    )


def files_beside(folder: Path) -> dict[str, bytes]:
    """The files of a released assignment, by their path in its folder, without notebooks.

    Raises: ReleaseError where they are too large to give to each sandbox.
    """
    paths = [p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix != ".ipynb"]
    kept = [p for p in paths if not any(part.startswith((".", "__")) for part in p.parts[-2:])]
    size = sum(path.stat().st_size for path in kept)
    if size > MAX_FILE_MIB * 2**20:
        raise ReleaseError(
            f"the files of {folder} have {size / 2**20:.0f} MiB together, more than the "
            f"{MAX_FILE_MIB} MiB that a sandbox is given; take data from a package instead"
        )
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in kept}


def modules_of(released: NotebookNode) -> tuple[str, ...]:
    """What the sandbox imports before the student's code runs: what every course needs, and what
    the released notebook imports."""
    found: set[str] = set()
    for cell in released.cells:
        if cell.cell_type != "code":
            continue
        with suppress(SyntaxError):  # magics
            found |= set(_imports(ast.parse(cell.source)))
    return (*BASE_MODULES, *sorted(found - set(BASE_MODULES) - {STUDENT_MODULE}))


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def notebook_name(hidden_tests: Path) -> str:
    """The assignment that a file of hidden tests is for: `test_hw01_norms.py` is `hw01_norms`."""
    return hidden_tests.stem.removeprefix("test_")


def cell_names(notebook: NotebookNode) -> dict[str, str]:
    """A name for each cell, by its id: the grade_id where it has one, else its number."""
    names: dict[str, str] = {}
    for number, cell in enumerate(notebook.cells, start=1):
        names[cell.id] = notebooks.grade_id(cell) or f"number {number}"
    return names


def _time_for(cell: NotebookNode, limits: Limits) -> float:
    """The public asserts call the student's functions, as hidden tests do, and get their time."""
    return limits.call_s if notebooks.is_grade(cell) else limits.cell_s


def _blank(released: NotebookNode) -> NotebookNode:
    return notebooks.strip_outputs(copy.deepcopy(released))


def _with_outputs(
    notebook: NotebookNode, names: Mapping[str, str], runs: Mapping[str, CellRun]
) -> NotebookNode:
    """The notebook as it ran."""
    executed = copy.deepcopy(notebook)
    count = 0
    for cell in executed.cells:
        if cell.cell_type != "code":
            continue
        run = runs[names[cell.id]]
        count += 1
        cell.execution_count = count
        outputs = [_numbered(output, count) for output in run.outputs]
        if run.ended is not None:
            said = {"ename": "Stopped", "evalue": str(run.ended), "traceback": [str(run.ended)]}
            outputs.append({"output_type": "error", **said})
        cell.outputs = [nbformat.from_dict(output) for output in outputs]
    return executed


def _numbered(output: dict[str, Any], count: int) -> dict[str, Any]:
    return output | ({"execution_count": count} if "execution_count" in output else {})


def _scores(
    executed: NotebookNode, released: NotebookNode, outcomes: Sequence[TestOutcome]
) -> tuple[CellScore, ...]:
    sources = {notebooks.grade_id(c): c.source for c in released.cells}
    scores: list[CellScore] = []
    for cell in executed.cells:
        if not notebooks.is_grade(cell):
            continue
        name, worth = notebooks.grade_id(cell) or "", notebooks.points(cell)
        own = [outcome for outcome in outcomes if outcome.cell == name]
        if own:
            scores.append(score_cell(name, worth, own))
        elif notebooks.is_solution(cell) and cell.source.strip() == sources[name].strip():
            scores.append(CellScore(name, 0.0, worth, (_unanswered(name),)))
        else:
            scores.append(CellScore(name, None, worth))  # a person reads it
    return tuple(scores)


def _unanswered(name: str) -> TestOutcome:
    return TestOutcome(name, "answered", "There is an answer to read.", Status.NOT_ATTEMPTED)
