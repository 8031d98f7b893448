import contextlib
from fractions import Fraction

import msgpack
import numpy as np
import pytest
import sympy as sp
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.grading.sandbox.decoder import Decoder
from autograder.grading.sandbox.encoder import Encoder
from autograder.grading.sandbox.wire import (
    MAX_DEPTH,
    MAX_ITEMS,
    WireError,
    read_frame,
    unpack,
    write_frame,
)
from tests.grading.fuzz_wire import fuzz, honest, receive


def opaque(value):
    raise WireError(f"{type(value).__name__} is no data")


def there(value):
    encoder = Encoder(opaque)
    body = msgpack.packb({"value": encoder.encode(value), "buffers": encoder.buffers})
    return unpack(bytes(body or b""))


def back(message):
    return Decoder(message["buffers"], opaque).decode(message["value"])


def round_trip(value):
    return back(there(value))


scalars = (
    st.none() | st.booleans() | st.integers(-(2**200), 2**200) | st.floats(allow_nan=False)
    | st.text() | st.binary() | st.complex_numbers(allow_nan=False) | st.fractions()
)  # fmt: skip
keys = st.integers() | st.text() | st.tuples(st.integers(), st.text())
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4)
    | st.tuples(inner, inner) | st.sets(st.integers(), max_size=3),
    max_leaves=12,
)  # fmt: skip
dtypes = (
    hnp.boolean_dtypes()
    | hnp.integer_dtypes()
    | hnp.floating_dtypes()
    | hnp.complex_number_dtypes()
)
dtypes = dtypes.filter(lambda dtype: dtype.itemsize <= 16)


@given(values)
def test_plain_values_come_back_equal(value):
    result = round_trip(value)
    assert result == value
    assert type(result) is type(value)


@given(hnp.arrays(dtypes, hnp.array_shapes(min_dims=0, min_side=0, max_side=4)))
def test_arrays_come_back_with_dtype_and_shape(array):
    result = round_trip(array)
    assert result.dtype == array.dtype
    np.testing.assert_array_equal(result, array)


@pytest.mark.parametrize(
    "view", [np.s_[::2, ::-1], np.s_[1:, 2:], np.s_[:, None, 1], np.s_[..., 0]]
)
def test_views_keep_their_strides(view):
    array = np.arange(24.0).reshape(4, 6)[view]
    assert round_trip(array).strides == array.strides


def test_arrays_that_share_memory_share_it_there():
    x = np.arange(6.0)
    a, b = round_trip((x, x[::2]))
    a[0] = 99
    assert b[0] == 99


def test_one_list_passed_twice_is_one_list():
    items = [1]
    a, b = round_trip((items, items))
    assert a is b


@pytest.mark.parametrize("name", "bool uint8 int64 float16 bfloat16 float32 complex64".split())
def test_tensors_come_back(name):
    tensor = torch.ones(3, 4).to(getattr(torch, name)).T
    result = round_trip(tensor)
    assert result.dtype == tensor.dtype
    assert result.stride() == tensor.stride()
    assert torch.equal(result, tensor)


x, y = sp.symbols("x y", positive=True)


@pytest.mark.parametrize(
    "expression",
    [x**2 + sp.sqrt(2), sp.Abs(sp.Symbol("z")), sp.Piecewise((x, x > 1), (0, True)), sp.pi * sp.I,
     sp.Matrix([[1, x], [sp.Rational(1, 3), y]]), sp.Eq(x, y), sp.KroneckerDelta(x, y), -sp.oo,
     sp.Max(x, y), sp.Sum(x, (x, 1, y)), sp.Derivative(x**2, x), sp.Le(x, 3), sp.Float("0.1")],
    ids=str,
)  # fmt: skip
def test_expressions_come_back_equal(expression):
    assert round_trip(expression) == expression


def test_powers_come_as_they_are_written():
    power = sp.Pow(10, sp.Pow(2, 3, evaluate=False), evaluate=False)
    assert round_trip(power).args[1].args == (2, 3)


def test_an_exponent_is_small_however_long_it_is_written():
    root = sp.Pow(8, sp.Rational(10**40 + 1, 3 * 10**40), evaluate=False)
    assert round_trip(root) == root
    with pytest.raises(WireError, match="Pow is no data"):
        round_trip(sp.Pow(8, sp.Rational(10**40 + 1, 3), evaluate=False))


X, N = sp.Symbol("x", positive=True), sp.Symbol("n")


@pytest.mark.parametrize(
    "huge",
    [
        sp.Pow(10, sp.Pow(10, 10, evaluate=False), evaluate=False),
        sp.Pow(X, 10**9, evaluate=False),
        sp.exp(sp.exp(sp.exp(9, evaluate=False), evaluate=False), evaluate=False),
        sp.factorial(10**8, evaluate=False) + X,
        sp.Sum(sp.sin(X**X), (X, 1, 10**12)),
        sp.binomial(10**9, 10**8, evaluate=False),
        sp.Mul(*[sp.Pow(7, 40000 + i, evaluate=False) for i in range(9)], evaluate=False),
    ],
    ids=str,
)
def test_a_number_too_large_to_compute_stays_in_the_sandbox(huge):
    with pytest.raises(WireError, match=f"{type(huge).__name__} is no data"):
        there(huge)


