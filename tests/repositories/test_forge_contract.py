"""What every back end promises: the same claims on the course's own server and on GitHub.

A new back end is a row in `tests.repositories.backends.BACKENDS`.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from autograder.collect.pins import Pins
from autograder.errors import RepositoryError
from autograder.repositories.git import GitLimits
from autograder.repositories.pull_requests import Review
from autograder.repositories.push_log import NOTHING, gaps, tip_at
from tests.repositories.backends import BACKENDS, NOON, WRONG, Backend

MAIN = "refs/heads/main"
BRANCHES = ("feedback/hw01", "feedback-base/hw01")


@pytest.fixture(params=BACKENDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    with BACKENDS[request.param](tmp_path) as backend:
        yield backend


def offered(place: Backend) -> tuple[int, str]:
    """A pull request of ada's feedback, and the commit of its branch."""
    place.forge.create_repository(place.ada)
    staff = place.staff(place.ada)
    base = staff.commit({"a.txt": b"1"})
    head = staff.commit({"a.txt": b"1", "README.md": b"Well done\n"}, parent=base)
    for name, commit in zip(BRANCHES, (head, base), strict=True):
        staff.push(f"{commit}:refs/heads/{name}")
    pull = place.forge.open_pull_request(place.ada, *BRANCHES, "Feedback", "7 of 10")
    return pull.number, head


# -- repositories ----------------------------------------------------------------------------------


def test_a_repository_is_made_once_and_never_emptied(place: Backend):
    assert place.forge.create_repository(place.ada)
    ada = place.desk(place.ada)
    commit = ada.commit({"a.txt": b"1"})
    ada.push(f"{commit}:{MAIN}")
    assert not place.forge.create_repository(place.ada)
    tip = tip_at(place.forge.push_log(place.ada), MAIN, NOON + timedelta(days=1))
    assert tip
    assert tip.new == commit


def test_a_repository_is_its_students_and_the_staffs_alone(place: Backend):
    place.forge.create_repository(place.ada)
    ben = place.desk(place.ada, of=place.ben)
    with pytest.raises(AssertionError, match=r"403|not found|404"):
        ben.push(f"{ben.commit({'a.txt': b'1'})}:{MAIN}")
    with pytest.raises(AssertionError, match=r"403|not found|404"):
        ben.git("ls-remote", ben.address)


@pytest.mark.parametrize("branch", [*BRANCHES, "feedback/hw02"])
def test_feedback_branches_are_the_staffs(place: Backend, branch):
    place.forge.create_repository(place.ada)
    ada, staff = place.desk(place.ada), place.staff(place.ada)
    commit = ada.commit({"a.txt": b"1"})
    with pytest.raises(AssertionError, match="push failed"):
        ada.push(f"{commit}:refs/heads/{branch}")
    staff.push(f"{staff.commit({'a.txt': b'1'})}:refs/heads/{branch}")
    with pytest.raises(AssertionError, match="push failed"):
        ada.push(f":refs/heads/{branch}")


def test_the_password_stands_beside_the_address_and_for_this_server_alone(place: Backend):
    place.forge.create_repository(place.ada)
    address, network = place.forge.fetch_url(place.ada), place.forge.network(place.ada)
    assert "@" not in address
    assert place.secret not in address
    assert network.credential is not None
    assert address.startswith(network.credential.base)
    assert urlsplit(network.credential.base).hostname == urlsplit(address).hostname
    assert place.secret not in f"{network!r}{place.forge!r}"


# -- the push log: when, what, by whom -------------------------------------------------------------


def test_the_log_has_the_servers_time_whatever_a_commit_says(place: Backend):
    place.forge.create_repository(place.ada)
    ada = place.desk(place.ada)
    place.clock[0] = NOON + timedelta(hours=5)
    backdated = ada.commit({"a.txt": b"1"}, date=NOON - timedelta(days=30))
    ada.push(f"{backdated}:{MAIN}")
    (entry,) = place.forge.push_log(place.ada)
    assert abs(entry.time - place.clock[0]) < timedelta(seconds=60)
    assert (entry.user, entry.ref) == ("ada", MAIN)
    assert (entry.old.strip("0"), entry.new, entry.is_forced) == ("", backdated, False)


