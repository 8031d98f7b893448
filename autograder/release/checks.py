"""Whether an assignment keeps its promises: leaks, hidden tests, points, and what is earned."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course.course import Course
from autograder.course.model import Limits
from autograder.course.report import Report
from autograder.errors import ReleaseError
from autograder.notebooks import grade_id, has_own_tests, is_grade, is_solution, points, to_text
from autograder.release import leaks
from autograder.release.hidden_test_file import HiddenTest, read_hidden_tests
from autograder.release.student_version import read_source, read_tree, render, source_of

Grade = Callable[[bytes, NotebookNode, Path, Limits], Report]
"""How a notebook is graded: file, released notebook, hidden tests, limits -> Report.

Grading stands after release in the week, and reads what release wrote. So whoever wants the earned
points checked hands `autograder.grading.engine.grade` in.
"""

THEORY = "theory"  # the tag, in a grade cell's metadata, of a question that is theory


def check(course: Course, assignment: str, grade: Grade | None = None) -> tuple[str, ...]:
    """Everything that is wrong with an assignment, a sentence each; nothing where all is well.

    Raises:
        CourseError: the calendar has no such assignment.
        SandboxError: with `grade`, where student code cannot be run safely here.
    """
    course.assignment(assignment)
    problems: list[str] = []
    try:
        problems.extend(_problems(course, assignment, grade))  # what it finds before it raises
    except ReleaseError as error:
        problems.append(str(error))
    return tuple(problems)


def _problems(course: Course, assignment: str, grade: Grade | None) -> Iterator[str]:
    source_path = source_of(course, assignment)
    source = read_source(course, assignment)
    yield from _in_cells(source)
    yield from _in_points(course, source)
    tests = course.hidden_tests / f"test_{assignment}.py"
    if not tests.exists() and has_own_tests(source):  # in nbgrader's own format
        tests = source_path
    else:
        yield from _in_tests(source, read_hidden_tests(tests), tests.name)
    with tempfile.TemporaryDirectory() as folder:
        render(course, assignment, Path(folder))
        draft = Path(folder) / assignment
        yield from leaks.find(source_path.parent, draft)
        if read_tree(draft) != read_tree(course.folders.release / assignment):
            yield (
                f"{course.folders.release / assignment} is not what the source gives; "
                f"run `autograder release {assignment}`"
            )
        if grade is not None:
            released = nbformat.read(draft / source_path.name, as_version=4)
            yield from _in_earnings(source, released, tests, course.limits, grade)


def _in_cells(source: NotebookNode) -> Iterator[str]:
    names = Counter(name for cell in source.cells if (name := grade_id(cell)))
    yield from (f"grade_id {n!r} is there {k} times; rename one" for n, k in names.items() if k > 1)
    for number, cell in enumerate(source.cells, start=1):
        if cell.get("outputs") or cell.get("execution_count") is not None:
            yield f"cell {grade_id(cell) or number} of the source has outputs; clear them"


def _in_points(course: Course, source: NotebookNode) -> Iterator[str]:
    graded = [cell for cell in source.cells if is_grade(cell)]
    total = sum(points(cell) for cell in graded)
    theory = sum(points(cell) for cell in graded if THEORY in cell.metadata.get("tags", ()))
    if total != course.points:
        yield f"the grade cells have {total:g} points; c.Policy.points is {course.points:g}"
    if theory * 100 != course.theory_percent * total:
        yield (
            f"{theory:g} of {total:g} points are theory, {course.theory_percent:g} percent should "
            f"be; tag the grade cells of theory questions with {THEORY!r}"
        )


def _in_tests(source: NotebookNode, tests: Sequence[HiddenTest], file_name: str) -> Iterator[str]:
    names = {grade_id(cell) for cell in source.cells if is_grade(cell)}
    automatic = [
        grade_id(cell) for cell in source.cells if is_grade(cell) and not is_solution(cell)
    ]
    tested = {cell for test in tests for cell in test.cells}
    for name in automatic:
        if name not in tested:
            yield (
                f"grade cell {name!r} has no hidden test; mark one with grade_cell({name!r}) "
                f"in {file_name}"
            )
    for test in tests:
        where = f"{file_name}:{test.line}: {test.name}"
        if not test.cells:
            yield f"{where} has no grade_cell marker; say which grade cell it speaks for"
        if not test.claim:
            yield f"{where} has no docstring; write the claim that students read"
        for name in test.cells:
            if name not in names:
                yield f"{where} is marked with {name!r}, which is no grade cell of the source"


def _in_earnings(
    source: NotebookNode, released: NotebookNode, tests: Path, limits: Limits, grade: Grade
) -> Iterator[str]:
    for cell in grade(to_text(source).encode(), released, tests, limits).cells:
        failed = ", ".join(o.test for o in cell.outcomes if o.status != "passed")
        if failed:
            earned = f"{cell.score:g}" if cell.score is not None else "an undecided number"
            yield (
                f"the source earns {earned} of {cell.max_score:g} points for {cell.cell!r}; "
                f"mend the solution or {failed}"
            )
    for cell in grade(to_text(released).encode(), released, tests, limits).cells:
        if cell.score:
            passed = ", ".join(o.test for o in cell.outcomes if o.status == "passed")
            yield (
                f"the released notebook earns {cell.score:g} points for {cell.cell!r} without an "
                f"answer, by {passed}; let it ask for one"
            )
