# ruff: noqa: F811, F841, ARG001  # one name a question; what a mistake forgets is not used
# pyright: reportRedeclaration=false
"""Known wrong answers to homework 4; each loses points, and is told its note."""

import numpy as np

from autograder.grading.mistakes import mistake, mistaken_cell

# P1


@mistake(
    "sampler",
    note="probabilities for classes",
    hint="You return the probability of the class that was drawn; return its number.",
    caught_by="test_number_finds_its_segment",
)
def sampler(probs, shape, rng):
    c = np.cumsum(probs)
    return np.asarray(probs)[np.searchsorted(c / c[-1], rng.random(shape), side="right")]


@mistake(
    "sampler",
    note="columns for classes",
    hint="The number of classes is the length of probs; the shape says how many to draw.",
    caught_by="test_shape_has_nothing_to_do_with_the_classes",
)
def sampler(probs, shape, rng):
    count = np.atleast_1d(shape)[-1]
    c = np.cumsum(probs) / np.sum(probs)
    u = rng.random(shape)
    y = np.zeros(u.shape, dtype=int)
    for j in range(min(count, len(c)) - 1):
        y[u >= c[j]] = j + 1
    return y


@mistake(
    "sampler",
    note="probs changed",
    hint="`+=`, `/=` and `out=` write into the caller's array: copy it.",
    caught_by="test_probabilities_are_left_as_they_were",
)
def sampler(probs, shape, rng):
    probs = np.asarray(probs)
    np.cumsum(probs, out=probs)
    probs /= probs[-1]
    return np.searchsorted(probs, rng.random(shape), side="right")


@mistake(
    "sampler",
    note="no break",
    hint="The first class with u < c_j is asked for: later ones satisfy it too.",
    caught_by="test_number_finds_its_segment",
)
def sampler(probs, shape, rng):
    c = np.cumsum(probs) / np.sum(probs)
    u = rng.random(shape)
    y = np.zeros(u.shape, dtype=int)
    for j in range(len(c)):
        y[u < c[j]] = j
    return y


@mistake(
    "sampler",
    note="a class that does not exist",
    hint="The last sum can be less than 1 by rounding: which class gets a u beyond it?",
    caught_by="test_rounding_leaves_no_number_without_a_class",
)
def sampler(probs, shape, rng):
    return np.searchsorted(np.cumsum(probs), rng.random(shape), side="right")


@mistake(
    "sampler",
    note="an impossible class",
    hint="The segment of a class with probability 0 is empty: where is `<` right, where `<=`?",
    caught_by="test_impossible_classes_never_come",
)
def sampler(probs, shape, rng):
    c = np.cumsum(probs)
    return np.searchsorted(c / c[-1], rng.random(shape), side="left")


@mistake(
    "sampler",
    note="an impossible class behind the last one",
    hint="The last class is not always a possible one: which one gets a u beyond the sum?",
    caught_by="test_rounding_leaves_no_number_without_a_class",
)
def sampler(probs, shape, rng):
    y = np.searchsorted(np.cumsum(probs), rng.random(shape), side="right")
    return np.minimum(y, len(probs) - 1)


@mistake(
    "sampler",
    note="every class alike",
    hint="Segments of equal length make all classes equally likely: use the sums c_j.",
    caught_by="test_number_finds_its_segment",
)
def sampler(probs, shape, rng):
    return (rng.random(shape) * len(probs)).astype(int)


@mistake(
    "sampler",
    note="randomness of its own",
    hint="Two generators with one seed should give the same: draw from rng and nothing else.",
    caught_by="test_randomness_comes_from_rng_alone",
)
def sampler(probs, shape, rng):
    c = np.cumsum(probs)
    return np.searchsorted(c / c[-1], np.random.default_rng().random(shape), side="right")


@mistake(
    "sampler",
    note="one number for all",
    hint="Each entry takes a random number of its own.",
    caught_by="test_number_finds_its_segment",
)
def sampler(probs, shape, rng):
    c = np.cumsum(probs)
    return np.full(shape, np.searchsorted(c / c[-1], rng.random(1)[0], side="right"))


@mistake(
    "sampler",
    note="not row by row",
    hint="The numbers go to the entries in the order of reading: row by row.",
    caught_by="test_shape_has_nothing_to_do_with_the_classes",
)
def sampler(probs, shape, rng):
    c = np.cumsum(probs)
    u = rng.random(int(np.prod(shape)))
    return np.searchsorted(c / c[-1], u, side="right").reshape(shape, order="F")


@mistake(
    "sampler",
    note="counted from one",
    hint="Classes are counted from 0, as arrays are.",
    caught_by="test_number_finds_its_segment",
)
def sampler(probs, shape, rng):
    c = np.cumsum(probs)
    return np.searchsorted(c / c[-1], rng.random(shape), side="right") + 1


@mistake(
    "sampler",
    note="no sums",
    hint="Compare u with the sums c_j, not with the single probabilities.",
    caught_by="test_number_finds_its_segment",
)
def sampler(probs, shape, rng):
    u = rng.random(shape)
    y = np.full(u.shape, len(probs) - 1)
    for j in reversed(range(len(probs))):
        y[u < probs[j]] = j
    return y


@mistake(
    "sampler",
    note="segments from the right",
    hint="With 1 - u for u the frequencies are right, and the classes of given numbers are not.",
    caught_by="test_number_finds_its_segment",
)
def sampler(probs, shape, rng):
    c = np.cumsum(probs)
    return np.searchsorted(c / c[-1], 1 - rng.random(shape), side="right")


@mistake(
    "sampler",
    note="classes renumbered",
    hint="Sorting probs first gives the classes other numbers: class j belongs to probs[j].",
    caught_by="test_number_finds_its_segment",
)
def sampler(probs, shape, rng):
    c = np.cumsum(np.sort(probs)[::-1])
    return np.searchsorted(c / c[-1], rng.random(shape), side="right")


@mistake(
    "sampler",
    note="the class before",
    hint="c_j is the right end of segment j, not its left end.",
    caught_by="test_number_finds_its_segment",
)
def sampler(probs, shape, rng):
    c = np.cumsum(probs)
    return np.maximum(np.searchsorted(c / c[-1], rng.random(shape), side="right") - 1, 0)


@mistake(
    "sampler",
    note="another shape",
    hint="The result has the shape that was asked for, whatever K is.",
    caught_by="test_shape_has_nothing_to_do_with_the_classes",
)
def sampler(probs, shape, rng):
    c = np.cumsum(probs)
    return np.searchsorted(c / c[-1], rng.random(shape), side="right").ravel()


@mistake(
    "sampler",
    note="classes that are no integers",
    hint="A class is a number such as 2, not 2.0 or True.",
    caught_by="test_number_finds_its_segment",
)
def sampler(probs, shape, rng):
    c = np.cumsum(probs)
    return np.searchsorted(c / c[-1], rng.random(shape), side="right").astype(float)


mistaken_cell(
    "sampler",
    note="rng.choice",
    hint="Only rng.random(size) may be used: the sampler is what you write.",
    caught_by="test_number_finds_its_segment",
    source="""
    def sampler(probs, shape, rng):
        return rng.choice(len(probs), size=shape, p=probs)
    """,
)


# P2


@mistake(
    "entropy",
    note="nan at 0",
    hint="0 times -inf is nan: leave out what never happens.",
    caught_by="test_what_never_happens_adds_nothing",
)
def entropy(p, base=np.e):
    p = np.asarray(p, dtype=float)
    if not ((p >= 0).all() and abs(p.sum() - 1) < 1e-6):
        raise ValueError(p)
    return -np.sum(p * np.log(p)) / np.log(base)


@mistake(
    "entropy",
    note="epsilon in the logarithm",
    hint="A small number added inside the logarithm changes every value: leave zeros out instead.",
    caught_by="test_entropy_is_the_mean_surprise",
)
def entropy(p, base=np.e):
    p = np.asarray(p, dtype=float)
    if not ((p >= 0).all() and abs(p.sum() - 1) < 1e-6):
        raise ValueError(p)
    return -np.sum(p * np.log(p + 1e-9)) / np.log(base)


@mistake(
    "entropy",
    note="base ignored",
    hint="The last argument sets the unit: divide by the logarithm of the base.",
    caught_by="test_base_sets_the_unit",
)
def entropy(p, base=np.e):
    p = np.asarray(p, dtype=float)
    if not ((p >= 0).all() and abs(p.sum() - 1) < 1e-6):
        raise ValueError(p)
    p = p[p > 0]
    return -np.sum(p * np.log(p))


@mistake(
    "entropy",
    note="bits whatever the base",
    hint="Without a base the logarithm is the natural one, and with one that of this base.",
    caught_by="test_entropy_is_the_mean_surprise",
)
def entropy(p, base=np.e):
    p = np.asarray(p, dtype=float)
    if not ((p >= 0).all() and abs(p.sum() - 1) < 1e-6):
        raise ValueError(p)
    p = p[p > 0]
    return -np.sum(p * np.log2(p))


@mistake(
    "entropy",
    note="only some bases",
    hint="A base may be any number: log_b t is log t / log b, so that no cases are needed.",
    caught_by="test_base_sets_the_unit",
)
def entropy(p, base=np.e):
    p = np.asarray(p, dtype=float)
    if not ((p >= 0).all() and abs(p.sum() - 1) < 1e-6):
        raise ValueError(p)
    p = p[p > 0]
    log = np.log2 if base == 2 else np.log10 if base == 10 else np.log
    return -np.sum(p * log(p))


@mistake(
    "entropy",
    note="base on the wrong side",
    hint="log_b t = log t / log b: divide by the logarithm of the base.",
    caught_by="test_base_sets_the_unit",
)
def entropy(p, base=np.e):
    p = np.asarray(p, dtype=float)
    if not ((p >= 0).all() and abs(p.sum() - 1) < 1e-6):
        raise ValueError(p)
    p = p[p > 0]
    return -np.sum(p * np.log(p)) * np.log(base)


@mistake(
    "entropy",
    note="mean for sum",
    hint="The probabilities are the weights of the mean already: do not divide by their number.",
    caught_by="test_entropy_is_the_mean_surprise",
)
def entropy(p, base=np.e):
    p = np.asarray(p, dtype=float)
    if not ((p >= 0).all() and abs(p.sum() - 1) < 1e-6):
        raise ValueError(p)
    p = np.where(p > 0, p, 1)
    return -np.mean(p * np.log(p)) / np.log(base)


@mistake(
    "entropy",
    note="sign",
    hint="A surprise is -log p, and that is never negative.",
    caught_by="test_entropy_is_the_mean_surprise",
)
def entropy(p, base=np.e):
    p = np.asarray(p, dtype=float)
    if not ((p >= 0).all() and abs(p.sum() - 1) < 1e-6):
        raise ValueError(p)
    p = p[p > 0]
    return np.sum(p * np.log(p)) / np.log(base)


@mistake(
    "entropy",
    note="weights forgotten",
    hint="Each surprise counts as often as it happens: with the weight p_i.",
    caught_by="test_entropy_is_the_mean_surprise",
)
def entropy(p, base=np.e):
    p = np.asarray(p, dtype=float)
    if not ((p >= 0).all() and abs(p.sum() - 1) < 1e-6):
        raise ValueError(p)
    p = p[p > 0]
    return -np.sum(np.log(p)) / np.log(base)


@mistake(
    "entropy",
    note="perplexity",
    hint="The exponential of the entropy is the perplexity; the entropy itself is asked for.",
    caught_by="test_entropy_is_the_mean_surprise",
)
def entropy(p, base=np.e):
    p = np.asarray(p, dtype=float)
    if not ((p >= 0).all() and abs(p.sum() - 1) < 1e-6):
        raise ValueError(p)
    p = p[p > 0]
    return np.exp(-np.sum(p * np.log(p)))


