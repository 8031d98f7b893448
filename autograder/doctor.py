"""What this host can do for the platform, what is missing, and how to get it."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from autograder.course.model import Limits
from autograder.course_findings import Finding, course_findings
from autograder.errors import SandboxError
from autograder.grading.fork_server import close_server
from autograder.grading.sandbox.confine import landlock_version
from autograder.grading.seccomp import is_supported
from autograder.grading.session import Cell, Session
from autograder.settings import CONFIG_NAME

OLDEST_PYTHON = (3, 11)
OLDEST_GIT = (2, 38)  # the first with safe.bareRepository
OLDEST_BUBBLEWRAP = (0, 8)  # the first with --disable-userns
FREE_GIB = 2.0  # a class's repositories and reports; a full disk loses scores
TRIAL_S = 30
INSTALL = {
    "apt-get": "sudo apt-get install {}",
    "dnf": "sudo dnf install {}",
    "pacman": "sudo pacman -S {}",
    "zypper": "sudo zypper install {}",
    "apk": "sudo apk add {}",
    "brew": "brew install {}",
}
# Runs in the trial sandbox and says what it could do there; nothing of it may be possible.
PROBE = """
import json, os, socket
port, kept = {port}, {kept}
could = []
try:
    socket.create_connection(("127.0.0.1", port), timeout=3).close()
    could.append("reach this host's network")
except OSError:
    pass
try:
    if [name for _, name in socket.if_nameindex() if name != "lo"]:
        could.append("see a network interface")
except OSError:
    pass
if any(os.path.exists(path) for path in kept):
    could.append("see this host's files")
try:
    open("/usr/probe", "w").close()
    could.append("write to the system")
except OSError:
    pass
if os.path.isdir("/proc") and sum(name.isdigit() for name in os.listdir("/proc")) > 3:
    could.append("see this host's processes")
print(json.dumps(could))
"""


def examine(root: Path | None) -> tuple[Finding, ...]:
    """Everything that the platform uses of this host, in the order of the instructor's week.

    `root` is the course's folder; without one its settings and gradebook are not looked at.
    """
    folder = root or Path.cwd()
    return (
        _python(),
        _git(),
        _http_backend(),
        _bubblewrap(),
        _sandbox(folder),
        _system_calls(),
        _landlock(),
        _cgroup(),
        _program("nbgrader"),
        _program("alembic"),
        _cuda(),
        _disk(folder),
        *(course_findings(root) if root is not None else ()),
    )


def findings_table(findings: Sequence[Finding]) -> RenderableType:
    """A row for each finding, with the advice below what is missing."""
    table = Table(show_header=False, box=None)
    for finding in findings:
        sign, style = ("✓", "green") if finding.is_ok else ("✗", "red")
        if not finding.is_ok and not finding.needed:
            sign, style = "–", "dim"
        said = Text(finding.seen)
        if not finding.is_ok:
            said.append(f"\n{finding.advice}", style="yellow" if finding.needed else "dim")
        table.add_row(Text(sign, style=style), Text(finding.name, style="bold"), said)
    return table


def how_to_install(package: str) -> str:
    """The words that install `package` with this host's package manager."""
    for manager, words in INSTALL.items():
        if shutil.which(manager):
            return words.format(package)
    return f"install {package} with this system's package manager"


def _python() -> Finding:
    oldest = ".".join(map(str, OLDEST_PYTHON))
    is_ok = sys.version_info[:2] >= OLDEST_PYTHON
    return Finding("python", is_ok, platform.python_version(), f"install Python {oldest} or newer")


def _git() -> Finding:
    version = _version("git", "--version")
    if version is None:
        return Finding("git", False, "not installed", how_to_install("git"))
    oldest = ".".join(map(str, OLDEST_GIT))
    advice = f"install git {oldest} or newer: {how_to_install('git')}"
    return Finding("git", version >= OLDEST_GIT, _dotted(version), advice)


def _http_backend() -> Finding:
    done = _run(["git", "--exec-path"])
    program = Path(done.stdout.strip()) / "git-http-backend" if done is not None else None
    found = program is not None and program.is_file()
    advice = f"only the demo's server needs it: {how_to_install('git')} (Alpine: git-daemon)"
    return Finding(
        "git http-backend", found, str(program) if found else "not found", advice, needed=False
    )


def _bubblewrap() -> Finding:
    if platform.system() != "Linux":
        advice = "bubblewrap is Linux's: grade on a Linux machine, in WSL 2 or in a virtual machine"
        return Finding("bubblewrap", False, f"not on {platform.system()}", advice)
    version = _version("bwrap", "--version")
    if version is None:
        return Finding("bubblewrap", False, "not installed", how_to_install("bubblewrap"))
    oldest = ".".join(map(str, OLDEST_BUBBLEWRAP))
    advice = f"install bubblewrap {oldest} or newer: {how_to_install('bubblewrap')}"
    return Finding("bubblewrap", version >= OLDEST_BUBBLEWRAP, _dotted(version), advice)


