# ruff: noqa: F811  # entries of one question share names
# pyright: reportRedeclaration=false, reportUndefinedVariable=false
"""Right answers to homework 2 in other forms; each must earn all points of its question."""

import numpy as np

from tests.banks import variant, variant_cell

# P1


@variant("low_rank", "a sum of outer products")
def low_rank(A, k):
    m, n = A.shape
    if k < 0 or k > min(m, n):
        raise ValueError("k")
    U, S, Vh = np.linalg.svd(A)
    B = np.zeros((m, n))
    for i in range(k):
        B += S[i] * np.outer(U[:, i], Vh[i])
    return B


@variant("low_rank", "the small singular values set to zero, lists returned")
def low_rank(A, k):
    if k not in range(min(np.shape(A)) + 1):
        raise ValueError(f"no rank {k}")
    U, S, Vh = np.linalg.svd(A, full_matrices=False)
    S[k:] = 0
    return (U @ np.diag(S) @ Vh).tolist()


@variant("low_rank", "projected onto the leading eigenvectors of AᵀA")
def low_rank(A, k):
    A = np.array(A, dtype=np.float64)
    if not 0 <= k <= min(A.shape):
        raise ValueError(k)
    _, V = np.linalg.eigh(A.T @ A)
    V = V[:, ::-1][:, :k]
    return A @ V @ V.T


variant_cell(
    "low_rank",
    "torch inside",
    source="""
    import torch


    def low_rank(A, k):
        A = torch.as_tensor(A).double()
        if k < 0 or k > min(A.shape):
            raise ValueError(f"rank {k}")
        U, S, V = torch.svd(A)
        return U[:, :k] @ torch.diag(S[:k]) @ V[:, :k].T
    """,
)

# P2

variant_cell(
    "pca",
    "eigenvectors of np.cov, a loop for the signs, another name for the number",
    source="""
    class PCA:
        def __init__(self, n_components):
            if n_components < 1:
                raise ValueError("at least one component")
            self.n_components = n_components

        def fit(self, X):
            if self.n_components > min(X.shape):
                raise ValueError("too many components")
            self.mean = np.mean(X, 0)
            L, Q = np.linalg.eigh(np.atleast_2d(np.cov(X, rowvar=False)))
            rows = []
            for q in Q.T[::-1][: self.n_components]:
                if q[np.argmax(abs(q))] < 0:
                    q = -q
                rows.append(q)
            self.components = np.array(rows)
            self.variances = L[::-1][: self.n_components]
            return self

        def transform(self, X):
            Z = np.empty((len(X), self.n_components))
            for i, x in enumerate(X):
                Z[i] = self.components @ (x - self.mean)
            return Z

        def inverse_transform(self, Z):
            return self.mean + np.einsum("mk,kd->md", Z, self.components)
    """,
)
variant_cell(
    "pca",
    "another object is returned by fit, properties",
    source="""
    class Fitted:
        def __init__(self, mean, components, variances):
            self.mean, self.components, self.variances = mean, components, variances

        def transform(self, X):
            return np.dot(np.subtract(X, self.mean), np.transpose(self.components))

        def inverse_transform(self, Z):
            return np.dot(Z, self.components) + self.mean


    class PCA:
        def __init__(self, k):
            self.k = k

        def fit(self, X):
            n, d = X.shape
            if self.k < 1 or self.k > n or self.k > d:
                raise ValueError(f"k = {self.k}")
            mean = np.ones(n) @ X / n
            S, V = np.linalg.svd((X - mean) / np.sqrt(n - 1), full_matrices=False)[1:]
            V = V[: self.k]
            flip = V.max(axis=1) < -V.min(axis=1)
            V[flip] *= -1
            return Fitted(mean, V, np.square(S[: self.k]))
    """,
)
variant_cell(
    "pca",
    "torch inside, lists outside",
    source="""
    import torch


    class PCA:
        def __init__(self, k):
            self.k = k

        def fit(self, X):
            X = torch.tensor(X, dtype=torch.float64)
            if not 0 < self.k <= min(X.shape):
                raise ValueError("k")
            self._mu = X.mean(0)
            self._V = torch.linalg.svd(X - self._mu, full_matrices=False).Vh[: self.k]
            for v in self._V:
                if v[v.abs().argmax()] < 0:
                    v.neg_()
            self.mean, self.components = self._mu.tolist(), self._V.tolist()
            self.variances = ((X - self._mu) @ self._V.T).var(0).tolist()
            return self

        def transform(self, X):
            return (torch.tensor(X) - self._mu) @ self._V.T

        def inverse_transform(self, Z):
            return torch.as_tensor(Z).double() @ self._V + self._mu
    """,
)

