"""Every item is fit to be asked with the numbers of a thousand seeds."""

import re

import numpy as np
import pytest
import torch

from autograder.answers.items import draw, problems
from autograder.answers.items.bank import ITEMS, find
from autograder.answers.items.model import LETTERS, shape_of

SEEDS = range(1000)

each_item = pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.name)


def drawn(item, seeds):
    return [draw(item, np.random.default_rng(seed)) for seed in seeds]


@each_item
def test_a_thousand_forms_are_fit(item):
    """Options are distinct by value and in print, keys can be written, both computations agree."""
    instances = drawn(item, SEEDS)
    unfit = {seed: problems(i) for seed, i in zip(SEEDS, instances, strict=True)}
    assert {seed: found for seed, found in unfit.items() if found} == {}
    assert len({shape_of(instance) for instance in instances}) == 1
    lengths = [len(instance.stem) for instance in instances]
    assert max(lengths) - min(lengths) <= 12


@each_item
def test_forms_differ_and_the_key_stands_everywhere(item):
    instances = drawn(item, range(200))
    assert len({instance.stem for instance in instances}) > 20
    counts = [sum(i.letter == letter for i in instances) for letter in LETTERS[:4]]
    assert min(counts) > 25  # 200 draws of four places: 50 expected, 5 sigma are 31


@each_item
def test_the_same_seed_gives_the_same_form(item):
    assert drawn(item, [7]) == drawn(item, [7])


def test_names_are_unique_and_no_topic_is_left_out():
    assert len({item.name for item in ITEMS}) == len(ITEMS)
    assert {item.topic[:4] for item in ITEMS} == {f"hw{k:02}" for k in range(1, 11)}
    assert all(find(item.name) is item for item in ITEMS)


@each_item
def test_metadata_are_plausible(item):
    assert re.fullmatch(r"hw\d\d_\w+", item.topic)
    assert 1 <= item.points <= item.minutes <= 10
    assert item.stem.endswith((".", "?"))
    notes = [option.note for option in item.options(item.generate(np.random.default_rng(0)))]
    assert len(set(notes)) == len(notes) == 3
    assert not any(character.isdigit() for character in item.hint.replace("k by a", ""))


@pytest.mark.parametrize("seed", range(20))
def test_conv_size_is_torchs(seed):
    item = find("conv_size")
    p = item.generate(np.random.default_rng(seed))
    layer = torch.nn.Conv2d(1, 1, p["k"], stride=p["s"], padding=p["p"])
    assert layer(torch.zeros(1, 1, p["n"], p["n"])).shape[-1] == item.answer(p)


@pytest.mark.parametrize("seed", range(20))
def test_gradients_are_torchs(seed):
    item = find("softmax_entry")
    p = item.generate(np.random.default_rng(seed))
    z = torch.tensor([p["a"], p["b"], p["c"]], dtype=torch.float64).log().requires_grad_()
    torch.softmax(z, 0)[0].backward()
    assert z.grad is not None
    assert z.grad[1].item() == pytest.approx(float(item.answer(p)))
