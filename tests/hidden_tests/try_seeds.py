"""Grades an assignment's source for many students, each with other random numbers.

    python -m tests.hidden_tests.try_seeds hw03_matrix_calculus --seeds 100

Each seed is a student of its own: the `rng` of the hidden tests, and the numbers that the notebook
itself asks this student about. Prints what a seed lost; exits with 1 where one lost anything.
"""

from __future__ import annotations

import argparse
import copy
import sys

import nbformat
from rich.progress import track

from autograder import notebooks
from autograder.grading.engine import grade
from tests.hidden_tests.test_assignments import (
    ASSIGNMENTS,
    HIDDEN_TESTS,
    LIMITS,
    files_of,
    lost,
    released,
    source,
)


def lost_by(name: str, seed: int) -> list[str]:
    """What the source of an assignment loses for the student of this number."""
    report = grade(
        nbformat.writes(source(name)).encode(),
        _without_pictures(name),
        HIDDEN_TESTS / f"test_{name}.py",
        LIMITS,
        f"seed {seed}".encode(),
        student_id=f"student{seed:05}",
        files=files_of(name),
    )
    return lost(report) + list(report.problems)


def _without_pictures(name: str) -> nbformat.NotebookNode:
    """The released notebook's answers and tests: what else it shows is not graded."""
    notebook = copy.copy(released(name))
    notebook.cells = [cell for cell in notebook.cells if notebooks.grade_id(cell)]
    return notebook


def main() -> None:
    """Grades the source so many times; the exit status says whether all points were earned."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", default=ASSIGNMENTS, help="assignments (default: all)")
    parser.add_argument("--seeds", type=int, default=100, help="so many students (default 100)")
    parser.add_argument("--first", type=int, default=0, help="the first student's number")
    options = parser.parse_args()
    failed = 0
    for name in options.names:
        seeds = range(options.first, options.first + options.seeds)
        for seed in track(seeds, description=name):
            for line in lost_by(name, seed):
                failed += 1
                sys.stdout.write(f"{name}, seed {seed}: {line}\n")
        sys.stdout.write(f"{name}: {len(seeds)} seeds\n")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