# P3

variant_cell(
    "power_svd",
    "normalised AᵀAv, steps until the direction stands still",
    source="""
    def power_svd(A, k, rng):
        size = np.abs(A).max()
        B = A / size
        triples = []
        for _ in range(k):
            v = rng.standard_normal(A.shape[1])
            v /= np.sqrt(v @ v)
            for step in range(60_000):
                w = B.T @ (B @ v)
                w /= np.sqrt(w @ w)
                still = np.abs(w - v).max() < 1e-13
                v = w
                if still:
                    break
            s = np.sqrt(np.sum((B @ v) ** 2))
            triples.append((s * size, B @ v / s, v))
            B = B - s * (B @ v / s)[:, None] * v[None, :]
        triples.sort(key=lambda t: -t[0])
        S, U, V = zip(*triples)
        return np.column_stack(U), np.array(S), np.vstack(V)
    """,
)
variant_cell(
    "power_svd",
    "on the smaller side, orthogonalised against what is known",
    source="""
    def power_svd(A, k, rng):
        if A.shape[0] < A.shape[1]:
            U, S, Vh = power_svd(A.T, k, rng)
            return Vh.T, S, U.T
        G = (A / np.abs(A).max()).T @ (A / np.abs(A).max())
        V = np.zeros((0, A.shape[1]))
        for _ in range(k):
            v = rng.normal(size=A.shape[1])
            for _ in range(100_000):
                v = v - V.T @ (V @ v)
                v = v / np.linalg.norm(v)
                w = G @ v
                w = w - V.T @ (V @ w)
                if np.linalg.norm(w - (v @ w) * v) <= 1e-12 * np.linalg.norm(w):
                    break
                v = w
            V = np.vstack([V, v])
        AV = A @ V.T
        S = np.sqrt(np.sum((AV / np.abs(AV).max()) ** 2, axis=0)) * np.abs(AV).max()
        order = np.argsort(S)[::-1]
        return (AV / S)[:, order], S[order], V[order]
    """,
)
variant_cell(
    "power_svd",
    "v and u in turn, always the same many steps",
    source="""
    def power_svd(A, k, rng):
        R = np.array(A, dtype=float)
        U, S, V = [], [], []
        for _ in range(k):
            v = rng.uniform(-1, 1, R.shape[1])
            for _ in range(12_000):
                u = R @ v
                u /= np.linalg.norm(u)
                v = R.T @ u
                v /= np.linalg.norm(v)
            s = np.linalg.norm(R @ v)
            U.append(R @ v / s)
            S.append(s)
            V.append(v)
            R = R - s * np.outer(U[-1], v)
        o = sorted(range(k), key=lambda i: -S[i])
        return np.array([U[i] for i in o]).T, [S[i] for i in o], [V[i] for i in o]
    """,
)

# P4


@variant("lstsq", "normal equations for ridge, the eigenvectors of AᵀA nowhere")
def lstsq(A, b, lam=0.0):
    if lam < 0:
        raise ValueError("lam")
    if lam > 0:
        return np.linalg.solve(A.T @ A + lam * np.eye(A.shape[1]), A.T @ b)
    U, S, Vh = np.linalg.svd(A)
    r = np.sum(S / S.max() > 1e-10)
    return sum((U[:, i] @ b) / S[i] * Vh[i] for i in range(r))


