# ruff: noqa: F811  # entries of one question share the name of its function
# pyright: reportRedeclaration=false, reportUndefinedVariable=false
"""Right answers to homework 5 in other forms; each earns all points."""

import numpy as np

from tests.banks import variant, variant_cell

# P1

variant_cell(
    "scalar_engine",
    "closures that push, an order found with a stack",
    source="""
    class Value:
        def __init__(self, data, inputs=(), slopes=(), op=""):
            self.data = data
            self.inputs = tuple(inputs)
            self.slopes = tuple(slopes)
            self.op = op
            self.grad = 0
            self._push = lambda: None

        @staticmethod
        def lift(other):
            return other if isinstance(other, Value) else Value(other)

        def make(self, data, op, *pairs):
            out = Value(data, [v for v, _ in pairs], [s for _, s in pairs], op)

            def push():
                for v, s in pairs:
                    v.grad += s * out.grad

            out._push = push
            return out

        def __add__(self, other):
            other = Value.lift(other)
            return self.make(self.data + other.data, "add", (self, 1), (other, 1))

        def __radd__(self, other):
            return self + other

        def __neg__(self):
            return self.make(-self.data, "neg", (self, -1))

        def __sub__(self, other):
            return self + (-Value.lift(other))

        def __rsub__(self, other):
            return Value.lift(other) + (-self)

        def __mul__(self, other):
            other = Value.lift(other)
            return self.make(self.data * other.data, "mul", (self, other.data), (other, self.data))

        def __rmul__(self, other):
            return self * other

        def __truediv__(self, other):
            other = Value.lift(other)
            quotient = self.data / other.data
            pairs = (self, 1 / other.data), (other, -quotient / other.data)
            return self.make(quotient, "div", *pairs)

        def __rtruediv__(self, other):
            return Value.lift(other) / self

        def __pow__(self, p):
            slope = p * self.data ** (p - 1) if p != 0 else 0
            return self.make(self.data**p, "pow", (self, slope))

        def exp(self):
            y = np.exp(self.data)
            return self.make(y, "exp", (self, y))

        def log(self):
            return self.make(np.log(self.data), "log", (self, 1 / self.data))

        def tanh(self):
            y = np.tanh(self.data)
            return self.make(y, "tanh", (self, 1 / np.cosh(self.data) ** 2))

        def relu(self):
            return self.make(np.maximum(self.data, 0), "relu", (self, 1 if self.data > 0 else 0))

        def backward(self):
            order, seen, stack = [], {self}, [(self, iter(self.inputs))]
            while stack:
                value, rest = stack[-1]
                for child in rest:
                    if child not in seen:
                        seen.add(child)
                        stack.append((child, iter(child.inputs)))
                        break
                else:
                    order.append(value)
                    stack.pop()
            for value in order:
                value.grad = 0
            self.grad = 1
            while order:
                order.pop()._push()
    """,
)
variant_cell(
    "scalar_engine",
    "counts the users of each Value, and waits for all of them",
    source="""
    class Value:
        def __init__(self, data, inputs=(), slopes=(), op=""):
            self.data, self.inputs, self.slopes, self.op = float(data), inputs, slopes, op
            self.grad = 0.0

        def __add__(self, other):
            if not isinstance(other, Value):
                return Value(self.data + other, (self,), (1,), f"+{other}")
            return Value(self.data + other.data, (self, other), (1, 1), "+")

        def __mul__(self, other):
            if not isinstance(other, Value):
                return Value(self.data * other, (self,), (other,), f"*{other}")
            return Value(self.data * other.data, (self, other), (other.data, self.data), "*")

        def __pow__(self, p):
            return Value(self.data**p, (self,), (p * self.data**p / self.data,), "**")

        __radd__, __rmul__ = __add__, __mul__
        __neg__ = lambda self: -1 * self
        __sub__ = lambda self, other: self + -1 * other
        __rsub__ = lambda self, other: other + -1 * self
        __truediv__ = lambda self, other: self * (other**-1)
        __rtruediv__ = lambda self, other: other * self**-1
        exp = lambda self: Value(math.exp(self.data), (self,), (math.exp(self.data),), "exp")
        log = lambda self: Value(math.log(self.data), (self,), (1 / self.data,), "log")

        def tanh(self):
            e = math.exp(2 * self.data)
            return Value((e - 1) / (e + 1), (self,), (4 * e / (e + 1) ** 2,), "tanh")

        def relu(self):
            return self * (self.data > 0)

        def backward(self):
            users, stack = {self: 0}, [self]
            while stack:
                for child in stack.pop().inputs:
                    if child not in users:
                        users[child] = 0
                        stack.append(child)
                    users[child] += 1
            for value in users:
                value.grad = 0.0
            self.grad, ready = 1.0, [self]
            while ready:
                value = ready.pop()
                for child, slope in zip(value.inputs, value.slopes):
                    child.grad += slope * value.grad
                    users[child] -= 1
                    if users[child] == 0:
                        ready.append(child)
    """,
)
variant_cell(
    "scalar_engine",
    "numbers each Value when it is made, and walks down the numbers; torch for the functions",
    source="""
    import itertools

    class Value:
        counter = itertools.count()

        def __init__(self, data, inputs=(), slopes=(), op=""):
            self.data = float(data)
            self.inputs = tuple(inputs)
            self.slopes = tuple(slopes)
            self.op = op
            self.grad = 0.0
            self.number = next(Value.counter)

        def apply(self, f, *others):
            inputs = [self] + [o if isinstance(o, Value) else Value(o) for o in others]
            at = [torch.tensor(v.data, dtype=torch.float64, requires_grad=True) for v in inputs]
            y = f(*at)
            slopes = torch.autograd.grad(y, at)
            return Value(y.item(), inputs, [s.item() for s in slopes], "f")

        def __add__(self, other): return self.apply(torch.add, other)
        def __sub__(self, other): return self.apply(torch.sub, other)
        def __mul__(self, other): return self.apply(torch.mul, other)
        def __truediv__(self, other): return self.apply(torch.div, other)
        def __neg__(self): return self.apply(torch.neg)
        def __radd__(self, other): return Value(other) + self
        def __rsub__(self, other): return Value(other) - self
        def __rmul__(self, other): return Value(other) * self
        def __rtruediv__(self, other): return Value(other) / self
        def __pow__(self, p): return self.apply(lambda t: t**p)
        def exp(self): return self.apply(torch.exp)
        def log(self): return self.apply(torch.log)
        def tanh(self): return self.apply(torch.tanh)
        def relu(self): return self.apply(torch.relu)

        def backward(self):
            below, stack = {self.number: self}, [self]
            while stack:
                for child in stack.pop().inputs:
                    if child.number not in below:
                        below[child.number] = child
                        stack.append(child)
            for v in below.values():
                v.grad = 0.0
            self.grad = 1.0
            for number in sorted(below, reverse=True):
                v = below[number]
                for child, slope in zip(v.inputs, v.slopes):
                    child.grad += v.grad * slope
    """,
)
variant_cell(
    "scalar_engine",
    "each result knows how to push to its inputs, which stand in a set, as in micrograd",
    source="""
    class Value:
        def __init__(self, data, inputs=(), slopes=(), op=""):
            self.data = float(data)
            self.inputs = tuple(inputs)
            self.slopes = tuple(slopes)
            self.op = op
            self.grad = 0.0
            self._backward = lambda: None
            self._prev = set(inputs)

        def __add__(self, other):
            other = other if isinstance(other, Value) else Value(other)
            out = Value(self.data + other.data, (self, other), op="+")
            def _backward():
                self.grad += out.grad
                other.grad += out.grad
            out._backward = _backward
            return out

        def __mul__(self, other):
            other = other if isinstance(other, Value) else Value(other)
            out = Value(self.data * other.data, (self, other), op="*")
            def _backward():
                self.grad += other.data * out.grad
                other.grad += self.data * out.grad
            out._backward = _backward
            return out

        def __pow__(self, other):
            assert isinstance(other, (int, float))
            out = Value(self.data**other, (self,), op=f"**{other}")
            def _backward():
                self.grad += (other * self.data**(other-1)) * out.grad
            out._backward = _backward
            return out

        def relu(self):
            out = Value(0 if self.data < 0 else self.data, (self,), op="ReLU")
            def _backward():
                self.grad += (out.data > 0) * out.grad
            out._backward = _backward
            return out

        def _unary(self, value, slope, op):
            out = Value(value, (self,), (slope,), op)
            def _backward():
                self.grad += slope * out.grad
            out._backward = _backward
            return out

        def exp(self):
            return self._unary(math.exp(self.data), math.exp(self.data), "exp")
        def log(self):
            return self._unary(math.log(self.data), 1 / self.data, "log")
        def tanh(self):
            t = math.tanh(self.data)
            return self._unary(t, 1 - t**2, "tanh")

        def backward(self):
            topo, visited = [], set()
            def build_topo(v):
                if v not in visited:
                    visited.add(v)
                    for child in v._prev:
                        build_topo(child)
                    topo.append(v)
            build_topo(self)
            for v in topo:
                v.grad = 0
            self.grad = 1
            for v in reversed(topo):
                v._backward()

        def __neg__(self): return self * -1
        def __radd__(self, other): return self + other
        def __sub__(self, other): return self + (-other)
        def __rsub__(self, other): return other + (-self)
        def __rmul__(self, other): return self * other
        def __truediv__(self, other): return self * other**-1
        def __rtruediv__(self, other): return other * self**-1
    """,
)

