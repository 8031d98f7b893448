"""The names that an instructor's test cell uses: the instructor's own here, the student's there."""

from __future__ import annotations

import ast
import builtins
import io
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from autograder.answers.verdict import UndecidedAnswer
from autograder.grading.handles import Handle
from autograder.grading.link import Link
from autograder.grading.sandbox.worker import make_frame

FRAMES = ("DataFrame", "Series")
PASSED = "A check passes or gets something that is no plain data, so a person reads this answer."
ASKED = "A check asks one of your own objects whether it is right, so a person reads this answer."


class Names(dict[str, Any]):
    """The globals of the instructor's cells.

    What the instructor's notebook defines outside solutions is run here, in the grader, and cannot
    be redefined by a student. Every other name is looked up in the student's notebook, at the
    moment it is used: data comes as data, anything else as a handle.
    """

    def __init__(self, link: Link, students: frozenset[str]) -> None:
        super().__init__(__name__="__main__", __builtins__=builtins.__dict__)
        self._link = link
        self._students = students
        self.update(
            isinstance=self._isinstance, callable=self._callable, display=_nothing,
            get_ipython=_nothing,
        )  # fmt: skip

    def __missing__(self, name: str) -> Any:
        if name not in self._students and hasattr(builtins, name):
            raise KeyError(name)
        is_defined, value = self._link.look_up(name, as_now=True)
        if not is_defined:
            raise KeyError(name)
        return value

    def forget_students(self) -> None:
        """Drops what a test cell left under a name that students define: theirs is meant again."""
        for name in self._students & self.keys():
            del self[name]

    def run(self, statements: Iterable[ast.stmt]) -> Any:
        """Runs statements; the value of the last one, if it is an expression.

        Raises: whatever they raise, among it what the student's code raised.
        """
        body = list(statements)
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            # the instructor's text, from the instructor's own notebook
            exec(compile(ast.Module(body, []), "<test>", "exec"), self)  # noqa: S102
            if not isinstance(last, ast.Expr):
                return None
            return eval(compile(ast.Expression(last.value), "<test>", "eval"), self)  # noqa: S307

    def _isinstance(self, value: object, kind: Any) -> bool:
        kinds = kind if isinstance(kind, tuple) else (kind,)
        return any(self._is_a(value, one) for one in kinds)

    def _is_a(self, value: object, kind: Any) -> bool:
        if isinstance(kind, Handle):
            if not isinstance(value, Handle):
                return False
            return _truth(self._link.operate("instance", value, kind))
        if isinstance(value, Handle):
            name = f"{kind.__module__}.{kind.__qualname__}"
            return _truth(self._link.operate("is_a", value, name))
        return isinstance(value, kind)

    def _callable(self, value: object) -> bool:
        if isinstance(value, Handle):
            return _truth(self._link.operate("callable", value))
        return callable(value)


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise UndecidedAnswer(ASKED)
    return value


def _nothing(*_: object, **__: object) -> None:
    """What shows something in a notebook shows nothing to a grader."""


class StockLink(Link):
    """A link on which data frames and series of pandas cross as what they hold.

    What a student's function changes in a frame that it was passed is not seen by the test.
    """

    _takes_frames = True

    def _resolve(self, tree: list[Any]) -> object:
        value = super()._resolve(tree)
        if self._takes_frames and isinstance(value, Handle) and value.wire_tree[2] in FRAMES:
            return frame_of(value)
        return value

    def _keep(self, value: object) -> list[Any]:
        if type(value).__name__ in FRAMES and type(value).__module__.startswith("pandas"):
            return self._send_frame(value)
        if not isinstance(value, Handle) and not callable(value):
            raise UndecidedAnswer(PASSED)
        return super()._keep(value)

    def _send_frame(self, frame: Any) -> list[Any]:
        """How a frame that was built there is told."""
        self._takes_frames = False
        try:
            sent = self.operate("frame", type(frame).__name__, *parts_of(frame))
        finally:
            self._takes_frames = True
        if not isinstance(sent, Handle):
            raise UndecidedAnswer(PASSED)
        return sent.wire_tree


def parts_of(frame: Any) -> tuple[list[Any], list[Any], list[Any]]:
    """The columns of a data frame or series as arrays, their names, and the index."""
    if type(frame).__name__ == "Series":
        return [frame.to_numpy()], [frame.name], frame.index.tolist()
    columns = [frame.iloc[:, at].to_numpy() for at in range(frame.shape[1])]
    return columns, frame.columns.tolist(), frame.index.tolist()


def frame_of(handle: Handle) -> Any:
    """The data frame or series behind a handle, made anew of its columns; the handle itself where
    one of them is no plain data."""
    index = handle.index.tolist()
    if handle.wire_tree[2] == "Series":
        columns, names = [handle.to_numpy()], [handle.name]
    else:
        names = handle.columns.tolist()
        columns = [handle.iloc[slice(None), at].to_numpy() for at in range(len(names))]
    if any(isinstance(part, Handle) for part in (index, names, *columns)):
        return handle
    try:
        return make_frame(handle.wire_tree[2], columns, names, index)
    except (TypeError, ValueError) as error:
        raise UndecidedAnswer(PASSED) from error