@variant("lstsq", "AAᵀ + λI on the other side, a column returned")
def lstsq(A, b, lam=0.0):
    if lam < 0:
        raise ValueError("lam")
    if lam > 0:
        x = A.T @ np.linalg.inv(A @ A.T + lam * np.eye(len(A))) @ b
    else:
        U, S, Vh = np.linalg.svd(A, full_matrices=False)
        inverse = np.array([1 / s if s > 1e-12 * S[0] else 0.0 for s in S])
        x = Vh.T @ np.diag(inverse) @ U.T @ b
    return x.reshape(-1, 1)


variant_cell(
    "lstsq",
    "torch inside",
    source="""
    import torch


    def lstsq(A, b, lam=0.0):
        if not lam >= 0:
            raise ValueError(lam)
        U, S, Vh = torch.linalg.svd(torch.tensor(A), full_matrices=False)
        c = torch.where(S > 1e-11 * S[0], S / (S * S + lam), torch.zeros_like(S))
        return (Vh.T @ (c * (U.T @ torch.tensor(b)))).numpy()
    """,
)


@variant("lstsq", "one system for w and the bias", answer="lstsq_answer_2")
def ridge_fit(X, y, lam):
    n, d = X.shape
    A = np.hstack([X, np.ones((n, 1))])
    penalty = lam * np.eye(d + 1)
    penalty[d, d] = 0
    solution = np.linalg.solve(A.T @ A + penalty, A.T @ y)
    return solution[:d], float(solution[d])


@variant("lstsq", "a projection that centres, lists", answer="lstsq_answer_2")
def ridge_fit(X, y, lam):
    n, d = X.shape
    H = np.eye(n) - np.full((n, n), 1 / n)
    w = np.linalg.inv(X.T @ H @ X + lam * np.eye(d)) @ X.T @ H @ y
    return [w.tolist(), np.mean(y - X @ w)]


# P5


@variant("givens_qr", "angles")
def givens(a, b):
    angle = np.arctan2(b, a)
    if a == 0 and b == 0:
        return 1, 0
    return np.cos(angle), np.sin(angle)


@variant("givens_qr", "scaled by the larger entry")
def givens(a, b):
    size = max(abs(a), abs(b))
    if size == 0:
        return [1.0, 0.0]
    a, b = a / size, b / size
    r = (a * a + b * b) ** 0.5
    return [a / r, b / r]


@variant("givens_qr", "each row with the diagonal's, whole rotations", answer="givens_qr_answer_2")
def givens_qr(A):
    m, n = A.shape
    Q, R = np.identity(m), A.astype(float)
    for j in range(n):
        for i in range(j + 1, m):
            if R[i, j] != 0:
                c, s = givens(R[j, j], R[i, j])
                G = np.identity(m)
                G[[j, i], [j, i]] = c
                G[j, i], G[i, j] = s, -s
                Q, R = Q @ G.T, G @ R
    return Q, R


@variant("givens_qr", "all rotations collected, exact zeros", answer="givens_qr_answer_2")
def givens_qr(A):
    R = [[float(a) for a in row] for row in A]
    m, n = len(R), len(R[0])
    T = [[float(i == j) for j in range(m)] for i in range(m)]
    for j in range(n):
        for i in range(m - 1, j, -1):
            c, s = givens(R[i - 1][j], R[i][j])
            for M in (R, T):
                top, low = M[i - 1], M[i]
                M[i - 1] = [c * p + s * q for p, q in zip(top, low, strict=True)]
                M[i] = [c * q - s * p for p, q in zip(top, low, strict=True)]
            R[i][j] = 0.0
    return np.array(T).T, np.array(R)


