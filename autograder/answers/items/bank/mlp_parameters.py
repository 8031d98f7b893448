"""The number of parameters of a multilayer perceptron."""

import numpy as np

from autograder.answers.items.model import Item, Option


def generate(rng: np.random.Generator) -> dict:
    n, h, m = int(rng.integers(8, 65)), int(rng.integers(8, 65)), int(rng.integers(3, 11))
    return {"n": n, "h": h, "m": m}


def answer(numbers: dict) -> int:
    n, h, m = numbers["n"], numbers["h"], numbers["m"]
    return (n + 1) * h + (h + 1) * m


def options(numbers: dict) -> list[Option]:
    n, h, m = numbers["n"], numbers["h"], numbers["m"]
    return [
        Option("no biases", "Each unit has a bias of its own.", n * h + h * m),
        Option("one bias a layer", "Each unit has a bias of its own.", n * h + h * m + 2),
        Option("layers multiplied", "Layers add their parameters.", (n + 1) * (h + 1) * m),
    ]


def recompute(numbers: dict) -> int:
    """The entries of all arrays, made and counted."""
    n, h, m = numbers["n"], numbers["h"], numbers["m"]
    shapes = [(h, n), (h,), (m, h), (m,)]
    return sum(np.zeros(shape).size for shape in shapes)


ITEM = Item(
    name="mlp_parameters",
    topic="hw08_mlp",
    level="recall",
    minutes=2,
    points=1,
    stem=(
        "A multilayer perceptron has ${{n}}$ inputs, one hidden layer of ${{h}}$ units and ${{m}}$ "
        "outputs, all layers with biases. How many parameters does it have?"
    ),
    hint="Count a weight for each arrow, and a bias for each unit.",
    generate=generate,
    answer=answer,
    options=options,
    recompute=recompute,
)
