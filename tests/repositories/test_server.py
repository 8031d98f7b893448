"""The server over real HTTP with real git: who may push what, and what the log says."""

from __future__ import annotations

import gzip
import http.client
import json
import random
import socket
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.errors import RepositoryError
from autograder.repositories.push_log import NOTHING, gaps, parse_push_log
from autograder.repositories.server import GitServer, User, create_repository
from tests.repositories.git_students import GitStudent, new_student, with_login

SERVER_TIME = datetime(2026, 9, 8, 9, 30, tzinfo=UTC)
USERS = (User("ada", "a-word"), User("ben", "b-word"), User("staff", "s-word", is_staff=True))
MAIN = "refs/heads/main"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitServer]:
    root = tmp_path_factory.mktemp("served")
    for name in ("ada", "ben"):
        create_repository(root, name)
    with GitServer(root, USERS, clock=lambda: SERVER_TIME, max_push_mib=4) as running:
        yield running


@pytest.fixture
def ada(server: GitServer, tmp_path: Path) -> GitStudent:
    return new_student(tmp_path / "ada", with_login(server.repository_url("ada"), "ada", "a-word"))


@pytest.fixture
def fresh(server: GitServer, tmp_path: Path, request: pytest.FixtureRequest) -> GitStudent:
    """Staff with a new repository of this test's own."""
    name = request.node.name.replace("[", "_").replace("]", "_")
    create_repository(server.root, name)
    return new_student(tmp_path / "s", with_login(server.repository_url(name), "staff", "s-word"))


def ask(
    server: GitServer,
    path: str,
    login: str = "staff:s-word",
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=20)
    code = b64encode(login.encode()).decode()
    words = {"Authorization": f"Basic {code}", **(headers or {})}
    connection.request("GET" if body is None else "POST", path, body, words)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content


def log_of(server: GitServer, name: str):
    return parse_push_log(ask(server, f"/{name}.git/push-log")[1])


def test_push_is_logged_with_the_servers_time_whatever_the_commit_says(server, ada):
    commit = ada.commit({"x": b"1"}, date=datetime(2020, 1, 1, tzinfo=UTC))
    ada.push(f"+{commit}:{MAIN}")
    entry = log_of(server, "ada")[-1]
    assert (entry.user, entry.ref, entry.new) == ("ada", MAIN, commit)
    assert abs((entry.time - SERVER_TIME).total_seconds()) < 60


def test_log_chains_and_names_forced_pushes_and_deletions(server, fresh):
    first = fresh.commit({"x": b"1"})
    second = fresh.commit({"x": b"2"}, parent=first)
    other = fresh.commit({"x": b"3"})
    for refspec in (f"{first}:refs/heads/work", f"{second}:refs/heads/work"):
        fresh.push(refspec)
    fresh.push(f"+{other}:refs/heads/work")
    fresh.push(":refs/heads/work")
    name = fresh.address.rsplit("/", 1)[1].removesuffix(".git")
    entries = log_of(server, name)
    assert [entry.new for entry in entries] == [first, second, other, NOTHING]
    assert [entry.is_forced for entry in entries] == [False, False, True, False]
    assert not list(gaps(entries, "refs/heads/work"))


def test_several_refs_of_one_push_are_all_logged(server, fresh):
    commit = fresh.commit({"x": b"1"})
    names = ("refs/heads/one", "refs/heads/naïve-ö", "refs/heads/a;b&c'd", "refs/tags/x")
    fresh.push(*(f"{commit}:{name}" for name in names))
    name = fresh.address.rsplit("/", 1)[1].removesuffix(".git")
    assert {entry.ref for entry in log_of(server, name)} == set(names)


def test_overwritten_commit_is_served_by_its_id(fresh, tmp_path):
    first = fresh.commit({"x": b"1"})
    fresh.push(f"{first}:{MAIN}")
    fresh.push(f"+{fresh.commit({'x': b'2'})}:{MAIN}")
    other = new_student(tmp_path / "other", fresh.address)
    other.git("fetch", "--quiet", "--depth=1", fresh.address, first)
    assert other.git("cat-file", "-p", f"{first}:x") == b"1"


