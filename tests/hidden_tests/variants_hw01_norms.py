# ruff: noqa: F811  # entries of one question share the name of its function
# pyright: reportRedeclaration=false
"""Right answers to homework 1 in other forms; each earns all points."""

from fractions import Fraction

import numpy as np
import sympy as sp

from tests.banks import variant, variant_cell

# P1


@variant("lp_norm", "plain Python, no array at all")
def lp_norm(x, p):
    sizes = [abs(float(t)) for t in x]
    if p == 0:
        return sum(t > 0 for t in sizes)
    if not p >= 1:
        raise ValueError("no norm")
    largest = max(sizes)
    if p == float("inf") or largest == 0:
        return largest
    return largest * sum((t / largest) ** p for t in sizes) ** (1 / p)


variant_cell(
    "lp_norm",
    "torch inside, a zero-dimensional tensor returned",
    source="""
    import torch


    def lp_norm(x, p):
        x = torch.as_tensor(np.asarray(x, dtype=np.float64)).abs()
        if p != 0 and not p >= 1:
            raise ValueError(f"no norm for p = {p}")
        if p == 0:
            return (x != 0).sum()
        if p == float("inf") or x.max() == 0:
            return x.max()
        return x.max() * ((x / x.max()) ** p).sum() ** (1 / p)
    """,
)


@variant("lp_norm", "by logarithms: exp(logsumexp(p log|x|)/p)")
def lp_norm(x, p):
    x = np.abs(np.array(x, dtype=float))
    if p == 0:
        return np.sum(x != 0)
    if np.isnan(p) or p < 1:
        raise ValueError("p must be 0 or at least 1")
    x = x[x > 0]
    if len(x) == 0:
        return 0
    if np.isinf(p):
        return x.max()
    logs = np.log(x)
    top = logs.max()
    return x.max() * np.exp(np.log(np.sum(np.exp(p * (logs - top)))) / p)


@variant("lp_norm", "the library's norm of the scaled vector, in an array of one entry")
def lp_norm(x, p):
    if np.isnan(p) or p < 0 or 0 < p < 1:
        raise ValueError
    x = np.array(x, dtype=float)
    scale = np.max(np.abs(x))
    if p == 0 or scale == 0:
        return np.array([np.count_nonzero(x)])
    return np.array([scale * np.linalg.norm(x / scale, ord=p)])


@variant("lp_norm", "scaled by a power of two, a list with one number returned")
def lp_norm(x, p):
    if p not in (0,) and not p >= 1:
        raise ValueError
    x = np.abs(np.asarray(x, dtype=float))
    if p == 0:
        return [int((x > 0).sum())]
    if p == np.inf or not x.any():
        return [x.max().item()]
    exponent = np.frexp(x.max())[1]
    return [float(np.ldexp((np.ldexp(x, -exponent) ** p).sum() ** (1 / p), exponent))]


# P2


@variant("matrix_norm", "loops over entries, and eigenvalues of AᵀA with the root")
def matrix_norm(A, kind):
    m, n = A.shape
    if kind == "one":
        return max(sum(abs(A[i, j]) for i in range(m)) for j in range(n))
    if kind == "inf":
        return max(sum(abs(A[i, j]) for j in range(n)) for i in range(m))
    if kind == "fro":
        return np.sqrt(sum(A[i, j] ** 2 for i in range(m) for j in range(n)))
    if kind in ("two", "nuc"):
        gram = A.T @ A if n <= m else A @ A.T
        sigma = np.sqrt(np.maximum(np.linalg.eigvalsh(gram), 0))
        return sigma.max() if kind == "two" else sigma.sum()
    raise ValueError(kind)


@variant("matrix_norm", "the larger Gram matrix, whose spare eigenvalues are rounding")
def matrix_norm(A, kind):
    if kind not in ("one", "inf", "fro", "two", "nuc"):
        raise ValueError("no such norm")
    if kind in ("one", "inf"):
        return np.linalg.eigvalsh(np.diag(np.abs(A).sum(axis=int(kind == "inf"))))[-1]
    gram = A.T @ A
    sigma = np.sqrt(np.abs(np.linalg.eigvalsh(gram)))
    return {"fro": np.sqrt(np.trace(gram)), "two": sigma.max(), "nuc": sigma.sum()}[kind]


