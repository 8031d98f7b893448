"""Hidden tests of homework 1, norms, arrays and vectorisation: one claim each.

Expected values are found by hand, from the definitions, or to 30 digits.
"""

import ast
import math
from fractions import Fraction
from itertools import pairwise, product

import mpmath
import numpy as np
import pytest
import sympy as sp
import torch

from autograder.answers.certificates import read_array, require_attained, require_factor
from autograder.answers.claims import judge_claim, read_claim
from autograder.answers.counterexamples import (
    Candidate,
    exceeds,
    require_homogeneous,
    require_nonnegative,
    require_nonzero_root,
    require_triangle,
)
from autograder.answers.evaluation import CONTEXT, as_mpf, holds, sign_of
from autograder.answers.exact_matrices import (
    add,
    apply,
    is_identity,
    is_symmetric,
    multiply,
    size,
    spectral_radius,
    trace,
    transpose,
)
from autograder.answers.expressions import Slip, read_expression, require_equal
from autograder.answers.partial_credit import Case, judge
from autograder.answers.proof_order import Distractor, Proof, read_order, require_proof
from autograder.answers.reading import (
    read_condition,
    read_matrix,
    read_number,
    read_pair,
    read_vector,
)
from autograder.answers.verdict import InvalidAnswer, WrongAnswer

# A norm of a few dozen float64 entries, however it is summed, errs by less than 1e-13 relative;
# float32 errs by 1e-7 and fails.
ROUNDING = 1e-11


def numbers(value):
    """What the student's function returned, as an array of real numbers."""
    if value is None:
        raise InvalidAnswer("the function returns nothing: end it with `return ...`")
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu().numpy()
    if not isinstance(value, int | float | complex | list | tuple | np.ndarray | np.generic):
        raise InvalidAnswer("the function should return a number or an array of numbers")
    try:
        array = np.asarray(value)
        if not np.imag(array).any():
            array = np.real(array)
        if array.dtype.kind not in "biuf":
            raise InvalidAnswer("the function should return real numbers")
    except ValueError as error:
        raise InvalidAnswer("the rows that the function returns differ in length") from error
    return array.astype(float)


def number(value):
    """The one real number that the student's function returned."""
    array = numbers(value)
    if array.size != 1:
        raise InvalidAnswer("the function should return one number, not several")
    return array.item()


def near(value, rel=ROUNDING):
    return pytest.approx(value, rel=rel, abs=0)


# P1


def exact_norm(x, p):
    """(sum of |x_i|^p)^(1/p) to 30 digits."""
    with mpmath.workdps(30):
        total = mpmath.fsum(abs(mpmath.mpf(float(t))) ** mpmath.mpf(p) for t in x)
        return float(total ** (1 / mpmath.mpf(p)))


@pytest.mark.grade_cell("lp_norm")
@pytest.mark.parametrize("p", [1, 1.5, 2, 3, 7])
def test_norm_is_the_root_of_the_sum_of_powers(student, rng, p):
    """For a vector with positive entries, ‖x‖_p is the p-th root of the sum of the x_i^p."""
    x = rng.uniform(0.5, 3, size=6)
    assert number(student.lp_norm(x, p)) == near(exact_norm(x, p))


@pytest.mark.grade_cell("lp_norm")
@pytest.mark.parametrize("p", [1, 1.5, 2, 3, 7])
def test_signs_do_not_cancel(student, rng, p):
    """Only the size of an entry counts, not its sign: ‖x‖_p is the norm of (|x_1|, …, |x_n|)."""
    x = rng.uniform(0.5, 3, size=5) * np.array([-1, 1, -1, -1, 1])
    assert number(student.lp_norm(x, p)) == near(exact_norm(x, p))


@pytest.mark.grade_cell("lp_norm")
def test_p_zero_counts_the_entries_that_are_not_zero(student):
    """‖x‖_0 is the number of entries of x that are not zero."""
    assert number(student.lp_norm(np.array([0.0, -2.5, 0.0, 1e-30, 7.0]), 0)) == 3
    assert number(student.lp_norm(np.array([-0.25]), 0)) == 1
    assert number(student.lp_norm(np.zeros(4), 0)) == 0


@pytest.mark.grade_cell("lp_norm")
def test_p_infinity_takes_the_largest_absolute_value(student, rng):
    """‖x‖_∞ is the largest |x_i|, whatever its sign."""
    x = rng.uniform(-5, 5, size=8)
    x[rng.integers(8)] = -9.5
    assert number(student.lp_norm(x, np.inf)) == near(9.5)
    assert number(student.lp_norm(np.array([0.25, -0.125, 0.5]), float("inf"))) == near(0.5)


@pytest.mark.grade_cell("lp_norm")
@pytest.mark.parametrize("p", [1, 1.5, 2, 4, np.inf])
def test_laws_of_a_norm(student, rng, p):
    """‖0‖ = 0, ‖cx‖ = |c| ‖x‖ and ‖x + y‖ ≤ ‖x‖ + ‖y‖, for every p ≥ 1."""
    x, y, c = rng.normal(size=7), rng.normal(size=7), -rng.uniform(2, 5)
    norm_x, norm_y = number(student.lp_norm(x, p)), number(student.lp_norm(y, p))
    assert number(student.lp_norm(np.zeros(3), p)) == 0
    assert number(student.lp_norm(c * x, p)) == near(abs(c) * norm_x)
    assert number(student.lp_norm(x + y, p)) <= (norm_x + norm_y) * (1 + ROUNDING)


@pytest.mark.grade_cell("lp_norm")
@pytest.mark.parametrize(
    ("x", "p", "norm"),
    [
        (np.array([3e200, -4e200]), 2, 5e200),
        (np.array([3e-200, 4e-200]), 2, 5e-200),
        (np.array([2e150, 2e150, -2e150, 2e150]), 4, math.sqrt(8) * 1e150),
        (np.array([0.0, 1e300]), 1.5, 1e300),
        (np.array([-5.0, 2.0]), 1000, 5.0),  # 5^1000 overflows, (2/5)^1000 vanishes beside 1
    ],
)
def test_large_and_small_entries_survive(student, x, p, norm):
    """The norm is right whenever it is an ordinary number, even where a power |x_i|^p is not."""
    assert number(student.lp_norm(x, p)) == near(norm)


