"""Hidden tests of homework 3, matrix calculus: one claim each.

Expected values are found by hand, from the definitions, or by course_lib.
"""

import ast
import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import torch

from autograder.answers.certificates import read_array, require_factor
from autograder.answers.choices import require_choice
from autograder.answers.derivations import Derivation, Milestone, require_derivation
from autograder.answers.domains import Scalar, integer, positive, real, sample
from autograder.answers.evaluation import UndefinedError, as_mpf, evaluate, sign_of
from autograder.answers.exact_matrices import add, apply, multiply, size
from autograder.answers.expressions import Slip, read_expression, require_equal
from autograder.answers.matrix_functions import Argument, MatrixSlip, require_matrix_function
from autograder.answers.numbers import require_number
from autograder.answers.reading import Matrix, read_matrix, read_pair, read_vector
from autograder.answers.tables import Row, RowSlip, faults_of
from autograder.answers.verdict import InvalidAnswer, WrongAnswer
from course_lib import calculus, logistic

# Sums of a few dozen products in float64, in any order, err by less than 1e-13 relative to the
# largest term; float32 errs by 1e-7 and fails.
ROUNDING = 1e-10


def numbers(value):
    """What the student's function returned, as an array of real numbers."""
    if value is None:
        raise InvalidAnswer("the function returns nothing: end it with `return ...`")
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu().numpy()
    if not isinstance(value, int | float | list | tuple | np.ndarray | np.generic):
        raise InvalidAnswer("the function should return a number or an array of numbers")
    try:
        array = np.asarray(value)
        if array.dtype.kind == "O":  # a list of tensors
            array = np.array([numbers(row) for row in array])
    except ValueError as error:
        raise InvalidAnswer("the rows that the function returns differ in length") from error
    if array.dtype.kind not in "biuf":
        raise InvalidAnswer("the function should return real numbers")
    return array.astype(float)


def close(value, expected, tolerance=ROUNDING):
    """Whether two arrays have one shape and, relative to the largest entry, the same entries."""
    value, expected = np.asarray(value), np.asarray(expected)
    scale = np.abs(expected).max(initial=0.0) or 1.0
    return value.shape == expected.shape and bool(
        np.all(np.abs(value - expected) <= tolerance * scale)
    )


def number(value):
    """The one number that the student's function returned."""
    array = numbers(value)
    if array.size != 1:
        raise InvalidAnswer("the function should return one number, not several")
    return array.item()


def untouched(function, *arrays):
    """What the function returns; raises WrongAnswer where it has changed one of its arrays."""
    before = [a.copy() for a in arrays]
    value = function(*arrays)
    if not all(np.array_equal(a, b) for a, b in zip(arrays, before, strict=True)):
        raise WrongAnswer(
            "changes its arguments", "An array that is passed in belongs to whoever passed it."
        )
    return value


def refuses(function, *arguments):
    """Whether the student's function raises ValueError."""
    try:
        function(*arguments)
    except ValueError:
        return True
    return False


LOOPS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
DISGUISED = {"map", "vectorize", "fromiter", "frompyfunc", "apply_along_axis"}


# P1

# Where f and its derivatives are of size 1: truncation and rounding both leave an error near 1e-10.
DIFFERENCES = 1e-7


def check_jacobian(J, expected, tolerance=DIFFERENCES):
    """Raise WrongAnswer unless J is the Jacobian, up to the error of differences."""
    J, expected = numbers(J), np.asarray(expected, dtype=float)
    if close(J, expected, tolerance):
        return
    if close(J, expected.T, tolerance):
        raise WrongAnswer("transposed", "The Jacobian has a row for each output.")
    if J.shape != expected.shape:
        raise WrongAnswer(
            "not of shape (m, n)", "One row for each output, one column for each input."
        )
    if close(J, 2 * expected, tolerance) or close(J, expected / 2, tolerance):
        raise WrongAnswer(
            "off by a factor of 2", "How far apart are the two points whose values you subtract?"
        )
    if close(J, -expected, tolerance):
        raise WrongAnswer("wrong sign", "The value ahead comes first, minus the value behind.")
    if close(J, expected, 1e-2):
        raise WrongAnswer(
            "too few digits",
            "Only some digits are right: is the step too large, or is all computed in float32?",
        )
    raise WrongAnswer("not the Jacobian", "Compare one entry with a derivative by hand.")


@pytest.mark.grade_cell("num_jacobian")
@pytest.mark.parametrize(("m", "n"), [(2, 4), (5, 3), (3, 3), (1, 4), (4, 1)])
def test_jacobian_of_a_linear_map_is_its_matrix(student, rng, m, n):
    """The Jacobian of x ↦ Ax is A: a row for each output, a column for each input."""
    A, x = rng.uniform(-2, 2, size=(m, n)), rng.uniform(-2, 2, size=n)
    check_jacobian(student.num_jacobian(lambda t: A @ t, x), A)


@pytest.mark.grade_cell("num_jacobian")
def test_jacobian_of_a_curved_map(student, rng):
    """Each entry is the partial derivative of that output by that input, at x."""
    a, b, c = x = rng.uniform(0.5, 1.5, size=3)
    expected = [
        [b * c, a * c, a * b],
        [math.cos(a) * math.exp(b), math.sin(a) * math.exp(b), 0],
        [0, 0, 3 * c**2],
        [1 / a, 0, -1 / c],
    ]

    def f(x):
        a, b, c = x
        return np.array([a * b * c, math.sin(a) * math.exp(b), c**3, math.log(a / c)])

    check_jacobian(student.num_jacobian(f, x), expected)


@pytest.mark.grade_cell("num_jacobian", weight=2)
def test_halving_the_step_quarters_the_error(student, rng):
    """The error of the difference quotient falls with the square of the step h."""
    x = rng.uniform(-0.9, 0.9, size=3)
    errors = {}
    for h in (0.2, 0.1, 0.05):
        J = numbers(student.num_jacobian(lambda t: t**3, x, h))
        if J.shape != (3, 3):
            raise WrongAnswer("not of shape (m, n)", "One row an output, one column an input.")
        errors[h] = np.diag(J) - 3 * x**2
    for sign in (1, -1):
        if all(close(e, 3 * sign * x * h + h**2, 1e-6) for h, e in errors.items()):
            raise WrongAnswer(
                "one-sided difference",
                "The error of your quotient falls with h, not with its square: step to both sides.",
            )
    # (x + h)³ − (x − h)³ is 2h (3x² + h²) exactly, so that the error is h² and no more.
    assert all(np.all(np.abs(e) <= 1.001 * h**2) for h, e in errors.items())


@pytest.mark.grade_cell("num_jacobian")
def test_the_step_is_that_of_the_formula(student, rng):
    """f is asked at the 2n points x ± h_j e_j with h_j = h max(1, |x_j|), and only at x besides."""
    x, h = np.array([0.25, -40.0, 3.0]) * rng.uniform(0.9, 1.1), 0.01
    asked = []

    def f(t):
        asked.append(np.array(t, dtype=float))
        return np.array([t[0] + t[1], t[2]])

    check_jacobian(student.num_jacobian(f, x, h), [[1, 1, 0], [0, 0, 1]])
    steps = h * np.maximum(1, np.abs(x))
    points = [x + s * d for d in np.diag(steps) for s in (1, -1)]
    moved = [t for t in asked if t.shape != x.shape or np.abs(t - x).max() > 1e-12]
    if len(moved) > 2 * len(x) or len(asked) > 2 * len(x) + 1:
        raise WrongAnswer("too many calls", "Two values of f give a whole column, not one entry.")
    if not all(any(close(t, p, 1e-9) for p in points) for t in moved):
        raise WrongAnswer(
            "another step", "The steps are h for entries up to 1, and grow with |x_j| beyond."
        )
    assert all(any(close(t, p, 1e-9) for t in moved) for p in points)


