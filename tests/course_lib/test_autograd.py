"""The engine against torch.autograd, central differences, hand calculations and its own laws."""

import gc
import math
import threading
import weakref
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.testing import assert_close

from course_lib.autograd import (
    Variable,
    grad,
    gradcheck,
    is_recording,
    no_grad,
    numeric_vjp,
    to_mermaid,
    to_svg,
    topo_sort,
)
from course_lib.autograd.tape import inputs_of

SHAPES = [(), (1,), (3,), (1, 3), (2, 1), (2, 3), (4, 2, 3), (4, 1, 1), (1, 2, 1)]


def tensor(*shape, seed=0, dtype=torch.float64, low=0.5, high=2.0):
    generator = torch.Generator().manual_seed(seed)
    return low + (high - low) * torch.rand(shape, generator=generator, dtype=dtype)


def leaf(value):
    data = value if isinstance(value, torch.Tensor) else torch.tensor(value, dtype=torch.float64)
    return Variable(data, requires_grad=True)


def slope(v):
    """The gradient of a leaf, which is there."""
    assert v.grad is not None
    return v.grad


def agrees_with_torch(f, *inputs):
    """Whether values and gradients are those of torch.autograd for the same formula."""
    ours = [Variable(x, requires_grad=True) for x in inputs]
    theirs = [x.clone().requires_grad_() for x in inputs]
    y, wanted = f(*ours), f(*theirs)
    assert_close(y.data, wanted.detach())
    seed = tensor(*wanted.shape, seed=9, dtype=wanted.dtype)
    y.backward(seed)
    wanted.backward(seed)
    for v, t in zip(ours, theirs, strict=True):
        assert_close(v.grad, t.grad)


# the rules


def test_gradient_of_a_small_expression_by_hand():
    a, b = leaf(3.0), leaf(-2.0)

    y = (a * b + a) ** 2  # (ab + a)² = (-3)²
    y.backward()

    assert y.item() == 9
    assert slope(a).item() == 2 * -3 * (-2 + 1)
    assert slope(b).item() == 2 * -3 * 3


def test_a_node_used_twice_gets_both_gradients():
    a = leaf(5.0)
    b = a * a
    (b * b + b).backward()

    assert slope(a).item() == 4 * 5**3 + 2 * 5


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", "exp log sqrt tanh sigmoid sin cos relu abs".split())
def test_function_agrees_with_torch(name, dtype):
    x = tensor(3, 4, dtype=dtype)
    agrees_with_torch(lambda a: getattr(a, name)(), x)
    if name not in ("log", "sqrt"):
        agrees_with_torch(lambda a: getattr(a, name)(), -x)


@pytest.mark.parametrize("right", SHAPES)
@pytest.mark.parametrize("left", SHAPES)
def test_arithmetic_broadcasts_as_torch(left, right):
    a, b = tensor(*left, seed=1), tensor(*right, seed=2)
    for f in (
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a * b,
        lambda a, b: a / b,
        lambda a, b: a**b,
    ):
        agrees_with_torch(f, a, b)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((3,), (3,)),
        ((3,), (3, 4)),
        ((2, 3), (3,)),
        ((2, 3), (3, 4)),
        ((5, 2, 3), (3, 4)),
        ((2, 3), (5, 3, 4)),
        ((5, 2, 3), (5, 3, 4)),
        ((1, 2, 3), (5, 3, 4)),
        ((3,), (5, 3, 4)),
        ((5, 2, 3), (3,)),
        ((6, 1, 2, 3), (5, 3, 4)),
    ],
)
def test_matrix_product_agrees_with_torch(left, right):
    agrees_with_torch(lambda a, b: a @ b, tensor(*left, seed=1), tensor(*right, seed=2))


@pytest.mark.parametrize("p", [-2, -0.5, 0, 1, 2, 3, 0.5])
def test_powers_agree_with_torch(p):
    agrees_with_torch(lambda a: a**p, tensor(5))


@pytest.mark.parametrize("p", [0, 1, 2, 3])
def test_powers_at_zero_agree_with_torch(p):
    agrees_with_torch(lambda a: a**p, torch.zeros(2, dtype=torch.float64))


