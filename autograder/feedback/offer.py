"""The pull request that carries a student's feedback: opened once, updated ever after."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course.model import Student
from autograder.errors import RepositoryError
from autograder.feedback import wording
from autograder.feedback.changes import Record, changes, record
from autograder.feedback.returned import Returned
from autograder.feedback.summary import summary
from autograder.repositories.commits import has_commit
from autograder.repositories.forge import Forge
from autograder.repositories.pull_requests import MAX_TEXT, PullRequest
from autograder.repositories.remote import Remote, push_commit, tip_of


@dataclass(frozen=True, slots=True)
class Before:
    """What this student was returned last, in a file of the course's state; None the first time."""

    file: Path
    record: Record | None

    def changes(self, returned: Returned) -> tuple[str, ...]:
        return changes(self.record, returned) if self.record else ()

    def keep(self, returned: Returned) -> None:
        """Note what is returned now, when all of it has arrived."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        draft = self.file.with_suffix(".new")
        draft.write_text(json.dumps(record(returned)), encoding="utf-8")
        draft.replace(self.file)


def read_before(state: Path, assignment: str, student: str) -> Before:
    """What the student was returned last.

    Raises:
        RepositoryError: the file of it is damaged.
    """
    file = state / "feedback" / assignment / f"{student}.json"
    if not file.is_file():
        return Before(file, None)
    try:
        return Before(file, json.loads(file.read_text(encoding="utf-8")))
    except ValueError as error:
        raise RepositoryError(f"{file} is damaged ({error}); delete it") from error


def base_branch(assignment: str) -> str:
    """The branch that stays at the commit that was handed in first."""
    return f"feedback-base/{assignment}"


def offer(
    forge: Forge,
    student: Student,
    remote: Remote,
    returned: Returned,
    commit: str,
    what_changed: Sequence[str],
) -> PullRequest | None:
    """Open the pull request of this feedback, or bring the one that is there up to date.

    A regrading leaves one review that says what changed and why. There is no pull request where
    no branch of the student's holds the collected commit any longer: None.

    Raises:
        RepositoryError: the forge does not take it, or a branch of the base's name is not ours.
    """
    name = returned.assignment
    title, body = f"Feedback on {name}", cut(summary(returned))
    if not freeze(remote, base_branch(name), returned):
        return None
    pull = forge.open_pull_request(student, f"feedback/{name}", base_branch(name), title, body)
    if (pull.title, pull.body, pull.is_open) != (title, body, True):
        pull = forge.update_pull_request(student, pull.number, title, body)
    if what_changed:
        lines = "\n".join(f"- {line}" for line in what_changed)
        forge.review(student, pull.number, commit, cut(f"Graded again. What changed:\n\n{lines}"))
    return pull


def freeze(remote: Remote, branch: str, returned: Returned) -> bool:
    """Make the base at the commit that was collected; once made it never moves.

    False where the server cannot have it, because the student threw that commit's history away.

    Raises:
        RepositoryError: a branch of this name is there, at a commit that was never collected.
    """
    ref = f"refs/heads/{branch}"
    tip = tip_of(remote, ref)
    if tip is None and returned.submission is not None:
        try:
            push_commit(remote, ref, None, returned.submission.commit)
        except RepositoryError as error:
            if "shallow update" in str(error):
                return False
            raise
    elif tip is not None and not has_commit(remote.repository, tip):
        raise RepositoryError(
            f"somebody else made the branch {branch} at {tip[:10]}, so there is no pull request; "
            "ask the student to delete it, then run again"
        )
    return True


def status_line(returned: Returned) -> str:
    """The score in a few words, for a commit's status."""
    score, most = wording.points(returned.score), wording.points(returned.max_score)
    waits = f", {wording.points(returned.waiting)} wait for a reader" if returned.waiting else ""
    return f"{score} of {most} points{waits}"


def cut(text: str) -> str:
    """A text that a forge takes; what is too long stands on the branch in full."""
    more = "\n\nThe rest stands in README.md on the branch.\n"
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - len(more)] + more
