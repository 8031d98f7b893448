"""One bare repository for each student: a commit is fetched by its id, and kept for good."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import RepositoryError
from autograder.repositories.bare import make_bare
from autograder.repositories.git import GitLimits, Network, git

_POLL_S = 0.05
EAGER_MIB = 4
"""Blobs up to this size come with the commit; a larger one is fetched when it is the notebook."""


@dataclass(frozen=True, slots=True)
class Pins:
    """The commits of one student that the course keeps, as `refs/submissions/<assignment>/<n>`.

    No branch, tag or other ref of the student's comes along, and no work tree is ever made.
    """

    repository: Path
    url: str
    network: Network
    limits: GitLimits

    def pin(self, assignment: str, commit: str) -> None:
        """Fetch the commit with its folders and its smaller files, unless it is here already.

        Raises:
            RepositoryError: the server cannot be reached or no longer has it, or it is malformed.
        """
        with self._alone():
            make_bare(self.repository, self.limits)
        pinned = self._pinned(assignment)
        if require_id(commit) in pinned:
            return
        self._fetch(
            "consecutive",
            "--depth=1",
            f"--filter=blob:limit={EAGER_MIB}m",
            "--",
            self.url,
            f"+{commit}:refs/submissions/{assignment}/{len(pinned) + 1}",
        )

    def fetch_blob(self, oid: str, max_mib: int) -> None:
        """Fetch one file's content, which was too large to come with its commit.

        Raises:
            RepositoryError: the server cannot be reached, or the file is beyond all measure.
        """
        limits = replace(self.limits, file_mib=4 * max_mib)
        # without negotiation: else the server believes that whoever has the commit has the file
        self._fetch("noop", "--filter=blob:none", "--", self.url, oid, limits=limits)

    def _pinned(self, assignment: str) -> list[str]:
        words = ("for-each-ref", "--format=%(objectname)", f"refs/submissions/{assignment}/")
        return git(*words, repository=self.repository, limits=self.limits).decode().split()

    def _fetch(self, negotiation: str, *words: str, limits: GitLimits | None = None) -> None:
        options = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head")
        with self._alone() as lock:
            # what an ended git left behind would stop this one; nobody else is at work here
            for left in ("shallow.lock", "refs/submissions/**/*.lock"):
                for stale in self.repository.glob(left):
                    stale.unlink(missing_ok=True)
            git(
                "-c",
                f"fetch.negotiationAlgorithm={negotiation}",
                "fetch",
                *options,
                *words,
                repository=self.repository,
                network=self.network,
                limits=limits or self.limits,
                held=(lock,),
            )

    @contextmanager
    def _alone(self) -> Iterator[int]:
        """Hold this repository's lock, whose descriptor is given.

        A git that was started under it holds it too. So where a collection is killed, the next one
        waits until the git that the killed one had started has come to its end.

        Raises:
            RepositoryError: it is not free in time.
        """
        self.repository.parent.mkdir(parents=True, exist_ok=True)
        end = time.monotonic() + self.limits.timeout_s
        path = self.repository.with_name(f".{self.repository.name}.lock")
        with path.open("a", encoding="ascii") as file:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    cancelled = self.limits.cancelled
                    if time.monotonic() > end or (cancelled and cancelled.is_set()):
                        raise RepositoryError(
                            f"another git is at work on {self.repository}; run again when it ended"
                        ) from None
                    time.sleep(_POLL_S)
            yield file.fileno()


def require_id(commit: str) -> str:
    """The commit's id, once it is known to be a full one of the kind that we keep.

    Raises:
        RepositoryError: the repository uses another kind of ids.
    """
    if len(commit) != 40 or commit.strip("0123456789abcdef"):
        raise RepositoryError(
            f"the repository's ids are not SHA-1 ({commit[:12]}...); make it with "
            "git init --object-format=sha1"
        )
    return commit
