"""Every assignment keeps its promises: right answers earn all, blanks none, mistakes lose."""

from __future__ import annotations

import ast
import copy
import functools
import os
import textwrap
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograder import notebooks
from autograder.course.model import Limits
from autograder.course.report import Report, Status
from autograder.grading.engine import files_beside, grade
from autograder.grading.fork_server import has_sandbox
from autograder.grading.mistakes import Mistake, load_mistakes, load_module
from autograder.grading.student import is_answer_to
from tests.banks import Variant
from tests.hidden_tests.bank_table import table

ROOT = Path(__file__).parents[2]
HIDDEN_TESTS = ROOT / "autograder" / "hidden_tests"
ASSIGNMENTS = sorted(path.name for path in (ROOT / "solutions").iterdir() if path.is_dir())
LIMITS = Limits(call_s=20.0)

pytestmark = [
    pytest.mark.jail,
    pytest.mark.skipif(not has_sandbox(), reason="no sandbox here: see autograder doctor"),
]


@functools.cache
def released(name: str) -> NotebookNode:
    return nbformat.read(ROOT / "assignments" / name / f"{name}.ipynb", as_version=4)


@functools.cache
def files_of(name: str) -> dict[str, bytes]:
    return files_beside(ROOT / "assignments" / name)


@functools.cache
def source(name: str) -> NotebookNode:
    return nbformat.read(ROOT / "solutions" / name / f"{name}.ipynb", as_version=4)


def mistakes_of(name: str) -> tuple[Mistake, ...]:
    return load_mistakes(HIDDEN_TESTS / f"test_{name}.py")


def variants_of(name: str) -> tuple[Variant, ...]:
    return tuple(load_module(Path(__file__).with_name(f"variants_{name}.py")).VARIANTS)


def for_question(notebook: NotebookNode, question: str) -> NotebookNode:
    """The notebook without what other questions show and assert: pictures take seconds to draw, and
    nothing of them is graded. The whole notebook runs where the source earns all its points."""
    kept = copy.copy(notebook)
    kept.cells = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code"
        and notebooks.grade_id(cell)
        and (notebooks.is_solution(cell) or not notebooks.is_grade(cell)
             or notebooks.grade_id(cell) == question)
    ]  # fmt: skip
    return kept


@functools.cache
def released_for(name: str, question: str) -> NotebookNode:
    return for_question(released(name), question)


def with_answer(name: str, question: str, answer: str, text: str) -> bytes:
    """The source notebook's cells for a question, with one answer cell replaced."""
    notebook = for_question(copy.deepcopy(source(name)), question)
    (cell,) = [c for c in notebook.cells if notebooks.grade_id(c) == answer]
    cell.source = text
    return nbformat.writes(notebook).encode()


def graded_for(name: str, question: str, answer: str, text: str) -> Report:
    """The Report on one question alone, with this text as its answer."""
    tests, files = HIDDEN_TESTS / f"test_{name}.py", files_of(name)
    submitted = with_answer(name, question, answer, text)
    return grade(
        submitted, released_for(name, question), tests, LIMITS, b"", {question}, files=files
    )


def graded(name: str, submitted: bytes, seed: bytes = b"") -> Report:
    tests = HIDDEN_TESTS / f"test_{name}.py"
    return grade(submitted, released(name), tests, LIMITS, seed, files=files_of(name))


def lost(report: Report) -> list[str]:
    """What was not earned, in words, for the failure's message."""
    return [
        f"{outcome.cell}: {outcome.test}: {outcome.status} {outcome.note} {outcome.detail}"
        for cell in report.cells
        for outcome in cell.outcomes
        if outcome.status is not Status.PASSED
    ]


def for_each(bank):
    return [
        pytest.param(name, entry, id=f"{name}-{entry.cell}-{getattr(entry, 'note', '')}"
                     f"{getattr(entry, 'why', '')}".replace(" ", "_"))
        for name in ASSIGNMENTS
        for entry in bank(name)
    ]  # fmt: skip


