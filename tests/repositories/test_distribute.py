"""A class's repositories from a template, and releases brought to students who work meanwhile."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from autograder.repositories.bring import place
from autograder.repositories.distribute import create, push_release
from autograder.repositories.forge import TOKEN_VARIABLE
from autograder.repositories.server import GitServer, User
from autograder.settings import load_course
from tests.repositories.git_students import with_login

CONFIG = """
c = get_config()
c.CourseDirectory.release_directory = "assignments"
c.Course.name = "Deep Learning"
c.Calendar.timezone = "Europe/Vienna"
c.Calendar.due = {"hw01": "2026-01-20 16:00", "hw02": "2026-01-27 16:00"}
"""
NAMES = ("ada", "bob")


class Desk:
    """A student's clone, worked on with git alone."""

    def __init__(self, folder, address):
        self.folder = folder
        subprocess.run(["git", "clone", "-q", address, str(folder)], check=True, env=ENV)

    def git(self, *words):
        done = subprocess.run(
            ["git", "-C", str(self.folder), *words], check=True, capture_output=True, env=ENV
        )
        return done.stdout.decode()

    def write(self, path, content):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)

    def push(self):
        self.git("add", "--all")
        self.git("commit", "-q", "-m", "work")
        self.git("push", "-q", "origin", "HEAD:main")

    def read(self, path):
        return (self.folder / path).read_text()


ENV = {
    "PATH": "/usr/bin:/bin:/usr/local/bin",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_TERMINAL_PROMPT": "0",
    **{f"GIT_{who}_NAME": "Student" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "s@example.edu" for who in ("AUTHOR", "COMMITTER")},
}


class School:
    def __init__(self, root, server):
        self.root, self.server, self.course = root, server, load_course(root)

    def release(self, name, **files):
        folder = self.root / "assignments" / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            (folder / file.replace("_ipynb", ".ipynb").replace("_txt", ".txt")).write_text(content)

    def desk(self, name):
        address = with_login(self.server.repository_url(name), name, f"{name}-word")
        return Desk(self.root / "desks" / name, address)

    def create(self):
        return {one.student: one for one in create(self.course)}

    def push(self, name):
        return {one.student: one for one in push_release(self.course, name)}


@pytest.fixture
def school(tmp_path, monkeypatch):
    monkeypatch.setenv(TOKEN_VARIABLE, "staff:s-word")
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    users = [*(User(n, f"{n}-word") for n in NAMES), User("staff", "s-word", is_staff=True)]
    with GitServer(tmp_path / "served", users) as server:
        rows = [f"{n},{n.title()},{n}@example.edu,{server.repository_url(n)}" for n in NAMES]
        (tmp_path / "roster.csv").write_text("\n".join(["id,name,email,repository", *rows, ""]))
        made = School(tmp_path, server)
        made.release("hw01", hw01_ipynb="one", student_id_txt="example\n", data_txt="data")
        yield made


def test_everybody_begins_with_the_template(school):
    assert {one.status for one in school.create().values()} == {"created"}
    ada = school.desk("ada")
    tracked = ada.git("ls-files").split()
    assert tracked == [
        ".github/workflows/public_checks.yml", ".gitignore", "README.md",
        "hw01/data.txt", "hw01/hw01.ipynb", "hw01/student_id.txt", "requirements.txt",
    ]  # fmt: skip
    assert ada.read("hw01/student_id.txt") == "ada\n"
    assert school.desk("bob").read("hw01/student_id.txt") == "bob\n"
    assert "Tuesday, 20 January 2026, 16:00 CET" in ada.read("README.md")
    assert "numpy==" in ada.read("requirements.txt")
    assert "Course staff <staff@example.edu>" in ada.git("log", "--format=%an <%ae>")


def test_creating_again_changes_nothing_and_spares_work(school):
    first = school.create()
    ada = school.desk("ada")
    ada.write("hw01/hw01.ipynb", "my answer")
    ada.push()
    again = school.create()
    assert {one.status for one in again.values()} == {"unchanged"}
    assert again["bob"].commit == first["bob"].commit
    assert ada.git("ls-remote", "origin", "main").split()[0] == ada.git("rev-parse", "HEAD").strip()


def test_a_new_assignment_comes_on_top_of_the_students_work(school):
    school.create()
    ada = school.desk("ada")
    ada.write("hw01/hw01.ipynb", "my answer")
    ada.write("notes.md", "mine")
    ada.push()
    school.release("hw02", hw02_ipynb="two", student_id_txt="example\n")
    brought = school.push("hw02")
    assert [(one.status, one.notes) for one in brought.values()] == [("updated", ())] * 2
    ada.git("pull", "-q", "--ff-only", "origin", "main")
    assert ada.read("hw02/hw02.ipynb") == "two"
    assert ada.read("hw02/student_id.txt") == "ada\n"
    assert ada.read("hw01/hw01.ipynb") == "my answer"
    assert ada.read("notes.md") == "mine"
    assert "27 January" in ada.read("README.md")
    assert {one.status for one in school.push("hw02").values()} == {"unchanged"}


