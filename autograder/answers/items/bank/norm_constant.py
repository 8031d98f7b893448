"""The smallest constant between two norms of R^n."""

import numpy as np
import sympy as sp

from autograder.answers.items.model import Item, Option


def generate(rng: np.random.Generator) -> dict:
    p, q = [("1", "2"), ("1", r"\infty"), ("2", r"\infty"), ("2", "4")][rng.integers(4)]
    return {"n": int(rng.integers(3, 13)), "p": p, "q": q}


def answer(numbers: dict) -> sp.Expr:
    """n^(1/p - 1/q), where 1/p is 0 for the largest entry."""
    inverse = {"1": sp.Integer(1), "2": sp.Rational(1, 2), "4": sp.Rational(1, 4)}
    exponent = inverse[numbers["p"]] - inverse.get(numbers["q"], sp.Integer(0))
    return sp.Integer(numbers["n"]) ** exponent


def options(numbers: dict) -> list[Option]:
    key, n = answer(numbers), sp.Integer(numbers["n"])
    return [
        Option("norms exchanged", "Which of the two norms is the larger one?", 1 / key),
        Option("only unit vectors tried", "Try a vector with equal entries.", sp.Integer(1)),
        Option("exponent", "Take all entries equal to 1.", sp.sqrt(n) if key == n else n),
    ]


def recompute(numbers: dict) -> float:
    """The largest ratio over vectors of equal entries and over many drawn ones."""
    p, q = (float(t) if t.isdigit() else np.inf for t in (numbers["p"], numbers["q"]))
    n = numbers["n"]
    rows = [*np.tril(np.ones((n, n))), *np.random.default_rng(0).normal(size=(200, n))]
    return max(float(np.linalg.norm(x, p) / np.linalg.norm(x, q)) for x in rows)


ITEM = Item(
    name="norm_constant",
    topic="hw01_norms",
    level="apply",
    minutes=3,
    points=2,
    stem=(
        r"What is the smallest constant $C$ with $\|x\|_{ {{p}} } \le C\, \|x\|_{ {{q}} }$ for all "
        r"$x \in \mathbb{R}^{ {{n}} }$?"
    ),
    hint="Look for a vector at which the quotient of the two norms is largest.",
    generate=generate,
    answer=answer,
    options=options,
    recompute=recompute,
)
