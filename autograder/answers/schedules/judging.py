"""Answers about schedules: one that makes a kernel fail, and the barriers that it needs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from numbers import Integral

import numpy as np

from autograder.answers.reading import read_list
from autograder.answers.schedules.machine import Launch, Outcome, UnlawfulStepError, run
from autograder.answers.schedules.search import (
    MAX_STEPS,
    IsRight,
    fewest_barriers,
    finish,
    is_failure,
)
from autograder.answers.verdict import InvalidAnswer, WrongAnswer, kind_of

_HINTS = {
    "unknown thread": "There is no such thread: they are numbered from 0.",
    "the thread has ended": "It has taken all its steps already: count them.",
    "the thread waits at a barrier": "It can go on only when every thread of its block has come.",
}


def require_failing_schedule(
    schedule: object, launch: Launch, is_right: IsRight, *, what: str = "the schedule"
) -> None:
    """Passes where the schedule is lawful, runs the kernel to its end, and leaves a wrong result.

    The answer is a list of the numbers of threads, one entry a step. A kernel that can not go on,
    since threads wait at a barrier that another one never comes to, has failed too.

    Raises: WrongAnswer with the note `unknown thread`, `the thread has ended`, `the thread waits at
    a barrier`, `unfinished` or `the result is right`; InvalidAnswer where it cannot be read.
    """
    threads = _read_numbers(schedule, what)
    try:
        outcome = run(launch, threads)
    except UnlawfulStepError as error:
        raise WrongAnswer(
            error.note, f"Step {error.step} of {what} is no lawful one. {_HINTS[error.note]}"
        ) from error
    if outcome.ended == "unfinished":
        raise WrongAnswer(
            "unfinished", f"After {what} some thread has steps left. Let every thread end."
        )
    if not is_failure(outcome, is_right):
        raise WrongAnswer("the result is right", _why_right(outcome))


def _why_right(outcome: Outcome) -> str:
    if outcome.races:
        return (
            "It is a lawful schedule, but the kernel gets away with it. Which step must not come "
            "before which? Turn these two round."
        )
    return "It is a lawful schedule, and in it no two threads meet at a cell between barriers."


def require_barriers(
    chosen: object,
    launch_with: Callable[[Collection[int]], Launch],
    slots: Sequence[int],
    is_right: IsRight,
    *,
    what: str = "the barriers",
) -> None:
    """Passes where barriers at the chosen slots make the kernel safe, and no fewer would.

    The answer is a list of slots, which are numbered in the question.

    Raises: WrongAnswer with the note `a race is left`, `a barrier that not all threads reach`,
    `more barriers than needed` (which earns half) or `unknown slot`; InvalidAnswer where it cannot
    be read.
    """
    numbers = set(_read_numbers(chosen, what))
    if not numbers <= set(slots):
        raise WrongAnswer("unknown slot", f"A slot of {what} is none of {sorted(slots)}.")
    launch = launch_with(frozenset(numbers))
    outcome = run(launch, finish(launch))
    if outcome.ended == "diverged":
        raise WrongAnswer(
            "a barrier that not all threads reach",
            "Some threads of the block wait for ever: a barrier has to be reached by all of them.",
        )
    if outcome.races:
        raise WrongAnswer(
            "a race is left",
            "Two threads still meet at a cell, one of them writing, with no barrier between them.",
        )
    if is_failure(outcome, is_right):
        raise WrongAnswer("wrong result", "There is no race, and the result is wrong all the same.")
    least = fewest_barriers(launch_with, slots, is_right)
    if len(numbers) > len(least[0]):
        raise WrongAnswer(
            "more barriers than needed",
            "It is safe, and with a barrier less it could be safe too.",
            credit=0.5,
        )


def _read_numbers(value: object, what: str) -> list[int]:
    if isinstance(value, np.ndarray) and value.ndim == 1 and value.dtype.kind in "iu":
        value = value[: MAX_STEPS + 1].tolist()
    if isinstance(value, set | frozenset):
        value = list(value)
    entries = read_list(value, what, MAX_STEPS)
    numbers: list[int] = []
    for entry in entries:
        if isinstance(entry, bool) or not isinstance(entry, Integral):
            raise InvalidAnswer(
                f"{what} holds a {kind_of(entry)}; it should be a list of whole numbers"
            )
        numbers.append(int(entry))
    return numbers
