"""What grading a class costs, beside stock nbgrader on the same notebooks in the same run.

    python -m tests.benchmarks.against_nbgrader --students 10

Stock nbgrader runs each notebook in a kernel and finds the public asserts; this engine runs it in a
sandbox and judges it by all hidden tests. CPU seconds are what all cores were busy meanwhile, since
a sandbox's processes are nobody's children: run it on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[2]
HOMEWORK = "hw01_norms"
STOCK = """
c = get_config()
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.Execute.timeout = 60
"""
OURS = f"""
c = get_config()
load_subconfig("nbgrader_config.py", path={str(ROOT)!r})
c.Course.hidden_tests = {str(ROOT / "autograder" / "hidden_tests")!r}
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall clock and CPU for the whole class."""

    wall_s: float
    cpu_s: float


def measure(root: Path, *words: str) -> Cost:
    """The cost of one command run in a course's folder. Raises: CalledProcessError if it fails."""
    programs = Path(sys.executable).parent
    environment = os.environ | {"PATH": f"{programs}:{os.environ['PATH']}"}
    before, start = busy_seconds(), time.perf_counter()
    command = [programs / words[0], *words[1:]]
    subprocess.run(command, cwd=root, env=environment, check=True, capture_output=True)
    wall, cpu = time.perf_counter() - start, busy_seconds() - before
    return Cost(wall, cpu)


def busy_seconds() -> float:
    """The seconds that all cores together have worked since the machine started."""
    user, nice, system, *_ = Path("/proc/stat").read_text(encoding="ascii").split()[1:]
    return (int(user) + int(nice) + int(system)) / os.sysconf("SC_CLK_TCK")


def make_course(root: Path, config: str, students: int) -> Path:
    """A course with the homework released, in which every student hands in the reference."""
    names = [f"student{number:03}" for number in range(students)]
    source = ROOT / "solutions" / HOMEWORK / f"{HOMEWORK}.ipynb"
    shutil.copytree(source.parent, root / "solutions" / HOMEWORK)
    (root / "nbgrader_config.py").write_text(config)
    rows = [f"{n},{n},{n}@example.edu,https://example.edu/{n}.git" for n in names]
    (root / "roster.csv").write_text("\n".join(["id,name,email,repository", *rows, ""]))
    measure(root, "nbgrader", "generate_assignment", HOMEWORK)
    for name in names:
        folder = root / "submitted" / name / HOMEWORK
        folder.mkdir(parents=True)
        text = source.read_text(encoding="utf-8").replace(
            "# ||x||", f"# {name}: ||x||"
        )  # no two are the same, as in a class
        (folder / f"{HOMEWORK}.ipynb").write_text(text, encoding="utf-8")
    return root


def main() -> None:
    """Measures both and prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--students", type=int, default=10, help="how many hand in (default 10)")
    students = parser.parse_args().students
    with tempfile.TemporaryDirectory() as folder:
        stock = make_course(Path(folder) / "stock", STOCK, students)
        ours = make_course(Path(folder) / "ours", OURS, students)
        rows = {
            "stock nbgrader autograde": measure(stock, "nbgrader", "autograde", HOMEWORK),
            "autograder grade, one process": measure(
                ours, "autograder", "grade", HOMEWORK, "--jobs", "1"
            ),
            "autograder grade, unchanged": measure(ours, "autograder", "grade", HOMEWORK),
        }
        shutil.rmtree(ours / ".autograder" / "reports")
        rows["autograder grade, all cores"] = measure(ours, "autograder", "grade", HOMEWORK)
    Console().print(to_table(rows, students))


def to_table(rows: dict[str, Cost], students: int) -> Table:
    """A row for each command; the first is what the others are compared with."""
    peer = next(iter(rows.values()))
    table = Table(title=f"{students} submissions of {HOMEWORK}, {os.cpu_count()} cores")
    for heading in ("", "wall s", "CPU s", "CPU s each", "CPU of stock"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, cost in rows.items():
        table.add_row(
            name,
            f"{cost.wall_s:.1f}",
            f"{cost.cpu_s:.1f}",
            f"{cost.cpu_s / students:.2f}",
            f"{cost.cpu_s / peer.cpu_s:.2f}",
        )
    return table


if __name__ == "__main__":
    main()
