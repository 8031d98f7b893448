"""Gradients of scalar functions of vectors and matrices, each with the shape of its variable.

The rule behind all of them: write df = tr(Gᵀ dX), and G is the gradient ∂f/∂X.
"""

import torch
from jaxtyping import Float
from torch import Tensor


def bilinear_gradient(
    a: Float[Tensor, " m"],
    b: Float[Tensor, " n"],
) -> Float[Tensor, "m n"]:
    """Return ∂(aᵀ X b)/∂X = a bᵀ, whatever X is.

    Source: Petersen and Pedersen, The Matrix Cookbook (2012), equation (70).
    """
    return torch.outer(a, b)


def trace_gradient(A: Float[Tensor, "m n"]) -> Float[Tensor, "n m"]:
    """Return ∂ tr(A X)/∂X = Aᵀ, whatever X is.

    Source: Petersen and Pedersen, The Matrix Cookbook (2012), equation (100).
    """
    return A.T


def log_abs_det_gradient(X: Float[Tensor, "*batch n n"]) -> Float[Tensor, "*batch n n"]:
    """Return ∂ log|det X|/∂X = X⁻ᵀ for an invertible X, symmetric or not.

    Raises:
        torch.linalg.LinAlgError: X is singular.

    Source: Petersen and Pedersen, The Matrix Cookbook (2012), equation (57).
    """
    return torch.linalg.inv(X).mT


def quadratic_form_gradient(
    A: Float[Tensor, "n n"], x: Float[Tensor, "*batch n"]
) -> Float[Tensor, "*batch n"]:
    """Return ∂(xᵀ A x)/∂x = (A + Aᵀ) x, which is 2 A x for a symmetric A only.

    Source: Petersen and Pedersen, The Matrix Cookbook (2012), equation (81).
    """
    return x @ (A + A.T)


def residual_gradient(
    X: Float[Tensor, "n d"], W: Float[Tensor, "d k"], Y: Float[Tensor, "n k"]
) -> Float[Tensor, "d k"]:
    """Return ∂ ‖X W − Y‖_F²/∂W = 2 Xᵀ (X W − Y).

    Source: Petersen and Pedersen, The Matrix Cookbook (2012), section 2.5.
    """
    return 2 * X.T @ (X @ W - Y)


def least_squares_loss(
    w: Float[Tensor, " d"], X: Float[Tensor, "n d"], y: Float[Tensor, " n"]
) -> Float[Tensor, ""]:
    """Return ‖X w − y‖² / 2n.

    Raises:
        ValueError: there is no example.

    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, section 3.2.
    """
    _check_examples(X)
    return ((X @ w - y) ** 2).sum() / (2 * X.shape[0])


def least_squares_gradient(
    w: Float[Tensor, " d"], X: Float[Tensor, "n d"], y: Float[Tensor, " n"]
) -> Float[Tensor, " d"]:
    """Return Xᵀ (X w − y) / n, the gradient of ‖X w − y‖² / 2n.

    Raises:
        ValueError: there is no example.

    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, equation (3.4).
    """
    _check_examples(X)
    return X.T @ (X @ w - y) / X.shape[0]


def least_squares_hessian(X: Float[Tensor, "n d"]) -> Float[Tensor, "d d"]:
    """Return Xᵀ X / n, which is the same at every w.

    Raises:
        ValueError: there is no example.

    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, equation (3.4).
    """
    _check_examples(X)
    return X.T @ X / X.shape[0]


def _check_examples(X: Tensor) -> None:
    """Raise ValueError where a mean over the rows would be 0/0."""
    if X.shape[0] == 0:
        raise ValueError("X must have at least one row, got none")
