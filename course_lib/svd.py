"""The singular value decomposition: low rank, power iteration, and QR by plane rotations."""

import torch
from jaxtyping import Float
from torch import Tensor

from course_lib.special_matrices import givens_coefficients


def low_rank(A: Float[Tensor, "*batch m n"], k: int) -> Float[Tensor, "*batch m n"]:
    """Return the matrix of rank at most k that is nearest to A.

    A = Σ_i σ_i u_i v_iᵀ, and A_k keeps the k largest σ_i. Then ‖A - A_k‖₂ = σ_{k+1} and
    ‖A - A_k‖_F = (Σ_{i>k} σ_i²)^(1/2), and no matrix of rank k does better in either norm. For
    k = 0 it is 0. Where σ_k = σ_{k+1} there is more than one nearest matrix.

    Raises:
        ValueError: k is not between 0 and min(m, n).

    Source: Golub and Van Loan, Matrix Computations, 4th ed., theorem 2.4.8 (Eckart and Young).
    """
    most = min(A.shape[-2:])
    if not 0 <= k <= most:
        raise ValueError(f"k must be between 0 and {most}, got {k}")
    U, S, Vh = torch.linalg.svd(A, full_matrices=False)
    return (U[..., :k] * S[..., None, :k]) @ Vh[..., :k, :]  # (m, k) * (1, k) @ (k, n) -> (m, n)


def power_svd(
    A: Float[Tensor, "m n"],
    k: int,
    generator: torch.Generator,
    max_steps: int = 20_000,
) -> tuple[Float[Tensor, "m k"], Float[Tensor, " k"], Float[Tensor, "k n"]]:
    """Return U, S and Vh of the k largest singular values, by power iteration with deflation.

    v ← AᵀA v / ‖AᵀA v‖ turns a random v toward v_1, by the factor (σ_2/σ_1)² a step. Then σ_1 =
    ‖A v_1‖, u_1 = A v_1 / σ_1, and A - σ_1 u_1 v_1ᵀ has the other triples. Each is iterated until
    ‖Aᵀu - σ v‖ is a few roundings of σ_1, or for `max_steps`; within a cluster of equal singular
    values any orthonormal vectors are right, and these are some. Slower than LAPACK by orders of
    magnitude, which reduces all of A at once: it is here because it is the whole idea in one line,
    and because it needs nothing of A but products.

    Raises:
        ValueError: k is not between 0 and min(m, n), or exceeds the rank of A.

    Source: Golub and Van Loan, Matrix Computations, 4th ed., section 7.3.1 for AᵀA; the deflation:
        Hotelling, Analysis of a Complex of Statistical Variables into Principal Components (1933).
    """
    if not 0 <= k <= min(A.shape):
        raise ValueError(f"k must be between 0 and {min(A.shape)}, got {k}")
    U, S, V = A.new_empty(A.shape[0], k), A.new_empty(k), A.new_empty(A.shape[1], k)
    # AᵀA has the squares of A's entries, which may overflow or vanish: iterate with A / max |a_ij|.
    scale = A.abs().amax() if k else A.new_tensor(1.0)
    rest = A / scale if scale > 0 else A
    rounding = 4 * max(A.shape) * torch.finfo(A.dtype).eps
    for j in range(k):
        start = torch.randn(A.shape[1], generator=generator, dtype=A.dtype, device=generator.device)
        v = _dominant_direction(rest, start.to(A.device), V[:, :j], max_steps, rounding)
        sigma = torch.linalg.vector_norm(rest @ v)
        if sigma <= rounding * (S[0] if j else 1.0):
            raise ValueError(f"k must not exceed the rank of A, got {k} for rank {j}")
        u = rest @ v / sigma
        u = _away_from(u, U[:, :j])
        U[:, j], S[j], V[:, j] = u, sigma, v
        rest = rest - sigma * torch.outer(u, v)
    S, order = S.sort(descending=True)  # a cluster may be met in any order
    return U[:, order], S * scale, V[:, order].T


def givens_qr(A: Float[Tensor, "m n"]) -> tuple[Float[Tensor, "m m"], Float[Tensor, "m n"]]:
    """Return Q and R with A = Q R, Q orthogonal with det Q = +1, and R upper triangular.

    Column by column, from the bottom up, a rotation of the rows i - 1 and i turns the entry (i, j)
    into exactly 0; Q collects the rotations' transposes. The diagonal of R is not negative, but
    for its last entry where m ≤ n: no rotation is left for it. Rotations change two rows each, and
    Python calls each of the some m n of them: hundreds of times slower than LAPACK's reflections,
    for the sake of being read.

    Source: Golub and Van Loan, Matrix Computations, 4th ed., algorithm 5.2.4.
    """
    m, n = A.shape
    Q, R = torch.eye(m, dtype=A.dtype, device=A.device), A.clone()
    for j in range(min(m - 1, n)):
        for i in range(m - 1, j, -1):
            c, s = givens_coefficients(R[i - 1, j], R[i, j])
            G = torch.stack([torch.stack([c, s]), torch.stack([-s, c])])
            R[i - 1 : i + 1] = G @ R[i - 1 : i + 1]  # (2, 2) @ (2, n)
            Q[:, i - 1 : i + 1] = Q[:, i - 1 : i + 1] @ G.T  # (m, 2) @ (2, 2)
            R[i, j] = 0  # by construction; the product leaves a rounding
    return Q, R


def _dominant_direction(
    A: Float[Tensor, "m n"],
    v: Float[Tensor, " n"],
    known: Float[Tensor, "n j"],
    max_steps: int,
    rounding: float,
) -> Float[Tensor, " n"]:
    """The v of unit length with AᵀA v ≈ σ² v for the largest σ, orthogonal to what is known."""
    v = _away_from(v, known)
    for _ in range(max_steps):
        w = A.T @ (A @ v)
        length = torch.linalg.vector_norm(w)
        if length == 0:
            break
        # ‖AᵀA v - ‖AᵀA v‖ v‖ = σ ‖Aᵀu - σ v‖, so this is the relative residual of the triple
        converged = torch.linalg.vector_norm(w - length * v) <= rounding * length
        v = _away_from(w, known)
        if converged:
            break
    return v


def _away_from(v: Float[Tensor, " n"], known: Float[Tensor, "n j"]) -> Float[Tensor, " n"]:
    """v without its components along the orthonormal columns known, of unit length.

    Deflation removes them already; rounding brings them back, and power iteration lets them grow.
    """
    v = v - known @ (known.T @ v)
    length = torch.linalg.vector_norm(v)
    return v / length if length > 0 else v
