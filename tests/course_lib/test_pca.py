"""Principal components by hand, against scikit-learn and the eigenvectors of the covariance."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import decomposition
from torch.testing import assert_close

from course_lib.pca import fit_pca, with_positive_peak

DTYPES = pytest.mark.parametrize("dtype", [torch.float32, torch.float64])


def f64(values):
    return torch.tensor(values, dtype=torch.float64)


def data(n, d, seed=0, dtype=torch.float64):
    """Rows with a mean and with columns of different scale."""
    X = torch.randn(n, d, generator=torch.Generator().manual_seed(seed), dtype=dtype)
    return X * torch.arange(1, d + 1, dtype=dtype) + 10


def test_points_on_a_line_by_hand():
    X = f64([[1.0, 2], [4, 6], [7, 10]])

    pca = fit_pca(X, 2)

    assert_close(pca.mean, f64([4.0, 6]))
    assert_close(pca.components[0], f64([0.6, 0.8]))
    assert_close(pca.explained_variance, f64([25.0, 0]))
    assert_close(pca.explained_variance_ratio, f64([1.0, 0]))
    assert_close(pca.transform(X)[:, 0], f64([-5.0, 0, 5]))


@DTYPES
@pytest.mark.parametrize(("n", "d", "k"), [(20, 5, 3), (20, 5, 5), (4, 9, 2), (2, 1, 1)])
def test_agrees_with_scikit_learn(n, d, k, dtype):
    X, new = data(n, d, dtype=dtype), data(7, d, seed=1, dtype=dtype)
    theirs = decomposition.PCA(k, svd_solver="full").fit(X.numpy())

    pca = fit_pca(X, k)

    rtol, atol = (1e-3, 1e-3) if dtype == torch.float32 else (1e-7, 1e-7)
    expected = with_positive_peak(torch.tensor(theirs.components_))
    assert pca.components.dtype == dtype
    scores = torch.tensor(theirs.transform(new.numpy()))
    for ours, sklearns in (
        (pca.components, expected),
        (pca.explained_variance, torch.tensor(theirs.explained_variance_)),
        (pca.explained_variance_ratio, torch.tensor(theirs.explained_variance_ratio_)),
        (pca.transform(new).abs(), scores.abs()),
    ):
        assert_close(ours, sklearns, rtol=rtol, atol=atol)


def test_agrees_with_the_eigenvectors_of_the_covariance():
    X = data(30, 4)
    variance, Q = torch.linalg.eigh(torch.cov(X.T))

    pca = fit_pca(X, 4)

    assert_close(pca.explained_variance, variance.flip(0))
    assert_close(pca.components, with_positive_peak(Q.T.flip(0)))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), k=st.integers(1, 4))
def test_laws(seed, k):
    X = data(9, 4, seed)
    pca = fit_pca(X, k)
    Z = pca.transform(X)

    assert_close(pca.components @ pca.components.T, torch.eye(k).double())
    assert_close(Z.mean(dim=0), torch.zeros(k).double(), rtol=0, atol=1e-12)
    assert_close(torch.cov(Z.T).reshape(k, k), torch.diag(pca.explained_variance), atol=1e-11,
                 rtol=1e-11)  # fmt: skip
    assert_close(pca.transform(pca.inverse_transform(Z)), Z)
    lost = (X - pca.inverse_transform(X @ pca.components.T - pca.mean @ pca.components.T)) ** 2
    assert_close(lost.sum() / 8, pca.total_variance - pca.explained_variance.sum())


def test_data_far_from_the_origin_keeps_its_directions():
    X = data(20, 3)

    assert_close(fit_pca(X + 1e6, 2).components, fit_pca(X, 2).components, rtol=1e-7, atol=1e-7)


def test_data_without_variance_has_no_shares():
    pca = fit_pca(torch.ones(3, 2), 1)

    assert pca.explained_variance.tolist() == [0]
    assert pca.explained_variance_ratio.isnan().all()


def test_a_variance_of_one_row_is_refused():
    with pytest.raises(ValueError, match="a variance needs at least 2 rows, got 1"):
        fit_pca(torch.ones(1, 3), 1)


@pytest.mark.parametrize("k", [0, 4])
def test_a_number_of_components_that_cannot_be_is_refused(k):
    with pytest.raises(ValueError, match="k must be between 1 and 3, got"):
        fit_pca(data(5, 3), k)


@pytest.mark.cuda
def test_pca_agrees_on_cpu_and_cuda():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    X = data(20, 5)

    pca = fit_pca(X.cuda(), 3)

    assert pca.components.is_cuda
    assert_close(pca.components.cpu(), fit_pca(X, 3).components)
    assert_close(pca.transform(X.cuda()).cpu(), fit_pca(X, 3).transform(X))
