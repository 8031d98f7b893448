"""How the tests are dealt to the processes of pytest-xdist, and what all of them may ask for."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadScopeScheduling


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Processes that the test starts heed Ctrl-C. Where a script runs pytest in its background, the
    shell has it ignore SIGINT, and what is ignored is inherited."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Keeps a file's tests together, for its fixtures; the tests of each assignment are a group of
    their own, because the fork server that runs it is costly to start.

    The mark `xdist_group` would say it shorter, but has no effect with pytest 9.2
    (pytest-dev/pytest-xdist#1386).
    """
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415  # who runs no xdist needs none

    class ByFileOrAssignment(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    return ByFileOrAssignment(config, log)


def group_of(nodeid: str) -> str:
    """The group of a test by its id: `tests/x/test_y.py::test_z[1]` is of `tests/x/test_y.py`."""
    path, _, test = nodeid.partition("::")
    first = test.partition("[")[2].partition("-")[0].rstrip("]")
    return f"{path}[{first}]" if path.endswith("test_assignments.py") else path
