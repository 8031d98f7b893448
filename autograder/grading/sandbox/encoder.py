# pyright: strict, reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Values to the trees of the wire; remembers memory and containers so that identity survives."""

from __future__ import annotations

import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from .wire import (
    ARRAY_KINDS,
    BUILTIN_TYPES,
    MAX_DEPTH,
    MAX_INT_BYTES,
    TORCH_DTYPES,
    Opaque,
    WireError,
)

if TYPE_CHECKING:
    from .decoder import Decoder


class Encoder:
    """Turns values into trees; remembers buffers and containers so that identity survives."""

    def __init__(self, opaque: Opaque, known: Decoder | None = None) -> None:
        self._opaque = opaque
        self._known = known  # the request's decoder: results that alias its buffers say so
        self.buffers: list[bytes] = []
        self.owners: list[Any] = []  # what each buffer was read from
        self.containers: list[Any] = []  # those that are not known
        self._buffer_index: dict[int, int] = {}
        self._refs: dict[int, int] = {}
        self._known_refs = {} if known is None else known.container_refs()

    def encode(self, value: object, depth: int = 0) -> Any:
        """The tree of `value`. Raises: WireError if it nests deeper than MAX_DEPTH."""
        if depth > MAX_DEPTH:
            raise WireError(f"value nests deeper than {MAX_DEPTH} levels")
        kind: Any = type(value)
        if value is None or kind in (bool, float, str, bytes):
            return value
        if kind is int:
            return self._int(value)  # type: ignore[arg-type]  # kind says so
        if kind in (list, dict, set):
            return self._container(value, kind, depth)
        if kind in (tuple, frozenset):
            items = [self.encode(item, depth + 1) for item in value]  # type: ignore[union-attr]
            return ["t" if kind is tuple else "f", items]
        return self._other(value, depth)

    def contents(self, container: Any) -> list[Any]:
        """The tree of what stands in a list, set or dict, without the container itself."""
        if type(container) is dict:
            return [[self.encode(k, 1), self.encode(v, 1)] for k, v in container.items()]
        return [self.encode(item, 1) for item in container]

    def _int(self, value: int) -> Any:
        if -(2**63) <= value < 2**63:
            return value
        size = value.bit_length() // 8 + 1
        if size > MAX_INT_BYTES:
            raise WireError(f"integer of {size} bytes is larger than {MAX_INT_BYTES}")
        return ["i", value.to_bytes(size, "big", signed=True)]

    def _container(self, value: Any, kind: type, depth: int) -> list[Any]:
        known = self._known_refs.get(id(value), self._refs.get(id(value)))
        if known is not None:
            return ["r", known]
        ref = self._refs[id(value)] = len(self._known_refs) + len(self.containers)
        self.containers.append(value)
        if kind is dict:
            pairs = [
                [self.encode(k, depth + 1), self.encode(v, depth + 1)] for k, v in value.items()
            ]
            return ["d", ref, pairs]
        items = [self.encode(item, depth + 1) for item in value]
        return ["l" if kind is list else "s", ref, items]

    def _other(self, value: Any, depth: int) -> list[Any]:
        kind: Any = type(value)
        if kind is complex:
            return ["c", value.real, value.imag]
        if kind is Fraction:
            return ["q", self._int(value.numerator), self._int(value.denominator)]
        if kind is slice:
            return [
                "S",
                *(self.encode(v, depth + 1) for v in (value.start, value.stop, value.step)),
            ]
        if value is ...:
            return ["E"]
        if kind is type and BUILTIN_TYPES.get(value.__name__) is value:
            return ["B", value.__name__]
        if isinstance(value, np.dtype) and value.kind in ARRAY_KINDS:
            return ["D", value.str]
        if kind is np.ndarray:
            return self._array(value, depth)
        if isinstance(value, np.generic) and value.dtype.kind in ARRAY_KINDS:
            return ["n", value.dtype.str, value.tobytes()]
        module = kind.__module__.partition(".")[0]
        if module == "torch":
            return self._torch(value)
        if module == "sympy" or "sympy" in sys.modules:
            from .sympy_wire import encode_sympy  # noqa: PLC0415  # sympy is loaded already

            tree = encode_sympy(value)
            if tree is not None:
                return ["y", tree]
        return self._opaque(value)

    def _array(self, value: Any, depth: int) -> list[Any]:
        if value.dtype.kind == "O":
            items = [self.encode(item, depth + 1) for item in value.ravel().tolist()]
            return ["o", list(value.shape), items]
        if value.dtype.kind not in ARRAY_KINDS:
            return self._opaque(value)
        root = array_root(value)
        if self._known is not None and id(root) in self._known.roots:
            tag, index = "A", self._known.roots[id(root)]
        else:
            if root.nbytes > max(4 * value.nbytes, 2**20) or not root.flags.forc:
                value = root = np.array(value, copy=True, order="K")
            tag, index = "a", self._buffer(root, root.tobytes(order="A"))
        offset = _address(value) - _address(root)
        form = [list(value.shape), list(value.strides), offset, bool(value.flags.writeable)]
        return [tag, index, value.dtype.str, *form]

    def _torch(self, value: Any) -> list[Any]:
        import torch  # noqa: PLC0415  # loaded already: value is one of its objects

        if isinstance(value, torch.dtype):
            return ["G", str(value).removeprefix("torch.")]
        name = str(getattr(value, "dtype", "")).removeprefix("torch.")
        plain = type(value) in (torch.Tensor, torch.nn.Parameter) and name in TORCH_DTYPES
        if not plain or value.layout is not torch.strided or value.is_quantized:
            return self._opaque(value)
        if value.requires_grad and value.grad_fn is not None:
            return self._opaque(value)  # part of a graph: it stays where its graph is
        tensor = value.detach().cpu().resolve_conj().resolve_neg()
        storage = tensor.untyped_storage()
        if storage.nbytes() > max(4 * tensor.numel() * tensor.element_size(), 2**20):
            tensor = tensor.clone()
            storage = tensor.untyped_storage()
        raw = torch.empty(0, dtype=torch.uint8).set_(storage)  # type: ignore[call-overload]
        index = self._buffer(raw, raw.numpy().tobytes(), key=storage.data_ptr() or id(raw))
        form = [list(tensor.shape), list(tensor.stride()), tensor.storage_offset()]
        grad = self.encode(value.grad) if value.requires_grad else None
        return ["T", index, name, *form, bool(value.requires_grad), grad]

    def _buffer(self, owner: Any, data: bytes, key: int | None = None) -> int:
        key = _address(owner) if key is None else key
        if key not in self._buffer_index or not data:
            self._buffer_index[key] = len(self.buffers)
            self.buffers.append(data)
            self.owners.append(owner)
        return self._buffer_index[key]


def array_root(value: Any) -> Any:
    """The array that owns the memory of `value`, as far as arrays go."""
    while isinstance(value.base, np.ndarray):
        value = value.base
    return value


def _address(array: Any) -> int:
    return array.__array_interface__["data"][0]