@variant("matrix_norm", "a dictionary of functions, the 1-norm as the infinity norm of Aᵀ")
def matrix_norm(A, kind):
    def sigma(M):
        return np.linalg.svd(M)[1]

    norms = {
        "inf": lambda M: np.max(np.sum(np.abs(M), axis=1)),
        "one": lambda M: norms["inf"](M.T),
        "fro": lambda M: np.sqrt(np.sum(sigma(M) ** 2)),
        "two": lambda M: np.max(sigma(M)),
        "nuc": lambda M: np.sum(sigma(M)),
    }
    if kind not in norms:
        raise ValueError(f"unknown kind {kind}")
    return norms[kind](np.array(A))


variant_cell(
    "matrix_norm",
    "torch inside, by lp_norm of P1, with match",
    source="""
    import torch


    def matrix_norm(A, kind):
        M = torch.from_numpy(A)
        match kind:
            case "one":
                return M.abs().sum(0).max()
            case "inf":
                return M.abs().sum(1).max()
            case "fro":
                return lp_norm(A.ravel(), 2)
            case "two":
                return torch.linalg.svdvals(M).max()
            case "nuc":
                return torch.linalg.svdvals(M).sum()
            case _:
                raise ValueError(kind)
    """,
)

# P3

variant_cell(
    "design_matrix",
    "points by a + k h, powers by a running product",
    source="""
    def grid(a, b, step):
        return a + step * np.arange(int(round((b - a) / step)) + 1)


    def design_matrix(x, d):
        x = np.array(x, dtype=float).reshape(-1, 1)
        return np.cumprod(np.repeat(x, d, axis=1), axis=1)
    """,
)

variant_cell(
    "design_matrix",
    "np.arange with half a step to spare, np.vander with its column of ones cut off",
    source="""
    def grid(a, b, step):
        return np.arange(a, b + step / 2, step)


    def design_matrix(x, d):
        x = np.asarray(x).astype(np.float64)
        return np.vander(x, N=d + 1, increasing=True)[:, 1:]
    """,
)

variant_cell(
    "design_matrix",
    "np.power.outer and np.floor, lists returned",
    source="""
    def grid(a, b, step):
        n = np.floor((b - a) / step + 0.5)
        return np.linspace(a, b, int(n) + 1).tolist()


    def design_matrix(x, d):
        exponents = np.arange(1.0, d + 1.0)
        return np.power.outer(np.asarray(x, dtype=float), exponents).tolist()
    """,
)

variant_cell(
    "design_matrix",
    "torch inside",
    source="""
    import torch


    def grid(a, b, step):
        return torch.linspace(a, b, round((b - a) / step) + 1, dtype=torch.float64)


    def design_matrix(x, d):
        x = torch.as_tensor(x).double()
        return x.unsqueeze(1).pow(torch.arange(1, d + 1))
    """,
)

variant_cell(
    "design_matrix",
    "np.multiply.accumulate on a broadcast array",
    source="""
    def grid(a, b, step):
        count = np.rint((b - a) / step).astype(int) + 1
        k = np.arange(count)
        return np.where(k == count - 1, b, a + k * step)


    def design_matrix(x, d):
        x = np.asarray(x, dtype=np.float64)
        return np.multiply.accumulate(np.broadcast_to(x[:, np.newaxis], (x.size, d)), axis=1)
    """,
)

# P4


@variant("gemm_accumulate", "blocks of rows, C returned")
def gemm_accumulate(A, B, C):
    if np.shares_memory(A, C):
        A = A.copy()
    if np.shares_memory(B, C):
        B = B.copy()
    for start in range(0, C.shape[0], 64):
        C[start : start + 64] += A[start : start + 64] @ B
    return C


@variant("gemm_accumulate", "by columns, the factors always copied")
def gemm_accumulate(A, B, C):
    A, B = np.array(A), np.array(B)
    for j in range(C.shape[1]):
        C[:, j] += A @ B[:, j]


@variant("gemm_accumulate", "entry by entry")
def gemm_accumulate(A, B, C):
    A, B = A.copy(), B.copy()
    for i in range(C.shape[0]):
        for j in range(C.shape[1]):
            C[i, j] += A[i] @ B[:, j]


@variant("gemm_accumulate", "a buffer of one row, and a whole product only where memory is shared")
def gemm_accumulate(A, B, C):
    if np.may_share_memory(A, C) or np.may_share_memory(B, C):
        C += A @ B
        return
    row = np.empty(C.shape[1])
    for a, c in zip(A, C, strict=True):
        np.matmul(a, B, out=row)
        np.add(c, row, out=c)


