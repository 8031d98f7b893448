"""How many threads of a grid have nothing to do."""

import numpy as np

from autograder.answers.items.model import Item, Option


def generate(rng: np.random.Generator) -> dict:
    return {"n": int(rng.integers(1000, 5000)), "t": int(rng.choice([32, 64, 128, 256]))}


def answer(numbers: dict) -> int:
    n, t = numbers["n"], numbers["t"]
    return -(-n // t) * t - n


def options(numbers: dict) -> list[Option]:
    n, t = numbers["n"], numbers["t"]
    return [
        Option("those that work", "How many threads of the last block are left?", n % t),
        Option("the number of blocks", "What is asked for is threads.", -(-n // t)),
        Option("blocks rounded down", "Every entry needs a thread.", n // t),
    ]


def recompute(numbers: dict) -> int:
    """The threads whose global index is beyond the array, counted."""
    n, t = numbers["n"], numbers["t"]
    blocks = next(count for count in range(n + 1) if count * t >= n)
    return sum(block * t + thread >= n for block in range(blocks) for thread in range(t))


ITEM = Item(
    name="idle_threads",
    topic="hw10_batchnorm_gpu",
    level="apply",
    minutes=3,
    points=2,
    stem=(
        "A kernel gives each of ${{n}}$ numbers a thread of its own. Blocks have ${{t}}$ threads, "
        "and the grid has as few blocks as possible. How many threads have nothing to do?"
    ),
    hint="Round the number of blocks up, and count the threads of the grid.",
    generate=generate,
    answer=answer,
    options=options,
    recompute=recompute,
)
