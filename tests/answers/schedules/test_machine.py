"""The small GPU does what its model says, step by step."""

from typing import Any

import pytest

from autograder.answers.schedules import Launch, Load, Store, Sync, Thread, finish, run
from autograder.answers.schedules.machine import UnlawfulStepError
from tests.answers.schedules.kernels import counter, counts_all, is_sum, shared_sum, shift, tree_sum


def test_a_schedule_says_who_goes_next():
    outcome = run(shared_sum(), [1, 0, 0, 1, 1, 0, 0, 0, 0])
    assert outcome.ended == "finished"
    assert outcome.memory["out"] == (11,)
    assert outcome.steps == (
        "thread 1 reads x[1], which is 10",
        "thread 0 reads x[0], which is 1",
        "thread 0 writes s[0] = 1",
        "thread 1 writes s[1] = 10",
        "thread 1 comes to the barrier",
        "thread 0 comes to the barrier",
        "thread 0 reads s[0], which is 1",
        "thread 0 reads s[1], which is 10",
        "thread 0 writes out[0] = 11",
    )


def test_without_the_barrier_order_decides():
    launch = shared_sum(barrier=False)
    late, early = run(launch, [0, 0, 0, 0, 0, 1, 1]), run(launch, [1, 1, 0, 0, 0, 0, 0])
    assert (late.memory["out"], early.memory["out"]) == ((0,), (11,))  # -1 stood in s[1]


@pytest.mark.parametrize(
    ("schedule", "note", "step"),
    [
        ([2], "unknown thread", 1),
        ([0, -1], "unknown thread", 2),
        ([0, True], "unknown thread", 2),
        ([0, 0, 0, 0], "the thread waits at a barrier", 4),
        ([0, 0, 0, 1, 1, 1, 1], "the thread has ended", 7),
    ],
)
def test_what_no_gpu_could_do_is_refused(schedule, note, step):
    with pytest.raises(UnlawfulStepError, match=note) as caught:
        run(shared_sum(), schedule)
    assert (caught.value.note, caught.value.step) == (note, step)


def test_a_schedule_that_stops_early_is_unfinished():
    assert run(shared_sum(), [0, 1]).ended == "unfinished"


def test_blocks_have_shared_memory_and_barriers_of_their_own():
    def kernel(t):
        yield Store("s", t.index, 10 * t.block + t.index)
        yield Sync()
        value = yield Load("s", 1 - t.index)
        yield Store("out", t.number, value)

    launch = Launch(kernel, 2, {"out": [0] * 4}, {"s": [0, 0]}, blocks=2)
    outcome = run(launch, [0, 1, 0, 1, 0, 1, 0, 1, 2, 3, 2, 3, 2, 3, 2, 3])
    assert (outcome.memory["out"], outcome.races) == ((1, 0, 11, 10), ())


def test_a_thread_knows_who_it_is():
    assert Thread(index=1, block=2, threads=4, blocks=3).number == 9


def test_a_barrier_that_not_all_reach_is_a_divergence():
    for chosen in ({0, 1, 3}, {3}):
        launch = tree_sum(chosen)
        assert run(launch, finish(launch)).ended == "diverged"


def test_reaching_outside_an_array_ends_the_run():
    launch = shift(guard=False)
    outcome = run(launch, finish(launch))
    assert outcome.ended == "out of bounds"
    assert outcome.steps[-1] == "thread 2 reaches for x[3], which is not there"
    assert run(shift(), finish(shift())).memory["y"] == (2, 3, 0)


def test_atomic_additions_neither_race_nor_lose():
    whole, halves = counter(), counter(atomic=False)
    assert run(whole, [1, 0]).memory["out"] == (2,)
    assert run(whole, [1, 0]).races == ()
    outcome = run(halves, [0, 1, 0, 1])
    assert not counts_all(halves)(outcome.memory)
    assert [(race.array, race.index, race.threads) for race in outcome.races] == [
        ("out", 0, (0, 1))
    ]


def test_barriers_order_no_threads_of_other_blocks():
    def kernel(t):
        yield Sync()
        yield Store("out", 0, t.block)

    launch = Launch(kernel, 1, {"out": [0]}, blocks=2)
    assert [race.threads for race in run(launch, finish(launch)).races] == [(0, 1)]


def test_a_race_is_found_also_where_it_does_no_harm():
    outcome = run(shared_sum(barrier=False), [1, 1, 0, 0, 0, 0, 0])
    assert is_sum(outcome.memory)
    assert [race.array for race in outcome.races] == ["s"]


def test_a_kernel_that_yields_something_else_is_the_authors_mistake():
    def kernel(t) -> Any:
        yield "s"

    with pytest.raises(TypeError, match="a kernel yielded 's'; give a Load, Store"):
        run(Launch(kernel, 1, {}), [0])


def test_every_step_is_bounded():
    def kernel(t):
        while (yield Load("flag", 0)) == 0:
            pass

    with pytest.raises(ValueError, match="more than 2000 steps; make it end"):
        finish(Launch(kernel, 1, {"flag": [0]}))
