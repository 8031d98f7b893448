"""A filter of system calls, as a second line: what no notebook needs is refused with EPERM.

Each submission's process installs it just before student code runs. It is a program of classic BPF,
as the kernel's `seccomp_filter` documentation describes; a refused call fails as it would without
the right to make it, so that a library which only tries one goes on.
"""

from __future__ import annotations

import errno
import platform
import struct
from pathlib import Path

from autograder.course.model import Isolation

LOAD_WORD = 0x20  # BPF_LD | BPF_W | BPF_ABS: the 32-bit word at an offset of seccomp_data
JUMP_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
JUMP_ANY_BIT = 0x45  # BPF_JMP | BPF_JSET | BPF_K
JUMP_AT_LEAST = 0x35  # BPF_JMP | BPF_JGE | BPF_K
RETURN = 0x06  # BPF_RET | BPF_K
NUMBER_AT, ARCHITECTURE_AT, FIRST_ARGUMENT_AT = 0, 4, 16  # offsets in seccomp_data
ALLOW = 0x7FFF0000
REFUSE = 0x00050000 | errno.EPERM
UNKNOWN = 0x00050000 | errno.ENOSYS  # as an older kernel answers: the library has another way
PRETEND = 0x00050000  # succeeds without doing anything
KILL = 0x80000000
X32_BIT = 0x40000000  # the same machine's other numbering of calls
NAMESPACE_FLAGS = 0x7E020000  # every CLONE_NEW...

# Each architecture's AUDIT_ARCH and, by call, its number: tracing and reading other processes,
# mounts and namespaces, keys, kernel modules and programs, the clock, files by handle, and memory
# that no limit counts.
ARCHITECTURES: dict[str, tuple[int, dict[str, int]]] = {
    "x86_64": (0xC000003E, {
        "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312,
        "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "unshare": 272,
        "setns": 308, "keyctl": 250, "add_key": 248, "request_key": 249, "bpf": 321,
        "perf_event_open": 298, "userfaultfd": 323, "init_module": 175, "finit_module": 313,
        "delete_module": 176, "kexec_load": 246, "kexec_file_load": 320, "open_by_handle_at": 304,
        "name_to_handle_at": 303, "acct": 163, "swapon": 167, "swapoff": 168, "reboot": 169,
        "settimeofday": 164, "clock_settime": 227, "adjtimex": 159, "clock_adjtime": 305,
        "sethostname": 170, "setdomainname": 171, "iopl": 172, "ioperm": 173, "quotactl": 179,
        "syslog": 103, "personality": 135, "fanotify_init": 300,
        "memfd_create": 319, "shmget": 29, "msgget": 68,
    }),
    "aarch64": (0xC00000B7, {
        "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272,
        "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51, "unshare": 97, "setns": 268,
        "keyctl": 219, "add_key": 217, "request_key": 218, "bpf": 280, "perf_event_open": 241,
        "userfaultfd": 282, "init_module": 105, "finit_module": 273, "delete_module": 106,
        "kexec_load": 104, "kexec_file_load": 294, "open_by_handle_at": 265,
        "name_to_handle_at": 264, "acct": 89, "swapon": 224, "swapoff": 225, "reboot": 142,
        "settimeofday": 170, "clock_settime": 112, "adjtimex": 171, "clock_adjtime": 266,
        "sethostname": 161, "setdomainname": 162, "quotactl": 60, "syslog": 116,
        "personality": 92, "fanotify_init": 262,
        "memfd_create": 279, "shmget": 194, "msgget": 186,
    }),
}  # fmt: skip
# rights and owners of files: no notebook needs them, but many a library sets them; and where the
# grader is root the host's device nodes are its own
PRETENDED = {
    "x86_64": (90, 91, 268, 452, 92, 93, 94, 260),
    "aarch64": (52, 53, 452, 54, 55),
}
# Where no namespace stands between a submission and this machine's other processes: signals,
# priorities and limits of others.
OF_OTHERS = {
    "x86_64": (62, 200, 234, 129, 297, 424, 141, 142, 144, 203, 251, 302),
    "aarch64": (129, 130, 131, 138, 240, 424, 140, 118, 119, 122, 30, 261),
}
CLONE = {"x86_64": 56, "aarch64": 220}
CLONE3 = 435
SOCKET = {"x86_64": 41, "aarch64": 198}
FAMILIES = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6: others reach past the network namespace
# the newer calls have the same number on every architecture
EVERYWHERE = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428,
    "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433,
    "pidfd_getfd": 438, "mount_setattr": 442, "memfd_secret": 447,
}  # fmt: skip


def build_filter(machine: str, isolation: Isolation = "namespaces") -> bytes | None:
    """The filter for a machine, as `platform.machine` names it; None for one that is not known."""
    if machine not in ARCHITECTURES:
        return None
    audit, refused = ARCHITECTURES[machine]
    numbers = {*refused.values(), *EVERYWHERE.values()}
    families = FAMILIES
    if isolation == "landlock":
        numbers |= set(OF_OTHERS[machine])
        families = ()  # the network, and every server on this machine that has a name
    calls = [
        *((number, "refuse") for number in sorted(numbers)),
        *((number, "pretend") for number in PRETENDED[machine]),
        (CLONE3, "unknown"),
        (CLONE[machine], "clone"),
        (SOCKET[machine], "socket"),
    ]
    ends = {
        "allow": [_step(RETURN, ALLOW)],
        "refuse": [_step(RETURN, REFUSE)],
        "pretend": [_step(RETURN, PRETEND)],
        "unknown": [_step(RETURN, UNKNOWN)],
        "clone": [
            _step(LOAD_WORD, FIRST_ARGUMENT_AT),
            _step(JUMP_ANY_BIT, NAMESPACE_FLAGS, if_true=1),
            _step(RETURN, ALLOW),
            _step(RETURN, REFUSE),
        ],
        "socket": [
            _step(LOAD_WORD, FIRST_ARGUMENT_AT),
            *(
                _step(JUMP_EQUAL, family, if_true=len(families) - place)
                for place, family in enumerate(families)
            ),
            _step(RETURN, REFUSE),
            _step(RETURN, ALLOW),
        ],
    }
    starts, place = {}, len(calls)
    for name, steps in ends.items():
        starts[name], place = place, place + len(steps)
    program = [
        _step(LOAD_WORD, ARCHITECTURE_AT),
        _step(JUMP_EQUAL, audit, if_true=1),
        _step(RETURN, KILL),
        _step(LOAD_WORD, NUMBER_AT),
        _step(JUMP_AT_LEAST, X32_BIT, if_true=starts["refuse"]),
    ]
    for at, (number, end) in enumerate(calls, start=1):
        program.append(_step(JUMP_EQUAL, number, if_true=starts[end] - at))
    return b"".join([*program, *(step for steps in ends.values() for step in steps)])


def is_supported() -> bool:
    """Whether there is a filter for this machine, and its kernel takes one."""
    has_seccomp = "\nSeccomp:" in Path("/proc/self/status").read_text(encoding="ascii")
    return has_seccomp and platform.machine() in ARCHITECTURES


def _step(code: int, value: int, if_true: int = 0) -> bytes:
    """One instruction; a jump goes `if_true` instructions further, or on to the next."""
    return struct.pack("=HBBI", code, if_true, 0, value)
