"""An entry off the diagonal of the Jacobian of softmax."""

from fractions import Fraction

import numpy as np

from autograder.answers.items.model import Item, Option


def generate(rng: np.random.Generator) -> dict:
    return {name: int(v) for name, v in zip("abc", rng.integers(1, 10, size=3), strict=True)}


def answer(numbers: dict) -> Fraction:
    total = numbers["a"] + numbers["b"] + numbers["c"]
    return Fraction(-numbers["a"] * numbers["b"], total**2)


def options(numbers: dict) -> list[Option]:
    a, total = numbers["a"], numbers["a"] + numbers["b"] + numbers["c"]
    return [
        Option("wrong sign", "What does the second logit take from the first?", -answer(numbers)),
        Option("diagonal", "Is it the same index?", Fraction(a * (total - a), total**2)),
        Option("one factor missing", "The second probability counts too.", Fraction(-a, total)),
    ]


def recompute(numbers: dict) -> float:
    """A step in the imaginary direction: the derivative without a difference."""
    z = np.log([numbers["a"], numbers["b"], numbers["c"]]).astype(complex)
    z[1] += 1e-30j
    return float((np.exp(z[0]) / np.exp(z).sum()).imag / 1e-30)


ITEM = Item(
    name="softmax_entry",
    topic="hw07_softmax",
    level="apply",
    minutes=3,
    points=2,
    stem=(
        r"Let $p = \operatorname{softmax}(z)$ with $z = (\log {{a}},\, \log {{b}},\, \log {{c}})$. "
        r"What is $\partial p_1 / \partial z_2$?"
    ),
    hint="Differentiate the quotient; only its denominator depends on the second logit.",
    generate=generate,
    answer=answer,
    options=options,
    recompute=recompute,
)
