"""What a student's repository begins with: released assignments, and what is needed to work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

from autograder.course.course import Course
from autograder.course.model import Assignment, Student
from autograder.release.student_files import ID_FILE
from autograder.release.student_version import read_tree

PACKAGES = (
    "ipython",
    "jupyterlab",
    "matplotlib",
    "nbgrader",
    "numpy",
    "scikit-learn",
    "scipy",
    "sympy",
    "torch",
)
_GITIGNORE = """\
.ipynb_checkpoints/
__pycache__/
.venv/
*.pyc
.DS_Store
# data is downloaded, never committed
data/
"""
_WORKFLOW = """\
# Runs the visible tests of each notebook that a push changed. Grading asks more.
name: public checks
on: push
permissions:
  contents: read
jobs:
  public-checks:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 2
          persist-credentials: false
      - uses: actions/setup-python@v5
        with:
          python-version: "3.11"
          cache: pip
      - run: python -m pip install --requirement requirements.txt
      - name: validate the notebooks that changed
        shell: bash
        run: |
          git rev-parse --quiet --verify HEAD^ >/dev/null || exit 0
          failed=0
          while IFS= read -r -d '' notebook; do
            cd "$(dirname "$notebook")"
            said=$(nbgrader validate "$(basename "$notebook")" 2>&1) || true
            cd - >/dev/null
            printf '%s\\n%s\\n' "$notebook" "$said"
            grep -q 'Success! Your notebook passes all the tests' <<<"$said" || failed=1
          done < <(git diff -z --name-only --diff-filter=AM HEAD^ HEAD -- 'hw*/hw*.ipynb')
          exit "$failed"
"""


def template_files(course: Course, student: Student) -> dict[str, bytes]:
    """Every file of a new repository, by its path."""
    found = released(course)
    files = {
        "README.md": _readme(course, student, found),
        "requirements.txt": requirements(),
        ".gitignore": _GITIGNORE,
        ".github/workflows/public_checks.yml": _WORKFLOW,
    }
    content = {path: text.encode() for path, text in files.items()}
    for assignment in found:
        content |= assignment_files(course, assignment.name, student)
    return content


def assignment_files(course: Course, assignment: str, student: Student) -> dict[str, bytes]:
    """The released files of one assignment, with the student's own id in them, by path."""
    files: Mapping[str, bytes] = read_tree(course.folders.release / assignment)
    kept = {path: content for path, content in files.items() if not _is_hidden(path)}
    own = {ID_FILE: f"{student.id}\n".encode()} if kept else {}
    return {f"{assignment}/{path}": content for path, content in {**kept, **own}.items()}


def released(course: Course) -> tuple[Assignment, ...]:
    """The assignments of the calendar whose notebook for students is there."""
    folder = course.folders.release
    return tuple(a for a in course.assignments if (folder / a.name / f"{a.name}.ipynb").is_file())


def requirements() -> str:
    """The packages of the course, in the versions with which work is graded here."""
    lines = ["# The versions with which your work is graded."]
    for name in PACKAGES:
        try:
            lines.append(f"{name}=={version(name).partition('+')[0]}")
        except PackageNotFoundError:
            continue  # the course does without it
    return "\n".join(lines) + "\n"


def _readme(course: Course, student: Student, found: tuple[Assignment, ...]) -> str:
    rows = "\n".join(f"| [{a.name}]({a.name}) | {_when(a.due)} |" for a in found)
    example = found[0].name if found else "hw01"
    return f"""\
# {course.name}

The repository of {_plain(student.name)} (`{student.id}`), for you and the course staff alone.

| assignment | due |
|:--|:--|
{rows}

## Working

1. Once: `pip install -r requirements.txt`.
2. `git pull`, then open a notebook, as `{example}/{example}.ipynb`, with `jupyter lab`.
3. Answer where it says `# YOUR CODE HERE`, and run the tests below. Leave `student_id.txt` as it
   is: some questions draw your own numbers from it. Theory on paper or in LaTeX goes beside the
   notebook as one PDF, `{example}/theory.pdf`.
{_handing_in(course, example)}

## What comes to you

New and corrected assignments come by `git pull`. A file that you changed stays as you left it; the
corrected one then lies beside it, with `.new-` in its name.

Feedback comes as a branch: `git fetch`, then `git switch feedback/{example}`.
Where you think that a question was graded wrongly, say so by a commit on a branch of your own:

    git commit --allow-empty -m "/regrade QUESTION your reason in a sentence"
    git push origin HEAD:regrade/{example}

Put a file called `NO_PUBLISH` here if no answer of yours shall be shown to the class as a solution.
"""


def _handing_in(course: Course, example: str) -> str:
    """How work is handed in, and what counts."""
    commit = f'4. `git add --all`, `git commit -m "Work on {example}"`, '
    if course.submit_by == "main":
        return f"""\
{commit}`git push`.

What stands on `main` at the deadline, by the server's clock, counts. Push as often as you like."""
    return f"""\
{commit}`git push origin HEAD:submit/{example}`,
   as often as you like. On GitHub then open a pull request from that branch onto `main`; the
   course's own server opens it by itself.

The pull request that is open at the deadline, by the server's clock, counts as it is then: one for
each homework. Leave it open until your feedback comes."""


def _when(due: datetime) -> str:
    return f"{due:%A}, {due.day} {due:%B %Y, %H:%M %Z}"


def _plain(name: str) -> str:
    """A name that stands in Markdown as it is."""
    return "".join(c if c.isalnum() or c in " .'-" else f"&#{ord(c)};" for c in name)


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in path.split("/"))
