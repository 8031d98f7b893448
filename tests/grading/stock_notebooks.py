"""A notebook in nbgrader's own format: asserts in grade cells, hidden regions, partial credit."""

from __future__ import annotations

import copy

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder import notebooks

ANSWERS = {
    "squares": "def squares(n):\n    return [i**2 for i in range(1, n + 1)]",
    "account": """
class Account:
    def __init__(self, owner, balance=0):
        self.owner, self.balance = owner, balance

    def deposit(self, amount):
        self.balance += amount
""",
    "whiten": "def whiten(X):\n    return (X - X.mean(axis=0)) / X.std(axis=0)",
    "totals": "def totals(df):\n    return df.groupby('g', as_index=False).sum()",
    "number": "x = 42",
}
TESTS = {
    "test_squares": (2, """
assert squares(3) == DATA
### BEGIN HIDDEN TESTS
assert squares(1) == [1]
for n in (5, 7):
    assert len(squares(n)) == n
### END HIDDEN TESTS
"""),
    "test_squares_refuses": (1, """
try:
    squares("three")
except TypeError:
    pass
else:
    raise AssertionError("no TypeError")
"""),
    "test_account": (2, """
account = Account("ann")
account.deposit(5)
assert account.balance == 5
assert isinstance(account, Account)
### BEGIN HIDDEN TESTS
account.deposit(2.5)
assert close(account.balance, 7.5)
### END HIDDEN TESTS
"""),
    "test_whiten": (3, """
def check(X):
    Z = whiten(X)
    np.testing.assert_allclose(Z.mean(axis=0), 0, atol=1e-9)
    return Z


X = np.arange(12.0).reshape(4, 3) ** 2
assert check(X).shape == (4, 3)
### BEGIN HIDDEN TESTS
assert np.allclose(check(X + 5).std(axis=0), 1)
### END HIDDEN TESTS
"""),
    "test_totals": (2, """
df = pd.DataFrame({"g": ["a", "b", "a"], "x": [1, 2, 3]})
want = pd.DataFrame({"g": ["a", "b"], "x": [4, 2]})
pd.testing.assert_frame_equal(totals(df), want)
"""),
    "test_number": (3, """
score = 0
if x > 40:
    score += 1
if x % 2 == 0:
    score += 1
score
"""),
}  # fmt: skip
SETUP = "DATA = [1, 4, 9]\n\n\ndef close(a, b):\n    return abs(a - b) < 1e-9"
# of 18 points a machine gives 13, and the last question 2 of its 3
FULL = {"test_squares": 2, "test_squares_refuses": 1, "test_account": 2, "test_whiten": 3,
        "test_totals": 2, "test_number": 2}  # fmt: skip


def marked(
    text: str,
    grade_id: str,
    points: float | None = None,
    solution: bool = False,
    locked: bool = False,
) -> NotebookNode:
    """A code cell with nbgrader's marks."""
    marks = {
        "grade_id": grade_id, "schema_version": 3, "task": False, "solution": solution,
        "grade": points is not None, "locked": locked, **({"points": points} if points else {}),
    }  # fmt: skip
    return new_code_cell(text.strip(), metadata={"nbgrader": marks}, id=grade_id)


def source() -> NotebookNode:
    """The instructor's notebook, with solutions between nbgrader's markers."""
    cells = [
        new_markdown_cell("# Problem set", id="title"),
        new_code_cell("import numpy as np\nimport pandas as pd\n%matplotlib inline", id="imports"),
        marked(SETUP, "setup", locked=True),
    ]
    for name, text in ANSWERS.items():
        solution = f"### BEGIN SOLUTION\n{text.strip()}\n### END SOLUTION"
        cells.append(marked(solution, name, solution=True))
        cells += [
            marked(test, grade_id, points, locked=True)
            for grade_id, (points, test) in TESTS.items()
            if grade_id.startswith(f"test_{name}")
        ]
    cells.append(marked("# Why?", "essay", points=5, solution=True))
    metadata = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python"}}
    return new_notebook(cells=cells, metadata=metadata)


def submitted(answers: dict[str, str] | None = None) -> NotebookNode:
    """The right answers, some replaced by the student's own; no hidden tests."""
    notebook = copy.deepcopy(source())
    texts = ANSWERS | (answers or {})
    for cell in notebook.cells:
        if cell.cell_type == "code":
            plain = notebooks.without_hidden_tests(cell.source)
            cell.source = texts.get(notebooks.grade_id(cell) or "", plain).strip()
    return notebook


def released() -> NotebookNode:
    """What students get."""
    return submitted(dict.fromkeys(ANSWERS, "# YOUR CODE HERE\nraise NotImplementedError()"))
