"""Every back end behind the protocol `Forge`, arranged alike, for the claims that hold of all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.course.model import Student
from autograder.repositories.forge import Forge, HttpForge
from autograder.repositories.server import GitServer, User
from tests.repositories.git_students import GitStudent, new_student, with_login
from tests.repositories.github.conftest import TOKEN, open_hub
from tests.repositories.github.description import Description

NOON = datetime(2026, 9, 8, 12, tzinfo=UTC)
WRONG = "nobody-s-wrong-word"
STAFF = "Kq7-sEcReT-0f-thE-StAfF"


@dataclass
class Backend:
    """One back end with two students, ada and ben, whose repositories are not made yet.

    `forge` has the staff's credential, `wrong` one that is refused; `secret` is the staff's
    password, and `environment` says it to the program. `clock` is the server's. `say` writes on a
    pull request as a student, `statuses` are state and description of a commit's, the newest first.
    `submit` opens the student's own pull request from a branch that is pushed onto main, `withdraw`
    closes it, `merge` brings it into main.
    """

    forge: Forge
    wrong: Forge
    secret: str
    clock: list[datetime]
    folder: Path
    ada: Student
    ben: Student
    words: dict[str, tuple[str, str]]
    say: Callable[[Student, int, str], None]
    statuses: Callable[[Student, str], list[tuple[str, str]]]
    environment: dict[str, str]
    submit: Callable[[Student, str], None]
    withdraw: Callable[[Backend, Student, str], None]
    merge: Callable[[Backend, Student, str], None]

    def desk(self, student: Student, of: Student | None = None) -> GitStudent:
        """Git of `of`, by default the student, with the address of the student's repository."""
        login = self.words[(of or student).id]
        number = len(list(self.folder.glob("desk*")))
        address = with_login(self.forge.fetch_url(student), *login)
        return new_student(self.folder / f"desk{number}", address)

    def staff(self, student: Student) -> GitStudent:
        """Git of the staff, with the address of the student's repository."""
        number = len(list(self.folder.glob("desk*")))
        address = with_login(self.forge.fetch_url(student), *self.words["staff"])
        return new_student(self.folder / f"desk{number}", address)


@contextmanager
def embedded(folder: Path) -> Iterator[Backend]:
    """The course's own server."""
    clock = [NOON]
    users = [User("ada", "a-word"), User("ben", "b-word"), User("staff", STAFF, is_staff=True)]
    with GitServer(folder / "served", users, clock=lambda: clock[0]) as server:
        ada, ben = (
            Student(name, name.title(), f"{name}@x.org", server.repository_url(name))
            for name in ("ada", "ben")
        )

        def say(student: Student, number: int, text: str) -> None:
            _, word = words[student.id]
            own = HttpForge(f"{student.id}:{word}")
            own._order(student, do="comment", number=number, text=text)

        def statuses(student: Student, commit: str) -> list[tuple[str, str]]:
            kept = HttpForge(f"staff:{STAFF}")._document(student)["statuses"]
            return [(s["state"], s["description"]) for s in kept if s["commit"] == commit]

        words = {user.name: (user.name, user.password) for user in users}
        forge, wrong = HttpForge(f"staff:{STAFF}"), HttpForge(f"staff:{WRONG}")
        yield Backend(
            forge, wrong, STAFF, clock, folder, ada, ben, words, say, statuses,
            {"AUTOGRADER_GIT_TOKEN": f"staff:{STAFF}"},
            lambda student, head: None, _withdraw, _merge,  # noqa: ARG005 - the push has opened it
        )  # fmt: skip


@contextmanager
def github(folder: Path) -> Iterator[Backend]:
    """GitHub as its description has it."""
    with open_hub(folder, Description()) as hub:

        def say(student: Student, number: int, text: str) -> None:
            held = hub.github.world.repositories[f"deep-learning/{student.id}"]
            hub.github.world.say(held, number, student.login, text)

        def statuses(student: Student, commit: str) -> list[tuple[str, str]]:
            held = hub.github.world.repositories[f"deep-learning/{student.id}"]
            own = [one for one in held.statuses if one["url"].endswith(commit)]
            return [(one["state"], one["description"]) for one in own[::-1]]

        def submit(student: Student, head: str) -> None:
            own = hub.another_forge(f"ghp_{student.login}")
            own.open_pull_request(student, head, "main", "my work", "")

        def withdraw(_: Backend, student: Student, head: str) -> None:
            own = hub.another_forge(f"ghp_{student.login}")
            (number,) = [p.number for p in own.pull_requests(student) if p.head == head]
            path = f"{own._path(student)}/pulls/{number}"
            own.client.send("close it", "PATCH", path, {"state": "closed"})

        def merge(place: Backend, student: Student, head: str) -> None:
            _merge(place, student, head)
            held = hub.github.world.repositories[f"deep-learning/{student.id}"]
            (pull,) = [pull for pull in held.pulls if pull["head"] == head]
            now = hub.github.world.time()
            pull |= {"state": "closed", "closed_at": now, "merged_at": now}

        words = {"staff": ("git", TOKEN), "ada": ("git", "ghp_ada-l"), "ben": ("git", "ghp_ben-m")}
        wrong = hub.another_forge(WRONG)
        yield Backend(
            hub.forge, wrong, TOKEN, hub.clock, folder, hub.ada, hub.ben, words, say, statuses,
            {"AUTOGRADER_GITHUB_TOKEN": TOKEN, "AUTOGRADER_GITHUB": hub.github.url},
            submit, withdraw, merge,
        )  # fmt: skip


def _withdraw(place: Backend, student: Student, head: str) -> None:
    """The student deletes the branch."""
    place.desk(student).push(f":refs/heads/{head}")


def _merge(place: Backend, student: Student, head: str) -> None:
    """The student brings main to the branch's tip."""
    desk = place.desk(student)
    desk.git("fetch", "--quiet", desk.address, f"refs/heads/{head}:refs/heads/tip")
    desk.push("refs/heads/tip:refs/heads/main")


BACKENDS: dict[str, Callable[[Path], AbstractContextManager[Backend]]] = {
    "embedded": embedded,
    "github": github,
}
