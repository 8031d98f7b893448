"""Which pull request is handed in at a moment, where the course asks for one: decisions alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Generic, TypeVar

from autograder.collect.evidence import show
from autograder.repositories.git import printable
from autograder.repositories.pull_requests import PullRequest
from autograder.repositories.push_hooks import RESERVED
from autograder.repositories.push_log import PushEntry, tip_at

Work = TypeVar("Work")


@dataclass(frozen=True, slots=True)
class Offer:
    """A pull request that was open at a moment, and the push that made its branch what it was."""

    pull: PullRequest
    entry: PushEntry


@dataclass(frozen=True, slots=True)
class Choice(Generic[Work]):
    """The work that is handed in: an offer's, or main's where there is no offer; `why` says so.

    `is_refused` where two offers differ, so that neither is taken.
    """

    work: Work | None
    offer: Offer | None = None
    why: str = ""
    is_refused: bool = False


def offers_at(
    pulls: Sequence[PullRequest], entries: Sequence[PushEntry], moment: datetime
) -> tuple[Offer, ...]:
    """The students' pull requests onto main that were open at `moment`, with their tips then.

    One that is opened or closed exactly at `moment` was open.
    """
    found = ((pull, tip_at(entries, ref_of(pull), moment)) for pull in pulls if is_onto_main(pull))
    return tuple(Offer(pull, tip) for pull, tip in found if tip and _is_open_at(pull, moment))


def choose(
    pulls: Sequence[PullRequest],
    entries: Sequence[PushEntry],
    moment: datetime,
    *,
    assignment: str,
    work_of: Callable[[Offer], Work | None],
    main: Work | None,
    was_on_main: Callable[[Work], bool],
) -> Choice[Work]:
    """What is handed in at `moment`, by the server's clock alone.

    `work_of` is what an offer's tip holds of the assignment, None where nobody worked on it; `main`
    is the same of main. An offer whose work main had before changes nothing: its branch began
    before main went on. Without an offer of its own, main's work stands.
    """
    offers = offers_at(pulls, entries, moment)
    works = [(offer, work) for offer in offers if (work := work_of(offer)) is not None]
    changed = [
        (offer, work)
        for offer, work in works
        if main is None or (work != main and not was_on_main(work))
    ]
    if any(work != changed[0][1] for _, work in changed):
        names = " and ".join(name_of(offer.pull) for offer, _ in changed)
        why = f"{names} differ, and both could be {assignment}; close the one that is not"
        return Choice(None, None, why, is_refused=True)
    for offer, work in changed or [pair for pair in works if pair[1] == main]:
        return Choice(work, offer)
    why = _why_main(pulls, offers, moment, assignment)
    return Choice(main, None, f"{why}; main was taken" if main is not None else why)


def pull_notes(
    pulls: Sequence[PullRequest],
    chosen: PullRequest | None,
    moments: Sequence[datetime],
    timezone: tzinfo,
) -> Iterator[str]:
    """What happened to the chosen pull request afterwards, or why none of them was chosen."""
    for pull in pulls:
        if _is_staffs(pull.head) or (chosen and pull.number != chosen.number):
            continue
        name = name_of(pull)
        if not chosen and pull.base != "main":
            yield f"{name} goes to {printable(pull.base, 60)}, not to main; it does not count"
        elif not chosen and pull.created is None:
            yield f"the server does not say when {name} was opened; it does not count"
        elif not chosen and pull.created and pull.created > moments[-1]:
            opened, until = show(pull.created, timezone), show(moments[-1], timezone)
            yield f"{name} was opened at {opened}, after {until}; not taken"
        elif pull.closed and not pull.merged:
            yield f"{name} was closed at {show(pull.closed, timezone)}"


def is_onto_main(pull: PullRequest) -> bool:
    """Whether it is a student's request that main takes something."""
    return pull.base == "main" and pull.head != "main" and not _is_staffs(pull.head)


def ref_of(pull: PullRequest) -> str:
    """The full name of its branch."""
    return f"refs/heads/{pull.head}"


def name_of(pull: PullRequest) -> str:
    """How it is spoken of."""
    return f"pull request {pull.number} ({printable(pull.head, 60)})"


def _is_open_at(pull: PullRequest, moment: datetime) -> bool:
    was_opened = pull.created is not None and pull.created <= moment
    return was_opened and (pull.closed is None or pull.closed >= moment)


def _is_staffs(head: str) -> bool:
    name = f"refs/heads/{head}/".casefold()
    return any(name.startswith(f"{reserved}/") for reserved in RESERVED)


def _why_main(
    pulls: Sequence[PullRequest], offers: Sequence[Offer], moment: datetime, assignment: str
) -> str:
    if offers:
        names = " and ".join(name_of(offer.pull) for offer in offers[:3])
        return f"no work on {assignment} in {names}"
    merged = [p for p in pulls if is_onto_main(p) and p.merged and p.merged <= moment]
    return f"{name_of(merged[-1])} was merged" if merged else "no pull request"
