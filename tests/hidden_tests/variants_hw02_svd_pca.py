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
