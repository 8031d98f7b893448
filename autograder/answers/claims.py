"""Claims that are answered by `True` and the reason, or by `False` and a counterexample.

A claim called false is worth its points only with a counterexample that is verified; one called
true only with the reason that carries the proof.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from autograder.answers.verdict import InvalidAnswer, WrongAnswer, kind_of
from autograder.errors import NotAttemptedError


def read_claim(answers: object, key: str, what: str) -> tuple[bool, object]:
    """A student's verdict on a claim, and what stands behind it.

    Raises: NotAttemptedError where the claim is not answered; InvalidAnswer where it is not a pair
    of a truth value and a reason or counterexample.
    """
    if not isinstance(answers, dict):
        raise InvalidAnswer(
            f"{what} is a {kind_of(answers)}; it should be a dict with one entry a claim"
        )
    answer = answers.get(key)
    if answer is None or answer is Ellipsis:
        raise NotAttemptedError(f"{what} has no answer to claim {key!r}")
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise InvalidAnswer(
            f"the answer to claim {key!r} should be a pair: True and a reason, "
            "or False and a counterexample"
        )
    verdict, ground = answer
    if type(verdict).__name__ not in ("bool", "BooleanTrue", "BooleanFalse"):
        raise InvalidAnswer(f"the answer to claim {key!r} should begin with True or False")
    return bool(verdict), ground


def judge_claim(
    answer: tuple[bool, object],
    *,
    breaks: Callable[[object], bool],
    codes: Collection[str],
    reasons: Collection[str] = (),
) -> None:
    """Passes where a claim is judged rightly.

    `breaks` reads a counterexample and says whether the claim fails for it; `codes` are the reasons
    offered, and `reasons` those that carry the proof: none where the claim is false.

    Raises: WrongAnswer with the kind of mistake; InvalidAnswer where the ground cannot be read.
    """
    verdict, ground = answer
    if not verdict:
        if not breaks(ground):
            raise WrongAnswer(
                "satisfies the claim",
                "It could be read, and the claim holds for it. Compute both sides by hand.",
            )
        return
    if not isinstance(ground, str) or ground not in codes:
        raise InvalidAnswer("a claim called true needs one of the reasons listed, as a string")
    if not reasons:
        raise WrongAnswer(
            "a false claim called true",
            "Try small examples: entries 0, 1 and -1, and two factors that are the same.",
        )
    if ground not in reasons:
        raise WrongAnswer(
            "not the reason",
            "The reason that you chose may be true, but it does not prove this claim.",
        )
