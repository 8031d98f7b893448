"""Where the symbols of a formula live, and the points at which two formulas are compared.

    sample({"x y": real, "p": unit, "n": integer(2, 9), "q": simplex(3)})

A key names one symbol, or several apart by spaces. The points are exact: special ones (0, 1, -1,
small, large, the ends of an interval), one symbol special while the others are random, all symbols
of a domain equal, and random ones of mixed scales. The same seed gives the same points.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Literal

Point = Mapping[str, Fraction]
_Draw = Callable[[random.Random], Fraction]

TRIES = 200  # to find a point where a condition between the symbols holds
CROSSED = 3  # special values of one symbol that are tried with random values of the others
EQUAL = 2  # points where all symbols of a domain have one random value


@dataclass(frozen=True, slots=True)
class Scalar:
    """The numbers that one symbol may be: special values, random ones, whether all are whole."""

    name: str
    special: tuple[Fraction, ...]
    draw: _Draw
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Simplex:
    """The `size` probabilities of a distribution: positive, and their sum is 1."""

    size: int


Domain = Scalar | Simplex | Literal["real", "positive", "unit", "whole"]


def _fractions(*values: int | str) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, values))


def _positive(rng: random.Random) -> Fraction:
    return Fraction(rng.randrange(1, 1000), 97) * Fraction(10) ** rng.randrange(-1, 2)


def _real(rng: random.Random) -> Fraction:
    size = _positive(rng)
    return -size if rng.random() < 0.5 else size


def _between(rng: random.Random, a: Fraction, b: Fraction) -> Fraction:
    return a + (b - a) * Fraction(rng.randrange(1, 997), 997)


def _whole(rng: random.Random, low: int, high: int) -> Fraction:
    return Fraction(rng.randint(low, high))


real = Scalar("real", _fractions(0, 1, -1, "1/1000", "-1/1000", 60, -60), _real)
positive = Scalar("positive", _fractions(1, "1/1000", 60), _positive)
unit = Scalar(
    "unit", _fractions("1/2", "1/1000", "999/1000"), partial(_between, a=Fraction(0), b=Fraction(1))
)
whole = Scalar("whole", _fractions(1, 2, 3), partial(_whole, low=1, high=39), True)

_NAMED = {domain.name: domain for domain in (real, positive, unit, whole)}


def integer(low: int, high: int) -> Scalar:
    """The whole numbers from `low` to `high`, both included. Raises: ValueError if none."""
    if low > high:
        raise ValueError(f"no whole number lies between {low} and {high}")
    special = sorted({low, min(low + 1, high), high})
    draw = partial(_whole, low=low, high=high)
    return Scalar(f"{low}..{high}", _fractions(*special), draw, is_whole=True)


def interval(low: float | Fraction, high: float | Fraction) -> Scalar:
    """The numbers between `low` and `high`, without the two. Raises: ValueError if none."""
    a, b = Fraction(low), Fraction(high)
    if a >= b:
        raise ValueError(f"no number lies between {low} and {high}")
    near = (b - a) / 1000
    inside = [Fraction(n) for n in (0, 1, -1) if a < n < b]
    special = dict.fromkeys([*inside, (a + b) / 2, a + near, b - near])
    return Scalar(f"({low}, {high})", tuple(special), partial(_between, a=a, b=b))


def simplex(size: int) -> Simplex:
    """Distributions of `size` probabilities; the key is their names, or `p` for p1, p2, ...

    Raises: ValueError for fewer than two.
    """
    if size < 2:
        raise ValueError(f"a distribution of {size} probabilities has no freedom; give 2 or more")
    return Simplex(size)


def sample(
    domains: Mapping[str, Domain],
    seed: int = 0,
    count: int = 12,
    where: Callable[[Point], bool] | None = None,
) -> tuple[Point, ...]:
    """Points to compare at: special ones, with all symbols equal too, then `count` random ones.

    `where` is a condition between the symbols, as in `lambda at: at["s"] < at["t"]`; points where
    it does not hold are left out, or drawn again.

    Raises: ValueError where names and domains do not fit, or random points never meet `where`.
    """
    rng = random.Random(seed)  # noqa: S311  # mathematics, no secret
    scalars, groups = _split(domains)

    def complete(fixed: Point) -> Point:
        return {**_drawn(scalars, groups, rng), **fixed}

    points = [complete(fixed) for fixed in _special(scalars, groups, rng)]
    if where is not None:
        points = [point for point in points if where(point)]
    return (*points, *(_random(complete, where) for _ in range(count)))


def names(domains: Mapping[str, Domain]) -> tuple[str, ...]:
    """All symbols that have a domain, in the order given. Raises: ValueError as `sample`."""
    return tuple(name for key, domain in domains.items() for name in _names(key, domain))


def whole_names(domains: Mapping[str, Domain]) -> frozenset[str]:
    """The symbols that stand for whole numbers."""
    scalars, _ = _split(domains)
    return frozenset(name for name, domain in scalars.items() if domain.is_whole)


def _names(key: str, domain: Domain) -> list[str]:
    words = key.split()
    if not isinstance(domain, Simplex):
        return words
    if len(words) == 1:
        return [f"{words[0]}{i}" for i in range(1, domain.size + 1)]
    if len(words) != domain.size:
        raise ValueError(f"{len(words)} names stand for the {domain.size} probabilities of {key!r}")
    return words


def _split(
    domains: Mapping[str, Domain],
) -> tuple[dict[str, Scalar], list[list[str]]]:
    scalars: dict[str, Scalar] = {}
    groups: list[list[str]] = []
    for key, domain in domains.items():
        if isinstance(domain, Simplex):
            groups.append(_names(key, domain))
            continue
        if isinstance(domain, str) and domain not in _NAMED:
            raise ValueError(f"{domain!r} is no domain; use one of {', '.join(_NAMED)}")
        known = _NAMED[domain] if isinstance(domain, str) else domain
        scalars |= dict.fromkeys(_names(key, domain), known)
    return scalars, groups


def _drawn(
    scalars: Mapping[str, Scalar], groups: list[list[str]], rng: random.Random
) -> dict[str, Fraction]:
    point = {name: domain.draw(rng) for name, domain in scalars.items()}
    for group in groups:
        point |= _distribution(group, [rng.randrange(1, 997) for _ in group])
    return point


def _distribution(group: list[str], weights: list[int]) -> dict[str, Fraction]:
    total = sum(weights)
    return {name: Fraction(weight, total) for name, weight in zip(group, weights, strict=True)}


def _special(
    scalars: Mapping[str, Scalar], groups: list[list[str]], rng: random.Random
) -> Iterator[dict[str, Fraction]]:
    """What is fixed at each special point; the rest of it is random."""
    uniform = {
        name: p for group in groups for name, p in _distribution(group, [1] * len(group)).items()
    }
    longest = max((len(domain.special) for domain in scalars.values()), default=1)
    for i in range(longest):
        aligned = {n: domain.special[i % len(domain.special)] for n, domain in scalars.items()}
        yield {**uniform, **aligned}
    if len(scalars) > 1:
        for name, domain in scalars.items():
            yield from ({name: value} for value in domain.special[:CROSSED])
        for _ in range(EQUAL):
            common: dict[Scalar, Fraction] = {}
            yield {n: common.setdefault(d, d.draw(rng)) for n, d in scalars.items()}
    for group in groups:
        nearly_certain = [1] * (len(group) - 1) + [1000]
        yield _distribution(group, nearly_certain)


def _random(complete: Callable[[Point], Point], where: Callable[[Point], bool] | None) -> Point:
    for _ in range(TRIES):
        point = complete({})
        if where is None or where(point):
            return point
    raise ValueError(f"none of {TRIES} random points meets the condition; choose other domains")
