"""What a test author can do with `student`, tried on real notebooks in the sandbox."""

import ast
import re

import numpy as np
import pytest
import sympy as sp
import torch

from autograder.course.model import Limits
from autograder.errors import NotAttemptedError, StudentCrashError, StudentTimeoutError
from autograder.grading.raised import StudentRaised

pytestmark = pytest.mark.jail


def test_data_is_itself_and_functions_can_be_called(notebook_of):
    student = notebook_of("a = [1, (2, 'x')]\ndef f(x, y=1):\n    return x + y")
    assert student.a == [1, (2, "x")]
    assert student.f(2, y=3) == 5


def test_arrays_tensors_and_expressions_cross_both_ways(notebook_of):
    student = notebook_of("def f(x):\n    return x * 2")
    x = sp.Symbol("x", real=True)
    np.testing.assert_array_equal(student.f(np.eye(2)), 2 * np.eye(2))
    assert torch.equal(student.f(torch.ones(2)), torch.full((2,), 2.0))
    assert student.f(x) == 2 * x


def test_arguments_changed_in_place_come_back_changed(notebook_of):
    student = notebook_of(
        "def f(x, items, table):\n    x *= 2\n    items.append(x.sum())\n    table['n'] = 1"
    )
    big, items, table = np.ones((4, 4)), [], {}
    student.f(big[::2, 1], items, table)
    assert big.sum() == 18
    assert items == [4]
    assert table == {"n": 1}


def test_a_tensor_changed_in_place_comes_back_changed(notebook_of):
    student = notebook_of("def f(x):\n    x.mul_(2)")
    tensor = torch.ones(2, 3)
    student.f(tensor.T)
    assert torch.equal(tensor, torch.full((2, 3), 2.0))


def test_two_names_of_one_array_are_one_array_there(notebook_of):
    student = notebook_of("def f(a, b):\n    a[0] = 7\n    return b[0]")
    x = np.zeros(3)
    assert student.f(x, x) == 7


def test_a_result_that_is_the_argument_shares_its_memory(notebook_of):
    student = notebook_of("def f(x):\n    return x[1:]\ndef g(x):\n    return x.copy()")
    x = np.zeros(3)
    assert np.shares_memory(student.f(x), x)
    assert not np.shares_memory(student.g(x), x)


def test_functions_that_are_passed_in_are_called_here(notebook_of):
    student = notebook_of("def f(g):\n    return [g(i) for i in range(3)]")
    seen = []
    assert student.f(lambda i: seen.append(i) or i**2) == [0, 1, 4]
    assert seen == [0, 1, 2]


def test_a_function_passed_in_may_raise_and_be_caught_there(notebook_of):
    student = notebook_of(
        "def f(g):\n    try:\n        g()\n    except ZeroDivisionError:\n        return 'caught'"
    )
    assert student.f(lambda: 1 / 0) == "caught"


def test_objects_stay_there_and_are_used_from_here(notebook_of):
    student = notebook_of(
        "class Vector:\n"
        "    def __init__(self, *x): self.x = list(x)\n"
        "    def __add__(self, o): return Vector(*[a + b for a, b in zip(self.x, o.x)])\n"
        "    def __len__(self): return len(self.x)\n"
        "    def __iter__(self): return iter(self.x)\n"
        "    def __getitem__(self, i): return self.x[i]\n"
        "    def __enter__(self): return 5\n"
        "    def __exit__(self, *a): pass\n"
    )
    v = student.Vector(1, 2) + student.Vector(3, 4)
    assert (v.x, len(v), list(v), v[1]) == ([4, 6], 2, [4, 6], 6)
    with v as five:
        assert five == 5


def test_a_module_is_trained_through_handles(notebook_of):
    student = notebook_of(
        "import torch\nmodel = torch.nn.Linear(2, 1)\ndef loss(x):\n    return model(x).sum()"
    )
    student.loss(torch.ones(1, 2)).backward()
    assert torch.equal(student.model.weight.grad, torch.ones(1, 2))


