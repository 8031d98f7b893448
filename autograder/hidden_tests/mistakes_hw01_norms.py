# ruff: noqa: F811  # entries of one question share the name of its function
# pyright: reportRedeclaration=false
"""Known wrong answers to homework 1; each loses points, and is told its note."""

import time

import numpy as np

from autograder.grading.mistakes import mistake, mistaken_cell

# P1


@mistake(
    "lp_norm",
    note="no absolute value",
    hint="A negative entry must not cancel a positive one: the powers are of |x_i|.",
    caught_by="test_signs_do_not_cancel",
)
def lp_norm(x, p):
    if p == 0:
        return np.count_nonzero(x)
    if p == np.inf:
        return np.max(np.abs(x))
    if not p >= 1:
        raise ValueError(p)
    return np.sum(np.asarray(x, dtype=float) ** p) ** (1 / p)


@mistake(
    "lp_norm",
    note="root missing",
    hint="Double x: does your norm double too?",
    caught_by="test_norm_is_the_root_of_the_sum_of_powers",
)
def lp_norm(x, p):
    if p == 0:
        return np.count_nonzero(x)
    if p == np.inf:
        return np.max(np.abs(x))
    if not p >= 1:
        raise ValueError(p)
    return np.sum(np.abs(np.asarray(x, dtype=float)) ** p)


@mistake(
    "lp_norm",
    note="square root for every p",
    hint="The root has to undo the power: which root goes with |x_i|^p?",
    caught_by="test_norm_is_the_root_of_the_sum_of_powers",
)
def lp_norm(x, p):
    if p == 0:
        return np.count_nonzero(x)
    if p == np.inf:
        return np.max(np.abs(x))
    if not p >= 1:
        raise ValueError(p)
    return np.sqrt(np.sum(np.abs(np.asarray(x, dtype=float)) ** p))


@mistake(
    "lp_norm",
    note="sum for the infinity norm",
    hint="As p grows, the largest entry wins: ‖x‖_∞ is a maximum, not a sum.",
    caught_by="test_p_infinity_takes_the_largest_absolute_value",
)
def lp_norm(x, p):
    x = np.abs(np.asarray(x, dtype=float))
    if p == 0:
        return np.count_nonzero(x)
    if p == np.inf:
        return np.sum(x)
    if not p >= 1:
        raise ValueError(p)
    largest = np.max(x)
    return 0.0 if largest == 0 else largest * np.sum((x / largest) ** p) ** (1 / p)


@mistake(
    "lp_norm",
    note="infinity norm without absolute value",
    hint="The largest entry is the one farthest from zero, on either side.",
    caught_by="test_p_infinity_takes_the_largest_absolute_value",
)
def lp_norm(x, p):
    if p == 0:
        return np.count_nonzero(x)
    if p == np.inf:
        return np.max(x)
    if not p >= 1:
        raise ValueError(p)
    x = np.abs(np.asarray(x, dtype=float))
    largest = np.max(x)
    return 0.0 if largest == 0 else largest * np.sum((x / largest) ** p) ** (1 / p)


@mistake(
    "lp_norm",
    note="infinity put into the formula",
    hint="The formula has a limit as p grows, but p = ∞ itself cannot be put into it.",
    caught_by="test_p_infinity_takes_the_largest_absolute_value",
)
def lp_norm(x, p):
    if p == 0:
        return np.count_nonzero(x)
    if not p >= 1:
        raise ValueError(p)
    return np.sum(np.abs(np.asarray(x, dtype=float)) ** p) ** (1 / p)


@mistake(
    "lp_norm",
    note="overflow",
    hint="|x_i|^p can leave the range of a float although ‖x‖ does not: scale x first.",
    caught_by="test_large_and_small_entries_survive",
)
def lp_norm(x, p):
    x = np.abs(np.asarray(x, dtype=float))
    if p == 0:
        return np.count_nonzero(x)
    if p == np.inf:
        return np.max(x)
    if not p >= 1:
        raise ValueError(p)
    return np.sum(x**p) ** (1 / p)


@mistake(
    "lp_norm",
    note="overflow of integers",
    hint="The powers of an array of integers are 64-bit integers: make the entries floats first.",
    caught_by="test_integers_and_lists_are_vectors_too",
)
def lp_norm(x, p):
    x = np.abs(np.asarray(x))
    if p == 0:
        return np.count_nonzero(x)
    if p == np.inf:
        return np.max(x)
    if not p >= 1:
        raise ValueError(p)
    return np.sum(x**p) ** (1 / p)


@mistake(
    "lp_norm",
    note="the library's norm",
    hint="np.linalg.norm overflows where the norm itself does not, and accepts every p.",
    caught_by="test_large_and_small_entries_survive",
)
def lp_norm(x, p):
    return np.linalg.norm(x, p)


@mistake(
    "lp_norm",
    note="0/0 for the zero vector",
    hint="What does your scaling divide by when every entry is zero?",
    caught_by="test_laws_of_a_norm",
)
def lp_norm(x, p):
    x = np.abs(np.asarray(x, dtype=float))
    if p == 0:
        return np.count_nonzero(x)
    largest = np.max(x)
    if p == np.inf:
        return largest
    if not p >= 1:
        raise ValueError(p)
    return largest * np.sum((x / largest) ** p) ** (1 / p)


@mistake(
    "lp_norm",
    note="scaled, and not scaled back",
    hint="You divide x by its largest entry: which factor do you owe the result?",
    caught_by="test_norm_is_the_root_of_the_sum_of_powers",
)
def lp_norm(x, p):
    x = np.abs(np.asarray(x, dtype=float))
    if p == 0:
        return np.count_nonzero(x)
    largest = np.max(x)
    if largest == 0 or p == np.inf:
        return largest
    if not p >= 1:
        raise ValueError(p)
    return np.sum((x / largest) ** p) ** (1 / p)


@mistake(
    "lp_norm",
    note="mean for sum",
    hint="Append a zero to x: a norm does not change, a mean does.",
    caught_by="test_norm_is_the_root_of_the_sum_of_powers",
)
def lp_norm(x, p):
    x = np.abs(np.asarray(x, dtype=float))
    if p == 0:
        return np.count_nonzero(x)
    largest = np.max(x)
    if largest == 0 or p == np.inf:
        return largest
    if not p >= 1:
        raise ValueError(p)
    return largest * np.mean((x / largest) ** p) ** (1 / p)


@mistake(
    "lp_norm",
    note="0^0 counted as 1",
    hint="NumPy takes 0**0 for 1, so that a sum of powers counts the zeros too.",
    caught_by="test_p_zero_counts_the_entries_that_are_not_zero",
)
def lp_norm(x, p):
    x = np.abs(np.asarray(x, dtype=float))
    if p == 0:
        return np.sum(x**0)
    largest = np.max(x)
    if largest == 0 or p == np.inf:
        return largest
    if not p >= 1:
        raise ValueError(p)
    return largest * np.sum((x / largest) ** p) ** (1 / p)


@mistake(
    "lp_norm",
    note="small entries counted as 0",
    hint="1e-30 is small, and not zero: nothing is rounded here that a tolerance could be for.",
    caught_by="test_p_zero_counts_the_entries_that_are_not_zero",
)
def lp_norm(x, p):
    x = np.abs(np.asarray(x, dtype=float))
    if p == 0:
        return np.sum(x > 1e-10)
    largest = np.max(x)
    if largest == 0 or p == np.inf:
        return largest
    if not p >= 1:
        raise ValueError(p)
    return largest * np.sum((x / largest) ** p) ** (1 / p)


