"""The checker is right on every published pair, whatever the seed.

PAIR_SEEDS=200 runs the two hundred seeds whose figures stand in the README of answers.
"""

import os

import pytest

from autograder.answers.domains import names, sample
from autograder.answers.expressions import compare
from autograder.answers.typed import read_typed
from tests.answers.pairs import PAIRS, Pair

SEEDS = range(int(os.environ.get("PAIR_SEEDS", "10")))


def name_of(pair: Pair) -> str:
    return f"{pair.reference} {'=' if pair.equal else '/='} {pair.answer}"


@pytest.mark.parametrize("pair", PAIRS, ids=name_of)
def test_pair(pair):
    symbols = names(pair.domains)
    reference = read_typed(pair.reference, "reference", symbols)
    answer = read_typed(pair.answer, "answer", symbols)
    wanted = "equal" if pair.equal else "unequal"
    for seed in SEEDS:
        assert compare(answer, reference, sample(pair.domains, seed)).verdict == wanted, seed


def test_the_table_covers_the_course():
    topics = {pair.topic for pair in PAIRS}
    assert len(PAIRS) >= 150
    assert len({(p.reference, p.answer, str(p.domains)) for p in PAIRS}) == len(PAIRS)
    for topic in topics:
        rows = [pair for pair in PAIRS if pair.topic == topic]
        assert min(sum(p.equal for p in rows), sum(not p.equal for p in rows)) >= 2, topic
