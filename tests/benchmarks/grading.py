"""What grading a class costs, beside stock nbgrader and otter, on the same notebooks in one run.

    python -m tests.benchmarks.grading --homework hw01_norms --sizes 10,100,1000

Ten students' answers to a homework, right ones and mistakes, are handed in again and again until
the class is large enough. Stock nbgrader and otter run each
notebook in a kernel and find its public asserts; this engine runs it in a sandbox and judges it by
all hidden tests, ten times as many, so that the comparison is in the peers' favour. The floor is
the same cells and the same hidden tests in one bare process.

Costs are of whole processes with all their children. Run it on a machine that does nothing else.
otter is installed into build/otter when it is first measured.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks import otter
from tests.benchmarks.homeworks import ROOT, Homework, real_homework, small_homework
from tests.benchmarks.measuring import Cost, as_usual, counts_exactly, measure

PROGRAMS = Path(sys.executable).parent
STOCK = """
c = get_config()
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.Execute.timeout = 60
"""
OURS = f"""
c = get_config()
load_subconfig("nbgrader_config.py", path={str(ROOT)!r})
c.Course.hidden_tests = {{hidden_tests!r}}
c.Calendar.due = {{{{{{name!r}}: "2026-02-13 12:00"}}}}
c.Policy.drop = 0
"""
AT_MOST = {"nbgrader": 100, "otter": 10}  # larger classes are not worth the hours
ONE_CORE_AT_MOST = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """What one program took for a class of `count`."""

    program: str
    count: int
    cost: Cost


def make_course(root: Path, config: str, homework: Homework, count: int) -> Path:
    """A course with the homework released and so many notebooks handed in."""
    name = homework.name
    shutil.copytree(homework.source, root / "solutions" / name)
    (root / "nbgrader_config.py").write_text(config)
    rows = ["id,name,email,repository"]
    for student, content in homework.submissions(count):
        folder = root / "submitted" / student / name
        folder.mkdir(parents=True)
        (folder / f"{name}.ipynb").write_bytes(content)
        rows.append(f"{student},{student},{student}@example.edu,https://example.edu/{student}.git")
    (root / "roster.csv").write_text("\n".join([*rows, ""]))
    measure([PROGRAMS / "nbgrader", "generate_assignment", name], root, root / "log")
    return root


def run_nbgrader(folder: Path, homework: Homework, count: int) -> list[Row]:
    root = make_course(folder / "stock", STOCK, homework, count)
    command = [PROGRAMS / "nbgrader", "autograde", homework.name]
    return [Row("stock nbgrader autograde", count, measure(command, root, root / "log"))]


def run_otter(folder: Path, homework: Homework, count: int) -> list[Row]:
    """otter takes one notebook at a time: the sum over the class."""
    programs = otter.environment(ROOT / "build" / "otter")
    released = homework.released / f"{homework.name}.ipynb"
    autograder = otter.make_autograder(released, folder / "otter", programs)
    costs: list[Cost] = []
    for name, content in homework.submissions(count):
        path = folder / "otter" / f"{name}.ipynb"
        path.write_bytes(content)
        command = [programs / "otter", "run", "--no-logo", "-a", autograder, path]
        costs.append(measure(command, path.parent, path.with_suffix(".log")))
    total = Cost(
        sum(cost.wall_s for cost in costs),
        sum(cost.cpu_s for cost in costs),
        max(cost.peak_mib for cost in costs),
    )
    return [Row("otter run", count, total)]


def run_engine(folder: Path, homework: Homework, count: int) -> list[Row]:
    config = OURS.format(hidden_tests=str(homework.hidden_tests.parent), name=homework.name)
    command = [PROGRAMS / "autograder", "grade", homework.name]

    def run(root: Path, title: str, *options: str) -> Row:
        return Row(title, count, measure([*command, *options], root, root / "log"))

    root = make_course(folder / "all", config, homework, count)
    rows = [
        run(root, "autograder grade, all cores"),
        run(root, "the same, unchanged"),
        run(root, "the same, recorded again", "--force"),
    ]
    if count <= ONE_CORE_AT_MOST:
        root = make_course(folder / "one", config, homework, count)
        rows.insert(0, run(root, "autograder grade --jobs 1", "--jobs", "1"))
    return rows


def run_floor(folder: Path, homework: Homework, count: int) -> list[Row]:
    """The bare process's own count, its imports left out."""
    (folder / "floor").mkdir()
    files = []
    for name, content in homework.submissions(count):
        files.append(folder / "floor" / f"{name}.ipynb")
        files[-1].write_bytes(content)
    for path in homework.released.iterdir():
        if path.suffix != ".ipynb":
            shutil.copy(path, folder / "floor")
    own = {"OMP_NUM_THREADS": "1", "PYTHONPATH": f"{ROOT}:{folder / 'floor'}"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.floor", homework.hidden_tests, *files],
        cwd=folder / "floor", env=as_usual() | own, check=True, capture_output=True, text=True,
    )  # fmt: skip
    spent = json.loads(done.stdout.splitlines()[-1])
    return [Row("floor: one bare process", count, Cost(spent["wall_s"], spent["cpu_s"], 0.0))]


