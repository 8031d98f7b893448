"""What a process pays for by importing the program."""

import subprocess
import sys


def imported(statement):
    """The modules that a new process has after a statement."""
    script = f"{statement}; import sys; print(*sys.modules)"
    command = [sys.executable, "-c", script]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_reading_notebooks_builds_no_grammar_of_addresses():
    assert "lark" not in imported("import autograder, nbformat, nbformat.validator")


def test_looking_up_what_is_kept_imports_neither_torch_nor_nbgrader():
    modules = imported("import autograder.grading.batch, autograder.grading.cluster")
    assert modules & {"torch", "nbgrader", "sympy", "distributed", "matplotlib.pyplot"} == set()
