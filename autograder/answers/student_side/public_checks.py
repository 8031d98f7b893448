"""The checks that stand in the notebook, run at once, with a line for each question."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.display import display

from autograder.answers.student_side.own_rng import Shown, in_markdown


def check_answers(notebook: str = "") -> None:
    """Runs the checks below all of your answers, and shows which of them pass.

    They are a first check only: grading looks at more. Run your answers before, and save the
    notebook. `notebook` is its file's name, where more than one lies in the folder.

    Raises: FileNotFoundError where it is not clear which notebook is meant.
    """
    path = _find_notebook(notebook)
    checks = grade_cells_of(json.loads(path.read_text(encoding="utf-8")))
    rows = [f"| `{name}` | {outcome_of(source, notebook_names())} |" for name, source in checks]
    display(Shown("\n".join(["| question | the checks in the notebook |", "|---|---|", *rows])))


def grade_cells_of(notebook: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """The name and the text of each cell of a notebook that holds checks."""
    found: list[tuple[str, str]] = []
    for cell in notebook["cells"]:
        meta = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code" and meta.get("grade") and not meta.get("solution"):
            found.append((str(meta["grade_id"]), "".join(cell["source"])))
    return found


def outcome_of(source: str, names: dict[str, Any]) -> str:
    """How the checks of one cell end, in words; `names` are the notebook's variables."""
    try:
        exec(compile(source, "<checks>", "exec"), dict(names))  # noqa: S102  # the notebook's own
    except AssertionError as error:
        return f"**fail**{f': {in_markdown(str(error))}' if str(error) else ''}"
    except (NameError, NotImplementedError):
        return "no answer yet"
    except Exception as error:  # noqa: BLE001  # whatever the answer raises is told
        return f"**raise** {type(error).__name__}: {in_markdown(str(error))}"
    return "pass"


def notebook_names() -> dict[str, Any]:
    """The variables of the notebook, by name."""
    shell = get_ipython()
    return sys.modules["__main__"].__dict__ if shell is None else shell.user_ns


def _find_notebook(name: str) -> Path:
    folder = Path(__file__).parent
    found = [folder / name] if name else sorted(folder.glob("*.ipynb"))
    if len(found) != 1 or not found[0].is_file():
        raise FileNotFoundError(
            f"{len(found)} notebooks lie beside my_answers.py; name yours, as in "
            'check_answers("hw01_norms.ipynb")'
        )
    return found[0]
