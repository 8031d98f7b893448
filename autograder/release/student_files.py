"""The files that lie beside every notebook, for students and for whoever runs the source."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from autograder.answers import student_side
from autograder.answers.student_side.my_answers import EXAMPLE, ID_FILE


def student_files() -> Mapping[str, bytes]:
    """Each file's name and content: the modules of `answers/student_side`, and an example id."""
    folder = Path(student_side.__file__).parent
    modules = {
        path.name: path.read_bytes()
        for path in sorted(folder.glob("*.py"))
        if path.name != "__init__.py"
    }
    return modules | {ID_FILE: f"{EXAMPLE}\n".encode()}


def place_student_files(folder: Path) -> None:
    """Writes the files into a folder of an assignment, those that are not there as they are.

    Raises: OSError where the folder is not there or cannot be written to.
    """
    for name, content in student_files().items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)
