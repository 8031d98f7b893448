# ruff: noqa: F811  # entries of one question share the name of its function
# pyright: reportRedeclaration=false
"""Right answers to homework 3 in other forms; each earns all points."""

import numpy as np

from tests.banks import variant, variant_cell

# P1


@variant("num_jacobian", "the rows of a unit matrix as directions, transposed at the end")
def num_jacobian(f, x, h=6e-6):
    if np.isnan(h) or h <= 0:
        raise ValueError("h must be positive")
    x = np.asarray(x).astype(np.float64)
    steps = h * np.maximum(1, np.abs(x))
    rows = []
    for s, e in zip(steps, np.eye(x.size), strict=True):
        ahead = np.array(f(x + s * e)).ravel()
        behind = np.array(f(x - s * e)).ravel()
        rows.append((ahead - behind) / (2 * s))
    return np.array(rows).T


@variant("num_jacobian", "a matrix filled column by column, its height asked of one call at x")
def num_jacobian(f, x, h=6e-6):
    if not (h > 0):
        raise ValueError(f"no step: {h}")
    x = np.array([float(t) for t in x])
    J = np.zeros((np.size(f(x.copy())), len(x)))
    for j in range(len(x)):
        step = h * max(abs(x[j]), 1)
        moved = [x.copy(), x.copy()]
        moved[0][j] += step
        moved[1][j] -= step
        J[:, j] = np.subtract(*[np.asarray(f(point), dtype=float).copy() for point in moved])
        J[:, j] /= 2 * step
    return J


@variant("num_jacobian", "lists and plain Python floats; a list of rows is returned")
def num_jacobian(f, x, h=6e-6):
    if not h > 0:
        raise ValueError
    x = [float(t) for t in x]

    def value(j, s):
        t = np.array(x)
        t[j] += s
        v = f(t)
        return [float(v)] if np.ndim(v) == 0 else [float(entry) for entry in v]

    columns = []
    for j in range(len(x)):
        s = h * max(1.0, abs(x[j]))
        pairs = zip(value(j, s), value(j, -s), strict=True)
        columns.append([(a - b) / (2 * s) for a, b in pairs])
    return [list(row) for row in zip(*columns, strict=True)]


variant_cell(
    "num_jacobian",
    "a torch tensor is returned",
    source="""
    import torch


    def num_jacobian(f, x, h=6e-6):
        if h != h or h <= 0:
            raise ValueError(h)
        x = torch.tensor(np.array(x, dtype=np.float64))
        columns = []
        for j in range(len(x)):
            step = h * max(1.0, abs(x[j].item()))
            ends = []
            for s in (step, -step):
                t = x.clone()
                t[j] += s
                ends.append(torch.as_tensor(np.array(f(t.numpy()), dtype=np.float64)).reshape(-1))
            columns.append((ends[0] - ends[1]) / (2 * step))
        return torch.stack(columns, dim=1)
    """,
)

# P2


@variant("lsq_grad", "einsum over all three axes")
def lsq_grad(w, X, y):
    n, d = X.shape
    if w.size != d or y.size != n:
        raise ValueError("sizes do not fit")
    flat = np.einsum("ij,ik,k->j", X, X, w.reshape(d)) - np.einsum("ij,i->j", X, y.reshape(n))
    return np.reshape(flat / n, w.shape)


@variant("lsq_grad", "columns all along, and the shape given back at the end")
def lsq_grad(w, X, y):
    if len(y) != len(X):
        raise ValueError("a target for each example")
    return (X.T @ (X @ w.reshape(-1, 1) - y.reshape(-1, 1)) / X.shape[0]).reshape(w.shape)


@variant("lsq_grad", "the mean of the examples' gradients")
def lsq_grad(w, X, y):
    if np.size(w) != X.shape[1] or np.size(y) != X.shape[0]:
        raise ValueError
    residual = np.dot(X, np.ravel(w)) - np.ravel(y)
    return np.mean(X * residual[:, None], axis=0).reshape(w.shape)


