"""One-sided Taylor series in exact arithmetic: what a program with kinks does beside a point."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any


class Jet:
    """c_0 + c_1 t + ... + c_k t^k, for small t > 0, of a function of t.

    Coefficients are exact, so that signs are certain. `relu`, `abs` and `maximum` look at the first
    coefficient that is not zero: it says on which side of a kink the function goes for t > 0. The
    jets of f(x + t) and of f(x − t) together tell whether f is smooth at x up to order k, also
    where a program that computes f passes through kinks.

    Source: Griewank and Walther, Evaluating Derivatives, 2nd ed., chapter 13 (Taylor arithmetic)
        and section 14.2 (kinks).
    """

    __slots__ = ("coefficients",)

    def __init__(self, coefficients: Sequence[Fraction | int]) -> None:
        self.coefficients = tuple(map(Fraction, coefficients))

    def sign(self) -> int:
        """The sign for small t > 0; 0 where all coefficients are 0."""
        first = next((c for c in self.coefficients if c), Fraction(0))
        return (first > 0) - (first < 0)

    def __add__(self, other: Any) -> "Jet":  # noqa: ANN401
        b = self._like(other)
        return Jet([s + t for s, t in zip(self.coefficients, b.coefficients, strict=True)])

    def __neg__(self) -> "Jet":
        return Jet([-c for c in self.coefficients])

    def __mul__(self, other: Any) -> "Jet":  # noqa: ANN401
        """The product's coefficient k is Σ_j a_j b_(k−j)."""
        a, b = self.coefficients, self._like(other).coefficients
        return Jet(
            [sum((a[j] * b[k - j] for j in range(k + 1)), start=Fraction(0)) for k in range(len(a))]
        )

    def __sub__(self, other: Any) -> "Jet":  # noqa: ANN401
        return self + -self._like(other)

    def __rsub__(self, other: Any) -> "Jet":  # noqa: ANN401
        return self._like(other) - self

    __radd__ = __add__
    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> "Jet":  # noqa: ANN401
        """The quotient q solves b q = a, coefficient by coefficient.

        Raises:
            ZeroDivisionError: the divisor is 0 at t = 0.
        """
        a, b = self.coefficients, self._like(other).coefficients
        q: list[Fraction] = []
        for k in range(len(a)):
            known = sum((b[j] * q[k - j] for j in range(1, k + 1)), start=Fraction(0))
            q.append((a[k] - known) / b[0])
        return Jet(q)

    def __rtruediv__(self, other: Any) -> "Jet":  # noqa: ANN401
        return self._like(other) / self

    def relu(self) -> "Jet":
        """max(a, 0) for small t > 0."""
        return self if self.sign() > 0 else self * 0

    def abs(self) -> "Jet":
        """|a| for small t > 0."""
        return -self if self.sign() < 0 else self

    def maximum(self, other: Any) -> "Jet":  # noqa: ANN401
        """max(a, b) for small t > 0."""
        b = self._like(other)
        return b + (self - b).relu()

    def _like(self, other: Any) -> "Jet":  # noqa: ANN401
        if isinstance(other, Jet):
            return other
        return Jet([other, *[0] * (len(self.coefficients) - 1)])

    def __repr__(self) -> str:
        return f"Jet({', '.join(map(str, self.coefficients))})"
