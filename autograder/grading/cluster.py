"""Grading beyond one machine: the workers of a Dask scheduler run the same pure function.

What travels to a worker is a `Job`, as data: the submitted bytes, the released notebook, the hidden
tests, the limits and the student's own seed. The course's secret, the roster, the gradebook and
every credential stay where this process runs, which also keeps and records what comes back.

A worker that dies costs nothing but time, since Dask gives its jobs to others; a job whose workers
died again and again is reported as that student's failure. Workers need the same version of this
program, and bubblewrap, as `autograder doctor` on them says; they import nothing of the course.

Dask itself believes everybody who can reach the scheduler: its messages are pickled, so that they
can run code on the workers and, by what they send back, as the person who grades. Outside a
network of your own, use its TLS (`Cluster.tls_ca_file` and its neighbours).
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from autograder.course.report import Report
from autograder.errors import AutograderError, SandboxError
from autograder.grading.job import Job, grade_job, judges

log = logging.getLogger(__name__)

CONNECT_S = 30.0
WAITING = 256  # jobs that the scheduler holds: a quarter of a megabyte each


@dataclass(frozen=True, slots=True)
class Cluster:
    """A scheduler's address, as `tcp://head:8786` or `tls://head:8786`; the three files of TLS."""

    scheduler: str
    tls_ca_file: Path | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None


@dataclass(frozen=True, slots=True)
class ClusterSlots:
    """The workers of a scheduler, as `batch` uses them."""

    scheduler: str
    client: Any
    executor: Executor
    waiting: int
    killed: type[Exception]  # distributed's own, which is imported when it is used

    def submit(self, job: Job, only: Collection[str] | None) -> Future[Report]:
        """Starts the grading of a job on some worker. Where the scheduler is gone and did not come
        back, its result says so."""
        if self.client.status in ("closing", "closed"):
            future: Future[Report] = Future()
            future.cancel()
            future.set_running_or_notify_cancel()  # else nobody who waits hears of it
            return future
        return self.executor.submit(grade_on_worker, job, only, judges())

    def result(self, future: Future[Report]) -> Report:
        """The report that a worker made.

        Raises: AutograderError where worker after worker died with this job; SandboxError where
            the scheduler is gone; and what `grade_job` raises.
        """
        try:
            return future.result()
        except self.killed as error:
            raise AutograderError(f"worker after worker died while grading it: {error}") from error
        except CancelledError as error:
            raise SandboxError(
                f"the scheduler {self.scheduler} is gone; what is finished is kept: start it again "
                "and repeat the command, or repeat it without --scheduler to go on here"
            ) from error


@contextmanager
def cluster_slots(cluster: Cluster) -> Iterator[ClusterSlots]:
    """A connection to the scheduler. Leaving the block drops the jobs that are not finished.

    Raises: SandboxError where Dask is not installed, or no scheduler answers.
    """
    client = _connect(cluster)
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            log.warning("the scheduler %s has no workers yet; waiting", cluster.scheduler)
        from distributed import KilledWorker  # noqa: PLC0415  # an extra

        executor = client.get_executor(pure=False)
        waiting = max(WAITING, 2 * threads)
        yield ClusterSlots(cluster.scheduler, client, executor, waiting, KilledWorker)


def grade_on_worker(job: Job, only: Collection[str] | None, version: str) -> Report:
    """What a worker does: `grade_job`, one at a time in each process.

    Raises: SandboxError where this worker's program is another version; and as `grade_job`.
    """
    if judges() != version:
        raise SandboxError(
            f"the worker on {socket.gethostname()} has another version of this program; "
            "install the one that you grade with there"
        )
    with _turn():
        return grade_job(job, only)


@cache
def _turn() -> threading.Lock:
    """pytest runs once at a time in a process, however many threads a worker has."""
    return threading.Lock()


def _connect(cluster: Cluster) -> Any:
    try:
        from distributed import Client, Security  # noqa: PLC0415  # an extra
    except ImportError as error:
        raise SandboxError(
            "Dask is not installed; install this program with its extra 'cluster'"
        ) from error
    encrypted = cluster.scheduler.startswith("tls://")
    files = {"tls_ca_file": cluster.tls_ca_file, "tls_client_cert": cluster.tls_cert,
             "tls_client_key": cluster.tls_key}  # fmt: skip
    named = {name: str(path) for name, path in files.items() if path is not None}
    make: Callable[..., Any] = Client
    try:
        security = Security(require_encryption=encrypted, **named) if encrypted or named else None
        return make(cluster.scheduler, security=security, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise SandboxError(
            f"no scheduler answers at {cluster.scheduler} ({error}); see that it runs, and that "
            "the files of TLS are the cluster's"
        ) from error
