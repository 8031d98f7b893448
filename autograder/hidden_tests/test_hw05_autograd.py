"""Hidden tests of homework 5, automatic differentiation: one claim each.

Expected values are found by hand, from the definitions, to 30 digits, or in exact arithmetic.
"""

import ast
import math
from fractions import Fraction
from itertools import product

import mpmath
import numpy as np
import pytest
import sympy as sp

from autograder.answers.choices import require_choice
from autograder.answers.counts import FormulaSlip, grid_points, require_formula
from autograder.answers.domains import positive, real
from autograder.answers.expressions import Slip, read_expression, require_equal, sample
from autograder.answers.numbers import NumberSlip, require_number
from autograder.answers.programs import (
    read_program,
    read_rational,
    require_function,
    require_wrong_slope,
    slope_by_autograd,
    slopes_at,
)
from autograder.answers.proof_order import Distractor, Proof, read_order, require_proof
from autograder.answers.reading import read_number
from autograder.answers.student_tests import judge_student_test, right, wrong
from autograder.answers.tables import Row, RowSlip, faults_of
from autograder.answers.verdict import InvalidAnswer, WrongAnswer

# A dozen operations in float64, in whatever order, err by less than 1e-14 relative to the largest
# number on the way; float32 errs by 1e-7 and fails.
ROUNDING = 1e-10


def number(value):
    """The one real number that an attribute or a function of the student's holds."""
    if value is None:
        raise InvalidAnswer("where a number is expected there is None")
    if not isinstance(value, int | float | np.ndarray | np.generic) or np.size(value) != 1:
        raise InvalidAnswer("one number is expected")
    return float(np.asarray(value).item())


def array(value, what):
    """An array of real numbers that the student's code returned."""
    if value is None:
        raise InvalidAnswer(f"{what} is None; an array is expected")
    if not isinstance(value, int | float | list | tuple | np.ndarray | np.generic):
        raise InvalidAnswer(f"{what} should be an array of numbers")
    try:
        entries = np.asarray(value)
    except ValueError as error:
        raise InvalidAnswer(f"the rows of {what} differ in length") from error
    if entries.dtype.kind not in "biuf":
        raise InvalidAnswer(f"{what} should be an array of real numbers")
    return entries.astype(float)


def near(value, scale=0.0):
    return pytest.approx(value, rel=ROUNDING, abs=ROUNDING * scale)


# P1


def run_backward(result, *values):
    """The gradients of some Values after a pass from `result`."""
    result.backward()
    return [number(v.grad) for v in values]


def require_slopes(found, wanted, *slips):
    """Passes where the gradients are those wanted; a slip is a note, a hint and what it gives."""
    if found == near(wanted, scale=1):
        return
    for note, hint, slipped in slips:
        if found == near(slipped, scale=1):
            raise WrongAnswer(note, hint)
    if any(wanted) and not any(found):
        raise WrongAnswer(
            "all gradients are zero",
            "Set the gradient of y to 1 after all others are set to 0, and not before.",
        )
    raise AssertionError("other gradients")


@pytest.mark.grade_cell("scalar_engine")
def test_operations_have_their_values(student, rng):
    """The data of a result is what + − · / ** and exp, log, tanh, relu give for numbers."""
    s, t = rng.uniform(0.5, 2), rng.uniform(0.5, 2)
    a, b = student.Value(s), student.Value(-t)
    results = [
        (a + b, s - t), (a - b, s + t), (a * b, -s * t), (a / b, -s / t), (-a, -s), (b**3, -(t**3)),
        (a**-0.5, s**-0.5), (b**0, 1), (a.exp(), math.exp(s)), (a.log(), math.log(s)),
        (b.tanh(), -math.tanh(t)), (a.relu(), s), (b.relu(), 0),
    ]  # fmt: skip
    for result, wanted in results:
        assert number(result.data) == near(wanted)


@pytest.mark.grade_cell("scalar_engine")
def test_arithmetic_has_its_slopes(student, rng):
    """The gradients of a + b, a − b, a b, a / b and −a by a and by b are those of calculus."""
    s, t = rng.uniform(0.5, 2), -rng.uniform(0.5, 2)
    own_factor = "The slope of a product by one factor is the other factor."
    denominator = "How does s/t answer to t? It is s · t^(−1)."
    table = [
        (lambda a, b: a * b, [t, s], [("its own factor as slope", own_factor, [s, t])]),
        (lambda a, b: a + b, [1, 1], []),
        (lambda a, b: -a + 0 * b, [-1, 0],
         [("sign of the minus", "When a grows, −a falls.", [1, 0])]),
        (lambda a, b: a - b, [1, -1],
         [("minus taken as plus", "When b grows, a − b falls.", [1, 1])]),
        (lambda a, b: a / b, [1 / t, -s / t**2],
         [("denominator taken as constant", denominator, [1 / t, 0]),
          ("sign of the denominator's slope", denominator, [1 / t, s / t**2])]),
    ]  # fmt: skip
    for f, wanted, slips in table:
        a, b = student.Value(s), student.Value(t)
        found, size = run_backward(f(a, b), a, b), number(f(a, b).data)
        times_y = [size * slope for slope in wanted]
        seed = ("starts from y, not from 1", "∂y/∂y is 1, whatever y is.", times_y)
        require_slopes(found, wanted, *slips, seed)


@pytest.mark.grade_cell("scalar_engine")
@pytest.mark.parametrize("p", [2, 3, -1, 0.5, -1.5, 1, 0])
def test_power_has_the_slope_of_the_power_rule(student, rng, p):
    """The derivative of a^p is p a^(p−1), for whole, negative and broken p, and 0 for p = 0."""
    s = rng.uniform(1.2, 2)
    a = student.Value(s)
    lowered = "The derivative of a^p has the power p − 1, not the power p."
    factor = "The derivative of a^p has the factor p."
    require_slopes(
        run_backward(a**p * 1, a), [p * s ** (p - 1)],
        ("power not lowered", lowered, [p * s**p]),
        ("factor p missing", factor, [s ** (p - 1)]),
    )  # fmt: skip


@pytest.mark.grade_cell("scalar_engine")
def test_functions_have_their_slopes(student, rng):
    """The derivatives of exp, log and tanh are e^a, 1/a and 1 − tanh² a."""
    s = rng.uniform(0.5, 0.9)
    own = "exp is its own derivative: the slope at a is e^a."
    table = {
        "exp": (math.exp(s), ("exp differentiated as a power", own, [3 * s * math.exp(s - 1)]),
                ("slope of exp", own, [3 * s])),
        "log": (1 / s, ("slope of log", "The derivative of log a is 1/a.", [3 / math.log(s)])),
        "tanh": (1 - math.tanh(s) ** 2,
                 ("slope of tanh", "The derivative of tanh is 1 − tanh².", [3 - 3 * math.tanh(s)])),
    }  # fmt: skip
    for name, (wanted, *slips) in table.items():
        a = student.Value(s)
        require_slopes(run_backward(getattr(a, name)() * 3, a), [3 * wanted], *slips)


@pytest.mark.grade_cell("scalar_engine")
@pytest.mark.parametrize(("at", "slope"), [(1.5, 1), (0.1, 1), (-0.1, 0), (-2.0, 0), (0.0, 0)])
def test_relu_passes_gradients_for_positive_numbers_only(student, at, slope):
    """relu lets a gradient through where a > 0, and nothing where a ≤ 0."""
    a = student.Value(at)
    everywhere = "Left of 0, relu is constant: what is its slope there?"
    at_zero = "At 0 there is no right slope; the question fixes one."
    note = ("relu lets everything through", everywhere) if at else ("relu at 0", at_zero)
    require_slopes(run_backward(a.relu() * 5, a), [5 * slope], (*note, [5]))


@pytest.mark.grade_cell("scalar_engine")
def test_plain_numbers_stand_on_either_side(student, rng):
    """A plain number may be the left or the right operand: 2 − a and a − 2 differ in sign."""
    s = rng.uniform(0.5, 2)
    table = [
        (lambda a: 2 + a, 1), (lambda a: a + 2, 1), (lambda a: 2 - a, -1), (lambda a: a - 2, 1),
        (lambda a: 3 * a, 3), (lambda a: a * 3, 3), (lambda a: 1 / a, -1 / s**2),
        (lambda a: a / 4, 0.25), (lambda a: 2.5 - 3 / a, 3 / s**2),
    ]  # fmt: skip
    for f, slope in table:
        a = student.Value(s)
        result = f(a)
        found = number(result.data)
        if found != near(f(s), scale=1) and found in (near(s - 2, scale=1), near(s)):
            raise WrongAnswer(
                "operands swapped",
                "2 − a is not a − 2, and 1/a is not a/1: __rsub__ gets them the other way round.",
            )
        assert found == near(f(s), scale=1)
        assert run_backward(result, a) == near([slope])


