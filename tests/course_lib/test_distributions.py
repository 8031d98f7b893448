"""Sampling, log-densities and changes of variables: by hand, by SciPy and torch, by their laws."""

import math

import mpmath
import numpy as np
import pytest
import scipy.stats
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.testing import assert_close

from course_lib.distributions import (
    gaussian_logpdf,
    inverse_cdf,
    lognormal_logpdf,
    mixture_logpdf,
    push_forward,
    sample_categorical,
)

LARGEST = 1 - 2.0**-53  # the largest float64 below 1


def tensor(*entries):
    return torch.tensor(entries, dtype=torch.float64)


def normal(*shape, seed=0, dtype=torch.float64):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def covariance(d, seed=0, dtype=torch.float64):
    A = normal(d, d, seed=seed)
    return (A @ A.T + torch.eye(d)).to(dtype)


def standard_normal(x):
    return -0.5 * x**2 - 0.5 * math.log(2 * math.pi)


def test_classes_by_hand():
    u = tensor([0.0, 0.2, 0.25], [0.5, 0.75, 0.99])

    assert inverse_cdf(tensor(0.25, 0.25, 0.5), u).tolist() == [[0, 0, 1], [2, 2, 2]]


def test_a_class_of_probability_zero_never_comes():
    u = tensor(0.0, 0.5, LARGEST)

    assert inverse_cdf(tensor(0, 0.5, 0, 0, 0.5, 0), u).tolist() == [1, 4, 4]


@pytest.mark.parametrize("k", [3, 6, 7, 10, 49, 1000])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_rounding_leaves_no_number_without_a_class(k, dtype):
    probs = torch.full((k,), 1 / k, dtype=dtype)
    last = 1 - torch.finfo(dtype).eps / 2

    assert inverse_cdf(probs, torch.tensor([0, last], dtype=dtype)).tolist() == [0, k - 1]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=8).filter(any), st.integers(0, 10**6))
def test_class_is_the_first_whose_sum_exceeds_u(counts, millionths):
    probs, u = tensor(*counts) / sum(counts), min(millionths / 10**6, LARGEST)

    (j,) = inverse_cdf(probs, tensor(u)).tolist()

    assert sum(counts[:j]) <= (u + 1e-12) * sum(counts)
    assert (u - 1e-12) * sum(counts) < sum(counts[: j + 1])
    assert counts[j] > 0


@pytest.mark.parametrize("probs", [(0.5, 0.4), (1.5, -0.5), (math.nan, 1.0)])
def test_what_is_no_distribution_is_refused(probs):
    with pytest.raises(ValueError, match="probs must be nonnegative and sum to 1, got"):
        inverse_cdf(tensor(*probs), tensor(0.5))


def test_samples_have_the_shape_and_the_frequencies():
    probs = tensor(0.1, 0.2, 0.0, 0.3, 0.4)

    y = sample_categorical(probs, (100, 20, 10), torch.Generator().manual_seed(0))

    assert y.shape == (100, 20, 10)
    observed = torch.bincount(y.flatten(), minlength=5).numpy()
    assert observed[2] == 0
    seen, wanted = np.delete(observed, 2), 20_000 * np.array([0.1, 0.2, 0.3, 0.4])
    assert scipy.stats.chisquare(seen, wanted).pvalue > 1e-6


def test_generator_decides_the_samples():
    probs = tensor(0.3, 0.7)

    first, second, third = (
        sample_categorical(probs, (50,), torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)
    )

    assert torch.equal(first, second)
    assert not torch.equal(first, third)


def test_standard_normal_by_hand():
    log_densities = gaussian_logpdf(tensor([0.0], [2.0]), tensor(0.0), tensor([1.0]))

    assert_close(log_densities, tensor(0, -2) - 0.5 * math.log(2 * math.pi))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("d", [1, 2, 5])
