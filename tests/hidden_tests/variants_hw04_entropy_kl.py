# ruff: noqa: F811  # entries of one question share the name of its function
# pyright: reportRedeclaration=false
"""Right answers to homework 4 in other forms; each earns all points."""

import math

import numpy as np

from tests.banks import variant, variant_cell

# P1


@variant("sampler", "a loop with a break, number after number, a list of lists through NumPy")
def sampler(probs, shape, rng):
    count = int(np.prod(shape))
    y = []
    for u in rng.random(count):
        total = 0.0
        last = max(j for j, p in enumerate(probs) if p > 0)
        for j, p in enumerate(probs):
            total += p
            if u < total:
                last = j
                break
        y.append(last)
    return np.array(y).reshape(shape)


@variant("sampler", "broadcasting: how many sums does each number reach?")
def sampler(probs, shape, rng):
    c = np.cumsum(np.asarray(probs, dtype=float))
    c = c / c[-1]
    return (rng.random(shape)[..., None] >= c).sum(axis=-1)


@variant("sampler", "class 0 compared with the last sum by index -1, and right all the same")
def sampler(probs, shape, rng):
    cumprob = np.cumsum(probs) / np.sum(probs)
    u = rng.random(shape)
    y = np.zeros(u.shape, dtype=np.int32)
    for i in range(len(cumprob)):
        y[(cumprob[i - 1] <= u) & (u < cumprob[i])] = i
    return y


@variant("sampler", "np.digitize, one number at a time from the generator")
def sampler(probs, shape, rng):
    shape = (shape,) if isinstance(shape, int) else shape
    edges = np.cumsum(probs)
    edges = edges / edges[-1]
    y = np.empty(shape, dtype=np.int64)
    for index in np.ndindex(*shape):
        y[index] = np.digitize(rng.random(), edges)
    return y


variant_cell(
    "sampler",
    "torch inside, a tensor of integers returned",
    source="""
    import torch


    def sampler(probs, shape, rng):
        c = torch.cumsum(torch.tensor(list(probs), dtype=torch.float64), dim=0)
        u = torch.from_numpy(np.asarray(rng.random(shape)))
        return torch.searchsorted(c / c[-1], u, right=True)
    """,
)

variant_cell(
    "sampler",
    "a list of lists, clipped to the last possible class",
    source="""
    def sampler(probs, shape, rng):
        possible = np.flatnonzero(probs)
        y = np.searchsorted(np.cumsum(probs), rng.random(size=shape), side="right")
        return np.minimum(y, possible[-1]).tolist()
    """,
)

# P2


@variant("entropy", "a generator expression with math.log")
def entropy(p, base=np.e):
    if min(p) < 0 or abs(math.fsum(p) - 1) > 1e-6:
        raise ValueError("no distribution")
    return sum(-t * math.log(t) for t in p if t > 0) / math.log(base)


@variant("entropy", "log of the reciprocal, where= and out=")
def entropy(p, base=np.e):
    p = np.array(p, dtype=float)
    if np.any(p < 0) or not np.isclose(np.sum(p), 1, atol=1e-6):
        raise ValueError(p)
    logs = np.zeros_like(p)
    np.log(p, out=logs, where=p != 0)
    return np.float64(-(p @ logs) / np.log(base))


@variant("entropy", "np.errstate and np.where, no call of another function", "entropy_answer_2")
def cross_entropy(p, q, base=np.e):
    p, q = np.asarray(p, float), np.asarray(q, float)
    if p.shape != q.shape or (p < 0).any() or (q < 0).any():
        raise ValueError
    if max(abs(p.sum() - 1), abs(q.sum() - 1)) > 1e-6:
        raise ValueError
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p > 0, -p * np.log(q), 0.0)
    return terms.sum() / np.log(base)


@variant("entropy", "scipy.special.rel_entr, an array of one entry", "entropy_answer_3")
def kl_divergence(p, q, base=np.e):
    from scipy.special import rel_entr  # noqa: PLC0415  # one cell, as students write it

    p, q = np.asarray(p, float), np.asarray(q, float)
    if p.shape != q.shape:
        raise ValueError("shapes differ")
    if entropy(p) < -1 or entropy(q) < -1:  # both raise where they are no distributions
        raise ValueError
    return np.array([rel_entr(p, q).sum() / np.log(base)])


