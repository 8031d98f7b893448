"""`my_answers.py` and an example id lie beside every notebook, the same in every place."""

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.answers.student_side.own_rng import rng_of
from autograder.release import release, render
from autograder.release.student_files import one_module, place_student_files, student_files
from autograder.release.student_version import read_tree
from tests.release.small_course import HW, write_course

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(
    path.parent for top in ("solutions", "assignments") for path in (ROOT / top).glob("*/*.ipynb")
)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_stored_copy_is_the_one_source(folder):
    stored = {name: (folder / name).read_bytes() for name in student_files()}
    assert stored == student_files()


def test_release_places_them_beside_source_and_release(tmp_path):
    course = write_course(tmp_path)
    released = release(course, HW)
    for folder in (released.folder, course.folders.source / HW):
        assert student_files().items() <= read_tree(folder).items()


def test_what_students_get_is_never_an_old_copy_of_the_authors(tmp_path):
    course = write_course(tmp_path)
    for name in student_files():
        (course.folders.source / HW / name).write_text("ada\n")
    render(course, HW, tmp_path / "out")
    assert student_files().items() <= read_tree(tmp_path / "out" / HW).items()


def test_a_second_time_writes_nothing(tmp_path):
    place_student_files(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    place_student_files(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_they_need_nothing_of_this_package(tmp_path):
    """In a folder of its own, with no way to reach the package, the module can be imported."""
    place_student_files(tmp_path)
    code = (
        "import sys\n"
        "class Refuse:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        assert name.split('.')[0] not in ('autograder', 'course_lib', 'torch'), name\n"
        "sys.meta_path.insert(0, Refuse())\n"
        "from my_answers import my_id, my_rng\n"
        "print(my_id(), int(my_rng('hw').integers(10**9)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    number = int(rng_of("example", "hw").integers(10**9))
    assert done.stdout.splitlines()[-1:] == [f"example {number}"], done.stderr


def test_modules_become_one():
    first = '"""First."""\nimport re\nfrom typing import Any\n\nA = re\n'
    second = (
        '"""Second."""\nfrom typing import cast\nimport numpy as np\nfrom autograder.first import A'
        "\n\n\ndef b():\n    return A, np\n"
    )
    assert one_module([first, second]) == (
        '"""Second."""\n\nimport re\nfrom typing import Any, cast\n\nimport numpy as np\n\n'
        "# First.\n\n\nA = re\n\n\n# Second.\n\n\ndef b():\n    return A, np\n"
    )


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        (["A = 1", "def A(): ..."], "A: defined by two of the modules; rename one"),
        (["from autograder.first import A as B"], "A is imported by another name"),
    ],
)
def test_modules_that_cannot_be_one_are_refused(texts, problem):
    with pytest.raises(ValueError, match=problem):
        one_module(texts)
