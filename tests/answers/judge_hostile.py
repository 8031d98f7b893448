"""Judges every hostile answer in this process, and prints a line of JSON for each.

    python -m tests.answers.judge_hostile

The address space may grow by 256 MiB only, from when everything is imported and one honest answer
is judged. An audit hook notes whatever would start a program, open a file or socket, or run code.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sympy as sp

from autograder.answers.certificates import read_array
from autograder.answers.domains import real, sample
from autograder.answers.evaluation import UndefinedError, holds
from autograder.answers.expressions import compare, read_expression
from autograder.answers.matrix_functions import read_result
from autograder.answers.programs import read_program
from autograder.answers.reading import read_condition, read_matrix, read_number, read_vector
from autograder.answers.typed import read_typed_condition
from autograder.answers.verdict import InvalidAnswer
from autograder.grading.sandbox.decoder import Decoder
from autograder.grading.sandbox.wire import WireError
from tests.answers.hostile import OBJECTS, STRINGS, TREES

MEMORY = 256 * 2**20
FORBIDDEN = ("exec", "open", "os.", "subprocess.", "socket.", "ctypes.", "import", "pickle.")
POINTS = sample({"x": real})
REFERENCE = sp.sin(sp.Symbol("x")) + 3


def equality(value: object) -> str:
    return compare(read_expression(value, "answer", ["x"]), REFERENCE, POINTS).verdict


def condition(value: object) -> str:
    return str(holds(read_condition(value, "answer", ["x"]), {"x": 2}))


def typed_condition(value: object) -> str:
    return str(holds(read_typed_condition(value, "answer", ["x"]), {"x": 2}))


def read(reader: Callable[..., object], *more: object) -> Callable[[object], str]:
    return lambda value: type(reader(value, "answer", *more)).__name__


JUDGES: dict[str, Callable[[object], str]] = {
    "equality": equality,
    "condition": condition,
    "typed condition": typed_condition,
    "number": read(read_number),
    "vector": read(read_vector),
    "matrix": read(read_matrix),
    "array": read(read_array, 2),
    "result": read(read_result),
    "program": read(read_program),
}


def decoded(tree: list[Any]) -> object:
    return Decoder([], lambda _: None).decode(["y", tree])


def judged(judge: Callable[[object], str], value: object) -> str:
    try:
        return judge(value)
    except InvalidAnswer:
        return "cannot be read"
    except UndefinedError:
        return "undefined"


def outcomes(make: Callable[[], object]) -> dict[str, str]:
    try:
        value = make()
    except WireError:
        return {"wire": "refused"}
    return {name: judged(judge, value) for name, judge in JUDGES.items()}


def answers() -> Iterator[tuple[str, Callable[[], object], Callable[[], object] | None]]:
    """A name for each hostile answer, what makes it, and what makes it beforehand, untimed."""
    for text in STRINGS:
        yield ascii(text[:40]), lambda text=text: text, None
    for name, build in OBJECTS.items():
        yield name, build, build
    for name, tree in TREES.items():
        yield f"tree: {name}", lambda tree=tree: decoded(tree), None


def main() -> None:
    noted: list[str] = []
    watching = False

    def note(event: str, _: object) -> None:
        if watching and event.startswith(FORBIDDEN):
            noted.append(event)

    outcomes(lambda: sp.Symbol("x") + 1)
    outcomes(lambda: decoded(["Symbol", "x", {}]))
    outcomes(lambda: "sin(x) + 1")
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    sys.addaudithook(note)
    for name, make, build in answers():
        value = None if build is None else build()
        noted.clear()
        watching = True
        start = time.process_time()
        found = outcomes(make if build is None else lambda value=value: value)
        took = time.process_time() - start
        watching = False
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib) / 1024
        line = {"name": name, "cpu_s": took, "grown_mib": grown, "events": noted, "found": found}
        sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
