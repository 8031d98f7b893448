# ruff: noqa: F811  # entries of one question share the name of its function
# pyright: reportRedeclaration=false, reportReturnType=false
"""Known wrong answers to homework 5; each loses points, and is told its note."""

import dataclasses

import numpy as np

from autograder.grading.mistakes import Mistake, mistake, mistaken_cell

MISTAKES: list[Mistake] = []


def altered(text, *changes):
    """A right answer with parts of it replaced: a pair of old and new text each."""
    for old, new in changes:
        if old not in text:
            raise ValueError(f"the right answer does not hold {old!r}")
        text = text.replace(old, new)
    return text


def wrong_edit(cell, text, name, note, hint, caught_by, *changes, by_behaviour=True):
    """Keeps a right answer with parts replaced, and what its function of this name then does."""
    source = altered(text, *changes)
    mistaken_cell(cell, note=note, hint=hint, caught_by=caught_by, source=source)
    if by_behaviour:
        names = {"np": np}
        exec(source, names)  # noqa: S102  # a text of this file
        MISTAKES[-1] = dataclasses.replace(MISTAKES[-1], function=names[name])


# P1

ENGINE = '''
class Value:
    """A number that remembers from which Values it was computed, and with which local slopes."""

    def __init__(self, data, inputs=(), slopes=(), op=""):
        self.data = float(data)
        self.inputs = tuple(inputs)  # the Values that it was computed from
        self.slopes = tuple(slopes)  # for each input, the derivative of this Value by it
        self.op = op
        self.grad = 0.0

    def __add__(self, other):
        other = as_value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0), "+")

    def __mul__(self, other):
        other = as_value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data), "×")

    def __pow__(self, p):
        slope = p * self.data ** (p - 1) if p else 0.0
        return Value(self.data**p, (self,), (slope,), f"^{p}")

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -as_value(other)

    def __truediv__(self, other):
        return self * as_value(other) ** -1

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        return as_value(other) - self

    def __rtruediv__(self, other):
        return as_value(other) / self

    def exp(self):
        y = math.exp(self.data)
        return Value(y, (self,), (y,), "exp")

    def log(self):
        return Value(math.log(self.data), (self,), (1 / self.data,), "log")

    def tanh(self):
        y = math.tanh(self.data)
        return Value(y, (self,), (1 - y * y,), "tanh")

    def relu(self):
        return Value(max(self.data, 0.0), (self,), (float(self.data > 0),), "relu")

    def backward(self):
        """Set the grad of every Value below this one to the derivative of this one by it."""
        order, seen = [], set()

        def visit(value):
            if id(value) not in seen:
                seen.add(id(value))
                for child in value.inputs:
                    visit(child)
                order.append(value)  # after everything that it was computed from

        visit(self)
        for value in order:
            value.grad = 0.0
        self.grad = 1.0
        for value in reversed(order):  # every user of a value comes before it
            for child, slope in zip(value.inputs, value.slopes, strict=True):
                child.grad += slope * value.grad


def as_value(number):
    return number if isinstance(number, Value) else Value(number)
'''


def wrong_engine(note, hint, caught_by, *changes):
    source = altered(ENGINE, *changes)
    mistaken_cell("scalar_engine", note=note, hint=hint, caught_by=caught_by, source=source)


wrong_engine(
    "a share overwrites the other",
    "A Value that is used twice gets a share from each use: shares are added.",
    "test_each_use_of_a_value_gives_a_share",
    ("child.grad += slope * value.grad", "child.grad = slope * value.grad"),
)
wrong_engine(
    "passed on too early",
    "A Value may pass its gradient on only when all its users have given their share.",
    "test_a_value_waits_for_all_its_users",
    (
        """                for child in value.inputs:
                    visit(child)
                order.append(value)  # after everything that it was computed from
""",
        """                order.insert(0, value)
                for child in value.inputs:
                    visit(child)
""",
    ),
)
wrong_engine(
    "passed on too early",
    "The number of steps from the result says nothing: a near user may also be a far one.",
    "test_a_value_waits_for_all_its_users",
    (
        "        visit(self)\n",
        """        waiting = [self]
        while waiting:
            value = waiting.pop(0)
            if id(value) not in seen:
                seen.add(id(value))
                order.insert(0, value)
                waiting.extend(value.inputs)
""",
    ),
)
wrong_engine(
    "every path walked",
    "A Value that is used twice is walked through once, when it has both shares.",
    "test_time_does_not_grow_with_the_number_of_paths",
    (
        """        for value in reversed(order):  # every user of a value comes before it
            for child, slope in zip(value.inputs, value.slopes, strict=True):
                child.grad += slope * value.grad
""",
        """        self.grad = 0.0

        def push(value, share):
            value.grad += share
            for child, slope in zip(value.inputs, value.slopes, strict=True):
                push(child, slope * share)

        push(self, 1.0)
""",
    ),
)
wrong_engine(
    "gradients of an earlier pass",
    "A second pass added to what the first one left: set all gradients to 0 before.",
    "test_each_pass_starts_from_zero",
    ("            value.grad = 0.0\n", "            value.grad += 0.0\n"),
)
wrong_engine(
    "gradients of an earlier pass",
    "A result in between keeps its old gradient, and passes it on again.",
    "test_each_pass_starts_from_zero",
    ("            value.grad = 0.0\n", "            value.grad *= bool(value.inputs)\n"),
)
wrong_engine(
    "starts from y, not from 1",
    "∂y/∂y is 1, whatever y is.",
    "test_arithmetic_has_its_slopes",
    ("self.grad = 1.0", "self.grad = self.data"),
)
wrong_engine(
    "power not lowered",
    "The derivative of a^p has the power p − 1, not the power p.",
    "test_power_has_the_slope_of_the_power_rule",
    ("self.data ** (p - 1) if p", "self.data**p if p"),
)
wrong_engine(
    "factor p missing",
    "The derivative of a^p has the factor p.",
    "test_power_has_the_slope_of_the_power_rule",
    ("slope = p * self.data", "slope = self.data"),
)
wrong_engine(
    "relu lets everything through",
    "Left of 0, relu is constant: what is its slope there?",
    "test_relu_passes_gradients_for_positive_numbers_only",
    ("float(self.data > 0)", "1.0"),
)
wrong_engine(
    "relu at 0",
    "At 0 there is no right slope; the question fixes one.",
    "test_relu_passes_gradients_for_positive_numbers_only",
    ("self.data > 0", "self.data >= 0"),
)
wrong_engine(
    "slope of tanh",
    "The derivative of tanh is 1 − tanh².",
    "test_functions_have_their_slopes",
    ("(1 - y * y,)", "(1 - y,)"),
)
wrong_engine(
    "slope of log",
    "The derivative of log a is 1/a.",
    "test_functions_have_their_slopes",
    ("(1 / self.data,)", "(1 / math.log(self.data),)"),
)
wrong_engine(
    "exp differentiated as a power",
    "exp is its own derivative.",
    "test_functions_have_their_slopes",
    ("Value(y, (self,), (y,)", "Value(y, (self,), (self.data * math.exp(self.data - 1),)"),
)
wrong_engine(
    "operands swapped",
    "2 − a is not a − 2, and 1/a is not a/1: __rsub__ gets them the other way round.",
    "test_plain_numbers_stand_on_either_side",
    ("as_value(other) - self", "self - other"),
)
wrong_engine(
    "no numbers on the left",
    "For 1 / a, Python asks a for __rtruediv__.",
    "test_plain_numbers_stand_on_either_side",
    ("    def __rtruediv__", "    def divided_by_me"),
)
wrong_engine(
    "its own factor as slope",
    "The slope of a product by one factor is the other factor.",
    "test_arithmetic_has_its_slopes",
    ("(other.data, self.data)", "(self.data, other.data)"),
)
wrong_engine(
    "minus taken as plus",
    "When b grows, a − b falls.",
    "test_arithmetic_has_its_slopes",
    (
        "        return self + -as_value(other)\n",
        "        other = as_value(other)\n"
        "        return Value(self.data - other.data, (self, other), (1.0, 1.0))\n",
    ),
)
wrong_engine(
    "denominator taken as constant",
    "How does s/t answer to t? It is s · t^(−1).",
    "test_arithmetic_has_its_slopes",
    ("return self * as_value(other) ** -1", "return self * (1 / as_value(other).data)"),
)
wrong_engine(
    "all gradients are zero",
    "Set the gradient of y to 1 after all others are set to 0, and not before.",
    "test_arithmetic_has_its_slopes",
    (
        "        for value in order:\n            value.grad = 0.0\n        self.grad = 1.0\n",
        "        self.grad = 1.0\n        for value in order:\n            value.grad = 0.0\n",
    ),
)
wrong_engine(
    "slope of exp",
    "exp is its own derivative: the slope at a is e^a, and not a.",
    "test_functions_have_their_slopes",
    ("Value(y, (self,), (y,)", "Value(y, (self,), (self.data,)"),
)
wrong_engine(
    "sign of the minus",
    "When a grows, −a falls.",
    "test_arithmetic_has_its_slopes",
    ("return self * -1", 'return Value(-self.data, (self,), (1.0,), "−")'),
)
wrong_engine(
    "powers by repeated products",
    "A power such as 0.5 or −1 is no repeated product: the rule is the same for every p.",
    "test_power_has_the_slope_of_the_power_rule",
    (
        "        slope = p * self.data ** (p - 1) if p else 0.0\n"
        '        return Value(self.data**p, (self,), (slope,), f"^{p}")\n',
        "        return math.prod([self] * abs(int(p)), start=Value(1.0))\n",
    ),
)


