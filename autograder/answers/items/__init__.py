"""Questions with numbers of their own: one definition for a notebook and for a printed exam.

The bank lies here, beside the checkers, since an item is made of them: its wrong options are the
slips that feedback on homework names.
"""

from autograder.answers.items.forms import Homework, Printed, homework, on_paper
from autograder.answers.items.model import Instance, Item, Option, draw, judge, problems

__all__ = [
    "Homework",
    "Instance",
    "Item",
    "Option",
    "Printed",
    "draw",
    "homework",
    "judge",
    "on_paper",
    "problems",
]