@mistake(
    "entropy",
    note="small probabilities dropped",
    hint="A probability of a billionth still has a logarithm: only exact zeros add nothing.",
    caught_by="test_tiny_probabilities_have_their_true_logarithms",
)
def entropy(p, base=np.e):
    p = np.asarray(p, dtype=float)
    if not ((p >= 0).all() and abs(p.sum() - 1) < 1e-6):
        raise ValueError(p)
    p = p[p > 1e-8]
    return -np.sum(p * np.log(p)) / np.log(base)


@mistake(
    "entropy",
    note="everything accepted",
    hint="What is no distribution has no entropy: check the entries and their sum.",
    caught_by="test_what_is_no_distribution_is_refused",
)
def entropy(p, base=np.e):
    p = np.asarray(p, dtype=float)
    p = p[p > 0]
    return -np.sum(p * np.log(p)) / np.log(base)


@mistake(
    "entropy",
    note="normalised in silence",
    hint="A sum that is not 1 is somebody's mistake: refuse it, do not mend it.",
    caught_by="test_what_is_no_distribution_is_refused",
)
def entropy(p, base=np.e):
    p = np.asarray(p, dtype=float)
    if (p < 0).any():
        raise ValueError(p)
    p = p / p.sum()
    p = p[p > 0]
    return -np.sum(p * np.log(p)) / np.log(base)


@mistake(
    "entropy",
    note="p changed",
    hint="Writing into p changes the caller's array: make a new one.",
    caught_by="test_lists_are_distributions_and_arrays_are_left_alone",
)
def entropy(p, base=np.e):
    p = np.asarray(p, dtype=float)
    if not ((p >= 0).all() and abs(p.sum() - 1) < 1e-6):
        raise ValueError(p)
    p[p == 0] = 1
    return -np.sum(p * np.log(p)) / np.log(base)


@mistake(
    "entropy",
    note="p and q exchanged",
    hint="The logarithm is of the model q, and the weights are those of the data p.",
    caught_by="test_cross_entropy_is_of_the_model_where_the_data_happen",
    answer="entropy_answer_2",
)
def cross_entropy(p, q, base=np.e):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if p.shape != q.shape:
        raise ValueError(p.shape)
    for array in (p, q):
        if not ((array >= 0).all() and abs(array.sum() - 1) < 1e-6):
            raise ValueError(array)
    on = q > 0
    with np.errstate(divide="ignore"):
        return -np.sum(q[on] * np.log(p[on])) / np.log(base)


@mistake(
    "entropy",
    note="epsilon in the logarithm",
    hint="A small number added inside the logarithm hides an infinite loss.",
    caught_by="test_what_the_model_excludes_costs_infinitely_much",
    answer="entropy_answer_2",
)
def cross_entropy(p, q, base=np.e):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if p.shape != q.shape:
        raise ValueError(p.shape)
    for array in (p, q):
        if not ((array >= 0).all() and abs(array.sum() - 1) < 1e-6):
            raise ValueError(array)
    return -np.sum(p * np.log(q + 1e-12)) / np.log(base)


@mistake(
    "entropy",
    note="epsilon in the logarithm",
    hint="A small number put in for zero hides an infinite loss.",
    caught_by="test_what_the_model_excludes_costs_infinitely_much",
    answer="entropy_answer_2",
)
def cross_entropy(p, q, base=np.e):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if p.shape != q.shape:
        raise ValueError(p.shape)
    for array in (p, q):
        if not ((array >= 0).all() and abs(array.sum() - 1) < 1e-6):
            raise ValueError(array)
    on = p > 0
    return -np.sum(p[on] * np.log(np.clip(q[on], 1e-12, 1))) / np.log(base)


@mistake(
    "entropy",
    note="nan at 0",
    hint="0 times -inf is nan: leave out what never happens.",
    caught_by="test_what_never_happens_adds_nothing",
    answer="entropy_answer_2",
)
def cross_entropy(p, q, base=np.e):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if p.shape != q.shape:
        raise ValueError(p.shape)
    for array in (p, q):
        if not ((array >= 0).all() and abs(array.sum() - 1) < 1e-6):
            raise ValueError(array)
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.sum(p * np.log(q)) / np.log(base)


@mistake(
    "entropy",
    note="infinite terms dropped",
    hint="What happens although the model excludes it is the worst of all, not nothing.",
    caught_by="test_what_the_model_excludes_costs_infinitely_much",
    answer="entropy_answer_2",
)
def cross_entropy(p, q, base=np.e):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if p.shape != q.shape:
        raise ValueError(p.shape)
    for array in (p, q):
        if not ((array >= 0).all() and abs(array.sum() - 1) < 1e-6):
            raise ValueError(array)
    on = q > 0
    return -np.sum(p[on] * np.log(q[on])) / np.log(base)


@mistake(
    "entropy",
    note="infinity replaced",
    hint="np.nan_to_num makes a large finite number of infinity too.",
    caught_by="test_what_the_model_excludes_costs_infinitely_much",
    answer="entropy_answer_2",
)
def cross_entropy(p, q, base=np.e):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if p.shape != q.shape:
        raise ValueError(p.shape)
    for array in (p, q):
        if not ((array >= 0).all() and abs(array.sum() - 1) < 1e-6):
            raise ValueError(array)
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.sum(np.nan_to_num(p * np.log(q))) / np.log(base)


@mistake(
    "entropy",
    note="base ignored",
    hint="The last argument sets the unit: divide by the logarithm of the base.",
    caught_by="test_base_sets_the_unit",
    answer="entropy_answer_2",
)
def cross_entropy(p, q, base=np.e):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if p.shape != q.shape:
        raise ValueError(p.shape)
    for array in (p, q):
        if not ((array >= 0).all() and abs(array.sum() - 1) < 1e-6):
            raise ValueError(array)
    on = p > 0
    with np.errstate(divide="ignore"):
        return -np.sum(p[on] * np.log(q[on]))


@mistake(
    "entropy",
    note="mean for sum",
    hint="The probabilities are the weights of the mean already: do not divide by their number.",
    caught_by="test_cross_entropy_is_of_the_model_where_the_data_happen",
    answer="entropy_answer_2",
)
def cross_entropy(p, q, base=np.e):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if p.shape != q.shape:
        raise ValueError(p.shape)
    for array in (p, q):
        if not ((array >= 0).all() and abs(array.sum() - 1) < 1e-6):
            raise ValueError(array)
    q = np.where(p > 0, q, 1)
    with np.errstate(divide="ignore"):
        return -np.mean(p * np.log(q)) / np.log(base)


@mistake(
    "entropy",
    note="shapes not compared",
    hint="An array of one entry broadcasts against any other: compare the shapes first.",
    caught_by="test_what_is_no_distribution_is_refused",
    answer="entropy_answer_2",
)
def cross_entropy(p, q, base=np.e):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    for array in (p, q):
        if not ((array >= 0).all() and abs(array.sum() - 1) < 1e-6):
            raise ValueError(array)
    p, q = np.broadcast_arrays(p, q)
    on = p > 0
    with np.errstate(divide="ignore"):
        return -np.sum(p[on] * np.log(q[on])) / np.log(base)


@mistake(
    "entropy",
    note="q not checked",
    hint="The model must be a distribution as well: check q too.",
    caught_by="test_what_is_no_distribution_is_refused",
    answer="entropy_answer_2",
)
def cross_entropy(p, q, base=np.e):
    p = np.asarray(p, dtype=float)
    if not ((p >= 0).all() and abs(p.sum() - 1) < 1e-6):
        raise ValueError(p)
    q = np.asarray(q, dtype=float)
    if p.shape != q.shape or (q < 0).any():
        raise ValueError(q)
    on = p > 0
    with np.errstate(divide="ignore"):
        return -np.sum(p[on] * np.log(q[on])) / np.log(base)


@mistake(
    "entropy",
    note="p and q exchanged",
    hint="KL(p‖q) weighs with p and divides by q: the two are not the same.",
    caught_by="test_divergence_is_the_price_of_the_wrong_belief",
    answer="entropy_answer_3",
)
def kl_divergence(p, q, base=np.e):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if p.shape != q.shape:
        raise ValueError(p.shape)
    for array in (p, q):
        if not ((array >= 0).all() and abs(array.sum() - 1) < 1e-6):
            raise ValueError(array)
    on = q > 0
    with np.errstate(divide="ignore"):
        return np.sum(q[on] * np.log(q[on] / p[on])) / np.log(base)


@mistake(
    "entropy",
    note="sign",
    hint="KL is the cross entropy minus the entropy, and never negative.",
    caught_by="test_divergence_is_the_price_of_the_wrong_belief",
    answer="entropy_answer_3",
)
def kl_divergence(p, q, base=np.e):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if p.shape != q.shape:
        raise ValueError(p.shape)
    for array in (p, q):
        if not ((array >= 0).all() and abs(array.sum() - 1) < 1e-6):
            raise ValueError(array)
    on = p > 0
    with np.errstate(divide="ignore"):
        return np.sum(p[on] * np.log(q[on] / p[on])) / np.log(base)


@mistake(
    "entropy",
    note="symmetrised",
    hint="The mean of both directions is another divergence: this one is not symmetric.",
    caught_by="test_divergence_is_the_price_of_the_wrong_belief",
    answer="entropy_answer_3",
)
def kl_divergence(p, q, base=np.e):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if p.shape != q.shape:
        raise ValueError(p.shape)
    for array in (p, q):
        if not ((array >= 0).all() and abs(array.sum() - 1) < 1e-6):
            raise ValueError(array)
    a, b = np.maximum(p, 1e-320), np.maximum(q, 1e-320)
    return np.sum((a - b) * np.log(a / b)) / 2 / np.log(base)


@mistake(
    "entropy",
    note="absolute values of the terms",
    hint="Single terms may be negative: only their sum is not.",
    caught_by="test_divergence_is_the_price_of_the_wrong_belief",
    answer="entropy_answer_3",
)
def kl_divergence(p, q, base=np.e):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if p.shape != q.shape:
        raise ValueError(p.shape)
    for array in (p, q):
        if not ((array >= 0).all() and abs(array.sum() - 1) < 1e-6):
            raise ValueError(array)
    on = p > 0
    with np.errstate(divide="ignore"):
        return np.sum(p[on] * np.abs(np.log(p[on] / q[on]))) / np.log(base)


@mistake(
    "entropy",
    note="epsilon in the logarithm",
    hint="A small number added to the probabilities hides an infinite divergence.",
    caught_by="test_what_the_model_excludes_costs_infinitely_much",
    answer="entropy_answer_3",
)
def kl_divergence(p, q, base=np.e):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if p.shape != q.shape:
        raise ValueError(p.shape)
    for array in (p, q):
        if not ((array >= 0).all() and abs(array.sum() - 1) < 1e-6):
            raise ValueError(array)
    return np.sum(p * np.log((p + 1e-12) / (q + 1e-12))) / np.log(base)


@mistake(
    "entropy",
    note="infinite terms dropped",
    hint="What happens although the model excludes it costs infinitely much.",
    caught_by="test_what_the_model_excludes_costs_infinitely_much",
    answer="entropy_answer_3",
)
def kl_divergence(p, q, base=np.e):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if p.shape != q.shape:
        raise ValueError(p.shape)
    for array in (p, q):
        if not ((array >= 0).all() and abs(array.sum() - 1) < 1e-6):
            raise ValueError(array)
    on = (p > 0) & (q > 0)
    return np.sum(p[on] * np.log(p[on] / q[on])) / np.log(base)