variant_cell(
    "givens_qr",
    "torch inside",
    answer="givens_qr_answer_2",
    source="""
    import torch


    def givens_qr(A):
        R = torch.tensor(A, dtype=torch.float64)
        Q = torch.eye(R.shape[0], dtype=torch.float64)
        for j in range(R.shape[1]):
            for i in reversed(range(j + 1, R.shape[0])):
                c, s = givens(R[i - 1, j].item(), R[i, j].item())
                G = torch.tensor([[c, s], [-s, c]], dtype=torch.float64)
                R[[i - 1, i]] = G @ R[[i - 1, i]]
                Q[:, [i - 1, i]] = Q[:, [i - 1, i]] @ G.T
        return Q, R
    """,
)

# T1

variant_cell(
    "printed_lines",
    "SymPy matrices, a root of a square, larger examples",
    source="""
    d = sp.Symbol("d", real=True)
    det_line = {
        "where": "negative",
        "corrected": sp.sqrt(d**2),
        "counterexample": sp.diag(2, -3, sp.Rational(1, 2)),
    }
    eigen_line = dict(
        counterexample=sp.Matrix([[2, 1, 0], [0, 2, 0], [0, 0, 5]]),
        corrected="A has n independent eigenvectors",
        where="an eigenvalue has too few eigenvectors",
    )
    pinv_line = {
        "counterexample": np.array([[1, 0], [2, 0], [0, 0]]),
        "corrected": [np.array([1, 1, 7]), np.array([0.6, 0.0])],
        "where": "the columns of A are dependent",
    }
    """,
)
variant_cell(
    "printed_lines",
    "typed formulas, floats, fractions",
    source="""
    det_line = {"counterexample": [[-1]], "corrected": "abs(d)", "where": "negative"}
    eigen_line = {
        "counterexample": [[3.0, 1.0], [-1.0, 1.0]],
        "corrected": "A has n independent eigenvectors",
        "where": "an eigenvalue has too few eigenvectors",
    }
    pinv_line = {
        "counterexample": [[Fraction(1, 2), 1], [1, 2], [0, 0]],
        "corrected": ([1, 0, 0], [Fraction(4, 25) / 2 * 1, Fraction(4, 25)]),
        "where": "the columns of A are dependent",
    }
    """,
)
variant_cell(
    "printed_lines",
    "maximum, complex eigenvalues that are double, a column of zeros, np.linalg.pinv",
    source="""
    d = sp.Symbol("d")
    det_line = {"counterexample": [[1, 2], [3, 4]], "corrected": sp.Max(d, -d), "where": "negative"}
    eigen_line = {
        "counterexample": [[0, -1, 1, 0], [1, 0, 0, 1], [0, 0, 0, -1], [0, 0, 1, 0]],
        "corrected": "A has n independent eigenvectors",
        "where": "an eigenvalue has too few eigenvectors",
    }
    matrix = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0], [1.0, 0.0, -1.0]])
    side = np.array([1.0, 2.0, 4.0, -3.0])
    pinv_line = {
        "counterexample": matrix,
        "corrected": (side, np.linalg.pinv(matrix) @ side),
        "where": "the columns of A are dependent",
    }
    """,
)

# T2

