"""Least squares: smallest solutions, ridge regression, and how errors are magnified."""

import torch
from jaxtyping import Float
from torch import Tensor


def pseudo_inverse(A: Float[Tensor, "m n"], rtol: float | None = None) -> Float[Tensor, "n m"]:
    """Return A⁺ = V diag(1/σ_i) Uᵀ over the singular values that are not 0.

    A singular value up to `rtol` times the largest counts as 0; by default rtol = max(m, n) eps,
    the size of what rounding makes of a zero. (AᵀA)⁻¹Aᵀ is the same for full column rank only.

    Source: Golub and Van Loan, Matrix Computations, 4th ed., section 5.5.2.
    """
    U, S, Vh = torch.linalg.svd(A, full_matrices=False)
    rtol = max(A.shape) * torch.finfo(A.dtype).eps if rtol is None else rtol
    return (Vh.T * _filter(S, 0, rtol)) @ U.T  # (n, r) * (r,) @ (r, m) -> (n, m)


def least_squares(
    A: Float[Tensor, "m n"], b: Float[Tensor, " m"], lam: int | float = 0
) -> Float[Tensor, " n"]:
    """Return the x that minimises ‖A x - b‖₂² + λ‖x‖₂², for λ = 0 the shortest of all minimisers.

    In the basis of the singular vectors the problem falls apart: the coefficient of v_i is
    σ_i/(σ_i² + λ) times u_iᵀb, and for λ → 0 that is 1/σ_i, or 0 where σ_i = 0. What counts as 0
    is what it is for the pseudo-inverse: a rounding of 1e-16 in place of 0, over a λ of 1e-9, would
    be a coefficient of 1e-7.

    Raises:
        ValueError: λ is negative or nan.

    Source: Golub and Van Loan, Matrix Computations, 4th ed., sections 5.5 and 6.1.4.
    """
    if not lam >= 0:
        raise ValueError(f"lam must not be negative, got {lam}")
    U, S, Vh = torch.linalg.svd(A, full_matrices=False)
    rtol = max(A.shape) * torch.finfo(A.dtype).eps
    return Vh.T @ (_filter(S, lam, rtol) * (U.T @ b))  # (r,) -> (n,)


def ridge_regression(
    X: Float[Tensor, "n d"], y: Float[Tensor, " n"], lam: int | float = 0
) -> tuple[Float[Tensor, " d"], Float[Tensor, ""]]:
    """Return w and b that minimise ‖X w + b 1 - y‖₂² + λ‖w‖₂²: the bias b is not penalised.

    For every w the best b makes the residuals' mean 0, so the problem in w is that of the centred
    data, and b = ȳ - x̄ᵀw.

    Raises:
        ValueError: λ is negative or nan, or there is no row.

    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, section 3.4.1.
    """
    if X.shape[0] == 0:
        raise ValueError("X must have at least one row, got none")
    x_mean, y_mean = X.mean(dim=0), y.mean()
    w = least_squares(X - x_mean, y - y_mean, lam)
    return w, y_mean - x_mean @ w


def condition_number(A: Float[Tensor, "m n"]) -> Float[Tensor, ""]:
    """Return κ₂(A) = σ_max/σ_min: the most that a relative error of b can grow in x = A⁻¹b.

    It is inf for a matrix without full rank.

    Raises:
        ValueError: A has no entry.

    Source: Golub and Van Loan, Matrix Computations, 4th ed., section 2.6.2.
    """
    if A.numel() == 0:
        raise ValueError(f"a matrix needs at least one entry, got the shape {tuple(A.shape)}")
    S = torch.linalg.svdvals(A)
    return S[0] / S[-1] if S[-1] > 0 else torch.full_like(S[0], torch.inf)


def _filter(S: Float[Tensor, " r"], lam: int | float, rtol: float) -> Float[Tensor, " r"]:
    """σ/(σ² + λ), and 0 for a σ up to rtol times the largest one."""
    is_zero = rtol * S.amax(dim=0, keepdim=True) >= S if S.numel() else S > 0
    S = torch.where(is_zero, torch.ones_like(S), S)
    return torch.where(is_zero, torch.zeros_like(S), 1 / (S + lam / S))  # σ² would overflow sooner
