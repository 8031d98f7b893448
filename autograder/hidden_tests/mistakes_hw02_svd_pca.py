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
