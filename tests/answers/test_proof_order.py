"""Every lawful order of a proof is right; each fault costs what it takes to mend it."""

from itertools import permutations

import pytest

from autograder.answers.proof_order import Distractor, Proof, edits, read_order, require_proof
from autograder.answers.verdict import InvalidAnswer, WrongAnswer

# A and B come first in either order; C rests on both; D rests on C.
PROOF = Proof(
    rests_on={
        "A": frozenset(),
        "B": frozenset(),
        "C": frozenset("AB"),
        "D": frozenset("C"),
    },
    distractors={"X": Distractor("false line", "It is false.")},
)


def test_exactly_the_lawful_orders_need_no_edit():
    lawful = {"".join(order) for order in permutations("ABCD") if edits(order, PROOF) == 0}
    assert lawful == {"ABCD", "BACD"}


@pytest.mark.parametrize(
    ("order", "count"),
    [
        ("ABCD", 0),
        ("ABC", 1),
        ("ABXCD", 1),
        ("ABDC", 1),
        ("CABD", 1),
        ("ABCDD", 1),
        ("DCBA", 2),
        ("", 4),
        ("XX", 6),
        ("D", 3),
    ],
)
def test_edits_are_moves_insertions_and_deletions(order, count):
    assert edits(order, PROOF) == count


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ("ABXCD", "false line: It is false"),
        ("ABCDD", "a line twice: Line D"),
        ("ACBD", "used before it is shown: Line C"),
        ("ABC", "a step is missing"),
        ("", "a step is missing"),
    ],
)
def test_the_fault_is_named(order, message):
    with pytest.raises(WrongAnswer, match=message):
        require_proof(order, PROOF)


def test_a_few_edits_may_be_allowed():
    require_proof("ABDC", PROOF, at_most=1)
    require_proof("BACD", PROOF)
    with pytest.raises(WrongAnswer, match="used before it is shown"):
        require_proof("DCBA", PROOF, at_most=1)


# the order, the share that it earns of a credit of 1/2, why
CREDIT = [
    ("ABC", 0.25, "one line of four is missing: half of the credit"),
    ("ABXCD", 0.25, "one false line"),
    ("ABDC", 0.25, "one line to be moved"),
    ("DCBA", 0, "two lines to be moved: half of the proof"),
    ("XX", 0, "nothing of it"),
    ("", 0, "no line at all"),
]


@pytest.mark.parametrize(("order", "credit", "why"), CREDIT)
def test_credit_falls_with_the_edits(order, credit, why):
    with pytest.raises(WrongAnswer) as caught:
        require_proof(order, PROOF, credit=0.5)
    assert caught.value.credit == credit, why


def test_orders_are_lists_of_labels():
    assert read_order(["a", " B"], PROOF, "proof") == ("A", "B")
    assert read_order((), PROOF, "proof") == ()


@pytest.mark.parametrize("text", ["ABX", "abx", " A, B, X ", "A B  X", "A,B,X"])
def test_an_order_may_be_typed(text):
    """The labels that a student reads off a screen are letters: `"ABX"` can mean one thing only."""
    assert read_order(text, PROOF, "proof") == ("A", "B", "X")


def test_a_blank_text_is_an_order_without_lines():
    assert read_order("  ", PROOF, "proof") == ()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("A-B", "entry 2 of proof is '-'; no line has this label"),
        ("A" * 41, "at most 40"),
        (7, "proof is a int; a list is expected"),
        (["A", 1], "entry 2 of proof is no label"),
        (["A", "Q"], "entry 2 of proof is 'Q'; no line has this label"),
        (["A"] * 41, "at most 40"),
    ],
)
def test_what_is_no_order_is_refused(answer, message):
    with pytest.raises(InvalidAnswer, match=message):
        read_order(answer, PROOF, "proof")
