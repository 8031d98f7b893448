"""A small GPU: threads in blocks, registers, shared and global memory, barriers; step by step.

A kernel is a generator function. What it yields is one step of a thread, and happens whole:

    def kernel(t):
        value = yield Load("x", t.number)
        yield Store("s", t.index, value)
        yield Sync()

The names of a kernel's own variables are the thread's registers. Between two steps of a thread any
other thread may take one: a schedule says which, and with the same schedule everything is the same.
Memory is sequentially consistent; a GPU promises less, so that what fails here fails there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Literal

Number = Any  # a memory cell holds any number


@dataclass(frozen=True, slots=True)
class Load:
    """The value of `array[index]` into a register."""

    array: str
    index: int


@dataclass(frozen=True, slots=True)
class Store:
    """`array[index] = value`."""

    array: str
    index: int
    value: Number


@dataclass(frozen=True, slots=True)
class AtomicAdd:
    """`array[index] += value` in one step; the register gets the value before."""

    array: str
    index: int
    value: Number


@dataclass(frozen=True, slots=True)
class Sync:
    """The barrier: goes on when every thread of the block has come to one."""


@dataclass(frozen=True, slots=True)
class Thread:
    """Who a thread is: `index` in its block, `block`, and how many there are of both."""

    index: int
    block: int
    threads: int
    blocks: int

    @property
    def number(self) -> int:
        """The number over all blocks: block * threads + index."""
        return self.block * self.threads + self.index


Step = Load | Store | AtomicAdd | Sync
Kernel = Callable[[Thread], Generator[Step, Number, None]]


@dataclass(frozen=True, slots=True)
class Launch:
    """A kernel, how many threads and blocks run it, and what memory holds before.

    `memory` is seen by all; of `shared` each block has a copy of its own.
    """

    kernel: Kernel
    threads: int
    memory: Mapping[str, Sequence[Number]]
    shared: Mapping[str, Sequence[Number]] = field(default_factory=dict)
    blocks: int = 1

    @property
    def size(self) -> int:
        return self.threads * self.blocks


@dataclass(frozen=True, slots=True)
class Race:
    """Two accesses of one cell by two threads with no barrier between, one of them a write."""

    array: str
    index: int
    threads: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a schedule came to: how it ended, memory afterwards, races, and every step in words."""

    ended: Literal["finished", "diverged", "out of bounds", "unfinished"]
    memory: Mapping[str, tuple[Number, ...]]
    races: tuple[Race, ...]
    steps: tuple[str, ...]


class UnlawfulStepError(ValueError):
    """No GPU could take this step: the thread is unknown, waits at a barrier, or has ended."""

    def __init__(self, note: str, step: int, thread: object) -> None:
        super().__init__(f"step {step} of thread {thread!r}: {note}")
        self.note = note
        self.step = step
        self.thread = thread


def run(launch: Launch, schedule: Iterable[int]) -> Outcome:
    """What happens where the threads take their steps in this order.

    A schedule may stop early: then it is unfinished. It is read no further where the kernel can
    not go on: where a thread reaches outside an array, or threads wait at a barrier that another
    thread of their block never comes to.

    Raises: UnlawfulStepError.
    """
    machine = Machine(launch)
    for thread in schedule:
        machine.step(thread)
        if machine.ended is not None:
            break
    return machine.outcome()


@dataclass(slots=True)
class _State:
    """One thread while it runs: what it does next, and how many barriers it has passed."""

    who: Thread
    steps: Generator[Step, Number, None]
    next: Step | None = None
    waits: bool = False
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class _Access:
    thread: int
    block: int
    epoch: int
    kind: Literal["read", "write", "atomic"]


