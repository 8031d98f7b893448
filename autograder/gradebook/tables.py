"""Scores as Rich tables and as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder.course.plain_text import plain
from autograder.gradebook.scores import (
    AssignmentScores,
    CourseScores,
    QuestionScore,
    Standing,
    StudentScores,
)

# a sign beside the colour: the table is read in black and white too
SIGNS = {
    "passed": ("✓", "green"),
    "wrong": ("✗", "red"),
    "raised": ("!", "magenta"),
    "timed out": ("⧗", "yellow"),
    "not attempted": ("–", "dim"),
    "manual": ("?", "cyan"),
}


def to_table(scores: AssignmentScores | CourseScores) -> RenderableType:
    """The table of an assignment, or of the course."""
    return course_table(scores) if isinstance(scores, CourseScores) else assignment_table(scores)


def to_csv(scores: AssignmentScores | CourseScores) -> str:
    """The CSV text of an assignment, or of the course."""
    return course_csv(scores) if isinstance(scores, CourseScores) else assignment_csv(scores)


def assignment_table(scores: AssignmentScores) -> RenderableType:
    """Students by questions, numbered in the notebook's order; below it what the signs mean.

    Ten questions fit a terminal of 80 columns, so remarks on a student stand below the table.
    """
    table = _table(f"{scores.assignment}, {scores.max_score:g} points")
    for number in range(1, len(scores.questions) + 1):
        table.add_column(str(number), justify="right", no_wrap=True)
    table.add_column("total", justify="right", no_wrap=True)
    table.add_column("late", justify="right", no_wrap=True)
    for line in scores.students:
        cells = [_question(question) for question in line.questions]
        cells += [Text("")] * (len(scores.questions) - len(cells))
        table.add_row(Text(line.student), *cells, _sum(line), _late(line))
    signs = Text("  ").join(
        Text(f"{sign} {status}", style=style) for status, (sign, style) in SIGNS.items()
    )
    names = ", ".join(f"{n} {name}" for n, name in enumerate(scores.questions, start=1))
    return Group(table, signs, Text(names, style="dim"), *_remarks(scores))


def course_table(scores: CourseScores) -> RenderableType:
    """Students by assignments in percent; an assignment that does not count stands in brackets."""
    title = f"homework so far: the best {scores.best_of} assignments count"
    table = _table(title)
    for name in scores.assignments:
        table.add_column(name.split("_")[0], justify="right", no_wrap=True)
    for heading in ("homework %", "of the course's 100", "late"):
        table.add_column(heading, justify="right")
    for line in scores.students:
        table.add_row(
            Text(line.student),
            *(_fraction(line, name) for name in scores.assignments),
            Text(f"{100 * line.homework:.1f}", style="bold"),
            Text(f"{line.course_percent:.1f}"),
            Text(str(line.late_times or "")),
        )
    return table


def assignment_csv(scores: AssignmentScores) -> str:
    """A line for each student: id, name, each question, total, maximum, late days, state."""
    header = ["id", "name", *scores.questions, "score", "max_score", "late_days", "state"]
    rows: list[list[object]] = []
    for line in scores.students:
        by_question = {question.question: question.score for question in line.questions}
        questions = [by_question.get(name) for name in scores.questions]
        totals = [line.score, line.max_score, line.late_days, line.state]
        rows.append([line.student, line.name, *questions, *totals])
    return _csv(header, rows)


def course_csv(scores: CourseScores) -> str:
    """A line for each student: id, name, each assignment from 0 to 1, homework, late work."""
    header = ["id", "name", *scores.assignments, "homework", "course_percent", "late_times"]
    rows: list[list[object]] = []
    for line in scores.students:
        fractions = [round(line.fractions[name], 4) for name in scores.assignments]
        totals = [round(line.homework, 4), round(line.course_percent, 2), line.late_times]
        rows.append([line.student, line.name, *fractions, *totals])
    return _csv(header, rows)


def _csv(header: list[str], rows: list[list[object]]) -> str:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def _table(title: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, padding=(0, 1, 0, 0))
    table.add_column("student", no_wrap=True, max_width=24)
    return table


def _question(question: QuestionScore) -> Text:
    sign, style = SIGNS[question.status]
    score = "" if question.score is None else f"{round(question.score, 1):g}"
    return Text(f"{score}{sign}", style=style)


def _sum(line: StudentScores) -> Text:
    return Text(f"{line.score:.4g}" if line.questions else "", style="bold")


def _late(line: StudentScores) -> Text:
    return Text(f"{line.late_days} d" if line.late_days else "", style="yellow")


def _remarks(scores: AssignmentScores) -> Iterator[Text]:
    for line in scores.students:
        said = [] if line.state == "graded" else [line.state]
        said += [f"late penalty {line.late_penalty:g}"] if line.late_penalty else []
        if said or line.problems:
            yield Text(plain(f"{line.student}: {'; '.join([*said, *line.problems])}"))


def _fraction(line: Standing, name: str) -> Text:
    percent = f"{100 * line.fractions[name]:.0f}"
    return Text(percent) if name in line.counted else Text(f"({percent})", style="dim")
