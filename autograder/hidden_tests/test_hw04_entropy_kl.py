"""Hidden tests of homework 4, probability, entropy, divergence and information: one claim each.

Expected values are found by hand, from the definitions, or to 30 digits.
"""

import ast
import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy as sp
import torch

from autograder.answers.choices import require_choice
from autograder.answers.counterexamples import Premise, differs, exceeds, require_counterexample
from autograder.answers.derivations import Derivation, Milestone, require_derivation
from autograder.answers.distributions import cross_entropy, entropy, kl, read_distribution
from autograder.answers.domains import integer, names, positive, real, sample, simplex, unit
from autograder.answers.errata import Erratum, judge_erratum
from autograder.answers.expressions import Slip, compare, read_expression, require_equal
from autograder.answers.geometry import require_tangent
from autograder.answers.numbers import NumberSlip, require_number
from autograder.answers.reading import read_number, read_pair
from autograder.answers.tables import Row, RowSlip, judge_table
from autograder.answers.verdict import InvalidAnswer, WrongAnswer

# A sum of a few dozen float64 terms, however it is arranged, errs by less than 1e-13 of the largest
# term; float32 errs by 1e-7 and fails.
ROUNDING = 1e-11


def numbers(value):
    """What the student's function returned, as an array of real numbers."""
    if value is None:
        raise InvalidAnswer("the function returns nothing: end it with `return ...`")
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu().numpy()
    if not isinstance(value, int | float | complex | list | tuple | np.ndarray | np.generic):
        raise InvalidAnswer("the function should return a number or an array of numbers")
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise InvalidAnswer("the rows that the function returns differ in length") from error
    if array.dtype.kind not in "biuf":
        raise InvalidAnswer("the function should return real numbers")
    return array


def number(value):
    """The one real number that the student's function returned."""
    array = numbers(value)
    if array.size != 1:
        raise InvalidAnswer("the function should return one number, not several")
    return float(array.item())


def near(value, rel=ROUNDING, abs=0.0):
    return pytest.approx(value, rel=rel, abs=abs)


def distribution(rng, k):
    """A random distribution whose entries are neither equal nor tiny."""
    p = rng.uniform(0.1, 1, size=k)
    return p / p.sum()


# P1

LARGEST = 1 - 2.0**-53  # the largest float64 below 1


def classes(value, shape):
    """The classes that sampler returned, if they are whole numbers in an array of the shape."""
    array = numbers(value)
    if array.shape != shape:
        raise WrongAnswer(
            "another shape", "The result has the shape that was asked for, whatever K is."
        )
    return array


def expected_classes(probs, u):
    """Which segment each u falls into, by the definition: the first class whose sum exceeds u."""
    sums = [math.fsum(probs[: j + 1]) for j in range(len(probs))]
    possible = [j for j, p in enumerate(probs) if p > 0]
    return np.array([next((j for j in possible if t < sums[j]), possible[-1]) for t in u])


def check_classes(value, probs, u, shape):
    """Raise WrongAnswer, with the usual mistake where it can be told, unless the classes fit."""
    found, wanted = classes(value, shape).ravel(), expected_classes(probs, u)
    if np.array_equal(found, wanted):
        if found.dtype.kind not in "iu":
            raise WrongAnswer(
                "classes that are no integers", "A class is a number such as 2, not 2.0 or True."
            )
        return
    for note, hint, slip in sampler_slips(probs, u, shape, wanted):
        if np.shape(slip) == found.shape and np.allclose(found, slip, rtol=0, atol=1e-12):
            raise WrongAnswer(note, hint)
    columns = shape[-1]
    if columns < len(probs) and found.max() < columns <= wanted.max():
        raise WrongAnswer(
            "columns for classes",
            "The number of classes is the length of probs; the shape says how many to draw.",
        )
    raise AssertionError("the classes are not those of the segments")


def sampler_slips(probs, u, shape, wanted):
    """What the usual mistakes give instead of the classes wanted."""
    k, sums = len(probs), np.cumsum(probs)
    yield (
        "probabilities for classes",
        "You return the probability of the class that was drawn; return its number.",
        np.asarray(probs)[wanted],
    )
    yield (
        "no break",
        "The first class with u < c_j is asked for: later ones satisfy it too.",
        np.full(len(u), k - 1),
    )
    yield "counted from one", "Classes are counted from 0, as arrays are.", wanted + 1
    yield (
        "every class alike",
        "Segments of equal length make all classes equally likely: use the sums c_j.",
        np.minimum((u * k).astype(int), k - 1),
    )
    yield (
        "segments from the right",
        "With 1 - u for u the frequencies are right, and the classes of given numbers are not.",
        expected_classes(probs, 1 - u),
    )
    yield (
        "one number for all",
        "Each entry takes a random number of its own.",
        np.full(len(u), wanted[0]),
    )
    yield (
        "not row by row",
        "The numbers go to the entries in the order of reading: row by row.",
        wanted.reshape(shape, order="F").ravel(),
    )
    yield (
        "no sums",
        "Compare u with the sums c_j, not with the single probabilities.",
        np.array([next((j for j in range(k) if t < probs[j]), k - 1) for t in u]),
    )
    order = np.argsort(probs)[::-1]
    yield (
        "classes renumbered",
        "Sorting probs first gives the classes other numbers: class j belongs to probs[j].",
        expected_classes(np.asarray(probs)[order], u),
    )
    yield (
        "the class before",
        "c_j is the right end of segment j, not its left end.",
        np.maximum(np.searchsorted(sums, u, side="right") - 1, 0),
    )


def uniform_numbers(rng, probs, count):
    """Uniform numbers, none so close to an end of a segment that rounding decides its class."""
    sums, u = np.cumsum(probs), rng.random(4 * count + 10)
    return u[np.abs(u[:, None] - sums).min(axis=1) > 1e-9][:count]


def draw(student, probs, shape, u):
    return student.sampler(probs, shape, student.Replay(u))


@pytest.mark.grade_cell("sampler")
@pytest.mark.parametrize("k", [2, 3, 7])
def test_number_finds_its_segment(student, rng, k):
    """A number u gives the class j with c_(j−1) ≤ u < c_j, for a vector of numbers."""
    probs = distribution(rng, k)
    u = uniform_numbers(rng, probs, 40)
    check_classes(draw(student, probs, 40, u), probs, u, (40,))


@pytest.mark.grade_cell("sampler")
@pytest.mark.parametrize(("k", "shape"), [(5, (4, 3)), (2, (3, 6)), (4, (2, 3, 5)), (6, (3, 1, 2))])
def test_shape_has_nothing_to_do_with_the_classes(student, rng, k, shape):
    """The result may have any shape, with one axis, two or three, and is filled row by row."""
    probs = distribution(rng, k)
    u = uniform_numbers(rng, probs, math.prod(shape) - 2)
    u = np.concatenate([[LARGEST / 2, 1 - 1e-6], u])  # the last class comes up too
    check_classes(draw(student, probs, shape, u), probs, u, shape)


@pytest.mark.grade_cell("sampler")
@pytest.mark.parametrize(
    "probs", [[0, 0.25, 0.75], [0.5, 0, 0, 0.5], [0, 0, 1, 0], [0.25, 0.75, 0]]
)
def test_impossible_classes_never_come(student, probs):
    """A class of probability 0 never comes up, not even where u is exactly 0 or an end."""
    probs = np.array(probs, dtype=float)
    u = np.array([0.0, 0.25, 0.5, 0.75, LARGEST])  # dyadic: every sum is exact
    value = classes(draw(student, probs, 5, u), (5,))
    wanted = expected_classes(probs, u)
    inside = (value >= 0) & (value < len(probs))
    if inside.all() and (probs[value.astype(int)] == 0).any():
        raise WrongAnswer(
            "an impossible class",
            "The segment of a class with probability 0 is empty: on which side is `<` and on "
            "which `<=`?",
        )
    assert np.array_equal(value, wanted)


@pytest.mark.grade_cell("sampler")
@pytest.mark.parametrize("k", [6, 10, 11, 49, 98])
def test_rounding_leaves_no_number_without_a_class(student, k):
    """Where the probabilities add up to a little less than 1, a u above the sum has a class too."""
    for tail in (0, 2):  # classes of probability 0 behind the last possible one
        probs = np.array([1 / k] * k + [0.0] * tail)
        value = classes(draw(student, probs, 2, np.array([LARGEST, 0.0])), (2,))
        if k <= value[0] < k + tail:
            raise WrongAnswer(
                "an impossible class behind the last one",
                "The last class is not always a possible one: which one gets a u beyond the sum?",
            )
        if not 0 <= value[0] < k:
            raise WrongAnswer(
                "a class that does not exist",
                "The last sum can be less than 1 by rounding: which class gets a u beyond it?",
            )
        assert value[1] == 0


