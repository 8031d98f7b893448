"""What the fork server does beforehand leaves a notebook nothing to see, and costs no fork."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from autograder.grading import fork_server

ROOT = Path(__file__).parents[2]


def run_alone(code: str) -> str:
    """What a Python of its own prints: the shell is one for each process."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=ROOT, env={**os.environ, "MPLBACKEND": "agg"}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return done.stdout


def test_shell_is_as_new_after_warming_up():
    said = run_alone("""
        import matplotlib.pyplot as plt, sympy
        from autograder.grading.sandbox import shell, warm
        made = shell.NotebookShell.instance()
        before = sorted(made.user_ns), dict(plt.rcParams), made.execution_count
        warm.warm_up(made)
        after = sorted(made.user_ns), dict(plt.rcParams), made.execution_count
        outputs, raised = made.run("1 + 1", "first", 1000)
        print(before == after, plt.get_fignums(), outputs[0]["execution_count"], raised)
    """)
    assert said == "True [] 1 None\n"


def test_no_file_stays_open():
    said = run_alone("""
        import gc, os
        import matplotlib.pyplot, sympy
        from autograder.grading.sandbox import shell, warm
        made = shell.NotebookShell.instance()
        before = len(os.listdir("/proc/self/fd"))
        warm.warm_up(made)
        gc.collect()
        print(len(os.listdir("/proc/self/fd")) - before)
    """)
    assert said == "0\n"


def test_a_matplotlib_with_other_caches_is_warmed_too():
    said = run_alone("""
        import matplotlib.pyplot
        from matplotlib import font_manager, mathtext
        from autograder.grading.sandbox import shell, warm
        font_manager._get_font = font_manager._get_font.__wrapped__
        parser = mathtext.MathTextParser
        parser._parse_cached = parser._parse_cached.__wrapped__
        warm.warm_up(shell.NotebookShell.instance())
        print("warm")
    """)
    assert said == "warm\n"


def test_memory_is_kept_when_it_is_gathered():
    said = run_alone("""
        import hashlib
        from autograder.grading.sandbox.warm import gather_pages
        data = [bytes([n % 251]) * 1000 for n in range(20_000)]
        before = hashlib.sha256(b"".join(data)).digest()
        pages = gather_pages()
        print(pages >= 0, hashlib.sha256(b"".join(data)).digest() == before)
    """)
    assert said == "True True\n"


def test_server_says_why_it_does_not_start(monkeypatch):
    broken = fork_server.BOOT.replace("main()", "sys.modules.clear(); main()")
    monkeypatch.setattr(fork_server, "BOOT", broken)
    with pytest.raises(fork_server.SandboxError, match=r"the sandbox does not start \(.*Error"):
        fork_server.start_server(())
