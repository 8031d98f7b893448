"""Sampling by the inverse distribution function, log-densities, and change of variables."""

import math
from collections.abc import Callable, Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor

Function = Callable[[Tensor], Tensor]


def inverse_cdf(probs: Float[Tensor, " k"], u: Float[Tensor, "*shape"]) -> Int[Tensor, "*shape"]:
    """Return for each u in [0, 1) the class j with c_(j−1) ≤ u < c_j, where c_j = p_0 + … + p_j.

    If u is uniform, class j has the probability p_j. The interval of a class with p_j = 0 is empty.
    The sums are divided by the last one, so that rounding cannot leave a u above all of them.

    Raises:
        ValueError: an entry of probs is negative, or they do not sum to 1.

    Source: L. Devroye, Non-Uniform Random Variate Generation, section III.2.1.
    """
    tolerance = math.sqrt(torch.finfo(probs.dtype).eps)
    if not bool((probs >= 0).all()) or not abs(probs.sum().item() - 1) <= tolerance:
        raise ValueError(f"probs must be nonnegative and sum to 1, got {probs.tolist()}")
    c = probs.cumsum(dim=0)
    return torch.searchsorted(c / c[-1], u.contiguous(), right=True)  # first j with u < c_j


def sample_categorical(
    probs: Float[Tensor, " k"], shape: Sequence[int], generator: torch.Generator | None = None
) -> Int[Tensor, "..."]:
    """Return classes 0, …, k − 1, drawn independently with the probabilities given.

    One uniform number of the generator goes to each entry, in the order of the rows.

    Raises:
        ValueError: as for `inverse_cdf`.

    Source: L. Devroye, Non-Uniform Random Variate Generation, section III.2.1.
    """
    u = torch.rand(*shape, generator=generator, dtype=probs.dtype, device=probs.device)
    return inverse_cdf(probs, u)


def gaussian_logpdf(
    X: Float[Tensor, "*batch d"], mean: Float[Tensor, " d"], cov: Float[Tensor, "d d"]
) -> Float[Tensor, "*batch"]:
    """Return log N(x; μ, Σ) of each x along the last axis.

    log N = −½ (x − μ)ᵀ Σ⁻¹ (x − μ) − ½ log det Σ − ½ d log 2π. With the Cholesky factor, Σ = L Lᵀ,
    the first term is −½ ‖L⁻¹(x − μ)‖² and the second −Σ_i log l_ii: no inverse is built, and the
    determinant, which is too small or too large for a float in many dimensions, never appears.

    Raises:
        ValueError: cov is not symmetric positive definite.

    Source: Bishop, Pattern Recognition and Machine Learning, equation (2.43).
    """
    L, d = _cholesky(cov), X.shape[-1]
    R = (X - mean).reshape(-1, d)  # (..., d) -> (n, d)
    Z = torch.linalg.solve_triangular(L.mT, R, upper=True, left=False)  # Z Lᵀ = R: z = L⁻¹(x − μ)
    form = (Z**2).sum(dim=-1).reshape(X.shape[:-1])  # (n, d) -> (...)
    log_det = 2 * L.diagonal().log().sum()
    return -0.5 * (form + log_det + d * math.log(2 * math.pi))


def mixture_logpdf(
    X: Float[Tensor, "*batch d"],
    weights: Float[Tensor, " k"],
    means: Float[Tensor, "k d"],
    covs: Float[Tensor, "k d d"],
) -> Float[Tensor, "*batch"]:
    """Return log Σ_k w_k N(x; μ_k, Σ_k) of each x along the last axis.

    Far from every mean each density is 0 in floating point, and only their logarithms can be
    added: by log-sum-exp. A weight of 0 takes its component out.

    Raises:
        ValueError: a weight is negative, the weights do not sum to 1, or a covariance is not
            symmetric positive definite.

    Source: Bishop, Pattern Recognition and Machine Learning, equation (2.188).
    """
    tolerance = math.sqrt(torch.finfo(weights.dtype).eps)
    if not bool((weights >= 0).all()) or not abs(weights.sum().item() - 1) <= tolerance:
        raise ValueError(f"weights must be nonnegative and sum to 1, got {weights.tolist()}")
    components = [gaussian_logpdf(X, m, S) for m, S in zip(means, covs, strict=True)]
    return torch.logsumexp(torch.stack(components, dim=-1) + weights.log(), dim=-1)  # (..., k)


def push_forward(logpdf: Function, inverse: Function, jacobian: Function) -> Function:
    """Return the log-density of Y = f(X), given that of X, f⁻¹, and the derivative of f⁻¹.

    log p_Y(y) = log p_X(f⁻¹(y)) + log |det J_{f⁻¹}(y)|. `jacobian(y)` is the derivative, of the
    shape of y, for numbers, and a matrix for each row, of shape (…, d, d), for vectors.

    Source: Bishop, Pattern Recognition and Machine Learning, equations (1.27) and (11.9).
    """

    def logpdf_of_y(y: Tensor) -> Tensor:
        x, J = inverse(y), jacobian(y)
        is_matrix = J.dim() == y.dim() + 1
        log_volume = torch.linalg.slogdet(J).logabsdet if is_matrix else J.abs().log()
        return logpdf(x) + log_volume

    return logpdf_of_y


def lognormal_logpdf(
    y: Float[Tensor, "*shape"], mu: int | float, sigma: int | float
) -> Float[Tensor, "*shape"]:
    """Return the log-density of exp(X) for X ~ N(μ, σ²), and −∞ where y ≤ 0.

    log p(y) = −½ ((log y − μ)/σ)² − log σ − ½ log 2π − log y; the last term is log |(f⁻¹)′(y)|.

    Raises:
        ValueError: sigma is not positive.

    Source: Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions, 2nd ed., vol. 1,
        equation (14.2).
    """
    if not sigma > 0:
        raise ValueError(f"sigma must be positive, got {sigma}")

    def normal(x: Tensor) -> Tensor:
        return -0.5 * ((x - mu) / sigma) ** 2 - math.log(sigma * math.sqrt(2 * math.pi))

    inside = torch.where(y > 0, y, torch.ones_like(y))  # what stands elsewhere is not used
    logpdf = push_forward(normal, torch.log, torch.reciprocal)(inside)
    return torch.where(y > 0, logpdf, torch.full_like(y, -math.inf))


def _cholesky(cov: Float[Tensor, "d d"]) -> Float[Tensor, "d d"]:
    """The lower factor L with L Lᵀ = cov. Raises: ValueError where there is none."""
    L, info = torch.linalg.cholesky_ex(cov)
    if info.item() != 0 or not torch.allclose(cov, cov.mT):
        raise ValueError(f"cov must be symmetric positive definite, got {cov.tolist()}")
    return L
