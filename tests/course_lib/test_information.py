"""Entropies against their definitions: by hand, by SciPy, by torch, and by their laws."""

import math

import numpy as np
import pytest
import scipy.stats
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.testing import assert_close

from course_lib.information import (
    conditional_entropy,
    cross_entropy,
    entropy,
    kl_divergence,
    mutual_information,
)

BASES = (2, math.e, 10, 0.5)


def tensor(*entries, dtype=torch.float64):
    return torch.tensor(entries, dtype=dtype)


def distribution(*shape, seed=0, dtype=torch.float64, zeros=0):
    """Random distributions along the last axis; the first `zeros` entries of each are 0."""
    generator = torch.Generator().manual_seed(seed)
    p = torch.rand(*shape, generator=generator, dtype=torch.float64)
    p[..., :zeros] = 0
    return (p / p.sum(dim=-1, keepdim=True)).to(dtype)


def joint(m, n, seed=0):
    return distribution(m * n, seed=seed).reshape(m, n)


counts = st.lists(st.integers(0, 50), min_size=4, max_size=4).filter(any)


def shares(numbers):
    return torch.tensor(numbers, dtype=torch.float64) / sum(numbers)


@pytest.mark.parametrize(
    ("p", "bits"),
    [
        ([1.0], 0),
        ([1.0, 0.0, 0.0], 0),
        ([0.5, 0.5], 1),
        ([0.125] * 8, 3),
        ([0.5, 0.25, 0.125, 0.125], 1.75),
        ([0.5, 0.0, 0.5], 1),
    ],
)
def test_entropy_by_hand(p, bits):
    assert entropy(tensor(*p), 2).item() == pytest.approx(bits, abs=1e-15)


def test_divergence_and_cross_entropy_by_hand():
    p, q = tensor(0.5, 0.5, 0), tensor(0.25, 0.5, 0.25)

    assert cross_entropy(p, q, 2).item() == 1.5
    assert kl_divergence(p, q, 2).item() == 0.5
    assert kl_divergence(q, p, 2).item() == math.inf


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("base", BASES)
def test_agrees_with_scipy(base, dtype):
    p, q = distribution(5, 7, seed=1, zeros=2, dtype=dtype), distribution(5, 7, seed=2, dtype=dtype)

    # A sum of seven terms of size at most 4.
    tolerance = 2e-6 if dtype == torch.float32 else 4e-15
    H = scipy.stats.entropy(p.double().numpy(), axis=-1, base=base)
    KL = scipy.stats.entropy(p.double().numpy(), q.double().numpy(), axis=-1, base=base)
    for ours, theirs in (
        (entropy(p, base), H),
        (kl_divergence(p, q, base), KL),
        (cross_entropy(p, q, base), H + KL),
    ):
        assert ours.dtype == dtype
        assert_close(ours.double(), torch.from_numpy(theirs), rtol=tolerance, atol=4 * tolerance)


def test_agrees_with_torch():
    p, q = distribution(6, seed=3), distribution(6, seed=4)

    assert_close(entropy(p), torch.distributions.Categorical(p).entropy())
    assert_close(kl_divergence(p, q), torch.nn.functional.kl_div(q.log(), p, reduction="sum"))
    assert_close(cross_entropy(p, q), torch.nn.functional.cross_entropy(q.log(), p))


def test_tiny_probabilities_keep_their_logarithms():
    p, q = tensor(1.0, 0.0), tensor(1e-320, 1.0)

    assert cross_entropy(p, q).item() == pytest.approx(320 * math.log(10), rel=1e-4)  # subnormal
    assert kl_divergence(p, q).item() == pytest.approx(320 * math.log(10), rel=1e-4)
    assert entropy(tensor(1.0, 1e-300)).item() == pytest.approx(690.8e-300, rel=1e-3)


@given(counts, counts)
def test_gibbs(a, b):
    p, q = shares(a), shares(b)

    divergence = kl_divergence(p, q).item()

    assert divergence >= -1e-15
    assert (divergence <= 1e-14) == torch.equal(p, q)  # 1/200 apart: at least 1e-6
    assert kl_divergence(p, p).item() == 0


@given(counts)
def test_entropy_is_largest_at_the_uniform_distribution(a):
    p = shares(a)

    assert -1e-15 <= entropy(p, 2).item() <= 2 + 1e-15
    assert_close(entropy(p), math.log(4) - kl_divergence(p, tensor(0.25, 0.25, 0.25, 0.25)))


@given(counts, counts)
def test_mutual_information_has_four_forms(a, b):
    P = shares(a + b).reshape(2, 4)
    p_x, p_y = P.sum(dim=1), P.sum(dim=0)
    product = torch.outer(p_x, p_y).flatten()

    information = mutual_information(P, 2)

    H_x, H_y, H_xy = entropy(p_x, 2), entropy(p_y, 2), entropy(P.flatten(), 2)
    for form in (
        kl_divergence(P.flatten(), product, 2),
        H_x + H_y - H_xy,
        H_x - conditional_entropy(P, 2),
        H_y - conditional_entropy(P.T, 2),
        mutual_information(P.T, 2),
    ):
        assert_close(information, form, rtol=0.0, atol=1e-14)


