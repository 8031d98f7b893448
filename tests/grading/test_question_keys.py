"""Which questions an edit of the hidden tests concerns."""

import pytest

from autograder.grading.question_keys import SHARED, changed, question_keys

TESTS = '''
import pytest

LARGE = 1e200


def close(a, b):
    return abs(a - b) < 1e-9


@pytest.mark.grade_cell("norm")
def test_norm_of_zero(student):
    """The norm of zero is zero."""
    assert close(student.norm([0.0]), 0)


@pytest.mark.grade_cell("norm", weight=2)
@pytest.mark.parametrize("p", [1, 2])
def test_scaling(student, p):
    """The norm scales."""
    assert close(student.norm([LARGE], p), LARGE)


@pytest.mark.grade_cell("add")
def test_add(student):
    """Numbers are added."""
    assert student.add(1, 2) == 3
'''
BANK = """
from autograder.grading.mistakes import mistake, mistaken_cell


@mistake("norm", note="no root", hint="?", caught_by="test_scaling")
def norm(x, p=2):
    return sum(abs(t) ** p for t in x)


@mistake("add", note="difference", hint="?", caught_by="test_add")
def add(a, b):
    return a - b


mistaken_cell("add", note="text", hint="?", caught_by="test_add", source="add = 3")
"""


def concerned(tests=TESTS, bank=BANK, before=(TESTS, BANK)):
    """The questions whose keys differ from those of the files as they were."""
    keys = [
        question_keys({"test_a.py": t.encode(), "mistakes_a.py": b.encode()})
        for t, b in (before, (tests, bank))
    ]
    return changed(*keys)


def test_every_question_has_a_key():
    assert set(question_keys({"test_a.py": TESTS.encode()})) == {"norm", "add", SHARED}


@pytest.mark.parametrize(
    ("old", "new", "questions"),
    [
        ("student.add(1, 2) == 3", "student.add(2, 2) == 4", {"add"}),
        ("Numbers are added.", "The sum is right.", {"add"}),
        ("weight=2", "weight=3", {"norm"}),
        ("[1, 2])", "[1, 2, 3])", {"norm"}),
        ('grade_cell("add")', 'grade_cell("sum")', {"add", "sum"}),
        ("def test_add", "# a comment\n\n\ndef test_add", set()),
        ("LARGE = 1e200", "LARGE = 1e100", None),
        ("< 1e-9", "< 1e-6", None),
        ("import pytest", "import numpy\nimport pytest", None),
    ],
)
def test_an_edit_of_the_tests_concerns_its_question(old, new, questions):
    assert TESTS.count(old) >= 1
    assert concerned(tests=TESTS.replace(old, new)) == questions


@pytest.mark.parametrize(
    ("old", "new", "questions"),
    [
        ("return a - b", "return b - a", {"add"}),
        ('source="add = 3"', 'source="add = 4"', {"add"}),
        ("** p for t", "** p * 2 for t", {"norm"}),
        ("import mistake,", "import load_module, mistake,", None),
    ],
)
def test_an_edit_of_the_bank_concerns_its_question(old, new, questions):
    assert concerned(bank=BANK.replace(old, new)) == questions


def test_an_entry_that_another_question_calls_concerns_both():
    calling = BANK.replace("return a - b", "return norm([a - b])")
    edited = calling.replace("** p for t", "** p * 2 for t")
    assert concerned(bank=edited, before=(TESTS, calling)) == {"norm", "add"}


def test_a_class_of_tests_is_shared():
    grouped = (
        TESTS + '\n\nclass TestMore:\n    @pytest.mark.grade_cell("add")\n    def test_b(self): 1'
    )
    assert concerned(tests=grouped) is None


def test_a_new_and_a_deleted_test_concern_their_questions():
    start = TESTS.index('@pytest.mark.grade_cell("add")')
    assert concerned(tests=TESTS[:start], bank="") is None  # the bank's imports went, too
    assert concerned(tests=TESTS[:start]) == {"add"}


def test_a_file_that_is_no_python_concerns_everything():
    assert concerned(tests="def (") is None
    assert concerned(tests="def (", before=("def (", BANK)) == set()