@pytest.mark.grade_cell("num_jacobian")
def test_large_entries_keep_their_digits(student, rng):
    """At x_j near 10^8 the Jacobian is still right to seven digits."""
    x = np.array([3e8, -2e8]) * rng.uniform(0.8, 1.2, size=2)
    J = student.num_jacobian(lambda t: np.array([t[0] ** 2, t[0] * t[1]]) / 1e8, x)
    check_jacobian(J, np.array([[2 * x[0], 0], [x[1], x[0]]]) / 1e8)


@pytest.mark.grade_cell("num_jacobian")
@pytest.mark.parametrize(
    "x", [np.array([2, -3]), [2, -3], np.array([2, -3], dtype=np.float32), (2.0, -3.0)]
)
def test_integers_lists_and_short_floats_are_points_too(student, x):
    """For x of integers, of float32, or a list, the Jacobian is as exact as for float64."""
    J = student.num_jacobian(lambda t: [t[0] * t[1], t[1] ** 2], x)
    try:
        check_jacobian(J, [[-3, 2], [0, -6]], 1e-8)
    except WrongAnswer as error:
        raise WrongAnswer(
            "the step is lost in the data type",
            "An integer cannot move by h, and a float32 hardly: make x an array of float64 first.",
        ) from error


@pytest.mark.grade_cell("num_jacobian")
def test_one_number_gives_one_row(student, rng):
    """Where f returns one number, in whatever form, the Jacobian has the shape (1, n)."""
    x = rng.uniform(-1, 1, size=4)
    for wrap in (float, np.float64, lambda v: np.array([v]), lambda v: [v]):
        check_jacobian(student.num_jacobian(lambda t, w=wrap: w(t @ t), x), 2 * x[None])


@pytest.mark.grade_cell("num_jacobian")
def test_f_may_write_into_what_it_is_given(student, rng):
    """Each call of f gets an array of its own, and x stays what it was."""
    x = rng.uniform(1, 2, size=3)
    J = untouched(lambda t: student.num_jacobian(student.double_in_place, t), x)
    try:
        check_jacobian(J, 2 * np.eye(3))
    except WrongAnswer as error:
        raise WrongAnswer(
            "one array for two calls",
            "f may change the array that it is given: make a copy for each call.",
        ) from error


@pytest.mark.grade_cell("num_jacobian")
@pytest.mark.parametrize("h", [0, -1e-5, float("nan")])
def test_a_step_that_is_not_positive_is_refused(student, h):
    """For h ≤ 0 and nan there is no quotient: ValueError."""
    check_jacobian(student.num_jacobian(lambda t: 3 * t, np.ones(1), 1e-3), [[3]])
    if refuses(student.num_jacobian, lambda t: 3 * t, np.ones(1), h):
        return
    if math.isnan(h):
        raise WrongAnswer("nan accepted", "nan <= 0 is false: ask whether h > 0 instead.")
    raise WrongAnswer("any step accepted", "A step of 0 divides 0 by 0: refuse it.")


# P2


def regression(rng, n=7, d=3):
    """Weights, inputs and targets, with more examples than weights."""
    return rng.normal(size=d), rng.normal(size=(n, d)), rng.normal(size=n)


def gradient_by_sums(w, X, y):
    """(1/n) Σ_i (x_iᵀw − y_i) x_ij, entry for entry."""
    n, d = X.shape
    residual = [sum(X[i, k] * w[k] for k in range(d)) - y[i] for i in range(n)]
    return np.array([sum(residual[i] * X[i, j] for i in range(n)) / n for j in range(d)])


@pytest.mark.grade_cell("lsq_grad", weight=2)
@pytest.mark.parametrize(("n", "d"), [(7, 3), (2, 5), (1, 1), (4, 4)])
def test_gradient_is_the_mean_over_the_examples(student, rng, n, d):
    """∂L/∂w_j is the mean over the examples of the residual times x_ij."""
    w, X, y = regression(rng, n, d)
    assert close(numbers(untouched(student.lsq_grad, w, X, y)), gradient_by_sums(w, X, y))


@pytest.mark.grade_cell("lsq_grad")
def test_gradient_gives_the_slope_in_every_direction(student, rng):
    """L(w + v) − L(w − v) = 2 ∇L(w)ᵀ v, for every v: L is quadratic."""
    w, X, y = regression(rng, 11, 4)
    gradient = numbers(student.lsq_grad(w, X, y))
    assert gradient.shape == (4,)
    for _ in range(4):
        v = rng.normal(size=4)
        ahead, behind = (np.sum((X @ (w + s * v) - y) ** 2) / 22 for s in (1, -1))
        assert 2 * gradient @ v == pytest.approx(ahead - behind, rel=1e-9, abs=1e-9)


@pytest.mark.grade_cell("lsq_grad", weight=2)
@pytest.mark.parametrize("column_w", [False, True])
@pytest.mark.parametrize("column_y", [False, True])
def test_gradient_has_the_shape_of_the_weights(student, rng, column_w, column_y):
    """Whether w and y are vectors or columns, the gradient is the same, in the shape of w."""
    w, X, y = regression(rng)
    expected = gradient_by_sums(w, X, y)
    w, expected = (w[:, None], expected[:, None]) if column_w else (w, expected)
    gradient = numbers(student.lsq_grad(w, X, y[:, None] if column_y else y))
    if gradient.shape != expected.shape:
        raise WrongAnswer(
            "not the shape of w", "A gradient has the shape of the variable it belongs to."
        )
    assert close(gradient, expected)


@pytest.mark.grade_cell("lsq_grad", weight=2)
@pytest.mark.parametrize("column", [False, True])
def test_hessian_is_the_mean_of_products_of_inputs(student, rng, column):
    """∂²L/∂w_j ∂w_k is the mean over the examples of x_ij x_ik, for w and y of either shape."""
    w, X, y = regression(rng, 9, 4)
    expected = [[sum(X[:, j] * X[:, k]) / 9 for k in range(4)] for j in range(4)]
    w, y = (w[:, None], y[:, None]) if column else (w, y)
    assert close(numbers(untouched(student.lsq_hess, w, X, y)), np.array(expected))


@pytest.mark.grade_cell("lsq_grad")
def test_one_newton_step_solves_the_problem(student, rng):
    """From every w, w − (∇²L)⁻¹ ∇L is the minimum: there the residual is orthogonal to X."""
    w, X, y = regression(rng, 12, 3)
    H, gradient = numbers(student.lsq_hess(w, X, y)), numbers(student.lsq_grad(w, X, y))
    assert H.shape == (3, 3)
    assert gradient.shape == (3,)
    assert np.linalg.cond(H) < 1e6
    best = w - np.linalg.solve(H, gradient)
    assert np.abs(X.T @ (X @ best - y)).max() < 1e-8
    assert close(numbers(student.lsq_hess(best, X, y)), X.T @ X / 12)


