"""SVD, PCA and least squares beside NumPy, SciPy, torch and scikit-learn, on the same input.

    python -m tests.benchmarks.course_lib.bench_svd

Each row is the median of several runs in this process; the ratio is ours to theirs.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import numpy as np
import scipy.linalg
import torch
from rich.console import Console
from rich.table import Table
from sklearn import decomposition, linear_model

from course_lib import least_squares, pca, special_matrices, svd

REPEATS = 7


def seconds(function: Callable[[], object]) -> float:
    """The median time of a call, after one that is not counted."""
    function()
    times: list[float] = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return median(times)


def cases() -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
    """What is compared: ours, and what a user would reach for, on one input."""
    generator = torch.Generator().manual_seed(0)
    A = torch.randn(400, 300, generator=generator, dtype=torch.float64)
    small, b = A[:60, :40].contiguous(), A[:, 0].contiguous()
    X, a, s, c = A.numpy(), small.numpy(), b.numpy(), A[0].contiguous()
    order = torch.randperm(300, generator=generator)

    def numpy_low_rank() -> np.ndarray:
        U, S, Vh = np.linalg.svd(X, full_matrices=False)
        return (U[:, :20] * S[:20]) @ Vh[:20]

    return {
        "low_rank 400x300, k = 20 / numpy": (lambda: svd.low_rank(A, 20), numpy_low_rank),
        "power_svd 60x40, k = 3 / numpy svd": (
            lambda: svd.power_svd(small, 3, torch.Generator().manual_seed(1)),
            lambda: np.linalg.svd(a, full_matrices=False),
        ),
        "givens_qr 60x40 / numpy qr": (
            lambda: svd.givens_qr(small),
            lambda: np.linalg.qr(a, mode="complete"),
        ),
        "fit_pca 400x300, k = 10 / scikit-learn": (
            lambda: pca.fit_pca(A, 10),
            lambda: decomposition.PCA(10, svd_solver="full").fit(X),
        ),
        "pseudo_inverse 400x300 / numpy": (
            lambda: least_squares.pseudo_inverse(A),
            lambda: np.linalg.pinv(X),
        ),
        "least_squares 400x300 / scipy lstsq": (
            lambda: least_squares.least_squares(A, b),
            lambda: scipy.linalg.lstsq(X, s),
        ),
        "ridge_regression 400x300 / scikit-learn": (
            lambda: least_squares.ridge_regression(A, b, 2.0),
            lambda: linear_model.Ridge(2.0, solver="svd").fit(X, s),
        ),
        "condition_number 400x300 / numpy": (
            lambda: least_squares.condition_number(A),
            lambda: np.linalg.cond(X),
        ),
        "toeplitz 300x300 / scipy": (
            lambda: special_matrices.toeplitz(c, c),
            lambda: scipy.linalg.toeplitz(c.numpy(), c.numpy()),
        ),
        "circulant 300x300 / scipy": (
            lambda: special_matrices.circulant(c),
            lambda: scipy.linalg.circulant(c.numpy()),
        ),
        "permutation_matrix 300x300 / numpy": (
            lambda: special_matrices.permutation_matrix(order),
            lambda: np.eye(300)[order.numpy()],
        ),
    }


def main() -> None:
    """Measures every case and prints the table."""
    table = Table(title=f"median of {REPEATS} runs, {torch.get_num_threads()} threads")
    for heading in ("", "ours ms", "theirs ms", "ratio"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, (ours, theirs) in cases().items():
        mine, other = seconds(ours), seconds(theirs)
        table.add_row(name, f"{1e3 * mine:.3f}", f"{1e3 * other:.3f}", f"{mine / other:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