# P2


@variant("topo_sort", "counts the users that are still missing, with a queue")
def topo_sort(graph, root):
    users, below = {root: []}, [root]
    for node in below:
        for child in graph[node]:
            if child not in users:
                users[child] = []
                below.append(child)
            users[child].append(node)
    missing = {node: len(graph[node]) for node in below}
    order = [node for node in below if missing[node] == 0]
    for node in order:
        for user in users[node]:
            missing[user] -= 1
            if missing[user] == 0:
                order.append(user)
    if len(order) < len(below):
        raise ValueError("there is a cycle")
    return order


@variant("topo_sort", "takes off users first, and turns the list round")
def topo_sort(graph, root):
    uses, stack = {root: 0}, [root]
    while stack:
        for child in graph[stack.pop()]:
            if child not in uses:
                uses[child] = 0
                stack.append(child)
            uses[child] += 1
    if uses[root]:
        raise ValueError(root)
    order, ready = [], [root]
    while ready:
        node = ready.pop()
        order.append(node)
        for child in graph[node]:
            uses[child] -= 1
            if not uses[child]:
                ready.append(child)
    if len(order) != len(uses):
        raise ValueError("a node depends on itself")
    return list(reversed(order))


@variant("topo_sort", "a stack with marks, inputs from right to left, a tuple")
def topo_sort(graph, root):
    done, path, order, stack = set(), set(), [], [(False, root)]
    while stack:
        leaving, node = stack.pop()
        if leaving:
            path.remove(node)
            done.add(node)
            order.append(node)
        elif node in path:
            raise ValueError(f"cycle at {node}")
        elif node not in done:
            path.add(node)
            stack.append((True, node))
            for child in graph[node]:
                if child in path:
                    raise ValueError(f"cycle at {child}")
                if child not in done:
                    stack.append((False, child))
    return tuple(order)


