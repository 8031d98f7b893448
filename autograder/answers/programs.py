"""Small programs that a student writes as data: read, run exactly, and differentiated by an engine.

    program    a list of 1 to 30 lines; the last one is the result
    line       (name, operation, argument, ...), a tuple or a list
    name       any string but "x", which is the input; a later line may take a name again
    operation  "add", "sub", "mul", "max" of two arguments; "neg", "relu", "abs" of one
    argument   "x", the name of an earlier line, or a rational number: an int, a Fraction, a SymPy
               number, a float (the binary fraction that it is)

Such a program is a polynomial between its kinks. Values are exact, and so are the derivatives on
both sides of a point, `ORDER` of them: what they have in common is taken as smooth. Autograd is an
engine in float64 with PyTorch's conventions at kinks: relu and abs have the slope 0 there, max
gives half to each.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import torch

from autograder.answers.reading import read_list, read_number
from autograder.answers.verdict import InvalidAnswer, WrongAnswer
from course_lib.autograd import Jet, Variable

MAX_LINES = 30
MAX_BITS = 4096  # of an exact number: thirty squares of 3 would fill the memory
ORDER = 6  # derivatives up to this one are compared from both sides
REL = Fraction(1, 10**9)  # what float64 loses in thirty operations is far less
TOO_LARGE = "the numbers that your program computes grow too large"

OPERATIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "add": (2, operator.add),
    "sub": (2, operator.sub),
    "mul": (2, operator.mul),
    "neg": (1, operator.neg),
    "relu": (1, lambda a: a.relu()),
    "abs": (1, lambda a: a.abs()),
    "max": (2, lambda a, b: a.maximum(b)),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a program: an argument is a name or a number."""

    name: str
    operation: str
    arguments: tuple[str | Fraction, ...]


Program = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Slopes:
    """The derivative of a program's function at a point, and what autograd says there."""

    true: Fraction
    told: float


def read_program(value: object, what: str) -> Program:
    """The lines of a program. Raises: InvalidAnswer, with the line that is none."""
    known = {"x"}
    program: list[Line] = []
    for place, entry in enumerate(read_list(value, what, MAX_LINES), start=1):
        line = _read_line(entry, f"line {place} of {what}", known)
        known.add(line.name)
        program.append(line)
    if not program:
        raise InvalidAnswer(f"{what} has no lines")
    return tuple(program)


def _read_line(entry: object, where: str, known: set[str]) -> Line:
    parts = read_list(entry, where, 4)
    if len(parts) < 3:
        raise InvalidAnswer(f"{where} should hold a name, an operation and its arguments")
    name, operation, *arguments = parts
    if not isinstance(name, str) or name == "x":
        raise InvalidAnswer(f"{where} should begin with a name other than 'x'")
    if not isinstance(operation, str) or operation not in OPERATIONS:
        raise InvalidAnswer(f"{where} needs an operation: {', '.join(OPERATIONS)}")
    count = OPERATIONS[operation][0]
    if len(arguments) != count:
        some = "one argument" if count == 1 else "two arguments"
        raise InvalidAnswer(f"{where} has {len(arguments)} arguments; {operation} takes {some}")
    return Line(name, operation, tuple(_read_argument(a, where, known) for a in arguments))


def _read_argument(argument: object, where: str, known: set[str]) -> str | Fraction:
    if not isinstance(argument, str):
        return read_rational(argument, f"a number in {where}")
    if argument not in known:
        raise InvalidAnswer(f"{where} uses {argument[:20]!r}, which no earlier line has")
    return argument


def read_rational(value: object, what: str) -> Fraction:
    """An exact rational number that float64 can hold. Raises: InvalidAnswer for any other."""
    number = read_number(value, what)
    if not isinstance(number, Fraction):
        raise InvalidAnswer(f"{what} should be an integer or a Fraction")
    try:
        float(number)
    except OverflowError as error:
        raise InvalidAnswer(f"{what} is too large") from error
    return number


def beside(program: Program, x: Fraction) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    """Taylor's coefficients at x to the right, and to the left: they are equal where f is smooth.

    Raises: InvalidAnswer where numbers grow too big.
    """
    mirrored = _taylor(program, x, -1)
    left = tuple(c * (-1) ** k for k, c in enumerate(mirrored))
    return _taylor(program, x, 1), left


def _taylor(program: Program, x: Fraction, direction: int) -> tuple[Fraction, ...]:
    """The coefficients of t -> f(x + direction t), for small t > 0."""
    zeros = [0] * ORDER
    return _run(program, Jet([x, direction, *zeros[1:]]), lambda c: Jet([c, *zeros])).coefficients


def slope_by_autograd(program: Program, x: Fraction) -> float:
    """The slope that an engine with PyTorch's conventions gives at x.

    Raises: InvalidAnswer where float64 cannot hold what the program computes.
    """
    at = Variable(torch.tensor(float(x), dtype=torch.float64), requires_grad=True)
    result = _run(program, at, lambda c: Variable(torch.tensor(float(c), dtype=torch.float64)))
    slope = 0.0
    if result.requires_grad:
        result.backward()
        slope = at.grad.item() if at.grad is not None else 0.0
    if not math.isfinite(slope) or not math.isfinite(result.item()):
        raise InvalidAnswer(TOO_LARGE)
    return slope


def _run(program: Program, x: Any, lift: Callable[[Fraction], Any]) -> Any:  # noqa: ANN401  # what computes
    """The result for an input of some kind; `lift` makes a constant of this kind."""
    known = {"x": x}
    for line in program:
        values = [known[a] if isinstance(a, str) else lift(a) for a in line.arguments]
        known[line.name] = OPERATIONS[line.operation][1](*values)
        _require_small(known[line.name])
    return known[program[-1].name]


def _require_small(value: object) -> None:
    if isinstance(value, Jet) and any(
        max(c.numerator.bit_length(), c.denominator.bit_length()) > MAX_BITS
        for c in value.coefficients
    ):
        raise InvalidAnswer(TOO_LARGE)


def slopes_at(program: Program, x: Fraction) -> Slopes:
    """The derivative at x, where the function is smooth, and what autograd says.

    Raises: WrongAnswer named "the function has a kink there"; InvalidAnswer where numbers grow
    too big.
    """
    right, left = beside(program, x)
    if right != left:
        raise WrongAnswer(
            "the function has a kink there",
            "Left and right of your point the derivatives of the function differ. Find a program "
            "whose kinks cancel.",
        )
    return Slopes(right[1], slope_by_autograd(program, x))


def require_wrong_slope(program: Program, x: Fraction) -> None:
    """Passes where the function is smooth at x, and autograd gives another slope.

    Raises: WrongAnswer named "autograd is right there", and as `slopes_at`.
    """
    slopes = slopes_at(program, x)
    if abs(slopes.true - Fraction(slopes.told)) <= REL * max(1, abs(slopes.true)):
        raise WrongAnswer(
            "autograd is right there",
            "At your point the program meets no kink, or the convention happens to be right.",
        )


def require_function(
    program: Program, reference: Callable[[Any], Any], points: Iterable[Fraction]
) -> None:
    """Passes where the program has the reference's value and derivatives on both sides of points.

    `reference` is a polynomial, as in `lambda x: x * x - 3`.

    Raises: WrongAnswer named "another function"; InvalidAnswer where numbers grow too big.
    """
    for x in points:
        wanted = reference(Jet([x, 1, *[0] * (ORDER - 1)])).coefficients
        if beside(program, x) != (wanted, wanted):
            raise WrongAnswer(
                "another function", "For some x your program gives another value than it should."
            )
