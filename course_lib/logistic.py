"""Logistic regression with labels ±1: loss, gradient, products with the Hessian, Newton's step.

L(w) = 1/n Σ_i log(1 + exp(−y_i x_iᵀw)) + λ/2 ‖w‖²,      p_i = σ(x_iᵀw)
∇L(w) = −1/n Xᵀ (y ⊙ σ(−y ⊙ Xw)) + λ w
∇²L(w) = 1/n Xᵀ S X + λ I,   S = diag(p_i (1 − p_i)): the labels have no part in it
"""

import torch
from jaxtyping import Float
from torch import Tensor


def logistic_loss(
    w: Float[Tensor, " d"], X: Float[Tensor, "n d"], y: Float[Tensor, " n"], lam: float = 0.0
) -> Float[Tensor, ""]:
    """Return L(w), finite also where exp overflows.

    Raises:
        ValueError: a label is not ±1, λ < 0, or there is no example.

    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, equation (4.20),
        in the labels ±1 of section 10.6.
    """
    _check(X, lam, y)
    # log(1 + e^(−t)) as log(e^0 + e^(−t)), which takes the larger of the two exponents out.
    margin = y * (X @ w)
    return torch.logaddexp(torch.zeros_like(margin), -margin).mean() + lam / 2 * (w @ w)


def logistic_gradient(
    w: Float[Tensor, " d"], X: Float[Tensor, "n d"], y: Float[Tensor, " n"], lam: float = 0.0
) -> Float[Tensor, " d"]:
    """Return ∇L(w) = −1/n Xᵀ (y ⊙ σ(−y ⊙ Xw)) + λ w.

    Raises:
        ValueError: a label is not ±1, λ < 0, or there is no example.

    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, equation (4.21).
    """
    _check(X, lam, y)
    return -X.T @ (y * torch.sigmoid(-y * (X @ w))) / X.shape[0] + lam * w


def logistic_hessian(
    w: Float[Tensor, " d"], X: Float[Tensor, "n d"], lam: float = 0.0
) -> Float[Tensor, "d d"]:
    """Return ∇²L(w) = 1/n Xᵀ S X + λ I.

    Raises:
        ValueError: λ < 0, or there is no example.

    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, equation (4.22).
    """
    G = hessian_factor(w, X, lam)
    return G.T @ G


def hessian_product(
    w: Float[Tensor, " d"], X: Float[Tensor, "n d"], v: Float[Tensor, " d"], lam: float = 0.0
) -> Float[Tensor, " d"]:
    """Return ∇²L(w) v by two products with X: neither S nor the Hessian is built.

    Raises:
        ValueError: λ < 0, or there is no example.

    Source: B. A. Pearlmutter, Fast Exact Multiplication by the Hessian, Neural Computation 6
        (1994).
    """
    _check(X, lam)
    return X.T @ (_curvature(X @ w) * (X @ v)) / X.shape[0] + lam * v


def newton_step(
    w: Float[Tensor, " d"], X: Float[Tensor, "n d"], y: Float[Tensor, " n"], lam: float = 0.0
) -> Float[Tensor, " d"]:
    """Return s with ∇²L(w) s = −∇L(w): Newton's method goes on from w + s.

    Raises:
        ValueError: a label is not ±1, λ < 0, or there is no example.
        torch.linalg.LinAlgError: the Hessian is singular, as it may be for λ = 0.

    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, equation (4.23).
    """
    return torch.linalg.solve(logistic_hessian(w, X, lam), -logistic_gradient(w, X, y, lam))


def hessian_factor(
    w: Float[Tensor, " d"], X: Float[Tensor, "n d"], lam: float = 0.0
) -> Float[Tensor, "n+d d"]:
    """Return G with GᵀG = ∇²L(w), the certificate that L is convex: vᵀ∇²L v = ‖G v‖² ≥ 0.

    G is S^(1/2) X / √n above √λ I.

    Raises:
        ValueError: λ < 0, or there is no example.

    Source: Boyd and Vandenberghe, Convex Optimization, sections 3.1.4 and 7.1.1.
    """
    _check(X, lam)
    top = _curvature(X @ w).sqrt()[:, None] * X / X.shape[0] ** 0.5
    bottom = lam**0.5 * torch.eye(X.shape[1], dtype=X.dtype, device=X.device)
    return torch.cat([top, bottom])


def _curvature(o: Float[Tensor, " n"]) -> Float[Tensor, " n"]:
    """p (1 − p) with p = σ(o); σ(−o) keeps its digits where 1 − σ(o) has lost them."""
    return torch.sigmoid(o) * torch.sigmoid(-o)


def _check(X: Tensor, lam: float, y: Tensor | None = None) -> None:
    """Raise ValueError unless there are examples, labels are ±1, and λ ≥ 0."""
    if X.shape[0] == 0:
        raise ValueError("X must have at least one row, got none")
    if not lam >= 0:
        raise ValueError(f"lam must not be negative, got {lam}")
    if y is not None and not bool((y.abs() == 1).all()):
        raise ValueError("labels must be 1 or -1, got others")
