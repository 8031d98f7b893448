"""A week on GitHub: repositories made, work collected and graded, feedback returned."""

from __future__ import annotations

from datetime import timedelta

import nbformat
import pytest

from autograder.collect.collect import collect
from autograder.course.course import Course
from autograder.feedback.deliver import deliver
from autograder.feedback.regrades import read_regrades
from autograder.gradebook.reading import read_scores
from autograder.grading.batch import grade_assignment
from autograder.grading.fork_server import has_sandbox
from autograder.release.student_version import release
from autograder.repositories.distribute import create, push_release
from autograder.settings import load_course
from tests.grading import small
from tests.repositories.git_students import GitStudent
from tests.repositories.github.conftest import NOON, TOKEN, Hub

HW = small.NAME
DUE = NOON + timedelta(hours=4)
CONFIG = f"""
from autograder.settings import plug_into_nbgrader

c = get_config()
plug_into_nbgrader(c)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.Course.hidden_tests = "hidden_tests"
c.Calendar.timezone = "UTC"
c.Calendar.due = {{"{HW}": "{DUE:%Y-%m-%d %H:%M}"}}
"""
NO_ABS = 'def norm(x, p):\n    if p < 1:\n        raise ValueError("p")\n' + (
    "    return (x**p).sum() ** (1 / p)"
)


@pytest.fixture
def course(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Course:
    root = hub.folder / "course"
    (root / "solutions" / HW).mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG)
    rows = [f"{s.id},{s.name},{s.email},{s.repository},{s.login}" for s in (hub.ada, hub.ben)]
    (root / "roster.csv").write_text("\n".join(["id,name,email,repository,login", *rows]))
    small.write_hidden_tests(root / "hidden_tests")
    nbformat.write(small.source(), root / "solutions" / HW / f"{HW}.ipynb")
    monkeypatch.setenv("AUTOGRADER_GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("AUTOGRADER_GITHUB", hub.github.url)
    monkeypatch.delenv("AUTOGRADER_GIT_TOKEN", raising=False)
    return load_course(root, needs_roster=True)


def hand_in(student: GitStudent, answer: str) -> None:
    """The student takes what the course brought, answers, and pushes."""
    student.git("fetch", "--quiet", student.address, "main:refs/heads/begun")
    before = student.git("rev-parse", "refs/heads/begun").decode().strip()
    work = {f"{HW}/{HW}.ipynb": small.text(small.notebook(answer, small.ADD, "It is."))}
    student.push(f"{student.commit(work, parent=before)}:refs/heads/main")


def test_a_week_on_github(hub: Hub, course: Course):
    if not has_sandbox():
        pytest.skip("bubblewrap cannot run here: see autograder doctor")
    hub.github.page_size = 2
    release(course, HW)

    assert [one.status for one in create(course)] == ["created", "created"]
    assert [one.status for one in create(course)] == ["unchanged", "unchanged"]
    assert [one.status for one in push_release(course, HW)] == ["unchanged", "unchanged"]

    hand_in(hub.git_of(hub.ada), NO_ABS)
    hub.clock[0] = DUE + timedelta(days=7)
    assert [one.status for one in collect(course, HW, now=hub.clock[0])] == [
        "collected",
        "nothing",  # the notebook is there, as the course brought it
    ]
    grade_assignment(course, HW, jobs=1)
    lines = read_scores(course, HW).students
    assert [(one.state, one.score) for one in lines] == [
        ("needs manual grade", lines[0].score),
        ("no submission", 0.0),
    ]

    (ada, ben) = deliver(course, HW, with_status=True)
    assert (ada.status, ada.notes) == ("delivered", ())
    assert (ben.status, hub.forge.pull_requests(hub.ben)) == ("nothing", ())
    (pull,) = hub.forge.pull_requests(hub.ada)
    assert (pull.head, pull.base) == (f"feedback/{HW}", f"feedback-base/{HW}")
    assert "A negative entry does not cancel a positive one." in pull.body
    held = hub.github.world.repositories["deep-learning/ada"]
    assert [one["context"] for one in held.statuses] == ["autograder"]
    assert [one["body"].startswith("**16.67 of 23 points**") for one in held.reviews] == [True]
    assert [one["path"] for one in held.line_comments] == [f"feedback/{HW}/README.md"]
    assert "Look at the sign of each entry." in held.line_comments[0]["body"]

    writes = hub.github.count("POST") + hub.github.count("PATCH")
    again = [one.status for one in deliver(course, HW, with_status=True)]
    assert again == ["unchanged", "nothing"]
    assert hub.github.count("POST") + hub.github.count("PATCH") == writes

    hub.github.world.say(held, pull.number, "ada-l", "/regrade norm the sign is right")
    hub.github.world.say(held, pull.number, "ben-m", "/regrade norm and mine")
    (request,) = read_regrades(course, HW)
    assert (request.student, request.status, request.question) == ("ada", "asked", "norm")
    assert request.reason == "the sign is right"
