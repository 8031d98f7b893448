"""Kernels for the tests of the simulator."""

from autograder.answers.schedules import AtomicAdd, Launch, Load, Store, Sync

X = (1, 10, 100, 1000)


def shared_sum(threads=2, barrier=True):
    """Each thread brings one number to shared memory; thread 0 adds them up."""

    def kernel(t):
        value = yield Load("x", t.number)
        yield Store("s", t.index, value)
        if barrier:
            yield Sync()
        if t.index == 0:
            total = 0
            for i in range(t.threads):
                total += yield Load("s", i)
            yield Store("out", t.block, total)

    return Launch(kernel, threads, {"x": X[:threads], "out": [0]}, {"s": [-1] * threads})


def is_sum(memory):
    return memory["out"] == (sum(memory["x"]),)


def counter(atomic=True, blocks=1):
    """Each thread adds 1 to a counter in global memory."""

    def kernel(t):
        if atomic:
            yield AtomicAdd("out", 0, 1)
        else:
            count = yield Load("out", 0)
            yield Store("out", 0, count + 1)

    return Launch(kernel, 2, {"out": [0]}, blocks=blocks)


def counts_all(launch):
    return lambda memory: memory["out"] == (launch.size,)


def tree_sum(chosen, threads=4):
    """The sum by halves. Slots: 0 before the loop, 1 in it, 2 after it, 3 in the `if`."""

    def kernel(t):
        value = yield Load("x", t.index)
        yield Store("s", t.index, value)
        if 0 in chosen:
            yield Sync()
        stride = t.threads // 2
        while stride:
            if t.index < stride:
                a = yield Load("s", t.index)
                b = yield Load("s", t.index + stride)
                yield Store("s", t.index, a + b)
                if 3 in chosen:
                    yield Sync()
            if 1 in chosen:
                yield Sync()
            stride //= 2
        if 2 in chosen:
            yield Sync()
        if t.index == 0:
            value = yield Load("s", 0)
            yield Store("out", 0, value)

    return Launch(kernel, threads, {"x": X[:threads], "out": [0]}, {"s": [-1] * threads})


def shift(guard=True):
    """y[i] = x[i + 1], with or without the guard at the end."""

    def kernel(t):
        if t.index + 1 < 3 or not guard:
            value = yield Load("x", t.index + 1)
            yield Store("y", t.index, value)

    return Launch(kernel, 3, {"x": [1, 2, 3], "y": [0, 0, 0]})
