# pyright: strict
"""The branch `feedback/<assignment>` of a student's repository: found, moved on, pushed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.errors import RepositoryError
from autograder.repositories.commits import Author, commit_tree, tree_of
from autograder.repositories.remote import Remote, fetch_tip, push_commit


@dataclass(frozen=True, slots=True)
class Moved:
    """The branch's commit, and whether this run made it."""

    commit: str
    is_new: bool
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """Who makes a commit, and what it says."""

    author: Author
    message: str


def branch_ref(assignment: str) -> str:
    return f"refs/heads/feedback/{assignment}"


def move_branch(
    remote: Remote, assignment: str, base: str, tree: str, author: Author, why: Sequence[str] = ()
) -> Moved:
    """Puts `tree` on the feedback branch, unless it stands there; no other branch is touched.

    The new commit follows the branch's own tip, or `base` where there is no branch yet. If someone
    moves the branch meanwhile, it is looked at again, once. `why` are lines for the message.

    Raises:
        RepositoryError: the server does not take it.
    """
    ref = branch_ref(assignment)
    reasons = "\n".join(f"- {line}" for line in why)
    message = f"Return feedback on {assignment}\n" + (f"\n{reasons}\n" if why else "")
    tip = fetch_tip(remote, ref)
    try:
        return _move(remote, ref, tip, base, tree, Signed(author, message))
    except RepositoryError:
        now = fetch_tip(remote, ref)
        if now == tip:
            raise
        return _move(remote, ref, now, base, tree, Signed(author, message))


def _move(remote: Remote, ref: str, tip: str | None, base: str, tree: str, by: Signed) -> Moved:
    if tip is not None and tree_of(remote.repository, tip) == tree:
        return Moved(tip, is_new=False)
    commit = commit_tree(remote.repository, tree, tip or base, by.message, by.author)
    try:
        push_commit(remote, ref, tip, commit)
    except RepositoryError as error:
        if tip is not None or "shallow update" not in str(error):
            raise
        # no branch holds the collected commit any longer; here it is without its own history
        commit = commit_tree(remote.repository, tree, None, by.message, by.author)
        push_commit(remote, ref, tip, commit)
        return Moved(
            commit, True, "no branch of the student's holds the collected commit any longer, so "
            "the feedback has a history of its own"
        )  # fmt: skip
    return Moved(commit, is_new=True)
