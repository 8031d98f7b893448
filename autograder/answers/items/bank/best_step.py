"""The best fixed step of gradient descent on a quadratic function."""

from fractions import Fraction

import numpy as np

from autograder.answers.items.model import Item, Option


def generate(rng: np.random.Generator) -> dict:
    small = int(rng.integers(1, 6))
    return {"small": small, "large": small + int(rng.integers(2, 20))}


def answer(numbers: dict) -> Fraction:
    return Fraction(2, numbers["small"] + numbers["large"])


def options(numbers: dict) -> list[Option]:
    small, large = numbers["small"], numbers["large"]
    return [
        Option("one over the largest", "That favours the steep direction.", Fraction(1, large)),
        Option("the limit of stability", "There the error stays as it is.", Fraction(2, large)),
        Option("missing factor 2", "Balance both directions.", Fraction(1, small + large)),
    ]


def recompute(numbers: dict) -> float:
    """The step at which the larger factor is least, found by thirds."""
    low, high = 0.0, 2.0 / numbers["large"]

    def factor(step: float) -> float:
        return max(abs(1 - step * numbers["small"]), abs(1 - step * numbers["large"]))

    for _ in range(200):
        a, b = low + (high - low) / 3, high - (high - low) / 3
        low, high = (low, b) if factor(a) < factor(b) else (a, high)
    return (low + high) / 2


ITEM = Item(
    name="best_step",
    topic="hw06_sgd",
    level="apply",
    minutes=3,
    points=2,
    stem=(
        "Gradient descent minimises a quadratic function whose Hessian has the smallest eigenvalue "
        r"${{small}}$ and the largest ${{large}}$. With which fixed step $\eta$ does the error "
        "shrink fastest in the worst case?"
    ),
    hint="In an eigenvector's direction each step multiplies the error by one factor.",
    generate=generate,
    answer=answer,
    options=options,
    recompute=recompute,
)
