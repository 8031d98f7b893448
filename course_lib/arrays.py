"""Grids, design matrices, and the matrix product at several levels."""

import torch
from jaxtyping import Float, Shaped
from torch import Tensor


def grid(a: int | float, b: int | float, step: int | float) -> Float[Tensor, " n"]:
    """Return a, a + step, ..., b in float64, with both ends.

    (b − a)/step has to be a whole number but for rounding, which is undone: the points are counted
    first, so that none is lost or added where the step, like 0.1, is not exact in binary.

    Raises:
        ValueError: step is not positive, b < a, or the step does not divide b − a.

    Source: D. Goldberg, What Every Computer Scientist Should Know About Floating-Point Arithmetic,
        ACM Computing Surveys 23 (1991), section 1.
    """
    if not step > 0:
        raise ValueError(f"step must be positive, got {step}")
    if not b >= a:
        raise ValueError(f"b must be at least a, got a = {a} and b = {b}")
    intervals = round((b - a) / step)
    if abs(intervals * step - (b - a)) > 1e-9 * max(abs(a), abs(b), step):
        raise ValueError(f"step must divide b - a, got {step} for the length {b - a}")
    return torch.linspace(a, b, intervals + 1, dtype=torch.float64)


def design_matrix(x: Shaped[Tensor, " n"], d: int) -> Float[Tensor, "n d"]:
    """Return the matrix with the entries x_i^j, j = 1, ..., d: no column of ones.

    Integers become float64 before the power is taken: 10^20 does not fit into 64 bits.

    Raises:
        ValueError: d is negative.

    Source: Bishop, Pattern Recognition and Machine Learning, section 1.1 (polynomial curve fitting)
        and equation (3.16) (the design matrix).
    """
    if d < 0:
        raise ValueError(f"d must not be negative, got {d}")
    x = x if x.is_floating_point() else x.to(torch.float64)
    powers = torch.arange(1, d + 1, device=x.device)
    return x[:, None] ** powers  # (n, 1) ** (d,) -> (n, d)


def gemm_accumulate(
    A: Float[Tensor, "m k"], B: Float[Tensor, "k n"], C: Float[Tensor, "m n"]
) -> Float[Tensor, "m n"]:
    """Change C into A B + C where it stands, and return it.

    No other matrix of C's size is made. Where A or B shares memory with C, its old values count.

    Source: Dongarra, Du Croz, Hammarling and Duff, A Set of Level 3 Basic Linear Algebra
        Subprograms, ACM TOMS 16 (1990), the routine GEMM with α = β = 1.
    """
    A = A.clone() if _shares_memory(A, C) else A
    B = B.clone() if _shares_memory(B, C) else B
    return C.addmm_(A, B)


def matmul_dots(A: Float[Tensor, "m k"], B: Float[Tensor, "k n"]) -> Float[Tensor, "m n"]:
    """Return A B by m·n dot products: c_ij is row i of A times column j of B.

    A thousand times slower than `A @ B` for 40 rows and columns: m·n calls instead of one are what
    this function shows.

    Source: Golub and Van Loan, Matrix Computations, 4th ed., section 1.1.11.
    """
    C = A.new_empty(A.shape[0], B.shape[1])
    for i in range(A.shape[0]):
        for j in range(B.shape[1]):
            C[i, j] = A[i] @ B[:, j]  # (k,) @ (k,) -> ()
    return C


def matmul_columns(A: Float[Tensor, "m k"], B: Float[Tensor, "k n"]) -> Float[Tensor, "m n"]:
    """Return A B by n matrix-vector products: column j of A B is A times column j of B.

    Some forty times slower than `A @ B` for 40 columns, which it shows as `matmul_dots` does.

    Source: Golub and Van Loan, Matrix Computations, 4th ed., section 1.1.12.
    """
    C = A.new_empty(A.shape[0], B.shape[1])
    for j in range(B.shape[1]):
        C[:, j] = A @ B[:, j]  # (m, k) @ (k,) -> (m,)
    return C


def _shares_memory(X: Tensor, Y: Tensor) -> bool:
    """Whether X and Y are views of one storage, so that writing to one may change the other."""
    return X.untyped_storage().data_ptr() == Y.untyped_storage().data_ptr()
