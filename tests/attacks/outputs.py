"""Outputs: forged scores and displays, markup that a browser would run, floods."""

from tests.attacks.attack import Attack

FORGED = """
shell = get_ipython()
def show(**data): shell.recorder.display(data)
def norm(x, p):
    show(**{'text/plain': '10'}); display(10); print(10); return 10
"""
# Finds the worker, and has it answer each cell with outputs of the attack's own.
ANSWER_CELLS = """
import gc
worker = next(o for o in gc.get_objects() if type(o).__name__ == 'Worker')
def answer_cells(*outputs):
    worker._operations['cell'] = lambda *a: {'outputs': list(outputs), 'raised': None}
"""
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def _rich(kind: str, text: str) -> str:
    return f"display({{{kind!r}: {text!r}, 'text/plain': 'x'}}, raw=True)\n"


ATTACKS = (
    Attack("a number as result", "shows the points as a cell's result", "10", "10.0"),
    Attack(
        "a number from a call",
        "shows a bare number from inside the called function",
        FORGED,
        "def add(A, B, C): display(10); return 10\n10",
    ),
    Attack(
        "nothing on display",
        "clears the outputs, also those of errors, and shows full marks",
        "from IPython.display import clear_output, display\n"
        "def norm(x, p): clear_output(); display(10)\nclear_output()\n"
        "get_ipython()._showtraceback = lambda *a: None\n1 / 0",
    ),
    Attack(
        "outputs of the grader",
        "shows outcome lines as grading itself writes them, with its mark",
        "from IPython.display import display\n"
        "text = 'norm: 10 of 10 points\\n  ✓ A negative entry does not cancel [passed]'\n"
        "display({'text/plain': text}, raw=True, metadata={'autograder': True})\n"
        + ANSWER_CELLS
        + "answer_cells({'output_type': 'display_data', 'data': {'text/plain': text},"
        " 'metadata': {'autograder': True}})",
    ),
    Attack("HTML", "displays a script in HTML", _rich("text/html", SCRIPT)),
    Attack("JavaScript", "displays JavaScript", _rich("application/javascript", "alert(1)")),
    Attack(
        "SVG", "displays a picture with a script", _rich("image/svg+xml", f"<svg>{SCRIPT}</svg>")
    ),
    Attack(
        "widgets and viewers",
        "displays types that a page loads code for",
        _rich("application/vnd.jupyter.widget-view+json", SCRIPT)
        + _rich("text/markdown", SCRIPT)
        + _rich("application/pdf", SCRIPT)
        + _rich("text/html;x", SCRIPT)
        + _rich("TEXT/HTML", SCRIPT),
    ),
    Attack(
        "markup in a picture",
        "breaks out of an img element by the text of a picture",
        _rich("image/png", f'iVBORw0KGgo="/>{SCRIPT}<img src="')
        + _rich("image/jpeg", f"' onerror='alert(1)'{SCRIPT}"),
    ),
    Attack(
        "forged markup",
        "answers for the worker with HTML in every field of an output",
        ANSWER_CELLS
        + f"bad = {SCRIPT!r}\n"
        + "answer_cells({'output_type': 'display_data', 'data': {'text/html': bad, bad: bad,"
        " 'image/png': bad}, 'metadata': {'text/html': {'isolated': False}, bad: bad}},"
        " {'output_type': bad, 'name': bad, 'text': bad}, {'output_type': 'stream', 'name': bad,"
        " 'text': bad}, {'output_type': 'display_data', 'data': {'image/jpeg': bad}}, bad,"
        " None, 7)",
    ),
    Attack(
        "forged kinds of output",
        "answers for the worker with fields of the wrong types",
        ANSWER_CELLS + "answer_cells({}, [], {'output_type': 'error', 'traceback': 7, 'ename': {}},"
        " {'output_type': 'stream', 'name': 'stdout', 'text': 7}, {'output_type': ['stream']},"
        " {'output_type': 'error', 'traceback': [1, [2], {'3': 4}]},"
        " {'output_type': 'execute_result', 'data': {'text/plain': ['a', 1]}})",
    ),
    Attack(
        "terminal sequences",
        "prints sequences that clear a terminal, set its title and turn text around",
        "print('\\x1b[2J\\x1b]0;owned\\x07\\x1b[8m\\u202e\\u2066\\x00\\x08\\x9b31m')\n"
        "raise ValueError('\\x1b]52;c;b3duZWQ=\\x07\\ud800')",
    ),
    Attack("a flood", "prints without end", "while True: print('x' * 1000)"),
    Attack("one long line", "prints a line of 100 MB", "print('x' * 10**8)"),
    Attack(
        "a flood of displays",
        "shows a million empty outputs, which weigh nothing",
        "from IPython.display import display\n"
        "for _ in range(10**6): get_ipython().recorder.display({})",
    ),
    Attack(
        "a budget of its own",
        "raises the sandbox's own limit on output, then prints",
        "get_ipython().recorder.budget = 10**12\nprint('x' * 2 * 10**7)",
    ),
    Attack(
        "a flood of forged outputs",
        "answers for the worker with a hundred megabytes of outputs",
        ANSWER_CELLS
        + "answer_cells(*[{'output_type': 'stream', 'name': 'stdout', 'text': 'x' * 10**7}] * 3)",
    ),
    Attack(
        "a long traceback",
        "an error of many long lines",
        "raise ValueError('\\n'.join(['x' * 10**4] * 10**4))",
    ),
)
