"""Raw git objects taken apart: honest ones and malformed ones."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from autograder.collect.objects import HostileObjectError, TreeEntry, parse_commit, parse_tree
from autograder.errors import RepositoryError

OID = "ab" * 20


def test_tree_is_taken_apart():
    content = b"40000 hw\0" + bytes.fromhex(OID) + b"100644 a\nb\0" + bytes.fromhex(OID)
    assert parse_tree(content) == (
        TreeEntry(0o40000, b"hw", OID),
        TreeEntry(0o100644, b"a\nb", OID),
    )


@pytest.mark.parametrize("content", [b"x", b"100644 a\0short", b"999999 a\0" + b"x" * 20])
def test_malformed_tree_is_refused(content):
    with pytest.raises(HostileObjectError, match="is malformed"):
        parse_tree(content)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        (0o100755, "a file"),
        (0o040000, "a folder"),
        (0o120000, "a symbolic link"),
        (0o160000, "a submodule"),
        (0o100600, "no plain file"),
    ],
)
def test_kind_of_an_entry_in_words(mode, kind):
    assert TreeEntry(mode, b"x", OID).kind == kind


def test_commit_dates_are_read_and_a_message_cannot_forge_them():
    content = (
        f"tree {OID}\nauthor A <a@b> 1000 +0000\ncommitter A <a@b> 2000 -0700\n\n"
        "committer A <a@b> 9 +0000\n"
    ).encode()
    facts = parse_commit(content)
    assert facts.tree == OID
    assert facts.authored == datetime.fromtimestamp(1000, UTC)
    assert facts.committed == datetime.fromtimestamp(2000, UTC)


def test_date_beyond_the_calendar_is_no_date():
    content = f"tree {OID}\ncommitter A <a@b> 999999999999 +0000\n\n".encode()
    assert parse_commit(content).committed is None


def test_commit_without_a_tree_is_an_error():
    with pytest.raises(RepositoryError, match="names no tree"):
        parse_commit(b"author A <a@b> 1 +0000\n\n")
