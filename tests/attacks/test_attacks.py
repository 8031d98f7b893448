"""Hostile notebooks, graded among honest ones: none earns a point, none harms anything."""

from __future__ import annotations

import binascii
import json
import re
from base64 import b64decode

import pytest

from autograder.course.report import Report
from tests.attacks import (
    bombs,
    carriers,
    escapes,
    files,
    outputs,
    patched,
    values,
    walks,
    wire_abuse,
)
from tests.attacks.attack import LIMITS, REACHED, TELL, Attack
from tests.attacks.host import SECRET, Canary, Grader, open_canary, shared_objects
from tests.grading import small

pytestmark = pytest.mark.jail

KINDS = {
    "patched": patched.ATTACKS,
    "values": values.ATTACKS,
    "outputs": outputs.ATTACKS,
    "walks": walks.ATTACKS,
    "escapes": escapes.ATTACKS,
    "bombs": bombs.ATTACKS,
    "wire": wire_abuse.ATTACKS,
    "carriers": carriers.ATTACKS,
    "files": files.ATTACKS,
}
ALL = [pytest.param(a, id=f"{kind}-{a.name}") for kind, known in KINDS.items() for a in known]
# Honest notebooks: all right, one question right, partly right.
HONEST = {
    (small.NORM, small.ADD): (10, 10),
    (small.NORM, small.STUB): (10, 0),
    (small.STUB, "def add(A, B, C):\n    C[:] = A @ B"): (0, 7.5),
}
# The inputs of hidden tests that no student may read, and the secret of the grader's host.
NEVER_SHOWN = ("7654.25", "15308.5", SECRET)
SHOWN_TYPES = {"text/plain", "text/latex", "image/png", "image/jpeg"}
MAX_SHOWN_BYTES = 4 * 2**20  # four times what an attack's limits allow it to show
MAX_GRADER_BYTES = 2**30  # some times what the largest frame takes, torch included


@pytest.fixture(scope="module")
def grader(jail, tmp_path_factory):
    """One grader for all, which no attack may end."""
    grader = Grader(small.write_hidden_tests(tmp_path_factory.mktemp("hidden") / "hidden_tests"))
    yield grader
    grader.close()


@pytest.fixture(scope="module")
def canary(tmp_path_factory):
    """What must stay as it is."""
    with open_canary(tmp_path_factory.mktemp("canary")) as canary:
        yield canary


def honest_scores(grader: Grader) -> dict[tuple[str, str], tuple[float | None, ...]]:
    reports = {a: grader.grade(small.text(small.notebook(*a)), LIMITS) for a in HONEST}
    return {a: tuple(c.score for c in report.cells[:2]) for a, report in reports.items()}


def submitted(attack: Attack, canary: Canary) -> bytes:
    """The attack's file."""
    if attack.content is not None:
        return attack.content()
    norm, add = attack.norm, attack.add
    for name, value in canary.names.items():
        norm, add = norm.replace(name, str(value)), add.replace(name, str(value))
    told = [text if text == small.STUB else TELL + text for text in (norm, add)]
    return small.text(small.notebook(*told))


def shown(report: Report) -> str:
    """All that a report shows beside the notebook's own text."""
    outputs = [cell.get("outputs", []) for cell in report.notebook.cells]
    outcomes = [o for cell in report.cells for o in cell.outcomes]
    said = [(o.claim, o.hint, o.note, o.detail) for o in outcomes]
    return json.dumps([outputs, said, report.problems], ensure_ascii=False)


def active_parts(report: Report) -> list[str]:
    """The outputs that a browser might run: of unknown types, or pictures that are none."""
    found = []
    for cell in report.notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            found += [*(data.keys() - SHOWN_TYPES), *output.get("metadata", {})]
            found += [v for k, v in data.items() if k.startswith("image/") and not is_base64(v)]
    return found


def is_base64(text: str) -> bool:
    try:
        b64decode(text.replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def test_honest_notebooks_before(grader):
    assert honest_scores(grader) == HONEST


@pytest.mark.parametrize("attack", ALL)
def test_an_attack_earns_nothing_and_harms_nothing(attack, grader, canary):
    before = shared_objects()
    report = grader.grade(submitted(attack, canary), attack.limits)
    text = shown(report)
    assert report.score == 0
    assert [cell.max_score for cell in report.cells] == [10, 10, 3]
    assert re.findall(f"{REACHED}.{{0,60}}", text) == []
    assert [secret for secret in (*NEVER_SHOWN, *attack.never_shown) if secret in text] == []
    assert active_parts(report) == []
    assert len(text) < MAX_SHOWN_BYTES
    assert grader.peak_bytes < MAX_GRADER_BYTES
    assert canary.harm() == []
    assert grader.has_no_submission()
    assert shared_objects() == before


def test_honest_notebooks_after(grader):
    assert honest_scores(grader) == HONEST