@pytest.mark.grade_cell("sampler")
def test_a_single_class(student, rng):
    """With one class, every entry is 0."""
    u = rng.random(6)
    value = classes(draw(student, np.array([1.0]), (2, 3), u), (2, 3))
    assert not value.any()


@pytest.mark.grade_cell("sampler")
def test_frequencies_are_the_probabilities(student, rng):
    """Drawn often with a real generator, each class comes as often as its probability says."""
    probs = np.array([0.05, 0.3, 0.0, 0.15, 0.1, 0.4])
    generator = student.np.random.default_rng(int(rng.integers(2**32)))
    value = classes(student.sampler(probs, (100, 40), generator), (100, 40)).ravel()
    counts = np.array([np.sum(value == j) for j in range(6)])
    assert counts.sum() == 4000
    assert counts[2] == 0
    expected = 4000 * probs[probs > 0]
    chi_squared = np.sum((counts[probs > 0] - expected) ** 2 / expected)
    # Four degrees of freedom: a right sampler exceeds 36 with a probability of 3e-7.
    assert chi_squared < 36


@pytest.mark.grade_cell("sampler")
def test_randomness_comes_from_rng_alone(student, rng):
    """The same seed gives the same classes, one number of the generator for each entry."""
    probs, seed = distribution(rng, 5), int(rng.integers(2**32))
    u = np.random.default_rng(seed).random(60)
    value = student.sampler(probs, (3, 20), student.np.random.default_rng(seed))
    again = student.sampler(probs, (3, 20), student.np.random.default_rng(seed))
    if not np.array_equal(classes(value, (3, 20)), classes(again, (3, 20))):
        raise WrongAnswer(
            "randomness of its own",
            "Two generators with one seed should give the same: draw from rng and nothing else.",
        )
    check_classes(value, probs, u, (3, 20))
    if any(getattr(node, "attr", "") == "choice" for node in ast.walk(student.tree("sampler"))):
        raise WrongAnswer(
            "rng.choice", "Only rng.random(size) may be used: the sampler is what you write."
        )


@pytest.mark.grade_cell("sampler")
def test_probabilities_are_left_as_they_were(student, rng):
    """sampler does not change probs, and takes a list of them as well."""
    probs = distribution(rng, 4)
    before, u = probs.copy(), uniform_numbers(rng, probs, 12)
    for _ in range(2):
        value = draw(student, probs, (12,), u)
        if not np.array_equal(probs, before):
            raise WrongAnswer(
                "probs changed", "`+=`, `/=` and `out=` write into the caller's array: copy it."
            )
        check_classes(value, before, u, (12,))
    check_classes(draw(student, before.tolist(), (12,), u), before, u, (12,))


# P2

BASES = (2, 10, 3.5)


def log_sum(weights, arguments, base=math.e):
    """The sum of w log a over the terms with w > 0, to 30 digits; infinite where a log is."""
    with mpmath.workdps(30):
        terms = [
            (mpmath.mpf(float(w)), mpmath.mpf(float(a)))
            for w, a in zip(weights, arguments, strict=True)
            if w > 0
        ]
        if any(a == 0 for _, a in terms):
            return -math.inf
        return float(mpmath.fsum(w * mpmath.log(a) for w, a in terms) / mpmath.log(base))


def exact_entropy(p, base=math.e):
    return -log_sum(p, p, base)


def exact_cross_entropy(p, q, base=math.e):
    return -log_sum(p, q, base)


def exact_divergence(p, q, base=math.e):
    return exact_cross_entropy(p, q, base) - exact_entropy(p, base)


def refuses(function, *args):
    """Whether the function raises ValueError for these arguments."""
    try:
        function(*args)
    except ValueError:
        return True
    return False


NO_DISTRIBUTIONS = (
    np.array([0.5, 0.7, -0.2]),  # sums to 1
    np.array([0.2, 0.2, 0.2]),
    np.array([1.0, 1.0, 1.0]),
    np.array([0.4, 0.6 + 1e-4, 0.0]),
)


def check_all(*pairs):
    """Compares after all the calls were made, so that a known mistake can be told by its values."""
    for value, wanted in pairs:
        assert number(value) == wanted


# A divergence is the difference of two numbers that may be thirty times as large.
DIFFERENCE = {"rel": 1e-9, "abs": 1e-13}


@pytest.mark.grade_cell("entropy")
def test_entropy_is_the_mean_surprise(student, rng):
    """H(p) is the mean of −log p_i, in nats unless a base is given."""
    for k in (2, 3, 6):
        p = distribution(rng, k)
        assert number(student.entropy(p)) == near(exact_entropy(p))
    assert number(student.entropy(np.full(7, 1 / 7))) == near(math.log(7))


@pytest.mark.grade_cell("entropy")
@pytest.mark.parametrize("base", BASES)
def test_base_sets_the_unit(student, rng, base):
    """With base b the logarithms are those of base b, for all three quantities."""
    p, q = distribution(rng, 5), distribution(rng, 5)
    check_all(
        (student.entropy(p, base), near(exact_entropy(p, base))),
        (student.cross_entropy(p, q, base), near(exact_cross_entropy(p, q, base))),
        (student.kl_divergence(p, q, base), near(exact_divergence(p, q, base), **DIFFERENCE)),
    )


@pytest.mark.grade_cell("entropy")
def test_what_never_happens_adds_nothing(student):
    """An outcome with p_i = 0 adds 0, whatever q_i is: 0 log 0 = 0, and no nan anywhere."""
    p, q = np.array([0.5, 0.0, 0.25, 0.25, 0.0]), np.array([0.25, 0.25, 0.25, 0.25, 0.0])
    check_all(
        (student.entropy(p, 2), near(1.5)),
        (student.entropy(np.array([0.0, 1.0, 0.0]), 2), near(0, abs=1e-15)),
        (student.cross_entropy(p, q, 2), near(2)),
        (student.kl_divergence(p, q, 2), near(0.5)),
    )


@pytest.mark.grade_cell("entropy")
def test_cross_entropy_is_of_the_model_where_the_data_happen(student, rng):
    """H(p, q) is the mean of −log q_i where the outcomes come from p."""
    for k in (2, 3, 6):
        p, q = distribution(rng, k), distribution(rng, k)
        check_all(
            (student.cross_entropy(p, q), near(exact_cross_entropy(p, q))),
            (student.cross_entropy(p, p), near(exact_entropy(p))),
        )


@pytest.mark.grade_cell("entropy")
def test_divergence_is_the_price_of_the_wrong_belief(student, rng):
    """KL(p‖q) = Σ p_i log(p_i / q_i) = H(p, q) − H(p) ≥ 0, and 0 where q = p."""
    for k in (2, 3, 6):
        p, q = distribution(rng, k), distribution(rng, k)
        check_all(
            (student.kl_divergence(p, q), near(exact_divergence(p, q), **DIFFERENCE)),
            (student.kl_divergence(p, p), near(0, abs=1e-14)),
        )


@pytest.mark.grade_cell("entropy")
def test_what_the_model_excludes_costs_infinitely_much(student):
    """Where p_i > 0 and q_i = 0, cross entropy and divergence are infinite."""
    p, q = np.array([0.25, 0.25, 0.5]), np.array([0.5, 0.5, 0.0])
    check_all(
        (student.cross_entropy(p, q), math.inf),
        (student.kl_divergence(p, q, 2), math.inf),
        (student.kl_divergence(q, p, 2), near(1)),
    )


@pytest.mark.grade_cell("entropy")
def test_tiny_probabilities_have_their_true_logarithms(student):
    """A probability of 10^-300 is no zero: its logarithm is about −690.8."""
    p, q, r = np.array([1.0, 1e-300]), np.array([1e-300, 1.0]), np.array([1 - 1e-12, 1e-12])
    log_tiny = 300 * math.log(10)
    check_all(
        (student.entropy(r, 2), near(exact_entropy(r, 2), rel=1e-9)),
        (student.cross_entropy(p, q), near(log_tiny)),
        (student.kl_divergence(q, p), near(log_tiny)),
    )


