"""The command line: parse, make one library call, print."""

# The library is imported inside the commands, so that `--help` answers at once.
# ruff: noqa: PLC0415

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from autograder import terminal
from autograder.errors import AutograderError

if TYPE_CHECKING:
    from autograder.course.course import Course

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Release, collect, grade and return the homework of a deep learning course.",
)
AssignmentName = Annotated[
    str, typer.Argument(metavar="ASSIGNMENT", help="Its name in the calendar, as hw01_norms.")
]
CourseFolder = Annotated[
    Path | None,
    typer.Option(
        "--course",
        metavar="DIR",
        help="The folder of nbgrader_config.py; by default the nearest one upwards.",
    ),
]
TlsFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", exists=True, dir_okay=False, help="For a scheduler with TLS."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead.")]
Debug = Annotated[
    bool, typer.Option("--debug", callback=terminal.start_log, help="Show the log, and tracebacks.")
]


@app.command()
def release(
    assignment: AssignmentName,
    course: CourseFolder = None,
    push: Annotated[
        bool, typer.Option("--push", help="Bring it to every student's repository too.")
    ] = False,
    as_json: AsJson = False,
    _debug: Debug = False,
) -> None:
    """Make the student notebook from its source, and with --push bring it to every student.

    Writes assignments/ASSIGNMENT, and the assignment's cells and deadline into gradebook.db. A
    notebook that would show a solution or a hidden test is not released and nothing changes. With
    --push a commit on main adds what is new. A file that a student changed stays as it is; the
    corrected one goes beside it, and that is said.
    """
    from autograder.release import release as release_one
    from autograder.repositories.distribute import push_release

    with terminal.progress(f"release {assignment}") as tell:
        found = _load(course, needs_roster=push)
        results: list[object] = [release_one(found, assignment)]
        results += push_release(found, assignment, tell) if push else ()
    _end(terminal.print_results(results, as_json))


@app.command()
def repositories(
    _action: Annotated[Literal["create"], typer.Argument(metavar="create")],
    course: CourseFolder = None,
    as_json: AsJson = False,
    _debug: Debug = False,
) -> None:
    """Make each student's private repository, with the released assignments and all one needs.

    Writes main of the repositories that are empty or missing: a README, requirements.txt, the
    assignments with the student's own id, and a workflow that runs the visible tests on each push.
    Where main holds anything, nothing changes.
    """
    from autograder.repositories.distribute import create

    with terminal.progress("repositories create") as tell:
        created = create(_load(course, needs_roster=True), tell)
    _end(terminal.print_results(created, as_json))


@app.command()
def collect(
    assignment: AssignmentName,
    course: CourseFolder = None,
    plan: Annotated[
        bool,
        typer.Option("--plan/--apply", help="Only say what would be taken, and why; or take it."),
    ] = False,
    as_json: AsJson = False,
    _debug: Debug = False,
) -> None:
    """Take what stood in each student's repository at the deadline, by the server's clock.

    Writes submitted/STUDENT/ASSIGNMENT, and the evidence into .autograder; with --plan it changes
    nothing. Only reads the students' repositories.
    """
    from autograder.collect.collect import collect as collect_all
    from autograder.collect.plan import plan as plan_all

    with terminal.progress(f"collect {assignment}") as tell:
        found = _load(course, needs_roster=True)
        results = (plan_all if plan else collect_all)(found, assignment, progress=tell)
    _end(terminal.print_results(results, as_json))


