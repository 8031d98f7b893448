"""The items, one module each."""

from autograder.answers.items.bank import (
    backprop_weight,
    best_step,
    chain_cost,
    components_for_share,
    conv_size,
    idle_threads,
    kl_in_bits,
    mlp_parameters,
    norm_constant,
    quadratic_gradient,
    softmax_entry,
)
from autograder.answers.items.model import Item

ITEMS: tuple[Item, ...] = (
    norm_constant.ITEM,
    components_for_share.ITEM,
    backprop_weight.ITEM,
    quadratic_gradient.ITEM,
    kl_in_bits.ITEM,
    chain_cost.ITEM,
    best_step.ITEM,
    softmax_entry.ITEM,
    mlp_parameters.ITEM,
    conv_size.ITEM,
    idle_threads.ITEM,
)


def find(name: str) -> Item:
    """The item of that name. Raises: KeyError where there is none."""
    return {item.name: item for item in ITEMS}[name]