@pytest.mark.grade_cell("entropy")
def test_what_is_no_distribution_is_refused(student):
    """A negative entry, a sum that is not 1, or different shapes: ValueError."""
    fair, p = np.array([0.25, 0.25, 0.5]), np.array([0.5, 0.25, 0.25])
    one, four = np.array([1.0]), np.full(4, 0.25)
    refused = [refuses(student.entropy, wrong, 2) for wrong in NO_DISTRIBUTIONS]
    for function in (student.cross_entropy, student.kl_divergence):
        for wrong in NO_DISTRIBUTIONS:
            refused += [refuses(function, wrong, fair, 2), refuses(function, fair, wrong, 2)]
        refused += [refuses(function, fair, four, 2), refuses(function, one, fair, 2)]
    check_all(
        (student.entropy(fair, 2), near(1.5)),
        (student.cross_entropy(fair, p, 2), near(1.75)),
        (student.kl_divergence(fair, p, 2), near(0.25)),
        (student.entropy(fair * (1 + 1e-9), 2), near(1.5, rel=1e-7)),  # what rounding may leave
    )
    assert all(refused)


@pytest.mark.grade_cell("entropy")
def test_lists_are_distributions_and_arrays_are_left_alone(student):
    """Lists count as distributions, and arrays are left as they were."""
    p, q = np.array([0.5, 0.5, 0.0]), np.array([0.25, 0.25, 0.5])
    before = p.copy(), q.copy()
    twice = [
        (student.entropy(p, 2), student.cross_entropy(p, q, 2), student.kl_divergence(p, q, 2))
        for _ in range(2)
    ]
    if not (np.array_equal(p, before[0]) and np.array_equal(q, before[1])):
        raise WrongAnswer("p changed", "Writing into p changes the caller's array: make a new one.")
    for H, cross, KL in twice:
        check_all((H, near(1)), (cross, near(2)), (KL, near(1)))
    check_all(
        (student.entropy([0.5, 0.5, 0], 2), near(1)),
        (student.cross_entropy([1, 0], [0.5, 0.5], 2), near(1)),
        (student.kl_divergence([1, 0], [0.125, 0.875], 2), near(3)),
    )


# P3


def joint(rng, m, n, zeros=0):
    """A random joint table whose marginals differ, with some entries 0."""
    P = rng.uniform(0.1, 1, size=(m, n)) ** 2
    P.ravel()[rng.permutation(m * n)[:zeros]] = 0
    return P / P.sum()


def exact_joint_entropy(P, base=math.e):
    return exact_entropy(P.ravel(), base)


def exact_conditional_entropy(P, base=math.e):
    """H(X, Y) − H(Y): the chain rule, so that a sum over quotients is another way."""
    return exact_joint_entropy(P, base) - exact_entropy(P.sum(axis=0), base)


def exact_information(P, base=math.e):
    return exact_entropy(P.sum(axis=1), base) - exact_conditional_entropy(P, base)


def close_to(value):
    """An information is the difference of entropies of size 1 to 3, each right to 1e-15."""
    return near(value, abs=1e-12)


@pytest.mark.grade_cell("mutual_information")
@pytest.mark.parametrize(("m", "n"), [(2, 4), (5, 3), (1, 3), (3, 3)])
def test_marginals_are_sums_of_rows_and_columns(student, rng, m, n):
    """p_X holds the sums of the rows and p_Y those of the columns."""
    P = joint(rng, m, n)
    p_x, p_y = (numbers(p) for p in student.marginals(P))
    if m != n and (p_x.shape, p_y.shape) == ((n,), (m,)):
        raise WrongAnswer(
            "rows and columns exchanged", "X is the row: its distribution has m entries."
        )
    assert p_x.shape == (m,)
    assert p_y.shape == (n,)
    assert p_x.tolist() == near([math.fsum(row) for row in P])
    assert p_y.tolist() == near([math.fsum(column) for column in P.T])


@pytest.mark.grade_cell("mutual_information")
def test_conditional_entropy_is_what_remains_of_the_rows(student, rng):
    """H(X | Y) is what remains unknown of the row once the column is known: H(X, Y) − H(Y)."""
    tables = [joint(rng, m, n) for m, n in ((2, 4), (5, 3), (4, 4))]
    # Two rows for each of two columns, and one row for the third.
    P = np.array([[0.25, 0, 0], [0.25, 0, 0], [0, 0.125, 0], [0, 0.125, 0], [0, 0, 0.25]])
    check_all(
        (student.conditional_entropy(P, 2), close_to(0.75)),
        *((student.conditional_entropy(T), close_to(exact_conditional_entropy(T))) for T in tables),
    )


@pytest.mark.grade_cell("mutual_information")
@pytest.mark.parametrize(("m", "n"), [(2, 4), (5, 3), (4, 4)])
def test_information_by_its_definition(student, rng, m, n):
    """I(X; Y) = Σ p_ij log(p_ij / (p_X(i) p_Y(j))), for tables of any shape."""
    P = joint(rng, m, n)
    T, wanted = np.ascontiguousarray(P.T), close_to(exact_information(P))
    check_all((student.mutual_information(P), wanted), (student.mutual_information(T), wanted))


@pytest.mark.grade_cell("mutual_information")
def test_four_forms_agree(student, rng):
    """I = H(X) − H(X | Y) = H(Y) − H(Y | X) = H(X) + H(Y) − H(X, Y), by your own functions."""
    P = joint(rng, 3, 5)
    T = np.ascontiguousarray(P.T)
    H_x, H_y = exact_entropy(P.sum(axis=1), 2), exact_entropy(P.sum(axis=0), 2)
    remains_x = number(student.conditional_entropy(P, 2))
    remains_y = number(student.conditional_entropy(T, 2))
    information = number(student.mutual_information(P, 2))
    assert information == close_to(H_x + H_y - exact_joint_entropy(P, 2))
    assert information == close_to(H_x - remains_x)
    assert information == close_to(H_y - remains_y)


@pytest.mark.grade_cell("mutual_information")
def test_independent_variables_share_nothing(student, rng):
    """For a product table I = 0 and H(X | Y) = H(X); for a diagonal one I = H(X), H(X | Y) = 0."""
    p_x, p_y = distribution(rng, 3), distribution(rng, 4)
    P, D, H = np.outer(p_x, p_y), np.diag(p_x), exact_entropy(p_x)
    check_all(
        (student.conditional_entropy(P), close_to(H)),
        (student.conditional_entropy(D), close_to(0)),
        (student.mutual_information(P), close_to(0)),
        (student.mutual_information(D), close_to(H)),
    )


@pytest.mark.grade_cell("mutual_information")
def test_zeros_in_the_table_add_nothing(student, rng):
    """Entries 0, and whole rows and columns of them, add 0 and leave no nan."""
    P = np.zeros((4, 5))
    P[np.ix_([0, 2, 3], [1, 2, 4])] = joint(rng, 3, 3, zeros=2)
    for T in (P, joint(rng, 4, 6, zeros=7)):
        check_all(
            (student.conditional_entropy(T, 2), close_to(exact_conditional_entropy(T, 2))),
            (student.mutual_information(T, 2), close_to(exact_information(T, 2))),
        )


@pytest.mark.grade_cell("mutual_information")
@pytest.mark.parametrize("base", BASES)
def test_information_has_the_unit_of_its_base(student, rng, base):
    """With base b all logarithms are those of base b: bits for 2."""
    P = joint(rng, 4, 3)
    check_all(
        (student.conditional_entropy(P, base), close_to(exact_conditional_entropy(P, base))),
        (student.mutual_information(P, base), close_to(exact_information(P, base))),
    )


@pytest.mark.grade_cell("mutual_information")
def test_what_is_no_joint_distribution_is_refused(student):
    """A negative entry or a total that is not 1: ValueError. A good table is left as it was."""
    P = np.array([[0.5, 0.0], [0.25, 0.25]])
    before = P.copy()
    refused = [
        refuses(function, wrong)
        for wrong in (2 * P, P - 0.05, np.array([[0.75, 0.5], [-0.25, 0.0]]))
        for function in (student.marginals, student.conditional_entropy, student.mutual_information)
    ]
    p_y = numbers(student.marginals(P)[1]).tolist()
    check_all(
        (student.conditional_entropy(P.tolist(), 2), near(0.75 * math.log2(3) - 0.5)),
        (student.mutual_information(P, 2), near(exact_information(P, 2))),
    )
    assert p_y == near([0.75, 0.25])
    assert np.array_equal(P, before)
    assert all(refused)


