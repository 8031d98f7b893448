"""The numbers that are your own for a question."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import numpy as np
from IPython.display import display

EXAMPLE = "example"  # the id that a notebook is released with
ID_FILE = "student_id.txt"
MARKUP = re.compile(r"([*_<>$|\[\]])")


class Shown:
    """Markdown in a notebook, the same text everywhere else."""

    def __init__(self, markdown: str) -> None:
        self.markdown = markdown

    def _repr_markdown_(self) -> str:
        return self.markdown

    def __repr__(self) -> str:
        return self.markdown


def in_markdown(text: str) -> str:
    """A text of one line as it is, in Markdown; what stands between backticks stays code."""
    parts = " ".join(text.split()).split("`")
    if len(parts) % 2 == 0:  # a backtick of the text itself
        return MARKUP.sub(r"\\\1", "\\`".join(parts))
    return "`".join(p if i % 2 else MARKUP.sub(r"\\\1", p) for i, p in enumerate(parts))


def my_id() -> str:
    """Your id: the one word in the file student_id.txt beside the notebook.

    Raises: FileNotFoundError where there is no such file; ValueError where it is not one word.
    """
    beside = Path(__file__).with_name(ID_FILE)
    path = beside if beside.is_file() else Path(ID_FILE)
    if not path.is_file():
        raise FileNotFoundError(
            f"there is no file {ID_FILE} beside the notebook; make one that holds your id alone"
        )
    words = path.read_text(encoding="utf-8-sig").split()
    if len(words) != 1:
        raise ValueError(f"{ID_FILE} holds {len(words)} words; write your id alone into it")
    return words[0]


def my_rng(question: str) -> np.random.Generator:
    """Random numbers that are yours for this question, the same each time the cell is run."""
    student = my_id()
    if student == EXAMPLE:
        text = f"These are example numbers. Write your id into `{ID_FILE}` to get your own."
        display(Shown(text))
    return rng_of(student, question)


def rng_of(student: str, question: str) -> np.random.Generator:
    """The numbers of one student for one question, from SHA-256 of `student|question`."""
    digest = hashlib.sha256(f"{student}|{question}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))
