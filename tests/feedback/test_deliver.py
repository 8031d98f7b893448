"""The way back as a course walks it: collected, graded, read by a person, delivered."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import nbformat
import pytest

from autograder.collect.collect import collect
from autograder.errors import AutograderError
from autograder.feedback.deliver import deliver
from autograder.feedback.files import page_maker, write_files
from autograder.feedback.sources import read_returned
from autograder.grading.batch import grade_assignment
from autograder.grading.fork_server import has_sandbox
from autograder.release.student_version import release
from autograder.repositories.git import git
from autograder.repositories.server import GitServer, User, create_repository
from autograder.settings import load_course
from tests.grading import small
from tests.repositories.git_students import new_student, with_login

HW = small.NAME
PUSHED = datetime(2026, 9, 8, 15, tzinfo=UTC)
COLLECTED = datetime(2026, 9, 20, tzinfo=UTC)
CONFIG = """
from autograder.settings import plug_into_nbgrader

c = get_config()
plug_into_nbgrader(c)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.Course.hidden_tests = "hidden_tests"
c.Calendar.timezone = "UTC"
c.Calendar.due = {"small": "2026-09-08 16:00"}
c.GradingLimits.call_s = 3.0
c.GenerateFeedback.exporter_class = "autograder.feedback.exporter.FeedbackExporter"
c.GenerateFeedback.preprocessors = ["autograder.feedback.nbgrader_plugin.AnnotateFeedback"]
"""
NO_ABS = 'def norm(x, p):\n    if p < 1:\n        raise ValueError("p")\n' + (
    "    return (x**p).sum() ** (1 / p)"
)
HOSTILE = """from IPython.display import HTML, Javascript, display
display(HTML("<script>document.title='RAN'</script>"), Javascript("document.title='RAN'"))

def norm(x, p):
    raise KeyError("```\\n<script>document.title='RAN'</script>")"""
ANSWERS = {
    "ada": (NO_ABS, small.ADD, "Because <img src=x onerror=\"document.title='RAN'\"> it is."),
    "ben": (HOSTILE, small.STUB, "YOUR ANSWER HERE"),
    # so that there is a class; the same work is graded once
    **dict.fromkeys(("dee", "eli", "fay"), (NO_ABS, small.ADD, "Because it is.")),
}


class World:
    """A course, its server, and what stands on the students' branches."""

    def __init__(self, root, server):
        self.server = server
        self.course = load_course(root)

    def branch(self, student, *words):
        bare = self.server.root / f"{student}.git"
        return git(*words, repository=bare).decode()

    def file(self, student, name):
        return self.branch(student, "show", f"refs/heads/feedback/{HW}:feedback/{HW}/{name}")

    def reviews(self, student):
        pulls = json.loads((self.server.root / "pulls" / f"{student}.json").read_text())
        return [comment for comment in pulls["comments"] if "commit" in comment]

    def deliver(self, **options):
        return {outcome.student: outcome for outcome in deliver(self.course, HW, **options)}

    def give(self, student, cell, score, comment=None):
        """What a person does in formgrader."""
        from nbgrader.api import Gradebook  # noqa: PLC0415  # seconds to import

        with Gradebook(self.course.database_url) as gradebook:
            grade: Any = gradebook.find_grade(cell, HW, HW, student)
            grade.manual_score, grade.needs_manual_grade = score, False
            if comment:
                found: Any = gradebook.find_comment(cell, HW, HW, student)
                found.manual_comment = comment
            gradebook.db.commit()


def statuses(outcomes):
    return {student: outcome.status for student, outcome in outcomes.items()}


