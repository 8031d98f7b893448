"""Hidden tests of homework 2, singular values, principal components and least squares.

Expected values come from how an input was built, from the definitions, or are exact.
"""

import ast
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import sympy as sp
import torch

from autograder.answers.certificates import read_array
from autograder.answers.claims import judge_claim, read_claim
from autograder.answers.derivations import Derivation, Milestone, require_derivation
from autograder.answers.domains import positive, real
from autograder.answers.errata import Erratum, judge_erratum
from autograder.answers.evaluation import CONTEXT, UndefinedError, as_mpf, evaluate
from autograder.answers.exact_matrices import (
    apply,
    characteristic_polynomial,
    determinant,
    inverse,
    is_diagonalizable,
    is_symmetric,
    multiply,
    rank,
    spectral_radius,
    trace,
    transpose,
)
from autograder.answers.expressions import Slip, read_expression, require_equal, sample
from autograder.answers.matrix_functions import Argument, MatrixSlip, require_matrix_function
from autograder.answers.numbers import NumberSlip, require_number
from autograder.answers.proof_order import Distractor, Proof, read_order, require_proof
from autograder.answers.reading import Matrix, read_matrix, read_pair, read_vector
from autograder.answers.verdict import InvalidAnswer, WrongAnswer

# LAPACK's errors are some 1e-15 of the largest singular value; a product of a few matrices and a
# well-conditioned solution stay far below this. float32 errs by 1e-7 and fails.
ROUNDING = 1e-9


def numbers(value, what="the result"):
    """What the student's function returned, as a float64 array of finite numbers."""
    if value is None:
        raise InvalidAnswer("the function returns nothing: end it with `return ...`")
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu().numpy()
    if not isinstance(value, int | float | list | tuple | np.ndarray | np.generic):
        raise InvalidAnswer(f"{what} should be a number or an array of numbers")
    if isinstance(value, list | tuple):
        value = [numbers(entry, what) for entry in value]
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise InvalidAnswer(f"the rows of {what} differ in length") from error
    if np.iscomplexobj(array) and not np.imag(array).any():
        array = np.real(array)
    if array.dtype.kind not in "biuf":
        raise InvalidAnswer(f"{what} should hold real numbers")
    if not np.isfinite(array.astype(float)).all():
        raise WrongAnswer("nan or infinity", f"Somewhere {what} is nan or infinite.")
    return array.astype(float)


def parts(value, count, what):
    """The parts of a result that is a tuple, each as an array."""
    if not isinstance(value, list | tuple) or len(value) != count:
        raise InvalidAnswer(f"the function should return {count} things: {what}")
    names = what.split(", ")
    return [numbers(part, name) for part, name in zip(value, names, strict=True)]


def require_shape(array, shape, what):
    if array.shape != shape:
        raise WrongAnswer("wrong shape", f"The shape of {what} is not the one that is asked for.")


def is_near(a, b, scale, rel=ROUNDING):
    """Whether two arrays of one shape differ by at most rel * scale in each entry."""
    return a.shape == b.shape and bool(np.abs(a - b).max(initial=0) <= rel * scale)


def orthogonal(n, rng):
    Q, R = np.linalg.qr(rng.normal(size=(n, n)))
    return Q * np.sign(np.diag(R))


def matrix_with(singular_values, m, n, rng):
    """A random m x n matrix with these singular values: orthogonal · diagonal · orthogonal."""
    k = len(singular_values)
    return orthogonal(m, rng)[:, :k] * np.array(singular_values) @ orthogonal(n, rng)[:, :k].T


def spread(count, rng):
    """So many singular values, in descending order, each at least 1.2 times the next one."""
    ratios = rng.uniform(1.2, 1.6, size=count)
    return np.cumprod(ratios)[::-1] * rng.uniform(0.5, 2)


def refuses(student, cell, forbidden, note, hint):
    """Raises WrongAnswer where the answer calls one of the functions by name."""
    for node in ast.walk(student.tree(cell)):
        names = [
            a.name.rpartition(".")[2] for a in getattr(node, "names", []) if hasattr(a, "name")
        ]
        if isinstance(node, ast.Attribute):
            names = [node.attr]
        if forbidden & set(names):
            raise WrongAnswer(note, hint)


SHAPES = [(5, 5), (4, 7), (7, 4)]

# P1


@pytest.mark.grade_cell("low_rank", weight=2)
@pytest.mark.parametrize(("m", "n"), SHAPES)
def test_approximation_keeps_the_largest_singular_values(student, rng, m, n):
    """A_k is the sum of σ_i u_i v_iᵀ over the k largest singular values, for every k."""
    sigma = spread(4, rng)
    U, V = orthogonal(m, rng)[:, :4], orthogonal(n, rng)[:, :4]
    A = U * sigma @ V.T
    results = [numbers(student.low_rank(A.copy(), k)) for k in range(1, 4)]
    for k, result in enumerate(results, start=1):
        # A gap of a fifth between singular values keeps the projections within 1e-14.
        assert is_near(result, U[:, :k] * sigma[:k] @ V[:, :k].T, sigma[0])


@pytest.mark.grade_cell("low_rank")
@pytest.mark.parametrize(("m", "n"), [(6, 6), (3, 8), (8, 3)])
def test_spectral_error_is_the_next_singular_value(student, rng, m, n):
    """‖A − A_k‖₂ = σ_{k+1}, and it is 0 for k = min(m, n)."""
    A = rng.normal(size=(m, n))
    S = np.linalg.svd(A, compute_uv=False)
    errors = [A - numbers(student.low_rank(A.copy(), k)) for k in range(min(m, n) + 1)]
    norms = [np.linalg.norm(error, 2) for error in errors]
    assert norms == pytest.approx([*S, 0], rel=ROUNDING, abs=1e-12 * S[0])


@pytest.mark.grade_cell("low_rank")
@pytest.mark.parametrize(("m", "n"), [(6, 6), (3, 8), (8, 3)])
def test_frobenius_error_is_the_length_of_the_rest(student, rng, m, n):
    """‖A − A_k‖_F is the root of the sum of the squares of σ_{k+1}, σ_{k+2}, …"""
    A = rng.normal(size=(m, n))
    S = np.linalg.svd(A, compute_uv=False)
    errors = [A - numbers(student.low_rank(A.copy(), k)) for k in range(min(m, n) + 1)]
    norms = [np.linalg.norm(error) for error in errors]
    rest = [np.linalg.norm(S[k:]) for k in range(min(m, n) + 1)]
    assert norms == pytest.approx(rest, rel=ROUNDING, abs=1e-12 * S[0])


@pytest.mark.grade_cell("low_rank")
def test_rank_is_at_most_k(student, rng):
    """A_k has no more than k singular values that are not 0."""
    A = rng.normal(size=(6, 9))
    for k in (1, 2, 5):
        S = np.linalg.svd(numbers(student.low_rank(A.copy(), k)), compute_uv=False)
        assert S[k] <= 1e-12 * S[0]  # rounding leaves 1e-15
        assert S[k - 1] > 1e-3 * S[0]  # and not less than k either: five-sigma for 6 x 9 normals


@pytest.mark.grade_cell("low_rank")
def test_no_other_matrix_of_rank_k_is_nearer(student, rng):
    """No other matrix of rank k is nearer to A: not a random one, not a part of A's columns."""
    A, k = rng.normal(size=(6, 5)) @ np.diag([5.0, 3, 2, 1, 0.5]), 2
    error = np.linalg.norm(A - numbers(student.low_rank(A.copy(), k)))
    rivals = [orthogonal(6, rng)[:, :k] for _ in range(200)]
    rivals += [np.linalg.qr(A[:, list(c)])[0] for c in pairwise(range(5))]
    near = A @ rng.normal(size=(5, k))  # some steps of the power iteration: almost the best plane
    rivals += [np.linalg.qr(near := A @ (A.T @ near))[0] for _ in range(20)]
    assert all(error <= np.linalg.norm(A - Q @ Q.T @ A) * (1 + ROUNDING) for Q in rivals)


@pytest.mark.grade_cell("low_rank")
def test_edges_and_less_than_full_rank(student):
    """k = 0 gives the zero matrix, k = min(m, n) gives A; A may be of low rank, a row, or 0."""
    A = np.outer([1.0, -2, 3], [2.0, 0, -1, 1])
    assert is_near(numbers(student.low_rank(A.copy(), 0)), np.zeros((3, 4)), 1)
    for k in (1, 2, 3):
        assert is_near(numbers(student.low_rank(A.copy(), k)), A, 10)
    row = np.array([[3.0, -4.0]])
    assert is_near(numbers(student.low_rank(row.copy(), 1)), row, 5)
    assert is_near(numbers(student.low_rank(np.zeros((2, 3)), 1)), np.zeros((2, 3)), 1)


@pytest.mark.grade_cell("low_rank")
def test_integers_are_taken_and_the_matrix_is_left_alone(student):
    """A matrix of integers is approximated in floats, and A is not changed."""
    A = np.array([[4, 1, 0], [1, 3, -2]])
    before = A.copy()
    first, second = (numbers(student.low_rank(A, 1)) for _ in range(2))
    assert np.array_equal(A, before)
    assert np.array_equal(first, second)
    # AAᵀ = [[17, 7], [7, 14]] has the eigenvalue 15.5 - sqrt(51.25), the square of σ_2
    assert np.linalg.norm(A - first, 2) == pytest.approx(np.sqrt(15.5 - np.sqrt(51.25)), rel=1e-9)
    B = A.astype(float)
    student.low_rank(B, 1)
    assert np.array_equal(B, before)


@pytest.mark.grade_cell("low_rank")
@pytest.mark.parametrize(("shape", "k"), [((3, 5), -1), ((3, 5), 4), ((5, 2), 3), ((5, 2), 5)])
def test_ranks_that_cannot_be_are_refused(student, shape, k):
    """A negative k, and a k larger than min(m, n), raise ValueError."""
    A = np.arange(1.0, 1 + shape[0] * shape[1]).reshape(shape)
    assert is_near(numbers(student.low_rank(A, 2)), A, 20)  # A has rank 2
    with pytest.raises(ValueError):  # noqa: PT011  # the message is the student's own
        student.low_rank(A, k)


# P2


def data(n, d, rng):
    """Rows with a mean far from 0 and principal variances that are well apart."""
    scales = spread(d, rng) ** 2
    return rng.normal(size=(n, d)) * scales @ orthogonal(d, rng).T + rng.uniform(3, 8, size=d)