@pytest.mark.grade_cell("lsq_grad")
def test_integers_are_numbers_too(student, rng):
    """Integer weights, inputs and targets give the same gradient and Hessian as floats."""
    X, y = rng.integers(-9, 10, size=(5, 2)), rng.integers(-9, 10, size=5)
    w = np.array([2, -1])
    assert close(numbers(student.lsq_grad(w, X, y)), gradient_by_sums(w, X, y))
    assert close(numbers(student.lsq_hess(w, X, y)), X.T @ X / 5)


@pytest.mark.grade_cell("lsq_grad")
@pytest.mark.parametrize(("d", "n"), [(3, 1), (1, 4), (4, 4), (3, 5)])
def test_sizes_that_do_not_fit_are_refused(student, rng, d, n):
    """Where w has not d entries or y has not n, both functions raise ValueError."""
    w, X, y = regression(rng, 4, 3)
    functions = (student.lsq_grad, student.lsq_hess)
    refused = [refuses(function, np.ones(d), X, np.ones(n)) for function in functions]
    assert refused == [True, True]
    assert numbers(student.lsq_grad(w, X, y)).shape == (3,)
    assert numbers(student.lsq_hess(w, X, y)).shape == (3, 3)


@pytest.mark.grade_cell("lsq_grad")
def test_there_is_no_loop(student, rng):
    """Gradient and Hessian are products of whole matrices: no loop, and none in disguise."""
    w, X, y = regression(rng)
    assert close(numbers(student.lsq_grad(w, X, y)), gradient_by_sums(w, X, y))
    for node in ast.walk(student.tree("lsq_grad")):
        name = getattr(node, "attr", getattr(node, "id", None))
        if isinstance(node, LOOPS) or name in DISGUISED:
            raise WrongAnswer("a loop", "A sum over examples is a product with X or its transpose.")


# P3

OPERATIONS = ("affine", "sum", "norm2", "sigmoid", "softmax", "logsumexp")


def tensors(*arrays):
    return [torch.from_numpy(np.array(a, dtype=float)) for a in arrays]


def draw(op, rng):
    """Inputs and tangents of an operation, in shapes that differ in every axis."""
    shapes = {"affine": [(4, 3), (3, 2), (2,)], "softmax": [(2, 3, 5)], "logsumexp": [(4, 6)]}
    shape = shapes.get(op, [(3, 4)])
    inputs, tangents = (tuple(rng.normal(size=s) for s in shape) for _ in range(2))
    return inputs, tangents


def output_shape(op, inputs):
    shapes = {"affine": (4, 2), "sum": (), "norm2": (), "logsumexp": inputs[0].shape[:-1]}
    return shapes.get(op, inputs[0].shape)


def right_jvp(op, inputs, tangents):
    x, dx = tensors(*inputs), tensors(*tangents)
    push = {
        "affine": lambda: calculus.affine_jvp(x[0], x[1], *dx),
        "sum": lambda: calculus.total_jvp(dx[0]),
        "norm2": lambda: calculus.squared_norm_jvp(x[0], dx[0]),
        "sigmoid": lambda: calculus.sigmoid_jvp(x[0], dx[0]),
        "softmax": lambda: calculus.softmax_jvp(x[0], dx[0]),
        "logsumexp": lambda: calculus.log_sum_exp_jvp(x[0], dx[0]),
    }
    return push[op]().numpy()


def right_vjp(op, inputs, cotangent):
    x, (u,) = tensors(*inputs), tensors(cotangent)
    pull = {
        "affine": lambda: calculus.affine_vjp(x[0], x[1], u),
        "sum": lambda: (calculus.total_vjp(x[0], u),),
        "norm2": lambda: (calculus.squared_norm_vjp(x[0], u),),
        "sigmoid": lambda: (calculus.sigmoid_vjp(x[0], u),),
        "softmax": lambda: (calculus.softmax_vjp(x[0], u),),
        "logsumexp": lambda: (calculus.log_sum_exp_vjp(x[0], u),),
    }
    return [g.numpy() for g in pull[op]()]


def pushed(student, op, inputs, tangents):
    """The student's JVP; raises WrongAnswer where its shape is not that of the output."""
    value = numbers(untouched(lambda *a: student.jvp(op, a[: len(inputs)], a[len(inputs) :]),
                              *inputs, *tangents))  # fmt: skip
    expected = right_jvp(op, inputs, tangents)
    if value.shape != expected.shape:
        raise WrongAnswer("not the shape of the output", "A tangent of y has the shape of y.")
    return value, expected


def pulled(student, op, inputs, cotangent):
    """The student's VJP; raises WrongAnswer where the shapes are not those of the inputs."""
    k = len(inputs)
    given = (*inputs, cotangent) if isinstance(cotangent, np.ndarray) else inputs
    value = untouched(lambda *a: student.vjp(op, a[:k], a[k] if a[k:] else cotangent), *given)
    if not isinstance(value, list | tuple) or len(value) != len(inputs):
        raise WrongAnswer(
            "not one for each input", "The VJP is a tuple with one array for each input."
        )
    value = [numbers(g) for g in value]
    if [g.shape for g in value] != [x.shape for x in inputs]:
        raise WrongAnswer("not the shape of the input", "A cotangent of x has the shape of x.")
    return value, right_vjp(op, inputs, cotangent)


def cotangent_of(op, inputs, rng):
    shape = output_shape(op, inputs)
    return rng.normal(size=shape) if shape else float(rng.normal())


def check_products(student, op, rng):
    """Both products of one operation are those of its Jacobian."""
    inputs, tangents = draw(op, rng)
    value, expected = pushed(student, op, inputs, tangents)
    assert close(value, expected)
    for g, right in zip(*pulled(student, op, inputs, cotangent_of(op, inputs, rng)), strict=True):
        assert close(g, right)


@pytest.mark.grade_cell("products", weight=2)
def test_affine_pushes_tangents_by_the_product_rule(student, rng):
    """The JVP of XW + b adds the contributions of X, of W and of b."""
    value, expected = pushed(student, "affine", *draw("affine", rng))
    assert close(value, expected)


@pytest.mark.grade_cell("products", weight=2)
def test_affine_pulls_a_cotangent_back_to_each_input(student, rng):
    """The VJP of XW + b gives X, W and b what each entry of them contributes to all outputs."""
    inputs, _ = draw("affine", rng)
    value, expected = pulled(student, "affine", inputs, rng.normal(size=(4, 2)))
    for g, right in zip(value, expected, strict=True):
        assert close(g, right)


@pytest.mark.grade_cell("products")
@pytest.mark.parametrize("op", ["sum", "norm2"])
def test_sum_and_squared_norm(student, rng, op):
    """Both products of the sum and of the squared norm are those with their Jacobians."""
    check_products(student, op, rng)


@pytest.mark.grade_cell("products")
def test_sigmoid(student, rng):
    """Both products of the sigmoid are those with its diagonal Jacobian."""
    check_products(student, "sigmoid", rng)


@pytest.mark.grade_cell("products", weight=2)
def test_softmax(student, rng):
    """Both products of the softmax are those with diag(p) − p pᵀ, for each vector of a batch."""
    check_products(student, "softmax", rng)


@pytest.mark.grade_cell("products")
def test_logsumexp(student, rng):
    """Both products of the log-sum-exp are those with pᵀ, for each vector of a batch."""
    check_products(student, "logsumexp", rng)


