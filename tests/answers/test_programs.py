"""Programs of a student's: each verdict with its reason, hostile ones, and PyTorch beside them."""

import time
from fractions import Fraction
from functools import reduce

import numpy as np
import pytest
import sympy as sp
import torch

from autograder.answers.programs import (
    MAX_LINES,
    beside,
    read_program,
    read_rational,
    require_function,
    require_wrong_slope,
    slope_by_autograd,
    slopes_at,
)
from autograder.answers.verdict import InvalidAnswer, WrongAnswer

HALVES = [("p", "relu", "x"), ("m", "neg", "x"), ("q", "relu", "m")]
IDENTITY = [*HALVES, ("i", "sub", "p", "q")]  # relu(x) - relu(-x)
KINK, RIGHT = "the function has a kink there", "autograd is right there"

# an answer, a point, the note (None where it passes), and why
VERDICTS = [
    (IDENTITY, 0, None, "it is x, and both slopes are 0 at 0"),
    (IDENTITY, 0.0, None, "a float is the fraction that it is"),
    (IDENTITY, sp.Integer(0), None, "a SymPy number"),
    (tuple(map(list, IDENTITY)), np.int64(0), None, "lists for tuples, a NumPy number"),
    ([("t", "sub", "x", Fraction(1, 3)), ("p", "max", "t", 0), ("m", "neg", "t"),
      ("q", "max", "m", 0), ("i", "sub", "p", "q"), ("y", "mul", "i", 5)], Fraction(1, 3), RIGHT,
     "max gives half to each: (1/2 + 1/2) times 5 is the derivative"),
    ([("t", "sub", "x", 0.5), ("a", "abs", "t"), ("b", "mul", "a", "a"), ("c", "add", "b", "a"),
      ("d", "sub", "c", "a"), ("y", "add", "d", "x")], 0.5, RIGHT, "|t| cancels, its slope too"),
    ([("a", "max", "x", "x")], 0, RIGHT, "half to each is right"),
    ([("p", "relu", "x"), ("x2", "mul", "p", 2), ("a", "abs", "x"), ("y", "sub", "x2", "a")], 0,
     None, "2 relu(x) - |x| is x"),
    ([("p", "max", "x", 0), ("m", "neg", "x"), ("q", "relu", "m"), ("i", "sub", "p", "q")], 0, None,
     "max gives 1/2 where relu gives 0"),
    (IDENTITY, 1, RIGHT, "no kink at 1"),
    ([("s", "mul", "x", "x")], 3, RIGHT, "no kink at all"),
    ([("c", "mul", 2, 3)], 3, RIGHT, "a constant"),
    ([("a", "abs", "x"), ("s", "mul", "a", "a")], 0, RIGHT, "|x|^2 is smooth, and its slope is 0"),
    ([("r", "relu", "x")], 0, KINK, "relu itself"),
    ([("a", "abs", "x"), ("y", "mul", "a", "x")], 0, KINK, "x|x|: its second derivative jumps"),
    ([("a", "abs", "x"), *[(f"c{k}", "mul", "a" if not k else f"c{k - 1}", "x") for k in range(5)]],
     0, KINK, "x^5 |x|: only the sixth derivative jumps"),
    ([("p", "relu", "x"), ("p", "neg", "p")], 0, KINK, "a name taken again: the last line counts"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "point", "note", "why"), VERDICTS)
def test_wrong_slope(answer, point, note, why):
    def judge():
        require_wrong_slope(read_program(answer, "program"), read_rational(point, "point"))

    if note is None:
        judge()
        return
    with pytest.raises(WrongAnswer) as caught:
        judge()
    assert caught.value.note == note, why


def test_slopes_are_the_derivative_and_what_autograd_says():
    slopes = slopes_at(read_program([*IDENTITY, ("y", "mul", "i", 7)], "p"), Fraction(0))
    assert (slopes.true, slopes.told) == (7, 0.0)
    slopes = slopes_at(
        read_program([("s", "mul", "x", "x"), ("y", "sub", "s", 3)], "p"), Fraction(5)
    )
    assert (slopes.true, slopes.told) == (10, 10.0)


