"""Dual numbers a + a'ε with ε² = 0: forward mode, one number for the value, one for the slope."""

import math
from collections.abc import Callable
from typing import Any


class Dual:
    """A number and its derivative, `value + slope·ε` with ε² = 0.

    Each part is a number, a tensor or a Dual again: nested once, the slope of the slope is a second
    derivative.

    Source: W. K. Clifford, Preliminary sketch of biquaternions (1873); Griewank and Walther,
        Evaluating Derivatives, 2nd ed., section 3.1; Baydin et al., JMLR 18 (2018), section 3.1.1.
    """

    __slots__ = ("slope", "value")

    def __init__(self, value: Any, slope: Any = 0.0) -> None:  # noqa: ANN401  # what computes
        self.value = value
        self.slope = slope

    def __add__(self, other: Any) -> "Dual":  # noqa: ANN401
        """(a + a'ε) + (b + b'ε) = (a + b) + (a' + b')ε."""
        b = _dual(other)
        return Dual(self.value + b.value, self.slope + b.slope)

    def __neg__(self) -> "Dual":
        """−(a + a'ε) = −a − a'ε."""
        return Dual(-self.value, -self.slope)

    def __mul__(self, other: Any) -> "Dual":  # noqa: ANN401
        """(a + a'ε)(b + b'ε) = ab + (a'b + ab')ε."""
        b = _dual(other)
        return Dual(self.value * b.value, self.slope * b.value + self.value * b.slope)

    def __truediv__(self, other: Any) -> "Dual":  # noqa: ANN401
        """(a + a'ε)/(b + b'ε) = a/b + (a' − (a/b) b')/b ε."""
        b = _dual(other)
        quotient = self.value / b.value
        return Dual(quotient, (self.slope - quotient * b.slope) / b.value)

    def __pow__(self, p: int | float) -> "Dual":
        """(a + a'ε)^p = a^p + p a^(p−1) a' ε."""
        return Dual(
            self.value**p, p * self.value ** (p - 1) * self.slope if p else 0.0 * self.slope
        )

    def __sub__(self, other: Any) -> "Dual":  # noqa: ANN401
        return self + -_dual(other)

    def __rsub__(self, other: Any) -> "Dual":  # noqa: ANN401
        return _dual(other) + -self

    def __rtruediv__(self, other: Any) -> "Dual":  # noqa: ANN401
        return _dual(other) / self

    __radd__ = __add__
    __rmul__ = __mul__

    def sqrt(self) -> "Dual":
        """√(a + a'ε) = √a + a'/(2√a) ε."""
        root = _apply("sqrt", self.value)
        return Dual(root, self.slope / (2.0 * root))

    def exp(self) -> "Dual":
        """e^(a + a'ε) = e^a + e^a a' ε."""
        power = _apply("exp", self.value)
        return Dual(power, power * self.slope)

    def log(self) -> "Dual":
        """log(a + a'ε) = log a + a'/a ε."""
        return Dual(_apply("log", self.value), self.slope / self.value)

    def sin(self) -> "Dual":
        """sin(a + a'ε) = sin a + cos a a' ε."""
        return Dual(_apply("sin", self.value), _apply("cos", self.value) * self.slope)

    def cos(self) -> "Dual":
        """cos(a + a'ε) = cos a − sin a a' ε."""
        return Dual(_apply("cos", self.value), -_apply("sin", self.value) * self.slope)

    def tanh(self) -> "Dual":
        """tanh(a + a'ε) = t + (1 − t²) a' ε with t = tanh a."""
        t = _apply("tanh", self.value)
        return Dual(t, (1.0 - t * t) * self.slope)

    def __repr__(self) -> str:
        return f"Dual({self.value!r}, {self.slope!r})"


def derivative(f: Callable[[Any], Any], x: Any, order: int = 1) -> Any:  # noqa: ANN401
    """Return the `order`-th derivative of f at x: the ε-parts of f at a number nested that deep.

    x is a number or a tensor; then f works entry by entry.

    Raises:
        ValueError: order is negative.

    Source: Griewank and Walther, Evaluating Derivatives, 2nd ed., section 13.1.
    """
    if order < 0:
        raise ValueError(f"order must not be negative, got {order}")
    if order == 0:
        return f(x)

    def slope_of_f(t: Any) -> Any:  # noqa: ANN401
        return _dual(f(Dual(t, _one(t)))).slope

    return derivative(slope_of_f, x, order - 1)


def _dual(number: Any) -> Dual:  # noqa: ANN401
    return number if isinstance(number, Dual) else Dual(number)


def _one(t: Any) -> Any:  # noqa: ANN401
    """A slope of 1 of the kind of t."""
    return t * 0.0 + 1.0


def _apply(name: str, value: Any) -> Any:  # noqa: ANN401
    """The function of a float, or the method of a tensor or of a Dual."""
    method = getattr(value, name, None)
    return method() if method is not None else getattr(math, name)(value)
