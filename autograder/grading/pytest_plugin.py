"""Runs a file of hidden tests by plain pytest, in this trusted process, against one session."""

from __future__ import annotations

import hashlib
import hmac
import io
import logging
import sys
import textwrap
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.answers.own_numbers import own_rng
from autograder.answers.verdict import UndecidedAnswer, WrongAnswer
from autograder.course.report import Status, TestOutcome
from autograder.errors import (
    NotAttemptedError,
    ReleaseError,
    SandboxError,
    StudentCrashError,
    StudentTimeoutError,
)
from autograder.grading.bounded import bounded
from autograder.grading.fingerprints import recognise
from autograder.grading.link import Call, Link
from autograder.grading.mistakes import Mistake
from autograder.grading.raised import StudentRaised
from autograder.grading.student import Student

log = logging.getLogger(__name__)

TEST_CPU_S = 5.0  # of the test itself, here; the student's code has its own limit in the sandbox
MAX_TIMEOUTS = 2  # per question: an endless loop must not cost the time of every claim
# of pytest's own plugins, those that no hidden test uses: each costs a millisecond a submission
UNUSED = (
    "cacheprovider debugging doctest faulthandler junitxml legacypath logging pastebin setuponly "
    "setupplan stepwise terminal threadexception unittest unraisableexception warnings"
).split()
ARGUMENTS = (
    *(word for name in UNUSED for word in ("-p", f"no:{name}")),
    "--strict-markers", "--disable-plugin-autoload", "--import-mode=importlib", "--capture=no",
    "--assert=plain",  # what pytest would say of a failure is not shown, and can be huge
    "-c", str(Path(__file__).with_name("hidden_tests.ini")),
)  # fmt: skip


@dataclass(slots=True)
class _Result:
    """What one parameter of one test came to."""

    outcome: TestOutcome
    calls: list[Call]


@dataclass(frozen=True, slots=True)
class Author:
    """Whose answers are judged: the id that the notebook's own numbers come from, and the secret
    seed of those that the hidden tests draw."""

    student_id: str
    seed: bytes


class HiddenTests:
    """The pytest plugin: fixtures for the tests, and a record of how each ended."""

    def __init__(
        self, link: Link, student: Student, author: Author, only: Collection[str] | None
    ) -> None:
        self._link = link
        self._student = student
        self._only = only
        self._author = author
        self._timeouts: dict[str, int] = {}
        self.results: list[_Result] = []
        self.broken: list[str] = []
        self.stop: BaseException | None = None

    @pytest.fixture
    def student(self) -> Student:
        """The student's notebook, in its sandbox."""
        return self._student

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        """Random numbers that are this student's own for this test, whenever it is run."""
        return np.random.default_rng(self._number(request.node.name))

    @pytest.fixture
    def own_numbers(self) -> Callable[[str], np.random.Generator]:
        """`own_numbers("trace")` draws what `my_rng("trace")` draws in this student's notebook."""
        return lambda question: own_rng(self._author.student_id, question)

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "grade_cell(name, weight=1): the cell it grades")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self._only is not None:
            items[:] = [item for item in items if grade_cell(item)[0] in self._only]

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        # nobody reads how pytest prints a failure, and its own way parses the whole file for each
        session.config.option.tbstyle = "native"

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        cell = grade_cell(item)[0]
        self._link.begin(cell, self._number(item.name))
        if self._timeouts.get(cell, 0) >= MAX_TIMEOUTS:
            raise StudentTimeoutError("earlier claims of this question did not come back")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Any:
        with bounded(TEST_CPU_S):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        report = yield
        if call.when == "call" or (call.when == "setup" and call.excinfo is not None):
            error = None if call.excinfo is None else call.excinfo.value
            if isinstance(error, SandboxError | KeyboardInterrupt):
                self.stop = error
                item.session.shouldstop = "the sandbox failed"
            self._keep(item, error)
        return report

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.broken.append(str(report.longrepr))

    def _keep(self, item: pytest.Item, error: BaseException | None) -> None:
        cell, weight = grade_cell(item)
        outcome = TestOutcome(
            cell=cell,
            test=getattr(item, "originalname", item.name),
            claim=claim_of(item),
            status=status_of(error),
            weight=weight,
            note=getattr(error, "note", None),
            hint=hint_of(error),
            credit=error.credit if isinstance(error, WrongAnswer) else 0.0,
            detail=detail_of(error, {c.name: c.source for c in self._link.session.cells}),
        )
        if outcome.status is Status.TIMED_OUT:
            self._timeouts[cell] = self._timeouts.get(cell, 0) + 1
        expected = (AssertionError, StudentRaised, UndecidedAnswer)
        if error is not None and not isinstance(error, expected):
            log.info("%s: %s: %s", item.name, type(error).__name__, error)
        self.results.append(_Result(outcome, self._link.calls))

    def _number(self, name: str) -> int:
        digest = hmac.digest(self._author.seed, name.encode(), hashlib.sha256)
        return int.from_bytes(digest[:8], "big")


