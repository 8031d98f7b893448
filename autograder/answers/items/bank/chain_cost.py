"""The cheapest order of a product of three Jacobians."""

import numpy as np

from autograder.answers.items.model import Item, Option


def generate(rng: np.random.Generator) -> dict:
    return {name: int(v) for name, v in zip("abcd", rng.integers(2, 21, size=4), strict=True)}


def answer(numbers: dict) -> int:
    a, b, c, d = (numbers[name] for name in "abcd")
    return min(a * b * c + a * c * d, b * c * d + a * b * d)


def options(numbers: dict) -> list[Option]:
    a, b, c, d = (numbers[name] for name in "abcd")
    left, right = a * b * c + a * c * d, b * c * d + a * b * d
    return [
        Option("the dearer order", "There are two orders: count both.", max(left, right)),
        Option("both orders", "Only one of the two orders is used.", left + right),
        Option("all sizes multiplied", "A product of two matrices takes three.", a * b * c * d),
    ]


def recompute(numbers: dict) -> int:
    """The multiplications of both orders, counted one product after the other."""
    sizes = [numbers[name] for name in "abcd"]

    def cost(order: tuple[int, ...]) -> int:
        left, total = list(sizes), 0
        for i in order:
            total += left[i - 1] * left[i] * left[i + 1]
            del left[i]
        return total

    return min(cost((1, 1)), cost((2, 1)))


ITEM = Item(
    name="chain_cost",
    topic="hw05_autograd",
    level="analyse",
    minutes=4,
    points=3,
    stem=(
        r"The Jacobians $J_3 \in \mathbb{R}^{ {{a}} \times {{b}} }$, $J_2 \in \mathbb{R}^{ {{b}} "
        r"\times {{c}} }$ and $J_1 \in \mathbb{R}^{ {{c}} \times {{d}} }$ are multiplied to "
        r"$J_3 J_2 J_1$. How many multiplications of numbers does the cheaper order take?"
    ),
    hint="A product of an m by k and a k by n matrix takes mkn multiplications.",
    generate=generate,
    answer=answer,
    options=options,
    recompute=recompute,
)