@variant("topo_sort", "the standard library's")
def topo_sort(graph, root):
    from graphlib import TopologicalSorter  # noqa: PLC0415  # an answer cell stands alone

    needed, stack = {}, [root]
    while stack:
        node = stack.pop()
        if node not in needed:
            needed[node] = graph[node]
            stack.extend(graph[node])
    return list(TopologicalSorter(needed).static_order())  # its CycleError is a ValueError


# P3

variant_cell(
    "array_rules",
    "einsum, axis by axis",
    source="""
    def unbroadcast(G, shape):
        while np.ndim(G) > len(shape):
            G = np.sum(G, axis=0)
        for axis in range(len(shape)):
            if shape[axis] == 1:
                G = np.sum(G, axis=axis, keepdims=True)
        return G

    def multiply_vjp(G, A, B):
        return [unbroadcast(np.multiply(G, B), A.shape), unbroadcast(np.multiply(G, A), B.shape)]

    def matmul_vjp(G, A, B):
        A_bar = np.einsum("...ij,...kj->...ik", G, B)
        B_bar = np.einsum("...ij,...ik->...jk", A, G)
        return [unbroadcast(A_bar, A.shape), unbroadcast(B_bar, B.shape)]

    def sum_vjp(G, A, axis, keepdims):
        axes = range(A.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
        if not keepdims:
            for k in sorted(k % A.ndim for k in axes):
                G = np.expand_dims(G, k)
        return G + np.zeros_like(A)
    """,
)
variant_cell(
    "array_rules",
    "torch.autograd inside",
    source="""
    def by_torch(f, G, *arrays):
        tensors = [torch.tensor(np.array(X, dtype=float), requires_grad=True) for X in arrays]
        f(*tensors).backward(torch.tensor(np.array(G, dtype=float)))
        return tuple(t.grad.numpy() for t in tensors)

    def unbroadcast(G, shape):
        return by_torch(lambda t: t.expand(np.shape(G)), G, np.zeros(shape))[0]

    def multiply_vjp(G, A, B):
        return by_torch(torch.mul, G, A, B)

    def matmul_vjp(G, A, B):
        return by_torch(torch.matmul, G, A, B)

    def sum_vjp(G, A, axis, keepdims):
        if axis == ():
            return np.array(G)
        axes = tuple(range(A.ndim)) if axis is None else axis
        return by_torch(lambda t: t.sum(axes, keepdim=keepdims), G, A)[0]
    """,
)
variant_cell(
    "array_rules",
    "places counted, and the sum's rule from the copies' rule",
    source="""
    def unbroadcast(G, shape):
        G = np.asarray(G, dtype=float)
        where = np.broadcast_to(np.arange(math.prod(shape)).reshape(shape), G.shape)
        result = np.zeros(math.prod(shape))
        np.add.at(result, where.ravel(), G.ravel())
        return result.reshape(shape)

    def multiply_vjp(G, A, B):
        gradient = lambda X, Y: unbroadcast(G * Y, np.shape(X))
        return gradient(A, B), gradient(B, A)

    def matmul_vjp(G, A, B):
        transposed = lambda X: np.moveaxis(X, -1, -2)
        return unbroadcast(G @ transposed(B), A.shape), unbroadcast(transposed(A) @ G, B.shape)

    def sum_vjp(G, A, axis, keepdims):
        shape = A.sum(axis=axis, keepdims=True).shape
        return np.ones_like(A) * np.asarray(G).reshape(shape)
    """,
)