def test_an_attribute_is_set_there(notebook_of):
    student = notebook_of("class A: pass\na = A()\ndef read(): return a.x")
    student.a.x = [1, 2]
    assert student.read() == [1, 2]


@pytest.mark.parametrize("name", ["name", "tree", "generation", "call", "shape", "T"])
def test_no_attribute_of_a_students_object_is_hidden(notebook_of, name):
    student = notebook_of(f"class A: {name} = 'mine'\na = A()")
    assert getattr(student.a, name) == "mine"


def test_what_a_call_shows_is_captured_and_nothing_else(notebook_of):
    student = notebook_of(
        "import matplotlib.pyplot as plt, sys\n"
        "def f(n, end='!'):\n"
        "    print('n is', n, end=end)\n"
        "    print('so', file=sys.stderr)\n"
        "    plt.plot([0, n])\n"
        "    display({'a': n})\n"
        "    return n + 1"
    )
    student.f(1)
    value, shown = student.capture(student.f, 2, end="?")
    assert value == 3
    assert shown.text == "n is 2?so\n"
    assert shown.displayed == ("{'a': 2}",)
    (figure,) = shown.figures
    assert figure.startswith(b"\x89PNG")


def test_a_flood_in_a_captured_call_is_cut(notebook_of):
    student = notebook_of("def f():\n    for _ in range(10**5): print('x' * 100)")
    _, shown = student.capture(student.f)
    assert len(shown.text) <= Limits().output_mib * 2**20 + 100


def test_a_handle_refuses_to_be_true_or_false(notebook_of):
    student = notebook_of("class A: pass\na = A()")
    with pytest.raises(TypeError, match="has no truth value; compare data instead"):
        bool(student.a)


@pytest.mark.parametrize("answer", ["True", "Joker()"])
def test_an_object_equal_to_everything_passes_no_comparison(notebook_of, answer):
    student = notebook_of(
        f"class Joker:\n    __eq__ = __lt__ = __gt__ = __contains__ = lambda s, o: {answer}\n"
        "    __iter__ = lambda s: iter([s])\n"
        "    def __bool__(self): return True\ndef f(): return Joker()"
    )
    joker = student.f()
    for compare in (lambda: joker == 3, lambda: joker == 3, lambda: joker < 3, lambda: 3 in joker,
                    lambda: joker != 3, lambda: joker == pytest.approx(3), lambda: joker in [3],
                    lambda: pytest.approx(3) == joker):  # fmt: skip
        with pytest.raises((AssertionError, TypeError)):
            assert compare()


def test_exceptions_arrive_as_the_builtin_type_they_are(notebook_of):
    student = notebook_of(
        "class Mine(ValueError): pass\ndef f(): raise Mine('x')\ndef g(): return {}['a']"
    )
    with pytest.raises(ValueError, match="x") as caught:
        student.f()
    assert isinstance(caught.value, StudentRaised)
    with pytest.raises(KeyError):
        student.g()


def test_leaving_the_program_is_an_exception_like_any_other(notebook_of):
    student = notebook_of("def f():\n    raise SystemExit")
    with pytest.raises(StudentRaised):
        student.f()


def test_undefined_names_are_not_attempted(notebook_of):
    with pytest.raises(NotAttemptedError, match="does not define 'f'"):
        _ = notebook_of("a = 1").f


def test_a_name_whose_cell_raised_is_that_error(notebook_of):
    student = notebook_of("1 / 0\ndef f(): pass")
    with pytest.raises(ZeroDivisionError) as caught:
        _ = student.f
    assert caught.value.in_cell  # pyright: ignore[reportAttributeAccessIssue]  # it is StudentRaised too


def test_source_and_tree_of_an_answer(notebook_of):
    student = notebook_of("%matplotlib inline\nfor i in range(3): pass")
    assert "for i" in student.source("f")
    assert any(isinstance(node, ast.For) for node in ast.walk(student.tree("f")))


def test_memory_of_a_call_is_measured(notebook_of):
    student = notebook_of("import numpy as np\ndef f(n):\n    return np.ones(n).sum()")
    value, peak = student.measure_memory(student.f, 10**6)
    assert value == 10**6
    assert 8e6 <= peak < 9e6


