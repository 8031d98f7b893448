"""Functions of matrices: every right form passes, and each usual mistake is told by its name."""

# ruff: noqa: ARG005, PLW0108  # functions of one question have one signature

from typing import cast

import numpy as np
import pytest
import sympy as sp
import torch

from autograder.answers.matrix_arguments import Argument, Kind, Sizes, draw_arguments
from autograder.answers.matrix_functions import MatrixSlip, read_result, require_matrix_function
from autograder.answers.verdict import InvalidAnswer, WrongAnswer

X, Y_, W = Argument("X", ("n", "d")), Argument("y", ("n",)), Argument("w", ("d",))
LAM = Argument("lam", (), "positive")
A, B, S = Argument("A", ("n", "n")), Argument("B", ("n", "m")), Argument("S", ("n", "n"), "spd")
SOFTMAX = Argument("p", ("k",), "simplex")


def gradient(X, y, w):
    """The gradient of |Xw - y|^2."""
    return 2 * X.T @ (X @ w - y)


def ridge(X, y, lam):
    return np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y)


def jacobian(p):
    return np.diag(p) - np.outer(p, p)


RIGHT = [
    ("multiplied out", gradient, lambda X, y, w: 2 * X.T @ X @ w - 2 * X.T @ y, [X, Y_, W]),
    ("summed by rows", gradient,
     lambda X, y, w: sum(2 * (x @ w - t) * x for x, t in zip(X, y, strict=True)), [X, Y_, W]),
    ("a list", gradient, lambda X, y, w: gradient(X, y, w).tolist(), [X, Y_, W]),
    ("a tensor", gradient, lambda X, y, w: torch.tensor(gradient(X, y, w)), [X, Y_, W]),
    ("a tensor with gradient", gradient,
     lambda X, y, w: torch.tensor(gradient(X, y, w), requires_grad=True), [X, Y_, W]),
    ("tensors from NumPy", jacobian,
     lambda p: torch.diag(t := torch.from_numpy(p)) - torch.outer(t, t), [SOFTMAX]),
    ("a SymPy matrix", jacobian, lambda p: sp.Matrix(jacobian(p).tolist()), [SOFTMAX]),
    ("push-through", ridge,
     lambda X, y, lam: X.T @ np.linalg.solve(X @ X.T + lam * np.eye(len(X)), y), [X, Y_, LAM]),
    ("by the inverse", ridge,
     lambda X, y, lam: np.linalg.inv(X.T @ X + lam * np.eye(X.shape[1])) @ X.T @ y, [X, Y_, LAM]),
    ("trace of a product", lambda A, B: np.trace(A @ B), lambda A, B: (A * B.T).sum(),
     [Argument("A", ("n", "m")), Argument("B", ("m", "n"))]),
    ("a number as a list", lambda A: np.trace(A), lambda A: float(np.diag(A).sum()), [A]),
    ("inverse of spd", np.linalg.inv, lambda S: np.linalg.solve(S, np.eye(len(S))), [S]),
    ("log det", lambda S: np.log(np.linalg.det(S)), lambda S: np.linalg.slogdet(S)[1], [S]),
    ("complex without an imaginary part", lambda A: A.T, lambda A: A.T.astype(complex), [A]),
    ("a bias of one number", lambda X, lam: X + lam, lambda X, lam: lam + X, [X, LAM]),
]  # fmt: skip


@pytest.mark.parametrize(("why", "reference", "function", "arguments"), RIGHT)
def test_right_forms_pass(why, reference, function, arguments):
    for seed in range(10):
        rng = np.random.default_rng(seed)
        require_matrix_function(function, reference, arguments, hint="", rng=rng)


