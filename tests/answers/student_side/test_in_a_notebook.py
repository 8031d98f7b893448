"""The student's module in a real notebook, run by nbconvert as a student's JupyterLab would."""

import json

import nbformat
import pytest
from nbconvert.preprocessors import ExecutePreprocessor

from autograder.release.student_files import place_student_files

CELLS = [
    "import sympy as sp\nfrom my_answers import *\nx = sp.Symbol('x', positive=True)",
    "slope = '1/(1 + exp(-x))'\nbound = 3\ncount = lambda n: n\nraise NotImplementedError",
    "show(sp.sqrt(x) / 2, r's(x) =')",
    "show_answers('slope', 'missing', bound=r'C =', late=r'D =')",
    "show_steps([('', 'x*(x+1)'), ('=', x**2 + x)])",
    "int(my_rng('hw03_trace').integers(1000))",
    "check_answers()",
]
CHECKS = {
    "good": "assert bound == 3",
    "bad": "assert bound == 4, 'try again'",
    "blank": "assert missing == 1",
    "broken": "1 / 0",
}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """What each cell shows, in Markdown or as text."""
    folder = tmp_path_factory.mktemp("hw")
    place_student_files(folder)
    cells = [nbformat.v4.new_code_cell(text) for text in CELLS]
    for name, text in CHECKS.items():
        meta = {"grade": True, "solution": False, "grade_id": name}
        cells.append(nbformat.v4.new_code_cell(text, metadata={"nbgrader": meta}))
    notebook = nbformat.v4.new_notebook(cells=cells)
    (folder / "hw.ipynb").write_text(json.dumps(notebook))
    run = ExecutePreprocessor(timeout=120, kernel_name="python3", allow_errors=True)
    done, _ = run.preprocess(notebook, {"metadata": {"path": str(folder)}})
    return [
        "\n".join(
            output.data.get("text/markdown") or output.data.get("text/plain", "")
            for output in cell.outputs
            if "data" in output
        )
        for cell in done.cells
    ]


def test_an_answer_comes_back_as_mathematics(outputs):
    assert "$$\ns(x) = \\frac{\\sqrt{x}}{2}\n$$" in outputs[2]
    assert outputs[2].endswith("It can be read.")


def test_variables_are_found_by_name_also_those_that_are_missing(outputs):
    assert r"\mathtt{slope} = \frac{1}{1 + e^{- x}}" in outputs[3]
    assert "**No answer yet** for `missing`." in outputs[3]
    assert "C = 3" in outputs[3]
    assert "**No answer yet** for `late`." in outputs[3]  # its name: a label in LaTeX is none


def test_a_derivation_comes_back(outputs):
    assert r"= \;& x^{2} + x && (2)" in outputs[4]


def test_own_numbers_say_that_they_are_an_example(outputs):
    assert "Write your id into `student_id.txt`" in outputs[5]
    assert outputs[5].endswith("166")


def test_all_checks_are_run_at_once(outputs):
    assert outputs[6].splitlines()[2:] == [
        "| `good` | pass |",
        "| `bad` | **fail**: try again |",
        "| `blank` | no answer yet |",
        "| `broken` | **raise** ZeroDivisionError: division by zero |",
    ]