@mistake(
    "lp_norm",
    note="exponents below 1 accepted",
    hint="Try p = 1/2 with (1, 0), (0, 1) and their sum: is that a norm? And what of nan?",
    caught_by="test_other_exponents_are_refused",
)
def lp_norm(x, p):
    if p < 0:
        raise ValueError(p)
    x = np.abs(np.asarray(x, dtype=float))
    if p == 0:
        return np.count_nonzero(x)
    largest = np.max(x)
    if largest == 0 or p == np.inf:
        return largest
    return largest * np.sum((x / largest) ** p) ** (1 / p)


@mistake(
    "lp_norm",
    note="nan accepted",
    hint="nan < 1 is false, and so is nan >= 1: on which side does your test let it through?",
    caught_by="test_other_exponents_are_refused",
)
def lp_norm(x, p):
    if p < 1 and p != 0:
        raise ValueError(p)
    x = np.abs(np.asarray(x, dtype=float))
    if p == 0:
        return np.count_nonzero(x)
    largest = np.max(x)
    if largest == 0 or p == np.inf:
        return largest
    return largest * np.sum((x / largest) ** p) ** (1 / p)


@mistake(
    "lp_norm",
    note="x changed in place",
    hint="`/=` and `out=` write into the caller's array: work on a copy.",
    caught_by="test_the_vector_is_left_as_it_was",
)
def lp_norm(x, p):
    if not (p == 0 or p >= 1):
        raise ValueError(p)
    x = np.asarray(x) if np.asarray(x).dtype == float else np.array(x, dtype=float)
    np.abs(x, out=x)
    if p == 0:
        return np.count_nonzero(x)
    largest = np.max(x)
    if largest == 0 or p == np.inf:
        return largest
    x /= largest
    return largest * np.sum(x**p) ** (1 / p)


# P2


@mistake(
    "matrix_norm",
    note="one and inf swapped",
    hint="axis=0 adds down the columns, and the 1-norm is the largest column sum.",
    caught_by="test_one_norm_is_the_largest_column_sum",
)
def matrix_norm(A, kind):
    if kind == "one":
        return np.abs(A).sum(axis=1).max()
    if kind == "inf":
        return np.abs(A).sum(axis=0).max()
    if kind == "two":
        return np.linalg.svd(A, compute_uv=False)[0]
    if kind == "fro":
        return np.sqrt(np.sum(A**2))
    if kind == "nuc":
        return np.linalg.svd(A, compute_uv=False).sum()
    raise ValueError(kind)


@mistake(
    "matrix_norm",
    note="two-norm by eigenvalues",
    hint="The largest |eigenvalue| is no norm: it is 0 for some matrices that are not 0.",
    caught_by="test_two_norm_is_not_about_eigenvalues",
)
def matrix_norm(A, kind):
    if kind == "one":
        return np.abs(A).sum(axis=0).max()
    if kind == "inf":
        return np.abs(A).sum(axis=1).max()
    if kind == "two":
        return np.abs(np.linalg.eigvals(A)).max()
    if kind == "fro":
        return np.sqrt(np.sum(A**2))
    if kind == "nuc":
        return np.linalg.svd(A, compute_uv=False).sum()
    raise ValueError(kind)


@mistake(
    "matrix_norm",
    note="Frobenius norm without root",
    hint="Double A: does your Frobenius norm double too?",
    caught_by="test_frobenius_norm_is_the_length_of_the_entries",
)
def matrix_norm(A, kind):
    if kind == "one":
        return np.abs(A).sum(axis=0).max()
    if kind == "inf":
        return np.abs(A).sum(axis=1).max()
    if kind == "two":
        return np.linalg.svd(A, compute_uv=False)[0]
    if kind == "fro":
        return np.sum(A**2)
    if kind == "nuc":
        return np.linalg.svd(A, compute_uv=False).sum()
    raise ValueError(kind)


@mistake(
    "matrix_norm",
    note="largest entry for the infinity norm",
    hint="The largest |a_ij| is not induced by a vector norm: add up each row first.",
    caught_by="test_infinity_norm_is_the_largest_row_sum",
)
def matrix_norm(A, kind):
    if kind == "one":
        return np.abs(A).sum(axis=0).max()
    if kind == "inf":
        return np.abs(A).max()
    if kind == "two":
        return np.linalg.svd(A, compute_uv=False)[0]
    if kind == "fro":
        return np.sqrt(np.sum(A**2))
    if kind == "nuc":
        return np.linalg.svd(A, compute_uv=False).sum()
    raise ValueError(kind)


@mistake(
    "matrix_norm",
    note="sum of all entries for the 1-norm",
    hint="That is the 1-norm of the entries in one long row; the induced norm takes a maximum.",
    caught_by="test_one_norm_is_the_largest_column_sum",
)
def matrix_norm(A, kind):
    if kind == "one":
        return np.abs(A).sum()
    if kind == "inf":
        return np.abs(A).sum(axis=1).max()
    if kind == "two":
        return np.linalg.svd(A, compute_uv=False)[0]
    if kind == "fro":
        return np.sqrt(np.sum(A**2))
    if kind == "nuc":
        return np.linalg.svd(A, compute_uv=False).sum()
    raise ValueError(kind)


@mistake(
    "matrix_norm",
    note="no absolute value in the sums",
    hint="Entries of opposite sign must not cancel in a column sum or a row sum.",
    caught_by="test_one_norm_is_the_largest_column_sum",
)
def matrix_norm(A, kind):
    if kind == "one":
        return A.sum(axis=0).max()
    if kind == "inf":
        return A.sum(axis=1).max()
    if kind == "two":
        return np.linalg.svd(A, compute_uv=False)[0]
    if kind == "fro":
        return np.sqrt(np.sum(A**2))
    if kind == "nuc":
        return np.linalg.svd(A, compute_uv=False).sum()
    raise ValueError(kind)


@mistake(
    "matrix_norm",
    note="absolute value after the sum",
    hint="|a + b| is not |a| + |b|: take the absolute value of each entry, then add.",
    caught_by="test_infinity_norm_is_the_largest_row_sum",
)
def matrix_norm(A, kind):
    if kind == "one":
        return np.abs(A.sum(axis=0)).max()
    if kind == "inf":
        return np.abs(A.sum(axis=1)).max()
    if kind == "two":
        return np.linalg.svd(A, compute_uv=False)[0]
    if kind == "fro":
        return np.sqrt(np.sum(A**2))
    if kind == "nuc":
        return np.linalg.svd(A, compute_uv=False).sum()
    raise ValueError(kind)


@mistake(
    "matrix_norm",
    note="square of the two-norm",
    hint="The eigenvalues of AᵀA are the squares of the singular values of A.",
    caught_by="test_two_norm_is_the_largest_singular_value",
)
def matrix_norm(A, kind):
    if kind == "one":
        return np.abs(A).sum(axis=0).max()
    if kind == "inf":
        return np.abs(A).sum(axis=1).max()
    if kind == "two":
        return np.linalg.eigvalsh(A.T @ A).max()
    if kind == "fro":
        return np.sqrt(np.sum(A**2))
    if kind == "nuc":
        return np.linalg.svd(A, compute_uv=False).sum()
    raise ValueError(kind)


@mistake(
    "matrix_norm",
    note="smallest singular value",
    hint="NumPy sorts singular values from the largest to the smallest.",
    caught_by="test_two_norm_is_the_largest_singular_value",
)
def matrix_norm(A, kind):
    if kind == "one":
        return np.abs(A).sum(axis=0).max()
    if kind == "inf":
        return np.abs(A).sum(axis=1).max()
    if kind == "two":
        return np.linalg.svd(A, compute_uv=False)[-1]
    if kind == "fro":
        return np.sqrt(np.sum(A**2))
    if kind == "nuc":
        return np.linalg.svd(A, compute_uv=False).sum()
    raise ValueError(kind)


