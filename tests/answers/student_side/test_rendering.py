"""What students see of their answers: what they wrote, its symbols, and whether it can be read."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from latex2mathml.converter import convert

from autograder.answers import evaluation
from autograder.answers.expressions import read_expression
from autograder.answers.functions import FUNCTIONS
from autograder.answers.student_side.my_answers import described, described_steps, show_question
from autograder.answers.student_side.own_rng import in_markdown
from autograder.answers.student_side.rendering import (
    READABLE,
    latex_of,
    names_in,
    symbols_of,
    why_unreadable,
)
from autograder.answers.verdict import InvalidAnswer

x, y, n = sp.symbols("x y n")

TABLE = [
    (x**2 / (1 + sp.exp(-x)), r"\frac{x^{2}}{1 + e^{- x}}", ["x"], None),
    ("x^2/(1 + exp(-x))", r"\frac{x^{2}}{1 + e^{- x}}", ["x"], None),
    ("lambda*mu", r"\lambda \mu", ["lambda", "mu"], None),
    ("sigma - mu", r"\sigma - \mu", ["mu", "sigma"], None),
    ("lam*z - eps", r"\lambda z - \varepsilon", ["eps", "lam", "z"], None),
    ("2*Ae/ne", r"\frac{2 \cdot \mathit{Ae}}{\mathit{ne}}", ["Ae", "ne"], None),
    ("ab*dx_1", r"\mathit{ab} \cdot dx_{1}", ["ab", "dx_1"], None),
    ("1/x + 1/(2*y)", r"\frac{1}{x} + \frac{1}{2 y}", ["x", "y"], None),
    ("-1/2*x", None, ["x"], None),
    ("-y*sigmoid(-y*x)", r"- \frac{y}{1 + e^{y x}}", ["x", "y"], None),
    ("sigmoid(-2*x)", r"\frac{1}{1 + e^{2 x}}", ["x"], None),
    ("-2*x*y", r"- 2 x y", ["x", "y"], None),
    ("(-1)^n*(-x)", r"- \left(-1\right)^{n} x", ["n", "x"], None),
    ("m <= 2*n", r"m \leq 2 n", ["m", "n"], None),
    (sp.Le(x, 3), r"x \leq 3", ["x"], None),
    ([[1, 2], [3, 4]], r"\left[\begin{matrix}1 & 2\\3 & 4\end{matrix}\right]", [], None),
    (np.eye(2, dtype=int), r"\left[\begin{matrix}1 & 0\\0 & 1\end{matrix}\right]", [], None),
    (sp.Matrix([[x, y]]), r"\left[\begin{matrix}x & y\end{matrix}\right]", ["x", "y"], None),
    ((0, Fraction(1, 2)), r"\left(0,\; \frac{1}{2}\right)", [], None),
    ([0, 1, x], r"\left[0,\; 1,\; x\right]", ["x"], None),
    (([1, x], [3, 4]), r"\left(\left[1,\; x\right],\; \left[3,\; 4\right]\right)", ["x"], None),
    ("A has n eigenvectors", r"\mathtt{A\ has\ n\ eigenvectors}", [], None),
    ("Cauchy-Schwarz", r"\mathtt{Cauchy-Schwarz}", [], None),
    ("left_side: 5 %", r"\mathtt{left\_side:\ 5\ \%}", [], "':' is not read"),
    ("4.32 bits", r"\mathtt{4.32\ bits}", [], None),
    ((4.32, "bits"), r"\left(4.32,\; \mathtt{bits}\right)", [], None),
    (np.zeros((2, 2, 2)), r"\text{an array of shape } 2 \times 2 \times 2", [], None),
    (sp.Integral(x, x), r"\int x\, dx", ["x"], "`Integral` is the question itself"),
    (sp.zeta(x), r"\zeta\left(x\right)", ["x"], "`zeta` is not among the functions"),
    (sp.oo, r"\infty", [], "`Infinity` is not among"),
    (float("nan"), r"\text{NaN}", [], "nan is no finite number"),
    ("sigma x", r"\mathtt{sigma\ x}", [], "no sign stands in 'sigma x'"),
    ("2x", r"\mathtt{2x}", [], "no sign stands in '2x'; for a product write *"),
    ("sigma(x)", r"\mathtt{sigma(x)}", [], "'sigma' is no function known here"),
    ("__import__('os')", r"\mathtt{\_\_import\_\_('os')}", [], "is not read"),
    (
        sum(x**k for k in range(500)),
        r"\text{an expression of more than 400 parts}",
        ["x"],
        "more than 400 parts",
    ),
    (1 + 2j, None, [], "complex numbers are not read"),
    (np.array(["a"]), None, [], "an array of type <U1"),
]


@pytest.mark.parametrize(("answer", "latex", "symbols", "problem"), TABLE)
def test_an_answer_is_shown_and_its_problem_named(answer, latex, symbols, problem):
    found = why_unreadable(answer)
    assert latex is None or latex_of(answer) == latex
    assert symbols_of(answer) == symbols
    if problem is None:
        assert found is None
    else:
        assert found is not None
        assert problem in found


@pytest.mark.parametrize("answer", [row[0] for row in TABLE[:-2]])
def test_what_is_shown_is_latex_that_can_be_set(answer):
    """latex2mathml sets the formulas of the feedback; MathJax, in JupyterLab, sets more."""
    mathml = convert(latex_of(answer))
    assert mathml.startswith("<math")
    assert "merror" not in mathml


def test_what_is_called_readable_is_what_grading_reads():
    structure = {"Piecewise", "ExprCondPair", "And", "Or", "Not", "Symbol", "Dummy"}
    structure |= {"BooleanTrue", "BooleanFalse"}
    tables = (FUNCTIONS, evaluation.LEAVES, evaluation.RELATIONS)
    assert {kind.__name__ for table in tables for kind in table} | structure == READABLE


@pytest.mark.parametrize("answer", [row[0] for row in TABLE if isinstance(row[0], sp.Expr)])
def test_it_never_says_readable_of_what_grading_refuses(answer):
    def reads(expression):
        try:
            read_expression(expression, "it", ["x", "y"])
            evaluation.evaluate(expression, {"x": 0, "y": 0})
        except InvalidAnswer:
            return False
        except ArithmeticError:
            return True
        return True

    assert (why_unreadable(answer) is None) == reads(answer)


def test_names_are_no_functions_numbers_or_words():
    assert names_in("where(x_1 > 2e5, exp(a) * pi, np.log(b)) if c else 3") == (
        "x_1",
        "a",
        "b",
        "c",
    )


def test_the_place_of_a_fault_is_marked():
    assert described("a + 2b", "f =") == (
        "**You wrote** for $f =$\n\n```\na + 2b\n     ^\n```\n\n"
        "**It cannot be read:** the formula, column 6: no sign stands in '2b'; for a product "
        r"write \*, as in 2\*x."
    )


def test_symbols_that_the_question_does_not_have_are_told():
    assert described(x + y, symbols=["x"]).endswith(
        "**It cannot be read:** it holds the symbol `y`; it may hold only x."
    )
    assert "the symbol 'y' has no meaning here; use x" in described("x + y", symbols=["x"])
    assert described("x + 1", symbols=["x"]).endswith("It can be read.")


@pytest.mark.parametrize(
    "words",
    [
        "the columns of A are dependent",
        "an eigenvalue is 0",
        "A is tall",
        "no integer",
        "an eigenvalue has too few eigenvectors",
    ],
)
def test_a_sentence_is_words_and_no_formula(words):
    assert described({"where": words}).endswith("It can be read.")


@pytest.mark.parametrize("text", ["x y", "a b c", "lambda mu", "s lam z", "is + 2x"])
def test_a_product_without_its_sign_is_no_sentence(text):
    assert "no sign stands in" in described(text)


@pytest.mark.parametrize("blank", [None, ..., "", "  "])
def test_what_is_not_answered_yet_is_said(blank):
    assert described(blank, "C =") == "**No answer yet** for $C =$."


def test_functions_and_other_objects_are_named():
    assert described(latex_of) == "**You wrote** the function `latex_of`; grading runs it."
    assert described(object()).startswith("**You wrote** a object; give an expression")


def test_a_table_is_shown_row_by_row():
    shown = described({"a": (True, "transpose"), "b_1": [1, 2]})
    assert r"\mathtt{a} & \left(\text{True},\; \mathtt{transpose}\right) \\" in shown
    assert r"\mathtt{b\_1} & \left[1,\; 2\right]" in shown


def test_a_derivation_is_shown_line_by_line():
    steps = [("", "(x+1)^2"), ("=", x**2 + 2 * x + 1), ("<=", "2x"), ("<>", x), ("", x), 3]
    shown = described_steps(steps)
    assert r"\;& \left(x + 1\right)^{2} && (1) \\" in shown
    assert r"= \;& x^{2} + 2 x + 1 && (2) \\" in shown
    assert [line[:9] for line in shown.splitlines() if line.startswith("- Step")] == [
        f"- Step {k} " for k in (3, 4, 5, 6)
    ]
    assert described_steps([("", x), ("=", x)]).endswith("All steps can be read.")
    assert described_steps(None).startswith("**No derivation yet**")


def test_a_question_is_shown_with_its_numbers(capsys):
    show_question("What is ${{ a }}$ of ${{b}}$?", {"a": 3, "b": (1, 2)})
    assert capsys.readouterr().out == "What is $3$ of $1,\\; 2$?\n"


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("write *, as in 2*x", r"write \*, as in 2\*x"),
        ("`a_b` holds a_b", r"`a_b` holds a\_b"),
        ("'`' is <b> $x$", r"'\`' is \<b\> \$x\$"),
        ("one\n| two", r"one \| two"),
    ],
)
def test_a_hint_is_no_markup(text, markdown):
    assert in_markdown(text) == markdown