# P2

ORDER = """
def topo_sort(graph, root):
    order, begun, done = [], {root}, set()
    stack = [(root, iter(graph[root]))]
    while stack:
        node, waiting = stack[-1]
        for child in waiting:
            if child in done:
                continue
            if child in begun:
                raise ValueError("a cycle")
            begun.add(child)
            stack.append((child, iter(graph[child])))
            break
        else:  # every input of this node is in the list
            stack.pop()
            done.add(node)
            order.append(node)
    return order
"""


def wrong_order(note, hint, caught_by, *changes, by_behaviour=True):
    wrong_edit(
        "topo_sort", ORDER, "topo_sort", note, hint, caught_by, *changes, by_behaviour=by_behaviour
    )


AFTER, ONCE = "test_every_node_stands_after_its_inputs", "test_no_node_stands_there_twice"
NEEDED, STABLE = "test_the_list_holds_what_the_root_needs", "test_the_order_is_stable"
CYCLE = "test_a_cycle_is_refused_and_the_graph_is_kept"


def read_by(reader):
    """The changes after which the inputs of each node are read in another way."""
    return [(f"iter(graph[{node}])", f"iter({reader.format(node)})") for node in ("root", "child")]


wrong_order(
    "users before inputs",
    "The list is to be read forwards: a node can be computed when its inputs are there.",
    AFTER,
    ("return order", "return order[::-1]"),
)
wrong_order(
    "a node twice",
    "What is used by two nodes is computed once: remember what is in the list already.",
    ONCE,
    (
        "                continue\n",
        "                order.append(child)\n                continue\n",
    ),
)
wrong_order(
    "only the first input followed",
    "A node may have several inputs, and each of them has inputs of its own.",
    NEEDED,
    *read_by("graph[{}][:1]"),
)
wrong_order(
    "root missing",
    "The root is the last node of the list.",
    AFTER,
    ("return order", "return order[:-1]"),
)
wrong_order(
    "names decide the order",
    "With other names the nodes come in another order: do not sort by name.",
    STABLE,
    *read_by("sorted(graph[{}], key=str)"),
)
wrong_order(
    "names decide the order",
    "A set has an order of its own, another one for other names: go through the lists.",
    STABLE,
    *read_by("set(graph[{}])"),
    by_behaviour=False,  # the order of a set of strings is another one in each process
)
wrong_order(
    "cycles not seen",
    "A node that is met again before it is in the list depends on itself.",
    CYCLE,
    ('raise ValueError("a cycle")', "continue"),
)
wrong_order(
    "a diamond taken for a cycle",
    "To meet a node twice is no cycle: it may be finished already.",
    CYCLE,
    ("            if child in done:\n                continue\n", ""),
)
wrong_order(
    "0 taken for nothing",
    "0 and the empty string are names too: compare with None, or do not compare at all.",
    "test_nodes_may_be_numbers_strings_and_tuples",
    ("if child in done", "if not child or child in done"),
)


@mistake(
    "topo_sort",
    note="in the order of discovery",
    hint="A node may be found early and be needed by one that is found later.",
    caught_by="test_every_node_stands_after_its_inputs",
)
def topo_sort(graph, root):
    order, stack = {}, [root]
    while stack:
        node = stack.pop()
        if node not in order:
            order[node] = len(order)
            if root in graph[node]:
                raise ValueError(node)
            stack.extend(graph[node])
    return list(order)[::-1]


@mistake(
    "topo_sort",
    note="level by level",
    hint="The distance from the root is no order: a node may be an input near and far.",
    caught_by="test_every_node_stands_after_its_inputs",
)
def topo_sort(graph, root):
    seen, order = {root}, [root]
    for node in order:
        for child in graph[node]:
            if child == root:
                raise ValueError(child)
            if child not in seen:
                seen.add(child)
                order.append(child)
    return order[::-1]


@mistake(
    "topo_sort",
    note="recursion",
    hint="Python allows about a thousand nested calls: keep a stack of your own.",
    caught_by="test_long_chains_are_sorted",
)
def topo_sort(graph, root):
    order, begun, done = [], set(), set()

    def visit(node):
        if node in done:
            return
        if node in begun:
            raise ValueError(node)
        begun.add(node)
        for child in graph[node]:
            visit(child)
        done.add(node)
        order.append(node)

    visit(root)
    return order


mistaken_cell(
    "topo_sort",
    note="recursion limit raised",
    hint="A larger limit only moves the end of the road: keep a stack of your own.",
    caught_by="test_long_chains_are_sorted",
    source="""
    def topo_sort(graph, root):
        sys.setrecursionlimit(10**6)
        order, begun, done = [], set(), set()

        def visit(node):
            if node in done:
                return
            if node in begun:
                raise ValueError(node)
            begun.add(node)
            for child in graph[node]:
                visit(child)
            done.add(node)
            order.append(node)

        visit(root)
        return order
    """,
)


@mistake(
    "topo_sort",
    note="everything sorted",
    hint="Leave out what the root does not depend on.",
    caught_by="test_the_list_holds_what_the_root_needs",
)
def topo_sort(graph, root):  # noqa: ARG001  # that is the mistake
    missing = {node: len(inputs) for node, inputs in graph.items()}
    users = {node: [] for node in graph}
    for node, inputs in graph.items():
        for child in inputs:
            users[child].append(node)
    order = [node for node in graph if not missing[node]]
    for node in order:
        for user in users[node]:
            missing[user] -= 1
            if not missing[user]:
                order.append(user)
    if len(order) < len(graph):
        raise ValueError("cycle")
    return order


@mistake(
    "topo_sort",
    note="the graph is changed",
    hint="Do not take inputs out of the lists of the graph: go through them.",
    caught_by="test_a_cycle_is_refused_and_the_graph_is_kept",
)
def topo_sort(graph, root):
    order, state, stack = [], {root: 1}, [root]
    while stack:
        node = stack[-1]
        if not graph[node]:
            order.append(stack.pop())
            state[node] = 2
            continue
        child, *rest = graph[node]
        graph[node] = rest
        if state.get(child) == 1:
            raise ValueError(child)
        if child not in state:
            state[child] = 1
            stack.append(child)
    return order


@mistake(
    "topo_sort",
    note="a cycle elsewhere refused",
    hint="Nodes that the root does not depend on are left out, with all their cycles.",
    caught_by="test_a_cycle_is_refused_and_the_graph_is_kept",
)
def topo_sort(graph, root):
    missing = {node: len(inputs) for node, inputs in graph.items()}
    users = {node: [] for node in graph}
    for node, inputs in graph.items():
        for child in inputs:
            users[child].append(node)
    order = [node for node in graph if not missing[node]]
    for node in order:
        for user in users[node]:
            missing[user] -= 1
            if not missing[user]:
                order.append(user)
    if len(order) < len(graph):
        raise ValueError("cycle")
    needed = {root}
    for node in reversed(order):
        if node in needed:
            needed.update(graph[node])
    return [node for node in order if node in needed]


