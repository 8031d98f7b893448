"""One notebook's life in the sandbox: its cells run once, then its functions are called.

A call that does not come back, or that ends the process, costs its claim alone: the sandbox is
thrown away and built again by running the cells, within a budget of time and of rebuilds.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.course.model import Limits
from autograder.errors import (
    SandboxError,
    StudentCrashError,
    StudentError,
    StudentTimeoutError,
)
from autograder.grading.fork_server import BASE_MODULES, Sandbox, open_sandbox
from autograder.grading.sandbox.wire import VERSION, WireError, read_frame, write_frame
from autograder.grading.watch import INTERVAL_S, check_usage

log = logging.getLogger(__name__)

START_S = 60.0  # a loaded machine may take long to start Python; student code does not run yet
MAX_REBUILDS = 12
OUTPUT_BYTES = 100  # what an output costs beside its text: a million empty ones are a flood, too
SLACK_BYTES = 2**16  # the worker's last words, which say that there was more


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell: its name in messages, its source, and how long it may run."""

    name: str
    source: str
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Raised:
    """What student code raised: the nearest builtin type, the message, lines of the notebook."""

    type: str
    message: str
    frames: tuple[tuple[str, int], ...]

    @classmethod
    def from_wire(cls, data: Any) -> Raised:
        """Raises: WireError if `data` is not the description of an exception."""
        try:
            frames = tuple((str(name)[:200], int(line)) for name, line in data["frames"][:10])
            return cls(str(data["type"])[:100], str(data["message"])[:4000], frames)
        except (TypeError, KeyError, ValueError, OverflowError) as error:
            raise WireError("malformed exception") from error


@dataclass(frozen=True, slots=True)
class CellRun:
    """How one cell ran. `ended` is why the process did not survive it, else None."""

    name: str
    outputs: list[dict[str, Any]] = field(default_factory=list)
    raised: Raised | None = None
    ended: StudentError | None = None


Callback = Callable[[dict[str, Any]], dict[str, Any]]


def no_callback(_: dict[str, Any]) -> dict[str, Any]:
    """Answers a call back into the grader where no test has passed a function."""
    raise WireError("a callback where none was passed")


class Session:
    """The sandbox of one submission, rebuilt when the student's code breaks it."""

    def __init__(
        self,
        cells: Sequence[Cell],
        limits: Limits,
        modules: tuple[str, ...] = BASE_MODULES,
        files: Mapping[str, bytes] | None = None,
    ) -> None:
        """`modules` are imported before the fork; `files` lie in the notebook's own folder."""
        self.limits = limits
        self.modules = modules
        self.files = dict(files or {})
        self.cells = list(cells)
        self.runs: dict[str, CellRun] = {}
        self.generation = 0  # counts the sandboxes that are gone: their handles are void
        self._sandbox: Sandbox | None = None
        self._rebuilds = 0
        self._spent_s = 0.0
        self._fatal: set[str] = set()
        self._output_left = int(limits.output_mib * 2**20) + SLACK_BYTES

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the sandbox and all that runs in it."""
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None
            self.generation += 1

    def add(self, cell: Cell) -> CellRun:
        """Runs one more cell, after those that have run. Returns how it ran."""
        self.cells.append(cell)
        return self.run()[cell.name]

    def run(self) -> dict[str, CellRun]:
        """Runs every cell once, in order. Returns how each ran, by the cell's name."""
        while len(self.runs) < len(self.cells):
            known = len(self.runs)
            try:
                if self._sandbox is None:
                    self._ensure()
                else:
                    self._run_cell(self.cells[known], known)
            except (StudentTimeoutError, StudentCrashError) as error:
                if len(self.runs) == known:  # not one cell's doing: the budget is used up
                    for cell in self.cells:
                        self.runs.setdefault(cell.name, CellRun(cell.name, ended=error))
        return self.runs

    def request(
        self,
        message: dict[str, Any],
        timeout_s: float | None = None,
        callback: Callback = no_callback,
    ) -> dict[str, Any]:
        """The worker's reply to a message; the sandbox is built first where it must be.

        Raises: StudentTimeoutError, StudentCrashError; the sandbox is gone after either.
        """
        self._ensure()
        return self._exchange(message, timeout_s or self.limits.call_s, callback)

    def _ensure(self) -> None:
        """Builds the sandbox and runs the cells, where it is not standing."""
        if self._sandbox is not None:
            return
        if self._rebuilds > MAX_REBUILDS:
            raise StudentCrashError("the notebook's process ended too many times")
        self._rebuilds += 1
        self._start()
        for number, cell in enumerate(self.cells):
            if cell.name not in self._fatal:
                self._run_cell(cell, number)

    def _start(self) -> None:
        self._sandbox = open_sandbox(self.limits, self.modules)
        wire = _Deadline(self._sandbox, time.monotonic() + START_S, self.limits)
        try:
            hello = read_frame(wire)
            if hello.get("version") == VERSION and self.files:
                write_frame(wire, {"do": "files", "files": self.files})
                read_frame(wire)
        except (EOFError, OSError, WireError) as error:
            hello = {"failed": type(error).__name__}
        if hello.get("version") != VERSION:
            self.close()
            raise SandboxStartError(
                f"the sandbox does not start ({hello.get('failed')}); "
                "`autograder doctor` says what this host lacks"
            )

    def _run_cell(self, cell: Cell, number: int) -> None:
        message = {"do": "cell", "name": cell.name, "source": cell.source, "seed": number}
        first = cell.name not in self.runs
        try:
            reply = self._exchange(message, cell.timeout_s, no_callback)
            if first:
                self.runs[cell.name] = self._read_run(cell, reply)
        except (StudentTimeoutError, StudentCrashError) as error:
            self._fatal.add(cell.name)
            if first:
                self.runs[cell.name] = CellRun(cell.name, ended=error)
            raise

    def _read_run(self, cell: Cell, reply: dict[str, Any]) -> CellRun:
        try:
            run = cell_run(cell.name, reply, self._output_left)
        except WireError as error:
            self.close()
            raise broken_protocol(error) from error
        self._output_left -= sum(map(_size, run.outputs))
        return run

    def _exchange(
        self,
        message: dict[str, Any],
        timeout_s: float,
        callback: Callback,
    ) -> dict[str, Any]:
        assert self._sandbox is not None  # noqa: S101  # every caller has ensured it
        left = self.limits.submission_s - self._spent_s
        if left <= 0:
            raise StudentTimeoutError(f"the notebook used up its {self.limits.submission_s:g} s")
        start = time.monotonic()
        wire = _Deadline(self._sandbox, start + min(timeout_s, left), self.limits)
        try:
            write_frame(wire, message)
            reply = read_frame(wire)
            while "callback" in reply:  # the deadline bounds how often
                write_frame(wire, callback(reply))
                reply = read_frame(wire)
        except TimeoutError as error:
            self.close()
            raise StudentTimeoutError(f"no answer within {timeout_s:g} s") from error
        except StudentCrashError:
            self.close()
            raise
        except (EOFError, ConnectionError) as error:
            self.close()
            raise StudentCrashError("the notebook's Python process ended") from error
        except WireError as error:
            self.close()
            raise broken_protocol(error) from error
        else:
            return reply
        finally:
            self._spent_s += time.monotonic() - start


