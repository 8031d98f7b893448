"""A choice with its reason: both must be right.

The reasons offered carry codes. Among them are some that are true and prove nothing here, so that
choosing well by luck, and a reason by its truth, is not enough.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from numbers import Integral
from typing import Any

import sympy as sp

from autograder.answers.verdict import InvalidAnswer, WrongAnswer, kind_of
from autograder.errors import NotAttemptedError

Choice = str | int | bool


def require_choice(  # noqa: PLR0913  # all but one are words of the question, by keyword
    answer: object,
    *,
    right: Choice | Collection[Choice],
    reasons: Collection[str],
    what: str,
    choices: Collection[Choice],
    codes: Collection[str],
    hints: Mapping[Any, str] | None = None,
    choice_credit: float = 0.0,
) -> None:
    """Passes where the answer is a right choice with a reason that carries it.

    `choices` and `codes` are what the question offers; `reasons` are the codes that prove the
    choice. `hints` has a word on a wrong choice or on a code that proves nothing. `choice_credit`
    is what the right choice earns without its reason: 0 unless it is more than a guess.

    Raises: WrongAnswer named "not the choice", which says nothing of the reason, or "not the
    reason"; InvalidAnswer for what is not offered; NotAttemptedError for nothing at all.
    """
    hints = hints or {}
    choice, reason = _read(answer, what, choices, codes)
    if choice not in _several(right):
        told = hints.get(choice, "Go through what each choice would mean, on an example.")
        raise WrongAnswer("not the choice", told)
    if reason not in reasons:
        told = hints.get(
            reason, "The reason that you chose may be true, but it does not prove your choice."
        )
        raise WrongAnswer("not the reason", told, choice_credit)


def _several(right: Choice | Collection[Choice]) -> Collection[Choice]:
    return (right,) if isinstance(right, str | int) else right


def _read(
    answer: object, what: str, choices: Collection[Choice], codes: Collection[str]
) -> tuple[Choice, str]:
    if answer is None or answer is Ellipsis:
        raise NotAttemptedError(f"{what} has no answer yet")
    if not isinstance(answer, list | tuple) or len(answer) != 2:
        raise InvalidAnswer(f"{what} should be a pair of a choice and the code of a reason")
    if all(part is None or part is Ellipsis for part in answer):
        raise NotAttemptedError(f"{what} has no answer yet")
    return _offered(answer[0], f"the choice of {what}", choices), str(
        _offered(answer[1], f"the reason of {what}", codes)
    )


def _offered(value: object, what: str, offered: Collection[Choice]) -> Choice:
    """The one offered that an answer is; capitals and blanks around it do not matter."""
    for choice in offered:
        if isinstance(choice, str) and isinstance(value, str):
            if value.strip().casefold() == choice.casefold():
                return choice
        elif _is_truth(value) == isinstance(choice, bool) and _equals(value, choice):
            return choice
    told = repr(value[:20]) if isinstance(value, str) else f"a {kind_of(value)}"
    names = ", ".join(repr(choice) for choice in offered)
    raise InvalidAnswer(f"{what} is {told}; one of {names} is expected")


def _is_truth(value: object) -> bool:
    return type(value).__name__ in ("bool", "BooleanTrue", "BooleanFalse")


def _equals(value: object, choice: Choice) -> bool:
    return (_is_truth(value) or isinstance(value, Integral | sp.Integer)) and bool(value == choice)