variant_cell(
    "gemm_accumulate",
    "torch's own GEMM on the same memory",
    source="""
    import torch


    def gemm_accumulate(A, B, C):
        A = A.copy() if np.may_share_memory(A, C) else A
        B = B.copy() if np.may_share_memory(B, C) else B
        torch.from_numpy(C).addmm_(torch.from_numpy(A), torch.from_numpy(B))
    """,
)

# P5

variant_cell(
    "matmul_levels",
    "lists and comprehensions",
    source="""
    def matmul_dots(A, B):
        columns = range(B.shape[1])
        return [[float(row @ B[:, j]) for j in columns] for row in A]


    def matmul_columns(A, B):
        columns = [(A @ B[:, j]).numpy() for j in range(B.shape[1])]
        return np.column_stack(columns)


    def matmul_whole(A, B):
        C = A @ B
        return np.array([[C[i, j].item() for j in range(C.shape[1])] for i in range(C.shape[0])])


    def time_product(A, B, clock):
        before = clock()
        C = A @ B
        C.numpy()
        after = clock()
        return after - before
    """,
)

variant_cell(
    "matmul_levels",
    "with transposes",
    source="""
    def matmul_dots(A, B):
        C = np.zeros((len(A), B.shape[1]))
        for i, row in enumerate(A):
            for j, column in enumerate(B.T):
                C[i][j] = float(column @ row)
        return C


    def matmul_columns(A, B):
        return np.array([(column @ A.T).numpy() for column in B.T]).T


    def matmul_whole(A, B):
        return (B.T @ A.T).T.numpy()


    def time_product(A, B, clock):
        start = clock()
        _ = (A @ B)[0, 0].item()
        return np.float64(clock() - start)
    """,
)

variant_cell(
    "matmul_levels",
    "promises first, all read afterwards",
    source="""
    def matmul_dots(A, B):
        promises = [A[i] @ B[:, j] for i in range(A.shape[0]) for j in range(B.shape[1])]
        return np.array([promise.item() for promise in promises]).reshape(A.shape[0], B.shape[1])


    def matmul_columns(A, B):
        promises = [A @ B[:, [j]] for j in range(B.shape[1])]
        return np.hstack([promise.numpy() for promise in promises])


    def matmul_whole(A, B):
        C = np.empty((A.shape[0], B.shape[1]))
        C[:] = (A @ B).numpy()
        return C


    def time_product(A, B, clock):
        t = [clock()]
        result = matmul_whole(A, B)
        t.append(clock())
        assert result is not None
        return np.diff(t)
    """,
)


# T1

variant_cell(
    "printed_norm",
    "a root of a square, a list for the witness",
    source="""
    x1, x2 = sp.symbols("x1 x2")
    printed_norm = sp.sqrt(x1**2)
    printed_norm_witness = [0, 5]
    """,
)
variant_cell(
    "printed_norm",
    "the zero function as a plain number",
    source="printed_norm = 0\nprinted_norm_witness = np.array([1.0, 0.0])",
)
variant_cell(
    "printed_norm",
    "another direction that is not seen, a SymPy column",
    source="""
    x1, x2 = sp.symbols("x1 x2", real=True)
    printed_norm = 3 * sp.Abs(2 * x1 - x2) / 4
    printed_norm_witness = sp.Matrix([Fraction(1, 2), 1])
    """,
)
variant_cell(
    "printed_norm",
    "an irrational direction",
    source="""
    x1, x2 = sp.symbols("x1 x2", real=True)
    printed_norm = sp.Max(sp.sqrt(2) * x1 - x2, x2 - sp.sqrt(2) * x1)
    printed_norm_witness = (1, sp.sqrt(2))
    """,
)
variant_cell(
    "printed_norm",
    "cases",
    source="""
    x1, x2 = sp.symbols("x1 x2", real=True)
    printed_norm = sp.Piecewise((x1 + x2, x1 + x2 >= 0), (-x1 - x2, True))
    printed_norm_witness = (Fraction(1, 3), Fraction(-1, 3))
    """,
)

variant_cell(
    "printed_norm",
    "typed, as the larger of two",
    source="""
    printed_norm = "max(x1 - 3*x2, 3*x2 - x1)"
    printed_norm_witness = (3, 1)
    """,
)

# T2


@variant("norm_constant", "SymPy numbers")
def norm_constant(n, p, q):
    p, q = (sp.oo if r == np.inf else sp.nsimplify(r) for r in (p, q))
    return sp.Integer(n) ** sp.Max(0, 1 / p - 1 / q)


@variant("norm_constant", "cases and logarithms")
def norm_constant(n, p, q):
    if p >= q:
        return 1
    return np.exp(np.log(n) * (1 / p - (0 if q == np.inf else 1 / q)))


