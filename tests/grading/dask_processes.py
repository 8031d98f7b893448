"""A real Dask scheduler and real workers, as processes on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PROGRAMS = Path(sys.executable).parent
START_S = 120  # a loaded machine may take long to start Python


@dataclass(slots=True)
class Dask:
    """A scheduler, whose address stands in `file`, and the workers that were started for it."""

    file: Path
    options: Sequence[str | Path]
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_worker(self, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        """Another worker of one thread, without the nanny that would start it again."""
        folder = self.file.parent
        words = ("--no-nanny", "--nthreads", "1", "--local-directory", str(folder), *words)
        worker = _start("worker", folder, self.options, *words, **environment)
        self.workers.append(worker)
        return worker


@contextmanager
def running_dask(
    folder: Path, workers: int, *options: str | Path, protocol: str = "tcp"
) -> Iterator[Dask]:
    """A scheduler and so many workers on 127.0.0.1, which end with the block."""
    file = folder / "scheduler.json"
    where = ["--host", "127.0.0.1", "--protocol", protocol, "--no-dashboard",
             "--scheduler-file", file, *options]  # fmt: skip
    dask = Dask(file, where, _start("scheduler", folder, where, "--port", "0"))
    try:
        end = time.monotonic() + START_S
        while not file.exists():
            said = (folder / "scheduler.log").read_text()
            assert dask.scheduler.poll() is None, said
            assert time.monotonic() < end, said
            time.sleep(0.1)
        for _ in range(workers):
            dask.start_worker()
        yield dask
    finally:
        for process in (dask.scheduler, *dask.workers):
            process.kill()
            process.wait()


def _start(
    kind: str, folder: Path, options: Sequence[str | Path], *words: str, **environment: str
) -> subprocess.Popen[bytes]:
    variables = os.environ | {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",  # a second death is one too many
    }
    with (folder / f"{kind}.log").open("ab") as log:
        return subprocess.Popen(
            [PROGRAMS / "dask", kind, *options, *words],
            stdout=log, stderr=log, cwd=folder, env=variables | environment,
        )  # fmt: skip
