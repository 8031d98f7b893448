"""What goes to a Dask scheduler, and what becomes of a class when the scheduler is killed."""

import json
import os
import secrets
import socket
import subprocess
import threading
import time
from base64 import b64encode
from concurrent.futures import wait
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import pytest

from autograder.course.model import Limits
from autograder.errors import SandboxError
from autograder.grading import batch
from autograder.grading.cluster import Cluster, cluster_slots
from autograder.grading.job import Job
from autograder.repositories.forge import GITHUB_TOKEN_VARIABLE, TOKEN_VARIABLE
from autograder.settings import load_course
from tests.grading import small
from tests.grading.conftest import STUDENTS, hand_in
from tests.grading.dask_processes import PROGRAMS, running_dask

pytestmark = pytest.mark.jail

SLOW = "import time\ntime.sleep(1)\n"  # the others wait when the first is finished


@pytest.fixture
def dask(jail, tmp_path):
    """A scheduler of the test's own, and one worker."""
    folder = tmp_path / "dask"
    folder.mkdir()
    with running_dask(folder, 1) as dask:
        yield dask


def address(dask):
    return json.loads(dask.file.read_text())["address"]


def start_grading(root, scheduler, **environment):
    return subprocess.Popen(
        [PROGRAMS / "autograder", "grade", small.NAME, "--course", root, "--scheduler", scheduler],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | environment,
    )  # fmt: skip


def test_a_class_goes_on_after_its_scheduler_was_killed(dask, course_folder):
    for student in STUDENTS:
        own = small.notebook(f"# {student}\n{SLOW}{small.NORM}", small.ADD)
        hand_in(course_folder, student, small.text(own))
    scheduler = address(dask)
    grading = start_grading(course_folder, scheduler)
    while not (course_folder / "autograded" / "ada").exists() and grading.poll() is None:
        time.sleep(0.05)
    dask.scheduler.kill()
    out, err = grading.communicate(timeout=120)
    assert (grading.returncode, out) == (1, "")
    assert "Traceback" not in err
    assert err.splitlines()[-1] == (
        f"error: the scheduler {scheduler} is gone; what is finished is kept: start it again and "
        "repeat the command, or repeat it without --scheduler to go on here"
    )
    course = load_course(course_folder, needs_roster=True)
    finished = [student for student in STUDENTS if batch.recorded_key(course, small.NAME, student)]
    assert "ada" in finished
    assert len(finished) < len(STUDENTS)
    again = batch.grade_assignment(course, small.NAME, jobs=2)
    assert [g.student for g in again if g.status == "unchanged"] == finished
    assert {g.report.score for g in again if g.report is not None} == {20}
    assert len(again) == len(STUDENTS)


def test_a_scheduler_that_does_not_come_back_is_an_error(dask, monkeypatch):
    monkeypatch.setattr("autograder.grading.cluster.CONNECT_S", 2.0)
    with cluster_slots(Cluster(address(dask))) as slots:
        dask.scheduler.kill()
        dask.scheduler.wait()
        while slots.client.status != "closed":  # it tries to connect again for so long
            time.sleep(0.1)
        job = Job("ada", small.NAME, b"{}", b"{}", {}, {}, Limits(), b"")
        (future,) = wait([slots.submit(job, None)]).done
        with pytest.raises(SandboxError, match=r"scheduler tcp://.* is gone; what is finished"):
            slots.result(future)


@contextmanager
def overheard(to):
    """An address that leads to `to`, and all the bytes that were sent there by way of it."""
    sent, target = bytearray(), urlsplit(to)

    def carry(source, drain, also=None):
        with suppress(OSError), source, drain:
            while data := source.recv(2**16):
                drain.sendall(data)
                if also is not None:
                    also.extend(data)

    def serve(listener):
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection((target.hostname, target.port))
                for words in ((near, far, sent), (far, near)):
                    threading.Thread(target=carry, args=words, daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield f"tcp://127.0.0.1:{listener.getsockname()[1]}", sent
        listener.shutdown(socket.SHUT_RDWR)


def test_no_secret_and_nothing_of_the_roster_is_sent(dask, course_folder):
    (course_folder / "roster.csv").write_text(
        "id,name,email,repository\nada,Augusta King,king@example.edu,https://example.edu/ada.git\n"
    )
    course = load_course(course_folder, needs_roster=True)
    hand_in(course_folder, "ada", small.text(small.notebook(small.NORM, small.ADD)))
    tokens = {name: secrets.token_hex() for name in (TOKEN_VARIABLE, GITHUB_TOKEN_VARIABLE)}
    with overheard(address(dask)) as (scheduler, sent):
        plain = {"DASK_DISTRIBUTED__COMM__COMPRESSION": "False"}
        grading = start_grading(course_folder, scheduler, **tokens, **plain)
        out, err = grading.communicate(timeout=120)
    assert out.split()[:2] == ["ada", "graded"], err
    assert b"p must be at least 1" in sent  # the answer itself: we did hear what was sent
    secret = course.secret
    never = [secret, secret.hex().encode(), b64encode(secret), *map(str.encode, tokens.values())]
    never += [b"Augusta", b"king@", b"example.edu", str(course_folder).encode()]
    assert [text for text in never if text in sent] == []
