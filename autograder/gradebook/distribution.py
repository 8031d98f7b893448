"""How a class did in one question: a few numbers that name nobody."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from autograder.settings import LEAST_IN_CLASS

FIFTHS = 5


@dataclass(frozen=True, slots=True)
class Distribution:
    """The scores of a class in one question; it does not change when the scores do.

    `bars` counts the scores in each fifth of the points, from none to all of them; all the points
    stand in the last one. A quarter of the scores is at most `low`, a quarter at least `high`.
    """

    count: int
    max_score: float
    bars: tuple[int, ...]
    low: float
    median: float
    high: float


def distribute(scores: Sequence[float], max_score: float) -> Distribution:
    """The distribution of the scores of those who have one.

    Quartiles lie between the scores in order, the lowest and the highest at 0 and 1. Extra credit
    counts in the last bar, a score below zero in the first.

    Raises:
        ValueError: there are fewer than LEAST_IN_CLASS scores, or the question has no points.
    """
    if len(scores) < LEAST_IN_CLASS or max_score <= 0:
        raise ValueError(
            f"{len(scores)} scores of {max_score:g} points have no distribution; "
            f"give {LEAST_IN_CLASS} scores of a question with points"
        )
    bars = [0] * FIFTHS
    for score in scores:
        fifth = math.floor(FIFTHS * score / max_score + 1e-9)  # 0.6 of 1 is in the fourth
        bars[min(max(fifth, 0), FIFTHS - 1)] += 1
    low, median, high = quantiles(scores, n=4, method="inclusive")
    return Distribution(len(scores), max_score, tuple(bars), low, median, high)
