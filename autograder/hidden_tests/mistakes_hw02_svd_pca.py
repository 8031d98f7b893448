# ruff: noqa: F811  # entries of one question share the name of its function
# pyright: reportRedeclaration=false
"""Known wrong answers to homework 2; each loses points, and is told its note."""

import numpy as np

from autograder.grading.mistakes import mistake, mistaken_cell

# P1


@mistake(
    "low_rank",
    note="smallest singular values",
    hint="Which terms of the sum are the large ones? S is sorted in descending order.",
    caught_by="test_approximation_keeps_the_largest_singular_values",
)
def low_rank(A, k):
    A = np.asarray(A, dtype=float)
    if not 0 <= k <= min(A.shape):
        raise ValueError(k)
    U, S, Vh = np.linalg.svd(A, full_matrices=False)
    first = len(S) - k
    return (U[:, first:] * S[first:]) @ Vh[first:]


@mistake(
    "low_rank",
    note="V for Vᵀ",
    hint="The third thing that np.linalg.svd returns is Vᵀ already: its rows are the v_i.",
    caught_by="test_approximation_keeps_the_largest_singular_values",
)
def low_rank(A, k):
    A = np.asarray(A, dtype=float)
    if not 0 <= k <= min(A.shape):
        raise ValueError(k)
    U, S, V = np.linalg.svd(A, full_matrices=False)
    return (U[:, :k] * S[:k]) @ V[:, :k].T


@mistake(
    "low_rank",
    note="squares of the singular values",
    hint="The σ_i themselves stand in the sum; their squares belong to AᵀA.",
    caught_by="test_approximation_keeps_the_largest_singular_values",
)
def low_rank(A, k):
    A = np.asarray(A, dtype=float)
    if not 0 <= k <= min(A.shape):
        raise ValueError(k)
    U, S, Vh = np.linalg.svd(A, full_matrices=False)
    return (U[:, :k] * S[:k] ** 2) @ Vh[:k]


@mistake(
    "low_rank",
    note="singular values left out",
    hint="Each u_i v_iᵀ has the norm 1: what says how much of it A holds?",
    caught_by="test_approximation_keeps_the_largest_singular_values",
)
def low_rank(A, k):
    A = np.asarray(A, dtype=float)
    if not 0 <= k <= min(A.shape):
        raise ValueError(k)
    U, _, Vh = np.linalg.svd(A, full_matrices=False)
    return U[:, :k] @ Vh[:k]


@mistake(
    "low_rank",
    note="one term too many",
    hint="Count the terms of your sum: k = 0 must leave none.",
    caught_by="test_approximation_keeps_the_largest_singular_values",
)
def low_rank(A, k):
    A = np.asarray(A, dtype=float)
    if not 0 <= k <= min(A.shape):
        raise ValueError(k)
    U, S, Vh = np.linalg.svd(A, full_matrices=False)
    return (U[:, : k + 1] * S[: k + 1]) @ Vh[: k + 1]


@mistake(
    "low_rank",
    note="one term too few",
    hint="Python counts from 0, and a slice S[:k] has k entries already.",
    caught_by="test_approximation_keeps_the_largest_singular_values",
)
def low_rank(A, k):
    A = np.asarray(A, dtype=float)
    if not 0 <= k <= min(A.shape):
        raise ValueError(k)
    U, S, Vh = np.linalg.svd(A, full_matrices=False)
    last = max(k - 1, 0)
    return (U[:, :last] * S[:last]) @ Vh[:last]


@mistake(
    "low_rank",
    note="only the k-th term",
    hint="A_k is the sum of the first k terms, not the k-th term alone.",
    caught_by="test_approximation_keeps_the_largest_singular_values",
)
def low_rank(A, k):
    A = np.asarray(A, dtype=float)
    if not 0 <= k <= min(A.shape):
        raise ValueError(k)
    U, S, Vh = np.linalg.svd(A, full_matrices=False)
    if k == 0:
        return np.zeros(A.shape)
    return S[k - 1] * np.outer(U[:, k - 1], Vh[k - 1])


@mistake(
    "low_rank",
    note="projected onto the first columns",
    hint="The first k columns of A span a plane, but seldom the best one.",
    caught_by="test_no_other_matrix_of_rank_k_is_nearer",
)
def low_rank(A, k):
    A = np.asarray(A, dtype=float)
    if not 0 <= k <= min(A.shape):
        raise ValueError(k)
    Q, _ = np.linalg.qr(A[:, :k]) if k else (np.zeros((len(A), 0)), None)
    return Q @ (Q.T @ A)


@mistake(
    "low_rank",
    note="mean taken off first",
    hint="Nothing is centred here: the nearest matrix of rank k is asked for, not PCA.",
    caught_by="test_approximation_keeps_the_largest_singular_values",
)
def low_rank(A, k):
    A = np.asarray(A, dtype=float)
    if not 0 <= k <= min(A.shape):
        raise ValueError(k)
    mean = A.mean(axis=0)
    U, S, Vh = np.linalg.svd(A - mean, full_matrices=False)
    return (U[:, :k] * S[:k]) @ Vh[:k] + mean


@mistake(
    "low_rank",
    note="eigenvectors in ascending order",
    hint="eigh sorts eigenvalues from the smallest to the largest.",
    caught_by="test_approximation_keeps_the_largest_singular_values",
)
def low_rank(A, k):
    A = np.asarray(A, dtype=float)
    if not 0 <= k <= min(A.shape):
        raise ValueError(k)
    _, V = np.linalg.eigh(A.T @ A)
    return A @ V[:, :k] @ V[:, :k].T


@mistake(
    "low_rank",
    note="coordinates for the matrix",
    hint="A_k has the shape of A: after U Σ the last factor Vᵀ is missing.",
    caught_by="test_approximation_keeps_the_largest_singular_values",
)
def low_rank(A, k):
    A = np.asarray(A, dtype=float)
    if not 0 <= k <= min(A.shape):
        raise ValueError(k)
    U, S, _ = np.linalg.svd(A, full_matrices=False)
    return U[:, :k] * S[:k]


@mistake(
    "low_rank",
    note="transposed",
    hint="Compare the shapes: does your result have the shape of A, or that of Aᵀ?",
    caught_by="test_approximation_keeps_the_largest_singular_values",
)
def low_rank(A, k):
    A = np.asarray(A, dtype=float)
    if not 0 <= k <= min(A.shape):
        raise ValueError(k)
    U, S, Vh = np.linalg.svd(A, full_matrices=False)
    return (Vh[:k].T * S[:k]) @ U[:, :k].T


@mistake(
    "low_rank",
    note="what is left over",
    hint="That is the error A − A_k, not the approximation.",
    caught_by="test_approximation_keeps_the_largest_singular_values",
)
def low_rank(A, k):
    A = np.asarray(A, dtype=float)
    if not 0 <= k <= min(A.shape):
        raise ValueError(k)
    U, S, Vh = np.linalg.svd(A, full_matrices=False)
    return A - (U[:, :k] * S[:k]) @ Vh[:k]


@mistake(
    "low_rank",
    note="ranks that cannot be accepted",
    hint="Slices are patient: U[:, :k] is no error for a k that is negative or too large.",
    caught_by="test_ranks_that_cannot_be_are_refused",
)
def low_rank(A, k):
    U, S, Vh = np.linalg.svd(np.asarray(A, dtype=float), full_matrices=False)
    return (U[:, :k] * S[:k]) @ Vh[:k]


@mistake(
    "low_rank",
    note="k compared with one side only",
    hint="A wide matrix and a tall one: which of m and n is the limit for k?",
    caught_by="test_ranks_that_cannot_be_are_refused",
)
def low_rank(A, k):
    A = np.asarray(A, dtype=float)
    if not 0 <= k <= A.shape[1]:
        raise ValueError(k)
    U, S, Vh = np.linalg.svd(A, full_matrices=False)
    return (U[:, :k] * S[:k]) @ Vh[:k]


@mistake(
    "low_rank",
    note="k = 0 refused",
    hint="The zero matrix has rank 0: k = 0 is a rank like any other.",
    caught_by="test_edges_and_less_than_full_rank",
)
def low_rank(A, k):
    A = np.asarray(A, dtype=float)
    if not 1 <= k <= min(A.shape):
        raise ValueError(k)
    U, S, Vh = np.linalg.svd(A, full_matrices=False)
    return (U[:, :k] * S[:k]) @ Vh[:k]


@mistake(
    "low_rank",
    note="A changed in place",
    hint="A[...] = and -= write into the caller's array: work on a copy.",
    caught_by="test_integers_are_taken_and_the_matrix_is_left_alone",
)
def low_rank(A, k):
    if not 0 <= k <= min(A.shape):
        raise ValueError(k)
    U, S, Vh = np.linalg.svd(A, full_matrices=False)
    A[:] = (U[:, :k] * S[:k]) @ Vh[:k]
    return A


@mistake(
    "low_rank",
    note="clipped to the range of A",
    hint="The nearest matrix of rank k may leave the range of A: clipping is for showing pictures.",
    caught_by="test_approximation_keeps_the_largest_singular_values",
)
def low_rank(A, k):
    A = np.asarray(A, dtype=float)
    if not 0 <= k <= min(A.shape):
        raise ValueError(k)
    U, S, Vh = np.linalg.svd(A, full_matrices=False)
    return np.clip((U[:, :k] * S[:k]) @ Vh[:k], A.min(), A.max())


@mistake(
    "low_rank",
    note="single precision",
    hint="float32 has seven digits: compute in float64.",
    caught_by="test_approximation_keeps_the_largest_singular_values",
)
def low_rank(A, k):
    if not 0 <= k <= min(A.shape):
        raise ValueError(k)
    U, S, Vh = np.linalg.svd(np.asarray(A, dtype=np.float32), full_matrices=False)
    return (U[:, :k] * S[:k]) @ Vh[:k]


# P2

RIGHT_PCA = """
class PCA:
    def __init__(self, k):
        self.k = k

    def fit(self, X):
        X = np.asarray(X, dtype=float)
        n, d = X.shape
        if not 1 <= self.k <= min(n, d):
            raise ValueError(self.k)
        self.mean = X.mean(axis=0)
        _, S, Vh = np.linalg.svd(X - self.mean, full_matrices=False)
        V = Vh[: self.k]
        peak = V[np.arange(self.k), np.abs(V).argmax(axis=1)]
        self.components = V * np.sign(peak)[:, None]
        self.variances = S[: self.k] ** 2 / (n - 1)
        return self

    def transform(self, X):
        return (np.asarray(X, dtype=float) - self.mean) @ self.components.T

    def inverse_transform(self, Z):
        return np.asarray(Z, dtype=float) @ self.components + self.mean
"""