@mistake(
    "entropy",
    note="nan at 0",
    hint="0 times -inf is nan: leave out what never happens.",
    caught_by="test_what_never_happens_adds_nothing",
    answer="entropy_answer_3",
)
def kl_divergence(p, q, base=np.e):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if p.shape != q.shape:
        raise ValueError(p.shape)
    for array in (p, q):
        if not ((array >= 0).all() and abs(array.sum() - 1) < 1e-6):
            raise ValueError(array)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sum(p * np.log(p / q)) / np.log(base)


@mistake(
    "entropy",
    note="base ignored",
    hint="The last argument sets the unit: divide by the logarithm of the base.",
    caught_by="test_base_sets_the_unit",
    answer="entropy_answer_3",
)
def kl_divergence(p, q, base=np.e):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if p.shape != q.shape:
        raise ValueError(p.shape)
    for array in (p, q):
        if not ((array >= 0).all() and abs(array.sum() - 1) < 1e-6):
            raise ValueError(array)
    on = p > 0
    with np.errstate(divide="ignore"):
        return np.sum(p[on] * np.log(p[on] / q[on]))


@mistake(
    "entropy",
    note="mixed units",
    hint="Both parts of a difference need one base: one of yours is in nats.",
    caught_by="test_base_sets_the_unit",
    answer="entropy_answer_3",
)
def kl_divergence(p, q, base=np.e):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if p.shape != q.shape:
        raise ValueError(p.shape)
    for array in (p, q):
        if not ((array >= 0).all() and abs(array.sum() - 1) < 1e-6):
            raise ValueError(array)
    on = p > 0
    with np.errstate(divide="ignore"):
        cross = -np.sum(p[on] * np.log(q[on])) / np.log(base)
    return cross + np.sum(p[on] * np.log(p[on]))


# P3


@mistake(
    "mutual_information",
    note="rows and columns exchanged",
    hint="X is the row: its distribution has m entries.",
    caught_by="test_marginals_are_sums_of_rows_and_columns",
)
def marginals(P):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)
    return P.sum(axis=0), P.sum(axis=1)


@mistake(
    "mutual_information",
    note="means for sums",
    hint="A marginal adds up what belongs to one value: it is a sum, not a mean.",
    caught_by="test_marginals_are_sums_of_rows_and_columns",
)
def marginals(P):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)
    return P.mean(axis=1), P.mean(axis=0)


@mistake(
    "mutual_information",
    note="axis kept",
    hint="The distribution of X is a vector of shape (m,), without a second axis.",
    caught_by="test_marginals_are_sums_of_rows_and_columns",
)
def marginals(P):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)
    return P.sum(axis=1, keepdims=True), P.sum(axis=0, keepdims=True)


@mistake(
    "mutual_information",
    note="everything accepted",
    hint="What is no joint distribution has no marginals: check the entries and their sum.",
    caught_by="test_what_is_no_joint_distribution_is_refused",
)
def marginals(P):
    P = np.asarray(P, dtype=float)
    return P.sum(axis=1), P.sum(axis=0)


@mistake(
    "mutual_information",
    note="of the columns given the row",
    hint="H(X | Y) is what remains of the row: the column is what is known.",
    caught_by="test_conditional_entropy_is_what_remains_of_the_rows",
    answer="mutual_information_answer_2",
)
def conditional_entropy(P, base=np.e):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)
    i, j = np.nonzero(P)
    return -np.sum(P[i, j] * np.log(P[i, j] / P.sum(axis=1)[i])) / np.log(base)


@mistake(
    "mutual_information",
    note="joint entropy",
    hint="That is H(X, Y): the column is known, so take its entropy off.",
    caught_by="test_conditional_entropy_is_what_remains_of_the_rows",
    answer="mutual_information_answer_2",
)
def conditional_entropy(P, base=np.e):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)
    p = P[P > 0]
    return -np.sum(p * np.log(p)) / np.log(base)


@mistake(
    "mutual_information",
    note="columns not weighed",
    hint="Each column counts as often as it comes: weigh its entropy with p_Y(j).",
    caught_by="test_conditional_entropy_is_what_remains_of_the_rows",
    answer="mutual_information_answer_2",
)
def conditional_entropy(P, base=np.e):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)
    i, j = np.nonzero(P)
    c = P[i, j] / P.sum(axis=0)[j]
    return -np.sum(c * np.log(c)) / np.log(base) / P.shape[1]


@mistake(
    "mutual_information",
    note="entropy of the row alone",
    hint="That is H(X), before anything is known of the column.",
    caught_by="test_conditional_entropy_is_what_remains_of_the_rows",
    answer="mutual_information_answer_2",
)
def conditional_entropy(P, base=np.e):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)
    p = P.sum(axis=1)
    p = p[p > 0]
    return -np.sum(p * np.log(p)) / np.log(base)


@mistake(
    "mutual_information",
    note="weights of the conditional",
    hint="The weight of a term is p_ij; the quotient stands inside of the logarithm only.",
    caught_by="test_conditional_entropy_is_what_remains_of_the_rows",
    answer="mutual_information_answer_2",
)
def conditional_entropy(P, base=np.e):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)
    i, j = np.nonzero(P)
    c = P[i, j] / P.sum(axis=0)[j]
    return -np.sum(c * np.log(c)) / np.log(base)


@mistake(
    "mutual_information",
    note="sign",
    hint="What remains unknown is never negative.",
    caught_by="test_conditional_entropy_is_what_remains_of_the_rows",
    answer="mutual_information_answer_2",
)
def conditional_entropy(P, base=np.e):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)
    i, j = np.nonzero(P)
    return np.sum(P[i, j] * np.log(P[i, j] / P.sum(axis=0)[j])) / np.log(base)


@mistake(
    "mutual_information",
    note="nan at 0",
    hint="Pairs that never happen add 0: leave them out before the logarithm.",
    caught_by="test_zeros_in_the_table_add_nothing",
    answer="mutual_information_answer_2",
)
def conditional_entropy(P, base=np.e):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.sum(P * np.log(P / P.sum(axis=0))) / np.log(base)


@mistake(
    "mutual_information",
    note="base ignored",
    hint="The last argument sets the unit: divide by the logarithm of the base.",
    caught_by="test_information_has_the_unit_of_its_base",
    answer="mutual_information_answer_2",
)
def conditional_entropy(P, base=np.e):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)
    i, j = np.nonzero(P)
    return -np.sum(P[i, j] * np.log(P[i, j] / P.sum(axis=0)[j]))


@mistake(
    "mutual_information",
    note="joint entropy added",
    hint="H(X) + H(Y) counts the shared part twice: the joint entropy is taken off.",
    caught_by="test_information_by_its_definition",
    answer="mutual_information_answer_3",
)
def mutual_information(P, base=np.e):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)

    def entropy_of(p):
        p = p[p > 0]
        return -np.sum(p * np.log(p)) / np.log(base)

    return entropy_of(P.sum(axis=1)) + entropy_of(P.sum(axis=0)) + entropy_of(P)


@mistake(
    "mutual_information",
    note="logarithms mixed",
    hint="All three entropies need one base: one of yours is in another unit.",
    caught_by="test_information_by_its_definition",
    answer="mutual_information_answer_3",
)
def mutual_information(P, base=np.e):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)

    def entropy_of(p):
        p = p[p > 0]
        return -np.sum(p * np.log(p)) / np.log(base)

    p = P[P > 0]
    return entropy_of(P.sum(axis=1)) + entropy_of(P.sum(axis=0)) + np.sum(p * np.log2(p))


@mistake(
    "mutual_information",
    note="one marginal forgotten",
    hint="The product of both marginals stands in the denominator.",
    caught_by="test_information_by_its_definition",
    answer="mutual_information_answer_3",
)
def mutual_information(P, base=np.e):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)
    i, j = np.nonzero(P)
    return np.sum(P[i, j] * np.log(P[i, j] / P.sum(axis=1)[i])) / np.log(base)


@mistake(
    "mutual_information",
    note="arguments of the divergence exchanged",
    hint="It is KL(joint‖product): the weights are those of the joint table.",
    caught_by="test_information_by_its_definition",
    answer="mutual_information_answer_3",
)
def mutual_information(P, base=np.e):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)
    Q = np.outer(P.sum(axis=1), P.sum(axis=0))
    on = P > 0
    return np.sum(Q[on] * np.log(Q[on] / P[on])) / np.log(base)


@mistake(
    "mutual_information",
    note="divided by an entropy",
    hint="A share of H(X) has no unit: the information itself is asked for.",
    caught_by="test_information_by_its_definition",
    answer="mutual_information_answer_3",
)
def mutual_information(P, base=np.e):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)

    def entropy_of(p):
        p = p[p > 0]
        return -np.sum(p * np.log(p)) / np.log(base)

    p, q = P.sum(axis=1), P.sum(axis=0)
    return (entropy_of(p) + entropy_of(q) - entropy_of(P)) / entropy_of(p)


@mistake(
    "mutual_information",
    note="conditional of the other variable",
    hint="H(X) goes with H(X | Y), and H(Y) with H(Y | X): yours are mixed.",
    caught_by="test_information_by_its_definition",
    answer="mutual_information_answer_3",
)
def mutual_information(P, base=np.e):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)

    def entropy_of(p):
        p = p[p > 0]
        return -np.sum(p * np.log(p)) / np.log(base)

    p, q = P.sum(axis=1), P.sum(axis=0)
    return entropy_of(p) - (entropy_of(P) - entropy_of(p))


@mistake(
    "mutual_information",
    note="sign",
    hint="Information is never negative.",
    caught_by="test_information_by_its_definition",
    answer="mutual_information_answer_3",
)
def mutual_information(P, base=np.e):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)
    i, j = np.nonzero(P)
    Q = np.outer(P.sum(axis=1), P.sum(axis=0))
    return -np.sum(P[i, j] * np.log(P[i, j] / Q[i, j])) / np.log(base)


@mistake(
    "mutual_information",
    note="no weights",
    hint="Each pair counts as often as it happens: with the weight p_ij.",
    caught_by="test_information_by_its_definition",
    answer="mutual_information_answer_3",
)
def mutual_information(P, base=np.e):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)
    i, j = np.nonzero(P)
    Q = np.outer(P.sum(axis=1), P.sum(axis=0))
    return np.sum(np.log(P[i, j] / Q[i, j])) / np.log(base)


@mistake(
    "mutual_information",
    note="nan at 0",
    hint="Pairs that never happen add 0: leave them out before the logarithm.",
    caught_by="test_zeros_in_the_table_add_nothing",
    answer="mutual_information_answer_3",
)
def mutual_information(P, base=np.e):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)
    Q = np.outer(P.sum(axis=1), P.sum(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sum(P * np.log(P / Q)) / np.log(base)


@mistake(
    "mutual_information",
    note="epsilon in the logarithm",
    hint="A small number added inside the logarithm changes the value: leave zeros out instead.",
    caught_by="test_information_by_its_definition",
    answer="mutual_information_answer_3",
)
def mutual_information(P, base=np.e):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)
    Q = np.outer(P.sum(axis=1), P.sum(axis=0))
    return np.sum(P * np.log((P + 1e-9) / (Q + 1e-9))) / np.log(base)


@mistake(
    "mutual_information",
    note="base ignored",
    hint="The last argument sets the unit: divide by the logarithm of the base.",
    caught_by="test_information_has_the_unit_of_its_base",
    answer="mutual_information_answer_3",
)
def mutual_information(P, base=np.e):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)
    i, j = np.nonzero(P)
    Q = np.outer(P.sum(axis=1), P.sum(axis=0))
    return np.sum(P[i, j] * np.log(P[i, j] / Q[i, j]))


