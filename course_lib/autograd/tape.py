"""What an engine remembers of a computation, and the walk backwards through it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import torch
from jaxtyping import Shaped
from torch import Tensor

from course_lib.autograd.order import topo_sort

N = TypeVar("N", bound="Node")

_recording: ContextVar[bool] = ContextVar("recording", default=True)


def is_recording() -> bool:
    """Whether operations are recorded here; each thread and each coroutine has its own answer."""
    return _recording.get()


@contextmanager
def no_grad() -> Iterator[None]:
    """Record nothing inside the block; what held before holds again after it, errors included.

    Source: Paszke et al., Automatic differentiation in PyTorch (2017), section 3.
    """
    with _recorded(False):
        yield


@contextmanager
def _recorded(on: bool) -> Iterator[None]:
    token = _recording.set(on)
    try:
        yield
    finally:
        _recording.reset(token)


def inputs_of(node: "Node") -> "tuple[Node, ...]":
    """The nodes that a node was computed from; the edges of the graph."""
    return node.inputs


class Node:
    """A tensor that remembers which operation made it, from which inputs.

    `data` is the value; `inputs` are the nodes it was computed from, none for a leaf; `grad` holds,
    for a leaf that requires it, the sum of the gradients of all backward passes. Only what depends
    on a leaf that requires a gradient is recorded.
    """

    __slots__ = (
        "__weakref__",
        "_pull",
        "_saved",
        "data",
        "grad",
        "inputs",
        "label",
        "requires_grad",
    )

    def __init__(
        self, data: Shaped[Tensor, "..."], requires_grad: bool = False, label: str = ""
    ) -> None:
        if requires_grad and not data.is_floating_point():
            raise TypeError(f"only floating point tensors have gradients, got {data.dtype}")
        self.data = data.detach()
        self.requires_grad = requires_grad
        self.grad: Tensor | None = None
        self.inputs: tuple[Node, ...] = ()
        self.label = label
        self._pull: Callable[..., tuple[Any, ...]] | None = None
        self._saved: tuple[tuple[Tensor, int], ...] = ()

    def record(
        self: N,
        value: Shaped[Tensor, "..."],
        inputs: "Sequence[Node]",
        pull: Callable[[Any, Any], tuple[Any, ...]],
        label: str,
        saves: "Sequence[Node]" = (),
        saves_result: bool = False,
    ) -> N:
        """Return the node of y = f(inputs), whose value is known.

        `pull(g, y)` maps the gradient g = ∂L/∂y to those of the inputs; one that needs none may
        get None. `saves` are the inputs whose values it reads, and `saves_result` says that it
        reads y: none of them may change in place before the pass backwards.
        """
        result = type(self)(value, label=label)
        if not is_recording() or not any(node.requires_grad for node in inputs):
            return result
        result.requires_grad = True
        result.inputs = tuple(inputs)
        result._pull = pull
        saved = [node.data for node in saves] + ([result.data] if saves_result else [])
        result._saved = tuple((data, data._version) for data in saved)
        return result

    def pull(self, gradient: Any) -> "Iterator[tuple[Node, Any]]":  # noqa: ANN401  # a Variable
        """Yield each input that needs it with its share of the gradient of this node.

        An input that was stretched by broadcasting gets the sum over its copies.

        Raises:
            RuntimeError: a value that the rule reads was changed in place since.
        """
        if self._pull is None:
            return
        for data, version in self._saved:
            if data._version != version:
                raise RuntimeError(
                    f"a value that the gradient of {self.label!r} needs was changed in place: it "
                    f"is at version {data._version}, and version {version} was recorded; "
                    "change a copy, or change it after the backward pass"
                )
        for node, share in zip(self.inputs, self._pull(gradient, self), strict=True):
            if node.requires_grad:
                yield node, share.sum_to(tuple(node.data.shape))

    def backpropagate(
        self,
        seed: Any,  # noqa: ANN401  # a Variable
        create_graph: bool = False,
    ) -> "dict[int, tuple[Node, Any]]":
        """Return, by `id`, each leaf below this node with its gradient.

        v̄_j = Σ_{i uses j} v̄_i ∂v_i/∂v_j, from the root to the leaves: when a node is reached, every
        node that uses it has given its share. Recorded themselves, for second derivatives, with
        `create_graph`.

        Source: Griewank and Walther, Evaluating Derivatives, 2nd ed., section 3.2; Baydin,
            Pearlmutter, Radul and Siskind, Automatic Differentiation in Machine Learning: a Survey,
            JMLR 18 (2018), section 3.2.
        """
        leaves: dict[int, tuple[Node, Any]] = {}
        gradients: dict[int, Any] = {id(self): seed}
        with _recorded(create_graph):
            for node in reversed(topo_sort(self, inputs_of, key=id)):
                gradient = gradients.pop(id(node), None)
                if gradient is None:  # a constant among the inputs
                    continue
                if not node.inputs:
                    leaves[id(node)] = (node, gradient)
                for child, share in node.pull(gradient):
                    known = gradients.get(id(child))
                    gradients[id(child)] = share if known is None else known + share
        return leaves

    def backward(self, seed: Shaped[Tensor, "..."] | None = None) -> None:
        """Add the gradient of this node, times `seed` where it is given, to each leaf's `grad`.

        Raises:
            RuntimeError: no leaf below requires a gradient, or a saved value was changed in place.
            ValueError: the node is no scalar and there is no seed, or the seed has another shape.
        """
        if not self.requires_grad:
            raise RuntimeError("nothing below this node requires a gradient")
        for leaf, gradient in self.backpropagate(type(self)(self.seed(seed))).values():
            # A copy: the share of a sum may be the seed itself, or a stretched view of it.
            leaf.grad = gradient.data.clone() if leaf.grad is None else leaf.grad + gradient.data

    def seed(self, seed: Shaped[Tensor, "..."] | None) -> Shaped[Tensor, "..."]:
        """Return the gradient to start from: 1 for a scalar, else what is given.

        Raises:
            ValueError: see `backward`.
        """
        if seed is None:
            if self.data.numel() != 1:
                shape = tuple(self.data.shape)
                raise ValueError(f"a node of shape {shape} needs a seed of that shape")
            return torch.ones_like(self.data)
        if seed.shape != self.data.shape:
            raise ValueError(
                f"the seed has shape {tuple(seed.shape)}, the node {tuple(self.data.shape)}"
            )
        return seed

    def detach(self: N) -> N:
        """Return a leaf with the same memory that no gradient flows through."""
        return type(self)(self.data, label=self.label)

    def zero_grad(self) -> None:
        """Forget the gradient: backward passes add to it."""
        self.grad = None

    def add_(self: N, change: Shaped[Tensor, "..."]) -> N:
        """Add to the value where it stands, and count its version up.

        Raises:
            RuntimeError: the value requires a gradient and this is recorded; use `no_grad`.
        """
        self._require_editable()
        self.data += change
        return self

    def copy_(self: N, value: Shaped[Tensor, "..."]) -> N:
        """Overwrite the value where it stands, and count its version up.

        Raises:
            RuntimeError: as `add_`.
        """
        self._require_editable()
        self.data.copy_(value)
        return self

    @property
    def version(self) -> int:
        """How often the memory of the value was written to, through this node or any view of it."""
        return self.data._version

    def _require_editable(self) -> None:
        if self.requires_grad and is_recording():
            raise RuntimeError("a change in place is not recorded; make it inside no_grad()")

    def __repr__(self) -> str:
        made_by = f", made by {self.label!r}" if self.inputs else ""
        return f"{type(self).__name__}({self.data}{made_by})"