SEVEN = [*IDENTITY, ("l", "mul", "x", 7), ("r", "mul", "i", -6), ("y", "add", "l", "r")]
FUNCTIONS = [
    (SEVEN, True, "7x - 6x"),
    (IDENTITY, True, "x in two parts"),
    ([("y", "add", "x", 0)], True, "x"),
    ([("y", "mul", "x", 7)], False, "7x"),
    ([("p", "relu", "x")], False, "x on one side only"),
    ([("p", "abs", "x"), ("y", "mul", "p", 1)], False, "the value at 0 is right, and it bends"),
    ([("s", "mul", "x", "x"), ("t", "sub", "s", 4), ("u", "mul", "t", "x"), ("y", "add", "u", "x")],
     False, "right at -2, 0 and 2 only, where its slopes tell it apart"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "passes", "why"), FUNCTIONS)
def test_function(answer, passes, why):
    program, points = read_program(answer, "program"), [Fraction(-2), Fraction(0), Fraction(2)]
    if passes:
        require_function(program, lambda x: x, points)
        return
    with pytest.raises(WrongAnswer) as caught:
        require_function(program, lambda x: x, points)
    assert caught.value.note == "another function", why


def test_function_is_any_polynomial():
    square = read_program([("a", "abs", "x"), ("s", "mul", "a", "a"), ("y", "sub", "s", 3)], "p")
    require_function(square, lambda x: x * x - 3, [Fraction(0), Fraction(5)])


UNREADABLE = [
    (None, "program is a NoneType|program is a None"),
    ("x", "program is a str; a list"),
    ({"y": 1}, "program is a dict; a list"),
    ([], "program has no lines"),
    (["x"], "line 1 of program is a str; a list"),
    ([()], "line 1 of program should hold a name, an operation"),
    ([("y", "neg")], "line 1 of program should hold a name, an operation"),
    ([("y", "add", "x", 1, 2)], "line 1 of program has 5 entries; at most 4"),
    ([(1, "neg", "x")], "should begin with a name other than 'x'"),
    ([("x", "neg", "x")], "should begin with a name other than 'x'"),
    ([("y", "sqrt", "x")], "line 1 of program needs an operation: add, sub, mul"),
    ([("y", ["add"], "x")], "line 1 of program needs an operation: add, sub, mul"),
    ([("y", "__class__", "x")], "line 1 of program needs an operation: add, sub, mul"),
    ([("y", "neg", "x", "x")], "has 2 arguments; neg takes one argument"),
    ([("y", "max", "x")], "has 1 arguments; max takes two arguments"),
    ([("y", "neg", "x"), ("z", "neg", "w")], "line 2 of program uses 'w', which no earlier line"),
    ([("y", "neg", "y")], "line 1 of program uses 'y', which no earlier line has"),
    ([("y", "neg", "X")], "uses 'X', which no earlier line has"),
    ([("y", "neg", "2")], "uses '2', which no earlier line has"),
    ([("y", "mul", "x", float("nan"))], "a number in line 1 of program"),
    ([("y", "mul", "x", float("inf"))], "a number in line 1 of program"),
    ([("y", "mul", "x", 1j)], "a number in line 1 of program"),
    ([("y", "mul", "x", None)], "a number in line 1 of program"),
    ([("y", "mul", "x", sp.sqrt(2))], "should be an integer or a Fraction"),
    ([("y", "mul", "x", sp.Symbol("x"))], "a number in line 1 of program"),
    ([("y", "mul", "x", 10**400)], "a number in line 1 of program is too large"),
    ([("y", "mul", "x", 10**100_000)], "a number in line 1 of program"),
    ([("y", "neg", "x")] * (MAX_LINES + 1), "program has 31 entries; at most 30"),
]


@pytest.mark.parametrize(("answer", "told"), UNREADABLE)
def test_what_is_no_program_is_refused_with_its_line(answer, told):
    with pytest.raises(InvalidAnswer, match=told):
        read_program(answer, "program")