ONE_SHARE = (
    "a share overwrites the other",
    "A Value that is used twice gets a share from each use: shares are added.",
)


@pytest.mark.grade_cell("scalar_engine", weight=2)
def test_each_use_of_a_value_gives_a_share(student, rng):
    """A Value that is used twice gets the sum of both shares, also where both uses are one."""
    s, t = rng.uniform(0.5, 2), rng.uniform(2.5, 4)
    a, b = student.Value(s), student.Value(t)
    require_slopes(run_backward(a * a, a), [2 * s], (*ONE_SHARE, [s]))
    a, b = student.Value(s), student.Value(t)
    found = run_backward(a * b + a, a, b)
    require_slopes(found, [t + 1, s], (*ONE_SHARE, [1, s]), (*ONE_SHARE, [t, s]))


@pytest.mark.grade_cell("scalar_engine", weight=2)
def test_a_value_waits_for_all_its_users(student, rng):
    """A Value passes its gradient on after all its users, near and far, have given their share."""
    s = rng.uniform(0.5, 1.5)
    for build, wanted, early in [
        (lambda b: b + ((b * 2) * 3) * 4, 25, (1, 24)),
        (lambda b: ((b * 2) * 3) * 4 + b, 25, (1, 24)),
        (lambda b: b * ((b + 1) + 1), 2 * s * s + 2, (s * s, s * s + 2)),
        (lambda b: ((b + 1) + 1) * b, 2 * s * s + 2, (s * s, s * s + 2)),
    ]:
        a = student.Value(s)
        b = a * a  # a has to wait until b has all its shares
        found = run_backward(build(b), a)
        note, hint = (
            "passed on too early",
            "A Value may pass its gradient on only when all its users have given their share.",
        )
        slips = [(note, hint, [share * 2 * s]) for share in (*early, wanted + early[0])]
        require_slopes(found, [wanted * 2 * s], *slips)


def random_program(rng):
    """A function of three numbers, of whatever kind, made of random operations."""
    steps = [
        (rng.choice(["add", "sub", "mul", "div", "tanh", "exp", "pow"]),
         *rng.integers(0, 3 + k, size=2).tolist())
        for k in range(9)
    ]  # fmt: skip

    def compute(x, y, z, functions):
        known = [x, y, z]
        for name, i, j in steps:
            a, b = known[i], known[j]
            known.append(functions[name](a, b))
        total = known[3]
        for value in known[4:]:
            total = total + value
        return total

    return compute


ON_VALUES = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: 0.5 * a * b,
    "div": lambda a, b: a / (2 + b * b), "tanh": lambda a, _: a.tanh(),
    "exp": lambda a, _: (-(a * a)).exp(), "pow": lambda a, b: (1 + a * a) ** -0.5 - b,
}  # fmt: skip
ON_MPMATH = ON_VALUES | {
    "tanh": lambda a, _: mpmath.tanh(a),
    "exp": lambda a, _: mpmath.exp(-(a * a)),
    "pow": lambda a, b: (1 + a * a) ** mpmath.mpf(-0.5) - b,
}


def exact_slope(program, at, k):
    """The derivative of a program by its k-th number, to 30 digits."""

    def along(t):
        return program(*[t if i == k else mpmath.mpf(c) for i, c in enumerate(at)], ON_MPMATH)

    with mpmath.workdps(30):
        return float(mpmath.diff(along, mpmath.mpf(at[k])))


@pytest.mark.grade_cell("scalar_engine", weight=2)
def test_gradients_of_random_programs(student, rng):
    """For random programs of nine operations all gradients agree with derivatives to 30 digits."""
    for _ in range(4):
        program, at = random_program(rng), rng.uniform(-1, 1, size=3).tolist()
        x, y, z = (student.Value(t) for t in at)
        found = run_backward(program(x, y, z, ON_VALUES), x, y, z)
        for k in range(3):
            assert found[k] == near(exact_slope(program, at, k), scale=10)


@pytest.mark.grade_cell("scalar_engine")
def test_each_pass_starts_from_zero(student, rng):
    """A second pass, from the same or from another result, gives right gradients again."""
    s, t = rng.uniform(0.5, 2), rng.uniform(0.5, 2)
    a, b = student.Value(s), student.Value(t)
    shared = a * b
    first, second = shared * a, shared + b
    wanted = [2 * s * t, s * s]
    assert run_backward(first, a, b) == near(wanted)
    again = run_backward(first, a, b, first)
    if again[:2] != near(wanted) and all(g > w for g, w in zip(again, wanted, strict=False)):
        raise WrongAnswer(
            "gradients of an earlier pass",
            "A second pass added to what the first one left: set all gradients to 0 before.",
        )
    assert again == near([*wanted, 1])
    assert run_backward(second, a, b, shared) == near([t, s + 1, 1])


@pytest.mark.grade_cell("scalar_engine")
def test_time_does_not_grow_with_the_number_of_paths(student):
    """After forty steps of y = y + y the gradient is 2^40, and it comes at once."""
    a = student.Value(1.0)
    y = a
    for _ in range(40):
        y = y + y
    assert run_backward(y, a) == [2.0**40]


# P2


def random_graph(rng, size, links=3):
    """A graph without cycles on 0, ..., size − 1; its edges lead from larger to smaller numbers."""
    return {
        k: rng.integers(0, k, size=rng.integers(1, links + 1)).tolist() if k else []
        for k in range(size)
    }


def shuffled(graph, names, rng):
    """The graph with other names, its entries in a random order; each list keeps its order."""
    nodes = rng.permutation(len(graph)).tolist()
    return {names[k]: [names[child] for child in graph[k]] for k in nodes}


def needed(graph, root):
    """All that root depends on, and root."""
    found, waiting = {root}, [root]
    while waiting:
        for child in graph[waiting.pop()]:
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found


def sorted_nodes(student, graph, root):
    order = student.topo_sort(graph, root)
    if not isinstance(order, list | tuple):
        raise InvalidAnswer("topo_sort should return a list of nodes")
    return list(order)


def words(rng, count):
    """So many different names."""
    return [f"n{number}" for number in rng.choice(10**6, size=count, replace=False).tolist()]


@pytest.mark.grade_cell("topo_sort", weight=2)
@pytest.mark.parametrize("size", [4, 9, 30])
def test_every_node_stands_after_its_inputs(student, rng, size):
    """In the list every node stands after all its inputs."""
    for _ in range(5):
        graph = shuffled(random_graph(rng, size), words(rng, size), rng)
        root = max(graph, key=lambda node: len(needed(graph, node)))
        place = {node: k for k, node in enumerate(sorted_nodes(student, graph, root))}
        for node, k in place.items():
            assert all(place.get(child, len(graph)) < k for child in graph[node])
        assert root in place


@pytest.mark.grade_cell("topo_sort")
def test_no_node_stands_there_twice(student, rng):
    """Every node stands in the list once, also if it is used by several nodes or twice by one."""
    diamond = {"y": ["a", "b"], "a": ["x", "x"], "b": ["x", "a"], "x": []}
    order = sorted_nodes(student, diamond, "y")
    assert sorted(order) == ["a", "b", "x", "y"]
    graph = random_graph(rng, 12, links=5)
    order = sorted_nodes(student, graph, 11)
    assert len(order) == len(set(order)) == len(needed(graph, 11))


@pytest.mark.grade_cell("topo_sort")
def test_the_list_holds_what_the_root_needs(student, rng):
    """The list holds root and all that it depends on, directly or not, and nothing else."""
    names = words(rng, 15)
    graph = shuffled(random_graph(rng, 15, links=2), names, rng)
    for root in (names[14], names[12], names[5], names[0]):
        assert set(sorted_nodes(student, graph, root)) == needed(graph, root)


@pytest.mark.grade_cell("topo_sort")
def test_long_chains_are_sorted(student):
    """A chain of 20,000 nodes is sorted, without recursion, whichever way its nodes are listed."""
    length = 20_000
    chain = {k: (k - 1,) if k else () for k in range(length)}
    assert sorted_nodes(student, chain, length - 1) == list(range(length))
    turned = {k: (k + 1,) if k < length - 1 else () for k in range(length)}
    assert sorted_nodes(student, turned, 0) == list(range(length))[::-1]
    for node in ast.walk(student.tree("topo_sort")):
        names = {getattr(node, "attr", None), getattr(node, "id", None)}
        if "setrecursionlimit" in names:
            raise WrongAnswer(
                "recursion limit raised",
                "A larger limit only moves the end of the road: keep a stack of your own.",
            )


