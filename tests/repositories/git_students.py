"""Students with real git and a real repository, honest or hostile, for the tests."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

AT_NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
Entry = tuple[str, bytes, str]  # mode as git stores it ("100644", "40000"), name, object id


@dataclass(frozen=True)
class GitStudent:
    """A student's own repository, and the address with which it is pushed."""

    repository: Path
    address: str

    def git(self, *words: str, given: bytes = b"", date: datetime = AT_NOON) -> bytes:
        when = date.isoformat()
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.repository.parent),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_AUTHOR_NAME": "A Student",
            "GIT_AUTHOR_EMAIL": "student@example.org",
            "GIT_COMMITTER_NAME": "A Student",
            "GIT_COMMITTER_EMAIL": "student@example.org",
            "GIT_AUTHOR_DATE": when,
            "GIT_COMMITTER_DATE": when,
        }
        done = subprocess.run(
            ["git", f"--git-dir={self.repository}", *words],
            check=False,
            capture_output=True,
            input=given,
            env=environment,
        )
        if done.returncode:
            raise AssertionError(f"git {words[0]} failed: {done.stderr.decode(errors='replace')}")
        return done.stdout

    def blob(self, content: bytes) -> str:
        return self.git("hash-object", "-w", "--stdin", given=content).decode().strip()

    def raw_tree(self, *entries: Entry) -> str:
        """A tree with exactly these entries, in this order, whatever git thinks of them."""
        content = b"".join(
            mode.encode() + b" " + name + b"\0" + bytes.fromhex(oid) for mode, name, oid in entries
        )
        words = ("hash-object", "-t", "tree", "-w", "--stdin", "--literally")
        return self.git(*words, given=content).decode().strip()

    def tree(self, files: Mapping[str, bytes | str]) -> str:
        """The tree of files by path; a str is a symbolic link's target."""
        names: dict[str, Entry] = {}
        folders: dict[str, dict[str, bytes | str]] = {}
        for path, content in files.items():
            name, _, rest = path.partition("/")
            if rest:
                folders.setdefault(name, {})[rest] = content
            else:
                is_link = isinstance(content, str)
                oid = self.blob(content.encode() if isinstance(content, str) else content)
                names[name] = ("120000" if is_link else "100644", name.encode(), oid)
        for name, inside in folders.items():
            names[name + "/"] = ("40000", name.encode(), self.tree(inside))
        return self.raw_tree(*(names[name] for name in sorted(names)))

    def commit_tree(self, tree: str, date: datetime = AT_NOON, parent: str | None = None) -> str:
        parents = ("-p", parent) if parent else ()
        words = ("commit-tree", tree, *parents, "-m", "work")
        return self.git(*words, date=date).decode().strip()

    def commit(
        self,
        files: Mapping[str, bytes | str],
        date: datetime = AT_NOON,
        parent: str | None = None,
    ) -> str:
        return self.commit_tree(self.tree(files), date, parent)

    def push(self, *refspecs: str, address: str | None = None) -> str:
        """Push `+commit:ref` and the like; the error of a refused push is an AssertionError."""
        return self.git("push", "--quiet", address or self.address, *refspecs).decode()


def new_student(folder: Path, address: str) -> GitStudent:
    """A student with an empty bare repository in `folder`."""
    repository = folder / "own.git"
    repository.mkdir(parents=True)
    student = GitStudent(repository, address)
    student.git(
        "init", "--quiet", "--bare", "--template=", "--initial-branch=main", str(repository)
    )
    return student


def with_login(address: str, user: str, password: str) -> str:
    """The address as a student would type it in a test, name and password included."""
    return address.replace("http://", f"http://{user}:{password}@")