@mistake(
    "topo_sort",
    note="marked when it is found",
    hint="A node that waits on the stack may be needed earlier: mark it when its turn comes.",
    caught_by="test_every_node_stands_after_its_inputs",
)
def topo_sort(graph, root):
    order, seen, stack = [], {root}, [(root, False)]
    while stack:
        node, is_done = stack.pop()
        if is_done:
            order.append(node)
            continue
        stack.append((node, True))
        for child in graph[node]:
            if child == root:
                raise ValueError(root)
            if child not in seen:
                seen.add(child)
                stack.append((child, False))
    return order


# P3

RULES = '''
def unbroadcast(G, shape):
    """Return G summed over the copies of an array of this shape."""
    G = np.asarray(G)
    in_front = G.ndim - len(shape)
    G = G.sum(axis=tuple(range(in_front)))  # axes that the array did not have
    stretched = tuple(k for k, size in enumerate(shape) if size == 1 and G.shape[k] != 1)
    return np.asarray(G.sum(axis=stretched, keepdims=True)).reshape(shape)


def multiply_vjp(G, A, B):
    """Return the gradients of A and B for C = A * B, where G is that of C."""
    return unbroadcast(G * B, np.shape(A)), unbroadcast(G * A, np.shape(B))


def matmul_vjp(G, A, B):
    """Return the gradients of A and B for C = A @ B, where G is that of C."""
    # <G, A' B> = <G B^T, A'> and <G, A B'> = <A^T G, B'>, for each matrix of a stack
    A_bar = G @ np.swapaxes(B, -1, -2)
    B_bar = np.swapaxes(A, -1, -2) @ G
    return unbroadcast(A_bar, np.shape(A)), unbroadcast(B_bar, np.shape(B))


def sum_vjp(G, A, axis, keepdims):
    """Return the gradient of A for C = A.sum(axis=axis, keepdims=keepdims)."""
    if not keepdims:  # put the axes that are gone back, with length 1
        kept = np.sum(A, axis=axis, keepdims=True).shape
        G = np.reshape(G, kept)
    return np.broadcast_to(G, np.shape(A)).copy()
'''


UNBROADCAST = "test_gradient_of_a_copied_array_is_the_sum_over_copies"
ENTRIES, MATMUL = "test_rule_of_the_product_of_entries", "test_rule_of_the_matrix_product"
STACKS = "test_stacks_of_matrices_are_multiplied_one_by_one"
SUM = "test_each_summand_gets_the_gradient_of_its_sum"
FUNCTION = {
    UNBROADCAST: "unbroadcast",
    ENTRIES: "multiply_vjp",
    MATMUL: "matmul_vjp",
    STACKS: "matmul_vjp",
    SUM: "sum_vjp",
}


def wrong_rule(note, hint, caught_by, *changes):
    wrong_edit("array_rules", RULES, FUNCTION[caught_by], note, hint, caught_by, *changes)


wrong_rule(
    "mean for sum",
    "Each copy was used once: their gradients are added, not averaged.",
    UNBROADCAST,
    ("G = G.sum(", "G = G.mean("),
    ("(G.sum(", "(G.mean("),
)
wrong_rule(
    "one copy for all",
    "The gradient of an array that is used often is the sum of all shares, not the first one.",
    UNBROADCAST,
    ("G.sum(axis=tuple(range(in_front)))", "G[(0,) * in_front]"),
    ("G.sum(axis=stretched, keepdims=True)", "G[tuple(map(slice, shape))]"),
)
wrong_rule(
    "axes of length 1 lost",
    "The gradient of a column is a column: keep the axis that is summed.",
    UNBROADCAST,
    ("np.asarray(G.sum(axis=stretched, keepdims=True)).reshape(shape)", "G.sum(axis=stretched)"),
)
wrong_rule(
    "axes of length 1 not summed",
    "An array is stretched in two ways: by new axes in front, and along axes of length 1.",
    UNBROADCAST,
    ("np.asarray(G.sum(axis=stretched, keepdims=True)).reshape(shape)", "np.asarray(G)"),
)
wrong_rule(
    "axes in front not summed",
    "An array is stretched in two ways: by new axes in front, and along axes of length 1.",
    UNBROADCAST,
    ("    G = G.sum(axis=tuple(range(in_front)))  # axes that the array did not have\n", ""),
    ("enumerate(shape) if", "enumerate(shape, in_front) if"),
    (".reshape(shape)", ""),
)
wrong_rule(
    "new axes at the back",
    "NumPy puts the new axes in front: shapes are compared from the back.",
    UNBROADCAST,
    ("range(in_front)", "range(len(shape), G.ndim)"),
    (".reshape(shape)", ""),
)
wrong_rule(
    "its own factor",
    "The slope of a product by one factor is the other factor.",
    ENTRIES,
    ("(G * B, np.shape(A)), unbroadcast(G * A", "(G * A, np.shape(A)), unbroadcast(G * B"),
)
wrong_rule(
    "not summed over the copies",
    "The gradient of A has the shape of A, also where A was stretched.",
    ENTRIES,
    (
        "unbroadcast(G * B, np.shape(A)), unbroadcast(G * A, np.shape(B))",
        "np.asarray(G * B), np.asarray(G * A)",
    ),
)
wrong_rule(
    "summed before multiplying",
    "Each copy has a gradient of its own, G times the other factor there: multiply, then sum.",
    ENTRIES,
    (
        "    return unbroadcast(G * B, np.shape(A)), unbroadcast(G * A, np.shape(B))",
        """
    def summed(X, Y):
        return unbroadcast(np.broadcast_to(X, np.shape(G)), np.shape(Y))

    return summed(G, A) * summed(B, A), summed(G, B) * summed(A, B)""",
    ),
)
wrong_rule(
    "both gradients swapped",
    "The pair is (gradient of A, gradient of B), in this order.",
    MATMUL,
    (
        "unbroadcast(A_bar, np.shape(A)), unbroadcast(B_bar, np.shape(B))",
        "unbroadcast(B_bar, np.shape(B)), unbroadcast(A_bar, np.shape(A))",
    ),
)
wrong_rule(
    "gradients transposed",
    "The gradient of A has the shape of A. For square matrices only the identity shows it.",
    MATMUL,
    ("A_bar = G @ np.swapaxes(B, -1, -2)", "A_bar = B @ np.swapaxes(G, -1, -2)"),
    ("B_bar = np.swapaxes(A, -1, -2) @ G", "B_bar = np.swapaxes(G, -1, -2) @ A"),
    ("unbroadcast(A_bar, np.shape(A)), unbroadcast(B_bar, np.shape(B))", "A_bar, B_bar"),
)
wrong_rule(
    "no transposes",
    "Ȧ B stands in the product; to move B to the other side of ⟨ , ⟩ transposes it.",
    MATMUL,
    ("A_bar = G @ np.swapaxes(B, -1, -2)", "A_bar = G @ B"),
    ("B_bar = np.swapaxes(A, -1, -2) @ G", "B_bar = A @ G"),
)
wrong_rule(
    "all axes reversed",
    ".T turns all axes round; a stack needs the last two exchanged.",
    STACKS,
    ("np.swapaxes(B, -1, -2)", "np.transpose(B)"),
    ("np.swapaxes(A, -1, -2)", "np.transpose(A)"),
)
wrong_rule(
    "stacks not summed",
    "A matrix that multiplies a whole stack is used once for each of its members.",
    STACKS,
    ("unbroadcast(A_bar, np.shape(A)), unbroadcast(B_bar, np.shape(B))", "A_bar, B_bar"),
)
wrong_rule(
    "stacks of one not summed",
    "A stack of one matrix is stretched too, and is used once for each member of the other stack.",
    STACKS,
    (
        "unbroadcast(A_bar, np.shape(A)), unbroadcast(B_bar, np.shape(B))",
        "A_bar.sum(axis=tuple(range(A_bar.ndim - A.ndim))), "
        "B_bar.sum(axis=tuple(range(B_bar.ndim - B.ndim)))",
    ),
)
wrong_rule(
    "axis not put back",
    "Without keepdims the summed axis is gone: put it back before you stretch.",
    SUM,
    ("if not keepdims:", "if False:"),
)
wrong_rule(
    "negative axes not understood",
    "-1 is the last axis: let NumPy find the axes, or take k % A.ndim.",
    SUM,
    (
        "        kept = np.sum(A, axis=axis, keepdims=True).shape\n",
        "        axes = range(A.ndim) if axis is None else np.atleast_1d(axis)\n"
        "        kept = [1 if k in axes else size for k, size in enumerate(A.shape)]\n",
    ),
)
wrong_rule(
    "divided by the number of summands",
    "That is the rule of the mean.",
    SUM,
    (".copy()", " * (np.sum(A, axis=axis, keepdims=True).size / np.size(A))"),
)
wrong_rule(
    "not stretched",
    "Every entry of A gets a gradient: the result has the shape of A.",
    SUM,
    ("np.broadcast_to(G, np.shape(A)).copy()", "G"),
)
wrong_rule(
    "multiplied by the summands",
    "The slope of a sum by each summand is 1.",
    SUM,
    ("np.broadcast_to(G, np.shape(A)).copy()", "G * A"),
)
mistaken_cell(
    "array_rules",
    note="an argument is changed",
    hint="`G *= A` changes the array of the caller; `G * A` makes a new one.",
    caught_by="test_rules_leave_their_arguments_alone",
    source=altered(
        RULES,
        (
            "    return unbroadcast(G * B, np.shape(A)), unbroadcast(G * A, np.shape(B))",
            "    A_bar = unbroadcast(G * B, np.shape(A))\n    G *= A\n"
            "    return A_bar, unbroadcast(G, np.shape(B))",
        ),
    ),
)