WRONG = [
    ("dimension mismatch", "raised ValueError: the shapes", gradient,
     lambda X, y, w: 2 * X @ (X @ w - y), [X, Y_, W]),
    ("dimension mismatch", "raised RuntimeError", gradient,
     lambda X, y, w: torch.tensor(X) @ torch.tensor(y), [X, Y_, W]),
    ("dimension mismatch", r"shape \(n,\), which", gradient, lambda X, y, w: X @ w, [X, Y_, W]),
    ("dimension mismatch", r"shape \(n, d\), which", gradient, lambda X, y, w: X, [X, Y_, W]),
    ("dimension mismatch", r"shape \(\), which", gradient, lambda X, y, w: 1.0, [X, Y_, W]),
    ("dimension mismatch", r"shape \(3, n\), which", gradient,
     lambda X, y, w: np.ones((3, len(X))), [X, Y_, W]),
    ("transposed", "transpose of the right", lambda a, b: np.outer(a, b),
     lambda a, b: np.outer(b, a), [Argument("a", ("n",)), Argument("b", ("m",))]),
    ("transposed", "transpose of the right", lambda A: np.linalg.inv(A).T,
     lambda A: np.linalg.inv(A), [A]),
    ("wrong layout", "another layout", gradient,
     lambda X, y, w: gradient(X, y, w)[None, :], [X, Y_, W]),
    ("wrong layout", "another layout", gradient,
     lambda X, y, w: gradient(X, y, w)[:, None], [X, Y_, W]),
    ("wrong layout", "another layout", lambda B: B.ravel(), lambda B: B.T.ravel(), [B]),
    ("wrong layout", "another layout", lambda B: np.multiply.outer(B, np.ones(2)),
     lambda B: np.multiply.outer(np.ones(2), B), [B]),
    ("wrong sign", "opposite sign", gradient, lambda X, y, w: -gradient(X, y, w), [X, Y_, W]),
    ("off by a factor", "Yours is 0.5 times", gradient,
     lambda X, y, w: X.T @ (X @ w - y), [X, Y_, W]),
    ("off by a factor", "Yours is -2 times", jacobian, lambda p: -2 * jacobian(p), [SOFTMAX]),
    ("off by a factor", "a number that is not always 1",
     lambda X, y, w: gradient(X, y, w) / len(y), gradient, [X, Y_, W]),
    ("off by a factor", "Yours is 2 times", lambda A: np.trace(A), lambda A: 2 * np.trace(A), [A]),
    ("not equal", "not equal: No", lambda A: np.trace(A), lambda A: A.sum(), [A]),
    ("not equal", "not equal: No", gradient, lambda X, y, w: 2 * X.T @ (X @ w + y), [X, Y_, W]),
    ("not equal", "not equal: No", jacobian, lambda p: np.diag(p * (1 - p)), [SOFTMAX]),
    ("not equal", "not equal: No", lambda A: A + A.T, lambda A: 2 * A, [A]),
    ("not equal", "not equal: No", lambda A: A + A.T, lambda A: np.zeros_like(A), [A]),
    ("not finite", "nan or infinity", gradient,
     lambda X, y, w: gradient(X, y, w) / 0.0, [X, Y_, W]),
    ("not finite", "nan or infinity", lambda A: np.trace(A), lambda A: 10**400, [A]),
    ("singular", "has no inverse", lambda X: X, lambda X: np.linalg.inv(np.zeros((2, 2))), [X]),
]  # fmt: skip


@pytest.mark.parametrize(("note", "word", "reference", "function", "arguments"), WRONG)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_wrong_forms_are_told_their_note(note, word, reference, function, arguments):
    for seed in range(5):
        rng = np.random.default_rng(seed)
        with pytest.raises(WrongAnswer, match=word) as caught:
            require_matrix_function(function, reference, arguments, hint="No.", rng=rng)
        assert caught.value.note == note
        assert caught.value.hint.endswith("No.")


def test_a_slip_is_told_before_anything_general():
    slip = MatrixSlip("half", "Where is the 2?", lambda X, y, w: X.T @ (X @ w - y), credit=0.5)
    misfit = MatrixSlip("misfit", "", lambda X, y, w: X @ X)
    with pytest.raises(WrongAnswer, match=r"half: Where is the 2\?") as caught:
        require_matrix_function(
            slip.function, gradient, [X, Y_, W], hint="No.", slips=[misfit, slip]
        )
    assert caught.value.credit == 0.5
    with pytest.raises(WrongAnswer, match="transposed"):
        require_matrix_function(
            lambda A: A, lambda A: A.T, [A], hint="", slips=[MatrixSlip("no", "", lambda A: 2 * A)]
        )


def test_a_square_case_shows_what_only_shapes_would_hide():
    wrong_order = [Argument("J", ("n", "n")), Argument("K", ("n", "n"))]
    with pytest.raises(WrongAnswer) as caught:
        require_matrix_function(lambda J, K: K @ J, lambda J, K: J @ K, wrong_order, hint="")
    assert caught.value.note == "not equal"