def by_definition(X, k):
    """Mean, first k directions and variances by the eigenvectors of the covariance."""
    mean = X.mean(axis=0)
    C = (X - mean).T @ (X - mean) / (len(X) - 1)
    variances, Q = np.linalg.eigh(C)
    V = Q.T[::-1][:k]
    peaks = np.take_along_axis(V, np.abs(V).argmax(axis=1)[:, None], axis=1)
    return mean, V * np.sign(peaks), variances[::-1][:k]


def fitted(student, X, k):
    """The student's object after fit, with its three attributes as arrays."""
    model = student.PCA(k)
    result = model.fit(X)
    if result is None:
        raise WrongAnswer("fit returns nothing", "fit should end with `return self`.")
    V = numbers(result.components, "components")
    if k != X.shape[1] and V.shape == (X.shape[1], k):
        raise WrongAnswer("rows and columns swapped", "The directions are the rows of components.")
    require_shape(V, (k, X.shape[1]), "components")
    return result, V


def require_variances(value, X, k):
    """Passes where the variances are those of the data; else names the usual slips."""
    mean, _, expected = by_definition(X, k)
    value = numbers(value, "variances")
    require_shape(value, (k,), "variances")
    n = len(X)
    sigma = np.linalg.svd(X - mean, compute_uv=False)[:k]
    raw = np.linalg.svd(X, compute_uv=False)[:k]
    slips = {
        "divided by n": (expected * (n - 1) / n, "One degree of freedom went into the mean."),
        "not divided": (sigma**2, "σ² adds up over all rows: a variance is a kind of mean."),
        "σ for the variance": (sigma, "The singular value is no variance: think of its unit."),
        "standard deviation": (np.sqrt(expected), "The variance is asked for, not its root."),
        "not centred": (raw**2 / (n - 1), "A variance is about the mean: take the mean off first."),
        "a share": (
            expected / (sigma_total(X)),
            "The variance itself is asked for, not its share.",
        ),
    }
    if is_near(value, expected, expected[0]):
        return
    for note, (wrong, hint) in slips.items():
        if is_near(value, wrong, wrong[0], 1e-6):
            raise WrongAnswer(note, hint)
    raise AssertionError("other variances")


def sigma_total(X):
    return np.var(X, axis=0, ddof=1).sum()


@pytest.mark.grade_cell("pca", weight=2)
@pytest.mark.parametrize(("n", "d", "k"), [(12, 5, 3), (30, 4, 4), (9, 6, 1)])
def test_directions_are_eigenvectors_of_the_covariance(student, rng, n, d, k):
    """The rows of components are the first k eigenvectors of C, orthonormal, up to their signs."""
    X = data(n, d, rng)
    _, V = fitted(student, X.copy(), k)
    _, expected, _ = by_definition(X, k)
    signs = np.sign(np.sum(V * expected, axis=1, keepdims=True))
    if is_near(signs * V, expected, 1, 1e-6):
        return
    raw = np.linalg.svd(X)[2][:k]
    if is_near(np.abs(V), np.abs(raw), 1, 1e-6):
        raise WrongAnswer("not centred", "Your first direction points at the mean of the data.")
    standard = by_definition(X / X.std(axis=0), k)[1]
    if is_near(np.abs(V), np.abs(standard), 1, 1e-6):
        raise WrongAnswer(
            "scaled to variance 1",
            "Dividing each column by its deviation is another analysis: the question only centres.",
        )
    last = by_definition(X, d)[1][::-1][:k]
    if is_near(np.abs(V), np.abs(last), 1, 1e-6):
        raise WrongAnswer("smallest first", "eigh sorts eigenvalues in ascending order.")
    raise AssertionError("other directions")


@pytest.mark.grade_cell("pca")
@pytest.mark.parametrize(("n", "d", "k"), [(7, 5, 3), (25, 3, 2)])
def test_variances_have_n_minus_one_degrees_of_freedom(student, rng, n, d, k):
    """mean holds each column's mean, and variances λ_1 ≥ … ≥ λ_k, those along the directions."""
    X = data(n, d, rng)
    model, _ = fitted(student, X.copy(), k)
    mean = numbers(model.mean, "mean")
    if mean.size == 1:
        raise WrongAnswer("mean of all entries", "Each variable has a mean of its own.")
    require_variances(model.variances, X, k)
    assert is_near(mean.reshape(-1), X.mean(axis=0), np.abs(X).max())


@pytest.mark.grade_cell("pca")
def test_largest_entry_of_each_direction_is_positive(student, rng):
    """In every direction the entry of largest absolute value is positive."""
    for _ in range(4):  # a sign that is right by chance sixteen times in a row: 1 in 65,536
        X = data(15, 5, rng)
        for sign in (1, -1):
            _, V = fitted(student, sign * X, 4)
            peaks = V[np.arange(4), np.abs(V).argmax(axis=1)]
            if np.allclose(peaks, -np.abs(peaks)):
                raise WrongAnswer("every sign the other way", "The largest entries are negative.")
            if not (peaks > 0).all():
                raise WrongAnswer(
                    "signs not as chosen",
                    "A direction keeps a sign other than the question's: look at the entry of "
                    "largest size.",
                )


@pytest.mark.grade_cell("pca")
def test_scores_of_the_training_data(student, rng):
    """The scores z_j = v_jᵀ(x − μ) have mean 0 and are uncorrelated, with the variances λ_j."""
    X, k = data(20, 5, rng), 3
    model, V = fitted(student, X.copy(), k)
    Z = numbers(model.transform(X.copy()), "the scores")
    require_shape(Z, (20, k), "the scores")
    mean, _, expected = by_definition(X, k)
    if is_near(Z, X @ V.T, np.abs(Z).max(), 1e-6):
        raise WrongAnswer("scores not centred", "transform has to take the mean off before it.")
    if is_near(Z, (X - mean) @ V.T / np.sqrt(expected), np.abs(Z).max(), 1e-6):
        raise WrongAnswer("whitened scores", "The scores keep their variances λ_j.")
    assert is_near(Z, (X - mean) @ V.T, np.abs(Z).max())
    assert is_near(np.cov(Z.T), np.diag(expected), expected[0], 1e-6)


@pytest.mark.grade_cell("pca", weight=2)
def test_new_data_is_described_by_the_training_data(student, rng):
    """New examples, even a single one, are centred by the mean of the *training* data."""
    X, k = data(20, 4, rng), 2
    new = rng.normal(size=(6, 4)) - 5
    model, V = fitted(student, X.copy(), k)
    mean = X.mean(axis=0)
    scores = [numbers(model.transform(new.copy()), "the scores")]
    if not np.array_equal(numbers(model.components, "components"), V):
        raise WrongAnswer(
            "fitted anew by transform", "transform has to describe new data by the old directions."
        )
    scores += [numbers(model.transform(rows.copy()), "the scores") for rows in (new[:1], X)]
    for Z, rows in zip(scores, (new, new[:1], X), strict=True):
        require_shape(Z, (len(rows), k), "the scores")
        scale = np.abs((rows - mean) @ V.T).max()
        if len(rows) == 6 and is_near(Z, (rows - rows.mean(axis=0)) @ V.T, scale, 1e-6):
            raise WrongAnswer(
                "centred by the test data",
                "transform uses the mean of what it is given: that is a leak from the test set.",
            )
        assert is_near(Z, (rows - mean) @ V.T, scale)


@pytest.mark.grade_cell("pca")
def test_rebuilt_examples_lose_the_variance_left_out(student, rng):
    """x̂ = μ + Σ z_j v_j: nothing is lost for k = d, and else the variances left out."""
    X = data(14, 4, rng)
    mean, _, variances = by_definition(X, 4)
    for k in (1, 2, 4):
        model, V = fitted(student, X.copy(), k)
        Z = numbers(model.transform(X.copy()), "the scores")
        rebuilt = numbers(model.inverse_transform(Z), "what is rebuilt")
        require_shape(rebuilt, X.shape, "what is rebuilt")
        if is_near(rebuilt, Z @ V, np.abs(X).max(), 1e-6):
            raise WrongAnswer("mean not given back", "inverse_transform owes the mean.")
        lost = np.sum((X - rebuilt) ** 2) / (len(X) - 1)
        assert lost == pytest.approx(variances[k:].sum(), rel=1e-6, abs=1e-12 * variances[0])
    away = rng.normal(size=(3, 2))
    model, V = fitted(student, X.copy(), 2)
    assert is_near(numbers(model.inverse_transform(away), "what is rebuilt"), away @ V + mean, 20)


@pytest.mark.grade_cell("pca")
def test_more_variables_than_examples(student, rng):
    """With n < d there are directions too, up to k = n, and X is left as it was."""
    X = data(5, 9, rng)
    before = X.copy()
    model, V = fitted(student, X, 4)  # the fifth variance is 0: any direction would do
    if not np.array_equal(X, before):
        raise WrongAnswer("X changed in place", "-= writes into the caller's array: copy first.")
    _, expected, _ = by_definition(X, 4)
    assert is_near(V, expected, 1, 1e-6)
    require_variances(model.variances, X, 4)
    fifth, V = fitted(student, X, 5)
    assert is_near(V @ V.T, np.eye(5), 1, 1e-8)
    assert abs(numbers(fifth.variances)[4]) <= 1e-9 * numbers(fifth.variances)[0]


@pytest.mark.grade_cell("pca")
@pytest.mark.parametrize(("shape", "k"), [((6, 4), 5), ((3, 6), 4), ((6, 4), 0), ((6, 4), -1)])
def test_numbers_of_components_that_cannot_be_are_refused(student, shape, k):
    """k < 1 and k > min(n, d) raise ValueError, in fit or when the object is made."""
    X = np.arange(1.0, 1 + shape[0] * shape[1]).reshape(shape) ** 2
    fitted(student, X.copy(), 2)
    try:
        student.PCA(k).fit(X)
    except ValueError:
        return
    raise WrongAnswer(
        "any number of components", "With n examples in d dimensions there are at most min(n, d)."
    )


# P3

