"""The numbers that are a student's own for a question, the same here and in the notebook."""

from __future__ import annotations

import numpy as np

from autograder.answers.student_side.own_rng import rng_of


def own_rng(student_id: str, question: str) -> np.random.Generator:
    """Random numbers of a student for a question; `my_rng(question)` in the notebook is the same.

    They come from SHA-256 of `student_id|question` and are no secret: everyone can compute
    everyone's. `integers` and `choice` without weights are exact on every machine; what is drawn
    as a float should be rounded before it is shown.

    Raises: ValueError where the id is not one word, which no file student_id.txt could hold.
    """
    if student_id.split() != [student_id]:
        raise ValueError(f"the student id {student_id!r} is not one word")
    return rng_of(student_id, question)