def test_what_else_student_code_raises_goes_on():
    def blank(X):
        raise NotImplementedError

    def misspelt(X):
        return X.transposed()

    for function, kind in [(blank, NotImplementedError), (misspelt, AttributeError)]:
        with pytest.raises(kind):
            require_matrix_function(function, lambda X: X, [X], hint="")

    def own_check(X):
        raise ValueError("X is not to my taste")

    with pytest.raises(ValueError, match="taste"):
        require_matrix_function(own_check, lambda X: X, [X], hint="")


def test_changing_an_argument_changes_nothing_for_the_reference():
    def in_place(X):
        X *= 2
        return X

    require_matrix_function(in_place, lambda X: 2 * X, [X], hint="")


def test_a_reference_must_be_finite():
    with pytest.raises(ValueError, match="the reference is not finite"):
        require_matrix_function(lambda X: X, lambda X: X * np.inf, [X], hint="")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "the function returns nothing"),
        ("abc", "is or holds a str; an array of real numbers is expected"),
        (True, "is or holds a bool"),
        ([1, [2, 3]], "the rows of what the function returns differ in length"),
        ([1j], "holds complex numbers"),
        (np.array([1j]), "holds complex numbers"),
        (np.array(["a"]), "holds str"),
        ({"a": 1}, "is or holds a dict"),
        ([sp.Symbol("x")], "is or holds a Symbol"),
        (np.zeros(1_000_001), "has 1000001 entries"),
        ([0] * 30_000, "far more entries or axes"),
        ([[[[[[1]]]]]], "far more entries or axes"),
    ],
)
def test_what_is_no_array_of_numbers_is_refused(value, message):
    with pytest.raises(InvalidAnswer, match=message):
        read_result(value)


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        (2, ()),
        (np.float32(2), ()),
        (sp.Rational(1, 2), ()),
        ([[1, sp.sqrt(2)], (0, np.float64(3))], (2, 2)),
        (sp.Matrix([[1, 2]]), (1, 2)),
        (np.array([1, 0.5], dtype=object), (2,)),
        (torch.tensor([1, 2], dtype=torch.bfloat16), (2,)),
        (torch.tensor([[True]]), (1, 1)),
        ([np.zeros(3), np.ones(3)], (2, 3)),
    ],
)
def test_arrays_of_every_kind_are_read(value, shape):
    array = read_result(value)
    assert array.shape == shape
    assert array.dtype == float


def test_sizes_are_all_different_and_in_order():
    arguments = [Argument("X", ("n", "d")), Argument("Y", ("n", "k", 3))]
    rng = np.random.default_rng(0)
    for _ in range(50):
        drawn = Sizes(least=3, most=6, descending=("n", "d")).draw(arguments, rng)
        assert len(set(drawn.values())) == 3
        assert set(drawn.values()) <= {3, 4, 5, 6}
        assert drawn["n"] > drawn["d"]
    assert Sizes(fixed={"n": 4, "d": 4}).draw(arguments, rng) | {"k": 0} == {"n": 4, "d": 4, "k": 0}
    with pytest.raises(ValueError, match="3 sizes that differ need more than 2"):
        Sizes(least=2, most=3).draw(arguments, rng)


def test_kinds_of_matrices():
    kinds = ["symmetric", "spd", "orthogonal", "invertible", "positive", "unit", "simplex"]
    arguments = [Argument(kind, ("n", "n"), cast("Kind", kind)) for kind in kinds]
    arguments += [Argument("own", ("n",), lambda rng, shape: np.arange(*shape)), Argument("x")]
    for seed in range(20):
        rng = np.random.default_rng(seed)
        drawn = draw_arguments(arguments, {"n": 5}, rng)
        *arrays, own, number = drawn
        symmetric, spd, orthogonal, invertible, positive, unit, simplex = map(np.asarray, arrays)
        assert np.array_equal(symmetric, symmetric.T)
        assert np.array_equal(spd, spd.T)
        assert np.linalg.eigvalsh(spd).min() > 0.4
        assert np.allclose(orthogonal @ orthogonal.T, np.eye(5), atol=1e-12)
        assert np.linalg.cond(invertible) < 20
        assert not np.allclose(invertible, invertible.T)
        assert np.min(positive) > 0
        assert 0 < np.min(unit) < np.max(unit) < 1
        assert np.allclose(simplex.sum(axis=-1), 1, atol=1e-12)
        assert np.array_equal(own, [0, 1, 2, 3, 4])
        assert isinstance(number, float)


def test_a_square_kind_needs_a_square_shape():
    with pytest.raises(ValueError, match="S is spd and needs two equal sizes"):
        Argument("S", ("n", "d"), "spd")