@mistake(
    "mutual_information",
    note="axes exchanged",
    hint="The product table has the shape of P: rows times columns, in this order.",
    caught_by="test_information_by_its_definition",
    answer="mutual_information_answer_3",
)
def mutual_information(P, base=np.e):
    P = np.asarray(P, dtype=float)
    if not ((P >= 0).all() and abs(P.sum() - 1) < 1e-6):
        raise ValueError(P)
    p, q = P.sum(axis=0), P.sum(axis=1)
    Q = np.outer(p, q)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nansum(P * np.log(P / Q)) / np.log(base)


@mistake(
    "mutual_information",
    note="everything accepted",
    hint="What is no joint distribution has no information: check the entries and their sum.",
    caught_by="test_what_is_no_joint_distribution_is_refused",
    answer="mutual_information_answer_3",
)
def mutual_information(P, base=np.e):
    P = np.asarray(P, dtype=float)
    i, j = np.nonzero(P)
    Q = np.outer(P.sum(axis=1), P.sum(axis=0))
    with np.errstate(invalid="ignore"):
        return np.sum(P[i, j] * np.log(P[i, j] / Q[i, j])) / np.log(base)


# P4


@mistake(
    "gauss_logpdf",
    note="determinant without its root",
    hint="The density holds the root of the determinant: half of its logarithm.",
    caught_by="test_one_dimension",
)
def gauss_logpdf(X, mean, cov):
    L = np.linalg.cholesky(cov)
    Z = np.linalg.solve(L, (X - mean).T)
    log_det = 2 * np.sum(np.log(np.diag(L)))
    return -0.5 * (np.sum(Z**2, axis=0) + len(L) * np.log(2 * np.pi)) - log_det


@mistake(
    "gauss_logpdf",
    note="quarter of the determinant",
    hint="det of the covariance is the square of the product of the diagonal of L.",
    caught_by="test_one_dimension",
)
def gauss_logpdf(X, mean, cov):
    L = np.linalg.cholesky(cov)
    Z = np.linalg.solve(L, (X - mean).T)
    log_det = 2 * np.sum(np.log(np.diag(L)))
    return -0.5 * (np.sum(Z**2, axis=0) + log_det / 2 + len(L) * np.log(2 * np.pi))


@mistake(
    "gauss_logpdf",
    note="dimension missing",
    hint="Each coordinate brings its own factor of the root of 2 pi.",
    caught_by="test_independent_coordinates",
)
def gauss_logpdf(X, mean, cov):
    L = np.linalg.cholesky(cov)
    Z = np.linalg.solve(L, (X - mean).T)
    log_det = 2 * np.sum(np.log(np.diag(L)))
    return -0.5 * (np.sum(Z**2, axis=0) + log_det + np.log(2 * np.pi))


@mistake(
    "gauss_logpdf",
    note="2 pi missing",
    hint="Without its constant the density does not integrate to 1.",
    caught_by="test_one_dimension",
)
def gauss_logpdf(X, mean, cov):
    L = np.linalg.cholesky(cov)
    Z = np.linalg.solve(L, (X - mean).T)
    log_det = 2 * np.sum(np.log(np.diag(L)))
    return -0.5 * (np.sum(Z**2, axis=0) + log_det)


@mistake(
    "gauss_logpdf",
    note="covariance for its inverse",
    hint="A large variance makes the exponent small: the inverse of the covariance belongs there.",
    caught_by="test_one_dimension",
)
def gauss_logpdf(X, mean, cov):
    L = np.linalg.cholesky(cov)
    Z = np.linalg.solve(L, (X - mean).T)
    log_det = 2 * np.sum(np.log(np.diag(L)))
    R = X - mean
    return -0.5 * (np.sum((R @ cov) * R, axis=1) + log_det + len(L) * np.log(2 * np.pi))


@mistake(
    "gauss_logpdf",
    note="upper for lower factor",
    hint="Solve with L itself; with its transpose the coordinates are taken in the wrong order.",
    caught_by="test_correlated_coordinates",
)
def gauss_logpdf(X, mean, cov):
    L = np.linalg.cholesky(cov)
    Z = np.linalg.solve(L.T, (X - mean).T)
    log_det = 2 * np.sum(np.log(np.diag(L)))
    return -0.5 * (np.sum(Z**2, axis=0) + log_det + len(L) * np.log(2 * np.pi))


@mistake(
    "gauss_logpdf",
    note="standard deviation for variance",
    hint="cov holds variances, whose roots are the standard deviations.",
    caught_by="test_one_dimension",
)
def gauss_logpdf(X, mean, cov):
    L = np.linalg.cholesky(cov)
    Z = np.linalg.solve(cov, (X - mean).T)
    log_det = 4 * np.sum(np.log(np.diag(L)))
    return -0.5 * (np.sum(Z**2, axis=0) + log_det + len(L) * np.log(2 * np.pi))


@mistake(
    "gauss_logpdf",
    note="diagonal only",
    hint="The entries beside the diagonal say how the coordinates go together: use them.",
    caught_by="test_correlated_coordinates",
)
def gauss_logpdf(X, mean, cov):
    np.linalg.cholesky(cov)
    v = np.diag(cov)
    return -0.5 * np.sum((X - mean) ** 2 / v + np.log(2 * np.pi * v), axis=1)


@mistake(
    "gauss_logpdf",
    note="half missing",
    hint="The exponent is minus one half of the squared distance.",
    caught_by="test_one_dimension",
)
def gauss_logpdf(X, mean, cov):
    L = np.linalg.cholesky(cov)
    Z = np.linalg.solve(L, (X - mean).T)
    log_det = 2 * np.sum(np.log(np.diag(L)))
    return -np.sum(Z**2, axis=0) - 0.5 * (log_det + len(L) * np.log(2 * np.pi))


@mistake(
    "gauss_logpdf",
    note="distance not squared",
    hint="The exponent holds the squared length of z.",
    caught_by="test_one_dimension",
)
def gauss_logpdf(X, mean, cov):
    L = np.linalg.cholesky(cov)
    Z = np.linalg.solve(L, (X - mean).T)
    log_det = 2 * np.sum(np.log(np.diag(L)))
    distance = np.sqrt(np.sum(Z**2, axis=0))
    return -0.5 * (distance + log_det + len(L) * np.log(2 * np.pi))


@mistake(
    "gauss_logpdf",
    note="sign of the determinant",
    hint="A wide density is low: the logarithm of the determinant is taken off.",
    caught_by="test_one_dimension",
)
def gauss_logpdf(X, mean, cov):
    L = np.linalg.cholesky(cov)
    Z = np.linalg.solve(L, (X - mean).T)
    log_det = 2 * np.sum(np.log(np.diag(L)))
    return -0.5 * (np.sum(Z**2, axis=0) - log_det + len(L) * np.log(2 * np.pi))


@mistake(
    "gauss_logpdf",
    note="mean forgotten",
    hint="The distance is that from the mean.",
    caught_by="test_one_dimension",
)
def gauss_logpdf(X, mean, cov):
    L = np.linalg.cholesky(cov)
    Z = np.linalg.solve(L, X.T)
    log_det = 2 * np.sum(np.log(np.diag(L)))
    return -0.5 * (np.sum(Z**2, axis=0) + log_det + len(L) * np.log(2 * np.pi))


@mistake(
    "gauss_logpdf",
    note="a density, not its logarithm",
    hint="The logarithm of it is asked for.",
    caught_by="test_one_dimension",
)
def gauss_logpdf(X, mean, cov):
    L = np.linalg.cholesky(cov)
    Z = np.linalg.solve(L, (X - mean).T)
    log_det = 2 * np.sum(np.log(np.diag(L)))
    return np.exp(-0.5 * (np.sum(Z**2, axis=0) + log_det + len(L) * np.log(2 * np.pi)))


@mistake(
    "gauss_logpdf",
    note="a density that vanishes",
    hint="Somewhere a number leaves the range of a float: stay with logarithms all the way.",
    caught_by="test_far_tails_are_finite",
)
def gauss_logpdf(X, mean, cov):
    L = np.linalg.cholesky(cov)
    Z = np.linalg.solve(L, (X - mean).T)
    log_det = 2 * np.sum(np.log(np.diag(L)))
    density = np.exp(-0.5 * np.sum(Z**2, axis=0))
    with np.errstate(divide="ignore"):
        return np.log(density) - 0.5 * (log_det + len(L) * np.log(2 * np.pi))


@mistake(
    "gauss_logpdf",
    note="logarithm of a determinant out of range",
    hint="In many dimensions the determinant is 0 or inf as a float: add up the log l_ii.",
    caught_by="test_determinant_out_of_range",
)
def gauss_logpdf(X, mean, cov):
    L = np.linalg.cholesky(cov)
    Z = np.linalg.solve(L, (X - mean).T)
    with np.errstate(divide="ignore", over="ignore"):
        log_det = np.log(np.linalg.det(cov))
    return -0.5 * (np.sum(Z**2, axis=0) + log_det + len(L) * np.log(2 * np.pi))


@mistake(
    "gauss_logpdf",
    note="any matrix accepted",
    hint="A covariance that is not positive definite has no density: does your way notice?",
    caught_by="test_covariance_that_is_not_definite_is_refused",
)
def gauss_logpdf(X, mean, cov):
    R = X - mean
    form = np.sum(R * (np.linalg.pinv(cov) @ R.T).T, axis=1)
    log_det = np.linalg.slogdet(cov)[1]
    return -0.5 * (form + log_det + len(cov) * np.log(2 * np.pi))


@mistake(
    "gauss_logpdf",
    note="something added to the diagonal",
    hint="What is added to the covariance changes the density, and hides that cov is not definite.",
    caught_by="test_correlated_coordinates",
)
def gauss_logpdf(X, mean, cov):
    L = np.linalg.cholesky(cov + 1e-6 * np.eye(len(cov)))
    Z = np.linalg.solve(L, (X - mean).T)
    log_det = 2 * np.sum(np.log(np.diag(L)))
    return -0.5 * (np.sum(Z**2, axis=0) + log_det + len(L) * np.log(2 * np.pi))


@mistake(
    "gauss_logpdf",
    note="not one number for each point",
    hint="X has n rows: the result has the shape (n,).",
    caught_by="test_one_dimension",
)
def gauss_logpdf(X, mean, cov):
    L = np.linalg.cholesky(cov)
    Z = np.linalg.solve(L, (X - mean).T)
    log_det = 2 * np.sum(np.log(np.diag(L)))
    return -0.5 * (np.sum(Z**2) + log_det + len(L) * np.log(2 * np.pi))


mistaken_cell(
    "gauss_logpdf",
    note="calls a library density",
    hint="The question asks how a density is made: factor, solve, and add up.",
    caught_by="test_densities_are_written_from_their_definition",
    source="""
    from scipy.stats import multivariate_normal


    def gauss_logpdf(X, mean, cov):
        np.linalg.cholesky(cov)
        return np.atleast_1d(multivariate_normal(mean, cov).logpdf(X))
    """,
)


def gauss_logpdf(X, mean, cov):
    """The right answer: the mistakes below build their mixtures on it."""
    L = np.linalg.cholesky(cov)
    Z = np.linalg.solve(L, (X - mean).T)
    log_det = 2 * np.sum(np.log(np.diag(L)))
    return -0.5 * (np.sum(Z**2, axis=0) + log_det + len(L) * np.log(2 * np.pi))


@mistake(
    "gauss_logpdf",
    note="weights forgotten",
    hint="Each component comes as often as its weight says.",
    caught_by="test_mixture_is_the_weighted_sum_of_densities",
    answer="gauss_logpdf_answer_2",
)
def gmm_logpdf(X, weights, means, covs):
    A = np.stack([gauss_logpdf(X, m, S) for m, S in zip(means, covs, strict=True)])
    top = A.max(axis=0)
    return top + np.log(np.sum(np.exp(A - top), axis=0))