@variant("entropy", "the stable form of each term, p log(p/q) - p + q", "entropy_answer_3")
def kl_divergence(p, q, base=np.e):
    cross_entropy(p, q)  # refuses what is no distribution
    total = 0.0
    for a, b in zip(np.asarray(p, float), np.asarray(q, float), strict=True):
        if a > 0 and b == 0:
            return float("inf")
        total += (a * (math.log(a) - math.log(b)) if a > 0 else 0.0) - a + b
    return total / math.log(base)


variant_cell(
    "entropy",
    "torch.xlogy",
    answer="entropy_answer_2",
    source="""
    import torch


    def cross_entropy(p, q, base=np.e):
        p, q = (torch.as_tensor(np.array(a, dtype=float)) for a in (p, q))
        if p.shape != q.shape:
            raise ValueError("two shapes")
        for a in (p, q):
            if (a < 0).any() or abs(a.sum().item() - 1) > 1e-6:
                raise ValueError("no distribution")
        return -torch.xlogy(p, q).sum() / math.log(base)
    """,
)

# P3


@variant("mutual_information", "einsum, and the sums of the transpose")
def marginals(P):
    P = np.array(P, dtype=float)
    if P.min() < 0 or not math.isclose(P.sum(), 1, abs_tol=1e-6):
        raise ValueError("no joint table")
    return [np.einsum("ij->i", P), P.T.sum(axis=-1)]


@variant("mutual_information", "H(X, Y) - H(Y) by the entropy of P2", "mutual_information_answer_2")
def conditional_entropy(P, base=np.e):
    P = np.asarray(P, dtype=float)
    return entropy(P.ravel(), base) - entropy(P.sum(axis=0), base)


@variant("mutual_information", "the mean of the columns' entropies", "mutual_information_answer_2")
def conditional_entropy(P, base=np.e):
    _, p_y = marginals(P)
    columns = np.asarray(P, dtype=float).T
    used = [(w, column / w) for w, column in zip(p_y, columns, strict=True) if w > 0]
    return sum(w * entropy(column, base) for w, column in used)


@variant("mutual_information", "three entropies", "mutual_information_answer_3")
def mutual_information(P, base=np.e):
    P = np.asarray(P, dtype=float)
    p_x, p_y = marginals(P)
    return entropy(p_x, base) + entropy(p_y, base) - entropy(P.flatten(), base)


@variant("mutual_information", "the divergence from the product", "mutual_information_answer_3")
def mutual_information(P, base=np.e):
    p_x, p_y = marginals(P)
    return kl_divergence(np.ravel(P), np.outer(p_x, p_y).ravel(), base)


@variant("mutual_information", "H(X) - H(X | Y)", "mutual_information_answer_3")
def mutual_information(P, base=np.e):
    return entropy(marginals(P)[0], base) - conditional_entropy(P, base)


@variant("mutual_information", "errstate and nansum", "mutual_information_answer_3")
def mutual_information(P, base=np.e):
    P = np.array(P, dtype=float)
    p_x, p_y = marginals(P)
    with np.errstate(all="ignore"):
        return np.nansum(P * np.log(P / p_x[:, None] / p_y)) / np.log(base)


# P4


@variant("gauss_logpdf", "forward substitution by hand")
def gauss_logpdf(X, mean, cov):
    L, d = np.linalg.cholesky(cov), len(mean)
    values = []
    for x in X:
        z = np.zeros(d)
        for i in range(d):
            z[i] = (x[i] - mean[i] - L[i, :i] @ z[:i]) / L[i, i]
        values.append(-(z @ z + d * np.log(2 * np.pi)) / 2 - np.log(np.diag(L)).sum())
    return values