# P4

TENSOR = '''
class no_grad:  # noqa: N801
    """Inside `with no_grad():` nothing is recorded."""

    depth = 0  # how many blocks are open

    def __enter__(self):
        no_grad.depth += 1

    def __exit__(self, *error):
        no_grad.depth -= 1  # what was raised inside goes on



class Tensor(Arithmetic):
    """An array that remembers how it was computed, if it has to."""

    def __init__(self, data, requires_grad=False):
        self.data = np.array(data, dtype=float)
        self.requires_grad = requires_grad
        self.grad = None
        self.inputs = ()
        self.rule = None
        self.read = ()  # what the rule reads: each counter of versions, and how it stood
        self.version = [0]  # a list, so that all Tensors over one memory can share it

    def record(self, value, inputs, rule, reads=()):
        """Return the Tensor with this value, which the rule takes gradients back from."""
        result = Tensor(value)
        if no_grad.depth == 0 and any(t.requires_grad for t in inputs):
            result.requires_grad = True
            result.inputs = tuple(inputs)
            result.rule = rule
            result.read = tuple((t.version, t.version[0]) for t in reads)
        return result

    def backward(self):
        """Add the gradient of this one number to the grad of every leaf that requires one."""
        if not self.requires_grad:
            raise RuntimeError("this Tensor does not require a gradient")
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            t, is_done = stack.pop()
            if is_done:
                order.append(t)
            elif id(t) not in seen:
                seen.add(id(t))
                stack.append((t, True))
                stack.extend((child, False) for child in t.inputs if child.requires_grad)
        gradients = {id(self): np.ones_like(self.data)}
        for t in reversed(order):
            G = gradients[id(t)]
            if t.rule is None:  # a leaf
                t.grad = G.copy() if t.grad is None else t.grad + G
                continue
            if any(counter[0] != version for counter, version in t.read):
                raise RuntimeError("a number that this gradient needs was changed in place")
            for child, share in zip(t.inputs, t.rule(G), strict=True):
                gradients[id(child)] = gradients.get(id(child), 0.0) + share

    def detach(self):
        """Return a Tensor with the same memory and without a past."""
        result = Tensor(0.0)
        result.data = self.data
        result.version = self.version
        return result

    def zero_grad(self):
        """Forget the gradient."""
        self.grad = None

    def add_(self, change):
        """Add to the numbers where they stand."""
        if self.requires_grad and no_grad.depth == 0:
            raise RuntimeError("this change is not recorded: make it inside no_grad()")
        self.data += change
        self.version[0] += 1
        return self
'''


def wrong_tensor(note, hint, caught_by, *changes):
    source = altered(TENSOR, *changes)
    mistaken_cell("recording", note=note, hint=hint, caught_by=caught_by, source=source)


wrong_tensor(
    "a share overwrites the other",
    "A Tensor that is used twice gets a share from each use: shares are added.",
    "test_leaves_get_their_gradients",
    ("gradients.get(id(child), 0.0) + share", "share"),
)
wrong_tensor(
    "passed on too early",
    "A Tensor may pass its gradient on only when all its users have given their share.",
    "test_leaves_get_their_gradients",
    (
        "                order.append(t)\n            elif id(t) not in seen:\n"
        "                seen.add(id(t))\n",
        "                pass\n            elif id(t) not in seen:\n"
        "                seen.add(id(t))\n                order.insert(0, t)\n",
    ),
)
wrong_tensor(
    "a constant gets a gradient",
    "Data did not ask for a gradient.",
    "test_only_leaves_that_ask_get_a_gradient",
    (" for child in t.inputs if child.requires_grad)", " for child in t.inputs)"),
)
wrong_tensor(
    "results in between keep gradients",
    "Only leaves keep a gradient; the others are used up on the way.",
    "test_only_leaves_that_ask_get_a_gradient",
    (
        "            if t.rule is None:  # a leaf\n",
        "            t.grad = G\n"
        "            if t.rule is None:  # a leaf\n                t.grad = None\n",
    ),
)
wrong_tensor(
    "constants are recorded",
    "If no input requires a gradient, there is nothing to remember.",
    "test_constants_are_not_recorded",
    ("no_grad.depth == 0 and any(t.requires_grad for t in inputs)", "no_grad.depth == 0"),
)
wrong_tensor(
    "not recorded",
    "One input that requires a gradient is enough for the result to require one.",
    "test_constants_are_not_recorded",
    ("any(t.requires_grad for t in inputs)", "all(t.requires_grad for t in inputs)"),
)
wrong_tensor(
    "goes backwards from a constant",
    "backward on a Tensor that does not require a gradient raises RuntimeError.",
    "test_constants_are_not_recorded",
    ('raise RuntimeError("this Tensor does not require a gradient")', "return"),
)
wrong_tensor(
    "a pass overwrites the gradient",
    "The gradients of several passes are added up, until zero_grad forgets them.",
    "test_passes_add_up_until_zeroed",
    ("G.copy() if t.grad is None else t.grad + G", "G.copy()"),
)
wrong_tensor(
    "gradient not forgotten",
    "After zero_grad nothing of the earlier passes is left.",
    "test_passes_add_up_until_zeroed",
    ("        self.grad = None\n\n    def add_", "        pass\n\n    def add_"),
)
wrong_tensor(
    "recorded inside no_grad",
    "Inside the block a result has no inputs, whatever it is computed from.",
    "test_no_grad_switches_recording_off_and_back",
    ("if no_grad.depth == 0 and any(", "if any("),
)
wrong_tensor(
    "an inner block ends the outer one",
    "When an inner block ends, the outer one still holds: put back what was before.",
    "test_no_grad_switches_recording_off_and_back",
    ("no_grad.depth += 1", "no_grad.depth = 1"),
    ("no_grad.depth -= 1", "no_grad.depth = 0"),
)
wrong_tensor(
    "recording stays off",
    "After the last block everything is recorded again.",
    "test_no_grad_switches_recording_off_and_back",
    ("no_grad.depth -= 1", "pass"),
)
wrong_tensor(
    "recording stays off after an error",
    "A block may end with an error, and recording has to go on after it all the same.",
    "test_no_grad_switches_recording_off_and_back",
    ("no_grad.depth -= 1", "no_grad.depth -= error[0] is None"),
)
wrong_tensor(
    "the past is kept",
    "A detached Tensor is a constant: it has no inputs and requires no gradient.",
    "test_detached_tensors_have_the_memory_and_no_past",
    (
        "        result = Tensor(0.0)\n",
        "        result = Tensor(0.0, self.requires_grad)\n"
        "        result.inputs, result.rule = (self,), lambda G: (G,)\n",
    ),
)
wrong_tensor(
    "the original loses its past",
    "detach gives another Tensor, and leaves this one as it is.",
    "test_detached_tensors_have_the_memory_and_no_past",
    (
        "        result = Tensor(0.0)\n        result.data = self.data\n",
        "        result = self\n        self.inputs, self.rule = (), None\n"
        "        self.requires_grad = False\n",
    ),
)
wrong_tensor(
    "a copy of the memory",
    "A detached Tensor has the same memory: np.array(x) copies, and x itself does not.",
    "test_detached_tensors_have_the_memory_and_no_past",
    ("result.data = self.data", "result.data = np.array(self.data)"),
)
wrong_tensor(
    "a new array",
    "`x = x + change` makes a new array; `x += change` changes the one that is there.",
    "test_changes_in_place_change_the_memory",
    ("self.data += change", "self.data = self.data + change"),
)
wrong_tensor(
    "an unrecorded change",
    "A parameter may be changed inside no_grad only: else a rule would be missing.",
    "test_changes_in_place_change_the_memory",
    ("if self.requires_grad and no_grad.depth == 0:", "if False:"),
)
wrong_tensor(
    "versions not compared",
    "Remember the version of each Tensor that a rule reads, and compare before the rule runs.",
    "test_a_number_that_a_rule_reads_must_not_change",
    ("self.version[0] += 1", "pass"),
)
wrong_tensor(
    "versions of leaves only",
    "Remember the version of each Tensor that a rule reads, and compare before the rule runs.",
    "test_a_number_that_a_rule_reads_must_not_change",
    ("for t in reads)", "for t in reads if not t.inputs)"),
)
wrong_tensor(
    "refuses a harmless change",
    "The rule of a sum reads no numbers: compare the versions of `reads`, not of `inputs`.",
    "test_a_number_that_no_rule_reads_may_change",
    ("for t in reads)", "for t in inputs)"),
)
wrong_tensor(
    "a version for each name",
    "Let Tensors that share memory share their version too.",
    "test_a_change_by_another_name_counts",
    ("        result.version = self.version\n", ""),
)
wrong_tensor(
    "graphs are kept alive",
    "Something refers to results that nobody needs any more, as a list in the class.",
    "test_nothing_is_kept_alive_for_no_reason",
    (
        "            result.rule = rule\n",
        "            result.rule = rule\n"
        "            self.__class__.tape = [*getattr(self.__class__, 'tape', []), result]\n",
    ),
)
wrong_tensor(
    "graphs are kept alive",
    "A detached Tensor needs the memory of the original, and not the original itself.",
    "test_nothing_is_kept_alive_for_no_reason",
    (
        "        result.data = self.data\n",
        "        result.data = self.data\n        result.original = self\n",
    ),
)
wrong_tensor(
    "a share changes another",
    "The rule of a sum gives one array to both inputs: add with +, since += changes it for both.",
    "test_leaves_get_their_gradients",
    (
        "                gradients[id(child)] = gradients.get(id(child), 0.0) + share\n",
        "                if id(child) in gradients:\n"
        "                    gradients[id(child)] += share\n"
        "                else:\n"
        "                    gradients[id(child)] = share\n",
    ),
)
wrong_tensor(
    "a change of data refused",
    "Data has no rule that could be missing: only a Tensor that requires a gradient is refused.",
    "test_changes_in_place_change_the_memory",
    ("if self.requires_grad and no_grad.depth == 0:", "if no_grad.depth == 0:"),
)
wrong_tensor(
    "the error is lost",
    "What __exit__ returns says whether the error is done with: return nothing, and it goes on.",
    "test_no_grad_switches_recording_off_and_back",
    ("no_grad.depth -= 1  # what was raised inside goes on", "no_grad.depth -= 1; return True"),
)
wrong_tensor(
    "only the first input asked",
    "A result requires a gradient if any of its inputs does, wherever it stands.",
    "test_constants_are_not_recorded",
    ("any(t.requires_grad for t in inputs)", "inputs[0].requires_grad"),
)
wrong_tensor(
    "versions of the last rule only",
    "Each rule on the way back reads numbers of its own: compare before every rule.",
    "test_a_number_that_a_rule_reads_must_not_change",
    ("if any(counter[0]", "if t is self and any(counter[0]"),
)