def pca_mistake(note, hint, caught_by, *changes):
    """Keeps the right class with some lines changed."""
    source = RIGHT_PCA
    for old, new in changes:
        if old not in source:
            raise ValueError(f"the class has no line {old!r}")
        source = source.replace(old, new)
    mistaken_cell("pca", note=note, hint=hint, caught_by=caught_by, source=source)


SIGNS = "A direction keeps a sign other than the question's: look at the entry of largest size."

pca_mistake(
    "not centred",
    "Your first direction points at the mean of the data.",
    "test_directions_are_eigenvectors_of_the_covariance",
    ("np.linalg.svd(X - self.mean,", "np.linalg.svd(X,"),
)
pca_mistake(
    "mean of all entries",
    "Each variable has a mean of its own.",
    "test_variances_have_n_minus_one_degrees_of_freedom",
    ("X.mean(axis=0)", "X.mean()"),
)
pca_mistake(
    "mean not kept",
    "Whoever reads `mean` finds nothing: it has to be an attribute of this name.",
    "test_variances_have_n_minus_one_degrees_of_freedom",
    ("self.mean", "self.mu"),
)
pca_mistake(
    "divided by n",
    "One degree of freedom went into the mean.",
    "test_variances_have_n_minus_one_degrees_of_freedom",
    ("/ (n - 1)", "/ n"),
)
pca_mistake(
    "not divided",
    "σ² adds up over all rows: a variance is a kind of mean.",
    "test_variances_have_n_minus_one_degrees_of_freedom",
    (" / (n - 1)", ""),
)
pca_mistake(
    "σ for the variance",
    "The singular value is no variance: think of its unit.",
    "test_variances_have_n_minus_one_degrees_of_freedom",
    ("S[: self.k] ** 2 / (n - 1)", "S[: self.k]"),
)
pca_mistake(
    "standard deviation",
    "The variance is asked for, not its root.",
    "test_variances_have_n_minus_one_degrees_of_freedom",
    ("S[: self.k] ** 2 / (n - 1)", "S[: self.k] / np.sqrt(n - 1)"),
)
pca_mistake(
    "a share",
    "The variance itself is asked for, not its share.",
    "test_variances_have_n_minus_one_degrees_of_freedom",
    ("S[: self.k] ** 2 / (n - 1)", "S[: self.k] ** 2 / np.sum(S**2)"),
)
pca_mistake(
    "rows and columns swapped",
    "The directions are the rows of components.",
    "test_directions_are_eigenvectors_of_the_covariance",
    (
        "self.components = V * np.sign(peak)[:, None]",
        "self.components = (V * np.sign(peak)[:, None]).T",
    ),
    ("@ self.components.T", "@ self.components"),
    ("dtype=float) @ self.components +", "dtype=float) @ self.components.T +"),
)
pca_mistake(
    "examples in the columns",
    "The examples are the rows: the mean has one entry for each column.",
    "test_directions_are_eigenvectors_of_the_covariance",
    ("self.mean = X.mean(axis=0)", "self.mean = X.mean(axis=1)"),
    ("X - self.mean,", "X - self.mean[:, None],"),
)
pca_mistake(
    "centred by the test data",
    "transform uses the mean of what it is given: that is a leak from the test set.",
    "test_new_data_is_described_by_the_training_data",
    (
        "(np.asarray(X, dtype=float) - self.mean)",
        "(np.asarray(X, dtype=float) - np.mean(X, axis=0))",
    ),
)
pca_mistake(
    "scores not centred",
    "transform has to take the mean off before it.",
    "test_scores_of_the_training_data",
    ("(np.asarray(X, dtype=float) - self.mean)", "np.asarray(X, dtype=float)"),
)
pca_mistake(
    "fitted anew by transform",
    "transform has to describe new data by the old directions.",
    "test_new_data_is_described_by_the_training_data",
    ("    def transform(self, X):\n", "    def transform(self, X):\n        self.fit(X)\n"),
)
pca_mistake(
    "mean not given back",
    "inverse_transform owes the mean.",
    "test_rebuilt_examples_lose_the_variance_left_out",
    ("@ self.components + self.mean", "@ self.components"),
)
pca_mistake(
    "signs not as chosen",  # signs left as they come
    SIGNS,
    "test_largest_entry_of_each_direction_is_positive",
    ("V * np.sign(peak)[:, None]", "V"),
)
pca_mistake(
    "signs not as chosen",  # first entry made positive
    SIGNS,
    "test_largest_entry_of_each_direction_is_positive",
    ("np.sign(peak)[:, None]", "np.sign(V[:, :1])"),
)
pca_mistake(
    "signs not as chosen",  # largest entry without absolute value
    SIGNS,
    "test_largest_entry_of_each_direction_is_positive",
    ("np.abs(V).argmax(axis=1)", "V.argmax(axis=1)"),
)
pca_mistake(
    "smallest first",
    "eigh sorts eigenvalues in ascending order.",
    "test_directions_are_eigenvectors_of_the_covariance",
    ("_, S, Vh = np.linalg.svd(X - self.mean, full_matrices=False)",
     "L, Q = np.linalg.eigh(np.cov(X.T)); S, Vh = np.sqrt(np.abs(L) * (n - 1)), Q.T"),
)  # fmt: skip
pca_mistake(
    "scaled to variance 1",
    "Dividing each column by its deviation is another analysis: the question only centres.",
    "test_directions_are_eigenvectors_of_the_covariance",
    ("np.linalg.svd(X - self.mean,", "np.linalg.svd((X - self.mean) / X.std(axis=0),"),
)
pca_mistake(
    "whitened scores",
    "The scores keep their variances λ_j: do not divide by their roots.",
    "test_scores_of_the_training_data",
    ("@ self.components.T", "@ self.components.T / np.sqrt(self.variances)"),
)
pca_mistake(
    "any number of components",
    "With n examples in d dimensions there are at most min(n, d).",
    "test_numbers_of_components_that_cannot_be_are_refused",
    ("if not 1 <= self.k <= min(n, d):", "if False:"),
    ("np.arange(self.k), np.abs", "np.arange(len(V)), np.abs"),
)
pca_mistake(
    "any number of components",
    "With n examples in d dimensions there are at most min(n, d).",
    "test_numbers_of_components_that_cannot_be_are_refused",
    ("min(n, d):", "d:"),
    ("np.arange(self.k), np.abs", "np.arange(len(V)), np.abs"),
)
pca_mistake(
    "X changed in place",
    "-= writes into the caller's array: work on a copy.",
    "test_more_variables_than_examples",
    ("np.linalg.svd(X - self.mean,", "np.linalg.svd(np.subtract(X, self.mean, out=X),"),
)
pca_mistake(
    "fit returns nothing",
    "fit should end with `return self`.",
    "test_directions_are_eigenvectors_of_the_covariance",
    ("        return self\n", ""),
)

# P3

RIGHT_POWER_SVD = """
def power_svd(A, k, rng):
    A = np.asarray(A, dtype=float)
    m, n = A.shape
    U, S, Vh = np.zeros((m, k)), np.zeros(k), np.zeros((k, n))
    rest = A.copy()
    for i in range(k):
        v = rng.normal(size=n)
        v = v / np.linalg.norm(v)
        for _ in range(100_000):
            sigma = np.linalg.norm(rest @ v)
            u = rest @ v / sigma
            w = rest.T @ u
            if np.linalg.norm(w - sigma * v) <= 1e-9 * sigma:
                break
            v = w / np.linalg.norm(w)
        U[:, i], S[i], Vh[i] = u, sigma, v
        rest = rest - sigma * np.outer(u, v)
    order = np.argsort(-S)
    return U[:, order], S[order], Vh[order]
"""


def power_svd_mistake(note, hint, caught_by, *changes):
    """Keeps the right function with some lines changed."""
    source = RIGHT_POWER_SVD
    for old, new in changes:
        if old not in source:
            raise ValueError(f"the function has no line {old!r}")
        source = source.replace(old, new)
    mistaken_cell("power_svd", note=note, hint=hint, caught_by=caught_by, source=source)