def run_hidden_tests(
    path: Path,
    link: Link,
    sources: Mapping[str, str],
    author: Author,
    mistakes: Sequence[Mistake],
    only: Collection[str] | None = None,
) -> tuple[TestOutcome, ...]:
    """The outcome of each claim of a file of hidden tests, in the file's order.

    `sources` holds the student's answer cells by their grade_id.

    Raises: ReleaseError if the file cannot be run; SandboxError if the sandbox fails.
    """
    plugin = HiddenTests(link, Student(link, sources), author, only)
    with redirect_stdout(io.StringIO()), _forgotten_modules():
        code = pytest.main([*ARGUMENTS, "--rootdir", str(path.parent), str(path)], plugins=[plugin])
    if plugin.stop is not None:
        raise plugin.stop
    done = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED)
    if plugin.broken or code not in done:
        reason = plugin.broken[0] if plugin.broken else f"pytest ended with {code!r}"
        raise ReleaseError(f"hidden tests {path.name} cannot be run: {reason}")
    return _with_hints(_claims(plugin.results), mistakes)


@contextmanager
def _forgotten_modules() -> Iterator[None]:
    """Forgets the test modules afterwards: a lasting process must see them when they change."""
    before = set(sys.modules)
    try:
        yield
    finally:
        for name in [n for n in sys.modules if n not in before]:
            file = getattr(sys.modules[name], "__file__", None) or ""
            if Path(file).name.startswith("test_"):
                del sys.modules[name]


def _claims(results: Sequence[_Result]) -> list[_Result]:
    """One result for each test function: all its parameters are one claim.

    The first parameter that fails speaks for it, and the worst one says what it earns; one that is
    undecided speaks only where none fails.
    """
    claims: dict[tuple[str, str], _Result] = {}
    for result in results:
        known = claims.setdefault((result.outcome.cell, result.outcome.test), result)
        if known is result:
            continue
        known.calls.extend(result.calls)
        known.outcome = _joined(known.outcome, result.outcome)
    return list(claims.values())


def _joined(first: TestOutcome, second: TestOutcome) -> TestOutcome:
    order = (Status.PASSED, Status.UNDECIDED)  # any other status is final
    rank, other = (
        order.index(o.status) if o.status in order else len(order) for o in (first, second)
    )
    if rank == other == len(order):
        return replace(first, credit=min(first.credit, second.credit))
    return second if other > rank else first


def _with_hints(claims: Sequence[_Result], mistakes: Sequence[Mistake]) -> tuple[TestOutcome, ...]:
    """The outcomes; a failing answer that behaves as a known mistake is told so, once."""
    outcomes = [claim.outcome for claim in claims]
    for cell in dict.fromkeys(outcome.cell for outcome in outcomes):
        failed = [
            i for i, o in enumerate(outcomes)
            if o.cell == cell and o.status in (Status.WRONG, Status.RAISED)
        ]  # fmt: skip
        if not failed:
            continue
        calls = [call for claim in claims if claim.outcome.cell == cell for call in claim.calls]
        suspects = {call.function for i in failed for call in claims[i].calls}
        known = recognise(cell, calls, mistakes, suspects)
        if known is not None:
            at = next((i for i in failed if outcomes[i].test == known.caught_by), failed[0])
            outcomes[at] = replace(outcomes[at], note=known.note, hint=known.hint)
    return tuple(outcomes)


def grade_cell(item: pytest.Item) -> tuple[str, float]:
    """The grade cell and weight of a test. Raises: ReleaseError without the marker."""
    marker = item.get_closest_marker("grade_cell")
    if marker is None or not marker.args:
        raise ReleaseError(f"{item.name} has no grade_cell marker; say which cell it grades")
    return str(marker.args[0]), float(marker.kwargs.get("weight", 1.0))


def claim_of(item: pytest.Item) -> str:
    """The sentence that the student reads: the test's docstring."""
    text = getattr(getattr(item, "function", None), "__doc__", None) or item.name
    return " ".join(textwrap.dedent(text).split())


def status_of(error: BaseException | None) -> Status:
    """How a claim ended, from what its test raised."""
    if error is None:
        return Status.PASSED
    if isinstance(error, NotAttemptedError):
        return Status.NOT_ATTEMPTED
    if isinstance(error, UndecidedAnswer):
        return Status.UNDECIDED
    if isinstance(error, StudentTimeoutError):
        return Status.TIMED_OUT
    if isinstance(error, StudentRaised):
        blank = error.raised.type == "NotImplementedError"
        return Status.NOT_ATTEMPTED if blank else Status.RAISED
    if isinstance(error, StudentCrashError):
        return Status.RAISED
    return Status.WRONG


def hint_of(error: BaseException | None) -> str | None:
    """A word for the student: the hint of a mistake, or why a person has to decide."""
    return error.reason if isinstance(error, UndecidedAnswer) else getattr(error, "hint", None)


def detail_of(error: BaseException | None, sources: Mapping[str, str]) -> str | None:
    """What a student may read of an exception: which lines of their notebook it came from.

    The message of what a hidden test's call raised is left out: it can hold the hidden input. The
    lines are taken from `sources`, the notebook as it was handed in, by cell.
    """
    if isinstance(error, StudentTimeoutError | StudentCrashError):
        return str(error)
    if not isinstance(error, StudentRaised) or error.raised.type == "NotImplementedError":
        return None
    raised = error.raised
    message = f": {raised.message}" if error.in_cell and raised.message else ""
    places = [_place(cell, line, sources) for cell, line in raised.frames]
    return "\n".join([f"{raised.type}{message}", *places])


def _place(cell: str, line: int, sources: Mapping[str, str]) -> str:
    lines = sources.get(cell, "").split("\n")
    line += next((k for k, text in enumerate(lines) if text.strip()), 0)  # IPython drops these
    text = lines[line - 1].strip() if 1 <= line <= len(lines) else ""
    return f"  line {line} of cell {cell}: {text}".rstrip(": ")
