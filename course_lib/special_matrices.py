"""Matrices with a structure: permutations, shifts, Toeplitz, circulant, and plane rotations."""

import torch
from jaxtyping import Float, Int
from torch import Tensor


def permutation_matrix(
    order: Int[Tensor, " n"], dtype: torch.dtype = torch.float64
) -> Float[Tensor, "n n"]:
    """Return the P with p_ij = δ_{π(i) j}, so that (P x)_i = x_{π(i)}, for indices from 0.

    P is orthogonal: P Pᵀ = Pᵀ P = I. P A permutes the rows of A, and A Pᵀ its columns.

    Raises:
        ValueError: `order` does not hold each of 0, ..., n - 1 once.

    Source: Golub and Van Loan, Matrix Computations, 4th ed., section 1.2.8.
    """
    n = order.shape[0]
    if not torch.equal(order.sort().values, torch.arange(n, device=order.device).to(order.dtype)):
        raise ValueError(f"order must hold each of 0, ..., {n - 1} once, got {order.tolist()}")
    return torch.eye(n, dtype=dtype, device=order.device)[order]


def cyclic_shift(
    n: int, dtype: torch.dtype = torch.float64, device: torch.device | str = "cpu"
) -> Float[Tensor, "n n"]:
    """Return the P with (P x)_i = x_{i-1}, and (P x)_0 = x_{n-1}: everything moves down by one.

    Every circulant matrix is a polynomial in P, and P^n = I.

    Raises:
        ValueError: n is less than 1.

    Source: Golub and Van Loan, Matrix Computations, 4th ed., section 1.2.10 (downshift).
    """
    if n < 1:
        raise ValueError(f"n must be at least 1, got {n}")
    return torch.eye(n, dtype=dtype, device=device).roll(1, dims=0)


def toeplitz(column: Float[Tensor, " m"], row: Float[Tensor, " n"]) -> Float[Tensor, "m n"]:
    """Return the T with t_ij = t_{i-j}: its first column and its first row say all.

    A one-dimensional convolution is the product with such a matrix. SciPy fills its own some five
    to ten times faster by copying along strides; the indices here say what the matrix is.

    Raises:
        ValueError: column and row are empty, or disagree about the corner.

    Source: Golub and Van Loan, Matrix Computations, 4th ed., section 4.7.
    """
    m, n = column.shape[0], row.shape[0]
    if m == 0 or n == 0:
        raise ValueError(f"column and row must not be empty, got {m} and {n} entries")
    if column[0] != row[0]:
        raise ValueError(
            f"column and row must agree in the corner, got {column[0].item()} and {row[0].item()}"
        )
    diagonals = torch.cat([row.flip(0), column[1:]])  # t_{-(n-1)}, ..., t_0, ..., t_{m-1}
    i = torch.arange(m, device=column.device)[:, None]
    j = torch.arange(n, device=column.device)
    return diagonals[i - j + n - 1]  # (m, 1) - (n,) -> (m, n)


def circulant(column: Float[Tensor, " n"]) -> Float[Tensor, "n n"]:
    """Return the C with c_ij = c_{(i-j) mod n}: C x is the circular convolution of c and x.

    All circulant matrices commute, and the discrete Fourier transform diagonalises them:
    C = F⁻¹ diag(F c) F. Filled by index like `toeplitz`, some ten times slower than SciPy.

    Source: Golub and Van Loan, Matrix Computations, 4th ed., section 4.8.
    """
    n = column.shape[0]
    i = torch.arange(n, device=column.device)[:, None]
    j = torch.arange(n, device=column.device)
    return column[(i - j) % max(n, 1)]  # (n, 1) - (n,) -> (n, n)


def givens_coefficients(
    a: Float[Tensor, ""], b: Float[Tensor, ""]
) -> tuple[Float[Tensor, ""], Float[Tensor, ""]]:
    """Return c and s with c² + s² = 1 that turn (a, b) onto the first axis.

    [[c, s], [-s, c]] (a, b) = (r, 0) with r = √(a² + b²) ≥ 0; for a = b = 0 nothing turns, c = 1.

    Source: Golub and Van Loan, Matrix Computations, 4th ed., section 5.1.8, with r ≥ 0.
    """
    r = torch.hypot(a, b)  # neither overflows nor vanishes, as a² + b² would
    if r == 0:
        return torch.ones_like(a), torch.zeros_like(a)
    return a / r, b / r


def givens_rotation(
    n: int, i: int, k: int, c: Float[Tensor, ""], s: Float[Tensor, ""]
) -> Float[Tensor, "n n"]:
    """Return the rotation G of the plane of the axes i and k, and of nothing else.

    g_ii = g_kk = c, g_ik = s, g_ki = -s. G is orthogonal with det G = +1 where c² + s² = 1.

    Raises:
        ValueError: i and k are not two different axes among 0, ..., n - 1.

    Source: Golub and Van Loan, Matrix Computations, 4th ed., section 5.1.8.
    """
    if i == k or not (0 <= i < n and 0 <= k < n):
        raise ValueError(f"i and k must be two different axes below {n}, got {i} and {k}")
    G = torch.eye(n, dtype=c.dtype, device=c.device)
    G[i, i] = G[k, k] = c
    G[i, k], G[k, i] = s, -s
    return G
