"""The order of the lines of a proof: each after the lines that it rests on, and no line too many.

A proof is a graph: every line names the lines that it rests on, so that each order that respects
them is right. Among the lines offered are some that are false or lead nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from autograder.answers.reading import read_list
from autograder.answers.verdict import InvalidAnswer, WrongAnswer

MAX_ANSWER = 40  # labels that are read


@dataclass(frozen=True, slots=True)
class Distractor:
    """A line that does not belong in the proof, and what is said to a student who uses it."""

    note: str
    hint: str


@dataclass(frozen=True, slots=True)
class Proof:
    """The lines of a proof: each label with the labels it rests on; and the distractors."""

    rests_on: Mapping[str, frozenset[str]]
    distractors: Mapping[str, Distractor]

    def ancestors(self, label: str) -> frozenset[str]:
        """Every line that must stand before this one."""
        direct = self.rests_on[label]
        return direct.union(*(self.ancestors(other) for other in direct))


def edits(order: Sequence[str], proof: Proof) -> int:
    """How many lines must be moved, added or taken out until the order is a proof."""
    own: list[str] = []
    extra = 0
    for label in order:
        if label in proof.distractors or label in own:
            extra += 1
        else:
            own.append(label)
    missing = len(proof.rests_on) - len(own)
    return extra + missing + len(own) - _longest_lawful(own, proof)


def _longest_lawful(own: Sequence[str], proof: Proof) -> int:
    """The size of the largest part of the lines that stands in a lawful order.

    It tries every subset, the largest first: at once for the dozen lines of an exercise.
    """
    clashes = [
        {i, j}
        for (i, first), (j, second) in combinations(enumerate(own), 2)
        if second in proof.ancestors(first)
    ]
    for moved in range(len(own) + 1):
        for some in combinations(range(len(own)), moved):
            if all(clash & set(some) for clash in clashes):
                return len(own) - moved
    return 0


def read_order(answer: object, proof: Proof, what: str) -> tuple[str, ...]:
    """The labels of an answer: a list of strings, or a text such as "ABC" or "A, B, C".

    Raises: InvalidAnswer for anything else, and for a label that no line has.
    """
    order: list[str] = []
    labels = _typed_labels(answer) if isinstance(answer, str) else answer
    for place, entry in enumerate(read_list(labels, what, MAX_ANSWER), start=1):
        if not isinstance(entry, str):
            raise InvalidAnswer(f"entry {place} of {what} is no label such as 'A'")
        label = entry.strip().upper()
        if label not in proof.rests_on and label not in proof.distractors:
            raise InvalidAnswer(
                f"entry {place} of {what} is {label[:20]!r}; no line has this label"
            )
        order.append(label)
    return tuple(order)


def _typed_labels(text: str) -> list[str]:
    """The words of a text; of a single word its letters."""
    words = text.replace(",", " ").split()
    return list(words[0]) if len(words) == 1 else words


def require_proof(
    order: Sequence[str], proof: Proof, at_most: int = 0, credit: float = 0.0
) -> None:
    """Passes where at most so many edits lead to a proof.

    `credit` is the most that another order earns: it falls with the edits, to 0 where they are half
    as many as the proof has lines.

    Raises: WrongAnswer that names the first fault met on reading from the top.
    """
    count = edits(order, proof)
    if count <= at_most:
        return
    fault = _first_fault(order, proof)
    share = max(0.0, 1 - 2 * count / len(proof.rests_on))
    raise WrongAnswer(fault.note, fault.hint, credit * share)


def _first_fault(order: Sequence[str], proof: Proof) -> WrongAnswer:
    for place, label in enumerate(order):
        if label in proof.distractors:
            return WrongAnswer(proof.distractors[label].note, proof.distractors[label].hint)
        if label in order[:place]:
            return WrongAnswer("a line twice", f"Line {label} stands there twice.")
    for place, label in enumerate(order):
        late = [other for other in proof.rests_on[label] if other in order[place:]]
        if late:
            return WrongAnswer(
                "used before it is shown",
                f"Line {label} uses something that only a later line of yours provides.",
            )
    return WrongAnswer(
        "a step is missing", "Every line that you use is right, but a step is missing."
    )
