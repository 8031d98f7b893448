"""How many principal components carry nine tenths of the variance."""

from collections.abc import Iterator

import numpy as np

from autograder.answers.items.model import Item, Option


def generate(rng: np.random.Generator) -> dict:
    values = sorted((int(v) for v in rng.integers(1, 40, size=8)), reverse=True)
    return {"values": tuple(values)}


def answer(numbers: dict) -> int:
    squares = np.square(numbers["values"])
    return int(np.sum(np.cumsum(squares) < 0.9 * np.sum(squares))) + 1


def options(numbers: dict) -> list[Option]:
    k, values = answer(numbers), numbers["values"]
    plain = int(np.sum(np.cumsum(values) < 0.9 * np.sum(values))) + 1
    return [
        Option("singular values not squared", "Variances are squares.", plain),
        Option("one too few", "Is nine tenths reached already?", k - 1),
        Option("counts those left out", "How many are kept?", len(values) - k),
    ]


def recompute(numbers: dict) -> int:
    """The smallest rank whose best approximation leaves at most a tenth of ||A||_F^2."""
    rng = np.random.default_rng(1)
    n = len(numbers["values"])
    left, right = (np.linalg.qr(rng.normal(size=(n, n)))[0] for _ in range(2))
    A = left @ np.diag(np.array(numbers["values"], dtype=float)) @ right
    U, S, Vh = np.linalg.svd(A)
    rest = (np.linalg.norm(A - U[:, :k] * S[:k] @ Vh[:k]) ** 2 for k in range(n + 1))
    return next(k for k, left_over in enumerate(rest) if left_over <= 0.1 * np.sum(A**2))


def checks(numbers: dict) -> Iterator[str]:
    """A share so near to nine tenths that rounding would decide."""
    for powers in (np.square(numbers["values"]), np.array(numbers["values"])):
        if np.abs(np.cumsum(powers) / np.sum(powers) - 0.9).min() < 0.005:
            yield "nine tenths are met too closely"


ITEM = Item(
    name="components_for_share",
    topic="hw02_svd_pca",
    level="apply",
    minutes=4,
    points=2,
    stem=(
        "A centred data matrix has the singular values ${{values}}$. How many principal components "
        "does it take to keep at least 90 % of the variance?"
    ),
    hint="The variance along a component is its squared singular value, up to one factor.",
    generate=generate,
    answer=answer,
    options=options,
    recompute=recompute,
    checks=checks,
)