# P4

variant_cell(
    "recording",
    "a flag for recording, pushes from a closure, a counter object",
    source="""
    class no_grad:
        recording = True

        def __enter__(self):
            self.before = no_grad.recording
            no_grad.recording = False
            return self

        def __exit__(self, kind, error, trace):
            no_grad.recording = self.before
            return False

    class Version:
        number = 0

    class Tensor(Arithmetic):
        def __init__(self, data, requires_grad=False):
            self.data = np.array(data, dtype=float)
            self.requires_grad = requires_grad
            self.grad = None
            self.inputs = ()
            self.version = Version()
            self.rule = None
            self.saved = []

        def record(self, value, inputs, rule, reads=()):
            out = Tensor(value)
            out.requires_grad = no_grad.recording and any(t.requires_grad for t in inputs)
            if out.requires_grad:
                out.inputs, out.rule = inputs, rule
                out.saved = [(t.version, t.version.number) for t in reads]
            return out

        def backward(self):
            if not self.requires_grad:
                raise RuntimeError("no gradient")
            users, stack = {self: 0}, [self]
            while stack:
                for child in stack.pop().inputs:
                    if child not in users:
                        users[child] = 0
                        stack.append(child)
                    users[child] += 1
            share, ready = {self: np.ones(self.data.shape)}, [self]
            while ready:
                t = ready.pop()
                G = share.pop(t)
                if t.rule is None:
                    if t.requires_grad:
                        t.grad = G + (0 if t.grad is None else t.grad)
                    continue
                for version, number in t.saved:
                    if version.number > number:
                        raise RuntimeError("changed in place")
                for child, part in zip(t.inputs, t.rule(G)):
                    share[child] = share[child] + part if child in share else np.array(part)
                    users[child] -= 1
                    if not users[child]:
                        ready.append(child)

        def detach(self):
            out = Tensor([])
            out.data, out.version = self.data, self.version
            return out

        def zero_grad(self):
            self.grad = np.zeros_like(self.data)

        def add_(self, change):
            if no_grad.recording and self.requires_grad:
                raise RuntimeError("in place")
            np.add(self.data, change, out=self.data)
            self.version.number += 1
            return self
    """,
)
variant_cell(
    "recording",
    "contextlib, versions kept by memory, only the inputs that ask are kept",
    source="""
    import contextlib
    import weakref

    recording = [True]

    @contextlib.contextmanager
    def no_grad():
        recording.append(False)
        try:
            yield
        finally:
            recording.pop()

    class Tensor(Arithmetic):
        def __init__(self, data, requires_grad=False):
            self.data = np.array(data, dtype=float)
            self.requires_grad = requires_grad
            self.grad = None
            self.inputs = ()
            self.changes = []

        def record(self, value, inputs, rule, reads=()):
            out = Tensor(value)
            asking = [k for k, t in enumerate(inputs) if t.requires_grad]
            if recording[-1] and asking:
                out.requires_grad = True
                out.inputs = tuple(inputs[k] for k in asking)
                out.rule = lambda G: [rule(G)[k] for k in asking]
                out.saved = [(t.changes, len(t.changes)) for t in reads]
            return out

        def backward(self):
            if not self.requires_grad:
                raise RuntimeError("a constant")
            order, seen = [], set()

            def visit(t):
                if id(t) not in seen:
                    seen.add(id(t))
                    for child in t.inputs:
                        visit(child)
                    order.append(t)

            visit(self)
            for t in order:
                for changes, count in getattr(t, "saved", ()):
                    if len(changes) != count:
                        raise RuntimeError("a number was changed in place")
            total = {id(self): np.ones_like(self.data)}
            for t in order[::-1]:
                G = total[id(t)]
                if not t.inputs:
                    t.grad = G * 1.0 if t.grad is None else t.grad + G
                    continue
                for child, share in zip(t.inputs, t.rule(G)):
                    total[id(child)] = total.get(id(child), 0) + share

        def detach(self):
            out = Tensor(0)
            out.data = self.data
            out.changes = self.changes
            return out

        def zero_grad(self):
            self.grad = None

        def add_(self, change):
            if recording[-1] and self.requires_grad:
                raise RuntimeError("use no_grad")
            self.data[...] = self.data + change
            self.changes.append("add_")
            return self
    """,
)
variant_cell(
    "recording",
    "made without the constructor, a version by the address of the memory",
    source="""
    class no_grad:
        open = []

        def __enter__(self):
            no_grad.open.append(self)

        def __exit__(self, *_):
            no_grad.open.remove(self)

    VERSIONS = {}

    class Tensor(Arithmetic):
        def __init__(self, data, requires_grad=False):
            self.data = np.array(data, dtype=float)
            self.requires_grad = requires_grad
            self.grad = None
            self.inputs = ()
            self.rule = None
            self.reads = ()

        def address(self):
            return self.data.__array_interface__["data"][0]

        def version(self):
            return VERSIONS.get(self.address(), 0)

        def record(self, value, inputs, rule, reads=()):
            out = Tensor(value)
            if not no_grad.open and True in [t.requires_grad for t in inputs]:
                out.requires_grad, out.inputs, out.rule = True, tuple(inputs), rule
                out.reads = tuple((t, t.version()) for t in reads)
            return out

        def backward(self):
            if self.requires_grad is False:
                raise RuntimeError("does not require a gradient")
            pending, stack = {}, [self]
            while stack:
                t = stack.pop()
                for child in t.inputs:
                    if child.requires_grad:
                        if child not in pending:
                            stack.append(child)
                        pending.setdefault(child, []).append(t)
            gradients, ready = {self: [np.ones_like(self.data)]}, [self]
            while ready:
                t = ready.pop()
                G = sum(gradients.pop(t))
                if t.rule is None:
                    t.grad = G if t.grad is None else t.grad + G
                    continue
                if any(read.version() != version for read, version in t.reads):
                    raise RuntimeError("modified by an inplace operation")
                for child, share in zip(t.inputs, t.rule(G)):
                    if child.requires_grad:
                        gradients.setdefault(child, []).append(share + 0.0)
                        pending[child].remove(t)
                        if not pending[child]:
                            ready.append(child)

        def detach(self):
            out = Tensor.__new__(Tensor)
            out.__dict__.update(self.__dict__, requires_grad=False, grad=None, inputs=())
            out.__dict__.update(rule=None, reads=())
            return out

        def zero_grad(self):
            self.grad = None

        def add_(self, change):
            if self.requires_grad and not no_grad.open:
                raise RuntimeError("leaf Variable that requires grad is used in-place")
            self.data += change
            VERSIONS[self.address()] = self.version() + 1
            return self
    """,
)