def _sandbox(folder: Path) -> Finding:
    """Starts the very sandbox that grading uses, and tries to get out of it."""
    kept = ["/etc/passwd", __file__, str(folder / CONFIG_NAME)]
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            could = _possible(PROBE.format(port=server.getsockname()[1], kept=kept))
    except SandboxError as error:
        seen = str(error).partition("; `autograder doctor`")[0]
        return Finding("sandbox", False, seen, "; ".join(_why_no_namespaces()))
    if could:
        advice = "do not grade here; this kernel or container keeps namespaces from working"
        return Finding("sandbox", False, f"student code could {', '.join(could)}", advice)
    return Finding("sandbox", True, "runs; network, files and processes of this host are cut off")


def _possible(probe: str) -> list[str]:
    """What student code could do. Raises: SandboxError where none can be run."""
    close_server()  # as this host is now
    with Session([Cell("probe", probe, TRIAL_S)], Limits(), modules=()) as session:
        run = session.run()["probe"]
    if not run.outputs or run.raised is not None:
        raise SandboxError(f"the trial ended early ({run.ended or run.raised}); run it again")
    return json.loads(run.outputs[0]["text"])


def _why_no_namespaces() -> Iterator[str]:
    """What on this host forbids a sandbox, and the words that allow it."""
    switches = (
        ("kernel/unprivileged_userns_clone", "0", "1"),  # Debian's
        ("kernel/apparmor_restrict_unprivileged_userns", "1", "0"),  # Ubuntu's, from 24.04
        ("user/max_user_namespaces", "0", "15000"),  # Red Hat's
    )
    for switch, forbids, allows in switches:
        if _text(Path("/proc/sys") / switch) == forbids:
            yield f"sudo sysctl -w {switch.replace('/', '.')}={allows}"
    if Path("/.dockerenv").exists() or Path("/run/.containerenv").exists():
        yield (
            "this is a container: start it with --security-opt seccomp=unconfined "
            "--security-opt apparmor=unconfined --security-opt systempaths=unconfined"
        )
    yield "ask whoever runs this host to allow unprivileged user namespaces"
    if landlock_version() and is_supported():
        yield (
            "or set c.GradingLimits.isolation = 'landlock', which is weaker: see "
            "autograder/grading/README.md"
        )


def _system_calls() -> Finding:
    seen = "the sandbox's second line is a filter" if is_supported() else "no filter for this host"
    advice = (
        f"not needed: the sandbox holds without; {platform.machine()} has none yet, or no seccomp"
    )
    return Finding("system calls", is_supported(), seen, advice, needed=False)


def _landlock() -> Finding:
    version = landlock_version()
    seen = f"version {version}" if version else "not in this kernel"
    advice = "not needed: the sandbox holds without; Linux 5.13 and newer can have it"
    return Finding("landlock", bool(version), seen, advice, needed=False)


def _cgroup() -> Finding:
    controllers = _text(Path("/sys/fs/cgroup/cgroup.controllers"))
    seen = f"version 2: {controllers}" if controllers else "no version 2"
    advice = "not used yet: memory and processes are limited by the kernel's resource limits"
    return Finding("cgroup", bool(controllers), seen, advice, needed=False)


def _program(name: str) -> Finding:
    path = shutil.which(name)
    advice = f"put {Path(sys.executable).parent} on PATH, or pip install {name}"
    return Finding(name, path is not None, path or "not on PATH", advice)


def _cuda() -> Finding:
    if find_spec("torch") is None:
        return Finding("cuda", False, "torch is not installed", "pip install torch")
    import torch  # noqa: PLC0415  # seconds to import

    if torch.cuda.is_available():
        return Finding("cuda", True, torch.cuda.get_device_name(0), needed=False)
    advice = "not needed: the CPU does; with an NVIDIA card, install its driver and torch for CUDA"
    return Finding("cuda", False, f"torch {torch.__version__}, no device", advice, needed=False)


def _disk(folder: Path) -> Finding:
    free_gib = shutil.disk_usage(folder).free / 2**30
    seen = f"{free_gib:.1f} GiB free in {folder}"
    return Finding("disk", free_gib >= FREE_GIB, seen, f"make {FREE_GIB:g} GiB free")


def _version(program: str, option: str) -> tuple[int, ...] | None:
    done = _run([program, option])
    found = re.search(r"\d+(\.\d+)+", done.stdout) if done is not None else None
    return tuple(map(int, found[0].split("."))) if found else None


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _run(command: list[str]) -> subprocess.CompletedProcess[str] | None:
    """What a program said; None where it is not there or does not end."""
    try:
        return subprocess.run(  # noqa: S603  # fixed programs, no shell
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TRIAL_S,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C"},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return None
