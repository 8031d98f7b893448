"""What goes wrong on GitHub is told apart, named, and met with patience that ends."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from autograder.course.model import Student
from autograder.errors import RepositoryError
from autograder.repositories.github import client as client_module
from autograder.repositories.github.activity import read_activity
from autograder.repositories.github.forge import GitHubForge, forge_at
from autograder.repositories.github.troubles import GitHubError, Patience, Trouble, judge
from autograder.repositories.pull_requests import LineComment, Review
from tests.repositories.github.conftest import NOON, TOKEN, Hub
from tests.repositories.github.fake_github import Fault

ACTIVITY = "/activity"
RESET = str(int(NOON.timestamp()) + 1800)


def error(message: str) -> dict[str, str]:
    return {"message": message, "documentation_url": "https://docs.github.com/rest"}


def log_fails(hub: Hub, *faults: Fault) -> GitHubError:
    """The error of reading the push log where GitHub has these faults."""
    hub.forge.create_repository(hub.ada)
    hub.github.faults += faults
    with pytest.raises(GitHubError) as caught:
        hub.forge.push_log(hub.ada)
    return caught.value


def test_primary_rate_limit_is_not_taken_for_missing_rights(hub: Hub):
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": RESET}
    said = error("API rate limit exceeded for user ID 1.")
    caught = log_fails(hub, Fault("GET", ACTIVITY, 403, said, headers))
    assert caught.trouble.kind == "primary rate limit"
    assert caught.trouble.wait_s == 1801  # by GitHub's clock, whatever this host's says
    assert "used up until 12:30:00 UTC; the token's rights are not the cause" in str(caught)
    assert hub.github.count("GET", ACTIVITY) == 1


def test_nothing_is_sent_while_a_limit_holds(hub: Hub):
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": RESET}
    log_fails(hub, Fault("GET", ACTIVITY, 403, error("API rate limit exceeded"), headers))
    hub.github.requests.clear()
    for _ in range(3):
        with pytest.raises(GitHubError, match="used up until 12:30:00 UTC"):
            hub.forge.push_log(hub.ben)
    assert hub.github.requests == []
    assert hub.another_forge().push_log(hub.ada) == ()


def test_each_thread_gets_its_own_answer(hub: Hub):
    for student in (hub.ada, hub.ben):
        own = hub.enrolled(student)
        commit = own.commit({"a.txt": student.id.encode()})
        own.push(f"{commit}:refs/heads/{student.id}")
    asked = [hub.ada, hub.ben] * 12
    with ThreadPoolExecutor(8) as pool:
        logs = list(pool.map(hub.forge.push_log, asked))
    for student, (entry,) in zip(asked, logs, strict=True):
        assert (entry.user, entry.ref) == (student.id, f"refs/heads/{student.id}")


def test_answer_that_sends_elsewhere_is_not_followed(hub: Hub):
    elsewhere = {"Location": "https://example.org/repos/deep-learning/ada/activity"}
    caught = log_fails(hub, Fault("GET", ACTIVITY, 301, error("Moved"), elsewhere))
    assert caught.trouble.kind == "moved"
    assert "write the new address into the roster" in str(caught)


@pytest.mark.parametrize("status", [403, 429])
def test_secondary_rate_limit_is_waited_for(hub: Hub, status):
    hub.forge.create_repository(hub.ada)
    said = error("You have exceeded a secondary rate limit.")
    hub.github.faults.append(Fault("GET", ACTIVITY, status, said, {"Retry-After": "1"}, times=1))
    begin = time.monotonic()
    assert hub.forge.push_log(hub.ada) == ()
    assert time.monotonic() - begin >= 1


def test_secondary_rate_limit_that_is_too_long_is_said(hub: Hub):
    said = error("You have exceeded a secondary rate limit.")
    caught = log_fails(hub, Fault("GET", ACTIVITY, 403, said, {"Retry-After": "600"}))
    assert "secondary rate limit" in str(caught)
    assert "used up for 600 s" in str(caught)


def test_rate_limit_on_a_write_is_waited_for_too(hub: Hub):
    said = error("You have exceeded a secondary rate limit.")
    hub.github.faults.append(Fault("POST", "/repos", 403, said, {"Retry-After": "0"}, times=2))
    assert hub.forge.create_repository(hub.ada)
    assert hub.github.count("POST", "/repos") == 3


def test_rights_that_are_missing_are_said_with_what_github_asks_for(hub: Hub):
    said = error("Resource not accessible by personal access token")
    headers = {"X-Accepted-GitHub-Permissions": "contents=read"}
    caught = log_fails(hub, Fault("GET", ACTIVITY, 403, said, headers))
    assert caught.trouble.kind == "rights"
    assert "it needs contents=read" in str(caught)
    assert hub.github.count("GET", ACTIVITY) == 1


def test_repository_that_is_not_there_or_not_shown_is_said_as_both(hub: Hub):
    with pytest.raises(
        GitHubError, match=r"\(404\): missing.* GitHub answers both alike"
    ) as caught:
        hub.forge.push_log(hub.ada)
    assert caught.value.trouble.kind == "missing"
    assert caught.value.returncode == 404


def test_token_that_github_does_not_know_is_said(hub: Hub):
    with pytest.raises(GitHubError, match="does not know the token; set AUTOGRADER_GITHUB_TOKEN"):
        hub.another_forge("github_pat_revoked").push_log(hub.ada)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(409, "conflict"), (422, "invalid"), (500, "server"), (503, "server"), (504, "time-out")],
)
def test_each_failure_has_its_name(hub: Hub, status, kind):
    fault = Fault("GET", ACTIVITY, status, error("some words"), times=9)
    caught = log_fails(hub, fault)
    assert caught.trouble.kind == kind
    assert f"({status}): {kind}" in str(caught)
    assert hub.github.count("GET", ACTIVITY) == (4 if status >= 500 else 1)


def test_page_of_html_from_a_proxy_is_a_failure_of_the_server(hub: Hub):
    caught = log_fails(hub, Fault("GET", ACTIVITY, 502, "<html>Bad gateway", times=9))
    assert caught.trouble.kind == "server"


def test_failure_that_passes_is_not_seen(hub: Hub):
    hub.forge.create_repository(hub.ada)
    hub.github.faults.append(Fault("GET", ACTIVITY, 502, error("Server Error"), times=3))
    assert hub.forge.push_log(hub.ada) == ()


def test_second_page_that_fails_is_asked_for_again(hub: Hub):
    ada = hub.enrolled(hub.ada)
    commit = ada.commit({"a.txt": b"1"})
    ada.push(*(f"{commit}:refs/heads/b{number}" for number in range(3)))
    hub.github.page_size = 2
    hub.github.faults.append(Fault("GET", ACTIVITY, 500, error("Server Error"), skip=1))
    assert len(hub.forge.push_log(hub.ada)) == 3
    assert hub.github.count("GET", ACTIVITY) == 3


def test_time_out_of_a_read_is_tried_again_and_then_said(hub: Hub):
    hub.forge.create_repository(hub.ada)
    hub.github.faults.append(Fault("GET", ACTIVITY, 500, error("late"), times=9, stall_s=1.3))
    forge = hub.another_forge(timeout_s=1, patience=Patience(attempts=2, first_s=0.01))
    with pytest.raises(GitHubError, match="time-out; GitHub did not answer in time") as caught:
        forge.push_log(hub.ada)
    assert caught.value.trouble.kind == "time-out"


def test_write_whose_answer_is_lost_is_not_sent_twice(hub: Hub):
    fault = Fault("POST", "/repos", 502, error("Server Error"), is_done=True)
    hub.github.faults.append(fault)
    with pytest.raises(GitHubError, match=r"make deep-learning/ada \(502\): server"):
        hub.forge.create_repository(hub.ada)
    assert hub.github.count("POST", "/repos") == 1
    assert not hub.forge.create_repository(hub.ada)  # it is found
    assert hub.github.count("POST", "/repos") == 1


def all_there_is_to_do(hub: Hub, forge: GitHubForge, student: Student) -> None:
    """A repository, its feedback branch, and the pull request with all that stands on it."""
    forge.create_repository(student)
    staff = hub.git_of(student)
    base = staff.commit({"a.txt": b"1"})
    tip = staff.commit({"a.txt": b"2"}, parent=base)
    address = staff.address.replace(f"ghp_{student.login}", TOKEN)
    staff.push(f"+{base}:refs/heads/base", f"+{tip}:refs/heads/feedback/hw", address=address)
    number = forge.open_pull_request(student, "feedback/hw", "base", "Feedback", "7").number
    forge.update_pull_request(student, number, "Feedback", "8")
    said = Review("graded again", "graded again", (LineComment("a.txt", 1, "here"),))
    forge.review(student, number, tip, said)
    forge.set_status(student, tip, "success", "8 of 10")


@pytest.mark.parametrize("is_done", [False, True])
def test_run_that_breaks_off_at_any_request_ends_the_same_when_it_runs_again(hub: Hub, is_done):
    forge = hub.another_forge(patience=Patience(attempts=1))
    errors = 0
    for number in range(14):
        student = replace(
            hub.ada,
            id=f"s{number}",
            repository=f"{hub.github.url}/deep-learning/s{number}",
        )
        fault = Fault("", "", 502, error("Server Error"), skip=number, is_done=is_done)
        hub.github.faults.append(fault)
        for _ in range(3):
            try:
                all_there_is_to_do(hub, forge, student)
                break
            except GitHubError:
                errors += 1
        made = hub.github.world.repositories[f"deep-learning/s{number}"]
        assert hub.github.faults == []
        assert (made.is_private, made.roles, len(made.rulesets)) == (True, {"ada-l": "push"}, 2)
        assert [pull["body"] for pull in made.pulls] == ["8"]
        assert [review["body"] for review in made.reviews] == ["graded again"]
        assert [comment["body"] for comment in made.line_comments] == ["here"]
        assert [status["description"] for status in made.statuses] == ["8 of 10"]
    assert errors >= 13  # the fourteenth may fall behind the last request


def test_github_that_is_not_there_is_said(hub: Hub):
    gone = forge_at("http://127.0.0.1:9", "token-1", patience=Patience(attempts=1))
    student = Student("ada", "Ada", "a@x.org", "http://127.0.0.1:9/o/ada")
    with pytest.raises(GitHubError, match=r"network, .*check the network, then run again"):
        gone.push_log(student)


@pytest.mark.parametrize("body", ['[{"id": 1', "{}", '"words"', "[1]"])
def test_answer_that_cannot_be_read_is_said(hub: Hub, body):
    caught = log_fails(hub, Fault("GET", ACTIVITY, 200, body, times=9))
    assert caught.trouble.kind == "unreadable"


def test_pages_without_end_are_given_up(hub: Hub, monkeypatch):
    ada = hub.enrolled(hub.ada)
    commit = ada.commit({"a.txt": b"1"})
    ada.push(*(f"{commit}:refs/heads/b{number}" for number in range(4)))
    hub.github.page_size = 1
    monkeypatch.setattr(client_module, "MAX_PAGES", 3)
    with pytest.raises(GitHubError, match="there are more than 3 pages"):
        hub.forge.push_log(hub.ada)


def test_patience_ends():
    patience = Patience(attempts=4, first_s=1.0, total_s=10.0)
    server, limit = Trouble("server"), Trouble("secondary rate limit", wait_s=4.0)
    assert [patience.wait(server, n, 0.0, True) for n in (1, 2, 3, 4)] == [1.0, 2.0, 4.0, None]
    assert patience.wait(server, 1, 0.0, False) is None
    assert patience.wait(limit, 1, 0.0, False) == 4.0
    assert patience.wait(limit, 2, 8.0, True) is None
    assert patience.wait(Trouble("rights"), 1, 0.0, True) is None
    assert patience.wait(Trouble("secondary rate limit"), 1, 0.0, True) is None  # a minute is more


@pytest.mark.parametrize(
    ("status", "headers", "said", "kind"),
    [
        (403, {}, "Upgrade to GitHub Pro or make this repository public", "plan"),
        (403, {}, "You have triggered an abuse detection mechanism", "secondary rate limit"),
        (403, {}, "API rate limit exceeded for 192.0.2.1", "primary rate limit"),
        (403, {"x-ratelimit-remaining": "0"}, "Must have admin rights", "rights"),
        (429, {}, "", "secondary rate limit"),
        (403, {"retry-after": "soon"}, "Must have admin rights", "rights"),
        (403, {"x-github-sso": "required; url=https://x"}, "Resource protected", "rights"),
        (401, {}, "Bad credentials", "credential"),
        (410, {}, "Issues are disabled", "missing"),
        (307, {}, "Moved", "moved"),
        (451, {}, "Blocked", "invalid"),
    ],
)
def test_cause_is_read_from_status_headers_and_words(status, headers, said, kind):
    assert judge(status, headers, {"message": said}).kind == kind


def test_details_of_a_refusal_are_shown_without_control_characters():
    errors = [{"field": "name", "code": "custom", "message": "taken\x1b[31m"}, "words"]
    trouble = judge(422, {}, {"message": "Validation Failed", "errors": errors})
    assert trouble.said == "Validation Failed; name custom taken\\x1b[31m; words"


def test_single_sign_on_is_named():
    trouble = judge(403, {"x-github-sso": "required; url=https://x"}, {"message": "no"})
    assert (
        trouble.said == "no (the organization wants this token authorized for its single sign-on)"
    )


def entry(**values: object) -> dict[str, object]:
    return {
        "timestamp": "2026-09-08T12:00:00Z", "before": "0" * 40, "after": "a" * 40,
        "ref": "refs/heads/main", "activity_type": "push", "actor": {"login": "Ada-L"},
    } | values  # fmt: skip


def test_activity_in_any_order_becomes_a_log_in_the_order_of_time():
    later = entry(timestamp="2026-09-08T09:00:00-07:00", activity_type="force_push", actor=None)
    log = read_activity([later, entry(ref="main")], {"ada-l": "ada"})
    assert [(push.user, push.is_forced, push.ref) for push in log] == [
        ("ada", False, "refs/heads/main"),
        ("ghost", True, "refs/heads/main"),
    ]
    assert log[1].time == datetime(2026, 9, 8, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong",
    [
        {"timestamp": "2026-09-08T12:00:00"},
        {"timestamp": None},
        {"before": "main"},
        {"after": "a" * 39},
        {"actor": {"id": 1}},
        {"ref": 3},
    ],
)
def test_activity_that_is_no_push_is_an_error_that_names_its_number(wrong):
    with pytest.raises(RepositoryError, match="entry 2 of GitHub's activity is no push"):
        read_activity([entry(), entry(**wrong)], {})