@variant("norm_constant", "the quotient of the norms at its own best vector")
def norm_constant(n, p, q):
    return np.float64(n) ** np.maximum(0.0, np.divide(1, p) - np.divide(1, q))


@variant("norm_constant", "lists and negative entries", answer="norm_constant_answer_2")
def extremal_vector(n, p, q):
    return [(-1) ** k for k in range(n)] if p < q else [0] * (n - 1) + [-7]


@variant("norm_constant", "a SymPy column of tiny fractions", answer="norm_constant_answer_2")
def extremal_vector(n, p, q):
    entries = [Fraction(1, 1000)] * n if p < q else [Fraction(1, 1000)] + [0] * (n - 1)
    return sp.Matrix(entries)


@variant("norm_constant", "any vector where p equals q", answer="norm_constant_answer_2")
def extremal_vector(n, p, q):
    if p == q:
        return tuple(range(1, n + 1))
    return np.full((n, 1), 3) if p < q else np.eye(n, dtype=int)[n - 1]


# T3

variant_cell(
    "orthogonal",
    "the lemma on permutations first",
    source='permutation_proof = ["H", "E", "B", "L", "C", "A", "J", "F"]',
)
variant_cell(
    "orthogonal",
    "a tuple of small letters",
    source='permutation_proof = tuple("eh blcajf".replace(" ", ""))',
)
variant_cell("orthogonal", "one text", source='permutation_proof = "E, H, B, L, C, A, J, F"')
variant_cell(
    "orthogonal",
    "a delta in a delta",
    answer="orthogonal_answer_2",
    source="""
    i, j, m, n = sp.symbols("i j m n", integer=True, positive=True)
    shift_entry = sp.KroneckerDelta(j, i + 1 - n * sp.KroneckerDelta(i, n))
    gram_entry = "delta(i, j) - delta(i, j)*delta(j, m + 1)"
    """,
)
variant_cell(
    "orthogonal",
    "cases, and the identity less its last entry",
    answer="orthogonal_answer_2",
    source="""
    i, j, m, n = sp.symbols("i j m n", integer=True, positive=True)
    d = sp.KroneckerDelta
    shift_entry = sp.Piecewise((d(j, 1), sp.Eq(i, n)), (d(j - 1, i), True))
    gram_entry = d(i, j) - d(i, m + 1) * d(j, m + 1)
    """,
)
variant_cell(
    "orthogonal",
    "typed, one by Kronecker's delta and one by a condition",
    answer="orthogonal_answer_2",
    source="""
    shift_entry = "delta(i + 1, j) + delta(i, n)*delta(1, j)"
    gram_entry = "where(i == j and i <= m, 1, 0)"
    """,
)
variant_cell(
    "orthogonal",
    "inequalities, symbols without assumptions",
    answer="orthogonal_answer_2",
    source="""
    i, j, m, n = sp.symbols("i j m n")
    wrap = sp.And(sp.Eq(i, n), sp.Eq(j, 1))
    shift_entry = sp.Piecewise((1, sp.Or(sp.Eq(j, i + 1), wrap)), (0, True))
    gram_entry = sp.Piecewise((1, sp.And(sp.Eq(i, j), i <= m)), (0, True))
    """,
)
variant_cell(
    "orthogonal",
    "an array of decimals",
    answer="orthogonal_answer_3",
    source="""
    wide_matrix = np.array([[1, 1, 1] / np.sqrt(3), [1, -2, 1] / np.sqrt(6)])
    lost_vector = np.array([-0.5, 0.0, 0.5])
    """,
)
variant_cell(
    "orthogonal",
    "roots of SymPy in a list of rows",
    answer="orthogonal_answer_3",
    source="""
    a, b = 1 / sp.sqrt(3), 1 / sp.sqrt(6)
    wide_matrix = [[a, a, a], [b, b, -2 * b]]
    lost_vector = sp.Matrix([sp.sqrt(2), -sp.sqrt(2), 0])
    """,
)
variant_cell(
    "orthogonal",
    "Fractions",
    answer="orthogonal_answer_3",
    source="""
    t = Fraction(1, 7)
    wide_matrix = [[2 * t, 3 * t, 6 * t], [3 * t, -6 * t, 2 * t]]
    lost_vector = (6, 2, -3)
    """,
)

# T4