@mistake(
    "matrix_norm",
    note="Frobenius norm for the two-norm",
    hint="The length of all entries bounds the largest stretch, but is seldom equal to it.",
    caught_by="test_two_norm_is_the_largest_singular_value",
)
def matrix_norm(A, kind):
    if kind == "one":
        return np.abs(A).sum(axis=0).max()
    if kind == "inf":
        return np.abs(A).sum(axis=1).max()
    if kind in ("two", "fro"):
        return np.sqrt(np.sum(A**2))
    if kind == "nuc":
        return np.linalg.svd(A, compute_uv=False).sum()
    raise ValueError(kind)


@mistake(
    "matrix_norm",
    note="a bound for the two-norm",
    hint="The 1-norm times the ∞-norm bounds the square of the two-norm; they seldom are equal.",
    caught_by="test_two_norm_is_the_largest_singular_value",
)
def matrix_norm(A, kind):
    one, inf = np.abs(A).sum(axis=0).max(), np.abs(A).sum(axis=1).max()
    if kind == "one":
        return one
    if kind == "inf":
        return inf
    if kind == "two":
        return np.sqrt(one * inf)
    if kind == "fro":
        return np.sqrt(np.sum(A**2))
    if kind == "nuc":
        return np.linalg.svd(A, compute_uv=False).sum()
    raise ValueError(kind)


@mistake(
    "matrix_norm",
    note="another error",
    hint="A dict without the key raises KeyError: the question asks for a ValueError.",
    caught_by="test_other_kinds_are_refused",
)
def matrix_norm(A, kind):
    S = np.linalg.svd(A, compute_uv=False)
    norms = {
        "one": np.abs(A).sum(axis=0).max(),
        "inf": np.abs(A).sum(axis=1).max(),
        "two": S[0],
        "fro": np.sqrt(np.sum(A**2)),
        "nuc": S.sum(),
    }
    return norms[kind]


@mistake(
    "matrix_norm",
    note="trace for the nuclear norm",
    hint="The diagonal is the sum of the eigenvalues; the nuclear norm adds singular values.",
    caught_by="test_nuclear_norm_is_the_sum_of_the_singular_values",
)
def matrix_norm(A, kind):
    if kind == "one":
        return np.abs(A).sum(axis=0).max()
    if kind == "inf":
        return np.abs(A).sum(axis=1).max()
    if kind == "two":
        return np.linalg.svd(A, compute_uv=False)[0]
    if kind == "fro":
        return np.sqrt(np.sum(A**2))
    if kind == "nuc":
        return np.abs(np.diag(A)).sum()
    raise ValueError(kind)


@mistake(
    "matrix_norm",
    note="squares in the nuclear norm",
    hint="The squares of the singular values add up to the squared Frobenius norm.",
    caught_by="test_nuclear_norm_is_the_sum_of_the_singular_values",
)
def matrix_norm(A, kind):
    if kind == "one":
        return np.abs(A).sum(axis=0).max()
    if kind == "inf":
        return np.abs(A).sum(axis=1).max()
    if kind == "two":
        return np.linalg.svd(A, compute_uv=False)[0]
    if kind == "fro":
        return np.sqrt(np.sum(A**2))
    if kind == "nuc":
        return np.trace(A.T @ A)
    raise ValueError(kind)


@mistake(
    "matrix_norm",
    note="unknown kinds accepted",
    hint="A kind that is misspelt should not pass for another one.",
    caught_by="test_other_kinds_are_refused",
)
def matrix_norm(A, kind):
    if kind == "one":
        return np.abs(A).sum(axis=0).max()
    if kind == "inf":
        return np.abs(A).sum(axis=1).max()
    if kind == "two":
        return np.linalg.svd(A, compute_uv=False)[0]
    if kind == "fro":
        return np.sqrt(np.sum(A**2))
    return np.linalg.svd(A, compute_uv=False).sum()


@mistake(
    "matrix_norm",
    note="calls a library norm",
    hint="The question asks for the definitions: sums, maxima and singular values.",
    caught_by="test_norms_are_written_from_their_definitions",
    by_behaviour=False,
)
def matrix_norm(A, kind):
    kinds = {"one": 1, "inf": np.inf, "two": 2, "fro": "fro", "nuc": "nuc"}
    if kind not in kinds:
        raise ValueError(kind)
    return np.linalg.norm(A, kinds[kind])


# P3


@mistake(
    "design_matrix",
    note="endpoint missing",
    hint="np.arange stops before its end, or not, as rounding decides: count the points instead.",
    caught_by="test_grid_has_every_point_once",
)
def grid(a, b, step):
    return np.arange(a, b, step)


@mistake(
    "design_matrix",
    note="a point too many",
    hint="np.arange(a, b + step, step) runs past b for some steps: count the points instead.",
    caught_by="test_grid_has_every_point_once",
)
def grid(a, b, step):
    return np.arange(a, b + step, step)


@mistake(
    "design_matrix",
    note="count cut off",
    hint="A quotient a little below a whole number loses a point to int(): round it.",
    caught_by="test_grid_has_every_point_once",
)
def grid(a, b, step):
    return a + step * np.arange(int((b - a) / step) + 1)


@mistake(
    "design_matrix",
    note="count rounded up",
    hint="A quotient a little above a whole number gains a point by ceil(): round it to the next.",
    caught_by="test_grid_has_every_point_once",
)
def grid(a, b, step):
    return np.linspace(a, b, int(np.ceil((b - a) / step)) + 1)


@mistake(
    "design_matrix",
    note="intervals counted for points",
    hint="A fence of N intervals has N + 1 posts.",
    caught_by="test_grid_has_every_point_once",
)
def grid(a, b, step):
    return np.linspace(a, b, round((b - a) / step))


mistaken_cell(
    "design_matrix",
    note="a loop",
    hint="Shape (n, 1) and shape (d,) broadcast to shape (n, d) without a loop.",
    caught_by="test_there_is_no_loop",
    source="""
    def grid(a, b, step):
        return np.array([a + k * step for k in range(round((b - a) / step) + 1)])


    def design_matrix(x, d):
        return np.asarray(x, dtype=float)[:, None] ** np.arange(1, d + 1)
    """,
)