@pytest.mark.grade_cell("lp_norm")
def test_integers_and_lists_are_vectors_too(student):
    """A vector of integers, even of large ones, and a list of numbers have the norm they should."""
    assert number(student.lp_norm([2, -3, 6], 2)) == near(7)
    assert number(student.lp_norm(np.array([1, -2, 2]), 2)) == near(3)
    assert number(student.lp_norm(np.array([3 * 10**10, 4 * 10**10]), 2)) == near(5e10)


@pytest.mark.grade_cell("lp_norm")
@pytest.mark.parametrize("p", [0.5, 0.99, -1, -2.0, -np.inf, np.nan])
def test_other_exponents_are_refused(student, p):
    """For p < 0, 0 < p < 1 and nan there is no norm: ValueError."""
    assert number(student.lp_norm(np.array([1.0, 2.0]), 1)) == near(3)
    with pytest.raises(ValueError):  # noqa: PT011  # the message is the student's own
        student.lp_norm(np.array([1.0, 2.0]), p)


@pytest.mark.grade_cell("lp_norm")
@pytest.mark.parametrize("p", [0, 1, 2, 3, np.inf])
def test_the_vector_is_left_as_it_was(student, p):
    """lp_norm does not change x: called twice, it gives the same."""
    x = np.array([3.0, -4.0, 0.0, -12.0])
    before = x.copy()
    first, second = number(student.lp_norm(x, p)), number(student.lp_norm(x, p))
    assert first == second
    assert np.array_equal(x, before)


# P2


def matrix_with(singular_values, m, n, rng):
    """A random m x n matrix with these singular values: orthogonal · diagonal · orthogonal."""
    Q, _ = np.linalg.qr(rng.normal(size=(m, m)))
    Z, _ = np.linalg.qr(rng.normal(size=(n, n)))
    S = np.zeros((m, n))
    np.fill_diagonal(S, singular_values)
    return Q @ S @ Z.T


@pytest.mark.grade_cell("matrix_norm")
def test_one_norm_is_the_largest_column_sum(student, rng):
    """‖A‖_1 is the largest of the column sums of |a_ij|."""
    A = np.array([[1.0, -5.0, 2.0, 0.0], [-3.0, 4.0, 1.0, -1.0]])
    assert number(student.matrix_norm(A, "one")) == near(9)
    B = rng.integers(-9, 10, size=(5, 3)).astype(float)
    sums = [sum(abs(b) for b in column) for column in B.T.tolist()]
    assert number(student.matrix_norm(B, "one")) == near(max(sums))


@pytest.mark.grade_cell("matrix_norm")
def test_infinity_norm_is_the_largest_row_sum(student, rng):
    """‖A‖_∞ is the largest of the row sums of |a_ij|."""
    A = np.array([[1.0, -5.0, 2.0, 0.0], [-3.0, 4.0, 1.0, -3.0]])
    assert number(student.matrix_norm(A, "inf")) == near(11)
    B = rng.integers(-9, 10, size=(5, 3)).astype(float)
    sums = [sum(abs(b) for b in row) for row in B.tolist()]
    assert number(student.matrix_norm(B, "inf")) == near(max(sums))


@pytest.mark.grade_cell("matrix_norm")
def test_frobenius_norm_is_the_length_of_the_entries(student, rng):
    """‖A‖_F is the root of the sum of all a_ij²."""
    assert number(student.matrix_norm(np.array([[1.0, -2.0, 4.0], [-6.0, 4.0, -10.0]]), "fro")) == (
        near(math.sqrt(173))
    )
    B = rng.integers(-9, 10, size=(4, 7)).astype(float)
    assert number(student.matrix_norm(B, "fro")) == near(
        math.sqrt(sum(b * b for row in B.tolist() for b in row))
    )


@pytest.mark.grade_cell("matrix_norm")
@pytest.mark.parametrize(
    ("A", "norm"),
    [
        ([[0.0, 5.0], [0.0, 0.0]], 5),  # nilpotent: every eigenvalue is 0
        ([[0.0, -2.0], [2.0, 0.0]], 2),  # a turn: the eigenvalues are ±2i
        ([[1.0, 1.0], [0.0, 1.0]], (1 + math.sqrt(5)) / 2),  # a shear: both eigenvalues are 1
        ([[3.0, 0.0], [0.0, -4.0]], 4),
        ([[0.0], [3.0], [-4.0]], 5),
    ],
)
def test_two_norm_is_not_about_eigenvalues(student, A, norm):
    """‖A‖_2 is the largest stretch ‖Ax‖_2 / ‖x‖_2, also where eigenvalues are small or complex."""
    assert number(student.matrix_norm(np.array(A), "two")) == near(norm)


@pytest.mark.grade_cell("matrix_norm")
@pytest.mark.parametrize(("m", "n"), [(4, 4), (3, 6), (6, 3)])
def test_two_norm_is_the_largest_singular_value(student, rng, m, n):
    """‖A‖_2 is the largest singular value, for square, wide and tall matrices."""
    singular_values = rng.uniform(0.5, 4, size=min(m, n))
    A = matrix_with(singular_values, m, n, rng)
    # A root of an eigenvalue of AᵀA is exact to 1e-13 as well: the largest one is well conditioned.
    assert number(student.matrix_norm(A, "two")) == near(max(singular_values))


@pytest.mark.grade_cell("matrix_norm")
@pytest.mark.parametrize(("m", "n"), [(4, 4), (3, 6), (6, 3)])
def test_nuclear_norm_is_the_sum_of_the_singular_values(student, rng, m, n):
    """‖A‖_* is the sum of the singular values, which are never negative."""
    assert number(student.matrix_norm(np.array([[0.0, -2.0], [2.0, 0.0]]), "nuc")) == near(4)
    assert number(student.matrix_norm(np.diag([3.0, -4.0]), "nuc")) == near(7)
    singular_values = rng.uniform(0.5, 4, size=min(m, n))
    A = matrix_with(singular_values, m, n, rng)
    # Roots of the eigenvalues of AᵀA, six of which may be 0 ± 1e-15, give an error of up to 1e-7.
    assert number(student.matrix_norm(A, "nuc")) == near(sum(singular_values), rel=1e-6)


@pytest.mark.grade_cell("matrix_norm")
@pytest.mark.parametrize("kind", ["max", "three", "L2", "spectral"])
def test_other_kinds_are_refused(student, kind):
    """A kind that is not one of the five is refused: ValueError."""
    A = np.array([[1.0, -2.0], [0.0, 3.0]])
    before = A.copy()
    assert number(student.matrix_norm(A, "one")) == near(5)
    with pytest.raises(ValueError):  # noqa: PT011  # the message is the student's own
        student.matrix_norm(A, kind)
    assert np.array_equal(A, before)