def test_numbers_on_the_left():
    x = tensor(4)
    for f in (lambda a: 3 - a, lambda a: 3 / a, lambda a: 2 + a, lambda a: 2 * a, lambda a: 2**a):
        agrees_with_torch(f, x)


def test_a_tensor_is_a_constant():
    c = tensor(3, seed=4)
    x = leaf(tensor(3, seed=5))
    (x * c).sum().backward()

    assert_close(slope(x), c)
    assert_close((x @ c).data, x.data @ c)


@pytest.mark.parametrize("keepdim", [False, True])
@pytest.mark.parametrize("dim", [None, 0, 1, -1, (0, 2), (1, 2), (0, 1, 2)])
def test_sums_agree_with_torch(dim, keepdim):
    x = tensor(2, 3, 4)
    agrees_with_torch(lambda a: a.sum(dim, keepdim) ** 2, x) if dim is not None else (
        agrees_with_torch(lambda a: a.sum() ** 2, x)
    )
    if dim is not None:
        agrees_with_torch(lambda a: a.mean(dim, keepdim) ** 2, x)


@pytest.mark.parametrize("dim", [0, 1, -1])
def test_maximum_agrees_with_torch_ties_too(dim):
    x = torch.tensor([[1.0, 4.0, 4.0], [4.0, 2.0, 4.0]], dtype=torch.float64)

    agrees_with_torch(lambda a: a.amax(dim) ** 2, x)
    agrees_with_torch(lambda a: a.amax(dim, keepdim=True) * a, x)


@pytest.mark.parametrize(
    "key",
    [
        0,
        -1,
        slice(None, None, 2),
        (slice(None), 1),
        (..., slice(1, 3)),
        (None, 1),
        torch.tensor([0, 0, 1, 0]),
        (torch.tensor([1, 1]), torch.tensor([2, 2])),
        torch.tensor([[0, 1], [1, 1]]),
    ],
)
def test_indexing_agrees_with_torch(key):
    agrees_with_torch(lambda a: a[key] ** 2, tensor(2, 4))


def test_larger_of_two_agrees_with_torch():
    a = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
    b = torch.tensor([[3.0], [2.0]], dtype=torch.float64)

    def larger(a, b):
        return a.maximum(b) if isinstance(a, Variable) else torch.maximum(a, b)

    agrees_with_torch(larger, a, b)
    x = leaf(0.0)
    x.maximum(0).backward()
    assert slope(x).item() == 0.5


def test_views_agree_with_torch():
    x = tensor(2, 3, 4)
    agrees_with_torch(lambda a: a.transpose(0, 2) ** 2, x)
    agrees_with_torch(lambda a: a.mT**2, x)
    agrees_with_torch(lambda a: a.reshape(6, 4) ** 2, x)
    agrees_with_torch(lambda a: a.reshape(4, -1) ** 2, x)
    agrees_with_torch(lambda a: a.expand(5, 2, 3, 4) ** 2, x)


def test_empty_tensors():
    x = leaf(torch.empty(0, 3, dtype=torch.float64))
    y = (x * 2.0).sum()
    y.backward()

    assert y.item() == 0
    assert slope(x).shape == (0, 3)


def test_a_layer_with_softmax_agrees_with_torch():
    def loss(W, b, X):
        logits = X @ W + b
        shifted = logits - logits.amax(1, keepdim=True)
        return ((shifted.exp().sum(1)).log() - shifted[:, 0]).mean()

    inputs = tensor(4, 3, seed=1), tensor(3, seed=2), tensor(5, 4, seed=3)
    ours = [leaf(x) for x in inputs]
    theirs = [x.clone().requires_grad_() for x in inputs]
    loss(*ours).backward()
    torch.nn.functional.cross_entropy(
        theirs[2] @ theirs[0] + theirs[1], torch.zeros(5, dtype=torch.long)
    ).backward()

    for v, t in zip(ours, theirs, strict=True):
        assert_close(v.grad, t.grad)


def test_relu_and_abs_have_gradient_zero_at_zero():
    x = leaf(torch.zeros(2, dtype=torch.float64))
    (x.relu() + x.abs()).sum().backward()

    assert slope(x).tolist() == [0, 0]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_gradients_have_the_dtype_of_the_leaf(dtype):
    x = Variable(tensor(3, dtype=dtype), requires_grad=True)
    ((x * 2 + 1) / 3 - x**2).tanh().sum().backward()

    assert slope(x).dtype == dtype


