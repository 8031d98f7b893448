"""The Kullback-Leibler divergence of two coins, in bits."""

import math

import numpy as np

from autograder.answers.items.model import Item, Option


def generate(rng: np.random.Generator) -> dict:
    n = int(rng.choice([8, 10, 16, 20]))
    a, b = (int(v) for v in rng.choice(np.arange(1, n), size=2, replace=False))
    return {"n": n, "a": a, "b": b}


def answer(numbers: dict) -> float:
    p, q = numbers["a"] / numbers["n"], numbers["b"] / numbers["n"]
    return p * math.log2(p / q) + (1 - p) * math.log2((1 - p) / (1 - q))


def options(numbers: dict) -> list[Option]:
    n, a, b = numbers["n"], numbers["a"], numbers["b"]
    key, p, q = answer(numbers), a / n, b / n
    cross = -p * math.log2(q) - (1 - p) * math.log2(1 - q)
    return [
        Option("nats for bits", "Which logarithm counts bits?", key * math.log(2)),
        Option("arguments exchanged", "Averages are over p.", answer({"n": n, "a": b, "b": a})),
        Option("cross entropy", "Take off what p itself costs.", cross),
    ]


def recompute(numbers: dict) -> float:
    """Cross entropy less entropy, by natural logarithms."""
    p = np.array([numbers["a"], numbers["n"] - numbers["a"]]) / numbers["n"]
    q = np.array([numbers["b"], numbers["n"] - numbers["b"]]) / numbers["n"]
    return float(-(p @ np.log(q)) + p @ np.log(p)) / float(np.log(2))


ITEM = Item(
    name="kl_in_bits",
    topic="hw04_entropy_kl",
    level="apply",
    minutes=4,
    points=3,
    stem=(
        r"A coin shows heads with probability $p = \tfrac{ {{a}} }{ {{n}} }$; a model believes "
        r"$q = \tfrac{ {{b}} }{ {{n}} }$. What is $\operatorname{KL}(p \,\|\, q)$ in bits?"
    ),
    hint="Write the sum over heads and tails out.",
    generate=generate,
    answer=answer,
    options=options,
    recompute=recompute,
)
