"""Whether two expressions are equal: by their values at points of a declared domain.

Agreement at every point is not a proof, and a disagreement is one. `simplify` is never asked: it
refuses right answers, and it can be made to run for ever.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from numbers import Real
from typing import Literal

import sympy as sp

from autograder.answers.domains import Domain, Point, sample
from autograder.answers.evaluation import UNEVALUATED, Value, evaluate
from autograder.answers.precision import (
    CONTEXT,
    HiddenByRoundingError,
    TooLargeError,
    UndefinedError,
    as_mpf,
    more_digits,
    tie,
)
from autograder.answers.typed import read_typed
from autograder.answers.verdict import InvalidAnswer, UndecidedAnswer, WrongAnswer, kind_of

__all__ = [
    "Comparison",
    "Domain",
    "Point",
    "Slip",
    "compare",
    "has_decimals",
    "read_expression",
    "require_equal",
    "require_symbols",
    "sample",
]

MIN_POINTS = 8  # with fewer, ReLU and sqrt(x^2) can look alike
MAX_RETRIES = 10  # points that are looked at with more digits
CLOSE = CONTEXT.mpf(10) ** -12  # relative; both sides are known to some 60 digits
CLOSE_TO_DECIMALS = CONTEXT.mpf(10) ** -9  # where the answer holds decimals

_Found = Literal["agree", "differ", "undefined", "too large", "hidden", "no reference"]


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
    """A usual mistake: its name, a word about it, and the expression that it leads to.

    `credit` is the share of the claim that it earns all the same.
    """

    note: str
    hint: str
    expression: object
    credit: float = 0.0


def compare(answer: object, reference: object, points: Iterable[Point]) -> Comparison:
    """Compares at the points where the reference has a value, up to the first disagreement.

    What disagrees with 60 digits, or is hidden by rounding, is looked at again with 240. Points
    where the answer holds a number too large to compute with do not count.

    Raises: InvalidAnswer where the answer cannot be read, or is too large at every point;
    ValueError where the reference cannot be read.
    """
    close = CLOSE_TO_DECIMALS if has_decimals(answer) else CLOSE
    points = tuple(points)
    retries = MAX_RETRIES
    count = dict.fromkeys(("agree", "too large", "hidden", "no reference"), 0)
    for point in points:
        found = _at(answer, reference, point, close)
        if found in ("differ", "undefined") or (found == "hidden" and retries):
            retries -= 1
            with more_digits():
                found = _at(answer, reference, point, close)
        if found in ("differ", "undefined"):
            return Comparison("unequal", count["agree"], point, found == "undefined")
        count[found] += 1
    if count["too large"] and count["too large"] + count["no reference"] == len(points):
        raise InvalidAnswer("the answer holds a number too large to compute with, at every point")
    known = len(points) - count["no reference"]
    needed = MIN_POINTS if len(points) >= MIN_POINTS else max(known, 1)
    return Comparison("equal" if count["agree"] >= needed else "undecided", count["agree"])


def _at(answer: object, reference: object, point: Point, close: object) -> _Found:
    """How the answer compares at one point, with the digits in use."""
    try:
        wanted = evaluate(reference, point)
    except HiddenByRoundingError:
        return "hidden"
    except UndefinedError:
        return "no reference"
    except InvalidAnswer as error:
        raise ValueError(f"the reference cannot be read: {error.hint}") from error
    try:
        value = evaluate(answer, point)
    except HiddenByRoundingError:
        return "hidden"
    except TooLargeError:
        return "too large"
    except UndefinedError:
        return "undefined"
    return _same(value, wanted, close)


def _same(value: Value, wanted: Value, close: object) -> Literal["agree", "differ", "hidden"]:
    """Whether two values agree; "hidden" where rounding hides it."""
    gap = value - wanted
    difference = as_mpf(abs(gap.number))
    size = max(as_mpf(abs(value.number)), as_mpf(abs(wanted.number)))
    if difference <= close * size:
        return "agree"
    noise = 0 if isinstance(gap.number, Fraction) else tie() * gap.largest
    if difference > noise:
        return "differ"
    return "agree" if noise <= CLOSE * CLOSE else "hidden"


def require_equal(
    answer: object,
    reference: object,
    points: Sequence[Point],
    *,
    hint: str,
    note: str = "not equal",
    slips: Sequence[Slip] = (),
    show_point: bool = False,
) -> None:
    """Passes where the answer equals the reference at the points.

    With `show_point` the student is told at which point it does not, and the answer's value there;
    the reference's is never told.

    Raises: WrongAnswer with the note and hint of the first slip that it equals, else with those
    given; InvalidAnswer where it cannot be read; UndecidedAnswer where a person has to look.
    """
    found = compare(answer, reference, points)
    if found.verdict == "equal":
        return
    if found.verdict == "undecided":
        raise UndecidedAnswer(
            f"it could be compared at {found.agreed} points only, and agrees there: "
            "a person looks at it"
        )
    for slip in slips:
        if compare(answer, slip.expression, points).verdict == "equal":
            raise WrongAnswer(slip.note, slip.hint, slip.credit)
    if found.undefined:
        hint = f"Your expression has no real value at some point of the domain. {hint}"
    elif show_point and found.at is not None:
        hint = f"{_witness(answer, found.at)} {hint}"
    raise WrongAnswer(note, hint)


def _witness(answer: object, at: Point) -> str:
    place = ", ".join(f"{name} = {float(value):.6g}" for name, value in at.items())
    value = CONTEXT.nstr(as_mpf(evaluate(answer, at).number), 6)
    return (
        f"At {place} your expression is {value}, which is not right."
        if place
        else (f"Your expression is {value}, which is not right.")
    )


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


def read_expression(
    answer: object, what: str, symbols: Iterable[str], functions: Collection[str] | None = None
) -> object:
    """The answer, if it is a SymPy expression, a typed formula or a number, of these symbols only.

    `what` names it in the hint, as in `printed_norm`. `functions` are those that a typed formula
    may call: all of `typed_functions.FUNCTIONS` unless given.

    Raises: InvalidAnswer for anything else, and for a sum, integral, derivative or limit that is
    left as it is: that is the question itself.
    """
    symbols = tuple(symbols)
    if isinstance(answer, str):
        return read_typed(answer, what, symbols, functions)
    if isinstance(answer, bool) or not isinstance(answer, sp.Expr | Real):
        raise InvalidAnswer(
            f"{what} is a {kind_of(answer)} that cannot be read; give a SymPy expression or a "
            "string, made of the functions that the notebook lists"
        )
    for node in _first_nodes(answer) if isinstance(answer, sp.Basic) else ():
        if isinstance(node, UNEVALUATED):
            name = kind_of(node)
            raise InvalidAnswer(f"{what}: {name} is the question itself; give what it comes to")
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
