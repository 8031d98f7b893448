"""Principal component analysis: the directions along which data varies most."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True, slots=True)
class PCA:
    """The principal components of a training set, found by `fit_pca`."""

    mean: Float[Tensor, " d"]
    components: Float[Tensor, "k d"]
    explained_variance: Float[Tensor, " k"]
    total_variance: Float[Tensor, ""]

    @property
    def explained_variance_ratio(self) -> Float[Tensor, " k"]:
        """The share of the total variance along each component; nan for data without variance."""
        return self.explained_variance / self.total_variance

    def transform(self, X: Float[Tensor, "n d"]) -> Float[Tensor, "n k"]:
        """Return the scores Z = (X - μ) Vᵀ, with the mean μ of the training set, also for new X."""
        return (X - self.mean) @ self.components.T

    def inverse_transform(self, Z: Float[Tensor, "n k"]) -> Float[Tensor, "n d"]:
        """Return Z V + μ: the points of the fitted plane that have the scores Z."""
        return Z @ self.components + self.mean


def fit_pca(X: Float[Tensor, "n d"], k: int) -> PCA:
    """Return the k orthonormal directions (rows) along which the rows of X vary most.

    With the centred data X - μ = U diag(σ) Vᵀ they are the first k right singular vectors, the
    eigenvectors of the covariance (X - μ)ᵀ(X - μ)/(n - 1), and the variances are σ_i²/(n - 1), with
    n - 1 since one degree of freedom went into the mean. The covariance is never formed: that would
    square the condition number. Signs are free; here the entry of largest absolute value (the first
    of several) is positive in every direction.

    Raises:
        ValueError: n is less than 2, or k is not between 1 and min(n, d).

    Source: Bishop, Pattern Recognition and Machine Learning, section 12.1.
    """
    n, d = X.shape
    if n < 2:
        raise ValueError(f"a variance needs at least 2 rows, got {n}")
    if not 1 <= k <= min(n, d):
        raise ValueError(f"k must be between 1 and {min(n, d)}, got {k}")
    mean = X.mean(dim=0)  # (n, d) -> (d,)
    _, S, Vh = torch.linalg.svd(X - mean, full_matrices=False)
    variance = S**2 / (n - 1)
    return PCA(mean, with_positive_peak(Vh[:k]), variance[:k], variance.sum())


def with_positive_peak(V: Float[Tensor, "k d"]) -> Float[Tensor, "k d"]:
    """Return the rows, each times +1 or -1 so that its entry of largest absolute value is positive.

    Source: Bro, Acar and Kolda, Resolving the Sign Ambiguity in the Singular Value Decomposition,
        Journal of Chemometrics 22 (2008), which discusses better and costlier rules.
    """
    peak = V.gather(1, V.abs().argmax(dim=1, keepdim=True))  # (k, d) -> (k, 1)
    return torch.where(peak < 0, -V, V)