@app.command()
def grade(  # noqa: PLR0913, PLR0917  # an argument for each option
    assignment: AssignmentName,
    course: CourseFolder = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Submissions at one time; by default one a core.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Record unchanged scores again.")] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Grade on this Dask scheduler's workers."),
    ] = None,
    tls_ca_file: TlsFile = None,
    tls_cert: TlsFile = None,
    tls_key: TlsFile = None,
    as_json: AsJson = False,
    _debug: Debug = False,
) -> None:
    """Run each submission in the sandbox, judge it by the hidden tests, record its scores.

    Writes autograded/STUDENT/ASSIGNMENT, the automatic scores into gradebook.db, and reports into
    .autograder. A person's scores and comments stay. What was graded before is not graded again;
    after an interruption it goes on where it stopped.
    """
    from autograder.grading.batch import grade_assignment
    from autograder.grading.cluster import Cluster, cluster_slots

    slots = None
    if scheduler:
        slots = partial(cluster_slots, Cluster(scheduler, tls_ca_file, tls_cert, tls_key))
    with terminal.progress(f"grade {assignment}") as tell:
        found = _load(course, needs_roster=True)
        graded = grade_assignment(found, assignment, tell, jobs, force, slots)
    _end(terminal.print_results(graded, as_json))


@app.command()
def feedback(
    assignment: AssignmentName,
    course: CourseFolder = None,
    status: Annotated[
        bool, typer.Option("--status", help="Show the score as the commit's status too.")
    ] = False,
    new_distribution: Annotated[
        bool, typer.Option("--new-distribution", help="Count anew how the class did, for all.")
    ] = False,
    as_json: AsJson = False,
    _debug: Debug = False,
) -> None:
    """Return the annotated notebooks to the students, with scores, hints and comments.

    Writes feedback/STUDENT/ASSIGNMENT, the branch feedback/ASSIGNMENT of each student's repository,
    and a pull request that offers it with one review: hints and comments beside the lines; after a
    regrading another one says what changed and why. Other branches stay; where nothing is new
    nothing is pushed. How the class did in a question is counted once nobody waits for a score in
    it, and then stays as it was first shown.
    """
    from autograder.feedback.deliver import deliver

    with terminal.progress(f"feedback {assignment}") as tell:
        found = _load(course, needs_roster=True)
        delivered = deliver(found, assignment, tell, status, new_distribution)
    _end(terminal.print_results(delivered, as_json))


@app.command()
def regrades(
    assignment: AssignmentName,
    course: CourseFolder = None,
    as_json: AsJson = False,
    _debug: Debug = False,
) -> None:
    """List what students ask to have graded again, by `/regrade QUESTION REASON`.

    Changes nothing. Reads the comments on the pull requests with the feedback, and the messages of
    the commits on the branches regrade/ASSIGNMENT.
    """
    from autograder.feedback.regrades import read_regrades

    with terminal.progress(f"regrades {assignment}") as tell:
        found = read_regrades(_load(course, needs_roster=True), assignment, tell)
    _end(terminal.print_results(found, as_json))


@app.command()
def solutions(
    _action: Annotated[Literal["publish"], typer.Argument(metavar="publish")],
    assignment: AssignmentName,
    course: CourseFolder = None,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", metavar="STUDENT", help="Publish this student's answer; repeatable."),
    ] = None,
    after_days: Annotated[
        int, typer.Option(min=0, help="Not before this many days after the deadline.")
    ] = 7,
    as_json: AsJson = False,
    _debug: Debug = False,
) -> None:
    """Publish the solutions: the reference, or chosen students' answers with their names.

    Writes the branch solutions/ASSIGNMENT of each student's repository. A student who put a file
    NO_PUBLISH into the repository, or has `no` in the roster's column publish, is not published.
    """
    from autograder.feedback.solutions import publish

    with terminal.progress(f"solutions publish {assignment}") as tell:
        found = _load(course, needs_roster=True)
        published = publish(found, assignment, by or (), after_days=after_days, progress=tell)
    _end(terminal.print_results(published, as_json))


@app.command()
def scores(
    assignment: Annotated[
        str | None,
        typer.Argument(metavar="[ASSIGNMENT]", help="By default the standing in the course."),
    ] = None,
    course: CourseFolder = None,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV instead.")] = False,
    _debug: Debug = False,
) -> None:
    """Show everybody's scores in an assignment, or in the course under its late and drop rules.

    Changes nothing. A person's score stands in place of the machine's.
    """
    from autograder.gradebook import reading, tables

    found = _load(course, needs_roster=True)
    shown = reading.read_scores(found, assignment) if assignment else reading.read_standings(found)
    if as_json:
        terminal.print_json(shown.to_json())
    elif as_csv:
        sys.stdout.write(tables.to_csv(shown))
    else:
        terminal.print_table(tables.to_table(shown))