@pytest.mark.parametrize(
    "ref",
    [
        "refs/heads/feedback/hw01",
        "refs/heads/feedback",
        "refs/heads/Feedback/hw01",
        "refs/heads/feedback-base/hw01",
        "refs/heads/solutions/hw01",
        "refs/tags/collected/hw01",
        "refs/replace/1234",
        "refs/submissions/hw01/1",
    ],
)
def test_student_may_not_push_to_the_staffs_refs(ada, ref):
    commit = ada.commit({"x": b"1"})
    with pytest.raises(AssertionError, match=r"refused: .*(course staff's|neither a branch)"):
        ada.push(f"{commit}:{ref}")


def test_staff_may_push_feedback(fresh):
    fresh.push(f"{fresh.commit({'x': b'1'})}:refs/heads/feedback/hw01")


def test_name_that_is_not_utf8_is_refused(ada):
    commit = ada.commit({"x": b"1"})
    words = [b"git", f"--git-dir={ada.repository}".encode(), b"push", ada.address.encode()]
    done = subprocess.run(
        [*words, commit.encode() + b":refs/heads/\xff"], check=False, capture_output=True
    )
    assert b"is not UTF-8" in done.stderr


def test_too_many_refs_in_one_push_are_refused(ada):
    commit = ada.commit({"x": b"1"})
    with pytest.raises(AssertionError, match="101 branches and tags in one push"):
        ada.push(*(f"{commit}:refs/heads/b{number}" for number in range(101)))


def test_other_students_repository_is_refused(server, ada):
    with pytest.raises(AssertionError, match="403"):
        ada.git("ls-remote", with_login(server.repository_url("ben"), "ada", "a-word"))


def test_wrong_password_is_refused(server, ada):
    with pytest.raises(AssertionError, match="Authentication failed"):
        ada.git("ls-remote", with_login(server.repository_url("ada"), "ada", "b-word"))


@pytest.mark.parametrize(
    ("path", "login", "status"),
    [
        ("/ada.git/push-log", "ada:a-word", 403),
        ("/ada.git/push-log", "", 401),
        ("/ada.git/push-log", "nobody:", 401),
        ("/none.git/push-log", "staff:s-word", 404),
        ("/../ada.git/push-log", "staff:s-word", 404),
        ("/push-logs/../ada.git/push-log", "staff:s-word", 404),
        ("/%2e%2e/ada.git/push-log", "staff:s-word", 404),
        ("/ada.git/../ben.git/info/refs?service=git-upload-pack", "ada:a-word", 404),
        ("/ada.git/config", "ada:a-word", 404),
        ("/ada.git/objects/info/packs", "ada:a-word", 404),
        ("/ada.git/info/refs", "ada:a-word", 403),
        ("/ada.git/info/refs?service=git-evil", "ada:a-word", 403),
        ("/ada.git/git-upload-pack", "ada:a-word", 405),
    ],
)
def test_address_outside_the_few_served_is_refused(server, path, login, status):
    assert ask(server, path, login)[0] == status


def test_push_larger_than_allowed_is_refused(fresh):
    content = random.Random(1).randbytes(5 * 2**20)  # noqa: S311 - incompressible bytes
    commit = fresh.commit({"x": content})
    with pytest.raises(AssertionError):
        fresh.push(f"{commit}:{MAIN}")
    small = fresh.commit({"x": b"1"})
    fresh.push(f"{small}:{MAIN}")  # the server is well


def test_harmful_objects_are_refused_at_the_door(fresh):
    evil = fresh.raw_tree(("40000", b".git", fresh.tree({"config": b"x"})))
    with pytest.raises(AssertionError, match="hasDotgit"):
        fresh.push(f"{fresh.commit_tree(evil)}:{MAIN}")


def test_large_push_and_clone_stream(fresh, tmp_path):
    content = random.Random(2).randbytes(3 * 2**20)  # noqa: S311 - git sends this chunked
    fresh.push(f"{fresh.commit({'x': content})}:{MAIN}")
    other = new_student(tmp_path / "other", fresh.address)
    other.git("fetch", "--quiet", fresh.address, MAIN)
    assert other.git("cat-file", "blob", "FETCH_HEAD:x") == content