RUNS: dict[str, Callable[[Path, Homework, int], list[Row]]] = {
    "nbgrader": run_nbgrader, "otter": run_otter, "engine": run_engine, "floor": run_floor,
}  # fmt: skip


def main() -> None:
    """Measures each program at each size and prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--homework", default="hw01_norms", choices=["hw01_norms", "small"])
    parser.add_argument("--sizes", default="10,100", help="classes of so many (default 10,100)")
    parser.add_argument("--programs", default=",".join(RUNS), help=f"of {', '.join(RUNS)}")
    parser.add_argument("--no-limits", action="store_true",
                        help=f"measure also beyond {AT_MOST}")  # fmt: skip
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        is_small = options.homework == "small"
        homework = small_homework(Path(folder)) if is_small else real_homework()
        rows = _measure(homework, options)
    Console(width=120).print(to_table(homework.name, rows))


def _measure(homework: Homework, options: argparse.Namespace) -> list[Row]:
    rows: list[Row] = []
    for count in sorted(map(int, options.sizes.split(","))):
        for name in options.programs.split(","):
            if options.no_limits or count <= AT_MOST.get(name, count):
                with tempfile.TemporaryDirectory() as folder:
                    rows += RUNS[name](Path(folder), homework, count)
                Console(stderr=True).print(f"{name}, {count}: done")
    return rows


def to_table(homework: str, rows: Sequence[Row]) -> Table:
    """A row for each program and size. The ratio is of CPU a submission: to the floor of the same
    size; `further` is the CPU of each submission beyond the program's smallest class."""
    table = Table(title=f"{homework}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    headings = ("", "class", "wall s each", "CPU s each", "further", "peak MiB", "of the floor")
    for heading in headings:
        table.add_column(heading, justify="right" if heading else "left")
    for row in rows:
        cost, count = row.cost, row.count
        least = min((r for r in rows if r.program == row.program), key=lambda r: r.count)
        further = "" if least is row else _figure(_slope(least, row))
        floor = [r for r in rows if r.program.startswith("floor") and r.count == count]
        ratio = f"{cost.cpu_s / floor[0].cost.cpu_s:.1f}" if floor else ""
        each = (_figure(cost.wall_s / count), _figure(cost.cpu_s / count))
        peak = f"{cost.peak_mib:.0f}" if cost.peak_mib else ""
        table.add_row(row.program, str(count), *each, further, peak, ratio)
    if not counts_exactly():
        table.caption = "CPU is what the whole machine did: this host lends no control group"
    return table


def _slope(least: Row, row: Row) -> float:
    return (row.cost.cpu_s - least.cost.cpu_s) / (row.count - least.count)


def _figure(seconds: float) -> str:
    return f"{seconds:.3f}" if seconds < 1 else f"{seconds:.2f}"


if __name__ == "__main__":
    main()
