"""Your answers, shown back to you before you hand them in, and the numbers that are your own.

    from my_answers import check_answers, my_rng, show, show_answers, show_steps

    rng = my_rng("hw03_trace")     # random numbers that are yours for this question
    show(gradient)                 # what you wrote, as mathematics, and whether it can be read
    show("x**2 / (1 + exp(-x))")   # the same for a formula that you typed
    show_answers("bound", "gram")  # variables of the notebook, also those that are not there yet
    show_steps(derivation)         # a derivation, line by line
    check_answers()                # the checks below all answers at once

Nothing in here knows whether an answer is right. The file lies beside every notebook and is put
back as it was before grading, so there is no use in changing it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from IPython.display import display

from autograder.answers.student_side.own_rng import Shown, in_markdown
from autograder.answers.student_side.public_checks import notebook_names
from autograder.answers.student_side.rendering import (
    is_scalar,
    latex_of,
    symbols_of,
    why_unreadable,
)

COLUMN = re.compile(r"column (\d+)")
PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
SIGNS = {"": "", "=": "=", "==": "=", "<=": r"\le", ">=": r"\ge", "<": "<", ">": ">"}


def show(answer: object, name: str = "", symbols: Iterable[str] | None = None) -> None:
    """Shows an answer as mathematics, with the symbols in it and whether it can be read.

    `name` is what stands before it, in LaTeX, as in `show(bound, r"C =")`; `symbols` are the names
    that the question allows.
    """
    display(Shown(described(answer, name, symbols)))


def show_answers(*names: str, **labels: str) -> None:
    """Shows variables of the notebook by their names, also those that have no value yet.

    A label in LaTeX may be given: `show_answers("gram", bound=r"C(n) =")`.
    """
    known = notebook_names()
    for name in (*names, *labels):
        label = labels.get(name, r"\mathtt{" + name.replace("_", r"\_") + "} =")
        answer = known.get(name)
        missing = f"**No answer yet** for `{name}`."
        display(Shown(missing if _is_missing(answer) else described(answer, label)))


def show_steps(steps: object) -> None:
    """Shows a derivation, a list of pairs of a relation and an expression, line by line."""
    display(Shown(described_steps(steps)))


def show_question(stem: str, numbers: Mapping[str, object]) -> None:
    """Shows a question, in which each `{{name}}` stands for one of its numbers."""
    display(Shown(PLACE.sub(lambda place: _number_shown(numbers[place[1]]), stem)))


def _number_shown(value: object) -> str:
    return r",\; ".join(map(_number_shown, value)) if isinstance(value, tuple) else str(value)


def described(answer: object, name: str = "", symbols: Iterable[str] | None = None) -> str:
    """What `show` shows, in Markdown."""
    if _is_missing(answer):
        return f"**No answer yet**{f' for ${name}$' if name else ''}."
    allowed = None if symbols is None else tuple(symbols)
    problem = why_unreadable(answer, allowed)
    if isinstance(answer, str) and problem:
        return _described_text(answer, name, problem)
    if callable(answer) and not is_scalar(answer):
        return f"**You wrote** the function `{getattr(answer, '__name__', '?')}`; grading runs it."
    try:
        lines = [f"**You wrote**\n\n$$\n{name} {latex_of(answer)}\n$$\n"]
    except TypeError as error:
        return f"**You wrote** {error}."
    names = symbols_of(answer)
    if names:
        lines.append(f"Symbols: {', '.join(f'`{symbol}`' for symbol in names)}.")
    lines.append(f"**It cannot be read:** {_sentence(problem)}" if problem else "It can be read.")
    return "\n".join(lines)


def _is_missing(answer: object) -> bool:
    return answer is None or answer is Ellipsis or (isinstance(answer, str) and not answer.strip())


def _described_text(text: str, name: str, problem: str) -> str:
    """A formula that cannot be read, as it was typed, with a mark below the place."""
    place = COLUMN.search(problem)
    mark = f"\n{'^':>{place[1]}}" if place else ""
    label = f" for ${name}$" if name else ""
    shown = f"**You wrote**{label}\n\n```\n{text}{mark}\n```\n"
    return f"{shown}\n**It cannot be read:** {_sentence(problem)}"


def _sentence(problem: str) -> str:
    return in_markdown(problem) + ("" if problem.endswith("?") else ".")


def described_steps(steps: object) -> str:
    """What `show_steps` shows, in Markdown."""
    if not isinstance(steps, list | tuple) or not steps:
        return "**No derivation yet**: give a list of pairs, as in `[('', f), ('=', g)]`."
    rows: list[str] = []
    problems: list[str] = []
    for number, step in enumerate(steps, start=1):
        row, problem = _described_step(step, number)
        rows.append(rf"{row} && ({number})")
        if problem:
            problems.append(f"- Step {number} **cannot be read:** {_sentence(problem)}")
    body = " \\\\\n".join(rows)
    shown = f"**You wrote**\n\n$$\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n$$\n"
    return "\n".join([shown, *(problems or ["All steps can be read."])])


def _described_step(step: object, number: int) -> tuple[str, str | None]:
    """One line of a derivation, and what in it cannot be read."""
    if not isinstance(step, list | tuple) or len(step) != 2:
        return r"& \text{?}", "it should be a pair of a relation and an expression"
    relation, expression = step
    if not isinstance(relation, str) or relation.strip() not in SIGNS:
        return r"& \text{?}", 'its relation should be "=", "<=" or ">="'
    try:
        formula = latex_of(expression)
    except TypeError as error:
        return r"& \text{?}", f"it is {error}"
    problem = why_unreadable(expression)
    sign = "" if number == 1 else SIGNS[relation.strip()]
    if number > 1 and not sign:
        problem = problem or 'its relation is missing; write "=", "<=" or ">="'
    return rf"{sign} \;& {formula}", problem
