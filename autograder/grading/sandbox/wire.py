# pyright: strict, reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
"""The wire between grader and sandbox: frames of msgpack that hold data only, never code.

A frame is a big-endian 32-bit length and one msgpack map. Scalars stand for themselves; everything
else is a list whose first item is a tag, so that a forged frame can only ever decode to a value:

    ["i", bytes]        large int          ["l"|"s", ref, items]  list, set
    ["c", re, im]       complex            ["t"|"f", items]       tuple, frozenset
    ["q", p, q]         Fraction           ["d", ref, pairs]      dict
    ["n", dtype, bytes] NumPy scalar       ["r", ref]             a container seen before
    ["y", tree]         SymPy expression   ["S", a, b, c], ["E"]  slice, ...
    ["a", buffer, dtype, shape, strides, offset, writeable]       ndarray
    ["A", ...]          ndarray over a buffer of the request that is answered
    ["T", buffer, dtype, shape, strides, offset, grad]            torch tensor
    ["o", shape, items] object array
    ["D"|"G"|"B", name] NumPy dtype, torch dtype, builtin type
    ["h", id, type]     an object that stays in the sandbox
    ["k", id]           a callable that stays in the grader

Arrays travel as views over buffers, so two arrays that share memory here share it there, and what a
student's function changes in place can be written back.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any, Protocol

import msgpack
import numpy as np

VERSION = 1
MAX_FRAME = 256 * 2**20  # bytes: the largest honest message is an array of some hundred MB
MAX_DEPTH = 60  # levels of nesting: beyond it a value is hostile or a mistake
MAX_ITEMS = 2_000_000  # values in one message
MAX_INT_BYTES = 4096
ARRAY_KINDS = "biufc"
TORCH_DTYPES = (
    "bool uint8 int8 int16 int32 int64 float16 bfloat16 float32 float64 complex64 complex128"
).split()
BUILTIN_TYPES = {t.__name__: t for t in (bool, int, float, complex, str, bytes, list, tuple, dict)}

Opaque = Callable[[object], list[Any]]
Resolve = Callable[[list[Any]], object]


class WireError(ValueError):
    """A frame or a value that is not of the protocol."""


class Stream(Protocol):
    """The two methods of a socket that the wire needs."""

    def recv(self, size: int, /) -> bytes: ...
    def sendall(self, data: bytes, /) -> None: ...


def write_frame(stream: Stream, message: dict[str, Any]) -> None:
    """Sends one message. Raises: WireError if it is larger than MAX_FRAME."""
    body = bytes(msgpack.packb(message, use_bin_type=True) or b"")
    if len(body) > MAX_FRAME:
        raise WireError(f"message of {len(body)} bytes is larger than {MAX_FRAME}")
    stream.sendall(struct.pack(">I", len(body)) + body)


def read_frame(stream: Stream) -> dict[str, Any]:
    """Receives one message. Raises: EOFError at the end, WireError for anything malformed."""
    size = struct.unpack(">I", _read(stream, 4))[0]
    if size > MAX_FRAME:
        raise WireError(f"frame of {size} bytes is larger than {MAX_FRAME}")
    return unpack(_read(stream, size))


def unpack(body: bytes) -> dict[str, Any]:
    """The message in a frame's body. Raises: WireError for anything malformed."""
    try:
        message = msgpack.unpackb(body, raw=False, strict_map_key=True, ext_hook=_no_extension)
    except WireError:
        raise
    except (ValueError, TypeError, RecursionError, msgpack.UnpackException) as error:
        raise WireError(f"malformed frame: {type(error).__name__}") from error
    if not isinstance(message, dict):
        raise WireError("a message is a map")
    return message


def _no_extension(code: int, _: bytes) -> object:
    raise WireError(f"extension type {code} is not part of the protocol")