def test_information_by_hand():
    P = tensor([0.5, 0.0], [0.25, 0.25])

    # p_Y = (3/4, 1/4); given y = 0 the rows are (2/3, 1/3), given y = 1 there is only one.
    remaining = 0.75 * (2 / 3 * math.log2(3 / 2) + 1 / 3 * math.log2(3))
    assert conditional_entropy(P, 2).item() == pytest.approx(remaining, rel=1e-15)
    assert mutual_information(P, 2).item() == pytest.approx(1 - remaining, rel=1e-14)


def test_independent_and_equal_variables():
    p_x, p_y = distribution(3, seed=5), distribution(4, seed=6)

    assert mutual_information(torch.outer(p_x, p_y)).item() == pytest.approx(0, abs=1e-15)
    assert_close(mutual_information(torch.diag(p_x)), entropy(p_x))
    assert conditional_entropy(torch.diag(p_x)).item() == 0


def test_agrees_with_scikit_learn():
    from sklearn.metrics import mutual_info_score  # noqa: PLC0415  # a second to import

    table = torch.tensor([[12, 0, 5], [3, 7, 9]])

    ours = mutual_information(table.double() / table.sum())

    assert ours.item() == pytest.approx(
        mutual_info_score(None, None, contingency=table.numpy()), rel=1e-14
    )


def test_chain_rule_for_three_variables():
    P = distribution(24, seed=7).reshape(2, 3, 4)  # X, Y, Z

    I_x_yz = mutual_information(P.reshape(2, 12))
    I_x_y = mutual_information(P.sum(dim=2))
    p_y = P.sum(dim=(0, 2))
    given_y = P.transpose(0, 1) / p_y[:, None, None]  # (3, 2, 4): a joint table for each y
    assert_close(I_x_yz, I_x_y + (p_y * mutual_information(given_y)).sum())


def test_batches_keep_their_axes():
    P = distribution(5, 6 * 7, seed=8).reshape(5, 6, 7)

    assert entropy(P.flatten(1)).shape == (5,)
    assert_close(mutual_information(P)[3], mutual_information(P[3]))
    assert_close(conditional_entropy(P)[3], conditional_entropy(P[3]))
    assert entropy(torch.empty(0, 3)).shape == (0,)


@pytest.mark.parametrize("function", [entropy, lambda p: mutual_information(p[None])])
def test_what_is_no_distribution_is_refused(function):
    with pytest.raises(ValueError, match=r"must not have a negative entry, got -0\.5"):
        function(tensor(1.5, -0.5))
    with pytest.raises(ValueError, match=r"must not have a negative entry, got nan"):
        function(tensor(1.0, math.nan))
    with pytest.raises(ValueError, match=r"must sum to 1, got 0\.9"):
        function(tensor(0.5, 0.4))
    with pytest.raises(ValueError, match=r"must sum to 1, got 0"):
        function(torch.empty(0))


def test_second_distribution_is_checked_too():
    with pytest.raises(ValueError, match=r"q must sum to 1, got 2"):
        cross_entropy(tensor(0.5, 0.5), tensor(1.0, 1.0))
    with pytest.raises(ValueError, match=r"q must not have a negative entry"):
        kl_divergence(tensor(0.5, 0.5), tensor(-1.0, 2.0))
    with pytest.raises(ValueError, match=r"P must sum to 1"):
        conditional_entropy(torch.ones(2, 2))


@pytest.mark.parametrize("base", [1, 0, -2, math.inf, math.nan])
def test_what_is_no_base_is_refused(base):
    with pytest.raises(ValueError, match="base must be positive and not 1, got"):
        entropy(tensor(0.5, 0.5), base)


def test_gradient_of_the_divergence():
    p, logits = distribution(5, seed=9), torch.randn(5, dtype=torch.float64, requires_grad=True)
    q = logits.softmax(dim=0)

    kl_divergence(p, q).backward()

    assert_close(logits.grad, q.detach() - p)


def test_numpy_arrays_agree_with_the_definition():
    rng = np.random.default_rng(0)
    p, q = rng.dirichlet(np.ones(6), size=2)

    assert kl_divergence(torch.from_numpy(p), torch.from_numpy(q)).item() == pytest.approx(
        math.fsum(a * math.log(a / b) for a, b in zip(p, q, strict=True)), rel=1e-13
    )


@pytest.mark.cuda
def test_information_agrees_on_cpu_and_cuda():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    p, q, P = distribution(3, 8, seed=1, zeros=1), distribution(3, 8, seed=2), joint(4, 5)

    for on_cpu, on_gpu in (
        (entropy(p), entropy(p.cuda())),
        (cross_entropy(p, q), cross_entropy(p.cuda(), q.cuda())),
        (kl_divergence(p, q), kl_divergence(p.cuda(), q.cuda())),
        (conditional_entropy(P), conditional_entropy(P.cuda())),
        (mutual_information(P), mutual_information(P.cuda())),
    ):
        assert on_gpu.is_cuda
        assert_close(on_gpu.cpu(), on_cpu)
