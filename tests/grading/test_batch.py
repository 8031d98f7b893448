"""A class graded in one go: in parallel, again, after an interruption, with broken parts."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.errors import CourseError, ReleaseError, SandboxError
from autograder.grading import batch, cache
from autograder.grading.watch import children_of, descendants
from autograder.settings import load_course
from tests.grading import small
from tests.grading.conftest import hand_in

pytestmark = pytest.mark.jail


@pytest.fixture
def course(course_folder):
    return load_course(course_folder)


def grade(course, **named):
    return {g.student: g for g in batch.grade_assignment(course, small.NAME, **named)}


def recorded(course):
    with Gradebook(course.database_url) as gradebook:
        return {s.student.id: s.score for s in gradebook.assignment_submissions(small.NAME)}


def test_grading_twice_changes_nothing_and_says_so(course):
    hand_in(course.root, "ada", small.text(small.notebook(small.NORM, small.ADD)))
    hand_in(course.root, "bob", b"{")
    told = []
    first = grade(course, jobs=2, progress=lambda *step: told.append(step))
    assert {s: g.status for s, g in first.items()} == {"ada": "graded", "bob": "graded"}
    assert [step[:2] for step in told] == [(1, 2), (2, 2)]
    assert {step[2] for step in told} == {"ada", "bob"}  # either process may be done first
    assert first["bob"].notes[0].startswith("Nothing could be graded")
    second = grade(course, jobs=1)
    assert {s: g.status for s, g in second.items()} == {"ada": "unchanged", "bob": "unchanged"}
    assert recorded(course) == {"ada": 20, "bob": 0}
    assert batch.read_reports(course, small.NAME)["ada"].score == 20


def test_a_new_version_or_a_new_test_is_graded_again(course):
    hand_in(course.root, "ada", small.text(small.notebook(small.NORM)))
    grade(course, jobs=1)
    hand_in(course.root, "ada", small.text(small.notebook(small.NORM, small.ADD)))
    assert grade(course, jobs=1)["ada"].status == "graded"
    tests = cache.hidden_tests_of(course, small.NAME)
    tests.write_text(tests.read_text().replace("C[0, 0] == 2", "C[0, 0] == 3"))
    assert grade(course, jobs=1)["ada"].status == "graded"
    assert recorded(course) == {"ada": 17.5}


def test_a_score_that_was_half_written_is_written_again(course):
    hand_in(course.root, "ada", small.text(small.notebook(small.NORM, small.ADD)))
    grade(course, jobs=1)
    path = course.folders.autograded / "ada" / small.NAME / f"{small.NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.autograder.pop("report")  # as the first of nbgrader's two passes leaves it
    path.chmod(0o644)
    nbformat.write(notebook, path)
    assert grade(course, jobs=1)["ada"].status == "graded"
    path.chmod(0o644)
    path.write_text("{")
    assert grade(course, jobs=1)["ada"].status == "graded"
    assert recorded(course) == {"ada": 20}


FIRST = ("ada", "bob", "cyd")
WAITING = '''

@pytest.mark.grade_cell("norm")
def test_all_but_ada_wait(student):
    """Nothing that an answer could lose."""
    import time
    from pathlib import Path

    while Path({path!r}).exists() and "# ada" not in student.source("norm"):
        time.sleep(0.02)
'''


@pytest.fixture
def held(course):
    """A class whose grading goes no further than ada, however fast, until this file is gone."""
    path = course.root / "held"
    path.touch()
    with cache.hidden_tests_of(course, small.NAME).open("a") as tests:
        tests.write(WAITING.format(path=str(path)))
    for student in FIRST:
        hand_in(course.root, student, small.text(small.notebook(f"# {student}\n{small.NORM}")))
    return path


def start(course):
    """`autograder grade` by two processes."""
    program = Path(sys.executable).with_name("autograder")
    words = [program, "grade", "small", "--course", str(course.root), "--jobs", "2"]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(path, running):
    while not path.exists():
        assert running.poll() is None, running.communicate()
        time.sleep(0.01)


@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.parametrize(
    ("end", "at"), [(signal.SIGKILL, "autograded/ada"), (signal.SIGINT, ".autograder/reports")]
)
def test_an_interrupted_run_goes_on_where_it_stopped(course, held, end, at):
    running = start(course)
    wait_for(course.root / at, running)
    running.send_signal(end)
    _, said = running.communicate()
    assert running.returncode != 0
    assert "Traceback" not in said
    held.unlink()
    statuses = {s: g.status for s, g in grade(course, jobs=1).items()}
    assert set(statuses.values()) <= {"graded", "unchanged"}
    assert recorded(course) == dict.fromkeys(FIRST, 10)


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_ends_the_run_even_where_python_forgets_it(course):
    for student in FIRST:
        hand_in(course.root, student, small.text(small.notebook(small.NORM)))

    def forget(*_step):
        with suppress(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        grade(course, jobs=1, progress=forget)
    assert recorded(course) == {"ada": 10}


def workers_of(process):
    """The processes that grade for a command, beside what Python starts to count its resources."""
    return [child for child in children_of(process) if b"spawn_main" in command_of(child)]


def command_of(process):
    """Its command line; empty where it has ended meanwhile."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def test_a_class_goes_on_after_one_of_its_processes_was_killed(course, held):
    running = start(course)
    wait_for(course.root / "autograded/ada", running)
    family = list(descendants(workers_of(running.pid)[0]))
    os.kill(family[0], signal.SIGKILL)
    out, said = running.communicate()
    assert (running.returncode, out) == (1, "")
    assert said == (
        "error: a process that graded was ended from outside, perhaps for want of memory; what is "
        "finished is kept, and the same command with fewer --jobs goes on\n"
    )
    end = time.monotonic() + 30  # the kernel ends its sandbox; that takes a moment
    while alive := [process for process in family if Path(f"/proc/{process}").exists()]:
        assert time.monotonic() < end, alive
        time.sleep(0.05)
    assert [s for s in FIRST if batch.recorded_key(course, small.NAME, s)] == ["ada"]
    held.unlink()
    statuses = {student: g.status for student, g in grade(course, jobs=1).items()}
    assert statuses == {"ada": "unchanged", "bob": "graded", "cyd": "graded"}
    assert recorded(course) == dict.fromkeys(FIRST, 10)


