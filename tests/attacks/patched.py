"""Patched builtins, modules and IPython: whatever compares or runs answers in the same process."""

from tests.attacks.attack import Attack

ANY = "def norm(x, p): return 0\ndef add(A, B, C): return True\n"

ATTACKS = (
    Attack(
        "comparison functions",
        "makes every comparison of numpy true",
        "import numpy as np\n"
        "np.allclose = np.array_equal = np.isclose = lambda *a, **k: True\n"
        "np.testing.assert_allclose = np.testing.assert_equal = lambda *a, **k: None\n" + ANY,
    ),
    Attack(
        "builtins",
        "makes abs, isinstance, all and float lie",
        "import builtins\nbuiltins.abs = builtins.all = lambda *a: True\n"
        "builtins.float = lambda x: 1.25\n" + ANY,
    ),
    Attack(
        "pytest itself",
        "replaces approx and raises in the sandbox's pytest, as if it were the grader's",
        "import pytest, contextlib\npytest.approx = lambda x, **k: x\n"
        "pytest.raises = lambda *a, **k: contextlib.suppress(BaseException)\n" + ANY,
    ),
    Attack(
        "equality of arrays",
        "puts a joker into numpy's ufunc for equality",
        "import numpy as np\nnp.equal = np.isclose = lambda *a, **k: np.bool_(True)\n"
        "np.set_printoptions(formatter={'all': lambda x: '1.25'})\n" + ANY,
    ),
    Attack(
        "cleanup transformer",
        "an input transformer empties every later cell",
        "get_ipython().input_transformers_cleanup.append(lambda lines: [])\n" + ANY,
    ),
    Attack(
        "syntax tree transformer",
        "an AST transformer drops every assert of later cells",
        "import ast\nclass Drop(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)\n"
        "get_ipython().ast_transformers.append(Drop())\n" + ANY,
    ),
    Attack(
        "run_cell",
        "replaces the shell's run_cell, so that nothing raises",
        "get_ipython().run_cell = lambda *a, **k: None\n" + ANY,
    ),
    Attack(
        "post_run_cell hook",
        "clears the error of each cell after it ran",
        "shell = get_ipython()\n"
        "def clear(result): result.error_in_exec = None; shell.last_exception = None\n"
        "shell.events.register('post_run_cell', clear)\n" + ANY,
    ),
    Attack(
        "import hook",
        "a meta path finder hands out its own numpy, sympy and torch",
        "import sys, types\nclass Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        sys.modules[name] = types.SimpleNamespace(allclose=lambda *a: True)\n"
        "sys.meta_path.insert(0, Finder())\nfor n in ('numpy', 'sympy'): sys.modules.pop(n, 0)\n"
        + ANY,
    ),
    Attack(
        "local module",
        "writes numpy.py, conftest.py and sitecustomize.py where modules are looked for first",
        "for name in ('numpy', 'sympy', 'conftest', 'sitecustomize', 'pytest', 'course_lib'):\n"
        "    open(name + '.py', 'w').write('allclose = lambda *a: True')\n" + ANY,
    ),
    Attack(
        "trace function",
        "a trace function changes the return value of every frame",
        "import sys\ndef trace(frame, event, arg):\n"
        "    frame.f_locals['value'] = 1.25\n    return trace\nsys.settrace(trace)\n" + ANY,
    ),
    Attack(
        "exception hooks",
        "replaces excepthook, showtraceback and the display hook",
        "import sys\nsys.excepthook = sys.displayhook = lambda *a: None\n"
        "get_ipython().showtraceback = lambda *a, **k: None\n"
        "get_ipython().custom_exceptions = (BaseException,)\n"
        "def norm(x, p): raise AssertionError\n",
    ),
    Attack(
        "names of the facade",
        "defines what a hidden test's student object has itself",
        "for name in 'source tree measure_memory _link _sources look_up begin calls'.split():\n"
        "    globals()[name] = lambda *a, **k: 1.25\n"
        "globals().update(student=1.25, rng=None, request=None, __class__=float, __dict__={})\n"
        + ANY,
    ),
)
