"""Where the sandbox ends: processes, memory, and a host that has no sandbox."""

import os
import struct
import subprocess
import time
from pathlib import Path

import pytest

import autograder
from autograder.course.model import Limits
from autograder.errors import SandboxError
from autograder.grading.engine import grade
from autograder.grading.fork_server import close_server, has_sandbox
from autograder.grading.sandbox.confine import landlock_version
from autograder.grading.seccomp import build_filter, is_supported
from autograder.grading.session import Cell, Session
from autograder.grading.watch import children_of, descendants
from tests.grading import small

LIMITS = Limits(processes=16, memory_mib=400, submission_s=60)


def ran(source, limits=LIMITS):
    with Session(
        [Cell("a", source, 20.0), Cell("b", "print('still here')", 5.0)], limits
    ) as session:
        runs = session.run()
        assert session._sandbox is not None
        root = session._sandbox.root
        assert len(list(descendants(root))) <= limits.processes + 1
    assert not Path(f"/proc/{root}/task").exists() or not children_of(root)
    return runs


def was_stopped(run):
    """The watch ended it, or, where the grader is not root, the kernel refused to go on."""
    refused = run.raised is not None and run.raised.type == "BlockingIOError"
    is_ended = str(run.ended) == "the code ran more than 16 processes"
    return is_ended or (os.getuid() != 0 and refused)


@pytest.mark.jail
@pytest.mark.parametrize(
    "bomb",
    [
        "import os\nwhile True: os.fork()",
        "import os, time\nfor i in range(1000):\n    if os.fork() == 0: time.sleep(60)",
        "import subprocess\nwhile True: subprocess.Popen(['sleep', '60'], start_new_session=True)",
    ],
)
def test_a_fork_bomb_ends_its_sandbox_and_leaves_nothing(jail, bomb):
    runs = ran(bomb)
    assert was_stopped(runs["a"])
    if runs["a"].ended:  # else the bomb's processes stay, and crowd their own notebook alone
        assert runs["b"].outputs[0]["text"] == "still here\n"


@pytest.mark.jail
def test_memory_counts_over_all_processes_together(jail):
    many = (
        "import os, time\n"
        "for i in range(8):\n"
        "    if os.fork() == 0:\n"
        "        hold = bytearray(80 * 2**20)\n"
        "        time.sleep(60)\n"
        "time.sleep(60)"
    )
    assert str(ran(many)["a"].ended) == "the code used more than 400 MiB of memory"


@pytest.mark.jail
def test_what_outlives_its_cell_ends_with_the_sandbox(jail):
    daemon = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0: time.sleep(100)\n"
        "    os._exit(0)"
    )
    with Session([Cell("a", daemon, 5.0)], LIMITS) as session:
        session.run()
        assert session._sandbox is not None
        family = list(descendants(session._sandbox.root))
    alive = "unknown"
    for _ in range(200):
        alive = subprocess.run(["ps", "-o", "pid=", "-p", ",".join(map(str, family))],
                               capture_output=True, text=True, check=False).stdout  # fmt: skip
        if not alive.strip():
            return
        time.sleep(0.05)
    pytest.fail(f"processes live on: {alive}")


REFUSED = """
import ctypes, ctypes.util, os
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *arguments):
    ctypes.set_errno(0)
    return getattr(libc, name)(*arguments), ctypes.get_errno()
new_user_namespace = 0x10000000
answers = {
    "unshare": call("unshare", new_user_namespace),
    "mount": call("mount", b"none", b"/tmp", b"tmpfs", 0, None),
    "ptrace": call("ptrace", 16, 1, 0, 0),
    "chroot": call("chroot", b"/tmp"),
    "personality": call("personality", 0),
}
status = open("/proc/self/status").read()
print(answers)
print([line for line in status.splitlines() if line.startswith(("Seccomp:", "NoNewPrivs"))])
"""