def test_gaussian_agrees_with_scipy_and_torch(d, dtype):
    X, mean = normal(7, d, seed=1, dtype=dtype), normal(d, seed=2, dtype=dtype)
    cov = covariance(d, seed=3, dtype=dtype)

    ours = gaussian_logpdf(X, mean, cov)

    assert ours.dtype == dtype
    x, mu, S = (t.double().numpy() for t in (X, mean, cov))
    frozen = scipy.stats.multivariate_normal(mu, S)  # pyright: ignore[reportArgumentType]  # SciPy's stub takes a number only
    expected = torch.from_numpy(frozen.logpdf(x))
    assert_close(ours.double(), expected, rtol=1e-5 if dtype == torch.float32 else 1e-12, atol=0.0)
    assert_close(ours, torch.distributions.MultivariateNormal(mean, cov).log_prob(X))


def test_gaussian_in_thirty_digits():
    x, mean, cov = tensor([3.0, -1.0]), tensor(0.5, 0.25), tensor([2.0, 0.6], [0.6, 0.3])
    with mpmath.workdps(30):
        S, r = mpmath.matrix(cov.tolist()), mpmath.matrix((x[0] - mean).tolist())
        form = (r.T * S**-1 * r)[0]
        exact = -(form + mpmath.log(mpmath.det(S)) + 2 * mpmath.log(2 * mpmath.pi)) / 2

    # det Σ = 0.24 comes from a difference: the condition number of Σ is 22.
    assert gaussian_logpdf(x, mean, cov).item() == pytest.approx(float(exact), rel=1e-13)


def test_many_dimensions_and_tiny_variances_do_not_vanish():
    d, variance = 400, 1e-6

    log_density = gaussian_logpdf(torch.zeros(d), torch.zeros(d), variance * torch.eye(d))

    assert log_density.item() == pytest.approx(-d / 2 * math.log(2 * math.pi * 1e-6), rel=1e-6)


@pytest.mark.parametrize("scale", [1e-150, 1e-8, 1e8, 1e150])
def test_scaling_the_variable_shifts_the_log_density(scale):
    X, mean, cov = normal(5, 3, seed=4), normal(3, seed=5), covariance(3, seed=6)

    scaled = gaussian_logpdf(scale * X, scale * mean, scale * (scale * cov))

    assert_close(scaled, gaussian_logpdf(X, mean, cov) - 3 * math.log(scale), rtol=1e-12, atol=0.0)


@pytest.mark.parametrize(
    "cov", [[[1.0, 2.0], [2.0, 1.0]], [[1.0, 0.0], [0.0, 0.0]], [[1.0, 0.5], [0.0, 1.0]]]
)
def test_what_is_no_covariance_is_refused(cov):
    with pytest.raises(ValueError, match="cov must be symmetric positive definite, got"):
        gaussian_logpdf(torch.zeros(1, 2, dtype=torch.float64), tensor(0.0, 0.0), tensor(*cov))


def test_mixture_is_the_weighted_sum():
    X, means = normal(6, 2, seed=7), normal(3, 2, seed=8)
    covs, weights = torch.stack([covariance(2, seed) for seed in (1, 2, 3)]), tensor(0.2, 0.5, 0.3)

    total = torch.zeros(6, dtype=torch.float64)
    for w, m, S in zip(weights, means, covs, strict=True):
        total += w * gaussian_logpdf(X, m, S).exp()

    assert_close(mixture_logpdf(X, weights, means, covs), total.log())
    torchs = torch.distributions.MixtureSameFamily(
        torch.distributions.Categorical(weights),
        torch.distributions.MultivariateNormal(means, covs),
    )
    assert_close(mixture_logpdf(X, weights, means, covs), torchs.log_prob(X))


def test_mixture_survives_far_away_and_without_weight():
    means, covs = tensor([0.0], [1000.0]), torch.ones(2, 1, 1, dtype=torch.float64)

    far = mixture_logpdf(tensor([-1000.0]), tensor(0.5, 0.5), means, covs)
    alone = mixture_logpdf(tensor([3.0]), tensor(1.0, 0.0), means, covs)

    assert far.item() == pytest.approx(-500_000 - math.log(2) - 0.5 * math.log(2 * math.pi))
    assert alone.item() == pytest.approx(-4.5 - 0.5 * math.log(2 * math.pi))


def test_weights_that_are_none_are_refused():
    means, covs = torch.zeros(2, 1), torch.ones(2, 1, 1)
    with pytest.raises(ValueError, match="weights must be nonnegative and sum to 1, got"):
        mixture_logpdf(torch.zeros(1, 1), torch.tensor([0.5, 0.6]), means, covs)


