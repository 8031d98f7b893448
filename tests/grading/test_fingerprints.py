"""When two values count as the same behaviour."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

from autograder.grading.fingerprints import same

ALIKE = [
    (1.0, 1.0 + 1e-12),
    (0, 0.0),
    (True, 1),
    (float("nan"), float("nan")),
    (float("inf"), float("inf")),
    ("row", "row"),
    (None, None),
    (sympy.sqrt(2), 2**0.5),
    ([1, 2.0], (1.0, 2)),
    ([[1, 2], [3, 4]], [np.array([1.0, 2.0]), (3, 4)]),
    (np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[1.0, 3e-17], [-1e-17, 1.0]])),
    ([1.0, 0.0], [1.0, 1e-17]),
    (np.array([1e300, 1.0]), np.array([1e300, 1.0])),
    (np.array([1.0, np.inf]), np.array([1.0, np.inf])),
    ([10**400, 1], [10**400, 1]),
    (list(range(200_000)), list(range(200_000))),
    (np.zeros((0, 3)), np.zeros((0, 3))),
]
UNLIKE = [
    (1.0, 1.0 + 1e-6),
    (0.0, 1e-300),
    (1e-200, 2e-200),
    (float("inf"), 1.0),
    ([1.0, float("inf")], [1.0, 2.0]),
    ([1, 2], [1, 2, 3]),
    ([1.0, 1e-3], [1.0, 2e-3]),
    ([1.0, "a"], [1.0, "b"]),
    ("1", 1),
    (None, 0),
    (np.zeros((2, 1)), np.zeros((1, 2))),
    (np.array(["a", "b"]), np.array(["a", "c"])),
    ([10**400, 1], [10**400, 2]),
]


@pytest.mark.parametrize(("a", "b"), ALIKE)
def test_equal_up_to_rounding(a, b):
    assert same(a, b)
    assert same(b, a)


@pytest.mark.parametrize(("a", "b"), UNLIKE)
def test_another_value(a, b):
    assert not same(a, b)
    assert not same(b, a)
