"""Whether the demo came to what it had to: every score, and that forging earned nothing."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.course.report import CellScore, Report, Status
from autograder.demo.sheet import Sheet
from autograder.demo.students import CLASS, Person
from autograder.demo.week import Week


def surprises(week: Week) -> Iterator[str]:
    """Everything that is not as it has to be, a sentence each."""
    for step in (week.collected, week.graded, week.delivered):
        for outcome in step:
            if outcome.status in ("failed", "nothing"):
                notes = "; ".join(outcome.notes) or "no reason was given"
                yield f"{outcome.student}: {outcome.status}: {notes}"
    late_days = {one.student: one.submission.late_days for one in week.collected if one.submission}
    for person in CLASS:
        report = week.reports.get(person.id)
        if report is None:
            yield f"{person.id} has no report"
            continue
        yield from _in_report(person, report, week.sheet)
        if late_days.get(person.id) != person.late_days:
            used = late_days.get(person.id)
            yield f"{person.id} used {used} late days, it should be {person.late_days}"


def _in_report(person: Person, report: Report, sheet: Sheet) -> Iterator[str]:
    for question, status in person.expected(sheet).items():
        scored = report.cell(question)
        where = f"{person.id} ({person.hands_in}), question {question}"
        if scored is None or scored.score is None:
            yield f"{where}: no score"
        elif person.is_forger:
            if scored.score:
                yield f"{where}: forging earned {scored.score:g} points, it should be 0"
        elif not _is_as_expected(scored, status):
            yield (
                f"{where}: {scored.status} with {scored.score:g} of {scored.max_score:g} points, "
                f"it should be {status.value}"
            )


def _is_as_expected(scored: CellScore, status: Status) -> bool:
    if status is Status.PASSED:
        return scored.score == scored.max_score
    if status is Status.NOT_ATTEMPTED:
        return scored.score == 0 and {o.status for o in scored.outcomes} == {status}
    loses = scored.score is not None and scored.score < scored.max_score
    return loses and status in {outcome.status for outcome in scored.outcomes}