variant_cell(
    "witnesses",
    "roots of AᵀA, a longer vector of the other sign",
    source="""
    L, V = np.linalg.eigh(my_matrix.T @ my_matrix)
    stretched_x = (-7 * V[:, -1]).reshape(3, 1)
    nuclear_witness = my_matrix @ V @ np.diag(L**-0.5) @ V.T
    top = my_matrix @ V[:, [-1]]
    spectral_witness = top @ V[:, [-1]].T / np.sqrt(L[-1])
    frobenius_witness = (my_matrix / np.sqrt((my_matrix**2).sum())).tolist()
    """,
)
variant_cell(
    "witnesses",
    "lists, a SymPy matrix",
    source="""
    U, S, Vh = np.linalg.svd(my_matrix)
    stretched_x = list(Vh[0])
    nuclear_witness = sum(np.outer(U[:, i], Vh[i]) for i in range(3)).tolist()
    spectral_witness = (U[:, :1] @ Vh[:1]).tolist()
    whole = sp.Matrix(my_matrix.astype(int).tolist())
    frobenius_witness = whole / sp.sqrt(sum(entry**2 for entry in whole))
    """,
)
variant_cell(
    "witnesses",
    "torch",
    source="""
    import torch

    M = torch.tensor(my_matrix)
    U, S, Vh = torch.linalg.svd(M)
    stretched_x = Vh[0].numpy()
    nuclear_witness = (U @ Vh).numpy()
    spectral_witness = torch.outer(U[:, 0], Vh[0]).numpy()
    frobenius_witness = (M / torch.linalg.norm(M)).numpy()
    """,
)
variant_cell(
    "witnesses",
    "the bound before the sum",
    answer="witnesses_answer_2",
    source='nuclear_proof = ["B", "E", "C", "F", "H", "A"]',
)
variant_cell(
    "witnesses",
    "a tuple of small letters",
    answer="witnesses_answer_2",
    source='nuclear_proof = tuple("cfbhea")',
)
variant_cell(
    "witnesses", "one text", answer="witnesses_answer_2", source='nuclear_proof = "CFHBEA"'
)

# T3

variant_cell(
    "ridge",
    "half the gradient, the solution by the singular values",
    source="""
    def ridge_gradient(A, b, x, lam):
        return A.T.dot(A.dot(x) - b) + lam * x


    def ridge_solution(A, b, lam):
        U, S, Vh = np.linalg.svd(A, full_matrices=False)
        return Vh.T @ (S / (S**2 + lam) * (U.T @ b))
    """,
)
variant_cell(
    "ridge",
    "the gradient multiplied out, the other side of the push-through",
    source="""
    def ridge_gradient(A, b, x, lam):
        return 2 * (A.T @ A + lam * np.eye(len(x))) @ x - 2 * b @ A


    def ridge_solution(A, b, lam):
        return (A.T @ np.linalg.inv(A @ A.T + lam * np.eye(len(b))) @ b).tolist()
    """,
)
variant_cell(
    "ridge",
    "torch's own differentiation",
    source="""
    import torch


    def ridge_gradient(A, b, x, lam):
        A, b = torch.tensor(A), torch.tensor(b)
        x = torch.tensor(x, requires_grad=True)
        (torch.sum((A @ x - b) ** 2) + lam * torch.sum(x**2)).backward()
        return x.grad


    def ridge_solution(A, b, lam):
        A, b = torch.tensor(A), torch.tensor(b)
        return torch.linalg.solve(A.T @ A + lam * torch.eye(A.shape[1], dtype=A.dtype), A.T @ b)
    """,
)
variant_cell(
    "ridge",
    "SymPy expressions and other spellings",
    answer="ridge_answer_2",
    source="""
    s, lam = sp.symbols("s lam", positive=True)
    z, beta = sp.symbols("z beta", real=True)
    D = s**2 + lam
    square_steps = [
        ("", (s * z - beta) ** 2 + lam * z**2),
        ("=", s**2 * z**2 - 2 * s * z * beta + beta**2 + lam * z**2),
        ("=", D * z**2 - 2 * s * z * beta + beta**2),
        ("==", D * (z**2 - 2 * z * s * beta / D) + beta**2),
        ("=", D * (z - s * beta / D) ** 2 - s**2 * beta**2 / D + beta**2),
        ("=", D * (z - s * beta / D) ** 2 + beta**2 * (1 - s**2 / D)),
        ("=", D * (z - s * beta / D) ** 2 + lam * beta**2 / D),
    ]
    """,
)
variant_cell(
    "ridge",
    "a direct way with lists",
    answer="ridge_answer_2",
    source="""
    square_steps = [
        ["=", "(s*z - beta)**2 + lam*z**2"],
        ["=", "s**2*z**2 + lam*z**2 - 2*s*z*beta + beta**2"],
        ["=", "z**2*(lam + s**2) - 2*s*z*beta + beta**2"],
        ["=", "(s**2 + lam)*(z - s*beta/(s**2 + lam))**2 - (s*beta)**2/(s**2 + lam) + beta**2"],
        ["=", "(s**2 + lam)*(z - s*beta/(s**2 + lam))**2 + lam*beta**2/(s**2 + lam)"],
    ]
    """,
)
variant_cell(
    "ridge",
    "typed formulas",
    answer="ridge_answer_3",
    source="""
    coefficient = "s/(s^2 + lam)"
    fit = "1 - lam/(s^2 + lam)"
    coefficient_without_penalty = "1/s"
    coefficient_under_pressure = "s"
    halving = "s^2"
    """,
)
variant_cell(
    "ridge",
    "other forms",
    answer="ridge_answer_3",
    source="""
    s, lam = sp.symbols("s lam")
    coefficient = 1 / (s + lam / s)
    fit = s * coefficient
    coefficient_without_penalty = sp.limit(s / (s**2 + lam), lam, 0)
    coefficient_under_pressure = sp.limit(lam * s / (s**2 + lam), lam, sp.oo)
    halving = s * s
    """,
)