@variant("gauss_logpdf", "scipy's triangular solve, einsum")
def gauss_logpdf(X, mean, cov):
    from scipy.linalg import solve_triangular  # noqa: PLC0415  # one cell, as students write it

    L = np.linalg.cholesky(np.array(cov))
    Z = solve_triangular(L, (np.asarray(X) - mean).T, lower=True)
    constant = X.shape[1] / 2 * np.log(2 * np.pi) + np.sum(np.log(L.diagonal()))
    return -np.einsum("ij,ij->j", Z, Z) / 2 - constant


@variant("gauss_logpdf", "eigenvalues, checked by hand")
def gauss_logpdf(X, mean, cov):
    w, Q = np.linalg.eigh(cov)
    if w[0] <= 1e-15 * abs(w[-1]):
        raise ValueError("not positive definite")
    Z = (X - mean) @ Q / np.sqrt(w)
    return -0.5 * (Z**2 + np.log(w) + np.log(2 * np.pi)).sum(axis=1)


variant_cell(
    "gauss_logpdf",
    "torch, with its own error made a ValueError",
    source="""
    import torch


    def gauss_logpdf(X, mean, cov):
        X, mean, cov = (torch.from_numpy(np.array(a)) for a in (X, mean, cov))
        try:
            L = torch.linalg.cholesky(cov)
        except RuntimeError as error:
            raise ValueError("not positive definite") from error
        Z = torch.linalg.solve_triangular(L, (X - mean).T, upper=False)
        log_det = L.diagonal().log().sum()
        return -0.5 * (Z**2).sum(0) - log_det - 0.5 * len(mean) * math.log(2 * math.pi)
    """,
)


@variant("gauss_logpdf", "np.logaddexp.reduce", "gauss_logpdf_answer_2")
def gmm_logpdf(X, weights, means, covs):
    with np.errstate(divide="ignore"):
        logs = np.log(weights)
    parts = [a + gauss_logpdf(X, m, S) for a, m, S in zip(logs, means, covs, strict=True)]
    return np.logaddexp.reduce(parts, axis=0)


@variant("gauss_logpdf", "scipy's logsumexp with weights", "gauss_logpdf_answer_2")
def gmm_logpdf(X, weights, means, covs):
    from scipy.special import logsumexp  # noqa: PLC0415  # one cell, as students write it

    A = np.array([gauss_logpdf(X, means[k], covs[k]) for k in range(len(weights))])
    return logsumexp(A, axis=0, b=np.asarray(weights)[:, None])


@variant("gauss_logpdf", "point after point", "gauss_logpdf_answer_2")
def gmm_logpdf(X, weights, means, covs):
    values = []
    for x in X:
        total = -np.inf
        for w, m, S in zip(weights, means, covs, strict=True):
            if w > 0:
                total = np.logaddexp(total, np.log(w) + gauss_logpdf(x[None, :], m, S)[0])
        values.append(total)
    return np.array(values)


# P5


@variant("push_forward", "a lambda, slogdet for both by a 1 x 1 matrix")
def push_forward(logpdf, inv, dinv):
    def volume(y):
        J = np.asarray(dinv(y))
        J = J[:, None, None] if J.ndim == 1 else J
        _, log_det = np.linalg.slogdet(J)
        return log_det

    return lambda y: logpdf(inv(y)) + volume(y)


@variant("push_forward", "singular values for the determinant")
def push_forward(logpdf, inv, dinv):
    def log_density(y):
        J = dinv(y)
        if J.ndim == 1:
            return logpdf(inv(y)) + np.log(J**2) / 2
        return logpdf(inv(y)) + np.log(np.linalg.svd(J, compute_uv=False)).sum(axis=-1)

    return log_density


variant_cell(
    "push_forward",
    "a class with __call__",
    source="""
    class push_forward:
        def __init__(self, logpdf, inv, dinv):
            self.logpdf, self.inv, self.dinv = logpdf, inv, dinv

        def __call__(self, y):
            J = self.dinv(y)
            if y.ndim == 2:
                return self.logpdf(self.inv(y)) + np.linalg.slogdet(J).logabsdet
            return self.logpdf(self.inv(y)) + np.log(abs(J))
    """,
)