DECOMPOSITIONS = {
    "svd", "svdvals", "svds", "svd_lowrank", "pca_lowrank", "eig", "eigh", "eigvals", "eigvalsh",
    "eigs", "eigsh", "qr", "pinv", "randomized_svd", "PCA", "TruncatedSVD",
}  # fmt: skip
RESIDUAL = 1e-6  # what the question allows
NOT_CONVERGED = (
    "not converged",
    "The residual ‖Aᵀu − σv‖ or ‖Av − σu‖ is too large: σ settles long before v does.",
)


def triples(student, A, k, seed):
    """What power_svd returns, as arrays of the right shapes; usual slips are named."""
    m, n = A.shape
    rng = student.np.random.default_rng(seed)
    U, S, Vh = parts(student.power_svd(A, k, rng), 3, "U, S, Vh")
    if n != k and Vh.shape == (n, k):
        raise WrongAnswer("V for Vᵀ", "The right singular vectors are the rows of Vh.")
    if m != k and U.shape == (k, m):
        raise WrongAnswer("Uᵀ for U", "The left singular vectors are the columns of U.")
    for array, shape, name in ((U, (m, k), "U"), (S, (k,), "S"), (Vh, (k, n), "Vh")):
        require_shape(array, shape, name)
    return U, S, Vh


OTHER_VALUES = ("other singular values", "They are not the largest singular values of A.")


def require_values(S, sigma, otherwise):
    """Passes for the largest singular values, in order; else names what is wrong."""
    k, scale = len(S), sigma[0]
    if (S < 0).any():
        raise WrongAnswer("negative singular value", "Singular values are never negative.")
    if is_near(S, sigma[:k], scale, RESIDUAL):
        return
    if k > 1 and np.ptp(S) <= RESIDUAL * scale:
        raise WrongAnswer("no deflation", "You find the same singular value again and again.")
    if is_near(np.sort(S)[::-1], sigma[:k], scale, RESIDUAL):
        raise WrongAnswer("not in order", "The largest singular value should come first.")
    if is_near(S, sigma[:k] ** 2, scale**2, 1e-4):
        raise WrongAnswer("square of σ", "AᵀA has the eigenvalues σ²: A stretches v by σ only.")
    if is_near(S, sigma[:k], scale, 0.01):
        raise WrongAnswer(*NOT_CONVERGED)
    if k > 1 and is_near(S[:1], sigma[:1], scale, RESIDUAL):
        raise WrongAnswer(
            "wrong deflation",
            "The first triple is right and a later one is not: what is taken off is σ u vᵀ.",
        )
    raise WrongAnswer(*otherwise)


def require_triples(A, U, S, Vh, sigma, otherwise=OTHER_VALUES):
    """Passes for singular triples of the largest singular values; else names what is wrong."""
    k, scale = len(S), sigma[0]
    require_values(S, sigma, otherwise)
    if (np.sum(U * (A @ Vh.T), axis=0) < 0).any():
        raise WrongAnswer("sign lost", "A v is −σ u for some of your u and v: u follows from v.")
    for X in (U.T, Vh):
        # A residual of 1e-6 σ_1 turns vectors by up to 2.5e-3 where two σ differ by σ_1/2500.
        if not is_near(X @ X.T, np.eye(k), 1, 0.01):
            raise WrongAnswer("not orthonormal", "Your singular vectors are not orthonormal.")
    residuals = (A @ Vh.T - U * S, A.T @ U - Vh.T * S)
    if max(np.linalg.norm(R, axis=0).max() for R in residuals) > 2 * RESIDUAL * scale:
        raise WrongAnswer(*NOT_CONVERGED)


@pytest.mark.grade_cell("power_svd", weight=2)
@pytest.mark.parametrize(("m", "n"), [(6, 6), (4, 9), (9, 4)])
def test_leading_triple(student, rng, m, n):
    """For k = 1: σ_1 with unit vectors u and v that satisfy Av = σu and Aᵀu = σv."""
    sigma = spread(4, rng)
    A = matrix_with(sigma, m, n, rng)
    require_triples(A, *triples(student, A.copy(), 1, 1), sigma)


@pytest.mark.grade_cell("power_svd", weight=2)
@pytest.mark.parametrize(("m", "n"), [(5, 5), (4, 9), (9, 4)])
def test_all_triples_by_deflation(student, rng, m, n):
    """The k largest singular values with their vectors, each Av = σu and Aᵀu = σv, in order."""
    sigma = spread(4, rng)
    A = matrix_with(sigma, m, n, rng)
    for k in (2, 4):
        require_triples(A, *triples(student, A.copy(), k, 2), sigma)


@pytest.mark.grade_cell("power_svd", weight=2)
@pytest.mark.parametrize(
    "sigma", [(2.0, 1.996, 1.0), (3.0, 3.0, 3.0, 1.0), (5.0, 2.0, 1.998, 0.5), (1.0, 1.0)]
)
def test_clusters_of_singular_values(student, rng, sigma):
    """Close and equal singular values: orthonormal vectors with residuals of at most 10⁻⁶ σ_1."""
    A = matrix_with(sigma, 7, 6, rng)
    require_triples(A, *triples(student, A.copy(), len(sigma), 3), np.array(sigma))


@pytest.mark.grade_cell("power_svd")
@pytest.mark.parametrize("eigenvalues", [(-4, 3, -2, 1), (-3, -2, -1), (3, -3, 1), (-2, 2)])
def test_negative_eigenvalues(student, rng, eigenvalues):
    """A symmetric A with negative eigenvalues still has positive σ, and u = −v for such a one."""
    Q = orthogonal(len(eigenvalues), rng)
    A = Q * np.array(eigenvalues, dtype=float) @ Q.T
    sigma = np.sort(np.abs(np.array(eigenvalues, dtype=float)))[::-1]
    require_triples(A, *triples(student, A.copy(), len(sigma), 4), sigma)


@pytest.mark.grade_cell("power_svd")
def test_start_is_random(student):
    """No fixed start serves every matrix: the one drawn from rng finds the largest σ."""
    turned = np.array([[3.0, -3], [1, 1]])  # v_1 is orthogonal to (1, 1)
    last = np.diag([1.0, 2, 3])  # v_1 is orthogonal to the first axis
    first = np.diag([3.0, 2, 1])
    hint = ("fixed start", "A fixed vector may be orthogonal to v_1, and then never finds it.")
    for A, sigma in ((turned, [18**0.5, 2**0.5]), (last, [3, 2, 1]), (first, [3, 2, 1])):
        for seed in (5, 6):
            require_triples(A, *triples(student, A.copy(), 1, seed), np.array(sigma), hint)


@pytest.mark.grade_cell("power_svd")
@pytest.mark.parametrize("scale", [1e60, 1e-60])
def test_every_scale(student, rng, scale):
    """The scale of A does not matter: v is normalised at each step, and tolerances are relative."""
    sigma = spread(3, rng)
    A = matrix_with(sigma, 5, 4, rng)
    U, S, Vh = triples(student, A * scale, 3, 7)
    hint = "A tolerance has to be relative: for a small matrix every residual is small."
    require_triples(A, U, S / scale, Vh, sigma, ("absolute tolerance", hint))


@pytest.mark.grade_cell("power_svd")
def test_products_are_all_that_is_used(student, rng):
    """No decomposition of a library is called, A is left alone, and rng alone decides."""
    A = matrix_with(spread(3, rng), 5, 4, rng)
    before = A.copy()
    first = triples(student, A, 2, 8)
    if not np.array_equal(A, before):
        raise WrongAnswer(
            "A changed in place",
            "rest -= writes into the caller's array where rest is A itself: work on a copy.",
        )
    require_triples(A, *first, np.linalg.svd(A, compute_uv=False))
    second = triples(student, A, 2, 8)
    for one, other in zip(first, second, strict=True):
        if not np.array_equal(one, other):
            raise WrongAnswer("another generator", "Draw from rng alone: the same rng, the same v.")
    refuses(
        student, "power_svd", DECOMPOSITIONS,
        "calls a library's decomposition",
        "The question asks for products and norms only.",
    )  # fmt: skip


# P4

SOLVERS = {
    "lstsq", "pinv", "pinvh", "lsq_linear", "nnls", "Ridge", "RidgeCV", "LinearRegression",
    "polyfit", "gelsd", "gelsy",
}  # fmt: skip


def solved(A, b, lam=0.0, rank=None):
    """The minimiser in the singular basis; `rank` singular values count."""
    U, S, Vh = np.linalg.svd(A, full_matrices=False)
    rank = len(S) if rank is None else rank
    U, S, Vh = U[:, :rank], S[:rank], Vh[:rank]
    return Vh.T @ (S / (S**2 + lam) * (U.T @ b))


def check_solution(student, A, b, lam=None, rank=None):
    before = A.copy(), b.copy()
    x = numbers(student.lstsq(A, b) if lam is None else student.lstsq(A, b, lam), "x").squeeze()
    expected = solved(A, b, lam or 0.0, rank).squeeze()
    assert is_near(x, expected, np.abs(expected).max(), 1e-7)  # κ² below 1e4, times 1e-15
    assert np.array_equal(A, before[0])
    assert np.array_equal(b, before[1])


@pytest.mark.grade_cell("lstsq")
@pytest.mark.parametrize(("m", "n"), [(7, 3), (4, 4), (12, 5)])
def test_full_column_rank(student, rng, m, n):
    """For full column rank and λ = 0 the residual Ax − b is orthogonal to the columns of A."""
    A, b = matrix_with(spread(n, rng), m, n, rng), rng.normal(size=m)
    check_solution(student, A, b)
    check_solution(student, A, b, 0.0)


@pytest.mark.grade_cell("lstsq", weight=2)
@pytest.mark.parametrize(("m", "n", "rank"), [(7, 4, 2), (3, 6, 3), (4, 6, 2), (5, 5, 4)])
def test_shortest_solution(student, rng, m, n, rank):
    """Less than full column rank, m < n too: among all minimisers the shortest."""
    A = matrix_with(spread(rank, rng), m, n, rng)
    check_solution(student, A, rng.normal(size=m), None, rank)


@pytest.mark.grade_cell("lstsq")
@pytest.mark.parametrize("scale", [1e-12, 1e-5, 1e9])
def test_what_counts_as_zero_is_relative(student, rng, scale):
    """A singular value is 0 relative to the largest one: the scale of A does not matter."""
    A, b = matrix_with([3.0, 2.0, 0.01], 6, 4, rng) * scale, rng.normal(size=6)
    check_solution(student, A, b, None, 3)