def test_gzip_request_is_understood(server, fresh):
    commit = fresh.commit({"x": b"1"})
    fresh.push(f"{commit}:{MAIN}")
    want = f"want {commit}\n"
    body = f"{len(want) + 4:04x}{want}00000009done\n".encode()
    path = "/" + fresh.address.rsplit("/", 1)[1] + "/git-upload-pack"
    headers = {
        "Content-Encoding": "gzip",
        "Content-Type": "application/x-git-upload-pack-request",
    }
    status, answer = ask(server, path, body=gzip.compress(body), headers=headers)
    assert status == 200
    assert b"PACK" in answer


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("Content-Length: many", b""),
        ("Transfer-Encoding: chunked", b"zz\r\nabc\r\n"),
        ("Transfer-Encoding: chunked", b"3\r\nabcdef\r\n"),
        ("Content-Length: 1000", b"short"),
    ],
)
def test_malformed_body_is_answered_and_the_server_goes_on(server, head, body):
    host, port = server.url.removeprefix("http://").split(":")
    login = b64encode(b"ada:a-word").decode()
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(
            f"POST /ada.git/git-receive-pack HTTP/1.1\r\nHost: x\r\n{head}\r\n"
            f"Content-Type: application/x-git-receive-pack-request\r\n"
            f"Authorization: Basic {login}\r\n\r\n".encode()
            + body
        )
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100)
    assert ask(server, "/ada.git/push-log")[0] == 200


def test_client_that_hangs_up_cannot_push_past_the_log(server, fresh):
    name = fresh.address.rsplit("/", 1)[1].removesuffix(".git")
    commit = fresh.commit({"x": b"1"})
    pack = fresh.git("pack-objects", "--stdout", "--revs", given=commit.encode() + b"\n")
    command = f"{NOTHING} {commit} {MAIN}\0report-status\n".encode()
    body = b"%04x%b0000%b" % (len(command) + 4, command, pack)
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        login = b64encode(b"staff:s-word").decode()
        connection.sendall(
            f"POST /{name}.git/git-receive-pack HTTP/1.1\r\nHost: x\r\n"
            f"Content-Type: application/x-git-receive-pack-request\r\n"
            f"Authorization: Basic {login}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
            + b"%x\r\n%b\r\nrubbish" % (len(body), body)
        )  # the whole push, no end of the request, and no wait for an answer
    end = time.monotonic() + 20
    while not log_of(server, name) and time.monotonic() < end:
        time.sleep(0.02)
    assert [entry.new for entry in log_of(server, name)] == [commit]
    assert fresh.git("ls-remote", fresh.address, MAIN).split()[0].decode() == commit


def test_repository_has_no_say_about_hooks_or_log(server, fresh):
    name = fresh.address.rsplit("/", 1)[1]
    repository = server.root / name
    (repository / "config").write_text(
        (repository / "config").read_text() + "[core]\n\thooksPath = /nonexistent\n"
    )
    fresh.push(f"{fresh.commit({'x': b'1'})}:{MAIN}")
    assert [json.loads(line)["ref"] for line in server.read_log(name[:-4]).splitlines()] == [MAIN]


def test_port_in_use_is_a_clear_error(server, tmp_path):
    port = int(server.url.rsplit(":", 1)[1])
    with pytest.raises(RepositoryError, match="choose another port"):
        GitServer(tmp_path, USERS, port)


@pytest.mark.parametrize("name", ["../x", "", "a/b", ".git", "-x", "a\nb"])
def test_repository_name_that_is_not_safe_is_refused(tmp_path, name):
    with pytest.raises(RepositoryError, match="is no name for a repository"):
        create_repository(tmp_path, name)


def test_creating_a_repository_twice_changes_nothing(tmp_path):
    first = create_repository(tmp_path, "ada")
    stamp = (first / "config").stat().st_mtime_ns
    assert create_repository(tmp_path, "ada") == first
    assert (first / "config").stat().st_mtime_ns == stamp
