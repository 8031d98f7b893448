"""The bubblewrap command that the fork server runs in: no network, nothing to read but the Python
installation, nothing to write."""

from __future__ import annotations

import shutil
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import autograder
import course_lib
from autograder.errors import SandboxError

SANDBOX = Path(__file__).parent / "sandbox"
SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin")
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime")
# What student code must never read, wherever it is installed.
TRUSTED = (Path(autograder.__file__).parent, Path(course_lib.__file__).parent)


def jail_command() -> list[str]:
    """The bubblewrap command line, without the program to run.

    The program is root inside, and may there mount and map its own user into the namespaces that it
    makes for each submission; outside it has the rights of whoever grades, and sees nothing.

    Raises: SandboxError where bubblewrap is not installed.
    """
    bubblewrap = shutil.which("bwrap")
    if bubblewrap is None:
        raise SandboxError("bubblewrap is not installed; run `autograder doctor` for how to get it")
    command = [
        bubblewrap, "--unshare-all", "--unshare-user", "--die-with-parent",
        "--uid", "0", "--gid", "0", "--hostname", "sandbox", "--new-session",
        "--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN", "--cap-add", "CAP_SETFCAP", "--clearenv",
        "--perms", "0755", "--size", str(2**20), "--tmpfs", "/tmp",  # noqa: S108  # the sandbox's own
        "--proc", "/proc", "--dev", "/dev",
        "--size", str(2**20), "--tmpfs", "/dev/shm",  # noqa: S108  # the same
        "--remount-ro", "/dev",
    ]  # fmt: skip
    for folder in SYSTEM:
        command += _system_folder(Path(folder))
    for file in SYSTEM_FILES:
        command += ["--ro-bind-try", file, file]
    for folder in python_folders():
        command += ["--ro-bind", str(folder), str(folder)]
    for folder in TRUSTED:
        if any(folder.is_relative_to(bound) for bound in (*python_folders(), *map(Path, SYSTEM))):
            command += ["--perms", "0555", "--size", "4096", "--tmpfs", str(folder)]
    command += ["--ro-bind", str(SANDBOX), "/sandbox/worker_package"]
    return [*command, "--remount-ro", "/", "--chdir", "/"]


def _system_folder(folder: Path) -> list[str]:
    if folder.is_symlink():  # a merged /usr: /lib is a link to usr/lib
        return ["--symlink", str(folder.readlink()), str(folder)]
    return ["--ro-bind", str(folder), str(folder)] if folder.exists() else []


@cache
def python_folders() -> tuple[Path, ...]:
    """The folders of this Python installation that the sandbox may read, outermost only."""
    paths = sysconfig.get_paths()
    named = {sys.prefix, sys.base_prefix, sys.exec_prefix, paths["purelib"], paths["platlib"]}
    folders = sorted({Path(p) for p in named} | {Path(p).resolve() for p in named})
    system = [Path(p) for p in ("/usr", "/lib")]
    kept: list[Path] = []
    for folder in folders:
        if not any(folder.is_relative_to(other) for other in (*system, *kept)):
            kept.append(folder)
    return tuple(kept)


def folders_below(*places: str) -> list[str]:
    """The folders of this Python installation that lie in one of these places."""
    return [str(f) for f in python_folders() if any(f.is_relative_to(place) for place in places)]


def readable_paths() -> list[str]:
    """All that student code may read where paths, and no namespace, hold it back."""
    folders = [*map(Path, SYSTEM), *map(Path, SYSTEM_FILES), *python_folders()]
    kept = [str(path) for folder in folders for path in _without(folder, TRUSTED)]
    return [*kept, str(SANDBOX), "/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"]


def _without(folder: Path, hidden: Sequence[Path]) -> Iterable[Path]:
    """The folder, or what lies in it where something hidden lies there too."""
    inside = [path for path in hidden if path.is_relative_to(folder)]
    if not inside:
        yield folder
    elif folder not in inside:
        for path in sorted(folder.iterdir()):
            yield from _without(path, inside)


def environment(home: str = "/tmp") -> dict[str, str]:  # noqa: S108  # the sandbox's own tmpfs
    """The whole environment of student code: nothing of the grader's own."""
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": home,
        "TMPDIR": home,
        "LANG": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": f"{home}/matplotlib",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
    }
