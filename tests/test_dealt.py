"""Tests that share costly fixtures run in one process, however many there are."""

import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.conftest import group_of

ROOT = Path(__file__).parents[1]
FILE = "import pytest\n\n\n@pytest.mark.parametrize('n', range(6))\ndef test_it(n):\n    pass\n"


@pytest.mark.parametrize(
    ("nodeid", "group"),
    [
        ("tests/a/test_b.py::test_c", "tests/a/test_b.py"),
        ("tests/a/test_b.py::TestC::test_d[hw01_norms-1]", "tests/a/test_b.py"),
        ("t/test_assignments.py::test_a[hw01_norms]", "t/test_assignments.py[hw01_norms]"),
        ("t/test_assignments.py::test_a[hw02-x-[1]]", "t/test_assignments.py[hw02]"),
        ("t/test_assignments.py::test_a", "t/test_assignments.py[]"),
    ],
)
def test_a_group_is_a_file_or_an_assignment(nodeid, group):
    assert group_of(nodeid) == group


def test_a_file_stays_in_one_process(tmp_path):
    for name in ("test_a.py", "test_b.py"):
        (tmp_path / name).write_text(FILE)
    words = ["-m", "pytest", "-v", "-n", "2", "-p", "tests.conftest", "-c", os.devnull]
    done = subprocess.run(
        [sys.executable, *words, "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    processes = defaultdict(set)
    for process, name in re.findall(r"\[(gw\d)\] .*(test_.\.py)::", done.stdout):
        processes[name].add(process)
    assert sorted(processes) == ["test_a.py", "test_b.py"]
    assert all(len(found) == 1 for found in processes.values()), processes