# P5


@variant("gradcheck", "the whole Jacobian, with a tolerance by its size")
def gradcheck(f, vjp, shape):
    rng = np.random.default_rng(7)
    x = rng.uniform(-2, 2, size=shape)
    n, m = x.size, np.size(f(x))
    J = np.zeros((m, n))
    for j in range(n):
        e = np.zeros(n)
        e[j] = 1e-5
        e = e.reshape(shape)
        J[:, j] = np.ravel((f(x + e) - f(x - e)) / 2e-5)
    for i in range(m):
        u = np.zeros(m)
        u[i] = 1.0
        row = vjp(x, u.reshape(np.shape(f(x))))
        if np.shape(row) != tuple(shape):
            return False
        if not np.abs(np.ravel(row) - J[i]).max() <= 1e-6 * np.abs(J).max():
            return False
    return True


@variant("gradcheck", "random directions at several points")
def gradcheck(f, vjp, shape):
    rng = np.random.default_rng(1)
    for _ in range(12):
        x = 2 * rng.normal(size=shape)
        u = rng.normal(size=np.shape(f(x)))
        v = rng.normal(size=shape)
        gradient = np.array(vjp(x, u))
        if gradient.shape != x.shape:
            return np.False_
        h = 1e-5
        slope = np.sum(u * (f(x + h * v) - f(x - h * v))) / (2 * h)
        terms = np.abs(gradient * v).sum() + abs(slope)
        if not abs(np.sum(gradient * v) - slope) <= 1e-5 * terms:
            return np.False_
    return np.True_