@variant("push_forward", "by push_forward itself, on the positive ones", "push_forward_answer_2")
def lognormal_logpdf(y, mu, sigma):
    def normal(x):
        return -0.5 * ((x - mu) / sigma) ** 2 - np.log(sigma * np.sqrt(2 * np.pi))

    y = np.array(y, dtype=float)
    result = np.full(y.shape, -np.inf)
    result[y > 0] = push_forward(normal, np.log, lambda t: 1 / t)(y[y > 0])
    return result


@variant("push_forward", "number after number, a list", "push_forward_answer_2")
def lognormal_logpdf(y, mu, sigma):
    def one(t):
        if t <= 0:
            return -math.inf
        z = (math.log(t) - mu) / sigma
        return -(z**2) / 2 - math.log(t * sigma) - math.log(2 * math.pi) / 2

    return [one(t) for t in y]


variant_cell(
    "push_forward",
    "torch's own normal density",
    answer="push_forward_answer_2",
    source="""
    import torch


    def lognormal_logpdf(y, mu, sigma):
        y = torch.tensor(np.array(y), dtype=torch.float64)
        x = torch.log(torch.where(y > 0, y, 1.0))
        loc, scale = torch.tensor([mu, sigma], dtype=torch.float64)
        value = torch.distributions.Normal(loc, scale).log_prob(x) - x
        return torch.where(y > 0, value, -torch.inf)
    """,
)

# T1

variant_cell(
    "entropy_rates",
    "texts with units, three digits, one in nats",
    source="""
    monkey_bits = "5.46 bits"
    typist_bits = "2.44 bits"
    model_bits = (math.log(20), "nats")
    """,
)
variant_cell(
    "entropy_rates",
    "SymPy numbers, lists",
    source="""
    monkey_bits = [sp.log(44, 2), "bits"]
    typist_bits = (2 * sp.log(2000, 2) / 9, "bit")
    model_bits = ("log2(20)", "bits")
    """,
)
variant_cell(
    "entropy_rates",
    "rounded, and by NumPy",
    answer="entropy_rates_answer_2",
    source="""
    character = np.mean(np.log2(choices))
    text_table = dict(
        text=round(6 * character, 2),
        character=round(character, 3),
        perplexity=np.prod(np.array(choices, dtype=float)) ** (1 / 6),
    )
    """,
)
variant_cell(
    "entropy_rates",
    "rounded early, followed through",
    answer="entropy_rates_answer_2",
    source="""
    text = round(sum(np.log2(choices)), 2)
    text_table = {"text": text, "character": text / 6, "perplexity": 2 ** (text / 6)}
    """,
)
variant_cell(
    "entropy_rates",
    "typed, with the exponential",
    answer="entropy_rates_answer_3",
    source="""
    perplexity_erratum = {
        "counterexample": [44, 1000],
        "corrected": "exp(-log(p)/n)",
        "where": "exponent",
    }
    """,
)
variant_cell(
    "entropy_rates",
    "powers of two, symbols without assumptions",
    answer="entropy_rates_answer_3",
    source="""
    p, n = sp.symbols("p n")
    perplexity_erratum = {
        "where": "exponent",
        "corrected": 2 ** (-sp.log(p, 2) / n),
        "counterexample": (sp.Integer(20), 6),
    }
    """,
)

# T2