@mistake(
    "gauss_logpdf",
    note="mean of the logarithms",
    hint="The logarithm of a sum is not the sum of the logarithms: add the densities.",
    caught_by="test_mixture_is_the_weighted_sum_of_densities",
    answer="gauss_logpdf_answer_2",
)
def gmm_logpdf(X, weights, means, covs):
    A = np.stack([gauss_logpdf(X, m, S) for m, S in zip(means, covs, strict=True)])
    return np.asarray(weights) @ A


@mistake(
    "gauss_logpdf",
    note="product of the densities",
    hint="A mixture adds its densities; adding their logarithms multiplies them.",
    caught_by="test_mixture_is_the_weighted_sum_of_densities",
    answer="gauss_logpdf_answer_2",
)
def gmm_logpdf(X, weights, means, covs):
    A = np.stack([gauss_logpdf(X, m, S) for m, S in zip(means, covs, strict=True)])
    return np.sum(A, axis=0) + np.sum(np.log(weights))


@mistake(
    "gauss_logpdf",
    note="largest component only",
    hint="The other components add something too: the logarithm of the whole sum is asked for.",
    caught_by="test_mixture_is_the_weighted_sum_of_densities",
    answer="gauss_logpdf_answer_2",
)
def gmm_logpdf(X, weights, means, covs):
    with np.errstate(divide="ignore"):
        w = np.log(weights)
    A = np.stack([gauss_logpdf(X, m, S) for m, S in zip(means, covs, strict=True)])
    return np.max(A + w[:, None], axis=0)


@mistake(
    "gauss_logpdf",
    note="weights multiply the logarithms",
    hint="A weight multiplies the density, so its logarithm is added.",
    caught_by="test_mixture_is_the_weighted_sum_of_densities",
    answer="gauss_logpdf_answer_2",
)
def gmm_logpdf(X, weights, means, covs):
    A = np.stack([gauss_logpdf(X, m, S) for m, S in zip(means, covs, strict=True)])
    A = A * np.asarray(weights)[:, None]
    top = A.max(axis=0)
    return top + np.log(np.sum(np.exp(A - top), axis=0))


@mistake(
    "gauss_logpdf",
    note="a density that vanishes",
    hint="Somewhere a number leaves the range of a float: take out the largest one first.",
    caught_by="test_mixture_far_from_every_mean",
    answer="gauss_logpdf_answer_2",
)
def gmm_logpdf(X, weights, means, covs):
    A = np.stack([gauss_logpdf(X, m, S) for m, S in zip(means, covs, strict=True)])
    with np.errstate(divide="ignore"):
        return np.log(np.asarray(weights) @ np.exp(A))


@mistake(
    "gauss_logpdf",
    note="another term than the largest taken out",
    hint="With the first one taken out, e^(a_k - a_1) overflows where another one is larger.",
    caught_by="test_mixture_far_from_every_mean",
    answer="gauss_logpdf_answer_2",
)
def gmm_logpdf(X, weights, means, covs):
    with np.errstate(divide="ignore", over="ignore"):
        A = np.log(weights)[:, None] + np.stack(
            [gauss_logpdf(X, m, S) for m, S in zip(means, covs, strict=True)]
        )
        return A[0] + np.log(np.sum(np.exp(A - A[0]), axis=0))


@mistake(
    "gauss_logpdf",
    note="largest term not given back",
    hint="You take the largest logarithm out of the sum: it has to come back in front.",
    caught_by="test_mixture_is_the_weighted_sum_of_densities",
    answer="gauss_logpdf_answer_2",
)
def gmm_logpdf(X, weights, means, covs):
    with np.errstate(divide="ignore"):
        A = np.log(weights)[:, None] + np.stack(
            [gauss_logpdf(X, m, S) for m, S in zip(means, covs, strict=True)]
        )
    return np.log(np.sum(np.exp(A - A.max(axis=0)), axis=0))


@mistake(
    "gauss_logpdf",
    note="a density, not its logarithm",
    hint="The logarithm of it is asked for.",
    caught_by="test_mixture_is_the_weighted_sum_of_densities",
    answer="gauss_logpdf_answer_2",
)
def gmm_logpdf(X, weights, means, covs):
    A = np.stack([gauss_logpdf(X, m, S) for m, S in zip(means, covs, strict=True)])
    return np.asarray(weights) @ np.exp(A)


@mistake(
    "gauss_logpdf",
    note="divided by the number of components",
    hint="The weights add up to 1 already.",
    caught_by="test_mixture_is_the_weighted_sum_of_densities",
    answer="gauss_logpdf_answer_2",
)
def gmm_logpdf(X, weights, means, covs):
    with np.errstate(divide="ignore"):
        A = np.log(weights)[:, None] + np.stack(
            [gauss_logpdf(X, m, S) for m, S in zip(means, covs, strict=True)]
        )
    top = A.max(axis=0)
    return top + np.log(np.mean(np.exp(A - top), axis=0))


@mistake(
    "gauss_logpdf",
    note="one Gaussian with averaged parameters",
    hint="A mixture has several bumps: average the densities, not the means and covariances.",
    caught_by="test_mixture_is_the_weighted_sum_of_densities",
    answer="gauss_logpdf_answer_2",
)
def gmm_logpdf(X, weights, means, covs):
    mean = np.asarray(weights) @ means
    cov = np.einsum("k,kij->ij", weights, covs)
    return gauss_logpdf(X, mean, cov)


# P5


@mistake(
    "push_forward",
    note="no absolute value",
    hint="A derivative, or a determinant, may be negative: log |...|.",
    caught_by="test_decreasing_map",
)
def push_forward(logpdf, inv, dinv):
    def pushed(y):
        J = dinv(y)
        with np.errstate(invalid="ignore"):
            volume = np.linalg.slogdet(J)[1] if np.ndim(J) == 3 else np.log(J)
        return logpdf(inv(y)) + volume

    return pushed


@mistake(
    "push_forward",
    note="derivative of f for that of its inverse",
    hint="The sign of the last term: it takes the derivative of the inverse, not that of f.",
    caught_by="test_increasing_affine_map",
)
def push_forward(logpdf, inv, dinv):
    def pushed(y):
        J = dinv(y)
        volume = np.linalg.slogdet(J)[1] if np.ndim(J) == 3 else np.log(np.abs(J))
        return logpdf(inv(y)) - volume

    return pushed


@mistake(
    "push_forward",
    note="no stretching",
    hint="The points move, and lengths are stretched too: a term is missing.",
    caught_by="test_increasing_affine_map",
)
def push_forward(logpdf, inv, dinv):
    def pushed(y):
        J = dinv(y)
        return logpdf(inv(y)) + 0 * np.sum(J)

    return pushed


@mistake(
    "push_forward",
    note="evaluated at y",
    hint="p_X is taken at x = f⁻¹(y).",
    caught_by="test_increasing_affine_map",
)
def push_forward(logpdf, inv, dinv):
    def pushed(y):
        J = dinv(y)
        volume = np.linalg.slogdet(J)[1] if np.ndim(J) == 3 else np.log(np.abs(J))
        return logpdf(y) + volume

    return pushed


@mistake(
    "push_forward",
    note="a factor added to a logarithm",
    hint="Densities are multiplied by |(f⁻¹)'|, so logarithms get log |(f⁻¹)'| added.",
    caught_by="test_increasing_affine_map",
)
def push_forward(logpdf, inv, dinv):
    def pushed(y):
        J = dinv(y)
        volume = np.abs(np.linalg.det(J)) if np.ndim(J) == 3 else np.abs(J)
        return logpdf(inv(y)) + volume

    return pushed


@mistake(
    "push_forward",
    note="a density, not its logarithm",
    hint="The logarithm of it is asked for.",
    caught_by="test_increasing_affine_map",
)
def push_forward(logpdf, inv, dinv):
    def pushed(y):
        J = dinv(y)
        volume = np.linalg.slogdet(J)[1] if np.ndim(J) == 3 else np.log(np.abs(J))
        return np.exp(logpdf(inv(y)) + volume)

    return pushed


@mistake(
    "push_forward",
    note="logarithm without its sign",
    hint="The absolute value belongs inside of the logarithm, not around it.",
    caught_by="test_density_integrates_to_one",
)
def push_forward(logpdf, inv, dinv):
    def pushed(y):
        J = dinv(y)
        volume = np.linalg.slogdet(J)[1] if np.ndim(J) == 3 else np.log(np.abs(J))
        return logpdf(inv(y)) + np.abs(volume)

    return pushed


@mistake(
    "push_forward",
    note="determinant out of range",
    hint="np.linalg.slogdet gives log |det| without the determinant.",
    caught_by="test_determinant_of_many_dimensions",
)
def push_forward(logpdf, inv, dinv):
    def pushed(y):
        J = dinv(y)
        with np.errstate(divide="ignore", over="ignore"):
            volume = np.log(np.abs(np.linalg.det(J) if np.ndim(J) == 3 else J))
        return logpdf(inv(y)) + volume

    return pushed


@mistake(
    "push_forward",
    note="entries for the determinant",
    hint="A volume is stretched by the determinant, not by the product of the entries.",
    caught_by="test_linear_map_of_vectors",
)
def push_forward(logpdf, inv, dinv):
    def pushed(y):
        J = dinv(y)
        volume = np.log(np.abs(J))
        if np.ndim(J) == 3:
            volume = volume.sum(axis=(1, 2))
        return logpdf(inv(y)) + volume

    return pushed


@mistake(
    "push_forward",
    note="diagonal for the determinant",
    hint="A volume is stretched by the determinant, and that is more than the diagonal.",
    caught_by="test_rotation_of_the_plane_keeps_volume",
)
def push_forward(logpdf, inv, dinv):
    def pushed(y):
        J = dinv(y)
        volume = np.log(np.abs(J))
        if np.ndim(J) == 3:
            volume = np.trace(volume, axis1=1, axis2=2)
        return logpdf(inv(y)) + volume

    return pushed


@mistake(
    "push_forward",
    note="no absolute value",
    hint="A derivative, or a determinant, may be negative: log |...|.",
    caught_by="test_rotation_of_the_plane_keeps_volume",
)
def push_forward(logpdf, inv, dinv):
    def pushed(y):
        J = dinv(y)
        with np.errstate(invalid="ignore"):
            volume = np.log(np.linalg.det(J)) if np.ndim(J) == 3 else np.log(np.abs(J))
        return logpdf(inv(y)) + volume

    return pushed


@mistake(
    "push_forward",
    note="not one number for each point",
    hint="For vectors dinv gives a matrix for each point: the determinant of each is asked for.",
    caught_by="test_rotation_of_the_plane_keeps_volume",
)
def push_forward(logpdf, inv, dinv):
    def pushed(y):
        J = dinv(y)
        return logpdf(inv(y)) + np.log(np.abs(J))

    return pushed


@mistake(
    "push_forward",
    note="derivative at x",
    hint="(f⁻¹)' is a function of y: take it at y, not at x.",
    caught_by="test_density_integrates_to_one",
)
def push_forward(logpdf, inv, dinv):
    def pushed(y):
        x = inv(y)
        J = dinv(x)
        volume = np.linalg.slogdet(J)[1] if np.ndim(J) == 3 else np.log(np.abs(J))
        return logpdf(x) + volume

    return pushed