@variant("gradcheck", "fourth-order differences and assertions")
def gradcheck(f, vjp, shape):
    rng = np.random.RandomState(3)
    for size in (0.7, 2.5):
        x = size * rng.randn(*shape)
        u = rng.rand(*np.shape(f(x))) + 0.5

        def loss(t, u=u):
            return float((u * f(t)).sum())

        numeric = np.zeros(shape)
        h = 1e-4
        for k in np.ndindex(*shape):
            e = np.zeros(shape)
            e[k] = h
            numeric[k] = 8 * (loss(x + e) - loss(x - e)) - (loss(x + 2 * e) - loss(x - 2 * e))
        numeric = numeric / (12 * h)
        analytic = vjp(x, u)
        assert analytic.shape == numeric.shape
        error = np.linalg.norm(analytic - numeric)
        assert error <= 1e-6 * (np.linalg.norm(analytic) + np.linalg.norm(numeric))
    return True


# T1

variant_cell(
    "tape",
    "SymPy and NumPy numbers",
    source="""
    t = sp.symbols("t1:4")
    y = (t[0] * t[1] + t[2]) * t[0] * t[1] - t[1] ** 2
    at = dict(zip(t, (x1, x2, x3)))
    slopes = [sp.diff(y, k).subs(at) for k in t]
    v1, v4 = np.int64(x1 * x2), x2 * x2
    v2 = v1 + x3
    dv1 = np.dot([x2, x1], [dx1, dx2])
    dv4 = sp.Integer(2) * x2 * dx2
    dv2 = dv1 + dx3
    dv3 = v2 * dv1 + v1 * dv2
    tape = {
        "v1": v1, "v2": v2, "v3": v1 * v2, "v4": v4, "y": y.subs(at),
        "dv1": dv1, "dv2": dv2, "dv3": dv3, "dv4": dv4,
        "dy": slopes[0] * dx1 + slopes[1] * dx2 + slopes[2] * dx3,
        "bar_v4": -1.0, "bar_v3": Fraction(1), "bar_v2": v1, "bar_v1": v1 + v2,
        "bar_x3": slopes[2], "bar_x2": slopes[1], "bar_x1": slopes[0],
    }
    """,
)
variant_cell(
    "tape",
    "filled entry by entry, with more entries than asked",
    source="""
    tape = {"ybar": 1, "bar_y": 1}
    tape["v1"] = x1 * x2
    tape["v2"] = tape["v1"] + x3
    tape["v3"] = tape["v1"] * tape["v2"]
    tape["v4"] = x2**2
    tape["y"] = tape["v3"] - tape["v4"]
    tape["dv1"] = x1 * dx2 + x2 * dx1
    tape["dv2"] = tape["dv1"] + dx3
    tape["dv3"] = tape["v1"] * tape["dv2"] + tape["v2"] * tape["dv1"]
    tape["dv4"] = 2 * x2 * dx2
    tape["dy"] = tape["dv3"] - tape["dv4"]
    bar = dict.fromkeys("x1 x2 x3 v1 v2 v3 v4".split(), 0)
    bar["v3"] += 1
    bar["v4"] -= 1
    bar["x2"] += bar["v4"] * 2 * x2
    bar["v1"] += bar["v3"] * tape["v2"]
    bar["v2"] += bar["v3"] * tape["v1"]
    bar["v1"] += bar["v2"]
    bar["x3"] += bar["v2"]
    bar["x1"] += bar["v1"] * x2
    bar["x2"] += bar["v1"] * x1
    tape |= {f"bar_{name}": value for name, value in bar.items()}
    """,
)
variant_cell(
    "tape",
    "torch does the walk",
    source="""
    x = [torch.tensor(float(k), requires_grad=True) for k in (x1, x2, x3)]
    v1 = x[0] * x[1]
    v2 = v1 + x[2]
    v3 = v1 * v2
    v4 = x[1] ** 2
    y = v3 - v4
    names = ["v4", "v3", "v2", "v1", "x3", "x2", "x1"]
    bars = torch.autograd.grad(y, [v4, v3, v2, v1, x[2], x[1], x[0]])
    tape = {f"bar_{name}": bar.item() for name, bar in zip(names, bars)}
    tape |= {"v1": v1.item(), "v2": v2.item(), "v3": v3.item(), "v4": v4.item(), "y": y.item()}
    d1 = dx1 * x2 + dx2 * x1
    d3 = d1 * v2.item() + v1.item() * (d1 + dx3)
    d4 = 2 * x2 * dx2
    tape |= {"dv1": d1, "dv2": d1 + dx3, "dv3": d3, "dv4": d4, "dy": d3 - d4}
    """,
)