power_svd_mistake(
    "no deflation",
    "You find the same singular value again and again.",
    "test_all_triples_by_deflation",
    ("rest = rest - sigma * np.outer(u, v)", "pass"),
)
power_svd_mistake(
    "wrong deflation",
    "The first triple is right and a later one is not: what is taken off is σ u vᵀ.",
    "test_all_triples_by_deflation",
    ("rest - sigma * np.outer", "rest - np.outer"),
)
power_svd_mistake(
    "other singular values",  # deflated by σ²
    "They are not the largest singular values of A.",
    "test_all_triples_by_deflation",
    ("rest - sigma * np.outer", "rest - sigma**2 * np.outer"),
)
power_svd_mistake(
    "wrong deflation",  # v uᵀ for u vᵀ
    "The first triple is right and a later one is not: what is taken off is σ u vᵀ.",
    "test_all_triples_by_deflation",
    ("np.outer(u, v)", "np.outer(v, u)"),
)
power_svd_mistake(
    "no deflation",
    "You find the same singular value again and again.",
    "test_all_triples_by_deflation",
    ("        v = v / np.linalg.norm(v)\n        for", "        v = v - Vh[:i].T @ (Vh[:i] @ v)\n"
     "        v = v / np.linalg.norm(v)\n        for"),
    ("rest = rest - sigma * np.outer(u, v)", "pass"),
)  # fmt: skip
power_svd_mistake(
    "nan or infinity",
    "Without normalisation v grows by σ² a step, until it is infinite.",
    "test_leading_triple",
    ("v = w / np.linalg.norm(w)", "v = rest.T @ (rest @ v)"),
    ("if np.linalg.norm(w - sigma * v) <= 1e-9 * sigma:", "if False:"),
    ("100_000", "2000"),
)
power_svd_mistake(
    "square of σ",
    "AᵀA has the eigenvalues σ²: A stretches v by σ only.",
    "test_leading_triple",
    ("U[:, i], S[i], Vh[i] = u, sigma, v", "U[:, i], S[i], Vh[i] = u, sigma**2, v"),
)
power_svd_mistake(
    "not converged",
    "The residual ‖Aᵀu − σv‖ or ‖Av − σu‖ is too large: σ settles long before v does.",
    "test_clusters_of_singular_values",
    ("100_000", "100"),
)
power_svd_mistake(
    "not converged",
    "The residual ‖Aᵀu − σv‖ or ‖Av − σu‖ is too large: σ settles long before v does.",
    "test_clusters_of_singular_values",
    ("if np.linalg.norm(w - sigma * v) <= 1e-9 * sigma:",
     "if abs(np.linalg.norm(w) - sigma) <= 1e-9 * sigma:"),
)  # fmt: skip
power_svd_mistake(
    "absolute tolerance",
    "A tolerance has to be relative: for a small matrix every residual is small.",
    "test_every_scale",
    ("<= 1e-9 * sigma:", "<= 1e-9:"),
)
power_svd_mistake(
    "fixed start",
    "A fixed vector may be orthogonal to v_1, and then never finds it.",
    "test_start_is_random",
    ("rng.normal(size=n)", "np.ones(n)"),
)
power_svd_mistake(
    "fixed start",
    "A fixed vector may be orthogonal to v_1, and then never finds it.",
    "test_start_is_random",
    ("rng.normal(size=n)", "np.eye(n)[0]"),
)
power_svd_mistake(
    "another generator",
    "Draw from rng alone: the same rng, the same v.",
    "test_products_are_all_that_is_used",
    ("rng.normal(size=n)", "np.random.default_rng().normal(size=n)"),
)
power_svd_mistake(
    "sign lost",
    "A v is −σ u for some of your u and v: u follows from v.",
    "test_negative_eigenvalues",
    ("U[:, i], S[i], Vh[i] = u, sigma, v", "U[:, i], S[i], Vh[i] = (v if m == n else u), sigma, v"),
)
power_svd_mistake(
    "not orthonormal",
    "Your singular vectors are not orthonormal.",
    "test_leading_triple",
    ("return U[:, order], S[order], Vh[order]",
     "return np.abs(U[:, order]), S[order], np.abs(Vh[order])"),
)  # fmt: skip
power_svd_mistake(
    "V for Vᵀ",
    "The right singular vectors are the rows of Vh.",
    "test_leading_triple",
    ("return U[:, order], S[order], Vh[order]", "return U[:, order], S[order], Vh[order].T"),
)
power_svd_mistake(
    "not in order",
    "The largest singular value should come first.",
    "test_all_triples_by_deflation",
    ("np.argsort(-S)", "np.argsort(S)"),
)
power_svd_mistake(
    "A changed in place",
    "rest -= writes into the caller's array where rest is A itself: work on a copy.",
    "test_products_are_all_that_is_used",
    ("rest = A.copy()", "rest = A"),
    ("rest = rest - sigma * np.outer(u, v)", "rest -= sigma * np.outer(u, v)"),
)
mistaken_cell(
    "power_svd",
    note="other singular values",
    hint="They are not the largest singular values of A.",
    caught_by="test_leading_triple",
    source="""
    def power_svd(A, k, rng):
        rest, U, S, V = A.copy(), [], [], []
        for _ in range(k):
            v = rng.normal(size=A.shape[1])
            for _ in range(5000):
                w = rest @ v
                v = w / np.linalg.norm(w)
            sigma = np.linalg.norm(rest @ v)
            u = rest @ v / sigma
            U, S, V = [*U, u], [*S, sigma], [*V, v]
            rest = rest - sigma * np.outer(u, v)
        return np.array(U).T, np.array(S), np.array(V)
    """,
)
mistaken_cell(
    "power_svd",
    note="calls a library's decomposition",
    hint="The question asks for products and norms only.",
    caught_by="test_products_are_all_that_is_used",
    source="""
    def power_svd(A, k, rng):
        U, S, Vh = np.linalg.svd(A, full_matrices=False)
        return U[:, :k], S[:k], Vh[:k]
    """,
)

# P4


@mistake(
    "lstsq",
    note="inverse of a singular matrix",
    hint="For λ = 0 and dependent columns AᵀA has no inverse, and rounding hides it.",
    caught_by="test_shortest_solution",
)
def lstsq(A, b, lam=0.0):
    if lam < 0:
        raise ValueError(lam)
    return np.linalg.inv(A.T @ A + lam * np.eye(A.shape[1])) @ (A.T @ b)


@mistake(
    "lstsq",
    note="linear equations of a singular matrix",
    hint="For λ = 0 and dependent columns AᵀA is singular: solve has no answer, or a wild one.",
    caught_by="test_shortest_solution",
)
def lstsq(A, b, lam=0.0):
    if lam < 0:
        raise ValueError(lam)
    return np.linalg.solve(A.T @ A + lam * np.eye(A.shape[1]), A.T @ b)


@mistake(
    "lstsq",
    note="λ added to all entries",
    hint="λ stands on the diagonal: the matrix is AᵀA + λI.",
    caught_by="test_ridge_solution",
)
def lstsq(A, b, lam=0.0):
    if lam < 0:
        raise ValueError(lam)
    if lam == 0:
        return np.linalg.pinv(A) @ b
    return np.linalg.solve(A.T @ A + lam, A.T @ b)


@mistake(
    "lstsq",
    note="AAᵀ for AᵀA",
    hint="Look at the shapes: x has n entries, and AAᵀ is m × m.",
    caught_by="test_ridge_solution",
)
def lstsq(A, b, lam=0.0):
    if lam < 0:
        raise ValueError(lam)
    if lam == 0:
        return np.linalg.pinv(A) @ b
    return np.linalg.solve(A @ A.T + lam * np.eye(len(A)), A.T @ b)


@mistake(
    "lstsq",
    note="fit, not coefficients",
    hint="σ²/(σ² + λ) is what happens to the fit Ax; the coefficient of v_i has one σ less.",
    caught_by="test_ridge_solution",
)
def lstsq(A, b, lam=0.0):
    if lam < 0:
        raise ValueError(lam)
    U, S, Vh = np.linalg.svd(A, full_matrices=False)
    keep = max(A.shape) * 2.3e-16 * S[0] < S
    U, S, Vh = U[:, keep], S[keep], Vh[keep]
    return Vh.T @ (S**2 / (S**2 + lam) * (U.T @ b))


@mistake(
    "lstsq",
    note="λ added to σ",
    hint="In the singular basis the equation is (σ² + λ) z = σ uᵀb.",
    caught_by="test_ridge_solution",
)
def lstsq(A, b, lam=0.0):
    if lam < 0:
        raise ValueError(lam)
    U, S, Vh = np.linalg.svd(A, full_matrices=False)
    keep = max(A.shape) * 2.3e-16 * S[0] < S
    U, S, Vh = U[:, keep], S[keep], Vh[keep]
    return Vh.T @ (U.T @ b / (S + lam))


@mistake(
    "lstsq",
    note="λ squared",
    hint="The penalty is λ‖x‖², so its gradient is 2λx: λ comes once.",
    caught_by="test_ridge_solution",
)
def lstsq(A, b, lam=0.0):
    if lam < 0:
        raise ValueError(lam)
    U, S, Vh = np.linalg.svd(A, full_matrices=False)
    keep = max(A.shape) * 2.3e-16 * S[0] < S
    U, S, Vh = U[:, keep], S[keep], Vh[keep]
    return Vh.T @ (S / (S**2 + lam**2) * (U.T @ b))


@mistake(
    "lstsq",
    note="λ times the number of rows",
    hint="The squared error is a sum here, not a mean: there is no m to make up for.",
    caught_by="test_ridge_solution",
)
def lstsq(A, b, lam=0.0):
    if lam < 0:
        raise ValueError(lam)
    U, S, Vh = np.linalg.svd(A, full_matrices=False)
    keep = max(A.shape) * 2.3e-16 * S[0] < S
    U, S, Vh = U[:, keep], S[keep], Vh[keep]
    return Vh.T @ (S / (S**2 + lam * len(A)) * (U.T @ b))


@mistake(
    "lstsq",
    note="λ subtracted",
    hint="A penalty makes AᵀA larger, never smaller: mind the sign of λ.",
    caught_by="test_ridge_solution",
)
def lstsq(A, b, lam=0.0):
    if lam < 0:
        raise ValueError(lam)
    U, S, Vh = np.linalg.svd(A, full_matrices=False)
    keep = max(A.shape) * 2.3e-16 * S[0] < S
    U, S, Vh = U[:, keep], S[keep], Vh[keep]
    return Vh.T @ (S / (S**2 - lam) * (U.T @ b))


@mistake(
    "lstsq",
    note="λ ignored",
    hint="Does your x become shorter when λ grows?",
    caught_by="test_ridge_solution",
)
def lstsq(A, b, lam=0.0):
    if lam < 0:
        raise ValueError(lam)
    return np.linalg.pinv(A) @ b


@mistake(
    "lstsq",
    note="absolute threshold",
    hint="A small matrix has small singular values, and none of them is zero for that.",
    caught_by="test_what_counts_as_zero_is_relative",
)
def lstsq(A, b, lam=0.0):
    if lam < 0:
        raise ValueError(lam)
    U, S, Vh = np.linalg.svd(A, full_matrices=False)
    keep = S > 1e-10
    U, S, Vh = U[:, keep], S[keep], Vh[keep]
    return Vh.T @ (S / (S**2 + lam) * (U.T @ b))


@mistake(
    "lstsq",
    note="no threshold",
    hint="A singular value that should be 0 comes out as 1e-16, and its inverse is enormous.",
    caught_by="test_shortest_solution",
)
def lstsq(A, b, lam=0.0):
    if lam < 0:
        raise ValueError(lam)
    U, S, Vh = np.linalg.svd(A, full_matrices=False)
    keep = S > 0
    U, S, Vh = U[:, keep], S[keep], Vh[keep]
    return Vh.T @ (S / (S**2 + lam) * (U.T @ b))


@mistake(
    "lstsq",
    note="a tiny penalty for none",
    hint="A fixed little λ changes the solution, and drowns a small matrix.",
    caught_by="test_what_counts_as_zero_is_relative",
)
def lstsq(A, b, lam=0.0):
    if lam < 0:
        raise ValueError(lam)
    return np.linalg.solve(A.T @ A + max(lam, 1e-8) * np.eye(A.shape[1]), A.T @ b)


