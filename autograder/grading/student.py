"""The student's notebook as a hidden test sees it."""

from __future__ import annotations

import ast
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from autograder.errors import NotAttemptedError, StudentCrashError
from autograder.grading.handles import Handle
from autograder.grading.link import Link
from autograder.grading.raised import student_raised
from autograder.grading.session import Raised


@dataclass(frozen=True, slots=True)
class Shown:
    """What a call showed: all that it printed, its figures as PNG files, and displayed objects as
    text."""

    text: str
    figures: tuple[bytes, ...]
    displayed: tuple[str, ...]


class Student:
    """The `student` fixture: `student.lp_norm(x, 2)` calls what the notebook defines.

    A name that holds plain data is its value; anything else is a Handle.
    """

    def __init__(self, link: Link, sources: Mapping[str, str]) -> None:
        self._link = link
        self._sources = sources  # answer cells by their grade_id

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> Any:
        """The variable `name` of the notebook, for names that are methods here."""
        defined, value = self._link.look_up(name)
        if not defined:
            self._refuse_undefined(name)
        return value

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
        return self._link.call(function, args, kwargs, "measure")

    def capture(self, function: Any, *args: Any, **kwargs: Any) -> tuple[Any, Shown]:
        """The value of a call, and what was printed and drawn during it."""
        if not isinstance(function, Handle):
            raise StudentCrashError("what should be a function is not one")
        value, outputs = self._link.call(function, args, kwargs, "show")
        text = [output["text"] for output in outputs if output["output_type"] == "stream"]
        data = [output.get("data", {}) for output in outputs]
        pictures = [b64decode(d["image/png"]) for d in data if "image/png" in d]
        results = [d["text/plain"] for d in data if "text/plain" in d and "image/png" not in d]
        return value, Shown("".join(text), tuple(pictures), tuple(results))

    def _refuse_undefined(self, name: str) -> NoReturn:
        for cell, run in self._link.session.runs.items():
            if not is_answer_to(cell, self._link.question):
                continue
            if run.raised is not None and run.raised.type != "NotImplementedError":
                error = student_raised(run.raised)
                error.in_cell = True
                raise error
            if run.ended is not None:
                raise run.ended
        raise NotAttemptedError(f"the notebook does not define {name!r}")


def is_answer_to(cell: str, question: str) -> bool:
    """Whether an answer cell belongs to a question: `NAME_answer`, `NAME_answer_2`, ..."""
    head, _, number = cell.partition(f"{question}_answer")
    return not head and f"{question}_answer" in cell and (not number or number[0] == "_")
