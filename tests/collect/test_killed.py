"""A collection that is killed at any moment, and the next one, end as an undisturbed one does.

The variable AUTOGRADER_KILLS says how often it is killed; without it a few times, for the minute's
sake. A failure is shown again by the seed that stands in the test.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.collect.conftest import DUE, HW, notebook

KILLS = int(os.environ.get("AUTOGRADER_KILLS", "3"))
SEED = 6
CONFIG = f"""
c = get_config()
c.CourseDirectory.release_directory = "release"
c.Calendar.timezone = "America/Los_Angeles"
c.Calendar.due = {{"{HW}": "{DUE:%Y-%m-%d %H:%M}"}}
"""


def arrange(room):
    """Five students: on time, late, again after the days, forced over, and nothing at all."""
    students = {name: room.join(name) for name in ("ada", "ben", "cyd", "dan", "eve")}
    for name in ("ada", "cyd", "dan"):
        room.hand_in(students[name], name, **{"data.bin": os.urandom(200_000)})
    room.at(hours=20)
    room.hand_in(students["ben"], "late")
    room.push(students["dan"], students["dan"].commit({f"{HW}/{HW}.ipynb": notebook("forced")}))
    room.at(days=2, hours=3)
    room.hand_in(students["cyd"], "too late")
    rows = [f"{s.id},{s.name},{s.email},{s.repository}" for s in room.course.students]
    (room.folder / "roster.csv").write_text("\n".join(["id,name,email,repository", *rows, ""]))
    (room.folder / "nbgrader_config.py").write_text(CONFIG)


def test_a_killed_collection_is_gone_on_with(room):
    arrange(room)
    script = Path(__file__).with_name("killed_collector.py")
    words = [sys.executable, str(script), str(room.folder), HW, str(KILLS), str(SEED)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
    ends = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(ends) == KILLS + 1, done.stderr
    status, undisturbed, _ = ends[0]
    assert status == 0
    assert len(undisturbed["rows"]) == 4
    assert any(was_killed for _, _, was_killed in ends[1:])
    for number, (status, state, _) in enumerate(ends[1:], start=1):
        assert status == 0, f"after kill {number} somebody failed: {done.stderr}"
        assert state == undisturbed, f"kill {number} left another state"
