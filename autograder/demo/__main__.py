"""The command of the demo: `python -m autograder.demo`, which `make demo` runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder import terminal
from autograder.demo.students import CLASS
from autograder.demo.verdict import surprises
from autograder.demo.week import ASSIGNMENT, Week, run_week
from autograder.errors import AutograderError, SandboxError
from autograder.gradebook.reading import read_scores
from autograder.gradebook.tables import to_table
from autograder.grading.fork_server import has_sandbox
from autograder.repositories.forge import TOKEN_VARIABLE

FOLDER = Path("build/demo")


def demo(
    folder: Annotated[Path, typer.Option(help="Where the demo's course lies.")] = FOLDER,
    fresh: Annotated[bool, typer.Option("--fresh", help="Remove that folder first.")] = False,
) -> None:
    """Release hw01_norms, let a class of eight push, collect, grade, and return feedback.

    Everything is written under the folder; the Git server listens on this machine alone while the
    demo runs. Running it again goes on where it stopped, and says what is unchanged.
    """
    terminal.start_log(debug=False)
    os.environ.pop(TOKEN_VARIABLE, None)  # another server's; the demo's own lies in its folder
    if not has_sandbox():
        raise SandboxError(
            "bubblewrap cannot run here, and student code is not run without it; "
            "`autograder doctor` says what is missing and how to get it"
        )
    with terminal.progress("demo") as tell:
        week = run_week(folder.resolve(), tell, fresh)
    for step, outcome in week.steps().items():
        terminal.print_table(Text(f"{step:<9} {outcome}"))
    terminal.print_table(to_table(read_scores(week.course, ASSIGNMENT)))
    terminal.print_table(_returned(week))
    found = tuple(surprises(week))
    for problem in found:
        terminal.print_error(AutograderError(problem))
    if found:
        raise typer.Exit(1)


def _returned(week: Week) -> RenderableType:
    """Who handed in what, and where each one's feedback is."""
    table = Table(title=f"branch feedback/{ASSIGNMENT}", title_justify="left")
    for heading in ("student", "handed in", "feedback", "notes"):
        table.add_column(heading)
    delivered = {outcome.student: outcome for outcome in week.delivered}
    notes = {outcome.student: outcome.notes for outcome in week.collected}
    for person in CLASS:
        returned = delivered[person.id]
        commit = f"{returned.status} {(returned.commit or '')[:10]}".strip()
        said = "; ".join((*notes[person.id], *returned.notes))
        table.add_row(*map(Text, (person.id, person.hands_in, commit, terminal.plain(said))))
    repository = week.course.root / "server" / f"{CLASS[0].id}.git"
    look = Text(f"git --git-dir={repository} show --stat feedback/{ASSIGNMENT}", style="dim")
    return Group(table, look)


if __name__ == "__main__":
    try:
        typer.run(demo)
    except (AutograderError, OSError) as error:
        terminal.print_error(error)
        sys.exit(1)
