"""Tests that need a sandbox are skipped where a host has none, never because ours is broken."""

import subprocess
import sys

import pytest

from autograder.course.model import Limits
from autograder.errors import SandboxError
from autograder.grading.fork_server import open_sandbox
from autograder.grading.jail import jail_command

MAKE_NAMESPACES = (
    "import ctypes\nassert ctypes.CDLL(None, use_errno=True).unshare(0x10000000 | 0x00020000) == 0"
)


def test_sandbox_starts_where_bubblewrap_does():
    try:
        command = [*jail_command(), sys.executable, "-I", "-c", MAKE_NAMESPACES]
    except SandboxError as error:
        pytest.skip(str(error))
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"this host forbids namespaces: {tried.stderr.strip()[-200:]}")
    open_sandbox(Limits()).close()