def test_a_correction_goes_beside_what_the_student_changed(school):
    school.create()
    ada = school.desk("ada")
    ada.write("hw01/hw01.ipynb", "my answer")
    ada.push()
    school.release("hw01", hw01_ipynb="one, corrected", data_txt="more data")
    brought = school.push("hw01")
    assert brought["bob"].notes == ()
    (note,) = brought["ada"].notes
    beside = note.rpartition(" ")[2]
    assert note == f"hw01/hw01.ipynb was changed by the student; the new version is {beside}"
    ada.git("pull", "-q", "--ff-only", "origin", "main")
    assert ada.read("hw01/hw01.ipynb") == "my answer"
    assert ada.read(beside) == "one, corrected"
    assert ada.read("hw01/data.txt") == "more data"
    bob = school.desk("bob")
    assert bob.read("hw01/hw01.ipynb") == "one, corrected"
    ada.git("rm", "-q", beside)
    ada.push()
    assert {one.status for one in school.push("hw01").values()} == {"unchanged"}


def test_the_same_correction_after_a_lost_record_makes_no_commit(school):
    school.create()
    ada = school.desk("ada")
    ada.write("hw01/hw01.ipynb", "my answer")
    ada.push()
    school.release("hw01", hw01_ipynb="one, corrected")
    school.push("hw01")
    for copy in (school.course.state / "repositories").iterdir():
        copy.rename(school.root / f"lost-{copy.name}")
    assert {one.status for one in school.push("hw01").values()} == {"unchanged"}


def test_a_folder_that_was_copied_by_hand_gets_the_own_id(school):
    (school.root / "served").mkdir(exist_ok=True)
    forge_made = replace(school.course, students=school.course.students[:1])
    create(replace(forge_made, folders=replace(forge_made.folders, release=school.root / "none")))
    ada = school.desk("ada")
    ada.write("hw01/hw01.ipynb", "my answer")
    ada.write("hw01/student_id.txt", "example\n")
    ada.push()
    (brought,) = push_release(forge_made, "hw01")
    assert brought.status == "updated"
    ada.git("pull", "-q", "--ff-only", "origin", "main")
    assert ada.read("hw01/student_id.txt") == "ada\n"
    assert ada.read("hw01/hw01.ipynb") == "my answer"


def test_a_link_in_the_way_fails_for_that_student_alone(school):
    school.create()
    ada = school.desk("ada")
    (ada.folder / "hw02").symlink_to("/etc")
    ada.push()
    school.release("hw02", hw02_ipynb="two")
    brought = school.push("hw02")
    assert (brought["ada"].status, brought["bob"].status) == ("failed", "updated")
    assert "hw02 is no folder on the student's branch" in brought["ada"].notes[0]


def test_a_push_of_the_students_in_between_is_kept(school, monkeypatch):
    school.create()
    ada = school.desk("ada")
    school.release("hw02", hw02_ipynb="two")
    from autograder.repositories import bring as module  # noqa: PLC0415 - to meddle with it

    push = module.push_commit
    meddled = []

    def push_late(remote, ref, tip, commit):
        if "ada" in remote.url and not meddled:
            meddled.append(commit)
            ada.write("hw01/hw01.ipynb", "just now")
            ada.push()
        push(remote, ref, tip, commit)

    monkeypatch.setattr(module, "push_commit", push_late)
    assert school.push("hw02")["ada"].status == "updated"
    ada.git("pull", "-q", "--ff-only", "origin", "main")
    assert ada.read("hw01/hw01.ipynb") == "just now"
    assert ada.read("hw02/hw02.ipynb") == "two"


@pytest.mark.parametrize(
    ("theirs", "new", "given", "expected"),
    [
        (None, "n", None, "a/b.txt"),  # a new file
        ("n", "n", None, None),  # it is there
        ("g", "n", "g", "a/b.txt"),  # untouched since it was given
        ("s", "n", "n", None),  # the student's, and nothing newer
        (None, "n", "n", None),  # the student took it away
        ("s", "n", "g", "a/b.new-n.txt"),  # the student's, and there is a newer one
        ("s", "n", None, "a/b.new-n.txt"),
    ],
)
def test_where_a_file_goes(theirs, new, given, expected):
    assert place("a/b.txt", theirs, new, given) == expected
