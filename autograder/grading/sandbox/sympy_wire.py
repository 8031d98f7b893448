"""SymPy expressions as trees of allow-listed nodes, rebuilt without evaluating anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import Boolean

from .wire import MAX_INT_BYTES, WireError

MAX_NODES = 5_000
MAX_DEPTH = 80
MAX_CONDITIONS = 100  # joined by one And or Or
MAX_EXPONENT_DIGITS = 4  # of a decimal: no float has more than three
CONSTANTS = {
    "pi": sp.pi, "E": sp.E, "I": sp.I, "oo": sp.oo, "-oo": -sp.oo, "zoo": sp.zoo, "nan": sp.nan,
    "True": sp.true, "False": sp.false, "EulerGamma": sp.EulerGamma,
}  # fmt: skip
FUNCTIONS: dict[str, Any] = {
    f.__name__: f
    for f in (
        sp.Add, sp.Mul, sp.Pow, sp.Abs, sp.Max, sp.Min, sp.exp, sp.log, sp.sin, sp.cos, sp.tan,
        sp.asin, sp.acos, sp.atan, sp.sinh, sp.cosh, sp.tanh, sp.sign, sp.floor, sp.ceiling,
        sp.erf, sp.factorial, sp.binomial, sp.gamma, sp.Heaviside, sp.KroneckerDelta, sp.conjugate,
        sp.Eq, sp.Ne, sp.Lt, sp.Le, sp.Gt, sp.Ge, sp.And, sp.Or, sp.Not, sp.Piecewise,
    )
}  # fmt: skip
# what the arguments of a function are, where they are not expressions
_ARGUMENTS: dict[str, type] = {
    "And": Boolean, "Or": Boolean, "Not": Boolean, "Piecewise": ExprCondPair,
}  # fmt: skip
UNEVALUATED: dict[str, Any] = {"Sum": sp.Sum, "Integral": sp.Integral, "Derivative": sp.Derivative}
ASSUMPTIONS = frozenset(
    "real positive negative nonnegative nonpositive nonzero zero integer rational complex finite "
    "even odd commutative extended_real prime".split()
)


# How large a number an expression may come to, as bits of it or of its inverse. SymPy and mpmath
# take as long as a number is long, in code that no time limit can stop.
MAX_BITS = 2.0**17
EXPONENTIAL = frozenset(("exp", "sinh", "cosh"))
BOUNDED = frozenset(
    "sin cos tan asin acos atan tanh sign erf Heaviside KroneckerDelta log Eq Ne Lt Le Gt Ge And "
    "Or Not".split()
)


def growth(tag: str, bits: Sequence[float | None]) -> float | None:
    """A bound for the bits of a function's value, from those of its arguments.

    None stands for something that holds a symbol, which has no size. Raises: WireError where a
    number, or the power of something, would be too long.
    """
    sizes = [size for size in bits if size is not None]
    most = max(sizes, default=0.0)
    if tag == "Pow" and len(bits) == 2 and bits[1] is not None:
        most = (1.0 if bits[0] is None else max(bits[0], 1.0)) * 2.0 ** min(bits[1], 100.0)
    elif tag in EXPONENTIAL:
        most = 2.0 * 2.0 ** min(most, 100.0)
    elif tag in ("factorial", "gamma", "binomial") and sizes:
        most = max(most, 1.0) * 2.0 ** min(most, 100.0)
    elif tag in BOUNDED:
        most = 64.0
    elif tag == "Mul":
        most = sum(sizes)
    elif tag == "Add":
        most += len(sizes)
    if most > MAX_BITS:
        raise WireError("a number in an expression is too large to compute")
    return None if len(sizes) < len(bits) else most


def encode_sympy(value: object) -> list[Any] | None:
    """The tree of a SymPy object, or None where it is none or holds a node not allowed."""
    if not isinstance(value, sp.Basic | sp.MatrixBase):
        return None
    try:
        tree = _encode(value, 0)
        decode_sympy(tree)  # what the other side would refuse stays here
    except (WireError, RecursionError, AttributeError, TypeError, ValueError):
        return None
    else:
        return tree


def _encode(node: Any, depth: int) -> list[Any]:
    if depth > MAX_DEPTH:
        raise WireError("expression too deep")
    for name, constant in CONSTANTS.items():
        if node is constant or (node == constant and isinstance(node, sp.Number)):
            return ["const", name]
    if isinstance(node, sp.Integer):
        return ["Rational", _int_bytes(int(node)), _int_bytes(1)]
    if isinstance(node, sp.Rational):
        return ["Rational", _int_bytes(int(node.p)), _int_bytes(int(node.q))]
    if isinstance(node, sp.Float):
        return ["Float", str(node), int(node._prec)]
    if type(node) is sp.Symbol or type(node) is sp.Dummy:
        known = {k: v for k, v in node.assumptions0.items() if k in ASSUMPTIONS}
        return ["Symbol", str(node.name), {k: v for k, v in known.items() if v is not None}]
    if isinstance(node, sp.MatrixBase):
        return ["Matrix", node.rows, node.cols, [_encode(x, depth + 1) for x in node.flat()]]
    args = [_encode(a, depth + 1) for a in node.args]
    if isinstance(node, ExprCondPair):
        return ["pair", args]
    if isinstance(node, sp.Tuple):
        return ["Tuple", args]
    name = type(node).__name__
    if name in FUNCTIONS or name in UNEVALUATED:
        return [name, args]
    raise WireError(f"{name} is not a node of the protocol")


def decode_sympy(tree: Any) -> Any:
    """The expression of a tree. Raises: WireError for anything that is not of the protocol."""
    return _Decode().node(tree, 0)


class _Decode:
    def __init__(self) -> None:
        self.left = MAX_NODES

    def node(self, tree: Any, depth: int) -> Any:
        return self.sized(tree, depth)[0]

    def sized(self, tree: Any, depth: int) -> tuple[Any, float | None]:
        """The expression of a tree, and a bound for the bits of its value."""
        self.left -= 1
        if self.left < 0 or depth > MAX_DEPTH:
            raise WireError("expression too large")
        if not isinstance(tree, list) or len(tree) < 2 or not isinstance(tree[0], str):
            raise WireError("an expression is a tagged list")
        tag, *rest = tree
        if tag in ("const", "Rational", "Float", "Symbol"):
            leaf = _leaf(tag, rest)
            return leaf, _bits(leaf)
        if tag == "Matrix":
            return self._matrix(rest, depth), None
        return self._inner(tag, rest, depth)

    def _matrix(self, rest: list[Any], depth: int) -> Any:
        rows, cols, items = rest
        if type(rows) is not int or type(cols) is not int or not isinstance(items, list):
            raise WireError("malformed matrix")
        if rows < 0 or cols < 0 or rows * cols != len(items):
            raise WireError("a matrix has rows times columns entries")
        return sp.ImmutableDenseMatrix(rows, cols, [self.node(x, depth + 1) for x in items])

    def _inner(self, tag: str, rest: list[Any], depth: int) -> tuple[Any, float | None]:
        if len(rest) != 1 or not isinstance(rest[0], list):
            raise WireError("malformed node")
        pairs = [self.sized(a, depth + 1) for a in rest[0]]
        args, sizes = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        if tag == "Pow" and len(args) == 2 and isinstance(args[1], sp.Rational):
            sizes[1] = _magnitude(args[1])
        bits = growth(tag, sizes)
        if tag == "pair":
            if len(args) != 2 or args[1].has(sp.Piecewise):  # SymPy multiplies such cases out
                raise WireError("a condition that holds cases")
            return ExprCondPair(*args), bits
        if tag == "Tuple":
            return sp.Tuple(*args), bits
        if tag in UNEVALUATED:
            node = UNEVALUATED[tag](*args)
            if not node.free_symbols:  # SymPy would set out to compute it wherever it is compared
                raise WireError(f"a {tag} of numbers is to be computed where it is written")
            return node, None
        cls = FUNCTIONS.get(tag)
        if cls is None:
            raise WireError(f"{tag[:40]!r} is not a node of the protocol")
        wanted = _ARGUMENTS.get(tag, sp.Expr)
        if not all(isinstance(arg, wanted) for arg in args):
            raise WireError(f"{tag} has an argument that it cannot have")
        if wanted is Boolean and len(args) > MAX_CONDITIONS:  # each is compared with each
            raise WireError("too many conditions")
        return cls(*args, evaluate=False), bits


def _bits(leaf: Any) -> float | None:
    """How long a number is; a decimal counts as its exponent, since its digits are bounded."""
    if isinstance(leaf, sp.Rational):
        return float(max(abs(int(leaf.p)).bit_length(), int(leaf.q).bit_length()))
    if isinstance(leaf, sp.Float):
        return float(abs(leaf._mpf_[2] + leaf._mpf_[3]) + 1)
    return None if isinstance(leaf, sp.Symbol) else 2.0


def _magnitude(exponent: Any) -> float:
    """How many bits an exponent has before its point: 1/3 is small, however it is written."""
    p, q = abs(int(exponent.p)), int(exponent.q)
    return float(max(0, p.bit_length() - q.bit_length() + 1))


def _leaf(tag: str, rest: list[Any]) -> Any:
    if tag == "const":
        return CONSTANTS[rest[0]]
    if tag == "Rational":
        p, q = (_int(v) for v in rest)
        return sp.Rational(p, q)
    if tag == "Float":
        text, precision = rest
        if not isinstance(text, str) or not re.fullmatch(r"[-+0-9.e]{1,400}", text):
            raise WireError("malformed decimal")
        exponent = text.partition("e")[2].lstrip("+-")
        is_short = len(exponent) <= MAX_EXPONENT_DIGITS
        if not is_short or type(precision) is not int or not 1 <= precision <= 4096:
            raise WireError("decimal too large")
        return sp.Float(text, precision=precision)
    name, assumptions = rest
    if not isinstance(name, str) or not 0 < len(name) <= 80:
        raise WireError("malformed symbol")
    if not isinstance(assumptions, dict) or not set(assumptions) <= ASSUMPTIONS:
        raise WireError("malformed symbol")
    return sp.Symbol(name, **{k: bool(v) for k, v in assumptions.items()})


def _int_bytes(value: int) -> bytes:
    size = value.bit_length() // 8 + 1
    if size > MAX_INT_BYTES:
        raise WireError("integer too large")
    return value.to_bytes(size, "big", signed=True)


def _int(data: Any) -> int:
    if not isinstance(data, bytes) or len(data) > MAX_INT_BYTES:
        raise WireError("malformed integer")
    return int.from_bytes(data, "big", signed=True)
