"""Errata: break a printed line by a counterexample, mend it, and say where it fails."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from autograder.answers.verdict import InvalidAnswer, WrongAnswer, kind_of
from autograder.errors import NotAttemptedError

Part = Literal["counterexample", "corrected", "where"]

PARTS: tuple[Part, ...] = ("counterexample", "corrected", "where")


@dataclass(frozen=True, slots=True)
class Erratum:
    """A printed line that is wrong, and how the three parts of an answer are judged.

    `breaks` reads the counterexample and says whether the printed line fails for it; what it raises
    as WrongAnswer, such as a premise that does not hold, is told. `mends` passes where the mended
    line is right, as `require_equal` does. `where` is the label of what fails in the print, out of
    `labels`. `shares` says what each part earns of the claim.
    """

    breaks: Callable[[object], bool]
    mends: Callable[[object], None]
    where: str
    labels: Collection[str]
    shares: Mapping[str, float]

    def __post_init__(self) -> None:
        if self.where not in self.labels:
            raise ValueError(f"{self.where!r} is none of the labels {sorted(self.labels)}")
        if set(self.shares) != set(PARTS) or abs(sum(self.shares.values()) - 1) > 1e-9:
            raise ValueError(f"the shares {dict(self.shares)} should add up to 1 over {PARTS}")


def judge_erratum(answer: object, erratum: Erratum, what: str) -> None:
    """Passes where all three parts of an answer are right.

    The answer is a dict with the entries `counterexample`, `corrected` and `where`. Each part is
    judged by itself; a part that is left out costs only itself.

    Raises: WrongAnswer with the note and hint of the first part that is not right, and the shares
    of the others as credit; InvalidAnswer where the answer is no dict; NotAttemptedError where it
    is empty.
    """
    if not isinstance(answer, Mapping):
        raise InvalidAnswer(
            f"{what} is a {kind_of(answer)}; give a dict with the entries {', '.join(PARTS)}"
        )
    given: dict[Part, object] = {
        part: answer[part] for part in PARTS if not _is_blank(answer.get(part))
    }
    if not given:
        raise NotAttemptedError(f"{what} has no entry yet")
    failures: dict[Part, WrongAnswer | None] = {
        part: _failure(part, given, erratum, what) for part in PARTS
    }
    credit = sum(erratum.shares[part] for part in PARTS if failures[part] is None)
    for failure in failures.values():
        if failure is not None:
            raise WrongAnswer(failure.note, failure.hint, min(credit, 0.999))


def _is_blank(value: object) -> bool:
    return value is None or value is Ellipsis or (isinstance(value, str) and not value.strip())


def _failure(
    part: Part, given: Mapping[Part, object], erratum: Erratum, what: str
) -> WrongAnswer | None:
    if part not in given:
        return WrongAnswer("incomplete", f"{what} has no entry {part!r}.")
    try:
        _JUDGES[part](given[part], erratum)
    except WrongAnswer as error:
        return error
    return None


def _judge_counterexample(value: object, erratum: Erratum) -> None:
    if not erratum.breaks(value):
        raise WrongAnswer(
            "satisfies the printed line",
            "The printed line holds for your counterexample. Compute both of its sides by hand.",
        )


def _judge_where(value: object, erratum: Erratum) -> None:
    if not isinstance(value, str) or value not in erratum.labels:
        raise InvalidAnswer(f"the entry 'where' should be one of {', '.join(erratum.labels)}")
    if value != erratum.where:
        raise WrongAnswer(
            "fault in the wrong place",
            "The part of the printed line that you name is right as it stands.",
        )


_JUDGES: Mapping[Part, Callable[[object, Erratum], None]] = {
    "counterexample": _judge_counterexample,
    "corrected": lambda value, erratum: erratum.mends(value),
    "where": _judge_where,
}
