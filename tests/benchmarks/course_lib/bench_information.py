"""Entropies and divergences beside SciPy and torch, on the same input in one run, one thread each.

python -m tests.benchmarks.course_lib.bench_information
"""

from __future__ import annotations

import timeit
from collections.abc import Callable

import numpy as np
import scipy.special
import scipy.stats
import torch
from sklearn.metrics import mutual_info_score

from course_lib.information import cross_entropy, entropy, kl_divergence, mutual_information

SIZES = ((1, 10), (1, 50_000), (1000, 1000))  # a die, a vocabulary, a batch


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


def main() -> None:
    """Print the table."""
    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    for batch, n in SIZES:
        p, q = rng.dirichlet(np.ones(n), size=(2, batch))
        P, Q = torch.from_numpy(p), torch.from_numpy(q)
        size = f"{batch} x {n}"

        def scipy_entropy(p: np.ndarray = p) -> object:
            return scipy.stats.entropy(p, axis=-1)

        def scipy_kl(p: np.ndarray = p, q: np.ndarray = q) -> object:
            return scipy.special.rel_entr(p, q).sum(axis=-1)

        def torch_entropy(P: torch.Tensor = P) -> object:
            return torch.distributions.Categorical(P).entropy()

        def torch_cross_entropy(P: torch.Tensor = P, Q: torch.Tensor = Q) -> object:
            return torch.nn.functional.cross_entropy(Q.log(), P, reduction="none")

        report(f"entropy, {size}, scipy.stats", lambda P=P: entropy(P), scipy_entropy)
        report(f"entropy, {size}, torch", lambda P=P: entropy(P), torch_entropy)
        report(
            f"cross_entropy, {size}, torch",
            lambda P=P, Q=Q: cross_entropy(P, Q),
            torch_cross_entropy,
        )
        report(f"kl_divergence, {size}, rel_entr", lambda P=P, Q=Q: kl_divergence(P, Q), scipy_kl)
    counts = rng.integers(1, 1000, size=(300, 200))
    joint = torch.from_numpy(counts / counts.sum())
    report(
        "mutual_information, 300 x 200, sklearn",
        lambda: mutual_information(joint),
        lambda: mutual_info_score(None, None, contingency=counts),
    )


if __name__ == "__main__":
    main()
