"""Git's own program, run in a clean environment, under limits, without a shell."""
# pyright: strict

from __future__ import annotations

import base64
import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import RepositoryError

_ENVIRONMENT = {
    "HOME": "/nonexistent",
    "LC_ALL": "C.UTF-8",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "/bin/false",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_LITERAL_PATHSPECS": "1",
}
# How a host reaches the network is the host's business, so these alone are passed on.
_PASSED_ON = ("PATH", "http_proxy", "https_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "TMPDIR")
_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.symlinks=false",
    "core.protectNTFS=true",
    "core.protectHFS=true",
    "core.fsmonitor=false",
    "core.attributesFile=/dev/null",
    "core.bigFileThreshold=16m",  # a bigger blob is streamed, not held in memory
    "fetch.fsckObjects=true",
    "fetch.fsck.badTimezone=warn",  # an old tool's fault; nothing here trusts a commit's dates
    "fetch.unpackLimit=1",  # always index-pack: unpack-objects would inflate to loose files
    "transfer.fsckObjects=true",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "safe.bareRepository=explicit",
    "http.followRedirects=false",
    "credential.helper=",
    "gc.auto=0",
    "maintenance.auto=false",
    "pack.threads=2",
)
# ulimit stands in the shell's own words because a limit set from a thread after fork is not safe.
# -f counts blocks of 512 bytes. The script is constant; git's arguments arrive as "$@".
_LIMITED = 'ulimit -f "$1" && ulimit -t "$2" && ulimit -v "$3" && shift 3 && exec "$@"'
_POLL_S = 0.2

_ADVICE = (
    (
        r"authentication failed|could not read username|\b401\b|\b403\b",
        "the server refuses the credential; check AUTOGRADER_GIT_TOKEN",
    ),
    (
        r"repository .* not found|\b404\b",
        "there is no such repository; check the roster's address",
    ),
    (
        r"could not resolve|failed to connect|couldn't connect|connection refused|timed out",
        "the server cannot be reached; check the roster's address and the network, then run again",
    ),
    (
        r"not our ref|no such remote ref",
        "the server no longer has this commit; ask the student to push it again",
    ),
    (
        r"fsck error|error in object|error in tree|error in commit|hasdot|fullpathname",
        "the repository holds an object that git holds to be malformed or harmful; "
        "ask the student to commit the notebook afresh",
    ),
    (
        r"file too large|file size limit|invalid index-pack output",
        "what it sends is too large; ask the student to take outputs and data out of it",
    ),
)


@dataclass(frozen=True, slots=True)
class GitLimits:
    """What one call of git may use; `file_mib` bounds each file that it writes.

    Setting `cancelled` ends the call at once.
    """

    timeout_s: float = 120.0
    cpu_s: int = 60
    file_mib: int = 1024
    memory_mib: int = 4096
    cancelled: threading.Event | None = None


@dataclass(frozen=True, slots=True)
class Credential:
    """A name and password for every address under `base` (`https://host/`)."""

    base: str
    user: str
    password: str = field(repr=False)

    @property
    def header(self) -> str:
        """The value of the HTTP `Authorization` header."""
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()


@dataclass(frozen=True, slots=True)
class Network:
    """How a fetch or push may reach a server; `protocols` is git's list, separated by colons."""

    credential: Credential | None = None
    protocols: str = "http:https"


OFFLINE = Network(protocols="")


def git(
    *arguments: str,
    repository: Path | None = None,
    given: bytes = b"",
    network: Network = OFFLINE,
    environment: Mapping[str, str] | None = None,
    limits: GitLimits | None = None,
    held: Sequence[int] = (),
) -> bytes:
    """What git writes to its standard output when `given` stands on its standard input.

    `repository` is the git directory itself. No server is reached unless `network` says so.
    `environment` adds variables, such as the author's name of a commit. `held` are descriptors of
    locks: git keeps them held for as long as it lives, also where this process ends before it.

    Raises:
        RepositoryError: git failed (`returncode` is its exit status), took too long, used more than
            its limits, or was cancelled.
    """
    limits = limits or GitLimits()
    place = [f"--git-dir={repository}"] if repository else []
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    verb = arguments[2] if arguments[0] == "-c" else arguments[0]
    words = [git_program(), *settings, *place, *arguments]
    with subprocess.Popen(  # noqa: S603 - a constant script; git's arguments are no text of it
        limited(words, limits),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(network) | dict(environment or {}),
        start_new_session=True,
        pass_fds=tuple(held),
    ) as process:
        output, errors = _communicate(process, given, limits, verb)
    if process.returncode:
        message = _explain(verb, process.returncode, errors, network.credential)
        raise RepositoryError(message, process.returncode)
    return output


