"""All schedules of a small launch, one that makes it fail, and the fewest barriers it needs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import combinations

from autograder.answers.schedules.machine import Launch, Machine, Number, Outcome, run

IsRight = Callable[[Mapping[str, tuple[Number, ...]]], bool]
"""Whether memory, by the names of its arrays, holds the right result."""

MAX_STEPS = 2000  # of one run: a kernel of an exercise takes a few dozen
MAX_SCHEDULES = 4000


def finish(launch: Launch, schedule: Sequence[int] = ()) -> tuple[int, ...]:
    """The schedule, carried on to the end by the threads in the order of their numbers.

    Raises: UnlawfulStepError; ValueError where the kernel does not end within MAX_STEPS.
    """
    machine = Machine(launch)
    whole = list(schedule)
    for thread in whole:
        machine.step(thread)
    while ready := machine.ready():
        if len(whole) >= MAX_STEPS:
            raise ValueError(f"the kernel takes more than {MAX_STEPS} steps; make it end")
        whole.append(ready[0])
        machine.step(ready[0])
    return tuple(whole)


def every_schedule(launch: Launch) -> Iterator[tuple[int, ...]]:
    """Every schedule that runs the kernel to its end.

    Raises: ValueError where there are more than MAX_SCHEDULES, or one is longer than MAX_STEPS.
    """
    stack: list[tuple[int, ...]] = [()]
    found = 0
    while stack:
        prefix = stack.pop()
        if len(prefix) > MAX_STEPS:
            raise ValueError(f"the kernel takes more than {MAX_STEPS} steps; make it end")
        machine = Machine(launch)
        for thread in prefix:
            machine.step(thread)
        ready = machine.ready()
        while len(ready) == 1 and len(prefix) <= MAX_STEPS:  # no choice: no need to start again
            prefix += (ready[0],)
            machine.step(ready[0])
            ready = machine.ready()
        if not ready:
            found += 1
            if found > MAX_SCHEDULES:
                raise ValueError(f"there are more than {MAX_SCHEDULES} schedules; take fewer steps")
            yield prefix
        stack.extend((*prefix, thread) for thread in reversed(ready))


def is_failure(outcome: Outcome, is_right: IsRight) -> bool:
    """Whether a run that cannot go on ended wrongly."""
    return outcome.ended != "finished" or not is_right(outcome.memory)


def find_failing_schedule(launch: Launch, is_right: IsRight) -> tuple[int, ...] | None:
    """A schedule after which memory is wrong; None where every schedule is right.

    Raises: ValueError where there are too many to try.
    """
    for schedule in every_schedule(launch):
        if is_failure(run(launch, schedule), is_right):
            return schedule
    return None


def is_safe(launch: Launch, is_right: IsRight) -> bool:
    """Whether a launch has no race and no divergence, and a right result.

    One run tells it for kernels whose steps do not depend on what races: without a race, every
    order gives the same.
    """
    outcome = run(launch, finish(launch))
    return not outcome.races and not is_failure(outcome, is_right)


def fewest_barriers(
    launch_with: Callable[[Collection[int]], Launch], slots: Sequence[int], is_right: IsRight
) -> tuple[frozenset[int], ...]:
    """The smallest sets of slots at which barriers make the kernel safe; none where no set does.

    `launch_with(chosen)` is the launch of the kernel with barriers at these slots and no others.
    """
    for count in range(len(slots) + 1):
        safe = [c for c in combinations(slots, count) if is_safe(launch_with(c), is_right)]
        if safe:
            return tuple(map(frozenset, safe))
    return ()
