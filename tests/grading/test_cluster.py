"""A class graded by a real Dask scheduler and real worker processes, of which one is killed."""

import os
import signal
import subprocess
import time
from concurrent.futures import Future
from typing import Any

import pytest
from distributed import Client, Security
from nbgrader.api import Gradebook

from autograder.course.model import Limits
from autograder.errors import AutograderError, SandboxError
from autograder.grading.cluster import Cluster, cluster_slots, grade_on_worker
from autograder.grading.job import Job, judges
from tests.grading import small
from tests.grading.conftest import STUDENTS, hand_in
from tests.grading.dask_processes import PROGRAMS, running_dask

pytestmark = pytest.mark.jail

SLOW = "import time\ntime.sleep(2)\n"  # long enough to be killed in the middle


def openssl(folder, *words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """A certificate authority of the test's own, and one key that it vouches for."""
    folder = tmp_path_factory.mktemp("tls")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl(folder, "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2",
            "-subj", "/CN=test")  # fmt: skip
    openssl(folder, "req", *key, "-keyout", "key.pem", "-out", "cert.csr", "-subj", "/CN=node")
    openssl(folder, "x509", "-req", "-in", "cert.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-out", "cert.pem", "-days", "2")  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def cluster(jail, tls, tmp_path_factory):
    """A scheduler and three workers on this machine, which speak TLS alone."""
    folder = tmp_path_factory.mktemp("cluster")
    with (
        running_dask(folder, 3, *options(tls), protocol="tls") as dask,
        Client(scheduler_file=dask.file, security=security(tls)) as client,
    ):
        client.wait_for_workers(3, timeout=120)
        yield client


def options(tls):
    return ["--tls-ca-file", tls / "ca.pem", "--tls-cert", tls / "cert.pem",
            "--tls-key", tls / "key.pem"]  # fmt: skip


def security(tls):
    return Security(
        tls_ca_file=str(tls / "ca.pem"),
        tls_client_cert=str(tls / "cert.pem"),
        tls_client_key=str(tls / "key.pem"),
        require_encryption=True,
    )


def scores(root):
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        return {s.student.id: s.score for s in gradebook.assignment_submissions(small.NAME)}


def test_a_class_is_graded_though_a_worker_is_killed(cluster, tls, course_folder):
    for student in STUDENTS:
        own = small.notebook(f"# {student}\n{SLOW}{small.NORM}", small.ADD)
        hand_in(course_folder, student, small.text(own))
    where = ["--course", course_folder, "--scheduler", cluster.scheduler.address]
    command = [PROGRAMS / "autograder", "grade", small.NAME, *where, *options(tls)]
    grading = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    pids = cluster.run(os.getpid)
    busy = {}
    while not busy and grading.poll() is None:
        time.sleep(0.2)
        busy = {worker: keys for worker, keys in cluster.processing().items() if keys}
    os.kill(pids[next(iter(busy))], signal.SIGKILL)
    out, err = grading.communicate(timeout=240)
    assert grading.returncode == 0, err
    assert [line.split()[:2] for line in out.splitlines()] == [[s, "graded"] for s in STUDENTS]
    assert scores(course_folder) == dict.fromkeys(STUDENTS, 20)
    assert len(cluster.scheduler_info()["workers"]) == 2


def test_what_a_worker_cannot_grade_is_that_students_failure(cluster, tls):
    files = [tls / name for name in ("ca.pem", "cert.pem", "key.pem")]
    with cluster_slots(Cluster(cluster.scheduler.address, *files)) as slots:
        future: Future[Any] = slots.executor.submit(_die, judges())
        with pytest.raises(AutograderError, match="worker after worker died while grading it"):
            slots.result(future)


def test_a_worker_of_another_version_refuses(tmp_path):
    job = Job("ada", small.NAME, b"{}", b"{}", {}, {}, Limits(), b"")
    with pytest.raises(SandboxError, match="has another version of this program"):
        grade_on_worker(job, None, "another")


def test_a_scheduler_that_does_not_answer_is_an_error(cluster, monkeypatch):
    monkeypatch.setattr("autograder.grading.cluster.CONNECT_S", 2.0)
    address = cluster.scheduler.address  # it speaks TLS, and we have no certificate
    for wrong in (Cluster(address), Cluster("tcp://127.0.0.1:1"), Cluster("nonsense://x")):
        with pytest.raises(SandboxError, match="no scheduler answers at"), cluster_slots(wrong):
            pass


def _die(_):
    os.kill(os.getpid(), signal.SIGKILL)