variant_cell(
    "norm_claims",
    "arrays, SymPy matrices, Fractions; the other proof of c",
    source="""
    turn = np.array([[0.0, 1.0], [1.0, 0.0]])
    norm_claims = {
        "a": (False, np.array([[[1, 2], [3, 4]], [[1, 1], [0, 1]]])),
        "b": (False, (sp.Matrix([[0, 3], [0, 0]]), sp.Matrix([[0, 0], [Fraction(1, 2), 0]]))),
        "c": (True, "Cauchy-Schwarz"),
        "d": (True, "transpose"),
        "e": (False, (np.array([1.0, 4.0]), np.array([2.5, 0.0]))),
        "f": (False, (turn, turn)),
        "g": (True, "Cauchy-Schwarz"),
        "h": (False, np.ones((2, 2)) * [[1, 1], [0, 0.5]]),
    }
    """,
)
variant_cell(
    "norm_claims",
    "lists for pairs, larger and smaller shapes; g by way of c",
    source="""
    ones = np.ones((3, 3))
    norm_claims = {
        "a": [False, [ones, ones]],
        "b": [False, [[[1, 2], [0, 0]], [[0, 0], [2, 1]]]],
        "c": [True, "largest and sum"],
        "d": [np.bool_(True), "transpose"],
        "e": [sp.false, [[1, 2, 3], [3, 2, 1]]],
        "f": [False, [[[1, 2], [2, 1]], [[0, 5], [5, 0]]]],
        "g": [True, "largest and sum"],
        "h": [False, [[1, 1, 1, 1]]],
    }
    """,
)
variant_cell(
    "norm_claims",
    "complex eigenvalues",
    source="""
    norm_claims = dict(
        a=(False, ([[Fraction(1, 2)] * 4] * 4, [[1] * 4] * 4)),
        b=(False, ([[0, 1, 0], [0, 0, 1], [0, 0, 0]], [[0, 0, 0], [0, 0, 0], [1, 0, 0]])),
        c=(True, "largest and sum"),
        d=(True, "transpose"),
        e=(False, ([-1, 0], [0, -1])),
        f=(False, ([[-1]], [[2]])) and (False, ([[2, 0], [0, -2]], [[1, 0], [0, -1]])),
        g=(True, "Cauchy-Schwarz"),
        h=(False, np.array([[1.0, -1.0], [0.0, 1.0]])),
    )
    """,
)

# T5


@variant("psd_factor", "A times the root of D")
def psd_factor(A, D):
    return A @ np.sqrt(D)


@variant("psd_factor", "by eigenvalues, with what rounding made negative cut off")
def psd_factor(A, D):
    w, Q = np.linalg.eigh(A @ D @ A.T)
    return Q * np.sqrt(np.clip(w, 0, None))


@variant("psd_factor", "a list of rows, with idle columns")
def psd_factor(A, D):
    rows, columns = A.shape
    return [[A[r, k] * float(D[k, k]) ** 0.5 for k in range(columns)] + [0.0] for r in range(rows)]


@variant("psd_factor", "a SymPy matrix")
def psd_factor(A, D):
    return sp.Matrix(A) * sp.diag(*[sp.sqrt(d) for d in np.diag(D)])


variant_cell(
    "psd_factor",
    "solved for m",
    answer="psd_factor_answer_2",
    source='m, n = sp.symbols("m n", integer=True, positive=True)\nkeep_b = m <= 2 * n',
)
variant_cell(
    "psd_factor",
    "typed, as the counts stand",
    answer="psd_factor_answer_2",
    source='keep_b = "m*(m + 1)/2 <= m*n + n"',
)
variant_cell(
    "psd_factor",
    "turned round, with a rational number and no assumptions",
    answer="psd_factor_answer_2",
    source="""
    m, n = sp.symbols("m n")
    keep_b = sp.Ge(n, sp.Rational(1, 2) * m)
    """,
)
variant_cell(
    "psd_factor",
    "strict, for integers, and a negation",
    answer="psd_factor_answer_2",
    source="""
    m, n = sp.symbols("m n", integer=True, positive=True)
    keep_b = sp.And(m < 2 * n + 1, sp.Not(m > 2 * n))
    """,
)
variant_cell(
    "psd_factor",
    "a diagonal matrix and a column",
    answer="psd_factor_answer_3",
    source="""
    negative_diagonal = np.diag([1, 1, -20.0])
    negative_x = sp.Matrix([sp.Rational(-1, 2), 1])
    """,
)
variant_cell(
    "psd_factor",
    "another entry",
    answer="psd_factor_answer_3",
    source="negative_diagonal = sp.diag(1, -5, 1)\nnegative_x = np.array([[1.0], [0.5]])",
)
