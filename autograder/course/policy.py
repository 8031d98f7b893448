"""The rules as decisions: which version of late work counts, and which scores count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Tip = TypeVar("Tip")


@dataclass(frozen=True, slots=True)
class LateRule:
    """A student may be up to `days` days late, on `times` assignments, for any reason."""

    days: int = 2
    times: int = 1


def decide(tips: Sequence[Tip | None], late: LateRule, times_used: int) -> tuple[int, Tip] | None:
    """The days of lateness used and the version that counts, or None where nothing was pushed.

    `tips[d]` is what stood on the branch `d` whole days after the deadline, `tips[0]` at the
    deadline itself; while the late window is open there are fewer than `late.days + 1` of them.
    `times_used` counts the other assignments on which the student was late. The last push that the
    rule allows counts: one after the deadline spends an allowance, and where none is left the
    version on time stands. A branch deleted after the deadline (None) takes nothing back.

    Raises:
        ValueError: there is no tip, or more of them than the late rule has days.
    """
    if not 1 <= len(tips) <= late.days + 1:
        raise ValueError(f"expected 1 to {late.days + 1} tips, one a day, got {len(tips)}")
    last = late.days if times_used < late.times else 0
    tip = next((tip for tip in reversed(tips[: last + 1]) if tip is not None), None)
    if tip is None:
        return None
    return tips.index(tip), tip


def late_times_used(late_days: Mapping[str, int], but: str) -> int:
    """On how many assignments a student was late, not counting the assignment `but`.

    `late_days` maps an assignment to the days of lateness of the version that was taken.
    """
    return sum(days > 0 for name, days in late_days.items() if name != but)


def best_of(scores: Sequence[float], n: int) -> tuple[int, ...]:
    """The positions of the `n` highest scores, in order: the ones that count.

    Of equal scores the earlier counts. With fewer than `n` scores all of them count, so in the
    middle of a term nothing is dropped before it has to be.
    """
    ranked = sorted(range(len(scores)), key=lambda position: (-scores[position], position))
    return tuple(sorted(ranked[:n]))


def mean_of_best(scores: Sequence[float], n: int) -> float:
    """The mean of the `n` highest scores; 0 where there is none."""
    kept = best_of(scores, n)
    return sum(scores[position] for position in kept) / len(kept) if kept else 0.0


def weigh(parts: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The weighted mean of the parts of the course that have a score so far, each from 0 to 1.

    A part without a score yet (no midterm before the midterm) has no say.

    Raises:
        ValueError: a part has no weight.
    """
    _require_known(parts, weights)
    total = sum(weights[part] for part in parts)
    return sum(weights[part] * score for part, score in parts.items()) / total if total else 0.0


def _require_known(parts: Iterable[str], weights: Mapping[str, float]) -> None:
    unknown = sorted(set(parts) - set(weights))
    if unknown:
        raise ValueError(f"no weight for {', '.join(unknown)}; the weights name {list(weights)}")