@mistake(
    "design_matrix",
    note="reshaped to 10 rows",
    hint="Rows belong to the points and columns to the powers: there is nothing to reshape.",
    caught_by="test_matrix_of_the_lecture_is_201_by_20",
)
def design_matrix(x, d):
    return np.asarray(x, dtype=float)[: len(x) // d * d].reshape(-1, d)


@mistake(
    "design_matrix",
    note="only three powers",
    hint="The number of columns is d, not a number of your choice.",
    caught_by="test_matrix_of_the_lecture_is_201_by_20",
)
def design_matrix(x, d):  # noqa: ARG001  # that is the mistake
    x = np.asarray(x, dtype=float)
    return np.stack([x, x**2, x**3], axis=1)


@mistake(
    "design_matrix",
    note="filled up by reshaping",
    hint="np.resize repeats or drops entries without a word: did every row keep its own point?",
    caught_by="test_entries_are_powers",
)
def design_matrix(x, d):
    x = np.asarray(x, dtype=float)
    return np.resize(x, (len(x), d)) ** np.arange(1, d + 1)


@mistake(
    "design_matrix",
    note="integer overflow",
    hint="Integers in an array have 64 bits, too few for 10^20: make x floats before the power.",
    caught_by="test_integers_do_not_overflow",
)
def design_matrix(x, d):
    return np.asarray(x)[:, None] ** np.arange(1, d + 1)


@mistake(
    "design_matrix",
    note="integer overflow",
    hint="Integers in an array have 64 bits, too few for 10^20: make x floats before the power.",
    caught_by="test_integers_do_not_overflow",
)
def design_matrix(x, d):
    return (np.asarray(x)[:, None] ** np.arange(1, d + 1)).astype(float)


@mistake(
    "design_matrix",
    note="a column of ones",
    hint="The powers are 1 to d here; range(d) starts at 0.",
    caught_by="test_entries_are_powers",
)
def design_matrix(x, d):
    return np.asarray(x, dtype=float)[:, None] ** np.arange(d)


@mistake(
    "design_matrix",
    note="powers in falling order",
    hint="np.vander starts with the highest power and ends with ones.",
    caught_by="test_entries_are_powers",
)
def design_matrix(x, d):
    return np.vander(np.asarray(x, dtype=float), d + 1)[:, :-1]


@mistake(
    "design_matrix",
    note="transposed",
    hint="Rows are points and columns are powers, not the other way round.",
    caught_by="test_entries_are_powers",
)
def design_matrix(x, d):
    return np.asarray(x, dtype=float) ** np.arange(1, d + 1)[:, None]


@mistake(
    "design_matrix",
    note="multiples for powers",
    hint="Column j holds x to the power j, not j times x.",
    caught_by="test_entries_are_powers",
)
def design_matrix(x, d):
    return np.asarray(x, dtype=float)[:, None] * np.arange(1, d + 1)


@mistake(
    "design_matrix",
    note="powers by logarithms",
    hint="A negative x has powers although it has no logarithm.",
    caught_by="test_entries_are_powers",
)
def design_matrix(x, d):
    return np.exp(np.log(np.asarray(x, dtype=float))[:, None] * np.arange(1, d + 1))


@mistake(
    "design_matrix",
    note="single precision",
    hint="float32 keeps seven digits: the question asks for float64.",
    caught_by="test_entries_are_powers",
)
def design_matrix(x, d):
    return np.asarray(x, dtype=np.float32)[:, None] ** np.arange(1, d + 1, dtype=np.float32)


mistaken_cell(
    "design_matrix",
    note="a loop",
    hint="Shape (n, 1) and shape (d,) broadcast to shape (n, d) without a loop.",
    caught_by="test_there_is_no_loop",
    source="""
    def grid(a, b, step):
        return np.linspace(a, b, round((b - a) / step) + 1)


    def design_matrix(x, d):
        x = np.asarray(x, dtype=float)
        A = np.empty((len(x), d))
        for j in range(d):
            A[:, j] = x ** (j + 1)
        return A
    """,
)


mistaken_cell(
    "design_matrix",
    note="a loop",
    hint="np.vectorize is a loop with another name: let ** work on whole arrays.",
    caught_by="test_there_is_no_loop",
    source="""
    def grid(a, b, step):
        return np.linspace(a, b, round((b - a) / step) + 1)


    def design_matrix(x, d):
        power = np.vectorize(lambda t, j: float(t) ** j)
        return power(np.asarray(x, dtype=float)[:, None], np.arange(1, d + 1))
    """,
)


# P4


@mistake(
    "gemm_accumulate",
    note="C stays as it was",
    hint="`C = C + ...` makes a new array; the one that was passed in stays as it was.",
    caught_by="test_c_becomes_ab_plus_c",
)
def gemm_accumulate(A, B, C):
    C = C + A @ B
    return C  # noqa: RET504  # the line before is the mistake


@mistake(
    "gemm_accumulate",
    note="a second matrix of the size of C",
    hint="Somewhere the whole product AB, or a copy of C, is built. Add it piece by piece.",
    caught_by="test_no_second_matrix_is_made",
    by_behaviour=False,
)
def gemm_accumulate(A, B, C):
    C += A @ B


@mistake(
    "gemm_accumulate",
    note="a second matrix of the size of C",
    hint="`(A @ B)[i]` computes every row in order to keep one: row i needs only A[i].",
    caught_by="test_no_second_matrix_is_made",
    by_behaviour=False,
)
def gemm_accumulate(A, B, C):
    if np.may_share_memory(A, C):
        A = A.copy()
    if np.may_share_memory(B, C):
        B = B.copy()
    for i in range(len(C)):
        C[i] += (A @ B)[i]


@mistake(
    "gemm_accumulate",
    note="a second matrix of the size of C",
    hint="Each outer product is a matrix of the size of C: go by rows instead.",
    caught_by="test_no_second_matrix_is_made",
    by_behaviour=False,
)
def gemm_accumulate(A, B, C):
    A, B = A.copy(), B.copy()
    for k in range(A.shape[1]):
        C += np.outer(A[:, k], B[k])


@mistake(
    "gemm_accumulate",
    note="reads what it has already overwritten",
    hint="Where B is C, row 1 is overwritten before row 2 needs it.",
    caught_by="test_old_values_count_where_b_shares_memory_with_c",
)
def gemm_accumulate(A, B, C):
    for i in range(len(C)):
        C[i] += A[i] @ B


@mistake(
    "gemm_accumulate",
    note="reads what it has already overwritten",
    hint="Where A is C, column 1 is overwritten before column 2 needs it.",
    caught_by="test_old_values_count_where_a_shares_memory_with_c",
)
def gemm_accumulate(A, B, C):
    if np.may_share_memory(B, C):
        B = B.copy()
    for j in range(C.shape[1]):
        C[:, j] += A @ B[:, j]


@mistake(
    "gemm_accumulate",
    note="reads what it has already overwritten",
    hint="`A is C` is false for A = C.T and for a part of C, which share memory all the same.",
    caught_by="test_old_values_count_where_b_shares_memory_with_c",
)
def gemm_accumulate(A, B, C):
    A = A.copy() if A is C else A
    B = B.copy() if B is C else B
    for i in range(len(C)):
        C[i] += A[i] @ B


@mistake(
    "gemm_accumulate",
    note="C stays as it was",
    hint="The result has to land in C itself: copy what is read, not what is written.",
    caught_by="test_old_values_count_where_a_shares_memory_with_c",
)
def gemm_accumulate(A, B, C):
    if np.may_share_memory(A, C) or np.may_share_memory(B, C):
        C = C.copy()
    for i in range(len(C)):
        C[i] += A[i] @ B


@mistake(
    "gemm_accumulate",
    note="overwrites instead of adding",
    hint="What C held before is lost: the product is to be added to it.",
    caught_by="test_c_becomes_ab_plus_c",
)
def gemm_accumulate(A, B, C):
    if np.may_share_memory(A, C):
        A = A.copy()
    if np.may_share_memory(B, C):
        B = B.copy()
    for i in range(len(C)):
        C[i] = A[i] @ B


@mistake(
    "gemm_accumulate",
    note="C stays as it was",
    hint="np.ascontiguousarray copies a strided array, and the copy is all that changes.",
    caught_by="test_strided_view_is_written_through",
)
def gemm_accumulate(A, B, C):
    if np.may_share_memory(A, C):
        A = A.copy()
    if np.may_share_memory(B, C):
        B = B.copy()
    C = np.ascontiguousarray(C)
    for i in range(len(C)):
        C[i] += A[i] @ B


@mistake(
    "gemm_accumulate",
    note="C stays as it was",
    hint="The rows after the last whole block are in C as well: let the last block be short.",
    caught_by="test_c_becomes_ab_plus_c",
)
def gemm_accumulate(A, B, C):
    if np.may_share_memory(A, C):
        A = A.copy()
    if np.may_share_memory(B, C):
        B = B.copy()
    for block in range(len(C) // 8):
        rows = slice(8 * block, 8 * block + 8)
        C[rows] += A[rows] @ B


@mistake(
    "gemm_accumulate",
    note="changes A or B",
    hint="A and B belong to the caller: after the call they must be what they were.",
    caught_by="test_calls_add_up",
)
def gemm_accumulate(A, B, C):
    if np.may_share_memory(A, C):
        A = A.copy()
    if np.may_share_memory(B, C):
        B = B.copy()
    for i in range(len(C)):
        C[i] += A[i] @ B
        A[i] = 0


# P5


@mistake(
    "matmul_levels",
    note="diagonal only",
    hint="Each row of A meets every column of B, not one.",
    caught_by="test_dots_give_the_product",
    by_behaviour=False,
)
def matmul_dots(A, B):
    C = np.zeros((A.shape[0], B.shape[1]))
    for i in range(min(C.shape)):
        C[i, i] = (A[i] @ B[:, i]).item()
    return C


@mistake(
    "matmul_levels",
    note="A times B transposed",
    hint="The rows of A meet the columns of B.",
    caught_by="test_dots_give_the_product",
    by_behaviour=False,
)
def matmul_dots(A, B):
    C = np.zeros((A.shape[0], B.shape[0]))
    for i in range(A.shape[0]):
        for j in range(B.shape[0]):
            C[i, j] = (A[i] @ B[j]).item()
    return C


@mistake(
    "matmul_levels",
    note="square matrices only",
    hint="m, k and n may differ: which of them does each loop run over?",
    caught_by="test_dots_give_the_product",
    by_behaviour=False,
)
def matmul_dots(A, B):
    n = len(A)
    C = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            C[i, j] = (A[i] @ B[:, j]).item()
    return C


@mistake(
    "matmul_levels",
    note="products of another level",
    hint="`(A @ B)[i, j]` computes every entry in order to keep one.",
    caught_by="test_dots_are_mn_dot_products",
    by_behaviour=False,
)
def matmul_dots(A, B):
    C = np.zeros((A.shape[0], B.shape[1]))
    for i in range(A.shape[0]):
        for j in range(B.shape[1]):
            C[i, j] = (A @ B)[i, j].item()
    return C


@mistake(
    "matmul_levels",
    note="products that are not counted",
    hint="NumPy's own product is not counted: use @ between CountingArrays.",
    caught_by="test_dots_are_mn_dot_products",
    by_behaviour=False,
)
def matmul_dots(A, B):
    A, B = A.numpy(), B.numpy()
    return np.array([[row @ column for column in B.T] for row in A])


@mistake(
    "matmul_levels",
    note="too many products",
    hint="Every `@` is a new product: keep the first one if you need it again.",
    caught_by="test_dots_are_mn_dot_products",
    by_behaviour=False,
)
def matmul_dots(A, B):
    C = np.zeros((A.shape[0], B.shape[1]))
    for i in range(A.shape[0]):
        for j in range(B.shape[1]):
            if (A[i] @ B[:, j]).item() != 0:
                C[i, j] = (A[i] @ B[:, j]).item()
    return C


@mistake(
    "matmul_levels",
    note="products of another level",
    hint="Row i of A times B takes m products; the columns of B take n.",
    caught_by="test_columns_are_n_matrix_vector_products",
    by_behaviour=False,
)
def matmul_columns(A, B):
    return np.stack([(A[i] @ B).numpy() for i in range(A.shape[0])])


@mistake(
    "matmul_levels",
    note="transposed",
    hint="np.stack puts what you give it into rows: each A b_j is a column.",
    caught_by="test_columns_give_the_product",
    by_behaviour=False,
)
def matmul_columns(A, B):
    return np.stack([(A @ B[:, j]).numpy() for j in range(B.shape[1])])


@mistake(
    "matmul_levels",
    note="columns of another count",
    hint="B has n columns; the rows of A are another number.",
    caught_by="test_columns_give_the_product",
    by_behaviour=False,
)
def matmul_columns(A, B):
    C = np.zeros((A.shape[0], B.shape[1]))
    for j in range(B.shape[0]):
        C[:, j] = (A @ B[:, j]).numpy()
    return C


@mistake(
    "matmul_levels",
    note="a promise returned",
    hint="Return a NumPy array: the numbers of a product are read by .numpy().",
    caught_by="test_whole_is_one_product",
    by_behaviour=False,
)
def matmul_whole(A, B):
    return A @ B


@mistake(
    "matmul_levels",
    note="products of another level",
    hint="At this level there is no loop: one @ between the two matrices.",
    caught_by="test_whole_is_one_product",
    by_behaviour=False,
)
def matmul_whole(A, B):
    return np.stack([(A @ B[:, j]).numpy() for j in range(B.shape[1])], axis=1)


@mistake(
    "matmul_levels",
    note="entrywise product",
    hint="`*` multiplies entry by entry; the matrix product is `@`.",
    caught_by="test_whole_is_one_product",
    by_behaviour=False,
)
def matmul_whole(A, B):
    return A.numpy() * B.numpy()


@mistake(
    "matmul_levels",
    note="timer read before the result",
    hint="`A @ B` returns at once, with a promise: read its numbers before the clock.",
    caught_by="test_clock_is_read_after_the_result",
    by_behaviour=False,
)
def time_product(A, B, clock):
    start = clock()
    C = A @ B
    seconds = clock() - start
    C.numpy()
    return seconds


@mistake(
    "matmul_levels",
    note="timer read before the result",
    hint="`A @ B` returns at once, with a promise: read its numbers before the clock.",
    caught_by="test_clock_is_read_after_the_result",
    by_behaviour=False,
)
def time_product(A, B, clock):
    start = clock()
    A @ B  # pyright: ignore[reportUnusedExpression]  # that is the mistake
    return clock() - start


@mistake(
    "matmul_levels",
    note="start minus end",
    hint="A duration is the later time minus the earlier one.",
    caught_by="test_clock_is_read_after_the_result",
    by_behaviour=False,
)
def time_product(A, B, clock):
    start = clock()
    (A @ B).numpy()
    return start - clock()


@mistake(
    "matmul_levels",
    note="another clock",
    hint="Read the clock that you are given.",
    caught_by="test_clock_is_read_after_the_result",
    by_behaviour=False,
)
def time_product(A, B, clock):  # noqa: ARG001  # that is the mistake
    start = time.perf_counter()
    (A @ B).numpy()
    return time.perf_counter() - start


@mistake(
    "matmul_levels",
    note="the product timed twice",
    hint="Between the two readings of the clock there is to be one product, no more.",
    caught_by="test_clock_is_read_after_the_result",
    by_behaviour=False,
)
def time_product(A, B, clock):
    start = clock()
    (A @ B).numpy()
    (A @ B).numpy()
    return clock() - start


# T1


def wrong_norm(formula, zero, note, hint, caught_by):
    """Keeps a wrong pair of a formula and a witness."""
    source = f'x1, x2 = sp.symbols("x1 x2", real=True)\nprinted_norm = {formula}\n'
    source += f"printed_norm_witness = {zero}\n"
    return {"note": note, "hint": hint, "caught_by": caught_by, "source": source}


WITNESS = "test_witness_is_not_zero_and_its_norm_is"
TRIANGLE = "test_second_line_triangle_inequality"
HOMOGENEOUS = "test_third_line_homogeneous"

for wrong in (
    wrong_norm(
        "sp.sqrt(x1**2 + x2**2)",
        "(0, 0)",
        "the zero vector",
        "Every norm is 0 at 0. What breaks definiteness is another vector with the value 0.",
        WITNESS,
    ),
    wrong_norm(
        "sp.Max(sp.Abs(x1), sp.Abs(x2))",
        "(0, 1)",
        "not zero there",
        "At your vector your function is not 0.",
        WITNESS,
    ),
    wrong_norm(
        "x1**2",
        "(0, 1)",
        "not homogeneous",
        "Twice the vector must have twice the value: compare f(2x) with 2 f(x).",
        HOMOGENEOUS,
    ),
    wrong_norm(
        "x1 - x2",
        "(1, 1)",
        "takes negative values",
        "Somewhere your function is less than 0.",
        "test_first_line_nonnegative",
    ),
    wrong_norm(
        "sp.Max(x1, 0)",
        "(-1, 0)",
        "not homogeneous for negative factors",
        "For a negative factor the slide has its absolute value: compare f(-x) with f(x).",
        HOMOGENEOUS,
    ),
    wrong_norm(
        "sp.sqrt(sp.Abs(x1 * x2))",
        "(1, 0)",
        "no triangle inequality",
        "For some x and y, f(x + y) is larger than f(x) + f(y). Try the unit vectors.",
        TRIANGLE,
    ),
    wrong_norm(
        "sp.Min(sp.Abs(x1), sp.Abs(x2))",
        "(1, 0)",
        "no triangle inequality",
        "For some x and y, f(x + y) is larger than f(x) + f(y). Try the unit vectors.",
        TRIANGLE,
    ),
    wrong_norm(
        "sp.sqrt(sp.Abs(x1**2 - x2**2))",
        "(1, 1)",
        "no triangle inequality",
        "For some x and y, f(x + y) is larger than f(x) + f(y). Try the unit vectors.",
        TRIANGLE,
    ),
    wrong_norm(
        "sp.Abs(sp.sign(x1))",
        "(0, 1)",
        "not homogeneous",
        "Twice the vector must have twice the value: compare f(2x) with 2 f(x).",
        HOMOGENEOUS,
    ),
    wrong_norm(
        "x1**2 / sp.Abs(x1)",
        "(0, 1)",
        "not defined everywhere",
        "The function must have a real value at every point; somewhere yours has none.",
        "test_first_line_nonnegative",
    ),
    wrong_norm(
        "sp.Abs(x1) + sp.Abs(sp.Symbol('y'))",
        "(0, 1)",
        "cannot be read",
        "printed_norm may hold no symbols but x1 and x2.",
        "test_first_line_nonnegative",
    ),
    wrong_norm(
        "sp.Abs(x1)",
        "(0, float('nan'))",
        "cannot be read",
        "The entries of the witness are finite numbers.",
        WITNESS,
    ),
    wrong_norm(
        "lambda x: abs(x[0])",
        "(0, 1)",
        "cannot be read",
        "printed_norm is a SymPy expression and no function.",
        "test_first_line_nonnegative",
    ),
):
    mistaken_cell("printed_norm", **wrong)

# T2

BELOW = "test_constant_for_p_below_q"
ABOVE = "test_constant_for_p_above_q"
ATTAINED_BELOW = "test_vector_attains_the_constant_for_p_below_q"
ATTAINED_ABOVE = "test_vector_attains_the_constant_for_p_above_q"


@mistake(
    "norm_constant",
    note="n instead of a root of n",
    hint="Only p = 1 with q = ∞ needs the whole n. Compute both norms of the vector of ones.",
    caught_by=BELOW,
)
def norm_constant(n, p, q):
    return n if p < q else 1


@mistake(
    "norm_constant",
    note="square root for all exponents",
    hint="The square root of n is right for p = 1, q = 2 and for p = 2, q = ∞, and for few others.",
    caught_by=BELOW,
)
def norm_constant(n, p, q):
    return np.sqrt(n) if p < q else 1


@mistake(
    "norm_constant",
    note="sign of the exponent",
    hint="For p < q your constant is less than 1, and a unit vector already needs 1.",
    caught_by=BELOW,
)
def norm_constant(n, p, q):
    return n ** (1 / q - 1 / p)


@mistake(
    "norm_constant",
    note="p and q exchanged",
    hint="Which of the two norms stands on the left? Try the vector of ones.",
    caught_by=BELOW,
)
def norm_constant(n, p, q):
    return n ** max(0, 1 / q - 1 / p)


@mistake(
    "norm_constant",
    note="below 1 for p above q",
    hint="The vector of ones is not the worst one for every p and q: try a unit vector too.",
    caught_by=ABOVE,
)
def norm_constant(n, p, q):
    return n ** (1 / p - 1 / q)


@mistake(
    "norm_constant",
    note="the same in both directions",
    hint="Your constant holds for every p and q, but in one direction a smaller one will do.",
    caught_by=ABOVE,
)
def norm_constant(n, p, q):
    return n ** abs(1 / p - 1 / q)


@mistake(
    "norm_constant",
    note="always 1",
    hint="For p < q the p-norm is the larger one: try the vector of ones.",
    caught_by=BELOW,
)
def norm_constant(n, p, q):  # noqa: ARG001  # that is the mistake
    return 1


@mistake(
    "norm_constant",
    note="difference of the exponents",
    hint="The exponents come in by 1/p and 1/q: the norms are roots of sums.",
    caught_by=BELOW,
)
def norm_constant(n, p, q):
    return n ** max(0, q - p)


@mistake(
    "norm_constant",
    note="the whole n for infinity",
    hint="For q = ∞ the exponent 1/q is 0, and 1/p stays. Try the vector of ones.",
    caught_by="test_constant_with_the_maximum_norm",
)
def norm_constant(n, p, q):
    if q == np.inf:
        return n if p < q else 1
    return n ** max(0, 1 / p - 1 / q)


mistaken_cell(
    "norm_constant",
    note="cannot be read",
    hint="The constant is a number, also where p or q is infinite.",
    caught_by="test_constant_with_the_maximum_norm",
    source="""
    def norm_constant(n, p, q):
        if np.inf in (p, q):
            return sp.oo
        return n ** max(0, 1 / p - 1 / q)
    """,
)


def wrong_vector(body, note, hint, caught_by):
    """A wrong extremal vector."""
    source = f"def extremal_vector(n, p, q):\n    return {body}\n"
    return {"note": note, "hint": hint, "caught_by": caught_by, "source": source}


for wrong in (
    wrong_vector(
        "np.eye(n)[0]",
        "a coordinate vector",
        "A multiple of a unit vector has the same norm for every p: its quotient is always 1.",
        ATTAINED_BELOW,
    ),
    wrong_vector(
        "np.ones(n)",
        "all entries alike",
        "A vector with entries of one size makes the quotient largest for some p and q, "
        "and smallest for the others.",
        ATTAINED_ABOVE,
    ),
    wrong_vector(
        "np.ones(n) if p > q else np.eye(n)[0]",
        "a coordinate vector",
        "A multiple of a unit vector has the same norm for every p: its quotient is always 1.",
        ATTAINED_BELOW,
    ),
    wrong_vector(
        "np.zeros(n)",
        "the zero vector",
        "At 0 both sides are 0 for every constant.",
        ATTAINED_BELOW,
    ),
    wrong_vector(
        "np.ones(2) if p < q else np.array([1, 0])",
        "shapes do not fit",
        "The vector has to have n entries.",
        ATTAINED_BELOW,
    ),
    wrong_vector(
        "np.ones(n) / (p < q)",
        "cannot be read",
        "The entries of the vector are finite numbers.",
        ATTAINED_ABOVE,
    ),
):
    mistaken_cell("norm_constant", answer="norm_constant_answer_2", **wrong)

# T3

PROOF = "test_proof_is_in_order"
SHIFT = "test_entry_of_the_cyclic_shift"
GRAM = "test_entry_of_the_gram_matrix"
ROWS = "test_rows_are_orthonormal"
LOST = "test_a_vector_is_lost"

for order, note, hint in (
    (
        "EBHLDF",
        "takes P for symmetric",
        "A permutation matrix need not be symmetric: think of a cyclic shift of three things.",
    ),
    (
        "EBHLGF",
        "uses what is to be shown",
        "That P commutes with its transpose is just what the second half has to prove.",
    ),
    (
        "KEBHLCAJF",
        "a line that nothing rests on",
        "One of your lines is true, but no other line of the proof makes use of it.",
    ),
    (
        "EBLHCAJF",
        "used before it is shown",
        "A line uses something that only a later line of yours provides.",
    ),
    (
        "FJACLHBE",
        "used before it is shown",
        "A line uses something that only a later line of yours provides.",
    ),
    ("EBHL", "a step is missing", "Every line that you use is right, but a step is missing."),
    ("", "a step is missing", "Every line that you use is right, but a step is missing."),
    ("EBHLCAAJF", "a line twice", "A line stands there twice."),
    ("EBHLCAJX", "cannot be read", "No line has this label."),
):
    mistaken_cell(
        "orthogonal",
        note=note,
        hint=hint,
        caught_by=PROOF,
        source=f"permutation_proof = list({order!r})",
    )


def wrong_entries(shift, gram):
    """The answer cell of part b."""
    return (
        'i, j, m, n = sp.symbols("i j m n", integer=True, positive=True)\n'
        f"d = sp.KroneckerDelta\nshift_entry = {shift}\ngram_entry = {gram}\n"
    )


RIGHT_SHIFT = "d(i + 1, j) + d(i, n) * d(j, 1)"
RIGHT_GRAM = "d(i, j) * (1 - d(i, m + 1))"

for shift, gram, note, hint, caught_by in (
    (
        "d(i, j + 1) + d(j, n) * d(i, 1)",
        RIGHT_GRAM,
        "columns for rows",
        "Yours is the transpose: it shifts the other way round.",
        SHIFT,
    ),
    (
        "d(i + 1, j)",
        RIGHT_GRAM,
        "no wrap-around",
        "Look at the last row: it needs a 1 too.",
        SHIFT,
    ),
    (
        "d(i, j)",
        RIGHT_GRAM,
        "another matrix",
        "Row i of P says which entry of x becomes entry i of Px. Try n = 3 with your formula.",
        SHIFT,
    ),
    (
        "sp.KroneckerDelta(j, sp.Mod(i, n) + 1)",
        RIGHT_GRAM,
        "cannot be read",
        "Only the functions that the introduction lists can be read.",
        SHIFT,
    ),
    (
        "d(i + 1, j) + d(i, n)",
        RIGHT_GRAM,
        "a whole row",
        "In the last row yours has a 1 in every column: which entry of x comes there?",
        SHIFT,
    ),
    (
        RIGHT_SHIFT,
        "d(i, j) - d(i, m + 1)",
        "a whole row",
        "In the last row yours has -1 beside the diagonal too: when is there a 1 to take?",
        GRAM,
    ),
    (
        RIGHT_SHIFT,
        "d(i, j)",
        "columns for rows",
        "That is the entry of U Uᵀ. In UᵀU the columns of U are multiplied, and one is 0.",
        GRAM,
    ),
    (
        RIGHT_SHIFT,
        "d(i, j) * d(i, m + 1)",
        "another matrix",
        "The sum over k runs over the m rows of U only. Try m = 2 with your formula.",
        GRAM,
    ),
    (
        RIGHT_SHIFT,
        "sp.Sum(d(sp.Symbol('k'), i) * d(sp.Symbol('k'), j), (sp.Symbol('k'), 1, m))",
        "cannot be read",
        "A sum is the question itself; give what it comes to.",
        GRAM,
    ),
):
    mistaken_cell(
        "orthogonal",
        note=note,
        hint=hint,
        caught_by=caught_by,
        answer="orthogonal_answer_2",
        source=wrong_entries(shift, gram),
    )

for U, x, note, hint, caught_by in (
    (
        "[[Fraction(3, 5), Fraction(4, 5)], [Fraction(-4, 5), Fraction(3, 5)]]",
        "[0, 0, 1]",
        "a square example",
        "For a square U the one product implies the other.",
        ROWS,
    ),
    (
        "sp.Matrix([[1, 2], [2, 1], [2, -2]]) / 3",
        "[2, -2, 1]",
        "columns for rows",
        "It should have 2 rows and 3 columns.",
        ROWS,
    ),
    (
        "np.eye(2, 3)",
        "[0, 0, 1]",
        "an entry is 0",
        "The question asks for a U none of whose entries is 0.",
        ROWS,
    ),
    (
        "[[1, 2, 2], [2, 1, -2]]",
        "[2, -2, 1]",
        "rows not orthonormal",
        "Multiply U Uᵀ out: each row needs the length 1, and the rows must be orthogonal.",
        ROWS,
    ),
    (
        "np.array([[0.577, 0.577, 0.577], [0.408, 0.408, -0.816]])",
        "[1, -1, 0]",
        "rows not orthonormal",
        "Multiply U Uᵀ out: each row needs the length 1, and the rows must be orthogonal.",
        ROWS,
    ),
    (
        "sp.Matrix([[1, 2, 2], [2, 1, -2]]) / 3",
        "[0, 0, 0]",
        "the zero vector",
        "Every matrix sends 0 to 0: x must be another vector.",
        LOST,
    ),
    (
        "sp.Matrix([[1, 2, 2], [2, 1, -2]]) / 3",
        "[1, 2, 2]",
        "not lost",
        "U x is not 0 for your U and your x.",
        LOST,
    ),
    (
        "np.array([[np.nan, 1.0, 1.0], [1.0, 1.0, 1.0]])",
        "[0, 0, 1]",
        "cannot be read",
        "The entries of U are finite numbers.",
        ROWS,
    ),
):
    mistaken_cell(
        "orthogonal",
        note=note,
        hint=hint,
        caught_by=caught_by,
        answer="orthogonal_answer_3",
        source=f"wide_matrix = {U}\nlost_vector = {x}\n",
    )

# T4

RIGHT_CLAIMS = {
    "a": "(False, ([[1, 1], [1, 1]], [[1, 1], [1, 1]]))",
    "b": "(False, ([[0, 1], [0, 0]], [[0, 0], [1, 0]]))",
    "c": '(True, "largest and sum")',
    "d": '(True, "transpose")',
    "e": "(False, ([1, 0], [0, 1]))",
    "f": "(False, ([[1, 0], [0, -1]], [[1, 0], [0, -1]]))",
    "g": '(True, "Cauchy-Schwarz")',
    "h": "(False, [[1, 1], [0, 0]])",
}
BELIEVES_ALL = dict.fromkeys("abcefgh", '(True, "Cauchy-Schwarz")') | {"d": '(True, "transpose")'}


def claims_with(**wrong):
    """The right answers but for some."""
    entries = (f"    {key!r}: {answer},\n" for key, answer in (RIGHT_CLAIMS | wrong).items())
    return "norm_claims = {\n" + "".join(entries) + "}\n"


FALSE_CALLED_TRUE = (
    "a false claim called true",
    "Try small examples: entries 0, 1 and -1, the same thing twice where there are two.",
)
SATISFIES = (
    "satisfies the claim",
    "It could be read, and the claim holds for it. Compute both sides by hand.",
)
NOT_THE_REASON = (
    "not the reason",
    "The reason that you chose may be true, but it does not prove this claim.",
)
SQUARE = ("shapes do not fit", "A and B should be square and of one size.")

for wrong, (note, hint) in (
    (BELIEVES_ALL, FALSE_CALLED_TRUE),
    ({"a": "(False, ([[1, 0], [0, 1]], [[1, 2], [3, 4]]))"}, SATISFIES),
    ({"a": "(False, ([[1, 1, 1]], [[1], [1], [1]]))"}, SQUARE),
    ({"a": '(True, "Cauchy-Schwarz")'}, FALSE_CALLED_TRUE),
    ({"b": "(False, ([[1, 2], [2, 1]], [[0, 1], [1, 0]]))"}, SATISFIES),
    ({"b": "(False, ([[0, 1], [0, 0]], [[0, 1, 0], [0, 0, 0]]))"}, SQUARE),
    ({"c": "(False, [[1, 0], [0, 1]])"}, SATISFIES),
    ({"c": '(True, "equivalence")'}, NOT_THE_REASON),
    ({"d": '(True, "singular values")'}, NOT_THE_REASON),
    ({"d": "(False, [[1, 2], [3, 4]])"}, SATISFIES),
    ({"e": "(False, ([1, 1], [2, 2]))"}, SATISFIES),
    (
        {"e": "(False, ([1, 0], [0, 1, 0]))"},
        ("shapes do not fit", "x and y should have the same number of entries."),
    ),
    ({"e": '(True, "equivalence")'}, FALSE_CALLED_TRUE),
    (
        {"f": "(False, ([[0, 1], [0, 0]], [[0, 0], [1, 0]]))"},
        ("premise not met", "The claim speaks of symmetric matrices only."),
    ),
    ({"f": "(False, ([[2, 0], [0, 1]], [[1, 0], [0, 1]]))"}, SATISFIES),
    ({"g": '(True, "cyclic trace")'}, NOT_THE_REASON),
    (
        {"g": "(False, ([[1, 2]], [[1, 2]]))"},
        ("shapes do not fit", "A B needs as many columns in A as rows in B."),
    ),
    ({"h": "(False, [[1, 0], [1, 0]])"}, SATISFIES),
    ({"h": "(False, [[float('inf'), 1], [0, 0]])"}, ("cannot be read", "Entries are finite.")),
    ({"h": "False"}, ("cannot be read", "Every answer is a pair.")),
    ({"c": '(True, "because it is so")'}, ("cannot be read", "A reason is one of the list.")),
):
    mistaken_cell(
        "norm_claims",
        note=note,
        hint=hint,
        caught_by=f"test_claim_{next(iter(wrong))}",
        source=claims_with(**wrong),
    )

# T5

ANY_SHAPE = "test_factor_proves_semidefiniteness"


@mistake(
    "psd_factor",
    note="F = A D",
    hint="Multiply it out: F Fᵀ then has the square of D in the middle.",
    caught_by=ANY_SHAPE,
)
def psd_factor(A, D):
    return A @ D


@mistake(
    "psd_factor",
    note="uses AᵀA = I",
    hint="Your F is right only if the columns of A are orthonormal, and nothing says so.",
    caught_by=ANY_SHAPE,
)
def psd_factor(A, D):
    return A @ np.sqrt(D) @ A.T


@mistake(
    "psd_factor",
    note="D forgotten",
    hint="F Fᵀ is then A Aᵀ: where has D gone?",
    caught_by=ANY_SHAPE,
)
def psd_factor(A, D):  # noqa: ARG001  # that is the mistake
    return A


@mistake(
    "psd_factor",
    note="B itself",
    hint="A factor is a root of B: F Fᵀ = B, and here F Fᵀ = B².",
    caught_by=ANY_SHAPE,
)
def psd_factor(A, D):
    return A @ D @ A.T


@mistake(
    "psd_factor",
    note="needs a definite B",
    hint="Cholesky's method wants a positive definite matrix, and B may be singular.",
    caught_by="test_factor_of_a_singular_matrix",
)
def psd_factor(A, D):
    return np.linalg.cholesky(A @ D @ A.T)


@mistake(
    "psd_factor",
    note="needs a positive D",
    hint="Cholesky's method refuses a zero on the diagonal of D: take roots instead.",
    caught_by="test_factor_of_a_singular_matrix",
)
def psd_factor(A, D):
    return A @ np.linalg.cholesky(D)


@mistake(
    "psd_factor",
    note="roots of the entries of B",
    hint="The root of a product of matrices is not the matrix of the roots.",
    caught_by=ANY_SHAPE,
)
def psd_factor(A, D):
    return np.sqrt(np.abs(A @ D @ A.T))


mistaken_cell(
    "psd_factor",
    note="transposed",
    hint="Your F satisfies another identity: look at the product F^T F.",
    caught_by=ANY_SHAPE,
    source="""
    def psd_factor(A, D):
        return np.sqrt(D) @ A.T
    """,
)
mistaken_cell(
    "psd_factor",
    note="shapes do not fit",
    hint="F F^T has as many rows as F: compare with the number of rows of B.",
    caught_by=ANY_SHAPE,
    source="""
    def psd_factor(A, D):
        return np.sqrt(D)
    """,
)
mistaken_cell(
    "psd_factor",
    note="cannot be read",
    hint="The root of a negative rounding error is nan.",
    caught_by="test_factor_of_a_singular_matrix",
    source="""
    def psd_factor(A, D):
        w, Q = np.linalg.eigh(A @ D @ A.T)
        return Q * np.sqrt(w - 1e-12)
    """,
)

for condition, note, hint in (
    (
        "m < 2 * n",
        "tie lost",
        "Count again: is the diagonal of D kept too, and who wins where both take the same?",
    ),
    (
        "m**2 <= n * (m + 1)",
        "all entries of B",
        "B is symmetric: the entries below the diagonal need not be kept.",
    ),
    (
        "m * (m + 1) / 2 <= m * n",
        "tie lost",
        "Count again: is the diagonal of D kept too, and who wins where both take the same?",
    ),
    ("m * (m - 1) / 2 <= m * n + n", "diagonal of B lost", "The diagonal of B is kept too."),
    (
        "m * (m + 1) / 2 <= m * n + n**2",
        "zeros of D kept",
        "D is diagonal: its n diagonal entries are enough.",
    ),
    (
        "m >= 2 * n",
        "the other way round",
        "Your condition is true where keeping the parts is cheaper.",
    ),
    ("m <= 3 * n", "not equal", "Write both counts down for m = 2, n = 1 and for m = 3, n = 1."),
    ("sp.Eq(m, 2 * n)", "not equal", "It is true in more cases than those of a tie."),
    ("2 * n", "cannot be read", "A condition such as m <= 7 is expected."),
    ("m <= 2 * sp.Symbol('k')", "cannot be read", "The condition holds m and n only."),
):
    mistaken_cell(
        "psd_factor",
        note=note,
        hint=hint,
        caught_by="test_condition_for_keeping_b",
        answer="psd_factor_answer_2",
        source='m, n = sp.symbols("m n", integer=True, positive=True)\n'
        + f"keep_b = {condition}\n",
    )

for d, x, note, hint in (
    (
        "[-1, 1, 1]",
        "[1, -1]",
        "not negative",
        "The quadratic form is not negative at your x. It is a sum of d_k times squares.",
    ),
    (
        "[-9, 1, 1]",
        "[0, 0]",
        "the zero vector",
        "At x = 0 every quadratic form is 0.",
    ),
    (
        "[-9, -9, -9]",
        "[1, -1]",
        "premise not met",
        "Exactly one entry of D is negative, and the others are at least 1.",
    ),
    (
        "[-9, 0, 0]",
        "[1, 1]",
        "premise not met",
        "Exactly one entry of D is negative, and the others are at least 1.",
    ),
    (
        "[[-9, 1, 0], [1, 1, 0], [0, 0, 1]]",
        "[1, -1]",
        "not diagonal",
        "D has entries beside its diagonal that are not 0.",
    ),
    ("[-9, 1, 1]", "[1, -1, 0]", "cannot be read", "x has two entries."),
    ("[float('-inf'), 1, 1]", "[1, -1]", "cannot be read", "The entries are finite numbers."),
):
    mistaken_cell(
        "psd_factor",
        note=note,
        hint=hint,
        caught_by="test_negative_entry_has_a_witness",
        answer="psd_factor_answer_3",
        source=f"negative_diagonal = {d}\nnegative_x = {x}\n",
    )
