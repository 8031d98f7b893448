"""What processes hold together: shared memory counts once, and what forks rewrite counts."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course.model import Limits
from autograder.errors import StudentCrashError
from autograder.grading.session import Cell, Session
from autograder.grading.watch import check_usage

LIMITS = Limits(processes=32, memory_mib=500, submission_s=60)

# A collection of what the server had frozen writes into the head of every object: the pages that
# the fork shared until then become its own, and it holds not one page more than before.
REWRITE = """
import gc, os, time
for _ in range(20):
    if os.fork() == 0:
        gc.unfreeze()
        gc.collect()
        time.sleep(60)
time.sleep(60)
"""
SHARE = """
import os, time
shared = b"x" * (150 * 2**20)
for _ in range(20):
    if os.fork() == 0:
        time.sleep(60)
time.sleep(3)
print("still here")
"""


def ran(source, limits=LIMITS):
    with Session([Cell("a", source, 20.0)], limits) as session:
        return session.run()["a"]


@pytest.mark.jail
def test_what_forks_rewrite_of_the_server_counts(jail):
    assert str(ran(REWRITE).ended) == "the code used more than 500 MiB of memory"


@pytest.mark.jail
def test_what_forks_share_with_their_parent_counts_once(jail):
    run = ran(SHARE)
    assert run.ended is None
    assert run.outputs[0]["text"] == "still here\n"


GROWING = """
import mmap, os, sys, time
held = mmap.mmap(-1, 400 * 2**20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
for at in range(0, len(held), 4096):
    held[at] = 1
def start(count):
    for _ in range(count):
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
start(18)
print("ready", flush=True)
sys.stdin.readline()
time.sleep(0.02)
start(10)
time.sleep(60)
"""


def test_a_family_that_grows_while_it_is_weighed_is_counted_again():
    limits = Limits(processes=20, memory_mib=1000)
    root = subprocess.Popen(
        [sys.executable, "-c", GROWING],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert root.stdin is not None
    assert root.stdout is not None
    try:
        assert root.stdout.readline() == "ready\n"
        check_usage(root.pid, limits)  # they share their 400 MiB
        root.stdin.write("go on\n")
        root.stdin.flush()
        with pytest.raises(StudentCrashError, match="more than 20 processes"):
            check_usage(root.pid, limits)
    finally:
        os.killpg(root.pid, signal.SIGKILL)
        root.communicate()


HIDDEN = """
import os, sys
from autograder.grading.sandbox import confine
from autograder.grading.watch import held_bytes, own_bytes
confine.drop_rights()  # root without them may look into no process that hides
confine.hide_memory()
if os.fork() == 0:
    process = os.getppid()
    try:
        open(f"/proc/{process}/smaps_rollup")
    except PermissionError:
        print(own_bytes(process) == held_bytes(process) > 0, flush=True)
    os._exit(0)
os.wait()
"""


def test_memory_that_cannot_be_looked_into_counts_in_full():
    folder = Path(__file__).parents[2]
    looked = subprocess.run(
        [sys.executable, "-c", HIDDEN], cwd=folder, capture_output=True, text=True, check=True
    )
    assert looked.stdout == "True\n"