entries = st.floats(-3, 3, allow_subnormal=False)


@given(x=st.lists(entries, min_size=3, max_size=3), c=entries)
def test_the_gradient_is_linear(x, c):
    def gradient(f):
        v = leaf(x)
        f(v).backward()
        return slope(v)

    left = gradient(lambda v: (v.tanh() * c + v.sin()).sum())
    right = c * gradient(lambda v: v.tanh().sum()) + gradient(lambda v: v.sin().sum())
    assert_close(left, right)


@given(x=st.lists(entries, min_size=4, max_size=4))
def test_the_chain_rule_holds(x):
    v = leaf(x)
    inner = v.sin() * v
    u = leaf(inner.data)
    inner.tanh().sum().backward()
    u.tanh().sum().backward()
    w = leaf(x)
    (w.sin() * w).backward(slope(u))

    assert_close(slope(v), slope(w))


# second derivatives


def test_second_derivative_by_hand():
    x = leaf(2.0)
    (first,) = grad(x**3, [x], create_graph=True)
    (second,) = grad(first, [x], create_graph=True)
    (third,) = grad(second, [x])

    assert (first.item(), second.item(), third.item()) == (12, 12, 6)


def test_hessian_vector_product_agrees_with_torch():
    def f(W, x):
        return ((W @ x).tanh() ** 2).sum() / ((x * x).sum().sqrt() + 1.0)

    W, x, v = tensor(4, 3, seed=1), tensor(3, seed=2), tensor(3, seed=3)
    ours = leaf(x)
    (g,) = grad(f(Variable(W), ours), [ours], create_graph=True)
    (product,) = grad((g * v).sum(), [ours])

    _, wanted = torch.autograd.functional.hvp(lambda t: f(W, t), x, v)
    assert_close(product.data, wanted)


@pytest.mark.parametrize(
    "f",
    [
        lambda a: a.sum(0) ** 3,
        lambda a: a[:, torch.tensor([0, 0, 1])] ** 3,
        lambda a: a.expand(2, 2, 3).mT.exp(),
        lambda a: (a @ a.mT).log(),
        lambda a: (1.0 / a).sigmoid(),
        lambda a: a.reshape(3, 2).sum_to((3, 1)) ** 3,
    ],
)
def test_rules_can_be_differentiated_again(f):
    x = tensor(2, 3)
    v = leaf(x)
    (g,) = grad((f(v) * f(v)).sum(), [v], create_graph=True)
    (ours,) = grad((g * g).sum(), [v])

    def gradient(t):
        u = leaf(t)
        (g,) = grad((f(u) * f(u)).sum(), [u])
        return g.data

    numeric = numeric_vjp(gradient, x, 2 * g.data)
    assert_close(ours.data, numeric, rtol=1e-6, atol=1e-6)


# what is recorded


def test_constants_record_nothing():
    y = Variable(torch.ones(3)) * 2 + 1

    assert y.inputs == ()
    assert not y.requires_grad
    with pytest.raises(RuntimeError, match="nothing below this node requires a gradient"):
        y.sum().backward()


def test_constants_get_no_gradient():
    x, c = leaf([1.0, 2.0]), Variable(torch.ones(2, dtype=torch.float64))
    (x * c).sum().backward()

    assert c.grad is None


def test_gradients_add_up_until_they_are_zeroed():
    x = leaf(3.0)
    for k in (1, 2, 3):
        (x * x).backward()
        assert slope(x).item() == 6 * k
    x.zero_grad()
    assert x.grad is None


def test_leaf_gradients_share_no_memory():
    x, y = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    seed = torch.ones(2, dtype=torch.float64)
    (x + y).backward(seed)
    slope(x).add_(5)
    seed += 7

    assert slope(y).tolist() == [1, 1]


def test_no_grad_records_nothing_and_restores():
    x = leaf(1.0)
    with no_grad():
        with no_grad():
            assert not is_recording()
        assert not is_recording()
        assert (x * 2).inputs == ()
    assert is_recording()
    with pytest.raises(KeyError), no_grad():
        raise KeyError
    assert is_recording()