def unchanged_but(**statuses):
    """Nothing new for all but these; cyd never handed in."""
    return dict.fromkeys(ANSWERS, "unchanged") | {"cyd": "nothing"} | statuses


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    if not has_sandbox():
        pytest.skip("bubblewrap cannot run here: see autograder doctor")
    root = tmp_path_factory.mktemp("course")
    names = (*ANSWERS, "cyd")
    users = [*(User(n, f"word-of-{n}") for n in names), User("staff", "of-the-staff", True)]
    (root / ".autograder").mkdir(mode=0o700)
    (root / "nbgrader_config.py").write_text(CONFIG)
    (root / "solutions" / HW).mkdir(parents=True)
    small.write_hidden_tests(root / "hidden_tests")
    nbformat.write(small.source(), root / "solutions" / HW / f"{HW}.ipynb")
    with (
        GitServer(tmp_path_factory.mktemp("server"), users, clock=lambda: PUSHED) as server,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("AUTOGRADER_GIT_TOKEN", "staff:of-the-staff")
        rows = ["id,name,email,repository"]
        for name in names:
            create_repository(server.root, name)
            rows.append(f"{name},{name},{name}@example.org,{server.repository_url(name)}")
        (root / "roster.csv").write_text("\n".join(rows) + "\n")
        for name, answers in ANSWERS.items():
            address = with_login(server.repository_url(name), name, f"word-of-{name}")
            student = new_student(root / "students" / name, address)
            work = {f"{HW}/{HW}.ipynb": small.text(small.notebook(*answers))}
            student.push(f"{student.commit(work)}:refs/heads/main")
        course = load_course(root)
        release(course, HW)
        collect(course, HW, now=COLLECTED)
        grade_assignment(course, HW, jobs=1)
        yield World(root, server)


@pytest.fixture(scope="module")
def first(world):
    return world.deliver()


def test_everybody_graded_gets_a_branch_and_nobody_else(world, first):
    assert [outcome.student for outcome in first.values()] == [*ANSWERS, "cyd"]
    assert statuses(first) == dict.fromkeys(ANSWERS, "delivered") | {"cyd": "nothing"}
    tip = world.branch("ada", "rev-parse", f"refs/heads/feedback/{HW}").strip()
    assert tip == first["ada"].commit


def test_branch_holds_notebook_summary_and_page(world, first):
    assert first["ada"].commit
    names = world.branch("ada", "ls-tree", "-r", "--name-only", first["ada"].commit).split()
    assert names == [
        *(f"feedback/{HW}/{name}" for name in ("README.md", f"{HW}.html", f"{HW}.ipynb")),
        f"{HW}/{HW}.ipynb",
    ]
    nbformat.validate(nbformat.reads(world.file("ada", f"{HW}.ipynb"), as_version=4))
    assert "**Score: 16.67 of 23** (3 points wait for a reader)" in world.file("ada", "README.md")
    assert "Received Tuesday, 8 September 2026" in world.file("ada", "README.md")


@pytest.mark.parametrize("name", [f"{HW}.ipynb", f"{HW}.html", "README.md"])
def test_each_form_names_claim_and_hint(world, first, name):
    shown = world.file("ada", name)

    assert "A negative entry does not cancel a positive one." in shown
    assert "Look at the sign of each entry." in shown
    assert "no absolute value" in shown


def forbidden(world, student):
    """What no student may find in anything that comes back."""
    hidden = ("7654.25", "15308.5", "HIDDEN TESTS", "test_small", "test_in_place", "student.norm")
    yield from (*hidden, "of-the-staff", f"word-of-{student}", str(world.course.root))
    for other in {*ANSWERS, "cyd"} - {student}:
        yield from (rf"\b{other}\b", rf"word-of-{other}")


@pytest.mark.parametrize("student", ["ada", "ben"])
@pytest.mark.parametrize("name", [f"{HW}.ipynb", f"{HW}.html", "README.md"])
def test_nothing_hidden_is_in_it_and_nobody_else(world, first, student, name):
    shown = world.file(student, name)

    for word in forbidden(world, student):
        assert not re.search(word, shown), word


@pytest.mark.parametrize("student", ANSWERS)
def test_nothing_hidden_is_in_pull_request_and_review_and_nobody_else(world, first, student):
    said = (world.server.root / "pulls" / f"{student}.json").read_text()

    assert "Graded" not in said
    assert '"beside": [{"path": "feedback/small/README.md", "line": ' in said
    for word in forbidden(world, student):
        assert not re.search(word, said), word


def test_the_first_return_leaves_one_review_beside_the_summarys_lines(world, first):
    (review,) = world.reviews("ada")

    page = world.file("ada", "README.md").split("\n")
    places = {page[comment["line"] - 1]: comment["text"] for comment in review["beside"]}
    assert list(places) == ["### `norm`"]
    assert "Look at the sign of each entry." in places["### `norm`"]


@pytest.mark.parametrize("name", [f"{HW}.ipynb", f"{HW}.html", "README.md"])
def test_each_form_shows_how_the_class_did(world, first, name):
    shown = world.file("ada", name)

    assert "▃▁▁█▁" in shown  # one in the lowest fifth, four in the fourth
    assert "Counted are the 5 students who had a score when it was taken" in shown
    if name != "README.md":
        assert "(5 students): half of the class or more has 6.67 of 10 points" in shown


def test_hostile_work_comes_back_as_text(world, first):
    for student in ANSWERS:
        page = world.file(student, f"{HW}.html")
        assert "<script" not in page
        assert not re.search("<img[^>]*onerror", page)
    notebook = nbformat.reads(world.file("ben", f"{HW}.ipynb"), as_version=4)
    kinds = {k for c in notebook.cells for o in c.get("outputs", []) for k in o.get("data", {})}
    assert kinds <= {"text/plain", "image/png"}


def test_delivering_again_changes_nothing(world, first):
    again = world.deliver()

    assert statuses(again) == unchanged_but()
    assert again["ada"].commit == first["ada"].commit


def test_nbgrader_s_own_command_makes_the_same_page(world, first):
    page = world.course.folders.feedback / "ada" / HW / f"{HW}.html"
    before = page.read_bytes()

    words = ["-m", "nbgrader", "generate_feedback", HW, "--student", "ada", "--force"]
    subprocess.run([sys.executable, *words], cwd=world.course.root, check=True, capture_output=True)

    assert page.read_bytes() == before


def test_a_person_s_score_and_comment_come_back(world, first):
    world.give("ada", "prose", 2.5, "Nicely put; name the theorem <b>too</b>.")

    outcomes = world.deliver()

    assert statuses(outcomes) == unchanged_but(ada="delivered")
    assert "**Score: 19.17 of 23**" in world.file("ada", "README.md")
    for name in ("README.md", f"{HW}.ipynb", f"{HW}.html"):
        assert "Nicely put; name the theorem" in world.file("ada", name)
        assert "<b>too" not in world.file("ada", name)
    _, again = world.reviews("ada")
    assert (
        "- `prose`: – → 2.5 of 3 points (a person set the points; with a comment)" in again["text"]
    )
    assert "Nicely put; name the theorem" in again["beside"][0]["text"]
    assert [len(world.reviews(student)) for student in ("ben", "dee")] == [1, 1]


def test_one_student_s_new_score_changes_nobody_else_s_feedback(world, first, caplog):
    for student in ("ada", "dee", "eli", "fay"):
        world.give(student, "add", 1.0)
    assert statuses(world.deliver()) == unchanged_but(
        **dict.fromkeys(("ada", "dee", "eli", "fay"), "delivered")
    )
    assert "add: median 10 then, 1 now; --new-distribution" in caplog.text
    assert "`▃▁▁▁█`" in world.file("ben", "README.md")

    again = world.deliver(new_distribution=True)

    assert statuses(again) == dict.fromkeys(ANSWERS, "delivered") | {"cyd": "nothing"}
    assert "`▃▁▁▁█`" not in world.file("ben", "README.md")
    assert statuses(world.deliver()) == unchanged_but()


def test_one_student_s_broken_server_stops_nobody_else(world, first):
    (world.server.root / "ada.git").rename(world.server.root / "away")
    try:
        outcomes = world.deliver()
    finally:
        (world.server.root / "away").rename(world.server.root / "ada.git")

    assert statuses(outcomes) == unchanged_but(ada="failed")
    assert "check the roster's address" in outcomes["ada"].notes[0]
    assert "of-the-staff" not in outcomes["ada"].notes[0]


def test_a_student_without_collected_commit_is_told_apart(world, first, tmp_path):
    kept = world.course.state / "repositories" / "ben"
    kept.rename(tmp_path / "ben.git")
    try:
        outcomes = world.deliver()
    finally:
        (tmp_path / "ben.git").rename(kept)

    assert outcomes["ben"].status == "failed"
    assert "autograder collect small" in outcomes["ben"].notes[0]


def test_a_lost_commit_is_told_apart(world, first, tmp_path):
    kept = world.course.state / "repositories" / "ben"
    kept.rename(tmp_path / "ben")
    git("init", "--quiet", "--bare", "--", str(kept))
    try:
        outcomes = world.deliver()
    finally:
        shutil.rmtree(kept)
        (tmp_path / "ben").rename(kept)

    assert outcomes["ben"].status == "failed"
    assert "has lost the collected commit" in outcomes["ben"].notes[0]


def test_page_of_a_notebook_that_was_not_graded_fails_with_the_reason(world, first):
    folder = world.course.folders.autograded / "cyd" / HW
    folder.mkdir(parents=True)
    nbformat.write(small.notebook(), folder / f"{HW}.ipynb")
    try:
        with pytest.raises(AutograderError, match="no score of cyd is recorded for small"):
            page_maker(world.course, HW)("cyd")
    finally:
        shutil.rmtree(folder.parent)


def test_a_page_that_was_not_made_is_an_error(world, first):
    returned = read_returned(world.course, HW)["ada"]

    with pytest.raises(AutograderError, match="nbgrader made no"):
        write_files(world.course, "nobody", returned, lambda _student: None)


def test_progress_reaches_the_end(world, first):
    told = []

    deliver(world.course, HW, lambda done, total, _student: told.append((done, total)))

    total = 2 * len(read_returned(world.course, HW))
    assert told == [(done, total) for done in range(1, total + 1)]