@pytest.mark.grade_cell("topo_sort")
def test_time_grows_with_edges_and_not_with_paths(student):
    """Forty nodes, each of which uses the one before twice, are sorted at once: 2^40 paths."""
    ladder = {k: [k - 1, k - 1] if k else [] for k in range(40)}
    assert sorted_nodes(student, ladder, 39) == list(range(40))
    steps = {k: [k - 1, k - 2] if k > 1 else [] for k in range(80)}
    assert sorted_nodes(student, steps, 79)[2:] == list(range(2, 80))


@pytest.mark.grade_cell("topo_sort")
def test_the_order_is_stable(student, rng):
    """The order depends on the graph alone: where the nodes are renamed, so is the list."""
    # Of 30 nodes many can change places: an order by name or hash agrees with probability < 1e-9.
    graph = {0: list(range(1, 31)), **{k: [31] for k in range(1, 31)}, 31: []}
    numbers = rng.choice(10**9, size=32, replace=False).tolist()
    names = words(rng, 32)
    first, second, third = (
        sorted_nodes(student, {new[k]: [new[c] for c in graph[k]] for k in graph}, new[0])
        for new in (list(range(32)), numbers, names)
    )
    assert set(first) == set(range(32))
    if [numbers[k] for k in first] != second or [names[k] for k in first] != third:
        raise WrongAnswer(
            "names decide the order",
            "With other names the nodes come in another order: go through lists, not through sets, "
            "and do not sort.",
        )


@pytest.mark.grade_cell("topo_sort")
def test_nodes_may_be_numbers_strings_and_tuples(student):
    """Nodes are numbers, strings or tuples, 0 and the empty string among them."""
    graph = {(0, 1): [0, ""], 0: ["", "W"], "": ["W"], "W": []}
    assert sorted_nodes(student, graph, (0, 1)) == ["W", "", 0, (0, 1)]
    assert sorted_nodes(student, graph, 0) == ["W", "", 0]
    assert sorted_nodes(student, {0: []}, 0) == [0]


@pytest.mark.grade_cell("topo_sort")
def test_a_cycle_is_refused_and_the_graph_is_kept(student):
    """A needed node that depends on itself: ValueError. A diamond is none. The graph is kept."""
    graph = {"y": ["a", "b"], "a": ["x"], "b": ["x", "a"], "x": []}
    before = {node: list(inputs) for node, inputs in graph.items()}
    assert sorted_nodes(student, graph, "y") == ["x", "a", "b", "y"]
    assert list(graph.items()) == list(before.items())
    elsewhere = {"a": ["b"], "b": ["a", "x"], "y": ["x"], "x": []}
    assert sorted_nodes(student, elsewhere, "y") == ["x", "y"]
    for cycle in (
        {"y": ["y"]},
        {"y": ["a"], "a": ["b"], "b": ["c", "x"], "c": ["a"], "x": []},
        {"y": ["x", "a"], "a": ["x", "y"], "x": []},
    ):
        with pytest.raises(ValueError):  # noqa: PT011  # the message is the student's own
            student.topo_sort(cycle, "y")


# P3

SHAPES = [
    (), (1,), (3,), (1, 1), (1, 3), (2, 1), (2, 3), (1, 1, 1), (1, 1, 3), (1, 2, 1), (1, 2, 3),
    (4, 1, 1), (4, 1, 3), (4, 2, 1), (4, 2, 3),
]  # fmt: skip


def sum_over_copies(G, shape):
    """For each entry of an array of `shape`, the sum of G over the places that it is copied to."""
    size = math.prod(shape)
    copied_from = np.broadcast_to(np.arange(size).reshape(shape), G.shape)
    return np.bincount(copied_from.ravel(), weights=G.ravel(), minlength=size).reshape(shape)


def same_array(value, wanted, what):
    """Whether an array has exactly the shape, and up to rounding the entries, that are wanted."""
    found = array(value, what)
    if found.shape != wanted.shape:
        raise WrongAnswer(
            "another shape", f"{what} should have exactly the shape of what it is the gradient of."
        )
    return np.allclose(found, wanted, rtol=ROUNDING, atol=ROUNDING)


def two_gradients(value, what):
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise InvalidAnswer(f"{what} should return a pair of two arrays")
    return value


@pytest.mark.grade_cell("array_rules", weight=2)
def test_gradient_of_a_copied_array_is_the_sum_over_copies(student, rng):
    """unbroadcast(G, shape) adds G up over the copies, for all shapes of up to three axes."""
    for shape, other in product(SHAPES, SHAPES):
        G = rng.normal(size=np.broadcast_shapes(shape, other))
        assert same_array(student.unbroadcast(G, shape), sum_over_copies(G, shape), "unbroadcast")


@pytest.mark.grade_cell("array_rules", weight=2)
def test_rule_of_the_product_of_entries(student, rng):
    """For C = A * B, Ā is G times B and B̄ is G times A, each summed over the copies."""
    for left, right_ in product(SHAPES, SHAPES):
        A, B = rng.normal(size=left), rng.normal(size=right_)
        G = rng.normal(size=np.broadcast_shapes(left, right_))
        A_bar, B_bar = two_gradients(student.multiply_vjp(G, A, B), "multiply_vjp")
        assert same_array(A_bar, sum_over_copies(G * B, left), "the gradient of A")
        assert same_array(B_bar, sum_over_copies(G * A, right_), "the gradient of B")


def by_sums(G, A, B):
    """Ā and B̄ of the matrix product of stacks of one shape, entry by entry from the definition."""
    A_bar = np.einsum("...ij,...kj->...ik", G, B)
    B_bar = np.einsum("...ji,...jk->...ik", A, G)
    return sum_over_copies(A_bar, A.shape), sum_over_copies(B_bar, B.shape)


def check_matmul(student, rng, left, right_):
    A, B = rng.normal(size=left), rng.normal(size=right_)
    G = rng.normal(size=(A @ B).shape)
    A_bar, B_bar = two_gradients(student.matmul_vjp(G, A, B), "matmul_vjp")
    wanted_A, wanted_B = by_sums(G, A, B)
    assert same_array(A_bar, wanted_A, "the gradient of A")
    assert same_array(B_bar, wanted_B, "the gradient of B")


@pytest.mark.grade_cell("array_rules", weight=2)
@pytest.mark.parametrize(("m", "k", "n"), [(2, 3, 4), (1, 5, 2), (4, 1, 3), (3, 3, 3)])
def test_rule_of_the_matrix_product(student, rng, m, k, n):
    """For C = A B, ⟨G, Ȧ B + A Ḃ⟩ = ⟨Ā, Ȧ⟩ + ⟨B̄, Ḃ⟩, also for square matrices."""
    check_matmul(student, rng, (m, k), (k, n))


@pytest.mark.grade_cell("array_rules", weight=2)
@pytest.mark.parametrize(
    ("left", "right_"),
    [
        ((5, 2, 3), (5, 3, 4)),
        ((5, 2, 3), (3, 4)),
        ((2, 3), (5, 3, 4)),
        ((1, 2, 3), (5, 3, 4)),
        ((5, 2, 3), (1, 3, 4)),
        ((6, 1, 2, 3), (5, 3, 4)),
    ],
)
def test_stacks_of_matrices_are_multiplied_one_by_one(student, rng, left, right_):
    """A stack of matrices is treated matrix by matrix; a matrix that is used often gets a sum."""
    check_matmul(student, rng, left, right_)


@pytest.mark.grade_cell("array_rules", weight=2)
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", [None, 0, 1, 2, -1, -2, (0, 1), (0, 2), (-1, 0), (0, 1, 2), ()])
def test_each_summand_gets_the_gradient_of_its_sum(student, rng, axis, keepdims):
    """For C = A.sum(axis), every entry of A gets the gradient of the sum that it is in."""
    A = rng.normal(size=(2, 3, 4))
    G = rng.normal(size=A.sum(axis=axis, keepdims=keepdims).shape)
    axes = range(3) if axis is None else [axis] if isinstance(axis, int) else axis
    gone = {k % 3 for k in axes}
    wanted = np.empty(A.shape)
    for index in np.ndindex(*A.shape):
        place = [0 if k in gone else i for k, i in enumerate(index)]
        at = [i for k, i in enumerate(place) if keepdims or k not in gone]
        wanted[index] = G[tuple(at)]
    assert same_array(student.sum_vjp(G, A, axis, keepdims), wanted, "sum_vjp")