@pytest.mark.parametrize("point", ["0", None, sp.sqrt(2), float("nan"), 10**400, [0]])
def test_what_is_no_point_is_refused(point):
    with pytest.raises(InvalidAnswer, match="the point"):
        read_rational(point, "the point")


def squares(first, count):
    """first, first^2, first^4, ... as lines."""
    return [("c0", "mul", first, 1)] + [
        (f"c{k}", "mul", f"c{k - 1}", f"c{k - 1}") for k in range(1, count)
    ]


def own_tail():
    tail = []
    tail.append(tail)
    return tail


HOSTILE = {
    "3 squared 29 times": squares(3, 30),
    "x squared 29 times": squares("x", 30),
    "1/3 squared 29 times": squares(Fraction(1, 3), 30),
    "larger than float64, times 0": [*squares(2, 12), ("z", "mul", "c11", 0)],
    "a list that holds itself": own_tail(),
    "a line that holds itself": [[*own_tail(), "neg", "x"]],
    "a name of a million letters": [("y" * 10**6, "neg", "z" * 10**6)],
    "a million lines": [("y", "neg", "x")] * 10**6,
    "deep lists for a number": [("y", "neg", reduce(lambda inner, _: [inner], range(10**4), 0))],
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_program_is_refused_at_once(name):
    start = time.process_time()
    with pytest.raises(InvalidAnswer) as caught:
        require_wrong_slope(read_program(HOSTILE[name], "program"), Fraction(3))
    assert time.process_time() - start < 1.0
    assert len(caught.value.hint) < 200


TORCH = {
    "add": torch.add, "sub": torch.sub, "mul": torch.mul, "neg": torch.neg,
    "relu": torch.relu, "abs": torch.abs, "max": torch.maximum,
}  # fmt: skip


def by_torch(program, x):
    at = torch.tensor(float(x), dtype=torch.float64, requires_grad=True)
    known = {"x": at}
    for line in program:
        values = [
            known[a] if isinstance(a, str) else torch.tensor(float(a), dtype=torch.float64)
            for a in line.arguments
        ]
        known[line.name] = TORCH[line.operation](*values)
    result = known[program[-1].name]
    (slope,) = torch.autograd.grad(result + 0 * at, at)
    return result.item(), slope.item()


def random_answer(rng):
    """Lines whose numbers are small integers, so that many of them meet kinks at integers."""
    lines, names = [], ["x"]
    for k in range(12):
        operation = str(rng.choice(list(TORCH)))
        count = 1 if operation in ("neg", "relu", "abs") else 2
        arguments = [
            str(rng.choice(names)) if rng.random() < 0.8 else int(rng.integers(-2, 3))
            for _ in range(count)
        ]
        lines.append((f"v{k}", operation, *arguments))
        names.append(f"v{k}")
    return lines


@pytest.mark.parametrize("seed", range(40))
def test_autograd_says_what_pytorch_says_also_at_kinks(seed):
    rng = np.random.default_rng(seed)
    program = read_program(random_answer(rng), "program")
    for x in map(Fraction, (-1, 0, 1, Fraction(1, 2))):
        right, left = beside(program, x)
        value, slope = by_torch(program, x)
        assert right[0] == left[0] == pytest.approx(value)
        assert slope_by_autograd(program, x) == pytest.approx(slope)


@pytest.mark.parametrize("seed", range(40))
def test_both_sides_are_the_polynomials_there(seed):
    """Taylor's coefficients beside a point give the values nearby, up to those of higher order."""
    rng = np.random.default_rng(seed)
    program = read_program([("h", "mul", "x", 1), *random_answer(rng)[:6]], "program")
    h = Fraction(1, 10**6)
    for x in (Fraction(0), Fraction(1)):
        for side, step in zip(beside(program, x), (h, -h), strict=True):
            nearby = sum(c * step**k for k, c in enumerate(side))
            exact = beside(program, x + step)[0][0]
            assert abs(nearby - exact) < Fraction(1, 10**30)
