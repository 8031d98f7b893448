# ruff: noqa: F811  # entries of one question share the name of its function
# ruff: noqa: ARG001  # to leave an argument out is a mistake of many
# pyright: reportRedeclaration=false
"""Known wrong answers to homework 3; each loses points, and is told its note.

A function that takes a function, as `num_jacobian` does, is not recognised by its values: there the
hidden tests name the mistake.
"""

import numpy as np

from autograder.grading.mistakes import mistake, mistaken_cell

# P1


@mistake(
    "num_jacobian",
    note="one-sided difference",
    hint="The error of your quotient falls with h, not with its square: step to both sides.",
    caught_by="test_halving_the_step_quarters_the_error",
    by_behaviour=False,
)
def num_jacobian(f, x, h=6e-6):
    if not h > 0:
        raise ValueError(h)
    x = np.array(x, dtype=float)
    value = np.array(f(x.copy()), dtype=float)
    columns = []
    for j in range(len(x)):
        step = h * max(1.0, abs(x[j]))
        e = step * np.eye(len(x))[j]
        columns.append(np.atleast_1d(np.array(f(x + e)) - value) / step)
    return np.stack(columns, axis=1)


@mistake(
    "num_jacobian",
    note="one-sided difference",
    hint="Stepping back instead of forward is one-sided too.",
    caught_by="test_halving_the_step_quarters_the_error",
    by_behaviour=False,
)
def num_jacobian(f, x, h=6e-6):
    if not h > 0:
        raise ValueError(h)
    x = np.array(x, dtype=float)
    value = np.array(f(x.copy()), dtype=float)
    columns = []
    for j in range(len(x)):
        step = h * max(1.0, abs(x[j]))
        e = step * np.eye(len(x))[j]
        columns.append(np.atleast_1d(value - np.array(f(x - e))) / step)
    return np.stack(columns, axis=1)


@mistake(
    "num_jacobian",
    note="transposed",
    hint="The Jacobian has a row for each output.",
    caught_by="test_jacobian_of_a_linear_map_is_its_matrix",
    by_behaviour=False,
)
def num_jacobian(f, x, h=6e-6):
    if not h > 0:
        raise ValueError(h)
    x = np.array(x, dtype=float)
    columns = []
    for j in range(len(x)):
        step = h * max(1.0, abs(x[j]))
        e = step * np.eye(len(x))[j]
        columns.append(
            np.atleast_1d(np.array(f(x + e), dtype=float) - np.array(f(x - e), dtype=float))
            / (2 * step)
        )
    return np.stack(columns, axis=0)


@mistake(
    "num_jacobian",
    note="off by a factor of 2",
    hint="How far apart are the two points whose values you subtract?",
    caught_by="test_jacobian_of_a_linear_map_is_its_matrix",
    by_behaviour=False,
)
def num_jacobian(f, x, h=6e-6):
    if not h > 0:
        raise ValueError(h)
    x = np.array(x, dtype=float)
    columns = []
    for j in range(len(x)):
        step = h * max(1.0, abs(x[j]))
        e = step * np.eye(len(x))[j]
        columns.append(
            np.atleast_1d(np.array(f(x + e), dtype=float) - np.array(f(x - e), dtype=float)) / step
        )
    return np.stack(columns, axis=1)


@mistake(
    "num_jacobian",
    note="wrong sign",
    hint="The value ahead comes first, minus the value behind.",
    caught_by="test_jacobian_of_a_curved_map",
    by_behaviour=False,
)
def num_jacobian(f, x, h=6e-6):
    if not h > 0:
        raise ValueError(h)
    x = np.array(x, dtype=float)
    columns = []
    for j in range(len(x)):
        step = h * max(1.0, abs(x[j]))
        e = step * np.eye(len(x))[j]
        columns.append(
            -np.atleast_1d(np.array(f(x + e), dtype=float) - np.array(f(x - e), dtype=float))
            / (2 * step)
        )
    return np.stack(columns, axis=1)


@mistake(
    "num_jacobian",
    note="too few digits",
    hint="In float32 a step of 6e-6 leaves two or three digits: compute in float64.",
    caught_by="test_jacobian_of_a_curved_map",
    by_behaviour=False,
)
def num_jacobian(f, x, h=6e-6):
    if not h > 0:
        raise ValueError(h)
    x = np.array(x, dtype=np.float32).astype(float).round(3)
    columns = []
    for j in range(len(x)):
        step = h * max(1.0, abs(x[j]))
        e = step * np.eye(len(x))[j]
        columns.append(
            np.atleast_1d(np.array(f(x + e), dtype=float) - np.array(f(x - e), dtype=float))
            / (2 * step)
        )
    return np.stack(columns, axis=1)


@mistake(
    "num_jacobian",
    note="the step is lost in the data type",
    hint="An integer cannot move by h, and a float32 hardly: make x an array of float64 first.",
    caught_by="test_integers_lists_and_short_floats_are_points_too",
    by_behaviour=False,
)
def num_jacobian(f, x, h=6e-6):
    if not h > 0:
        raise ValueError(h)
    x = np.array(x)
    columns = []
    for j in range(len(x)):
        step = h * max(1.0, abs(x[j]))
        ahead, behind = x.copy(), x.copy()
        ahead[j], behind[j] = x[j] + step, x[j] - step
        change = np.array(f(ahead), dtype=float) - np.array(f(behind), dtype=float)
        columns.append(np.atleast_1d(change) / (2 * step))
    return np.stack(columns, axis=1)


@mistake(
    "num_jacobian",
    note="another step",
    hint="The steps are h for entries up to 1, and grow with |x_j| beyond.",
    caught_by="test_the_step_is_that_of_the_formula",
    by_behaviour=False,
)
def num_jacobian(f, x, h=6e-6):
    if not h > 0:
        raise ValueError(h)
    x = np.array(x, dtype=float)
    columns = []
    for e in h * np.eye(len(x)):
        change = np.array(f(x + e), dtype=float) - np.array(f(x - e), dtype=float)
        columns.append(np.atleast_1d(change) / (2 * h))
    return np.stack(columns, axis=1)


@mistake(
    "num_jacobian",
    note="another step",
    hint="A step of h |x_j| is too small where x_j is: it is at least h.",
    caught_by="test_the_step_is_that_of_the_formula",
    by_behaviour=False,
)
def num_jacobian(f, x, h=6e-6):
    if not h > 0:
        raise ValueError(h)
    x = np.array(x, dtype=float)
    columns = []
    for j in range(len(x)):
        step = h * abs(x[j])
        e = step * np.eye(len(x))[j]
        change = np.array(f(x + e), dtype=float) - np.array(f(x - e), dtype=float)
        columns.append(np.atleast_1d(change) / (2 * step))
    return np.stack(columns, axis=1)


@mistake(
    "num_jacobian",
    note="another step",
    hint="The step h is an argument: yours is always the same.",
    caught_by="test_the_step_is_that_of_the_formula",
    by_behaviour=False,
)
def num_jacobian(f, x, h=6e-6):
    if not h > 0:
        raise ValueError(h)
    x = np.array(x, dtype=float)
    columns = []
    for j in range(len(x)):
        step = 6e-6 * max(1.0, abs(x[j]))
        e = step * np.eye(len(x))[j]
        columns.append(
            np.atleast_1d(np.array(f(x + e), dtype=float) - np.array(f(x - e), dtype=float))
            / (2 * step)
        )
    return np.stack(columns, axis=1)


@mistake(
    "num_jacobian",
    note="not of shape (m, n)",
    hint="One row for each output, one column for each input: move one input at a time.",
    caught_by="test_jacobian_of_a_linear_map_is_its_matrix",
    by_behaviour=False,
)
def num_jacobian(f, x, h=6e-6):
    if not h > 0:
        raise ValueError(h)
    x = np.array(x, dtype=float)
    ahead, behind = np.array(f(x + h), dtype=float), np.array(f(x - h), dtype=float)
    return (ahead - behind) / (2 * h)


@mistake(
    "num_jacobian",
    note="not of shape (m, n)",
    hint="A single output still has a row of its own: the shape is (1, n).",
    caught_by="test_one_number_gives_one_row",
    by_behaviour=False,
)
def num_jacobian(f, x, h=6e-6):
    if not h > 0:
        raise ValueError(h)
    x = np.array(x, dtype=float)
    columns = []
    for j in range(len(x)):
        step = h * max(1.0, abs(x[j]))
        e = step * np.eye(len(x))[j]
        change = np.array(f(x + e), dtype=float) - np.array(f(x - e), dtype=float)
        columns.append(change / (2 * step))
    J = np.stack(columns, axis=-1)
    return J[0] if len(J) == 1 else J


@mistake(
    "num_jacobian",
    note="one array for two calls",
    hint="f may change the array that it is given: make a copy for each call.",
    caught_by="test_f_may_write_into_what_it_is_given",
    by_behaviour=False,
)
def num_jacobian(f, x, h=6e-6):
    if not h > 0:
        raise ValueError(h)
    x = np.array(x, dtype=float)
    columns = []
    for j in range(len(x)):
        step, moved = h * max(1.0, abs(x[j])), x.copy()
        moved[j] += step
        ahead = np.array(f(moved), dtype=float)
        moved[j] -= 2 * step
        behind = np.array(f(moved), dtype=float)
        columns.append(np.atleast_1d(ahead - behind) / (2 * step))
    return np.stack(columns, axis=1)


@mistake(
    "num_jacobian",
    note="changes its arguments",
    hint="An array that is passed in belongs to whoever passed it.",
    caught_by="test_f_may_write_into_what_it_is_given",
    by_behaviour=False,
)
def num_jacobian(f, x, h=6e-6):
    if not h > 0:
        raise ValueError(h)
    x = np.asarray(x, dtype=float)
    columns = []
    for j in range(len(x)):
        step = h * max(1.0, abs(x[j]))
        x[j] += step
        ahead = np.array(f(x), dtype=float)
        x[j] -= 2 * step
        behind = np.array(f(x), dtype=float)
        x[j] += step
        columns.append(np.atleast_1d(ahead - behind) / (2 * step))
    return np.stack(columns, axis=1)


@mistake(
    "num_jacobian",
    note="too many calls",
    hint="Two values of f give a whole column, not one entry.",
    caught_by="test_the_step_is_that_of_the_formula",
    by_behaviour=False,
)
def num_jacobian(f, x, h=6e-6):
    if not h > 0:
        raise ValueError(h)
    x = np.array(x, dtype=float)

    def value(t, i):
        return float(np.atleast_1d(np.array(f(t), dtype=float))[i])

    J = np.empty((np.size(f(x.copy())), len(x)))
    for i, j in np.ndindex(*J.shape):
        e = h * max(1.0, abs(x[j])) * np.eye(len(x))[j]
        J[i, j] = (value(x + e, i) - value(x - e, i)) / (2 * e[j])
    return J


@mistake(
    "num_jacobian",
    note="any step accepted",
    hint="A step of 0 divides 0 by 0, and a negative one is no step: refuse them.",
    caught_by="test_a_step_that_is_not_positive_is_refused",
    by_behaviour=False,
)
def num_jacobian(f, x, h=6e-6):
    x = np.array(x, dtype=float)
    columns = []
    for j in range(len(x)):
        step = h * max(1.0, abs(x[j]))
        e = step * np.eye(len(x))[j]
        columns.append(
            np.atleast_1d(np.array(f(x + e), dtype=float) - np.array(f(x - e), dtype=float))
            / (2 * step)
        )
    return np.stack(columns, axis=1)