@pytest.mark.grade_cell("array_rules")
def test_rules_leave_their_arguments_alone(student, rng):
    """No rule changes G, A or B: called twice, each gives the same."""
    A, B, G = rng.normal(size=(2, 3)), rng.normal(size=(3, 2)), rng.normal(size=(2, 2))
    before = [X.copy() for X in (A, B, G)]
    row = rng.normal(size=(1, 3))
    first = array(student.unbroadcast(A, (1, 3)), "unbroadcast")
    assert first == pytest.approx(A.sum(axis=0, keepdims=True))
    for _ in range(2):
        student.multiply_vjp(A, A, row)
        student.matmul_vjp(G, A, B)
        student.sum_vjp(G[0], G, 0, False)
    assert np.array_equal(array(student.unbroadcast(A, (1, 3)), "unbroadcast"), first)
    assert all(np.array_equal(X, Y) for X, Y in zip((A, B, G), before, strict=True))


# P4


def leaf(student, data):
    return student.Tensor(data, requires_grad=True)


def gradient(tensor):
    return array(tensor.grad, "a gradient")


def has_past(tensor):
    """Whether a Tensor remembers inputs."""
    inputs = tensor.inputs
    if isinstance(inputs, tuple | list):
        return len(inputs) > 0
    raise InvalidAnswer("the inputs of a Tensor should be a tuple")


def require(holds, note, hint):
    if not holds:
        raise WrongAnswer(note, hint)


def require_refusal(call, note, hint):
    """Passes where the call raises RuntimeError."""
    try:
        call()
    except RuntimeError:
        return
    raise WrongAnswer(note, hint)


def change(student, tensor):
    with student.no_grad():
        tensor.add_(1.0)


@pytest.mark.grade_cell("recording")
def test_leaves_get_their_gradients(student, rng):
    """backward gives every leaf its gradient, also through numbers that are used several times."""
    s, t = rng.uniform(0.5, 1.5, size=3), rng.uniform(0.5, 1.5, size=3)
    a = leaf(student, s)
    (a * a).sum().backward()
    require(not np.allclose(gradient(a), s), *ONE_SHARE)
    for build in (lambda b: b + (b * 2 + 1) * 3, lambda b: (b * 2 + 1) * 3 + b):
        a = leaf(student, s)
        build(a * a).sum().backward()  # a · a waits for its far user
        require(
            np.allclose(gradient(a), 14 * s, rtol=ROUNDING),
            "passed on too early",
            "A Tensor may pass its gradient on only when all its users have given their share.",
        )
    a, b = leaf(student, s), leaf(student, t)
    c = a * b
    (c * c + a.exp() + b * 3 + c).sum().backward()
    assert gradient(a) == pytest.approx(2 * s * t**2 + np.exp(s) + t, rel=ROUNDING)
    assert gradient(b) == pytest.approx(2 * s**2 * t + 3 + s, rel=ROUNDING)


@pytest.mark.grade_cell("recording")
def test_only_leaves_that_ask_get_a_gradient(student, rng):
    """Constants and results in between keep grad = None; the leaves that ask have theirs."""
    s, t = rng.uniform(1, 2, size=2), rng.uniform(1, 2, size=2)
    w, x = leaf(student, s), student.Tensor(t)
    middle = w * x
    loss = (middle + x * x).sum()
    loss.backward()
    assert gradient(w) == pytest.approx(t)
    require(x.grad is None, "a constant gets a gradient", "Data did not ask for a gradient.")
    require(
        middle.grad is None and loss.grad is None,
        "results in between keep gradients",
        "Only leaves keep a gradient; the others are used up on the way.",
    )


@pytest.mark.grade_cell("recording")
def test_constants_are_not_recorded(student):
    """What is computed from constants alone remembers nothing; else the result asks too."""
    w, x = leaf(student, [1.0, 2.0]), student.Tensor([3.0, 4.0])
    constant = (x * x + 1).exp()
    require(
        not has_past(constant) and constant.requires_grad is False,
        "constants are recorded",
        "If no input requires a gradient, there is nothing to remember.",
    )
    result = w * constant
    require(
        has_past(result) and result.requires_grad is True,
        "not recorded",
        "One input that requires a gradient is enough for the result to require one.",
    )
    assert (constant * w * 2).sum().requires_grad is True
    require_refusal(
        lambda: constant.sum().backward(),
        "goes backwards from a constant",
        "backward on a Tensor that does not require a gradient raises RuntimeError.",
    )


@pytest.mark.grade_cell("recording")
def test_passes_add_up_until_zeroed(student, rng):
    """A second pass adds to the gradients; after zero_grad they start afresh."""
    s = rng.uniform(2, 3, size=2)
    w = leaf(student, s)
    (w * w).sum().backward()
    assert gradient(w) == pytest.approx(2 * s)
    (w * 3).sum().backward()
    require(
        not np.allclose(gradient(w), 3),
        "a pass overwrites the gradient",
        "The gradients of several passes are added up, until zero_grad forgets them.",
    )
    assert gradient(w) == pytest.approx(2 * s + 3)
    w.zero_grad()
    require(
        w.grad is None or not np.any(gradient(w)),
        "gradient not forgotten",
        "After zero_grad nothing of the earlier passes is left.",
    )
    (w * 5).sum().backward()
    assert gradient(w) == pytest.approx([5, 5])


def gradient_after_an_error(student):
    try:
        return number(student.gradient_after_an_error())
    except RuntimeError:
        return None


@pytest.mark.grade_cell("recording")
def test_no_grad_switches_recording_off_and_back(student):
    """Inside no_grad nothing is recorded; after it, also nested or with an error, all is."""
    w = leaf(student, [1.0, 2.0])
    with student.no_grad():
        require(
            not has_past(w * w),
            "recorded inside no_grad",
            "Inside the block a result has no inputs, whatever it is computed from.",
        )
        with student.no_grad():
            assert (w * 2).requires_grad is False
        inner = w * 3
        require(
            not has_past(inner),
            "an inner block ends the outer one",
            "When an inner block ends, the outer one still holds: put back what was before.",
        )
        assert array(inner.data, "data") == pytest.approx([3, 6])
    require(
        has_past(w * w), "recording stays off", "After the last block everything is recorded again."
    )
    assert w.requires_grad is True
    require(
        gradient_after_an_error(student) == 3,
        "recording stays off after an error",
        "A block may end with an error, and recording has to go on after it all the same.",
    )


@pytest.mark.grade_cell("recording")
def test_detached_tensors_have_the_memory_and_no_past(student, rng):
    """detach gives the same memory without a past, and no gradient flows back through it."""
    s = rng.uniform(1, 2, size=2)
    w = leaf(student, s)
    square = w * w
    cut = square.detach()
    assert array(cut.data, "data") == pytest.approx(s * s)
    require(
        not has_past(cut) and cut.requires_grad is False,
        "the past is kept",
        "A detached Tensor is a constant: it has no inputs and requires no gradient.",
    )
    (cut * w).sum().backward()
    assert gradient(w) == pytest.approx(s * s)
    require(
        has_past(square) and square.requires_grad is True,
        "the original loses its past",
        "detach gives another Tensor, and leaves this one as it is.",
    )
    data = student.Tensor([1.0, 2.0])
    data.detach().add_(np.array([10.0, 20.0]))
    require(
        np.allclose(array(data.data, "data"), [11, 22]),
        "a copy of the memory",
        "A detached Tensor has the same memory: np.array(x) copies, and x itself does not.",
    )


@pytest.mark.grade_cell("recording")
def test_changes_in_place_change_the_memory(student):
    """add_ changes the numbers where they stand; where they would need a rule, it is refused."""
    w = leaf(student, [1.0, 2.0])
    other = w.detach()
    with student.no_grad():
        w.add_(np.array([0.5, -0.5])).add_(1)
    assert array(w.data, "data") == pytest.approx([2.5, 2.5])
    require(
        np.allclose(array(other.data, "data"), [2.5, 2.5]),
        "a new array",
        "`x = x + change` makes a new array; `x += change` changes the one that is there.",
    )
    assert w.requires_grad is True
    require_refusal(
        lambda: w.add_(1.0),
        "an unrecorded change",
        "A parameter may be changed inside no_grad only: else a rule would be missing.",
    )
    assert array(w.data, "data") == pytest.approx([2.5, 2.5])
    x = student.Tensor([1.0])
    x.add_(2.0)
    assert array(x.data, "data") == pytest.approx([3])


@pytest.mark.grade_cell("recording", weight=2)
def test_a_number_that_a_rule_reads_must_not_change(student):
    """backward raises RuntimeError if a number that a rule reads was changed since."""
    w, x = leaf(student, [1.0, 2.0]), leaf(student, [3.0, 4.0])
    change(student, w)  # before it is used: no harm
    loss = (w * x).sum()
    loss.backward()
    assert gradient(w) == pytest.approx([3, 4])
    assert gradient(x) == pytest.approx([2, 3])
    hint = (
        "Remember the version of each Tensor that a rule reads, and compare before the rule runs."
    )
    for changed in (w, x):
        loss = (w * x + w).sum()
        change(student, changed)
        require_refusal(loss.backward, "versions not compared", hint)
    middle = w * 2
    loss = middle.exp().sum()
    change(student, middle)
    require_refusal(loss.backward, "versions of leaves only", hint)


