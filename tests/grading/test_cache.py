"""What is graded again, and what is taken from a report that is kept."""

import pickle
import re

import pytest

from autograder.course.report import Status
from autograder.errors import ReleaseError
from autograder.grading import cache
from autograder.grading.cache import Kept, Missing
from autograder.settings import load_course
from tests.grading import small
from tests.grading.conftest import hand_in

pytestmark = pytest.mark.jail

# what a hidden test expects of `add`, and what it would expect of the wrong answer
RIGHT, WRONG = "2], product)", "2], -product)"


@pytest.fixture
def course(course_folder):
    """The small course, in which ada handed in a norm that is right and a sum that is wrong."""
    wrong = small.ADD.replace("+=", "-=")
    hand_in(course_folder, "ada", small.text(small.notebook(small.NORM, wrong)))
    return load_course(course_folder)


@pytest.fixture
def ran(course):
    """`ran()` is the hidden tests that were run since it was last asked, in order."""
    log = course.root / "ran.txt"
    tests = cache.hidden_tests_of(course, small.NAME)
    note = f"from pathlib import Path\n\ndef note(name):\n    path = Path({str(log)!r})\n"
    note += "    path.write_text((path.read_text() if path.exists() else '') + name + ' ')\n"
    text = re.sub(r'(def (test_\w+)\(.*\n    """.*\n)', r"\1    note('\2')\n", tests.read_text())
    tests.write_text(note + text)

    def since():
        names = log.read_text().split() if log.exists() else []
        log.unlink(missing_ok=True)
        return list(dict.fromkeys(names))

    return since


def edit(course, old, new):
    tests = cache.hidden_tests_of(course, small.NAME)
    assert old in tests.read_text()
    tests.write_text(tests.read_text().replace(old, new))


def scores(course):
    _, report = cache.report_for(course, small.NAME, "ada")
    return {cell.cell: cell.score for cell in report.cells}


def test_an_edited_test_runs_its_question_again_and_no_other(course, ran):
    assert scores(course) == {"norm": 10, "add": 0, "prose": 0}
    assert len(ran()) == 5
    edit(course, RIGHT, WRONG)
    assert scores(course) == {"norm": 10, "add": 7.5, "prose": 0}
    assert ran() == ["test_in_place", "test_adds_to_what_was_there"]
    edit(course, 'grade_cell("norm")\n@pytest', 'grade_cell("norm", weight=2)\n@pytest')
    scores(course)
    assert ran() == ["test_unit_vectors", "test_signs_do_not_cancel", "test_small_p_is_refused"]
    edit(course, "import numpy as np", "import numpy as np\nimport math")
    scores(course)
    assert len(ran()) == 5


def test_an_edit_that_is_taken_back_runs_nothing(course, ran):
    before = cache.report_for(course, small.NAME, "ada")
    ran()
    edit(course, RIGHT, WRONG)
    cache.report_for(course, small.NAME, "ada")
    ran()
    edit(course, WRONG, RIGHT)
    assert cache.report_for(course, small.NAME, "ada") == before
    assert ran() == []


def test_a_report_put_together_is_the_one_made_anew(course):
    cache.report_for(course, small.NAME, "ada")
    edit(course, "== 2\n", "== 0\n")
    _, together = cache.report_for(course, small.NAME, "ada")
    for kept in (course.state / "reports").rglob("*.*"):
        kept.unlink()
    _, anew = cache.report_for(course, small.NAME, "ada")
    assert together == anew
    (add,) = [cell for cell in anew.cells if cell.cell == "add"]
    assert [o.status for o in add.outcomes] == [Status.WRONG, Status.PASSED]


def test_a_question_without_its_tests_is_for_a_person(course):
    scores(course)
    edit(course, 'grade_cell("add")', 'grade_cell("norm")')
    edit(course, 'grade_cell("add", weight=3)', 'grade_cell("norm")')
    assert scores(course) == {"norm": 6, "add": None, "prose": 0}


def test_what_is_kept_is_known_without_the_notebook(course):
    key, report = cache.report_for(course, small.NAME, "ada")
    kept = cache.look_up(course, key)
    assert isinstance(kept, Kept)
    assert (kept.score, kept.max_score, kept.problems) == (report.score, 23, ())
    assert cache.look_up(course, "0" * 64) is None


def test_a_deleted_report_is_not_put_together(course):
    cache.report_for(course, small.NAME, "ada")
    edit(course, RIGHT, WRONG)
    missing = cache.find(course, cache.job_for(course, small.NAME, "ada"))
    assert isinstance(missing, Missing)
    assert missing.only == {"add"}
    _, report = cache.report_for(course, small.NAME, "ada")
    (path,) = (course.state / "reports").rglob(f"{missing.before}.json")
    path.unlink()
    with pytest.raises(ReleaseError, match="a kept report was deleted while grading"):
        cache.merged(course, missing, report)


def test_a_job_holds_no_secret_and_no_name(course):
    job = cache.job_for(course, small.NAME, "ada")
    travels = pickle.dumps(job)
    assert course.secret not in travels
    assert b"ada@example.edu" not in travels
    assert course.secret.hex() not in repr(job)
