"""Repositories and their push log on GitHub: made, held, read, fetched."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from autograder.errors import RepositoryError
from autograder.repositories.git import git
from autograder.repositories.github.protection import FEEDBACK, SUBMITTED
from autograder.repositories.push_log import gaps, tip_at
from tests.repositories.github.conftest import NOON, Hub

MAIN = "refs/heads/main"


def test_repository_is_made_once_private_and_with_access(hub: Hub):
    assert hub.forge.create_repository(hub.ada)
    assert not hub.forge.create_repository(hub.ada)
    made = hub.github.world.repositories["deep-learning/ada"]
    assert made.is_private
    assert made.roles == {"ada-l": "push"}
    assert [rules["name"] for rules in made.rulesets] == [FEEDBACK, SUBMITTED]


def test_student_pushes_to_main_and_not_to_feedback(hub: Hub):
    ada = hub.enrolled(hub.ada)
    commit = ada.commit({"a.txt": b"1"})
    ada.push(f"{commit}:{MAIN}")
    with pytest.raises(AssertionError, match="feedback"):
        ada.push(f"{commit}:refs/heads/feedback/hw01")


def test_student_does_not_see_another_students_repository(hub: Hub):
    hub.enrolled(hub.ada)
    ben = replace(
        hub.git_of(hub.ben),
        address=hub.git_of(replace(hub.ben, repository=hub.ada.repository, id="x")).address,
    )
    with pytest.raises(AssertionError, match="not found"):
        ben.push(f"{ben.commit({'a.txt': b'1'})}:{MAIN}")


def test_repository_begins_as_the_template(hub: Hub):
    template = hub.github.world.add_repository("deep-learning/start", roles={"ada-l": "push"})
    start = replace(hub.ada, repository=f"{hub.github.url}/deep-learning/start")
    author = hub.git_of(start)
    commit = author.commit({"README.md": b"hello"})
    author.push(f"{commit}:{MAIN}")
    forge = hub.another_forge(template="deep-learning/start")
    assert forge.create_repository(hub.ben)
    made = hub.github.world.repositories["deep-learning/ben"]
    assert made.is_private
    assert (
        hub.github.world.branches(made) == hub.github.world.branches(template) == {"main": commit}
    )


def test_template_that_github_does_not_copy_in_time_is_said(hub: Hub, monkeypatch):
    hub.github.world.add_repository("deep-learning/start")  # has no branch
    monkeypatch.setattr("autograder.repositories.github.making._COPY_PAUSE_S", 0.01)
    with pytest.raises(RepositoryError, match="has not filled it from the template yet; run again"):
        hub.another_forge(template="deep-learning/start").create_repository(hub.ada)


def test_teachers_own_account_holds_repositories_too(hub: Hub):
    own = replace(hub.ada, repository=f"{hub.github.url}/teacher/ada")
    assert hub.forge.create_repository(own)
    assert hub.github.world.repositories["teacher/ada"].is_private


def test_repository_under_somebody_elses_account_is_refused(hub: Hub):
    with pytest.raises(RepositoryError, match="ben-m is not the token's own user"):
        hub.forge.create_repository(replace(hub.ada, repository=f"{hub.github.url}/ben-m/ada"))


def test_public_and_archived_repositories_are_refused(hub: Hub):
    hub.github.world.add_repository("deep-learning/ada", is_private=False)
    hub.github.world.add_repository("deep-learning/ben", is_archived=True)
    with pytest.raises(RepositoryError, match="is there and is public; make it private"):
        hub.forge.create_repository(hub.ada)
    with pytest.raises(RepositoryError, match="deep-learning/ben is archived"):
        hub.forge.create_repository(hub.ben)


def test_rules_that_somebody_weakened_are_put_back(hub: Hub):
    hub.forge.create_repository(hub.ada)
    made = hub.github.world.repositories["deep-learning/ada"]
    made.rulesets[0]["enforcement"] = "disabled"
    hub.forge.create_repository(hub.ada)
    assert [rules["enforcement"] for rules in made.rulesets] == ["active", "active"]


def test_plan_without_rules_is_said(hub: Hub):
    hub.github.world.has_rulesets = False
    with pytest.raises(RepositoryError, match=r"protect the branches of .*: plan, .*GitHub Team"):
        hub.forge.create_repository(hub.ada)


def test_account_that_github_does_not_know_is_said(hub: Hub):
    with pytest.raises(RepositoryError, match=r"let nobody push to deep-learning/ada \(404\)"):
        hub.forge.create_repository(replace(hub.ada, login="nobody"))


def test_login_that_is_none_is_refused(hub: Hub):
    with pytest.raises(RepositoryError, match="'a/b' is no name on GitHub; give ada one"):
        hub.forge.create_repository(replace(hub.ada, login="a/b"))


def test_push_log_has_every_push_by_githubs_clock(hub: Hub):
    hub.github.page_size = 2
    ada = hub.enrolled(hub.ada)
    first = ada.commit({"a.txt": b"1"})
    ada.push(f"{first}:{MAIN}")
    hub.clock[0] += timedelta(hours=1)
    second = ada.commit({"a.txt": b"2"}, parent=first)
    ada.push(f"{second}:{MAIN}", f"{second}:refs/heads/work")
    hub.clock[0] += timedelta(hours=1)
    ada.push(":refs/heads/work")
    log = hub.forge.push_log(hub.ada)
    assert [(e.ref, e.new) for e in log if not e.is_deletion][:2] == [(MAIN, first), (MAIN, second)]
    assert [e.ref for e in log if e.is_deletion] == ["refs/heads/work"]
    assert {entry.user for entry in log} == {"ada"}
    assert list(gaps(log, MAIN)) == []
    assert hub.github.count("GET", "/activity") == 2
    assert log[0].time == NOON


def test_forced_push_after_the_deadline_hides_nothing(hub: Hub, tmp_path):
    ada = hub.enrolled(hub.ada)
    on_time = ada.commit({"a.txt": b"on time"})
    ada.push(f"{on_time}:{MAIN}")
    due = NOON + timedelta(hours=4)
    hub.clock[0] = due + timedelta(minutes=1)
    backdated = ada.commit({"a.txt": b"late"}, date=NOON - timedelta(days=30))
    ada.push(f"+{backdated}:{MAIN}")
    log = hub.forge.push_log(hub.ada)
    tip = tip_at(log, MAIN, due)
    assert tip
    assert tip.new == on_time
    assert log[-1].is_forced
    own = tmp_path / "own.git"
    git("init", "--quiet", "--bare", str(own))
    words = ("fetch", "--quiet", "--depth=1", hub.forge.fetch_url(hub.ada), f"{tip.new}:refs/x")
    git(*words, repository=own, network=hub.forge.network(hub.ada))
    assert git("show", f"{tip.new}:a.txt", repository=own) == b"on time"


def test_deleted_branch_is_in_the_log(hub: Hub):
    ada = hub.enrolled(hub.ada)
    commit = ada.commit({"a.txt": b"1"})
    ada.push(f"{commit}:refs/heads/other")
    hub.clock[0] += timedelta(minutes=1)
    ada.push(":refs/heads/other")
    made, gone = hub.forge.push_log(hub.ada)
    assert made.is_creation
    assert gone.is_deletion
    assert gone.old == commit


def test_what_other_people_pushed_has_their_name(hub: Hub):
    hub.forge.create_repository(hub.ada)
    staff = hub.git_of(hub.ada)
    address = staff.address.replace("ghp_ada-l", "github_pat_11TEACHERS0SECRET")
    staff.push(f"{staff.commit({'a.txt': b'1'})}:{MAIN}", address=address)
    assert [entry.user for entry in hub.forge.push_log(hub.ada)] == ["teacher"]


@pytest.mark.parametrize(
    "address",
    ["https://gitlab.com/a/b", "{}/only", "{}/a/b/c", "{}/a/..", "https://u:pw@x.org/a/b"],
)
def test_address_that_is_no_repository_on_github_is_refused(hub: Hub, address):
    student = replace(hub.ada, repository=address.format(hub.github.url))
    with pytest.raises(RepositoryError, match="is no repository on GitHub; write") as caught:
        hub.forge.fetch_url(student)
    assert "pw" not in str(caught.value)


def test_git_takes_the_address_with_and_without_its_ending(hub: Hub):
    url = f"{hub.github.url}/deep-learning/ada.git"
    for ending in ("", "/", ".git"):
        student = replace(hub.ada, repository=f"{hub.github.url}/deep-learning/ada{ending}")
        assert hub.forge.fetch_url(student) == url


def test_requests_for_a_student_are_few(hub: Hub):
    ada = hub.enrolled(hub.ada)
    assert [hub.github.count(verb) for verb in ("GET", "POST", "PUT")] == [3, 3, 1]
    ada.push(*(f"{ada.commit({'a.txt': b'1'})}:refs/heads/b{number}" for number in range(3)))
    hub.github.requests.clear()
    hub.forge.push_log(hub.ada)
    assert len(hub.github.requests) == 1