# T4

variant_cell(
    "condition",
    "a quotient of eigenvalues, one fraction",
    source="""
    eps = sp.Symbol("eps", positive=True)
    root = sp.sqrt(eps**2 + 4)
    kappa = (eps + 2 + root) / (eps + 2 - root)
    kappa_small = (4 + 2 * eps) / eps
    """,
)
variant_cell(
    "condition",
    "typed, by trace and determinant",
    source="""
    kappa = "(1 + sqrt(1 - 4*eps/(2 + eps)^2)) / (1 - sqrt(1 - 4*eps/(2 + eps)^2))"
    kappa_small = "2 + 4/eps"
    """,
)
variant_cell(
    "condition",
    "SymPy's singular values",
    source="""
    eps = sp.Symbol("eps", positive=True)
    low, high = sorted(
        sp.Matrix([[1, 1], [1, 1 + eps]]).eigenvals(), key=lambda v: float(v.subs(eps, 1))
    )
    kappa = high / low
    kappa_small = 4 / eps + 2
    """,
)
variant_cell(
    "condition",
    "exact to many digits, an error of another size",
    answer="condition_answer_2",
    source="""
    ratio = (Fraction(my_epsilon) + sp.sqrt(Fraction(my_epsilon) ** 2 + 4)) / 2
    worst_b = [1, ratio]
    worst_e = sp.Matrix([ratio, -1]) / 5000
    """,
)
variant_cell(
    "condition",
    "singular vectors, the error roughly",
    answer="condition_answer_2",
    source="""
    U, S, Vh = np.linalg.svd([[1.0, 1.0], [1.0, 1.0 + float(my_epsilon)]])
    worst_b = (-300 * U[:, 0]).tolist()
    worst_e = (2, -2)
    """,
)
variant_cell(
    "condition",
    "other examples, typed formulas",
    answer="condition_answer_3",
    source="""
    ratio_line = {
        "counterexample": (np.diag([2.0, 1.0]), np.array([1.0, 1.0]), np.array([30.0, -30.0])),
        "corrected": "(Ae * nb) / (Ab * ne)",
        "where": "the second fraction",
    }
    printed_growth = "t*t"
    harmless_eigenvalues = sp.Matrix([[1 + 50, 50], [-50, 1 - 50]])
    """,
)
variant_cell(
    "condition",
    "lists and fractions",
    answer="condition_answer_3",
    source="""
    t, Ae, Ab, ne, nb = sp.symbols("t Ae Ab ne nb", positive=True)
    ratio_line = {
        "counterexample": [[[1, 2], [3, 4]], [Fraction(1, 1000), 0], [0, 1000]],
        "corrected": Ae / Ab * nb / ne,
        "where": "the second fraction",
    }
    printed_growth = t**2
    harmless_eigenvalues = np.array([[1.0, 0.0], [-64.0, 1.0]])
    """,
)