@mistake(
    "push_forward",
    note="no stretching",
    hint="The density of e^X has one term more than the normal one: |(log)'(y)| = 1/y.",
    caught_by="test_lognormal_density",
    answer="push_forward_answer_2",
)
def lognormal_logpdf(y, mu, sigma):
    y = np.asarray(y, dtype=float)
    x = np.log(np.where(y > 0, y, 1))
    log_density = -0.5 * ((x - mu) / sigma) ** 2 - np.log(sigma) - 0.5 * np.log(2 * np.pi)
    return np.where(y > 0, log_density, -np.inf)


@mistake(
    "push_forward",
    note="derivative of f for that of its inverse",
    hint="(f⁻¹)'(y) = 1/y, so the logarithm of y is taken off.",
    caught_by="test_lognormal_density",
    answer="push_forward_answer_2",
)
def lognormal_logpdf(y, mu, sigma):
    y = np.asarray(y, dtype=float)
    x = np.log(np.where(y > 0, y, 1))
    log_density = -0.5 * ((x - mu) / sigma) ** 2 - np.log(sigma) - 0.5 * np.log(2 * np.pi) + x
    return np.where(y > 0, log_density, -np.inf)


@mistake(
    "push_forward",
    note="variance for standard deviation",
    hint="sigma is the standard deviation: divide by sigma before squaring.",
    caught_by="test_lognormal_density",
    answer="push_forward_answer_2",
)
def lognormal_logpdf(y, mu, sigma):
    y = np.asarray(y, dtype=float)
    x = np.log(np.where(y > 0, y, 1))
    log_density = -0.5 * (x - mu) ** 2 / sigma - 0.5 * np.log(2 * np.pi * sigma) - x
    return np.where(y > 0, log_density, -np.inf)


@mistake(
    "push_forward",
    note="sigma missing in front",
    hint="A density that is twice as wide is half as high: log sigma is taken off.",
    caught_by="test_lognormal_density",
    answer="push_forward_answer_2",
)
def lognormal_logpdf(y, mu, sigma):
    y = np.asarray(y, dtype=float)
    x = np.log(np.where(y > 0, y, 1))
    log_density = -0.5 * ((x - mu) / sigma) ** 2 - 0.5 * np.log(2 * np.pi) - x
    return np.where(y > 0, log_density, -np.inf)


@mistake(
    "push_forward",
    note="normal density of y",
    hint="The logarithm of y is normal, not y.",
    caught_by="test_lognormal_density",
    answer="push_forward_answer_2",
)
def lognormal_logpdf(y, mu, sigma):
    y = np.asarray(y, dtype=float)
    x = np.log(np.where(y > 0, y, 1))
    log_density = -0.5 * ((y - mu) / sigma) ** 2 - np.log(sigma) - 0.5 * np.log(2 * np.pi) - x
    return np.where(y > 0, log_density, -np.inf)


@mistake(
    "push_forward",
    note="nan outside",
    hint="A negative number has no logarithm: the density there is 0, and its logarithm -inf.",
    caught_by="test_lognormal_lives_on_positive_numbers",
    answer="push_forward_answer_2",
)
def lognormal_logpdf(y, mu, sigma):
    with np.errstate(all="ignore"):
        x = np.log(np.asarray(y, dtype=float))
        return -0.5 * ((x - mu) / sigma) ** 2 - np.log(sigma) - 0.5 * np.log(2 * np.pi) - x


@mistake(
    "push_forward",
    note="log-density 0 outside",
    hint="A density of 0 has the logarithm -inf; a log-density of 0 is a density of 1.",
    caught_by="test_lognormal_lives_on_positive_numbers",
    answer="push_forward_answer_2",
)
def lognormal_logpdf(y, mu, sigma):
    y = np.asarray(y, dtype=float)
    x = np.log(np.where(y > 0, y, 1))
    log_density = -0.5 * ((x - mu) / sigma) ** 2 - np.log(sigma) - 0.5 * np.log(2 * np.pi) - x
    return np.where(y > 0, log_density, 0)


@mistake(
    "push_forward",
    note="mirrored",
    hint="A negative y has the density 0, not that of |y|.",
    caught_by="test_lognormal_lives_on_positive_numbers",
    answer="push_forward_answer_2",
)
def lognormal_logpdf(y, mu, sigma):
    y = np.asarray(y, dtype=float)
    x = np.log(np.where(y == 0, 1, np.abs(y)))
    log_density = -0.5 * ((x - mu) / sigma) ** 2 - np.log(sigma) - 0.5 * np.log(2 * np.pi) - x
    return np.where(y == 0, -np.inf, log_density)


@mistake(
    "push_forward",
    note="a density, not its logarithm",
    hint="The logarithm of it is asked for.",
    caught_by="test_lognormal_density",
    answer="push_forward_answer_2",
)
def lognormal_logpdf(y, mu, sigma):
    y = np.asarray(y, dtype=float)
    x = np.log(np.where(y > 0, y, 1))
    log_density = -0.5 * ((x - mu) / sigma) ** 2 - np.log(sigma) - 0.5 * np.log(2 * np.pi) - x
    return np.where(y > 0, np.exp(log_density), 0)


@mistake(
    "push_forward",
    note="y changed",
    hint="Writing into y changes the caller's array: make a new one.",
    caught_by="test_lognormal_lives_on_positive_numbers",
    answer="push_forward_answer_2",
)
def lognormal_logpdf(y, mu, sigma):
    y = np.asarray(y, dtype=float)
    outside = y <= 0
    y[outside] = 1
    x = np.log(y)
    log_density = -0.5 * ((x - mu) / sigma) ** 2 - np.log(sigma) - 0.5 * np.log(2 * np.pi) - x
    return np.where(outside, -np.inf, log_density)


@mistake(
    "push_forward",
    note="logarithm to base 10",
    hint="e^X has the natural logarithm X.",
    caught_by="test_lognormal_density",
    answer="push_forward_answer_2",
)
def lognormal_logpdf(y, mu, sigma):
    y = np.asarray(y, dtype=float)
    x = np.log10(np.where(y > 0, y, 1))
    log_density = (
        -0.5 * ((x - mu) / sigma) ** 2 - np.log(sigma) - 0.5 * np.log(2 * np.pi) - np.log(10) * x
    )
    return np.where(y > 0, log_density, -np.inf)


# T1

RATES = {
    "monkey_bits": '(math.log2(44), "bits")',
    "typist_bits": '(math.log2(2000) / 4.5, "bits")',
    "model_bits": '(math.log2(20), "bits")',
}


def rates(note, hint, caught_by, **wrong):
    """A wrong entry among right ones, in the first answer cell."""
    lines = [f"{name} = {value}" for name, value in (RATES | wrong).items()]
    source = "\n".join(lines)
    mistaken_cell("entropy_rates", note=note, hint=hint, caught_by=caught_by, source=source)


rates(
    "nats for bits",
    "The number is right in another unit than the one that it has here.",
    "test_monkey",
    monkey_bits='(3.78, "bits")',
)
rates(
    "not the number",
    "All keys are equally likely: what is the entropy of a uniform distribution?",
    "test_monkey",
    monkey_bits='(5.56, "bits")',
)
rates(
    "share for surprise",
    "The surprise is the logarithm of 1/p.",
    "test_monkey",
    monkey_bits='(1 / 44, "bits")',
)
rates(
    "choices for bits",
    "A number of choices is not yet one of bits.",
    "test_monkey",
    monkey_bits='(44, "bits")',
)
rates(
    "logarithm twice",
    "One logarithm of the number of keys is enough.",
    "test_monkey",
    monkey_bits='(math.log2(math.log2(44)), "bits")',
)
rates(
    "unit missing",
    "The number is right; say of what: (monkey_bits, 'unit').",
    "test_monkey",
    monkey_bits="math.log2(44)",
)
rates(
    "whole bits",
    "On average it need not be a whole number of bits.",
    "test_monkey",
    monkey_bits='(6, "bits")',
)
rates(
    "too few digits",
    "It is right as far as it goes: give more digits.",
    "test_monkey",
    monkey_bits='(5.5, "bits")',
)
rates(
    "bits of a word",
    "That is what a whole word takes.",
    "test_typist",
    typist_bits='(math.log2(2000), "bits")',
)
rates(
    "not the number",
    "First the bits of a word, then how many characters share them.",
    "test_typist",
    typist_bits='(2.45, "bits")',
)
rates(
    "not the number",
    "First the bits of a word, then how many characters share them.",
    "test_typist",
    typist_bits='(9.51, "bits")',
)
rates(
    "not the number",
    "First the bits of a word, then how many characters share them.",
    "test_typist",
    typist_bits='(17.46, "bits")',
)
rates(
    "times for by",
    "The bits of a word are shared by its letters.",
    "test_typist",
    typist_bits='(math.log2(2000) * 4.5, "bits")',
)
rates(
    "blanks counted",
    "Nothing is typed between the words.",
    "test_typist",
    typist_bits='(math.log2(2000) / 5.5, "bits")',
)
rates(
    "letters inside of the logarithm",
    "Divide the bits by the letters, not the words by the letters.",
    "test_typist",
    typist_bits='(math.log2(2000 / 4.5), "bits")',
)
rates(
    "whole bits",
    "A word need not take a whole number of bits.",
    "test_typist",
    typist_bits='(11 / 4.5, "bits")',
)
rates(
    "nats for bits",
    "The number is right in another unit than the one that it has here.",
    "test_typist",
    typist_bits='(math.log(2000) / 4.5, "bits")',
)
rates(
    "perplexity for bits",
    "A number of choices is not yet one of bits.",
    "test_language_model",
    model_bits='(20, "bits")',
)
rates(
    "nats for bits",
    "The number is right in another unit than the one that it has here.",
    "test_language_model",
    model_bits='(math.log(20), "bits")',
)
rates(
    "spread over a word",
    "The perplexity is one per character already.",
    "test_language_model",
    model_bits='(math.log2(20) / 4.5, "bits")',
)
rates(
    "compared with the monkey",
    "It does not matter how many keys there are.",
    "test_language_model",
    model_bits='(math.log2(44) - math.log2(20), "bits")',
)


def table(note, hint, text="bits", character="bits / 6", perplexity="2 ** (bits / 6)"):
    """A table with one wrong line."""
    mistaken_cell(
        "entropy_rates",
        note=note,
        hint=hint,
        caught_by="test_own_text",
        answer="entropy_rates_answer_2",
        source=f"""
        bits = sum(math.log2(k) for k in choices)
        text_table = {{"text": {text}, "character": {character}, "perplexity": {perplexity}}}
        """,
    )


table("nats for bits", "Line text: bits have the base 2.", text="bits * math.log(2)")
table(
    "surprise of the mean",
    "Line text: take the logarithm of each probability first.",
    text="6 * math.log2(6 / sum(1 / k for k in choices))",
)
table("sign", "Line text: a surprise is never negative.", text="-bits")
table("one too few", "Line character: count once more.", character="bits / 5")
table("base mixed", "Line perplexity: the line above is in bits.", perplexity="math.exp(bits / 6)")
table(
    "the printed exponent",
    "Line perplexity: a number of choices is at least 1.",
    perplexity="2 ** (-bits / 6)",
)
table(
    "arithmetic mean",
    "Line perplexity: the mean of the logarithms belongs to another mean.",
    perplexity="sum(choices) / 6",
)
table("a line does not follow", "Line character: the text has six characters.", character="bits")


def erratum(note, hint, example="(2, 1)", corrected="p ** (-1 / n)", where="exponent"):
    """An erratum with one wrong part."""
    mistaken_cell(
        "entropy_rates",
        note=note,
        hint=hint,
        caught_by="test_perplexity_is_mended",
        answer="entropy_rates_answer_3",
        source=f"""
        p, n = sp.symbols("p n", positive=True)
        perplexity_erratum = {{
            "counterexample": {example}, "corrected": {corrected}, "where": "{where}"
        }}
        """,
    )


