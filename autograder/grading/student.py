"""The student's notebook as a hidden test sees it: names, handles, calls."""

from __future__ import annotations

import ast
import builtins
import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

import numpy as np

from autograder.errors import NotAttemptedError, StudentCrashError
from autograder.grading.sandbox.wire import Decoder, Encoder, WireError
from autograder.grading.session import Raised, Session

MAX_FRAMES = 3  # lines of a traceback that are shown: more could be made to spell a hidden input
_T = TypeVar("_T")
UNUSUAL = (UnicodeError, BaseExceptionGroup)  # builtins that cannot be made from a message


class StudentRaised(Exception):  # noqa: N818  # it reads `raises(StudentRaised)`
    """Something that the student's code raised; also an instance of the builtin type it was.

    `in_cell` is true where a notebook cell raised it before any hidden test ran: only then is the
    message free of hidden inputs and fit to be shown.
    """

    raised: Raised
    in_cell: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One call that a test made: what went in, what came out, and the arguments afterwards."""

    function: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    value: Any
    raised: str | None
    args_after: tuple[Any, ...]


class Student:
    """The `student` fixture: `student.lp_norm(x, 2)` calls what the notebook defines.

    A name that holds plain data is its value; anything else is a Handle.
    """

    def __init__(self, session: Session, sources: Mapping[str, str]) -> None:
        self._session = session
        self._sources = sources  # answer cells by their grade_id
        self._question = ""
        self._callbacks: list[Callable[..., Any]] = []
        self._calls: list[Call] = []
        self._seed: int | None = None  # sent before the first message of a test

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> Any:
        """The variable `name` of the notebook, for names that are methods here."""
        reply = self._ask({"do": "name", "name": name})
        if reply.get("undefined"):
            self._refuse_undefined(name)
        value = self._value(reply, None)
        return Handle(self, value.tree, name) if isinstance(value, Handle) else value

    def source(self, question: str) -> str:
        """The text of the answer cells of a question.

        Raises: NotAttemptedError where the notebook has none.
        """
        cells = [text for name, text in self._sources.items() if is_answer_to(name, question)]
        if not cells:
            raise NotAttemptedError(f"the notebook has no answer cell for {question!r}")
        return "\n\n".join(cells)

    def tree(self, question: str) -> ast.Module:
        """The syntax tree of the answer cells; line and cell magics count as nothing.

        Raises: SyntaxError, as StudentRaised, where the answer is not Python.
        """
        lines = self.source(question).splitlines()
        text = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise student_raised(Raised("SyntaxError", "", ())) from error

    def measure_memory(self, function: Any, *args: Any, **kwargs: Any) -> tuple[Any, int]:
        """The value of a call, and the peak in bytes of the memory allocated during it."""
        if not isinstance(function, Handle):
            raise StudentCrashError("what should be a function is not one")
        return self._call(function, args, kwargs, measure=True)

    def _refuse_undefined(self, name: str) -> NoReturn:
        for cell, run in self._session.runs.items():
            if not is_answer_to(cell, self._question):
                continue
            if run.raised is not None and run.raised.type != "NotImplementedError":
                error = student_raised(run.raised)
                error.in_cell = True
                raise error
            if run.ended:
                raise StudentCrashError(run.ended)
        raise NotAttemptedError(f"the notebook does not define {name!r}")

    def _begin(self, question: str, seed: int) -> None:
        """A new test starts: which question it is for, and a fresh record of its calls."""
        self._question = question
        self._calls = []
        self._seed = seed

    def _ask(self, message: dict[str, Any]) -> dict[str, Any]:
        seed, self._seed = self._seed, None
        if seed is not None:
            self._session.request({"do": "seed", "seed": seed})
        return self._session.request(message, None, self._call_back)

    def _call(
        self, function: Handle, args: tuple[Any, ...], kwargs: dict[str, Any], measure: bool = False
    ) -> Any:
        before = _copy((args, kwargs)) if function.name else None
        encoder = Encoder(self._keep)
        message = {
            "do": "call", "function": self._keep(function), "args": encoder.encode(args),
            "kwargs": encoder.encode(kwargs), "measure": measure, "buffers": encoder.buffers,
        }  # fmt: skip
        reply = self._ask(message)
        self._write_back(reply, encoder)
        value = error = None
        if "error" in reply:
            error = student_raised(self._raised(reply))
        else:
            value = self._value(reply, encoder)
        if before is not None:
            kind = None if error is None else error.raised.type
            after = _copy((args, {})) or ((), {})
            call = Call(function.name, before[0], before[1], value, kind, after[0])
            self._calls.append(call)
        if error is not None:
            raise error
        return (value, int(reply.get("peak") or 0)) if measure else value

    def _operate(self, operator: str, *args: Any) -> Any:
        encoder = Encoder(self._keep)
        tree = encoder.encode(list(args))
        message = {"do": "operator", "operator": operator, "args": tree}
        reply = self._ask({**message, "buffers": encoder.buffers})
        if "error" in reply:
            raise student_raised(self._raised(reply))
        return self._value(reply, encoder)

    def _raised(self, reply: dict[str, Any]) -> Raised:
        try:
            return Raised.from_wire(reply["error"])
        except WireError as error:
            raise StudentCrashError(
                f"the notebook's process broke the protocol: {error}"
            ) from error

    def _value(self, reply: dict[str, Any], known: Encoder | None) -> Any:
        try:
            decoder = Decoder(reply.get("buffers", []), self._resolve, known)
            return decoder.decode(reply.get("value"))
        except WireError as error:
            self._session.close()
            raise StudentCrashError(
                f"the notebook's process broke the protocol: {error}"
            ) from error

    def _write_back(self, reply: dict[str, Any], encoder: Encoder) -> None:
        """Makes the changes of the student's function to its arguments visible here."""
        try:
            for index, data in reply.get("memory", []):
                _write_memory(encoder.owners[index], encoder.buffers[index], data)
            for ref, (items, buffers) in reply.get("containers", []):
                decoder = Decoder(buffers, self._resolve, encoder)
                decoder.contents_into(encoder.containers[ref], items)
        except (WireError, TypeError, ValueError, IndexError) as error:
            self._session.close()
            raise StudentCrashError("the notebook's process broke the protocol") from error

    def _keep(self, value: object) -> list[Any]:
        if isinstance(value, Handle):
            if value.generation != self._session.generation:
                raise StudentCrashError("the notebook was restarted while a test held its object")
            return value.tree
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