# T5

variant_cell(
    "components",
    "a loop, a fraction",
    source="""
    total, kept, components_90 = sum(v**2 for v in my_spectrum), 0, 0
    while kept < Fraction(9, 10) * total:
        kept += my_spectrum[components_90] ** 2
        components_90 += 1
    share_kept = Fraction(kept, total)
    """,
)
variant_cell(
    "components",
    "np.searchsorted, more digits than asked for",
    source="""
    shares = np.cumsum(np.square(my_spectrum)) / np.sum(np.square(my_spectrum))
    components_90 = np.searchsorted(shares, 0.9) + 1
    share_kept = shares[components_90 - 1]
    """,
)
variant_cell(
    "components",
    "trace and determinant, the other row",
    answer="components_answer_2",
    source="""
    a, b, c = sp.symbols("a b c")
    middle, arm = (a + b) / 2, sp.sqrt(((a - b) / 2) ** 2 + c**2)
    variance_major = middle + arm
    variance_minor = middle - arm
    major_axis = sp.Matrix([variance_major - b, c])
    """,
)
variant_cell(
    "components",
    "typed, of unit length",
    answer="components_answer_2",
    source="""
    a, b, c = sp.symbols("a b c", real=True)
    variance_major = "(a + b + sqrt((a - b)^2 + 4*c^2))/2"
    variance_minor = "(a*b - c^2) / ((a + b + sqrt((a - b)^2 + 4*c^2))/2)"
    length = "sqrt(c^2 + ((b - a + sqrt((a - b)^2 + 4*c^2))/2)^2)"
    major_axis = [f"-c/{length}", f"-(b - a + sqrt((a - b)^2 + 4*c^2))/(2*{length})"]
    """,
)
variant_cell(
    "components",
    "by SymPy's eigenvectors",
    answer="components_answer_2",
    source="""
    a, b = sp.symbols("a b", positive=True)
    c = sp.Symbol("c", real=True, nonzero=True)
    triples = sp.Matrix([[a, c], [c, b]]).eigenvects()
    triples.sort(key=lambda triple: float(triple[0].subs({a: 2, b: 1, c: 1})))
    variance_minor, variance_major = triples[0][0], triples[1][0]
    major_axis = list(triples[1][2][0])
    """,
)
variant_cell(
    "components",
    "arrays, other examples",
    answer="components_answer_3",
    source="""
    pca_claims = {
        "a": (False, (np.array([[1.0, 2.0], [3.0, 1.0], [0.0, 5.0]]), np.array([1.0, 100.0]))),
        "b": [True, "centring"],
        "c": (np.bool_(True), "diagonal"),
        "d": (sp.false, sp.Matrix([[1, 0], [-1, 0], [0, 1], [0, -1]])),
        "e": (False, (np.array([[0, 0], [9, 1]]), np.array([[0, 2], [9, 3]]))),
        "f": (False, [[0, 5], [1, 3], [2, 1]]),
    }
    """,
)
variant_cell(
    "components",
    "fractions, three columns, classes of different size",
    answer="components_answer_3",
    source="""
    pca_claims = dict(
        a=(False, ([[1, 2, 0], [0, 0, 1], [4, 0, 0]], [Fraction(1, 2), 1, 3])),
        b=(True, "centring"),
        c=(True, "diagonal"),
        d=(False, [[0, 0], [0, 2], [1, 1], [1, 1]]),
        e=(False, ([[3, -10], [3, 10]], [[4, 0], [4, -9], [5, 9]])),
        f=(False, [[Fraction(1, 3), 2], [2, Fraction(1, 3)]]),
    )
    """,
)
