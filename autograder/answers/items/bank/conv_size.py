"""The size of the output of a convolution."""

import numpy as np

from autograder.answers.items.model import Item, Option


def generate(rng: np.random.Generator) -> dict:
    n, k = int(rng.integers(12, 65)), int(rng.choice([3, 5, 7]))
    return {"n": n, "k": k, "p": int(rng.integers(2, 4)), "s": int(rng.integers(2, 4))}


def answer(numbers: dict) -> int:
    return (numbers["n"] + 2 * numbers["p"] - numbers["k"]) // numbers["s"] + 1


def options(numbers: dict) -> list[Option]:
    n, k, p, s = (numbers[name] for name in "nkps")
    span = n + 2 * p - k
    return [
        Option("rounded up", "The last window has to fit.", -(-span // s) + 1),
        Option("one too few", "Count the first place too.", span // s),
        Option("padding forgotten", "The zeros make the image larger.", (n - k) // s + 1),
    ]


def recompute(numbers: dict) -> int:
    """The places at which a window begins, counted."""
    n, k, p, s = (numbers[name] for name in "nkps")
    return len(range(-p, n + p - k + 1, s))


ITEM = Item(
    name="conv_size",
    topic="hw09_convnets",
    level="apply",
    minutes=2,
    points=2,
    stem=(
        r"A convolution with a ${{k}} \times {{k}}$ kernel, stride ${{s}}$ and ${{p}}$ zeros of "
        r"padding on every side is applied to a ${{n}} \times {{n}}$ image. How many rows does its "
        "output have?"
    ),
    hint="Count the places at which a window can begin.",
    generate=generate,
    answer=answer,
    options=options,
    recompute=recompute,
)
