"""The term of spring 2019 as it was: its deadlines, summer time in between, and what students did.

The settings are the course's own file. Students push to a real server whose clock is set.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from autograder.collect.collect import Collected, collect, read_submissions
from autograder.course.calendar import late_moments
from autograder.course.course import Course
from autograder.gradebook.scores import AssignmentScores, StudentScores, course_scores
from autograder.repositories.server import GitServer, User, create_repository
from autograder.settings import load_course
from tests.collect.conftest import MAIN, notebook
from tests.repositories.git_students import GitStudent, new_student, with_login

CONFIG = Path(__file__).parents[2] / "nbgrader_config.py"
PACIFIC = ZoneInfo("America/Los_Angeles")
EXTENSIONS = """
c.Calendar.extensions = {
    "hw02_svd_pca": {"gus": "2019-02-12 16:00"},  # joined on 2/6
    "hw04_entropy_kl": {"fay": "2019-02-26 16:00"},  # was ill
}
"""
# what each did otherwise than on time: days, hours, minutes after the deadline, all pushes
DID = {
    "ada": {},  # always a minute before four
    "ben": {3: ["0 0:06"], 5: ["0 0:15"]},  # a few minutes late, twice
    "cyd": {5: ["1 23:59"], 9: ["-0 0:01", "0 5:00"]},  # two days late; again after one on time
    "dan": {6: ["3 0:00"], 7: []},  # three days late, and never
    "eva": {6: ["0 0:30"], 7: ["0 0:01"]},  # 16:30 of summer time would be 15:30 without
    "fay": {4: ["6 0:00"], 8: ["1 23:58"]},  # ill, and once late
    "gus": {1: [], 2: ["6 23:59"]},  # joined after the second deadline
}
JOINED = datetime(2019, 2, 6, 12, tzinfo=PACIFIC)


@dataclass
class Term:
    """The course, the clock that students and collector share, and what collecting said.

    `again` is what it said of the first homework once more, when somebody had joined.
    """

    course: Course
    clock: list[datetime]
    outcomes: dict[str, dict[str, Collected]] = field(default_factory=dict)
    again: dict[str, Collected] = field(default_factory=dict)

    def name(self, number: int) -> str:
        return self.course.assignments[number - 1].name

    def statuses(self, student: str) -> str:
        """Its outcomes in the order of the term: c(ollected), l(ate), n(othing)."""
        names = (assignment.name for assignment in self.course.assignments)
        return "".join(self.outcomes[name][student].status[0] for name in names)


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Term]:
    """The whole term: pushed to, and collected three days after each deadline."""
    root = tmp_path_factory.mktemp("term")
    shutil.copy(CONFIG, root)
    with (root / CONFIG.name).open("a") as file:
        file.write(EXTENSIONS)
    clock = [JOINED]
    users = [User(name, "word") for name in DID] + [User("staff", "s-word", is_staff=True)]
    with (
        pytest.MonkeyPatch.context() as patch,
        GitServer(root / "served", users, clock=lambda: clock[0].astimezone(UTC)) as server,
    ):
        patch.setenv("AUTOGRADER_GIT_TOKEN", "staff:s-word")
        rows = [f"{n},{n},{n}@example.edu,{server.repository_url(n)}" for n in DID]
        (root / "roster.csv").write_text("\n".join(["id,name,email,repository", *rows]))
        held = Term(load_course(root, needs_roster=True), clock)
        _live_through(held, server, root)
        yield held


def _live_through(term: Term, server: GitServer, root: Path) -> None:
    """Every push and every collection, in the order of their times."""
    desks: dict[str, GitStudent] = {}
    for name in DID:
        create_repository(server.root, name)
        desks[name] = new_student(
            root / "desks" / name, with_login(server.repository_url(name), name, "word")
        )
    files: dict[str, dict[str, bytes]] = {name: {} for name in DID}
    tips: dict[str, str] = {}
    everybody = term.course.students
    for moment, who, number in sorted(_happens(term.course)):
        term.clock[0] = moment
        name = term.name(number)
        if who:
            files[who][f"{name}/{name}.ipynb"] = notebook(f"done at {moment}", (f"q_{name}",))
            tips[who] = desks[who].commit(files[who], date=moment, parent=tips.get(who))
            desks[who].push(f"{tips[who]}:{MAIN}")
            continue
        there = tuple(s for s in everybody if s.id != "gus" or moment > JOINED)
        outcomes = collect(replace(term.course, students=there), name, now=moment)
        found = {outcome.student: outcome for outcome in outcomes}
        term.again = found if name in term.outcomes else term.again
        term.outcomes[name] = found | term.outcomes.get(name, {})


def _happens(course: Course) -> Iterator[tuple[datetime, str, int]]:
    """When who pushes which homework, in the world's time; nobody stands for a collection."""
    for number, assignment in enumerate(course.assignments, start=1):
        released = course.folders.release / assignment.name / f"{assignment.name}.ipynb"
        released.parent.mkdir(parents=True)
        released.write_bytes(notebook("YOUR CODE HERE", (f"q_{assignment.name}",)))
        for name, did in DID.items():
            for said in did.get(number, ["-0 0:01"]):
                yield (assignment.due + _after(said)).astimezone(UTC), name, number
        yield (
            (course.last_due(assignment.name) + timedelta(days=3, hours=1)).astimezone(UTC),
            "",
            number,
        )

    # the first one once more, because of who joined
    yield course.assignments[2].due.astimezone(UTC), "", 1