@pytest.mark.grade_cell("products")
@pytest.mark.parametrize("op", OPERATIONS)
def test_forward_and_backward_are_adjoint(student, rng, op):
    """⟨ȳ, J ẋ⟩ = ⟨Jᵀ ȳ, ẋ⟩ for every operation and all ẋ and ȳ, and neither side is always 0."""
    sides = []
    for _ in range(3):
        inputs, tangents = draw(op, rng)
        u = cotangent_of(op, inputs, rng)
        forward = np.sum(u * pushed(student, op, inputs, tangents)[0])
        gradients, _ = pulled(student, op, inputs, u)
        backward = sum(np.sum(g * v) for g, v in zip(gradients, tangents, strict=True))
        assert forward == pytest.approx(backward, rel=1e-9, abs=1e-10)
        sides.append(abs(forward))
    assert max(sides) > 1e-6


@pytest.mark.grade_cell("products")
@pytest.mark.parametrize("op", ["sigmoid", "softmax", "logsumexp", "norm2"])
def test_extreme_entries_and_zero_give_finite_products(student, op):
    """Where e^x overflows, and at x = 0, the products are finite and right."""
    rows = np.array([[1e4, -1e4, 9999.0, 800.0], [-1e4, -1e4, -9999.0, -1e4], [0.0] * 4])
    for x in (*rows[:, None], rows):  # one by one, and as a batch whose rows differ in size
        inputs, tangents = (x,), (np.tile([1.0, 2.0, -3.0, 0.5], (len(x), 1)),)
        value, expected = pushed(student, op, inputs, tangents)
        assert close(value, expected)
        u = {"logsumexp": np.full(len(x), 2.0), "norm2": 2.0}
        cotangent = u.get(op, np.tile([3.0, -1.0, 2.0, 5.0], (len(x), 1)))
        gradient, right = pulled(student, op, inputs, cotangent)
        assert close(gradient[0], right[0])


@pytest.mark.grade_cell("products")
@pytest.mark.parametrize("x", [40.0, -40.0, 100.0, 700.0])
def test_small_slopes_of_the_sigmoid_are_not_lost(student, x):
    """σ'(x) = σ(x) σ(−x) is right to nine digits also where σ(x) rounds to 1."""
    slope = 1 / (2 + math.exp(x) + math.exp(-x))
    one = np.ones(1)
    assert numbers(student.jvp("sigmoid", (np.array([x]),), (one,))) == pytest.approx(
        [slope], rel=1e-9, abs=0
    )
    (gradient,) = student.vjp("sigmoid", (np.array([x]),), one)
    assert numbers(gradient) == pytest.approx([slope], rel=1e-9, abs=0)


@pytest.mark.grade_cell("products")
@pytest.mark.parametrize("op", ["sigmoid", "softmax"])
def test_no_jacobian_is_built(student, rng, op):
    """For vectors of 1500 entries, a product takes less than a quarter of the Jacobian's memory."""
    small = (np.zeros(2),)
    student.jvp(op, small, small)  # what is loaded once, is loaded now
    student.vjp(op, small, small[0])
    x, v = (rng.normal(size=1500),), rng.normal(size=1500)
    forward, ahead = student.measure_memory(student.jvp, op, x, (v,))
    backward, behind = student.measure_memory(student.vjp, op, x, v)
    expected = right_jvp(op, x, (v,))
    assert close(numbers(forward), expected)
    assert close(numbers(backward[0]), expected)  # both Jacobians are symmetric
    if max(ahead, behind) >= 1500 * 1500 * 8 / 4:
        raise WrongAnswer(
            "the Jacobian is built", "Multiply the formula of J out by the vector: no matrix stays."
        )


@pytest.mark.grade_cell("products")
@pytest.mark.parametrize("op", ["relu", "Softmax", ""])
def test_other_operations_are_refused(student, op):
    """An operation that is not one of the six is refused by both functions: ValueError."""
    x = (np.array([1.0, 2.0]),)
    refused = [refuses(student.jvp, op, x, x), refuses(student.vjp, op, x, x[0])]
    assert refused == [True, True]
    assert number(student.jvp("sum", x, x)) == 3
    assert close(numbers(student.vjp("sum", x, 2.0)[0]), [2, 2])


# P4


def whole(rng, *shape):
    """Small whole numbers as floats: products of a few such matrices are exact in any order."""
    return rng.integers(-4, 5, size=shape).astype(float)


def jacobians(rng, sizes, layout) -> tuple[list[np.ndarray], np.ndarray]:
    """Jacobians of a chain through spaces of these sizes, and that of the composition."""
    Js = [whole(rng, m, n) for n, m in pairwise(sizes)]
    for J in Js:
        J[0, 0] = 7.0
    composed = Js[0]
    for J in Js[1:]:
        composed = J @ composed
    if layout == "denominator":
        return [J.T.copy() for J in Js], composed.T
    return Js, composed


def check_chain(student, layout, Js, expected):
    """Raise WrongAnswer unless chain gives the expected matrix, and leaves Js as they were."""
    value = numbers(untouched(lambda *arrays: student.chain(list(arrays), layout), *Js))
    if close(value, expected):
        return
    if close(value, expected.T):
        raise WrongAnswer(
            "the other layout", "The result has to be in the layout of the Jacobians given."
        )
    raise AssertionError("not the product")  # a known mistake is told by its values


@pytest.mark.grade_cell("chain")
@pytest.mark.parametrize("sizes", [(2, 3, 4), (5, 2, 3, 4), (3, 1, 2), (2, 4, 3, 5, 2, 3)])
def test_numerator_layout_multiplies_from_the_last_function_on(student, rng, sizes):
    """In numerator layout the Jacobian of a composition is J_L ⋯ J_1, for all sizes that fit."""
    Js, expected = jacobians(rng, sizes, "numerator")
    check_chain(student, "numerator", Js, expected)


@pytest.mark.grade_cell("chain")
@pytest.mark.parametrize("sizes", [(2, 3, 4), (5, 2, 3, 4), (3, 1, 2), (2, 4, 3, 5, 2, 3)])
def test_denominator_layout_multiplies_from_the_first_function_on(student, rng, sizes):
    """In denominator layout the Jacobian of a composition is D_1 ⋯ D_L, for all sizes that fit."""
    Js, expected = jacobians(rng, sizes, "denominator")
    check_chain(student, "denominator", Js, expected)


@pytest.mark.grade_cell("chain", weight=2)
@pytest.mark.parametrize("layout", ["numerator", "denominator"])
@pytest.mark.parametrize("length", [2, 3, 4])
def test_square_factors_stand_in_the_right_order(student, rng, layout, length):
    """Where all sizes are equal and every order fits, the order is still the right one."""
    Js, expected = jacobians(rng, [3] * (length + 1), layout)
    Js[0][1, 2], Js[1][2, 1] = 5.0, -6.0  # whatever was drawn, the two do not commute
    expected = Js[0]
    for J in Js[1:]:
        expected = J @ expected if layout == "numerator" else expected @ J
    check_chain(student, layout, Js, expected)


@pytest.mark.grade_cell("chain")
@pytest.mark.parametrize("layout", ["numerator", "denominator"])
def test_short_chains(student, rng, layout):
    """One function alone has its own Jacobian, and derivatives of numbers are multiplied."""
    A = whole(rng, 2, 3)
    check_chain(student, layout, [A], A)
    slopes = [np.array([[k]]) for k in (2.0, -3.0, 0.5)]
    check_chain(student, layout, slopes, np.array([[-3.0]]))


