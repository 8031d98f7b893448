"""The fork server: imports once what notebooks import, then is forked for each submission.

It runs in bubblewrap before any student code does, holds nothing of the course, and is never
spoken to by a notebook: a submission is a fork of it in namespaces of its own, from which it can
be neither seen nor signalled. Nothing here may run a torch kernel: threads do not survive a fork.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal
import socket
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import msgpack

from . import confine
from .shell import NotebookShell
from .warm import gather_pages, warm_up
from .wire import write_frame
from .worker import Worker

MAX_REQUEST = 2**16
MAX_SAID = 1000  # bytes of why it does not start
USER = GROUP = 65534  # nobody, as student code sees itself
WORK = "/tmp/work"  # noqa: S108  # the sandbox's own tmpfs


def main() -> None:
    """Imports modules, then forks for each request.

    The command line names the isolation and the modules.
    """
    control = socket.socket(fileno=int(os.environ.pop("CONTROL_FD")))
    try:
        shell = _prepare(sys.argv[1], sys.argv[2:])
    except Exception as error:  # no student code has run yet; the grader says it
        control.send(f"{type(error).__name__}: {error}".encode()[:MAX_SAID])
        raise
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries what has ended
    control.send(b"ready")
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, MAX_REQUEST, 1)
        if not data:
            return
        request = msgpack.unpackb(data)
        answer = _answer(control, request, descriptors[0], shell)
        os.close(descriptors[0])
        control.send(bytes(msgpack.packb(answer) or b""))


def _prepare(isolation: str, modules: Sequence[str]) -> NotebookShell:
    if isolation == "namespaces":
        confine.uncover_proc()
    silence()
    for name in modules:
        with contextlib.suppress(Exception):  # the notebook will say what it lacks
            importlib.import_module(name)
    shell = NotebookShell.instance()
    warm_up(shell)
    gc.collect()
    gc.freeze()  # no collection in a fork touches, and so copies, what is shared
    gather_pages()
    return shell


def _answer(
    control: socket.socket, request: dict[str, Any], wire: int, shell: NotebookShell
) -> dict[str, Any]:
    try:
        pid = confine.fork_into_namespaces() if request["namespaces"] else os.fork()
    except OSError as error:
        return {"error": str(error)}
    if pid == 0:
        control.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _submission(request, wire, shell)
    return {"pid": pid}


def _submission(request: dict[str, Any], wire: int, shell: NotebookShell) -> NoReturn:
    """The first process of a submission: prepares its namespaces, and ends when its child does."""
    try:
        if request["namespaces"]:
            disk_bytes = request["limits"]["file_bytes"]
            confine.take_namespaces(USER, GROUP, disk_bytes, request["kept"])
        else:
            confine.adopt_orphans()
            confine.end_with_parent()
        confine.drop_rights()
        worker = os.fork()
        if worker == 0:
            _work(request, wire, shell)
        os.close(wire)
        confine.hide_memory()
        while os.wait()[0] != worker:
            pass
    except BaseException as error:  # noqa: BLE001  # said to the grader: no student code has run yet
        _say(wire, error)
    finally:
        os._exit(0)


def _work(request: dict[str, Any], wire: int, shell: NotebookShell) -> NoReturn:
    """The process that student code runs in."""
    limits = request["limits"]
    try:
        stream = socket.socket(fileno=wire)
        home = request["home"]
        os.makedirs(f"{home}/work", exist_ok=True)  # noqa: PTH103  # pathlib is not needed here
        os.chdir(f"{home}/work")
        sys.path.insert(0, "")
        worker = Worker(stream, shell, limits["output_bytes"])
        confine.limit_resources(limits)
        confine.restrict_paths(request["read"], request["write"])
        if request["filter"]:
            confine.filter_calls(request["filter"])
    except BaseException as error:  # noqa: BLE001  # the same
        _say(wire, error)
        os._exit(1)
    try:
        worker.serve()
    finally:
        os._exit(0)  # no exit handler of the student's


def _say(wire: int, error: BaseException) -> None:
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(wire)) as stream:
        write_frame(stream, {"failed": f"{type(error).__name__}: {error}"})


def silence() -> None:
    """Points the standard descriptors at nothing."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    if null > 2:
        os.close(null)
