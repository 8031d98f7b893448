"""The demo's students start from the released notebook and answer only where they may."""

import nbformat
import pytest

from autograder.demo.forger import ATTACKS, forge
from autograder.demo.sheet import Question, fill_in, read_sheet
from autograder.demo.students import CLASS, nothing, programming_only, right
from autograder.errors import CourseError
from autograder.grading.mistakes import Mistake
from autograder.notebooks import grade_id, to_text
from autograder.release import render
from tests.release.small_course import HW, source_notebook, write_course

MISTAKE = Mistake("double", "adds one", "", "test_twice", "def double(x): return x + 1")


@pytest.fixture(scope="module")
def sheet(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    render(write_course(root / "course"), HW, root)
    released = nbformat.read(root / HW / f"{HW}.ipynb", as_version=4)
    return read_sheet(source_notebook(), released, [MISTAKE])


def cells_of(content):
    notebook = nbformat.reads(content.decode(), as_version=4)
    return {grade_id(cell): cell.source for cell in notebook.cells}


def test_questions_have_the_right_answers_without_markers(sheet):
    double, bound = sheet.questions
    assert double == Question(
        "double", 10, False,
        {"double_answer": "def double(x):\n    answer = x * 2 if x else x - x\n    return answer"},
    )  # fmt: skip
    assert (bound.is_theory, bound.names()) == (True, ("bound",))


def test_names_are_what_an_answer_defines():
    text = "a, b = 1, 2\nc = d = {}\nclass E: ...\ndef f(x): y = x\na = 3"
    assert Question("q", 1, False, {"q_answer": text}).names() == ("a", "b", "c", "d", "E", "f")


def test_who_answers_nothing_hands_in_what_was_released(sheet):
    assert fill_in(sheet, nothing(sheet)) == to_text(sheet.released).encode()


def test_who_answers_hands_in_the_released_notebook_with_answers(sheet):
    before, after = (
        cells_of(to_text(sheet.released).encode()),
        cells_of(fill_in(sheet, right(sheet))),
    )
    assert list(before) == list(after)
    assert after["bound_answer"] == "bound = 1000 + 200 + 34"
    assert {name for name in before if before[name] != after[name]} == {
        "double_answer",
        "bound_answer",
    }


def test_who_leaves_theory_out_answers_the_rest(sheet):
    assert set(programming_only(sheet)) == {"double_answer"}


def test_forger_attacks_in_every_answer_and_defines_every_name(sheet):
    forged = forge(sheet)
    assert set(forged) == {"double_answer", "bound_answer"}
    assert ATTACKS[0] in forged["double_answer"]
    assert ATTACKS[1] in forged["bound_answer"]
    assert forged["bound_answer"].endswith("\nbound = Everything()\n")
    for text in forged.values():
        compile(text, "forged", "exec")


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_attack_is_python(attack):
    compile(attack, "attack", "exec")


def test_unknown_mistake_is_named_with_the_known_ones(sheet):
    assert sheet.mistake("double", "one") is MISTAKE
    with pytest.raises(CourseError, match="needs the mistake 'two' in 'double'; known: adds one"):
        sheet.mistake("double", "two")


def test_class_has_eight_and_one_of_them_is_late():
    assert len({person.id for person in CLASS}) == 8
    assert [person.id for person in CLASS if person.late_days] == ["hal"]