@pytest.mark.grade_cell("chain")
def test_the_list_stays_as_it_was(student, rng):
    """Called twice with one list, or with a tuple, chain gives the same."""
    Js, expected = jacobians(rng, (3, 3, 3, 3), "numerator")
    before = [J.copy() for J in Js]
    first = numbers(student.chain(Js, "numerator"))
    same = len(Js) == len(before) and all(map(np.array_equal, Js, before))
    if close(first, expected) and not same:
        raise WrongAnswer(
            "the caller's list is turned round",
            "list.reverse and item assignment change the list that was passed: make your own.",
        )
    assert close(first, expected)
    assert close(numbers(student.chain(Js, "numerator")), expected)
    assert close(numbers(student.chain(tuple(Js), "numerator")), expected)


@pytest.mark.grade_cell("chain", weight=2)
@pytest.mark.parametrize("layout", ["numerator", "denominator"])
@pytest.mark.parametrize("end", ["output", "input"])
def test_a_chain_begins_at_its_narrow_end(student, rng, layout, end):
    """With one output, or one input, no product of two square matrices is formed."""
    n = 200
    sizes = [n] * 5 + [1] if end == "output" else [1] + [n] * 5
    Js = [rng.normal(size=(m, k)) / 15 for k, m in pairwise(sizes)]
    expected = np.eye(1)
    for J in Js if end == "input" else Js[::-1]:
        expected = J @ expected if end == "input" else expected @ J
    if layout == "denominator":
        Js, expected = [J.T.copy() for J in Js], expected.T
    student.chain([np.eye(2)] * 2, layout)  # what is loaded once, is loaded now
    value, peak = student.measure_memory(student.chain, Js, layout)
    assert close(numbers(value), expected)
    if peak >= n * n * 8 / 4:
        raise WrongAnswer(
            "begins at the wide end",
            "A matrix times a matrix was formed, where a row or a column would have done.",
        )


@pytest.mark.grade_cell("chain")
def test_chains_that_cannot_be_are_refused(student, rng):
    """Another layout, an empty list, and neighbours that do not fit are refused: ValueError."""
    A, B, square = whole(rng, 2, 3), whole(rng, 4, 2), np.eye(2)
    cases = [
        ([square, square], "row"),
        ([square], ""),
        ([], "numerator"),
        ([], "denominator"),
        ([A, B], "denominator"),
        ([B, A], "numerator"),
    ]
    assert [refuses(student.chain, *case) for case in cases] == [True] * len(cases)
    assert close(numbers(student.chain([A, B], "numerator")), B @ A)


# P5


def classification(rng, n=9, d=3):
    """Weights, inputs, labels ±1 with both present, and a vector."""
    w, X, v = rng.normal(size=d), rng.normal(size=(n, d)), rng.normal(size=d)
    return w, X, np.where(rng.permutation(n) < n // 2, 1.0, -1.0), v


def right_product(w, X, v, lam):
    w, X, v = tensors(w, X, v)
    return logistic.hessian_product(w, X, v, lam).numpy()


def right_step(w, X, y, lam):
    w, X, y = tensors(w, X, y)
    return logistic.newton_step(w, X, y, lam).numpy()


def gradient(w, X, y, lam):
    w, X, y = tensors(w, X, y)
    return logistic.logistic_gradient(w, X, y, lam).numpy()


@pytest.mark.grade_cell("newton", weight=2)
@pytest.mark.parametrize(("n", "d"), [(9, 3), (2, 5), (1, 1), (4, 4)])
def test_product_is_that_with_the_hessian(student, rng, n, d):
    """For λ = 0, the product is ∇²L(w) v, the derivative of ∇L along v."""
    w, X, _, v = classification(rng, n, d)
    product = numbers(untouched(lambda w, X, v: student.hessian_product(w, X, v, 0.0), w, X, v))
    assert close(product, right_product(w, X, v, 0.0))


@pytest.mark.grade_cell("newton")
@pytest.mark.parametrize("lam", [0.25, 3.0])
def test_weight_decay_adds_its_part(student, rng, lam):
    """The weight decay adds λv to the product, and not more."""
    w, X, _, v = classification(rng)
    assert close(numbers(student.hessian_product(w, X, v, lam)), right_product(w, X, v, lam))


@pytest.mark.grade_cell("newton")
def test_product_is_linear_and_symmetric(student, rng):
    """∇²L (au + v) = a ∇²L u + ∇²L v, uᵀ ∇²L v = vᵀ ∇²L u, and vᵀ ∇²L v > 0 for this X."""
    w, X, _, v = classification(rng, 12, 4)
    u, a = rng.normal(size=4), rng.uniform(2, 3)
    Hu, Hv, both = (numbers(student.hessian_product(w, X, t, 0.1)) for t in (u, v, a * u + v))
    assert Hu.shape == Hv.shape == both.shape == (4,)
    assert close(both, a * Hu + Hv)
    assert u @ Hv == pytest.approx(v @ Hu, rel=1e-9, abs=1e-12)
    assert v @ Hv > 0


@pytest.mark.grade_cell("newton")
@pytest.mark.parametrize("logit", [40.0, -40.0, 300.0])
def test_small_curvature_is_not_lost(student, logit):
    """Far out, where 1 − p rounds to 0, p(1 − p) is still right to nine digits."""
    X, w = np.array([[2.0, 0.0], [0.0, 1.0]]), np.array([logit / 2, 0.0])
    curvature = 1 / (2 + math.exp(logit) + math.exp(-logit))
    product = numbers(student.hessian_product(w, X, np.array([3.0, 0.0]), 0.0))
    # the mean over two examples, of which one has no part in the first entry
    assert product == pytest.approx([6 * curvature, 0], rel=1e-9, abs=0)


@pytest.mark.grade_cell("newton")
@pytest.mark.parametrize("size", [1e3, 1e5])
def test_extreme_logits_give_finite_results(student, size):
    """For x_iᵀw of any size, product and step are finite and right."""
    w, X, y = np.array([size, 0.5]), np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 2.0]]), np.ones(3)
    v = np.array([1.0, -1.0])
    assert close(numbers(student.hessian_product(w, X, v, 0.5)), right_product(w, X, v, 0.5))
    assert close(numbers(student.newton_step(w, X, y, 0.5)), right_step(w, X, y, 0.5), 1e-9)


@pytest.mark.grade_cell("newton")
@pytest.mark.parametrize(("n", "d"), [(2000, 3), (3, 700)])
def test_no_large_matrix_is_built(student, rng, n, d):
    """The product needs neither an n × n nor a d × d matrix."""
    student.hessian_product(np.zeros(2), np.ones((3, 2)), np.zeros(2), 0.1)
    w, X, _, v = classification(rng, n, d)
    w /= math.sqrt(d)
    product, peak = student.measure_memory(student.hessian_product, w, X, v, 0.1)
    assert close(numbers(product), right_product(w, X, v, 0.1))
    if peak >= max(n, d) ** 2 * 8 / 4:
        raise WrongAnswer(
            "a large matrix", "Multiply from the right: X v is a vector, and S only scales it."
        )


@pytest.mark.grade_cell("newton", weight=2)
@pytest.mark.parametrize("lam", [0.0, 0.4])
def test_step_solves_newtons_equation(student, rng, lam):
    """∇²L(w) s = −∇L(w), at any w."""
    w, X, y, _ = classification(rng, 15, 3)
    step = numbers(untouched(lambda w, X, y: student.newton_step(w, X, y, lam), w, X, y))
    assert close(step, right_step(w, X, y, lam), 1e-8)


