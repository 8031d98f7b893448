"""Tests that students write: run on right implementations and on wrong ones.

A student's check is a function of an implementation that answers True, "it is right", or False. It
runs in the sandbox. The implementations stay in the grader: what the check holds are stand-ins, and
each of its calls comes back here. So the check can judge them by what they do and by nothing else.
Their arguments come as copies: what one does to them in place is not seen by the check.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.answers.verdict import InvalidAnswer, WrongAnswer, kind_of

MAX_ENTRIES = 4096  # of the arguments of one call: a test needs no more
MAX_CALLS = 500  # of one implementation by one check


@dataclass(frozen=True, slots=True)
class Implementation:
    """What a check is given: the arguments it is called with, functions and data.

    For a wrong one, `note` is the short name of what is wrong and `hint` says a word about which
    inputs would show it. Students read both.
    """

    arguments: tuple[object, ...]
    note: str = ""
    hint: str = ""


def right(*arguments: object) -> Implementation:
    """A right implementation: the check must answer True."""
    return Implementation(arguments)


def wrong(note: str, hint: str, *arguments: object) -> Implementation:
    """A wrong implementation: the check should answer False."""
    return Implementation(arguments, note, hint)


class RefusedCallError(ValueError):
    """A check called an implementation with more than is allowed, or too often."""


def judge_student_test(
    check: Callable[..., object],
    accepts: Sequence[Implementation],
    rejects: Sequence[Implementation],
    rng: np.random.Generator,
    *,
    takes_functions: bool = False,
) -> None:
    """Passes where the check answers True for all of `accepts` and False for all of `rejects`.

    They come in an order of `rng`, mixed, so that counting calls tells nothing. An assertion that
    fails in the check counts as False. A check that refuses a right implementation earns nothing;
    else it earns the share of the wrong ones that it refuses. Implementations are called with data
    alone, or, with `takes_functions`, also with functions of the student's.

    Raises: WrongAnswer with the note of a wrong implementation that was taken as right, or
    `refuses a right implementation`, `raises instead of answering`, `no answer`, `asks for too
    much` or `passes no data`; InvalidAnswer where it is no function. What the check raises at a
    right implementation, and that it does not come back, goes through.
    """
    if not callable(check):
        raise InvalidAnswer(f"your check is a {kind_of(check)}; it should be a function")
    trials = [*accepts, *rejects]
    refused: dict[int, bool | WrongAnswer] = {}
    for i in rng.permutation(len(trials)):
        refused[int(i)] = _refuses(check, trials[i], int(i) < len(accepts), takes_functions)
    if any(refused[i] is True for i in range(len(accepts))):
        raise WrongAnswer(
            "refuses a right implementation",
            "Your check answers False for an implementation that is right. Allow for rounding, and "
            "for whatever the question leaves open.",
        )
    lives = [i for i in range(len(accepts), len(trials)) if refused[i] is not True]
    if not lives:
        return
    credit = 1 - len(lives) / len(rejects)
    first = refused[lives[0]]
    if isinstance(first, WrongAnswer):
        raise WrongAnswer(first.note, first.hint, credit)
    raise WrongAnswer(
        trials[lives[0]].note,
        f"Your check takes a wrong implementation as right: {trials[lives[0]].note}. "
        f"{trials[lives[0]].hint}",
        credit,
    )


def _refuses(
    check: Callable[..., object], trial: Implementation, is_right: bool, takes_functions: bool
) -> bool | WrongAnswer:
    """True or False; for a wrong implementation also the verdict on a check that fails at it.

    Raises: WrongAnswer where a check does not answer at a right implementation.
    """
    given = [_Guard(a, takes_functions) if callable(a) else a for a in trial.arguments]
    try:
        answer = check(*given)
    except Exception as error:
        _raise_what_guards_refused(given)
        if getattr(error, "raised", None) is None:  # not the student's: ours, or no answer at all
            raise
        if isinstance(error, AssertionError):
            return True
        if is_right:
            raise
        return WrongAnswer(
            "raises instead of answering",
            "For some wrong implementation your check raises an error. Let it answer False there.",
        )
    _raise_what_guards_refused(given)
    if isinstance(answer, bool | np.bool_):
        return not answer
    verdict = WrongAnswer(
        "no answer",
        f"Your check returned a {kind_of(answer)}; it should return True or False each time.",
    )
    if is_right:
        raise verdict
    return verdict


class _Guard:
    """A function that refuses to be asked for more than a test needs: it runs in the grader."""

    def __init__(self, function: Callable[..., object], takes_functions: bool) -> None:
        self.function = function
        self.takes_functions = takes_functions
        self.calls = 0
        self.verdict: WrongAnswer | None = None

    def __call__(self, *args: object, **kwargs: object) -> object:
        self.calls += 1
        given = (*args, *kwargs.values())
        if not self.takes_functions and not all(map(_is_data, given)):
            self.verdict = WrongAnswer(
                "passes no data",
                "Call each implementation with numbers, lists and arrays, with nothing else.",
            )
        if self.calls > MAX_CALLS or sum(map(_entries, given)) > MAX_ENTRIES:
            self.verdict = WrongAnswer(
                "asks for too much",
                f"Use inputs of at most {MAX_ENTRIES} numbers, and call each implementation at "
                f"most {MAX_CALLS} times.",
            )
        if self.verdict is not None:
            raise RefusedCallError(self.verdict.note)
        return self.function(*args, **kwargs)


def _raise_what_guards_refused(given: Sequence[object]) -> None:
    for guard in given:
        if isinstance(guard, _Guard) and guard.verdict is not None:
            raise guard.verdict


def _is_data(value: object) -> bool:
    """Whether a value is no object of the sandbox, of which every use would run student code."""
    if isinstance(value, list | tuple):
        return all(map(_is_data, value))
    if isinstance(value, dict):
        return all(map(_is_data, value.values()))
    return not callable(value)


def _entries(value: object) -> int:
    if isinstance(value, np.ndarray):
        return int(value.size)
    if isinstance(value, list | tuple | set | frozenset):
        return sum(map(_entries, value))
    if isinstance(value, dict):
        return sum(map(_entries, value.values()))
    if isinstance(value, str | bytes):
        return len(value)
    shape = getattr(value, "shape", None) if type(value).__name__ == "Tensor" else None
    return int(np.prod([int(n) for n in shape])) if shape is not None else 1