@pytest.mark.grade_cell("lstsq", weight=2)
@pytest.mark.parametrize(("m", "n", "rank"), [(7, 3, 3), (3, 7, 3), (5, 5, 2)])
@pytest.mark.parametrize("lam", [0.05, 1, 30.0])
def test_ridge_solution(student, rng, m, n, rank, lam):
    """For λ > 0, x solves (AᵀA + λI) x = Aᵀb, whatever the shape and the rank of A."""
    A = matrix_with(spread(rank, rng), m, n, rng)
    check_solution(student, A, rng.normal(size=m), lam, rank)


@pytest.mark.grade_cell("lstsq")
def test_limit_of_a_small_penalty(student, rng):
    """As λ tends to 0 the ridge solution tends to the shortest least-squares solution."""
    A, b = matrix_with([3.0, 2.0, 1.0], 6, 5, rng), rng.normal(size=6)
    shortest = solved(A, b, 0.0, 3)
    x = numbers(student.lstsq(A.copy(), b.copy(), 1e-6), "x").squeeze()
    # λ/σ² changes x by 1e-6; a σ of 1e-15 in place of 0 over λ, or a solution of the singular
    # normal equations with condition 1e7, changes it by 1e-9.
    assert is_near(x, shortest, np.abs(shortest).max(), 1e-5)
    far = numbers(student.lstsq(A.copy(), b.copy(), 1e12), "x").squeeze()
    assert np.abs(far).max() <= 1e-9


@pytest.mark.grade_cell("lstsq", weight=2)
@pytest.mark.parametrize(("n", "d"), [(9, 3), (4, 6)])
@pytest.mark.parametrize("lam", [0.2, 5.0])
def test_fit_with_a_bias(student, rng, n, d, lam):
    """w and β minimise ‖Xw + β1 − y‖² + λ‖w‖², for data whose means are far from 0."""
    X, y = rng.normal(size=(n, d)) + 3, rng.normal(size=n) - 7
    before = X.copy(), y.copy()
    w, beta = parts(student.ridge_fit(X, y, lam), 2, "w, beta")
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    expected = np.linalg.solve(Xc.T @ Xc + lam * np.eye(d), Xc.T @ yc)
    if beta.size != 1:
        raise WrongAnswer("wrong shape", "The bias β is one number.")
    assert is_near(w.squeeze(), expected, np.abs(expected).max(), 1e-8)
    assert beta.item() == pytest.approx(y.mean() - X.mean(axis=0) @ expected, rel=1e-8)
    assert np.array_equal(X, before[0])
    assert np.array_equal(y, before[1])


@pytest.mark.grade_cell("lstsq")
def test_bias_is_not_penalised(student, rng):
    """The bias costs nothing: y + c gives β + c and the same w, and for λ → ∞, β is the mean."""
    X, y = rng.normal(size=(8, 2)) + 2, rng.normal(size=8)
    w, beta = parts(student.ridge_fit(X.copy(), y.copy(), 3.0), 2, "w, beta")
    moved, higher = parts(student.ridge_fit(X.copy(), y + 100, 3.0), 2, "w, beta")
    shrunk, mean = parts(student.ridge_fit(X.copy(), y + 100, 1e9), 2, "w, beta")
    assert is_near(moved, w, np.abs(w).max(), 1e-6)
    assert higher.item() == pytest.approx(beta.item() + 100, rel=1e-9)
    assert np.abs(shrunk).max() <= 1e-6
    assert mean.item() == pytest.approx(y.mean() + 100, rel=1e-7)


@pytest.mark.grade_cell("lstsq")
@pytest.mark.parametrize("lam", [-1.0, -1e-9])
def test_negative_penalties_are_refused(student, lam):
    """λ < 0 raises ValueError, and no library's least squares is called."""
    A, b = np.array([[3.0, 0.0], [0.0, 4.0], [0.0, 0.0]]), np.array([6.0, 4.0, 1.0])
    assert is_near(numbers(student.lstsq(A, b), "x").squeeze(), np.array([2.0, 1.0]), 2)
    with pytest.raises(ValueError):  # noqa: PT011  # the message is the student's own
        student.lstsq(A, b, lam)
    refuses(
        student, "lstsq", SOLVERS,
        "calls a library's least squares",
        "The question asks for the solution from singular values or linear equations.",
    )  # fmt: skip


# P5


def turned(student, a, b):
    """c and s of one rotation."""
    c, s = parts(student.givens(a, b), 2, "c, s")
    if c.size != 1 or s.size != 1:
        raise InvalidAnswer("givens should return two numbers")
    return c.item(), s.item()


def check_rotations(student, pairs):
    """(a, b) is turned to (r, 0); the pairs are scaled to size 1, so that nothing overflows."""
    results = [turned(student, a, b) for a, b in pairs]
    for (a, b), (c, s) in zip(pairs, results, strict=True):
        size = max(abs(a), abs(b))
        x, y = (a / size, b / size) if size else (0.0, 0.0)
        assert c * c + s * s == pytest.approx(1, rel=1e-12)
        assert c * x + s * y == pytest.approx(np.hypot(x, y), rel=1e-12)
        assert -s * x + c * y == pytest.approx(0, abs=1e-12)


def qr(student, A):
    m, n = A.shape
    Q, R = parts(student.givens_qr(A), 2, "Q, R")
    require_shape(Q, (m, m), "Q")
    require_shape(R, (m, n), "R")
    return Q, R


MATRICES = [(4, 4), (5, 5), (3, 6), (6, 3), (7, 4), (1, 4), (4, 1), (2, 2)]


@pytest.mark.grade_cell("givens_qr")
def test_rotation_turns_onto_the_first_axis(student, rng):
    """With c and s of givens(a, b), (a, b) is turned to (r, 0), r ≥ 0, and c² + s² = 1."""
    check_rotations(student, [(a, b) for a, b in rng.uniform(0.5, 4, size=(4, 2)).tolist()])
    signs = rng.uniform(0.5, 4, size=(4, 2)) * [[-1, 1], [1, -1], [-1, -1], [1, 1]]
    check_rotations(student, [(a, b) for a, b in signs.tolist()])


@pytest.mark.grade_cell("givens_qr")
def test_rotation_where_an_entry_is_zero(student):
    """givens works where a or b is 0, and givens(0, 0) turns nothing: c = 1, s = 0."""
    check_rotations(student, [(0.0, 2.0), (0.0, -2.0), (3.0, 0.0), (-3.0, 0.0)])
    assert turned(student, 0.0, 0.0) == (1, 0)


@pytest.mark.grade_cell("givens_qr")
def test_rotation_of_large_and_small_entries(student):
    """givens is accurate also where a² or b² is no ordinary number."""
    check_rotations(
        student,
        [(3e200, -4e200), (3e-200, 4e-200), (1e300, 1e-300), (-5e-300, 12e-300), (1, 1e200)],
    )


@pytest.mark.grade_cell("givens_qr", weight=2)
@pytest.mark.parametrize(("m", "n"), MATRICES)
def test_product_is_the_matrix(student, rng, m, n):
    """A = QR with Q of shape (m, m) and R of shape (m, n), and A is left as it was."""
    A = rng.uniform(1, 3, size=(m, n)) * rng.choice([-1, 1], size=(m, n))
    before = A.copy()
    Q, R = qr(student, A)
    assert np.array_equal(A, before)
    with np.errstate(all="ignore"):
        QR, QtR = Q @ R, Q.T @ R
    if m > 1 and not is_near(QR, A, 1) and is_near(QtR, A, 1):
        raise WrongAnswer("Qᵀ for Q", "G_N ⋯ G_1 A = R: which product of the G takes R back to A?")
    assert is_near(QR, A, 3)


@pytest.mark.grade_cell("givens_qr", weight=2)
@pytest.mark.parametrize(("m", "n"), MATRICES)
def test_r_is_upper_triangular(student, rng, m, n):
    """r_ij = 0 for all i > j, and A = QR with an orthogonal Q."""
    A = rng.uniform(1, 3, size=(m, n)) * rng.choice([-1, 1], size=(m, n))
    Q, R = qr(student, A.copy())
    assert np.abs(np.tril(R, -1)).max() <= 1e-11
    assert is_near(np.abs(Q.T @ A), np.abs(R), 3)


@pytest.mark.grade_cell("givens_qr", weight=2)
@pytest.mark.parametrize(("m", "n"), MATRICES)
def test_q_is_a_rotation(student, rng, m, n):
    """QᵀQ = I and det Q = +1, never −1: rotations do not reflect."""
    A = rng.uniform(1, 3, size=(m, n)) * rng.choice([-1, 1], size=(m, n))
    Q, R = qr(student, A.copy())
    assert is_near(Q.T @ Q, np.eye(m), 1)
    assert is_near(np.abs(Q.T @ A), np.abs(R), 3)
    if np.linalg.det(Q) < 0:
        raise WrongAnswer("a reflection", "det Q = −1: somewhere you reflect instead of turning.")


@pytest.mark.grade_cell("givens_qr")
@pytest.mark.parametrize(
    "A",
    [
        [[0, 1, 2], [0, 3, 4], [0, 5, 6]],
        [[0, 2], [3, 0]],
        [[1, 2], [2, 4], [3, 6]],
        [[0, 0], [0, 0]],
        [[1, 5, 2], [0, 0, 3], [0, 4, 0]],
    ],
)
def test_zeros_and_low_rank(student, A):
    """Zero entries, zero columns and a low rank make no trouble: A = QR as ever."""
    A = np.array(A, dtype=float)
    Q, R = qr(student, A.copy())
    assert is_near(Q @ R, A, 6)
    assert is_near(Q.T @ Q, np.eye(len(A)), 1)
    assert np.linalg.det(Q) > 0
    assert np.abs(np.tril(R, -1)).max() <= 1e-11


@pytest.mark.grade_cell("givens_qr")
def test_rotations_are_the_students_own(student):
    """No library's QR is called, and a matrix of integers is taken as one of floats."""
    A = np.array([[3, 1], [4, 2], [12, 5]])
    Q, R = qr(student, A)
    assert is_near(Q @ R, A.astype(float), 13)
    refuses(
        student, "givens_qr", {"qr", "qr_multiply", "qr_insert", "geqrf", "rq", "svd", "cholesky"},
        "calls a library's decomposition", "The question asks for rotations of your own.",
    )  # fmt: skip


# T1