# T2

variant_cell(
    "passes",
    "typed formulas",
    source="""
    jacobian_passes = "min(n, m)"
    batch_passes = "min(m, n)"
    hessian_passes = "n"
    tape_numbers = "B*d*L"
    checkpoint_numbers = "B*d*(L/k) + B*d*(k - 1)"
    best_k = "sqrt(L)"
    """,
)
variant_cell(
    "passes",
    "other forms, symbols without assumptions",
    source="""
    n, m, B, d, L, k = sp.symbols("n m B d L k")
    jacobian_passes = (n + m - sp.Abs(n - m)) / 2
    batch_passes = sp.Piecewise((n, n <= m), (m, True))
    hessian_passes = n
    tape_numbers = sp.Mul(B, d, L)
    checkpoint_numbers = sp.expand(B * d * (L / k + k - 1))
    best_k = L ** sp.Rational(1, 2)
    """,
)
variant_cell(
    "passes",
    "functions",
    source="""
    def jacobian_passes(n, m):
        return min(n, m)

    def batch_passes(B, n, m):
        return min(n, m)

    def hessian_passes(n):
        return n

    def tape_numbers(B, d, L):
        return sum(B * d for _ in range(L))

    def checkpoint_numbers(B, d, L, k):
        return B * d * (L // k + k - 1)

    def best_k(L):
        return sp.sqrt(L)
    """,
)
variant_cell(
    "passes",
    "compared by hand, lists for pairs, SymPy and NumPy numbers",
    answer="passes_answer_2",
    source="""
    d0, d1, d2, d3, d4 = (np.int64(size) for size in sizes)
    forward_cost = sp.Integer(int(d0 * (d1 * d2 + d2 * d3 + d3 * d4)))
    reverse_cost = float(d4 * (d3 * d2 + d2 * d1 + d1 * d0))
    costs = {
        int(forward_cost): [4, [3, [2, 1]]],
        int(reverse_cost): [[[4, 3], 2], 1],
        int(d4 * d3 * d2 + d2 * d1 * d0 + d4 * d2 * d0): [[4, 3], [2, 1]],
        int(d3 * d2 * d1 + d4 * d3 * d1 + d4 * d1 * d0): [[4, [3, 2]], 1],
        int(d3 * d2 * d1 + d3 * d1 * d0 + d4 * d3 * d0): [4, [[3, 2], 1]],
    }
    cheapest_cost = min(costs)
    cheapest_order = costs[cheapest_cost]
    """,
)

# T3

variant_cell(
    "dual",
    "typed formulas",
    source="""
    dual_product = "a*db + b*da"
    dual_product_value = "a*b"
    dual_quotient = "da/b - a*db/b^2"
    dual_root = "da/(2*sqrt(a))"
    nested_product = "u0*v12 + u1*v2 + u2*v1 + u12*v0"
    nested_root = "-1/(4*sqrt(x)^3)"
    taylor_root = "-x**(-3/2)/8"
    """,
)
variant_cell(
    "dual",
    "computed by SymPy, with an ε that is cut off",
    source="""
    e, f, t = sp.symbols("e f t")
    a, da, b, db, x = sp.symbols("a da b db x", positive=True)
    u = sp.symbols("u0 u1 u2 u12")
    v = sp.symbols("v0 v1 v2 v12")
    behind = lambda expression: sp.diff(expression, e).subs(e, 0)
    dual_product = behind((a + da * e) * (b + db * e))
    dual_product_value = ((a + da * e) * (b + db * e)).subs(e, 0)
    dual_quotient = sp.together(behind((a + da * e) / (b + db * e)))
    dual_root = behind(sp.sqrt(a + da * e))
    nested = lambda w: w[0] + w[1] * e + w[2] * f + w[3] * e * f
    nested_product = sp.expand(nested(u) * nested(v)).coeff(e, 1).coeff(f, 1)
    nested_root = sp.diff(sp.sqrt(x + e + f), e, f).subs({e: 0, f: 0})
    taylor_root = sp.diff(sp.sqrt(x), x, 2) / sp.factorial(2)
    """,
)
variant_cell(
    "dual",
    "logarithmic forms and powers",
    source="""
    a, da, b, db, x = sp.symbols("a da b db x")
    u0, u1, u2, u12, v0, v1, v2, v12 = sp.symbols("u0 u1 u2 u12 v0 v1 v2 v12")
    dual_product = a * b * (da / a + db / b)
    dual_product_value = b * a
    dual_quotient = a / b * (da / a - db / b)
    dual_root = 0.5 * da * a**-0.5
    nested_product = sp.Matrix([[u0, u1, u2, u12]]).dot(sp.Matrix([v12, v2, v1, v0]))
    nested_root = -sp.sqrt(x) / (2 * x) ** 2
    taylor_root = -sp.exp(-3 * sp.log(x) / 2) / 8
    """,
)