@pytest.mark.grade_cell("recording")
def test_a_number_that_no_rule_reads_may_change(student):
    """A change of a number that no rule reads is not refused, and the gradients are right."""
    w, x = leaf(student, [1.0, 2.0]), leaf(student, [3.0, 4.0])
    loss = (w + x * 2.0).sum()
    change(student, w)
    try:
        loss.backward()
    except RuntimeError as error:
        raise WrongAnswer(
            "refuses a harmless change",
            "The rule of a sum reads no numbers: compare the versions of `reads`, not of `inputs`.",
        ) from error
    assert gradient(w) == pytest.approx([1, 1])
    assert gradient(x) == pytest.approx([2, 2])


@pytest.mark.grade_cell("recording")
def test_a_change_by_another_name_counts(student):
    """A version belongs to the memory: a change through a detached Tensor is noticed too."""
    w, x = leaf(student, [1.0, 2.0]), leaf(student, [3.0, 4.0])
    loss = (w * x).sum()
    loss.backward()
    assert gradient(x) == pytest.approx([1, 2])
    note, hint = "a version for each name", "Let Tensors that share memory share their version too."
    loss = (w * x).sum()
    w.detach().add_(1.0)
    require_refusal(loss.backward, note, hint)
    cut = x.detach()
    loss = (w * cut).sum()
    change(student, x)
    require_refusal(loss.backward, note, hint)
    (w * cut).sum().backward()  # recorded after the change: fine


@pytest.mark.grade_cell("recording")
def test_nothing_is_kept_alive_for_no_reason(student):
    """A loop that keeps its losses detached keeps one Tensor a step alive, and no graphs."""
    assert leaf(student, [1.0]).requires_grad is True
    few = number(student.alive_with_detached_losses(2))
    many = number(student.alive_with_detached_losses(22))
    require(
        few <= 8 and many - few == 20,
        "graphs are kept alive",
        "Something refers to results that nobody needs any more: a list in the class, the original "
        "of a detached Tensor, or a rule that holds its result.",
    )
    assert number(student.alive_with_losses(22)) > many


# P5


def per_entry(value, slope):
    """A function that works entry by entry, and its rule."""
    return value, (lambda x, u: slope(x) * u)


WEIGHTS = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75], [-2.0, 1.0, 0.5], [0.1, 3.0, -0.2]])
SLOPES = np.array([1.0, -2.0, 0.5, 3.0, 1.5])


def weighted_softmax(x):
    e = np.exp(x - x.max())
    return SLOPES[: len(x)] * e / e.sum()


def weighted_softmax_vjp(x, u):
    p, v = weighted_softmax(x) / SLOPES[: len(x)], SLOPES[: len(x)] * u
    return p * (v - np.sum(p * v))


def diagonal_only_vjp(x, u):
    p, v = weighted_softmax(x) / SLOPES[: len(x)], SLOPES[: len(x)] * u
    return p * (1 - p) * v


def first_squared_vjp(x, u):
    result = np.zeros_like(x)
    result[0] = 2 * x[0] * u
    return result


RIGHT = [
    right(*per_entry(lambda x: 3 * x**2, lambda x: 6 * x), (4,)),
    right(*per_entry(np.tanh, lambda x: 1 - np.tanh(x) ** 2), (2, 3)),
    right(np.cumsum, lambda _, u: np.cumsum(u[::-1])[::-1], (5,)),
    right(lambda x: x @ WEIGHTS, lambda _, u: u @ WEIGHTS.T, (2, 4)),
    right(weighted_softmax, weighted_softmax_vjp, (4,)),
    right(lambda x: np.sum(x**3), lambda x, u: 3 * x**2 * u, (2, 2)),
    right(lambda x: np.maximum(x, 0), lambda x, u: (x > 0) * u, (6,)),
    right(*per_entry(lambda x: 1e-7 * np.sin(x), lambda x: 1e-7 * np.cos(x)), (3,)),
    right(*per_entry(lambda x: 1e6 * x**3, lambda x: 3e6 * x**2), (3,)),
    right(lambda x: x[0] ** 2, first_squared_vjp, (4,)),
    right(np.exp, lambda x, u: np.exp(x) * u, (1,)),
]

WRONG_JACOBIANS = [
    wrong("the transposed Jacobian", "Weigh the entries of the result by weights that differ.",
          np.cumsum, lambda _, u: np.cumsum(u), (5,)),
    wrong("wrong in its last entry only", "Look at every entry of the gradient.",
          lambda x: x**2, lambda x, u: 2 * x * u * np.r_[1.0, 1.0, 1.0, 0.5], (4,)),
    wrong("wrong in its last column only", "Look at every entry of the gradient.",
          lambda x: x**3, lambda x, u: 3 * x**2 * u * np.array([1.0, 1.0, 0.5]), (2, 3)),
    wrong("right in its first entry only", "Look at every entry of the gradient.",
          lambda x: np.exp(-x), lambda x, u: -np.exp(-x) * u * np.r_[1.0, 0.0, 0.0], (3,)),
    wrong("errors that cancel in the sum", "Errors of both signs must not cancel: no plain sums.",
          lambda x: x * SLOPES,
          lambda _, u: u * SLOPES + np.array([1.0, -1.0, 0.0, 2.0, -2.0]), (5,)),
    wrong("entries in the wrong order", "Compare entry with entry, not sum with sum.",
          lambda x: np.sum(SLOPES * x), lambda _, u: SLOPES[::-1] * u, (5,)),
    wrong("ignores the weights u", "Try weights u that are not all 1.",
          lambda x: x @ WEIGHTS, lambda x, _: np.tile(WEIGHTS.sum(axis=1), (len(x), 1)), (2, 4)),
    wrong("uses the first entry of u only", "Let every entry of u be different from 0.",
          lambda x: x * np.array([1.0, 2.0, 3.0]),
          lambda _, u: np.array([1.0, 2.0, 3.0]) * u * np.r_[1.0, 0.0, 0.0], (3,)),
    wrong("the diagonal of the Jacobian only", "Let the weights u differ from one another.",
          weighted_softmax, diagonal_only_vjp, (4,)),
]  # fmt: skip
WRONG_SOMEWHERE = [
    wrong("wrong for negative numbers", "Try points with entries of both signs.",
          lambda x: np.where(x > 0, x, 0.1 * x), lambda _, u: 1.0 * u, (12,)),
    wrong("wrong for positive numbers", "Try points with entries of both signs.",
          np.abs, lambda _, u: -1.0 * u, (12,)),
    wrong("right at zero only", "At zero many wrong rules are right: try other points.",
          lambda x: x + x**2, lambda _, u: 1.0 * u, (4,)),
    wrong("right at one only", "At one, powers look alike: try other points.",
          lambda x: x**3, lambda x, u: 3 * x * u, (4,)),
    wrong("right where all entries are equal", "Let the entries of x differ.",
          lambda x: x * x.mean(), lambda x, u: u * x.mean() + x * u.mean(), (4,)),
    wrong("wrong for large numbers", "Try entries that are larger than 1 too.",
          lambda x: x + np.maximum(np.abs(x) - 1, 0) ** 2, lambda _, u: 1.0 * u, (16,)),
]  # fmt: skip
WRONG_BY_SIZE = [
    wrong("wrong sign", "Compare the gradients, not their sizes.",
          np.sin, lambda x, u: -np.cos(x) * u, (3,)),
    wrong("one percent too large", "Differences are exact to far more digits than two.",
          np.tanh, lambda x, u: 1.01 * (1 - np.tanh(x) ** 2) * u, (4,)),
    wrong("wrong, with tiny numbers", "Small is not zero: compare errors with the gradient's size.",
          lambda x: 1e-7 * x**2, lambda x, u: 1e-7 * x * u, (4,)),
    wrong("one percent too large, with tiny numbers",
          "np.allclose calls 1e-8 zero unless you give it an atol of the gradient's size.",
          lambda x: 1e-7 * np.sin(x), lambda x, u: 1.01e-7 * np.cos(x) * u, (4,)),
    wrong("zero, with tiny numbers", "Small is not zero: compare errors with the gradient's size.",
          lambda x: 1e-7 * np.sin(x), lambda x, u: 0 * x * u, (4,)),
    wrong("gives nan", "Every comparison with nan is false, `error > tolerance` too.",
          lambda x: x**2, lambda x, u: 2 * x * u * np.r_[1.0, 1.0, np.nan], (3,)),
    wrong("another shape", "Ask for exactly the shape of x, since broadcasting hides another one.",
          lambda x: x**2, lambda x, u: (2 * x * u)[:, None], (1,)),
    wrong("a flat gradient", "Ask for exactly the shape of x before you compare.",
          np.sin, lambda x, u: (np.cos(x) * u).ravel(), (2, 3)),
    wrong("zero everywhere", "Zero is a small error for nobody but a small gradient.",
          lambda x: x**3, lambda x, u: 0 * x * u, (4,)),
]  # fmt: skip


