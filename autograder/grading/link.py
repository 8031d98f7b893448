"""The conversation with one notebook: only data goes out, and only data comes back."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from autograder.errors import StudentCrashError
from autograder.grading.handles import Handle
from autograder.grading.raised import student_raised
from autograder.grading.sandbox.decoder import Decoder
from autograder.grading.sandbox.encoder import Encoder
from autograder.grading.sandbox.wire import WireError
from autograder.grading.session import Raised, Session, broken_protocol, cell_run

MAX_LINE = 200  # a line further down is not told: its number could be a hidden input
MAX_FRAMES = 3  # lines of a traceback that are shown: more could be made to spell a hidden input


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Arguments as they were at one moment, with their strides and shared memory."""

    tree: Any
    buffers: list[bytes]

    def arguments(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments, made anew. Raises: WireError if one was no data."""
        args, kwargs = Decoder(self.buffers, _no_objects).decode(self.tree)
        return args, kwargs


@dataclass(frozen=True, slots=True)
class Call:
    """One call that a test made: what went in, what came out, and the arguments afterwards."""

    function: str
    before: Snapshot
    value: Any
    raised: str | None
    after: Snapshot


class Link:
    """Calls the student's functions, and remembers the calls of the running test."""

    _functions: dict[str, Handle]

    def __init__(self, session: Session) -> None:
        self.session = session
        self.question = ""
        self.calls: list[Call] = []
        self._callbacks: list[Callable[..., Any]] = []
        self._functions = {}  # that the running test has asked for
        self._seed: int | None = None  # goes with the first message of a test

    @property
    def generation(self) -> int:
        """Counts the sandboxes that are gone: a handle of an earlier one is void."""
        return self.session.generation

    def begin(self, question: str, seed: int) -> None:
        """A new test starts: which question it is for, and a fresh record of its calls."""
        self.question = question
        self.calls = []
        self._functions = {}
        self._seed = seed

    def look_up(self, name: str, as_now: bool = False) -> tuple[bool, Any]:
        """Whether the notebook defines `name`, and its value or a handle that knows its name.

        A function that the running test has asked for before is the one that it was then, unless
        it is wanted `as_now`.
        """
        known = None if as_now else self._functions.get(name)
        if known is not None and known.wire_generation == self.generation:
            return True, known
        reply = self._ask({"do": "name", "name": name})
        if reply.get("undefined"):
            return False, None
        value = self._value(reply, None)
        if not isinstance(value, Handle):
            return True, value
        handle = Handle(self, value.wire_tree, name)
        if handle.wire_tree[2] == "function":
            self._functions[name] = handle
        return True, handle

    def call(
        self,
        function: Handle,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        also: Literal["", "measure", "show"] = "",
    ) -> Any:
        """The value of a call; with `measure` also the peak of memory in bytes, with `show` also
        the outputs, as a notebook holds them.

        Raises: what the student's code raised, as StudentRaised; StudentError if it did not answer.
        """
        encoder = Encoder(self._keep)
        message = {
            "do": "call", "function": self._keep(function), "args": encoder.encode(args),
            "kwargs": encoder.encode(kwargs), "buffers": encoder.buffers,
        }  # fmt: skip
        reply = self._ask(message | ({also: True} if also else {}))
        self._write_back(reply, encoder)
        value = error = None
        if "error" in reply:
            error = student_raised(self._raised(reply))
        else:
            value = self._value(reply, encoder)
        if function.wire_name:
            kind = None if error is None else error.raised.type
            before = Snapshot(["t", [message["args"], message["kwargs"]]], encoder.buffers)
            after = self._snapshot(args, kwargs)
            self.calls.append(Call(function.wire_name, before, _copy(value), kind, after))
        if error is not None:
            raise error
        if also == "measure":
            return value, int(reply.get("peak") or 0)
        return (value, self._outputs(reply)) if also == "show" else value

    def _outputs(self, reply: dict[str, Any]) -> list[dict[str, Any]]:
        try:
            most = int(self.session.limits.output_mib * 2**20)
            return cell_run("", {"outputs": reply.get("outputs")}, most).outputs
        except WireError as error:
            raise broken_protocol(error) from error

    def operate(self, operator: str, *args: Any) -> Any:
        """The value of an operator, as in `operate("getitem", handle, 0)`."""
        encoder = Encoder(self._keep)
        tree = encoder.encode(list(args))
        message = {"do": "operator", "operator": operator, "args": tree}
        reply = self._ask({**message, "buffers": encoder.buffers})
        if "error" in reply:
            raise student_raised(self._raised(reply))
        return self._value(reply, encoder)

    def _ask(self, message: dict[str, Any]) -> dict[str, Any]:
        if self._seed is not None:
            message = message | {"seed": self._seed}
            self._seed = None
        return self.session.request(message, None, self._call_back)

    def _raised(self, reply: dict[str, Any]) -> Raised:
        """What a call raised, with nothing in it that student code could choose freely but the
        message, which is never shown."""
        try:
            raised = Raised.from_wire(reply["error"])
        except WireError as error:
            raise broken_protocol(error) from error
        lines = {cell.name: cell.source.count("\n") + 1 for cell in self.session.cells}
        frames = [(c, n) for c, n in raised.frames if 1 <= n <= min(lines.get(c, 0), MAX_LINE)]
        kind = getattr(builtins, raised.type, None)
        is_known = isinstance(kind, type) and issubclass(kind, BaseException)
        name = raised.type if is_known else "Exception"
        return Raised(name, raised.message, tuple(frames[-MAX_FRAMES:]))

    def _value(self, reply: dict[str, Any], known: Encoder | None) -> Any:
        try:
            decoder = Decoder(reply.get("buffers", []), self._resolve, known)
            return decoder.decode(reply.get("value"))
        except WireError as error:
            self.session.close()
            raise broken_protocol(error) from error

    def _write_back(self, reply: dict[str, Any], encoder: Encoder) -> None:
        """Makes the changes of the student's function to its arguments visible here."""
        try:
            for index, data in reply.get("memory", []):
                _write_memory(encoder.owners[index], encoder.buffers[index], data)
            for ref, (items, buffers) in reply.get("containers", []):
                decoder = Decoder(buffers, self._resolve, encoder)
                decoder.contents_into(encoder.containers[ref], items)
        except (WireError, TypeError, ValueError, IndexError) as error:
            self.session.close()
            raise broken_protocol(error) from error

    def _snapshot(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Snapshot:
        encoder = Encoder(self._keep)
        return Snapshot(encoder.encode((args, kwargs)), encoder.buffers)

    def _keep(self, value: object) -> list[Any]:
        if isinstance(value, Handle):
            if value.wire_generation != self.session.generation:
                raise StudentCrashError("the notebook was restarted while a test held its object")
            return value.wire_tree
        if not callable(value):
            raise TypeError(f"a test cannot pass {type(value).__name__}: only data and callables")
        self._callbacks.append(value)
        return ["k", len(self._callbacks) - 1]

    def _resolve(self, tree: list[Any]) -> object:
        if tree[0] == "h" and len(tree) == 3 and type(tree[1]) is int:
            return Handle(self, tree)
        if tree[0] == "k" and len(tree) == 2 and type(tree[1]) is int and tree[1] >= 0:
            return self._callbacks[tree[1]]
        raise WireError("malformed handle")

    def _call_back(self, reply: dict[str, Any]) -> dict[str, Any]:
        """Calls the function that the test passed in, with what the student's code gave it."""
        number = reply["callback"]
        if type(number) is not int or not 0 <= number < len(self._callbacks):
            raise WireError("a callback that was never passed")
        decoder = Decoder(reply.get("buffers", []), self._resolve)
        args, kwargs = decoder.decode(reply.get("args")), decoder.decode(reply.get("kwargs"))
        if not isinstance(args, tuple) or not isinstance(kwargs, dict):
            raise WireError("malformed arguments")
        encoder = Encoder(self._keep)
        try:
            value = encoder.encode(self._callbacks[number](*args, **kwargs))
        except Exception as error:  # noqa: BLE001  # a test's function may refuse what it is given
            return {"error": _builtin_name(error)}
        return {"value": value, "buffers": encoder.buffers}


def _builtin_name(error: Exception) -> str:
    known = [k for k in type(error).__mro__ if getattr(builtins, k.__name__, None) is k]
    return known[0].__name__


def _write_memory(owner: Any, before: bytes, data: Any) -> None:
    if data == before:
        return
    if not isinstance(data, bytes) or len(data) != len(before):
        raise WireError("memory came back with another size")
    if isinstance(owner, np.ndarray):
        owner.ravel(order="K").view(np.uint8)[:] = np.frombuffer(data, np.uint8)
    else:
        owner.numpy()[:] = np.frombuffer(data, np.uint8)


def _no_objects(tree: list[Any]) -> object:
    raise WireError(f"{tree[0]} is no data")


def _copy(value: Any) -> Any:
    """The value as it is now: a result may share memory with arguments that change later."""
    return value.copy() if isinstance(value, np.ndarray) else value
