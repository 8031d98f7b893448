"""Low rank, power iteration and Givens QR by hand, against torch and NumPy, and by their laws."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.testing import assert_close

from course_lib.svd import givens_qr, low_rank, power_svd

DTYPES = pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
SHAPES = pytest.mark.parametrize("shape", [(4, 4), (3, 6), (6, 3), (1, 5), (5, 1), (1, 1)])


def f64(values):
    return torch.tensor(values, dtype=torch.float64)


def matrix(*shape, seed=0, dtype=torch.float64):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def with_spectrum(sigma, m, n, seed=0, dtype=torch.float64):
    """A random matrix with these singular values."""
    U, V = (torch.linalg.qr(matrix(s, s, seed=seed + s))[0] for s in (m, n))
    S = f64(sigma)
    return (U[:, : len(S)] * S @ V[:, : len(S)].T).to(dtype)


def generator():
    return torch.Generator().manual_seed(7)


def test_low_rank_by_hand():
    A = f64([[0.0, 3, 0], [2, 0, 0], [0, 0, -5]])

    assert_close(low_rank(A, 1), torch.diag(f64([0.0, 0, -5])))
    assert_close(low_rank(A, 2), f64([[0.0, 3, 0], [0, 0, 0], [0, 0, -5]]))


@DTYPES
@SHAPES
def test_errors_are_those_of_eckart_and_young(shape, dtype):
    A = matrix(*shape, dtype=dtype)
    S = np.linalg.svd(A.numpy(), compute_uv=False)
    rtol, atol = (1e-4, 1e-5) if dtype == torch.float32 else (1e-12, 1e-14)

    for k in range(min(shape) + 1):
        rest = (A - low_rank(A, k)).numpy()
        assert rest.dtype == A.numpy().dtype
        for norm, expected in (
            (np.linalg.norm(rest, 2), S[k] if k < len(S) else 0),
            (np.linalg.norm(rest), np.linalg.norm(S[k:])),
        ):
            assert float(norm) == pytest.approx(float(expected), rel=rtol, abs=atol)


@pytest.mark.parametrize("scale", [1e150, 1e-150])
def test_low_rank_of_extreme_scales(scale):
    A = matrix(4, 3)

    assert_close(low_rank(A * scale, 2) / scale, low_rank(A, 2), rtol=1e-10, atol=1e-12)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), k=st.integers(0, 4))
def test_no_matrix_of_the_rank_is_nearer(seed, k):
    A = matrix(5, 4, seed=seed)
    other = matrix(5, k, seed=seed + 1) @ matrix(k, 4, seed=seed + 2)

    for order in (2, "fro"):
        best = torch.linalg.matrix_norm(A - low_rank(A, k), order)
        assert best <= torch.linalg.matrix_norm(A - other, order) * (1 + 1e-12)


def test_low_rank_of_a_batch():
    A = matrix(2, 3, 5, 4)

    assert_close(low_rank(A, 2)[1, 2], low_rank(A[1, 2], 2))


def test_low_rank_of_an_empty_matrix():
    assert low_rank(torch.empty(0, 3), 0).shape == (0, 3)


@pytest.mark.parametrize("k", [-1, 4])
def test_a_rank_that_cannot_be_is_refused(k):
    with pytest.raises(ValueError, match="k must be between 0 and 3, got"):
        low_rank(matrix(3, 5), k)


def check_triples(A, k, rtol):
    """Orthonormal vectors, A v = σ u, Aᵀu = σ v, and σ as LAPACK has them."""
    U, S, Vh = power_svd(A, k, generator())
    eye, scale = torch.eye(k, dtype=A.dtype), S[0].item()
    assert U.dtype == S.dtype == Vh.dtype == A.dtype
    assert_close(U.T @ U, eye, rtol=0, atol=rtol)
    assert_close(Vh @ Vh.T, eye, rtol=0, atol=rtol)
    assert_close(A @ Vh.T, U * S, rtol=0, atol=rtol * scale)
    assert_close(A.T @ U, Vh.T * S, rtol=0, atol=rtol * scale)
    assert_close(S, torch.linalg.svdvals(A)[:k], rtol=0, atol=rtol * scale)


@DTYPES
@SHAPES
def test_power_svd_gives_singular_triples(shape, dtype):
    # The residual that stops it is 4 max(m, n) eps, some 100 eps with deflation.
    check_triples(
        matrix(*shape, dtype=dtype), min(shape), 2e-5 if dtype == torch.float32 else 1e-12
    )


@pytest.mark.parametrize(
    "sigma",
    [(3, 3, 3, 1), (2, 1.999, 1.998, 1), (1e6, 1, 1e-6), (5, 5 - 1e-9, 1), (1, 1, 1, 1)],
)
def test_power_svd_of_clustered_and_wide_spectra(sigma):
    check_triples(with_spectrum(sigma, 6, 5), len(sigma), 1e-10)


def test_power_svd_of_eigenvalues_of_both_signs():
    Q = torch.linalg.qr(matrix(4, 4))[0]
    A = Q * f64([3.0, -3, 2, -1]) @ Q.T

    check_triples(A, 4, 1e-12)


def test_power_svd_of_huge_and_tiny_entries():
    A = matrix(4, 3)
    S = torch.linalg.svdvals(A)

    assert_close(power_svd(A * 1e200, 3, generator())[1] / 1e200, S)
    assert_close(power_svd(A * 1e-200, 3, generator())[1] * 1e200, S)


def test_power_svd_is_the_same_for_the_same_generator():
    A = matrix(5, 4)

    for first, second in zip(
        power_svd(A, 2, generator()), power_svd(A, 2, generator()), strict=True
    ):
        assert torch.equal(first, second)


def test_power_svd_of_nothing():
    U, S, Vh = power_svd(matrix(3, 4), 0, generator())

    assert (U.shape, S.shape, Vh.shape) == ((3, 0), (0,), (0, 4))


@pytest.mark.parametrize("k", [-1, 4])
def test_a_number_of_triples_that_cannot_be_is_refused(k):
    with pytest.raises(ValueError, match="k must be between 0 and 3, got"):
        power_svd(matrix(3, 5), k, generator())


@pytest.mark.parametrize("rank", [0, 2])
def test_more_triples_than_the_rank_are_refused(rank):
    A = matrix(5, rank) @ matrix(rank, 4, seed=1)

    with pytest.raises(ValueError, match=f"must not exceed the rank of A, got 3 for rank {rank}"):
        power_svd(A, 3, generator())


def test_givens_qr_by_hand():
    A = f64([[3.0, 5], [4, 0]])

    Q, R = givens_qr(A)

    assert_close(Q, f64([[0.6, -0.8], [0.8, 0.6]]))
    assert_close(R, f64([[5.0, 3], [0, -4]]))


@DTYPES
@pytest.mark.parametrize("shape", [(4, 4), (3, 6), (6, 3), (5, 5), (1, 5), (5, 1), (1, 1), (0, 2)])
def test_givens_qr_meets_its_definition(shape, dtype):
    A = matrix(*shape, dtype=dtype)
    before = A.clone()
    atol = 1e-5 if dtype == torch.float32 else 1e-13

    Q, R = givens_qr(A)

    assert torch.equal(A, before)
    assert_close(Q @ R, A, rtol=0, atol=atol)
    assert_close(Q.T @ Q, torch.eye(shape[0], dtype=dtype), rtol=0, atol=atol)
    assert torch.linalg.det(Q).item() == pytest.approx(1, abs=1e-5)
    assert torch.equal(R, R.triu())
    assert (R.diagonal()[: shape[0] - 1] >= 0).all()


def test_givens_qr_agrees_with_torch_up_to_signs():
    A = matrix(6, 4)

    assert_close(givens_qr(A)[1].abs()[:4], torch.linalg.qr(A)[1].abs())


@pytest.mark.parametrize(
    "A", [[[0.0, 0], [0, 0]], [[0.0, 1], [0, 2], [0, 3]], [[0.0, 0], [1, 0]], [[1.0, 2], [0, 0]]]
)
def test_givens_qr_of_zeros_and_of_less_than_full_rank(A):
    Q, R = givens_qr(f64(A))

    assert_close(Q @ R, f64(A))
    assert_close(torch.linalg.det(Q).item(), 1.0)


def test_givens_qr_of_extreme_entries():
    Q, R = givens_qr(f64([[3e200, 1], [4e200, 1]]))

    assert R[0, 0].item() == pytest.approx(5e200)
    assert math.isfinite(Q.sum().item())


@pytest.mark.cuda
def test_svd_agrees_on_cpu_and_cuda():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    A = matrix(6, 4)

    assert_close(low_rank(A.cuda(), 2).cpu(), low_rank(A, 2))
    on_cpu, on_cuda = power_svd(A, 3, generator()), power_svd(A.cuda(), 3, generator())
    for first, second in zip(on_cpu + givens_qr(A), on_cuda + givens_qr(A.cuda()), strict=True):
        assert second.is_cuda
        assert_close(second.cpu(), first)
