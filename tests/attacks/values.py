"""Values that misbehave: equal to everything, of borrowed types, endless, or raising when read."""

from dataclasses import replace

from tests.attacks.attack import LIMITS, Attack

# torch takes seconds to import, and room
SHORT = replace(LIMITS, submission_s=3)
ROOMY = replace(LIMITS, cell_s=20, submission_s=30, memory_mib=2048)

ATTACKS = (
    Attack(
        "equal to everything",
        "a float that equals, precedes and follows every number",
        "class Joker(float):\n"
        "    def __eq__(self, other): return True\n"
        "    __lt__ = __gt__ = __le__ = __ge__ = __eq__\n"
        "    def __ne__(self, other): return False\n"
        "    def __sub__(self, other): return 0.0\n"
        "    __rsub__ = __sub__\n    __hash__ = float.__hash__\n"
        "def norm(x, p): return Joker(1)\ndef add(A, B, C): return Joker(1)",
    ),
    Attack(
        "anything at all",
        "an object with every attribute, item and operator, each the object itself",
        "class Any:\n"
        "    def __getattr__(self, name): return self\n"
        "    def __call__(self, *a, **k): return self\n"
        "    __getitem__ = __add__ = __sub__ = __mul__ = __rsub__ = __call__\n"
        "    __eq__ = lambda self, other: True\n"
        "    def __float__(self): return float('nan')\n"
        "    def __iter__(self): return self\n    def __next__(self): return self\n"
        "norm = add = Any()",
    ),
    Attack(
        "numpy subclass",
        "an array whose every comparison is true",
        "import numpy as np\nclass Yes(np.ndarray):\n"
        "    def __array_ufunc__(self, *a, **k): return True\n"
        "    def __array_function__(self, *a, **k): return True\n"
        "    def __float__(self): return 0.0\n"
        "    def __eq__(self, other): return True\n"
        "def norm(x, p): return np.zeros(1).view(Yes)\n"
        "def add(A, B, C): return C.view(Yes)",
    ),
    Attack(
        "sympy subclass",
        "a symbol that is equal to every expression and simplifies to zero",
        "import sympy as sp\nclass Yes(sp.Symbol):\n"
        "    def __eq__(self, other): return True\n"
        "    def __hash__(self): return 0\n"
        "    def __sub__(self, other): return sp.S.Zero\n"
        "    def _eval_evalf(self, prec): return sp.Float(1.25)\n"
        "def norm(x, p): return Yes('x')",
    ),
    Attack(
        "endless expression",
        "a sympy expression whose value would take for ever to compute in the grader",
        "import sympy as sp\ndef norm(x, p):\n"
        "    return sp.factorial(sp.Integer(10)**12, evaluate=False)",
    ),
    Attack(
        "tower of powers",
        "an unevaluated power with more digits than there is memory",
        "import sympy as sp\ndef norm(x, p):\n"
        "    t = sp.Integer(9)\n"
        "    for _ in range(6): t = sp.Pow(sp.Integer(9), t, evaluate=False)\n"
        "    return sp.Mod(t, 7, evaluate=False) if p == 3 else t",
    ),
    Attack(
        "endless sum",
        "an unevaluated sum and an integral that are hard to compute",
        "import sympy as sp\nk = sp.Symbol('k', real=True)\ndef norm(x, p):\n"
        "    s = sp.Sum(sp.sin(k**k) / sp.log(k + 2), (k, 1, 10**12))\n"
        "    return s if p == 1 else sp.Integral(sp.sin(sp.exp(k * k)), (k, 0, 1000))",
    ),
    Attack(
        "deep expression",
        "an expression of many nested functions",
        "import sympy as sp\ndef norm(x, p):\n"
        "    e = sp.Symbol('e')\n"
        "    for _ in range(70): e = sp.Mul(sp.Add(e, e, evaluate=False), e, evaluate=False)\n"
        "    return e",
        limits=SHORT,
    ),
    Attack(
        "exponential list",
        "a list of lists of the same list, whose text would be longer than any memory",
        "def norm(x, p):\n    a = [1.0]\n    for _ in range(50): a = [a, a]\n    return a\n"
        "def add(A, B, C): return norm(0, 0)",
    ),
    Attack(
        "list in itself",
        "containers that hold themselves",
        "def norm(x, p):\n    a = []\n    a.append(a)\n    d = {0: a}\n    a.append(d)\n"
        "    d[1] = d\n    return a\ndef add(A, B, C): return norm(0, 0)",
    ),
    Attack(
        "huge numbers",
        "integers and fractions of a million digits, and text of them",
        "from fractions import Fraction\ndef norm(x, p):\n"
        "    return {1: 10**9999, 2: Fraction(7**10**5, 3)}.get(p, '9' * 10**7)",
    ),
    Attack(
        "not a number",
        "answers with nan, inf and masked values",
        "import numpy as np\ndef norm(x, p):\n    x[:] = np.nan\n"
        "    return {1: np.nan, 2: np.inf}.get(p, np.ma.masked)\n"
        "def add(A, B, C): A[:] = np.nan; C[:] = np.nan",
    ),
    Attack(
        "changed arguments",
        "changes the other arguments, with which a test may compute what it expects",
        "def add(A, B, C):\n    A[:] = 0\n    B[:] = 0",
    ),
    Attack(
        "every attribute raises",
        "an object of which nothing can be asked, its type included",
        "class Meta(type):\n    __name__ = property(lambda cls: 1 / 0)\n"
        "    def __repr__(cls): raise SystemExit\n    def mro(cls): return [cls, object]\n"
        "class Rude(metaclass=Meta):\n"
        "    def __getattribute__(self, name): raise SystemExit(name)\n"
        "    def __repr__(self): raise KeyboardInterrupt\n"
        "    def __float__(self): raise GeneratorExit\n"
        "def norm(x, p): return Rude()\nadd = Rude()",
    ),
    Attack(
        "exception with rude methods",
        "exceptions whose text, representation, arguments and type raise in turn",
        "class Meta(type):\n    __name__ = 'passed'\n    def __repr__(cls): raise SystemExit\n"
        "class Rude(BaseException, metaclass=Meta):\n"
        "    def __str__(self): raise KeyboardInterrupt\n"
        "    __repr__ = __str__\n"
        "    def __getattribute__(self, name): raise SystemExit(name)\n"
        "def norm(x, p): raise Rude()\ndef add(A, B, C): raise Rude() from Rude()\nraise Rude()",
    ),
    Attack(
        "exceptions of control",
        "raises what ends generators, loops, threads and programs",
        "import asyncio, bdb\nkinds = [StopIteration, GeneratorExit, SystemExit]\n"
        "def norm(x, p): raise kinds[int(p * 4) % 3]()\n"
        "def add(A, B, C): raise KeyboardInterrupt if C.shape == (1, 1) else StopAsyncIteration",
    ),
    Attack(
        "stop iteration",
        "lets every call end the iteration of whoever calls",
        "def norm(x, p): raise StopIteration(1.25)\ndef add(A, B, C): raise StopIteration",
    ),
    Attack(
        "outcomes of pytest",
        "raises what pytest itself raises to skip, fail and leave",
        "import pytest\ndef norm(x, p): pytest.skip('passed')\n"
        "def add(A, B, C): raise pytest.exit.Exception('stop')\n"
        "pytest.exit('all is well', returncode=0)",
    ),
    Attack(
        "group of exceptions",
        "groups of groups, chains that are circles, a thousand notes",
        "def norm(x, p):\n    e = ValueError('a')\n    for _ in range(300):\n"
        "        e = ExceptionGroup('g', [e, e])\n    raise e\n"
        "def add(A, B, C):\n    a, b = ValueError('a'), ValueError('b')\n"
        "    a.__cause__, b.__cause__ = b, a\n    for _ in range(1000): a.add_note('n' * 1000)\n"
        "    raise a",
    ),
    Attack(
        "too deep recursion",
        "recursion without an end, in calls and in the cell",
        "import sys\nsys.setrecursionlimit(10**9)\ndef norm(x, p): return norm(x, p)\n"
        "def add(A, B, C): return [add(A, B, C)]",
        limits=SHORT,
    ),
    Attack(
        "tensor in disguise",
        "a tensor subclass whose operations all answer true",
        "import torch\nclass Yes(torch.Tensor):\n"
        "    @classmethod\n    def __torch_function__(cls, *a, **k): return True\n"
        "def norm(x, p): return torch.zeros(1).as_subclass(Yes)",
        limits=ROOMY,
    ),
)