# P4


def exact_gauss(x, mean, cov):
    """The log-density of a Gaussian to 30 digits, from the definition, by an inverse."""
    with mpmath.workdps(30):
        S = mpmath.matrix(np.asarray(cov, dtype=float).tolist())
        r = mpmath.matrix(
            [mpmath.mpf(float(a)) - mpmath.mpf(float(b)) for a, b in zip(x, mean, strict=True)]
        )
        form = (r.T * mpmath.inverse(S) * r)[0]
        return -(form + mpmath.log(mpmath.det(S)) + len(x) * mpmath.log(2 * mpmath.pi)) / 2


def exact_mixture(x, weights, means, covs):
    """The log-density of a mixture to 30 digits, whose exponents have no bounds."""
    with mpmath.workdps(30):
        parts = zip(weights, means, covs, strict=True)
        total = mpmath.fsum(float(w) * mpmath.exp(exact_gauss(x, m, S)) for w, m, S in parts if w)
        return float(mpmath.log(total))


def covariance(rng, d):
    """A random covariance with correlations, and with a condition number below 100."""
    A = rng.normal(size=(d, d))
    return A @ A.T + d / 4 * np.eye(d)


def check_log_densities(value, wanted, rel=1e-9):
    """Raise WrongAnswer unless the log-densities are those wanted, one for each point."""
    found = numbers(value)
    if found.shape != (len(wanted),):
        raise WrongAnswer(
            "not one number for each point", "X has n rows: the result has the shape (n,)."
        )
    wanted = np.array([float(t) for t in wanted])
    if np.allclose(found, wanted, rtol=rel, atol=1e-9):
        return
    if np.isneginf(found).any() or np.isnan(found).any() or np.isposinf(found).any():
        raise WrongAnswer(
            "a density that vanishes",
            "Somewhere a number leaves the range of a float: stay with logarithms all the way.",
        )
    if np.allclose(found, np.exp(wanted), rtol=1e-6, atol=0):
        raise WrongAnswer("a density, not its logarithm", "The logarithm of it is asked for.")
    raise AssertionError("not the log-densities")


@pytest.mark.grade_cell("gauss_logpdf")
def test_one_dimension(student, rng):
    """In one dimension log N is −½((x − μ)/σ)² − log σ − ½ log 2π, with the variance σ² in cov."""
    X, mean, sigma = rng.normal(size=(5, 1)), rng.normal(size=1), rng.uniform(1.5, 4)
    wanted = -0.5 * ((X[:, 0] - mean) / sigma) ** 2 - math.log(sigma) - 0.5 * math.log(2 * math.pi)
    check_log_densities(student.gauss_logpdf(X, mean, np.array([[sigma**2]])), wanted)


@pytest.mark.grade_cell("gauss_logpdf")
def test_independent_coordinates(student, rng):
    """With a diagonal covariance, the log-density is the sum of those of the coordinates."""
    X, mean, sigma = rng.normal(size=(4, 3)), rng.normal(size=3), rng.uniform(0.3, 3, size=3)
    terms = -0.5 * ((X - mean) / sigma) ** 2 - np.log(sigma) - 0.5 * math.log(2 * math.pi)
    check_log_densities(student.gauss_logpdf(X, mean, np.diag(sigma**2)), terms.sum(axis=1))


@pytest.mark.grade_cell("gauss_logpdf")
@pytest.mark.parametrize(("n", "d"), [(6, 2), (3, 5), (1, 4), (3, 3)])
def test_correlated_coordinates(student, rng, n, d):
    """log N = −½ (x−μ)ᵀΣ⁻¹(x−μ) − ½ log det Σ − (d/2) log 2π for any covariance."""
    X, mean, cov = rng.normal(size=(n, d)), rng.normal(size=d), covariance(rng, d)
    wanted = [exact_gauss(x, mean, cov) for x in X]
    check_log_densities(student.gauss_logpdf(X, mean, cov), wanted)


@pytest.mark.grade_cell("gauss_logpdf")
def test_far_tails_are_finite(student, rng):
    """Far from the mean the log-density is hugely negative, and finite."""
    mean, cov = rng.normal(size=2), covariance(rng, 2)
    X = mean + np.array([[60.0, 0.0], [-300.0, 400.0], [1e5, 2e5], [0.0, 0.0]])
    check_log_densities(student.gauss_logpdf(X, mean, cov), [exact_gauss(x, mean, cov) for x in X])


@pytest.mark.grade_cell("gauss_logpdf")
@pytest.mark.parametrize(("d", "variance"), [(200, 1e-4), (150, 1e6), (2, 1e-200)])
def test_determinant_out_of_range(student, rng, d, variance):
    """Where det Σ is too small or too large for a float, the log-density is right all the same."""
    z = rng.normal(size=(3, d))
    wanted = -0.5 * np.sum(z**2, axis=1) - 0.5 * d * math.log(2 * math.pi * variance)
    value = student.gauss_logpdf(math.sqrt(variance) * z, np.zeros(d), variance * np.eye(d))
    check_log_densities(value, wanted)


@pytest.mark.grade_cell("gauss_logpdf")
@pytest.mark.parametrize(
    "cov", [[[1.0, 2.0], [2.0, 1.0]], [[1.0, 1.0], [1.0, 1.0]], [[-1.0, 0.0], [0.0, -2.0]]]
)
def test_covariance_that_is_not_definite_is_refused(student, cov):
    """A covariance that is not positive definite is refused: ValueError."""
    X = np.array([[1.0, -1.0]])
    check_log_densities(
        student.gauss_logpdf(X, np.zeros(2), np.eye(2)), [-1 - math.log(2 * math.pi)]
    )
    assert refuses(student.gauss_logpdf, X, np.zeros(2), np.array(cov))


@pytest.mark.grade_cell("gauss_logpdf", weight=2)
@pytest.mark.parametrize(("n", "k", "d"), [(5, 3, 2), (2, 4, 3), (3, 1, 2), (4, 2, 4)])
def test_mixture_is_the_weighted_sum_of_densities(student, rng, n, k, d):
    """The mixture's log-density is the logarithm of the weighted sum of the densities."""
    X, means, weights = rng.normal(size=(n, d)), rng.normal(size=(k, d)), distribution(rng, k)
    covs = np.stack([covariance(rng, d) for _ in range(k)])
    wanted = [exact_mixture(x, weights, means, covs) for x in X]
    check_log_densities(student.gmm_logpdf(X, weights, means, covs), wanted)


@pytest.mark.grade_cell("gauss_logpdf")
def test_mixture_far_from_every_mean(student, rng):
    """Where every density of the mixture is 0 in floating point, its logarithm is finite."""
    means, weights = np.array([[0.0, 0.0], [5.0, -5.0]]), distribution(rng, 2)
    covs = np.stack([covariance(rng, 2), covariance(rng, 2)])
    X = np.array([[200.0, 300.0], [-1e4, 1e4]])
    wanted = [exact_mixture(x, weights, means, covs) for x in X]
    for order in ([0, 1], [1, 0]):  # so that each component is the first, and the largest is not
        value = student.gmm_logpdf(X, weights[order], means[order], covs[order])
        check_log_densities(value, wanted)


@pytest.mark.grade_cell("gauss_logpdf")
def test_component_without_weight_is_not_there(student, rng):
    """A component of weight 0 changes nothing; the arguments are left as they were."""
    X, means = rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    covs = np.stack([covariance(rng, 2) for _ in range(3)])
    weights = np.array([0.25, 0.0, 0.75])
    arguments = (X, weights, means, covs)
    before = [a.copy() for a in arguments]
    wanted = [exact_mixture(x, weights, means, covs) for x in X]
    for _ in range(2):
        check_log_densities(student.gmm_logpdf(*arguments), wanted)
    assert all(np.array_equal(a, b) for a, b in zip(arguments, before, strict=True))


LIBRARY_DENSITIES = {"multivariate_normal", "MultivariateNormal", "MixtureSameFamily", "Normal"}


