"""Gradients in closed form beside torch's backward pass, one thread each, on the same input.

python -m tests.benchmarks.course_lib.bench_gradients
"""

from __future__ import annotations

import torch
from torch.autograd.functional import hessian, jacobian

from course_lib.gradients import (
    least_squares_gradient,
    least_squares_hessian,
    least_squares_loss,
    log_abs_det_gradient,
    quadratic_form_gradient,
    residual_gradient,
)
from tests.benchmarks.course_lib.bench_calculus import report


def main() -> None:
    """Print the table."""
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(0)
    for n, d in ((20, 5), (5000, 100)):
        X = torch.randn(n, d, generator=generator, dtype=torch.float64)
        A, W = X[:d].clone(), X[:d, :3].clone()
        w, y, Y, size = X[0].clone(), X[:, 0].clone(), X[:, :3].clone(), f"{n} x {d}"
        report(
            f"least_squares_gradient, {size}",
            lambda w=w, X=X, y=y: least_squares_gradient(w, X, y),
            lambda w=w, X=X, y=y: jacobian(lambda t: least_squares_loss(t, X, y), w),
        )
        report(
            f"least_squares_hessian, {size}",
            lambda X=X: least_squares_hessian(X),
            lambda w=w, X=X, y=y: hessian(lambda t: least_squares_loss(t, X, y), w),
        )
        report(
            f"residual_gradient, {size} x 3",
            lambda X=X, W=W, Y=Y: residual_gradient(X, W, Y),
            lambda X=X, W=W, Y=Y: jacobian(lambda t: ((X @ t - Y) ** 2).sum(), W),
        )
        report(
            f"log_abs_det_gradient, {d} x {d}",
            lambda A=A: log_abs_det_gradient(A),
            lambda A=A: jacobian(lambda t: torch.linalg.slogdet(t).logabsdet, A),
        )
        report(
            f"quadratic_form_gradient, {d} x {d}",
            lambda A=A, w=w: quadratic_form_gradient(A, w),
            lambda A=A, w=w: jacobian(lambda t: t @ A @ t, w),
        )


if __name__ == "__main__":
    main()