@app.command()
def check(
    assignment: AssignmentName,
    course: CourseFolder = None,
    as_json: AsJson = False,
    _debug: Debug = False,
) -> None:
    """Say what keeps an assignment from being released: leaks, missing tests, wrong points.

    Changes nothing. Grades the source, which has to earn all points, and the released notebook,
    which has to earn none. Exit status 1 where there is a problem.
    """
    from autograder.grading.engine import files_beside
    from autograder.grading.engine import grade as grade_one
    from autograder.release import check as check_one

    with terminal.progress(f"check {assignment}"):
        found = _load(course)
        files = files_beside(found.folders.release / assignment)
        problems = check_one(found, assignment, partial(grade_one, files=files))
    _end(terminal.print_problems(assignment, problems, as_json))


@app.command()
def compare(
    folder: Annotated[
        Path,
        typer.Argument(metavar="COURSE_FOLDER", help="With source/ and submitted/, as nbgrader's."),
    ],
    as_json: AsJson = False,
    _debug: Debug = False,
) -> None:
    """Grade a course made for nbgrader by nbgrader itself and here, and list every difference.

    Changes nothing. nbgrader works on a copy, and runs the students' code unprotected, with your
    rights. Exit status 1 where a cell is graded differently.
    """
    from autograder.grading.compare import compare as compare_all
    from autograder.grading.compare import to_table

    with terminal.progress("compare") as tell:
        found = compare_all(folder, tell=tell)
    if as_json:
        terminal.print_json(found)
    else:
        terminal.print_table(to_table(found))
        terminal.print_table(f"{found.cells} cells compared, {len(found.differences)} differ")
    for problem in found.problems:
        terminal.print_warning(problem)
    _end(not found.differences and not found.problems)


@app.command()
def serve(
    course: CourseFolder = None,
    folder: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where the repositories lie; by default .autograder/git."),
    ] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free one.")] = 8000,
    _debug: Debug = False,
) -> None:
    """Serve a Git repository to each student of the roster, and log every push, until Ctrl-C.

    Writes the repositories that are missing, and .autograder/passwords.csv for you to hand out. The
    server speaks plain HTTP: beyond this machine, put a reverse proxy with TLS before it.
    """
    from autograder.repositories.class_server import open_class_server

    found = _load(course, needs_roster=True)
    served = open_class_server(found, folder or found.state / "git", host=host, port=port)
    with served as server, terminal.until_interrupted():
        terminal.print_addresses(server.url, found.students)


@app.command()
def doctor(course: CourseFolder = None, as_json: AsJson = False, _debug: Debug = False) -> None:
    """Say what this host can do, what is missing, and how to get it.

    Changes nothing. Exit status 1 where something is missing that grading needs.
    """
    from autograder.doctor import examine, findings_table
    from autograder.settings import nearest_root

    with terminal.progress("doctor"):
        findings = examine(course or nearest_root(Path.cwd()))
    if as_json:
        terminal.print_json(findings)
    else:
        terminal.print_table(findings_table(findings))
    _end(all(finding.is_ok or not finding.needed for finding in findings))


def main() -> None:
    """The program `autograder`. nbgrader starts alembic by name, so our programs go on PATH."""
    programs = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", os.defpath)
    if programs not in path.split(os.pathsep):
        os.environ["PATH"] = f"{programs}{os.pathsep}{path}"
    try:
        app()
    except (AutograderError, OSError) as error:
        if terminal.is_debugging():
            raise
        terminal.print_error(error)
        sys.exit(1)


def _load(folder: Path | None, needs_roster: bool = False) -> Course:
    from autograder.settings import find_root, load_course

    return load_course(folder or find_root(Path.cwd()), needs_roster)


def _end(is_well: bool) -> None:
    if not is_well:
        raise typer.Exit(1)


if __name__ == "__main__":
    main()
