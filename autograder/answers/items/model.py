"""A question with numbers of its own: how they are drawn, the key, and the options beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from typing import Any, Literal

import numpy as np
import sympy as sp

from autograder.answers.domains import Domain, Point, sample
from autograder.answers.evaluation import evaluate
from autograder.answers.expressions import Slip, compare, read_expression, require_equal
from autograder.answers.numbers import NumberSlip, require_number

Params = dict[str, Any]
"""The numbers of a question by name: whole numbers, fractions, texts and tuples of them. What is
printed is what the key is computed from: so no floats, which would be rounded in print."""

Value = Any  # a whole number, Fraction, float or SymPy expression

LETTERS = "ABCDEFGH"
PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
AGREES = 1e-9  # relative: the key and its second computation
APART = 0.02  # relative: options that are closer look like rounding
MOST_DRAWS = 200
SMALLEST, LARGEST = 1e-4, 1e6  # of a key that can be written down


@dataclass(frozen=True, slots=True)
class Option:
    """A wrong answer that a usual mistake leads to: its note, a hint, and the value."""

    note: str
    hint: str
    value: Value


@dataclass(frozen=True, slots=True)
class Item:
    """One question with parameters.

    `generate`, `answer` and `options` are functions of their module that use nothing beside NumPy,
    SymPy, `math` and `Fraction`: a notebook holds their text. Students read that of `generate`: it
    draws numbers, and nothing in it tells the key. `options` are the wrong ones, always as many.
    `recompute` is the key by another way, and `checks` yields what is wrong with drawn numbers.
    `stem` is Markdown with LaTeX, in which `{{name}}` stands for a number. With `symbols`, the
    values are expressions in these, over their domains.
    """

    name: str
    topic: str  # the folder's name of its assignment
    level: Literal["recall", "apply", "analyse"]
    minutes: int
    points: int
    stem: str
    hint: str
    generate: Callable[[np.random.Generator], Params]
    answer: Callable[[Params], Value]
    options: Callable[[Params], Sequence[Option]]
    recompute: Callable[[Params], Value]
    checks: Callable[[Params], Iterator[str]] = lambda _: iter(())
    symbols: Mapping[str, Domain] = field(default_factory=dict)
    unit: str | None = None
    rel: float = 1e-3  # how close a typed number has to be
    significant: int = 3  # figures of a printed float
    modes: Sequence[Literal["notebook", "paper"]] = ("notebook", "paper")
    release: Literal["homework", "exam-only", "retired"] = "homework"


@dataclass(frozen=True, slots=True)
class Instance:
    """An item with its numbers: the stem as it is read, the options in order, and the key."""

    item: Item
    params: Params
    stem: str
    options: tuple[Value, ...]
    texts: tuple[str, ...]
    key: int  # which of the options is right

    @property
    def letter(self) -> str:
        return LETTERS[self.key]


def draw(item: Item, rng: np.random.Generator) -> Instance:
    """The item for paper, with the first numbers of `rng` that are fit and an order of options.

    Raises: ValueError where MOST_DRAWS in turn are unfit.
    """
    found: Sequence[str] = ()
    for _ in range(MOST_DRAWS):
        instance = draw_once(item, rng)
        found = problems(instance)
        if not found:
            return instance
    raise ValueError(
        f"{item.name} is unfit {MOST_DRAWS} times: {'; '.join(found)}; draw other numbers"
    )


def draw_once(item: Item, rng: np.random.Generator) -> Instance:
    """The item with the first numbers of `rng`, fit or not."""
    params = item.generate(rng)
    values = [item.answer(params), *(option.value for option in item.options(params))]
    order = [int(i) for i in rng.permutation(len(values))]
    options = tuple(values[i] for i in order)
    texts = tuple(printed(value, item.significant) for value in options)
    return Instance(item, params, filled(item.stem, params), options, texts, order.index(0))


def filled(stem: str, params: Params) -> str:
    """The stem with its numbers. Raises: KeyError where it names one that there is not."""
    return PLACE.sub(lambda place: printed_parameter(params[place[1]]), stem)


def printed_parameter(value: object) -> str:
    """A number of the question as it is printed, exactly."""
    if isinstance(value, tuple):
        return r",\; ".join(map(printed_parameter, value))
    return str(value)


def printed(value: Value, significant: int = 3) -> str:
    """A value in LaTeX; a float is rounded to so many significant figures."""
    if isinstance(value, float):
        return np.format_float_positional(value, significant, fractional=False, trim="-")
    if isinstance(value, Fraction):
        value = sp.Rational(value.numerator, value.denominator)
    return sp.latex(value)


def judge(item: Item, answer: object, rng: np.random.Generator, what: str = "your answer") -> None:
    """Passes where the answer is the key for the numbers that `rng` gives.

    Raises: WrongAnswer with the note of an option that it is equal to, else as the checker of
    numbers or expressions does; InvalidAnswer where it cannot be read.
    """
    params = item.generate(rng)
    key, wrong = item.answer(params), item.options(params)
    if item.symbols:
        expression = read_expression(answer, what, item.symbols)
        slips = [Slip(option.note, option.hint, option.value) for option in wrong]
        require_equal(expression, key, sample(item.symbols), hint=item.hint, slips=slips)
        return
    numbers = [NumberSlip(option.note, option.hint, option.value) for option in wrong]
    require_number(
        answer, key, what=what, hint=item.hint, rel=item.rel, unit=item.unit, slips=numbers
    )


def problems(instance: Instance) -> tuple[str, ...]:
    """Everything that makes these numbers unfit to be asked; nothing where they are fit."""
    return tuple(_problems(instance))


def _problems(instance: Instance) -> Iterator[str]:
    item, key = instance.item, instance.options[instance.key]
    points = sample(item.symbols, count=5) if item.symbols else ()
    yield from item.checks(instance.params)
    for name, value in instance.params.items():
        if not is_exact(value):
            yield f"{name} is {value!r}, which is not printed exactly"
    if not _agree(key, item.recompute(instance.params), points):
        yield "the second computation gives another key"
    if not item.symbols and not SMALLEST <= abs(_number(key)) <= LARGEST:
        yield f"the key is {_number(key):g}, between {SMALLEST:g} and {LARGEST:g} it can be written"
    if len(set(instance.texts)) < len(instance.texts):
        yield f"two options are printed alike: {', '.join(instance.texts)}"
    for a, b in combinations(instance.options, 2):
        if _look_alike(a, b, points):
            yield f"two options are too close: {printed(a)} and {printed(b)}"


def is_exact(value: object) -> bool:
    """Whether a parameter is printed as it is."""
    if isinstance(value, tuple):
        return all(map(is_exact, value))
    return isinstance(value, int | Fraction | str) and not isinstance(value, bool)


def shape_of(instance: Instance) -> tuple[object, ...]:
    """What is the same for all numbers of an item: how long and how hard it looks."""
    sizes = tuple(len(v) if isinstance(v, tuple) else 1 for v in instance.params.values())
    kinds = tuple(type(v).__name__ for v in instance.params.values())
    return (tuple(instance.params), sizes, kinds, len(instance.options), instance.item.points)


def _number(value: Value) -> float:
    return float(evaluate(value).number)


def _agree(key: Value, other: Value, points: Sequence[Point]) -> bool:
    if points:
        return compare(other, key, points).verdict == "equal"
    a, b = _number(key), _number(other)
    return abs(a - b) <= AGREES * max(abs(a), abs(b))


def _look_alike(a: Value, b: Value, points: Sequence[Point]) -> bool:
    if points:
        return compare(a, b, points).verdict != "unequal"
    x, y = _number(a), _number(b)
    if x == int(x) and y == int(y):
        return x == y
    return abs(x - y) <= APART * max(abs(x), abs(y))
