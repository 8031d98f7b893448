"""The pull request that carries a student's feedback: opened once, updated ever after."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.course.model import Student
from autograder.errors import RepositoryError
from autograder.feedback import wording
from autograder.feedback.last_return import LastReturn
from autograder.feedback.returned import Returned
from autograder.feedback.review import cut, first_review, mark_of, regrading_review
from autograder.feedback.summary import summary
from autograder.repositories.commits import has_commit
from autograder.repositories.forge import Forge
from autograder.repositories.pull_requests import PullRequest
from autograder.repositories.remote import Remote, push_commit, tip_of


@dataclass(frozen=True, slots=True)
class Offered:
    """Whether there is a pull request, and whether this call left a review on it."""

    is_open: bool
    has_review: bool


def base_branch(assignment: str) -> str:
    """The branch that stays at the commit that was handed in first."""
    return f"feedback-base/{assignment}"


def offer(
    forge: Forge,
    student: Student,
    remote: Remote,
    returned: Returned,
    commit: str,
    last: LastReturn,
) -> Offered:
    """Open the pull request of this feedback, or bring the one that is there up to date.

    The first return leaves one review, which carries the comments; each regrading leaves one that
    says what changed and why. There is no pull request where no branch of the student's holds the
    collected commit any longer.

    Raises:
        RepositoryError: the forge does not take it, or a branch of the base's name is not ours.
    """
    name = returned.assignment
    title, body = f"Feedback on {name}", cut(summary(returned))
    if not freeze(remote, base_branch(name), returned):
        return Offered(is_open=False, has_review=False)
    pull = forge.open_pull_request(student, f"feedback/{name}", base_branch(name), title, body)
    if (pull.title, pull.body, pull.is_open) != (title, body, True):
        pull = forge.update_pull_request(student, pull.number, title, body)
    return Offered(True, _review(forge, student, pull, returned, commit, last))


def _review(
    forge: Forge,
    student: Student,
    pull: PullRequest,
    returned: Returned,
    commit: str,
    last: LastReturn,
) -> bool:
    """Leave what is to be said, if anything, once; a run that was ended is made up for."""

    def has_arrived(commit: str) -> bool:
        said = forge.comments(student, pull.number)
        return any(mark_of(commit) in comment.text for comment in said)

    last = last.settled(returned, has_arrived)
    review = first_review(returned, commit)
    if last.is_reviewed:
        what_changed = last.changes(returned)
        if not what_changed:
            return False
        review = regrading_review(returned, commit, what_changed, last.new_comments(returned))
    last.begin(returned, commit)
    return forge.review(student, pull.number, commit, review)


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
