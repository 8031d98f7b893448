"""The rules as decisions: which version of late work counts, and which scores count."""

from __future__ import annotations

from collections.abc import Sequence
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