def some_mistakes(name: str) -> tuple[Mistake, ...]:
    """Every third mistake of a bank, so that the tests end in time; `make banks` tries them all."""
    return mistakes_of(name) if os.environ.get("BANKS") == "all" else mistakes_of(name)[::3]


@pytest.mark.parametrize("seed", [b"", b"one", b"two"])
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_source_earns_all_points(name, seed):
    report = graded(name, nbformat.writes(source(name)).encode(), seed=seed)
    assert lost(report) == []
    assert all(cell.score in (None, cell.max_score) for cell in report.cells)
    assert report.problems == ()


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_released_notebook_earns_none(name):
    report = graded(name, nbformat.writes(released(name)).encode())
    statuses = {o.status for cell in report.cells for o in cell.outcomes}
    assert report.score == 0
    assert statuses == {Status.NOT_ATTEMPTED}


@pytest.mark.parametrize(("name", "accepted"), for_each(variants_of))
def test_accepted_variant_earns_all(name, accepted):
    answer = accepted.answer or f"{accepted.cell}_answer"
    report = graded_for(name, accepted.cell, answer, accepted.source)
    assert lost(report) == []


@pytest.mark.parametrize(("name", "known"), for_each(some_mistakes))
def test_mistake_loses_points_and_is_told_its_note(name, known):
    answer = known.answer or f"{known.cell}_answer"
    report = graded_for(name, known.cell, answer, known.source)
    cell = report.cell(known.cell)
    assert cell is not None
    assert cell.score is not None
    failed = {o.test: o for o in cell.outcomes if o.status is not Status.PASSED}
    assert cell.score < cell.max_score
    assert known.caught_by in failed
    if known.function is not None:
        assert known.note in {o.note for o in failed.values()}


MEMORISE = """

def _memorised(right):
    def from_memory(*args, **kwargs):
        _asked = repr((args, kwargs))
        if _asked in _PUBLIC or _is_public:
            _PUBLIC.add(_asked)
            return right(*args, **kwargs)
        return 0.0
    return from_memory


_PUBLIC, _is_public = set(), True
for _name in {names}:
    globals()[_name] = _memorised(globals()[_name])
try:
{public}
finally:
    _is_public = False
"""


def functions_in(text):
    return [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]


def function_questions():
    """Each question whose answers are functions: the assignment, the question, its answer cells."""
    for name in ASSIGNMENTS:
        cells = {notebooks.grade_id(c): c for c in source(name).cells if c.cell_type == "code"}
        for question, cell in cells.items():
            if question is None or not notebooks.is_grade(cell):
                continue
            answers = [c for n, c in cells.items() if n and is_answer_to(n, question)]
            if all(functions_in(answer.source) for answer in answers):
                yield pytest.param(name, question, id=f"{name}-{question}")


@pytest.mark.parametrize(("name", "question"), list(function_questions()))
def test_an_answer_that_only_knows_the_public_examples_loses_most(name, question):
    cells = {notebooks.grade_id(c): c.source for c in source(name).cells if c.cell_type == "code"}
    answers = [answer for answer in cells if answer and is_answer_to(answer, question)]
    names = [function for answer in answers for function in functions_in(cells[answer])]
    public = textwrap.indent(notebooks.without_hidden_tests(cells[question]), "    ")
    cheat = MEMORISE.format(names=names, public=public)
    report = graded_for(name, question, answers[-1], cells[answers[-1]] + cheat)
    cell = report.cell(question)
    assert cell is not None
    assert cell.score is not None
    assert cell.score <= 0.4 * cell.max_score


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_every_question_has_mistakes_and_variants(name):
    questions = {
        notebooks.grade_id(cell)
        for cell in released(name).cells
        if notebooks.is_grade(cell) and not notebooks.is_solution(cell)
    }
    assert {known.cell for known in mistakes_of(name)} == questions
    assert {accepted.cell for accepted in variants_of(name)} == questions


def test_the_table_of_banks_is_up_to_date():
    assert (HIDDEN_TESTS / "README.md").read_text(encoding="utf-8") == table(), (
        "run `python -m tests.hidden_tests.bank_table > autograder/hidden_tests/README.md`"
    )