def broken_protocol(error: Exception) -> StudentCrashError:
    """What a student is told of a forged reply; what it held is for the log alone."""
    log.debug("broken protocol: %s", error)
    return StudentCrashError("the notebook's process broke the protocol")


class SandboxStartError(SandboxError):
    """The sandbox ended before any of the student's code ran."""


def cell_run(name: str, reply: dict[str, Any], most_bytes: int) -> CellRun:
    """How a cell ran, from the worker's reply.

    The worker keeps to `most_bytes` of output itself. A forged reply need not: what goes beyond is
    left out.

    Raises: WireError for a malformed reply.
    """
    outputs = reply.get("outputs")
    if not isinstance(outputs, list):
        raise WireError("outputs are a list")
    raised = reply.get("raised")
    kept: list[dict[str, Any]] = []
    for output in map(_output, outputs):
        most_bytes -= OUTPUT_BYTES + _size(output)
        if most_bytes < 0:
            break
        if output is not None:
            kept.append(output)
    return CellRun(name, kept, None if raised is None else Raised.from_wire(raised))


def _size(data: Any) -> int:
    """How many characters an output holds."""
    if isinstance(data, str):
        return len(data)
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return sum(map(_size, parts))


def _output(data: Any) -> dict[str, Any] | None:
    """A clean notebook output made of the fields that we know; None for anything else."""
    if not isinstance(data, dict):
        return None
    kind = data.get("output_type")
    if kind == "stream" and data.get("name") in ("stdout", "stderr"):
        return {"output_type": "stream", "name": data["name"], "text": _text(data.get("text"))}
    if kind == "error":
        lines = data.get("traceback")
        return {
            "output_type": "error", "ename": _text(data.get("ename")),
            "evalue": _text(data.get("evalue")),
            "traceback": [_text(line) for line in lines] if isinstance(lines, list) else [],
        }  # fmt: skip
    if kind in ("display_data", "execute_result") and isinstance(data.get("data"), dict):
        shown = {k: _text(v) for k, v in data["data"].items() if k in _SHOWN}
        shown = {k: v for k, v in shown.items() if k.startswith("text/") or _BASE64.fullmatch(v)}
        output: dict[str, Any] = {"output_type": kind, "data": shown, "metadata": {}}
        return output | ({"execution_count": None} if kind == "execute_result" else {})
    return None


_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")  # a picture is that, and no markup
_SHOWN = ("text/plain", "text/latex", "image/png", "image/jpeg")


def _text(value: Any) -> str:
    return str(value).encode("utf-8", "replace").decode() if isinstance(value, str) else ""


class _Deadline:
    """A socket of which the whole conversation, not each read, must end in time and in limits."""

    def __init__(self, sandbox: Sandbox, end: float, limits: Limits) -> None:
        self._sandbox = sandbox
        self._stream = sandbox.stream
        self._end = end
        self._limits = limits
        self._next_look = time.monotonic() + INTERVAL_S

    def recv(self, size: int, /) -> bytes:
        while True:
            self._set_timeout()
            try:
                return self._stream.recv(size)
            except TimeoutError:
                self._look()

    def sendall(self, data: bytes, /) -> None:
        rest = memoryview(data)
        while rest:
            self._set_timeout()
            try:
                rest = rest[self._stream.send(rest) :]
            except TimeoutError:
                self._look()

    def _set_timeout(self) -> None:
        now = time.monotonic()
        if now >= self._end:
            raise TimeoutError
        if now >= self._next_look:  # a busy conversation is looked at, too
            self._look()
        seconds = min(self._end - now, INTERVAL_S)
        if seconds != self._stream.gettimeout():  # to set it is a call of the kernel's
            self._stream.settimeout(seconds)

    def _look(self) -> None:
        self._next_look = time.monotonic() + INTERVAL_S
        check_usage(self._sandbox.root, self._limits)
