"""The files that lie beside every notebook, for students and for whoever runs the source."""

from __future__ import annotations

import ast
import functools
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import autograder.answers
from autograder.answers.student_side.own_rng import EXAMPLE, ID_FILE

MODULE = "my_answers.py"
PARTS = (  # each imports only what stands before it
    "verdict.py",
    "typed_functions.py",
    "typed_text.py",
    "typed.py",
    "student_side/own_rng.py",
    "student_side/rendering.py",
    "student_side/public_checks.py",
    "student_side/my_answers.py",
)


@functools.cache
def student_files() -> Mapping[str, bytes]:
    """Each file's name and content: the student's module, and an example id."""
    folder = Path(autograder.answers.__path__[0])
    texts = [(folder / part).read_text(encoding="utf-8") for part in PARTS]
    return {MODULE: one_module(texts).encode(), ID_FILE: f"{EXAMPLE}\n".encode()}


def place_student_files(folder: Path) -> None:
    """Writes the files into a folder of an assignment, those that are not there as they are.

    Raises: OSError where the folder is not there or cannot be written to.
    """
    for name, content in student_files().items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)


def one_module(texts: Sequence[str]) -> str:
    """The modules as one, with the docstring of the last, that imports nothing of `autograder`.

    Raises: ValueError where two of them define the same name, or one gives an import of
    `autograder` another name: then they cannot stand in one module.
    """
    trees = [ast.parse(text) for text in texts]
    _check_names(trees)
    imports = _imports(node for tree in trees for node in tree.body)
    bodies: list[str] = []
    for text, tree in zip(texts, trees, strict=True):
        title = (ast.get_docstring(tree) or "").split("\n")[0]
        bodies.append(f"# {title}\n\n\n{_body(text, tree)}")
    docstring = f'"""{ast.get_docstring(trees[-1], clean=False) or ""}"""'
    return "\n".join([docstring, "", imports, "\n\n".join(bodies)])


def _check_names(trees: Sequence[ast.Module]) -> None:
    defined = Counter(name for tree in trees for node in tree.body for name in _defined(node))
    twice = sorted(name for name, count in defined.items() if count > 1)
    if twice:
        raise ValueError(f"{', '.join(twice)}: defined by two of the modules; rename one")


def _defined(node: ast.stmt) -> Iterable[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    yield from (target.id for target in targets if isinstance(target, ast.Name))


def _body(text: str, tree: ast.Module) -> str:
    """The module's text without its docstring and its imports, two blank lines at its end."""
    lines = text.splitlines()
    keeps = [True] * len(lines)
    for number, node in enumerate(tree.body):
        is_docstring = number == 0 and isinstance(node, ast.Expr)
        if is_docstring or isinstance(node, ast.Import | ast.ImportFrom):
            for line in range(node.lineno - 1, node.end_lineno or node.lineno):
                keeps[line] = False
    kept = [line for line, keep in zip(lines, keeps, strict=True) if keep]
    return "\n".join(kept).strip("\n") + "\n"


def _imports(nodes: Iterable[ast.stmt]) -> str:
    """All imports of the modules but those of `autograder`, each once, in isort's order."""
    plain: set[str] = set()
    members: dict[str, set[str]] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            plain |= {ast.unparse(alias) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] == "autograder":
            renamed = [alias.name for alias in node.names if alias.asname]
            if renamed:
                raise ValueError(f"{renamed[0]} is imported by another name; import it as it is")
        elif isinstance(node, ast.ImportFrom):
            names = {ast.unparse(alias) for alias in node.names}
            members.setdefault(str(node.module), set()).update(names)
    lines = [(name.split(" ")[0], f"import {name}") for name in sorted(plain)]
    lines += [
        (name, f"from {name} import {', '.join(sorted(members[name]))}")
        for name in sorted(members, key=str.casefold)
    ]
    groups: dict[int, list[str]] = {0: [], 1: [], 2: []}
    for name, line in lines:
        top = name.split(".")[0]
        group = 0 if top == "__future__" else 1 if top in sys.stdlib_module_names else 2
        groups[group].append(line)
    return "\n\n".join("\n".join(group) for group in groups.values() if group) + "\n"
