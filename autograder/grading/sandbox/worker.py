"""The student's side of the wire: runs cells, answers questions about names, forwards calls.

Everything here is in the student's hands. Nothing it says is believed: the grader decodes its
replies as data, and a forged reply is only another wrong value.
"""

from __future__ import annotations

import builtins
import contextlib
import operator
import socket
import sys
import traceback
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .decoder import Decoder
from .encoder import Encoder
from .shell import NotebookShell
from .wire import VERSION, read_frame, write_frame

MAX_HANDLES = 100_000


def make_frame(kind: str, columns: list[Any], names: list[Any], index: list[Any]) -> Any:
    """A pandas DataFrame or Series of these columns."""
    import pandas as pd  # noqa: PLC0415  # few notebooks need it

    made = [pd.Series(c, index=index, name=n) for c, n in zip(columns, names, strict=True)]
    if kind == "Series":
        return made[0]
    return pd.concat(made, axis=1) if made else pd.DataFrame(index=index)


def qualified_name(kind: type) -> str:
    """A type's name with its module's, as `builtins.int`."""
    return f"{kind.__module__}.{kind.__qualname__}"


OPERATORS: dict[str, Callable[..., Any]] = {
    name: getattr(operator, name)
    for name in (
        "add sub mul truediv floordiv mod pow matmul neg pos abs invert "
        "and_ or_ xor lshift rshift getitem setitem"
    ).split()
} | {"len": len, "str": str, "repr": repr, "float": float, "int": int, "next": next, "iter": iter,
     "getattr": getattr, "setattr": setattr, "type_name": lambda x: type(x).__name__,
     "isinstance": lambda x, name: type(x).__name__ == name, "callable": callable,
     "instance": isinstance, "is_a": lambda x, name: name in map(qualified_name, type(x).__mro__),
     "frame": make_frame,
     "enter": lambda x: x.__enter__(), "exit": lambda x: x.__exit__(None, None, None)}  # fmt: skip


class GraderError(Exception):
    """A function that the test passed in raised; carries nothing of it."""


