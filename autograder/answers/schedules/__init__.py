"""Schedules of a small GPU kernel: a deterministic simulator, and answers judged by it."""

from autograder.answers.schedules.judging import require_barriers, require_failing_schedule
from autograder.answers.schedules.machine import AtomicAdd, Launch, Load, Store, Sync, Thread, run
from autograder.answers.schedules.search import fewest_barriers, find_failing_schedule, finish

__all__ = [
    "AtomicAdd",
    "Launch",
    "Load",
    "Store",
    "Sync",
    "Thread",
    "fewest_barriers",
    "find_failing_schedule",
    "finish",
    "require_barriers",
    "require_failing_schedule",
    "run",
]
