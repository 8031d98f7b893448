"""A student's own numbers are the same in the notebook and in the grader."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from autograder.answers.own_numbers import own_rng
from autograder.release.student_files import place_student_files


def student_module(folder: Path, student_id: str | None):
    """`my_answers.py` as it lies beside a notebook, with an id of the student's own."""
    place_student_files(folder)
    if student_id is not None:
        (folder / "student_id.txt").write_text(student_id, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("my_answers_copy", folder / "my_answers.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look there
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("written", ["ada", "ada\n", "  ada\r\n", "\ufeffada\n"])
def test_the_notebook_and_the_grader_draw_the_same(tmp_path, written):
    module = student_module(tmp_path, written)
    ours, theirs = own_rng("ada", "hw03_trace"), module.my_rng("hw03_trace")
    assert module.my_id() == "ada"
    assert ours.integers(-99, 99, size=50).tolist() == theirs.integers(-99, 99, size=50).tolist()
    assert ours.permutation(9).tolist() == theirs.permutation(9).tolist()


def test_students_and_questions_have_numbers_of_their_own():
    draws = {
        tuple(own_rng(student, question).integers(10**6, size=3).tolist())
        for student in ("ada", "bob", "ada|hw", "Ada")
        for question in ("hw01_trace", "hw02_trace", "trace")
    }
    assert len(draws) == 12


def test_the_numbers_never_change():
    """What a class was given has to be found again next year: SHA-256, PCG64."""
    assert own_rng("example", "hw03_trace").integers(1000, size=4).tolist() == [166, 446, 359, 820]


def test_the_example_says_that_it_is_one(tmp_path, capsys):
    module = student_module(tmp_path, None)
    assert module.my_rng("q").random() == own_rng("example", "q").random()
    assert "Write your id into `student_id.txt`" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "ada lovelace", "\n"])
def test_a_file_that_is_not_one_word_is_refused(tmp_path, text):
    module = student_module(tmp_path, text)
    with pytest.raises(ValueError, match=r"student_id.txt holds \d words; write your id alone"):
        module.my_rng("q")


def test_a_missing_file_is_named(tmp_path, monkeypatch):
    module = student_module(tmp_path, None)
    (tmp_path / "student_id.txt").unlink()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match="make one that holds your id alone"):
        module.my_rng("q")


@pytest.mark.parametrize("student_id", ["", "a b", " a"])
def test_an_id_that_no_file_could_hold_is_refused(student_id):
    with pytest.raises(ValueError, match="is not one word"):
        own_rng(student_id, "q")


def test_draws_are_numpys_generator():
    assert isinstance(own_rng("ada", "q"), np.random.Generator)