@mistake(
    "lstsq",
    note="V for Vᵀ",
    hint="The third thing that np.linalg.svd returns is Vᵀ already: its rows are the v_i.",
    caught_by="test_full_column_rank",
)
def lstsq(A, b, lam=0.0):
    if lam < 0:
        raise ValueError(lam)
    U, S, V = np.linalg.svd(A, full_matrices=False)
    keep = max(A.shape) * 2.3e-16 * S[0] < S
    U, S, V = U[:, keep], S[keep], V[:, : len(S)][:, keep]
    return V @ (S / (S**2 + lam) * (U.T @ b))


@mistake(
    "lstsq",
    note="negative penalties accepted",
    hint="With λ < 0 a longer x may cost less than nothing: refuse it.",
    caught_by="test_negative_penalties_are_refused",
)
def lstsq(A, b, lam=0.0):
    U, S, Vh = np.linalg.svd(A, full_matrices=False)
    keep = max(A.shape) * 2.3e-16 * S[0] < S
    U, S, Vh = U[:, keep], S[keep], Vh[keep]
    return Vh.T @ (S / (S**2 + lam) * (U.T @ b))


@mistake(
    "lstsq",
    note="bias penalised",
    hint="The bias is one more weight in your solution, and pays like the others.",
    caught_by="test_bias_is_not_penalised",
    answer="lstsq_answer_2",
)
def ridge_fit(X, y, lam):
    A = np.column_stack([X, np.ones(len(X))])
    solution = np.linalg.solve(A.T @ A + lam * np.eye(A.shape[1]), A.T @ y)
    return solution[:-1], solution[-1]


@mistake(
    "lstsq",
    note="no bias",
    hint="A plane through the origin does not fit data that is elsewhere.",
    caught_by="test_fit_with_a_bias",
    answer="lstsq_answer_2",
)
def ridge_fit(X, y, lam):
    return np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y), 0.0


@mistake(
    "lstsq",
    note="bias added afterwards",
    hint="Your w is found as if there were no bias, and the bias comes too late.",
    caught_by="test_fit_with_a_bias",
    answer="lstsq_answer_2",
)
def ridge_fit(X, y, lam):
    w = np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y)
    return w, np.mean(y - X @ w)


@mistake(
    "lstsq",
    note="only y centred",
    hint="The mean of X w has to go too: centre the columns of X as well.",
    caught_by="test_fit_with_a_bias",
    answer="lstsq_answer_2",
)
def ridge_fit(X, y, lam):
    w = np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ (y - y.mean()))
    return w, y.mean() - X.mean(axis=0) @ w


@mistake(
    "lstsq",
    note="centred by the mean of all entries",
    hint="Each column of X has a mean of its own: say along which axis the mean is taken.",
    caught_by="test_fit_with_a_bias",
    answer="lstsq_answer_2",
)
def ridge_fit(X, y, lam):
    Z = X - X.mean()
    w = np.linalg.solve(Z.T @ Z + lam * np.eye(X.shape[1]), Z.T @ (y - y.mean()))
    return w, np.mean(y - X @ w)


@mistake(
    "lstsq",
    note="mean of y for the bias",
    hint="That is the fitted value at the mean of X, not at 0.",
    caught_by="test_fit_with_a_bias",
    answer="lstsq_answer_2",
)
def ridge_fit(X, y, lam):
    Z = X - X.mean(axis=0)
    return np.linalg.solve(Z.T @ Z + lam * np.eye(X.shape[1]), Z.T @ (y - y.mean())), y.mean()


@mistake(
    "lstsq",
    note="mean added twice",
    hint="The mean of X w has to be taken off the mean of y, not added to it.",
    caught_by="test_fit_with_a_bias",
    answer="lstsq_answer_2",
)
def ridge_fit(X, y, lam):
    Z = X - X.mean(axis=0)
    w = np.linalg.solve(Z.T @ Z + lam * np.eye(X.shape[1]), Z.T @ (y - y.mean()))
    return w, y.mean() + X.mean(axis=0) @ w


@mistake(
    "lstsq",
    note="standardised columns",
    hint="Dividing each column by its deviation changes what the penalty costs.",
    caught_by="test_fit_with_a_bias",
    answer="lstsq_answer_2",
)
def ridge_fit(X, y, lam):
    deviation = X.std(axis=0)
    Z = (X - X.mean(axis=0)) / deviation
    w = np.linalg.solve(Z.T @ Z + lam * np.eye(X.shape[1]), Z.T @ (y - y.mean())) / deviation
    return w, y.mean() - X.mean(axis=0) @ w


@mistake(
    "lstsq",
    note="data changed in place",
    hint="-= writes into the caller's array: work on a copy.",
    caught_by="test_fit_with_a_bias",
    answer="lstsq_answer_2",
)
def ridge_fit(X, y, lam):
    x_mean, y_mean = X.mean(axis=0), y.mean()
    X -= x_mean
    y -= y_mean
    w = np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y)
    return w, y_mean - x_mean @ w


@mistake(
    "lstsq",
    note="λ ignored in ridge_fit",
    hint="Does your w become shorter when λ grows?",
    caught_by="test_fit_with_a_bias",
    answer="lstsq_answer_2",
)
def ridge_fit(X, y, lam):  # noqa: ARG001  # the mistake
    Z = X - X.mean(axis=0)
    w = np.linalg.solve(Z.T @ Z + 1e-6 * np.eye(X.shape[1]), Z.T @ (y - y.mean()))
    return w, y.mean() - X.mean(axis=0) @ w


mistaken_cell(
    "lstsq",
    note="calls a library's least squares",
    hint="The question asks for the solution from singular values or linear equations.",
    caught_by="test_negative_penalties_are_refused",
    source="""
    def lstsq(A, b, lam=0.0):
        if lam < 0:
            raise ValueError(lam)
        if lam == 0:
            return np.linalg.lstsq(A, b)[0]
        return np.linalg.solve(A.T @ A + lam * np.eye(A.shape[1]), A.T @ b)
    """,
)

# P5


@mistake(
    "givens_qr",
    note="sign of the sine",
    hint="Multiply [[c, s], [−s, c]] with (a, b): does the second entry vanish?",
    caught_by="test_rotation_turns_onto_the_first_axis",
)
def givens(a, b):
    r = np.hypot(a, b)
    return (1.0, 0.0) if r == 0 else (a / r, -b / r)


@mistake(
    "givens_qr",
    note="cosine and sine swapped",
    hint="For b = 0 nothing has to be turned: c should then be 1.",
    caught_by="test_rotation_turns_onto_the_first_axis",
)
def givens(a, b):
    r = np.hypot(a, b)
    return (1.0, 0.0) if r == 0 else (b / r, a / r)


@mistake(
    "givens_qr",
    note="0/0 for a pair of zeros",
    hint="What does your rotation divide by when both entries are 0?",
    caught_by="test_rotation_where_an_entry_is_zero",
)
def givens(a, b):
    r = np.hypot(a, b)
    return a / r, b / r


@mistake(
    "givens_qr",
    note="overflow",
    hint="a² overflows although a does not: np.hypot scales first.",
    caught_by="test_rotation_of_large_and_small_entries",
)
def givens(a, b):
    r = np.sqrt(np.float64(a) ** 2 + np.float64(b) ** 2)
    return (1.0, 0.0) if r == 0 else (a / r, b / r)


@mistake(
    "givens_qr",
    note="tangent of a zero entry",
    hint="b/a has no value where a is 0.",
    caught_by="test_rotation_where_an_entry_is_zero",
)
def givens(a, b):
    if a == 0 and b == 0:
        return 1.0, 0.0
    t = np.float64(b) / np.float64(a)
    c = np.sign(a) / np.sqrt(1 + t**2)
    return c, t * c


@mistake(
    "givens_qr",
    note="negative r",
    hint="r is a length: for a < 0 the rotation has to turn by more than a quarter.",
    caught_by="test_rotation_turns_onto_the_first_axis",
)
def givens(a, b):
    r = np.hypot(a, b)
    if r == 0:
        return 1.0, 0.0
    r = r if a >= 0 else -r
    return a / r, b / r


@mistake(
    "givens_qr",
    note="not normalised",
    hint="c² + s² has to be 1: divide by the length of (a, b).",
    caught_by="test_rotation_turns_onto_the_first_axis",
)
def givens(a, b):
    return (1.0, 0.0) if a == b == 0 else (a, b)


def givens(a, b):
    """The right one, which the functions below rest on."""
    r = np.hypot(a, b)
    return (1.0, 0.0) if r == 0 else (a / r, b / r)


@mistake(
    "givens_qr",
    note="Qᵀ for Q",
    hint="G_N ⋯ G_1 A = R: which product of the G takes R back to A?",
    caught_by="test_product_is_the_matrix",
    answer="givens_qr_answer_2",
)
def givens_qr(A):
    R = np.array(A, dtype=float)
    m, n = R.shape
    Q = np.eye(m)
    for j in range(min(m - 1, n)):
        for i in range(m - 1, j, -1):
            c, s = givens(R[i - 1, j], R[i, j])
            G = np.array([[c, s], [-s, c]])
            R[i - 1 : i + 1] = G @ R[i - 1 : i + 1]
            Q[:, i - 1 : i + 1] = Q[:, i - 1 : i + 1] @ G.T
    return Q.T, R


@mistake(
    "givens_qr",
    note="rotations in the wrong order",
    hint="Q = G_1ᵀ G_2ᵀ ⋯: each new factor stands on the right.",
    caught_by="test_product_is_the_matrix",
    answer="givens_qr_answer_2",
)
def givens_qr(A):
    R = np.array(A, dtype=float)
    m, n = R.shape
    Q = np.eye(m)
    for j in range(min(m - 1, n)):
        for i in range(m - 1, j, -1):
            c, s = givens(R[i - 1, j], R[i, j])
            G = np.array([[c, s], [-s, c]])
            R[i - 1 : i + 1] = G @ R[i - 1 : i + 1]
            Q[i - 1 : i + 1] = G.T @ Q[i - 1 : i + 1]
    return Q, R


