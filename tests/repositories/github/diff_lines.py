"""Which lines of a pull request's new side GitHub shows, and so takes a comment beside."""

from __future__ import annotations

import re
from pathlib import Path

from autograder.repositories.git import git

_HUNK = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", re.MULTILINE)


def shown_lines(repository: Path, base: str, head: str, path: str) -> set[int]:
    """The numbers of the lines that changed and of the three around them; none of another file."""
    words = ("diff", "--unified=3", "--no-color", "--no-ext-diff", f"{base}...{head}", "--", path)
    changes = git(*words, repository=repository).decode("utf-8", "replace")
    return {
        line
        for start, count in _HUNK.findall(changes)
        for line in range(int(start), int(start) + int(count or 1))
    }