@pytest.mark.grade_cell("matrix_norm")
def test_norms_are_written_from_their_definitions(student):
    """The norms come from their definitions, and A is left as it was; no library norm is called."""
    A = np.array([[3.0, 0.0, -4.0], [0.0, -2.0, 0.0]])
    before = A.copy()
    norms = {"one": 4, "inf": 7, "fro": math.sqrt(29), "two": 5, "nuc": 7}
    for kind, norm in norms.items():
        assert number(student.matrix_norm(A, kind)) == near(norm)
    assert np.array_equal(A, before)
    for node in ast.walk(student.tree("matrix_norm")):
        imported = [a.name for a in node.names] if isinstance(node, ast.ImportFrom) else []
        called = node.attr if isinstance(node, ast.Attribute) else None
        if {"norm", "matrix_norm", "vector_norm"} & {called, *imported}:
            raise WrongAnswer(
                "calls a library norm",
                "The question asks for the definitions: sums, maxima and singular values.",
            )


# P3

LOOPS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
DISGUISED = {"map", "vectorize", "fromiter", "frompyfunc", "apply_along_axis"}


def powers(x, d):
    """The design matrix by its definition, entry for entry, in Python's own numbers."""
    return np.array([[float(t**j) for j in range(1, d + 1)] for t in x])


def near_matrix(value, expected, rel):
    """Whether an array has the shape and, up to the relative error, the entries expected."""
    array = numbers(value)
    return array.shape == expected.shape and np.allclose(array, expected, rtol=rel, atol=0)


@pytest.mark.grade_cell("design_matrix")
@pytest.mark.parametrize(
    ("a", "b", "step", "intervals"),
    [
        (-10, 10, 0.1, 200),
        (0, 0.3, 0.1, 3),  # (0.3 - 0)/0.1 is a little less than 3
        (0, 1, 0.1, 10),  # np.arange(0, 1 + 0.1, 0.1) has one point too many
        (1, 1.3, 0.1, 3),
        (-0.7, 0.7, 0.2, 7),
        (2, 2, 0.5, 0),
        (0, 7, 7, 1),
        (-1, 1, 1 / 3, 6),
    ],
)
def test_grid_has_every_point_once(student, a, b, step, intervals):
    """The grid has (b − a)/h + 1 points from a to b, both included, whatever the step."""
    x = numbers(student.grid(a, b, step))
    assert x.shape == (intervals + 1,)
    # b may be reached with the rounding of `intervals` additions, 1e-13 here, never a step away.
    assert x[0] == pytest.approx(a, abs=1e-12)
    assert x[-1] == pytest.approx(b, abs=1e-12)


@pytest.mark.grade_cell("design_matrix")
def test_grid_points_are_equally_spaced(student, rng):
    """Point number k of the grid is a + kh."""
    tenths, first, intervals = rng.integers(1, 8), rng.integers(-50, 50), rng.integers(5, 60)
    a, b, step = first / 10, (first + intervals * tenths) / 10, tenths / 10
    x = numbers(student.grid(float(a), float(b), float(step)))
    expected = [(first + k * tenths) / 10 for k in range(intervals + 1)]
    assert x.tolist() == pytest.approx(expected, rel=0, abs=1e-11)
    assert all(s < t for s, t in pairwise(x))


