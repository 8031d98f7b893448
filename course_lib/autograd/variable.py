"""The operations: each is its value and, beside it, the rule that takes a gradient back."""

import math
from collections.abc import Sequence
from typing import Any

import torch
from jaxtyping import Shaped
from torch import Tensor

from course_lib.autograd.tape import Node

Number = int | float


class Variable(Node):
    """A tensor that can be differentiated: `+ - * / ** @`, functions, sums and views.

    Each rule is written with Variables, so that a gradient can be differentiated again. A rule
    costs some microseconds of Python where torch's run in C++: on small tensors that is two to
    three times slower, on large ones the arithmetic is all that counts. It is the price of rules
    that can be read.

    Source: the rules: Griewank and Walther, Evaluating Derivatives, 2nd ed., table 2.3 and section
        3.2; for matrices M. Giles, Collected Matrix Derivative Results for Forward and Reverse Mode
        Algorithmic Differentiation (2008), section 2.
    """

    __slots__ = ()
    __hash__ = Node.__hash__

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes along the axes of the value."""
        return tuple(self.data.shape)

    def item(self) -> float:
        """Return the only entry as a number."""
        return self.data.item()

    def _lift(self, other: "Variable | Tensor | Number") -> "Variable":
        """A number or tensor as a constant of this dtype and on this device."""
        if isinstance(other, Variable):
            return other
        if isinstance(other, Tensor):
            return type(self)(other)
        return type(self)(torch.tensor(other, dtype=self.data.dtype, device=self.data.device))

    # arithmetic: broadcasting is undone where gradients are added up, in `Node.pull`

    def __add__(self, other: "Variable | Tensor | Number") -> "Variable":
        """y = a + b;  ā = ȳ,  b̄ = ȳ."""
        a, b = self, self._lift(other)
        return self.record(a.data + b.data, (a, b), lambda g, _: (g, g), "+")

    def __sub__(self, other: "Variable | Tensor | Number") -> "Variable":
        """y = a − b;  ā = ȳ,  b̄ = −ȳ."""
        a, b = self, self._lift(other)
        return self.record(a.data - b.data, (a, b), lambda g, _: (g, -g), "−")

    def __mul__(self, other: "Variable | Tensor | Number") -> "Variable":
        """y = a b;  ā = ȳ b,  b̄ = ȳ a."""
        a, b = self, self._lift(other)
        return self.record(
            a.data * b.data, (a, b), lambda g, _: (g * b, g * a), "×", saves=_read(a, b)
        )

    def __truediv__(self, other: "Variable | Tensor | Number") -> "Variable":
        """y = a / b;  ā = ȳ / b,  b̄ = −ȳ y / b."""
        a, b = self, self._lift(other)
        return self.record(
            a.data / b.data,
            (a, b),
            lambda g, y: (g / b, -g * y / b),
            "÷",
            saves=(b,),
            saves_result=b.requires_grad,
        )

    def __neg__(self) -> "Variable":
        """y = −a;  ā = −ȳ."""
        return self.record(-self.data, (self,), lambda g, _: (-g,), "−")

    def __pow__(self, p: "Variable | Number") -> "Variable":
        """y = a^p;  ā = ȳ p a^(p−1), and 0 for p = 0. Where p varies, a^p = e^(p log a)."""
        if isinstance(p, Variable):
            return (p * self.log()).exp()
        return self.record(
            self.data**p,
            (self,),
            lambda g, _: (g * p * self ** (p - 1) if p else g * 0.0,),
            f"^{p:g}",
            saves=(self,),
        )

    def __matmul__(self, other: "Variable | Tensor") -> "Variable":
        """Y = A B, in batches too;  Ā = Ȳ Bᵀ,  B̄ = Aᵀ Ȳ. Vectors are rows or columns."""
        a, b = self, self._lift(other)
        if not a.shape or not b.shape:
            raise ValueError("a matrix product needs vectors or matrices, got a number")
        if len(a.shape) == 1:
            return (a.reshape(1, -1) @ b)._without_axis(-2 if len(b.shape) > 1 else -1)
        if len(b.shape) == 1:
            return (a @ b.reshape(-1, 1))._without_axis(-1)
        # the dearest rule of all: a product for an input that needs no gradient is left out
        return self.record(
            a.data @ b.data,
            (a, b),
            lambda g, _: (
                g @ b.mT if a.requires_grad else None,
                a.mT @ g if b.requires_grad else None,
            ),
            "@",
            saves=_read(a, b),
        )

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: Tensor | Number) -> "Variable":
        return self._lift(other) - self

    def __rtruediv__(self, other: Tensor | Number) -> "Variable":
        return self._lift(other) / self

    def __rpow__(self, base: Number) -> "Variable":
        return (self * math.log(base)).exp()

    def __rmatmul__(self, other: Tensor) -> "Variable":
        return self._lift(other) @ self

    # functions, entry by entry

    def exp(self) -> "Variable":
        """y = e^a;  ā = ȳ y."""
        return self.record(
            self.data.exp(), (self,), lambda g, y: (g * y,), "exp", saves_result=True
        )

    def log(self) -> "Variable":
        """y = log a;  ā = ȳ / a."""
        return self.record(self.data.log(), (self,), lambda g, _: (g / self,), "log", saves=(self,))

    def sqrt(self) -> "Variable":
        """y = √a;  ā = ȳ / (2y)."""
        return self.record(
            self.data.sqrt(), (self,), lambda g, y: (g / (y * 2.0),), "√", saves_result=True
        )

    def tanh(self) -> "Variable":
        """y = tanh a;  ā = ȳ (1 − y²)."""
        return self.record(
            self.data.tanh(), (self,), lambda g, y: (g * (1.0 - y * y),), "tanh", saves_result=True
        )

    def sigmoid(self) -> "Variable":
        """y = 1 / (1 + e^(−a));  ā = ȳ y (1 − y)."""
        return self.record(
            self.data.sigmoid(), (self,), lambda g, y: (g * y * (1.0 - y),), "σ", saves_result=True
        )

    def sin(self) -> "Variable":
        """y = sin a;  ā = ȳ cos a."""
        return self.record(
            self.data.sin(), (self,), lambda g, _: (g * self.cos(),), "sin", saves=(self,)
        )

    def cos(self) -> "Variable":
        """y = cos a;  ā = −ȳ sin a."""
        return self.record(
            self.data.cos(), (self,), lambda g, _: (-g * self.sin(),), "cos", saves=(self,)
        )

    def relu(self) -> "Variable":
        """y = max(a, 0);  ā = ȳ where a > 0, else 0: at 0 it is a convention, as torch's."""
        on = (self.data > 0).to(self.data.dtype)
        return self.record(self.data.relu(), (self,), lambda g, _: (g * on,), "relu")

    def abs(self) -> "Variable":
        """y = |a|;  ā = ȳ sign a, and 0 at 0."""
        sign = self.data.sign()
        return self.record(self.data.abs(), (self,), lambda g, _: (g * sign,), "abs")

    def maximum(self, other: "Variable | Tensor | Number") -> "Variable":
        """y = max(a, b);  ȳ goes to the larger of the two, in halves where they are equal."""
        a, b = self, self._lift(other)
        share = ((a.data > b.data) + 0.5 * (a.data == b.data)).to(a.data.dtype)
        return self.record(
            torch.maximum(a.data, b.data), (a, b), lambda g, _: (g * share, g * (1 - share)), "max"
        )

    # sums and views

    def sum(self, dim: int | tuple[int, ...] | None = None, keepdim: bool = False) -> "Variable":
        """y = Σ a over all axes, or over `dim`;  each summand gets ȳ."""
        axes = _axes(dim, len(self.shape))
        kept = tuple(1 if k in axes else size for k, size in enumerate(self.shape))
        value = self.data.sum(axes, keepdim=keepdim) if axes else self.data
        return self.record(
            value, (self,), lambda g, _: (g.reshape(*kept).expand(*self.shape),), "Σ"
        )

    def mean(self, dim: int | tuple[int, ...] | None = None, keepdim: bool = False) -> "Variable":
        """y = Σ a / n over all axes, or over `dim`."""
        count = math.prod(self.shape[k] for k in _axes(dim, len(self.shape)))
        return self.sum(dim, keepdim) / count

    def amax(self, dim: int, keepdim: bool = False) -> "Variable":
        """y = max a along `dim`;  ȳ goes to the largest entries, in equal parts."""
        largest = self.data.amax(dim, keepdim=True)
        is_largest = (self.data == largest).to(self.data.dtype)
        return (self * (is_largest / is_largest.sum(dim, keepdim=True))).sum(dim, keepdim)

    def reshape(self, *shape: int) -> "Variable":
        """The entries in another shape;  ā is ȳ in the old one."""
        old = self.shape
        return self.record(
            self.data.reshape(shape), (self,), lambda g, _: (g.reshape(*old),), "reshape"
        )

    def expand(self, *shape: int) -> "Variable":
        """Stretched to `shape` as broadcasting does;  ā is ȳ summed over the copies."""
        return self.record(self.data.expand(shape), (self,), lambda g, _: (g,), "expand")

    def sum_to(self, shape: tuple[int, ...]) -> "Variable":
        """Summed over the axes along which `shape` was stretched: the transpose of `expand`."""
        if self.shape == shape:
            return self
        stretched = self.shape
        value = self.data.sum_to_size(shape)
        return self.record(value, (self,), lambda g, _: (g.expand(*stretched),), "Σ")

    def transpose(self, i: int, j: int) -> "Variable":
        """Axes i and j exchanged;  ā is ȳ with them exchanged back."""
        return self.record(
            self.data.transpose(i, j), (self,), lambda g, _: (g.transpose(i, j),), "T"
        )

    @property
    def mT(self) -> "Variable":  # noqa: N802  # torch's name
        """The transpose of each matrix: the last two axes exchanged."""
        return self.transpose(-2, -1)

    def __getitem__(self, key: Any) -> "Variable":  # noqa: ANN401  # whatever torch can be indexed by
        """The chosen entries;  ȳ goes back to where they stood, added up where chosen twice."""
        where = torch.arange(self.data.numel(), device=self.data.device)
        where = where.reshape(self.shape)[key]  # the place of each chosen entry
        return self.record(
            self.data[key], (self,), lambda g, _: (g._scatter(where, self.shape),), "[ ]"
        )

    def _scatter(self, where: Tensor, shape: Sequence[int]) -> "Variable":
        """Zeros of `shape` with these entries added at `where`: the transpose of indexing."""
        flat = self.data.new_zeros(math.prod(shape))
        value = flat.index_add(0, where.flatten(), self.data.flatten()).reshape(tuple(shape))
        return self.record(
            value,
            (self,),
            lambda g, _: (g.reshape(-1)[where.flatten()].reshape(*where.shape),),
            "put",
        )

    def _without_axis(self, axis: int) -> "Variable":
        sizes = list(self.shape)
        del sizes[axis]
        return self.reshape(*sizes)


