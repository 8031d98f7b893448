"""The form of an expression: what is left when order, brackets and plain arithmetic do not count.

Two expressions have one form where they differ by no more than SymPy does by itself as soon as
they are typed: the order of terms and factors, brackets in sums of sums and products of products,
arithmetic with numbers, like terms and like powers collected, a number multiplied into a sum, the
sign within even and odd functions, exp(a) exp(b) = exp(a + b), exp(log(x)) = x, log(exp(x)) = x.
Nothing else: x (y + z) and x y + x z, or log(x y) and log(x) + log(y), have different forms.

SymPy itself is not asked, since evaluating what a student wrote can take for ever.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fractions import Fraction
from typing import Any

import sympy as sp

from autograder.answers.evaluation import MAX_DEPTH, MAX_NODES, evaluate
from autograder.answers.precision import MAX_BITS, UndefinedError
from autograder.answers.verdict import InvalidAnswer

# A form is a sum of terms (monomial, coefficient), sorted. A monomial is a product of powers
# (base, exponent), sorted, and an exponent is again a form. A base is ("symbol", name),
# ("number", q), ("constant", name), ("sum", form), ("group", form) or (function, form, ...).
Form = tuple[Any, ...]
Monomial = tuple[Any, ...]

ZERO: Form = ()
ONE: Form = (((), Fraction(1)),)
E = ("constant", "Exp1")
EVEN = ("cos", "cosh")
ODD = ("sin", "tan", "tanh", "sinh", "atan", "asin", "erf", "sign")
MAX_SIZE = 5000  # parts of a form: powers of products repeat their exponents
PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23)  # roots of other numbers are left as they are


def form(expression: object, positive: Collection[str] = ()) -> Form:
    """The form of an expression or number; the symbols named in `positive` are greater than 0.

    Raises: InvalidAnswer where it is too large to be read, or holds what is no number.
    """
    return _Reader(frozenset(positive)).read(expression, 0)


def same_form(a: object, b: object, positive: Collection[str] = ()) -> bool:
    """Whether two expressions have one form. Raises: InvalidAnswer, as `form` does."""
    return form(a, positive) == form(b, positive)


class _Reader:
    """Reads one expression, up to a number of nodes."""

    def __init__(self, positive: frozenset[str]) -> None:
        self.positive = positive
        self.left = MAX_NODES

    def read(self, node: object, depth: int) -> Form:
        self.left -= 1
        if self.left < 0 or depth > MAX_DEPTH:
            raise _too_large()
        value = self._read(node, depth)
        if _size(value) > MAX_SIZE:
            raise _too_large()
        return value

    def _read(self, node: object, depth: int) -> Form:
        if not isinstance(node, sp.Basic) or (isinstance(node, sp.Number) and node.is_finite):
            return _number(_exact(node))
        if isinstance(node, sp.Symbol):
            return _atom(("symbol", node.name))
        name = type(node).__name__
        args = [self.read(arg, depth + 1) for arg in node.args]
        if name in ("Add", "Mul"):
            return _add(args) if name == "Add" else _multiply(args)
        if name in ("Pow", "exp"):
            return self._power(*(args if name == "Pow" else (_atom(E), *args)))
        return self._function(name, args) if args else _atom(("constant", name))

    def _function(self, name: str, args: list[Form]) -> Form:
        if name == "log":
            return _logarithm(args[0])
        if name == "Abs":
            return self._absolute(args[0])
        if name in ("Max", "Min"):
            return _atom((name, *sorted(set(args), key=repr)))
        return _signed(name, args[0]) if name in (*EVEN, *ODD) else _atom((name, *args))

    def _power(self, base: Form, exponent: Form) -> Form:
        coefficient, monomial = _as_product(base)
        if len(monomial) * _size(exponent) > MAX_SIZE:
            raise _too_large()
        whole = _as_whole(exponent)
        if whole == 0 or base == ONE:
            return ONE
        if coefficient == 0:
            return ZERO if whole is not None and whole > 0 else _atom(("group", base), exponent)
        if whole is not None or self._is_positive(base):
            powers = [_raised(b, _multiply([e, exponent])) for b, e in monomial]
            return _multiply([_number_power(coefficient, exponent), *powers])
        if len(monomial) == 1 and monomial[0][1] == ONE and coefficient == 1:
            return _atom(monomial[0][0], exponent)
        group = _scaled(_from_product(Fraction(1), monomial), 1 if coefficient > 0 else -1)
        outside = _number_power(abs(coefficient), exponent)
        return _multiply([outside, _atom(("group", group), exponent)])

    def _absolute(self, argument: Form) -> Form:
        coefficient, monomial = _as_product(argument)
        inner = _from_product(Fraction(1), monomial)
        if argument == ZERO or self._is_positive(inner):
            return _scaled(inner, abs(coefficient))
        return _scaled(_atom(("Abs", inner)), abs(coefficient))

    def _is_positive(self, value: Form) -> bool:
        """Whether it is plainly greater than 0: a sum of products of what is."""
        return bool(value) and all(
            c > 0 and all(self._is_positive_base(base) for base, _ in m) for m, c in value
        )

    def _is_positive_base(self, base: tuple[Any, ...]) -> bool:
        if base[0] in ("sum", "group"):
            return self._is_positive(base[1])
        if base[0] == "symbol":
            return base[1] in self.positive
        return base[0] in ("constant", "cosh") or (base[0] == "number" and base[1] > 0)


def _exact(node: object) -> Fraction:
    try:
        return Fraction(evaluate(node).number)
    except UndefinedError as error:
        raise InvalidAnswer(f"a number in it cannot be used: {error}") from error


def _number(q: Fraction) -> Form:
    return (((), q),) if q else ZERO


def _atom(base: tuple[Any, ...], exponent: Form = ONE) -> Form:
    return ((((base, exponent),), Fraction(1)),)


def _scaled(value: Form, q: Fraction | int) -> Form:
    return tuple((m, c * q) for m, c in value) if q else ZERO


def _add(forms: Iterable[Form]) -> Form:
    terms: dict[Monomial, Fraction] = {}
    for monomial, coefficient in (term for value in forms for term in value):
        terms[monomial] = terms.get(monomial, Fraction(0)) + coefficient
    return tuple(sorted(((m, c) for m, c in terms.items() if c), key=lambda t: repr(t[0])))


def _multiply(forms: Iterable[Form]) -> Form:
    """The product; sums in it stay together, unless there is but a number beside one."""
    coefficient = Fraction(1)
    exponents: dict[tuple[Any, ...], Form] = {}
    for value in forms:
        c, monomial = _as_product(value)
        coefficient *= c
        for base, exponent in monomial:
            exponents[base] = _add([exponents.get(base, ZERO), exponent])
    for base in [b for b in exponents if b[0] == "number"]:
        whole = Fraction(dict(exponents[base]).get((), 0) // 1)
        if whole and abs(whole) * base[1].numerator.bit_length() <= MAX_BITS:
            coefficient *= base[1] ** int(whole)
            exponents[base] = _add([exponents[base], _number(-whole)])
    monomial = tuple(sorted(((b, e) for b, e in exponents.items() if e), key=repr))
    return _from_product(coefficient, monomial)


def _as_product(value: Form) -> tuple[Fraction, Monomial]:
    """A number and a product of powers; a sum of several terms is one base, led by 1."""
    if len(value) < 2:
        return (value[0][1], value[0][0]) if value else (Fraction(0), ())
    leading = value[0][1]
    return leading, ((("sum", _scaled(value, 1 / leading)), ONE),)


def _from_product(coefficient: Fraction, monomial: Monomial) -> Form:
    if len(monomial) == 1 and monomial[0][0][0] == "sum" and monomial[0][1] == ONE:
        return _scaled(monomial[0][0][1], coefficient)
    return ((monomial, coefficient),) if coefficient else ZERO


def _as_whole(value: Form) -> int | None:
    """The integer that a form is, or None."""
    if value == ZERO:
        return 0
    (monomial, c), *others = value
    return int(c) if not others and not monomial and c.denominator == 1 else None


def _raised(base: tuple[Any, ...], exponent: Form) -> Form:
    """base^exponent, where exp(c log(u) + v) is u^c exp(v) for a number c."""
    logs = {m: c for m, c in exponent if len(m) == 1 and m[0][0][0] == "log" and m[0][1] == ONE}
    if base != E or not logs:
        return _atom(base, exponent) if exponent else ONE
    rest = tuple(term for term in exponent if term[0] not in logs)
    outside: list[Form] = []
    for monomial, c in logs.items():
        inner = monomial[0][0][1]
        coefficient, factors = _as_product(inner)
        powers = [_atom(b, _scaled(e, c)) for b, e in factors]  # u > 0, since it has a logarithm
        outside += [_number_power(coefficient, _number(c)), *powers]
    return _multiply([*outside, *([_atom(E, rest)] if rest else [])])


def _number_power(q: Fraction, exponent: Form) -> Form:
    """q^exponent; the roots of small primes are taken out, so that sqrt(8) is 2 sqrt(2)."""
    whole = _as_whole(exponent)
    bits = max(q.numerator.bit_length(), q.denominator.bit_length())
    if whole is not None and bits * abs(whole) <= MAX_BITS:
        return _number(q**whole)
    if q == 1:
        return ONE
    if q < 0:
        return _atom(("group", _number(q)), exponent)
    parts: list[Form] = []
    for n, sign in ((q.numerator, 1), (q.denominator, -1)):
        rest, power = n, _scaled(exponent, sign)
        for prime in PRIMES:
            times = 0
            while rest % prime == 0:
                rest, times = rest // prime, times + 1
            parts += [_atom(("number", Fraction(prime)), _scaled(power, times))] if times else []
        parts += [_atom(("number", Fraction(rest)), power)] if rest > 1 else []
    return _multiply(parts)


def _logarithm(argument: Form) -> Form:
    coefficient, monomial = _as_product(argument)
    if not monomial and coefficient > 0 and coefficient.numerator == 1:
        inverse = _atom(("log", _number(1 / coefficient)))
        return ZERO if coefficient == 1 else _scaled(inverse, -1)
    if coefficient == 1 and len(monomial) == 1 and monomial[0][0] == E:
        return monomial[0][1]
    return _atom(("log", argument))


def _signed(name: str, argument: Form) -> Form:
    """An even or odd function, whose argument is made to begin with a positive term."""
    if argument == ZERO:
        return ONE if name in EVEN else ZERO
    negative = argument[0][1] < 0
    value = _atom((name, _scaled(argument, -1) if negative else argument))
    return _scaled(value, -1) if negative and name in ODD else value


def _size(value: object) -> int:
    """How many parts a form has, counted until there are too many."""
    count, stack = 0, [value]
    while stack and count <= MAX_SIZE:
        part, count = stack.pop(), count + 1
        if isinstance(part, tuple):
            stack.extend(part)
    return count


def _too_large() -> InvalidAnswer:
    return InvalidAnswer(f"the expression is too large: at most {MAX_NODES} parts are read")