@pytest.mark.grade_cell("design_matrix")
@pytest.mark.parametrize(("n", "d"), [(6, 4), (3, 7), (1, 5), (5, 1)])
def test_entries_are_powers(student, rng, n, d):
    """Row i of the design matrix holds x_i, x_i², …, x_i^d, also for negative x_i and for zero."""
    x = rng.uniform(0.5, 2, size=n) * rng.choice([-1, 1], size=n)
    x[0] = -1.5
    x[n // 2] = 0.0 if n > 1 else x[0]
    # Twenty multiplications, or one power, are exact to 1e-14.
    assert near_matrix(student.design_matrix(x, d), powers(x.tolist(), d), rel=1e-12)


@pytest.mark.grade_cell("design_matrix")
def test_matrix_of_the_lecture_is_201_by_20(student):
    """The 201 points from −10 to 10 and d = 20 give a 201 × 20 matrix with 10^20 in its corner."""
    x = np.linspace(-10, 10, 201)
    A = numbers(student.design_matrix(x, 20))
    assert A.shape == (201, 20)
    assert A[-1, -1] == near(1e20, rel=1e-12)
    assert A[0, 18] == near(-1e19, rel=1e-12)
    assert A[0, 0] == -10
    assert near_matrix(A, powers(x.tolist(), 20), rel=1e-12)


@pytest.mark.grade_cell("design_matrix")
@pytest.mark.parametrize("x", [np.arange(-10, 11), np.array([10, 3, -7], dtype=np.int32), [9, -10]])
def test_integers_do_not_overflow(student, x):
    """Integer points give the same powers as floats: 10^20 is positive, and a float64."""
    exact = powers([int(t) for t in x], 20)
    assert near_matrix(student.design_matrix(x, 20), exact, rel=1e-12)


@pytest.mark.grade_cell("design_matrix")
def test_there_is_no_loop(student):
    """grid and design_matrix work on whole arrays: no loop, and none in disguise."""
    assert near_matrix(student.grid(0, 3, 1), np.arange(4.0), rel=1e-12)
    assert near_matrix(student.design_matrix(np.array([2.0]), 2), np.array([[2.0, 4.0]]), rel=1e-12)
    for node in ast.walk(student.tree("design_matrix")):
        name = getattr(node, "attr", getattr(node, "id", None))
        if isinstance(node, LOOPS) or name in DISGUISED:
            raise WrongAnswer(
                "a loop", "Shape (n, 1) and shape (d,) broadcast to shape (n, d) without a loop."
            )


@pytest.mark.grade_cell("design_matrix")
def test_the_points_are_left_as_they_were(student):
    """design_matrix does not change x: called twice, it gives the same powers of it."""
    x = np.array([0.5, -2.0, 3.0])
    for _ in range(2):
        powers = np.array([[0.5, 0.25], [-2.0, 4.0], [3.0, 9.0]])
        assert near_matrix(student.design_matrix(x, 2), powers, rel=1e-12)
    assert np.array_equal(x, [0.5, -2.0, 3.0])


# P4


def whole_numbers(rng, *shape):
    """Small whole numbers as floats: sums of their products are exact in any order."""
    return rng.integers(-9, 10, size=shape).astype(float)


def check_gemm(C, before, product):
    """Raise WrongAnswer unless C holds the product added to what it held before."""
    if np.array_equal(C, before + product):
        return
    if np.array_equal(C, before):
        raise WrongAnswer(
            "C stays as it was",
            "Which of your lines makes a new array, and changes that one? "
            "If none does: is there a piece of C that your loop does not reach?",
        )
    if np.array_equal(C, product):
        raise WrongAnswer(
            "overwrites instead of adding", "What C held before is lost: add the product to it."
        )
    raise AssertionError


def check_shared(student, A, B, C):
    """Raise WrongAnswer if the result is right of copies and wrong of arrays that share memory."""
    before, product = C.copy(), A @ B
    apart = C.copy()
    student.gemm_accumulate(A.copy(), B.copy(), apart)
    check_gemm(apart, before, product)
    student.gemm_accumulate(A, B, C)
    if np.array_equal(C, before):
        check_gemm(C, before, product)
    if not np.array_equal(C, before + product):
        raise WrongAnswer(
            "reads what it has already overwritten",
            "A part of the result is written where a factor still has to be read from.",
        )


@pytest.mark.grade_cell("gemm_accumulate")
@pytest.mark.parametrize(("m", "k", "n"), [(4, 3, 5), (1, 1, 1), (5, 1, 2), (1, 6, 3), (3, 3, 3)])
def test_c_becomes_ab_plus_c(student, rng, m, k, n):
    """The array C itself holds AB + C afterwards, for all shapes that fit."""
    A, B, C = whole_numbers(rng, m, k), whole_numbers(rng, k, n), whole_numbers(rng, m, n)
    A[:, 0], B[0], C[0, 0] = 100, 1, 1  # neither AB nor C is zero
    before, product = C.copy(), A @ B
    student.gemm_accumulate(A, B, C)
    check_gemm(C, before, product)


@pytest.mark.grade_cell("gemm_accumulate")
def test_calls_add_up(student, rng):
    """Called twice, it adds AB twice; A and B stay as they were."""
    A, B, C = whole_numbers(rng, 4, 2), whole_numbers(rng, 2, 3), whole_numbers(rng, 4, 3)
    A[:, 0], B[0] = 100, [7, 1, -2]
    A_before, B_before, before, product = A.copy(), B.copy(), C.copy(), A @ B
    student.gemm_accumulate(A, B, C)
    student.gemm_accumulate(A, B, C)
    if not (np.array_equal(A, A_before) and np.array_equal(B, B_before)):
        raise WrongAnswer(
            "changes A or B", "A and B belong to the caller: they must stay what they were."
        )
    check_gemm(C, before, 2 * product)


@pytest.mark.grade_cell("gemm_accumulate")
def test_strided_view_is_written_through(student, rng):
    """Where C is a strided view of a larger array, that array changes there and nowhere else."""
    A, B, whole = whole_numbers(rng, 4, 3), whole_numbers(rng, 3, 2), whole_numbers(rng, 8, 7)
    A[:, 0], B[0] = 100, 1
    C, product = whole[::2, 1::3], A @ B
    before, expected = C.copy(), whole.copy()
    expected[::2, 1::3] += product
    student.gemm_accumulate(A, B, C)
    check_gemm(C, before, product)
    assert np.array_equal(whole, expected)


@pytest.mark.grade_cell("gemm_accumulate", weight=2)
def test_no_second_matrix_is_made(student, rng):
    """For large C, less than a quarter of its memory is allocated on the way."""
    A, B, C = whole_numbers(rng, 600, 3), whole_numbers(rng, 3, 500), whole_numbers(rng, 600, 500)
    before, product = C.copy(), A @ B
    student.gemm_accumulate(A[:2], B[:, :2], np.zeros((2, 2)))  # what is loaded once, is loaded now
    _, peak = student.measure_memory(student.gemm_accumulate, A, B, C)
    check_gemm(C, before, product)
    if peak >= C.nbytes / 4:
        raise WrongAnswer(
            "a second matrix of the size of C",
            "Somewhere the whole product AB, or a copy of C, is built. Add it piece by piece.",
        )


@pytest.mark.grade_cell("gemm_accumulate")
@pytest.mark.parametrize("role", ["the same", "transposed", "moved"])
def test_old_values_count_where_a_shares_memory_with_c(student, rng, role):
    """Where A shares memory with C, the old values of A are multiplied."""
    memory, B = whole_numbers(rng, 5, 4), whole_numbers(rng, 4, 4)
    memory[:, 0], B[0] = 100, [5, 6, -7, 8]  # every column that is written early shows
    C = memory[:4]
    A = {"the same": C, "transposed": C.T, "moved": memory[1:]}[role]
    check_shared(student, A, B, C)


@pytest.mark.grade_cell("gemm_accumulate")
@pytest.mark.parametrize("role", ["the same", "transposed", "moved"])
def test_old_values_count_where_b_shares_memory_with_c(student, rng, role):
    """Where B shares memory with C, the old values of B are multiplied."""
    memory, A = whole_numbers(rng, 5, 4), whole_numbers(rng, 4, 4)
    memory[0], A[:, 0] = 100, [5, 6, -7, 8]  # every row that is written early shows
    C = memory[:4]
    B = {"the same": C, "transposed": C.T, "moved": memory[1:]}[role]
    check_shared(student, A, B, C)


# P5


class Products:
    """Two CountingArrays in the student's notebook, and every product they report, counted here."""

    def __init__(self, student, A, B):
        self.shapes = []
        self.A = student.CountingArray(A, on_product=self.record)
        self.B = student.CountingArray(B, on_product=self.record)

    def record(self, left, right):
        self.shapes.append((tuple(left), tuple(right)))

    @property
    def sizes(self):
        """How many numbers each product gave."""
        return [math.prod(left[:-1]) * math.prod(right[1:]) for left, right in self.shapes]


def factors(rng, m=4, k=3, n=5):
    """Two factors of whole numbers for which A B and its usual mistakes all differ."""
    A, B = whole_numbers(rng, m, k), whole_numbers(rng, k, n)
    A[0], B[:, -1] = np.arange(1, k + 1), np.arange(2, k + 2)
    return A, B


def check_product(value, A, B):
    """Raise WrongAnswer unless the value is A B."""
    C, expected = numbers(value), A @ B
    if C.shape != expected.shape:
        raise WrongAnswer("not of shape (m, n)", "AB has the rows of A and the columns of B.")
    if np.array_equal(C, expected):
        return
    i, j = np.indices(C.shape)
    if np.array_equal(C[i == j], expected[i == j]) and not np.nan_to_num(C[i != j]).any():
        raise WrongAnswer("diagonal only", "Each row of A meets every column of B, not one.")
    if A.shape[0] == B.shape[1] == A.shape[1] and np.array_equal(C, A @ B.T):
        raise WrongAnswer("A times B transposed", "The rows of A meet the columns of B.")
    raise WrongAnswer("not the product", "Compare one entry with its sum of products by hand.")


def check_products(products, count, size):
    """Raise WrongAnswer unless `count` products were computed, each giving `size` numbers."""
    sizes = products.sizes
    if sizes == [size] * count:
        return
    if not sizes:
        raise WrongAnswer(
            "products that are not counted", "Use `@` between CountingArrays, and read the result."
        )
    if set(sizes) == {size}:
        note = "too many products" if len(sizes) > count else "too few products"
        raise WrongAnswer(note, "List A.products for a small case: which one is not as it should?")
    raise WrongAnswer(
        "products of another level",
        "List A.products: are the factors a row, a column or a matrix, as this level asks?",
    )


SHAPES = [(3, 3, 3), (4, 3, 5), (1, 4, 2), (2, 1, 1)]


@pytest.mark.grade_cell("matmul_levels")
@pytest.mark.parametrize(("m", "k", "n"), SHAPES)
def test_dots_give_the_product(student, rng, m, k, n):
    """matmul_dots gives AB for all shapes that fit."""
    A, B = factors(rng, m, k, n)
    products = Products(student, A, B)
    check_product(student.matmul_dots(products.A, products.B), A, B)


@pytest.mark.grade_cell("matmul_levels")
def test_dots_are_mn_dot_products(student, rng):
    """matmul_dots computes exactly mn products, each of one row and one column."""
    products = Products(student, *factors(rng))
    student.matmul_dots(products.A, products.B)
    check_products(products, 4 * 5, size=1)


@pytest.mark.grade_cell("matmul_levels")
@pytest.mark.parametrize(("m", "k", "n"), SHAPES)
def test_columns_give_the_product(student, rng, m, k, n):
    """matmul_columns gives AB for all shapes that fit."""
    A, B = factors(rng, m, k, n)
    products = Products(student, A, B)
    check_product(student.matmul_columns(products.A, products.B), A, B)


@pytest.mark.grade_cell("matmul_levels")
def test_columns_are_n_matrix_vector_products(student, rng):
    """matmul_columns computes exactly n products, each of the matrix A and one column of B."""
    products = Products(student, *factors(rng))
    student.matmul_columns(products.A, products.B)
    check_products(products, 5, size=4)


@pytest.mark.grade_cell("matmul_levels")
@pytest.mark.parametrize(("m", "k", "n"), SHAPES)
def test_whole_is_one_product(student, rng, m, k, n):
    """matmul_whole gives AB for all shapes that fit, by exactly one product."""
    A, B = factors(rng, m, k, n)
    products = Products(student, A, B)
    check_product(student.matmul_whole(products.A, products.B), A, B)
    check_products(products, 1, size=m * n)


@pytest.mark.grade_cell("matmul_levels", weight=2)
def test_clock_is_read_after_the_result(student, rng):
    """time_product returns the time from the start until the numbers of AB are there."""
    now, duration = rng.uniform(100, 200), rng.uniform(1, 9)  # seconds, on a clock of our own

    def compute(_left, _right):
        nonlocal now
        now += duration

    A, B = factors(rng)
    A = student.CountingArray(A, on_product=compute)
    B = student.CountingArray(B, on_product=compute)
    seconds = number(student.time_product(A, B, lambda: now))
    if seconds == 0:
        raise WrongAnswer(
            "timer read before the result",
            "`A @ B` returns at once, with a promise: read its numbers before the clock.",
        )
    if seconds == pytest.approx(-duration, rel=1e-9):
        raise WrongAnswer("start minus end", "A duration is the later time minus the earlier one.")
    assert seconds == pytest.approx(duration, rel=1e-9)  # the difference of two times near 200


# T1


def printed_norm(student):
    names = ("x1", "x2")
    return Candidate(read_expression(student.printed_norm, "printed_norm", names), names)


def witness(student):
    return read_vector(student.printed_norm_witness, "printed_norm_witness", 2)


@pytest.mark.grade_cell("printed_norm")
def test_first_line_nonnegative(student):
    """First line: f(x) ≥ 0 for all x."""
    require_nonnegative(printed_norm(student))


@pytest.mark.grade_cell("printed_norm")
def test_second_line_triangle_inequality(student):
    """Second line: f(x + y) ≤ f(x) + f(y) for all x and y."""
    require_triangle(printed_norm(student))


@pytest.mark.grade_cell("printed_norm")
def test_third_line_homogeneous(student):
    """Third line: f(αx) = |α| f(x) for all x and all real α."""
    require_homogeneous(printed_norm(student))


@pytest.mark.grade_cell("printed_norm")
def test_witness_is_not_zero_and_its_norm_is(student):
    """The witness is a vector x ≠ 0 with f(x) = 0."""
    require_nonzero_root(printed_norm(student), witness(student))


@pytest.mark.grade_cell("printed_norm", weight=4)
def test_slide_is_refuted(student):
    """All together: f meets the three printed lines, and the witness shows that it is no norm."""
    try:
        f, x = printed_norm(student), witness(student)
        require_nonnegative(f)
        require_triangle(f)
        require_homogeneous(f)
        require_nonzero_root(f, x)
    except WrongAnswer as error:
        raise AssertionError from error  # the line that fails has its own claim and hint


# T2

DIMENSIONS = range(1, 9)
EXPONENTS = (1, 1.25, 2, 3, 7)


def smallest_constant(n, p, q):
    """Hölder's inequality: n^(1/p - 1/q) for p < q; the p-norm is the smaller one for p >= q."""
    return float(n) ** max(0.0, 1 / p - 1 / q)


def check_constants(student, pairs):
    """Compares after all the calls, so that a known mistake can be told by its values."""
    cases = [(n, p, q) for n in DIMENSIONS for p, q in pairs]
    constants = [float(read_number(student.norm_constant(*case), "C(n, p, q)")) for case in cases]
    assert constants == pytest.approx([smallest_constant(*case) for case in cases], rel=1e-9)


def check_vectors(student, pairs):
    for n in DIMENSIONS:
        for p, q in pairs:
            x = read_array(student.extremal_vector(n, p, q), "extremal_vector(n, p, q)", axes=1)
            if x.shape != (n,):
                raise WrongAnswer("shapes do not fit", "The vector has to have n entries.")
            require_attained(x, smallest_constant(n, p, q), p, q)


def rising(rng):
    """Pairs 1 <= p < q < inf, some of them this student's own."""
    own = sorted(float(p) for p in rng.uniform(1, 6, size=2))
    return [(p, q) for p, q in product(EXPONENTS, repeat=2) if p < q] + [tuple(own)]


def falling(rng):
    """Pairs inf > p >= q >= 1."""
    return [(q, p) for p, q in rising(rng)] + [(p, p) for p in EXPONENTS]


@pytest.mark.grade_cell("norm_constant", weight=2)
def test_constant_for_p_below_q(student, rng):
    """For p < q < ∞, C(n, p, q) is the smallest constant for every n ≤ 8."""
    check_constants(student, rising(rng))


@pytest.mark.grade_cell("norm_constant")
def test_constant_for_p_above_q(student, rng):
    """For ∞ > p ≥ q, C(n, p, q) is the smallest constant for every n ≤ 8."""
    check_constants(student, falling(rng))


@pytest.mark.grade_cell("norm_constant")
def test_constant_with_the_maximum_norm(student):
    """Where p or q is ∞, C(n, p, q) is the smallest constant for every n ≤ 8."""
    pairs = [(p, np.inf) for p in EXPONENTS] + [(np.inf, p) for p in EXPONENTS]
    check_constants(student, [*pairs, (np.inf, np.inf)])


@pytest.mark.grade_cell("norm_constant", weight=2)
def test_vector_attains_the_constant_for_p_below_q(student, rng):
    """For p < q, also q = ∞, the vector x ≠ 0 has ‖x‖_p = C ‖x‖_q with the smallest C."""
    check_vectors(student, rising(rng) + [(p, np.inf) for p in EXPONENTS])


@pytest.mark.grade_cell("norm_constant")
def test_vector_attains_the_constant_for_p_above_q(student, rng):
    """For p ≥ q, also p = ∞, the vector x ≠ 0 has ‖x‖_p = C ‖x‖_q with the smallest C."""
    check_vectors(student, falling(rng) + [(np.inf, p) for p in (*EXPONENTS, np.inf)])


# T3

PERMUTATION_PROOF = Proof(
    rests_on={
        "E": frozenset(),
        "B": frozenset("E"),
        "H": frozenset(),
        "L": frozenset("BH"),
        "C": frozenset("L"),
        "A": frozenset("C"),
        "J": frozenset("AL"),
        "F": frozenset("AJL"),
    },
    distractors={
        "D": Distractor(
            "takes P for symmetric",
            "A permutation matrix need not be symmetric: think of a cyclic shift of three things.",
        ),
        "G": Distractor(
            "uses what is to be shown",
            "That P commutes with its transpose is just what the second half has to prove.",
        ),
        "K": Distractor(
            "a line that nothing rests on",
            "One of your lines is true, but no other line of the proof makes use of it.",
        ),
    },
)

INDICES = i, j, m, n = sp.symbols("i j m n", integer=True, positive=True)


def delta(a, b):
    return sp.KroneckerDelta(a, b)


def places(name, sizes, extra):
    """All i and j from 1 to the size plus `extra`, for each size, which is called `name`."""
    return [
        {"i": Fraction(row), "j": Fraction(column), name: Fraction(k)}
        for k in sizes
        for row, column in product(range(1, k + extra + 1), repeat=2)
    ]


def tolerance(*written):
    """Exact, unless decimals were written."""
    return 1e-9 if any(matrix.rounded for matrix in written) else 0


@pytest.mark.grade_cell("orthogonal")
def test_proof_is_two_changes_away(student):
    """At most two lines of the proof have to be moved, added or taken out."""
    order = read_order(student.permutation_proof, PERMUTATION_PROOF, "permutation_proof")
    require_proof(order, PERMUTATION_PROOF, at_most=2)


@pytest.mark.grade_cell("orthogonal", weight=2)
def test_proof_is_in_order(student):
    """The lines prove that P is orthogonal: each rests on lines before it, and none is idle."""
    order = read_order(student.permutation_proof, PERMUTATION_PROOF, "permutation_proof")
    require_proof(order, PERMUTATION_PROOF)


@pytest.mark.grade_cell("orthogonal", weight=2)
def test_entry_of_the_cyclic_shift(student):
    """The entry p_ij is that of the cyclic shift, for all i, j and n."""
    wraps = delta(i, n) * delta(j, 1)
    require_equal(
        read_expression(student.shift_entry, "shift_entry", "ijn"),
        delta(i + 1, j) + wraps,
        places("n", range(3, 8), extra=0),
        note="another matrix",
        hint="Row i of P says which entry of x becomes entry i of Px. Try n = 3 with your formula.",
        slips=[
            Slip(
                "columns for rows",
                "Yours is the transpose: it shifts the other way round.",
                delta(i, j + 1) + delta(j, n) * delta(i, 1),
                credit=0.5,
            ),
            Slip(
                "no wrap-around",
                "Look at the last row: it needs a 1 too.",
                delta(i + 1, j),
                credit=0.5,
            ),
            Slip(
                "a whole row",
                "In the last row yours has a 1 in every column: which entry of x comes there?",
                delta(i + 1, j) + delta(i, n),
                credit=0.5,
            ),
        ],
    )


@pytest.mark.grade_cell("orthogonal", weight=2)
def test_entry_of_the_gram_matrix(student):
    """The entry (UᵀU)_ij is right for all i, j ≤ m + 1 and every m."""
    require_equal(
        read_expression(student.gram_entry, "gram_entry", "ijm"),
        delta(i, j) - delta(i, m + 1) * delta(j, m + 1),
        places("m", range(1, 7), extra=1),
        note="another matrix",
        hint="The sum over k runs over the m rows of U only. Try m = 2 with your formula.",
        slips=[
            Slip(
                "columns for rows",
                "That is the entry of U Uᵀ. In UᵀU the columns of U are multiplied, and one is 0.",
                delta(i, j),
            ),
            Slip(
                "a whole row",
                "In the last row yours has -1 beside the diagonal too: when is there a 1 to take?",
                delta(i, j) - delta(i, m + 1),
            ),
        ],
    )


@pytest.mark.grade_cell("orthogonal", weight=2)
def test_rows_are_orthonormal(student):
    """U is a 2 × 3 matrix without an entry 0, and U Uᵀ = I."""
    U = read_matrix(student.wide_matrix, "wide_matrix")
    rows, columns = U.shape
    if rows == columns:
        raise WrongAnswer("a square example", "For a square U the one product implies the other.")
    if U.shape == (3, 2):
        raise WrongAnswer("columns for rows", "It should have 2 rows and 3 columns.")
    if U.shape != (2, 3):
        raise WrongAnswer("shapes do not fit", "It should have 2 rows and 3 columns.")
    if any(entry == 0 for row in U.rows for entry in row):
        raise WrongAnswer("an entry is 0", "The question asks for a U none of whose entries is 0.")
    if not is_identity(multiply(U, transpose(U)), size(U) ** 2, tolerance(U)):
        raise WrongAnswer(
            "rows not orthonormal",
            "Multiply U Uᵀ out: each row needs the length 1, and the rows must be orthogonal.",
        )


@pytest.mark.grade_cell("orthogonal")
def test_a_vector_is_lost(student):
    """The vector x ≠ 0 satisfies U x = 0 for this U, so that UᵀU is not the identity."""
    U = read_matrix(student.wide_matrix, "wide_matrix")
    if U.shape != (2, 3):
        raise WrongAnswer("shapes do not fit", "U should have 2 rows and 3 columns.")
    x = read_vector(student.lost_vector, "lost_vector", 3)
    if not any(x):
        raise WrongAnswer("the zero vector", "Every matrix sends 0 to 0: x must be another vector.")
    scale = size(U) * max(as_mpf(abs(t)) for t in x)
    for entry in apply(U, x):
        if sign_of(entry, scale) and abs(as_mpf(entry)) > tolerance(U) * scale:
            raise WrongAnswer("not lost", "U x is not 0 for your U and your x.")


# T4

REASONS = (
    "transpose",
    "singular values",
    "largest and sum",
    "Cauchy-Schwarz",
    "cyclic trace",
    "equivalence",
)


def check_claim(student, key, breaks, reasons=()):
    answer = read_claim(student.norm_claims, key, "norm_claims")
    judge_claim(answer, breaks=breaks, codes=REASONS, reasons=reasons)


def small_matrix(value, what="A"):
    """A rational matrix with at most four rows and columns."""
    A = read_matrix(value, what)
    if max(A.shape) > 4:
        raise WrongAnswer("too large", f"{what} should have at most four rows and four columns.")
    if not A.is_rational:
        raise WrongAnswer("not rational", f"The entries of {what} should be rational numbers.")
    return A


def two_matrices(pair):
    A, B = read_pair(pair, "the counterexample")
    return small_matrix(A, "A"), small_matrix(B, "B")


def two_square_matrices(pair):
    A, B = two_matrices(pair)
    if A.shape != B.shape or A.shape[0] != A.shape[1]:
        raise WrongAnswer("shapes do not fit", "A and B should be square and of one size.")
    return A, B


def two_symmetric_matrices(pair):
    A, B = two_square_matrices(pair)
    if not (is_symmetric(A) and is_symmetric(B)):
        raise WrongAnswer("premise not met", "The claim speaks of symmetric matrices only.")
    return A, B


def two_vectors(pair):
    first, second = read_pair(pair, "the counterexample")
    x, y = read_vector(first, "x"), read_vector(second, "y")
    if len(x) != len(y):
        raise WrongAnswer("shapes do not fit", "x and y should have the same number of entries.")
    return x, y


def max_entry(A):
    return max(abs(entry) for row in A.rows for entry in row)


def largest_row_sum(A):
    return max(sum(abs(entry) for entry in row) for row in A.rows)


def largest_column_sum(A):
    return largest_row_sum(transpose(A))


def sum_of_squares(A):
    return trace(multiply(A, transpose(A)))


def largest_singular_value_squared(A):
    return spectral_radius(multiply(A, transpose(A)))


def half_norm(x):
    return sum(CONTEXT.sqrt(as_mpf(abs(t))) for t in x) ** 2


@pytest.mark.grade_cell("norm_claims", weight=2)
def test_claim_a(student):
    """Claim a, on the largest entry of a product, is judged rightly."""

    def breaks(pair):
        A, B = two_square_matrices(pair)
        return exceeds(max_entry(multiply(A, B)), max_entry(A) * max_entry(B))

    check_claim(student, "a", breaks)


@pytest.mark.grade_cell("norm_claims", weight=2)
def test_claim_b(student):
    """Claim b, on the spectral radius of a sum, is judged rightly."""

    def breaks(pair):
        A, B = two_square_matrices(pair)
        return exceeds(spectral_radius(add(A, B)), spectral_radius(A) + spectral_radius(B))

    check_claim(student, "b", breaks)


@pytest.mark.grade_cell("norm_claims")
def test_claim_c(student):
    """Claim c, on the spectral norm and the Frobenius norm, is judged rightly."""

    def breaks(matrix):
        A = small_matrix(matrix)
        return exceeds(largest_singular_value_squared(A), sum_of_squares(A))

    # Cauchy-Schwarz for each row times x proves it as well.
    check_claim(student, "c", breaks, reasons={"largest and sum", "Cauchy-Schwarz"})


@pytest.mark.grade_cell("norm_claims")
def test_claim_d(student):
    """Claim d, on the 1-norm and the ∞-norm of the transpose, is judged rightly."""

    def breaks(matrix):
        A = small_matrix(matrix)
        return largest_column_sum(A) != largest_row_sum(transpose(A))

    check_claim(student, "d", breaks, reasons={"transpose"})


@pytest.mark.grade_cell("norm_claims", weight=2)
def test_claim_e(student):
    """Claim e, on the triangle inequality for p = 1/2, is judged rightly."""

    def breaks(pair):
        x, y = two_vectors(pair)
        total = [s + t for s, t in zip(x, y, strict=True)]
        return exceeds(half_norm(total), half_norm(x) + half_norm(y))

    check_claim(student, "e", breaks)


@pytest.mark.grade_cell("norm_claims", weight=2)
def test_claim_f(student):
    """Claim f, on the trace of a product of symmetric matrices, is judged rightly."""

    def breaks(pair):
        A, B = two_symmetric_matrices(pair)
        return exceeds(trace(multiply(A, B)), trace(A) * trace(B))

    check_claim(student, "f", breaks)


@pytest.mark.grade_cell("norm_claims")
def test_claim_g(student):
    """Claim g, on the Frobenius norm of a product, is judged rightly."""

    def breaks(pair):
        A, B = two_matrices(pair)
        if A.shape[1] != B.shape[0]:
            raise WrongAnswer("shapes do not fit", "A B needs as many columns in A as rows in B.")
        return exceeds(sum_of_squares(multiply(A, B)), sum_of_squares(A) * sum_of_squares(B))

    # ‖AB‖_F² is the sum of the ‖A b_j‖², so that ‖AB‖_F ≤ ‖A‖_2 ‖B‖_F: then claim c proves it too.
    check_claim(student, "g", breaks, reasons={"Cauchy-Schwarz", "largest and sum"})


@pytest.mark.grade_cell("norm_claims", weight=2)
def test_claim_h(student):
    """Claim h, on the ∞-norm and the spectral norm, is judged rightly."""

    def breaks(matrix):
        A = small_matrix(matrix)
        return exceeds(largest_row_sum(A) ** 2, largest_singular_value_squared(A))

    check_claim(student, "h", breaks)


# T5

STORED = range(1, 41)
MIXED = read_matrix([[1, 2, 0], [0, 1, 1]], "A")


def true_where(decide):
    """A test of an answer: is it true for just the m and n for which this is?"""
    return lambda answers: all(answer == decide(*case) for case, answer in answers.items())


KEEP_B_SLIPS = (
    Case(
        true_where(lambda m, n: m < 2 * n),  # strict, or m(m + 1)/2 <= mn without the diagonal
        "tie lost",
        "Count again: is the diagonal of D kept too, and who wins where both take the same?",
        credit=0.5,
    ),
    Case(
        true_where(lambda m, n: m * m <= n * (m + 1)),
        "all entries of B",
        "B is symmetric: the entries below the diagonal need not be kept.",
    ),
    Case(
        true_where(lambda m, n: m * (m - 1) <= 2 * (m * n + n)),
        "diagonal of B lost",
        "The entries on the diagonal of B are kept too.",
        credit=0.5,
    ),
    Case(
        true_where(lambda m, n: m * (m + 1) <= 2 * (m * n + n * n)),
        "zeros of D kept",
        "D is diagonal: its n diagonal entries are enough.",
    ),
    Case(
        true_where(lambda m, n: m * (m + 1) >= 2 * n * (m + 1)),
        "the other way round",
        "Your condition is true where keeping the parts is cheaper.",
    ),
)


def check_factor(student, A, d):
    A, D = np.array(A, dtype=float), np.diag(np.array(d, dtype=float))
    F = read_array(student.psd_factor(A.copy(), D.copy()), "psd_factor(A, D)", axes=2)
    require_factor(F, A @ D @ A.T)


@pytest.mark.grade_cell("psd_factor", weight=2)
@pytest.mark.parametrize(("m", "n"), [(2, 5), (4, 4), (1, 2), (3, 7)])
def test_factor_proves_semidefiniteness(student, rng, m, n):
    """F Fᵀ = A D Aᵀ for positive entries of D, whatever the columns of A are."""
    check_factor(student, rng.integers(-9, 10, size=(m, n)), rng.uniform(0.5, 9, size=n))


@pytest.mark.grade_cell("psd_factor")
@pytest.mark.parametrize(
    ("A", "d"),
    [
        ([[1, 2, 1], [2, 0, 3]], [4, 0, 0]),
        ([[1, 1], [1, 1], [2, 2]], [1, 3]),
        ([[1, 0], [2, 1], [3, -1], [0, 2]], [4, 9]),
        ([[3, 1], [2, 5]], [0, 0]),
    ],
)
def test_factor_of_a_singular_matrix(student, A, d):
    """F Fᵀ = A D Aᵀ also where entries of D are 0, or A has more rows than columns."""
    check_factor(student, A, d)


@pytest.mark.grade_cell("psd_factor", weight=2)
def test_condition_for_keeping_b(student):
    """The condition is true exactly where B takes at most as many numbers as A and D."""
    condition = read_condition(student.keep_b, "keep_b", "mn")
    answers = {(m, n): holds(condition, {"m": m, "n": n}) for m, n in product(STORED, STORED)}
    judge(
        answers,
        true_where(lambda m, n: m * (m + 1) <= 2 * (m * n + n)),
        KEEP_B_SLIPS,
        ("not equal", "Write both counts down for m = 2, n = 1 and for m = 3, n = 1."),
    )


@pytest.mark.grade_cell("psd_factor", weight=2)
def test_negative_entry_has_a_witness(student):
    """One entry of D is negative, the others are at least 1, and xᵀ A D Aᵀ x < 0."""
    d = diagonal(student.negative_diagonal)
    x = read_vector(student.negative_x, "negative_x", 2)
    if sum(t < 0 for t in d) != 1 or sum(t >= 1 for t in d) != 2:
        raise WrongAnswer(
            "premise not met", "Exactly one entry of D is negative, and the others are at least 1."
        )
    if not any(x):
        raise WrongAnswer("the zero vector", "At x = 0 every quadratic form is 0.")
    y = apply(transpose(MIXED), x)
    terms = [weight * t * t for weight, t in zip(d, y, strict=True)]
    if sign_of(sum(terms), max(as_mpf(abs(t)) for t in terms)) >= 0:
        raise WrongAnswer(
            "not negative",
            "The quadratic form is not negative at your x. It is a sum of d_k times squares.",
        )


def diagonal(value):
    """The three diagonal entries, from a vector of them or a diagonal matrix."""
    has_rows = isinstance(value, list | tuple) and any(isinstance(t, list | tuple) for t in value)
    if not has_rows and getattr(value, "shape", (3,)) != (3, 3):
        return read_vector(value, "negative_diagonal", 3)
    D = read_matrix(value, "negative_diagonal", (3, 3))
    if any(D.rows[r][c] for r, c in product(range(3), repeat=2) if r != c):
        raise WrongAnswer("not diagonal", "D has entries beside its diagonal that are not 0.")
    return tuple(D.rows[k][k] for k in range(3))