# P5

CHECK = '''
def gradcheck(f, vjp, shape):
    """Return whether vjp(x, u) is the transposed Jacobian of f at x, times u, for every x and u."""
    rng = np.random.default_rng(0)
    for scale in (0.5, 1.0, 3.0):
        x = scale * rng.normal(size=shape)  # random: no entry is 0, and they have both signs
        u = rng.normal(size=np.shape(f(x)))  # every entry of the Jacobian counts
        exact = np.asarray(vjp(x, u))
        if exact.shape != tuple(shape) or not np.isfinite(exact).all():
            return False
        numeric = np.empty(shape)
        for index in np.ndindex(*shape):
            h = 1e-5 * max(1.0, abs(x[index]))
            right, left = x.copy(), x.copy()
            right[index] += h
            left[index] -= h
            numeric[index] = np.sum(u * (f(right) - f(left))) / (2 * h)
        size = max(np.abs(exact).max(), np.abs(numeric).max())
        if np.abs(exact - numeric).max() > 1e-5 * size:
            return False
    return True
'''


def wrong_check(note, hint, caught_by, *changes):
    source = altered(CHECK, *changes)
    mistaken_cell("gradcheck", note=note, hint=hint, caught_by=caught_by, source=source)


JACOBIANS = "test_check_finds_wrong_jacobians"
POINTS = "test_check_finds_rules_that_are_wrong_at_some_points"
SIZE = "test_check_measures_errors_rightly"

wrong_check(
    "wrong, with tiny numbers",
    "An error of 1e-8 is large for a gradient of 1e-8: compare it with the gradient's size.",
    SIZE,
    ("> 1e-5 * size", "> 1e-5 * max(1.0, size)"),
)
wrong_check(
    "refuses a right implementation",
    "With large numbers rounding is large too: compare the error with the gradient's size.",
    SIZE,
    ("> 1e-5 * size", "> 1e-7"),
)
wrong_check(
    "wrong in its last entry only",
    "Look at every entry of the gradient.",
    JACOBIANS,
    (
        "np.abs(exact - numeric).max() > 1e-5 * size",
        "abs(exact - numeric).flat[0] > 1e-5 * abs(numeric).flat[0]",
    ),
)
wrong_check(
    "errors that cancel in the sum",
    "Errors of both signs must not cancel: no plain sums.",
    JACOBIANS,
    (
        "np.abs(exact - numeric).max() > 1e-5 * size",
        "abs(np.sum(exact - numeric)) > 1e-5 * np.abs(numeric).sum()",
    ),
)
wrong_check(
    "ignores the weights u",
    "Try weights u that are not all 1.",
    JACOBIANS,
    ("rng.normal(size=np.shape(f(x)))", "np.ones(np.shape(f(x)))"),
)
wrong_check(
    "wrong in its last entry only",
    "Let every entry of u be different from 0.",
    JACOBIANS,
    (
        "        exact = np",
        "        u = np.where(np.arange(u.size).reshape(u.shape) == 0, u, 0.0)\n        exact = np",
    ),
)
wrong_check(
    "refuses a right implementation",
    "At zero many wrong rules are right, and relu has its kink: try other points.",
    POINTS,
    ("scale * rng.normal(size=shape)", "np.zeros(shape)"),
)
wrong_check(
    "wrong for negative numbers",
    "At one, powers look alike: try other points.",
    POINTS,
    ("scale * rng.normal(size=shape)", "np.ones(shape)"),
)
wrong_check(
    "wrong for negative numbers",
    "Try points with entries of both signs.",
    POINTS,
    ("scale * rng.normal(size=shape)", "scale * rng.uniform(0.1, 1.0, size=shape)"),
)
wrong_check(
    "wrong for large numbers",
    "Try entries that are larger than 1 too.",
    POINTS,
    ("scale * rng.normal(size=shape)", "0.2 * rng.uniform(-1, 1, size=shape)"),
)
wrong_check(
    "gives nan",
    "Every comparison with nan is false, `error > tolerance` too.",
    SIZE,
    (" or not np.isfinite(exact).all()", ""),
)
wrong_check(
    "another shape",
    "Ask for exactly the shape of x, since broadcasting hides another one.",
    SIZE,
    ("if exact.shape != tuple(shape) or not", "if not"),
)
wrong_check(
    "one percent too large",
    "Differences are exact to far more digits than two.",
    SIZE,
    ("1e-5 * size", "0.1 * size"),
)
wrong_check(
    "refuses a right implementation",
    "A one-sided difference errs by h, and the central one by h²: take the central one.",
    SIZE,
    ("f(right) - f(left))) / (2 * h)", "f(right) - f(x))) / h"),
    ("1e-5 * size", "1e-6 * size"),
)
wrong_check(
    "refuses a right implementation",
    "Rounding contributes an error of 1e-16 / h: see the picture.",
    JACOBIANS,
    ("h = 1e-5 *", "h = 1e-14 *"),
)
wrong_check(
    "refuses a right implementation",
    "Some gradients are exactly 0: do not divide by them entry by entry.",
    JACOBIANS,
    (
        "np.abs(exact - numeric).max() > 1e-5 * size",
        "not (np.abs(exact - numeric) / np.abs(numeric)).max() < 1e-4",
    ),
)
wrong_check(
    "the transposed Jacobian",
    "A test that never fails tests nothing.",
    JACOBIANS,
    ("            return False\n    return True", "            return True\n    return True"),
    ("            return False\n        numeric", "            return True\n        numeric"),
)
wrong_check(
    "refuses a right implementation",
    "A right rule has to be accepted.",
    JACOBIANS,
    ("    return True", "    return False"),
)
wrong_check(
    "wrong sign",
    "Compare the gradients entry by entry, not their lengths.",
    SIZE,
    (
        "np.abs(exact - numeric).max() > 1e-5 * size",
        "abs(np.linalg.norm(exact) - np.linalg.norm(numeric)) > 1e-5 * size",
    ),
)
wrong_check(
    "one percent too large, with tiny numbers",
    "np.allclose calls 1e-8 zero unless you give it an atol: take one of the gradient's size.",
    SIZE,
    ("np.abs(exact - numeric).max() > 1e-5 * size", "not np.allclose(exact, numeric, rtol=1e-4)"),
)
wrong_check(
    "wrong in its last column only",
    "Look at every entry of the gradient, also where x is a matrix.",
    JACOBIANS,
    (
        "        for index in np.ndindex(*shape):",
        "        numeric[:] = exact\n"
        "        for index in [(k,) + (0,) * (len(shape) - 1) for k in range(shape[0])]:",
    ),
)