@mistake(
    "givens_qr",
    note="Q not transposed at each step",
    hint="R has been turned by G: Q has to be turned back, by Gᵀ.",
    caught_by="test_product_is_the_matrix",
    answer="givens_qr_answer_2",
)
def givens_qr(A):
    R = np.array(A, dtype=float)
    m, n = R.shape
    Q = np.eye(m)
    for j in range(min(m - 1, n)):
        for i in range(m - 1, j, -1):
            c, s = givens(R[i - 1, j], R[i, j])
            G = np.array([[c, s], [-s, c]])
            R[i - 1 : i + 1] = G @ R[i - 1 : i + 1]
            Q[:, i - 1 : i + 1] = Q[:, i - 1 : i + 1] @ G
    return Q, R


@mistake(
    "givens_qr",
    note="only the first column",
    hint="Every column has entries below its diagonal.",
    caught_by="test_r_is_upper_triangular",
    answer="givens_qr_answer_2",
)
def givens_qr(A):
    R = np.array(A, dtype=float)
    m, n = R.shape
    Q = np.eye(m)
    for j in range(min(m - 1, n, 1)):
        for i in range(m - 1, j, -1):
            c, s = givens(R[i - 1, j], R[i, j])
            G = np.array([[c, s], [-s, c]])
            R[i - 1 : i + 1] = G @ R[i - 1 : i + 1]
            Q[:, i - 1 : i + 1] = Q[:, i - 1 : i + 1] @ G.T
    return Q, R


@mistake(
    "givens_qr",
    note="last column left",
    hint="A tall matrix has entries below the diagonal in its last column as well.",
    caught_by="test_r_is_upper_triangular",
    answer="givens_qr_answer_2",
)
def givens_qr(A):
    R = np.array(A, dtype=float)
    m, n = R.shape
    Q = np.eye(m)
    for j in range(min(m - 1, n - 1)):
        for i in range(m - 1, j, -1):
            c, s = givens(R[i - 1, j], R[i, j])
            G = np.array([[c, s], [-s, c]])
            R[i - 1 : i + 1] = G @ R[i - 1 : i + 1]
            Q[:, i - 1 : i + 1] = Q[:, i - 1 : i + 1] @ G.T
    return Q, R


@mistake(
    "givens_qr",
    note="last row left",
    hint="range(a, b) stops before b: look at the last row.",
    caught_by="test_r_is_upper_triangular",
    answer="givens_qr_answer_2",
)
def givens_qr(A):
    R = np.array(A, dtype=float)
    m, n = R.shape
    Q = np.eye(m)
    for j in range(min(m - 1, n)):
        for i in range(m - 2, j, -1):
            c, s = givens(R[i - 1, j], R[i, j])
            G = np.array([[c, s], [-s, c]])
            R[i - 1 : i + 1] = G @ R[i - 1 : i + 1]
            Q[:, i - 1 : i + 1] = Q[:, i - 1 : i + 1] @ G.T
    return Q, R


@mistake(
    "givens_qr",
    note="zeros undone",
    hint="From the top down the rotation of neighbours fills in again what was zero.",
    caught_by="test_r_is_upper_triangular",
    answer="givens_qr_answer_2",
)
def givens_qr(A):
    R = np.array(A, dtype=float)
    m, n = R.shape
    Q = np.eye(m)
    for j in range(min(m - 1, n)):
        for i in range(j + 1, m):
            c, s = givens(R[i - 1, j], R[i, j])
            G = np.array([[c, s], [-s, c]])
            R[i - 1 : i + 1] = G @ R[i - 1 : i + 1]
            Q[:, i - 1 : i + 1] = Q[:, i - 1 : i + 1] @ G.T
    return Q, R


@mistake(
    "givens_qr",
    note="square matrices only",
    hint="Q has the side m, and R the shape of A.",
    caught_by="test_product_is_the_matrix",
    answer="givens_qr_answer_2",
)
def givens_qr(A):
    R = np.array(A, dtype=float)
    m, n = R.shape
    Q = np.eye(n)
    for j in range(min(m - 1, n)):
        for i in range(m - 1, j, -1):
            c, s = givens(R[i - 1, j], R[i, j])
            G = np.array([[c, s], [-s, c]])
            R[i - 1 : i + 1] = G @ R[i - 1 : i + 1]
            Q[:, i - 1 : i + 1] = Q[:, i - 1 : i + 1] @ G.T
    return Q, R


@mistake(
    "givens_qr",
    note="a reflection",
    hint="det Q = −1: somewhere you reflect instead of turning.",
    caught_by="test_q_is_a_rotation",
    answer="givens_qr_answer_2",
)
def givens_qr(A):
    R = np.array(A, dtype=float)
    m, n = R.shape
    Q = np.eye(m)
    for j in range(min(m - 1, n)):
        for i in range(m - 1, j, -1):
            c, s = givens(R[i - 1, j], R[i, j])
            G = np.array([[c, s], [s, -c]])
            R[i - 1 : i + 1] = G @ R[i - 1 : i + 1]
            Q[:, i - 1 : i + 1] = Q[:, i - 1 : i + 1] @ G.T
    return Q, R


@mistake(
    "givens_qr",
    note="diagonal made positive",
    hint="Turning the sign of one row of R and one column of Q is a reflection.",
    caught_by="test_q_is_a_rotation",
    answer="givens_qr_answer_2",
)
def givens_qr(A):
    R = np.array(A, dtype=float)
    m, n = R.shape
    Q = np.eye(m)
    for j in range(min(m - 1, n)):
        for i in range(m - 1, j, -1):
            c, s = givens(R[i - 1, j], R[i, j])
            G = np.array([[c, s], [-s, c]])
            R[i - 1 : i + 1] = G @ R[i - 1 : i + 1]
            Q[:, i - 1 : i + 1] = Q[:, i - 1 : i + 1] @ G.T
    d = np.ones(m)
    d[: min(m, n)] = np.where(np.diag(R) < 0, -1, 1)
    return Q * d, d[:, None] * R


@mistake(
    "givens_qr",
    note="A changed in place",
    hint="R is A itself here, and the rotations write into it: work on a copy.",
    caught_by="test_product_is_the_matrix",
    answer="givens_qr_answer_2",
)
def givens_qr(A):
    R = np.asarray(A)
    m, n = R.shape
    Q = np.eye(m)
    for j in range(min(m - 1, n)):
        for i in range(m - 1, j, -1):
            c, s = givens(R[i - 1, j], R[i, j])
            G = np.array([[c, s], [-s, c]])
            R[i - 1 : i + 1] = G @ R[i - 1 : i + 1]
            Q[:, i - 1 : i + 1] = Q[:, i - 1 : i + 1] @ G.T
    return Q, R


@mistake(
    "givens_qr",
    note="below the diagonal cut off",
    hint="np.triu hides what the rotations have left: Q R is no longer A.",
    caught_by="test_product_is_the_matrix",
    answer="givens_qr_answer_2",
)
def givens_qr(A):
    R = np.array(A, dtype=float)
    m, n = R.shape
    Q = np.eye(m)
    for j in range(min(m - 1, n)):
        for i in range(m - 1, m - 2, -1):
            c, s = givens(R[i - 1, j], R[i, j])
            G = np.array([[c, s], [-s, c]])
            R[i - 1 : i + 1] = G @ R[i - 1 : i + 1]
            Q[:, i - 1 : i + 1] = Q[:, i - 1 : i + 1] @ G.T
    return Q, np.triu(R)


@mistake(
    "givens_qr",
    note="Householder reflections",
    hint="det Q = −1: somewhere you reflect instead of turning.",
    caught_by="test_q_is_a_rotation",
    answer="givens_qr_answer_2",
)
def givens_qr(A):
    R = np.array(A, dtype=float)
    m, n = R.shape
    Q = np.eye(m)
    for j in range(min(m - 1, n)):
        v = R[j:, j].copy()
        v[0] += np.copysign(np.linalg.norm(v), v[0])
        if v.any():
            v /= np.linalg.norm(v)
            R[j:] -= 2 * np.outer(v, v @ R[j:])
            Q[:, j:] -= 2 * np.outer(Q[:, j:] @ v, v)
    return Q, R


mistaken_cell(
    "givens_qr",
    note="calls a library's decomposition",
    hint="The question asks for rotations of your own.",
    caught_by="test_rotations_are_the_students_own",
    answer="givens_qr_answer_2",
    source="""
def givens_qr(A):
    Q, R = np.linalg.qr(A, mode="complete")
    if np.linalg.det(Q) < 0:
        Q[:, -1] *= -1
        R[len(Q) - 1 :] *= -1
    return Q, R
""",
)


# T1


def printed_lines(**changes):
    """The right answers with some of the three replaced."""
    right = {
        "det_line": '{"counterexample": [[0, 1], [1, 0]],'
        ' "corrected": sp.Abs(d), "where": "negative"}',
        "eigen_line": '{"counterexample": [[1, 1], [0, 1]],'
        ' "corrected": "A has n independent eigenvectors",'
        ' "where": "an eigenvalue has too few eigenvectors"}',
        "pinv_line": '{"counterexample": [[1, 1], [1, 1]],'
        ' "corrected": ([2, 4], [Fraction(3, 2), Fraction(3, 2)]),'
        ' "where": "the columns of A are dependent"}',
    }
    lines = [f"{name} = {value}" for name, value in (right | changes).items()]
    return "\n".join(['d = sp.Symbol("d", real=True)', *lines])


DET = '{"counterexample": %s, "corrected": %s, "where": "%s"}'
EIGEN = '{"counterexample": %s, "corrected": "%s", "where": "%s"}'
PINV = '{"counterexample": %s, "corrected": (%s, %s), "where": "%s"}'
SWAP, RIGHT_CONDITION = "[[0, 1], [1, 0]]", "A has n independent eigenvectors"
SHEAR, RIGHT_CAUSE = "[[1, 1], [0, 1]]", "an eigenvalue has too few eigenvectors"
ONES, RIGHT_PLACE = "[[1, 1], [1, 1]]", "the columns of A are dependent"
HALF_THREES = "[Fraction(3, 2), Fraction(3, 2)]"
KEEPS = "The printed line holds for your counterexample. Compute both of its sides by hand."
WRONG_PLACE = "The part of the printed line that you name is right as it stands."

