"""What the commands print: results on stdout, the log and the progress bar on stderr."""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console, RenderableType
from rich.logging import RichHandler
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from autograder.course.model import Student
from autograder.course.plain_text import plain

STDERR = Console(stderr=True)
STYLES = {
    "failed": "red", "late": "yellow", "nothing": "yellow", "unchanged": "dim",
}  # fmt: skip
# a table that is piped into a file is not cut to a terminal's width
PIPED_WIDTH = 240


def start_log(debug: bool) -> None:
    """Sends the library's log to stderr, above the progress bar; with `debug` all of it."""
    handler = RichHandler(console=STDERR, show_time=False, show_path=debug)
    handler.setFormatter(logging.Formatter("%(message)s"))
    own = logging.getLogger("autograder")
    own.setLevel(logging.DEBUG if debug else logging.WARNING)
    if debug:
        logging.getLogger().addHandler(handler)
    else:  # nbgrader logs every step of every student; what matters of it we say ourselves
        own.addHandler(handler)
        own.propagate = False
        logging.getLogger().addHandler(logging.NullHandler())


def is_debugging() -> bool:
    """Whether `start_log` was told to show everything."""
    return logging.getLogger("autograder").level == logging.DEBUG


class Tell(Protocol):
    """What the library calls with (done, total, student) and, where it has one, the outcome."""

    def __call__(self, done: int, total: int, student: str, outcome: str = "", /) -> None: ...


class _Rate(ProgressColumn):
    """How many are done in a second, or in a minute where that is less than one."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        if not speed:
            return Text("")
        text = f"{speed:.1f}/s" if speed >= 1 else f"{60 * speed:.1f}/min"
        return Text(text, style="progress.data.speed")


@contextmanager
def progress(what: str) -> Iterator[Tell]:
    """A bar on stderr while a command works, where stderr is a terminal: how much is done, the
    rate, the time left, and how many had which outcome so far."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        _Rate(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[outcomes]}", markup=False),
    )
    outcomes: Counter[str] = Counter()
    with Progress(*columns, console=STDERR, transient=True, disable=not STDERR.is_terminal) as bar:
        task = bar.add_task(what, total=None, outcomes="")

        def tell(done: int, total: int, student: str, outcome: str = "", /) -> None:
            outcomes.update([outcome] if outcome else [])
            so_far = ", ".join(f"{count} {name}" for name, count in outcomes.items())
            said = f"{what} {plain(student)}"
            bar.update(task, completed=done, total=total, description=said, outcomes=so_far)

        try:
            yield tell
        except KeyboardInterrupt:
            STDERR.print("interrupted; the same command again goes on where it stopped")
            raise


def print_error(error: BaseException) -> None:
    """`error: ...` on stderr, a line for each of its problems."""
    for problem in getattr(error, "problems", ()) or (str(error) or type(error).__name__,):
        sys.stderr.write(f"error: {plain(str(problem))}\n")


def print_warning(text: str) -> None:
    """A line on stderr about what could not be done."""
    STDERR.print(Text(f"warning: {plain(text)}"), style="yellow")


def print_results(results: Sequence[object], as_json: bool) -> bool:
    """A line for each result, `student status ... notes`; returns whether none has failed.

    A result is a dataclass with `status`, and `student`, `notes` and others where it has them.
    """
    rows = [_row(result) for result in results]
    if as_json:
        print_json(rows)
    else:
        console = _stdout()
        width = max((len(row["name"]) for row in rows), default=0)
        for row in rows:
            status = Text(f"{row['status']:<10}", style=STYLES.get(row["status"], "green"))
            line = Text(plain(f"{row['name']:<{width}}  ")).append_text(status)
            line.append(plain("  " + "; ".join([*_figures(row), *row.get("notes", ())])))
            line.rstrip()
            console.print(line, soft_wrap=True)
    return all(row["status"] != "failed" for row in rows)


def print_problems(what: str, problems: Sequence[str], as_json: bool) -> bool:
    """A line for each problem, or `... is fit`; returns whether there is none."""
    if as_json:
        print_json({"assignment": what, "problems": list(problems)})
    else:
        lines = [f"{what}  {problem}" for problem in problems] or [f"{what}  fit to be released"]
        sys.stdout.writelines(f"{plain(line)}\n" for line in lines)
    return not problems


@contextmanager
def until_interrupted() -> Iterator[None]:
    """Does not leave its block before the person presses Ctrl-C or the process is told to end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
        threading.Event().wait()
    except KeyboardInterrupt:
        STDERR.print("stopped; the repositories and the push log stay")


def print_addresses(url: str, students: Sequence[Student]) -> None:
    """A line for each student with the address to clone from, and where the roster differs."""
    STDERR.print(f"serving {len(students)} repositories at {url}; Ctrl-C stops", highlight=False)
    width = max((len(student.id) for student in students), default=0)
    for student in students:
        address = f"{url}/{student.id}.git"
        other = "" if student.repository == address else f"  (the roster has {student.repository})"
        sys.stdout.write(plain(f"{student.id:<{width}}  {address}{other}") + "\n")
    sys.stdout.flush()


def print_json(value: object) -> None:
    """The value as JSON; paths and moments as text."""
    sys.stdout.write(json.dumps(value, default=_json, indent=1) + "\n")


def print_table(table: RenderableType) -> None:
    """A Rich table on stdout, as wide as it needs to be where stdout is no terminal."""
    _stdout().print(table)


def _stdout() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PIPED_WIDTH)


def _row(result: object) -> dict[str, Any]:
    """The fields of a result; a report is its scores, and `name` is the line's first word."""
    row = {key: getattr(result, key) for key in getattr(result, "__dataclass_fields__", {})}
    report = row.pop("report", None)
    if report is not None:
        row |= {"score": report.score, "max_score": report.max_score}
    row["name"] = row.get("student") or row.get("assignment", "")
    return row


def _figures(row: Mapping[str, Any]) -> list[str]:
    """What a line says between the status and the notes."""
    figures: list[str] = []
    if "score" in row:
        figures.append(f"{row['score']:g} of {row['max_score']:g}")
    submission = row.get("submission")
    if submission is not None:
        received = f"{submission.received:%Y-%m-%d %H:%M:%S %Z}"
        figures.append(f"{submission.commit[:10]} received {received}")
        if submission.late_days:
            figures.append(f"{submission.late_days} late days used")
    if isinstance(row.get("folder"), Path):
        figures.append(str(row["folder"]))
    return figures


def _json(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)