@pytest.mark.grade_cell("gradcheck", weight=4)
def test_check_finds_wrong_jacobians(student, rng):
    """The check accepts right rules, and refuses a rule that is wrong in some entry or weight."""
    judge_student_test(student.gradcheck, RIGHT, WRONG_JACOBIANS, rng)


@pytest.mark.grade_cell("gradcheck", weight=3)
def test_check_finds_rules_that_are_wrong_at_some_points(student, rng):
    """The check accepts right rules, and refuses one that is right at special points only."""
    judge_student_test(student.gradcheck, RIGHT, WRONG_SOMEWHERE, rng)


@pytest.mark.grade_cell("gradcheck", weight=3)
def test_check_measures_errors_rightly(student, rng):
    """The check accepts right rules of any size, and refuses what is wrong by 1 %, tiny or nan."""
    judge_student_test(student.gradcheck, RIGHT, WRONG_BY_SIZE, rng)


# T1


def row(name, rule, hint, *slips):
    return Row(name, rule, hint, slips=tuple(RowSlip(*slip) for slip in slips))


VALUES = (
    row("v1", lambda t: t["x1"] * t["x2"], "it is the product of x1 and x2."),
    row("v2", lambda t: t["v1"] + t["x3"], "it is your v1 plus x3."),
    row("v3", lambda t: t["v1"] * t["v2"], "it is the product of your v1 and your v2."),
    row("v4", lambda t: t["x2"] ** 2, "it is the square of x2."),
    row("y", lambda t: t["v3"] - t["v4"], "it is your v3 minus your v4."),
)
TANGENTS = (
    row(
        "dv1",
        lambda t: t["dx1"] * t["x2"] + t["x1"] * t["dx2"],
        "v1 is a product: the product rule has two terms.",
        ("product of the tangents", "The derivative of a product is not the product of the "
         "derivatives.", lambda t: t["dx1"] * t["dx2"]),
    ),
    row("dv2", lambda t: t["dv1"] + t["dx3"], "both summands move."),
    row(
        "dv3",
        lambda t: t["dv1"] * t["v2"] + t["v1"] * t["dv2"],
        "v3 is a product: the product rule has two terms.",
        ("product of the tangents", "The derivative of a product is not the product of the "
         "derivatives.", lambda t: t["dv1"] * t["dv2"]),
        ("a term of the product rule is missing", "Both factors of v3 move.",
         lambda t: t["v1"] * t["dv2"]),
        ("a term of the product rule is missing", "Both factors of v3 move.",
         lambda t: t["dv1"] * t["v2"]),
    ),
    row(
        "dv4",
        lambda t: 2 * t["x2"] * t["dx2"],
        "the slope of the square, times how fast x2 moves.",
        ("slope without the tangent", "The slope of the square is multiplied by how fast x2 moves.",
         lambda t: 2 * t["x2"]),
        ("factor 2 missing", "What is the derivative of a square?", lambda t: t["x2"] * t["dx2"]),
        ("slope of the square", "The derivative of a square is twice the number.",
         lambda t: 2 * t["dx2"]),
    ),
    row(
        "dy",
        lambda t: t["dv3"] - t["dv4"],
        "it is your dv3 minus your dv4.",
        ("sign lost", "y is a difference.", lambda t: t["dv3"] + t["dv4"]),
    ),
)  # fmt: skip
ADJOINTS = (
    row(
        "bar_v4",
        lambda _: -1,
        "how does y answer to v4?",
        ("sign lost", "v4 is subtracted: when it grows, y falls.", lambda _: 1),
    ),
    row("bar_v3", lambda _: 1, "how does y answer to v3?"),
    row(
        "bar_v2",
        lambda t: t["bar_v3"] * t["v1"],
        "v2 is used in v3 alone, with the other factor as its slope.",
        ("its own factor as slope", "The slope of a product by a factor is the *other* factor.",
         lambda t: t["bar_v3"] * t["v2"]),
    ),
    row(
        "bar_v1",
        lambda t: t["bar_v3"] * t["v2"] + t["bar_v2"],
        "v1 is used in v3 and in v2: add both shares.",
        ("a share is missing", "v1 is used twice, in v3 and in v2: add both shares.",
         lambda t: t["bar_v3"] * t["v2"]),
        ("a share is missing", "v1 is used twice, in v3 and in v2: add both shares.",
         lambda t: t["bar_v2"]),
        ("passed on too early", "Each share is the gradient of the user times a slope: v2 passes "
         "all of its gradient to v1.", lambda t: t["bar_v3"] * t["v2"] + 1),
        ("shares multiplied", "v1 is used twice, in v3 and in v2: shares are added.",
         lambda t: t["bar_v3"] * t["v2"] * t["bar_v2"]),
    ),
    row("bar_x3", lambda t: t["bar_v2"], "x3 is used in v2 alone."),
    row(
        "bar_x2",
        lambda t: t["bar_v1"] * t["x1"] + 2 * t["bar_v4"] * t["x2"],
        "x2 is used in v1 and in v4: add both shares.",
        ("a share is missing", "x2 is used twice, in v1 and in v4: add both shares.",
         lambda t: t["bar_v1"] * t["x1"]),
        ("a share is missing", "x2 is used twice, in v1 and in v4: add both shares.",
         lambda t: 2 * t["bar_v4"] * t["x2"]),
        ("factor 2 missing", "What is the derivative of a square?",
         lambda t: t["bar_v1"] * t["x1"] + t["bar_v4"] * t["x2"]),
        ("sign lost", "The gradient of v4 goes on with its sign.",
         lambda t: t["bar_v1"] * t["x1"] - 2 * t["bar_v4"] * t["x2"]),
    ),
    row(
        "bar_x1",
        lambda t: t["bar_v1"] * t["x2"],
        "x1 is used in v1 alone, with the other factor as its slope.",
        ("its own factor as slope", "The slope of a product by a factor is the *other* factor.",
         lambda t: t["bar_v1"] * t["x1"]),
    ),
)  # fmt: skip


def judge_part(student, own_numbers, rows):
    """Judges some lines of the tape, with all lines followed through."""
    numbers = own_numbers("hw05_tape")
    x = [int(k) for k in numbers.permutation(range(2, 8))[:3]]
    dx = [int(k) for k in numbers.permutation(range(2, 7))[:3]]
    given = {f"x{i}": t for i, t in enumerate(x, 1)} | {f"dx{i}": t for i, t in enumerate(dx, 1)}
    found = faults_of(student.tape, VALUES + TANGENTS + ADJOINTS, given, what="tape")
    faults = [fault for fault in found if fault.row in rows]
    if faults:
        first, *others = faults
        more = f" Look also at {', '.join(fault.row.name for fault in others)}." if others else ""
        credit = 1 - len(faults) / len(rows)
        where = "" if first.note == "cannot be read" else f"Line {first.row.name}: "
        raise WrongAnswer(first.note, f"{where}{first.hint}{more}", credit)


@pytest.mark.grade_cell("tape", weight=2)
def test_values_of_the_tape(student, own_numbers):
    """Each value follows from the values before it."""
    judge_part(student, own_numbers, VALUES)


@pytest.mark.grade_cell("tape", weight=3)
def test_forward_tape(student, own_numbers):
    """Each tangent is the sum of slope times tangent over the inputs of the node."""
    judge_part(student, own_numbers, TANGENTS)


@pytest.mark.grade_cell("tape", weight=5)
def test_reverse_tape(student, own_numbers):
    """Each adjoint is the sum of slope times adjoint over the users of the node."""
    judge_part(student, own_numbers, ADJOINTS)


# T2

SIZES = range(1, 8)


@pytest.mark.grade_cell("passes")
def test_passes_for_a_jacobian(student):
    """A forward pass gives a column of J and a reverse pass a row: the cheaper way is right."""
    require_formula(
        student.jacobian_passes,
        min_of_both,
        {"n": SIZES, "m": SIZES},
        what="jacobian_passes",
        hint="How many columns has J, how many rows, and what does one pass give?",
        slips=[
            FormulaSlip("forward passes only", "Rows are an alternative.", lambda n, **_: n),
            FormulaSlip("reverse passes only", "Columns are an alternative.", lambda m, **_: m),
            FormulaSlip("entries counted", "One pass gives a row or a column.", lambda n, m: n * m),
            FormulaSlip("both ways added", "One of both is enough.", lambda n, m: n + m),
            FormulaSlip("the dearer mode", "You may choose the mode.", max_of_both),
        ],
    )


