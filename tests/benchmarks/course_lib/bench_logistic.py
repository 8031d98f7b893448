"""Logistic regression beside torch's functions and scikit-learn's solver, one thread each.

python -m tests.benchmarks.course_lib.bench_logistic
"""

from __future__ import annotations

import torch
from sklearn.linear_model import LogisticRegression
from torch.autograd.functional import hvp, jacobian

from course_lib.logistic import hessian_product, logistic_gradient, logistic_loss, newton_step
from tests.benchmarks.course_lib.bench_calculus import report

LAM = 0.01


def newton(X: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The minimum, by eight steps from 0: the last changes nothing."""
    w = X.new_zeros(X.shape[1])
    for _ in range(8):
        w = w + newton_step(w, X, y, LAM)
    return w


def main() -> None:
    """Print the table."""
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(0)
    for n, d in ((20, 5), (5000, 100)):
        X = torch.randn(n, d, generator=generator, dtype=torch.float64)
        w, v, size = X[0] / d, X[1].clone(), f"{n} x {d}"
        y = torch.where(X @ X[2] + torch.randn(n, generator=generator) > 0, 1.0, -1.0).double()
        report(
            f"logistic_loss, {size}, torch soft_margin_loss",
            lambda w=w, X=X, y=y: logistic_loss(w, X, y, LAM),
            lambda w=w, X=X, y=y: torch.nn.functional.soft_margin_loss(X @ w, y),
        )
        report(
            f"logistic_gradient, {size}, torch backward",
            lambda w=w, X=X, y=y: logistic_gradient(w, X, y, LAM),
            lambda w=w, X=X, y=y: jacobian(lambda t: logistic_loss(t, X, y, LAM), w),
        )
        report(
            f"hessian_product, {size}, torch hvp",
            lambda w=w, X=X, v=v: hessian_product(w, X, v, LAM),
            lambda w=w, X=X, y=y, v=v: hvp(lambda t: logistic_loss(t, X, y, LAM), w, v),
        )
        model = LogisticRegression(
            C=1 / (LAM * n), fit_intercept=False, solver="newton-cholesky", tol=1e-10
        )
        report(
            f"eight newton_steps, {size}, scikit-learn",
            lambda X=X, y=y: newton(X, y),
            lambda model=model, X=X, y=y: model.fit(X.numpy(), y.numpy()),
        )


if __name__ == "__main__":
    main()
