"""Exceptions of student code as a hidden test meets them: of the builtin type that they are."""

from __future__ import annotations

import builtins

from autograder.grading.session import Raised

UNUSUAL = (UnicodeError, BaseExceptionGroup)  # builtins that cannot be made from a message


class StudentRaised(Exception):  # noqa: N818  # it reads `raises(StudentRaised)`
    """Something that the student's code raised; also an instance of the builtin type it was.

    `in_cell` is true where a notebook cell raised it before any hidden test ran: only then is the
    message free of hidden inputs and fit to be shown.
    """

    raised: Raised
    in_cell: bool = False


def student_raised(raised: Raised) -> StudentRaised:
    """An exception that is both StudentRaised and the builtin type that student code raised."""
    kind = getattr(builtins, raised.type, None)
    error = StudentRaised(raised.message)
    usual = isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, UNUSUAL)
    if isinstance(kind, type) and usual and kind is not Exception:
        error = type(f"Student{raised.type}", (StudentRaised, kind), {})(raised.message)
    error.raised = raised
    return error