def test_no_grad_is_a_threads_own():
    seen = []
    with no_grad():
        thread = threading.Thread(target=lambda: seen.append(is_recording()))
        thread.start()
        thread.join()
    assert seen == [True]


def test_detach_shares_memory_and_no_graph():
    x = leaf([1.0, 2.0])
    y = (x * 3).detach()

    assert y.inputs == ()
    with no_grad():
        x.detach().add_(torch.ones(2, dtype=torch.float64))
    assert x.data.tolist() == [2, 3]


def test_a_result_that_is_dropped_frees_its_graph():
    x = leaf(1.0)
    y = x.exp()
    middle = weakref.ref(y)
    z = y * y
    z.backward()
    kept = z.detach()
    gc.disable()  # freed by counting references alone: there is no cycle
    try:
        del y, z
        assert middle() is None
    finally:
        gc.enable()
    assert kept.item() == pytest.approx(math.exp(2))


# changes in place


def test_a_saved_value_that_changed_is_refused():
    x, w = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    y = (x * w).sum()
    with no_grad():
        w.add_(torch.ones(2, dtype=torch.float64))

    with pytest.raises(RuntimeError, match=r"the gradient of '×' needs was changed .*version 1"):
        y.backward()


def test_a_saved_result_that_changed_is_refused():
    x = leaf([1.0, 2.0])
    y = x.exp()
    with no_grad():
        y.detach().add_(torch.ones(2, dtype=torch.float64))  # through another name

    with pytest.raises(RuntimeError, match="was changed in place"):
        y.sum().backward()


def test_a_change_through_a_view_is_seen():
    x = leaf([1.0, 2.0])
    y = x.exp()
    y.data[:1].mul_(2)

    with pytest.raises(RuntimeError, match="was changed in place"):
        y.sum().backward()


def test_values_that_no_rule_reads_may_change():
    x, w, c = leaf([1.0, 2.0]), leaf([3.0, 4.0]), Variable(tensor(2))
    y = (x + w).sum() + (x * c).sum()
    with no_grad():
        w.add_(torch.ones(2, dtype=torch.float64))
        x.copy_(torch.zeros(2, dtype=torch.float64))  # ∂(xc)/∂x = c: x itself is not read
    y.backward()

    assert slope(w).tolist() == [1, 1]
    assert w.version == 1


def test_an_unrecorded_change_is_refused():
    x = leaf([1.0])
    for change in (x.add_, x.copy_):
        with pytest.raises(RuntimeError, match="a change in place is not recorded"):
            change(torch.ones(1, dtype=torch.float64))
    assert x.data.tolist() == [1]
    assert x.version == 0


def test_gradient_descent_in_place_finds_the_minimum():
    x = leaf([3.0, -2.0])
    for _ in range(60):
        ((x - torch.tensor([1.0, 2.0]).double()) ** 2).sum().backward()
        with no_grad():
            x.add_(-0.25 * slope(x))
        x.zero_grad()

    assert_close(x.data, torch.tensor([1.0, 2.0]).double())  # the error is halved 60 times


# errors


def test_seeds_have_to_fit():
    y = leaf([1.0, 2.0]) * 2
    with pytest.raises(ValueError, match=r"a node of shape \(2,\) needs a seed of that shape"):
        y.backward()
    with pytest.raises(ValueError, match=r"the seed has shape \(3,\), the node \(2,\)"):
        y.backward(torch.ones(3, dtype=torch.float64))


def test_integers_have_no_gradient():
    with pytest.raises(TypeError, match=r"floating point tensors have gradients, got torch.int64"):
        Variable(torch.tensor([1, 2]), requires_grad=True)


def test_gradients_are_taken_in_leaves():
    x = leaf(1.0)
    with pytest.raises(ValueError, match="a gradient is taken in leaves that require it"):
        grad(x * 2, [x * 2])


def test_numbers_are_no_matrices():
    with pytest.raises(ValueError, match="a matrix product needs vectors or matrices"):
        _ = leaf(1.0) @ torch.ones(1, 1, dtype=torch.float64)


def test_an_input_that_is_not_used_has_gradient_zero():
    x, y = leaf([1.0, 2.0]), leaf([3.0])
    (g,) = grad((x * x).sum(), [y])

    assert g.data.tolist() == [0]
    assert y.grad is None


# the order