MOST_SIDE = 4  # rows and columns of a counterexample
DETERMINANT = sp.Symbol("d", real=True)
SHARES = {"counterexample": 0.5, "corrected": 0.3, "where": 0.2}


def small_matrix(value, what="the counterexample"):
    """A rational matrix with at most four rows and columns."""
    A = read_matrix(value, what)
    if max(A.shape) > MOST_SIDE:
        raise WrongAnswer("too large", f"{what} should have at most four rows and four columns.")
    if not A.is_rational:
        raise WrongAnswer("not rational", f"The entries of {what} should be rational numbers.")
    return A


def square_matrix(value, what="the counterexample"):
    A = small_matrix(value, what)
    if A.shape[0] != A.shape[1]:
        raise WrongAnswer("not square", f"The line speaks of square matrices: {what} is none.")
    return A


def require_label(value, right, hints):
    """Passes for the right one of some statements; a wrong one is told why it is wrong."""
    if not isinstance(value, str) or value not in {right, *hints}:
        raise InvalidAnswer("the entry 'corrected' should be one of the statements offered")
    if value != right:
        raise WrongAnswer("another condition", hints[value])


@pytest.mark.grade_cell("printed_lines", weight=3)
def test_determinant_line(student):
    """a) A counterexample to det A = ∏ σ_i, what ∏ σ_i really is, and where the line fails."""

    def breaks(value):  # ∏ σ_i is never negative, and its square is that of det A
        return determinant(square_matrix(value)) < 0

    def mends(value):
        require_equal(
            read_expression(value, "the entry 'corrected'", ["d"]),
            sp.Abs(DETERMINANT),
            sample({"d": real}),
            hint="Take the determinant of A = U Σ Vᵀ: what are det U and det V?",
            slips=[
                Slip(
                    "the printed line",
                    "That is the printed line, for d = det A: try your own counterexample.",
                    DETERMINANT,
                ),
                Slip("wrong sign", "A product of σ_i ≥ 0 is never negative.", -DETERMINANT),
                Slip("squared", "That is the product of the squares σ_i².", DETERMINANT**2),
            ],
        )

    erratum = Erratum(
        breaks, mends, "negative", ("positive", "zero", "negative", "no integer"), SHARES
    )
    judge_erratum(student.det_line, erratum, "det_line")


EIGEN_HINTS = {
    "A is symmetric": "It is enough, and not necessary: other matrices have one too.",
    "A is invertible": "Your own counterexample is invertible.",
    "A has n different eigenvalues": "The identity has one eigenvalue only, and is diagonal.",
    "all eigenvalues are real": "Look at [[1, 1], [0, 1]]: what is missing there?",
}
EIGEN_PLACES = (
    "an eigenvalue is 0",
    "an eigenvalue is complex",
    "an eigenvalue is multiple",
    "an eigenvalue has too few eigenvectors",
)


@pytest.mark.grade_cell("printed_lines", weight=3)
def test_eigenvalue_line(student):
    """b) An invertible matrix without a decomposition U Λ U⁻¹; the condition for it; the cause."""

    def breaks(value):
        A = square_matrix(value)
        if determinant(A) == 0:
            raise WrongAnswer("premise not met", "The question asks for an invertible matrix.")
        if is_symmetric(A):
            raise WrongAnswer("symmetric", "By the spectral theorem every symmetric A has one.")
        return not is_diagonalizable(A)

    def mends(value):
        require_label(value, "A has n independent eigenvectors", EIGEN_HINTS)

    erratum = Erratum(breaks, mends, "an eigenvalue has too few eigenvectors", EIGEN_PLACES, SHARES)
    judge_erratum(student.eigen_line, erratum, "eigen_line")


PINV_PLACES = (
    "A is square",
    "A is tall",
    "the system has no solution",
    "the columns of A are dependent",
    "the rows of A are dependent",
)


def deficient_matrix(value):
    """A matrix with m ≥ n that is not 0. Raises: WrongAnswer where it is wide or 0."""
    A = small_matrix(value)
    if A.shape[0] < A.shape[1]:
        raise WrongAnswer("premise not met", "The line speaks of m ≥ n: yours is wider than tall.")
    if rank(A) == 0:
        raise WrongAnswer("the zero matrix", "The question asks for an A that is not 0.")
    return A


def require_shortest(A, b, x):
    """Passes where x is the shortest minimiser of ‖Ax − b‖; b must not be orthogonal to A."""
    m, n = A.shape
    b, x = read_vector(b, "b", m), read_vector(x, "x", n)
    scale = max(as_mpf(abs(t)) for t in (*b, *x, Fraction(1)))
    At = transpose(A)
    if not any(apply(At, b)):
        raise WrongAnswer("Aᵀb is 0", "Then x = 0, which shows nothing: choose another b.")
    residual = [s - t for s, t in zip(apply(A, x), b, strict=True)]
    if not all(is_small(t, scale) for t in apply(At, residual)):
        raise WrongAnswer(
            "not a minimiser", "The residual Ax − b has to be orthogonal to the columns of A."
        )
    rows = Matrix((*A.rows, x))  # x is a combination of the rows where the rank does not grow
    if rank(A) == rank(rows) or is_combination(A, x, scale):
        return
    raise WrongAnswer(
        "not the shortest", "Yours minimises, but it has a component that A does not see."
    )


def is_combination(A, x, scale):
    """Whether x is a combination of the rows of A, up to the rounding of decimals."""
    rows = np.array([[float(t) for t in row] for row in A.rows])
    y = np.array([float(t) for t in x])
    return bool(np.abs(np.linalg.pinv(rows) @ rows @ y - y).max() <= 1e-9 * float(scale))


def is_small(t, scale):
    """Whether a number is 0, or what is left of one where decimals were written."""
    return abs(as_mpf(t)) <= 1e-9 * scale


@pytest.mark.grade_cell("printed_lines", weight=4)
def test_pseudo_inverse_line(student):
    """c) An A with m ≥ n for which AᵀA has no inverse, the x that exists all the same, and why."""
    answer = student.pinv_line

    def breaks(value):
        A = deficient_matrix(value)
        if rank(A) == A.shape[1]:
            raise WrongAnswer("full rank", "For full column rank AᵀA has an inverse.")
        return True

    def mends(value):
        given = answer.get("counterexample")
        if given is None or given is Ellipsis:
            raise InvalidAnswer("the entry 'corrected' speaks of your counterexample: give one")
        A = deficient_matrix(given)
        b, x = read_pair(value, "the entry 'corrected'")
        require_shortest(A, b, x)

    erratum = Erratum(breaks, mends, "the columns of A are dependent", PINV_PLACES, SHARES)
    judge_erratum(answer, erratum, "pinv_line")


# T2

WITNESS = 1e-9  # of a norm: a few thousand roundings


def own_matrix(rng):
    """The matrix that the notebook draws."""
    while True:
        A = rng.integers(-6, 7, size=(3, 3))
        if round(np.linalg.det(A)) != 0 and not np.array_equal(A, A.T):
            return A.astype(float)


def witness(value, what):
    W = read_array(value, what, axes=2)
    require_shape(W, (3, 3), what)
    return W


NORMS = {
    "spectral": lambda S: S.max(),
    "Frobenius": lambda S: np.sqrt(np.sum(S**2)),
    "nuclear": lambda S: S.sum(),
}


def require_witness(W, A, ball, norm, slips=()):
    """‖W‖ ≤ 1 in the one norm, and ⟨W, A⟩ is the other norm of A."""
    size = NORMS[ball](np.linalg.svd(W, compute_uv=False))
    wanted = NORMS[norm](np.linalg.svd(A, compute_uv=False))
    inner = np.sum(W * A)
    if size <= 1 + WITNESS and abs(inner - wanted) <= WITNESS * wanted:
        return
    for note, hint, slip in slips:
        if is_near(W, slip, np.abs(slip).max(), 1e-6):
            raise WrongAnswer(note, hint)
    if abs(inner + wanted) <= WITNESS * wanted:
        raise WrongAnswer("wrong sign", "The inner product is the norm with the opposite sign.")
    if size > 1 + WITNESS:
        raise WrongAnswer("outside the ball", f"The {ball} norm of your matrix is larger than 1.")
    raise WrongAnswer("not attained", "Your inner product is smaller than the norm of A.")


@pytest.mark.grade_cell("witnesses")
def test_vector_is_stretched_most(student, own_numbers):
    """The vector x ≠ 0 satisfies ‖Ax‖₂ = ‖A‖₂ ‖x‖₂ for your matrix A."""
    A = own_matrix(own_numbers("hw02_matrix"))
    x = read_array(student.stretched_x, "stretched_x", axes=1)
    require_shape(x, (3,), "stretched_x")
    if not x.any():
        raise WrongAnswer("the zero vector", "At 0 both sides are 0.")
    U, S, Vh = np.linalg.svd(A)
    y = x / np.linalg.norm(x)
    # ‖Ay‖ is flat at its maximum: 1e-9 in the norm leaves room for an angle of 1e-5.
    if np.linalg.norm(A @ y) >= S[0] * (1 - WITNESS):
        return
    others = [
        (
            "a left singular vector",
            "u_1 is where A takes v_1: which of the two is put in?",
            U[:, 0],
        ),
        ("column for row", "The right singular vectors are the rows of Vh.", Vh[:, 0]),
        ("stretched least", "NumPy sorts singular values from the largest.", Vh[-1]),
    ]
    for note, hint, wrong in others:
        if abs(abs(y @ wrong) - 1) <= 1e-6:
            raise WrongAnswer(note, hint)
    raise WrongAnswer("not attained", "Another direction is stretched more.")


@pytest.mark.grade_cell("witnesses", weight=2)
def test_witness_of_the_nuclear_norm(student, own_numbers):
    """‖W‖₂ ≤ 1 and ⟨W, A⟩ = ‖A‖_* for your matrix A."""
    A = own_matrix(own_numbers("hw02_matrix"))
    U, S, Vh = np.linalg.svd(A)
    slips = [
        ("A divided by a norm", "A/‖A‖₂ lies in the ball, and attains less.", A / S[0]),
        (
            "A divided by a norm",
            "A/‖A‖_F lies in the ball, and attains less.",
            A / np.linalg.norm(A),
        ),
        ("A divided by a norm", "A/‖A‖_* lies in the ball, and attains less.", A / S.sum()),
        ("V Uᵀ for U Vᵀ", "W has to have the singular vectors of A, not those of Aᵀ.", Vh.T @ U.T),
        (
            "the other witness",
            "One term attains one singular value only.",
            np.outer(U[:, 0], Vh[0]),
        ),
        ("V for Vᵀ", "np.linalg.svd returns Vᵀ already.", U @ Vh.T),
    ]
    W = witness(student.nuclear_witness, "nuclear_witness")
    require_witness(W, A, "spectral", "nuclear", slips)