def grad(
    output: Variable,
    inputs: Sequence[Variable],
    seed: Shaped[Tensor, "..."] | None = None,
    create_graph: bool = False,
) -> tuple[Variable, ...]:
    """Return ∂output/∂input for each input, and leave every `grad` as it was.

    With `create_graph` the gradients are recorded, and can be differentiated again. An input that
    the output does not depend on gets zeros.

    Raises:
        ValueError: as `Variable.backward`, or an input is no leaf that requires a gradient.

    Source: Griewank and Walther, Evaluating Derivatives, 2nd ed., section 3.2 and chapter 5.
    """
    if any(v.inputs or not v.requires_grad for v in inputs):
        raise ValueError("a gradient is taken in leaves that require it")
    leaves = output.backpropagate(type(output)(output.seed(seed)), create_graph)
    zeros = [type(v)(torch.zeros_like(v.data)) for v in inputs]
    return tuple(leaves.get(id(v), (v, zero))[1] for v, zero in zip(inputs, zeros, strict=True))


def _read(a: Variable, b: Variable) -> tuple[Variable, ...]:
    """The factors that a product's rule reads: each for the other's gradient."""
    return ((a,) if b.requires_grad else ()) + ((b,) if a.requires_grad else ())


def _axes(dim: int | tuple[int, ...] | None, count: int) -> tuple[int, ...]:
    """The axes meant by `dim`, counted from the front."""
    if dim is None:
        return tuple(range(count))
    return tuple(k % count for k in ((dim,) if isinstance(dim, int) else dim))