# T1

TAPE = """
v1, v4 = x1 * x2, x2**2
v2 = v1 + x3
v3 = v1 * v2
dv1, dv4 = dx1 * x2 + x1 * dx2, 2 * x2 * dx2
dv2 = dv1 + dx3
dv3 = dv1 * v2 + v1 * dv2
bar_v1 = v2 + v1  # v1 is used by v3 and by v2
tape = {
    "v1": v1, "v2": v2, "v3": v3, "v4": v4, "y": v3 - v4,
    "dv1": dv1, "dv2": dv2, "dv3": dv3, "dv4": dv4, "dy": dv3 - dv4,
    "bar_v4": -1, "bar_v3": 1, "bar_v2": v1, "bar_v1": bar_v1,
    "bar_x3": v1, "bar_x2": bar_v1 * x1 - 2 * x2, "bar_x1": bar_v1 * x2,
}  # fmt: skip
"""


def wrong_tape(note, hint, caught_by, *changes):
    source = altered(TAPE, *changes)
    mistaken_cell("tape", note=note, hint=hint, caught_by=caught_by, source=source)


ADD_SHARES = "What is used twice gets a share from each use: add both."

wrong_tape(
    "a share is missing",
    ADD_SHARES,
    "test_reverse_tape",
    ("bar_v1 = v2 + v1 ", "bar_v1 = v2 "),
)
wrong_tape(
    "a share is missing",
    ADD_SHARES,
    "test_reverse_tape",
    ("bar_v1 * x1 - 2 * x2", "bar_v1 * x1"),
)
wrong_tape(
    "a share is missing",
    ADD_SHARES,
    "test_reverse_tape",
    ("bar_v1 * x1 - 2 * x2", "-2 * x2"),
)
wrong_tape(
    "passed on too early",
    "v2 passes its whole gradient on, the one that it has when v3 has given its share.",
    "test_reverse_tape",
    ("bar_v1 = v2 + v1 ", "bar_v1 = v2 + 1 "),
)
wrong_tape(
    "sign lost",
    "v4 is subtracted: when it grows, y falls.",
    "test_reverse_tape",
    ('"bar_v4": -1', '"bar_v4": 1'),
)
wrong_tape(
    "its own factor as slope",
    "The slope of a product by a factor is the other factor.",
    "test_reverse_tape",
    ('"bar_v2": v1', '"bar_v2": v2'),
)
wrong_tape(
    "its own factor as slope",
    "The slope of a product by a factor is the other factor.",
    "test_reverse_tape",
    ('"bar_x1": bar_v1 * x2', '"bar_x1": bar_v1 * x1'),
)
wrong_tape(
    "factor 2 missing",
    "What is the derivative of a square?",
    "test_reverse_tape",
    ("bar_v1 * x1 - 2 * x2", "bar_v1 * x1 - x2"),
)
wrong_tape(
    "a line does not follow",
    "x3 is used in v2 alone.",
    "test_reverse_tape",
    ('"bar_x3": v1', '"bar_x3": 1'),
)
wrong_tape(
    "product of the tangents",
    "The derivative of a product is not the product of the derivatives.",
    "test_forward_tape",
    ("dx1 * x2 + x1 * dx2", "dx1 * dx2"),
)
wrong_tape(
    "a term of the product rule is missing",
    "Both factors of v3 move.",
    "test_forward_tape",
    ("dv1 * v2 + v1 * dv2", "dv1 * v2"),
)
wrong_tape(
    "slope without the tangent",
    "The slope of the square is multiplied by how fast x2 moves.",
    "test_forward_tape",
    ("2 * x2 * dx2", "2 * x2"),
)
wrong_tape(
    "sign lost", "y is a difference.", "test_forward_tape", ('"dy": dv3 - dv4', '"dy": dv3 + dv4')
)
wrong_tape(
    "a line does not follow",
    "It is the square of x2.",
    "test_values_of_the_tape",
    ("v1, v4 = x1 * x2, x2**2", "v1, v4 = x1 * x2, 2 * x2"),
)
wrong_tape(
    "a line is left out",
    "It is still to be filled.",
    "test_reverse_tape",
    ('"bar_x3": v1', '"bar_x3": ...'),
)
wrong_tape(
    "slope of the square",
    "The derivative of a square is twice the number.",
    "test_forward_tape",
    ("2 * x2 * dx2", "2 * dx2"),
)
wrong_tape(
    "sign lost",
    "The gradient of v4 is negative, and goes on with its sign.",
    "test_reverse_tape",
    ("bar_v1 * x1 - 2 * x2", "bar_v1 * x1 + 2 * x2"),
)
wrong_tape(
    "shares multiplied",
    "What is used twice gets a share from each use: shares are added.",
    "test_reverse_tape",
    ("bar_v1 = v2 + v1 ", "bar_v1 = v2 * v1 "),
)


# T2

PASSES = """
n, m, B, d, L, k = sp.symbols("n m B d L k", integer=True, positive=True)
jacobian_passes = sp.Min(n, m)
batch_passes = sp.Min(n, m)  # all rows at once: no row disturbs another
hessian_passes = n
tape_numbers = L * B * d  # h_0, ..., h_(L-1)
checkpoint_numbers = B * d * (L / k + k - 1)  # a group's first input is a checkpoint
best_k = sp.sqrt(L)
"""
CHAIN = '''
def cheapest(first, last):
    """The least cost of J_last ... J_first, with its bracketing."""
    if first == last:
        return 0, last
    found = []
    for cut in range(first, last):  # the right factor is J_cut ... J_first
        (left, left_order), (right, right_order) = cheapest(cut + 1, last), cheapest(first, cut)
        product = sizes[last] * sizes[cut] * sizes[first - 1]
        found.append((left + right + product, (left_order, right_order)))
    return min(found, key=lambda pair: pair[0])


forward_cost = sizes[0] * sum(sizes[i] * sizes[i - 1] for i in range(2, 5))
reverse_cost = sizes[4] * sum(sizes[i] * sizes[i - 1] for i in range(1, 4))
cheapest_cost, cheapest_order = cheapest(1, 4)
'''


def wrong_count(note, hint, caught_by, *changes):
    source = altered(PASSES, *changes)
    mistaken_cell("passes", note=note, hint=hint, caught_by=caught_by, source=source)