@pytest.mark.parametrize(
    "fine",
    [sp.oo, sp.Float("1e300") ** 2, (1 + sp.Rational(1, 1000)) ** 1000, sp.exp(-(X**2) / 2),
     sp.Rational(1, 3) ** X, sp.factorial(50, evaluate=False), sp.Sum(X**2, (X, 1, N)),
     sp.Piecewise((X, X > 0), (0, True)), sp.Pow(10, 300, evaluate=False)],
    ids=str,
)  # fmt: skip
def test_what_a_course_writes_crosses(fine):
    assert round_trip(fine) == fine


def test_what_is_no_data_is_left_to_the_caller():
    with pytest.raises(WireError, match="function is no data"):
        there(lambda: None)


def test_deep_nesting_is_refused():
    value: list = []
    for _ in range(MAX_DEPTH + 2):
        value = [value]
    with pytest.raises(WireError, match="nests deeper than"):
        there(value)


@pytest.mark.parametrize(
    "tree",
    [
        [], ["?"], [3], {"a": 1}, ["i", b"1" * 5000], ["i", "1"], ["q", 1, 0], ["q", 1.5, 2],
        ["l", 1, []], ["r", 0], ["r", -1], ["a", 0, "<f8", [1], [8], 0, True],
        ["a", 5, "<f8", [1], [8], 0, True], ["n", "O", b"12345678"], ["n", "<f8", b"1"],
        ["D", "O"], ["D", ["<f8"]], ["B", "eval"],
        ["T", 0, "float64", [10**9], [1], 0, False, None],
        ["T", 0, "__class__", [], [], 0, False, None], ["o", [2], [1]], ["o", [-1], []],
        ["y", ["eval", []]], ["y", ["Symbol", "x", {"__class__": 1}]], ["y", ["Float", "e", 53]],
        ["y", ["Float", "1e999999999", 53]], ["y", ["Matrix", 10**9, 10**9, []]], ["y", 3],
        ["s", 0, [["l", 1, []]]], ["d", 0, [[["l", 1, []], 1]]], ["d", 0, [1]], ["A", 0],
        ["S", 1], ["c", "a", "b"], ["y", ["Pow", [["const", "E"]]]],
    ],
    ids=repr,
)  # fmt: skip
def test_a_forged_value_is_refused(tree):
    with pytest.raises(WireError):
        Decoder([b"1234"], opaque).decode(tree)


@pytest.mark.parametrize(
    ("offset", "strides"), [(0, [8]), (10**12, [1]), (-8, [8]), (0, [-8]), (0, [2**40])]
)
def test_a_view_beyond_its_buffer_is_refused(offset, strides):
    with pytest.raises(WireError):
        Decoder([b"12345678"], opaque).decode(["a", 0, "<f8", [2], strides, offset, True])


trees = st.recursive(
    st.none() | st.integers(-9, 9) | st.binary(max_size=3)
    | st.sampled_from([*"iclsdtfraAnToySEDGBhk", "<f8", "float32", "Add", "Symbol", "const", "pi"]),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(), inner, max_size=1),
    max_leaves=20,
)  # fmt: skip


@given(trees, st.lists(st.binary(max_size=16), max_size=2))
def test_any_tree_decodes_or_is_refused(tree, buffers):
    with contextlib.suppress(WireError):
        Decoder(buffers, opaque).decode(tree)


@given(st.binary(max_size=64))
def test_any_bytes_are_a_message_or_are_refused(body):
    with contextlib.suppress(WireError):
        assert isinstance(unpack(body), dict)


def test_fractions_inside_object_arrays_come_back():
    array = np.array([[Fraction(1, 3), 2]], dtype=object)
    assert round_trip(array).tolist() == array.tolist()


def test_forged_frames_raise_nothing_but_the_protocols_own():
    counts, found = fuzz(20_000, seed=5)
    assert found == []
    assert min(counts.values()) > 1000


def test_every_honest_frame_is_taken():
    assert {receive(frame) for frame in honest()} == {"taken"}


class Pieces:
    """A stream that gives and takes so many bytes at a time."""

    def __init__(self, size, data=b""):
        self.size, self.data = size, data

    def recv(self, size):
        part, self.data = self.data[: min(size, self.size)], self.data[min(size, self.size) :]
        return part

    def sendall(self, data):
        self.data += data


@pytest.mark.parametrize("size", [1, 3, 5, 2**16, 2**30])
def test_a_frame_may_come_in_pieces(size):
    stream = Pieces(size)
    message = {"value": b"x" * (100 if size < 9 else 200_000)}
    write_frame(stream, message)
    assert read_frame(stream) == message
    with pytest.raises(EOFError):
        read_frame(stream)


def test_nothing_may_follow_a_frame_at_once():
    stream = Pieces(2**16)
    write_frame(stream, {"value": 1})
    write_frame(stream, {"value": 2})
    with pytest.raises(WireError, match="more behind it"):
        read_frame(stream)


def test_a_value_that_holds_itself_exponentially_often_is_refused():
    value: list = [1.0]
    for _ in range(50):
        value = [value, value]
    with pytest.raises(WireError, match="holds itself too often"):
        back(there(value))


def test_a_frame_of_many_empty_lists_is_refused_before_any_is_made():
    count = MAX_ITEMS + 1
    body = b"\x81\xa5value\xdd" + count.to_bytes(4, "big") + b"\x90" * count
    with pytest.raises(WireError, match="too many items"):
        unpack(body)
