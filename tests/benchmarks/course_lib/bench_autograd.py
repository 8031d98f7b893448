"""Our engine beside torch.autograd, one thread each, on the same formula and input.

python -m tests.benchmarks.course_lib.bench_autograd
"""

from __future__ import annotations

import timeit
from collections.abc import Callable
from graphlib import TopologicalSorter
from typing import Any

import torch

from course_lib.autograd import Variable, derivative, gradcheck, topo_sort

SIZES = ((8, 8, 8), (64, 256, 256), (512, 1024, 1024))  # rows, width, hidden width


def seconds(function: Callable[[], object]) -> float:
    """The best of five averages, after one call to warm up."""
    timer = timeit.Timer(function)
    timer.timeit(1)
    number, _ = timer.autorange()
    return min(timer.repeat(5, max(1, number // 4))) / max(1, number // 4)


def report(name: str, ours: Callable[[], object], theirs: Callable[[], object]) -> None:
    """One line: both times and the ratio."""
    a, b = seconds(ours), seconds(theirs)
    print(f"{name:44} ours {1e6 * a:10.1f} us, theirs {1e6 * b:10.1f} us, ratio {a / b:5.2f}")  # noqa: T201


def layers(X: Any, W: Any, b: Any, V: Any) -> Any:  # of either engine
    """The mean square of two layers."""
    hidden = (X @ W + b).tanh() @ V
    return (hidden * hidden).mean()


def training_steps() -> None:
    """Forward and backward through two layers."""
    for n, d, h in SIZES:
        X, W = torch.randn(n, d), torch.randn(d, h) / d**0.5
        b, V = torch.randn(h), torch.randn(h, 4) / h**0.5
        ours = [Variable(p, requires_grad=True) for p in (W, b, V)]
        theirs = [p.clone().requires_grad_() for p in (W, b, V)]
        data = Variable(X)
        report(
            f"two layers, {n} rows, {d} -> {h} -> 4",
            lambda ours=ours, data=data: layers(data, *ours).backward(),
            lambda theirs=theirs, X=X: layers(X, *theirs).backward(),
        )


def chains() -> None:
    """A thousand operations on one number: what recording costs."""

    def chain(x: Any) -> Any:  # of either engine
        for _ in range(1000):
            x = x * 0.999 + 0.001
        return x

    ours = Variable(torch.tensor(1.0), requires_grad=True)
    theirs = torch.tensor(1.0, requires_grad=True)
    report("2000 operations on a number", lambda: chain(ours).backward(),
           lambda: chain(theirs).backward())  # fmt: skip
    graph = {k: [k - 1] if k else [] for k in range(100_000)}
    report("topo_sort of 100,000 nodes, beside graphlib",
           lambda: topo_sort(99_999, graph.__getitem__),
           lambda: list(TopologicalSorter(graph).static_order()))  # fmt: skip


def checks_and_slopes() -> None:
    """gradcheck beside torch's, and dual numbers beside torch's forward mode."""
    x = torch.randn(5, 6, dtype=torch.float64)
    y = x.clone().requires_grad_()
    report("gradcheck of softplus, 5 x 6", lambda: gradcheck(lambda a: (a.exp() + 1.0).log(), x),
           lambda: torch.autograd.gradcheck(lambda a: (a.exp() + 1.0).log(), y))  # fmt: skip
    t = torch.randn(100_000, dtype=torch.float64)
    one = torch.ones_like(t)
    report("derivative of tanh · sin, 100,000 points",
           lambda: derivative(lambda a: a.tanh() * a.sin(), t),
           lambda: torch.func.jvp(lambda a: a.tanh() * a.sin(), (t,), (one,)))  # fmt: skip


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.manual_seed(0)
    training_steps()
    chains()
    checks_and_slopes()
