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
    ["T", buffer, dtype, shape, strides, offset, needs_grad, grad] torch tensor
    ["o", shape, items] object array
    ["D"|"G"|"B", name] NumPy dtype, torch dtype, builtin type
    ["h", id, type]     an object that stays in the sandbox
    ["k", id]           a callable that stays in the grader

Arrays travel as views over buffers, so two arrays that share memory here share it there, and what a
student's function changes in place can be written back.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, Protocol

import msgpack

VERSION = 1
LENGTH = struct.Struct(">I")
CHUNK = 2**16  # bytes: nearly every message is smaller, and comes in one piece
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


class WireError(Exception):
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
    stream.sendall(LENGTH.pack(len(body)) + body)


def read_frame(stream: Stream) -> dict[str, Any]:
    """Receives one message. The two sides speak in turn: nothing follows it at once.

    Raises: EOFError at the end, WireError for anything malformed.
    """
    data = _some(stream, CHUNK)
    while len(data) < LENGTH.size:
        data += _some(stream, CHUNK)
    (size,) = LENGTH.unpack_from(data)
    if size > MAX_FRAME:
        raise WireError(f"frame of {size} bytes is larger than {MAX_FRAME}")
    parts, left = [data[LENGTH.size :]], size + LENGTH.size - len(data)
    if left < 0:
        raise WireError("a frame with more behind it")
    while left:
        parts.append(_some(stream, min(left, 2**20)))
        left -= len(parts[-1])
    return unpack(b"".join(parts))


def unpack(body: bytes) -> dict[str, Any]:
    """The message in a frame's body. Raises: WireError for anything malformed."""
    _check_items(body)
    try:
        message = msgpack.unpackb(body, raw=False, strict_map_key=True, ext_hook=_no_extension)
    except WireError:
        raise
    except (ValueError, TypeError, RecursionError, msgpack.UnpackException) as error:
        raise WireError(f"malformed frame: {type(error).__name__}") from error
    if not isinstance(message, dict):
        raise WireError("a message is a map")
    return message


# By the first byte of a msgpack item: the bytes of its length, or how many fixed ones follow
_LENGTHS = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4}  # bytes and text
_COUNTS = {0xDC: (2, 1), 0xDD: (4, 1), 0xDE: (2, 2), 0xDF: (4, 2)}  # arrays and maps
_FIXED = {0xC0: 0, 0xC2: 0, 0xC3: 0, 0xCA: 4, 0xCB: 8, 0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8,
          0xD0: 1, 0xD1: 2, 0xD2: 4, 0xD3: 8}  # fmt: skip


def _check_items(body: bytes) -> None:
    """Counts the items of a frame before any is made: an empty list is one byte here and sixty in
    memory. Raises: WireError where they are more than MAX_ITEMS, or not of the protocol."""
    at, left, count = 0, 1, 0
    while left:
        count += 1
        if count + left > MAX_ITEMS or at >= len(body):
            raise WireError("a frame with too many items, or too few")
        first = body[at]
        at, left = at + 1, left - 1
        if first < 0x80 or first >= 0xE0:
            continue
        if first < 0x90:
            left += 2 * (first & 15)
        elif first < 0xA0:
            left += first & 15
        elif first < 0xC0:
            at += first & 31
        elif first in _FIXED:
            at += _FIXED[first]
        elif first in _LENGTHS:
            size = _LENGTHS[first]
            at += size + int.from_bytes(body[at : at + size], "big")
        elif first in _COUNTS:
            size, each = _COUNTS[first]
            left += each * int.from_bytes(body[at : at + size], "big")
            at += size
        else:
            raise WireError("a frame with a type that is not of the protocol")


def _no_extension(code: int, _: bytes) -> object:
    raise WireError(f"extension type {code} is not part of the protocol")


def _some(stream: Stream, most: int) -> bytes:
    data = stream.recv(most)
    if not data:
        raise EOFError("the other side closed the wire")
    return data
