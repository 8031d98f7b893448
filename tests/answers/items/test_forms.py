"""One definition makes a question of a notebook and one of a printed exam."""

import ast
import copy
from dataclasses import replace

import nbformat
import numpy as np
import pytest

from autograder.answers.items import draw, homework, on_paper, problems
from autograder.answers.items.bank import ITEMS, find
from autograder.answers.items.model import draw_once
from autograder.answers.own_numbers import own_rng
from autograder.course.report import Status
from autograder.grading.engine import grade
from autograder.grading.fork_server import has_sandbox
from autograder.release.student_files import place_student_files, student_files
from tests.grading import small

IMPORTS = "import math\nfrom fractions import Fraction\n\nimport numpy as np\nimport sympy as sp"
TESTS = (
    "import pytest\n\nfrom autograder.answers.items import judge\n"
    "from autograder.answers.items.bank import find\n\n\n"
)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.name)
def test_the_notebooks_own_text_draws_the_numbers_and_the_solution(item, tmp_path, monkeypatch):
    """The cells hold the text of the item's functions; run alone, they give the key."""
    cells = homework(item, "answer_1")
    place_student_files(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    names = {}
    for text in (IMPORTS, cells.shown, cells.solution):
        exec(text, names)  # noqa: S102  # our own text
    numbers = item.generate(own_rng("example", "answer_1"))
    assert names["answer_1_numbers"] == numbers
    assert names["answer_1"] == item.answer(numbers)
    assert "### BEGIN SOLUTION" in cells.solution.splitlines()[0]
    assert "answer_1" not in cells.shown.partition("show_question(\n")[2].replace(
        "answer_1_numbers", ""
    )


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.name)
def test_what_students_see_of_a_question_tells_no_key(item):
    """The text that draws the numbers computes nothing: no operator, no condition, no loop."""
    tree = ast.parse(homework(item, "q").shown)
    (drawing,) = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    telling = (ast.BinOp, ast.Compare, ast.While, ast.If)
    assert [ast.unparse(node) for node in ast.walk(drawing) if isinstance(node, telling)] in (
        [],
        ["small + int(rng.integers(2, 20))"],  # the larger eigenvalue
    )


def test_a_question_on_paper_has_lettered_options():
    instance = draw(find("conv_size"), np.random.default_rng(0))
    question = on_paper(instance)
    assert question.letter == instance.letter
    assert [letter for letter, _ in question.options] == list("ABCD")
    key = dict(question.options)[question.letter]
    assert key == f"${find('conv_size').answer(instance.params)}$"
    assert (question.minutes, question.points) == (2, 2)


def test_an_item_is_made_only_where_it_is_meant_to_be():
    item = find("conv_size")
    with pytest.raises(ValueError, match="'conv_size' is not for homework"):
        homework(replace(item, release="exam-only"), "size")
    with pytest.raises(ValueError, match="'T 1' is no name of a variable"):
        homework(item, "T 1")
    with pytest.raises(ValueError, match="'conv_size' is not for paper"):
        on_paper(draw(replace(item, modes=("notebook",)), np.random.default_rng(0)))


def fit(item, rng):
    return problems(draw_once(item, rng)) == ()


@pytest.mark.jail
@pytest.mark.skipif(not has_sandbox(), reason="bubblewrap cannot run here: see autograder doctor")
@pytest.mark.parametrize(
    ("answer", "status", "note"),
    [
        (None, Status.PASSED, None),
        (
            "p = norm_numbers\nnorm = (p['n'] - p['k']) // p['s'] + 1",
            Status.WRONG,
            "padding forgotten",
        ),
    ],
)
def test_it_is_graded_with_the_numbers_of_the_student(tmp_path, answer, status, note):
    item = find("conv_size")
    cells = homework(item, "norm")
    student = next(  # one whose numbers tell the slips apart
        name for name in ("ada", "bob", "cyd", "dan") if fit(item, own_rng(name, "norm"))
    )
    notebook = small.notebook()
    notebook.cells[0].source = f"{IMPORTS}\n{cells.shown}"
    released = copy.deepcopy(notebook)
    submitted = small.notebook(cells.solution if answer is None else answer)
    tests = tmp_path / f"test_{small.NAME}.py"
    tests.write_text(TESTS + cells.hidden_test)
    report = grade(
        nbformat.writes(submitted).encode(),
        released,
        tests,
        student_id=student,
        files=student_files(),
    )
    (outcome,) = [o for cell in report.cells for o in cell.outcomes if o.cell == "norm"]
    assert (outcome.status, outcome.note) == (status, note), outcome
