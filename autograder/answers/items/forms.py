"""An item as a question of a notebook, and as a question of a printed exam."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from autograder.answers.items.model import LETTERS, Instance, Item


@dataclass(frozen=True, slots=True)
class Homework:
    """The texts of a question's cells, and its hidden test.

    `shown` is a locked cell that draws the student's own numbers and shows the question;
    `solution` an answer cell with the solution between nbgrader's marks; `check` a grade cell.
    """

    shown: str
    solution: str
    check: str
    hidden_test: str


@dataclass(frozen=True, slots=True)
class Printed:
    """A question on paper: Markdown with LaTeX, the lettered options, and what is right."""

    stem: str
    options: tuple[tuple[str, str], ...]
    letter: str
    minutes: int
    points: int


def homework(item: Item, question: str) -> Homework:
    """The item as the question `question` of a notebook, with numbers of each student's own.

    Its numbers are `own_numbers(question)` in a hidden test and `my_rng(question)` in the notebook,
    whose imports are NumPy as `np`, SymPy as `sp`, `math` and `Fraction`.

    Raises: ValueError where the item is for paper only, or the name is no identifier.
    """
    if "notebook" not in item.modes or item.release != "homework":
        raise ValueError(f"the item {item.name!r} is not for homework")
    if not question.isidentifier():
        raise ValueError(f"{question!r} is no name of a variable; write it as in 'kl_in_bits'")
    numbers = f"{question}_numbers"
    shown = (
        f"from my_answers import my_rng, show_question\n\n\n"
        f"{_source(item.generate, f'draw_{question}')}\n\n"
        f"{numbers} = draw_{question}(my_rng({question!r}))\n"
        f'show_question(\n    r"""{item.stem}""",\n    {numbers},\n)'
    )
    solution = (
        f"### BEGIN SOLUTION\n{_source(item.answer, f'solve_{question}')}\n\n"
        f"{question} = solve_{question}({numbers})\n### END SOLUTION"
    )
    check = (
        f"assert {question} is not None\n\n### BEGIN HIDDEN TESTS\n"
        f"# test_{item.topic}.py\n### END HIDDEN TESTS"
    )
    return Homework(shown, solution, check, _hidden_test(item, question))


def on_paper(instance: Instance) -> Printed:
    """The instance as a question with lettered options.

    Raises: ValueError where the item is not for paper.
    """
    item = instance.item
    if "paper" not in item.modes or item.release == "retired":
        raise ValueError(f"the item {item.name!r} is not for paper")
    options = tuple(zip(LETTERS, (f"${text}$" for text in instance.texts), strict=False))
    return Printed(instance.stem, options, instance.letter, item.minutes, item.points)


def _source(function: Callable[..., object], name: str) -> str:
    """The text of a function, under another name."""
    text = textwrap.dedent(inspect.getsource(function))
    return text.replace(f"def {function.__name__}(", f"def {name}(", 1)


def _hidden_test(item: Item, question: str) -> str:
    return (
        f'@pytest.mark.grade_cell("{question}")\n'
        f"def test_{question}(student, own_numbers):\n"
        f'    """The answer is right for the numbers of the question."""\n'
        f'    judge(find("{item.name}"), student.{question}, own_numbers("{question}"))\n'
    )
