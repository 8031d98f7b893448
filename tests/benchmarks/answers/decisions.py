"""Our decision beside `simplify`, `.equals` and five numeric points, on the same pairs in one run.

    python -m tests.benchmarks.answers.decisions --seeds 200 --limit 10

Each symbolic method works in a process of its own, which is ended where a pair takes longer than
the limit; SymPy is given the declared domains as assumptions, which it needs and which helps it.
Times are of the processor for one decision, without reading formulas and starting processes.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import statistics
import time
import warnings
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
import sympy as sp
from rich.console import Console
from rich.table import Table

from autograder.answers.domains import Domain, Simplex, names, positive, sample, unit, whole_names
from autograder.answers.expressions import compare
from autograder.answers.typed import read_typed
from tests.answers.pairs import PAIRS, Pair

FIVE = 5


@dataclass(slots=True)
class Score:
    """How often a method was right, and how long it took in seconds."""

    verdicts: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def add(self, said: bool | None, pair: Pair, took: float) -> None:
        self.seconds.append(took)
        if said is None:
            self.verdicts["no answer"] += 1
        elif said is pair.equal:
            self.verdicts["right"] += 1
        else:
            self.verdicts["accepted" if said else "refused"] += 1


def both(pair: Pair) -> tuple[sp.Expr, sp.Expr]:
    """Reference and answer as they were typed."""
    symbols = names(pair.domains)
    return (
        read_typed(pair.reference, "reference", symbols),
        read_typed(pair.answer, "answer", symbols),
    )


def with_assumptions(pair: Pair) -> tuple[Any, Any]:
    """Both as SymPy itself would have built them, on symbols that know their domain."""
    known = {sp.Symbol(name): assumed(name, pair.domains) for name in names(pair.domains)}
    reference, answer = (e.doit().xreplace(known).doit() for e in both(pair))
    return reference, answer


def assumed(name: str, domains: Mapping[str, Domain]) -> sp.Symbol:
    """The symbol with what SymPy can be told about its domain."""
    for key, domain in domains.items():
        if name not in names({key: domain}):
            continue
        if isinstance(domain, Simplex) or domain in (positive, unit):
            return sp.Symbol(name, positive=True)
        if name in whole_names(domains):
            least = min(point[name] for point in sample(domains))
            return sp.Symbol(name, integer=True, positive=True if least > 0 else None)
    return sp.Symbol(name, real=True)


def by_simplify(pair: Pair) -> bool | None:
    a, b = with_assumptions(pair)
    return sp.simplify(a - b) == 0


def by_equals(pair: Pair) -> bool | None:
    a, b = with_assumptions(pair)
    return a.equals(b) is True


def by_five_points(pair: Pair, seed: int, rtol: float, atol: float, declared: bool) -> bool | None:
    """Five random points, float64: of the declared domain, or of the unit interval."""
    symbols = names(pair.domains)
    rng = random.Random(seed)  # noqa: S311  # mathematics, no secret
    values = [
        [float(point[name]) for name in symbols] if declared else [rng.random() for _ in symbols]
        for point in sample(pair.domains, seed, count=FIVE)[-FIVE:]
    ]
    sides = [sp.lambdify(symbols, e.doit(), ["scipy", "numpy"]) for e in both(pair)]
    for point in values:
        with np.errstate(all="ignore"):
            a, b = (float(np.real(side(*map(np.float64, point)))) for side in sides)
        if np.isnan(a) and np.isnan(b):
            continue
        if not abs(a - b) <= atol + rtol * max(abs(a), abs(b)):
            return False
    return True


def ours(seeds: int) -> Score:
    score = Score()
    for pair in PAIRS:
        reference, answer = both(pair)
        for seed in range(seeds):
            points = sample(pair.domains, seed)
            start = time.process_time()
            verdict = compare(answer, reference, points).verdict
            took = time.process_time() - start
            score.add({"equal": True, "unequal": False}.get(verdict), pair, took)
    return score


def five_points(seeds: int, rtol: float, atol: float, declared: bool) -> Score:
    score = Score()
    for pair in PAIRS:
        for seed in range(seeds):
            start = time.process_time()
            try:
                said = by_five_points(pair, seed, rtol, atol, declared)
            except (ArithmeticError, ValueError, TypeError, NameError):
                said = None
            score.add(said, pair, time.process_time() - start)
    return score


def serve(method: Callable[[Pair], bool | None], pipe: Connection) -> None:
    """Decides the pairs whose numbers come in; what it raises is no answer."""
    warnings.simplefilter("ignore")
    while True:
        pair = PAIRS[pipe.recv()]
        start = time.process_time()
        try:
            said = method(pair)
        except (ArithmeticError, ValueError, TypeError, AttributeError, RecursionError):
            said = None
        pipe.send((said, time.process_time() - start))


def in_process(method: Callable[[Pair], bool | None], limit_s: float) -> Score:
    """The score of a method that may run for ever."""
    score = Score()
    context = multiprocessing.get_context("fork")
    worker, pipe = None, None
    for number, pair in enumerate(PAIRS):
        if worker is None or pipe is None:
            pipe, other = context.Pipe()
            worker = context.Process(target=serve, args=(method, other), daemon=True)
            worker.start()
        pipe.send(number)
        if pipe.poll(limit_s):
            said, took = pipe.recv()
        else:
            worker.kill()
            worker.join()
            worker, said, took = None, None, limit_s
        score.add(said, pair, took)
    if worker is not None:
        worker.kill()
        worker.join()
    return score


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="for ours; five points take 5")
    parser.add_argument(
        "--limit", type=float, default=10.0, help="seconds of the clock, if symbolic"
    )
    parser.add_argument("--only", default="", help="methods whose name holds this word")
    options = parser.parse_args()
    methods: dict[str, Callable[[], Score]] = {
        f"ours, {options.seeds} seeds": lambda: ours(options.seeds),
        "five points of the domain, rel 1e-6, 5 seeds": lambda: five_points(5, 1e-6, 0, True),
        "five points of [0, 1], abs 1e-4, 5 seeds": lambda: five_points(5, 0, 1e-4, False),
        "simplify(a - b) == 0": lambda: in_process(by_simplify, options.limit),
        "a.equals(b)": lambda: in_process(by_equals, options.limit),
    }
    table = Table(title=f"{len(PAIRS)} pairs, {sum(pair.equal for pair in PAIRS)} of them equal")
    for head in ("method", "right", "refused", "accepted wrong", "no answer", "median", "max"):
        table.add_column(head, justify="left" if head == "method" else "right")
    for name, run in methods.items():
        if options.only not in name:
            continue
        score = run()
        counts = [score.verdicts[k] for k in ("right", "refused", "accepted", "no answer")]
        times = (statistics.median(score.seconds), max(score.seconds))
        table.add_row(name, *map(str, counts), *(f"{t * 1000:.1f} ms" for t in times))
    Console(width=130).print(table)


if __name__ == "__main__":
    main()
