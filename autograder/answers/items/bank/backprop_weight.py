"""The derivative of a squared error by one weight."""

from fractions import Fraction

import numpy as np

from autograder.answers.items.model import Item, Option


def generate(rng: np.random.Generator) -> dict:
    names = ("w1", "w2", "x1", "x2", "y")
    values = rng.choice([-5, -4, -3, -2, 2, 3, 4, 5], size=5)
    return {name: int(value) for name, value in zip(names, values, strict=True)}


def answer(numbers: dict) -> int:
    w1, w2, x1, x2, y = (numbers[name] for name in ("w1", "w2", "x1", "x2", "y"))
    return 2 * (w1 * x1 + w2 * x2 - y) * x1


def options(numbers: dict) -> list[Option]:
    w1, w2, x1, x2, y = (numbers[name] for name in ("w1", "w2", "x1", "x2", "y"))
    r = w1 * x1 + w2 * x2 - y
    return [
        Option("missing factor 2", "The outer function is a square.", r * x1),
        Option("derivative by x", "By which variable do you differentiate?", 2 * r * w1),
        Option("sign of y", "The error is the prediction minus y.", 2 * (r + 2 * y) * x1),
    ]


def recompute(numbers: dict) -> Fraction:
    """A central difference, which is exact for a quadratic function."""
    w1, w2, x1, x2, y = (numbers[name] for name in ("w1", "w2", "x1", "x2", "y"))

    def f(w: int) -> int:
        return (w * x1 + w2 * x2 - y) ** 2

    return Fraction(f(w1 + 1) - f(w1 - 1), 2)


ITEM = Item(
    name="backprop_weight",
    topic="hw03_matrix_calculus",
    level="apply",
    minutes=3,
    points=2,
    stem=(
        r"Let $f(w_1, w_2) = (w_1 x_1 + w_2 x_2 - y)^2$ with $x_1 = {{x1}}$, $x_2 = {{x2}}$ and "
        r"$y = {{y}}$. What is $\partial f / \partial w_1$ at $w_1 = {{w1}}$, $w_2 = {{w2}}$?"
    ),
    hint="Write z for the prediction, and apply the chain rule to its squared error.",
    generate=generate,
    answer=answer,
    options=options,
    recompute=recompute,
)
