"""Norms of vectors and of matrices."""

import math

import torch
from jaxtyping import Float
from torch import Tensor


def lp_norm(x: Float[Tensor, "*batch n"], p: int | float) -> Float[Tensor, "*batch"]:
    """Return the p-norm of each vector along the last axis.

    ‖x‖_p = (Σ_i |x_i|^p)^(1/p) for p ≥ 1, ‖x‖_∞ = max_i |x_i|, and for p = 0 the number of entries
    that are not zero, which is no norm. The norm of the empty vector is 0. Neither large nor small
    entries overflow or vanish on the way. For p = 1 and 2 that takes some twenty to a hundred times
    as long as NumPy's and torch's norms, a millisecond for 100,000 entries: the price of scaling,
    and of one formula for every p.

    Raises:
        ValueError: p is neither 0 nor at least 1.

    Source: Golub and Van Loan, Matrix Computations, 4th ed., section 2.2.1; the scaling:
        J. L. Blue, A Portable Fortran Program to Find the Euclidean Norm of a Vector, ACM TOMS 4
        (1978).
    """
    _check_exponent(p, zero=True)
    if p == 0:
        return torch.count_nonzero(x, dim=-1).to(x.dtype)
    if x.shape[-1] == 0:
        return x.sum(dim=-1)
    magnitude = x.abs()
    largest = magnitude.amax(dim=-1, keepdim=True)  # (..., n) -> (..., 1)
    if p == math.inf:
        return largest.squeeze(-1)
    # |x_i|^p overflows long before the norm does, so the powers are taken of |x_i| / max_j |x_j|
    # and homogeneity gives the factor back. A largest entry of 0, inf or nan scales nothing.
    scale = torch.where((largest > 0) & largest.isfinite(), largest, torch.ones_like(largest))
    return scale.squeeze(-1) * ((magnitude / scale) ** p).sum(dim=-1) ** (1 / p)


def dual_exponent(p: int | float) -> float:
    """Return q with 1/p + 1/q = 1: the q-norm is dual to the p-norm.

    ‖y‖_q = max {xᵀy : ‖x‖_p ≤ 1}, so |xᵀy| ≤ ‖x‖_p ‖y‖_q (Hölder); 1 and ∞ are dual to each other.

    Raises:
        ValueError: p is less than 1.

    Source: Boyd and Vandenberghe, Convex Optimization, appendix A.1.6.
    """
    _check_exponent(p, zero=False)
    if p == 1:
        return math.inf
    return 1.0 if p == math.inf else p / (p - 1)


def matrix_norm(A: Float[Tensor, "*batch m n"], kind: str) -> Float[Tensor, "*batch"]:
    """Return a norm of each matrix along the last two axes.

    `one`: max_j Σ_i |a_ij|, the largest column sum, induced by the vector 1-norm;
    `inf`: max_i Σ_j |a_ij|, the largest row sum, induced by the vector ∞-norm;
    `two`: σ_1, the largest singular value, induced by the vector 2-norm;
    `fro`: (Σ_ij a_ij²)^(1/2), the Frobenius norm;
    `nuc`: Σ_i σ_i, the nuclear norm, dual to `two`.

    Raises:
        ValueError: `kind` is none of these, or a matrix has no entry.

    Source: Golub and Van Loan, Matrix Computations, 4th ed., section 2.3; for the nuclear norm
        Boyd and Vandenberghe, Convex Optimization, appendix A.1.6.
    """
    if 0 in A.shape[-2:]:
        raise ValueError(f"a matrix needs at least one row and one column, got {tuple(A.shape)}")
    match kind:
        case "one":
            return A.abs().sum(dim=-2).amax(dim=-1)
        case "inf":
            return A.abs().sum(dim=-1).amax(dim=-1)
        case "two":
            return torch.linalg.svdvals(A)[..., 0]  # in descending order
        case "fro":
            return lp_norm(A.flatten(start_dim=-2), 2)  # (..., m, n) -> (..., m*n)
        case "nuc":
            return torch.linalg.svdvals(A).sum(dim=-1)
    raise ValueError(f"kind must be one, inf, two, fro or nuc, got {kind!r}")


def _check_exponent(p: int | float, zero: bool) -> None:
    """Raise ValueError unless p ≥ 1, or p = 0 where `zero` allows it; nan is refused."""
    if not (p >= 1 or (zero and p == 0)):
        raise ValueError(f"p must be {'0 or ' if zero else ''}at least 1, got {p}")
