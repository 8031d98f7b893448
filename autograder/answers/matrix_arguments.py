"""Random arguments for a student's function of matrices: no two sizes are the same.

    Argument("X", ("n", "d")), Argument("y", ("n",)), Argument("S", ("d", "d"), "spd")

With all sizes different a transposed factor cannot fit, and a transposed answer has another shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

Kind = Literal[
    "real", "positive", "unit", "simplex", "symmetric", "spd", "orthogonal", "invertible"
]
Draw = Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]

_SQUARE = ("symmetric", "spd", "orthogonal", "invertible")


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of the function: its sizes by name, and what its entries are like.

    A shape of () is a number. `simplex`: positive entries that sum to 1 along the last axis. `kind`
    may also be a function of a generator and a shape.

    Raises: ValueError where a kind of square matrix does not have the shape of one.
    """

    name: str
    shape: tuple[str | int, ...] = ()
    kind: Kind | Draw = "real"

    def __post_init__(self) -> None:
        is_square = len(self.shape) == 2 and self.shape[0] == self.shape[1]
        if self.kind in _SQUARE and not is_square:
            raise ValueError(f"{self.name} is {self.kind} and needs two equal sizes: {self.shape}")


@dataclass(frozen=True, slots=True)
class Sizes:
    """Which sizes are drawn: all different and from `least` to `most`, but for the `fixed` ones.

    `descending` names sizes of which each is larger than the next, as in ("n", "d") for a matrix of
    full column rank. Fixed sizes may be equal, as in a square case that is meant.
    """

    least: int = 2
    most: int = 9
    fixed: Mapping[str, int] = field(default_factory=dict)
    descending: tuple[str, ...] = ()

    def draw(self, arguments: Sequence[Argument], rng: np.random.Generator) -> dict[str, int]:
        """A size for each name. Raises: ValueError where there are more names than sizes."""
        names = [
            name
            for name in dict.fromkeys(s for argument in arguments for s in argument.shape)
            if isinstance(name, str) and name not in self.fixed
        ]
        free = sorted(set(range(self.least, self.most + 1)) - set(self.fixed.values()))
        if len(names) > len(free):
            raise ValueError(f"{len(names)} sizes that differ need more than {len(free)} to choose")
        chosen = rng.choice(free, size=len(names), replace=False).tolist()
        sizes = dict(zip(names, chosen, strict=True))
        ordered = [name for name in self.descending if name in sizes]
        largest_first = sorted((sizes[name] for name in ordered), reverse=True)
        return sizes | dict(zip(ordered, largest_first, strict=True)) | dict(self.fixed)


def draw_arguments(
    arguments: Sequence[Argument], sizes: Mapping[str, int], rng: np.random.Generator
) -> list[np.ndarray | float]:
    """One value for each argument: float64 arrays, and floats where the shape is ()."""
    values: list[np.ndarray | float] = []
    for argument in arguments:
        shape = tuple(sizes[s] if isinstance(s, str) else s for s in argument.shape)
        kind = argument.kind
        array = kind(rng, shape) if callable(kind) else _draw(kind, shape, rng)
        values.append(float(array) if shape == () else np.asarray(array, dtype=float))
    return values


def _draw(kind: Kind, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    normal = np.asarray(rng.normal(size=shape))
    if kind == "real":
        return normal
    if kind == "positive":
        return np.exp(normal)
    if kind == "unit":
        return np.asarray(rng.uniform(0.05, 0.95, size=shape))
    if kind == "simplex":
        return np.exp(normal) / np.exp(normal).sum(axis=-1, keepdims=True)
    return _square(kind, normal)


def _square(kind: Kind, normal: np.ndarray) -> np.ndarray:
    n = len(normal)
    if kind == "symmetric":
        return normal + normal.T
    Q, R = np.linalg.qr(normal)
    if kind == "orthogonal":
        return Q * np.sign(np.diag(R))
    spd = (Q * np.geomspace(0.5, 4, n)) @ Q.T  # well conditioned
    if kind == "spd":
        return (spd + spd.T) / 2
    return spd @ np.linalg.qr(normal.T @ normal + normal)[0]
