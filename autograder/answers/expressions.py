"""Whether two expressions are equal: by their values at points of a declared domain.

Agreement at every point is not a proof, and a disagreement is one. `simplify` is never asked: it
refuses right answers, and it can be made to run for ever.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import sympy as sp

from autograder.answers.evaluation import CONTEXT, TIE, UndefinedError, Value, as_mpf, evaluate
from autograder.answers.verdict import InvalidAnswer, WrongAnswer, kind_of

Domain = Literal["real", "positive", "unit", "whole"]  # unit: 0 < x < 1; whole: 1, 2, 3, ...
Point = Mapping[str, Fraction]

MIN_POINTS = 8  # with fewer, ReLU and sqrt(x^2) can look alike
CLOSE = CONTEXT.mpf(10) ** -12  # relative; both sides are known to some 60 digits
CLOSE_TO_DECIMALS = CONTEXT.mpf(10) ** -9  # where the answer holds decimals

_SPECIAL: Mapping[Domain, tuple[Fraction, ...]] = {
    "real": tuple(map(Fraction, ("0", "1", "-1", "1/1000", "-1/1000", "60", "-60"))),
    "positive": tuple(map(Fraction, ("1", "1/1000", "60"))),
    "unit": tuple(map(Fraction, ("1/2", "1/1000", "999/1000"))),
    "whole": tuple(map(Fraction, (1, 2, 3))),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """How an answer compares with the reference.

    `verdict` is undecided where too few points could be compared: a person has to look, and it is
    never a zero. `at` is a point of disagreement; `undefined` says that the answer has no value
    there although the reference has one.
    """

    verdict: Literal["equal", "unequal", "undecided"]
    agreed: int
    at: Point | None = None
    undefined: bool = False


@dataclass(frozen=True, slots=True)
class Slip:
    """A usual mistake: its name, a word about it, and the expression that it leads to."""

    note: str
    hint: str
    expression: object


def sample(domains: Mapping[str, Domain], seed: int = 0, count: int = 12) -> tuple[Point, ...]:
    """Points to compare at: special ones, with all symbols equal too, then `count` random ones.

    The random ones are rational and of mixed scales; the same seed gives the same points.
    """
    rng = random.Random(seed)  # noqa: S311  # mathematics, no secret
    special = max((len(_SPECIAL[domain]) for domain in domains.values()), default=1)
    points = [
        {name: _SPECIAL[domain][i % len(_SPECIAL[domain])] for name, domain in domains.items()}
        for i in range(special)
    ]
    points += [{name: _draw(domain, rng) for name, domain in domains.items()} for _ in range(count)]
    return tuple(points)


def _draw(domain: Domain, rng: random.Random) -> Fraction:
    if domain == "unit":
        return Fraction(rng.randrange(1, 997), 997)
    if domain == "whole":
        return Fraction(rng.randrange(1, 40))
    size = Fraction(rng.randrange(1, 1000), 97) * Fraction(10) ** rng.randrange(-1, 2)
    return -size if domain == "real" and rng.random() < 0.5 else size


def compare(answer: object, reference: object, points: Iterable[Point]) -> Comparison:
    """Compares at the points where the reference has a value, up to the first disagreement.

    Raises: InvalidAnswer where the answer cannot be read.
    """
    close = CLOSE_TO_DECIMALS if has_decimals(answer) else CLOSE
    agreed = compared = 0
    for point in points:
        try:
            wanted = evaluate(reference, point)
        except UndefinedError:
            continue
        try:
            value = evaluate(answer, point)
        except UndefinedError:
            return Comparison("unequal", agreed, point, undefined=True)
        same = _same(value, wanted, close)
        if same is False:
            return Comparison("unequal", agreed, point)
        compared += 1
        agreed += same is True
    verdict = "equal" if agreed >= min(MIN_POINTS, compared) and agreed else "undecided"
    return Comparison(verdict, agreed)


def _same(value: Value, wanted: Value, close: object) -> bool | None:
    """Whether two values agree; None where rounding hides it."""
    gap = value - wanted
    difference = as_mpf(abs(gap.number))
    size = max(as_mpf(abs(value.number)), as_mpf(abs(wanted.number)))
    if difference <= close * size:
        return True
    noise = 0 if isinstance(gap.number, Fraction) else TIE * gap.largest
    if difference > noise:
        return False
    return True if noise <= CLOSE * CLOSE else None


def require_equal(
    answer: object,
    reference: object,
    points: Sequence[Point],
    *,
    hint: str,
    note: str = "not equal",
    slips: Sequence[Slip] = (),
) -> None:
    """Passes where the answer equals the reference at the points.

    Raises: WrongAnswer with the note and hint of the first slip that it equals, else with those
    given; InvalidAnswer where it cannot be read; ArithmeticError where it cannot be decided.
    """
    found = compare(answer, reference, points)
    if found.verdict == "undecided":
        raise ArithmeticError("too few points to compare at: a person has to look at this answer")
    if found.verdict == "equal":
        return
    for slip in slips:
        if compare(answer, slip.expression, points).verdict == "equal":
            raise WrongAnswer(slip.note, slip.hint)
    if found.undefined:
        hint = f"Your expression has no real value at some point of the domain. {hint}"
    raise WrongAnswer(note, hint)


def has_decimals(answer: object) -> bool:
    """Whether an expression or number holds decimals, which are compared to 9 digits only."""
    if isinstance(answer, sp.Basic):
        return any(isinstance(node, sp.Float) for node in _first_nodes(answer))
    return isinstance(answer, float)


def _first_nodes(answer: sp.Basic, most: int = 1000) -> Iterable[sp.Basic]:
    stack = [answer]
    while stack and most:
        node, most = stack.pop(), most - 1
        yield node
        stack.extend(node.args)


def read_expression(answer: object, what: str, symbols: Iterable[str]) -> object:
    """The answer, if it is a SymPy expression or a number and holds no other symbols.

    `what` names it in the hint, as in `printed_norm`.

    Raises: InvalidAnswer for anything else.
    """
    if isinstance(answer, bool) or not isinstance(answer, sp.Expr | int | float | Fraction):
        raise InvalidAnswer(
            f"{what} is a {kind_of(answer)} that cannot be read; give a SymPy expression, "
            "made of the functions that the notebook lists"
        )
    require_symbols(answer, what, symbols)
    return answer


def require_symbols(answer: object, what: str, symbols: Iterable[str]) -> None:
    """Passes where the answer holds no symbols but these.

    Raises: InvalidAnswer that names another one.
    """
    known = sorted(symbols)
    nodes = _first_nodes(answer) if isinstance(answer, sp.Basic) else ()
    for node in nodes:
        if isinstance(node, sp.Symbol) and node.name not in known:
            raise InvalidAnswer(
                f"{what} holds the symbol {node.name[:40]!r}; it may hold only {', '.join(known)}"
            )