def test_order_of_a_diamond_by_hand():
    graph = {"d": "bc", "b": "a", "c": "a", "a": ""}

    assert topo_sort("d", graph.__getitem__) == ["a", "b", "c", "d"]


@given(st.integers(0, 2**32 - 1))
def test_inputs_come_first_each_node_once(seed):
    rng = np.random.default_rng(seed)
    graph = {
        k: rng.integers(0, k, size=rng.integers(0, 4)).tolist() if k else [] for k in range(20)
    }

    order = topo_sort(19, graph.__getitem__)

    place = {node: k for k, node in enumerate(order)}
    assert len(place) == len(order)
    assert all(place[child] < place[node] for node in order for child in graph[node])
    below, new = {19}, {19}
    while new:
        new = {c for n in new for c in graph[n]} - below
        below |= new
    assert set(order) == below


def test_a_deep_chain_needs_no_recursion():
    x = leaf(1.0)
    y = x
    for _ in range(20_000):
        y = y * 1.0
    y.backward()

    assert slope(x).item() == 1


@pytest.mark.parametrize("graph", [{"a": "a"}, {"a": "b", "b": "c", "c": "b"}])
def test_a_cycle_is_refused(graph):
    with pytest.raises(ValueError, match="the graph has a cycle"):
        topo_sort("a", graph.__getitem__)


# gradients against differences


def test_numeric_gradient_of_a_cubic():
    x = torch.tensor([1.0, -2.0, 0.0], dtype=torch.float64)

    assert_close(
        numeric_vjp(lambda t: t**3, x, torch.ones(3).double()), 3 * x**2, atol=1e-9, rtol=0
    )
    assert_close(  # the error of a central difference of t³ is h² exactly
        numeric_vjp(lambda t: t**3, x, torch.ones(3).double(), step=0.1), 3 * x**2 + 0.01
    )


def test_gradcheck_accepts_and_rejects():
    x = tensor(3, 4)
    assert gradcheck(lambda a, b: (a @ b).tanh(), x, tensor(4, 2))
    assert gradcheck(lambda a: (a * 1e-9).sin(), x)
    assert not gradcheck(lambda a: Variable(a.data**2) + a * 0.0, x)
    assert not gradcheck(lambda a: a.record(a.data, (a,), lambda g, _: (g * 1.001,), "off"), x)


# pictures


def test_mermaid_of_a_small_graph_by_hand():
    a = Variable(torch.tensor(2.0), requires_grad=True, label="a")
    y = a * a + 1.0

    assert to_mermaid(y) == (
        "flowchart TD\n"
        '  n0["a = 2"]\n'
        '  n1("× = 4")\n'
        "  n0 --> n1\n"
        "  n0 --> n1\n"
        '  n2["1"]\n'
        '  n3("+ = 5")\n'
        "  n1 --> n3\n"
        "  n2 --> n3\n"
    )


def test_svg_is_well_formed_and_has_every_node():
    W = Variable(torch.ones(2, 3), requires_grad=True, label="<W>")
    y = (W @ torch.ones(3)).sum()
    picture = ElementTree.fromstring(to_svg(y))  # noqa: S314  # our own text

    texts = [t.text for t in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert "<W> 2×3" in texts
    assert len(texts) == len(topo_sort(y, inputs_of, key=id))


def test_repr_tells_value_and_origin():
    assert repr(leaf(1.0) * 2) == ("Variable(2.0, made by '×')")


@pytest.mark.cuda
def test_gradients_agree_on_cpu_and_cuda():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")

    def loss(W, b, X):
        hidden = (X @ W + b).tanh()
        return ((hidden * hidden).mean(1).sqrt() - hidden[:, 0]).abs().sum()

    inputs = [tensor(4, 3, seed=1), tensor(3, seed=2), tensor(5, 4, seed=3)]
    here = [leaf(x) for x in inputs]
    there = [leaf(x.cuda()) for x in inputs]
    loss(*here).backward()
    loss(*there).backward()

    for a, b in zip(here, there, strict=True):
        assert slope(b).is_cuda
        assert_close(slope(b).cpu(), slope(a))
    with no_grad():
        there[0].add_(slope(there[0]))
    assert there[0].version == 1
    assert gradcheck(loss, *(x.cuda() for x in inputs))