def test_the_log_has_every_move_in_order_and_no_hole(place: Backend):
    place.forge.create_repository(place.ada)
    ada = place.desk(place.ada)
    first = ada.commit({"a.txt": b"1"})
    second = ada.commit({"a.txt": b"2"}, parent=first)
    ada.push(f"{first}:{MAIN}")
    place.clock[0] += timedelta(minutes=1)
    ada.push(f"{second}:{MAIN}")
    place.clock[0] += timedelta(minutes=1)
    ada.push(f"{second}:refs/heads/other")
    place.clock[0] += timedelta(minutes=1)
    ada.push(":refs/heads/other")
    log = place.forge.push_log(place.ada)
    assert [(entry.ref, entry.old, entry.new) for entry in log] == [
        (MAIN, NOTHING, first),
        (MAIN, first, second),
        ("refs/heads/other", NOTHING, second),
        ("refs/heads/other", second, NOTHING),
    ]
    assert [entry.is_deletion for entry in log] == [False, False, False, True]
    assert list(gaps(log, MAIN)) == []


def test_a_forced_push_is_marked_and_what_it_hid_can_be_fetched(place: Backend, tmp_path: Path):
    place.forge.create_repository(place.ada)
    staff = place.staff(place.ada)
    first, other = staff.commit({"a.txt": b"1"}), staff.commit({"a.txt": b"2"})
    staff.push(f"{first}:refs/heads/work")
    place.clock[0] += timedelta(minutes=1)
    staff.push(f"+{other}:refs/heads/work")
    assert [e.is_forced for e in place.forge.push_log(place.ada)] == [False, True]
    address, network = place.forge.fetch_url(place.ada), place.forge.network(place.ada)
    pins = Pins(tmp_path / "pinned", address, network, GitLimits())
    pins.pin("hw01", first)
    assert pins._pinned("hw01") == [first]


def test_many_branches_in_one_push_are_as_many_entries(place: Backend):
    """GitLab joins more than three into one event that names no commit."""
    place.forge.create_repository(place.ada)
    ada = place.desk(place.ada)
    commit = ada.commit({"a.txt": b"1"})
    names = [MAIN, *(f"refs/heads/b{number}" for number in range(5))]
    ada.push(*(f"{commit}:{name}" for name in names))
    log = place.forge.push_log(place.ada)
    assert sorted((entry.ref, entry.new) for entry in log) == sorted((n, commit) for n in names)


def test_the_staffs_push_is_not_the_students(place: Backend):
    place.forge.create_repository(place.ada)
    staff = place.staff(place.ada)
    staff.push(f"{staff.commit({'a.txt': b'1'})}:{MAIN}")
    (entry,) = place.forge.push_log(place.ada)
    assert entry.user not in ("ada", "ben", "ada-l")


def test_a_repository_that_nobody_pushed_to_has_an_empty_log(place: Backend):
    place.forge.create_repository(place.ada)
    assert place.forge.push_log(place.ada) == ()


def test_eight_may_ask_at_one_time(place: Backend):
    place.forge.create_repository(place.ada)
    ada = place.desk(place.ada)
    ada.push(f"{ada.commit({'a.txt': b'1'})}:{MAIN}")
    with ThreadPoolExecutor(8) as pool:
        logs = list(pool.map(place.forge.push_log, [place.ada] * 16))
    assert logs == [logs[0]] * 16
    assert len(logs[0]) == 1


# -- pull requests ---------------------------------------------------------------------------------


def test_a_pull_request_is_opened_once_and_updated(place: Backend):
    number, _ = offered(place)
    again = place.forge.open_pull_request(place.ada, *BRANCHES, "Feedback", "7 of 10")
    assert (again.number, again.is_open) == (number, True)
    changed = place.forge.update_pull_request(place.ada, number, "Feedback", "8 of 10")
    assert (changed.number, changed.head, changed.base) == (number, *BRANCHES)
    assert [(p.number, p.body) for p in place.forge.pull_requests(place.ada)] == [
        (number, "8 of 10")
    ]


