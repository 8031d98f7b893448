"""The wire itself: forged handles and callbacks, frames of every wrong size, order and version."""

from dataclasses import replace

from tests.attacks.attack import LIMITS, Attack

SHORT = replace(LIMITS, submission_s=3)
# Finds the worker: `send` writes raw bytes to the grader, `frame` packs a message,
# `answer` has the worker reply to an operation with what the attack says.
WORKER = """
import gc, struct, msgpack
worker = next(o for o in gc.get_objects() if type(o).__name__ == 'Worker')
def frame(message):
    body = msgpack.packb(message, use_bin_type=True)
    return struct.pack('>I', len(body)) + body
def send(*parts):
    for part in parts: worker.stream.sendall(part)
def answer(operation, **reply):
    worker._operations[operation] = lambda *a: reply
def norm(x, p): return 0
def add(A, B, C): return 0
"""


def _in_calls(text: str) -> str:
    """A notebook that does this in place of answering a hidden test's call."""
    body = "\n".join(f"    {line}" for line in text.splitlines())
    return f"{WORKER}\ndef norm(x, p):\n    if x[0] == 3: return 0  # the public example\n{body}"


ATTACKS = (
    Attack(
        "half a frame", "starts a reply and stops", _in_calls("send(b'\\0\\0\\1\\0abc')\n1 / 0")
    ),
    Attack(
        "an oversized frame", "says that four gigabytes follow", _in_calls("send(b'\\xff' * 4)")
    ),
    Attack(
        "an endless frame",
        "sends the largest frame allowed, slowly",
        _in_calls(
            "import time\nsend(struct.pack('>I', 2**28))\nwhile True: send(b'x'); time.sleep(0.01)"
        ),
        limits=SHORT,
    ),
    Attack(
        "endless frames",
        "answers a question with frames without end",
        _in_calls("while True: send(frame({'value': 1.0, 'buffers': []}))"),
        limits=SHORT,
    ),
    Attack("noise", "sends random bytes", _in_calls("import os\nsend(os.urandom(10**5))")),
    Attack("an empty frame", "sends frames of no bytes", _in_calls("send(b'\\0' * 4000)")),
    Attack(
        "many small lists",
        "a frame of empty lists, each of which costs sixty times its byte in memory",
        _in_calls(
            "n = 30 * 2**20\nsend(struct.pack('>I', n + 5 + 7), b'\\x81\\xa5value\\xdd', "
            "struct.pack('>I', n))\nfor _ in range(30): send(b'\\x90' * 2**20)"
        ),
    ),
    Attack(
        "deep nesting",
        "a frame nested a million deep, and a value nested too deep",
        _in_calls("send(struct.pack('>I', 10**6 + 1), b'\\x81', b'\\x91' * 10**6)"),
    ),
    Attack(
        "extension types",
        "a timestamp and types of its own in the frame",
        _in_calls(
            "import datetime\nsend(frame({'value': msgpack.ExtType(7, b'x')}))\n"
            "send(frame({'value': msgpack.Timestamp(1)}))"
        ),
    ),
    Attack(
        "maps with strange keys",
        "numbers, lists and duplicates as keys",
        _in_calls(
            "body = b'\\x83\\x01\\x02\\xa1a\\x01\\xa1a\\x02'\nsend(struct.pack('>I',"
            " len(body)), body)"
        ),
    ),
    Attack(
        "another version",
        "greets again, with another version and as the grader would",
        WORKER + "send(frame({'version': 99}), frame({'do': 'call'}), frame({'do': 'cell',"
        " 'source': ''}))",
    ),
    Attack(
        "wrong order",
        "answers before it is asked, so that every reply is that of the question before",
        WORKER + "send(frame({'value': 1.25, 'buffers': []}))",
    ),
    Attack(
        "a cell's reply without outputs",
        "answers later cells with nothing",
        WORKER + "answer('cell')",
    ),
    Attack(
        "a cell's reply of wrong types",
        "answers later cells with outputs that are no list",
        WORKER + "answer('cell', outputs={'a': 1}, raised=None)",
    ),
    Attack(
        "a cell that raised nothing known",
        "answers later cells with an exception that has no type",
        WORKER + "answer('cell', outputs=[], raised={'frames': 7})",
    ),
    Attack(
        "a cell that raised at no line",
        "answers later cells with an exception at line infinity",
        WORKER + "answer('cell', outputs=[], raised={'type': 'KeyError', 'message': '',"
        " 'frames': [['norm_answer', float('inf')]]})",
    ),
    Attack(
        "a call that raised at no line",
        "answers calls with an exception at line infinity, and one without an end",
        WORKER + "answer('call', error={'type': 'ValueError', 'message': '',"
        " 'frames': [['norm_answer', float('inf')]]})\n"
        "answer('operator', error={'type': 'StopIteration'})",
    ),
    Attack(
        "a callback never passed",
        "calls back functions that no test passed",
        _in_calls(
            "for n in (0, 1, -1, 10**9, 'x', None): send(frame({'callback': n, 'args':"
            " ['t', []], 'kwargs': ['d', 0, []], 'buffers': []}))"
        ),
    ),
    Attack(
        "a callback while a cell runs",
        "calls back before any hidden test runs",
        WORKER + "send(frame({'callback': 0, 'args': ['t', []], 'kwargs': ['d', 0, []]}))",
    ),
    Attack(
        "callbacks without end",
        "calls back for ever",
        _in_calls("while True: send(frame({'callback': True}))"),
        limits=SHORT,
    ),
    Attack(
        "forged handles",
        "names the objects of the grader, of nobody, and of every number",
        WORKER + "numbers = iter([-1, 10**30, True, 'x', None, 2**63, 0.5])\n"
        "worker._operations['call'] = lambda *a: {'value': ['h', next(numbers), 'float']}\n"
        "worker._operations['name'] = lambda *a: {'value': ['k', 0]}",
    ),
    Attack(
        "forged types of handles",
        "a handle whose type is a page of text, a list, a number",
        WORKER + "answer('name', value=['h', 0, ['x' * 10**6] * 3], buffers=[])",
    ),
    Attack(
        "views beyond a buffer",
        "arrays with strides, offsets and shapes that reach out of their memory",
        WORKER
        + "forms = iter([[0, '<f8', [1], [8], 2**40, True], [0, '<f8', [2**40], [0], 0, True],\n"
        "              [0, '<f8', [2, 2], [-8, -8], 0, True], [0, '|O8', [1], [8], 0, True],\n"
        "              [0, '<f8', [1], [2**62], -8, True], [5, '<f8', [1], [8], 0, True]])\n"
        "worker._operations['call'] = lambda *a: {'value': ['a', *next(forms)],\n"
        "    'buffers': [b'x' * 8]}",
    ),
    Attack(
        "huge tensors",
        "tensors of a few bytes that claim a trillion entries",
        WORKER + "forms = iter([[0, 'float64', [2**40], [0], 0, False, None],\n"
        "              [1, 'float64', [2**40], [0], 0, True, None],\n"
        "              [0, 'float64', [1], [1], 2**60, False, None],\n"
        "              [0, '__class__', [1], [1], 0, False, None]])\n"
        "worker._operations['call'] = lambda *a: {'value': ['T', *next(forms)],\n"
        "    'buffers': [b'x' * 8, b'']}",
    ),
    Attack(
        "forged memory",
        "says that arguments changed which are not there, or into another size",
        WORKER
        + "forms = iter([[[9, b'x']], [[0, b'x']], [[-1, 7]], 7, [[0]], [['a', b'']], {'0': 1}])\n"
        "worker._operations['call'] = lambda *a: {'value': 0, 'memory': next(forms)}",
    ),
    Attack(
        "forged containers",
        "says that lists changed which the test never passed",
        WORKER
        + "forms = iter([[[0, [[], []]]], [[-1, [[1], []]]], 7, [[0, 7]], [[None, [[], []]]]])\n"
        "worker._operations['call'] = lambda *a: {'value': 0, 'containers': next(forms)}",
    ),
    Attack(
        "references into nothing",
        "values that refer to containers and arrays of the grader's",
        WORKER
        + "forms = iter([['r', 0], ['r', -1], ['r', 10**9], ['A', 0, '<f8', [2], [8], 0, True],\n"
        "              ['l', 7, []], ['d', 0, [[['l', 1, []], 1]]]])\n"
        "worker._operations['call'] = lambda *a: {'value': next(forms), 'buffers': []}",
    ),
    Attack(
        "forged expressions",
        "trees of sympy nodes that are not allowed, or have the wrong arguments",
        WORKER + "forms = iter([['Lambda', []], ['__import__', []], ['Symbol', 'x' * 10**6, {}],\n"
        "   ['Float', '1e999999', 15], ['Matrix', 10**9, 0, []], ['Pow', []],\n"
        "   ['Sum', [['const', 'oo'], ['const', 'oo']]], ['Piecewise', [['const', 'pi']]]])\n"
        "worker._operations['call'] = lambda *a: {'value': ['y', next(forms)], 'buffers': []}",
    ),
    Attack(
        "no wire",
        "closes the wire, replaces it, and turns it off in one direction",
        WORKER + "import socket\ndef norm(x, p): worker.stream.shutdown(socket.SHUT_WR)\n"
        "def add(A, B, C): worker.stream.close()",
    ),
    Attack(
        "a full wire",
        "never reads what the grader sends",
        WORKER + "import time\nworker.stream.setsockopt(1, 8, 1)\nworker.serve = None\n"
        "time.sleep(600)",
        limits=SHORT,
    ),
)
