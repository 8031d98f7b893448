"""How the class did in each question: taken once, then kept, so that feedback stays as it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from autograder.course.course import Course
from autograder.errors import CourseError
from autograder.feedback import wording
from autograder.feedback.returned import Question, Returned
from autograder.gradebook.distribution import Distribution, distribute

MOVED = 0.1
"""A median that moved by this share of the points is worth a word to the instructor."""

Distributions = Mapping[str, Distribution]


def with_class(
    course: Course,
    assignment: str,
    returned: Mapping[str, Returned],
    is_complete: bool,
    anew: bool = False,
) -> dict[str, Returned]:
    """The feedback with the class's distribution in each question that has one, and that kept.

    A question's is taken when everybody who handed in has a score in it, and stays: otherwise one
    student's regrading would change everybody's feedback. `is_complete` says that no submission
    waits for its grading. `anew` takes all again, of the scores that are there.

    Raises:
        CourseError: the file of what was taken is damaged.
    """
    file = course.state / "distributions" / f"{assignment}.json"
    least = course.show_class_from
    if not least:
        return dict(returned)
    kept = {} if anew else _read(file)
    now = take(returned.values(), kept, least, is_complete, anew)
    if now != kept:
        _keep(file, now)
    return {student: _shown(one, now) for student, one in returned.items()}


def take(
    returned: Iterable[Returned],
    kept: Distributions,
    least: int,
    is_complete: bool = True,
    anew: bool = False,
) -> dict[str, Distribution]:
    """Each question's distribution: what is kept, or that of the scores now where there is none.

    What was kept of a question with other points, or of fewer than `least` scores, counts no more.
    """
    found: dict[str, Distribution] = {}
    for cell, questions in _by_cell(returned).items():
        points = max(question.max_score for question in questions)
        scores = [question.score for question in questions if question.score is not None]
        before = kept.get(cell)
        if before and before.max_score == points and before.count >= least:
            found[cell] = before
            continue
        is_settled = is_complete and len(scores) == len(questions)
        if len(scores) >= least and points > 0 and (anew or is_settled):
            found[cell] = distribute(scores, points)
    return found


def moved(returned: Iterable[Returned], least: int) -> tuple[str, ...]:
    """The questions whose median is another by now than in the distribution that is shown."""
    returned = tuple(returned)
    shown = {cell: questions[0].in_class for cell, questions in _by_cell(returned).items()}
    now = take(returned, {}, least, anew=True) if least else {}
    return tuple(
        f"{cell}: median {wording.points(was.median)} then, {wording.points(is_.median)} now"
        for cell, is_ in now.items()
        if (was := shown[cell]) and abs(was.median - is_.median) >= MOVED * is_.max_score
    )


def _by_cell(returned: Iterable[Returned]) -> dict[str, list[Question]]:
    found: dict[str, list[Question]] = {}
    for one in returned:
        for question in one.questions:
            found.setdefault(question.cell, []).append(question)
    return found


def _shown(returned: Returned, distributions: Distributions) -> Returned:
    questions = (replace(q, in_class=distributions.get(q.cell)) for q in returned.questions)
    return replace(returned, questions=tuple(questions))


def _read(file: Path) -> dict[str, Distribution]:
    if not file.is_file():
        return {}
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return {cell: _distribution(values) for cell, values in kept.items()}
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise CourseError(
            f"{file} is damaged ({error!r}); delete it, and each distribution is taken again"
        ) from error


def _distribution(values: Mapping[str, Any]) -> Distribution:
    return Distribution(**{**values, "bars": tuple(values["bars"])})


def _keep(file: Path, distributions: Distributions) -> None:
    """Write the file whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps({cell: asdict(one) for cell, one in distributions.items()}))
    draft.replace(file)