@pytest.mark.grade_cell("gauss_logpdf")
def test_densities_are_written_from_their_definition(student, rng):
    """The log-densities come from the definition: no library's density is called."""
    X, mean, cov = rng.normal(size=(2, 3)), rng.normal(size=3), covariance(rng, 3)
    wanted = [exact_gauss(x, mean, cov) for x in X]
    check_log_densities(student.gauss_logpdf(X, mean, cov), wanted)
    check_log_densities(
        student.gmm_logpdf(X, np.array([1.0]), mean[None, :], cov[None, :, :]), wanted
    )
    for node in ast.walk(student.tree("gauss_logpdf")):
        called = node.attr if isinstance(node, ast.Attribute) else None
        named = node.id if isinstance(node, ast.Name) else None
        if LIBRARY_DENSITIES & {called, named} or called in ("logpdf", "log_prob"):
            raise WrongAnswer(
                "calls a library density",
                "The question asks how a density is made: factor, solve, and add up.",
            )


# P5


def normal_logpdf(x):
    return -0.5 * x**2 - 0.5 * math.log(2 * math.pi)


def affine(slope, shift):
    """y = slope x + shift: the inverse map and its derivative."""
    return lambda y: (y - shift) / slope, lambda y: np.full(y.shape, 1 / slope)


def check_pushed(student, logpdf, inv, dinv, y, wanted):
    """Raise WrongAnswer, with the usual mistake where it can be told, unless log p_Y is right."""
    found = numbers(student.push_forward(logpdf, inv, dinv)(y))
    if found.shape != np.shape(wanted):
        raise WrongAnswer(
            "not one number for each point", "The log-density has one number for each point of y."
        )
    if np.allclose(found, wanted, rtol=1e-9, atol=1e-9):
        return
    if np.isnan(found).any():
        raise WrongAnswer(
            "no absolute value", "A derivative, or a determinant, may be negative: log |...|."
        )
    for note, values, hint in push_forward_slips(logpdf, inv, dinv, y, wanted):
        if np.shape(values) == found.shape and np.allclose(found, values, rtol=1e-9, atol=1e-9):
            raise WrongAnswer(note, hint)
    raise AssertionError("not the log-density of Y")


def push_forward_slips(logpdf, inv, dinv, y, wanted):
    """What the usual mistakes give instead of the log-density wanted."""
    x, J = inv(y), dinv(y)
    plain = logpdf(x)
    yield "no stretching", plain, "Points move, and lengths are stretched too: a term is missing."
    yield (
        "derivative of f for that of its inverse",
        2 * plain - wanted,
        "The sign of the last term: it takes the derivative of the inverse, not that of f.",
    )
    yield "a density, not its logarithm", np.exp(wanted), "The logarithm of it is asked for."
    logs = np.log(np.abs(J) + (J == 0))
    if J.ndim == 3:
        entries = "A volume is stretched by the determinant, not by the product of the entries."
        yield "entries for the determinant", plain + logs.sum(axis=(1, 2)), entries
        diagonal = "A volume is stretched by the determinant, and that is more than the diagonal."
        values = plain + np.trace(logs, axis1=1, axis2=2)
        yield "diagonal for the determinant", values, diagonal
        return
    yield (
        "a factor added to a logarithm",
        plain + np.abs(J),
        "Densities are multiplied by |(f⁻¹)'|, so logarithms get log |(f⁻¹)'| added.",
    )
    yield (
        "logarithm without its sign",
        plain + np.abs(logs),
        "The absolute value belongs inside of the logarithm, not around it.",
    )
    yield "evaluated at y", logpdf(y) + logs, "p_X is taken at x = f⁻¹(y)."
    at_x = plain + np.log(np.abs(dinv(x)))
    yield "derivative at x", at_x, "(f⁻¹)' is a function of y: take it at y, not at x."


@pytest.mark.grade_cell("push_forward")
def test_increasing_affine_map(student, rng):
    """For Y = aX + b with a > 0, X normal, the log-density of Y is that of N(b, a²)."""
    slope, shift = rng.uniform(0.2, 0.5), rng.normal()
    y = shift + slope * rng.normal(size=6)
    wanted = normal_logpdf((y - shift) / slope) - math.log(slope)
    check_pushed(student, normal_logpdf, *affine(slope, shift), y, wanted)


@pytest.mark.grade_cell("push_forward")
def test_decreasing_map(student, rng):
    """A decreasing map gives a density too: for Y = b − aX it is that of N(b, a²)."""
    slope, shift = -rng.uniform(0.2, 0.5), rng.normal()
    y = shift + slope * rng.normal(size=6)
    wanted = normal_logpdf((y - shift) / slope) - math.log(-slope)
    check_pushed(student, normal_logpdf, *affine(slope, shift), y, wanted)


@pytest.mark.grade_cell("push_forward")
@pytest.mark.parametrize("sign", [1, -1])
def test_density_integrates_to_one(student, sign):
    """The density of Y integrates to 1, also for a map that is not affine."""
    # Y = ±sinh(X)/4 shrinks lengths near 0 and stretches them far away. By x, the integrand is
    # smooth and vanishes at both ends: the trapezoidal sum is exact to 1e-12.
    x = np.linspace(-9, 9, 361)
    y = sign * np.sinh(x) / 4

    def inv(y):
        return sign * np.arcsinh(4 * y)

    def dinv(y):
        return sign * 4 / np.sqrt(1 + 16 * y**2)

    check_pushed(student, normal_logpdf, inv, dinv, y, normal_logpdf(x) - np.log(np.cosh(x) / 4))
    log_densities = numbers(student.push_forward(normal_logpdf, inv, dinv)(y))
    assert np.sum(np.exp(log_densities) * np.cosh(x) / 4) * (x[1] - x[0]) == near(1, rel=1e-9)


def linear(A):
    """y = A x for the rows of an array: the inverse map and its Jacobian matrices."""
    B = np.linalg.inv(A)
    return lambda y: y @ B.T, lambda y: np.broadcast_to(B, (len(y), *B.shape)).copy()


def normal_rows(x):
    return np.sum(normal_logpdf(x), axis=1)


@pytest.mark.grade_cell("push_forward")
@pytest.mark.parametrize("reflect", [False, True])
def test_rotation_of_the_plane_keeps_volume(student, rng, reflect):
    """A rotation or reflection of the plane stretches nothing: log p_Y(y) = log p_X(f⁻¹(y))."""
    t = rng.uniform(0.3, 1.2)
    A = np.array([[math.cos(t), -math.sin(t)], [math.sin(t), math.cos(t)]])
    A = A @ np.diag([1, -1]) if reflect else A
    scale = np.array([1.0, 3.0])  # not the same in every direction

    def logpdf(x):
        return normal_rows(x / scale) - math.log(3)

    x = rng.normal(size=(2, 2)) * scale
    check_pushed(student, logpdf, *linear(A), x @ A.T, logpdf(x))


@pytest.mark.grade_cell("push_forward")
@pytest.mark.parametrize("d", [2, 3])
def test_linear_map_of_vectors(student, rng, d):
    """A linear map of vectors adds log |det| of the inverse's Jacobian, not of its entries."""
    (Q, _), (Z, _) = (np.linalg.qr(rng.normal(size=(d, d))) for _ in range(2))
    A = Q @ np.diag(rng.uniform(0.3, 0.8, size=d)) @ Z.T  # well conditioned, of either sign
    x = rng.normal(size=(4, d))
    wanted = normal_rows(x) - math.log(abs(np.linalg.det(A)))
    check_pushed(student, normal_rows, *linear(A), x @ A.T, wanted)


@pytest.mark.grade_cell("push_forward")
@pytest.mark.parametrize("scale", [1e-3, 1e3])
def test_determinant_of_many_dimensions(student, rng, scale):
    """In 150 dimensions a determinant leaves the range of a float, and its logarithm does not."""
    x = rng.normal(size=(2, 150))
    found = numbers(student.push_forward(normal_rows, *linear(scale * np.eye(150)))(scale * x))
    if not np.isfinite(found).all():
        raise WrongAnswer(
            "determinant out of range", "np.linalg.slogdet gives log |det| without the determinant."
        )
    assert found.tolist() == near((normal_rows(x) - 150 * math.log(scale)).tolist(), rel=1e-9)


@pytest.mark.grade_cell("push_forward")
def test_lognormal_density(student, rng):
    """The log-density of e^X is −½((log y − μ)/σ)² − log σ − ½ log 2π − log y."""
    for mu, sigma in ((0.0, 1.0), (float(rng.normal()), float(rng.uniform(0.3, 3)))):
        x = mu + sigma * np.linspace(-6, 6, 25)
        wanted = normal_logpdf((x - mu) / sigma) - math.log(sigma) - x
        found = numbers(student.lognormal_logpdf(np.exp(x), mu, sigma))
        assert found.tolist() == near(wanted.tolist(), rel=1e-9, abs=1e-9)


