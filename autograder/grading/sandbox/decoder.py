# pyright: strict, reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
"""The trees of the wire to values; every field is checked, since the sender may be hostile."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from .wire import (
    ARRAY_KINDS,
    BUILTIN_TYPES,
    MAX_DEPTH,
    MAX_FRAME,
    MAX_INT_BYTES,
    MAX_ITEMS,
    TORCH_DTYPES,
    Resolve,
    WireError,
)

if TYPE_CHECKING:
    from .encoder import Encoder


class Decoder:
    """Turns trees back into values; every field is checked, since the sender may be hostile."""

    def __init__(
        self, buffers: Sequence[Any], resolve: Resolve, known: Encoder | None = None
    ) -> None:
        if not isinstance(buffers, list) or not all(isinstance(b, bytes) for b in buffers):
            raise WireError("buffers are a list of bytes")
        self._resolve = resolve
        self._known = known  # the request's encoder: "A" and "r" may point into it
        self.containers: list[Any] = list(known.containers) if known else []
        self.memory = [np.frombuffer(bytearray(b), np.uint8) for b in buffers]
        self.roots = {id(m): i for i, m in enumerate(self.memory)}
        self._refs: dict[int, int] = {}
        self._left = MAX_ITEMS
        self._depth = 0
        self._weights: dict[int, int] = {}  # how many values a container holds, all told

    def decode(self, tree: Any) -> Any:
        """The value of `tree`. Raises: WireError for anything that is not of the protocol."""
        self._left -= 1
        if self._depth > MAX_DEPTH or self._left < 0:
            raise WireError("value is nested too deep or too large")
        if tree is None or isinstance(tree, bool | int | float | str | bytes):
            return tree
        if not isinstance(tree, list) or not tree or not isinstance(tree[0], str):
            raise WireError("a value is a scalar or a tagged list")
        self._depth += 1
        try:
            if tree[0] in ("h", "k"):
                return self._resolve(tree)
            return self._TAGS[tree[0]](self, tree[1:])
        except WireError:
            raise
        except (ValueError, TypeError, KeyError, IndexError, OverflowError, RuntimeError) as error:
            raise WireError(f"malformed value {tree[0]!r}: {type(error).__name__}") from error
        except (ZeroDivisionError, MemoryError, RecursionError) as error:
            raise WireError(f"malformed value {tree[0]!r}: {type(error).__name__}") from error
        finally:
            self._depth -= 1

    def container_refs(self) -> dict[int, int]:
        """The reference of each container that was decoded, by its id."""
        if len(self._refs) != len(self.containers):
            self._refs = {id(c): ref for ref, c in enumerate(self.containers)}
        return self._refs

    def contents_into(self, container: Any, items: Any) -> None:
        """Replaces what stands in `container` (list, set or dict) by the decoded `items`."""
        if type(container) is dict:
            pairs = self._pairs(items)
            container.clear()
            container.update(pairs)
            return
        values = self._all(items)
        container.clear()
        container.extend(values) if type(container) is list else container.update(values)

    def _all(self, items: Any) -> list[Any]:
        if not isinstance(items, list):
            raise WireError("items are a list")
        return [self.decode(item) for item in items]

    def _pairs(self, pairs: Any) -> list[tuple[Any, Any]]:
        if not isinstance(pairs, list):
            raise WireError("pairs are a list")
        return [(self.decode(k), self.decode(v)) for k, v in pairs]

    def _int(self, body: list[Any]) -> int:
        (data,) = body
        if not isinstance(data, bytes) or len(data) > MAX_INT_BYTES:
            raise WireError("integer too large")
        return int.from_bytes(data, "big", signed=True)

    def _complex(self, body: list[Any]) -> complex:
        real, imag = body
        return complex(float(real), float(imag))

    def _fraction(self, body: list[Any]) -> Fraction:
        p, q = self._all(body)
        if type(p) is not int or type(q) is not int:
            raise WireError("a fraction is two integers")
        return Fraction(p, q)

    def _new(self, ref: Any, value: Any) -> Any:
        if ref != len(self.containers):
            raise WireError("container out of order")
        self.containers.append(value)
        return value

    def _weigh(self, ref: int, before: int) -> None:
        """Remembers how much a container holds, so that each place it stands in can be charged."""
        self._weights[ref] = before - self._left

    def _list(self, body: list[Any]) -> list[Any]:
        value, before = self._new(body[0], []), self._left
        value.extend(self._all(body[1]))
        self._weigh(body[0], before)
        return value

    def _set(self, body: list[Any]) -> set[Any]:
        value, before = self._new(body[0], set()), self._left
        value.update(self._all(body[1]))
        self._weigh(body[0], before)
        return value

    def _dict(self, body: list[Any]) -> dict[Any, Any]:
        value, before = self._new(body[0], {}), self._left
        value.update(self._pairs(body[1]))
        self._weigh(body[0], before)
        return value

    def _tuple(self, body: list[Any]) -> tuple[Any, ...]:
        return tuple(self._all(body[0]))

    def _frozenset(self, body: list[Any]) -> frozenset[Any]:
        return frozenset(self._all(body[0]))

    def _ref(self, body: list[Any]) -> Any:
        if type(body[0]) is not int or body[0] < 0:
            raise WireError("a reference is a natural number")
        self._left -= self._weights.get(body[0], 0)  # whoever walks through it walks all of it
        if self._left < 0:
            raise WireError("a value holds itself too often")
        return self.containers[body[0]]

    def _array(self, body: list[Any]) -> Any:
        index, dtype, shape, strides, offset, writeable = body
        return _view(self._memory(index), dtype, shape, strides, offset, writeable)

    def _known_array(self, body: list[Any]) -> Any:
        if self._known is None:
            raise WireError("there is no earlier buffer to point into")
        index, dtype, shape, strides, offset, writeable = body
        owner = self._known.owners[_index(index)]
        if not isinstance(owner, np.ndarray):
            raise WireError("the earlier buffer is no array")
        flat = owner.ravel(order="K").view(np.uint8)
        return _view(flat, dtype, shape, strides, offset, writeable)

    def _memory(self, index: Any) -> Any:
        return self.memory[_index(index)]

    def _scalar(self, body: list[Any]) -> Any:
        dtype, data = body
        return np.frombuffer(data, _dtype(dtype), count=1)[0]

    def _tensor(self, body: list[Any]) -> Any:
        import torch  # noqa: PLC0415  # seconds to import: only where a tensor comes

        index, name, shape, strides, offset, needs_grad, grad = body
        if name not in TORCH_DTYPES:
            raise WireError(f"{name!r} is not a dtype of the protocol")
        memory = self._memory(index)
        dtype = getattr(torch, name)
        size, stride, start = _naturals(shape), _naturals(strides), _index(offset)
        _check_extent(size, stride, start, memory.nbytes // dtype.itemsize)
        if memory.nbytes:
            flat = torch.from_numpy(memory).view(dtype)
            tensor = flat.as_strided(size, stride, start)
        else:
            tensor = torch.empty(size, dtype=dtype)
        tensor.requires_grad_(bool(needs_grad))
        if grad is not None:
            tensor.grad = self.decode(grad)
        return tensor

    def _objects(self, body: list[Any]) -> Any:
        shape, items = body
        array = np.empty(len(items), dtype=object)
        for i, item in enumerate(self._all(items)):
            array[i] = item
        return array.reshape(_naturals(shape))

    def _sympy(self, body: list[Any]) -> Any:
        from .sympy_wire import decode_sympy  # noqa: PLC0415  # seconds to import: only when needed

        return decode_sympy(body[0])

    def _slice(self, body: list[Any]) -> slice:
        start, stop, step = self._all(body)
        return slice(start, stop, step)

    def _dtype(self, body: list[Any]) -> Any:
        return _dtype(body[0])

    def _torch_dtype(self, body: list[Any]) -> Any:
        import torch  # noqa: PLC0415  # seconds to import: only where a tensor comes

        if body[0] not in TORCH_DTYPES:
            raise WireError(f"{body[0]!r} is not a dtype of the protocol")
        return getattr(torch, body[0])

    def _builtin(self, body: list[Any]) -> type:
        return BUILTIN_TYPES[body[0]]

    def _ellipsis(self, _: list[Any]) -> Any:
        return ...

    _TAGS: ClassVar[dict[str, Callable[[Decoder, list[Any]], object]]] = {
        "i": _int, "c": _complex, "q": _fraction, "l": _list, "s": _set, "d": _dict, "t": _tuple,
        "f": _frozenset, "r": _ref, "a": _array, "A": _known_array, "n": _scalar, "T": _tensor,
        "o": _objects, "y": _sympy, "S": _slice, "E": _ellipsis, "D": _dtype,
        "G": _torch_dtype, "B": _builtin,
    }  # fmt: skip


_DTYPE = re.compile(rf"[<>|=][{ARRAY_KINDS}]\d{{1,2}}")


def _index(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise WireError("an index is a natural number")
    return value


def _dtype(text: Any) -> Any:
    if not isinstance(text, str) or not _DTYPE.fullmatch(text):
        raise WireError("not a dtype of the protocol")
    return np.dtype(text)


def _naturals(values: Any) -> tuple[int, ...]:
    if not isinstance(values, list) or not all(type(v) is int and v >= 0 for v in values):
        raise WireError("expected a list of natural numbers")
    return tuple(values)


def _check_extent(shape: Sequence[int], strides: Sequence[int], offset: int, size: int) -> None:
    if len(shape) != len(strides) or len(shape) > 32:
        raise WireError("shape and strides do not fit")
    if 0 in shape:
        return
    if offset + sum((n - 1) * s for n, s in zip(shape, strides, strict=True)) >= max(size, 1):
        raise WireError("a view reaches beyond its buffer")


def _view(memory: Any, dtype: Any, shape: Any, strides: Any, offset: Any, writeable: Any) -> Any:
    if not isinstance(strides, list) or not all(type(s) is int for s in strides):
        raise WireError("strides are a list of integers")
    if type(offset) is not int or offset < 0:
        raise WireError("an offset is a natural number")
    form, kind = _naturals(shape), _dtype(dtype)
    size = math.prod(form) * kind.itemsize
    if size > MAX_FRAME:
        raise WireError("an array is larger than a frame")
    if not size:
        return np.empty(form, kind)
    view = np.ndarray(form, kind, memory, offset, tuple(strides))
    view.flags.writeable = bool(writeable) and bool(memory.flags.writeable)
    return view