def wrong_chain(note, hint, caught_by, *changes):
    source = f"{CHAIN}\n" + "\n".join(changes)
    mistaken_cell(
        "passes", note=note, hint=hint, caught_by=caught_by, source=source, answer="passes_answer_2"
    )


wrong_count(
    "forward passes only",
    "Rows are an alternative.",
    "test_passes_for_a_jacobian",
    ("jacobian_passes = sp.Min(n, m)", "jacobian_passes = n"),
)
wrong_count(
    "reverse passes only",
    "Columns are an alternative.",
    "test_passes_for_a_jacobian",
    ("jacobian_passes = sp.Min(n, m)", "jacobian_passes = m"),
)
wrong_count(
    "the dearer mode",
    "You may choose the mode.",
    "test_passes_for_a_jacobian",
    ("jacobian_passes = sp.Min(n, m)", "jacobian_passes = sp.Max(n, m)"),
)
wrong_count(
    "entries counted",
    "One pass gives a row or a column.",
    "test_passes_for_a_jacobian",
    ("jacobian_passes = sp.Min(n, m)", "jacobian_passes = n * m"),
)
wrong_count(
    "row by row",
    "All rows of the batch go through one pass: the result's row b feels row b only.",
    "test_passes_for_a_batch",
    ("batch_passes = sp.Min(n, m)", "batch_passes = B * sp.Min(n, m)"),
)
wrong_count(
    "pairs counted",
    "Symmetry saves entries, but a pass gives a whole column.",
    "test_passes_for_a_hessian",
    ("hessian_passes = n", "hessian_passes = n * (n + 1) / 2"),
)
wrong_count(
    "entries counted",
    "One pass gives H v, a whole column.",
    "test_passes_for_a_hessian",
    ("hessian_passes = n", "hessian_passes = n**2"),
)
wrong_count(
    "the result kept too",
    "No rule reads the result of the last layer.",
    "test_numbers_on_the_tape",
    ("tape_numbers = L * B * d", "tape_numbers = (L + 1) * B * d"),
)
wrong_count(
    "batch forgotten",
    "h has B rows.",
    "test_numbers_on_the_tape",
    ("tape_numbers = L * B * d", "tape_numbers = L * d"),
)
wrong_count(
    "weights counted",
    "The weights are not counted.",
    "test_numbers_on_the_tape",
    ("tape_numbers = L * B * d", "tape_numbers = L * (B * d + d**2)"),
)
wrong_count(
    "a checkpoint counted twice",
    "The first input of a group is its checkpoint, which is there already.",
    "test_numbers_with_checkpoints",
    ("(L / k + k - 1)", "(L / k + k)"),
)
wrong_count(
    "checkpoints only",
    "While a group is done, its other inputs are held too.",
    "test_numbers_with_checkpoints",
    ("(L / k + k - 1)", "L / k"),
)
wrong_count(
    "half of the layers",
    "Try L = 100.",
    "test_best_distance_of_checkpoints",
    ("best_k = sp.sqrt(L)", "best_k = L / 2"),
)
wrong_count(
    "the number, not the distance",
    "You gave the memory at the best k, not k.",
    "test_best_distance_of_checkpoints",
    ("best_k = sp.sqrt(L)", "best_k = 2 * sp.sqrt(L) - 1"),
)
wrong_count(
    "both ways added",
    "One of the two ways is enough.",
    "test_passes_for_a_jacobian",
    ("jacobian_passes = sp.Min(n, m)", "jacobian_passes = n + m"),
)
wrong_count(
    "gradients counted",
    "When the pass backwards begins, there are no gradients yet.",
    "test_numbers_on_the_tape",
    ("tape_numbers = L * B * d", "tape_numbers = 2 * L * B * d"),
)
wrong_chain(
    "modes swapped",
    "Forward mode begins at the input, with J1.",
    "test_costs_of_both_modes",
    "forward_cost, reverse_cost = reverse_cost, forward_cost",
)
wrong_chain(
    "multiplications and additions",
    "Only multiplications count.",
    "test_costs_of_both_modes",
    "forward_cost, reverse_cost = 2 * forward_cost, 2 * reverse_cost",
)
wrong_chain(
    "only the two modes compared",
    "There are five bracketings, and one is cheaper still.",
    "test_cheapest_order_of_the_chain",
    "cheapest_cost = min(forward_cost, reverse_cost)",
    "cheapest_order = (4, (3, (2, 1))) if cheapest_cost == forward_cost else (((4, 3), 2), 1)",
)
wrong_chain(
    "not the number",
    "Count the multiplications of your bracketing, product by product.",
    "test_cheapest_order_of_the_chain",
    "cheapest_cost += 1",
)
wrong_chain(
    "cannot be read",
    "The order should hold 4, 3, 2, 1 once each, in this order.",
    "test_cheapest_order_of_the_chain",
    "cheapest_order = ((1, 2), (3, 4))",
)


# T3

DUAL = """
a, da, b, db, x = sp.symbols("a da b db x", positive=True)
u0, u1, u2, u12, v0, v1, v2, v12 = sp.symbols("u0 u1 u2 u12 v0 v1 v2 v12", real=True)
dual_product = da * b + a * db
dual_product_value = a * b  # the product of both slopes stands with ε² = 0
dual_quotient = (da * b - a * db) / b**2
dual_root = da / (2 * sp.sqrt(a))
nested_product = u0 * v12 + u1 * v2 + u2 * v1 + u12 * v0
nested_root = -1 / (4 * x * sp.sqrt(x))  # the second derivative
taylor_root = nested_root / 2  # (ε₁ + ε₂)² = 2 ε₁ε₂, where Taylor's series has t²/2
"""


def wrong_dual(note, hint, caught_by, *changes):
    mistaken_cell(
        "dual", note=note, hint=hint, caught_by=caught_by, source=f"{DUAL}\n" + "\n".join(changes)
    )


PRODUCT, QUOTIENT = "test_product_of_dual_numbers", "test_quotient_of_dual_numbers"
ROOT, NESTED = "test_root_of_a_dual_number", "test_product_of_nested_numbers"
SECOND = "test_second_derivative_by_nesting"

wrong_dual("ε² = 1", "ε² is 0, not 1.", PRODUCT, "dual_product_value = a * b + da * db")
wrong_dual("ε² = −1", "ε is no imaginary unit.", PRODUCT, "dual_product_value = a * b - da * db")
wrong_dual("product of the slopes", "ε² is 0: it vanishes.", PRODUCT, "dual_product = da * db")
wrong_dual("a term is missing", "Two products hold one ε.", PRODUCT, "dual_product = da * b")
wrong_dual(
    "wrong sign",
    "When the denominator grows, the quotient falls.",
    QUOTIENT,
    "dual_quotient = (a * db - da * b) / b**2",
)
wrong_dual(
    "sign of one term",
    "When the denominator grows, the quotient falls.",
    QUOTIENT,
    "dual_quotient = (da * b + a * db) / b**2",
)
wrong_dual(
    "denominator not squared",
    "Multiply above and below by b − ḃ ε.",
    QUOTIENT,
    "dual_quotient = (da * b - a * db) / b",
)
wrong_dual(
    "quotient of the slopes",
    "The slope of a quotient is no quotient of slopes.",
    QUOTIENT,
    "dual_quotient = da / db",
)
wrong_dual("factor 2 missing", "Square √a + r ε.", ROOT, "dual_root = da / sp.sqrt(a)")
wrong_dual(
    "root of the slope", "The root is not taken part by part.", ROOT, "dual_root = sp.sqrt(da)"
)
wrong_dual(
    "slope of the slope's part",
    "The slope of the root is taken at a, times the slope of a.",
    ROOT,
    "dual_root = 1 / (2 * sp.sqrt(a))",
)
wrong_dual(
    "mixed products missing",
    "ε₁ may come from u and ε₂ from v.",
    NESTED,
    "nested_product = u0 * v12 + u12 * v0",
)
wrong_dual(
    "products with v12 and u12 missing",
    "ε₁ε₂ may come from one factor as a whole.",
    NESTED,
    "nested_product = u1 * v2 + u2 * v1",
)
wrong_dual(
    "mixed products once",
    "ε₁ from u and ε₂ from v, or the other way round.",
    NESTED,
    "nested_product = u0 * v12 + u1 * v2 + u12 * v0",
)
wrong_dual("half of it", "(ε₁ + ε₂)² holds ε₁ε₂ twice.", SECOND, "nested_root = nested_root / 2")
wrong_dual("wrong sign", "The slope of the root falls.", SECOND, "nested_root = -nested_root")
wrong_dual(
    "first derivative",
    "That is the factor of ε₁ alone.",
    SECOND,
    "nested_root = 1 / (2 * sp.sqrt(x))",
)
wrong_dual(
    "the same as by nesting",
    "A Taylor series has a factorial there.",
    SECOND,
    "taylor_root = nested_root",
)
wrong_dual(
    "the whole product",
    "Only the factor of ε is asked for.",
    PRODUCT,
    "dual_product = a * b + da * b + a * db",
)
wrong_dual("the root missing", "The slope of √a is 1/(2√a).", ROOT, "dual_root = da / (2 * a)")
wrong_dual(
    "ε₁² kept",
    "ε₁ε₂ times ε₁ε₂ holds ε₁², which is 0.",
    NESTED,
    "nested_product = nested_product + u12 * v12",
)
wrong_dual(
    "power lowered once",
    "Each derivative lowers the power by 1: from 1/2 to −1/2, and on to −3/2.",
    SECOND,
    "nested_root = -1 / (4 * sp.sqrt(x))",
)
wrong_dual(
    "factorial on the wrong side",
    "A Taylor series divides by the factorial.",
    SECOND,
    "taylor_root = 2 * nested_root",
)