@pytest.mark.grade_cell("push_forward")
def test_lognormal_lives_on_positive_numbers(student):
    """Where y ≤ 0 the log-density is −∞, and never nan; y is left as it was."""
    y = np.array([-1.0, 2.0, 0.0, 0.5, -1e-300])
    before = y.copy()
    positive = numbers(student.lognormal_logpdf(np.array([2.0, 0.5]), 0.5, 2.0))
    found = numbers(student.lognormal_logpdf(y, 0.5, 2.0))
    assert np.isfinite(positive).all()
    assert found.shape == (5,)
    assert np.isneginf(found[[0, 2, 4]]).all()
    assert found[[1, 3]].tolist() == near(positive.tolist())
    assert np.array_equal(y, before)


# T1

OWN_TEXT = 6  # characters of the student's own text
ERRATUM_PARTS = ("probability", "exponent", "length")


@pytest.mark.grade_cell("entropy_rates")
def test_monkey(student):
    """The monkey's characters take the logarithm of the number of keys, in bits."""
    require_number(
        student.monkey_bits,
        math.log2(44),
        what="monkey_bits",
        significant=3,
        unit="bits",
        hint="All keys are equally likely: what is the entropy of a uniform distribution?",
        slips=[
            NumberSlip("share for surprise", "The surprise is the logarithm of 1/p.", 1 / 44),
            NumberSlip("choices for bits", "A number of choices is not yet one of bits.", 44),
            NumberSlip(
                "logarithm twice", "One logarithm of the number of keys is enough.", 2.44868
            ),
            NumberSlip("whole bits", "On average it need not be a whole number of bits.", 6),
        ],
    )


@pytest.mark.grade_cell("entropy_rates", weight=2)
def test_typist(student):
    """The bits of a word of the typist are spread over its characters."""
    word = math.log2(2000)
    require_number(
        student.typist_bits,
        word / 4.5,
        what="typist_bits",
        significant=3,
        unit="bits",
        hint="First the bits of a word, then how many characters share them.",
        slips=[
            NumberSlip("bits of a word", "That is what a whole word takes.", word),
            NumberSlip("times for by", "The bits of a word are shared by its letters.", word * 4.5),
            NumberSlip("blanks counted", "Nothing is typed between the words.", word / 5.5),
            NumberSlip(
                "letters inside of the logarithm",
                "Divide the bits by the letters, not the words by the letters.",
                math.log2(2000 / 4.5),
            ),
            NumberSlip("whole bits", "A word need not take a whole number of bits.", 11 / 4.5),
            NumberSlip(
                "every letter chosen freely",
                "A letter is not chosen among 26 here: only words are chosen.",
                math.log2(26),
            ),
        ],
    )


@pytest.mark.grade_cell("entropy_rates", weight=2)
def test_language_model(student):
    """The bits of the language model are the logarithm of its perplexity."""
    require_number(
        student.model_bits,
        math.log2(20),
        what="model_bits",
        significant=3,
        unit="bits",
        hint="A perplexity of 20 is the uncertainty of 20 equally likely choices.",
        slips=[
            NumberSlip("perplexity for bits", "A number of choices is not yet one of bits.", 20),
            NumberSlip(
                "spread over a word",
                "The perplexity is one per character already.",
                math.log2(20) / 4.5,
            ),
            NumberSlip("wrong base", "Bits have the base 2.", math.log10(20)),
            NumberSlip(
                "compared with the monkey",
                "It does not matter how many keys there are.",
                math.log2(44) - math.log2(20),
            ),
        ],
    )


TEXT_ROWS = (
    Row(
        "text",
        lambda at: sum(math.log2(k) for k in at["choices"]),
        "the probabilities are multiplied, so their surprises in bits are added up.",
        slips=[
            RowSlip(
                "nats for bits",
                "bits have the base 2.",
                lambda at: sum(math.log(k) for k in at["choices"]),
            ),
            RowSlip(
                "surprise of the mean",
                "take the logarithm of each probability first.",
                lambda at: OWN_TEXT * math.log2(OWN_TEXT / sum(1 / k for k in at["choices"])),
            ),
            RowSlip(
                "sign",
                "a surprise is never negative.",
                lambda at: -sum(math.log2(k) for k in at["choices"]),
            ),
        ],
    ),
    Row(
        "character",
        lambda at: at["text"] / OWN_TEXT,
        "the text has six characters.",
        slips=[RowSlip("one too few", "count once more.", lambda at: at["text"] / (OWN_TEXT - 1))],
    ),
    Row(
        "perplexity",
        lambda at: 2 ** at["character"],
        "with so many equally likely choices, each character would take the bits above.",
        slips=[
            RowSlip(
                "base mixed", "the line above is in bits.", lambda at: math.e ** at["character"]
            ),
            RowSlip(
                "the printed exponent",
                "a number of choices is at least 1.",
                lambda at: 2 ** -at["character"],
            ),
            RowSlip(
                "arithmetic mean",
                "the mean of the logarithms belongs to another mean.",
                lambda at: sum(at["choices"]) / OWN_TEXT,
            ),
            RowSlip("of the whole text", "it is one per character.", lambda at: 2 ** at["text"]),
        ],
    ),
)


@pytest.mark.grade_cell("entropy_rates", weight=2)
def test_own_text(student, own_numbers):
    """Each line of the table of your own text follows from those above it."""
    drawn = own_numbers("entropy_rates").choice(np.arange(2, 61), size=OWN_TEXT, replace=False)
    given = {"choices": [int(k) for k in drawn]}
    judge_table(student.text_table, TEXT_ROWS, given, what="text_table", rel=1e-3)


def breaks_perplexity(value):
    """Whether p^(1/n) is not k for a text of n characters, each of probability 1/k."""
    k, n = (read_number(t, "the counterexample") for t in read_pair(value, "the counterexample"))
    for number_, name in ((k, "k"), (n, "n")):
        if number_ < 1 or number_ != int(number_):
            raise WrongAnswer("premise not met", f"{name} should be a whole number, 1 or more.")
    return k != 1  # the printed line gives 1/k


def mends_perplexity(value):
    p, n = sp.symbols("p n", positive=True)
    require_equal(
        read_expression(value, "the corrected line", ("p", "n")),
        p ** (-1 / n),
        sample({"p": unit, "n": integer(1, 12)}),
        hint="With k equally likely choices p is k^(-n), and the perplexity has to be k.",
        slips=[
            Slip("as printed", "That is the printed line.", p ** (1 / n)),
            Slip("n for 1/n", "It has to be the same for a text of twice the length.", p ** (-n)),
            Slip("bits for choices", "That is the bits of a character.", -sp.log(p, 2) / n),
            Slip("sign in front", "A perplexity is positive.", -(p ** (1 / n))),
        ],
    )


PERPLEXITY = Erratum(
    breaks=breaks_perplexity,
    mends=mends_perplexity,
    where="exponent",
    labels=ERRATUM_PARTS,
    shares={"counterexample": 0.3, "corrected": 0.5, "where": 0.2},
)


@pytest.mark.grade_cell("entropy_rates", weight=3)
def test_perplexity_is_mended(student):
    """The printed perplexity is broken by an example, its fault is named, and it is mended."""
    judge_erratum(student.perplexity_erratum, PERPLEXITY, "perplexity_erratum")


# T2

THREE = ("1", "2", "3")
P3, Q3 = (sp.symbols([f"{name}{i}" for i in THREE], positive=True) for name in "pq")
P4 = p11, p12, p21, p22 = sp.symbols("p11 p12 p21 p22", positive=True)
ROWS, COLUMNS = (p11 + p12, p21 + p22), (p11 + p21, p12 + p22)
JOINT = tuple(zip(P4, (ROWS[0], ROWS[0], ROWS[1], ROWS[1]), COLUMNS * 2, strict=True))


def entropy_of(*probabilities):
    return -sum(p * sp.log(p) for p in probabilities)


def logarithms(expression):
    return [node for node in sp.preorder_traversal(expression) if isinstance(node, sp.log)]


def has_quotient(expression):
    """Whether a power with a negative exponent stands somewhere."""
    return any(
        isinstance(node, sp.Pow) and node.args[1].could_extract_minus_sign()
        for node in sp.preorder_traversal(expression)
    )