variant_cell(
    "divergence_identities",
    "typed strings, all four lines",
    source="""
    kl_steps = [
        ("", "p1*log(p1/q1) + p2*log(p2/q2) + p3*log(p3/q3)"),
        ("=", "-(p1*log(q1/p1) + p2*log(q2/p2) + p3*log(q3/p3))"),
        ("=", "-(p1*(log(q1) - log(p1)) + p2*(log(q2) - log(p2)) + p3*(log(q3) - log(p3)))"),
        ("=", "-(p1*log(q1) + p2*log(q2) + p3*log(q3)) + p1*log(p1) + p2*log(p2) + p3*log(p3)"),
    ]
    """,
)
variant_cell(
    "divergence_identities",
    "one term after the other",
    source="""
    first, second = p1 * (sp.log(p1) - sp.log(q1)), p2 * (sp.log(p2) - sp.log(q2))
    third = p3 * (sp.log(p3) - sp.log(q3))
    kl_steps = [
        ("=", KL),
        ("=", first + p2 * sp.log(p2 / q2) + p3 * sp.log(p3 / q3)),
        ("=", first + second + p3 * sp.log(p3 / q3)),
        ("=", first + second + third),
        ("=", sp.expand(first) + second + third),
        ("=", H_pq - H_p),
    ]
    """,
)
variant_cell(
    "divergence_identities",
    "two steps: sorted at once",
    answer="divergence_identities_answer_2",
    source="""
    table = [(p11, r1, c1), (p12, r1, c2), (p21, r2, c1), (p22, r2, c2)]
    information_steps = [
        ("", H_X + H_Y - H_XY),
        ("=", sum(p * (sp.log(p) - sp.log(r) - sp.log(c)) for p, r, c in table)),
        ("=", KL_joint),
    ]
    """,
)
variant_cell(
    "divergence_identities",
    "multiplied out, the marginals' logarithms joined first",
    answer="divergence_identities_answer_2",
    source="""
    table = [(p11, r1, c1), (p12, r1, c2), (p21, r2, c1), (p22, r2, c2)]
    information_steps = (
        ("", H_X + H_Y - H_XY),
        ("=", sum(-p * sp.log(r) for p, r, _ in table) + H_Y - H_XY),
        ("=", sum(-p * sp.log(r) - p * sp.log(c) + p * sp.log(p) for p, r, c in table)),
        ("=", sum(-p * sp.log(r * c) + p * sp.log(p) for p, r, c in table)),
        ("=", sum(p * (sp.log(p) - sp.log(r * c)) for p, r, c in table)),
        ("=", KL_joint),
    )
    """,
)
variant_cell(
    "divergence_identities",
    "the logarithms of the marginals in one bracket, joined in two steps",
    answer="divergence_identities_answer_2",
    source="""
    table = [(p11, r1, c1), (p12, r1, c2), (p21, r2, c1), (p22, r2, c2)]
    information_steps = [
        ("=", H_X + H_Y - H_XY),
        ("=", sum(p * sp.log(p) - p * (sp.log(r) + sp.log(c)) for p, r, c in table)),
        ("=", sum(p * (sp.log(p / r) - sp.log(c)) for p, r, c in table)),
        ("=", KL_joint),
    ]
    """,
)

# T3

variant_cell(
    "slide_claims",
    "fractions, three outcomes, arrays",
    source="""
    third = Fraction(1, 3)
    no_more_bits = [(third, third, third), (third, third, third)]
    equal_both_ways = (np.array([0.2, 0.3, 0.5]), np.array([0.3, 0.2, 0.5]))
    far_from_symmetric = ([0.5, 0.5], [sp.Rational(1, 10**6), 1 - sp.Rational(1, 10**6)])
    negative_entropy = [-1, -0.75]
    no_triangle = np.array([[0.2, 0.8], [0.05, 0.95], [0.01, 0.99]])
    """,
)
variant_cell(
    "slide_claims",
    "the ends of an interval in powers, tiny decimals",
    source="""
    no_more_bits = ((0.1, 0.2, 0.7), (0.1, 0.2, 0.7))
    equal_both_ways = ((0.25, 0.75), (0.75, 0.25))
    far_from_symmetric = ((0.9, 0.1), (1e-9, 1 - 1e-9))
    negative_entropy = (2**-3, 2**-2)
    no_triangle = ((0.5, 0.5), (0.3, 0.7), (0.01, 0.99))
    """,
)
variant_cell(
    "slide_claims",
    "SymPy columns and four outcomes",
    source="""
    quarter = sp.Rational(1, 4)
    uniform = sp.Matrix([quarter] * 4)
    no_more_bits = (uniform, uniform)
    p = [sp.Rational(k, 10) for k in (1, 2, 3, 4)]
    equal_both_ways = (p, [p[1], p[0], p[3], p[2]])
    far_from_symmetric = (uniform, [0.001, 0.001, 0.001, 0.997])
    negative_entropy = (0, sp.sqrt(2) / 4)
    no_triangle = (uniform, [0.1, 0.1, 0.4, 0.4], [0.01, 0.01, 0.49, 0.49])
    """,
)