@pytest.mark.jail
@pytest.mark.skipif(not is_supported(), reason="no filter of system calls for this machine")
def test_calls_that_no_notebook_needs_are_refused(jail):
    said = ran(REFUSED)["a"].outputs[0]["text"]
    for name in ("unshare", "mount", "ptrace", "chroot", "personality"):
        assert f"'{name}': (-1, 1)" in said  # 1 is EPERM
    assert "Seccomp:\\t2" in said
    assert "NoNewPrivs:\\t1" in said


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_a_filter_is_a_program_whose_jumps_stay_inside(machine):
    program = build_filter(machine)
    assert program is not None
    steps = [struct.unpack_from("=HBBI", program, at) for at in range(0, len(program), 8)]
    for at, (_, if_true, if_false, _) in enumerate(steps):
        assert at + 1 + max(if_true, if_false) < len(steps) or at >= len(steps) - 2
    assert build_filter("pdp11") is None


@pytest.fixture
def no_server():
    """The next sandbox starts a server, and the one after the test too."""
    close_server()
    yield
    close_server()


def test_without_bubblewrap_nothing_is_run(no_server, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    tests = small.write_hidden_tests(tmp_path / "hidden_tests")
    with pytest.raises(SandboxError, match="bubblewrap is not installed; run `autograder doctor`"):
        grade(small.text(small.notebook(small.NORM)), small.notebook(), tests)
    assert not has_sandbox()


def test_a_host_that_forbids_namespaces_is_an_error_and_not_a_score(
    no_server, monkeypatch, tmp_path
):
    refusing = tmp_path / "bwrap"
    refusing.write_text(
        "#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n"
    )
    refusing.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with Session([Cell("a", "1", 5.0)], LIMITS) as session, pytest.raises(
        SandboxError, match=r"\(bwrap: .* Permission denied\); `autograder doctor` says"
    ):  # fmt: skip
        session.run()


LESSER = Limits(isolation="landlock", processes=16, submission_s=60)
BEYOND = """
import os, socket
def attempt(name, act):
    try:
        act()
    except (OSError, ValueError):
        return
    print("could", name)
attempt("read a file", lambda: open("/etc/passwd").read())
attempt("see processes", lambda: os.listdir("/proc"))
attempt("read an environment", lambda: open(f"/proc/{os.getppid()}/environ").read())
attempt("read memory", lambda: open(f"/proc/{os.getppid()}/mem", "rb"))
attempt("read the course", lambda: os.listdir(COURSE))
attempt("read hidden tests", lambda: os.listdir(COURSE + "/hidden_tests"))
attempt("write", lambda: open("/tmp/found", "w"))
attempt("signal the grader", lambda: os.kill(GRADER, 0))
attempt("reach a network", lambda: socket.socket())
attempt("reach a server of this machine", lambda: socket.socket(socket.AF_UNIX))
open("own.txt", "w").write("but its own folder")
print(open("own.txt").read())
"""


@pytest.mark.jail
@pytest.mark.skipif(not landlock_version(), reason="this kernel has no Landlock")
class TestWithoutNamespaces:
    """The lesser isolation, which a course has to ask for by name."""

    def test_paths_signals_and_sockets_are_out_of_reach(self):
        course = str(Path(autograder.__file__).parent)
        probe = f"COURSE, GRADER = {course!r}, {os.getpid()}\n{BEYOND}"
        runs = ran(probe, LESSER)
        assert runs["a"].raised is None
        assert runs["a"].outputs[0]["text"] == "but its own folder\n"

    def test_a_fork_bomb_ends_and_leaves_nothing(self):
        runs = ran("import os\nwhile True: os.fork()", LESSER)
        assert was_stopped(runs["a"])

    def test_a_report_says_it(self, tmp_path):
        tests = small.write_hidden_tests(tmp_path / "hidden_tests")
        report = grade(small.text(small.notebook(small.NORM)), small.notebook(), tests, LESSER)
        assert report.isolation[0].startswith("NO NAMESPACES")
        assert report.score > 0

    def test_nothing_of_it_stays_on_disk(self):
        with Session([Cell("a", "open('left', 'w').write('x')", 5.0)], LESSER) as session:
            session.run()
            sandbox = session._sandbox
            assert sandbox is not None
            assert sandbox.folder is not None
            assert (Path(sandbox.folder) / "work" / "left").exists()
        assert not Path(sandbox.folder).exists()