@mistake(
    "num_jacobian",
    note="nan accepted",
    hint="nan <= 0 is false: ask for h > 0 instead.",
    caught_by="test_a_step_that_is_not_positive_is_refused",
    by_behaviour=False,
)
def num_jacobian(f, x, h=6e-6):
    if h <= 0:
        raise ValueError(h)
    x = np.array(x, dtype=float)
    columns = []
    for j in range(len(x)):
        step = h * max(1.0, abs(x[j]))
        e = step * np.eye(len(x))[j]
        columns.append(
            np.atleast_1d(np.array(f(x + e), dtype=float) - np.array(f(x - e), dtype=float))
            / (2 * step)
        )
    return np.stack(columns, axis=1)


# P2

MEAN = "test_gradient_is_the_mean_over_the_examples"
HESSIAN = "test_hessian_is_the_mean_of_products_of_inputs"


@mistake(
    "lsq_grad",
    note="a row for the gradient",
    hint="A gradient has the shape of the variable it belongs to, and w is no row.",
    caught_by="test_gradient_is_the_mean_over_the_examples",
)
def lsq_grad(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError(X.shape)
    residual = X @ w.ravel() - y.ravel()
    return residual[None] @ X / len(X)


@mistake(
    "lsq_grad",
    note="X transposed on the wrong side",
    hint="Write the shapes below: X is n × d and the residual has n entries.",
    caught_by="test_gradient_is_the_mean_over_the_examples",
)
def lsq_grad(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError(X.shape)
    residual = X @ w.ravel() - y.ravel()
    return residual @ X.T / len(X)


@mistake(
    "lsq_grad",
    note="1/n missing",
    hint="The loss is a mean over the examples: double the data and nothing should change.",
    caught_by="test_gradient_is_the_mean_over_the_examples",
)
def lsq_grad(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError(X.shape)
    residual = X @ w.ravel() - y.ravel()
    return (X.T @ residual).reshape(w.shape)


@mistake(
    "lsq_grad",
    note="too few digits",
    hint="Your gradient has seven right digits: is it computed in float32?",
    caught_by="test_gradient_is_the_mean_over_the_examples",
)
def lsq_grad(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError(X.shape)
    w32, X32, y32 = (np.asarray(a, dtype=np.float32) for a in (w, X, y))
    return (X32.T @ (X32 @ w32.ravel() - y32.ravel()) / len(X)).reshape(w.shape)


@mistake(
    "lsq_grad",
    note="the half forgotten",
    hint="The loss has ½ in front, which cancels the 2 of the square.",
    caught_by="test_gradient_is_the_mean_over_the_examples",
)
def lsq_grad(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError(X.shape)
    residual = X @ w.ravel() - y.ravel()
    return (2 * X.T @ residual / len(X)).reshape(w.shape)


@mistake(
    "lsq_grad",
    note="divided by d",
    hint="The mean is over the n examples, not over the d weights.",
    caught_by="test_gradient_is_the_mean_over_the_examples",
)
def lsq_grad(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError(X.shape)
    residual = X @ w.ravel() - y.ravel()
    return (X.T @ residual / X.shape[1]).reshape(w.shape)


@mistake(
    "lsq_grad",
    note="sum over the examples left out",
    hint="Each example has a gradient of its own; the loss is their mean, one vector.",
    caught_by="test_gradient_is_the_mean_over_the_examples",
)
def lsq_grad(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError(X.shape)
    residual = X @ w.ravel() - y.ravel()
    return X * residual[:, None] / len(X)


@mistake(
    "lsq_grad",
    note="summed to one number",
    hint="The gradient has an entry for each weight; only the examples are summed over.",
    caught_by="test_gradient_is_the_mean_over_the_examples",
)
def lsq_grad(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError(X.shape)
    residual = X @ w.ravel() - y.ravel()
    return np.sum(X * residual[:, None]) / len(X)


@mistake(
    "lsq_grad",
    note="wrong sign",
    hint="The gradient points uphill: the residual is Xw − y.",
    caught_by="test_gradient_is_the_mean_over_the_examples",
)
def lsq_grad(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError(X.shape)
    residual = X @ w.ravel() - y.ravel()
    return -(X.T @ residual / len(X)).reshape(w.shape)


@mistake(
    "lsq_grad",
    note="y forgotten",
    hint="The residual is Xw − y.",
    caught_by="test_gradient_is_the_mean_over_the_examples",
)
def lsq_grad(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError(X.shape)
    return (X.T @ X @ w.ravel() / len(X)).reshape(w.shape)


@mistake(
    "lsq_grad",
    note="the loss for its gradient",
    hint="That is the loss itself, one number.",
    caught_by="test_gradient_is_the_mean_over_the_examples",
)
def lsq_grad(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError(X.shape)
    residual = X @ w.ravel() - y.ravel()
    return residual @ residual / (2 * len(X))


@mistake(
    "lsq_grad",
    note="a column broadcasts",
    hint="A vector minus a column is a matrix of all differences: flatten y and w first.",
    caught_by="test_gradient_has_the_shape_of_the_weights",
)
def lsq_grad(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError(X.shape)
    return X.T @ (X @ w - y) / len(X)


@mistake(
    "lsq_grad",
    note="a column broadcasts",
    hint="Only y was flattened: w may be a column too.",
    caught_by="test_gradient_has_the_shape_of_the_weights",
)
def lsq_grad(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError(X.shape)
    return X.T @ (X @ w - y.ravel()) / len(X)


@mistake(
    "lsq_grad",
    note="always a vector",
    hint="Where w is a column of shape (d, 1), so is its gradient.",
    caught_by="test_gradient_has_the_shape_of_the_weights",
)
def lsq_grad(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError(X.shape)
    residual = X @ w.ravel() - y.ravel()
    return X.T @ residual / len(X)


@mistake(
    "lsq_grad",
    note="sizes not checked",
    hint="NumPy broadcasts a y of one entry without a word: compare the sizes yourself.",
    caught_by="test_sizes_that_do_not_fit_are_refused",
)
def lsq_grad(w, X, y):
    residual = X @ w.ravel() - y.ravel()
    return (X.T @ residual / len(X)).reshape(w.shape)


@mistake(
    "lsq_grad",
    note="changes its arguments",
    hint="y -= ... writes into the caller's array.",
    caught_by="test_gradient_is_the_mean_over_the_examples",
)
def lsq_grad(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError(X.shape)
    y -= (X @ w.ravel()).reshape(y.shape)
    return -(X.T @ y.ravel() / len(X)).reshape(w.shape)


@mistake(
    "lsq_grad",
    note="a loop",
    hint="A sum over examples is a product with X or its transpose.",
    caught_by="test_there_is_no_loop",
    by_behaviour=False,
)
def lsq_grad(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError(X.shape)
    gradient = np.zeros(w.size)
    for x_i, y_i in zip(X, y.ravel(), strict=True):
        gradient += (x_i @ w.ravel() - y_i) * x_i
    return (gradient / len(X)).reshape(w.shape)


@mistake(
    "lsq_grad",
    note="X Xᵀ for Xᵀ X",
    hint="The Hessian has a row and a column for each weight, not for each example.",
    caught_by="test_hessian_is_the_mean_of_products_of_inputs",
    answer="lsq_grad_answer_2",
)
def lsq_hess(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError(X.shape)
    return X @ X.T / len(X)


@mistake(
    "lsq_grad",
    note="1/n missing",
    hint="The Hessian of a mean is a mean.",
    caught_by="test_hessian_is_the_mean_of_products_of_inputs",
    answer="lsq_grad_answer_2",
)
def lsq_hess(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError(X.shape)
    return X.T @ X


@mistake(
    "lsq_grad",
    note="the half forgotten",
    hint="The ½ in front of the square cancels the 2.",
    caught_by="test_hessian_is_the_mean_of_products_of_inputs",
    answer="lsq_grad_answer_2",
)
def lsq_hess(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError(X.shape)
    return 2 * X.T @ X / len(X)


@mistake(
    "lsq_grad",
    note="the diagonal only",
    hint="The weights act together: ∂²L/∂w_j∂w_k is not 0 for j ≠ k.",
    caught_by="test_hessian_is_the_mean_of_products_of_inputs",
    answer="lsq_grad_answer_2",
)
def lsq_hess(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError(X.shape)
    return np.diag(np.mean(X**2, axis=0))


@mistake(
    "lsq_grad",
    note="the gradient times itself",
    hint="The outer product of the gradient with itself is no second derivative.",
    caught_by="test_hessian_is_the_mean_of_products_of_inputs",
    answer="lsq_grad_answer_2",
)
def lsq_hess(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError(X.shape)
    g = X.T @ (X @ w.ravel() - y.ravel()) / len(X)
    return np.outer(g, g)


@mistake(
    "lsq_grad",
    note="a covariance",
    hint="A Hessian knows of no mean that is taken off: the inputs are not centred.",
    caught_by="test_hessian_is_the_mean_of_products_of_inputs",
    answer="lsq_grad_answer_2",
)
def lsq_hess(w, X, y):
    if w.size != X.shape[1] or y.size != X.shape[0]:
        raise ValueError(X.shape)
    Z = X - X.mean(axis=0)
    return Z.T @ Z / len(X)


@mistake(
    "lsq_grad",
    note="sizes not checked",
    hint="The Hessian does not need w and y, but sizes that do not fit are an error all the same.",
    caught_by="test_sizes_that_do_not_fit_are_refused",
    answer="lsq_grad_answer_2",
)
def lsq_hess(w, X, y):
    return X.T @ X / len(X)


# P3


@mistake(
    "products",
    note="the tangent of W forgotten",
    hint="W is an input too: the product rule has a term for each factor.",
    caught_by="test_affine_pushes_tangents_by_the_product_rule",
)
def jvp(op, inputs, tangents):
    x, dx = inputs[0], tangents[0]
    if op == "affine":
        return dx @ inputs[1] + tangents[2]
    if op == "sum":
        return dx.sum()
    if op == "norm2":
        return 2 * np.sum(x * dx)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return small / (1 + small) ** 2 * dx
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return p * (dx - np.sum(p * dx, axis=-1, keepdims=True))
    return np.sum(p * dx, axis=-1)


@mistake(
    "products",
    note="the tangent of b forgotten",
    hint="b is an input too, and its tangent is added to every row.",
    caught_by="test_affine_pushes_tangents_by_the_product_rule",
)
def jvp(op, inputs, tangents):
    x, dx = inputs[0], tangents[0]
    if op == "affine":
        return dx @ inputs[1] + x @ tangents[1]
    if op == "sum":
        return dx.sum()
    if op == "norm2":
        return 2 * np.sum(x * dx)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return small / (1 + small) ** 2 * dx
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return p * (dx - np.sum(p * dx, axis=-1, keepdims=True))
    return np.sum(p * dx, axis=-1)


@mistake(
    "products",
    note="the product of the tangents",
    hint="The derivative of a product is not the product of the derivatives.",
    caught_by="test_affine_pushes_tangents_by_the_product_rule",
)
def jvp(op, inputs, tangents):
    x, dx = inputs[0], tangents[0]
    if op == "affine":
        return dx @ tangents[1] + tangents[2]
    if op == "sum":
        return dx.sum()
    if op == "norm2":
        return 2 * np.sum(x * dx)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return small / (1 + small) ** 2 * dx
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return p * (dx - np.sum(p * dx, axis=-1, keepdims=True))
    return np.sum(p * dx, axis=-1)


@mistake(
    "products",
    note="the value added",
    hint="A tangent says how the output moves, not where it is: b itself has no part in it.",
    caught_by="test_affine_pushes_tangents_by_the_product_rule",
)
def jvp(op, inputs, tangents):
    x, dx = inputs[0], tangents[0]
    if op == "affine":
        return dx @ inputs[1] + x @ tangents[1] + inputs[2]
    if op == "sum":
        return dx.sum()
    if op == "norm2":
        return 2 * np.sum(x * dx)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return small / (1 + small) ** 2 * dx
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return p * (dx - np.sum(p * dx, axis=-1, keepdims=True))
    return np.sum(p * dx, axis=-1)


@mistake(
    "products",
    note="the sum is not summed",
    hint="The output of a sum is one number, and so is its tangent.",
    caught_by="test_sum_and_squared_norm",
)
def jvp(op, inputs, tangents):
    x, dx = inputs[0], tangents[0]
    if op == "affine":
        return dx @ inputs[1] + x @ tangents[1] + tangents[2]
    if op == "sum":
        return dx
    if op == "norm2":
        return 2 * np.sum(x * dx)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return small / (1 + small) ** 2 * dx
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return p * (dx - np.sum(p * dx, axis=-1, keepdims=True))
    return np.sum(p * dx, axis=-1)


@mistake(
    "products",
    note="the 2 of the square is missing",
    hint="‖x‖² is a sum of squares.",
    caught_by="test_sum_and_squared_norm",
)
def jvp(op, inputs, tangents):
    x, dx = inputs[0], tangents[0]
    if op == "affine":
        return dx @ inputs[1] + x @ tangents[1] + tangents[2]
    if op == "sum":
        return dx.sum()
    if op == "norm2":
        return np.sum(x * dx)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return small / (1 + small) ** 2 * dx
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return p * (dx - np.sum(p * dx, axis=-1, keepdims=True))
    return np.sum(p * dx, axis=-1)


@mistake(
    "products",
    note="the norm for its square",
    hint="That is the derivative of ‖x‖, and at 0 it is nan.",
    caught_by="test_sum_and_squared_norm",
)
def jvp(op, inputs, tangents):
    x, dx = inputs[0], tangents[0]
    if op == "affine":
        return dx @ inputs[1] + x @ tangents[1] + tangents[2]
    if op == "sum":
        return dx.sum()
    if op == "norm2":
        return np.sum(x * dx) / np.sqrt(np.sum(x**2))
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return small / (1 + small) ** 2 * dx
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return p * (dx - np.sum(p * dx, axis=-1, keepdims=True))
    return np.sum(p * dx, axis=-1)


@mistake(
    "products",
    note="the sigmoid for its slope",
    hint="The slope is σ(1 − σ), not σ.",
    caught_by="test_sigmoid",
)
def jvp(op, inputs, tangents):
    x, dx = inputs[0], tangents[0]
    if op == "affine":
        return dx @ inputs[1] + x @ tangents[1] + tangents[2]
    if op == "sum":
        return dx.sum()
    if op == "norm2":
        return 2 * np.sum(x * dx)
    if op == "sigmoid":
        return 1 / (1 + np.exp(-x)) * dx
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return p * (dx - np.sum(p * dx, axis=-1, keepdims=True))
    return np.sum(p * dx, axis=-1)


@mistake(
    "products",
    note="nan where the exponential overflows",
    hint="inf/inf is nan: take e^-|x|, which never overflows.",
    caught_by="test_extreme_entries_and_zero_give_finite_products",
)
def jvp(op, inputs, tangents):
    x, dx = inputs[0], tangents[0]
    if op == "affine":
        return dx @ inputs[1] + x @ tangents[1] + tangents[2]
    if op == "sum":
        return dx.sum()
    if op == "norm2":
        return 2 * np.sum(x * dx)
    if op == "sigmoid":
        small = np.exp(-x)
        return small / (1 + small) ** 2 * dx
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return p * (dx - np.sum(p * dx, axis=-1, keepdims=True))
    return np.sum(p * dx, axis=-1)


@mistake(
    "products",
    note="slope lost by rounding",
    hint="Where σ(x) rounds to 1, 1 − σ(x) is 0: write it as σ(−x).",
    caught_by="test_small_slopes_of_the_sigmoid_are_not_lost",
)
def jvp(op, inputs, tangents):
    x, dx = inputs[0], tangents[0]
    if op == "affine":
        return dx @ inputs[1] + x @ tangents[1] + tangents[2]
    if op == "sum":
        return dx.sum()
    if op == "norm2":
        return 2 * np.sum(x * dx)
    if op == "sigmoid":
        s = 1 / (1 + np.exp(-x))
        return s * (1 - s) * dx
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return p * (dx - np.sum(p * dx, axis=-1, keepdims=True))
    return np.sum(p * dx, axis=-1)


@mistake(
    "products",
    note="softmax taken for a sigmoid",
    hint="p(1 − p) is the diagonal only: every logit moves every probability.",
    caught_by="test_softmax",
)
def jvp(op, inputs, tangents):
    x, dx = inputs[0], tangents[0]
    if op == "affine":
        return dx @ inputs[1] + x @ tangents[1] + tangents[2]
    if op == "sum":
        return dx.sum()
    if op == "norm2":
        return 2 * np.sum(x * dx)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return small / (1 + small) ** 2 * dx
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return p * (1 - p) * dx
    return np.sum(p * dx, axis=-1)


@mistake(
    "products",
    note="nan where the exponential overflows",
    hint="e^10000 is inf: subtract the largest logit first.",
    caught_by="test_extreme_entries_and_zero_give_finite_products",
)
def jvp(op, inputs, tangents):
    x, dx = inputs[0], tangents[0]
    if op == "affine":
        return dx @ inputs[1] + x @ tangents[1] + tangents[2]
    if op == "sum":
        return dx.sum()
    if op == "norm2":
        return 2 * np.sum(x * dx)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return small / (1 + small) ** 2 * dx
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x)
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return p * (dx - np.sum(p * dx, axis=-1, keepdims=True))
    return np.sum(p * dx, axis=-1)


@mistake(
    "products",
    note="softmax over another axis",
    hint="The classes lie along the last axis, whatever stands before it.",
    caught_by="test_softmax",
)
def jvp(op, inputs, tangents):
    x, dx = inputs[0], tangents[0]
    if op == "affine":
        return dx @ inputs[1] + x @ tangents[1] + tangents[2]
    if op == "sum":
        return dx.sum()
    if op == "norm2":
        return 2 * np.sum(x * dx)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return small / (1 + small) ** 2 * dx
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=0, keepdims=True))
    p = powers / powers.sum(axis=0, keepdims=True)
    if op == "softmax":
        return p * (dx - np.sum(p * dx, axis=-1, keepdims=True))
    return np.sum(p * dx, axis=-1)


@mistake(
    "products",
    note="softmax over the whole batch",
    hint="Each vector of the batch has probabilities of its own that add up to 1.",
    caught_by="test_logsumexp",
)
def jvp(op, inputs, tangents):
    x, dx = inputs[0], tangents[0]
    if op == "affine":
        return dx @ inputs[1] + x @ tangents[1] + tangents[2]
    if op == "sum":
        return dx.sum()
    if op == "norm2":
        return 2 * np.sum(x * dx)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return small / (1 + small) ** 2 * dx
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max())
    p = powers / powers.sum()
    if op == "softmax":
        return p * (dx - np.sum(p * dx, axis=-1, keepdims=True))
    return np.sum(p * dx, axis=-1)


@mistake(
    "products",
    note="one maximum for the whole batch",
    hint="A row far below the largest entry of all rows becomes 0/0: each row has its own maximum.",
    caught_by="test_extreme_entries_and_zero_give_finite_products",
)
def jvp(op, inputs, tangents):
    x, dx = inputs[0], tangents[0]
    if op == "affine":
        return dx @ inputs[1] + x @ tangents[1] + tangents[2]
    if op == "sum":
        return dx.sum()
    if op == "norm2":
        return 2 * np.sum(x * dx)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return small / (1 + small) ** 2 * dx
    if op in ("softmax", "logsumexp"):
        with np.errstate(invalid="ignore"):
            powers = np.exp(x - x.max())
            p = powers / powers.sum(axis=-1, keepdims=True)
        mean = np.sum(p * dx, axis=-1, keepdims=True)
        return p * (dx - mean) if op == "softmax" else mean[..., 0]
    raise ValueError(op)


@mistake(
    "products",
    note="sum over the whole batch",
    hint="The inner product is taken along the last axis, for each vector of the batch.",
    caught_by="test_softmax",
)
def jvp(op, inputs, tangents):
    x, dx = inputs[0], tangents[0]
    if op == "affine":
        return dx @ inputs[1] + x @ tangents[1] + tangents[2]
    if op == "sum":
        return dx.sum()
    if op == "norm2":
        return 2 * np.sum(x * dx)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return small / (1 + small) ** 2 * dx
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return p * (dx - np.sum(p * dx))
    return np.sum(p * dx, axis=-1)


@mistake(
    "products",
    note="the Jacobian is built",
    hint="Multiply the formula of J out by the vector: no matrix stays.",
    caught_by="test_no_jacobian_is_built",
    by_behaviour=False,
)
def jvp(op, inputs, tangents):
    x, dx = inputs[0], tangents[0]
    if op == "affine":
        return dx @ inputs[1] + x @ tangents[1] + tangents[2]
    if op == "sum":
        return dx.sum()
    if op == "norm2":
        return 2 * np.sum(x * dx)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return small / (1 + small) ** 2 * dx
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return np.sum(
            (p[..., None] * (np.eye(x.shape[-1]) - p[..., None, :])) * dx[..., None, :], axis=-1
        )
    return np.sum(p * dx, axis=-1)


@mistake(
    "products",
    note="changes its arguments",
    hint="x -= ... writes into the caller's array: make a new one.",
    caught_by="test_softmax",
)
def jvp(op, inputs, tangents):
    x, dx = inputs[0], tangents[0]
    if op == "affine":
        return dx @ inputs[1] + x @ tangents[1] + tangents[2]
    if op == "sum":
        return dx.sum()
    if op == "norm2":
        return 2 * np.sum(x * dx)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return small / (1 + small) ** 2 * dx
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    x -= x.max(axis=-1, keepdims=True)
    powers = np.exp(x)
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return p * (dx - np.sum(p * dx, axis=-1, keepdims=True))
    return np.sum(p * dx, axis=-1)


@mistake(
    "products",
    note="transposes swapped",
    hint="Write the shapes below: X̄ has the shape of X, and W̄ that of W.",
    caught_by="test_affine_pulls_a_cotangent_back_to_each_input",
    answer="products_answer_2",
)
def vjp(op, inputs, cotangent):
    x, u = inputs[0], cotangent
    if op == "affine":
        return u @ inputs[1], x @ u, u.sum(axis=0)
    if op == "sum":
        return (np.full(x.shape, u),)
    if op == "norm2":
        return (2 * u * x,)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return (small / (1 + small) ** 2 * u,)
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return (p * (u - np.sum(p * u, axis=-1, keepdims=True)),)
    return (np.expand_dims(u, -1) * p,)


@mistake(
    "products",
    note="the gradient of W transposed",
    hint="W̄ has the shape of W: Xᵀ stands on the left.",
    caught_by="test_affine_pulls_a_cotangent_back_to_each_input",
    answer="products_answer_2",
)
def vjp(op, inputs, cotangent):
    x, u = inputs[0], cotangent
    if op == "affine":
        return u @ inputs[1].T, u.T @ x, u.sum(axis=0)
    if op == "sum":
        return (np.full(x.shape, u),)
    if op == "norm2":
        return (2 * u * x,)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return (small / (1 + small) ** 2 * u,)
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return (p * (u - np.sum(p * u, axis=-1, keepdims=True)),)
    return (np.expand_dims(u, -1) * p,)


@mistake(
    "products",
    note="the bias not summed",
    hint="b was added to every row, so every row of ȳ comes back to it.",
    caught_by="test_affine_pulls_a_cotangent_back_to_each_input",
    answer="products_answer_2",
)
def vjp(op, inputs, cotangent):
    x, u = inputs[0], cotangent
    if op == "affine":
        return u @ inputs[1].T, x.T @ u, u
    if op == "sum":
        return (np.full(x.shape, u),)
    if op == "norm2":
        return (2 * u * x,)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return (small / (1 + small) ** 2 * u,)
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return (p * (u - np.sum(p * u, axis=-1, keepdims=True)),)
    return (np.expand_dims(u, -1) * p,)


@mistake(
    "products",
    note="a mean for the bias",
    hint="The rows of ȳ add up: a mean belongs to a loss, not to a layer.",
    caught_by="test_affine_pulls_a_cotangent_back_to_each_input",
    answer="products_answer_2",
)
def vjp(op, inputs, cotangent):
    x, u = inputs[0], cotangent
    if op == "affine":
        return u @ inputs[1].T, x.T @ u, u.mean(axis=0)
    if op == "sum":
        return (np.full(x.shape, u),)
    if op == "norm2":
        return (2 * u * x,)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return (small / (1 + small) ** 2 * u,)
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return (p * (u - np.sum(p * u, axis=-1, keepdims=True)),)
    return (np.expand_dims(u, -1) * p,)


@mistake(
    "products",
    note="the bias summed over its own axis",
    hint="The sum for b runs over the rows, the examples.",
    caught_by="test_affine_pulls_a_cotangent_back_to_each_input",
    answer="products_answer_2",
)
def vjp(op, inputs, cotangent):
    x, u = inputs[0], cotangent
    if op == "affine":
        return u @ inputs[1].T, x.T @ u, u.sum(axis=1)
    if op == "sum":
        return (np.full(x.shape, u),)
    if op == "norm2":
        return (2 * u * x,)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return (small / (1 + small) ** 2 * u,)
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return (p * (u - np.sum(p * u, axis=-1, keepdims=True)),)
    return (np.expand_dims(u, -1) * p,)


@mistake(
    "products",
    note="one number for the sum",
    hint="Every term of the sum gets the cotangent: the shape is that of x.",
    caught_by="test_sum_and_squared_norm",
    answer="products_answer_2",
)
def vjp(op, inputs, cotangent):
    x, u = inputs[0], cotangent
    if op == "affine":
        return u @ inputs[1].T, x.T @ u, u.sum(axis=0)
    if op == "sum":
        return (u,)
    if op == "norm2":
        return (2 * u * x,)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return (small / (1 + small) ** 2 * u,)
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return (p * (u - np.sum(p * u, axis=-1, keepdims=True)),)
    return (np.expand_dims(u, -1) * p,)


@mistake(
    "products",
    note="the cotangent ignored",
    hint="Backward, everything is multiplied by ȳ; without it the next layer is lost.",
    caught_by="test_sum_and_squared_norm",
    answer="products_answer_2",
)
def vjp(op, inputs, cotangent):
    x, u = inputs[0], cotangent
    if op == "affine":
        return u @ inputs[1].T, x.T @ u, u.sum(axis=0)
    if op == "sum":
        return (np.ones(x.shape),)
    if op == "norm2":
        return (2 * x,)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return (small / (1 + small) ** 2 * u,)
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return (p * (u - np.sum(p * u, axis=-1, keepdims=True)),)
    return (np.expand_dims(u, -1) * p,)


@mistake(
    "products",
    note="the 2 of the square is missing",
    hint="‖x‖² is a sum of squares.",
    caught_by="test_sum_and_squared_norm",
    answer="products_answer_2",
)
def vjp(op, inputs, cotangent):
    x, u = inputs[0], cotangent
    if op == "affine":
        return u @ inputs[1].T, x.T @ u, u.sum(axis=0)
    if op == "sum":
        return (np.full(x.shape, u),)
    if op == "norm2":
        return (u * x,)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return (small / (1 + small) ** 2 * u,)
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return (p * (u - np.sum(p * u, axis=-1, keepdims=True)),)
    return (np.expand_dims(u, -1) * p,)


@mistake(
    "products",
    note="the norm for its square",
    hint="That is the gradient of ‖x‖, and at 0 it is nan.",
    caught_by="test_extreme_entries_and_zero_give_finite_products",
    answer="products_answer_2",
)
def vjp(op, inputs, cotangent):
    x, u = inputs[0], cotangent
    if op == "affine":
        return u @ inputs[1].T, x.T @ u, u.sum(axis=0)
    if op == "sum":
        return (np.full(x.shape, u),)
    if op == "norm2":
        return (u * x / np.sqrt(np.sum(x**2)),)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return (small / (1 + small) ** 2 * u,)
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return (p * (u - np.sum(p * u, axis=-1, keepdims=True)),)
    return (np.expand_dims(u, -1) * p,)


@mistake(
    "products",
    note="softmax taken for a sigmoid",
    hint="p(1 − p) is the diagonal only: every probability hears of every logit.",
    caught_by="test_softmax",
    answer="products_answer_2",
)
def vjp(op, inputs, cotangent):
    x, u = inputs[0], cotangent
    if op == "affine":
        return u @ inputs[1].T, x.T @ u, u.sum(axis=0)
    if op == "sum":
        return (np.full(x.shape, u),)
    if op == "norm2":
        return (2 * u * x,)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return (small / (1 + small) ** 2 * u,)
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return (p * (1 - p) * u,)
    return (np.expand_dims(u, -1) * p,)


@mistake(
    "products",
    note="wrong sign in the softmax",
    hint="J is diag(p) minus p pᵀ.",
    caught_by="test_softmax",
    answer="products_answer_2",
)
def vjp(op, inputs, cotangent):
    x, u = inputs[0], cotangent
    if op == "affine":
        return u @ inputs[1].T, x.T @ u, u.sum(axis=0)
    if op == "sum":
        return (np.full(x.shape, u),)
    if op == "norm2":
        return (2 * u * x,)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return (small / (1 + small) ** 2 * u,)
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return (p * (u + np.sum(p * u, axis=-1, keepdims=True)),)
    return (np.expand_dims(u, -1) * p,)


@mistake(
    "products",
    note="the cotangent does not fit the batch",
    hint="There is one cotangent for each vector of the batch: give it an axis of length 1.",
    caught_by="test_logsumexp",
    answer="products_answer_2",
)
def vjp(op, inputs, cotangent):
    x, u = inputs[0], cotangent
    if op == "affine":
        return u @ inputs[1].T, x.T @ u, u.sum(axis=0)
    if op == "sum":
        return (np.full(x.shape, u),)
    if op == "norm2":
        return (2 * u * x,)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return (small / (1 + small) ** 2 * u,)
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return (p * (u - np.sum(p * u, axis=-1, keepdims=True)),)
    return (u * p,)


@mistake(
    "products",
    note="the cotangent summed over the batch",
    hint="Each vector of the batch has a cotangent of its own.",
    caught_by="test_logsumexp",
    answer="products_answer_2",
)
def vjp(op, inputs, cotangent):
    x, u = inputs[0], cotangent
    if op == "affine":
        return u @ inputs[1].T, x.T @ u, u.sum(axis=0)
    if op == "sum":
        return (np.full(x.shape, u),)
    if op == "norm2":
        return (2 * u * x,)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return (small / (1 + small) ** 2 * u,)
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return (p * (u - np.sum(p * u, axis=-1, keepdims=True)),)
    return (np.sum(u) * p,)


@mistake(
    "products",
    note="not one for each input",
    hint="The VJP is a tuple with one array for each input, also for one input.",
    caught_by="test_sum_and_squared_norm",
    answer="products_answer_2",
    by_behaviour=False,
)
def vjp(op, inputs, cotangent):
    x, u = inputs[0], cotangent
    if op == "affine":
        return u @ inputs[1].T, x.T @ u, u.sum(axis=0)
    if op == "sum":
        return np.full(x.shape, u)
    if op == "norm2":
        return 2 * u * x
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return small / (1 + small) ** 2 * u
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return p * (u - np.sum(p * u, axis=-1, keepdims=True))
    return np.expand_dims(u, -1) * p


@mistake(
    "products",
    note="changes its arguments",
    hint="x -= ... writes into the caller's array: make a new one.",
    caught_by="test_logsumexp",
    answer="products_answer_2",
)
def vjp(op, inputs, cotangent):
    x, u = inputs[0], cotangent
    if op == "affine":
        return u @ inputs[1].T, x.T @ u, u.sum(axis=0)
    if op == "sum":
        return (np.full(x.shape, u),)
    if op == "norm2":
        return (2 * u * x,)
    if op == "sigmoid":
        small = np.exp(-np.abs(x))
        return (small / (1 + small) ** 2 * u,)
    if op not in ("softmax", "logsumexp"):
        raise ValueError(op)
    x -= x.max(axis=-1, keepdims=True)
    powers = np.exp(x)
    p = powers / powers.sum(axis=-1, keepdims=True)
    if op == "softmax":
        return (p * (u - np.sum(p * u, axis=-1, keepdims=True)),)
    return (np.expand_dims(u, -1) * p,)


# P4


@mistake(
    "chain",
    note="numerator order in either layout",
    hint="In denominator layout all matrices are transposed, and a product transposed is reversed.",
    caught_by="test_square_factors_stand_in_the_right_order",
)
def chain(Js, layout):
    if layout not in ("numerator", "denominator") or len(Js) == 0:
        raise ValueError(layout)
    factors = list(Js)[::-1]
    if factors[0].shape[0] <= factors[-1].shape[1]:
        product = factors[0]
        for factor in factors[1:]:
            product = product @ factor
        return product
    product = factors[-1]
    for factor in factors[-2::-1]:
        product = factor @ product
    return product


@mistake(
    "chain",
    note="denominator order in either layout",
    hint="In numerator layout the matrix of what is applied first stands on the right.",
    caught_by="test_square_factors_stand_in_the_right_order",
)
def chain(Js, layout):
    if layout not in ("numerator", "denominator") or len(Js) == 0:
        raise ValueError(layout)
    factors = list(Js)
    if factors[0].shape[0] <= factors[-1].shape[1]:
        product = factors[0]
        for factor in factors[1:]:
            product = product @ factor
        return product
    product = factors[-1]
    for factor in factors[-2::-1]:
        product = factor @ product
    return product


@mistake(
    "chain",
    note="the list reversed",
    hint="The orders of the two layouts are exchanged.",
    caught_by="test_square_factors_stand_in_the_right_order",
)
def chain(Js, layout):
    if layout not in ("numerator", "denominator") or len(Js) == 0:
        raise ValueError(layout)
    factors = list(Js) if layout == "numerator" else list(Js)[::-1]
    if factors[0].shape[0] <= factors[-1].shape[1]:
        product = factors[0]
        for factor in factors[1:]:
            product = product @ factor
        return product
    product = factors[-1]
    for factor in factors[-2::-1]:
        product = factor @ product
    return product


@mistake(
    "chain",
    note="the other layout",
    hint="The result has to be in the layout of the Jacobians given.",
    caught_by="test_denominator_layout_multiplies_from_the_first_function_on",
)
def chain(Js, layout):
    if layout not in ("numerator", "denominator") or len(Js) == 0:
        raise ValueError(layout)
    factors = [J.T for J in Js][::-1] if layout == "denominator" else list(Js)[::-1]
    if factors[0].shape[0] <= factors[-1].shape[1]:
        product = factors[0]
        for factor in factors[1:]:
            product = product @ factor
        return product
    product = factors[-1]
    for factor in factors[-2::-1]:
        product = factor @ product
    return product


@mistake(
    "chain",
    note="only the result transposed",
    hint="In denominator layout the factors are transposed already: only their order changes.",
    caught_by="test_denominator_layout_multiplies_from_the_first_function_on",
)
def chain(Js, layout):
    if layout not in ("numerator", "denominator") or len(Js) == 0:
        raise ValueError(layout)
    factors = list(Js)[::-1]
    product = factors[0]
    for factor in factors[1:]:
        product = product @ factor
    return product if layout == "numerator" else product.T


@mistake(
    "chain",
    note="entry by entry",
    hint="The chain rule multiplies matrices: rows meet columns.",
    caught_by="test_square_factors_stand_in_the_right_order",
)
def chain(Js, layout):
    if layout not in ("numerator", "denominator") or len(Js) == 0:
        raise ValueError(layout)
    product = Js[0]
    for J in Js[1:]:
        product = product * J
    return product


@mistake(
    "chain",
    note="first and last only",
    hint="Every function of the chain has its part.",
    caught_by="test_square_factors_stand_in_the_right_order",
)
def chain(Js, layout):
    if layout not in ("numerator", "denominator") or len(Js) == 0:
        raise ValueError(layout)
    if len(Js) == 1:
        return Js[0]
    return Js[-1] @ Js[0] if layout == "numerator" else Js[0] @ Js[-1]


@mistake(
    "chain",
    note="the last factor left out",
    hint="Count the factors of your product for a chain of two.",
    caught_by="test_numerator_layout_multiplies_from_the_last_function_on",
)
def chain(Js, layout):
    if layout not in ("numerator", "denominator") or len(Js) == 0:
        raise ValueError(layout)
    factors = list(Js)[::-1] if layout == "numerator" else list(Js)
    product = factors[0]
    for factor in factors[1:-1]:
        product = product @ factor
    return product


@mistake(
    "chain",
    note="a sum for the product",
    hint="One function is applied to what the other gives: their Jacobians are multiplied.",
    caught_by="test_square_factors_stand_in_the_right_order",
)
def chain(Js, layout):
    if layout not in ("numerator", "denominator") or len(Js) == 0:
        raise ValueError(layout)
    return sum(Js[1:], Js[0])


@mistake(
    "chain",
    note="the caller's list is turned round",
    hint="list.reverse changes the list that was passed: make one of your own.",
    caught_by="test_the_list_stays_as_it_was",
    by_behaviour=False,
)
def chain(Js, layout):
    if layout not in ("numerator", "denominator") or len(Js) == 0:
        raise ValueError(layout)
    factors = Js
    if layout == "numerator":
        factors.reverse()
    if factors[0].shape[0] <= factors[-1].shape[1]:
        product = factors[0]
        for factor in factors[1:]:
            product = product @ factor
        return product
    product = factors[-1]
    for factor in factors[-2::-1]:
        product = factor @ product
    return product


@mistake(
    "chain",
    note="begins at the wide end",
    hint="A matrix times a matrix was formed, where a row or a column would have done.",
    caught_by="test_a_chain_begins_at_its_narrow_end",
    by_behaviour=False,
)
def chain(Js, layout):
    if layout not in ("numerator", "denominator") or len(Js) == 0:
        raise ValueError(layout)
    product = Js[0]
    for J in Js[1:]:
        product = J @ product if layout == "numerator" else product @ J
    return product


@mistake(
    "chain",
    note="begins at the wide end",
    hint="From the output on is right for a loss, and wrong for a function of one input.",
    caught_by="test_a_chain_begins_at_its_narrow_end",
    by_behaviour=False,
)
def chain(Js, layout):
    if layout not in ("numerator", "denominator") or len(Js) == 0:
        raise ValueError(layout)
    factors = list(Js)[::-1] if layout == "numerator" else list(Js)
    if layout == "denominator":
        product = factors[-1]
        for factor in factors[-2::-1]:
            product = factor @ product
        return product
    product = factors[0]
    for factor in factors[1:]:
        product = product @ factor
    return product


@mistake(
    "chain",
    note="an empty chain has a value",
    hint="Of how many rows would the identity be? Its size is unknown: ValueError.",
    caught_by="test_chains_that_cannot_be_are_refused",
)
def chain(Js, layout):
    if layout not in ("numerator", "denominator"):
        raise ValueError(layout)
    if len(Js) == 0:
        return np.eye(1)
    factors = list(Js)[::-1] if layout == "numerator" else list(Js)
    if factors[0].shape[0] <= factors[-1].shape[1]:
        product = factors[0]
        for factor in factors[1:]:
            product = product @ factor
        return product
    product = factors[-1]
    for factor in factors[-2::-1]:
        product = factor @ product
    return product


@mistake(
    "chain",
    note="any layout accepted",
    hint="A layout with another name is a slip of the caller: tell it.",
    caught_by="test_chains_that_cannot_be_are_refused",
)
def chain(Js, layout):
    if len(Js) == 0:
        raise ValueError(layout)
    factors = list(Js)[::-1] if layout == "numerator" else list(Js)
    if factors[0].shape[0] <= factors[-1].shape[1]:
        product = factors[0]
        for factor in factors[1:]:
            product = product @ factor
        return product
    product = factors[-1]
    for factor in factors[-2::-1]:
        product = factor @ product
    return product


@mistake(
    "chain",
    note="a chain of one fails",
    hint="np.linalg.multi_dot wants two factors at least.",
    caught_by="test_short_chains",
)
def chain(Js, layout):
    if layout not in ("numerator", "denominator") or len(Js) == 0:
        raise ValueError(layout)
    factors = list(Js)[::-1] if layout == "numerator" else list(Js)
    return np.linalg.multi_dot(factors)


# P5


@mistake(
    "newton",
    note="p for p(1 − p)",
    hint="S holds the slopes of the sigmoid, not its values.",
    caught_by="test_product_is_that_with_the_hessian",
)
def hessian_product(w, X, v, lam):
    p = np.exp(-np.logaddexp(0, -(X @ w)))
    return X.T @ (p * (X @ v)) / len(X) + lam * v


@mistake(
    "newton",
    note="the curvature left out",
    hint="That is the Hessian of least squares: each example is weighted by p(1 − p).",
    caught_by="test_product_is_that_with_the_hessian",
)
def hessian_product(w, X, v, lam):
    return X.T @ (X @ v) / len(X) + lam * v


@mistake(
    "newton",
    note="1/n missing",
    hint="The loss is a mean over the examples, and so is its Hessian.",
    caught_by="test_product_is_that_with_the_hessian",
)
def hessian_product(w, X, v, lam):
    small = np.exp(-np.abs(X @ w))
    curvature = small / (1 + small) ** 2
    return X.T @ (curvature * (X @ v)) + lam * v


@mistake(
    "newton",
    note="all divided by n",
    hint="The weight decay is no part of the mean.",
    caught_by="test_weight_decay_adds_its_part",
)
def hessian_product(w, X, v, lam):
    small = np.exp(-np.abs(X @ w))
    curvature = small / (1 + small) ** 2
    return (X.T @ (curvature * (X @ v)) + lam * v) / len(X)


@mistake(
    "newton",
    note="weight decay forgotten",
    hint="λ/2 ‖w‖² has the Hessian λI.",
    caught_by="test_weight_decay_adds_its_part",
)
def hessian_product(w, X, v, lam):
    small = np.exp(-np.abs(X @ w))
    curvature = small / (1 + small) ** 2
    return X.T @ (curvature * (X @ v)) / len(X)


@mistake(
    "newton",
    note="half the weight decay",
    hint="Differentiate λ/2 ‖w‖² twice.",
    caught_by="test_weight_decay_adds_its_part",
)
def hessian_product(w, X, v, lam):
    small = np.exp(-np.abs(X @ w))
    curvature = small / (1 + small) ** 2
    return X.T @ (curvature * (X @ v)) / len(X) + lam / 2 * v


@mistake(
    "newton",
    note="λw for λv",
    hint="The Hessian of the weight decay is λI, and it multiplies v.",
    caught_by="test_weight_decay_adds_its_part",
)
def hessian_product(w, X, v, lam):
    small = np.exp(-np.abs(X @ w))
    curvature = small / (1 + small) ** 2
    return X.T @ (curvature * (X @ v)) / len(X) + lam * w


@mistake(
    "newton",
    note="λ added to every entry",
    hint="λI times v is λv, not λ.",
    caught_by="test_weight_decay_adds_its_part",
)
def hessian_product(w, X, v, lam):
    small = np.exp(-np.abs(X @ w))
    curvature = small / (1 + small) ** 2
    return X.T @ (curvature * (X @ v)) / len(X) + lam


@mistake(
    "newton",
    note="wrong sign",
    hint="The loss is convex: its Hessian is positive semidefinite.",
    caught_by="test_product_is_that_with_the_hessian",
)
def hessian_product(w, X, v, lam):
    small = np.exp(-np.abs(X @ w))
    curvature = small / (1 + small) ** 2
    return -(X.T @ (curvature * (X @ v))) / len(X) + lam * v


@mistake(
    "newton",
    note="the curvature twice",
    hint="S stands once between Xᵀ and X.",
    caught_by="test_product_is_that_with_the_hessian",
)
def hessian_product(w, X, v, lam):
    small = np.exp(-np.abs(X @ w))
    curvature = small / (1 + small) ** 2
    return X.T @ (curvature**2 * (X @ v)) / len(X) + lam * v


@mistake(
    "newton",
    note="probabilities clipped",
    hint="A p that is kept away from 0 and 1 gives curvature where there is none: take σ(o)σ(−o).",
    caught_by="test_small_curvature_is_not_lost",
)
def hessian_product(w, X, v, lam):
    p = np.clip(np.exp(-np.logaddexp(0, -(X @ w))), 1e-7, 1 - 1e-7)
    return X.T @ (p * (1 - p) * (X @ v)) / len(X) + lam * v


@mistake(
    "newton",
    note="curvature lost by rounding",
    hint="Where p rounds to 1, 1 − p is 0: write it as σ(−o).",
    caught_by="test_small_curvature_is_not_lost",
)
def hessian_product(w, X, v, lam):
    p = np.exp(-np.logaddexp(0, -(X @ w)))
    return X.T @ (p * (1 - p) * (X @ v)) / len(X) + lam * v


@mistake(
    "newton",
    note="nan where the exponential overflows",
    hint="inf/inf is nan: take e^-|o|, which never overflows.",
    caught_by="test_extreme_logits_give_finite_results",
)
def hessian_product(w, X, v, lam):
    small = np.exp(-(X @ w))
    return X.T @ (small / (1 + small) ** 2 * (X @ v)) / len(X) + lam * v


@mistake(
    "newton",
    note="the Hessian for its product",
    hint="The function returns a vector: the Hessian times v.",
    caught_by="test_product_is_that_with_the_hessian",
)
def hessian_product(w, X, v, lam):
    small = np.exp(-np.abs(X @ w))
    curvature = small / (1 + small) ** 2
    return X.T @ (curvature[:, None] * X) / len(X) + lam * np.eye(len(w))


@mistake(
    "newton",
    note="a large matrix",
    hint="Multiply from the right: X v is a vector, and S only scales it.",
    caught_by="test_no_large_matrix_is_built",
    by_behaviour=False,
)
def hessian_product(w, X, v, lam):
    small = np.exp(-np.abs(X @ w))
    curvature = small / (1 + small) ** 2
    return X.T @ (np.diag(curvature) @ (X @ v)) / len(X) + lam * v


@mistake(
    "newton",
    note="a large matrix",
    hint="The d × d Hessian is not needed for its product with one vector.",
    caught_by="test_no_large_matrix_is_built",
    by_behaviour=False,
)
def hessian_product(w, X, v, lam):
    small = np.exp(-np.abs(X @ w))
    curvature = small / (1 + small) ** 2
    return (X.T * curvature) @ X @ v / len(X) + lam * v


@mistake(
    "newton",
    note="uphill",
    hint="The step solves H s = −∇L: the minus is missing.",
    caught_by="test_step_solves_newtons_equation",
    answer="newton_answer_2",
)
def newton_step(w, X, y, lam):
    wrong = np.exp(-np.logaddexp(0, y * (X @ w)))
    g = -X.T @ (y * wrong) / len(X) + lam * w
    small = np.exp(-np.abs(X @ w))
    H = (X.T * (small / (1 + small) ** 2)) @ X / len(X) + lam * np.eye(len(w))
    return np.linalg.solve(H, g)


@mistake(
    "newton",
    note="the new weights for the step",
    hint="Return s alone: the caller adds it to w.",
    caught_by="test_step_solves_newtons_equation",
    answer="newton_answer_2",
)
def newton_step(w, X, y, lam):
    wrong = np.exp(-np.logaddexp(0, y * (X @ w)))
    g = -X.T @ (y * wrong) / len(X) + lam * w
    small = np.exp(-np.abs(X @ w))
    H = (X.T * (small / (1 + small) ** 2)) @ X / len(X) + lam * np.eye(len(w))
    return w - np.linalg.solve(H, g)


@mistake(
    "newton",
    note="the gradient of the other label",
    hint="The loss falls with y xᵀw: it is σ(−y xᵀw) that counts.",
    caught_by="test_step_solves_newtons_equation",
    answer="newton_answer_2",
)
def newton_step(w, X, y, lam):
    right = np.exp(-np.logaddexp(0, -y * (X @ w)))
    g = -X.T @ (y * right) / len(X) + lam * w
    small = np.exp(-np.abs(X @ w))
    H = (X.T * (small / (1 + small) ** 2)) @ X / len(X) + lam * np.eye(len(w))
    return np.linalg.solve(H, -g)


@mistake(
    "newton",
    note="labels taken for 0 and 1",
    hint="p − y is the error for labels 0 and 1; here they are −1 and 1.",
    caught_by="test_step_solves_newtons_equation",
    answer="newton_answer_2",
)
def newton_step(w, X, y, lam):
    p = np.exp(-np.logaddexp(0, -(X @ w)))
    g = X.T @ (p - y) / len(X) + lam * w
    small = np.exp(-np.abs(X @ w))
    H = (X.T * (small / (1 + small) ** 2)) @ X / len(X) + lam * np.eye(len(w))
    return np.linalg.solve(H, -g)


@mistake(
    "newton",
    note="1/n in the Hessian only",
    hint="Gradient and Hessian are of the same loss: both are means.",
    caught_by="test_step_solves_newtons_equation",
    answer="newton_answer_2",
)
def newton_step(w, X, y, lam):
    wrong = np.exp(-np.logaddexp(0, y * (X @ w)))
    g = -X.T @ (y * wrong) + lam * w
    small = np.exp(-np.abs(X @ w))
    H = (X.T * (small / (1 + small) ** 2)) @ X / len(X) + lam * np.eye(len(w))
    return np.linalg.solve(H, -g)


@mistake(
    "newton",
    note="weight decay missing in the gradient",
    hint="λ/2 ‖w‖² has the gradient λw.",
    caught_by="test_step_solves_newtons_equation",
    answer="newton_answer_2",
)
def newton_step(w, X, y, lam):
    wrong = np.exp(-np.logaddexp(0, y * (X @ w)))
    g = -X.T @ (y * wrong) / len(X)
    small = np.exp(-np.abs(X @ w))
    H = (X.T * (small / (1 + small) ** 2)) @ X / len(X) + lam * np.eye(len(w))
    return np.linalg.solve(H, -g)


@mistake(
    "newton",
    note="weight decay missing in the Hessian",
    hint="The weight decay curves the loss too.",
    caught_by="test_step_solves_newtons_equation",
    answer="newton_answer_2",
)
def newton_step(w, X, y, lam):
    wrong = np.exp(-np.logaddexp(0, y * (X @ w)))
    g = -X.T @ (y * wrong) / len(X) + lam * w
    small = np.exp(-np.abs(X @ w))
    H = (X.T * (small / (1 + small) ** 2)) @ X / len(X)
    return np.linalg.solve(H, -g)


@mistake(
    "newton",
    note="a gradient step",
    hint="Newton divides by the curvature: solve with the Hessian.",
    caught_by="test_step_solves_newtons_equation",
    answer="newton_answer_2",
)
def newton_step(w, X, y, lam):
    wrong = np.exp(-np.logaddexp(0, y * (X @ w)))
    g = -X.T @ (y * wrong) / len(X) + lam * w
    return -g


@mistake(
    "newton",
    note="divided by the diagonal",
    hint="The Hessian is no diagonal matrix: solve the linear system.",
    caught_by="test_step_solves_newtons_equation",
    answer="newton_answer_2",
)
def newton_step(w, X, y, lam):
    wrong = np.exp(-np.logaddexp(0, y * (X @ w)))
    g = -X.T @ (y * wrong) / len(X) + lam * w
    small = np.exp(-np.abs(X @ w))
    H = (X.T * (small / (1 + small) ** 2)) @ X / len(X) + lam * np.eye(len(w))
    return -g / np.diag(H)


@mistake(
    "newton",
    note="multiplied by the Hessian",
    hint="The step is the inverse Hessian times the gradient.",
    caught_by="test_step_solves_newtons_equation",
    answer="newton_answer_2",
)
def newton_step(w, X, y, lam):
    wrong = np.exp(-np.logaddexp(0, y * (X @ w)))
    g = -X.T @ (y * wrong) / len(X) + lam * w
    small = np.exp(-np.abs(X @ w))
    H = (X.T * (small / (1 + small) ** 2)) @ X / len(X) + lam * np.eye(len(w))
    return -H @ g


@mistake(
    "newton",
    note="p for p(1 − p)",
    hint="S holds the slopes of the sigmoid, not its values.",
    caught_by="test_step_solves_newtons_equation",
    answer="newton_answer_2",
)
def newton_step(w, X, y, lam):
    wrong = np.exp(-np.logaddexp(0, y * (X @ w)))
    g = -X.T @ (y * wrong) / len(X) + lam * w
    p = np.exp(-np.logaddexp(0, -(X @ w)))
    H = (X.T * p) @ X / len(X) + lam * np.eye(len(w))
    return np.linalg.solve(H, -g)


@mistake(
    "newton",
    note="probabilities clipped",
    hint="A p that is kept away from 0 and 1 gives a gradient and a curvature that are not there.",
    caught_by="test_extreme_logits_give_finite_results",
    answer="newton_answer_2",
)
def newton_step(w, X, y, lam):
    p = np.clip(np.exp(-np.logaddexp(0, -(X @ w))), 1e-7, 1 - 1e-7)
    g = X.T @ (p - (1 + y) / 2) / len(X) + lam * w
    H = (X.T * (p * (1 - p))) @ X / len(X) + lam * np.eye(len(w))
    return np.linalg.solve(H, -g)


@mistake(
    "newton",
    note="nan where the exponential overflows",
    hint="e^t/(1 + e^t) is inf/inf for large t: use 1/(1 + e^-t).",
    caught_by="test_extreme_logits_give_finite_results",
    answer="newton_answer_2",
)
def newton_step(w, X, y, lam):
    t = np.exp(-y * (X @ w))
    g = -X.T @ (y * (t / (1 + t))) / len(X) + lam * w
    small = np.exp(-np.abs(X @ w))
    H = (X.T * (small / (1 + small) ** 2)) @ X / len(X) + lam * np.eye(len(w))
    return np.linalg.solve(H, -g)


# T1

GRADIENT_TESTS = (
    "test_gradient_of_a_bilinear_form",
    "test_gradient_of_a_trace",
    "test_gradient_of_a_log_determinant",
    "test_gradient_of_a_quadratic_form",
    "test_gradient_of_a_squared_residual",
)

for number, signature, value, note, hint in (
    (
        1,
        "grad_bilinear(a, X, b)",
        "np.outer(b, a)",
        "transposed",
        "Yours is the transpose of the right result.",
    ),
    (
        1,
        "grad_bilinear(a, X, b)",
        "a @ X @ b",
        "the value for the gradient",
        "That is aᵀXb itself, or a part of it: the gradient no longer holds X.",
    ),
    (
        1,
        "grad_bilinear(a, X, b)",
        "a * b",
        "dimension mismatch",
        "Write df and bring it to the form tr(Gᵀ dX).",
    ),
    (
        1,
        "grad_bilinear(a, X, b)",
        "np.outer(a, b) * X",
        "X has stayed",
        "aᵀXb is linear in X: its gradient is the same at every X.",
    ),
    (
        1,
        "grad_bilinear(a, X, b)",
        "2 * np.outer(a, b)",
        "off by a factor",
        "Write df and bring it to the form tr(Gᵀ dX).",
    ),
    (2, "grad_trace(A, X)", "A", "transposed", "Yours is the transpose of the right result."),
    (
        2,
        "grad_trace(A, X)",
        "np.eye(*X.shape)",
        "the identity for A",
        "tr(X) has the gradient I; here A stands before X.",
    ),
    (
        2,
        "grad_trace(A, X)",
        "np.trace(A @ X)",
        "dimension mismatch",
        "Write df and bring it to the form tr(Gᵀ dX).",
    ),
    (
        2,
        "grad_trace(A, X)",
        "np.diag(np.diag(A @ X))",
        "dimension mismatch",
        "Write df and bring it to the form tr(Gᵀ dX).",
    ),
    (3, "grad_logdet(X)", "np.linalg.inv(X)", "transposed", "tr(X⁻¹ dX) = tr(Gᵀ dX): what is G?"),
    (
        3,
        "grad_logdet(X)",
        "np.linalg.det(X) * np.linalg.inv(X).T",
        "the gradient of det",
        "The logarithm is forgotten: it divides by det X.",
    ),
    (
        3,
        "grad_logdet(X)",
        "1 / X",
        "entry by entry",
        "1/x_ij would be the derivative of Σ log x_ij; an inverse is of the whole matrix.",
    ),
    (3, "grad_logdet(X)", "X.T", "X for its inverse", "An inverse is missing."),
    (3, "grad_logdet(X)", "-np.linalg.inv(X).T", "wrong sign", "log|det X| grows with X."),
    (
        4,
        "grad_quadratic(A, x)",
        "2 * A @ x",
        "A taken for symmetric",
        "That is right for a symmetric A only: x stands twice in xᵀAx.",
    ),
    (
        4,
        "grad_quadratic(A, x)",
        "2 * A.T @ x",
        "A taken for symmetric",
        "That is right for a symmetric A only: x stands twice in xᵀAx.",
    ),
    (4, "grad_quadratic(A, x)", "A @ x", "one of two terms", "x stands twice in xᵀAx."),
    (
        4,
        "grad_quadratic(A, x)",
        "(A + A.T) @ x / 2",
        "off by a factor",
        "Half of it is the gradient of ½ xᵀAx.",
    ),
    (
        4,
        "grad_quadratic(A, x)",
        "A + A.T",
        "dimension mismatch",
        "A gradient by a vector is a vector.",
    ),
    (
        5,
        "grad_residual(X, W, Y)",
        "X.T @ (X @ W - Y)",
        "the 2 is missing",
        "‖R‖² is a sum of squares.",
    ),
    (
        5,
        "grad_residual(X, W, Y)",
        "2 * X.T @ (X @ W - Y) / len(X)",
        "a mean for the sum",
        "The norm is a sum: there is no 1/n in it.",
    ),
    (
        5,
        "grad_residual(X, W, Y)",
        "2 * (X @ W - Y).T @ X",
        "transposed",
        "Yours is the transpose of the right result.",
    ),
    (
        5,
        "grad_residual(X, W, Y)",
        "2 * (X @ W - Y)",
        "the inner derivative is missing",
        "W is multiplied by X before it meets Y.",
    ),
    (
        5,
        "grad_residual(X, W, Y)",
        "2 * (X @ W - Y) @ X.T",
        "dimension mismatch",
        "X stands transposed, on the left.",
    ),
    (5, "grad_residual(X, W, Y)", "2 * X.T @ (Y - X @ W)", "wrong sign", "The residual is XW − Y."),
    (
        5,
        "grad_residual(X, W, Y)",
        "2 * X.T @ X @ W",
        "Y forgotten",
        "The residual is XW − Y, not XW.",
    ),
):
    mistaken_cell(
        "matrix_gradients",
        note=note,
        hint=hint,
        caught_by=GRADIENT_TESTS[number - 1],
        answer="matrix_gradients_answer" + (f"_{number}" if number > 1 else ""),
        source=f"def {signature}:\n    return {value}",
    )

# T2

for note, hint, lines in (
    (
        "a step does not hold",
        "The sign of the argument: dividing by the exponential turns it round.",
        (
            "-y*exp(-y*o) / (1 + exp(-y*o))",
            "-y*sigmoid(y*o)",
            "-y*(1 - sigmoid(y*o))",
            "sigmoid(o) - (1 + y)/2",
        ),
    ),
    (
        "a step does not hold",
        "The minus of the chain rule is lost.",
        (
            "-y*exp(-y*o) / (1 + exp(-y*o))",
            "y*sigmoid(-y*o)",
            "-y*(1 - sigmoid(y*o))",
            "sigmoid(o) - (1 + y)/2",
        ),
    ),
    (
        "a step does not hold",
        "The inner derivative −y is lost.",
        (
            "-y*exp(-y*o) / (1 + exp(-y*o))",
            "-sigmoid(-y*o)",
            "-y*(1 - sigmoid(y*o))",
            "sigmoid(o) - (1 + y)/2",
        ),
    ),
    (
        "a jump",
        "Every step holds, but there are too few to be followed.",
        (
            "-y*exp(-y*o) / (1 + exp(-y*o))",
            "sigmoid(o) - (1 + y)/2",
        ),
    ),
    (
        "a jump",
        "Every step holds, but there are too few to be followed.",
        (
            "-y*exp(-y*o) / (1 + exp(-y*o))",
            "-y*sigmoid(-y*o)",
            "sigmoid(o) - (1 + y)/2",
        ),
    ),
    (
        "a jump",
        "No line between is -y times one sigmoid.",
        (
            "-y*exp(-y*o) / (1 + exp(-y*o))",
            "-y + y/(1 + exp(-y*o))",
            "-y*(1 - sigmoid(y*o))",
            "sigmoid(o) - (1 + y)/2",
        ),
    ),
    (
        "a step is a copy",
        "1/(1 + exp(t)) and sigmoid(-t) are one thing in two spellings.",
        (
            "-y*exp(-y*o) / (1 + exp(-y*o))",
            "-y/(1 + exp(y*o))",
            "-y*sigmoid(-y*o)",
            "-y*(1 - sigmoid(y*o))",
            "sigmoid(o) - (1 + y)/2",
        ),
    ),
    (
        "not the goal",
        "The derivation stops before the goal.",
        (
            "-y*exp(-y*o) / (1 + exp(-y*o))",
            "-y*sigmoid(-y*o)",
            "-y*(1 - sigmoid(y*o))",
        ),
    ),
    (
        "not the question",
        "The first line is the question as it is printed.",
        (
            "-y*sigmoid(-y*o)",
            "-y*(1 - sigmoid(y*o))",
            "-y + y*sigmoid(y*o)",
            "sigmoid(o) - (1 + y)/2",
        ),
    ),
    (
        "not the goal",
        "The target is (1 + y)/2.",
        (
            "-y*exp(-y*o) / (1 + exp(-y*o))",
            "-y*sigmoid(-y*o)",
            "-y*(1 - sigmoid(y*o))",
            "sigmoid(o) - y*(1 + y)/2",
        ),
    ),
    (
        "cannot be read",
        "A product needs its star.",
        (
            "-y*exp(-y*o) / (1 + exp(-y*o))",
            "-y sigmoid(-yo)",
            "-y*(1 - sigmoid(y*o))",
            "sigmoid(o) - (1 + y)/2",
        ),
    ),
):
    mistaken_cell(
        "logistic_chain",
        note=note,
        hint=hint,
        caught_by="test_slope_is_prediction_minus_target",
        source=f"slope_chain = {[('=' if k else '', line) for k, line in enumerate(lines)]!r}",
    )

for note, hint, lines in (
    (
        "a step does not hold",
        "The curvature is 1/4 at o = 0 only: the last relation is an inequality.",
        (
            "exp(-o) / (1 + exp(-o))^2",
            "= sigmoid(o)*(1 - sigmoid(o))",
            "= 1/4 - (sigmoid(o) - 1/2)^2",
            "= 1/4",
        ),
    ),
    (
        "a step does not hold",
        "Multiply the square out: the middle term does not fit.",
        (
            "exp(-o) / (1 + exp(-o))^2",
            "= sigmoid(o)*(1 - sigmoid(o))",
            "= 1/4 - (sigmoid(o) - 1)^2",
            "<= 1/4",
        ),
    ),
    (
        "a step does not hold",
        "p(1 + p) is not the product of the two parts.",
        (
            "exp(-o) / (1 + exp(-o))^2",
            "= sigmoid(o)*(1 + sigmoid(o))",
            "= 1/4 - (sigmoid(o) - 1/2)^2",
            "<= 1/4",
        ),
    ),
    (
        "a jump",
        "No line shows why the last step holds.",
        (
            "exp(-o) / (1 + exp(-o))^2",
            "= sigmoid(o)*(1 - sigmoid(o))",
            "= sigmoid(o) - sigmoid(o)^2",
            "<= 1/4",
        ),
    ),
    (
        "a jump",
        "Every step holds, but there are too few to be followed.",
        (
            "exp(-o) / (1 + exp(-o))^2",
            "<= 1/4",
        ),
    ),
    (
        "a jump",
        "No line between is a polynomial in the sigmoid.",
        (
            "exp(-o) / (1 + exp(-o))^2",
            "= 1/(exp(o) + 2 + exp(-o))",
            "= 1/4 - (sigmoid(o) - 1/2)^2",
            "<= 1/4",
        ),
    ),
    (
        "not the goal",
        "The goal is the bound, not the last equality.",
        (
            "exp(-o) / (1 + exp(-o))^2",
            "= sigmoid(o)*(1 - sigmoid(o))",
            "= sigmoid(o) - sigmoid(o)^2",
            "= 1/4 - (sigmoid(o) - 1/2)^2",
        ),
    ),
    (
        "cannot be read",
        "The relation >= would prove nothing here.",
        (
            "exp(-o) / (1 + exp(-o))^2",
            "= sigmoid(o)*(1 - sigmoid(o))",
            "= 1/4 - (sigmoid(o) - 1/2)^2",
            ">= 1/4",
        ),
    ),
):
    relations = [("", lines[0])] + [tuple(line.split(" ", 1)) for line in lines[1:]]
    mistaken_cell(
        "logistic_chain",
        note=note,
        hint=hint,
        caught_by="test_curvature_is_at_most_a_quarter",
        answer="logistic_chain_answer_2",
        source=f"curvature_chain = {relations!r}",
    )

for value, note, hint in (
    ("s^2/n + lam", "the quarter is missing", "Use b): what is p(1 − p) at most?"),
    ("s/(4*n) + lam", "s for its square", "‖Xv‖² is a square: ‖Xv‖ ≤ s‖v‖."),
    ("s^2/4 + lam", "no mean", "The loss is a mean over n examples."),
    ("s^2/(4*n)", "weight decay forgotten", "λ/2 ‖w‖² curves too."),
    ("s^2/(4*n) + lam/2", "half the weight decay", "Differentiate λ/2 ‖w‖² twice."),
    ("s^2/(2*n) + lam", "not equal", "p(1 − p) is at most 1/4."),
    ("s^2/(4*d) + lam", "cannot be read", "The formula holds s, n and lam."),
):
    mistaken_cell(
        "logistic_chain",
        note=note,
        hint=hint,
        caught_by="test_largest_curvature_of_the_whole_loss",
        answer="logistic_chain_answer_3",
        source=f'smoothness = "{value}"',
    )

# T3

TABLE = """
z = x[0] * w[0] + x[1] * w[1] + x[2] * w[2]
r = z - y
table = {"z": z, "r": r, "L": r**2, "r_bar": 2 * r, "z_bar": 2 * r, "y_bar": -2 * r}
table |= {f"w{k}_bar": 2 * r * x[k - 1] for k in (1, 2, 3)}
table |= {f"x{k}_bar": 2 * r * w[k - 1] for k in (1, 2, 3)}
"""

for note, hint, caught_by, slip in (
    (
        "the factor 2 is missing",
        "The derivative of the square is 2r.",
        "test_backward_through_the_square_and_the_difference",
        '{"r_bar": r}',
    ),
    (
        "the loss for its derivative",
        "That is L itself.",
        "test_backward_through_the_square_and_the_difference",
        '{"r_bar": r**2}',
    ),
    (
        "the sign at the target",
        "y stands with a minus in r.",
        "test_backward_to_the_target",
        '{"y_bar": 2 * r}',
    ),
    (
        "target minus prediction",
        "The table has r = z − y, in this order.",
        "test_forward_lines",
        '{"r": y - z}',
    ),
    ("half a square", "There is no ½ in this loss.", "test_forward_lines", '{"L": r**2 / 2}'),
    (
        "a line does not follow",
        "z̄ is r̄ times ∂r/∂z.",
        "test_backward_through_the_square_and_the_difference",
        '{"z_bar": -2 * r}',
    ),
    (
        "the variable for its partner",
        "The derivative of a product by one factor is the other factor.",
        "test_backward_to_the_weights",
        '{f"w{k}_bar": 2 * r * w[k - 1] for k in (1, 2, 3)}',
    ),
    (
        "the variable for its partner",
        "The derivative of a product by one factor is the other factor.",
        "test_backward_to_the_inputs",
        '{f"x{k}_bar": 2 * r * x[k - 1] for k in (1, 2, 3)}',
    ),
    (
        "the chain is broken",
        "That is ∂z by this variable; the loss needs z̄ as well.",
        "test_backward_to_the_weights",
        '{f"w{k}_bar": x[k - 1] for k in (1, 2, 3)}',
    ),
    (
        "the chain is broken",
        "That is ∂z by this variable; the loss needs z̄ as well.",
        "test_backward_to_the_inputs",
        '{f"x{k}_bar": w[k - 1] for k in (1, 2, 3)}',
    ),
    (
        "a line does not follow",
        "One line has a slip of its own.",
        "test_backward_to_the_weights",
        '{"w2_bar": 2 * r * x[1] + 1}',
    ),
    (
        "a line is left out",
        "It is still to be filled.",
        "test_backward_to_the_inputs",
        '{"x2_bar": None}',
    ),
    (
        "a line does not follow",
        "Add up the three products.",
        "test_forward_lines",
        '{"z": x[0] * w[0] + x[1] * w[1]}',
    ),
    (
        "a line is left out",
        "Zeros follow from nothing.",
        "test_forward_lines",
        '{"z": None, "r": None}',
    ),
):
    mistaken_cell(
        "backprop_table",
        note=note,
        hint=hint,
        caught_by=caught_by,
        source=f"{TABLE}table |= {slip}\n",
    )

# T4

for note, hint, caught_by, first, second in (
    (
        "not the choice",
        "F is m × n here, and G is n × k.",
        "test_order_in_the_layout_of_the_first_slide",
        ("GF", "transpose"),
        ("GF", "columns"),
    ),
    (
        "not the choice",
        "The two slides have different orders.",
        "test_order_in_the_layout_of_the_second_slide",
        ("FG", "transpose"),
        ("FG", "columns"),
    ),
    (
        "not the choice",
        "The orders are exchanged.",
        "test_order_in_the_layout_of_the_first_slide",
        ("GF", "columns"),
        ("FG", "transpose"),
    ),
    (
        "not the choice",
        "The layouts are the same for both factors: none is transposed alone.",
        "test_order_in_the_layout_of_the_first_slide",
        ("G F^T", "transpose"),
        ("GF", "columns"),
    ),
    (
        "not the choice",
        "The layouts are the same for both factors: none is transposed alone.",
        "test_order_in_the_layout_of_the_second_slide",
        ("FG", "transpose"),
        ("F^T G", "columns"),
    ),
    (
        "not the reason",
        "True, and it decides nothing: both orders would be allowed.",
        "test_order_in_the_layout_of_the_first_slide",
        ("FG", "square"),
        ("GF", "columns"),
    ),
    (
        "not the reason",
        "True, and it decides nothing.",
        "test_order_in_the_layout_of_the_second_slide",
        ("FG", "transpose"),
        ("GF", "determinant"),
    ),
    (
        "not the reason",
        "True, and it decides nothing.",
        "test_order_in_the_layout_of_the_second_slide",
        ("FG", "transpose"),
        ("GF", "linear"),
    ),
    (
        "not the reason",
        "That is how F acts in the other layout.",
        "test_order_in_the_layout_of_the_first_slide",
        ("FG", "columns"),
        ("GF", "columns"),
    ),
    (
        "not the reason",
        "That is how F acts in the other layout.",
        "test_order_in_the_layout_of_the_second_slide",
        ("FG", "transpose"),
        ("GF", "transpose"),
    ),
    (
        "cannot be read",
        "The products on offer are named in the table.",
        "test_order_in_the_layout_of_the_first_slide",
        ("F*G", "transpose"),
        ("GF", "columns"),
    ),
):
    mistaken_cell(
        "layouts",
        note=note,
        hint=hint,
        caught_by=caught_by,
        source=f"first_slide = {first}\nsecond_slide = {second}\n",
    )

for note, hint, caught_by, F, G, v in (
    (
        "the two commute",
        "Diagonal matrices commute.",
        "test_wrong_order_has_the_wrong_value",
        "[[1, 0], [0, 2]]",
        "[[3, 0], [0, 5]]",
        "[1, 0]",
    ),
    (
        "the two commute",
        "Turns of the plane commute.",
        "test_wrong_order_has_the_wrong_value",
        "[[0, -1], [1, 0]]",
        "[[0, 2], [-2, 0]]",
        "[1, 0]",
    ),
    (
        "the two commute",
        "A matrix commutes with its own powers.",
        "test_one_direction_sees_no_difference",
        "[[1, 1], [0, 1]]",
        "[[1, 2], [0, 1]]",
        "[1, 1]",
    ),
    (
        "not 2 by 2",
        "With other shapes the wrong order is noticed.",
        "test_wrong_order_has_the_wrong_value",
        "[[1, 2, 3], [4, 5, 6]]",
        "[[1, 2], [3, 4], [5, 6]]",
        "[1, 0]",
    ),
    (
        "not blind",
        "Along your v the two products differ: solve (GF − FG) v = 0.",
        "test_one_direction_sees_no_difference",
        "[[1, 1], [0, 1]]",
        "[[1, 0], [0, 2]]",
        "[0, 1]",
    ),
    (
        "not blind",
        "The difference of these two is invertible: no direction is blind.",
        "test_one_direction_sees_no_difference",
        "[[0, 1], [0, 0]]",
        "[[0, 0], [1, 0]]",
        "[1, 0]",
    ),
    (
        "the zero vector",
        "At v = 0 every two matrices agree.",
        "test_one_direction_sees_no_difference",
        "[[1, 1], [0, 1]]",
        "[[1, 0], [0, 2]]",
        "[0, 0]",
    ),
):
    mistaken_cell(
        "layouts",
        note=note,
        hint=hint,
        caught_by=caught_by,
        answer="layouts_answer_2",
        source=f"F_example = {F}\nG_example = {G}\nblind_direction = {v}\n",
    )

for note, hint, caught_by, least, rank, last in (
    (
        "not the number",
        "Write the template out for n = 4.",
        "test_where_the_template_fails",
        5,
        "n - 1",
        "n",
    ),
    (
        "counted from 0",
        "The inputs are x_1 to x_n.",
        "test_where_the_template_fails",
        4,
        "n - 1",
        "n - 1",
    ),
    (
        "as it is printed",
        "For n > 3 there are inputs after x_3.",
        "test_where_the_template_fails",
        4,
        "n - 1",
        "3",
    ),
    (
        "the full rank",
        "Two of its rows are the same.",
        "test_rank_of_the_printed_template",
        4,
        "n",
        "n",
    ),
    (
        "only three rows counted",
        "The dots stand for rows too.",
        "test_rank_of_the_printed_template",
        4,
        "3",
        "n",
    ),
    (
        "not equal",
        "Only one row is there twice.",
        "test_rank_of_the_printed_template",
        4,
        "n - 2",
        "n",
    ),
):
    formulas = f'template_rank = "{rank}"\ntemplate_last = "{last}"\n'
    mistaken_cell(
        "layouts",
        note=note,
        hint=hint,
        caught_by=caught_by,
        answer="layouts_answer_3",
        source=f"template_fails_from = {least}\n{formulas}",
    )

# T5


@mistake(
    "convexity",
    note="the root of S missing",
    hint="G enters the product twice: with S in it, GᵀG has S².",
    caught_by="test_factor_certifies_the_logistic_loss",
)
def convexity_factor(w, X, lam):
    small = np.exp(-np.abs(X @ w))
    return np.vstack(
        [(small / (1 + small) ** 2)[:, None] * X / np.sqrt(len(X)), np.sqrt(lam) * np.eye(len(w))]
    )


@mistake(
    "convexity",
    note="p for p(1 − p)",
    hint="S holds the slopes of the sigmoid, not its values.",
    caught_by="test_factor_certifies_the_logistic_loss",
)
def convexity_factor(w, X, lam):
    p = np.exp(-np.logaddexp(0, -(X @ w)))
    return np.vstack([np.sqrt(p)[:, None] * X / np.sqrt(len(X)), np.sqrt(lam) * np.eye(len(w))])


@mistake(
    "convexity",
    note="the root of n missing",
    hint="G enters the product twice: dividing by n divides the Hessian by n².",
    caught_by="test_factor_certifies_the_logistic_loss",
)
def convexity_factor(w, X, lam):
    small = np.exp(-np.abs(X @ w))
    return np.vstack(
        [(np.sqrt(small) / (1 + small))[:, None] * X / len(X), np.sqrt(lam) * np.eye(len(w))]
    )


@mistake(
    "convexity",
    note="no mean",
    hint="The loss is a mean over the n examples.",
    caught_by="test_factor_certifies_the_logistic_loss",
)
def convexity_factor(w, X, lam):
    small = np.exp(-np.abs(X @ w))
    return np.vstack([(np.sqrt(small) / (1 + small))[:, None] * X, np.sqrt(lam) * np.eye(len(w))])


@mistake(
    "convexity",
    note="S left out",
    hint="Each example is weighted by p(1 − p).",
    caught_by="test_factor_certifies_the_logistic_loss",
)
def convexity_factor(w, X, lam):
    return np.vstack([X / np.sqrt(len(X)), np.sqrt(lam) * np.eye(len(w))])


@mistake(
    "convexity",
    note="needs a definite Hessian",
    hint="Cholesky's method fails on a singular Hessian, as with fewer examples than weights.",
    caught_by="test_factor_certifies_the_logistic_loss",
)
def convexity_factor(w, X, lam):
    small = np.exp(-np.abs(X @ w))
    H = (X.T * (small / (1 + small) ** 2)) @ X / len(X) + lam * np.eye(len(w))
    return np.linalg.cholesky(H).T


@mistake(
    "convexity",
    note="something added to the diagonal",
    hint="With something added, Cholesky's method succeeds, and GᵀG is another matrix.",
    caught_by="test_factor_certifies_the_logistic_loss",
)
def convexity_factor(w, X, lam):
    small = np.exp(-np.abs(X @ w))
    H = (X.T * (small / (1 + small) ** 2)) @ X / len(X) + lam * np.eye(len(w))
    return np.linalg.cholesky(H + 1e-6 * np.eye(len(w))).T


@mistake(
    "convexity",
    note="the Hessian itself",
    hint="GᵀG would then be the square of the Hessian.",
    caught_by="test_factor_certifies_the_logistic_loss",
)
def convexity_factor(w, X, lam):
    small = np.exp(-np.abs(X @ w))
    return (X.T * (small / (1 + small) ** 2)) @ X / len(X) + lam * np.eye(len(w))


@mistake(
    "convexity",
    note="weight decay forgotten",
    hint="λI needs rows of its own, below the others.",
    caught_by="test_factor_certifies_the_weight_decay_too",
)
def convexity_factor(w, X, lam):
    small = np.exp(-np.abs(X @ w))
    return (np.sqrt(small) / (1 + small))[:, None] * X / np.sqrt(len(X))


@mistake(
    "convexity",
    note="the root of λ missing",
    hint="The block √λ I gives λI in GᵀG; λI gives λ²I.",
    caught_by="test_factor_certifies_the_weight_decay_too",
)
def convexity_factor(w, X, lam):
    small = np.exp(-np.abs(X @ w))
    return np.vstack(
        [(np.sqrt(small) / (1 + small))[:, None] * X / np.sqrt(len(X)), lam * np.eye(len(w))]
    )


@mistake(
    "convexity",
    note="a sum of factors",
    hint="(A + B)ᵀ(A + B) is not AᵀA + BᵀB: put the blocks on top of one another.",
    caught_by="test_factor_certifies_the_weight_decay_too",
)
def convexity_factor(w, X, lam):
    small = np.exp(-np.abs(X @ w))
    top = (np.sqrt(small) / (1 + small))[:, None] * X / np.sqrt(len(X))
    return top + np.sqrt(lam) * np.eye(*X.shape)


mistaken_cell(
    "convexity",
    note="transposed",
    hint="Your factor stands on its side.",
    caught_by="test_factor_certifies_the_logistic_loss",
    source="""
    def convexity_factor(w, X, lam):
        small = np.exp(-np.abs(X @ w))
        top = (np.sqrt(small) / (1 + small))[:, None] * X / np.sqrt(len(X))
        return np.vstack([top, np.sqrt(lam) * np.eye(len(w))]).T
    """,
)

BENDS = {
    "sigmoid": "test_squared_error_of_a_sigmoid_bends_downward",
    "relu": "test_relu_network_bends_downward",
}

for note, hint, which, witness in (
    ("bends upward", "Near the target the squared error is a bowl.", "sigmoid", "([2, 0], [1, 0])"),
    (
        "bends upward",
        "At o = 0 the sigmoid is 1/2, and the loss still bends upward.",
        "sigmoid",
        "([0, 0], [1, 1])",
    ),
    (
        "flat along v",
        "Moving along your v does not change w_1 + 2 w_2.",
        "sigmoid",
        "([-2, 0], [2, -1])",
    ),
    ("the zero vector", "Along v = 0 nothing bends.", "sigmoid", "([-2, 0], [0, 0])"),
    ("cannot be read", "The weights have two entries each.", "sigmoid", "([-2], [1])"),
    ("a kink", "At w_1 = 0 there is no Hessian.", "relu", "([0, 1], [1, -1])"),
    ("flat along v", "For w_1 < 0 the unit is dead.", "relu", "([-1, 1], [1, 1])"),
    (
        "bends upward",
        "One weight alone: the logistic loss is convex in each.",
        "relu",
        "([1, 0], [0, 1])",
    ),
    (
        "bends upward",
        "The direction in which the two weights pull apart.",
        "relu",
        "([1, 0], [1, -1])",
    ),
    ("flat along v", "With w_2 = 0 nothing changes along w_1 alone.", "relu", "([1, 0], [1, 0])"),
    ("cannot be read", "nan is no number.", "relu", "([float('nan'), 0], [1, 1])"),
):
    right = {"sigmoid": "([-2, 0], [1, 0])", "relu": "([1, 0], [1, 1])"} | {which: witness}
    mistaken_cell(
        "convexity",
        note=note,
        hint=hint,
        caught_by=BENDS[which],
        answer="convexity_answer_2",
        source=f"sigmoid_witness = {right['sigmoid']}\nrelu_witness = {right['relu']}\n",
    )