# T4

variant_cell(
    "gaussian_information",
    "typed strings",
    source="""
    kl_gauss = "log(sigma2/sigma1) + (sigma1**2 + (mu1 - mu2)**2)/(2*sigma2**2) - 1/2"
    entropy_gauss = "log(sigma1*sqrt(2*pi*e))"
    entropy_exponential = "log(e/lam)"
    sigma_covering = "sqrt(sigma1^2 + (mu2 - mu1)^2)"
    sigma_picking = "sigma1"
    """,
)
variant_cell(
    "gaussian_information",
    "other arrangements, symbols without assumptions",
    source="""
    mu1, mu2, sigma1, sigma2, lam = sp.symbols("mu1 mu2 sigma1 sigma2 lam")
    ratio = sigma1**2 / sigma2**2
    kl_gauss = (ratio - 1 - sp.log(ratio) + (mu2 - mu1) ** 2 / sigma2**2) / 2
    entropy_gauss = sp.Rational(1, 2) + sp.log(2 * sp.pi) / 2 + sp.log(sigma1)
    entropy_exponential = 1 + sp.log(1 / lam)
    sigma_covering = ((mu1 - mu2) ** 2 + sigma1**2) ** sp.Rational(1, 2)
    sigma_picking = sigma1
    """,
)
variant_cell(
    "gaussian_information",
    "multiplied out, with decimals",
    source="""
    mu1, mu2 = sp.symbols("mu1 mu2", real=True)
    sigma1, sigma2, lam = sp.symbols("sigma1 sigma2 lam", positive=True)
    square = mu1**2 - 2 * mu1 * mu2 + mu2**2 + sigma1**2
    kl_gauss = sp.log(sigma2) - sp.log(sigma1) + 0.5 * square / sigma2**2 - 0.5
    entropy_gauss = 0.5 * (sp.log(2) + sp.log(sp.pi) + 1) + sp.log(sigma1)
    entropy_exponential = 1 - sp.log(lam)
    sigma_covering = sp.sqrt(square)
    sigma_picking = sp.Abs(sigma1)
    """,
)

# T5

variant_cell("gibbs", "typed", source='tangent = "t - 1"')
variant_cell(
    "gibbs",
    "a symbol without assumptions, turned round",
    source='t = sp.Symbol("t")\ntangent = -(1 - t)',
)
variant_cell(
    "gibbs",
    "sums added before they are used, one after the other",
    answer="gibbs_answer_2",
    source="""
    gibbs_steps = [
        ("=", minus_kl),
        ("<=", p1 * (q1 / p1 - 1) + p2 * (q2 / p2 - 1) + p3 * (q3 / p3 - 1)),
        ("=", q1 - p1 + q2 - p2 + q3 - p3),
        ("=", 1 - p1 - p2 - p3),
        ("=", 1 - 1),
    ]
    """,
)
variant_cell(
    "gibbs",
    "typed, one logarithm after the other",
    answer="gibbs_answer_2",
    source="""
    gibbs_steps = [
        ("", "p1*log(q1/p1) + p2*log(q2/p2) + p3*log(q3/p3)"),
        ("<=", "p1*(q1/p1 - 1) + p2*log(q2/p2) + p3*log(q3/p3)"),
        ("<=", "p1*(q1/p1 - 1) + p2*(q2/p2 - 1) + p3*log(q3/p3)"),
        ("<=", "p1*(q1/p1 - 1) + p2*(q2/p2 - 1) + p3*(q3/p3 - 1)"),
        ("=", "(q1 + q2 + q3) - (p1 + p2 + p3)"),
        ("=", "0"),
    ]
    """,
)
variant_cell(
    "gibbs",
    "capitals and a list",
    answer="gibbs_answer_3",
    source='gibbs_equality = ["Equal", " touch "]',
)