erratum("as printed", "That is the printed line.", corrected="p ** (1 / n)")
erratum("n for 1/n", "It has to be the same for a text of twice the length.", corrected="p ** (-n)")
erratum("bits for choices", "That is the bits of a character.", corrected="-sp.log(p, 2) / n")
erratum("sign in front", "A perplexity is positive.", corrected="-(p ** (1 / n))")
erratum(
    "satisfies the printed line",
    "The printed line holds for your counterexample. Compute both of its sides by hand.",
    example="(1, 5)",
)
erratum("premise not met", "k should be a whole number, 1 or more.", example="(Fraction(1, 2), 3)")
erratum(
    "fault in the wrong place",
    "The part of the printed line that you name is right as it stands.",
    where="probability",
)
erratum(
    "fault in the wrong place",
    "The part of the printed line that you name is right as it stands.",
    where="length",
)

# T2

PAIRS = "pairs = [(p1, q1), (p2, q2), (p3, q3)]\n"
TABLE = "table = [(p11, r1, c1), (p12, r1, c2), (p21, r2, c1), (p22, r2, c2)]\n"


def derivation(name, lines, first=""):
    """The source of a derivation: a list of its lines."""
    return first + f"{name} = [\n" + "".join(f"    {line},\n" for line in lines) + "]"


def divergence(note, hint, *lines):
    """A wrong derivation of KL = H(p, q) - H(p)."""
    mistaken_cell(
        "divergence_identities",
        note=note,
        hint=hint,
        caught_by="test_divergence_is_a_difference_of_entropies",
        source=derivation("kl_steps", lines, PAIRS),
    )


SPLIT = '("=", sum(p * (sp.log(p) - sp.log(q)) for p, q in pairs))'
divergence(
    "a step does not hold",
    "The logarithm of a quotient is the difference of the logarithms, in this order.",
    '("", KL)',
    '("=", sum(p * (sp.log(q) - sp.log(p)) for p, q in pairs))',
    '("=", H_pq - H_p)',
)
divergence(
    "a jump",
    "One step shows the question and the goal, and nothing of the way.",
    '("", KL)',
    '("=", H_pq - H_p)',
)
divergence(
    "a jump",
    "The products and the logarithms are taken apart in one step: show them one by one.",
    '("", KL)',
    '("=", sum(-p * sp.log(q / p) for p, q in pairs))',
    '("=", H_pq - H_p)',
)
divergence(
    "not the goal",
    "The difference of the entropies is the goal, with both of them about p.",
    '("", KL)',
    SPLIT,
)
divergence(
    "a step does not hold",
    "The entropy that is taken off is that of p, not that of q.",
    '("", KL)',
    SPLIT,
    '("=", H_pq + sum(q * sp.log(q) for _, q in pairs))',
)
divergence(
    "a step does not hold",
    "The entropy is taken off the cross entropy, not the other way round.",
    '("", KL)',
    SPLIT,
    '("=", H_p - H_pq)',
)
divergence(
    "a step is a copy",
    "Turning terms round is no step.",
    '("", KL)',
    '("=", p3 * sp.log(p3 / q3) + p2 * sp.log(p2 / q2) + p1 * sp.log(p1 / q1))',
    SPLIT,
    '("=", H_pq - H_p)',
)
divergence(
    "not the question",
    "The derivation begins with the question as it is printed.",
    '("", sum(p * (sp.log(p) - sp.log(q)) for p, q in pairs))',
    '("=", H_pq - H_p)',
)
divergence(
    "not the question",
    "The derivation leads from the divergence to the entropies, not back.",
    '("", H_pq - H_p)',
    SPLIT,
    '("=", KL)',
)
divergence(
    "a step does not hold",
    "The logarithm of a quotient is no quotient of logarithms.",
    '("", KL)',
    '("=", sum(p * sp.log(p) / sp.log(q) for p, q in pairs))',
    '("=", H_pq - H_p)',
)
divergence(
    "cannot be read",
    "A derivation of an equality has equalities only.",
    '("", KL)',
    '("<=", sum(p * (sp.log(p) - sp.log(q)) for p, q in pairs))',
    '("=", H_pq - H_p)',
)


def information(note, hint, *lines):
    """A wrong derivation of H(X) + H(Y) - H(X, Y) = KL."""
    mistaken_cell(
        "divergence_identities",
        note=note,
        hint=hint,
        caught_by="test_information_is_a_divergence",
        answer="divergence_identities_answer_2",
        source=derivation("information_steps", lines, TABLE),
    )


ENTROPIES = '("", H_X + H_Y - H_XY)'
APART = '("=", sum(p * (sp.log(p) - sp.log(r) - sp.log(c)) for p, r, c in table))'
information(
    "a jump",
    "One step shows the question and the goal, and nothing of the way.",
    ENTROPIES,
    '("=", KL_joint)',
)
information(
    "a jump",
    "The step that sorts the terms of the table is missing.",
    ENTROPIES,
    '("=", sum(p * (sp.log(p / r) - sp.log(c)) for p, r, c in table))',
    '("=", KL_joint)',
)
information(
    "a step does not hold",
    "The joint entropy is taken off, so its logarithms come with a plus.",
    ENTROPIES,
    '("=", sum(-p * (sp.log(p) + sp.log(r) + sp.log(c)) for p, r, c in table))',
    '("=", KL_joint)',
)
information(
    "not the question",
    "The joint entropy is taken off, not added.",
    '("", H_X + H_Y + H_XY)',
    APART,
    '("=", KL_joint)',
)
information(
    "a step does not hold",
    "Each logarithm of a marginal belongs to its own row or column.",
    ENTROPIES,
    '("=", sum(p * (sp.log(p) - sp.log(c) - sp.log(c)) for p, r, c in table))',
    '("=", KL_joint)',
)
information(
    "a step does not hold",
    "A row belongs to X and a column to Y: they are exchanged in one of the terms.",
    ENTROPIES,
    APART,
    '("=", KL_joint - p12 * sp.log(p12 / (r1 * c2)) + p12 * sp.log(p12 / (r2 * c1)))',
)
information(
    "not the goal",
    "The goal is the divergence, with one logarithm for each entry of the table.",
    ENTROPIES,
    APART,
)
information(
    "a step does not hold",
    "A logarithm of a sum is no sum of logarithms.",
    ENTROPIES,
    '("=", -sum(p * sp.log(p) for p, _, _ in table))',
    '("=", KL_joint)',
)
information(
    "not the goal",
    "The divergence is that from the joint table to the product, not the other way round.",
    ENTROPIES,
    APART,
    '("=", -sum(p * sp.log(r * c / p) for p, r, c in table))',
)
information(
    "a step is a copy",
    "A step that only rearranges the terms shows nothing.",
    ENTROPIES,
    '("=", -H_XY + H_Y + H_X)',
    APART,
    '("=", KL_joint)',
)

# T3

EXAMPLES = {
    "no_more_bits": "([0.5, 0.5], [0.5, 0.5])",
    "equal_both_ways": "([0.3, 0.7], [0.7, 0.3])",
    "far_from_symmetric": "([0.5, 0.5], [0.001, 0.999])",
    "negative_entropy": "(0, Fraction(1, 2))",
    "no_triangle": "([0.5, 0.5], [0.25, 0.75], [0.1, 0.9])",
}
CLAIMS = {
    "no_more_bits": "test_no_more_bits_are_needed",
    "equal_both_ways": "test_divergence_can_be_equal_both_ways",
    "far_from_symmetric": "test_divergence_can_differ_by_a_factor",
    "negative_entropy": "test_entropy_of_a_density_can_be_negative",
    "no_triangle": "test_triangle_inequality_fails",
}


def counterexample(note, hint, name, value):
    """A counterexample that is none, among right ones."""
    lines = [f"{key} = {text}" for key, text in (EXAMPLES | {name: value}).items()]
    caught_by, source = CLAIMS[name], "\n".join(lines)
    mistaken_cell("slide_claims", note=note, hint=hint, caught_by=caught_by, source=source)


counterexample(
    "satisfies the claim",
    "H(p, q) - H(p) is a divergence. When is it 0?",
    "no_more_bits",
    "([0.5, 0.5], [0.25, 0.75])",
)
counterexample("not normalised", "Probabilities add up to 1.", "no_more_bits", "([1, 1], [1, 1])")
counterexample(
    "a probability of zero",
    "With a zero something may become infinite: all entries should be positive.",
    "no_more_bits",
    "([1, 0], [1, 0])",
)
counterexample(
    "satisfies the claim",
    "Exchanging the outcomes keeps the entropy, and not the cross entropy.",
    "no_more_bits",
    "([0.3, 0.7], [0.7, 0.3])",
)
counterexample(
    "cannot be read", "A pair of two distributions is asked for.", "no_more_bits", "[0.5, 0.5]"
)
counterexample(
    "the same twice",
    "Of two equal distributions both divergences are 0: the two should differ.",
    "equal_both_ways",
    "([0.3, 0.7], [0.3, 0.7])",
)
counterexample(
    "satisfies the claim",
    "What has to be done with the outcomes so that p and q change places?",
    "equal_both_ways",
    "([0.3, 0.7], [0.6, 0.4])",
)
counterexample(
    "a probability of zero",
    "Two infinite divergences are not equal numbers.",
    "equal_both_ways",
    "([1, 0], [0, 1])",
)
counterexample(
    "not normalised", "Probabilities add up to 1.", "equal_both_ways", "([3, 7], [7, 3])"
)
counterexample(
    "a symmetric pair",
    "Here the two should differ, by a factor of 2.",
    "far_from_symmetric",
    "([0.3, 0.7], [0.7, 0.3])",
)
counterexample(
    "satisfies the claim",
    "KL(p‖q) is large where q is tiny although p is not. Make q more extreme.",
    "far_from_symmetric",
    "([0.5, 0.5], [0.4, 0.6])",
)
counterexample(
    "p and q exchanged",
    "It is the first one that should be the larger.",
    "far_from_symmetric",
    "([0.001, 0.999], [0.5, 0.5])",
)
counterexample(
    "a probability of zero",
    "An infinite divergence is not asked for: all entries should be positive.",
    "far_from_symmetric",
    "([0.5, 0.5], [0, 1])",
)
counterexample(
    "an entropy that is not negative",
    "On an interval of length b - a the density is 1/(b - a): put it into the integral.",
    "negative_entropy",
    "(0, 1)",
)
counterexample(
    "an entropy that is not negative",
    "On an interval of length b - a the density is 1/(b - a): put it into the integral.",
    "negative_entropy",
    "(0, 2)",
)
counterexample(
    "above -1 bit", "It is negative, and not yet -1 bit or less.", "negative_entropy", "(0, 0.6)"
)
counterexample(
    "no interval",
    "The first end should be less than the second.",
    "negative_entropy",
    "(Fraction(1, 2), 0)",
)
counterexample(
    "satisfies the claim",
    "Near each other, divergences grow like squares: let q lie between p and r.",
    "no_triangle",
    "([0.5, 0.5], [0.9, 0.1], [0.1, 0.9])",
)
counterexample(
    "satisfies the claim",
    "With r = p the left side is 0.",
    "no_triangle",
    "([0.5, 0.5], [0.25, 0.75], [0.5, 0.5])",
)
counterexample(
    "a probability of zero",
    "Infinite divergences say nothing: all entries should be positive.",
    "no_triangle",
    "([0.5, 0.5], [0.25, 0.75], [0, 1])",
)
counterexample(
    "shapes do not fit",
    "All of them should be on equally many outcomes.",
    "no_triangle",
    "([0.5, 0.5], [0.25, 0.75], [0.1, 0.2, 0.7])",
)

