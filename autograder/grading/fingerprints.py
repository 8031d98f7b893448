"""Which known mistake a failing answer is: it behaves alike on every call that the tests made."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from autograder.grading.handles import Handle
from autograder.grading.link import Call
from autograder.grading.mistakes import Mistake
from autograder.grading.sandbox.wire import WireError

RTOL = 1e-9  # the same formula in another order of operations differs by a few ulp


def recognise(
    cell: str, calls: Sequence[Call], mistakes: Sequence[Mistake], suspects: Collection[str]
) -> Mistake | None:
    """The first known mistake of the question `cell` that agrees with every recorded call.

    `suspects` are the functions that failing claims called: no other one can be at fault.
    """
    for known in mistakes:
        if known.cell != cell or known.function is None:
            continue
        name = known.function.__name__
        if name not in suspects:
            continue
        mine = [c for c in calls if c.function == name and _is_data(c)]
        if mine and all(_agrees(known, call) for call in mine):
            return known
    return None


def _is_data(call: Call) -> bool:
    """Whether all arguments were data, so that the call can be made again."""
    try:
        call.before.arguments()
    except WireError:
        return False
    return True


def _number(value: Any) -> Any:
    """A SymPy number as a float; anything else as it is."""
    if "sympy" not in type(value).__module__:
        return value
    from autograder.answers import evaluation, verdict  # noqa: PLC0415  # SymPy takes a second

    try:
        return float(evaluation.as_mpf(evaluation.evaluate(value).number))
    except (evaluation.UndefinedError, verdict.InvalidAnswer):
        return value


def _agrees(known: Mistake, call: Call) -> bool:
    assert known.function is not None  # noqa: S101  # `recognise` passes no other
    args, kwargs = call.before.arguments()
    raised = value = None
    try:
        with np.errstate(all="ignore"):
            value = known.function(*args, **kwargs)
    except Exception as error:  # noqa: BLE001  # a wrong answer may raise anything
        raised = type(error)
    if raised is not None or call.raised is not None:
        return call.raised in {kind.__name__ for kind in (raised.__mro__ if raised else ())}
    return same(value, call.value) and same(args, call.after.arguments()[0])


def same(a: Any, b: Any) -> bool:
    """Whether two values are equal up to rounding: the same shape, the same entries.

    An entry is rounded as the largest one is: a zero of a matrix may be 1e-17 in another order of
    operations. A number by itself is compared with its own size alone.
    """
    if isinstance(a, Handle) or isinstance(b, Handle):
        return False
    a, b = _number(a), _number(b)
    if isinstance(a, tuple | list) and isinstance(b, tuple | list):
        if len(a) != len(b):
            return False
        if not (_are_numbers(a) and _are_numbers(b)):
            return all(map(same, a, b))
    if a is None or b is None or isinstance(a, str) or isinstance(b, str):
        return type(a) is type(b) and a == b
    try:
        x, y = np.asarray(a), np.asarray(b)
        if x.shape != y.shape:
            return False
        if x.dtype.kind in "biufc" and y.dtype.kind in "biufc":
            return bool(np.allclose(x, y, rtol=RTOL, atol=RTOL * _scale(x, y), equal_nan=True))
        return bool(np.all(x == y))
    except (TypeError, ValueError, RuntimeError):
        return False


def _are_numbers(values: Sequence[Any]) -> bool:
    return len(values) > 1 and {type(value) for value in values} <= {bool, int, float, complex}


def _scale(x: np.ndarray, y: np.ndarray) -> float:
    """The largest finite magnitude among the entries of both; 0 for single numbers."""
    if x.size < 2:
        return 0.0
    entries = np.abs(np.concatenate([x.ravel(), y.ravel()]))
    return float(np.max(entries, where=np.isfinite(entries), initial=0.0))
