"""Where the push log comes from, and that the staff's password goes nowhere else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from autograder.course.model import Student
from autograder.errors import RepositoryError
from autograder.repositories.forge import HttpForge, open_forge
from autograder.repositories.server import GitServer, User, create_repository

ADA = Student("ada", "Ada", "ada@example.org", "https://git.example.org/ada.git")


class _Elsewhere(BaseHTTPRequestHandler):
    """A server that sends everybody to another path of its own, or fails."""

    def do_GET(self) -> None:
        if self.path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", "/log")
        else:
            self.send_response(500 if self.path.startswith("/broken") else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def elsewhere() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_log_of_a_real_server_is_read(tmp_path):
    create_repository(tmp_path, "ada")
    with GitServer(tmp_path, [User("staff", "word", is_staff=True)]) as server:
        student = replace(ADA, repository=server.repository_url("ada"))
        assert HttpForge("staff:word").push_log(student) == ()
        with pytest.raises(RepositoryError, match="set AUTOGRADER_GIT_TOKEN"):
            HttpForge().push_log(student)
        gone = replace(ADA, repository=f"{server.url}/gone.git")
        with pytest.raises(RepositoryError, match=r"is not there \(404\)"):
            HttpForge("staff:word").push_log(gone)


def test_redirected_log_is_not_believed(elsewhere):
    student = replace(ADA, repository=f"{elsewhere}/moved")
    with pytest.raises(RepositoryError, match="write the new address into the roster"):
        HttpForge("staff:word").push_log(student)


def test_broken_server_is_said(elsewhere):
    student = replace(ADA, repository=f"{elsewhere}/broken")
    with pytest.raises(RepositoryError, match="answered 500; look at the server"):
        HttpForge().push_log(student)


def test_server_that_is_not_there_is_said():
    with pytest.raises(RepositoryError, match="does not answer"):
        HttpForge().push_log(replace(ADA, repository="http://127.0.0.1:9/ada.git"))


@pytest.mark.parametrize("address", ["git@example.org:ada.git", "/srv/ada.git", "file:///x", "-x"])
def test_address_without_a_push_log_is_refused(address):
    with pytest.raises(RepositoryError, match="write an http or https address"):
        HttpForge().fetch_url(replace(ADA, repository=address))


@pytest.mark.parametrize("address", ["https://a:b@example.org/x.git", "https://example.org/x?y"])
def test_password_in_an_address_is_refused(address):
    with pytest.raises(RepositoryError, match="write the plain address"):
        HttpForge().fetch_url(replace(ADA, repository=address))


def test_address_that_cannot_be_read_is_refused():
    with pytest.raises(RepositoryError, match="cannot be read"):
        HttpForge().fetch_url(replace(ADA, repository="http://[::1/x.git"))


def test_token_goes_unencrypted_nowhere_but_to_this_host():
    far = replace(ADA, repository="http://git.example.org/ada.git")
    with pytest.raises(RepositoryError, match="unencrypted; write an https address"):
        HttpForge("staff:word").network(far)
    assert HttpForge().network(far).credential is None
    credential = HttpForge("staff:a:b").network(ADA).credential
    assert credential is not None
    assert (credential.base, credential.user, credential.password) == (
        "https://git.example.org/",
        "staff",
        "a:b",
    )


def test_token_comes_from_the_environment_or_a_private_file(tmp_path, monkeypatch):
    monkeypatch.delenv("AUTOGRADER_GIT_TOKEN", raising=False)
    assert open_forge(tmp_path) == HttpForge(None)
    file = tmp_path / "git-token"
    file.write_text("staff:word\n")
    file.chmod(0o644)
    with pytest.raises(RepositoryError, match="run: chmod 600"):
        open_forge(tmp_path)
    file.chmod(0o600)
    assert open_forge(tmp_path) == HttpForge("staff:word")
    monkeypatch.setenv("AUTOGRADER_GIT_TOKEN", "staff:other")
    assert open_forge(tmp_path) == HttpForge("staff:other")


def test_token_of_another_form_is_an_error_that_does_not_show_it(tmp_path, monkeypatch):
    monkeypatch.setenv("AUTOGRADER_GIT_TOKEN", "hunter2")
    with pytest.raises(RepositoryError, match="is not of the form name:password") as caught:
        open_forge(tmp_path)
    assert "hunter2" not in str(caught.value)