@pytest.mark.grade_cell("witnesses")
def test_witness_of_the_spectral_norm(student, own_numbers):
    """‖Z‖_* ≤ 1 and ⟨Z, A⟩ = ‖A‖₂ for your matrix A."""
    A = own_matrix(own_numbers("hw02_matrix"))
    U, S, Vh = np.linalg.svd(A)
    slips = [
        ("A divided by a norm", "A/‖A‖_* lies in the ball, and attains less.", A / S.sum()),
        ("transposed", "u vᵀ, not v uᵀ: compare with A v = σ u.", np.outer(Vh[0], U[:, 0])),
        ("the other witness", "U Vᵀ has the nuclear norm 3: it is not in this ball.", U @ Vh),
        ("column for row", "The v_i are the rows of Vh.", np.outer(U[:, 0], Vh[:, 0])),
    ]
    Z = witness(student.spectral_witness, "spectral_witness")
    require_witness(Z, A, "nuclear", "spectral", slips)


@pytest.mark.grade_cell("witnesses")
def test_witness_of_the_frobenius_norm(student, own_numbers):
    """‖G‖_F ≤ 1 and ⟨G, A⟩ = ‖A‖_F for your matrix A."""
    A = own_matrix(own_numbers("hw02_matrix"))
    S = np.linalg.svd(A, compute_uv=False)
    square = np.sum(A**2)
    slips = [
        ("divided by another norm", "The Frobenius norm is its own dual.", A / S[0]),
        ("divided by the square", "A/‖A‖_F² is shorter than 1.", A / square),
        ("divided by another norm", "The Frobenius norm is its own dual.", A / S.sum()),
    ]
    G = witness(student.frobenius_witness, "frobenius_witness")
    require_witness(G, A, "Frobenius", "Frobenius", slips)


NUCLEAR_PROOF = Proof(
    rests_on={
        "F": frozenset(),
        "C": frozenset(),
        "H": frozenset("FC"),
        "B": frozenset(),
        "E": frozenset("B"),
        "A": frozenset("HE"),
    },
    distractors={
        "D": Distractor(
            "entries for singular values",
            "One line is false: the entries are at most 1, but a_ij may be negative.",
        ),
        "G": Distractor(
            "takes W for the witness", "The proof is for every W: nothing is known of its vectors."
        ),
        "J": Distractor(
            "a line that nothing rests on",
            "One of your lines is true, but no other line of the proof makes use of it.",
        ),
    },
)


@pytest.mark.grade_cell("witnesses")
def test_proof_is_two_changes_away(student):
    """At most two lines of the proof have to be moved, added or taken out."""
    order = read_order(student.nuclear_proof, NUCLEAR_PROOF, "nuclear_proof")
    require_proof(order, NUCLEAR_PROOF, at_most=2)


@pytest.mark.grade_cell("witnesses", weight=2)
def test_proof_is_in_order(student):
    """The lines prove ⟨W, A⟩ ≤ ‖A‖_*: each rests on lines before it, and none is idle."""
    order = read_order(student.nuclear_proof, NUCLEAR_PROOF, "nuclear_proof")
    require_proof(order, NUCLEAR_PROOF)


# T3

SIGMA, LAM = sp.symbols("s lam", positive=True)
Z, BETA = sp.symbols("z beta", real=True)
FILTER_DOMAIN = {"s lam": positive}
SYSTEM = [Argument("A", ("m", "n")), Argument("b", ("m",))]
PENALTY = Argument("lam", (), "positive")


@pytest.mark.grade_cell("ridge", weight=2)
def test_gradient_of_the_objective(student):
    """∇J(x) = 2 Aᵀ(Ax − b) + 2λx, or half of it."""
    arguments = [*SYSTEM, Argument("x", ("n",)), PENALTY]
    slips = [
        MatrixSlip(
            "factors differ",
            "Both terms are squares: the factor 2 comes with both or may be left out of both.",
            lambda A, b, x, lam: 2 * A.T @ (A @ x - b) + lam * x,
        ),
        MatrixSlip(
            "factors differ",
            "Both terms are squares: the factor 2 comes with both or may be left out of both.",
            lambda A, b, x, lam: A.T @ (A @ x - b) + 2 * lam * x,
        ),
        MatrixSlip(
            "factors differ",
            "The factor 2 of the first term stands before all of Aᵀ(Ax − b), before Aᵀb too.",
            lambda A, b, x, lam: 2 * A.T @ A @ x + 2 * lam * x - A.T @ b,
        ),
        MatrixSlip(
            "penalty with the wrong sign",
            "The penalty is added to J, so its gradient is added too.",
            lambda A, b, x, lam: 2 * A.T @ (A @ x - b) - 2 * lam * x,
        ),
        MatrixSlip(
            "no penalty",
            "The second term of J depends on x as well.",
            lambda A, b, x, lam: 2 * A.T @ (A @ x - b),  # noqa: ARG005
        ),
        MatrixSlip(
            "sign of the data term",
            "Differentiate Ax − b as it stands: the inner derivative is +A.",
            lambda A, b, x, lam: 2 * A.T @ (b - A @ x) + 2 * lam * x,
        ),
    ]

    def half(A, b, x, lam):
        return A.T @ (A @ x - b) + lam * x

    def whole(A, b, x, lam):
        return 2 * half(A, b, x, lam)

    hint = "Differentiate ‖Ax − b‖² and λ‖x‖² one after the other."
    try:
        require_matrix_function(student.ridge_gradient, half, arguments, hint=hint)
    except WrongAnswer:
        require_matrix_function(student.ridge_gradient, whole, arguments, hint=hint, slips=slips)


@pytest.mark.grade_cell("ridge", weight=2)
def test_solution_of_the_normal_equations(student):
    """The minimiser solves (AᵀA + λI) x = Aᵀb, for any shape of A."""
    slips = [
        MatrixSlip(
            "λ added to all entries",
            "λ stands on the diagonal: the matrix is AᵀA + λI.",
            lambda A, b, lam: np.linalg.solve(A.T @ A + lam, A.T @ b),
        ),
        MatrixSlip(
            "wrong sign of λ",
            "A penalty makes AᵀA larger, never smaller.",
            lambda A, b, lam: np.linalg.solve(A.T @ A - lam * np.eye(A.shape[1]), A.T @ b),
        ),
        MatrixSlip(
            "λ ignored",
            "Does your x become shorter when λ grows?",
            lambda A, b, lam: np.linalg.pinv(A) @ b,  # noqa: ARG005
        ),
        MatrixSlip(
            "half of the penalty",
            "The factor 2 of the gradient belongs to both terms.",
            lambda A, b, lam: np.linalg.solve(A.T @ A + lam / 2 * np.eye(A.shape[1]), A.T @ b),
        ),
        MatrixSlip(
            "twice the penalty",
            "The factor 2 of the gradient belongs to both terms.",
            lambda A, b, lam: np.linalg.solve(A.T @ A + 2 * lam * np.eye(A.shape[1]), A.T @ b),
        ),
    ]
    require_matrix_function(
        student.ridge_solution,
        lambda A, b, lam: np.linalg.solve(A.T @ A + lam * np.eye(A.shape[1]), A.T @ b),
        [*SYSTEM, PENALTY],
        hint="Set the gradient to 0 and solve for x.",
        slips=slips,
    )


def is_collected(line):
    """Whether a line holds z² once, with a factor that is a sum: (σ² + λ) z² + …"""
    return any(is_collected_square(term) for term in nested(line, sp.Add))


def is_collected_square(term):
    factors = list(nested(term, sp.Mul))
    squares = [f for f in factors if isinstance(f, sp.Pow) and str(f.base) == "z" and f.exp == 2]
    others = [f for f in factors if not any(f is square for square in squares)]
    free = all("z" not in map(str, f.free_symbols) for f in others)
    return len(squares) == 1 and free and any(isinstance(f, sp.Add) for f in others)


def nested(expression, kind):
    """The terms of a sum of sums, or the factors of a product of products, as they stand."""
    if not isinstance(expression, kind):
        yield expression
        return
    for part in expression.args:
        yield from nested(part, kind)


SQUARE = Derivation(
    first="(s*z - beta)^2 + lam*z^2",
    last="(s^2 + lam)*(z - s*beta/(s^2 + lam))^2 + lam*beta^2/(s^2 + lam)",
    domains={"s lam": positive, "z beta": real},
    least_steps=4,
    milestones=[
        Milestone(
            "collect the powers of z on a line of its own.",
            shows=is_collected,
        )
    ],
)


@pytest.mark.grade_cell("ridge", weight=3)
def test_square_is_completed(student):
    """Each line follows from the one before, from (σz − β)² + λz² to the completed square."""
    require_derivation(student.square_steps, SQUARE, "square_steps")


@pytest.mark.grade_cell("ridge", weight=2)
def test_coefficient_and_fit(student):
    """The coefficient c of β in z, and the factor of the fit, for all σ and λ."""
    points = sample(FILTER_DOMAIN)
    filtered, shown = SIGMA / (SIGMA**2 + LAM), SIGMA**2 / (SIGMA**2 + LAM)
    hint = "Read the place of the minimum from the completed square."
    swapped = "One is the factor between β and z, the other between β and σz."
    require_equal(
        read_expression(student.coefficient, "coefficient", ["s", "lam"]),
        filtered,
        points,
        hint=hint,
        slips=[
            Slip("fit for coefficient", swapped, shown),
            Slip(
                "λ with the wrong sign", "λ makes the denominator larger.", SIGMA / (SIGMA**2 - LAM)
            ),
            Slip("σ for σ²", "The first term is (σz)²: mind the square.", 1 / (SIGMA + LAM)),
            Slip("the rest", "That belongs to what is *lost* of β.", LAM / (SIGMA**2 + LAM)),
        ],
    )
    require_equal(
        read_expression(student.fit, "fit", ["s", "lam"]),
        shown,
        points,
        hint="The fit along u_i is σ z: multiply the coefficient by σ.",
        slips=[
            Slip("coefficient for fit", swapped, filtered),
            Slip("the rest", "That is what is *lost* of β.", LAM / (SIGMA**2 + LAM)),
        ],
    )


