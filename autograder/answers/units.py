"""Units of the numbers that this course asks for, and how they convert.

A unit is a name, or a quotient as in GB/s and FLOP/B. What has the same dimension converts: 3 nats
are a number of bits, and 2 KiB one of bytes. "" is the unit of a plain number, and % is 1/100.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

PREFIXES = {"": 1.0, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}
BINARY = {"Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40}
NATS = 1 / math.log(2)  # bits
BANS = math.log2(10)

# name -> (dimension, how many of the dimension's first unit)
UNITS: dict[str, tuple[str, float]] = {
    "": ("1", 1.0), "%": ("1", 0.01), "percent": ("1", 0.01),
    "bits": ("information", 1.0), "nats": ("information", NATS), "bans": ("information", BANS),
    "s": ("time", 1.0), "ms": ("time", 1e-3), "us": ("time", 1e-6), "µs": ("time", 1e-6),
    "ns": ("time", 1e-9), "min": ("time", 60.0), "h": ("time", 3600.0),
    "bytes": ("information", 8.0),
    **{f"{p}B": ("information", 8 * f) for p, f in (PREFIXES | BINARY).items()},
    **{f"{p}bit": ("information", f) for p, f in PREFIXES.items()},
    **{f"{p}FLOP": ("operations", f) for p, f in PREFIXES.items()},
    **{f"{p}FLOPs": ("operations", f) for p, f in PREFIXES.items()},
    **{f"{p}FLOPS": ("operations/time", f) for p, f in PREFIXES.items()},
    **{f"{p}FLOP/s": ("operations/time", f) for p, f in PREFIXES.items()},
    "steps": ("steps", 1.0), "pixels": ("pixels", 1.0),
    "parameters": ("parameters", 1.0), "images": ("images", 1.0),
}  # fmt: skip
SPELLINGS = {
    "bit": "bits", "nat": "nats", "ban": "bans", "byte": "bytes", "dits": "bans",
    "hartleys": "bans", "hartley": "bans", "shannons": "bits", "second": "s", "seconds": "s",
    "sec": "s", "minutes": "min", "hours": "h", "step": "steps", "pixel": "pixels",
    "parameter": "parameters", "params": "parameters", "image": "images", "flop": "FLOP",
    "flops": "FLOPs", "milliseconds": "ms", "microseconds": "us",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it was written, its dimension, and its size in the dimension's first unit."""

    name: str
    dimension: str
    size: float


def read_unit(name: str) -> Unit | None:
    """The unit that a name stands for; None where it stands for none that is known."""
    name = name.strip()
    known = _known(name)
    if known is not None:
        return Unit(name, *known)
    over, slash, under = name.partition("/")
    top, bottom = _known(over.strip()), _known(under.strip())
    if not slash or not over or not under or top is None or bottom is None:
        return None
    return Unit(name, f"{top[0]}/{bottom[0]}", top[1] / bottom[1])


def _known(name: str) -> tuple[str, float] | None:
    small = name.lower()
    spelled = SPELLINGS.get(name) or SPELLINGS.get(small)
    long = small if len(name) > 3 else name  # Bits are bits, and an mB is no MB
    return UNITS.get(spelled or name) or UNITS.get(long)


def others_like(unit: Unit) -> Iterator[Unit]:
    """The other units of the dimension, of another size each."""
    seen = {unit.size}
    for name, (dimension, size) in UNITS.items():
        if dimension == unit.dimension and size not in seen:
            seen.add(size)
            yield Unit(name or "plain number", dimension, size)
