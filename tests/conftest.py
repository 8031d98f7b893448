"""How the tests are dealt to the processes of pytest-xdist."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps a file's tests together, for its fixtures; the tests of each assignment are a group of
    their own, because the fork server that runs it is costly to start."""
    for item in items:
        assignment = getattr(item, "callspec", None) and item.callspec.params.get("name")  # pyright: ignore[reportAttributeAccessIssue]  # parametrised tests have it
        is_of_one = item.path.name == "test_assignments.py" and isinstance(assignment, str)
        item.add_marker(pytest.mark.xdist_group(assignment if is_of_one else str(item.path)))
