"""Logistic regression against torch's automatic differentiation, SciPy, and by its laws."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from torch.autograd.functional import hessian, jacobian
from torch.testing import assert_close

from course_lib.logistic import (
    hessian_factor,
    hessian_product,
    logistic_gradient,
    logistic_hessian,
    logistic_loss,
    newton_step,
)

DTYPES = [torch.float32, torch.float64]


def data(n=12, d=3, seed=0, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(n, d, generator=generator, dtype=torch.float64).to(dtype)
    w = torch.randn(d, generator=generator, dtype=torch.float64).to(dtype)
    coin = torch.rand(n, generator=generator)
    return w, X, torch.where(coin < 0.5, 1.0, -1.0).to(dtype)


def test_one_example_by_hand():
    w, X, y = torch.tensor([0.0]), torch.tensor([[2.0]]), torch.tensor([-1.0])

    assert logistic_loss(w, X, y).item() == pytest.approx(math.log(2))
    assert logistic_gradient(w, X, y).tolist() == [1]  # −(−1) · σ(0) · 2
    assert logistic_hessian(w, X).tolist() == [[1]]  # 2 · ¼ · 2
    assert newton_step(w, X, y).tolist() == [-1]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("lam", [0.0, 0.7])
def test_derivatives_agree_with_torch(lam, dtype):
    w, X, y = data(dtype=dtype)
    v = w.flip(0)

    def loss(t):
        return logistic_loss(t, X, y, lam)

    gradient, H = torch.as_tensor(jacobian(loss, w)), torch.as_tensor(hessian(loss, w))

    assert_close(logistic_gradient(w, X, y, lam), gradient)
    assert_close(logistic_hessian(w, X, lam), H)
    assert_close(hessian_product(w, X, v, lam), H @ v)
    assert_close(H @ newton_step(w, X, y, lam), -gradient, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("lam", [0.0, 0.3])
def test_factor_certifies_the_hessian(lam):
    w, X, _ = data()

    G = hessian_factor(w, X, lam)

    assert G.shape == (15, 3)
    assert_close(G.T @ G, X.T @ torch.diag(torch.sigmoid(X @ w) * (1 - torch.sigmoid(X @ w))) @ X
                 / 12 + lam * torch.eye(3))  # fmt: skip


def test_newton_finds_the_minimum_of_scipy():
    w, X, y = data(seed=4)
    expected = minimize(
        lambda t: logistic_loss(torch.from_numpy(t), X, y, 0.1).item(),
        w.numpy(),
        jac=lambda t: logistic_gradient(torch.from_numpy(t), X, y, 0.1).numpy(),
        options={"gtol": 1e-12},
    ).x

    for _ in range(8):  # quadratic: the digits that are right double at each step
        w = w + newton_step(w, X, y, 0.1)

    assert_close(w, torch.from_numpy(expected), rtol=1e-6, atol=1e-6)
    assert logistic_gradient(w, X, y, 0.1).abs().max() < 1e-14


@pytest.mark.parametrize("size", [1e3, 1e150])
def test_extreme_logits_stay_finite(size):
    w, X = torch.tensor([size], dtype=torch.float64), torch.tensor([[1.0], [-1.0]]).double()
    y = torch.tensor([-1.0, -1.0]).double()  # the first is wrong by `size`, the second right

    assert logistic_loss(w, X, y).item() == pytest.approx(size / 2)
    assert logistic_gradient(w, X, y).tolist() == [0.5]
    assert hessian_product(w, X, torch.ones(1).double()).tolist() == [0]


def test_what_cannot_be_is_refused():
    w, X, y = data()

    with pytest.raises(ValueError, match="lam must not be negative, got -1"):
        logistic_hessian(w, X, -1.0)
    with pytest.raises(ValueError, match="labels must be 1 or -1, got others"):
        logistic_loss(w, X, (y + 1) / 2)
    with pytest.raises(ValueError, match="X must have at least one row, got none"):
        logistic_gradient(w, X[:0], y[:0])
    with pytest.raises(
        RuntimeError,  # torch.linalg.LinAlgError
        match="singular",
    ):
        newton_step(torch.zeros(2), torch.zeros(1, 2), torch.ones(1))


vectors = st.lists(st.floats(-30, 30), min_size=3, max_size=3).map(
    lambda w: torch.tensor(w, dtype=torch.float64)
)


@given(w=vectors, v=vectors, lam=st.floats(0, 2))
def test_loss_lies_above_its_tangents(w, v, lam):
    _, X, y = data()
    tangent = logistic_loss(w, X, y, lam) + logistic_gradient(w, X, y, lam) @ (v - w)

    # The terms cancel: rounding is that of λ‖w‖², which reaches 3000.
    assert logistic_loss(v, X, y, lam) >= tangent - 1e-9


@given(w=vectors, v=vectors, lam=st.floats(0, 2))
def test_curvature_lies_between_weight_decay_and_its_bound(w, v, lam):
    _, X, _ = data()
    curvature = v @ hessian_product(w, X, v, lam)
    bound = torch.linalg.matrix_norm(X, 2) ** 2 / (4 * 12) + lam

    assert lam * (v @ v) * (1 - 1e-12) <= curvature <= bound * (v @ v) * (1 + 1e-12)


def test_loss_is_that_of_torch():
    w, X, y = data(seed=7)

    assert_close(logistic_loss(w, X, y), torch.nn.functional.soft_margin_loss(X @ w, y))


@pytest.mark.cuda
def test_logistic_agrees_on_cpu_and_cuda():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    w, X, y = data()
    there = w.cuda(), X.cuda(), y.cuda()

    for function in (logistic_loss, logistic_gradient, newton_step):
        value = function(*there, 0.1)
        assert value.is_cuda
        assert_close(value.cpu(), function(w, X, y, 0.1))
    assert_close(hessian_factor(*there[:2], 0.1).cpu(), hessian_factor(w, X, 0.1))