def test_work_for_a_process_that_was_killed_is_an_error(course):
    hand_in(course.root, "ada", small.text(small.notebook(small.NORM)))
    job = cache.job_for(course, small.NAME, "ada")
    before = multiprocessing.active_children()
    with batch.local_slots(1) as slots:
        busy = slots.executor.submit(time.sleep, 60)
        for process in set(multiprocessing.active_children()) - set(before):
            process.kill()
        assert isinstance(busy.exception(), BrokenProcessPool)
        future = slots.submit(job, None)
        with pytest.raises(SandboxError, match="was ended from outside"):
            slots.result(future)


def test_a_persons_scores_survive_a_regrading(course):
    hand_in(course.root, "ada", small.text(small.notebook(small.NORM, small.ADD, "because")))
    grade(course, jobs=1)
    with Gradebook(course.database_url) as gradebook:
        grade_of = gradebook.find_grade("prose", small.NAME, small.NAME, "ada")
        grade_of.manual_score = 2  # pyright: ignore[reportAttributeAccessIssue]  # a column
        gradebook.db.commit()
    grade(course, jobs=1, force=True)
    assert recorded(course) == {"ada": 22}


def test_broken_hidden_tests_stop_the_run_and_say_where(course):
    cache.hidden_tests_of(course, small.NAME).write_text("import no_such_module\n")
    hand_in(course.root, "ada", small.text(small.notebook()))
    with pytest.raises(ReleaseError, match=r"(?s)test_small.py cannot be run: .*no_such_module"):
        grade(course, jobs=1)


def test_an_unknown_or_unreleased_assignment_is_an_error(course):
    with pytest.raises(CourseError, match="no assignment 'hw99'"):
        batch.grade_assignment(course, "hw99")
    cache.hidden_tests_of(course, small.NAME).unlink()
    with pytest.raises(ReleaseError, match="every assignment needs its hidden tests"):
        grade(course)
    (course.folders.release / small.NAME / f"{small.NAME}.ipynb").unlink()
    with pytest.raises(ReleaseError, match="run `autograder release small` first"):
        grade(course)


def test_a_report_that_cannot_be_read_is_made_anew(course):
    hand_in(course.root, "ada", small.text(small.notebook(small.NORM)))
    key, report = cache.report_for(course, small.NAME, "ada")
    path = course.state / "reports" / key[:2] / f"{key}.json"
    path.write_text("{")
    assert cache.report_for(course, small.NAME, "ada") == (key, report)


def test_each_student_has_numbers_of_their_own(course):
    seeds = {cache.student_seed(course, small.NAME, student) for student in ("ada", "bob")}
    assert len(seeds) == 2
    assert cache.student_seed(course, small.NAME, "ada") in seeds
