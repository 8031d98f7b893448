"""The ledger's chain: whatever is changed, taken out or put in is found."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.collect.ledger import LedgerRow, append, latest, read_ledger, verify
from autograder.errors import RepositoryError

NOON = datetime(2026, 9, 8, 12, tzinfo=UTC)
ROW = LedgerRow(
    number=0,
    student="ada",
    assignment="hw01",
    ref="refs/heads/main",
    commit="1" * 40,
    tree="2" * 40,
    blob="3" * 40,
    path="hw01/hw01.ipynb",
    received=NOON,
    late_days=0,
    source={"user": "ada"},
    authored=None,
    committed=NOON,
    notes=("naïve — note",),
    collected_at=NOON,
)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger" / "hw01.jsonl"
    last = None
    for student in ("ada", "ben", "ada"):
        last = append(path, replace(ROW, student=student), last)
    return path


def test_rows_come_back_as_they_were_written(ledger):
    rows = read_ledger(ledger)
    assert [(row.number, row.student) for row in rows] == [(1, "ada"), (2, "ben"), (3, "ada")]
    assert replace(rows[0], number=0, seal="") == ROW
    assert latest(rows)["ada"] == rows[2]
    assert verify(ledger) == ()


def test_no_ledger_has_no_rows(tmp_path):
    assert read_ledger(tmp_path / "none.jsonl") == ()


@pytest.mark.parametrize("line", [0, 1, 2])
def test_changed_row_is_found(ledger, line):
    lines = ledger.read_text().splitlines(keepends=True)
    lines[line] = lines[line].replace('"late_days": 0', '"late_days": 2')
    ledger.write_text("".join(lines))
    assert "it was changed after it was written" in verify(ledger)[0]


def test_row_taken_out_is_found(ledger):
    lines = ledger.read_text().splitlines(keepends=True)
    ledger.write_text(lines[0] + lines[2])
    assert "the rows before it are not those" in verify(ledger)[0]


def test_rows_in_another_order_are_found(ledger):
    lines = ledger.read_text().splitlines(keepends=True)
    ledger.write_text(lines[1] + lines[0] + lines[2])
    assert verify(ledger)


@pytest.mark.parametrize("line", ["{}", "[]", "no json", '{"number": 4}'])
def test_line_that_is_no_row_is_an_error(ledger, line):
    with ledger.open("a") as file:
        file.write(line + "\n")
    with pytest.raises(RepositoryError, match="row 4 cannot be read"):
        read_ledger(ledger)


def test_row_that_was_being_written_when_the_power_went_is_dropped(ledger):
    whole = ledger.read_bytes()
    ledger.write_bytes(whole + whole.splitlines()[0][:40])
    rows = read_ledger(ledger)
    append(ledger, ROW, rows[-1])
    assert len(read_ledger(ledger)) == 4
    assert ledger.read_bytes().startswith(whole)


def test_rows_are_lines_of_json(ledger):
    lines = ledger.read_text().splitlines()
    assert [json.loads(line)["student"] for line in lines] == ["ada", "ben", "ada"]