@variant("lsq_grad", "the Hessian as the mean of outer products", answer="lsq_grad_answer_2")
def lsq_hess(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError
    return np.mean(X[:, :, None] * X[:, None, :], axis=0)


variant_cell(
    "lsq_grad",
    "torch inside",
    source="""
    import torch


    def lsq_grad(w, X, y):
        w, X, y = torch.tensor(w * 1.0), torch.tensor(X * 1.0), torch.tensor(y * 1.0)
        if w.numel() != X.shape[1] or y.numel() != X.shape[0]:
            raise ValueError("sizes")
        w = w.clone().requires_grad_()
        ((X @ w.reshape(-1) - y.reshape(-1)) ** 2).mean().div(2).backward()
        return w.grad
    """,
)

# P3

variant_cell(
    "products",
    "a dict of functions, one an operation",
    source="""
    def _p(x):
        e = np.exp(x - np.max(x, axis=-1, keepdims=True))
        return e / np.sum(e, axis=-1, keepdims=True)


    def _sigmoid(x):
        return np.exp(-np.logaddexp(0, -x))


    def _affine(x, dx):
        return dx[0] @ x[1] + x[0] @ dx[1] + dx[2][None, :]


    PUSH = {
        "affine": _affine,
        "sum": lambda x, dx: float(np.sum(dx[0])),
        "norm2": lambda x, dx: 2 * np.vdot(x[0], dx[0]),
        "sigmoid": lambda x, dx: _sigmoid(x[0]) * _sigmoid(-x[0]) * dx[0],
        "softmax": lambda x, dx: _p(x[0]) * dx[0]
        - _p(x[0]) * np.einsum("...i,...i->...", _p(x[0]), dx[0])[..., None],
        "logsumexp": lambda x, dx: np.einsum("...i,...i->...", _p(x[0]), dx[0]),
    }


    def jvp(op, inputs, tangents):
        if op not in PUSH:
            raise ValueError(f"unknown operation {op}")
        return PUSH[op](inputs, tangents)


    def softmax(x):
        return _p(x)
    """,
)
variant_cell(
    "products",
    "torch differentiates",
    answer="products_answer_2",
    source="""
    import torch

    OPS = {
        "affine": lambda X, W, b: X @ W + b,
        "sum": torch.sum,
        "norm2": lambda x: (x * x).sum(),
        "sigmoid": torch.sigmoid,
        "softmax": lambda x: torch.softmax(x, -1),
        "logsumexp": lambda x: torch.logsumexp(x, -1),
    }


    def vjp(op, inputs, cotangent):
        if op not in OPS:
            raise ValueError(op)
        if op == "sigmoid":  # torch takes 1 - sigmoid, which rounds to 0
            small = np.exp(-np.abs(inputs[0]))
            return (small / (1 + small) ** 2 * cotangent,)
        x = [torch.tensor(t, requires_grad=True) for t in inputs]
        y = OPS[op](*x)
        u = torch.as_tensor(cotangent, dtype=torch.float64).reshape(y.shape)
        return torch.autograd.grad(y, x, u)
    """,
)
variant_cell(
    "products",
    "a list instead of a tuple, and shapes by broadcasting",
    answer="products_answer_2",
    source="""
    def vjp(op, inputs, cotangent):
        x = inputs[0]
        u = np.asarray(cotangent)
        if op == "affine":
            return [u.dot(inputs[1].T), x.T.dot(u), np.ones(len(u)) @ u]
        if op == "sum":
            return [u * np.ones_like(x)]
        if op == "norm2":
            return [x * (u + u)]
        if op == "sigmoid":
            return [u / (2 + np.exp(np.clip(x, -740, 700)) + np.exp(-np.clip(x, -700, 740)))]
        if op in ("softmax", "logsumexp"):
            logs = x - np.logaddexp.reduce(x, axis=-1, keepdims=True)
            p = np.exp(logs)
            if op == "logsumexp":
                return [p * u[..., np.newaxis]]
            return [p * u - p * (p * u).sum(-1)[..., np.newaxis]]
        raise ValueError("no such operation: " + op)
    """,
)

# P4


@variant("chain", "NumPy finds the cheapest order itself")
def chain(Js, layout):
    if layout == "numerator":
        factors = tuple(reversed(Js))
    elif layout == "denominator":
        factors = tuple(Js)
    else:
        raise ValueError(f"no layout {layout}")
    if not factors:
        raise ValueError("nothing to multiply")
    return factors[0].copy() if len(factors) == 1 else np.linalg.multi_dot(factors)


@variant("chain", "always in numerator layout, transposed before and after")
def chain(Js, layout):
    if layout not in {"numerator", "denominator"} or not len(Js):
        raise ValueError
    Js = [J if layout == "numerator" else J.T for J in Js]
    if Js[0].shape[1] < Js[-1].shape[0]:  # fewer inputs than outputs: forward
        product = Js[0]
        for J in Js[1:]:
            product = J @ product
    else:
        product = Js[-1]
        for J in Js[-2::-1]:
            product = product @ J
    return product if layout == "numerator" else product.T


variant_cell(
    "chain",
    "functools.reduce, and a list of rows returned",
    source="""
    from functools import reduce


    def chain(Js, layout):
        if layout not in ("numerator", "denominator"):
            raise ValueError("layout")
        if len(Js) == 0:
            raise ValueError("empty")
        paper = [np.asarray(J) for J in (Js if layout == "denominator" else Js[::-1])]
        if paper[-1].shape[1] == 1:
            return reduce(lambda right, left: left @ right, paper[::-1]).tolist()
        return reduce(np.matmul, paper).tolist()
    """,
)
variant_cell(
    "chain",
    "torch multiplies",
    source="""
    import torch


    def chain(Js, layout):
        if layout not in ("numerator", "denominator") or len(Js) < 1:
            raise ValueError("cannot chain")
        factors = [torch.as_tensor(np.asarray(J, dtype=float)) for J in Js]
        if layout == "numerator":
            factors = factors[::-1]
        for left, right in zip(factors, factors[1:], strict=False):
            if left.shape[1] != right.shape[0]:
                raise ValueError("do not fit")
        return factors[0] if len(factors) == 1 else torch.linalg.multi_dot(factors)
    """,
)

# P5


@variant("newton", "the sigmoid at o and at -o")
def hessian_product(w, X, v, lam):
    o = X @ w
    s = np.exp(-np.logaddexp(0, -o)) * np.exp(-np.logaddexp(0, o))
    return lam * v + X.T.dot(s * X.dot(v)) / X.shape[0]


@variant("newton", "a hyperbolic cosine, cut off where it overflows, and a list returned")
def hessian_product(w, X, v, lam):
    s = 1 / (2 * np.cosh(np.clip(X @ w, -700, 700) / 2)) ** 2
    return [float(t) for t in np.mean(X * (s * (X @ v))[:, None], axis=0) + lam * v]


@variant("newton", "the roots of the weights scaled into X", answer="newton_answer_2")
def newton_step(w, X, y, lam):
    o = X @ w
    half = np.exp(-np.abs(o) / 2) / (1 + np.exp(-np.abs(o)))
    Z = half[:, None] * X
    H = Z.T @ Z / len(X) + lam * np.identity(len(w))
    errors = y * np.where(y * o > 0, np.exp(-np.abs(o)), 1) / (1 + np.exp(-np.abs(o)))
    return np.linalg.inv(H) @ (np.mean(X * errors[:, None], axis=0) - lam * w)


variant_cell(
    "newton",
    "torch inside, p minus target with the targets 0 and 1",
    answer="newton_answer_2",
    source="""
    import torch


    def newton_step(w, X, y, lam):
        w, X, y = (torch.tensor(t, dtype=torch.float64) for t in (w, X, y))
        p = torch.sigmoid(X @ w)
        gradient = X.T @ (p - (1 + y) / 2) / len(X) + lam * w
        H = X.T @ ((p * (1 - p))[:, None] * X) / len(X) + lam * torch.eye(len(w)).double()
        return torch.linalg.solve(H, -gradient)
    """,
)

# T1

for number, source in enumerate(
    (
        "def grad_bilinear(a, X, b):\n    return a[:, None] * b[None, :]",
        "def grad_trace(A, X):\n    return np.swapaxes(A, 0, 1).copy()",
        "def grad_logdet(X):\n    return np.linalg.solve(X.T, np.eye(len(X)))",
        "def grad_quadratic(A, x):\n    return A @ x + x @ A",
        "def grad_residual(X, W, Y):\n    R = X @ W - Y\n    return ((R + R).T @ X).T",
    ),
    start=1,
):
    answer = "matrix_gradients_answer" + (f"_{number}" if number > 1 else "")
    variant_cell(
        "matrix_gradients", f"in another form, number {number}", source=source, answer=answer
    )
variant_cell(
    "matrix_gradients",
    "torch inside",
    answer="matrix_gradients_answer_3",
    source="""
    import torch


    def grad_logdet(X):
        return torch.linalg.inv(torch.tensor(X)).T
    """,
)
variant_cell(
    "matrix_gradients",
    "a list of rows",
    answer="matrix_gradients_answer",
    source="""
    def grad_bilinear(a, X, b):
        return [[s * t for t in b] for s in a]
    """,
)

# T2

variant_cell(
    "logistic_chain",
    "SymPy expressions, with two more lines",
    source="""
    y, o = sp.symbols("y o", real=True)


    def sigma(t):
        return 1 / (1 + sp.exp(-t))


    slope_chain = [
        ("", -y * sp.exp(-y * o) / (1 + sp.exp(-y * o))),
        ("=", -y / (1 + sp.exp(y * o))),
        ("=", -y * (1 - sigma(y * o))),
        ("=", -y + y * sigma(y * o)),
        ("=", sigma(o) - (1 + y) / 2),
    ]
    """,
)
variant_cell(
    "logistic_chain",
    "lists for pairs, the target on its own",
    source="""
    slope_chain = [
        ["=", "-(y*exp(-(y*o)))/(exp(-(y*o)) + 1)"],
        ["==", "-y*sigmoid(-o*y)"],
        ["=", "(1 - y)/2 * sigmoid(o) - (1 + y)/2 * sigmoid(-o)"],
        ["=", "sigmoid(o) - 1/2 - y/2"],
    ]
    """,
)
variant_cell(
    "logistic_chain",
    "two squares, the bound as a decimal",
    answer="logistic_chain_answer_2",
    source="""
    curvature_chain = [
        ("", "exp(-o)/(1 + exp(-o))**2"),
        ("=", "sigmoid(o) - sigmoid(o)**2"),
        ("=", "(1 - (1 - 2*sigmoid(o))**2)/4"),
        ("<=", "0.25"),
    ]
    """,
)
variant_cell(
    "logistic_chain",
    "by way of both exponentials, with an inequality sign of its own",
    answer="logistic_chain_answer_2",
    source="""
    curvature_chain = [
        ("", "exp(-o)/(1 + exp(-o))^2"),
        ("=", "1/(exp(o) + 2 + exp(-o))"),
        ("=", "sigmoid(o)*(1 - sigmoid(o))"),
        ("=", "1/4 - (1/2 - sigmoid(o))^2"),
        ("≤", "1/4"),
    ]
    """,
)
variant_cell(
    "logistic_chain",
    "SymPy, on one denominator",
    answer="logistic_chain_answer_3",
    source="""
    s, n, lam = sp.symbols("s n lam", positive=True)
    smoothness = (s**2 + 4 * n * lam) / (4 * n)
    """,
)
variant_cell(
    "logistic_chain",
    "decimals",
    answer="logistic_chain_answer_3",
    source='smoothness = "lam + 0.25*s**2/n"',
)

# T3

variant_cell(
    "backprop_table",
    "NumPy integers",
    source="""
    xs, ws = np.array(x), np.array(w)
    z = xs @ ws
    r = z - y
    table = dict(z=z, r=r, L=r * r, r_bar=r + r, z_bar=2.0 * r, y_bar=-(r + r))
    for k in range(3):
        table[f"w{k + 1}_bar"] = 2 * r * xs[k]
        table[f"x{k + 1}_bar"] = 2 * r * ws[k]
    """,
)
variant_cell(
    "backprop_table",
    "SymPy differentiates",
    source="""
    names = sp.symbols("x1 x2 x3 w1 w2 w3 y")
    value = sum(names[k] * names[k + 3] for k in range(3))
    numbers = dict(zip(names, (*x, *w, y), strict=True))
    error = (value - names[6]).subs(numbers)
    table = {"z": value.subs(numbers), "r": error, "L": error**2, "r_bar": 2 * error}
    table["z_bar"] = table["r_bar"]
    for name in names:
        table[f"{name}_bar"] = sp.diff((value - names[6]) ** 2, name).subs(numbers)
    """,
)
variant_cell(
    "backprop_table",
    "torch's own backward pass",
    source="""
    import torch

    xs, ws, target = (torch.tensor(t, dtype=torch.float64, requires_grad=True) for t in (x, w, y))
    value = xs @ ws
    error = value - target
    value.retain_grad()
    error.retain_grad()
    (error**2).backward()
    table = {"z": value.item(), "r": error.item(), "L": error.item() ** 2}
    table |= {"r_bar": error.grad.item(), "z_bar": value.grad.item(), "y_bar": target.grad.item()}
    table |= {f"w{k + 1}_bar": g for k, g in enumerate(ws.grad.tolist())}
    table |= {f"x{k + 1}_bar": g for k, g in enumerate(xs.grad.tolist())}
    """,
)

# T4

variant_cell(
    "layouts",
    "lists, and small letters",
    source='first_slide = ["fg", "Transpose"]\nsecond_slide = ["gf", "columns"]',
)
variant_cell(
    "layouts",
    "a shear and its transpose after a stretch",
    answer="layouts_answer_2",
    source="""
    F_example = np.array([[0.0, 1.0], [0.0, 0.0]])
    G_example = sp.Matrix([[1, 0], [0, 0]])
    blind_direction = sp.Matrix([1, 0])
    """,
)
variant_cell(
    "layouts",
    "fractions, and a direction along no axis",
    answer="layouts_answer_2",
    source="""
    half = Fraction(1, 2)
    F_example = [[half, half], [half, half]]
    G_example = ((1, -1), (1, -1))
    blind_direction = np.array([[1], [1]])
    """,
)
variant_cell(
    "layouts",
    "SymPy and numbers of other kinds",
    answer="layouts_answer_3",
    source="""
    n = sp.Symbol("n", integer=True)
    template_fails_from, template_rank, template_last = 4.0, n - 1, n
    """,
)

# T5


@variant("convexity", "one row for each weight and example, those of λ first")
def convexity_factor(w, X, lam):
    n, d = X.shape
    o = X @ w
    root = np.exp(-0.5 * (np.logaddexp(0, o) + np.logaddexp(0, -o)))
    return np.concatenate([np.diag(np.full(d, lam**0.5)), (root / n**0.5)[:, None] * X])


@variant("convexity", "by eigenvalues, with what rounding made negative cut off")
def convexity_factor(w, X, lam):
    p = 1 / (1 + np.exp(-(X @ w)))
    H = X.T @ np.diag(p * (1 - p)) @ X / len(X) + lam * np.eye(len(w))
    values, Q = np.linalg.eigh(H)
    return np.sqrt(np.maximum(values, 0))[:, None] * Q.T


@variant("convexity", "a list of rows in plain Python")
def convexity_factor(w, X, lam):
    rows = []
    for x_i in X:
        p = 1 / (1 + np.exp(-sum(x_i * w)))
        rows.append([float(np.sqrt(p * (1 - p) / len(X)) * t) for t in x_i])
    for j in range(len(w)):
        rows.append([float(np.sqrt(lam)) if k == j else 0.0 for k in range(len(w))])
    return rows


variant_cell(
    "convexity",
    "arrays and SymPy columns",
    answer="convexity_answer_2",
    source="""
    sigmoid_witness = (np.array([0.0, -3.0]), np.array([[0.0], [1.0]]))
    relu_witness = [sp.Matrix([2, sp.Rational(-1, 2)]), sp.Matrix([1, sp.Rational(4, 5)])]
    """,
)
variant_cell(
    "convexity",
    "points farther out, one array a pair",
    answer="convexity_answer_2",
    source="""
    sigmoid_witness = np.array([[-3.0, -1.0], [2.0, 5.0]])
    relu_witness = [(Fraction(1, 2), 0), (3, 1)]
    """,
)
