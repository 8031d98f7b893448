"""Hostile answers run nothing, and cost neither time nor memory."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.answers.hostile import CANARY, OBJECTS, STRINGS, TREES

ROOT = Path(__file__).parents[2]
MEMORY_MIB = 256
CPU_S = 1.0  # of the processor, for all nine readers together; the slowest was seen to take 0.6


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """What became of each hostile answer, in a process whose memory is bounded."""
    folder = tmp_path_factory.mktemp("hostile")
    done = subprocess.run(
        [sys.executable, "-m", "tests.answers.judge_hostile"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert not (folder / CANARY).exists()
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_all_were_judged(judged):
    assert len(judged) == len(STRINGS) + len(OBJECTS) + len(TREES) >= 200


def test_nothing_is_run(judged):
    assert [line["name"] for line in judged if line["events"]] == []


def test_none_is_right(judged):
    assert {
        verdict for line in judged for verdict in (line["found"].get("equality", "refused"),)
    } <= {"cannot be read", "unequal", "undecided", "refused"}


def test_none_takes_a_second(judged):
    assert {line["name"]: line["cpu_s"] for line in judged if line["cpu_s"] > CPU_S} == {}


def test_none_fills_the_memory(judged):
    assert max(line["grown_mib"] for line in judged) < MEMORY_MIB
