"""IPython without a terminal: runs one notebook cell and returns what it displayed."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type

from .tracebacks import Traceback

# Nothing that a browser would run: HTML, JavaScript and SVG are shown by their plain text instead.
SHOWN_TYPES = ("text/plain", "text/latex", "image/png", "image/jpeg")
MAX_TRACEBACK = 60
Output = dict[str, Any]


class Recorder:
    """The outputs of one cell, in order, up to a number of bytes."""

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self._outputs: list[Output] = []
        self._full = False

    def add(self, output: Output, size: int) -> None:
        """Keeps an output while the budget lasts; then says once that there was more."""
        if self._full:
            return
        self.budget -= size
        if self.budget < 0:
            self._full = True
            note = "\n... more was printed than is kept ...\n"
            output = {"output_type": "stream", "name": "stdout", "text": note}
        last = self._outputs[-1] if self._outputs else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            last["chunks"].append(output["text"])
        elif output["output_type"] == "stream":
            kept = {"output_type": "stream", "name": output["name"], "chunks": [output["text"]]}
            self._outputs.append(kept)
        else:
            self._outputs.append(output)

    def outputs(self) -> list[Output]:
        """What was shown, as notebook outputs."""
        return [
            {"output_type": "stream", "name": o["name"], "text": "".join(o["chunks"])}
            if "chunks" in o
            else o
            for o in self._outputs
        ]

    def clear(self) -> None:
        """Forgets what was shown, as `clear_output` asks."""
        self._outputs.clear()

    def display(self, data: dict[str, Any], count: int | None = None) -> None:
        """Keeps a displayed object, in the forms that cannot run in a browser."""
        shown = {k: v for k, v in data.items() if k in SHOWN_TYPES and isinstance(v, str)}
        output: Output = {"output_type": "display_data", "data": shown, "metadata": {}}
        if count is not None:
            output |= {"output_type": "execute_result", "execution_count": count}
        self.add(output, sum(len(v) for v in shown.values()))


class RecordedStream:
    """Stands for sys.stdout and sys.stderr while a cell runs."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str, shell: NotebookShell) -> None:
        self.name = name
        self._shell = shell

    def write(self, text: str) -> int:
        self._shell.recorder.add(
            {"output_type": "stream", "name": self.name, "text": str(text)}, len(text)
        )
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True


class _Publisher(DisplayPublisher):
    def publish(self, data: dict[str, Any], *_: Any, **__: Any) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]  # only data matters
        if isinstance(self.shell, NotebookShell):
            self.shell.recorder.display(data)

    def clear_output(self, wait: bool = False) -> None:  # noqa: ARG002  # IPython's signature
        if isinstance(self.shell, NotebookShell):
            self.shell.recorder.clear()


class _Hook(DisplayHook):
    def write_output_prompt(self) -> None:
        pass

    def finish_displayhook(self) -> None:
        self._is_active = False  # and no newline: the recorder keeps results apart

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:  # noqa: ARG002  # IPython's signature
        if isinstance(self.shell, NotebookShell):
            self.shell.recorder.display(format_dict, self.prompt_count)


class _Compiler(CachingCompiler):
    """Names each cell's code after the cell: a traceback says where in the notebook it is."""

    cell = ""

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:  # noqa: ARG002  # IPython's signature
        return f"<cell {self.cell}>" if number else "<cell>"


class NotebookShell(InteractiveShell):
    """The shell that stands for a notebook's kernel; shell escapes and installs are left out."""

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)
    compiler_class = Type(_Compiler)

    def __init__(self, **kwargs: Any) -> None:
        self.recorder = Recorder(0)
        super().__init__(**kwargs)
        self.colors = "nocolor"

    def init_history(self) -> None:
        super().init_history()
        if self.history_manager is not None:
            self.history_manager.enabled = False

    def init_traceback_handlers(self, custom_exceptions: Any) -> None:
        super().init_traceback_handlers(custom_exceptions)
        self.InteractiveTB = Traceback(mode=self.xmode, theme_name=self.colors, tb_offset=1)

    def _format_exception_for_storage(self, *_: Any, **__: Any) -> dict[str, Any]:
        return {}  # there is no history to store it in

    def enable_gui(self, gui: str | None = None) -> None:
        """There is no event loop to enter; figures are shown in place."""

    def system(self, cmd: str) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]  # a method where IPython has an attribute
        print(f"(not run while grading: {cmd})")  # noqa: T201  # this is the cell's output

    system_piped = system_raw = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:  # noqa: ARG002  # IPython's signature
        self.system(cmd)
        return [] if split else ""

    def showtraceback(self, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002  # IPython's signature
        kind, value, frames = sys.exc_info()
        if kind is None:
            return
        self.last_exception = value
        try:
            lines = self.InteractiveTB.structured_traceback(kind, value, frames, tb_offset=1)
        except Exception:  # noqa: BLE001  # a student's __str__ may raise anything
            lines = [f"{kind.__name__} (its message cannot be shown)"]
        self._keep_error(kind.__name__, _text(value), lines)

    def showsyntaxerror(self, *_: Any, **__: Any) -> None:
        kind, value = sys.exc_info()[:2]
        if kind is None or value is None:
            return
        self.last_exception = value
        lines = self.SyntaxTB.structured_traceback(kind, value, [])  # pyright: ignore[reportArgumentType]  # IPython itself passes a list
        self._keep_error(kind.__name__, _text(value), lines)

    def _keep_error(self, name: str, message: str, lines: list[str]) -> None:
        if len(lines) > MAX_TRACEBACK:
            lines = [*lines[: MAX_TRACEBACK // 2], "...", *lines[-MAX_TRACEBACK // 2 :]]
        error = {
            "output_type": "error", "ename": name[:200], "evalue": message[:2000],
            "traceback": [_plain(line)[:20_000] for line in lines],
        }  # fmt: skip
        self.recorder.add(error, sum(len(line) for line in error["traceback"]))

    def run(self, source: str, name: str, budget: int) -> tuple[list[Output], BaseException | None]:
        """Runs one cell. Returns its outputs, and what it raised if it raised."""
        self.recorder = Recorder(budget)
        self.last_exception: BaseException | None = None
        self.compile.cell = name  # type: ignore[attr-defined]  # our compiler has it
        with self._redirected():
            self.run_cell(source, store_history=True, silent=False)
        return self.recorder.outputs(), self.last_exception

    @contextmanager
    def recorded(self, budget: int, shown: list[Output]) -> Iterator[None]:
        """Adds to `shown` what is printed and drawn meanwhile, up to `budget` bytes; 0 drops it."""
        self.recorder = Recorder(budget)
        with self._redirected():
            yield
            if budget and "matplotlib_inline.backend_inline" in sys.modules:
                sys.modules["matplotlib_inline.backend_inline"].flush_figures()
        shown += self.recorder.outputs() if budget else []

    @contextmanager
    def _redirected(self) -> Iterator[None]:
        before = sys.stdout, sys.stderr
        sys.stdout = RecordedStream("stdout", self)  # type: ignore[assignment]  # as much of a file as print needs
        sys.stderr = RecordedStream("stderr", self)  # type: ignore[assignment]  # the same
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before


_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def _plain(line: str) -> str:
    """A line of a traceback without colours, and without where Python lies on the grader's host."""
    line = _ANSI.sub("", line)
    for folder in (sys.prefix, sys.base_prefix):
        line = line.replace(f"{folder}/", "")
    return line


def _text(value: BaseException | None) -> str:
    try:
        return str(value)
    except Exception:  # noqa: BLE001  # a student's __str__ may raise anything
        return ""