def min_of_both(n, m):
    return min(n, m)


def max_of_both(n, m):
    return max(n, m)


@pytest.mark.grade_cell("passes")
def test_passes_for_a_batch(student):
    """The rows of a batch do not disturb one another: one pass serves all of them."""
    require_formula(
        student.batch_passes,
        lambda n, m, **_: min(n, m),
        {"B": range(1, 5), "n": range(1, 6), "m": range(1, 6)},
        what="batch_passes",
        hint="What does one pass give if all rows of u are the same unit vector?",
        slips=[
            FormulaSlip(
                "row by row",
                "All rows of the batch go through one pass: the result's row b feels row b only.",
                lambda B, n, m: B * min(n, m),
            ),
            FormulaSlip("forward passes only", "Rows are an alternative.", lambda n, **_: n),
            FormulaSlip("reverse passes only", "Columns are an alternative.", lambda m, **_: m),
        ],
    )


@pytest.mark.grade_cell("passes")
def test_passes_for_a_hessian(student):
    """The Hessian has n columns, and a forward-over-reverse pass gives H v."""
    require_formula(
        student.hessian_passes,
        lambda n: n,
        {"n": range(1, 30)},
        what="hessian_passes",
        hint="Which v give the columns of H?",
        slips=[
            FormulaSlip("entries counted", "One pass gives H v, a whole column.", lambda n: n * n),
            FormulaSlip(
                "pairs counted",
                "Symmetry saves entries, but a pass gives a whole column.",
                lambda n: Fraction(n * (n + 1), 2),
            ),
            FormulaSlip("a gradient's price", "That is the price of a gradient.", lambda **_: 1),
        ],
    )


@pytest.mark.grade_cell("passes")
def test_numbers_on_the_tape(student):
    """The tape holds the input of each layer, for every row of the batch."""
    require_formula(
        student.tape_numbers,
        lambda B, d, L: B * d * L,
        {"B": range(1, 5), "d": range(1, 5), "L": SIZES},
        what="tape_numbers",
        hint="Which h does the rule of the first layer read, and which the last?",
        slips=[
            FormulaSlip(
                "the result kept too",
                "No rule reads the result of the last layer.",
                lambda B, d, L: B * d * (L + 1),
            ),
            FormulaSlip("batch forgotten", "h has B rows.", lambda d, L, **_: d * L),
            FormulaSlip(
                "gradients counted",
                "When the pass backwards begins, there are no gradients yet.",
                lambda B, d, L: 2 * B * d * L,
            ),
            FormulaSlip(
                "weights counted",
                "The weights are not counted.",
                lambda B, d, L: L * (B * d + d * d),
            ),
        ],
    )


