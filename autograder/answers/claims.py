"""Claims that are answered by `True` and the reason, or by `False` and a counterexample.

A claim called false is worth its points only with a counterexample that is verified; one called
true only with the reason that carries the proof.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from autograder.answers.verdict import InvalidAnswer, WrongAnswer, kind_of
from autograder.errors import NotAttemptedError

MOST_FOR_ALL_TRUE = 0.3  # of the points: whoever calls everything true has shown little


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim: how a counterexample breaks it, and the reasons that prove it if it is true.

    `breaks` reads a counterexample and says whether the claim fails for it; it refuses what does
    not meet the premises. `reasons` is empty where the claim is false.
    """

    breaks: Callable[[object], bool]
    reasons: Collection[str] = ()
    weight: float = 1.0


def all_true_share(claims: Mapping[str, Claim]) -> float:
    """The share of the points for calling every claim true, with the right reason each time."""
    total = sum(claim.weight for claim in claims.values())
    return sum(claim.weight for claim in claims.values() if claim.reasons) / total


def judge_claims(
    answers: object, claims: Mapping[str, Claim], codes: Collection[str], what: str = "the claims"
) -> None:
    """Passes where every claim is judged rightly.

    Raises: WrongAnswer with the first fault, the other claims that have one, and as credit the
    share of the weights judged rightly; NotAttemptedError where no claim is answered; ValueError
    where calling all of them true would earn more than 30 percent.
    """
    if all_true_share(claims) > MOST_FOR_ALL_TRUE:
        raise ValueError("true claims weigh more than 30 percent: add false ones, or weights")
    faults: dict[str, WrongAnswer | NotAttemptedError] = {}
    for key, claim in claims.items():
        try:
            answer = read_claim(answers, key, what)
            judge_claim(answer, breaks=claim.breaks, codes=codes, reasons=claim.reasons)
        except (WrongAnswer, NotAttemptedError) as fault:
            faults[key] = fault
    if not faults:
        return
    blank = [key for key, fault in faults.items() if isinstance(fault, NotAttemptedError)]
    if len(blank) == len(claims):
        raise NotAttemptedError(f"{what}: no answer yet")
    lost = sum(claims[key].weight for key in faults)
    credit = max(0.0, 1 - lost / sum(claim.weight for claim in claims.values()))
    first, *others = faults
    fault = faults[first]
    more = f" Look also at {', '.join(others)}." if others else ""
    if isinstance(fault, NotAttemptedError):
        raise WrongAnswer("a claim is left out", f"Claim {first} has no answer.{more}", credit)
    raise WrongAnswer(fault.note, f"Claim {first}: {fault.hint}{more}", credit)


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
            "Try small examples: entries 0, 1 and -1, the same thing twice where there are two.",
        )
    if ground not in reasons:
        raise WrongAnswer(
            "not the reason",
            "The reason that you chose may be true, but it does not prove this claim.",
        )
