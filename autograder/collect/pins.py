"""One bare repository for each student: a commit is fetched by its id, and kept for good."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import RepositoryError
from autograder.repositories.git import GitLimits, Network, git

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
        if not (self.repository / "HEAD").exists():
            self.repository.parent.mkdir(parents=True, exist_ok=True)
            path = str(self.repository)
            git("init", "--quiet", "--bare", "--template=", "--", path, limits=self.limits)
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
        try:
            git(
                "-c",
                f"fetch.negotiationAlgorithm={negotiation}",
                "fetch",
                *options,
                *words,
                repository=self.repository,
                network=self.network,
                limits=limits or self.limits,
            )
        finally:
            # what an ended git leaves behind would stop the next one
            for lock in self.repository.glob("shallow.lock"):
                lock.unlink(missing_ok=True)


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