def takes_quotients_apart(expression):
    """Whether each logarithm is that of one symbol, and a sum of them is multiplied by one."""
    if not all(isinstance(log.args[0], sp.Symbol) for log in logarithms(expression)):
        return False
    return any(
        isinstance(factor, sp.Add) and logarithms(factor)
        for node in sp.preorder_traversal(expression)
        if isinstance(node, sp.Mul)
        for factor in node.args
    )


def sorts_terms(expression):
    """Whether each logarithm is of one probability or marginal, and none else is a marginal."""
    arguments = {log.args[0] for log in logarithms(expression)}
    if not all(isinstance(a, sp.Symbol | sp.Add) for a in arguments):
        return False
    outside = (
        factor
        for node in sp.preorder_traversal(expression)
        if isinstance(node, sp.Mul)
        for factor in node.args
        if isinstance(factor, sp.Add)
    )
    return all(logarithms(factor) for factor in outside)


KL_IDENTITY = Derivation(
    first=sum(p * sp.log(p / q) for p, q in zip(P3, Q3, strict=True)),
    last=entropy_of(*P3) * -1 - sum(p * sp.log(q) for p, q in zip(P3, Q3, strict=True)),
    domains={"p": simplex(3), "q": simplex(3)},
    milestones=[
        Milestone(
            "the logarithm of a quotient is a difference: write it as one before you multiply out.",
            shows=takes_quotients_apart,
        )
    ],
)

INFORMATION_IDENTITY = Derivation(
    first=entropy_of(*ROWS) + entropy_of(*COLUMNS) - entropy_of(*P4),
    last=sum(p * sp.log(p / (r * c)) for p, r, c in JOINT),
    domains={"p11 p12 p21 p22": simplex(4)},
    milestones=[
        Milestone(
            "a marginal in front of its logarithm is a sum: write it as the terms of the table "
            "before the logarithms are put together.",
            shows=sorts_terms,
        )
    ],
)


@pytest.mark.grade_cell("divergence_identities", weight=4)
def test_divergence_is_a_difference_of_entropies(student):
    """Step by step, KL(p‖q) = H(p, q) − H(p)."""
    require_derivation(student.kl_steps, KL_IDENTITY, "kl_steps")


@pytest.mark.grade_cell("divergence_identities", weight=6)
def test_information_is_a_divergence(student):
    """Step by step, H(X) + H(Y) − H(X, Y) = KL(joint‖product)."""
    require_derivation(student.information_steps, INFORMATION_IDENTITY, "information_steps")


# T3


def distributions(value, what, count):
    """So many distributions on equally many outcomes, two to six, without zeros."""
    if not isinstance(value, list | tuple | np.ndarray) or len(value) != count:
        raise InvalidAnswer(f"{what} should hold {count} distributions")
    found = [
        read_distribution(entry, f"distribution {i} of {what}", positive=True)
        for i, entry in enumerate(value, start=1)
    ]
    if len({len(p) for p in found}) > 1:
        raise WrongAnswer("shapes do not fit", "All of them should be on equally many outcomes.")
    if not 2 <= len(found[0]) <= 6:
        raise WrongAnswer("too few or too many outcomes", "Two to six outcomes are asked for.")
    return found


DIFFERENT = Premise(
    lambda pair: pair[0] != pair[1],
    "Of two equal distributions both divergences are 0: the two should differ.",
    "the same twice",
)


@pytest.mark.grade_cell("slide_claims", weight=2)
def test_no_more_bits_are_needed(student):
    """For this pair, a code made for q needs H(p) bits and no more."""
    require_counterexample(
        distributions(student.no_more_bits, "no_more_bits", 2),
        claim=lambda pair: exceeds(cross_entropy(*pair), entropy(pair[0])),
        hint="H(p, q) - H(p) is a divergence. When is it 0?",
    )


@pytest.mark.grade_cell("slide_claims", weight=2)
def test_divergence_can_be_equal_both_ways(student):
    """For this pair of different distributions, KL(p‖q) = KL(q‖p)."""
    require_counterexample(
        distributions(student.equal_both_ways, "equal_both_ways", 2),
        premises=[DIFFERENT],
        claim=lambda pair: differs(kl(pair[0], pair[1]), kl(pair[1], pair[0])),
        hint="What has to be done with the outcomes so that p and q change places?",
    )


@pytest.mark.grade_cell("slide_claims", weight=2)
def test_divergence_can_differ_by_a_factor(student):
    """For this pair, KL(p‖q) is at least twice KL(q‖p), and both are positive."""
    pair = distributions(student.far_from_symmetric, "far_from_symmetric", 2)
    forward, backward = kl(*pair), kl(pair[1], pair[0])
    if pair[0] != pair[1] and not differs(forward, backward):
        raise WrongAnswer("a symmetric pair", "Here the two should differ, by a factor of 2.")
    if exceeds(backward, forward) and not exceeds(2 * forward, backward):
        raise WrongAnswer("p and q exchanged", "It is the first one that should be the larger.")
    require_counterexample(
        pair,
        premises=[DIFFERENT],
        claim=lambda _: exceeds(2 * backward, forward),
        hint="KL(p‖q) is large where q is tiny although p is not. Make q more extreme.",
    )


@pytest.mark.grade_cell("slide_claims", weight=2)
def test_entropy_of_a_density_can_be_negative(student):
    """The uniform density on this interval has an entropy of at most −1 bit."""
    ends = read_pair(student.negative_entropy, "negative_entropy")
    a, b = (read_number(end, f"end {i} of the interval") for i, end in enumerate(ends, start=1))
    if not exceeds(b, a):
        raise WrongAnswer("no interval", "The first end should be less than the second.")
    length = b + -a
    if not exceeds(1, length):
        raise WrongAnswer(
            "an entropy that is not negative",
            "On an interval of length b - a the density is 1/(b - a): put it into the integral.",
        )
    if exceeds(length, Fraction(1, 2)):
        raise WrongAnswer("above -1 bit", "It is negative, and not yet -1 bit or less.")


@pytest.mark.grade_cell("slide_claims", weight=2)
def test_triangle_inequality_fails(student):
    """For these three distributions, KL(p‖r) is more than KL(p‖q) + KL(q‖r)."""
    require_counterexample(
        distributions(student.no_triangle, "no_triangle", 3),
        claim=lambda three: (
            not exceeds(kl(three[0], three[2]), kl(three[0], three[1]) + kl(three[1], three[2]))
        ),
        hint="Near each other, divergences grow like squares: let q lie between p and r.",
    )


# T4

HALF = sp.Rational(1, 2)
MU1, MU2, S1, S2, LAM = sp.symbols("mu1 mu2 sigma1 sigma2 lam")
GAUSSIANS = {"mu1 mu2": real, "sigma1 sigma2": positive}
KL_GAUSS = sp.log(S2 / S1) + (S1**2 + (MU1 - MU2) ** 2) / (2 * S2**2) - HALF
EXCHANGED = {MU1: MU2, MU2: MU1, S1: S2, S2: S1}


def check_formula(answer, name, domains, reference, hint, slips):
    """Passes where the formula is the reference; slips are triples of note, hint, expression."""
    require_equal(
        read_expression(answer, name, names(domains)),
        reference,
        sample(domains),
        hint=hint,
        slips=[Slip(note, told, expression) for note, told, expression in slips],
    )


