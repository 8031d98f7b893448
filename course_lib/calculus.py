"""Derivatives of functions of many variables: differences, products, layouts, the chain rule.

The Jacobian of f: R^n -> R^m at x is J = (∂f_i/∂x_j), with m rows and n columns (numerator layout).
A network is differentiated by products with J, never by J itself:

    jvp(x, v) = J v      how f moves when x moves along v     (forward mode)
    vjp(x, u) = Jᵀ u     how uᵀf changes with each x_j        (reverse mode, backpropagation)

and they belong together: ⟨u, J v⟩ = ⟨Jᵀ u, v⟩. For a linear map the JVP is the map itself.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor

# -- by differences --------------------------------------------------------------------------------


def numeric_jacobian(
    f: Callable[[Tensor], Tensor], x: Float[Tensor, " n"], h: int | float | None = None
) -> Float[Tensor, "m n"]:
    """Return the Jacobian of f at x by central differences, 2n calls of f.

    Column j is (f(x + h_j e_j) − f(x − h_j e_j)) / 2h_j with h_j = h · max(1, |x_j|); its error is
    h_j²/6 times the third derivative, and rounding adds about ε/h. By default h = ε^(1/3), with the
    ε of x's dtype, where the two balance. A scalar f gives one row. A third of the digits is lost,
    where one-sided differences lose half with half the calls of f; for small n that, and a tensor
    for each point, costs up to three times SciPy's `approx_fprime`.

    Raises:
        ValueError: h is not positive, or x is empty.

    Source: Nocedal and Wright, Numerical Optimization, 2nd ed., section 8.1.
    """
    width = torch.finfo(x.dtype).eps ** (1 / 3) if h is None else h
    if not width > 0:
        raise ValueError(f"h must be positive, got {h}")
    if x.shape[0] == 0:
        raise ValueError("x must have at least one entry, got none")
    columns = []
    for j in range(x.shape[0]):
        step = width * max(1.0, abs(x[j].item()))
        ahead, behind = x.clone(), x.clone()
        ahead[j] += step
        behind[j] -= step
        distance = ahead[j] - behind[j]  # x + h is rounded, so it is not quite 2h
        columns.append((f(ahead) - f(behind)).reshape(-1) / distance)
    return torch.stack(columns, dim=1)


# -- products with Jacobians -----------------------------------------------------------------------


def affine(
    X: Float[Tensor, "n d"], W: Float[Tensor, "d k"], b: Float[Tensor, " k"]
) -> Float[Tensor, "n k"]:
    """Return X W + b, with b added to every row.

    Source: Goodfellow, Bengio and Courville, Deep Learning, section 6.5.4.
    """
    return X @ W + b


def affine_jvp(
    X: Float[Tensor, "n d"],
    W: Float[Tensor, "d k"],
    dX: Float[Tensor, "n d"],
    dW: Float[Tensor, "d k"],
    db: Float[Tensor, " k"],
) -> Float[Tensor, "n k"]:
    """Return dX W + X dW + db, the product rule.

    Source: Magnus and Neudecker, Matrix Differential Calculus, 3rd ed., section 8.3.
    """
    return dX @ W + X @ dW + db


def affine_vjp(
    X: Float[Tensor, "n d"], W: Float[Tensor, "d k"], U: Float[Tensor, "n k"]
) -> tuple[Float[Tensor, "n d"], Float[Tensor, "d k"], Float[Tensor, " k"]]:
    """Return (U Wᵀ, Xᵀ U, Σ_i U_i): the bias was added to every row, so every row counts.

    Source: Goodfellow, Bengio and Courville, Deep Learning, section 6.5.6.
    """
    return U @ W.T, X.T @ U, U.sum(dim=0)


def total_jvp(dx: Float[Tensor, "*shape"]) -> Float[Tensor, ""]:
    """Return Σ dx_i, the JVP of x ↦ Σ x_i, which is linear.

    Source: Baydin, Pearlmutter, Radul and Siskind, Automatic Differentiation in Machine Learning,
        JMLR 18 (2018), section 3.1.
    """
    return dx.sum()


def total_vjp(x: Float[Tensor, "*shape"], u: Float[Tensor, ""]) -> Float[Tensor, "*shape"]:
    """Return u for every entry of x: a sum hands its cotangent to each of its terms.

    Source: Baydin, Pearlmutter, Radul and Siskind, JMLR 18 (2018), section 3.2.
    """
    return u.expand_as(x).clone()


def squared_norm_jvp(x: Float[Tensor, "*shape"], dx: Float[Tensor, "*shape"]) -> Float[Tensor, ""]:
    """Return 2 ⟨x, dx⟩, the JVP of x ↦ ‖x‖²; it is 0 at x = 0.

    Source: Petersen and Pedersen, The Matrix Cookbook (2012), equation (131).
    """
    return 2 * (x * dx).sum()


def squared_norm_vjp(x: Float[Tensor, "*shape"], u: Float[Tensor, ""]) -> Float[Tensor, "*shape"]:
    """Return 2 u x.

    Source: Petersen and Pedersen, The Matrix Cookbook (2012), equation (131).
    """
    return 2 * u * x


def sigmoid_jvp(x: Float[Tensor, "*shape"], dx: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """Return σ(x) σ(−x) dx, entry for entry, with σ(x) = 1/(1 + e^(−x)).

    σ' = σ(1 − σ); written with σ(−x), since 1 − σ(x) rounds to 0 for x > 37. J is diagonal, so the
    VJP is the same function.

    Source: Bishop, Pattern Recognition and Machine Learning, equation (4.88).
    """
    return torch.sigmoid(x) * torch.sigmoid(-x) * dx


sigmoid_vjp = sigmoid_jvp


def softmax_jvp(x: Float[Tensor, "*b n"], dx: Float[Tensor, "*b n"]) -> Float[Tensor, "*b n"]:
    """Return p ⊙ (dx − ⟨p, dx⟩) along the last axis, with p = softmax(x).

    J = diag(p) − p pᵀ is never built. It is symmetric, so the VJP is the same function.

    Source: Bishop, Pattern Recognition and Machine Learning, equation (4.106).
    """
    p = torch.softmax(x, dim=-1)
    return p * (dx - (p * dx).sum(dim=-1, keepdim=True))


softmax_vjp = softmax_jvp


def log_sum_exp_jvp(x: Float[Tensor, "*b n"], dx: Float[Tensor, "*b n"]) -> Float[Tensor, "*b"]:
    """Return ⟨softmax(x), dx⟩ along the last axis, the JVP of log Σ_i e^(x_i).

    Source: Boyd and Vandenberghe, Convex Optimization, section 3.1.5.
    """
    return (torch.softmax(x, dim=-1) * dx).sum(dim=-1)


def log_sum_exp_vjp(x: Float[Tensor, "*b n"], u: Float[Tensor, "*b"]) -> Float[Tensor, "*b n"]:
    """Return u softmax(x) along the last axis: one cotangent for each vector of the batch.

    Source: Boyd and Vandenberghe, Convex Optimization, section 3.1.5.
    """
    return u[..., None] * torch.softmax(x, dim=-1)


# -- layouts and the chain rule --------------------------------------------------------------------


def chain(Js: Sequence[Float[Tensor, "_ _"]], layout: str) -> Float[Tensor, "_ _"]:
    """Return the Jacobian of f_L ∘ … ∘ f_1 from those of f_1, …, f_L, the first applied first.

    `numerator` layout has J_k = (∂y_i/∂x_j), outputs × inputs, and the product J_L ⋯ J_1;
    `denominator` layout has the transposes and the product J_1ᵀ ⋯ J_Lᵀ, in the reverse order. The
    product is formed from its narrower end: from the output for a loss, which is reverse mode.

    Raises:
        ValueError: `layout` is neither, `Js` is empty, or neighbours do not fit.

    Source: Magnus and Neudecker, Matrix Differential Calculus, 3rd ed., sections 5.12 and 9.3;
        the cost: Griewank and Walther, Evaluating Derivatives, 2nd ed., section 3.2.
    """
    if layout not in ("numerator", "denominator"):
        raise ValueError(f"layout must be numerator or denominator, got {layout!r}")
    if not Js:
        raise ValueError("the chain must have at least one Jacobian, got none")
    factors = list(reversed(Js)) if layout == "numerator" else list(Js)  # as they stand on paper
    for left, right in pairwise(factors):
        if left.shape[1] != right.shape[0]:
            raise ValueError(
                f"neighbours must fit in {layout} layout, "
                f"got {tuple(left.shape)} times {tuple(right.shape)}"
            )
    if factors[0].shape[0] > factors[-1].shape[1]:  # a column at the right end: begin there
        product = factors[-1]
        for factor in reversed(factors[:-1]):
            product = factor @ product
        return product
    product = factors[0]
    for factor in factors[1:]:
        product = product @ factor
    return product