def test_a_review_stands_once_and_a_status_is_the_newest(place: Backend):
    number, head = offered(place)
    review = Review("7 of 10 <!-- mark: 1 -->", "<!-- mark: 1 -->")
    assert place.forge.review(place.ada, number, head, review)
    assert not place.forge.review(place.ada, number, head, review)
    texts = [c.text for c in place.forge.comments(place.ada, number)]
    assert [text for text in texts if "mark: 1" in text] == [review.body]
    place.forge.set_status(place.ada, head, "pending", "waits for a reader")
    place.forge.set_status(place.ada, head, "success", "9 of 10")
    place.forge.set_status(place.ada, head, "success", "9 of 10")
    assert place.statuses(place.ada, head)[0] == ("success", "9 of 10")
    assert place.statuses(place.ada, head).count(("success", "9 of 10")) == 1


def test_a_comment_has_its_writers_id_and_the_servers_time(place: Backend):
    number, _ = offered(place)
    place.clock[0] = NOON + timedelta(days=2)
    place.say(place.ada, number, "/regrade norm because")
    (comment,) = place.forge.comments(place.ada, number)
    assert (comment.author, comment.text) == ("ada", "/regrade norm because")
    assert abs(comment.written - place.clock[0]) < timedelta(seconds=60)


def test_a_students_pull_request_has_the_servers_times(place: Backend):
    place.forge.create_repository(place.ada)
    ada = place.desk(place.ada)
    first = ada.commit({"a.txt": b"1"})
    later = ada.commit({"a.txt": b"2"}, parent=first, date=NOON - timedelta(days=30))
    ada.push(f"{first}:{MAIN}")
    heads = ("submit/hw01", "submit/hw02", "submit/hw03")
    for hour, head in enumerate(heads, start=1):
        place.clock[0] = NOON + timedelta(hours=hour)
        ada.push(f"{later}:refs/heads/{head}")
        place.submit(place.ada, head)
    place.clock[0] = NOON + timedelta(hours=4)
    place.withdraw(place, place.ada, heads[1])
    place.clock[0] = NOON + timedelta(hours=5)
    place.merge(place, place.ada, heads[2])
    told = {pull.head: pull for pull in place.forge.pull_requests(place.ada)}
    assert {pull.base for pull in told.values()} == {"main"}
    hours = {head: [_hour(t) for t in (p.created, p.closed, p.merged)] for head, p in told.items()}
    assert hours[heads[1]] == [2, 4, None]
    assert hours[heads[2]] == [3, 5, 5]
    assert hours[heads[0]][0] == 1
    assert [told[head].is_open for head in heads[1:]] == [False, False]


def _hour(moment: datetime | None) -> float | None:
    return None if moment is None else round((moment - NOON).total_seconds() / 3600, 1)


# -- errors ----------------------------------------------------------------------------------------


def test_a_missing_repository_is_an_error_that_names_it(place: Backend):
    with pytest.raises(RepositoryError, match=r"ada.*(404|missing|not there)") as caught:
        place.forge.push_log(place.ada)
    assert place.secret not in f"{caught.value!r}"


def test_a_refused_credential_is_an_error_without_the_password(place: Backend):
    place.forge.create_repository(place.ada)
    for ask in (place.wrong.push_log, place.wrong.create_repository, place.wrong.pull_requests):
        with pytest.raises(RepositoryError, match=r"401|credential") as caught:
            ask(place.ada)
        assert WRONG not in f"{caught.value!r}{caught.value.__cause__!r}"


def test_an_address_that_holds_a_password_or_lies_elsewhere_is_refused(place: Backend):
    for address in ("https://a:hunter2@example.org/ada.git", "ssh://git@example.org/ada.git"):
        with pytest.raises(RepositoryError) as caught:
            place.forge.network(replace(place.ada, repository=address))
        assert "hunter2" not in str(caught.value)