def test_a_loop_costs_its_call_alone(notebook_of):
    student = notebook_of("def f(x):\n    while x: pass\n    return 5", limits=Limits(call_s=0.5))
    with pytest.raises(StudentTimeoutError, match="no answer within"):
        student.f(1)
    assert student.f(0) == 5


def test_the_end_of_the_process_costs_its_call_alone(notebook_of):
    student = notebook_of("import os\ndef f(x):\n    if x: os._exit(0)\n    return 5")
    with pytest.raises(StudentCrashError, match="process ended"):
        student.f(1)
    assert student.f(0) == 5


def test_an_object_of_an_ended_process_says_so(notebook_of):
    student = notebook_of("import os\ndef f(x=0):\n    if x: os._exit(0)")
    old = student.f
    with pytest.raises(StudentCrashError):
        student.f(1)
    for _ in range(2):  # before there is a new process, and beside it
        with pytest.raises(StudentCrashError, match="restarted while a test held its object"):
            old(0)
        student.f(0)


def test_a_function_is_the_same_throughout_a_test_and_a_variable_is_as_it_is_now(notebook_of):
    student = notebook_of(
        "n = 0\ndef f():\n    global f, n\n    n += 1\n    def f(): raise LookupError\n    return n"
    )
    assert [student.f(), student.n, student.f(), student.n] == [1, 1, 2, 2]
    student._link.begin("f", 0)
    with pytest.raises(LookupError):
        student.f()


def test_a_notebook_that_replaced_a_generator_is_called_all_the_same(notebook_of):
    student = notebook_of(
        "import numpy as np\ndef seed(n): raise ValueError\nnp.random.seed = seed",
        "def f(): return 5",
    )
    assert student.f() == 5


def test_memory_is_limited(notebook_of):
    student = notebook_of(
        "def f():\n    return len(bytearray(2**32))", limits=Limits(memory_mib=512)
    )
    with pytest.raises(MemoryError):
        student.f()


def test_only_data_and_callables_can_be_passed(notebook_of):
    student = notebook_of("def f(x): pass")
    with pytest.raises(TypeError, match="a test cannot pass object: only data and callables"):
        student.f(object())


def test_there_is_no_network_and_nothing_of_the_host(notebook_of):
    student = notebook_of(
        "import os, socket\n"
        "def f():\n    socket.create_connection(('127.0.0.1', 80), 1)\n"
        "def root(): return sorted(os.listdir('/'))\n"
        "def write(path): open(path, 'w').write('x')\n"
        "def environment(): return dict(os.environ)\n"
        "def status(): return open('/proc/self/status').read()"
    )
    with pytest.raises(OSError):  # noqa: PT011  # any failure to connect will do
        student.f()
    assert "home" not in student.root()
    assert re.search(r"CapEff:\s0+\n", student.status())
    assert not [k for k in student.environment() if "TOKEN" in k or "SSH" in k]
    for path in ("/usr/x", "/etc/x", "/x", "/sandbox/worker_package/worker.py", "/dev/x"):
        with pytest.raises(OSError):  # noqa: PT011  # read-only or missing: either will do
            student.write(path)


def test_the_graders_own_code_cannot_be_read(notebook_of):
    student = notebook_of(
        "import importlib\n"
        "def f(name):\n    return list(importlib.import_module(name).__path__)\n"
        "def files(path):\n    import os\n    return os.listdir(path)"
    )
    for name in ("autograder.hidden_tests", "course_lib.norms"):
        with pytest.raises(ImportError):
            student.f(name)


def test_shell_commands_are_not_run(notebook_of):
    student = notebook_of(
        "!touch /tmp/x\n%pip install torch\nimport os\nf = os.path.exists('/tmp/x')"
    )
    assert student.f is False


def test_many_containers_cross_in_time_that_grows_with_their_number(notebook_of):
    student = notebook_of("def f(d):\n    d[3].append(1)\n    return len(d)")
    given = {i: [i] for i in range(10_000)}  # the time limit of a call fails what is quadratic
    assert student.f(given) == 10_000
    assert given[3] == [3, 1]