for _note, _hint, _value in [
    ("satisfies the printed line", KEEPS, DET % ("[[2, 0], [0, 3]]", "sp.Abs(d)", "negative")),
    ("satisfies the printed line", KEEPS, DET % ("[[1, 2], [2, 4]]", "sp.Abs(d)", "negative")),
    ("not square", "The line speaks of square matrices: the counterexample is none.",
     DET % ("[[1, 0, 0], [0, 1, 0]]", "sp.Abs(d)", "negative")),
    ("not rational", "The entries of the counterexample should be rational numbers.",
     DET % ("[[0, sp.sqrt(2)], [1, 0]]", "sp.Abs(d)", "negative")),
    ("the printed line", "That is the printed line, for d = det A: try your own counterexample.",
     DET % (SWAP, "d", "negative")),
    ("wrong sign", "A product of σ_i ≥ 0 is never negative.", DET % (SWAP, "-d", "negative")),
    ("squared", "That is the product of the squares σ_i².", DET % (SWAP, "d**2", "negative")),
    ("fault in the wrong place", WRONG_PLACE, DET % (SWAP, "sp.Abs(d)", "zero")),
]:  # fmt: skip
    mistaken_cell(
        "printed_lines",
        note=_note,
        hint=_hint,
        caught_by="test_determinant_line",
        source=printed_lines(det_line=_value),
    )

for _note, _hint, _value in [
    ("symmetric", "By the spectral theorem every symmetric A has one.",
     EIGEN % ("[[2, 1], [1, 2]]", RIGHT_CONDITION, RIGHT_CAUSE)),
    ("premise not met", "The question asks for an invertible matrix.",
     EIGEN % ("[[0, 1], [0, 0]]", RIGHT_CONDITION, RIGHT_CAUSE)),
    ("satisfies the printed line", KEEPS,  # nearly defective floats are not defective
     EIGEN % ("[[1.0, 1.0], [0.0, 1.0000000001]]", RIGHT_CONDITION, RIGHT_CAUSE)),
    ("satisfies the printed line", KEEPS,  # complex eigenvalues are allowed
     EIGEN % ("[[0, -1], [1, 0]]", RIGHT_CONDITION, RIGHT_CAUSE)),
    ("another condition", "It is enough, and not necessary: other matrices have one too.",
     EIGEN % (SHEAR, "A is symmetric", RIGHT_CAUSE)),
    ("another condition", "The identity has one eigenvalue only, and is diagonal.",
     EIGEN % (SHEAR, "A has n different eigenvalues", RIGHT_CAUSE)),
    ("another condition", "Your own counterexample is invertible.",
     EIGEN % (SHEAR, "A is invertible", RIGHT_CAUSE)),
    ("fault in the wrong place", WRONG_PLACE,
     EIGEN % (SHEAR, RIGHT_CONDITION, "an eigenvalue is multiple")),
]:  # fmt: skip
    mistaken_cell(
        "printed_lines",
        note=_note,
        hint=_hint,
        caught_by="test_eigenvalue_line",
        source=printed_lines(eigen_line=_value),
    )

for _note, _hint, _value in [
    ("full rank", "For full column rank AᵀA has an inverse.",
     PINV % ("[[1, 0], [0, 1], [1, 1]]", "[1, 2, 3]", "[1, 2]", RIGHT_PLACE)),
    ("premise not met", "The line speaks of m ≥ n: yours is wider than tall.",
     PINV % ("[[1, 0, 0], [0, 1, 0]]", "[1, 2]", "[1, 2, 0]", RIGHT_PLACE)),
    ("the zero matrix", "The question asks for an A that is not 0.",
     PINV % ("[[0], [0]]", "[1, 2]", "[0]", RIGHT_PLACE)),
    ("not the shortest", "Yours minimises, but it has a component that A does not see.",
     PINV % (ONES, "[2, 4]", "[3, 0]", RIGHT_PLACE)),
    ("not a minimiser", "The residual Ax − b has to be orthogonal to the columns of A.",
     PINV % (ONES, "[2, 4]", "[3, 3]", RIGHT_PLACE)),
    ("Aᵀb is 0", "Then x = 0, which shows nothing: choose another b.",
     PINV % (ONES, "[1, -1]", "[0, 0]", RIGHT_PLACE)),
    ("fault in the wrong place", WRONG_PLACE, PINV % (ONES, "[2, 4]", HALF_THREES, "A is square")),
]:  # fmt: skip
    mistaken_cell(
        "printed_lines",
        note=_note,
        hint=_hint,
        caught_by="test_pseudo_inverse_line",
        source=printed_lines(pinv_line=_value),
    )

# T2

SVD = "U, S, Vh = np.linalg.svd(my_matrix)\n"
WITNESSES = {
    "stretched_x": "Vh[0]",
    "nuclear_witness": "U @ Vh",
    "spectral_witness": "np.outer(U[:, 0], Vh[0])",
    "frobenius_witness": "my_matrix / np.linalg.norm(my_matrix)",
}
OUTSIDE = "The %s norm of your matrix is larger than 1."

for _caught, _name, _note, _hint, _value in [
    ("test_vector_is_stretched_most", "stretched_x", "a left singular vector",
     "u_1 is where A takes v_1: which of the two is put in?", "U[:, 0]"),
    ("test_vector_is_stretched_most", "stretched_x", "column for row",
     "The right singular vectors are the rows of Vh.", "Vh[:, 0]"),
    ("test_vector_is_stretched_most", "stretched_x", "stretched least",
     "NumPy sorts singular values from the largest.", "Vh[-1]"),
    ("test_vector_is_stretched_most", "stretched_x", "the zero vector",
     "At 0 both sides are 0.", "np.zeros(3)"),
    ("test_vector_is_stretched_most", "stretched_x", "not attained",
     "Another direction is stretched more.", "np.ones(3)"),
    ("test_witness_of_the_nuclear_norm", "nuclear_witness", "A divided by a norm",
     "A/‖A‖₂ lies in the ball, and attains less.", "my_matrix / S[0]"),
    ("test_witness_of_the_nuclear_norm", "nuclear_witness", "A divided by a norm",
     "A/‖A‖_F lies in the ball, and attains less.", "my_matrix / np.linalg.norm(my_matrix)"),
    ("test_witness_of_the_nuclear_norm", "nuclear_witness", "A divided by a norm",
     "A/‖A‖_* lies in the ball, and attains less.", "my_matrix / S.sum()"),
    ("test_witness_of_the_nuclear_norm", "nuclear_witness", "V Uᵀ for U Vᵀ",
     "W has to have the singular vectors of A, not those of Aᵀ.", "Vh.T @ U.T"),
    ("test_witness_of_the_nuclear_norm", "nuclear_witness", "outside the ball",
     OUTSIDE % "spectral", "1.1 * U @ Vh"),
    ("test_witness_of_the_nuclear_norm", "nuclear_witness", "wrong sign",
     "The inner product is the norm with the opposite sign.", "-U @ Vh"),
    ("test_witness_of_the_nuclear_norm", "nuclear_witness", "the other witness",
     "One term attains one singular value only.", "np.outer(U[:, 0], Vh[0])"),
    ("test_witness_of_the_nuclear_norm", "nuclear_witness", "V for Vᵀ",
     "np.linalg.svd returns Vᵀ already.", "U @ Vh.T"),
    ("test_witness_of_the_spectral_norm", "spectral_witness", "transposed",
     "u vᵀ, not v uᵀ: compare with A v = σ u.", "np.outer(Vh[0], U[:, 0])"),
    ("test_witness_of_the_spectral_norm", "spectral_witness", "the other witness",
     "U Vᵀ has the nuclear norm 3: it is not in this ball.", "U @ Vh"),
    ("test_witness_of_the_spectral_norm", "spectral_witness", "A divided by a norm",
     "A/‖A‖_* lies in the ball, and attains less.", "my_matrix / S.sum()"),
    ("test_witness_of_the_frobenius_norm", "frobenius_witness", "divided by another norm",
     "The Frobenius norm is its own dual.", "my_matrix / S[0]"),
    ("test_witness_of_the_frobenius_norm", "frobenius_witness", "divided by the square",
     "A/‖A‖_F² is shorter than 1.", "my_matrix / np.sum(my_matrix**2)"),
    ("test_witness_of_the_frobenius_norm", "frobenius_witness", "outside the ball",
     OUTSIDE % "Frobenius", "my_matrix"),
]:  # fmt: skip
    mistaken_cell(
        "witnesses",
        note=_note,
        hint=_hint,
        caught_by=_caught,
        source=SVD + "\n".join(f"{n} = {v}" for n, v in (WITNESSES | {_name: _value}).items()),
    )

for _note, _hint, _order in [
    ("used before it is shown", "A line uses something that only a later line provides.", "HFCBEA"),
    ("takes W for the witness", "The proof is for every W: nothing is known of its vectors.",
     "FCHBEGA"),
    ("entries for singular values",
     "One line is false: the entries are at most 1, but a_ij may be negative.", "FCHDA"),
    ("a line that nothing rests on",
     "One of your lines is true, but no other line of the proof makes use of it.", "FCHBEAJ"),
    ("a step is missing", "Every line that you use is right, but a step is missing.", "FCHBA"),
]:  # fmt: skip
    mistaken_cell(
        "witnesses",
        note=_note,
        hint=_hint,
        caught_by="test_proof_is_in_order",
        source=f"nuclear_proof = {list(_order)!r}",
        answer="witnesses_answer_2",
    )

# T3

SOLVE = """
def ridge_solution(A, b, lam):
    return np.linalg.solve(A.T @ A + lam * np.eye(A.shape[1]), A.T @ b)
"""
GRADIENT = """
def ridge_gradient(A, b, x, lam):
    return 2 * A.T @ (A @ x - b) + 2 * lam * x
"""