class Worker:
    """One notebook's namespace, and the conversation about it."""

    def __init__(self, stream: socket.socket, shell: NotebookShell, output_bytes: int) -> None:
        self.stream = stream
        self.budget = output_bytes
        self.handles: list[object] = []
        self.shell = shell
        self._operations: dict[str, Callable[[dict[str, Any], Decoder], dict[str, Any]]] = {
            "cell": self._cell, "name": self._name, "call": self._call, "operator": self._operator,
            "files": self._files,
        }  # fmt: skip

    def serve(self) -> None:
        """Answers until the grader closes the wire."""
        write_frame(self.stream, {"version": VERSION})
        while True:
            try:
                request = read_frame(self.stream)
            except EOFError:
                return
            write_frame(self.stream, self._answer(request))

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        decoder = Decoder(request.get("buffers", []), self._resolve)
        try:
            if "seed" in request:
                with contextlib.suppress(Exception):  # a notebook may have replaced a generator
                    seed_generators(request["seed"])
            return self._operations[request["do"]](request, decoder)
        except BaseException as error:  # noqa: BLE001  # the one place: whatever student code raises is an answer
            return {"error": describe(error), **self._changes(decoder, {})}

    def _cell(self, request: dict[str, Any], _: Decoder) -> dict[str, Any]:
        outputs, error = self.shell.run(request["source"], request["name"], self.budget)
        self.budget -= sum(len(str(output)) for output in outputs)
        return {"outputs": outputs, "raised": describe(error) if error is not None else None}

    def _name(self, request: dict[str, Any], _: Decoder) -> dict[str, Any]:
        if request["name"] not in self.shell.user_ns:
            return {"undefined": True}
        return self._result(self.shell.user_ns[request["name"]])

    def _call(self, request: dict[str, Any], decoder: Decoder) -> dict[str, Any]:
        function: Any = decoder.decode(request["function"])
        args = decoder.decode(request["args"])
        kwargs = decoder.decode(request["kwargs"])
        before = {ref: self._contents(c, decoder) for ref, c in enumerate(decoder.containers)}
        peak = None
        shown: list[dict[str, Any]] = []
        try:
            with self.shell.recorded(self.budget if request.get("show") else 0, shown):
                if request.get("measure"):
                    value, peak = measured(function, args, kwargs)
                else:
                    value = function(*args, **kwargs)
        except BaseException as error:  # noqa: BLE001  # whatever student code raises is an answer
            return {"error": describe(error), **self._changes(decoder, before)}
        result = {**self._result(value, decoder), "peak": peak, "outputs": shown}
        return {**result, **self._changes(decoder, before)}

    def _operator(self, request: dict[str, Any], decoder: Decoder) -> dict[str, Any]:
        args = decoder.decode(request["args"])
        with self.shell.recorded(0, []):
            return self._result(OPERATORS[request["operator"]](*args), decoder)

    def _files(self, request: dict[str, Any], _: Decoder) -> dict[str, Any]:
        for name, content in request["files"].items():
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return self._result(None)

    def _result(self, value: object, known: Decoder | None = None) -> dict[str, Any]:
        encoder = Encoder(self._keep, known)
        return {"value": encoder.encode(value), "buffers": encoder.buffers}

    def _contents(self, container: object, known: Decoder) -> Any:
        encoder = Encoder(self._keep, known)
        return [encoder.contents(container), encoder.buffers]

    def _changes(self, decoder: Decoder, before: dict[int, Any]) -> dict[str, Any]:
        """What the call changed in place: arrays by buffer, lists, sets and dicts by reference."""
        memory = {i: m.tobytes() for i, m in enumerate(decoder.memory)}
        containers: dict[int, Any] = {}
        for ref, old in before.items():
            new = self._contents(decoder.containers[ref], decoder)
            if new != old:
                containers[ref] = new
        return {"memory": [[i, data] for i, data in memory.items()],
                "containers": [[ref, new] for ref, new in containers.items()]}  # fmt: skip

    def _keep(self, value: object) -> list[Any]:
        for index in range(max(0, len(self.handles) - 50), len(self.handles)):
            if self.handles[index] is value:
                return ["h", index, type(value).__name__]
        if len(self.handles) >= MAX_HANDLES:
            raise MemoryError("too many objects are held by the test")
        self.handles.append(value)
        return ["h", len(self.handles) - 1, type(value).__name__]

    def _resolve(self, tree: list[Any]) -> object:
        if tree[0] == "h":
            return self.handles[tree[1]]
        return self._callback(tree[1])

    def _callback(self, number: int) -> Callable[..., Any]:
        def call_the_grader(*args: Any, **kwargs: Any) -> Any:
            encoder = Encoder(self._keep)
            message = {"args": encoder.encode(args), "kwargs": encoder.encode(kwargs)}
            frame = {"callback": number, **message, "buffers": encoder.buffers}
            write_frame(self.stream, frame)
            reply = read_frame(self.stream)
            while "do" in reply:  # the grader's function asks something back
                write_frame(self.stream, self._answer(reply))
                reply = read_frame(self.stream)
            if "error" in reply:
                kind = getattr(builtins, reply["error"], GraderError)
                raise kind("the function that was passed in raised this")
            return Decoder(reply["buffers"], self._resolve).decode(reply["value"])

        return call_the_grader


def describe(error: BaseException) -> dict[str, Any]:
    """An exception as data: its nearest builtin type, message, and the lines of the notebook."""
    known = [k for k in type(error).__mro__ if getattr(builtins, k.__name__, None) is k]
    try:
        message = str(error)[:4000]
    except Exception:  # noqa: BLE001  # a student's __str__ may raise anything
        message = ""
    frames = [
        [frame.filename.removeprefix("<cell ").removesuffix(">"), frame.lineno or 0]
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith("<cell ")
    ]
    if isinstance(error, SyntaxError) and str(error.filename).startswith("<cell "):
        frames.append([str(error.filename)[6:-1], error.lineno or 0])
    frames = frames if len(frames) <= 8 else frames[:4] + frames[-4:]
    return {"type": known[0].__name__, "message": message, "frames": frames}


def measured(function: Callable[..., Any], args: Any, kwargs: Any) -> tuple[Any, int]:
    """The function's value and the peak of memory, in bytes, that was allocated in the call."""
    tracemalloc.start()
    try:
        value = function(*args, **kwargs)
        return value, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def seed_generators(seed: int) -> None:
    """Seeds `random`, and NumPy and torch where the notebook has imported them."""
    import random  # noqa: PLC0415  # most notebooks never need it

    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % 2**32)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)
