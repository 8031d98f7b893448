"""Hidden tests on disk: there while they are used, gone when nobody uses them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNPACK = """
import sys, time
from autograder.grading.unpacked import unpacked
folder = unpacked((("test_a.py", b"# hidden"),))
assert unpacked((("test_a.py", b"# hidden"),)) == folder
print(folder, flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def start(tmp_path):
    """Starts a process that unpacks hidden tests; gives it, and their folder."""
    running = []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-c", UNPACK],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
        )  # fmt: skip
        running.append(process)
        assert process.stdout is not None
        return process, Path(process.stdout.readline().strip())

    yield start
    for process in running:
        process.kill()
        process.communicate()


def test_the_files_are_there_for_their_owner_and_go_with_the_process(start):
    process, folder = start()
    assert (folder / "test_a.py").read_bytes() == b"# hidden"
    assert folder.stat().st_mode & 0o777 == 0o700
    process.communicate("end\n")
    assert not folder.exists()


def test_what_a_killed_process_left_goes_when_the_next_one_starts(start):
    killed, left = start()
    living, held = start()
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    assert left.exists()
    _, own = start()
    assert not left.exists()
    assert held.exists()
    assert own.exists()
    assert living.poll() is None


def test_what_is_no_folder_of_ours_stays(start, tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "autograder-tests-link").symlink_to(tmp_path / "kept")
    (tmp_path / "autograder-tests-file").write_text("text")
    start()
    assert (tmp_path / "kept").is_dir()
    assert (tmp_path / "autograder-tests-link").is_symlink()
    assert (tmp_path / "autograder-tests-file").read_text() == "text"