def _read(stream: Stream, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = stream.recv(min(size, 2**20))
        if not part:
            raise EOFError("the other side closed the wire")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


class Encoder:
    """Turns values into trees; remembers buffers and containers so that identity survives."""

    def __init__(self, opaque: Opaque, known: Decoder | None = None) -> None:
        self._opaque = opaque
        self._known = known  # the request's decoder: results that alias its buffers say so
        self.buffers: list[bytes] = []
        self.owners: list[Any] = []  # what each buffer was read from
        self.containers: list[Any] = []
        self._buffer_index: dict[int, int] = {}
        self._refs: dict[int, int] = {}
        if known is not None:
            self.containers = list(known.containers)
            self._refs = {id(c): ref for ref, c in enumerate(known.containers)}

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
        if id(value) in self._refs:
            return ["r", self._refs[id(value)]]
        ref = self._refs[id(value)] = len(self.containers)
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
        return ["T", index, name, *form, bool(value.requires_grad)]

    def _buffer(self, owner: Any, data: bytes, key: int | None = None) -> int:
        key = _address(owner) if key is None else key
        if key not in self._buffer_index or not data:
            self._buffer_index[key] = len(self.buffers)
            self.buffers.append(data)
            self.owners.append(owner)
        return self._buffer_index[key]


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
        self._left = MAX_ITEMS
        self._depth = 0
        self._tags: dict[str, Callable[[list[Any]], object]] = {
            "i": self._int, "c": self._complex, "q": self._fraction, "l": self._list,
            "s": self._set, "d": self._dict, "t": self._tuple, "f": self._frozenset,
            "r": self._ref, "a": self._array, "A": self._known_array, "n": self._scalar,
            "T": self._tensor, "o": self._objects, "y": self._sympy, "S": self._slice,
            "E": lambda _: ..., "D": self._dtype, "G": self._torch_dtype, "B": self._builtin,
        }  # fmt: skip

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
            return self._tags[tree[0]](tree[1:])
        except WireError:
            raise
        except (ValueError, TypeError, KeyError, IndexError, OverflowError, RuntimeError) as error:
            raise WireError(f"malformed value {tree[0]!r}: {type(error).__name__}") from error
        except (ZeroDivisionError, MemoryError, RecursionError) as error:
            raise WireError(f"malformed value {tree[0]!r}: {type(error).__name__}") from error
        finally:
            self._depth -= 1

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

    def _list(self, body: list[Any]) -> list[Any]:
        value: list[Any] = self._new(body[0], [])
        value.extend(self._all(body[1]))
        return value

    def _set(self, body: list[Any]) -> set[Any]:
        value: set[Any] = self._new(body[0], set())
        value.update(self._all(body[1]))
        return value

    def _dict(self, body: list[Any]) -> dict[Any, Any]:
        value: dict[Any, Any] = self._new(body[0], {})
        value.update(self._pairs(body[1]))
        return value

    def _tuple(self, body: list[Any]) -> tuple[Any, ...]:
        return tuple(self._all(body[0]))

    def _frozenset(self, body: list[Any]) -> frozenset[Any]:
        return frozenset(self._all(body[0]))

    def _ref(self, body: list[Any]) -> Any:
        if type(body[0]) is not int or body[0] < 0:
            raise WireError("a reference is a natural number")
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

        index, name, shape, strides, offset, grad = body
        if name not in TORCH_DTYPES:
            raise WireError(f"{name!r} is not a dtype of the protocol")
        memory = self._memory(index)
        dtype = getattr(torch, name)
        size, stride, start = _naturals(shape), _naturals(strides), _index(offset)
        _check_extent(size, stride, start, memory.nbytes // dtype.itemsize)
        if not memory.nbytes:
            return torch.empty(size, dtype=dtype, requires_grad=bool(grad))
        flat = torch.from_numpy(memory).view(dtype)
        return flat.as_strided(size, stride, start).requires_grad_(bool(grad))

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


def array_root(value: Any) -> Any:
    """The array that owns the memory of `value`, as far as arrays go."""
    while isinstance(value.base, np.ndarray):
        value = value.base
    return value


def _address(array: Any) -> int:
    return array.__array_interface__["data"][0]


def _index(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise WireError("an index is a natural number")
    return value


def _dtype(text: Any) -> Any:
    if not isinstance(text, str) or len(text) > 5 or text[1:2] not in ARRAY_KINDS:
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
    size = _product(_naturals(shape)) * _dtype(dtype).itemsize
    if size > MAX_FRAME:
        raise WireError("an array is larger than a frame")
    if not size:
        return np.empty(_naturals(shape), _dtype(dtype))
    view = np.ndarray(_naturals(shape), _dtype(dtype), memory, offset, tuple(strides))
    view.flags.writeable = bool(writeable) and bool(memory.flags.writeable)
    return view


def _product(values: Iterable[int]) -> int:
    result = 1
    for value in values:
        result *= value
    return result