# T4

LYING = """
identity = [("p", "relu", "x"), ("m", "neg", "x"), ("q", "relu", "m"), ("i", "sub", "p", "q")]
lying_program = identity  # relu(x) − relu(−x) = x, and at 0 both slopes are 0
lying_point = 0
told_slope, true_slope = 0, 1
# s x + (1 − s)(relu(x) − relu(−x)) = x, with the slope s + (1 − s)·0
any_program = [*identity, ("l", "mul", "x", s), ("r", "mul", "i", 1 - s), ("y", "add", "l", "r")]
"""


def wrong_lie(note, hint, caught_by, *changes):
    mistaken_cell(
        "lying", note=note, hint=hint, caught_by=caught_by, source=f"{LYING}\n" + "\n".join(changes)
    )


LIE, OWN = (
    "test_autograd_is_wrong_where_the_function_is_smooth",
    "test_autograd_says_your_own_number",
)
SLOPES = "test_told_slope_and_true_slope"

wrong_lie(
    "autograd is right there",
    "At 1 the program meets no kink.",
    LIE,
    "lying_point = 1",
    "told_slope, true_slope = 1, 1 + 1e-7",
)
wrong_lie(
    "autograd is right there",
    "A smooth program has no kink to stumble over.",
    LIE,
    'lying_program = [("s", "mul", "x", "x")]',
    "lying_point, told_slope, true_slope = 3, 3, 6",
)
wrong_lie(
    "the function has a kink there",
    "relu itself has no derivative at 0.",
    LIE,
    'lying_program = [("r", "relu", "x")]',
    "told_slope, true_slope = 0, 1",
)
wrong_lie(
    "the function has a kink there",
    "|x| has no derivative at 0.",
    LIE,
    'lying_program = [("r", "abs", "x")]',
    "told_slope, true_slope = 0, 1",
)
wrong_lie(
    "the function has a kink there",
    "x·|x| has a second derivative that jumps.",
    LIE,
    'lying_program = [("r", "abs", "x"), ("p", "mul", "r", "x"), ("q", "relu", "x"), '
    '("m", "neg", "x"), ("n", "relu", "m"), ("i", "sub", "q", "n"), ("y", "add", "p", "i")]',
)
wrong_lie(
    "autograd is right there",
    "x² − 3 by relu² has slope 0 at 0, and so has autograd.",
    LIE,
    'lying_program = [("r", "abs", "x"), ("p", "mul", "r", "r")]',
    "told_slope, true_slope = 0, 1",
)
wrong_lie(
    "both swapped", "Which of the two is the convention's?", SLOPES, "told_slope, true_slope = 1, 0"
)
wrong_lie(
    "not the number", "Run the program at the point.", SLOPES, "told_slope, true_slope = 0.5, 1"
)
wrong_lie(
    "cannot be read",
    "An argument is the name of an earlier line.",
    LIE,
    'lying_program = [("q", "sub", "a", "b"), ("a", "relu", "x"), ("b", "neg", "x")]',
)
wrong_lie(
    "cannot be read",
    "Only the operations of the table are allowed.",
    LIE,
    'lying_program = [("a", "sqrt", "x"), ("b", "mul", "a", "a")]',
)
wrong_lie("another slope", "Mix it with x itself.", OWN, "any_program = identity")
wrong_lie(
    "another slope",
    "x itself has the slope 1.",
    OWN,
    'any_program = [("y", "mul", "x", 1)]',
)
wrong_lie(
    "another slope",
    "The two parts have to be weighed by s and 1 − s.",
    OWN,
    'any_program = [*identity, ("l", "mul", "x", 1 - s), ("r", "mul", "i", s), '
    '("y", "add", "l", "r")]',
)
wrong_lie(
    "another function",
    "s·x has the slope s, and is another function than x.",
    OWN,
    'any_program = [("y", "mul", "x", s)]',
)
wrong_lie(
    "another function",
    "relu(x) + s·(x − relu(x)) bends at 0.",
    OWN,
    'any_program = [("p", "relu", "x"), ("m", "sub", "x", "p"), ("r", "mul", "m", s), '
    '("y", "add", "p", "r")]',
)
wrong_lie(
    "autograd is right there",
    "max gives half to each: both halves together are right.",
    LIE,
    'lying_program = [("p", "max", "x", 0), ("n", "neg", "x"), ("q", "max", "n", 0), '
    '("y", "sub", "p", "q")]',
)
wrong_lie(
    "cannot be read",
    "Numbers that overflow prove nothing.",
    LIE,
    'lying_program = [("c", "mul", 2, 2)] + [("c", "mul", "c", "c")] * 11 '
    '+ [("u", "mul", "c", "x"), ("z", "mul", "u", 0), ("y", "add", "z", "x")]',
)


# T5


def wrong_proof(note, hint, order, caught_by="test_proof_is_in_order", choice=("i", "two")):
    source = f"reverse_proof = {list(order)!r}\ncreation_order = {choice!r}"
    mistaken_cell("reverse_proof", note=note, hint=hint, caught_by=caught_by, source=source)


wrong_proof("used before it is shown", "The base case stands at the very end.", "BDGAFJMEL")
wrong_proof("inputs before users", "The walk is backwards.", "LBKGAFJME")
wrong_proof("inputs before users", "The walk is backwards; D and G say what counts.", "LBDKGAFJME")
wrong_proof("induction in the wrong direction", "The loop runs from N down to 1.", "LHDGAFJME")
wrong_proof("every node used once", "A node may be used several times.", "LBCDGAFJME")
wrong_proof("used before it is shown", "G uses D.", "LBGDAFJME")
wrong_proof("used before it is shown", "M uses F and J.", "LBDGAMFJE")
wrong_proof("a step is missing", "Without the chain rule nothing is compared.", "LBDGAFME")
wrong_proof("a step is missing", "An induction needs its base case.", "BDGAFJME")
wrong_proof("a step is missing", "Say at last what has been shown.", "LBDGAFJM")
wrong_proof("a line twice", "A line is enough once.", "LBDGAFJDME")
wrong_proof(
    "used before it is shown",
    "Turn it round.",
    "EMJFAGDBL",
    caught_by="test_proof_is_two_changes_away",
)

CREATION = "test_order_of_creation"
RIGHT_PROOF = "LBDGAFJME"

wrong_proof(
    "not the choice",
    "Shares are added: a second use does no harm.",
    RIGHT_PROOF,
    CREATION,
    ("ii", "three"),
)
wrong_proof("not the choice", "A loop makes new nodes.", RIGHT_PROOF, CREATION, ("iii", "one"))
wrong_proof(
    "not the choice",
    "What has to exist when a node is made?",
    RIGHT_PROOF,
    CREATION,
    ("iv", "four"),
)
wrong_proof(
    "not the reason",
    "Is it one of the topological orders, and why?",
    RIGHT_PROOF,
    CREATION,
    ("i", "four"),
)
wrong_proof(
    "not the reason", "That is why shares are added.", RIGHT_PROOF, CREATION, ("i", "three")
)
