"""What stood in a student's repository at each moment that the late rule asks about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from autograder.collect.objects import CommitFacts, HostileObjectError, read_commit
from autograder.collect.offers import Offer, choose, offers_at
from autograder.collect.pins import Pins
from autograder.collect.search import search
from autograder.collect.untouched import has_no_work, is_untouched
from autograder.collect.wanted import FoundFile, Search, Wanted
from autograder.course.model import Student
from autograder.repositories.pull_requests import PullRequest
from autograder.repositories.push_log import PushEntry, tip_at

REF = "refs/heads/main"
"""The branch that is submitted, or that a pull request asks to take the work."""


@dataclass(frozen=True, slots=True)
class Version:
    """A notebook and the PDF with it, as one push left them; equal where it left the same two.

    `pull` is the pull request that offered them; `why` says why main was taken without one.
    """

    notebook: FoundFile
    entry: PushEntry = field(compare=False)
    facts: CommitFacts = field(compare=False)
    theory: FoundFile | None = None
    pull: PullRequest | None = field(default=None, compare=False)
    why: str = field(default="", compare=False)

    @property
    def received(self) -> datetime:
        """When the server had it: pushed, and the pull request opened."""
        opened = self.pull.created if self.pull else None
        return max(self.entry.time, opened) if opened else self.entry.time


@dataclass(frozen=True, slots=True)
class Look:
    """What one commit holds of the assignment; `is_missing` where no notebook was found."""

    version: Version | None = None
    notes: tuple[str, ...] = ()
    untouched: tuple[str, ...] = ()
    is_missing: bool = False
    is_refused: bool = False


@dataclass(slots=True)
class Seen:
    """What stood at each moment, what was odd, and whether something had to be refused.

    `untouched` says why what stood there is no work; `is_empty` where nothing ever stood there.
    """

    versions: list[Version | None] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    untouched: list[str] = field(default_factory=list)
    is_refused: bool = False
    is_empty: bool = True

    def add(self, *notes: str) -> None:
        self.odd += [note for note in notes if note not in self.odd]


@dataclass(frozen=True, slots=True)
class Repository:
    """One student's repository, as the server tells of it. Each commit is looked into once.

    `pulls` are its pull requests where the course asks for one, None where main counts.
    """

    student: Student
    pins: Pins
    wanted: Wanted
    entries: tuple[PushEntry, ...]
    pulls: tuple[PullRequest, ...] | None = None
    looked: dict[str, tuple[CommitFacts | None, Search]] = field(default_factory=dict)

    def see(self, moments: Sequence[datetime]) -> Seen:
        """The version at each moment.

        Where a late push took the notebook or the PDF away, or left one that cannot be taken, the
        one before it stands.
        """
        seen = Seen()
        for moment in moments:
            before = seen.versions[-1] if seen.versions else None
            tip = tip_at(self.entries, REF, moment)
            look = self._main(tip)
            if self.pulls is not None:
                look = self._choose(self.pulls, moment, look)
                seen.is_empty = seen.is_empty and not offers_at(self.pulls, self.entries, moment)
            seen.is_empty = seen.is_empty and tip is None
            seen.is_refused = seen.is_refused or look.is_refused
            seen.add(*look.notes)
            if look.is_missing and before:
                seen.add(f"the version received at {before.entry.time:%H:%M:%S %Z} stands")
            seen.untouched += look.untouched
            version = look.version
            if version and before and not version.theory:
                version = replace(version, theory=before.theory)
            seen.versions.append(version or before)
        return seen

    def until(self, tip: PushEntry) -> list[PushEntry]:
        """What was pushed to its branch up to `tip`, in the log's order: a clock may go back."""
        index = self.entries.index(tip)
        return [entry for entry in self.entries[: index + 1] if entry.ref == tip.ref]

    def look(self, commit: str) -> tuple[CommitFacts | None, Search]:
        """Pin the commit, and find the notebook in it."""
        if commit not in self.looked:
            self.pins.pin(self.wanted.assignment, commit)
            try:
                facts = read_commit(self.pins.repository, commit, self.pins.limits)
                self.looked[commit] = facts, search(self.pins, facts.tree, self.wanted)
            except HostileObjectError as error:
                self.looked[commit] = None, Search(None, (str(error),), is_refused=True)
        return self.looked[commit]

    def _main(self, tip: PushEntry | None) -> Look:
        if tip is None:
            return Look()
        facts, result = self.look(tip.new)
        if result.found and not result.theory:
            pushed = self.until(tip)
            if is_untouched(self.pins, result.found, self.wanted, pushed, self.student):
                said = f"{result.found.path} is as it was released: nothing was handed in"
                return Look(None, result.notes, (said,), is_refused=result.is_refused)
        return _look(tip, facts, result)

    def _offered(self, offer: Offer) -> Look:
        facts, result = self.look(offer.entry.new)
        if result.found and not result.theory and has_no_work(self.pins, result.found, self.wanted):
            return Look()
        return _look(offer.entry, facts, result, offer.pull)

    def _choose(self, pulls: tuple[PullRequest, ...], moment: datetime, main: Look) -> Look:
        """What a pull request that was open at `moment` offers, else what main has."""

        def work_of(offer: Offer) -> Version | None:
            return self._offered(offer).version

        def was_on_main(work: Version) -> bool:
            before = (e for e in self.entries if e.ref == REF and e.time <= moment)
            return any(self._main(e).version == work for e in before if not e.is_deletion)

        choice = choose(
            pulls,
            self.entries,
            moment,
            assignment=self.wanted.assignment,
            work_of=work_of,
            main=main.version,
            was_on_main=was_on_main,
        )
        if choice.is_refused:
            return Look(None, (choice.why,), is_missing=True, is_refused=True)
        if choice.offer:
            return self._offered(choice.offer)
        refused = [
            look
            for offer in offers_at(pulls, self.entries, moment)
            if (look := self._offered(offer)).is_refused
        ]
        notes = (*main.notes, *(note for look in refused for note in look.notes))
        version = replace(main.version, why=choice.why) if main.version else None
        untouched = (choice.why, *main.untouched)
        is_refused = main.is_refused or bool(refused)
        return Look(version, notes, untouched, main.is_missing, is_refused)


def _look(
    tip: PushEntry, facts: CommitFacts | None, result: Search, pull: PullRequest | None = None
) -> Look:
    version = None
    if facts and result.found:
        version = Version(result.found, tip, facts, result.theory, pull)
    return Look(
        version, result.notes, is_missing=result.found is None, is_refused=result.is_refused
    )
