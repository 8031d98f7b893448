"""Sampling and log-densities beside NumPy, SciPy and torch, one thread each, on the same input.

python -m tests.benchmarks.course_lib.bench_distributions
"""

from __future__ import annotations

import timeit
from collections.abc import Callable

import numpy as np
import scipy.stats
import torch
from torch.distributions import Categorical, MixtureSameFamily, MultivariateNormal

from course_lib.distributions import (
    gaussian_logpdf,
    lognormal_logpdf,
    mixture_logpdf,
    sample_categorical,
)


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
    p = rng.dirichlet(np.ones(100))
    probs, generator = torch.from_numpy(p), torch.Generator().manual_seed(0)
    report(
        "sample_categorical, 100,000 of 100, numpy",
        lambda: sample_categorical(probs, (100_000,), generator),
        lambda: rng.choice(100, size=100_000, p=p),
    )
    report(
        "sample_categorical, 100,000 of 100, torch",
        lambda: sample_categorical(probs, (100_000,), generator),
        lambda: torch.multinomial(probs, 100_000, replacement=True, generator=generator),
    )
    for n, d in ((1, 2), (10_000, 10), (1000, 200)):
        x, mean, A = rng.normal(size=(n, d)), rng.normal(size=d), rng.normal(size=(d, d))
        cov = A @ A.T + np.eye(d)
        X, m, S = map(torch.from_numpy, (x, mean, cov))

        def scipy_logpdf(
            x: np.ndarray = x, mean: np.ndarray = mean, cov: np.ndarray = cov
        ) -> object:
            return scipy.stats.multivariate_normal(mean, cov).logpdf(x)  # pyright: ignore[reportArgumentType]  # SciPy's stub takes a number only

        def torch_logpdf(X: torch.Tensor = X, m: torch.Tensor = m, S: torch.Tensor = S) -> object:
            return MultivariateNormal(m, S).log_prob(X)

        def ours(X: torch.Tensor = X, m: torch.Tensor = m, S: torch.Tensor = S) -> object:
            return gaussian_logpdf(X, m, S)

        report(f"gaussian_logpdf, {n} x {d}, scipy", ours, scipy_logpdf)
        report(f"gaussian_logpdf, {n} x {d}, torch", ours, torch_logpdf)
    weights = torch.full((5,), 0.2, dtype=torch.float64)
    X, means = torch.randn(10_000, 10).double(), torch.randn(5, 10).double()
    covs = torch.eye(10, dtype=torch.float64).expand(5, 10, 10)
    report(
        "mixture_logpdf, 10,000 x 10, 5 parts, torch",
        lambda: mixture_logpdf(X, weights, means, covs),
        lambda: MixtureSameFamily(Categorical(weights), MultivariateNormal(means, covs)).log_prob(
            X
        ),
    )
    y = torch.rand(100_000, dtype=torch.float64) + 0.1
    report(
        "lognormal_logpdf, 100,000, scipy",
        lambda: lognormal_logpdf(y, 0.5, 2.0),
        lambda: scipy.stats.lognorm.logpdf(y.numpy(), s=2.0, scale=np.exp(0.5)),
    )


if __name__ == "__main__":
    main()