@pytest.mark.grade_cell("newton")
def test_steps_converge_quadratically(student, rng):
    """From w = 0, seven steps w + s lead to a gradient of less than 10^−10."""
    w, X, y, _ = classification(rng, 20, 3)
    w, lam = np.zeros(3), 0.5
    first = np.linalg.norm(gradient(w, X, y, lam))
    for _ in range(7):
        step = numbers(student.newton_step(w, X, y, lam))
        assert step.shape == (3,)
        w = w + step
    # With λ = 1/2 the Hessian's eigenvalues lie between 1/2 and a few, and each step from 0 on
    # squares the error; rounding leaves about 1e-16.
    assert np.linalg.norm(gradient(w, X, y, lam)) < 1e-10 * max(1.0, first)


# T1

FOR_A_SCALAR = "Write df and bring it to the form tr(Gᵀ dX)."


@pytest.mark.grade_cell("matrix_gradients", weight=2)
def test_gradient_of_a_bilinear_form(student, rng):
    """The gradient of aᵀXb with respect to X, in the shape of X."""
    require_matrix_function(
        student.grad_bilinear,
        lambda a, _, b: np.outer(a, b),
        [Argument("a", ("m",)), Argument("X", ("m", "n")), Argument("b", ("n",))],
        hint=FOR_A_SCALAR,
        slips=[
            MatrixSlip(
                "the value for the gradient",
                "That is aᵀXb itself, or a part of it: the gradient no longer holds X.",
                lambda a, X, b: a @ X @ b,
            ),
            MatrixSlip(
                "X has stayed",
                "aᵀXb is linear in X: its gradient is the same at every X.",
                lambda a, X, b: np.outer(a, b) * X,
            ),
        ],
        rng=rng,
    )


@pytest.mark.grade_cell("matrix_gradients", weight=2)
def test_gradient_of_a_trace(student, rng):
    """The gradient of tr(AX) with respect to X, in the shape of X."""
    require_matrix_function(
        student.grad_trace,
        lambda A, _: A.T,
        [Argument("A", ("m", "n")), Argument("X", ("n", "m"))],
        hint=FOR_A_SCALAR,
        slips=[
            MatrixSlip(
                "the identity for A",
                "tr(X) has the gradient I; here A stands before X.",
                lambda _, X: np.eye(*X.shape),
            )
        ],
        rng=rng,
    )


@pytest.mark.grade_cell("matrix_gradients", weight=2)
def test_gradient_of_a_log_determinant(student, rng):
    """The gradient of log|det X| with respect to X, for an invertible X that is not symmetric."""
    require_matrix_function(
        student.grad_logdet,
        lambda X: np.linalg.inv(X).T,
        [Argument("X", ("n", "n"), "invertible")],
        hint="tr(X⁻¹ dX) = tr(Gᵀ dX): what is G?",
        slips=[
            MatrixSlip(
                "the gradient of det",
                "The logarithm is forgotten: it divides by det X.",
                lambda X: np.linalg.det(X) * np.linalg.inv(X).T,
            ),
            MatrixSlip(
                "entry by entry",
                "1/x_ij would be the derivative of Σ log x_ij; an inverse is of the whole matrix.",
                lambda X: 1 / X,
            ),
            MatrixSlip("X for its inverse", "An inverse is missing.", lambda X: X.T),
        ],
        rng=rng,
    )


@pytest.mark.grade_cell("matrix_gradients", weight=2)
def test_gradient_of_a_quadratic_form(student, rng):
    """The gradient of xᵀAx with respect to x, for an A that is not symmetric."""
    symmetric = "That is right for a symmetric A only: x stands twice in xᵀAx."
    require_matrix_function(
        student.grad_quadratic,
        lambda A, x: (A + A.T) @ x,
        [Argument("A", ("n", "n")), Argument("x", ("n",))],
        hint="Differentiate by the x on the left, by the x on the right, and add.",
        slips=[
            MatrixSlip("A taken for symmetric", symmetric, lambda A, x: 2 * A @ x),
            MatrixSlip("A taken for symmetric", symmetric, lambda A, x: 2 * A.T @ x),
            MatrixSlip("one of two terms", "x stands twice in xᵀAx.", lambda A, x: A @ x),
            MatrixSlip("one of two terms", "x stands twice in xᵀAx.", lambda A, x: A.T @ x),
        ],
        rng=rng,
    )


@pytest.mark.grade_cell("matrix_gradients", weight=2)
def test_gradient_of_a_squared_residual(student, rng):
    """The gradient of ‖XW − Y‖_F² with respect to W, in the shape of W."""
    require_matrix_function(
        student.grad_residual,
        lambda X, W, Y: 2 * X.T @ (X @ W - Y),
        [Argument("X", ("n", "d")), Argument("W", ("d", "k")), Argument("Y", ("n", "k"))],
        hint="With R = XW − Y, dR = X dW, and d‖R‖² = 2 tr(Rᵀ dR).",
        slips=[
            MatrixSlip(
                "the 2 is missing", "‖R‖² is a sum of squares.", lambda X, W, Y: X.T @ (X @ W - Y)
            ),
            MatrixSlip(
                "a mean for the sum",
                "The norm is a sum: there is no 1/n in it.",
                lambda X, W, Y: 2 * X.T @ (X @ W - Y) / len(X),
            ),
            MatrixSlip(
                "the inner derivative is missing",
                "W is multiplied by X before it meets Y.",
                lambda X, W, Y: 2 * (X @ W - Y),
            ),
            MatrixSlip(
                "Y forgotten",
                "The residual is XW − Y, not XW.",
                lambda X, W, _: 2 * X.T @ X @ W,
            ),
        ],
        rng=rng,
    )


# T2


def formula(text, *names):
    """The expression that a formula of ours means."""
    return read_expression(text, "the formula", names)


LABEL = Scalar("±1", (Fraction(1), Fraction(-1)), lambda rng: Fraction(rng.choice((-1, 1))))
S = "sigmoid(o)"
SLOPE = Derivation(
    first="-y*exp(-y*o) / (1 + exp(-y*o))",
    last="sigmoid(o) - (1 + y)/2",
    domains={"y": LABEL, "o": real},
    least_steps=3,
    milestones=[
        Milestone(
            "no line between is -y times one sigmoid. Divide numerator and denominator of the "
            "first line by the exponential.",
            ["-y*sigmoid(-y*o)"],
        )
    ],
)
CURVATURE = Derivation(
    first="exp(-o) / (1 + exp(-o))^2",
    last="1/4",
    domains={"o": real},
    relations=("=", "<="),
    least_steps=3,
    milestones=[
        Milestone(
            "no line between is a polynomial in the sigmoid: the quotient is a product of two "
            "numbers that add up to 1.",
            [f"{S}*(1 - {S})", f"{S} - {S}^2", f"-{S}*({S} - 1)"],
        ),
        Milestone(
            "no line shows why the last step holds: write 1/4 minus a square.",
            [
                f"1/4 - ({S} - 1/2)^2",
                f"1/4 - (1/2 - {S})^2",
                f"1/4 - (2*{S} - 1)^2/4",
                f"1/4 - (1 - 2*{S})^2/4",
                f"(1 - (2*{S} - 1)^2)/4",
                f"(1 - (1 - 2*{S})^2)/4",
                "1/4 - tanh(o/2)^2/4",
            ],
        ),
    ],
)


