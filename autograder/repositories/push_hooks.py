"""The two hooks of the server: refuse what a student may not push, and log what was pushed.

Git starts this file by its path with a bare interpreter, so it imports the standard library alone.
The server says where the log is and who pushes in the environment; a repository has no say.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

LOG = "AUTOGRADER_PUSH_LOG"
STAFF = "AUTOGRADER_STAFF"
CLOCK_SHIFT_S = "AUTOGRADER_CLOCK_SHIFT_S"
MAX_REFS = 100
MAIN = b"refs/heads/main"
SUBMIT = "refs/heads/submit/"
"""Where a push is a pull request onto main."""
RESERVED = (
    "refs/heads/feedback",
    "refs/heads/feedback-base",
    "refs/heads/solutions",
    "refs/tags/collected",
)

Update = tuple[str, str, bytes]


def refusals(updates: list[Update], is_staff: bool) -> Iterator[str]:
    """Why this push is refused, in the student's words; nothing where it is not."""
    if len(updates) > MAX_REFS:
        yield f"{len(updates)} branches and tags in one push; push at most {MAX_REFS} at a time"
        return
    for _, _, ref in updates:
        try:
            name = ref.decode()
        except UnicodeDecodeError:
            yield f"{ref!r} is not UTF-8; choose another name"
            continue
        if is_staff:
            continue
        # a file system that ignores case would hold Feedback/x for feedback/x
        if any(f"{name.casefold()}/".startswith(f"{reserved}/") for reserved in RESERVED):
            yield f"{name!a} is the course staff's; push your work to main"
        elif not name.startswith(("refs/heads/", "refs/tags/")):
            yield f"{name!a} is neither a branch nor a tag; push your work to main"


def log(updates: list[Update]) -> None:
    """Append one JSON line for each updated ref, with this host's time and the user's name."""
    now = datetime.now(UTC) + timedelta(seconds=float(os.environ.get(CLOCK_SHIFT_S, "0")))
    lines = "".join(
        json.dumps(
            {
                "time": now.isoformat(),
                "user": os.environ.get("REMOTE_USER", ""),
                "ref": ref.decode(),
                "old": old,
                "new": new,
                "forced": _is_forced(old, new),
                **({"merged": _merged(new)} if ref == MAIN else {}),
            }
        )
        + "\n"
        for old, new, ref in updates
    )
    descriptor = os.open(os.environ[LOG], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        os.write(descriptor, lines.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_forced(old: str, new: str) -> bool:
    """Whether the update throws commits away: `new` does not descend from `old`."""
    if not (old.strip("0") and new.strip("0")):
        return False
    words = ["git", "merge-base", "--is-ancestor", old, new]
    return subprocess.run(words, check=False, capture_output=True).returncode != 0  # noqa: S603


def _merged(new: str) -> list[str]:
    """The branches `submit/*` that are whole in `new`, which main was moved to."""
    if not new.strip("0"):
        return []
    words = ["git", "for-each-ref", f"--merged={new}", "--format=%(refname)", SUBMIT]
    listed = subprocess.run(words, check=False, capture_output=True).stdout  # noqa: S603
    return [ref for ref in listed.decode("utf-8", "replace").split("\n") if ref]


def answers(updates: list[Update]) -> Iterator[str]:
    """What the student is told of the branches that are pull requests."""
    for _, new, ref in updates:
        name = ref.decode("utf-8", "replace")
        if name.startswith(SUBMIT):
            done = "is open" if new.strip("0") else "is withdrawn"
            yield f"the pull request from {name.removeprefix('refs/heads/')!a} onto main {done}"


def _updates(lines: bytes) -> list[Update]:
    """What git writes to a hook's standard input: old id, new id and ref on each line."""
    fields = (line.split(b" ", 2) for line in lines.split(b"\n") if line)
    return [(old.decode(), new.decode(), ref) for old, new, ref in fields]


def main(hook: str) -> int:
    updates = _updates(sys.stdin.buffer.read())
    if hook == "post-receive":
        log(updates)
        for line in answers(updates):
            sys.stdout.write(f"{line}\n")
        return 0
    reasons = list(refusals(updates, is_staff=os.environ.get(STAFF) == "1"))
    for reason in reasons:
        sys.stderr.write(f"refused: {reason}\n")
    return 1 if reasons else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
