"""How the tests are dealt to the processes of pytest-xdist, and what all of them may ask for."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Processes that the test starts heed Ctrl-C. Where a script runs pytest in its background, the
    shell has it ignore SIGINT, and what is ignored is inherited."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps a file's tests together, for its fixtures; the tests of each assignment are a group of
    their own, because the fork server that runs it is costly to start."""
    for item in items:
        assignment = getattr(item, "callspec", None) and item.callspec.params.get("name")  # pyright: ignore[reportAttributeAccessIssue]  # parametrised tests have it
        is_of_one = item.path.name == "test_assignments.py" and isinstance(assignment, str)
        item.add_marker(pytest.mark.xdist_group(assignment if is_of_one else str(item.path)))