def _after(said: str) -> timedelta:
    days, _, time = said.partition(" ")
    hours, minutes = (int(part) for part in time.split(":"))
    after = timedelta(days=abs(int(days)), hours=hours, minutes=minutes)
    return -after if days.startswith("-") else after


# -- the calendar ----------------------------------------------------------------------------------


def test_deadlines_are_four_in_the_afternoon_before_and_after_the_clocks_change(term):
    due = [assignment.due for assignment in term.course.assignments]
    hours = [moment.astimezone(UTC).hour for moment in due]
    assert hours == [0, 0, 0, 0, 0, 23, 23, 23, 23, 23]
    assert {f"{moment:%A %H:%M}" for moment in due} == {"Tuesday 16:00"}
    ends = [late_moments(moment, term.course.late.days)[-1] for moment in due]
    assert {f"{moment:%A %H:%M}" for moment in ends} == {"Thursday 16:00"}


# -- what was taken: five homeworks in winter, five in summer time ---------------------------------


@pytest.mark.parametrize(
    ("student", "expected"),
    [
        ("ada", "cccccccccc"),
        ("ben", "cclcnccccc"),  # six minutes spend the token, fifteen more are not given
        ("cyd", "cccclccccc"),  # on the ninth the version on time stands
        ("dan", "cccccnnccc"),
        ("eva", "ccccclnccc"),
        ("fay", "ccccccclcc"),  # an extension spends nothing
        ("gus", "nccccccccc"),
    ],
)
def test_what_was_taken_from_each(term, student, expected):
    assert term.statuses(student) == expected
    odd = [
        note for o in term.outcomes.values() for note in o[student].notes if "the commit" in note
    ]
    assert odd == []


def test_the_token_is_spent_at_most_once(term):
    spent = Counter(
        submission.student
        for assignment in term.course.assignments
        for submission in read_submissions(term.course, assignment.name).values()
        if submission.late_days
    )
    assert spent == {"ben": 1, "cyd": 1, "eva": 1, "fay": 1}
    assert spent.most_common(1)[0][1] == term.course.late.times


def test_a_second_lateness_is_said_and_the_version_on_time_stands(term):
    ninth, fifth = term.name(9), term.name(5)
    (late,) = [n for n in term.outcomes[ninth]["cyd"].notes if "lateness is used on" in n]
    assert late.endswith(f"used on {fifth}")
    submission = read_submissions(term.course, ninth)["cyd"]
    assert submission.received < term.course.assignment(ninth).due


def test_half_past_four_in_summer_time_is_late(term):
    submission = read_submissions(term.course, term.name(6))["eva"]
    assert f"{submission.received.astimezone(PACIFIC):%m-%d %H:%M %Z}" == "03-12 16:30 PDT"
    assert submission.late_days == 1


def test_an_extension_is_one_students_alone(term):
    fourth = term.name(4)
    notes = {name: outcome.notes for name, outcome in term.outcomes[fourth].items()}
    assert "extended: due at 2019-02-26 16:00:00 PST" in notes.pop("fay")
    assert not any("extended" in note for said in notes.values() for note in said)


# -- the late joiner -------------------------------------------------------------------------------


def test_who_joins_late_has_nothing_before_and_the_extension_counts(term):
    first, second = (term.outcomes[term.name(number)] for number in (1, 2))
    assert first["gus"].status == "nothing"
    assert first["gus"].submission is None
    assert {o.status for o in term.again.values() if o.student != "gus"} == {"unchanged"}
    assert (second["gus"].status, second["gus"].submission.late_days) == ("collected", 0)


def test_the_best_nine_of_ten_count_and_the_lowest_of_a_late_joiner_is_dropped(term):
    graded = {}
    for assignment in term.course.assignments:
        taken = read_submissions(term.course, assignment.name)
        lines = tuple(
            StudentScores(s.id, s.name, "graded", (), 80.0 * (s.id in taken), 100.0)
            if s.id in taken
            else StudentScores(s.id, s.name, "no submission", (), 0.0, 100.0)
            for s in term.course.students
        )
        graded[assignment.name] = AssignmentScores(assignment.name, (), 100.0, lines)
    standings = {line.student: line for line in course_scores(term.course, graded).students}
    assert {name: round(line.homework, 6) for name, line in standings.items()} == {
        "ada": 0.8,
        "ben": 0.8,
        "cyd": 0.8,
        "dan": round(0.8 * 8 / 9, 6),  # two are missing, one is dropped
        "eva": 0.8,
        "fay": 0.8,
        "gus": 0.8,
    }
    assert term.name(1) not in standings["gus"].counted
    assert len(standings["gus"].counted) == 9
    assert standings["ada"].course_percent == pytest.approx(0.8 * 30)