# T4

FORMULAS = {
    "kl_gauss": "sp.log(sigma2 / sigma1) + "
    "(sigma1**2 + (mu1 - mu2) ** 2) / (2 * sigma2**2) - sp.Rational(1, 2)",
    "entropy_gauss": "sp.log(2 * sp.pi * sp.E * sigma1**2) / 2",
    "entropy_exponential": "1 - sp.log(lam)",
    "sigma_covering": "sp.sqrt(sigma1**2 + (mu1 - mu2) ** 2)",
    "sigma_picking": "sigma1",
}
OF_FORMULA = {
    "kl_gauss": "test_divergence_of_two_gaussians",
    "entropy_gauss": "test_entropy_of_a_gaussian",
    "entropy_exponential": "test_entropy_of_an_exponential",
    "sigma_covering": "test_width_that_covers",
    "sigma_picking": "test_width_that_picks",
}


def formula(note, hint, name, value):
    """A wrong formula among right ones."""
    lines = [f"{key} = {text}" for key, text in (FORMULAS | {name: value}).items()]
    caught_by, source = OF_FORMULA[name], "\n".join([GREEK, *lines])
    mistaken_cell("gaussian_information", note=note, hint=hint, caught_by=caught_by, source=source)


GREEK = """mu1, mu2 = sp.symbols("mu1 mu2", real=True)
sigma1, sigma2, lam = sp.symbols("sigma1 sigma2 lam", positive=True)"""
LOG, DISTANCE, HALF = "sp.log(sigma2 / sigma1)", "(mu1 - mu2) ** 2", "sp.Rational(1, 2)"
formula(
    "arguments exchanged",
    "Yours is the divergence the other way round: the mean is taken under the first.",
    "kl_gauss",
    f"sp.log(sigma1 / sigma2) + (sigma2**2 + {DISTANCE}) / (2 * sigma1**2) - {HALF}",
)
formula(
    "one half missing",
    "It should be 0 for two equal Gaussians.",
    "kl_gauss",
    f"{LOG} + (sigma1**2 + {DISTANCE}) / (2 * sigma2**2)",
)
formula(
    "variances for standard deviations",
    "The symbols are standard deviations: where a variance stands, square them.",
    "kl_gauss",
    f"sp.log(sigma2 / sigma1) / 2 + (sigma1 + {DISTANCE}) / (2 * sigma2) - {HALF}",
)
formula(
    "sign of the logarithm",
    "A wide second Gaussian is low: which width stands on top in the logarithm?",
    "kl_gauss",
    f"sp.log(sigma1 / sigma2) + (sigma1**2 + {DISTANCE}) / (2 * sigma2**2) - {HALF}",
)
formula(
    "logarithm of the variances",
    "The density holds the standard deviation in front, not the variance.",
    "kl_gauss",
    f"2 * {LOG} + (sigma1**2 + {DISTANCE}) / (2 * sigma2**2) - {HALF}",
)
formula(
    "factor 2 missing",
    "The exponent of a Gaussian has a 2 in its denominator.",
    "kl_gauss",
    f"{LOG} + (sigma1**2 + {DISTANCE}) / sigma2**2 - {HALF}",
)
formula(
    "means not squared",
    "E[(x - mu2)^2] holds the square of the distance of the means.",
    "kl_gauss",
    f"{LOG} + (sigma1**2 + mu1 - mu2) / (2 * sigma2**2) - {HALF}",
)
formula(
    "spread of the first forgotten",
    "E[(x - mu2)^2] is the variance of x plus the square of the means' distance.",
    "kl_gauss",
    f"{LOG} + {DISTANCE} / (2 * sigma2**2)",
)
formula(
    "bits for nats",
    "The logarithm is the natural one.",
    "kl_gauss",
    f"({LOG} + (sigma1**2 + {DISTANCE}) / (2 * sigma2**2) - {HALF}) / sp.log(2)",
)
formula(
    "cannot be read",
    "No integral may be left: it is the question itself.",
    "kl_gauss",
    "sp.Integral(sp.exp(-mu1**2), (mu1, -1, 1))",
)
formula(
    "one half missing",
    "The mean of ((x - mu)/sigma)^2 is 1, halved.",
    "entropy_gauss",
    "sp.log(2 * sp.pi * sigma1**2) / 2",
)
formula(
    "a standard deviation for a variance",
    "Twice the width has log 2 more entropy: check it with yours.",
    "entropy_gauss",
    "sp.log(2 * sp.pi * sp.E * sigma1) / 2",
)
formula(
    "half in front missing",
    "The constant of the density has a root.",
    "entropy_gauss",
    "sp.log(2 * sp.pi * sp.E * sigma1**2)",
)
formula(
    "bits for nats",
    "The logarithm is the natural one.",
    "entropy_gauss",
    "sp.log(2 * sp.pi * sp.E * sigma1**2, 2) / 2",
)
formula(
    "wrong sign",
    "Wide densities have large entropies.",
    "entropy_gauss",
    "-sp.log(2 * sp.pi * sp.E * sigma1**2) / 2",
)
formula(
    "not equal",
    "It is the mean of minus the log-density: a constant, and half of a mean square.",
    "entropy_gauss",
    "sp.log(2 * sp.pi * sp.E * sigma1**2) / 2 + mu1",
)
formula(
    "scale for rate",
    "With the density lam exp(-lam x) the mean is 1/lam, not lam.",
    "entropy_exponential",
    "1 + sp.log(lam)",
)
formula("one missing", "The mean of lam x is not 0.", "entropy_exponential", "-sp.log(lam)")
formula(
    "wrong sign", "A large rate means a narrow density.", "entropy_exponential", "sp.log(lam) - 1"
)
formula(
    "logarithm not averaged",
    "The mean of x is 1/lam, and of lam x it is 1.",
    "entropy_exponential",
    "1 / lam - sp.log(lam)",
)
formula(
    "variance for standard deviation",
    "That is the best variance; its root is asked for.",
    "sigma_covering",
    "sigma1**2 + (mu1 - mu2) ** 2",
)
formula(
    "the other direction", "That is best with the model on the left.", "sigma_covering", "sigma1"
)
formula(
    "root of the parts",
    "Variances add up, standard deviations do not.",
    "sigma_covering",
    "sigma1 + sp.Abs(mu1 - mu2)",
)
formula(
    "distance only", "The spread of the data counts as well.", "sigma_covering", "sp.Abs(mu1 - mu2)"
)
formula(
    "the other direction",
    "That is best with the model on the right.",
    "sigma_picking",
    "sp.sqrt(sigma1**2 + (mu1 - mu2) ** 2)",
)
formula("variance for standard deviation", "Its root is asked for.", "sigma_picking", "sigma1**2")
formula("nothing but the model", "sigma2 is what is to be found.", "sigma_picking", "sigma2")

# T5


def line(note, hint, value):
    """A line that is no certificate."""
    mistaken_cell(
        "gibbs",
        note=note,
        hint=hint,
        caught_by="test_tangent_lies_above_the_logarithm",
        source=f't = sp.Symbol("t", positive=True)\ntangent = {value}',
    )


line("tangent at e", "That line touches at t = e; the proof needs the point 1.", "t / sp.E")
line("a constant", "A tangent has the slope of the curve where it touches.", "0")
line("slope only", "At t = 1 the logarithm is 0: your line is not.", "t")
line("below the logarithm", "Its slope at 1 has the other sign.", "1 - t")
line("another lower bound", "That lies below the logarithm, and is no line.", "1 - 1 / t")
line("crosses the curve", "It touches, and is not above the curve everywhere.", "2 * (t - 1)")
line("not a line", "It should have the form a + b x, with two numbers.", "t**2 - t")
line("not a line", "It should have the form a + b x, with two numbers.", "sp.log(t)")


def gibbs(note, hint, *lines):
    """A wrong derivation of -KL <= 0."""
    mistaken_cell(
        "gibbs",
        note=note,
        hint=hint,
        caught_by="test_divergence_is_not_negative",
        answer="gibbs_answer_2",
        source=derivation("gibbs_steps", lines, PAIRS),
    )


MINUS_KL = '("", minus_kl)'
TANGENT = '("<=", sum(p * (q / p - 1) for p, q in pairs))'
SUMS = '("=", q1 + q2 + q3 - p1 - p2 - p3)'
ZERO = '("=", 0)'
gibbs(
    "cannot be read",
    "The chain goes up, from minus the divergence to 0: its signs are <= and =.",
    MINUS_KL,
    '(">=", sum(p * (q / p - 1) for p, q in pairs))',
    SUMS,
    ZERO,
)
gibbs(
    "a step does not hold",
    "The tangent lies above the logarithm: the two are not equal.",
    MINUS_KL,
    '("=", sum(p * (q / p - 1) for p, q in pairs))',
    SUMS,
    ZERO,
)
gibbs(
    "a jump",
    "Put the tangent in, multiply out, and use the sums: one step each.",
    MINUS_KL,
    '("<=", 0)',
)
gibbs(
    "a jump",
    "The step from the tangent to 0 hides where the sums are used.",
    MINUS_KL,
    TANGENT,
    ZERO,
)
gibbs(
    "a jump",
    "The line with the tangent in the place of the logarithms is missing.",
    MINUS_KL,
    '("<=", q1 + q2 + q3 - p1 - p2 - p3)',
    '("=", q1 + q2 + q3 - 1)',
    ZERO,
)
gibbs(
    "a step does not hold",
    "With the tangent at e the terms add up to 1/e, not to 0.",
    MINUS_KL,
    '("<=", sum(p * (q / p) / sp.E for p, q in pairs))',
    '("=", (q1 + q2 + q3) / sp.E)',
    ZERO,
)
gibbs(
    "a step does not hold",
    "A constant in the place of the logarithm is no upper bound.",
    MINUS_KL,
    '("<=", 0 * p1 - p2 / p1)',
    SUMS,
    ZERO,
)
gibbs(
    "not the question",
    "The quotient has q on top: it is minus the divergence that the chain begins with.",
    '("", KL)',
    '("<=", sum(p * (p / q - 1) for p, q in pairs))',
    SUMS,
    ZERO,
)
gibbs("not the goal", "The chain has to end with 0.", MINUS_KL, TANGENT, SUMS)
gibbs(
    "a step does not hold",
    "p times q/p is q: one of the terms is multiplied out wrongly.",
    MINUS_KL,
    TANGENT,
    '("=", q1 + q2 + q3 + p1 + p2 + p3)',
    ZERO,
)


def equality(note, hint, value):
    """A wrong case of equality, or a wrong reason."""
    mistaken_cell(
        "gibbs",
        note=note,
        hint=hint,
        caught_by="test_equality",
        answer="gibbs_answer_3",
        source=f"gibbs_equality = {value}",
    )


equality(
    "not the reason",
    "True, and it gives the inequality; a line is concave as well.",
    '("equal", "concave")',
)
equality(
    "not the reason",
    "True, and used in the last step, which is an equality for all p and q.",
    '("equal", "sums")',
)
equality(
    "not the reason",
    "The reason that you chose may be true, but it does not prove your choice.",
    '("equal", "increasing")',
)
equality(
    "not the choice",
    "Compute KL for p = (0.3, 0.7) and the same numbers in the other order.",
    '("rearranged", "touch")',
)
equality(
    "not the choice",
    "p = (0.3, 0.7) and q = (0.7, 0.3) have the same entropy.",
    '("entropy", "touch")',
)
equality("not the choice", "Put q = p into the definition.", '("never", "touch")')
equality("cannot be read", "A pair of two of the words is asked for.", '"equal"')