@pytest.mark.grade_cell("passes", weight=2)
def test_numbers_with_checkpoints(student):
    """With a checkpoint every k layers, checkpoints and one group are held at a time."""
    require_formula(
        student.checkpoint_numbers,
        lambda B, d, L, k: B * d * (L // k + k - 1),
        grid_points(
            {"B": range(1, 4), "d": range(1, 4), "L": range(1, 25), "k": range(1, 25)},
            where=lambda L, k, **_: L % k == 0,
        ),
        what="checkpoint_numbers",
        hint="Count for L = 6 and k = 3: which h are held while the last group is done?",
        slips=[
            FormulaSlip(
                "a checkpoint counted twice",
                "The first input of a group is its checkpoint, which is there already.",
                lambda B, d, L, k: B * d * (L // k + k),
                0.5,
            ),
            FormulaSlip(
                "checkpoints only",
                "While a group is done, its other inputs are held too.",
                lambda B, d, L, k: Fraction(B * d * L, k),
            ),
            FormulaSlip(
                "a group only",
                "The checkpoints stay until the end.",
                lambda B, d, k, **_: B * d * k,
            ),
        ],
    )


@pytest.mark.grade_cell("passes")
def test_best_distance_of_checkpoints(student):
    """The best distance of the checkpoints is where both parts of the memory balance."""
    require_formula(
        student.best_k,
        lambda L: sp.sqrt(sp.Integer(L)),
        {"L": range(1, 60)},
        what="best_k",
        hint="Set the derivative of your count by k to zero.",
        slips=[
            FormulaSlip("half of the layers", "Try L = 100.", lambda L: Fraction(L, 2)),
            FormulaSlip(
                "the number, not the distance",
                "You gave the memory at the best k, not k.",
                lambda L: 2 * sp.sqrt(L) - 1,
            ),
        ],
    )


def own_sizes(own_numbers):
    """d_0, ..., d_4 of the student, as the notebook draws them."""
    numbers = own_numbers("hw05_chain")
    sizes = [int(size) for size in numbers.integers(30, 60, size=5)]
    sizes[0], sizes[4] = (int(size) for size in numbers.integers(10, 20, size=2))
    sizes[int(numbers.integers(1, 4))] = int(numbers.integers(2, 5))
    return sizes


def cost(order, sizes):
    """First and last factor of a bracketing, and the multiplications that it takes.

    Raises: InvalidAnswer where it is none.
    """
    if isinstance(order, list | tuple) and len(order) == 2:
        low, first, right_cost = cost(order[1], sizes)
        last, high, left_cost = cost(order[0], sizes)
        if last != first + 1:
            raise InvalidAnswer("cheapest_order should hold 4, 3, 2, 1 once each, in this order")
        return low, high, left_cost + right_cost + sizes[high] * sizes[first] * sizes[low - 1]
    factor = read_number(order, "a part of cheapest_order")
    if factor not in (1, 2, 3, 4):
        raise InvalidAnswer("the parts of cheapest_order are the numbers 4, 3, 2, 1 in pairs")
    return int(factor), int(factor), 0


FORWARD, REVERSE = (4, (3, (2, 1))), (((4, 3), 2), 1)
BRACKETINGS = (FORWARD, REVERSE, ((4, 3), (2, 1)), ((4, (3, 2)), 1), (4, ((3, 2), 1)))


@pytest.mark.grade_cell("passes", weight=2)
def test_costs_of_both_modes(student, own_numbers):
    """forward_cost and reverse_cost are the multiplications of the two modes for your sizes."""
    sizes = own_sizes(own_numbers)
    forward, reverse = cost(FORWARD, sizes)[2], cost(REVERSE, sizes)[2]
    hint = "Write the shape of each product down; one of p x q and q x r takes pqr multiplications."
    for name, wanted, other in [
        ("forward_cost", forward, reverse), ("reverse_cost", reverse, forward),
    ]:  # fmt: skip
        require_number(
            student[name], wanted, what=name, rel=1e-12, hint=hint,
            slips=[
                NumberSlip("modes swapped", "Forward mode begins at the input, with J1.", other),
                NumberSlip(
                    "multiplications and additions", "Only multiplications count.", 2 * wanted
                ),
            ],
        )  # fmt: skip


@pytest.mark.grade_cell("passes")
def test_cheapest_order_of_the_chain(student, own_numbers):
    """The bracketing takes as few multiplications as any, and cheapest_cost says how many."""
    sizes = own_sizes(own_numbers)
    best = min(cost(order, sizes)[2] for order in BRACKETINGS)
    low, high, own = cost(student.cheapest_order, sizes)
    if (low, high) != (1, 4):
        raise InvalidAnswer("cheapest_order should hold 4, 3, 2, 1 once each, in this order")
    if own in (cost(FORWARD, sizes)[2], cost(REVERSE, sizes)[2]):
        raise WrongAnswer(
            "only the two modes compared", "There are five bracketings, and one is cheaper still."
        )
    if own != best:
        raise WrongAnswer("not the cheapest", "There are five bracketings: compare all of them.")
    require_number(
        student.cheapest_cost, best, what="cheapest_cost", rel=1e-12,
        hint="Count the multiplications of your bracketing, product by product.",
    )  # fmt: skip


# T3

a, da, b, db, x = sp.symbols("a da b db x", positive=True)
PAIRS = sample({"a da b db": positive})
PARTS = "u0 u1 u2 u12 v0 v1 v2 v12"
u0, u1, u2, u12, v0, v1, v2, v12 = sp.symbols(PARTS)


def check_part(student, name, symbols, reference, hint, *slips):
    points = sample({"x": positive}) if symbols == "x" else PAIRS
    require_equal(
        read_expression(student[name], name, symbols.split()),
        reference,
        sample({PARTS: real}) if symbols == PARTS else points,
        hint=hint,
        slips=[Slip(*slip) for slip in slips],
    )


@pytest.mark.grade_cell("dual", weight=2)
def test_product_of_dual_numbers(student):
    """The product is a b, and the factor of ε is what the product rule says."""
    check_part(
        student, "dual_product", "a da b db", da * b + a * db,
        "Multiply out and sort: what stands with one ε?",
        ("product of the slopes", "ε² is 0: that product vanishes.", da * db),
        ("a term is missing", "Two of the four products hold one ε.", da * b),
        ("a term is missing", "Two of the four products hold one ε.", a * db),
        ("a nonzero square", "ε² is 0: that product vanishes.", da * b + a * db + da * db),
        ("the whole product", "Only the factor of ε is asked for.", a * b + da * b + a * db),
    )  # fmt: skip
    check_part(
        student, "dual_product_value", "a da b db", a * b,
        "Multiply out and sort: what stands without ε?",
        ("ε² = 1", "ε² is 0, not 1: that product vanishes.", a * b + da * db),
        ("ε² = −1", "ε is no imaginary unit: its square is 0.", a * b - da * db),
    )  # fmt: skip


@pytest.mark.grade_cell("dual", weight=2)
def test_quotient_of_dual_numbers(student):
    """The factor of ε in a quotient is what the quotient rule says."""
    check_part(
        student, "dual_quotient", "a da b db", (da * b - a * db) / b**2,
        "Multiply above and below by b − ḃ ε; below, ε drops out.",
        ("wrong sign", "Which of the two makes the quotient smaller when it grows?",
         (a * db - da * b) / b**2),
        ("sign of one term", "When the denominator grows, the quotient falls.",
         (da * b + a * db) / b**2),
        ("denominator not squared", "Multiply above and below by b − ḃ ε.", (da * b - a * db) / b),
        ("quotient of the slopes", "The slope of a quotient is no quotient of slopes.", da / db),
    )  # fmt: skip


@pytest.mark.grade_cell("dual", weight=2)
def test_root_of_a_dual_number(student):
    """The square of the root is the number again: that determines the factor of ε."""
    check_part(
        student, "dual_root", "a da b db", da / (2 * sp.sqrt(a)),
        "Call it r, and square √a + r ε.",
        ("root of the slope", "The root is not taken of each part.", sp.sqrt(da)),
        ("slope of the slope's part", "The slope of the root is taken at a.", 1 / (2 * sp.sqrt(a))),
        ("factor 2 missing", "Square √a + r ε: how often is √a · r there?", da / sp.sqrt(a)),
        ("factor 2 too many", "Square √a + r ε, and compare.", da / (4 * sp.sqrt(a))),
        ("the root missing", "Square √a + r ε: √a · r is there, not a · r.", da / (2 * a)),
    )  # fmt: skip


@pytest.mark.grade_cell("dual", weight=2)
def test_product_of_nested_numbers(student):
    """The factor of ε₁ε₂ is the sum of all products of parts that together hold each once."""
    check_part(
        student, "nested_product", PARTS, u0 * v12 + u1 * v2 + u2 * v1 + u12 * v0,
        "Sort the sixteen products: which hold ε₁ and ε₂ once each?",
        ("mixed products missing", "ε₁ may come from u and ε₂ from v.", u0 * v12 + u12 * v0),
        ("products with v12 and u12 missing", "ε₁ε₂ may come from one factor as a whole.",
         u1 * v2 + u2 * v1),
        ("ε₁² kept", "ε₁ε₂ times ε₁ε₂ holds ε₁², which is 0.",
         u0 * v12 + u1 * v2 + u2 * v1 + u12 * v0 + u12 * v12),
        ("mixed products once", "ε₁ from u and ε₂ from v, or the other way round.",
         u0 * v12 + u1 * v2 + u12 * v0),
    )  # fmt: skip


@pytest.mark.grade_cell("dual", weight=2)
def test_second_derivative_by_nesting(student):
    """The factor of ε₁ε₂ is the second derivative, and that of t² is the one of Taylor's series."""
    second = -1 / (4 * x ** sp.Rational(3, 2))
    check_part(
        student, "nested_root", "x", second,
        "Which derivative of the root is it, at x?",
        ("half of it", "(ε₁ + ε₂)² holds ε₁ε₂ twice.", second / 2),
        ("wrong sign", "The slope of the root falls.", -second),
        ("first derivative", "That is the factor of ε₁ alone.", 1 / (2 * sp.sqrt(x))),
        ("factor 2 too many", "Differentiate the root twice.", 2 * second),
        ("power lowered once", "Each derivative lowers the power by 1.", -1 / (4 * sp.sqrt(x))),
    )  # fmt: skip
    check_part(
        student, "taylor_root", "x", second / 2,
        "What stands before t² in a Taylor series?",
        ("the same as by nesting", "A Taylor series has a factorial there.", second),
        ("factorial on the wrong side", "A Taylor series divides by the factorial.", 2 * second),
        ("wrong sign", "The slope of the root falls.", -second / 2),
    )  # fmt: skip


# T4


def lie(student):
    """The student's program, and the point where autograd should be wrong."""
    program = read_program(student.lying_program, "lying_program")
    return program, read_rational(student.lying_point, "lying_point")


@pytest.mark.grade_cell("lying", weight=5)
def test_autograd_is_wrong_where_the_function_is_smooth(student):
    """The function is smooth at the point, and autograd's slope is not its derivative."""
    require_wrong_slope(*lie(student))


@pytest.mark.grade_cell("lying")
def test_told_slope_and_true_slope(student):
    """told_slope is what autograd gives for your program, and true_slope is the derivative."""
    slopes = slopes_at(*lie(student))
    for name, wanted, other in [
        ("told_slope", slopes.told, slopes.true), ("true_slope", slopes.true, slopes.told),
    ]:  # fmt: skip
        require_number(
            student[name], wanted, what=name, rel=1e-9,
            hint="Run the program, and differentiate the function that it computes by hand.",
            slips=[NumberSlip("both swapped", "Which of the two is the convention's?", other)],
        )  # fmt: skip
    require_wrong_slope(*lie(student))


@pytest.mark.grade_cell("lying", weight=4)
def test_autograd_says_your_own_number(student, own_numbers, rng):
    """any_program computes f(x) = x for every x, and autograd gives your own number at 0."""
    s = int(own_numbers("hw05_slope").integers(3, 12))
    program = read_program(student.any_program, "any_program")
    points = [Fraction(int(k), 60) for k in rng.integers(-3000, 3000, size=40)]
    points += map(Fraction, (-(10**6), -2, -1, 0, 1, 2, s, 10**6))
    require_function(program, lambda x: x, points)
    told = slope_by_autograd(program, Fraction(0))
    if told != pytest.approx(s):
        if told in (0, 1):
            raise WrongAnswer(
                "another slope",
                "Mix two programs for x, one with autograd's slope 1 and one with the slope 0.",
            )
        raise WrongAnswer("another slope", "Run it at 0: autograd gives another number than s.")


# T5

REVERSE_PROOF = Proof(
    rests_on={
        "L": frozenset(),
        "B": frozenset(),
        "D": frozenset(),
        "G": frozenset("D"),
        "A": frozenset("G"),
        "F": frozenset("AB"),
        "J": frozenset(),
        "M": frozenset("FJ"),
        "E": frozenset("LM"),
    },
    distractors={
        "C": Distractor(
            "every node used once", "A node may be used several times: the sum is the point."
        ),
        "H": Distractor(
            "induction in the wrong direction",
            "The loop runs from N down to 1: what is known when it reaches k?",
        ),
        "K": Distractor(
            "inputs before users",
            "The walk is backwards: when it reaches k, the inputs of the node are still to come.",
        ),
    },
)


@pytest.mark.grade_cell("reverse_proof")
def test_proof_is_two_changes_away(student):
    """At most two lines of the proof have to be moved, added or taken out."""
    order = read_order(student.reverse_proof, REVERSE_PROOF, "reverse_proof")
    require_proof(order, REVERSE_PROOF, at_most=2)


@pytest.mark.grade_cell("reverse_proof", weight=3)
def test_proof_is_in_order(student):
    """The lines prove that reverse mode is right: each rests on lines before it, none is idle."""
    order = read_order(student.reverse_proof, REVERSE_PROOF, "reverse_proof")
    require_proof(order, REVERSE_PROOF)


@pytest.mark.grade_cell("reverse_proof", weight=2)
def test_order_of_creation(student):
    """The order of creation is judged rightly, with the reason that carries it."""
    require_choice(
        student.creation_order,
        right="i",
        reasons={"two"},
        what="creation_order",
        choices=("i", "ii", "iii", "iv"),
        codes=("one", "two", "three", "four"),
        hints={
            "ii": "Shares are added: a second use does no harm. What about the order?",
            "iii": "A branch that is not taken makes no nodes; a loop makes new ones.",
            "iv": "What has to exist when a node is made?",
            "four": "Any one of the topological orders will do. Is this one of them, and why?",
        },
    )
