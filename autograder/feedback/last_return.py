"""What a student was returned last, kept in the course's state, so that the next run can tell."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.errors import RepositoryError
from autograder.feedback.changes import Record, changes, record
from autograder.feedback.returned import Returned


@dataclass(frozen=True, slots=True)
class LastReturn:
    """What was returned last (None the first time), and whether a review has said it.

    `sending` was on its way, on commit `sent_on`, when a run was ended: it may have arrived.
    """

    file: Path = field(repr=False)
    record: Record | None = None
    is_reviewed: bool = False
    sending: Record | None = None
    sent_on: str = ""

    def changes(self, returned: Returned) -> tuple[str, ...]:
        return changes(self.record, returned) if self.record else ()

    def new_comments(self, returned: Returned) -> tuple[str, ...]:
        """The questions with a comment that was not there or was another."""
        before = (self.record or {"questions": {}})["questions"]
        return tuple(
            question.cell
            for question in returned.questions
            if question.comments
            and list(question.comments) != before.get(question.cell, {}).get("comments", [])
        )

    def settled(self, returned: Returned, has_arrived: Callable[[str], bool]) -> LastReturn:
        """The same, knowing what became of what was on its way.

        `has_arrived` is asked whether there is a review on a commit, and only where an ended run
        was about to say something else than `returned`.
        """
        if self.sending is None or self.sending == _as_kept(record(returned)):
            return self
        if not has_arrived(self.sent_on):
            return self
        return replace(self, record=self.sending, is_reviewed=True)

    def begin(self, returned: Returned, commit: str) -> None:
        """Note what is about to be said, before it is."""
        self._write(replace(self, sending=record(returned), sent_on=commit))

    def keep(self, returned: Returned, is_reviewed: bool) -> None:
        """Note what is returned now, when all of it has arrived."""
        self._write(LastReturn(self.file, record(returned), is_reviewed))

    def _write(self, now: LastReturn) -> None:
        """The file, whole or not at all."""
        kept = {
            "returned": now.record,
            "is_reviewed": now.is_reviewed,
            "sending": now.sending,
            "sent_on": now.sent_on,
        }
        self.file.parent.mkdir(parents=True, exist_ok=True)
        draft = self.file.with_suffix(".new")
        draft.write_text(json.dumps(kept), encoding="utf-8")
        draft.replace(self.file)


def read_last(state: Path, assignment: str, student: str) -> LastReturn:
    """What the student was returned last.

    Raises:
        RepositoryError: the file of it is damaged.
    """
    file = state / "feedback" / assignment / f"{student}.json"
    if not file.is_file():
        return LastReturn(file)
    try:
        kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        if "questions" in kept:  # as it was written before there were reviews
            return LastReturn(file, kept)
        return LastReturn(
            file, kept["returned"], kept["is_reviewed"], kept["sending"], kept["sent_on"]
        )
    except (ValueError, TypeError, KeyError) as error:
        raise RepositoryError(f"{file} is damaged ({error!r}); delete it") from error


def _as_kept(made: Record) -> Record:
    """A record as it comes back from its file."""
    return json.loads(json.dumps(made))
