"""Gradients of matrix functions against torch's automatic differentiation and by hand."""

import numpy as np
import pytest
import torch
from torch.autograd.functional import hessian, jacobian
from torch.testing import assert_close

from course_lib.gradients import (
    bilinear_gradient,
    least_squares_gradient,
    least_squares_hessian,
    least_squares_loss,
    log_abs_det_gradient,
    quadratic_form_gradient,
    residual_gradient,
    trace_gradient,
)

DTYPES = [torch.float32, torch.float64]


def random(*shape, seed=0, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


def gradient_by_torch(f, X):
    return jacobian(f, X)


@pytest.mark.parametrize("dtype", DTYPES)
def test_gradients_agree_with_torch(dtype):
    a, b, X = random(3, dtype=dtype), random(5, seed=1, dtype=dtype), random(3, 5, dtype=dtype)
    A = random(5, 3, seed=2, dtype=dtype)
    W, Y = random(5, 2, seed=3, dtype=dtype), random(3, 2, seed=4, dtype=dtype)

    assert_close(bilinear_gradient(a, b), gradient_by_torch(lambda M: a @ M @ b, X))
    assert_close(trace_gradient(A), gradient_by_torch(lambda M: torch.trace(A @ M), X))
    assert_close(
        residual_gradient(X, W, Y), gradient_by_torch(lambda M: ((X @ M - Y) ** 2).sum(), W)
    )


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_log_determinant_of_either_sign(sign, dtype):
    X = torch.diag(torch.tensor([sign, 2.0, 3.0], dtype=dtype)) + 0.3 * random(3, 3, dtype=dtype)

    expected = gradient_by_torch(lambda M: torch.linalg.slogdet(M).logabsdet, X)

    assert_close(log_abs_det_gradient(X), expected)


def test_log_determinant_by_hand_and_in_a_batch():
    X = torch.tensor([[1.0, 2.0], [3.0, 4.0]])  # det −2, inverse [[−2, 1], [1.5, −0.5]]

    G = log_abs_det_gradient(torch.stack([X, torch.eye(2)]))

    assert_close(G[0], torch.tensor([[-2.0, 1.5], [1.0, -0.5]]))
    assert_close(G[1], torch.eye(2))


def test_a_singular_matrix_has_no_gradient_of_its_log_determinant():
    with pytest.raises(
        RuntimeError,  # torch.linalg.LinAlgError
        match="singular",
    ):
        log_abs_det_gradient(torch.zeros(2, 2))


def test_quadratic_form_needs_no_symmetry():
    A = torch.tensor([[0.0, 1.0], [0.0, 0.0]])  # xᵀAx = x_1 x_2

    assert quadratic_form_gradient(A, torch.tensor([2.0, 3.0])).tolist() == [3, 2]
    X = random(4, 2).float()
    assert_close(quadratic_form_gradient(A, X), X.flip(-1))


@pytest.mark.parametrize("dtype", DTYPES)
def test_least_squares_agrees_with_torch_and_its_minimiser_with_numpy(dtype):
    X, y, w = random(9, 3, dtype=dtype), random(9, seed=1, dtype=dtype), random(3, dtype=dtype)

    gradient = least_squares_gradient(w, X, y)
    assert_close(gradient, gradient_by_torch(lambda t: least_squares_loss(t, X, y), w))
    assert_close(least_squares_hessian(X), hessian(lambda t: least_squares_loss(t, X, y), w))
    # The loss is quadratic, so one Newton step from anywhere lands on the minimiser.
    minimiser = w - torch.linalg.solve(least_squares_hessian(X), gradient)
    expected = np.linalg.lstsq(X.double().numpy(), y.double().numpy(), rcond=None)[0]
    assert_close(minimiser, torch.from_numpy(expected).to(dtype), rtol=1e-4, atol=1e-5)


def test_least_squares_by_hand():
    X, y = torch.tensor([[1.0, 2.0], [0.0, 1.0]]), torch.tensor([1.0, 3.0])
    w = torch.tensor([1.0, 1.0])  # residual (2, −2)

    assert least_squares_loss(w, X, y).item() == 2
    assert least_squares_gradient(w, X, y).tolist() == [1, 1]
    assert least_squares_hessian(X).tolist() == [[0.5, 1], [1, 2.5]]


def test_a_mean_over_no_example_is_refused():
    X, y, w = torch.ones(0, 2), torch.ones(0), torch.ones(2)

    for call in (
        lambda: least_squares_loss(w, X, y),
        lambda: least_squares_gradient(w, X, y),
        lambda: least_squares_hessian(X),
    ):
        with pytest.raises(ValueError, match="X must have at least one row, got none"):
            call()


@pytest.mark.cuda
def test_gradients_agree_on_cpu_and_cuda():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    X, y, w = random(9, 3), random(9, seed=1), random(3)

    gradient = least_squares_gradient(w.cuda(), X.cuda(), y.cuda())
    assert gradient.is_cuda
    assert_close(gradient.cpu(), least_squares_gradient(w, X, y))
    inverse = log_abs_det_gradient(random(4, 4).cuda())
    assert inverse.is_cuda
    assert_close(inverse.cpu(), log_abs_det_gradient(random(4, 4)))
