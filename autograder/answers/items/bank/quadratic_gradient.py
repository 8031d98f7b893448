"""A partial derivative of a quadratic form whose matrix is not symmetric."""

import numpy as np
import sympy as sp

from autograder.answers.items.model import Item, Option


def generate(rng: np.random.Generator) -> dict:
    a, d = (int(v) for v in rng.integers(1, 7, size=2))
    b, c = (int(v) for v in rng.choice([-5, -4, -3, 2, 3, 4, 5], size=2, replace=False))
    return {"a": a, "b": b, "c": c, "d": d}


def answer(numbers: dict) -> sp.Expr:
    x1, x2 = sp.symbols("x1 x2")
    return 2 * numbers["a"] * x1 + (numbers["b"] + numbers["c"]) * x2


def options(numbers: dict) -> list[Option]:
    x1, x2 = sp.symbols("x1 x2")
    a, b, c = numbers["a"], numbers["b"], numbers["c"]
    return [
        Option("2Ax", "That is right for symmetric matrices only.", 2 * a * x1 + 2 * b * x2),
        Option("Ax", "Both factors of the product depend on x.", a * x1 + b * x2),
        Option("twice the transpose", "Add the two halves.", 2 * a * x1 + 2 * c * x2),
    ]


def recompute(numbers: dict) -> sp.Expr:
    """The product rule, entry by entry."""
    x = sp.symbols("x1 x2")
    A = [[numbers["a"], numbers["b"]], [numbers["c"], numbers["d"]]]
    terms = (
        A[i][j] * (int(i == 0) * x[j] + int(j == 0) * x[i]) for i in range(2) for j in range(2)
    )
    return sp.Add(*terms)


ITEM = Item(
    name="quadratic_gradient",
    topic="hw03_matrix_calculus",
    level="apply",
    minutes=3,
    points=2,
    stem=(
        r"Let $f(x) = x^\top A x$ with $A = \begin{pmatrix} {{a}} & {{b}} \\ {{c}} & {{d}} "
        r"\end{pmatrix}$. What is $\partial f / \partial x_1$?"
    ),
    hint="Write the form out, entry by entry.",
    generate=generate,
    answer=answer,
    options=options,
    recompute=recompute,
    symbols={"x1": "real", "x2": "real"},
)