for _note, _hint, _value in [
    ("factors differ",
     "Both terms are squares: the factor 2 comes with both or may be left out of both.",
     "2 * A.T @ (A @ x - b) + lam * x"),
    ("factors differ",
     "Both terms are squares: the factor 2 comes with both or may be left out of both.",
     "A.T @ (A @ x - b) + 2 * lam * x"),
    ("factors differ",
     "The factor 2 of the first term stands before all of Aᵀ(Ax − b), before Aᵀb too.",
     "2 * (A.T @ A + lam * np.eye(len(x))) @ x - A.T @ b"),
    ("penalty with the wrong sign", "The penalty is added to J, so its gradient is added too.",
     "2 * A.T @ (A @ x - b) - 2 * lam * x"),
    ("no penalty", "The second term of J depends on x as well.", "2 * A.T @ (A @ x - b)"),
    ("sign of the data term", "Differentiate Ax − b as it stands: the inner derivative is +A.",
     "2 * A.T @ (b - A @ x) + 2 * lam * x"),
    ("wrong sign", "Differentiate ‖Ax − b‖² and λ‖x‖² one after the other.",
     "2 * A.T @ (b - A @ x) - 2 * lam * x"),
    ("dimension mismatch", "Write the shape of each factor below it.",
     "2 * (A @ x - b) @ A.T + 2 * lam * x"),
    ("wrong layout", "Your entries are right, but they stand in another layout.",
     "(2 * A.T @ (A @ x - b) + 2 * lam * x)[None, :]"),
]:  # fmt: skip
    mistaken_cell(
        "ridge",
        note=_note,
        hint=_hint,
        caught_by="test_gradient_of_the_objective",
        source=f"def ridge_gradient(A, b, x, lam):\n    return {_value}\n\n{SOLVE}",
    )

for _note, _hint, _value in [
    ("λ added to all entries", "λ stands on the diagonal: the matrix is AᵀA + λI.",
     "np.linalg.solve(A.T @ A + lam, A.T @ b)"),
    ("wrong sign of λ", "A penalty makes AᵀA larger, never smaller.",
     "np.linalg.solve(A.T @ A - lam * np.eye(A.shape[1]), A.T @ b)"),
    ("λ ignored", "Does your x become shorter when λ grows?", "np.linalg.pinv(A) @ b"),
    ("half of the penalty", "The factor 2 of the gradient belongs to both terms.",
     "np.linalg.solve(A.T @ A + lam / 2 * np.eye(A.shape[1]), A.T @ b)"),
    ("twice the penalty", "The factor 2 of the gradient belongs to both terms.",
     "np.linalg.solve(A.T @ A + 2 * lam * np.eye(A.shape[1]), A.T @ b)"),
    ("dimension mismatch", "Write the shape of each factor below it.",
     "np.linalg.solve(A @ A.T + lam * np.eye(A.shape[0]), A.T @ b)"),
    ("wrong sign", "Set the gradient to 0 and solve for x.",
     "-np.linalg.solve(A.T @ A + lam * np.eye(A.shape[1]), A.T @ b)"),
]:  # fmt: skip
    mistaken_cell(
        "ridge",
        note=_note,
        hint=_hint,
        caught_by="test_solution_of_the_normal_equations",
        source=f"{GRADIENT}\n\ndef ridge_solution(A, b, lam):\n    return {_value}\n",
    )

STEPS = [
    "(s*z - beta)^2 + lam*z^2",
    "s^2*z^2 - 2*s*beta*z + beta^2 + lam*z^2",
    "(s^2 + lam)*z^2 - 2*s*beta*z + beta^2",
    "(s^2 + lam)*(z^2 - 2*s*beta/(s^2 + lam)*z) + beta^2",
    "(s^2 + lam)*(z - s*beta/(s^2 + lam))^2 + beta^2 - s^2*beta^2/(s^2 + lam)",
    "(s^2 + lam)*(z - s*beta/(s^2 + lam))^2 + lam*beta^2/(s^2 + lam)",
]
SYMBOLS = """
s, lam = sp.symbols("s lam", positive=True)
z, beta = sp.symbols("z beta", real=True)
"""

for _note, _hint, _steps in [
    ("a jump", "Every step holds, and too few are written down.", [STEPS[0], STEPS[-1]]),
    ("a jump", "Every step holds, but: collect the powers of z on a line of its own.",
     [STEPS[0], STEPS[1], STEPS[3], STEPS[4], STEPS[5]]),
    ("a step does not hold", "The double product has lost its factor 2.",
     [STEPS[0], "s^2*z^2 - s*beta*z + beta^2 + lam*z^2", *STEPS[2:]]),
    ("a step does not hold", "What was added inside the bracket has to be taken off again.",
     [*STEPS[:4], "(s^2 + lam)*(z - s*beta/(s^2 + lam))^2 + beta^2", STEPS[5]]),
    ("a step does not hold", "The sign of the double product is that of −2σβz.",
     [*STEPS[:3], "(s^2 + lam)*(z^2 + 2*s*beta/(s^2 + lam)*z) + beta^2", *STEPS[4:]]),
    ("a step is a copy", "The same line in another order is no step.",
     [STEPS[0], STEPS[1], "lam*z^2 + beta^2 - 2*s*beta*z + s^2*z^2", *STEPS[2:]]),
    ("not the question", "The first line is the question.", STEPS[1:]),
    ("not the goal", "The last line is not yet the goal.", STEPS[:-1]),
]:  # fmt: skip
    _lines = [("" if i == 0 else "=", step) for i, step in enumerate(_steps)]
    mistaken_cell(
        "ridge",
        note=_note,
        hint=_hint,
        caught_by="test_square_is_completed",
        source=f"{SYMBOLS}\nsquare_steps = {_lines!r}",
        answer="ridge_answer_2",
    )

FILTER = {
    "coefficient": "s / (s**2 + lam)",
    "fit": "s**2 / (s**2 + lam)",
    "coefficient_without_penalty": "1 / s",
    "coefficient_under_pressure": "s",
    "halving": "s**2",
}
FIT_FOR = "One is the factor between β and z, the other between β and σz."

for _caught, _note, _hint, _changes in [
    ("test_coefficient_and_fit", "fit for coefficient", FIT_FOR,
     {"coefficient": "s**2 / (s**2 + lam)"}),
    ("test_coefficient_and_fit", "coefficient for fit", FIT_FOR, {"fit": "s / (s**2 + lam)"}),
    ("test_coefficient_and_fit", "λ with the wrong sign", "λ makes the denominator larger.",
     {"coefficient": "s / (s**2 - lam)"}),
    ("test_coefficient_and_fit", "σ for σ²", "The first term is (σz)²: mind the square.",
     {"coefficient": "1 / (s + lam)"}),
    ("test_coefficient_and_fit", "the rest", "That is what is *lost* of β.",
     {"fit": "lam / (s**2 + lam)"}),
    ("test_limits_of_the_coefficient", "the fit's limit", "That is the limit of the fit.",
     {"coefficient_without_penalty": "1"}),
    ("test_limits_of_the_coefficient", "inverted", "Without penalty z solves σz = β.",
     {"coefficient_without_penalty": "s"}),
    ("test_limits_of_the_coefficient", "limit of c itself", "c tends to 0: λ c is asked for.",
     {"coefficient_under_pressure": "0"}),
    ("test_limits_of_the_coefficient", "inverted", "σ stands in the numerator of c.",
     {"coefficient_under_pressure": "1 / s"}),
    ("test_limits_of_the_coefficient", "σ for σ²", "Compare λ with σ², not with σ.",
     {"halving": "s"}),
    ("test_limits_of_the_coefficient", "not equal",
     "c is half of 1/σ where the denominator has doubled.", {"halving": "2 * s**2"}),
]:  # fmt: skip
    mistaken_cell(
        "ridge",
        note=_note,
        hint=_hint,
        caught_by=_caught,
        source='s, lam = sp.symbols("s lam", positive=True)\n'
        + "\n".join(f"{name} = {value}" for name, value in (FILTER | _changes).items()),
        answer="ridge_answer_3",
    )

# T4

KAPPA = "((2 + eps + sp.sqrt(4 + eps**2)) / 2)**2 / eps"

for _caught, _note, _hint, _kappa, _small in [
    ("test_condition_number_is_exact", "upside down", "κ is never less than 1.",
     f"1 / ({KAPPA})", "4 / eps + 2"),
    ("test_condition_number_is_exact", "the first term only",
     "That is κ for small ε: give it exactly.", "4 / eps", "4 / eps + 2"),
    ("test_condition_number_is_exact", "two terms only", "That is κ for small ε: give it exactly.",
     "4 / eps + 2", "4 / eps + 2"),
    ("test_condition_number_is_exact", "squared", "That is κ of AᵀA.",
     f"({KAPPA})**2", "4 / eps + 2"),
    ("test_condition_number_is_exact", "root of κ",
     "The roots are of the eigenvalues of AᵀA; for a symmetric A, σ is |λ| itself.",
     f"sp.sqrt({KAPPA})", "4 / eps + 2"),
    ("test_condition_number_is_exact", "σ_max²", "Divide by the smallest one.",
     f"({KAPPA}) * eps", "4 / eps + 2"),
    ("test_condition_number_for_small_epsilon", "2/ε",
     "Both eigenvalues count: the largest is near 2, and its square is.", KAPPA, "2 / eps"),
    ("test_condition_number_for_small_epsilon", "the first term only",
     "There is a term that does not depend on ε.", KAPPA, "4 / eps"),
    ("test_condition_number_for_small_epsilon", "not expanded", "Only two terms are asked for.",
     KAPPA, KAPPA),
]:  # fmt: skip
    mistaken_cell(
        "condition",
        note=_note,
        hint=_hint,
        caught_by=_caught,
        source=f'eps = sp.Symbol("eps", positive=True)\nkappa = {_kappa}\nkappa_small = {_small}',
    )

AXES = "_, Q = np.linalg.eigh(np.array([[1, 1], [1, 1 + float(my_epsilon)]]))\n"

for _note, _hint, _b, _e in [
    ("directions swapped",
     "You have found the best case: which direction makes x short, and which long?",
     "Q[:, 0]", "Q[:, 1] / 100"),
    ("not the worst case",
     "The error can grow more: is your b along the very direction that A stretches most?",
     "[1, 1]", "[Fraction(1, 100), Fraction(-1, 100)]"),
    ("not the worst case",
     "The error can grow more: is your b along the very direction that A stretches most?",
     "[1, 0]", "[0, Fraction(1, 100)]"),
    ("not small", "The error e has to be a hundredth of b, or less.", "Q[:, 1]", "Q[:, 0]"),
    ("the zero vector", "worst_e has to be another vector than 0.", "Q[:, 1]", "[0, 0]"),
]:  # fmt: skip
    mistaken_cell(
        "condition",
        note=_note,
        hint=_hint,
        caught_by="test_worst_case_is_attained",
        source=f"{AXES}worst_b = {_b}\nworst_e = {_e}",
        answer="condition_answer_2",
    )

