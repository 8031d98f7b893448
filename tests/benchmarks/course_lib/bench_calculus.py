"""Jacobians and their products beside SciPy, torch and NumPy, one thread each, on the same input.

python -m tests.benchmarks.course_lib.bench_calculus
"""

from __future__ import annotations

import timeit
from collections.abc import Callable

import numpy as np
import torch
from scipy.optimize import approx_fprime
from torch.autograd.functional import jacobian, vjp

from course_lib.calculus import (
    affine,
    affine_vjp,
    chain,
    log_sum_exp_vjp,
    numeric_jacobian,
    sigmoid_vjp,
    softmax_vjp,
)

SIZES = ((1, 10), (64, 1000))  # one vector, a batch of logits


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


def differences() -> None:
    """The numeric Jacobian beside SciPy's one-sided differences and torch's exact Jacobian."""
    for n in (10, 200):
        x = torch.linspace(-1, 1, n, dtype=torch.float64)
        array = x.numpy()

        def f(t: torch.Tensor) -> torch.Tensor:
            return torch.tanh(t) * t.sum()

        def g(t: np.ndarray) -> np.ndarray:
            return np.tanh(t) * t.sum()

        report(
            f"numeric_jacobian, n = {n}, scipy one-sided",
            lambda x=x: numeric_jacobian(f, x),
            lambda array=array: approx_fprime(array, g),
        )
        report(
            f"numeric_jacobian, n = {n}, torch exact",
            lambda x=x: numeric_jacobian(f, x),
            lambda x=x: jacobian(f, x),
        )


def main() -> None:
    """Print the table."""
    torch.set_num_threads(1)
    differences()
    generator = torch.Generator().manual_seed(0)
    for batch, n in SIZES:
        x, u = (torch.randn(batch, n, generator=generator, dtype=torch.float64) for _ in range(2))
        W = torch.randn(n, n, generator=generator, dtype=torch.float64)
        b, size = W[0].clone(), f"{batch} x {n}"
        report(
            f"affine_vjp, {size}, torch backward",
            lambda x=x, W=W, u=u: affine_vjp(x, W, u),
            lambda x=x, W=W, b=b, u=u: vjp(affine, (x, W, b), u),
        )
        for name, ours, theirs in (
            ("sigmoid_vjp", sigmoid_vjp, torch.sigmoid),
            ("softmax_vjp", softmax_vjp, lambda t: torch.softmax(t, -1)),
        ):
            report(
                f"{name}, {size}, torch backward",
                lambda x=x, u=u, ours=ours: ours(x, u),
                lambda x=x, u=u, theirs=theirs: vjp(theirs, x, u),
            )
        report(
            f"log_sum_exp_vjp, {size}, torch backward",
            lambda x=x, u=u: log_sum_exp_vjp(x, u[:, 0]),
            lambda x=x, u=u: vjp(lambda t: torch.logsumexp(t, -1), x, u[:, 0]),
        )
    for n, length in ((4, 3), (300, 6)):
        Js = [torch.randn(n, n, generator=generator, dtype=torch.float64) for _ in range(length)]
        Js.append(torch.randn(1, n, generator=generator, dtype=torch.float64))
        report(
            f"chain, {length} of {n} x {n} and a loss, multi_dot",
            lambda Js=Js: chain(Js, "numerator"),
            lambda Js=Js: torch.linalg.multi_dot(Js[::-1]),
        )


if __name__ == "__main__":
    main()