@pytest.mark.grade_cell("logistic_chain", weight=4)
def test_slope_is_prediction_minus_target(student):
    """Each line follows from the one before, from the chain rule to prediction minus target."""
    require_derivation(student.slope_chain, SLOPE, "slope_chain")


@pytest.mark.grade_cell("logistic_chain", weight=4)
def test_curvature_is_at_most_a_quarter(student):
    """Each line follows from the one before, from the second derivative to the bound."""
    require_derivation(student.curvature_chain, CURVATURE, "curvature_chain")


@pytest.mark.grade_cell("logistic_chain", weight=2)
def test_largest_curvature_of_the_whole_loss(student):
    """β is the bound that follows for the mean over n examples with weight decay."""
    names = ("s", "n", "lam")
    points = sample({"s": positive, "n": integer(1, 50), "lam": positive})
    require_equal(
        read_expression(student.smoothness, "smoothness", names),
        formula("s^2/(4*n) + lam", *names),
        points,
        hint="vᵀXᵀSXv/n ≤ (largest p(1 − p)) · ‖Xv‖²/n, and the weight decay adds its own part.",
        slips=[
            Slip(
                "the quarter is missing",
                "Use b): what is p(1 − p) at most?",
                formula("s^2/n + lam", *names),
            ),
            Slip(
                "s for its square",
                "‖Xv‖² is a square: ‖Xv‖ ≤ s‖v‖.",
                formula("s/(4*n) + lam", *names),
            ),
            Slip("no mean", "The loss is a mean over n examples.", formula("s^2/4 + lam", *names)),
            Slip("weight decay forgotten", "λ/2 ‖w‖² curves too.", formula("s^2/(4*n)", *names)),
            Slip(
                "half the weight decay",
                "Differentiate λ/2 ‖w‖² twice.",
                formula("s^2/(4*n) + lam/2", *names),
            ),
        ],
    )


# T3


def trace_numbers(rng):
    """The student's own numbers, drawn as the notebook draws them."""
    digits = [k for k in range(-9, 10) if abs(k) > 2]
    x1, x2, x3, w1, w2, w3, residual = (int(k) for k in rng.choice(digits, 7, replace=False))
    y = x1 * w1 + x2 * w2 + x3 * w3 - residual
    return {"x1": x1, "x2": x2, "x3": x3, "w1": w1, "w2": w2, "w3": w3, "y": y}


def rows_of_weights(of, by):
    """The three lines of one vector: z = Σ x_k w_k hands z̄ to each factor, times the other."""
    return [
        Row(
            f"{of}{k}_bar",
            lambda t, k=k: t["z_bar"] * t[f"{by}{k}"],
            "which number stands beside this one in the product?",
            slips=[
                RowSlip(
                    "the variable for its partner",
                    "the derivative of a product by one factor is the other factor.",
                    lambda t, k=k: t["z_bar"] * t[f"{of}{k}"],
                ),
                RowSlip(
                    "the chain is broken",
                    "that is ∂z by this variable; the loss needs z̄ as well.",
                    lambda t, k=k: t[f"{by}{k}"],
                ),
            ],
        )
        for k in (1, 2, 3)
    ]


TABLE = [
    Row(
        "z",
        lambda t: t["x1"] * t["w1"] + t["x2"] * t["w2"] + t["x3"] * t["w3"],
        "add up the three products.",
    ),
    Row(
        "r",
        lambda t: t["z"] - t["y"],
        "subtract the target.",
        slips=[
            RowSlip(
                "target minus prediction",
                "the table has r = z − y, in this order.",
                lambda t: t["y"] - t["z"],
            )
        ],
    ),
    Row(
        "L",
        lambda t: t["r"] * t["r"],
        "it is the square of r.",
        slips=[
            RowSlip("half a square", "there is no ½ in this loss.", lambda t: t["r"] * t["r"] / 2)
        ],
    ),
    Row(
        "r_bar",
        lambda t: 2 * t["r"],
        "differentiate the square at your r.",
        slips=[
            RowSlip("the factor 2 is missing", "the square's derivative is 2r.", lambda t: t["r"]),
            RowSlip("the loss for its derivative", "that is L itself.", lambda t: t["r"] * t["r"]),
        ],
    ),
    Row("z_bar", lambda t: t["r_bar"], "r moves as z does: what is ∂r/∂z?"),
    Row(
        "y_bar",
        lambda t: -t["r_bar"],
        "r moves against y: what is ∂r/∂y?",
        slips=[
            RowSlip("the sign at the target", "y stands with a minus in r.", lambda t: t["r_bar"])
        ],
    ),
    *rows_of_weights("w", "x"),
    *rows_of_weights("x", "w"),
]


def check_lines(student, own_numbers, *names):
    """Raise WrongAnswer of the first of these lines that is wrong, with the others' credit."""
    given = trace_numbers(own_numbers("hw03_trace"))
    wrong = {f.row.name: f for f in faults_of(student.table, TABLE, given)}
    faults = [wrong[name] for name in names if name in wrong]
    if faults:
        hint = f"Line {faults[0].row.name}: {faults[0].hint}"
        raise WrongAnswer(faults[0].note, hint, credit=1 - len(faults) / len(names))


@pytest.mark.grade_cell("backprop_table", weight=2)
def test_forward_lines(student, own_numbers):
    """Forward: z, r and L, each from the lines before it."""
    check_lines(student, own_numbers, "z", "r", "L")


@pytest.mark.grade_cell("backprop_table", weight=2)
def test_backward_through_the_square_and_the_difference(student, own_numbers):
    """Backward to r and z: ∂L/∂r from r, and ∂L/∂z from ∂L/∂r."""
    check_lines(student, own_numbers, "r_bar", "z_bar")


@pytest.mark.grade_cell("backprop_table", weight=1)
def test_backward_to_the_target(student, own_numbers):
    """Backward to y: ∂L/∂y from ∂L/∂r."""
    check_lines(student, own_numbers, "y_bar")


@pytest.mark.grade_cell("backprop_table", weight=3)
def test_backward_to_the_weights(student, own_numbers):
    """Backward to w: each ∂L/∂w_k from ∂L/∂z."""
    check_lines(student, own_numbers, "w1_bar", "w2_bar", "w3_bar")


@pytest.mark.grade_cell("backprop_table", weight=2)
def test_backward_to_the_inputs(student, own_numbers):
    """Backward to x: each ∂L/∂x_k from ∂L/∂z."""
    check_lines(student, own_numbers, "x1_bar", "x2_bar", "x3_bar")


# T4

PRODUCTS = ("FG", "GF", "F^T G", "G F^T")
REASONS = ("columns", "transpose", "square", "determinant", "linear")


@pytest.mark.grade_cell("layouts", weight=2)
def test_order_in_the_layout_of_the_first_slide(student):
    """In the layout of the first slide the product is in the right order, for the right reason."""
    require_choice(
        student.first_slide,
        right="FG",
        reasons={"transpose"},
        what="first_slide",
        choices=PRODUCTS,
        codes=REASONS,
        hints={
            "GF": "Write the shapes below: F is m × n here, and G is n × k.",
            "columns": "In the layout of this slide, is ẏ = F ẋ or ẏ = Fᵀ ẋ?",
        },
    )