RATIO = {
    "counterexample": "([[1, 0], [0, 1]], [1, 0], [2, 0])",
    "corrected": "(Ae / Ab) / (ne / nb)",
    "where": '"the second fraction"',
    "growth": "t**2",
    "matrix": "[[1, 100], [0, 1]]",
}

for _caught, _note, _hint, _changes in [
    ("test_ratio_line", "satisfies the printed line", KEEPS,
     {"counterexample": "([[1, 0], [0, 1]], [2, 0], [1, 0])"}),
    ("test_ratio_line", "premise not met", "A should be invertible.",
     {"counterexample": "([[1, 1], [1, 1]], [1, 0], [2, 0])"}),
    ("test_ratio_line", "the zero vector", "e has to be another vector than 0.",
     {"counterexample": "([[1, 0], [0, 1]], [1, 0], [0, 0])"}),
    ("test_ratio_line", "the printed line", "That is the printed line.",
     {"corrected": "(Ae / Ab) * (ne / nb)"}),
    ("test_ratio_line", "upside down", "The error of x stands above.",
     {"corrected": "(Ab / Ae) * (ne / nb)"}),
    ("test_ratio_line", "fault in the wrong place", WRONG_PLACE,
     {"where": '"the inequality sign"'}),
    ("test_growth_of_the_printed_line", "one place only", "e stands in the printed line twice.",
     {"growth": "t"}),
    ("test_growth_of_the_printed_line", "that of the right line", "That is what it should be.",
     {"growth": "1"}),
    ("test_eigenvalues_do_not_tell", "well conditioned",
     "Its condition number is less than 1000.", {"matrix": "[[1, 1], [0, 1]]"}),
    ("test_eigenvalues_do_not_tell", "other eigenvalues", "Its eigenvalues are not both 1.",
     {"matrix": "[[1, 0], [0, Fraction(1, 1000)]]"}),
    ("test_eigenvalues_do_not_tell", "other eigenvalues", "Its eigenvalues are not both 1.",
     {"matrix": "[[1, 1], [1, 1.001]]"}),
]:  # fmt: skip
    _given = RATIO | _changes
    mistaken_cell(
        "condition",
        note=_note,
        hint=_hint,
        caught_by=_caught,
        source='t, Ae, Ab, ne, nb = sp.symbols("t Ae Ab ne nb", positive=True)\n'
        f'ratio_line = {{"counterexample": {_given["counterexample"]},'
        f' "corrected": {_given["corrected"]}, "where": {_given["where"]}}}\n'
        f"printed_growth = {_given['growth']}\nharmless_eigenvalues = {_given['matrix']}",
        answer="condition_answer_3",
    )

# T5

COUNTED = """
sigma = np.array(my_spectrum)
variance = sigma**2
k = int(np.argmax(np.cumsum(variance) >= 0.9 * np.sum(variance))) + 1
j = int(np.argmax(np.cumsum(sigma) >= 0.9 * np.sum(sigma))) + 1
"""
SHARE = "round(float(np.sum(variance[:k]) / np.sum(variance)), 3)"

for _caught, _note, _hint, _number, _share in [
    ("test_number_of_components", "σ for σ²", "The variance is the square of σ.", "j", SHARE),
    ("test_number_of_components", "one too few", "So many keep less than 90 %.", "k - 1", SHARE),
    ("test_share_that_is_kept", "σ for σ²", "The variance is the square of σ.", "k",
     "round(float(np.sum(sigma[:k]) / np.sum(sigma)), 3)"),
    ("test_share_that_is_kept", "the share that is lost", "That is what is left out.", "k",
     "round(float(np.sum(variance[k:]) / np.sum(variance)), 3)"),
    ("test_share_that_is_kept", "another number",
     "That is the share of one component more or less.", "k",
     "round(float(np.sum(variance[:k + 1]) / np.sum(variance)), 3)"),
    ("test_share_that_is_kept", "not the number", "Divide by the sum of all squares.", "k", "0.5"),
]:  # fmt: skip
    mistaken_cell(
        "components",
        note=_note,
        hint=_hint,
        caught_by=_caught,
        source=f"{COUNTED}components_90 = {_number}\nshare_kept = {_share}",
    )

ONLY_SOME = "It is the first direction for some a, b, c only: mind the sign of c, and a ≠ b."
AXIS = {
    "variance_major": "(a + b + root) / 2",
    "variance_minor": "(a + b - root) / 2",
    "major_axis": "(c, variance_major - a)",
}

for _caught, _note, _hint, _changes in [
    ("test_variances_of_the_axes", "swapped", "The major one is the larger of the two.",
     {"variance_major": "(a + b - root) / 2", "variance_minor": "(a + b + root) / 2",
      "major_axis": "(c, variance_minor - a)"}),
    ("test_variances_of_the_axes", "deviations", "A variance is asked for, not its root.",
     {"variance_major": "sp.sqrt((a + b + root) / 2)",
      "major_axis": "(c, (a + b + root) / 2 - a)"}),
    ("test_variances_of_the_axes", "half missing", "The solution of a quadratic has a 2 below.",
     {"variance_major": "a + b + root", "major_axis": "(c, (a + b + root) / 2 - a)"}),
    ("test_variances_of_the_axes", "a factor lost", "Expand (a + b)² − 4(ab − c²) again.",
     {"variance_major": "(a + b + sp.sqrt((a - b)**2 + c**2)) / 2",
      "major_axis": "(c, (a + b + root) / 2 - a)"}),
    ("test_first_direction", "the second direction", "The variance along yours is the smaller one.",
     {"major_axis": "(c, variance_minor - a)"}),
    ("test_first_direction", "not for all a, b, c", ONLY_SOME,
     {"major_axis": "(variance_major - a, c)"}),
    ("test_first_direction", "not for all a, b, c", ONLY_SOME,
     {"major_axis": "(root + a - b, 2 * sp.Abs(c))"}),
    ("test_first_direction", "not for all a, b, c", ONLY_SOME,
     {"major_axis": "(1, 1)"}),
    ("test_first_direction", "not defined everywhere",
     "For some a, b, c yours has no value: may a and b be equal?",
     {"major_axis": "[f(sp.atan(2 * c / (a - b)) / 2) for f in (sp.cos, sp.sin)]"}),
    ("test_first_direction", "not a direction", "C v is not a multiple of v: try a = b = 2, c = 1.",
     {"major_axis": "(1, 0)"}),
    ("test_first_direction", "the zero vector", "Somewhere your vector is 0.",
     {"major_axis": "(0, 0)"}),
]:  # fmt: skip
    mistaken_cell(
        "components",
        note=_note,
        hint=_hint,
        caught_by=_caught,
        source='a, b = sp.symbols("a b", positive=True)\n'
        'c = sp.Symbol("c", real=True, nonzero=True)\nroot = sp.sqrt((a - b)**2 + 4 * c**2)\n'
        + "\n".join(f"{name} = {value}" for name, value in (AXIS | _changes).items()),
        answer="components_answer_2",
    )

CLAIMS = {
    "a": "(False, ([[1, 0], [-1, 0], [0, 1], [0, -1]], [2, 1]))",
    "b": '(True, "centring")',
    "c": '(True, "diagonal")',
    "d": "(False, [[-1, 1], [0, 0], [1, 1]])",
    "e": "(False, ([[-5, 0], [5, 0]], [[-5, 1], [5, 1]]))",
    "f": "(False, [[0, 1], [1, 0]])",
}
HOLDS = "It could be read, and the claim holds for it. Compute both sides by hand."
FALSE = "Try small examples: entries 0, 1 and -1, the same thing twice where there are two."
NO_REASON = "The reason that you chose may be true, but it does not prove this claim."

for _note, _hint, _changes in [
    ("a false claim called true", FALSE, {"a": '(True, "trace")'}),
    ("satisfies the claim", HOLDS, {"a": "(False, ([[1, 0], [-1, 0], [0, 1], [0, -1]], [2, 2]))"}),
    ("premise not met", "The factors should be positive.",
     {"a": "(False, ([[1, 0], [-1, 0], [0, 1], [0, -1]], [2, 0]))"}),
    ("not the reason", NO_REASON, {"b": '(True, "trace")'}),
    ("satisfies the claim", HOLDS, {"b": "(False, ([[1, 0], [0, 1]], [5, 5]))"}),
    ("not the reason", NO_REASON, {"c": '(True, "semidefinite")'}),
    ("satisfies the claim", HOLDS, {"c": "(False, [[1, 0], [0, 1]])"}),
    ("a false claim called true", FALSE, {"d": '(True, "diagonal")'}),
    ("satisfies the claim", HOLDS, {"d": "(False, [[1, 1], [1, -1], [-1, 1], [-1, -1]])"}),
    ("premise not met", "The two columns of your table are correlated.",
     {"d": "(False, [[1, 1], [2, 2]])"}),
    ("a false claim called true", FALSE, {"e": '(True, "Eckart-Young")'}),
    ("satisfies the claim", HOLDS, {"e": "(False, ([[0, 0], [1, 0]], [[0, 9], [1, 9]]))"}),
    ("premise not met", "No column of yours separates the two classes.",
     {"e": "(False, ([[-5, 0], [5, 0]], [[-5, 0], [5, 1]]))"}),
    ("a false claim called true", FALSE, {"f": '(True, "semidefinite")'}),
    ("satisfies the claim", HOLDS, {"f": "(False, [[0, 0], [1, 1]])"}),
    ("premise not met", "An entry of your table is negative.",
     {"f": "(False, [[-1, 1], [1, -1]])"}),
]:  # fmt: skip
    (_key,) = _changes
    mistaken_cell(
        "components",
        note=_note,
        hint=_hint,
        caught_by=f"test_claim_{_key}",
        source="pca_claims = {"
        + ", ".join(f'"{k}": {v}' for k, v in (CLAIMS | _changes).items())
        + "}",
        answer="components_answer_3",
    )

mistaken_cell(
    "components",
    note="a false claim called true",
    hint=FALSE,
    caught_by="test_claim_a",
    source='pca_claims = {claim: (True, "centring") for claim in "abcdef"}',
    answer="components_answer_3",
)
