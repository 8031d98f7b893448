"""The kernel's protections around a submission, taken by its own process before student code runs.

The fork server makes each submission a process in namespaces of its own (user, PID, mount, IPC,
network, UTS). That process gives itself a private tmpfs and a `/proc` of its own, and lays down
every right for good: capabilities, new privileges, paths that it may write (Landlock), system calls
(seccomp) and resource limits. Each of these is documented in the kernel's manual pages: clone(2),
user_namespaces(7), capabilities(7), landlock(7), seccomp(2), setrlimit(2).
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import signal
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

CLONE = {"x86_64": 56, "aarch64": 220}
# CLONE_NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
NAMESPACES = 0x00020000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC = 32, 4096, 16384
MNT_DETACH = 2
NO_PROGRAMS = MS_NOSUID | MS_NODEV | MS_NOEXEC
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 36, 38, 47
SECCOMP_MODE_FILTER, PR_CAP_AMBIENT_CLEAR_ALL, CAPABILITIES_V3 = 2, 4, 0x20080522

LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
MAKE_DEVICES = 64 | 2048  # character and block devices
# what each version of Landlock added to the rights over files
FILE_RIGHTS = ((1, (1 << 13) - 1), (2, 1 << 13), (3, 1 << 14), (5, 1 << 15))
TCP_RIGHTS = 3  # bind and connect, since version 4
SCOPES = 3  # abstract Unix sockets and signals, since version 6
OF_FILES = 1 | 2 | 4 | 1 << 14 | 1 << 15  # the rights that a rule for a file, no folder, may hold

_libc = ctypes.CDLL(None, use_errno=True)


def fork_into_namespaces() -> int:
    """Like os.fork, but the child is the first process of namespaces of its own.

    Raises: OSError where the kernel does not allow it.
    """
    number = CLONE.get(platform.machine())
    if number is None:
        raise OSError(errno.ENOSYS, f"clone on {platform.machine()}")
    call = ctypes.PyDLL(None, use_errno=True).syscall  # keeps the interpreter's lock, as fork does
    ctypes.pythonapi.PyOS_BeforeFork()
    pid = call(number, NAMESPACES | signal.SIGCHLD, None, None, None, None)
    if pid == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
        return 0
    reason = ctypes.get_errno()
    ctypes.pythonapi.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(reason, os.strerror(reason))
    return pid


def uncover_proc() -> None:
    """Takes away what bubblewrap laid over parts of `/proc`.

    The kernel lets a new user namespace mount a `/proc` of its own only where nothing of the one
    that it knows is covered.

    Raises: OSError where this process may not.
    """
    mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    covers = [line.split()[1] for line in mounts if line.split()[1].startswith("/proc/")]
    for cover in reversed(covers):
        _check(_libc.umount2(cover.encode(), MNT_DETACH), f"umount of {cover}")


def take_namespaces(user: int, group: int, disk_bytes: int, kept: Sequence[str]) -> None:
    """Makes the new namespaces this process's own: its user, its `/proc`, its temporary folders.

    `disk_bytes` is the room in `/tmp`, and again in `/dev/shm`; `kept` are folders below them that
    stay to be seen, where Python itself is installed there.

    Raises: OSError where the kernel does not allow a part of it.
    """
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{user} 0 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{group} 0 1", encoding="ascii")
    Path("/proc/sys/user/max_user_namespaces").write_text("0", encoding="ascii")
    opened = [(path, os.open(path, os.O_PATH | os.O_CLOEXEC)) for path in kept]
    for folder in ("/tmp", "/dev/shm"):  # noqa: S108  # the sandbox's own
        _mount("tmpfs", folder, MS_NOSUID | MS_NODEV, f"size={disk_bytes},mode=0755")
    for path, descriptor in opened:
        Path(path).mkdir(parents=True)
        _bind(f"/proc/self/fd/{descriptor}", path)
        os.close(descriptor)
    _mount("proc", "/proc", NO_PROGRAMS, "subset=pid")  # nothing of the machine itself
    _mount("", "/proc", MS_REMOUNT | MS_BIND | MS_RDONLY | NO_PROGRAMS)


def drop_rights() -> None:
    """Lays down every capability, and the way to any: none can come back."""
    for capability in range(64):
        if _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break  # the kernel knows no more of them
    _libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    header = struct.pack("=Ii", CAPABILITIES_V3, 0)
    _check(_libc.capset(header, bytes(24)), "capset")
    _check(_libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")


def hide_memory() -> None:
    """Keeps processes of the same user from reading this one."""
    _check(_libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), "dumpable")


def end_with_parent() -> None:
    """Has the kernel end this process when its parent ends."""
    _check(_libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "pdeathsig")


def adopt_orphans() -> None:
    """Makes this process the parent of all its descendants whose own parent ends."""
    _check(_libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "subreaper")


def landlock_version() -> int:
    """The version of Landlock that this kernel has; 0 for none."""
    return max(_libc.syscall(LANDLOCK_CREATE, None, 0, 1), 0)


def restrict_paths(read: Sequence[str], write: Sequence[str]) -> bool:
    """Lets this process read and run what lies in `read`, and write in `write` too; no TCP.

    Returns whether the kernel has Landlock; where it has not, nothing is done.

    Raises: OSError where the kernel has it and refuses.
    """
    version = landlock_version()
    if version == 0:
        return False
    rights = sum(bits for since, bits in FILE_RIGHTS if version >= since)
    tcp = TCP_RIGHTS if version >= 4 else 0
    scopes = SCOPES if version >= 6 else 0
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    attributes = struct.pack("=QQQ", rights, tcp, scopes)[:size]
    rules = _check(_libc.syscall(LANDLOCK_CREATE, attributes, size, 0), "landlock")
    try:
        for path in read:
            _allow(rules, path, EXECUTE | READ_FILE | READ_DIR)
        for path in write:
            _allow(rules, path, rights & ~MAKE_DEVICES)
        _check(_libc.syscall(LANDLOCK_RESTRICT, rules, 0), "landlock")
    finally:
        os.close(rules)
    return True


def filter_calls(program: bytes) -> None:
    """Installs a filter of system calls, a program of classic BPF. Raises: OSError."""
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    _check(_libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, header, 0, 0), "seccomp")


def limit_resources(limits: Mapping[str, int]) -> None:
    """Sets hard limits that the process cannot raise again.

    Keys: `cpu_s` (seconds of CPU), `memory_bytes` (private writable memory beyond what the process
    holds now), `file_bytes` (the largest file), `processes` (threads count as processes).
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    held = int(status.partition("VmData:")[2].split()[0]) * 1024
    for kind, value in (
        (resource.RLIMIT_CPU, limits["cpu_s"]),
        (resource.RLIMIT_DATA, held + limits["memory_bytes"]),
        (resource.RLIMIT_FSIZE, limits["file_bytes"]),
        (resource.RLIMIT_NPROC, limits["processes"]),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]  # whoever started the grader may have set a lower one
        kept = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (kept, kept))


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        kept = rights if Path(path).is_dir() else rights & OF_FILES
        rule = struct.pack("=Qi", kept, descriptor)
        _check(_libc.syscall(LANDLOCK_ADD, rules, 1, rule, 0), f"landlock for {path}")
    finally:
        os.close(descriptor)


def _mount(kind: str, target: str, flags: int, options: str = "") -> None:
    done = _libc.mount(kind.encode(), target.encode(), kind.encode(), flags, options.encode())
    _check(done, f"mount of {kind or 'nothing new'} on {target}")


def _bind(source: str, target: str) -> None:
    done = _libc.mount(source.encode(), target.encode(), None, MS_BIND | MS_REC, None)
    _check(done, f"bind of {target}")


def _check(result: int, what: str) -> int:
    if result < 0:
        reason = ctypes.get_errno()
        raise OSError(reason, f"{what}: {os.strerror(reason)}")
    return result
