"""Norms and arrays beside NumPy, SciPy and torch, on the same input, one thread each.

    python -m tests.benchmarks.course_lib.bench_norms

The ratio is ours to theirs; each time is the best of five averages.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable

import numpy as np
import scipy.linalg
import torch
from rich.console import Console
from rich.table import Table

from course_lib.arrays import design_matrix, gemm_accumulate, grid, matmul_columns, matmul_dots
from course_lib.norms import lp_norm, matrix_norm

ORDERS = {"one": 1, "inf": np.inf, "two": 2, "fro": "fro", "nuc": "nuc"}

Pair = tuple[Callable[[], object], Callable[[], object]]


def seconds(function: Callable[[], object]) -> float:
    """The best of five averages, after one call to warm up."""
    timer = timeit.Timer(function)
    timer.timeit(1)
    number, _ = timer.autorange()
    number = max(1, number // 4)
    return min(timer.repeat(5, number)) / number


def vector_cases() -> dict[str, Pair]:
    """The p-norm of a long vector."""
    x = torch.randn(100_000, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    a = x.numpy()
    return {
        f"lp_norm of 100,000, p = {p} / {name}": (lambda p=p: lp_norm(x, p), theirs)
        for p in (1, 2, 3, np.inf)
        for name, theirs in (
            ("numpy", lambda p=p: np.linalg.norm(a, p)),
            ("scipy", lambda p=p: scipy.linalg.norm(a, p)),
            ("torch", lambda p=p: torch.linalg.vector_norm(x, p)),
        )
    }


def matrix_cases() -> dict[str, Pair]:
    """The five norms of a matrix."""
    A = torch.randn(300, 200, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    a = A.numpy()
    return {
        f"matrix_norm of 300 x 200, {kind} / numpy": (
            lambda kind=kind: matrix_norm(A, kind),
            lambda order=order: np.linalg.norm(a, order),
        )
        for kind, order in ORDERS.items()
    }


def array_cases() -> dict[str, Pair]:
    """Grids, design matrices and the levels of the matrix product."""
    generator = torch.Generator().manual_seed(2)
    A, B, C = (torch.randn(300, 300, generator=generator, dtype=torch.float64) for _ in range(3))
    small, x = A[:40, :40].contiguous(), grid(-10, 10, 0.001)
    points = x.numpy()
    return {
        "grid of 20,001 / numpy": (
            lambda: grid(-10, 10, 0.001),
            lambda: np.linspace(-10, 10, 20_001),
        ),
        "design_matrix, 20,001 x 20 / numpy": (
            lambda: design_matrix(x, 20),
            lambda: np.vander(points, 21, increasing=True)[:, 1:],
        ),
        "gemm_accumulate of 300 x 300 / torch": (
            lambda: gemm_accumulate(A, B, C),
            lambda: C.addmm_(A, B),
        ),
        "matmul_columns of 40 x 40 / torch": (
            lambda: matmul_columns(small, small),
            lambda: small @ small,
        ),
        "matmul_dots of 40 x 40 / torch": (
            lambda: matmul_dots(small, small),
            lambda: small @ small,
        ),
    }


def main() -> None:
    """Print the table."""
    torch.set_num_threads(1)
    table = Table("what", "ours, us", "theirs, us", "ratio")
    for name, pair in (vector_cases() | matrix_cases() | array_cases()).items():
        ours, theirs = map(seconds, pair)
        table.add_row(name, f"{1e6 * ours:.1f}", f"{1e6 * theirs:.1f}", f"{ours / theirs:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
