"""Writes feedback/<student>/<assignment>/: the annotated notebook, the summary, nbgrader's page."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from autograder import notebooks
from autograder.converters import convert
from autograder.course.course import Course
from autograder.errors import AutograderError
from autograder.feedback.annotate import annotate
from autograder.feedback.returned import Returned
from autograder.feedback.summary import summary
from autograder.settings import load_config

log = logging.getLogger(__name__)

PageMaker = Callable[[str], None]


def own_files(returned: Returned) -> dict[str, bytes]:
    """The files that we make ourselves, by name: the same feedback gives the same bytes."""
    return {
        "README.md": summary(returned).encode(),
        f"{returned.assignment}.ipynb": notebooks.to_text(annotate(returned)).encode(),
    }


def write_files(
    course: Course, student: str, returned: Returned, make_page: PageMaker
) -> dict[str, bytes]:
    """All files of one student's feedback, by name, as they lie in feedback/ afterwards.

    `make_page` is called where something changed since the last time.

    Raises: AutograderError where there is no page.
    """
    made = own_files(returned)
    folder = course.folders.feedback / student / returned.assignment
    page = folder / f"{returned.assignment}.html"
    stamp = course.state / "feedback" / returned.assignment / f"{student}.sha256"
    key = _key(made)
    if not (page.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == key):
        make_page(student)
        if not page.is_file():
            raise AutograderError(f"nbgrader made no {page}; run `nbgrader generate_feedback`")
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(key, encoding="utf-8")
    for name, content in made.items():
        file = folder / name
        if not file.is_file() or file.read_bytes() != content:
            file.write_bytes(content)
    return {**made, page.name: page.read_bytes()}


def page_maker(course: Course, assignment: str) -> PageMaker:
    """Runs `nbgrader generate_feedback --force` for one student after another."""
    config = load_config(course.root)

    def make_page(student: str) -> None:
        reason = convert("GenerateFeedback", course.root, config, assignment, student)
        if reason is not None:
            raise AutograderError(f"nbgrader generate_feedback failed: {reason}")

    return make_page


def _key(made: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256(_own_code())
    for name in sorted(made):
        digest.update(f"{name} {len(made[name])} ".encode() + made[name])
    return digest.hexdigest()


@cache
def _own_code() -> bytes:
    """What a page depends on besides its content: a new template makes every page anew."""
    files = sorted(f for f in Path(__file__).parent.rglob("*") if f.suffix in (".py", ".j2"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).digest()