class Handle:
    """An object that stays in the sandbox: every use of it is a message."""

    def __init__(self, student: Student, tree: list[Any], name: str = "") -> None:
        self._student = student
        self.tree = ["h", tree[1], str(tree[2])[:100]]
        self.name = name
        self.generation = student._session.generation

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._student._call(self, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # numpy and copy ask for many; none is the student's
            raise AttributeError(name)
        return self._operate("getattr", self, name)

    def _operate(self, operator: str, *args: Any) -> Any:
        return self._student._operate(operator, *args)

    def __bool__(self) -> bool:
        raise TypeError(
            "an object in the sandbox has no truth value; compare data instead, "
            "as in `float(x) == 1` or `np.allclose(student.f(x), y)`"
        )

    def __repr__(self) -> str:
        return f"<{self.tree[2]} in the sandbox>"

    def __len__(self) -> int:
        return _plain(self._operate("len", self), int)

    def __float__(self) -> float:
        return _plain(self._operate("float", self), float)

    def __int__(self) -> int:
        return _plain(self._operate("int", self), int)

    def __str__(self) -> str:
        return _plain(self._operate("str", self), str)

    def __iter__(self) -> Iterator[Any]:
        iterator = self._operate("iter", self)
        while True:
            try:
                yield self._operate("next", iterator)
            except StopIteration:
                return

    def __enter__(self) -> Any:
        return self._operate("enter", self)

    def __exit__(self, *_: object) -> None:
        self._operate("exit", self)

    def __contains__(self, item: object) -> bool:
        return _plain(self._operate("contains", self, item), bool)

    def __setitem__(self, key: object, value: object) -> None:
        self._operate("setitem", self, key, value)

    __hash__ = object.__hash__
    __array_ufunc__ = None  # NumPy then leaves `array + handle` to the handle


def _binary(name: str, swapped: bool) -> Callable[[Handle, object], Any]:
    def operate(self: Handle, other: object) -> Any:
        pair = (other, self) if swapped else (self, other)
        return self._operate(name, *pair)

    return operate


for _name in "add sub mul truediv floordiv mod pow matmul lshift rshift and or xor".split():
    _operator = f"{_name}_" if _name in ("and", "or") else _name
    setattr(Handle, f"__{_name}__", _binary(_operator, swapped=False))
    setattr(Handle, f"__r{_name}__", _binary(_operator, swapped=True))
for _name in "lt le gt ge eq ne getitem".split():
    setattr(Handle, f"__{_name}__", _binary(_name, swapped=False))
for _name in "neg pos abs invert".split():
    setattr(Handle, f"__{_name}__", lambda self, _name=_name: self._operate(_name, self))


def is_answer_to(cell: str, question: str) -> bool:
    """Whether an answer cell belongs to a question: `NAME_answer`, `NAME_answer_2`, ..."""
    head, _, number = cell.partition(f"{question}_answer")
    return not head and f"{question}_answer" in cell and (not number or number[0] == "_")


def student_raised(raised: Raised) -> StudentRaised:
    """An exception that is both StudentRaised and the builtin type that student code raised."""
    kind = getattr(builtins, raised.type, None)
    error = StudentRaised(raised.message)
    usual = isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, UNUSUAL)
    if usual and kind is not Exception:
        error = type(f"Student{raised.type}", (StudentRaised, kind), {})(raised.message)
    error.raised = raised
    return error


def _builtin_name(error: Exception) -> str:
    known = [k for k in type(error).__mro__ if getattr(builtins, k.__name__, None) is k]
    return known[0].__name__


def _plain(value: Any, kind: type[_T]) -> _T:
    if not isinstance(value, kind):
        raise student_raised(Raised("TypeError", f"expected {kind.__name__}", ()))
    return value


def _write_memory(owner: Any, before: bytes, data: Any) -> None:
    if data == before:
        return
    if not isinstance(data, bytes) or len(data) != len(before):
        raise WireError("memory came back with another size")
    if isinstance(owner, np.ndarray):
        owner.ravel(order="K").view(np.uint8)[:] = np.frombuffer(data, np.uint8)
    else:
        owner.numpy()[:] = np.frombuffer(data, np.uint8)


def _copy(value: Any) -> Any:
    """A deep copy for the record, or None where a call carries what cannot be copied."""
    try:
        return copy.deepcopy(value)
    except Exception:  # noqa: BLE001  # handles and tests' own objects; the record is a convenience
        return None