def test_a_batch_of_points_keeps_its_axes():
    X, mean, cov = normal(2, 3, 4, seed=9), normal(4), covariance(4)

    log_densities = gaussian_logpdf(X, mean, cov)

    assert log_densities.shape == (2, 3)
    assert_close(log_densities[1, 2], gaussian_logpdf(X[1, 2], mean, cov))


@pytest.mark.parametrize("slope", [2.0, -0.5])
def test_an_affine_map_gives_a_normal_density(slope):
    pushed = push_forward(
        standard_normal, lambda y: (y - 3) / slope, lambda y: torch.full_like(y, 1 / slope)
    )
    y = torch.linspace(-4, 8, 7, dtype=torch.float64)

    assert_close(pushed(y), torch.distributions.Normal(3.0, abs(slope)).log_prob(y))


def test_a_linear_map_of_vectors_turns_the_covariance():
    A, cov = normal(3, 3, seed=10), covariance(3, seed=11)
    inverse = torch.linalg.inv(A)
    pushed = push_forward(
        lambda x: gaussian_logpdf(x, torch.zeros(3, dtype=torch.float64), cov),
        lambda y: y @ inverse.T,
        lambda y: inverse.expand(*y.shape, 3),
    )
    Y, C = normal(5, 3, seed=12), A @ cov @ A.T

    expected = gaussian_logpdf(Y, torch.zeros(3, dtype=torch.float64), (C + C.T) / 2)
    assert_close(pushed(Y), expected, rtol=1e-10, atol=0.0)


def test_there_and_back_is_nothing():
    there = push_forward(standard_normal, torch.asinh, lambda y: 1 / (1 + y**2).sqrt())
    back = push_forward(there, torch.sinh, torch.cosh)
    x = torch.linspace(-3, 3, 13, dtype=torch.float64)

    assert_close(back(x), standard_normal(x))


@pytest.mark.parametrize(("mu", "sigma"), [(0.0, 1.0), (-2.0, 0.25), (5.0, 3.0)])
def test_lognormal_agrees_with_scipy_and_integrates_to_one(mu, sigma):
    y = torch.exp(mu + sigma * torch.linspace(-12, 12, 4001, dtype=torch.float64))

    log_densities = lognormal_logpdf(y, mu, sigma)

    expected = scipy.stats.lognorm.logpdf(y.numpy(), s=sigma, scale=math.exp(mu))
    assert_close(log_densities, torch.from_numpy(expected), rtol=1e-12, atol=1e-12)
    # By log y, where the integrand y p(y) is smooth: the trapezoidal sum is exact to 1e-12.
    assert torch.trapezoid(log_densities.exp() * y, y.log()).item() == pytest.approx(1, abs=1e-12)


def test_lognormal_outside_its_support():
    assert lognormal_logpdf(tensor(-1.0, 0.0, 1.0), 0.0, 1.0).tolist() == [
        -math.inf, -math.inf, pytest.approx(-0.5 * math.log(2 * math.pi))
    ]  # fmt: skip
    with pytest.raises(ValueError, match="sigma must be positive, got 0"):
        lognormal_logpdf(tensor(1.0), 0.0, 0.0)


@pytest.mark.cuda
def test_distributions_agree_on_cpu_and_cuda():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    X, mean, cov = normal(5, 3, seed=1), normal(3, seed=2), covariance(3, seed=3)
    probs, u = tensor(0.2, 0.3, 0.5), torch.rand(100, dtype=torch.float64)

    on_gpu = gaussian_logpdf(X.cuda(), mean.cuda(), cov.cuda())
    assert on_gpu.is_cuda
    assert_close(on_gpu.cpu(), gaussian_logpdf(X, mean, cov))
    assert torch.equal(inverse_cdf(probs.cuda(), u.cuda()).cpu(), inverse_cdf(probs, u))
    drawn = sample_categorical(probs.cuda(), (10,), torch.Generator("cuda").manual_seed(0))
    assert drawn.is_cuda
    y = X.abs().flatten()
    assert_close(lognormal_logpdf(y.cuda(), 0.5, 2.0).cpu(), lognormal_logpdf(y, 0.5, 2.0))