@pytest.mark.grade_cell("ridge")
def test_limits_of_the_coefficient(student):
    """The limits of c for λ → 0 and of λc for λ → ∞, and the λ that halves c."""
    points = sample({"s": positive})
    wanted = {
        "coefficient_without_penalty": (1 / SIGMA, "Put λ = 0 into c."),
        "coefficient_under_pressure": (SIGMA, "For large λ, σ² is nothing beside λ."),
        "halving": (SIGMA**2, "c is half of 1/σ where the denominator has doubled."),
    }
    slips = {
        "coefficient_without_penalty": [
            Slip("the fit's limit", "That is the limit of the fit.", sp.Integer(1)),
            Slip("inverted", "Without penalty z solves σz = β.", SIGMA),
        ],
        "coefficient_under_pressure": [
            Slip("limit of c itself", "c tends to 0: λ c is asked for.", sp.Integer(0)),
            Slip("inverted", "σ stands in the numerator of c.", 1 / SIGMA),
            Slip("the fit's limit", "That is the limit of λ times the fit.", SIGMA**2),
        ],
        "halving": [Slip("σ for σ²", "Compare λ with σ², not with σ.", SIGMA)],
    }
    for name, (expression, hint) in wanted.items():
        answer = read_expression(student[name], name, ["s"])
        require_equal(answer, expression, points, hint=hint, slips=slips[name])


# T4

EPS = sp.Symbol("eps", positive=True)
EXACT_KAPPA = ((2 + EPS + sp.sqrt(4 + EPS**2)) / 2) ** 2 / EPS


@pytest.mark.grade_cell("condition", weight=2)
def test_condition_number_is_exact(student):
    """kappa is σ_max/σ_min of A_ε, for every ε > 0."""
    smallest = (2 + EPS - sp.sqrt(4 + EPS**2)) / 2
    require_equal(
        read_expression(student.kappa, "kappa", ["eps"]),
        EXACT_KAPPA,
        sample({"eps": positive}),
        hint="The eigenvalues have the sum 2 + ε and the product ε.",
        slips=[
            Slip("upside down", "κ is never less than 1.", 1 / EXACT_KAPPA),
            Slip("the first term only", "That is κ for small ε: give it exactly.", 4 / EPS),
            Slip("two terms only", "That is κ for small ε: give it exactly.", 4 / EPS + 2),
            Slip("σ_max²", "Divide by the smallest one.", EXACT_KAPPA * EPS),
            Slip("inverse of the smallest", "Multiply by the largest one.", 1 / smallest),
            Slip("squared", "That is κ of AᵀA.", EXACT_KAPPA**2),
            Slip(
                "root of κ",
                "The roots are of the eigenvalues of AᵀA; for a symmetric A, σ is |λ| itself.",
                sp.sqrt(EXACT_KAPPA),
            ),
        ],
    )


@pytest.mark.grade_cell("condition")
def test_condition_number_for_small_epsilon(student):
    """kappa_small holds the two terms of κ that do not vanish for ε → 0."""
    require_equal(
        read_expression(student.kappa_small, "kappa_small", ["eps"]),
        4 / EPS + 2,
        sample({"eps": positive}),
        hint="Expand the exact κ in powers of ε.",
        slips=[
            Slip(
                "2/ε", "Both eigenvalues count: the largest is near 2, and its square is.", 2 / EPS
            ),
            Slip("the first term only", "There is a term that does not depend on ε.", 4 / EPS, 0.5),
            Slip("not expanded", "Only two terms are asked for.", EXACT_KAPPA),
            Slip("2/ε", "Both eigenvalues count: the largest is near 2.", 2 / EPS + 1),
        ],
    )


def own_epsilon(rng):
    """The fraction that the notebook draws."""
    return Fraction(1, int(rng.integers(100, 1000)))


def length(x):
    """‖x‖₂ to 60 digits."""
    return CONTEXT.sqrt(as_mpf(sum(t * t for t in x)))


def nonzero_vector(value, what):
    x = read_vector(value, what, 2)
    if not any(x):
        raise WrongAnswer("the zero vector", f"{what} has to be another vector than 0.")
    return x


@pytest.mark.grade_cell("condition", weight=2)
def test_worst_case_is_attained(student, own_numbers):
    """With your b and e the relative error grows by at least 0.99 κ, and e is small beside b."""
    eps = own_epsilon(own_numbers("hw02_epsilon"))
    A = Matrix(((Fraction(1), Fraction(1)), (Fraction(1), 1 + eps)))
    b, e = nonzero_vector(student.worst_b, "worst_b"), nonzero_vector(student.worst_e, "worst_e")
    if length(e) > length(b) / 100 * (1 + CONTEXT.mpf(10) ** -12):
        raise WrongAnswer("not small", "The error e has to be a hundredth of b, or less.")
    back = inverse(A)
    grown = length(apply(back, e)) / length(apply(back, b)) * length(b) / length(e)
    largest = spectral_radius(A)
    kappa = largest * largest / as_mpf(eps)
    if grown >= 0.99 * kappa:
        return
    if grown <= 2 / kappa:
        raise WrongAnswer(
            "directions swapped",
            "You have found the best case: which direction makes x short, and which long?",
        )
    raise WrongAnswer(
        "not the worst case",
        "The error can grow more: is your b along the very direction that A stretches most?",
    )


RATIO_PLACES = (
    "the first fraction",
    "the second fraction",
    "the inequality sign",
    "the condition number",
)


@pytest.mark.grade_cell("condition", weight=2)
def test_ratio_line(student):
    """c) A, b and e break the printed line; the left side is mended; the fault is found."""
    Ae, Ab, ne, nb = sp.symbols("Ae Ab ne nb", positive=True)

    def breaks(value):
        if not isinstance(value, list | tuple) or len(value) != 3:
            raise InvalidAnswer("the counterexample should be a triple (A, b, e)")
        A = square_matrix(value[0], "A")
        if A.shape != (2, 2):
            raise WrongAnswer("too large", "A should be a 2 × 2 matrix.")
        if determinant(A) == 0:
            raise WrongAnswer("premise not met", "A should be invertible.")
        b, e = nonzero_vector(value[1], "b"), nonzero_vector(value[2], "e")
        back = inverse(A)
        left = length(apply(back, e)) / length(apply(back, b)) * length(e) / length(b)
        squared = spectral_radius(multiply(A, transpose(A)))  # σ_max², and κ = σ_max²/|det A|
        return left > squared / as_mpf(abs(determinant(A))) * (1 + CONTEXT.mpf(10) ** -30)

    def mends(value):
        require_equal(
            read_expression(value, "the entry 'corrected'", ["Ae", "Ab", "ne", "nb"]),
            Ae * nb / (Ab * ne),
            sample({"Ae Ab ne nb": positive}),
            hint="Relative error of x, divided by the relative error of b.",
            slips=[
                Slip("the printed line", "That is the printed line.", Ae * ne / (Ab * nb)),
                Slip("upside down", "The error of x stands above.", Ab * ne / (Ae * nb)),
            ],
        )

    erratum = Erratum(breaks, mends, "the second fraction", RATIO_PLACES, SHARES)
    judge_erratum(student.ratio_line, erratum, "ratio_line")


@pytest.mark.grade_cell("condition")
def test_growth_of_the_printed_line(student):
    """printed_growth is the factor by which the printed left side grows for t e in place of e."""
    t = sp.Symbol("t", positive=True)
    require_equal(
        read_expression(student.printed_growth, "printed_growth", ["t"]),
        t**2,
        sample({"t": positive}),
        hint="e stands in the printed line twice.",
        slips=[
            Slip("that of the right line", "That is what it should be.", sp.Integer(1)),
            Slip("one place only", "e stands in the printed line twice.", t),
        ],
    )


@pytest.mark.grade_cell("condition", weight=2)
def test_eigenvalues_do_not_tell(student):
    """d) A 2 × 2 matrix with both eigenvalues 1 and a condition number of at least 1000."""
    A = square_matrix(student.harmless_eigenvalues, "harmless_eigenvalues")
    if A.shape != (2, 2):
        raise WrongAnswer("too large", "It should be a 2 × 2 matrix.")
    if characteristic_polynomial(A) != (1, -2, 1):
        raise WrongAnswer("other eigenvalues", "Its eigenvalues are not both 1.")
    if spectral_radius(multiply(A, transpose(A))) < 1000:  # κ = σ_max²/|det A|, and det A = 1
        raise WrongAnswer("well conditioned", "Its condition number is less than 1000.")


# T5


def own_spectrum(rng):
    """The singular values that the notebook draws."""
    while True:
        sigma = sorted(rng.choice(np.arange(2, 61), size=7, replace=False).tolist(), reverse=True)
        needed = [needed_for_90(values) for values in (sigma, [t * t for t in sigma])]
        if needed[0] != needed[1]:
            return sigma


def needed_for_90(values):
    """How many of the values add up to 90 % of their sum, exactly."""
    return next(k for k in range(8) if 10 * sum(values[:k]) >= 9 * sum(values))


@pytest.mark.grade_cell("components")
def test_number_of_components(student, own_numbers):
    """components_90 is the smallest number that keeps at least 90 % of the variance."""
    sigma = own_spectrum(own_numbers("hw02_spectrum"))
    k = needed_for_90([t * t for t in sigma])
    slips = [
        NumberSlip("σ for σ²", "The variance is the square of σ.", needed_for_90(sigma)),
        NumberSlip("one too few", "So many keep less than 90 %.", k - 1),
        NumberSlip("one too many", "One fewer is enough.", k + 1),
    ]
    require_number(
        student.components_90, k, what="components_90", rel=1e-9, slips=slips,
        hint="Add the squares up from the largest, until 90 % of the whole sum is reached.",
    )  # fmt: skip


