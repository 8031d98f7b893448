"""Hidden inputs carried out, through every channel that a student is shown."""

from tests.attacks.attack import Attack
from tests.attacks.wire_abuse import WORKER
from tests.grading.small import STUB

# What a later cell may show of what a call left behind.
SHOW = """
import glob
for name in glob.glob('/tmp/seen*') + glob.glob('/dev/shm/seen*'): print(open(name).read())
print(globals().get('seen'))
"""


def _carry(way: str) -> str:
    """A notebook that does this with each hidden input, as text in `s`."""
    body = "\n".join(f"    {line}" for line in way.splitlines())
    return (
        "def norm(x, p):\n    if x[0] < 100: return 0  # not the input that is looked for\n"
        f"    s = repr(float(x[0]))\n{body}\n    return 0\n"
    )


def _forge(way: str) -> str:
    """The same, with the worker at hand."""
    return WORKER + _carry(way)


def _line_oracle() -> str:
    """A function with ten thousand lines, which raises at the one that is the input's number."""
    head = "def norm(x, p):\n    n = int(x[0])\n    if n < 100: return 0\n"
    return head + "\n".join(f"    if n == {n}: raise KeyError" for n in range(7_000, 8_000))


ATTACKS = (
    Attack("printed", "prints the input", _carry("print(s)"), SHOW),
    Attack(
        "standard error",
        "prints the input past Python",
        _carry("import os\nfor fd in (1, 2): os.write(fd, s.encode())"),
        SHOW,
    ),
    Attack("a message", "raises the input as a message", _carry("raise ValueError(s)")),
    Attack("a name", "raises the input as a type", _carry("raise type(s, (KeyError,), {})()")),
    Attack(
        "a note",
        "raises the input as a note, a cause and a group",
        _carry("e = KeyError(s); e.add_note(s)\nraise ExceptionGroup(s, [e]) from OSError(s)"),
    ),
    Attack("a display", "displays the input and a figure of it", _carry("display(s)"), SHOW),
    Attack(
        "a file",
        "writes the input where a later cell reads it",
        _carry(
            "open('/tmp/seen', 'a').write(s)\nopen('/dev/shm/seen', 'a').write(s)\nimport"
            " os\nos._exit(0)"
        ),
        SHOW,
    ),
    Attack(
        "a global",
        "keeps the input for a later cell, and ends the process",
        _carry("globals()['seen'] = s\nwhile True: pass"),
        SHOW,
    ),
    Attack(
        "the notebook",
        "puts the input into the next cell, the history and the outputs of cells",
        _carry(
            "i = get_ipython()\ni.set_next_input(s)\ni.history_manager.store_inputs(1, s)\n"
            "i.recorder.display({'text/plain': s})\ni.recorder.add({'output_type':"
            " 'stream', 'name': 'stdout', 'text': s}, 0)"
        ),
        SHOW,
    ),
    Attack(
        "a line",
        "raises at the line, of a thousand, that says the input",
        _line_oracle(),
        never_shown=("n == 7654",),
    ),
    Attack(
        "the name of a cell",
        "raises in code that says it is of a cell named as the input",
        _carry("exec(compile('raise KeyError', '<cell ' + s + '>', 'exec'))"),
    ),
    Attack(
        "a syntax error",
        "raises a syntax error in a file and at a line of its own choice",
        _carry(
            "e = SyntaxError(s); e.filename, e.lineno, e.text = f'<cell {s}>', int(x[0]),"
            " s\nraise e"
        ),
        never_shown=("7654",),
    ),
    Attack(
        "a forged type",
        "has the worker say that an exception of the input's name was raised",
        _forge("send(frame({'error': {'type': s, 'message': s, 'frames': []}}))"),
    ),
    Attack(
        "a forged place",
        "has the worker say that an exception was raised in a cell of the input's name",
        _forge(
            "send(frame({'error': {'type': 'KeyError', 'message': s, 'frames': [[s, 1], [s, 2]]}}))"
        ),
    ),
    Attack(
        "a broken value",
        "breaks the protocol with a tag that is the input",
        _forge("send(frame({'value': [s, 1], 'buffers': []}))"),
    ),
    Attack(
        "a broken expression",
        "breaks the protocol with a sympy node that is the input",
        _forge("send(frame({'value': ['y', [s, []]], 'buffers': []}))"),
    ),
    Attack(
        "a broken tensor",
        "breaks the protocol with a dtype that is the input",
        _forge(
            "send(frame({'value': ['T', 0, s, [1], [1], 0, False, None], 'buffers': [b'x' * 8]}))"
        ),
    ),
    Attack(
        "a broken frame",
        "breaks the protocol with a size that is the input",
        _forge("send(struct.pack('>I', 4000000000 + int(x[0])))"),
        never_shown=("7654",),
    ),
    Attack(
        "a broken extension",
        "breaks the protocol with an extension type that is the input",
        _forge("send(frame({'value': msgpack.ExtType(int(x[0]) % 100, b'')}))"),
        never_shown=("type 54",),
    ),
    Attack(
        "a result for a name",
        "answers later look-ups with what earlier calls were given",
        _forge(
            "answer('name', error={'type': s, 'message': s, 'frames': [[s, 1]]})\nsend(frame({}))"
        ),
    ),
    Attack(
        "the next submission",
        "leaves the input for the next sandbox, in every place that may be shared",
        "import os, ctypes\nfor folder in ('/tmp', '/dev/shm', '/var/tmp', '/run',"
        " '/dev/mqueue'):\n"
        "    try:\n        if os.path.exists(folder + '/left'): tell(folder)\n"
        "        open(folder + '/left', 'w').close()\n    except OSError: pass\n"
        "def norm(x, p): os._exit(0)",
        STUB,
    ),
)