def clean_environment(network: Network = OFFLINE) -> dict[str, str]:
    """The whole environment of a git process: nothing of a user's own settings reaches it.

    A credential travels here, never in an argument or an address, both of which other users of the
    host can see.
    """
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment = {"PATH": os.defpath} | passed_on | _ENVIRONMENT
    environment["GIT_ALLOW_PROTOCOL"] = network.protocols
    local = "127.0.0.1,localhost,::1"
    environment["no_proxy"] = ",".join(filter(None, [os.environ.get("no_proxy"), local]))
    if network.credential:
        key = f"http.{network.credential.base}.extraHeader"
        header = f"Authorization: {network.credential.header}"
        environment |= settings_as_environment({key: header})
    return environment


def limited(words: list[str], limits: GitLimits) -> list[str]:
    """The command that runs `words` under `limits`; the time limit is the caller's to keep."""
    numbers = (limits.file_mib * 2048, limits.cpu_s, limits.memory_mib * 1024)
    return ["/bin/sh", "-c", _LIMITED, "git", *map(str, numbers), *words]


def settings_as_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Git's own way to carry settings in the environment, where every child of git sees them."""
    environment = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings.items()):
        environment |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return environment


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads a session of its own, and everything that it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def printable(text: str, length: int = 300) -> str:
    """`text` from a stranger made safe to show: control characters escaped, not too long."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return shown if len(shown) <= length else shown[:length] + "..."


def git_program() -> str:
    """Where git is.

    Raises:
        RepositoryError: it is not installed.
    """
    program = shutil.which("git")
    if program is None:
        raise RepositoryError("git is not installed; install it with the system's package manager")
    return program


def _communicate(
    process: subprocess.Popen[bytes],
    given: bytes,
    limits: GitLimits,
    verb: str,
) -> tuple[bytes, bytes]:
    end = time.monotonic() + limits.timeout_s
    to_write: bytes | None = given
    while True:
        try:
            return process.communicate(to_write, timeout=_POLL_S)
        except subprocess.TimeoutExpired:
            to_write = None  # communicate goes on with what it was given first
            if limits.cancelled and limits.cancelled.is_set():
                kill_group(process)
                raise RepositoryError(f"git {verb} was cancelled") from None
            if time.monotonic() > end:
                kill_group(process)
                raise RepositoryError(
                    f"git {verb} took more than {limits.timeout_s:g} s and was ended; "
                    "run again, or look at this repository by hand"
                ) from None
        except BaseException:
            kill_group(process)
            raise


def _explain(verb: str, returncode: int, errors: bytes, credential: Credential | None) -> str:
    """One line for a person: what git did, what it said, and what to do about it."""
    said = errors.decode("utf-8", "replace").strip()
    if credential:
        said = said.replace(credential.password, "***").replace(credential.header, "***")
    if returncode < 0:
        name = signal.Signals(-returncode).name
        said = f"ended by {name}; {said}" if said else f"ended by {name}"
        if -returncode == signal.SIGXFSZ:
            said += " (file size limit)"
        if -returncode == signal.SIGXCPU:
            said += " (CPU time limit)"
    advice = next((words for pattern, words in _ADVICE if re.search(pattern, said, re.I)), "")
    said = "; ".join(line.strip() for line in said.splitlines() if line.strip())
    message = f"git {verb} failed ({returncode}): {printable(said)}"
    return f"{message}; {advice}" if advice else message