# T4

variant_cell(
    "lying",
    "max with itself, lists for lines, a point that is a fraction",
    source="""
    lying_program = [
        ["z", "sub", "x", Fraction(1, 2)],
        ["m", "max", "z", 0],
        ["n", "neg", "z"],
        ["o", "max", "n", 0],
        ["a", "add", "m", "o"],
        ["b", "abs", "z"],
        ["c", "sub", "a", "b"],
        ["h", "relu", "z"],
        ["i", "relu", "n"],
        ["j", "sub", "h", "i"],
        ["k", "add", "c", "j"],
    ]
    lying_point = sp.Rational(1, 2)
    told_slope, true_slope = 0.0, sp.Integer(1)
    any_program = [
        ("n", "neg", "x"), ("p", "relu", "x"), ("q", "relu", "n"), ("i", "sub", "p", "q"),
        ("d", "sub", "x", "i"), ("e", "mul", "d", s), ("y", "add", "i", "e"),
    ]
    """,
)
variant_cell(
    "lying",
    "x² by |x| and relu, with the wrong slope elsewhere",
    source="""
    lying_program = (
        ("t", "add", "x", 3), ("p", "relu", "t"), ("n", "neg", "t"), ("m", "relu", "n"),
        ("i", "sub", "p", "m"), ("u", "mul", "i", 5), ("w", "mul", "t", "t"),
        ("y", "add", "u", "w"),
    )
    lying_point = -3
    told_slope = run(lying_program, -3)[1]
    true_slope = 5
    lines = [("l0", "mul", "x", 1)]
    lines += [("n", "neg", "x"), ("p", "relu", "x"), ("q", "relu", "n"), ("g", "sub", "x", "p")]
    lines += [("gap", "add", "g", "q")]
    for k in range(s - 1):
        lines.append((f"l{k + 1}", "add", f"l{k}", "gap"))
    any_program = lines
    """,
)
variant_cell(
    "lying",
    "zero written with a kink",
    source="""
    lying_program = [
        ("a", "abs", "x"), ("p", "relu", "x"), ("n", "neg", "x"), ("m", "max", "x", "n"),
        ("c", "mul", "p", 2), ("d", "sub", "c", "a"), ("e", "sub", "d", 0.5),
        ("f", "sub", "d", "x"),
        ("y", "mul", "f", 4), ("z", "add", "y", "e"),
    ]
    lying_point = 0
    told_slope, true_slope = run(lying_program, 0)[1], 1
    any_program = [
        ("a", "abs", "x"), ("n", "neg", "x"), ("m", "relu", "n"), ("m2", "mul", "m", 2),
        ("zero", "sub", "a", "x"), ("zero2", "sub", "zero", "m2"), ("w", "mul", "zero2", 1 - s),
        ("y", "add", "x", "w"),
    ]
    """,
)
variant_cell(
    "lying",
    "max of x and -x, and a float for the point",
    source="""
    lying_program = [
        ("n", "neg", "x"), ("a", "max", "x", "n"), ("r", "relu", "n"), ("t", "mul", "r", 2),
        ("y", "sub", "a", "t"),
    ]
    lying_point = 0.0
    told_slope, true_slope = run(lying_program, lying_point)[1], 1.0
    any_program = [
        ("a", "abs", "x"), ("r", "relu", "x"), ("d", "add", "r", "r"), ("i", "sub", "d", "a"),
        ("g", "sub", "x", "i"), ("h", "mul", "g", s - 1), ("y", "add", "x", "h"),
    ]
    """,
)

# T5

variant_cell(
    "reverse_proof",
    "the base case just before the end, the chain rule first, small letters",
    source='reverse_proof = list("jdgabflme".replace("fl", "fml").replace("lme", "le"))\n'
    'creation_order = ["I", " two "]',
)
variant_cell(
    "reverse_proof",
    "another order of what does not rest on one another",
    source='reverse_proof = tuple("BDGAFJLME")\ncreation_order = ["i", "two"]',
)
variant_cell(
    "reverse_proof",
    "the supposition only where it is used",
    source='reverse_proof = ["D", "G", "A", "J", "L", "B", "F", "M", "E"]\n'
    'creation_order = ("i", "TWO")',
)
