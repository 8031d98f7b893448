"""The order in which a computation can be done, found without recursion."""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

T = TypeVar("T")


def topo_sort(
    root: T,
    inputs: Callable[[T], Iterable[T]],
    key: Callable[[T], Hashable] = lambda node: node,
) -> list[T]:
    """Return every node that `root` depends on, once, each after its inputs; `root` is last.

    The order is that of a depth-first search which visits inputs from left to right and writes a
    node down when all its inputs are: it depends on the graph alone, not on hashes. Nodes with the
    same `key` are one node. Takes one step for each node and for each edge, and no recursion, so
    that a chain of a million operations is no deeper than one.

    Raises:
        ValueError: the graph has a cycle.

    Source: R. Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1 (1972);
        Knuth, The Art of Computer Programming 1, section 2.2.3 (topological sorting).
    """
    order: list[T] = []
    open_, done = {key(root)}, set[Hashable]()
    stack = [(root, iter(inputs(root)))]
    while stack:
        node, waiting = stack[-1]
        child = next((c for c in waiting if key(c) not in done), None)
        if child is None:
            stack.pop()
            order.append(node)
            done.add(key(node))
            open_.discard(key(node))
        elif key(child) in open_:
            raise ValueError("the graph has a cycle: a node is its own input, directly or not")
        else:
            open_.add(key(child))
            stack.append((child, iter(inputs(child))))
    return order