@pytest.mark.grade_cell("gaussian_information", weight=3)
def test_divergence_of_two_gaussians(student):
    """KL(N(μ₁, σ₁²)‖N(μ₂, σ₂²)) is right for all means and standard deviations."""
    variance_for_sigma = {S1: sp.sqrt(S1), S2: sp.sqrt(S2)}
    check_formula(
        student.kl_gauss,
        "kl_gauss",
        GAUSSIANS,
        KL_GAUSS,
        "Try equal means, then equal widths, and see whether it is 0 where both are equal.",
        [
            (
                "arguments exchanged",
                "Yours is the divergence the other way round: the mean is taken under the first.",
                KL_GAUSS.subs(EXCHANGED, simultaneous=True),
            ),
            ("one half missing", "It should be 0 for two equal Gaussians.", KL_GAUSS + HALF),
            (
                "variances for standard deviations",
                "The symbols are standard deviations: where a variance stands, square them.",
                KL_GAUSS.subs(variance_for_sigma, simultaneous=True),
            ),
            (
                "sign of the logarithm",
                "A wide second Gaussian is low: which width stands on top in the logarithm?",
                KL_GAUSS - 2 * sp.log(S2 / S1),
            ),
            (
                "logarithm of the variances",
                "The density holds the standard deviation in front, not the variance.",
                KL_GAUSS + sp.log(S2 / S1),
            ),
            (
                "factor 2 missing",
                "The exponent of a Gaussian has a 2 in its denominator.",
                sp.log(S2 / S1) + (S1**2 + (MU1 - MU2) ** 2) / S2**2 - HALF,
            ),
            (
                "means not squared",
                "E[(x - mu2)^2] holds the square of the distance of the means.",
                sp.log(S2 / S1) + (S1**2 + MU1 - MU2) / (2 * S2**2) - HALF,
            ),
            (
                "spread of the first forgotten",
                "E[(x - mu2)^2] is the variance of x plus the square of the means' distance.",
                sp.log(S2 / S1) + (MU1 - MU2) ** 2 / (2 * S2**2),
            ),
            ("bits for nats", "The logarithm is the natural one.", KL_GAUSS / sp.log(2)),
            ("wrong sign", "A divergence is never negative.", -KL_GAUSS),
        ],
    )


@pytest.mark.grade_cell("gaussian_information")
def test_entropy_of_a_gaussian(student):
    """The entropy of N(μ₁, σ₁²) grows with the logarithm of its width, and not with μ₁."""
    right = sp.log(2 * sp.pi * sp.E * S1**2) / 2
    check_formula(
        student.entropy_gauss,
        "entropy_gauss",
        GAUSSIANS,
        right,
        "It is the mean of minus the log-density: a constant, and half of a mean square.",
        [
            ("one half missing", "The mean of ((x - mu)/sigma)^2 is 1, halved.", right - HALF),
            (
                "a standard deviation for a variance",
                "Twice the width has log 2 more entropy: check it with yours.",
                sp.log(2 * sp.pi * sp.E * S1) / 2,
            ),
            ("half in front missing", "The constant of the density has a root.", 2 * right),
            ("bits for nats", "The logarithm is the natural one.", right / sp.log(2)),
            ("wrong sign", "Wide densities have large entropies.", -right),
            (
                "e forgotten",
                "A second part comes from the exponent.",
                sp.log(sp.sqrt(2 * sp.pi) * S1),
            ),
        ],
    )


@pytest.mark.grade_cell("gaussian_information", weight=2)
def test_entropy_of_an_exponential(student):
    """The entropy of the exponential density is right for every rate λ."""
    check_formula(
        student.entropy_exponential,
        "entropy_exponential",
        {"lam": positive},
        1 - sp.log(LAM),
        "Minus the log-density is lam x - log lam, and the mean of x is 1/lam.",
        [
            ("wrong sign", "A large rate means a narrow density.", sp.log(LAM) - 1),
            (
                "scale for rate",
                "With the density lam exp(-lam x) the mean is 1/lam, not lam.",
                1 + sp.log(LAM),
            ),
            ("one missing", "The mean of lam x is not 0.", -sp.log(LAM)),
            (
                "mean of the exponent",
                "The mean of lam x is lam times 1/lam.",
                LAM - sp.log(LAM),
            ),
            (
                "logarithm not averaged",
                "The mean of x is 1/lam, and of lam x it is 1.",
                1 / LAM - sp.log(LAM),
            ),
            ("bits for nats", "The logarithm is the natural one.", (1 - sp.log(LAM)) / sp.log(2)),
        ],
    )


@pytest.mark.grade_cell("gaussian_information", weight=2)
def test_width_that_covers(student):
    """With the model on the right, the best σ reaches from its mean to the data."""
    check_formula(
        student.sigma_covering,
        "sigma_covering",
        GAUSSIANS,
        sp.sqrt(S1**2 + (MU1 - MU2) ** 2),
        "Set the derivative by sigma of your divergence to 0.",
        [
            (
                "variance for standard deviation",
                "That is the best variance; its root is asked for.",
                S1**2 + (MU1 - MU2) ** 2,
            ),
            ("the other direction", "That is best with the model on the left.", S1),
            (
                "root of the parts",
                "Variances add up, standard deviations do not.",
                S1 + sp.Abs(MU1 - MU2),
            ),
            ("distance only", "The spread of the data counts as well.", sp.Abs(MU1 - MU2)),
            (
                "factor 2",
                "The derivative of 1/sigma^2 is -2/sigma^3.",
                sp.sqrt((S1**2 + (MU1 - MU2) ** 2) / 2),
            ),
        ],
    )


@pytest.mark.grade_cell("gaussian_information", weight=2)
def test_width_that_picks(student):
    """With the model on the left, the best σ does not depend on the means."""
    check_formula(
        student.sigma_picking,
        "sigma_picking",
        GAUSSIANS,
        S1,
        "Exchange the arguments of your divergence, then set its derivative by sigma to 0.",
        [
            (
                "the other direction",
                "That is best with the model on the right.",
                sp.sqrt(S1**2 + (MU1 - MU2) ** 2),
            ),
            ("variance for standard deviation", "Its root is asked for.", S1**2),
            ("nothing but the model", "sigma2 is what is to be found.", S2),
            (
                "sign inside of the root",
                "The distance of the means adds a constant: it does not narrow the model.",
                sp.sqrt(sp.Abs(S1**2 - (MU1 - MU2) ** 2)),
            ),
        ],
    )


# T5

T = sp.Symbol("t", positive=True)
WHEN = ("always", "equal", "rearranged", "entropy", "never")
WHY = ("sums", "concave", "touch", "increasing", "product")


@pytest.mark.grade_cell("gibbs", weight=2)
def test_tangent_lies_above_the_logarithm(student):
    """The line touches log t at t = 1 and lies above it for all t > 0."""
    line, points = read_expression(student.tangent, "tangent", ("t",)), sample({"t": positive})
    slips = [
        ("tangent at e", "That line touches at t = e; the proof needs the point 1.", T / sp.E),
        ("a constant", "A tangent has the slope of the curve where it touches.", sp.Integer(0)),
        ("slope only", "At t = 1 the logarithm is 0: your line is not.", T),
        ("below the logarithm", "Its slope at 1 has the other sign.", 1 - T),
        ("another lower bound", "That lies below the logarithm, and is no line.", 1 - 1 / T),
    ]
    for note, hint, slip in slips:
        if compare(line, slip, points).verdict == "equal":
            raise WrongAnswer(note, hint)
    require_tangent(line, sp.log(T), Fraction(1), points, side="above", name="t")


def uses_the_tangent(expression):
    """Whether there is no logarithm any more, and a quotient still."""
    return not logarithms(expression) and has_quotient(expression)


def is_without_quotients(expression):
    return not logarithms(expression) and not has_quotient(expression)


GIBBS = Derivation(
    first=sum(p * sp.log(q / p) for p, q in zip(P3, Q3, strict=True)),
    last=0,
    domains={"p": simplex(3), "q": simplex(3)},
    relations=("=", "<="),
    least_steps=3,
    milestones=[
        Milestone(
            "put the tangent at t = q/p in the place of each logarithm, as a step of its own.",
            shows=uses_the_tangent,
        ),
        Milestone(
            "multiply out before you use that p and q add up to 1, so that one sees where.",
            shows=is_without_quotients,
        ),
    ],
)


@pytest.mark.grade_cell("gibbs", weight=3)
def test_divergence_is_not_negative(student):
    """Step by step, −KL(p‖q) ≤ 0."""
    require_derivation(student.gibbs_steps, GIBBS, "gibbs_steps")


@pytest.mark.grade_cell("gibbs", weight=2)
def test_equality(student):
    """The case of equality is right, with the fact that proves it."""
    require_choice(
        student.gibbs_equality,
        right="equal",
        reasons={"touch"},
        what="gibbs_equality",
        choices=WHEN,
        codes=WHY,
        choice_credit=0.25,
        hints={
            "rearranged": "Compute KL for p = (0.3, 0.7) and the same numbers in the other order.",
            "entropy": "p = (0.3, 0.7) and q = (0.7, 0.3) have the same entropy.",
            "never": "Put q = p into the definition.",
            "always": "Put two different distributions into the definition.",
            "sums": "True, and used in the last step, which is an equality for all p and q.",
            "concave": "True, and it gives the inequality; a line is concave as well.",
        },
    )
