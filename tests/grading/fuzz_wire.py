"""Forged frames against the grader's end of the wire, as many as asked for.

    python -m tests.grading.fuzz_wire 1000000 --seed 7

Each frame is an honest reply with its tree or its bytes changed at random. The grader may decode it
or refuse it with WireError; any other exception is printed with the frame that caused it, and the
exit status is 1.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import warnings
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import msgpack
import numpy as np
import sympy as sp
import torch
from rich.progress import track

from autograder.grading.sandbox.decoder import Decoder
from autograder.grading.sandbox.encoder import Encoder
from autograder.grading.sandbox.wire import WireError, unpack
from autograder.grading.session import Raised, cell_run

X, N = sp.Symbol("x", positive=True), sp.Symbol("n")
SHARED = np.arange(12.0)
TAGS = ["i", "c", "q", "l", "s", "d", "t", "f", "r", "a", "A", "n", "T", "o", "y", "S", "E", "D",
        "G", "B", "h", "k", "Add", "Mul", "Pow", "Rational", "Float", "Symbol", "Matrix", "const",
        "Tuple", "pair", "Sum", "exp", "factorial", "Piecewise", "<f8", "<c16", "|O", "float64",
        "stream", "error", "display_data", "image/png"]  # fmt: skip
ODD = [None, True, -1, 0, 1, 2**31, 2**63 - 1, -(2**63), 1e308, float("nan"), float("inf"), "",
       "x" * 300, b"", b"\xff" * 9, [], {}, [[]], ["r", 0], [0, 0]]  # fmt: skip


class Opaque:
    """Something that is no data."""


def honest() -> list[bytes]:
    """The frames of honest replies of every kind, to start from."""
    inner = [1.5, "text"]
    values: list[Any] = [
        None, True, 7, 10**30, 2.5, 1 - 2j, "ab", b"cd", Fraction(22, 7), {3, 4},
        [inner, inner], {1: inner}, (1, (2, 3)), frozenset((5,)), ..., slice(1, None, 2), int,
        np.float64, np.int8(3),
        SHARED, SHARED[::2], SHARED.reshape(3, 4).T, [SHARED[:3], SHARED[2:]], np.zeros((0, 3)),
        np.array([1, None, "a"], dtype=object), np.array([True]), np.array([1j]), np.dtype("<i4"),
        torch.arange(6.0).reshape(2, 3).T, torch.ones(2, requires_grad=True), torch.float16,
        X**2 + sp.sqrt(2), sp.Matrix([[X, 1], [2, 3]]), sp.Sum(X, (X, 1, N)), sp.Float("1.5", 40),
        sp.Piecewise((X, X > 0), (0, True)), sp.factorial(X), Opaque(),
    ]  # fmt: skip
    frames = [encoded(value) for value in values]
    output = {"output_type": "stream", "name": "stdout", "text": "hi"}
    picture = {"output_type": "display_data", "data": {"image/png": "aGk="}, "metadata": {}}
    raised = {"type": "ValueError", "message": "no", "frames": [["a", 1]]}
    frames.append(packed({"outputs": [output, picture], "raised": raised}))
    return frames


def encoded(value: object) -> bytes:
    encoder = Encoder(lambda _: ["h", 0, "Opaque"])
    tree = encoder.encode(value)
    return packed({"value": tree, "buffers": encoder.buffers})


def packed(message: object) -> bytes:
    return bytes(msgpack.packb(message, use_bin_type=True) or b"")


def forge(frame: bytes, rng: random.Random) -> bytes:
    """The frame with its tree or its bytes changed."""
    if rng.random() < 0.7:
        message = msgpack.unpackb(frame, raw=False, strict_map_key=False)
        for _ in range(rng.choice((1, 1, 1, 2, 5))):
            message = change(message, rng)
        try:
            return packed(message)
        except (ValueError, TypeError, OverflowError):
            return frame
    data = bytearray(frame)
    for _ in range(rng.choice((1, 1, 2, 8))):
        at = rng.randrange(len(data) + 1)
        kind = rng.randrange(4)
        if kind == 0 and at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            data[at:at] = rng.randbytes(rng.choice((1, 1, 4)))
        elif kind == 2:
            del data[at : at + rng.choice((1, 1, 8))]
        elif at < len(data):
            data[at] = rng.randrange(256)
    return bytes(data)


def change(tree: Any, rng: random.Random) -> Any:  # noqa: PLR0911  # one kind of change each
    """The tree with one place changed, somewhere."""
    if isinstance(tree, dict) and tree and rng.random() < 0.95:
        key = rng.choice(list(tree))
        return {**tree, key: change(tree[key], rng)}
    if isinstance(tree, list) and tree and rng.random() < 0.85:
        at = rng.randrange(len(tree))
        kind = rng.random()
        if kind < 0.7:
            return [*tree[:at], change(tree[at], rng), *tree[at + 1 :]]
        if kind < 0.8:
            return [*tree[:at], *tree[at + 1 :]]
        if kind < 0.9:
            return [*tree[:at], tree[at], *tree[at:]]
        return [tree] * rng.choice((1, 2))
    if isinstance(tree, str) and rng.random() < 0.7:
        return rng.choice(TAGS)
    if isinstance(tree, int) and not isinstance(tree, bool) and rng.random() < 0.5:
        return tree + rng.choice((-1, 1, 7, 2**20, -(2**31)))
    if isinstance(tree, bytes) and rng.random() < 0.5:
        return tree[: rng.randrange(len(tree) + 1)] + rng.randbytes(rng.choice((0, 1, 8)))
    return rng.choice(ODD)


def receive(frame: bytes) -> str:
    """What the grader's end does with a frame: "refused", or "taken"."""
    try:
        message = unpack(frame)
        if "outputs" in message:
            cell_run("a", message, 10_000)
        if "error" in message:
            Raised.from_wire(message["error"])
        Decoder(message.get("buffers", []), _handle).decode(message.get("value"))
    except WireError:
        return "refused"
    return "taken"


def _handle(tree: list[Any]) -> object:
    if len(tree) != 3 or type(tree[1]) is not int:
        raise WireError("malformed handle")
    return Opaque()


def fuzz(
    count: int, seed: int = 0, watch: Callable[[range], Any] = iter
) -> tuple[dict[str, int], list[tuple[bytes, Exception]]]:
    """How many forged frames were refused and taken, and those that raised anything else."""
    rng = random.Random(seed)  # noqa: S311  # no secret
    frames = honest()
    found: list[tuple[bytes, Exception]] = []
    counts = {"refused": 0, "taken": 0}
    for _ in watch(range(count)):
        frame = forge(rng.choice(frames), rng)
        try:
            counts[receive(frame)] += 1
        except Exception as error:  # noqa: BLE001  # what is looked for
            found.append((frame, error))
    return counts, found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    warnings.simplefilter("error")
    start = time.monotonic()
    counts, found = fuzz(arguments.count, arguments.seed, lambda r: track(r, "frames"))
    for frame, error in found[:20]:
        print(f"{type(error).__name__}: {error}\n  {frame!r}")  # noqa: T201
    rate = arguments.count / (time.monotonic() - start)
    print(f"{counts}, {len(found)} raised something else; {rate:.0f} frames/s")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
