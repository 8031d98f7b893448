# pyright: strict
"""The branch `feedback/<assignment>` of a student's repository: found, moved on, pushed."""

from __future__ import annotations

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


def branch_ref(assignment: str) -> str:
    return f"refs/heads/feedback/{assignment}"


def move_branch(remote: Remote, assignment: str, base: str, tree: str, author: Author) -> Moved:
    """Puts `tree` on the feedback branch, unless it stands there; no other branch is touched.

    The new commit follows the branch's own tip, or `base` where there is no branch yet. If someone
    moves the branch meanwhile, it is looked at again, once.

    Raises:
        RepositoryError: the server does not take it.
    """
    ref = branch_ref(assignment)
    tip = fetch_tip(remote, ref)
    try:
        return _move(remote, ref, tip, base, tree, author)
    except RepositoryError:
        now = fetch_tip(remote, ref)
        if now == tip:
            raise
        return _move(remote, ref, now, base, tree, author)


def _move(remote: Remote, ref: str, tip: str | None, base: str, tree: str, author: Author) -> Moved:
    if tip is not None and tree_of(remote.repository, tip) == tree:
        return Moved(tip, is_new=False)
    message = f"Return feedback on {ref.rpartition('/')[2]}\n"
    commit = commit_tree(remote.repository, tree, tip or base, message, author)
    try:
        push_commit(remote, ref, tip, commit)
    except RepositoryError as error:
        if tip is not None or "shallow update" not in str(error):
            raise
        # no branch holds the collected commit any longer; here it is without its own history
        commit = commit_tree(remote.repository, tree, None, message, author)
        push_commit(remote, ref, tip, commit)
        return Moved(
            commit, True, "no branch of the student's holds the collected commit any longer, so "
            "the feedback has a history of its own"
        )  # fmt: skip
    return Moved(commit, is_new=True)
