"""Derivatives by hand, against torch's own automatic differentiation, and by their laws."""

import math
from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.autograd.functional import jacobian, jvp, vjp
from torch.testing import assert_close
from torch.utils.flop_counter import FlopCounterMode

from course_lib.calculus import (
    affine,
    affine_jvp,
    affine_vjp,
    chain,
    log_sum_exp_jvp,
    log_sum_exp_vjp,
    numeric_jacobian,
    sigmoid_jvp,
    sigmoid_vjp,
    softmax_jvp,
    softmax_vjp,
    squared_norm_jvp,
    squared_norm_vjp,
    total_jvp,
    total_vjp,
)

DTYPES = [torch.float32, torch.float64]


def random(*shape, seed=0, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


# numeric_jacobian


def swirl(x):
    return torch.stack([x[0] * x[1], x[0] ** 2, torch.sin(x[1]), x[2] * x[0] - x[1] ** 3])


def test_jacobian_by_hand_has_a_row_for_each_output():
    x = torch.tensor([2.0, 3.0, 0.5], dtype=torch.float64)
    by_hand = [[3, 2, 0], [4, 0, 0], [0, math.cos(3), 0], [0.5, -27, 2]]

    # h² |f'''|/6 and ε |f|/h are at most 4e-10 here: |f| ≤ 27, and the steps are up to 2e-5.
    expected = torch.tensor(by_hand, dtype=torch.float64)
    assert_close(numeric_jacobian(swirl, x), expected, rtol=0, atol=2e-9)


def test_linear_map_gives_its_matrix_and_a_scalar_gives_one_row():
    A, x = random(2, 5), random(5, seed=1)

    assert_close(numeric_jacobian(lambda t: A @ t, x), A, rtol=1e-9, atol=1e-9)
    assert_close(numeric_jacobian(lambda t: t @ t, x), 2 * x[None], rtol=1e-9, atol=1e-9)


def test_error_of_a_cubic_is_the_square_of_the_step():
    x = torch.tensor([0.5, -0.25], dtype=torch.float64)

    for h in (0.1, 0.05):
        error = numeric_jacobian(lambda t: t**3, x, h) - torch.diag(3 * x**2)
        assert_close(error, h**2 * torch.eye(2, dtype=torch.float64), rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("scale", [1.0, 1e6])
def test_agrees_with_torch_also_at_large_entries(dtype, scale):
    x = scale * random(4, seed=2, dtype=dtype)

    def f(t):
        return torch.stack([torch.tanh(t / scale).sum(), (t / scale).prod()])

    J = numeric_jacobian(f, x)

    assert J.dtype == dtype
    # ε^(2/3) is 4e-11 in float64 and 2e-5 in float32.
    tolerance = 1e-8 if dtype == torch.float64 else 1e-3
    assert_close(J * scale, jacobian(f, x) * scale, rtol=0.0, atol=tolerance)


def test_the_point_stays_where_it_was_although_f_writes_into_it():
    x = random(3, seed=3)
    before = x.clone()

    assert_close(numeric_jacobian(lambda t: t.mul_(2), x), 2 * torch.eye(3).double())
    assert torch.equal(x, before)


@pytest.mark.parametrize("h", [0, -1e-3, math.nan])
def test_a_step_that_is_not_positive_is_refused(h):
    with pytest.raises(ValueError, match="h must be positive, got"):
        numeric_jacobian(torch.sin, torch.ones(2), h)


def test_an_empty_point_is_refused():
    with pytest.raises(ValueError, match="x must have at least one entry, got none"):
        numeric_jacobian(torch.sin, torch.ones(0))


# JVP and VJP


def products(name, dtype=torch.float64, seed=0):
    """The function, its inputs and tangents, its JVP, and its VJP as a tuple of one per input."""
    x, dx = random(3, 5, seed=seed, dtype=dtype), random(3, 5, seed=seed + 1, dtype=dtype)
    W, dW = random(5, 2, seed=seed + 2, dtype=dtype), random(5, 2, seed=seed + 3, dtype=dtype)
    b, db = random(2, seed=seed + 4, dtype=dtype), random(2, seed=seed + 5, dtype=dtype)
    one = {
        "total": (torch.sum, total_jvp, lambda u: (total_vjp(x, u),)),
        "squared_norm": (
            lambda t: (t * t).sum(),
            lambda v: squared_norm_jvp(x, v),
            lambda u: (squared_norm_vjp(x, u),),
        ),
        "sigmoid": (torch.sigmoid, lambda v: sigmoid_jvp(x, v), lambda u: (sigmoid_vjp(x, u),)),
        "softmax": (
            lambda t: torch.softmax(t, -1),
            lambda v: softmax_jvp(x, v),
            lambda u: (softmax_vjp(x, u),),
        ),
        "log_sum_exp": (
            lambda t: torch.logsumexp(t, -1),
            lambda v: log_sum_exp_jvp(x, v),
            lambda u: (log_sum_exp_vjp(x, u),),
        ),
    }
    if name == "affine":
        return (
            affine, (x, W, b), (dx, dW, db),
            lambda *v: affine_jvp(x, W, *v), lambda u: affine_vjp(x, W, u),
        )  # fmt: skip
    f, jvp, vjp = one[name]
    return f, (x,), (dx,), jvp, vjp


OPERATIONS = ["affine", "total", "squared_norm", "sigmoid", "softmax", "log_sum_exp"]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_products_agree_with_torch(name, dtype):
    f, inputs, tangents, forward, backward = products(name, dtype)

    expected = jvp(f, inputs, tangents)[1]
    u = random(*f(*inputs).shape, seed=9, dtype=dtype)

    assert_close(forward(*tangents), expected)  # dtypes too
    for ours, theirs in zip(backward(u), vjp(f, inputs, u)[1], strict=True):
        assert_close(ours, theirs)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", OPERATIONS)
def test_jvp_and_vjp_are_adjoint(name, seed):
    _, _, tangents, forward, backward = products(name, seed=10 * seed)
    image = forward(*tangents)
    u = random(*image.shape, seed=10 * seed + 8)

    pulled = sum((g * v).sum() for g, v in zip(backward(u), tangents, strict=True))

    assert_close((u * image).sum(), pulled, rtol=1e-12, atol=1e-12)


def test_sigmoid_and_softmax_by_hand():
    x = torch.tensor([0.0, math.log(3)], dtype=torch.float64)  # σ(log 3) = 3/4
    one = torch.ones(2, dtype=torch.float64)

    assert_close(sigmoid_jvp(x, one), torch.tensor([1 / 4, 3 / 16]).double())
    # softmax(0, log 3) = (1/4, 3/4), and J e_2 = (-3/16, 3/16).
    assert_close(
        softmax_jvp(x, torch.tensor([0.0, 1.0]).double()), torch.tensor([-3 / 16, 3 / 16]).double()
    )
    assert log_sum_exp_jvp(x, one).item() == pytest.approx(1)


def test_extreme_arguments_give_finite_derivatives():
    x = torch.tensor([-1e4, -800.0, 0.0, 800.0, 1e4], dtype=torch.float64)
    v = torch.arange(1, 6, dtype=torch.float64)

    assert sigmoid_jvp(x, v).tolist() == pytest.approx([0, 0, 0.75, 0, 0])
    assert softmax_jvp(x, v).tolist() == pytest.approx([0] * 5)
    assert log_sum_exp_jvp(x, v).item() == pytest.approx(5)
    small = sigmoid_jvp(torch.tensor(50.0).double(), torch.tensor(1.0).double())
    assert small.item() == pytest.approx(math.exp(-50), rel=1e-12)  # 1 − σ(50) would be 0


def test_squared_norm_has_derivative_zero_at_zero():
    x = torch.zeros(3)

    assert squared_norm_jvp(x, torch.ones(3)).item() == 0
    assert squared_norm_vjp(x, torch.tensor(2.0)).tolist() == [0, 0, 0]


def test_a_batch_without_rows_gives_products_without_rows():
    X, W, U = torch.zeros(0, 3), torch.ones(3, 2), torch.zeros(0, 2)

    dX, dW, db = affine_vjp(X, W, U)

    assert dX.shape == (0, 3)
    assert torch.equal(dW, torch.zeros(3, 2))
    assert torch.equal(db, torch.zeros(2))
    assert softmax_jvp(X, X).shape == (0, 3)


@given(
    c=st.floats(-100, 100),
    x=st.lists(st.floats(-20, 20), min_size=4, max_size=4).map(lambda t: torch.tensor(t).double()),
)
def test_softmax_does_not_see_a_constant(c, x):
    one = torch.ones(4, dtype=torch.float64)

    assert_close(softmax_jvp(x, c * one), 0 * one, rtol=0, atol=1e-13)
    assert log_sum_exp_jvp(x, c * one).item() == pytest.approx(c, rel=1e-13, abs=1e-13)


# chain


def test_chain_by_hand_in_both_layouts():
    J1 = torch.tensor([[1.0, 2.0], [0.0, 1.0]])
    J2 = torch.tensor([[1.0, 0.0], [3.0, 1.0]])

    assert chain([J1, J2], "numerator").tolist() == [[1, 2], [3, 7]]  # J2 J1
    assert chain([J1, J2], "denominator").tolist() == [[7, 2], [3, 1]]  # J1 J2


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("sizes", [(3, 4, 2), (5, 1, 4), (1, 6, 6, 3), (4, 6, 6, 1), (2, 3)])
def test_chain_is_the_jacobian_of_the_composition(sizes, dtype):
    Js = [random(m, n, seed=m, dtype=dtype) for n, m in pairwise(sizes)]

    def composed(x):
        for J in Js:
            x = J @ x
        return x

    expected = jacobian(composed, random(sizes[0], dtype=dtype))

    assert_close(chain(Js, "numerator"), expected)
    assert_close(chain([J.T for J in Js], "denominator"), expected.T)


@pytest.mark.parametrize(("sizes", "end"), [([40] * 6 + [1], "output"), ([1] + [40] * 6, "input")])
def test_chain_begins_at_its_narrow_end(sizes, end):
    Js = [random(m, n, seed=m) for n, m in pairwise(sizes)]

    with FlopCounterMode(display=False) as counter:
        chain(Js, "numerator")

    assert counter.get_total_flops() == 2 * 5 * 40 * 40, end  # five matrix-vector products


def test_chains_that_cannot_be_are_refused():
    A, B = torch.ones(2, 3), torch.ones(4, 2)

    with pytest.raises(ValueError, match="layout must be numerator or denominator, got 'row'"):
        chain([A], "row")
    with pytest.raises(ValueError, match="the chain must have at least one Jacobian, got none"):
        chain([], "numerator")
    with pytest.raises(ValueError, match=r"fit in numerator layout, got \(2, 3\) times \(4, 2\)"):
        chain([B, A], "numerator")
    assert chain([B, A], "denominator").shape == (4, 3)


@pytest.mark.cuda
def test_derivatives_agree_on_cpu_and_cuda():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    x, v, W, U = random(7, 9), random(7, 9, seed=1), random(9, 4, seed=2), random(7, 4, seed=3)

    for product in (sigmoid_jvp, softmax_jvp, log_sum_exp_jvp, squared_norm_jvp):
        image = product(x.cuda(), v.cuda())
        assert image.is_cuda
        assert_close(image.cpu(), product(x, v))
    for ours, theirs in zip(
        affine_vjp(x.cuda(), W.cuda(), U.cuda()), affine_vjp(x, W, U), strict=True
    ):
        assert ours.is_cuda
        assert_close(ours.cpu(), theirs)
    J = numeric_jacobian(torch.tanh, x[0].cuda())
    assert J.is_cuda
    assert_close(J.cpu(), numeric_jacobian(torch.tanh, x[0]), rtol=1e-8, atol=1e-8)
    assert_close(chain([W.T.cuda(), W.cuda()], "numerator").cpu(), W @ W.T)