@pytest.mark.grade_cell("components")
def test_share_that_is_kept(student, own_numbers):
    """share_kept is the share of the variance that so many components keep, to three decimals."""
    sigma = own_spectrum(own_numbers("hw02_spectrum"))
    squares = [t * t for t in sigma]
    k = needed_for_90(squares)
    slips = [
        NumberSlip("σ for σ²", "The variance is the square of σ.", sum(sigma[:j]) / sum(sigma))
        for j in (k, needed_for_90(sigma))
    ]
    slips += [
        NumberSlip("another number", "That is the share of one component more or less.",
                   sum(squares[:j]) / sum(squares))
        for j in (k - 1, k + 1)
    ]  # fmt: skip
    slips.append(
        NumberSlip(
            "the share that is lost", "That is what is left out.", sum(squares[k:]) / sum(squares)
        )
    )
    require_number(
        student.share_kept, Fraction(sum(squares[:k]), sum(squares)), what="share_kept",
        decimals=3, slips=slips, hint="Divide by the sum of all squares.",
    )  # fmt: skip


VAR_A, VAR_B = sp.symbols("a b", positive=True)
COV = sp.Symbol("c", real=True)
ONLY_SOME = "It is the first direction for some a, b, c only: mind the sign of c, and a ≠ b."
CLOSE = CONTEXT.mpf(10) ** -9  # decimals are read to nine digits
ROOT = sp.sqrt((VAR_A - VAR_B) ** 2 + 4 * COV**2)


def covariances():
    """Points with c ≠ 0 and c² < ab, each of the two variances the larger one in some."""
    points = [
        {"a": Fraction(p), "b": Fraction(q), "c": Fraction(r)}
        for p, q, r in [
            (2, 2, 1),
            (3, 1, -1),
            (1, 3, 1),
            (5, 2, -3),
            (2, 7, 3),
            (1, 1, Fraction(-1, 2)),
        ]
    ]
    own = np.random.default_rng(0)
    for a, b, share in own.uniform(0.2, 0.9, size=(8, 3)):
        c = Fraction(round(1000 * share * np.sqrt(a * b)), 1000) * int(own.choice([-1, 1]))
        points.append(
            {"a": Fraction(round(1000 * a), 1000), "b": Fraction(round(1000 * b), 1000), "c": c}
        )
    return points


@pytest.mark.grade_cell("components", weight=2)
def test_variances_of_the_axes(student):
    """variance_major and variance_minor are the eigenvalues of C, the larger one first."""
    major, minor = (VAR_A + VAR_B + ROOT) / 2, (VAR_A + VAR_B - ROOT) / 2
    wrong_root = sp.sqrt((VAR_A - VAR_B) ** 2 + COV**2)
    pairs = {"variance_major": (major, minor, 1), "variance_minor": (minor, major, -1)}
    for name, (expression, other, sign) in pairs.items():
        require_equal(
            read_expression(student[name], name, ["a", "b", "c"]),
            expression,
            covariances(),
            hint="The eigenvalues have the sum a + b and the product ab − c².",
            slips=[
                Slip("swapped", "The major one is the larger of the two.", other),
                Slip("deviations", "A variance is asked for, not its root.", sp.sqrt(expression)),
                Slip("a factor lost", "Expand (a + b)² − 4(ab − c²) again.",
                     (VAR_A + VAR_B + sign * wrong_root) / 2),
                Slip("half missing", "The solution of a quadratic has a 2 below.", 2 * expression),
            ],
        )  # fmt: skip


@pytest.mark.grade_cell("components", weight=2)
def test_first_direction(student):
    """major_axis is a vector v ≠ 0 with C v = λ_1 v, whatever the sign of c."""
    given = student.major_axis
    pair = read_pair(
        list(given.flat()) if isinstance(given, sp.MatrixBase) else given, "major_axis"
    )
    v = [read_expression(entry, "major_axis", ["a", "b", "c"]) for entry in pair]
    found = set()
    for point in covariances():
        a, b, c = (point[name] for name in "abc")
        try:
            x, y = (as_mpf(evaluate(entry, point).number) for entry in v)
        except UndefinedError as error:
            raise WrongAnswer(
                "not defined everywhere",
                "For some a, b, c yours has no value: may a and b be equal?",
            ) from error
        size = max(abs(x), abs(y))
        if size < CONTEXT.mpf(10) ** -30:
            raise WrongAnswer("the zero vector", "Somewhere your vector is 0.")
        root = CONTEXT.sqrt(as_mpf((a - b) ** 2 + 4 * c * c))
        # (C v) × v is 0 for an eigenvector, and vᵀCv/vᵀv then says for which eigenvalue
        cross = (as_mpf(a) * x + as_mpf(c) * y) * y - (as_mpf(c) * x + as_mpf(b) * y) * x
        quotient = (as_mpf(a) * x * x + 2 * as_mpf(c) * x * y + as_mpf(b) * y * y) / (x * x + y * y)
        is_eigenvector = abs(cross) <= CLOSE * size * size
        is_first = quotient > as_mpf(a + b) / 2 + root / 4
        found.add(
            "first" if is_eigenvector and is_first else "second" if is_eigenvector else "none"
        )
    if found == {"second"}:
        raise WrongAnswer("the second direction", "The variance along yours is the smaller one.")
    if "first" in found and len(found) > 1:
        raise WrongAnswer("not for all a, b, c", ONLY_SOME)
    if found != {"first"}:
        raise WrongAnswer("not a direction", "C v is not a multiple of v: try a = b = 2, c = 1.")


PCA_REASONS = ("centring", "diagonal", "Eckart-Young", "trace", "semidefinite")


def check_pca_claim(student, key, breaks, reasons=()):
    answer = read_claim(student.pca_claims, key, "pca_claims")
    judge_claim(answer, breaks=breaks, codes=PCA_REASONS, reasons=reasons)


def table(value, what="X", columns=None):
    """A rational table of at most eight rows, not all of them the same."""
    X = read_matrix(value, what)
    if X.shape[0] > 8:
        raise WrongAnswer("too large", f"{what} should have at most eight rows.")
    if columns is not None and X.shape[1] != columns:
        raise WrongAnswer("shapes do not fit", f"{what} should have {columns} columns.")
    if not X.is_rational:
        raise WrongAnswer("not rational", f"The entries of {what} should be rational numbers.")
    return X


def covariance(X):
    """The matrix (X − 1μᵀ)ᵀ(X − 1μᵀ), exactly; dividing it by n − 1 changes no direction."""
    n = X.shape[0]
    means = [sum(column) / n for column in zip(*X.rows, strict=True)]
    centred = Matrix(tuple(tuple(x - m for x, m in zip(row, means, strict=True)) for row in X.rows))
    C = multiply(transpose(centred), centred)
    if trace(C) == 0:
        raise WrongAnswer("no variance", "All rows are the same: then there is no direction.")
    return C


def first_share(X):
    C = covariance(X)
    return spectral_radius(C) / as_mpf(trace(C))


def first_direction(C):
    """The first direction of a 2 × 2 covariance. Raises: WrongAnswer where there is none."""
    (a, c), (_, b) = C.rows
    if c == 0 and a == b:
        raise WrongAnswer("no first direction", "Both variances are the same for your table.")
    if c == 0:
        return (1, 0) if a > b else (0, 1)
    return as_mpf(c), spectral_radius(C) - as_mpf(a)


@pytest.mark.grade_cell("components", weight=2)
def test_claim_a(student):
    """Claim a, on the units of the variables, is judged rightly."""

    def breaks(value):
        first, second = read_pair(value, "the counterexample")
        X = table(first)
        factors = read_vector(second, "factors", X.shape[1])
        if not all(factor > 0 for factor in factors):
            raise WrongAnswer("premise not met", "The factors should be positive.")
        scaled = Matrix(
            tuple(tuple(f * x for f, x in zip(factors, row, strict=True)) for row in X.rows)
        )
        if not scaled.is_rational:
            raise WrongAnswer("not rational", "The factors should be rational numbers.")
        return abs(first_share(X) - first_share(scaled)) > CONTEXT.mpf(10) ** -20

    check_pca_claim(student, "a", breaks)


def shifted_apart(value):
    first, second = read_pair(value, "the counterexample")
    X = table(first)
    read_vector(second, "vector", X.shape[1])
    return False  # it is a theorem: nothing breaks it


@pytest.mark.grade_cell("components")
def test_claim_b(student):
    """Claim b, on a shift of all the rows, is judged rightly."""
    check_pca_claim(student, "b", shifted_apart, {"centring"})


@pytest.mark.grade_cell("components")
def test_claim_c(student):
    """Claim c, on the covariance of two scores, is judged rightly."""

    def breaks(value):
        covariance(table(value))
        return False  # it is a theorem: nothing breaks it

    check_pca_claim(student, "c", breaks, {"diagonal"})


@pytest.mark.grade_cell("components", weight=2)
def test_claim_d(student):
    """Claim d, on uncorrelated columns, is judged rightly."""

    def breaks(value):
        X = table(value, columns=2)
        if covariance(X).rows[0][1] != 0:
            raise WrongAnswer("premise not met", "The two columns of your table are correlated.")
        rows, n = [tuple(row) for row in X.rows], X.shape[0]
        left, right = zip(*rows, strict=True)
        return any(
            n * rows.count((s, t)) != left.count(s) * right.count(t)
            for s in set(left)
            for t in set(right)
        )

    check_pca_claim(student, "d", breaks)


@pytest.mark.grade_cell("components", weight=2)
def test_claim_e(student):
    """Claim e, on the separation of two classes, is judged rightly."""

    def separates(low, high):
        return max(low) < min(high) or max(high) < min(low)

    def breaks(value):
        first, second = read_pair(value, "the counterexample")
        X0, X1 = table(first, "X0", 2), table(second, "X1", 2)
        columns = zip(transpose(X0).rows, transpose(X1).rows, strict=True)
        if not any(separates(p, q) for p, q in columns):
            raise WrongAnswer("premise not met", "No column of yours separates the two classes.")
        v = first_direction(covariance(Matrix((*X0.rows, *X1.rows))))
        scores = [
            [as_mpf(v[0]) * as_mpf(x) + as_mpf(v[1]) * as_mpf(y) for x, y in X.rows]
            for X in (X0, X1)
        ]
        return not separates(*scores)

    check_pca_claim(student, "e", breaks)


@pytest.mark.grade_cell("components", weight=2)
def test_claim_f(student):
    """Claim f, on data without negative entries, is judged rightly."""

    def breaks(value):
        X = table(value, columns=2)
        if any(entry < 0 for row in X.rows for entry in row):
            raise WrongAnswer("premise not met", "An entry of your table is negative.")
        x, y = first_direction(covariance(X))
        return x * y < 0

    check_pca_claim(student, "f", breaks)