@pytest.mark.grade_cell("layouts", weight=2)
def test_order_in_the_layout_of_the_second_slide(student):
    """In the layout of the second slide the product is in the right order, for the right reason."""
    require_choice(
        student.second_slide,
        right="GF",
        reasons={"columns"},
        what="second_slide",
        choices=PRODUCTS,
        codes=REASONS,
        hints={
            "FG": "Write the shapes below: F is n × m here, and G is k × n.",
            "transpose": "In the layout of this slide, is ẏ = F ẋ or ẏ = Fᵀ ẋ?",
        },
    )


def commutator(student):
    """GF − FG of the student's example, exactly, and the size of its entries' rounding."""
    F = read_matrix(student.F_example, "F_example")
    G = read_matrix(student.G_example, "G_example")
    if F.shape != (2, 2) or G.shape != (2, 2):
        raise WrongAnswer(
            "not 2 by 2", "With other shapes the wrong order is noticed, or is asked for 2 × 2."
        )
    minus = Matrix(tuple(tuple(-entry for entry in row) for row in multiply(F, G).rows))
    return add(multiply(G, F), minus), size(F) * size(G)


@pytest.mark.grade_cell("layouts", weight=2)
def test_wrong_order_has_the_wrong_value(student):
    """F and G are 2 × 2 matrices with FG ≠ GF."""
    C, scale = commutator(student)
    if all(sign_of(entry, scale) == 0 for row in C.rows for entry in row):
        raise WrongAnswer(
            "the two commute",
            "FG = GF for your matrices: diagonal ones, and multiples of the identity, commute.",
        )


@pytest.mark.grade_cell("layouts", weight=2)
def test_one_direction_sees_no_difference(student):
    """FG ≠ GF, but for your v ≠ 0 both products with v are the same."""
    C, scale = commutator(student)
    v = read_vector(student.blind_direction, "blind_direction", 2)
    if not any(v):
        raise WrongAnswer("the zero vector", "At v = 0 every two matrices agree.")
    if all(sign_of(entry, scale) == 0 for row in C.rows for entry in row):
        raise WrongAnswer("the two commute", "Where FG = GF, every direction is blind.")
    largest = scale * max(as_mpf(abs(t)) for t in v)
    if any(sign_of(entry, largest) for entry in apply(C, v)):
        raise WrongAnswer(
            "not blind", "Along your v the two products differ: solve (GF − FG) v = 0."
        )


@pytest.mark.grade_cell("layouts")
def test_where_the_template_fails(student):
    """The smallest n for which the template's last row is wrong, and the row that it should be."""
    require_number(
        student.template_fails_from,
        4,
        what="template_fails_from",
        rel=1e-9,
        hint="Write the template out for n = 4.",
    )
    require_equal(
        read_expression(student.template_last, "template_last", ["n"]),
        formula("n", "n"),
        sample({"n": integer(4, 60)}),
        hint="The Jacobian has a row for each of the n inputs.",
        slips=[
            Slip("counted from 0", "The inputs are x_1 to x_n.", formula("n - 1", "n")),
            Slip("as it is printed", "For n > 3 there are inputs after x_3.", 3),
        ],
    )


@pytest.mark.grade_cell("layouts")
def test_rank_of_the_printed_template(student):
    """The rank of the printed matrix for f(x) = x, as a formula in n."""
    require_equal(
        read_expression(student.template_rank, "template_rank", ["n"]),
        formula("n - 1", "n"),
        sample({"n": integer(4, 60)}),
        hint="For f(x) = x row k is the k-th unit vector: which one is there twice?",
        slips=[
            Slip("the full rank", "Two of its rows are the same.", formula("n", "n")),
            Slip("only three rows counted", "The dots stand for rows too.", 3),
        ],
    )


# T5


def check_factor(student, w, X, lam):
    G = read_array(student.convexity_factor(w.copy(), X.copy(), lam), "convexity_factor", axes=2)
    weights, inputs = tensors(w, X)
    require_factor(G.T, logistic.logistic_hessian(weights, inputs, lam).numpy())


@pytest.mark.grade_cell("convexity", weight=2)
@pytest.mark.parametrize(("n", "d"), [(7, 3), (2, 5), (4, 4), (1, 2)])
def test_factor_certifies_the_logistic_loss(student, rng, n, d):
    """For λ = 0, GᵀG is the Hessian of the logistic loss, also where that is singular."""
    check_factor(student, rng.normal(size=d), rng.normal(size=(n, d)), 0.0)


@pytest.mark.grade_cell("convexity")
@pytest.mark.parametrize(("n", "d", "lam"), [(7, 3, 0.25), (2, 5, 1.5), (3, 3, 4.0)])
def test_factor_certifies_the_weight_decay_too(student, rng, n, d, lam):
    """For λ > 0, GᵀG is the Hessian with the weight decay."""
    check_factor(student, rng.normal(size=d), rng.normal(size=(n, d)), lam)


def point_and_direction(value, what):
    w, v = (read_vector(part, what, 2) for part in read_pair(value, what))
    if not any(v):
        raise WrongAnswer("the zero vector", "Along v = 0 nothing bends.")
    return w, v


def require_negative(curvature, at, flat):
    """Passes where the expression, which is vᵀ∇²f v, is negative at the point."""
    try:
        sign = evaluate(formula(curvature, *at), at).sign()
    except UndefinedError as error:
        raise InvalidAnswer("the numbers of the witness are too large to compute with") from error
    if sign == 0:
        raise WrongAnswer("flat along v", flat)
    if sign > 0:
        raise WrongAnswer(
            "bends upward",
            "Along your v the loss bends upward at your w. Draw it: where does it bend downward?",
        )


@pytest.mark.grade_cell("convexity", weight=2)
def test_squared_error_of_a_sigmoid_bends_downward(student):
    """At your w, the squared error after the sigmoid has negative curvature along your v."""
    w, v = point_and_direction(student.sigmoid_witness, "sigmoid_witness")
    o, slope = w[0] + 2 * w[1], v[0] + 2 * v[1]
    # With s = σ(o): d²/do² (s − 1)² = −2 s (1 − s)² (1 − 3 s).
    require_negative(
        "-2*sigmoid(o) * sigmoid(-o)^2 * (1 - 3*sigmoid(o)) * a^2",
        {"o": o, "a": slope},
        "Moving along your v does not change w_1 + 2 w_2, or the curvature is just 0.",
    )


@pytest.mark.grade_cell("convexity", weight=2)
def test_relu_network_bends_downward(student):
    """At your w, the loss of the ReLU network has negative curvature along your v."""
    w, v = point_and_direction(student.relu_witness, "relu_witness")
    if w[0] == 0:
        raise WrongAnswer("a kink", "At w_1 = 0 there is no Hessian: choose another point.")
    if w[0] < 0:
        raise WrongAnswer(
            "flat along v", "For w_1 < 0 the unit is dead, and the loss is constant around w."
        )
    # With t = w_1 w_2: ℓ''(t) (v_1 w_2 + w_1 v_2)² + 2 ℓ'(t) v_1 v_2.
    t, along, mixed = w[0] * w[1], v[0] * w[1] + w[0] * v[1], v[0] * v[1]
    require_negative(
        "sigmoid(t)*sigmoid(-t)*b^2 - 2*sigmoid(-t)*c",
        {"t": t, "b": along, "c": mixed},
        "Along your v the curvature is just 0.",
    )