class Machine:
    """A launch while it runs: step by step, as a schedule says."""

    def __init__(self, launch: Launch) -> None:
        self.launch = launch
        self.memory = {name: list(cells) for name, cells in launch.memory.items()}
        self.shared = [
            {name: list(cells) for name, cells in launch.shared.items()}
            for _ in range(launch.blocks)
        ]
        self.ended: Literal["diverged", "out of bounds"] | None = None
        self.words: list[str] = []
        self._accesses: dict[tuple[str, int, int | None], list[_Access]] = defaultdict(list)
        self._states = [self._begin(number) for number in range(launch.size)]

    def ready(self) -> list[int]:
        """The threads that can take a step now."""
        if self.ended is not None:
            return []
        return [n for n, s in enumerate(self._states) if s.next is not None and not s.waits]

    def step(self, thread: int) -> None:
        """One step of one thread. Raises: UnlawfulStepError."""
        number = len(self.words) + 1
        if isinstance(thread, bool) or not 0 <= thread < len(self._states):
            raise UnlawfulStepError("unknown thread", number, thread)
        state = self._states[thread]
        if state.next is None:
            raise UnlawfulStepError("the thread has ended", number, thread)
        if state.waits:
            raise UnlawfulStepError("the thread waits at a barrier", number, thread)
        try:
            value = self._do(thread, state)
        except IndexError:
            self.ended = "out of bounds"
            return
        self._advance(state, value)
        self._open_barriers(state.who.block)

    def outcome(self) -> Outcome:
        is_over = all(state.next is None for state in self._states)
        memory = {name: tuple(cells) for name, cells in self.memory.items()}
        ended = self.ended or ("finished" if is_over else "unfinished")
        return Outcome(ended, memory, tuple(self._races()), tuple(self.words))

    def _begin(self, number: int) -> _State:
        threads = self.launch.threads
        who = Thread(number % threads, number // threads, threads, self.launch.blocks)
        state = _State(who, self.launch.kernel(who))
        self._advance(state, None)
        return state

    def _advance(self, state: _State, value: Number) -> None:
        """To the thread's next step; its registers change on the way."""
        if state.waits:
            return
        try:
            state.next = state.steps.send(value)
        except StopIteration:
            state.next = None

    def _do(self, thread: int, state: _State) -> Number:
        match state.next:
            case Sync():
                state.waits = True
                self.words.append(f"thread {thread} comes to the barrier")
                return None
            case Load(array, index):
                value = self._cells(state, array, index)[index]
                self._note(state, array, index, "read")
                self.words.append(f"thread {thread} reads {array}[{index}], which is {value}")
                return value
            case Store(array, index, value):
                self._cells(state, array, index)[index] = value
                self._note(state, array, index, "write")
                self.words.append(f"thread {thread} writes {array}[{index}] = {value}")
                return None
            case AtomicAdd(array, index, value):
                cells = self._cells(state, array, index)
                before, cells[index] = cells[index], cells[index] + value
                self._note(state, array, index, "atomic")
                self.words.append(f"thread {thread} adds {value} to {array}[{index}]")
                return before
        raise TypeError(f"a kernel yielded {state.next!r}; give a Load, Store, AtomicAdd or Sync")

    def _cells(self, state: _State, array: str, index: int) -> list[Number]:
        own = self.shared[state.who.block]
        cells = own[array] if array in own else self.memory[array]
        if not 0 <= index < len(cells):
            who = state.who.number
            self.words.append(f"thread {who} reaches for {array}[{index}], which is not there")
            raise IndexError(index)
        return cells

    def _note(
        self, state: _State, array: str, index: int, kind: Literal["read", "write", "atomic"]
    ) -> None:
        who = state.who
        block = who.block if array in self.launch.shared else None
        access = _Access(who.number, who.block, state.epoch, kind)
        if access not in self._accesses[array, index, block]:
            self._accesses[array, index, block].append(access)

    def _open_barriers(self, block: int) -> None:
        threads = self.launch.threads
        states = self._states[block * threads : (block + 1) * threads]
        if not any(state.waits for state in states):
            return
        if any(state.next is None for state in states):
            self.ended = "diverged"
        elif all(state.waits for state in states):
            for state in states:
                state.waits = False
                state.epoch += 1
                self._advance(state, None)

    def _races(self) -> Iterator[Race]:
        for (array, index, _), accesses in self._accesses.items():
            pairs = {
                (min(a.thread, b.thread), max(a.thread, b.thread))
                for a, b in combinations(accesses, 2)
                if _collide(a, b)
            }
            yield from (Race(array, index, pair) for pair in sorted(pairs))


def _collide(a: _Access, b: _Access) -> bool:
    """Whether nothing orders two accesses of a cell, and one of them writes."""
    is_ordered = a.thread == b.thread or (a.block == b.block and a.epoch != b.epoch)
    kinds = {a.kind, b.kind}
    return not is_ordered and kinds not in ({"read"}, {"atomic"})
