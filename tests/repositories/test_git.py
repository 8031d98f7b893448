"""The wrapper of git: clean environment, limits, errors that say what to do and no secrets."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from autograder.errors import RepositoryError
from autograder.repositories.git import (
    Credential,
    GitLimits,
    Network,
    clean_environment,
    git,
    limited,
    printable,
)
from autograder.repositories.server import GitServer, User, create_repository


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return create_repository(tmp_path, "own")


def test_output_and_input_are_bytes(repository):
    oid = git("hash-object", "-w", "--stdin", repository=repository, given=b"\xff\0").decode()
    assert git("cat-file", "blob", oid.strip(), repository=repository) == b"\xff\0"


def test_failure_has_gits_exit_status_and_words(repository):
    with pytest.raises(RepositoryError, match="git cat-file failed \\(128\\): fatal: ") as caught:
        git("cat-file", "blob", "nothing", repository=repository)
    assert caught.value.returncode == 128


def test_users_settings_do_not_reach_git(tmp_path, monkeypatch, repository):
    config = tmp_path / ".gitconfig"
    config.write_text("[user]\n\tname = from home\n")
    for name, value in (("HOME", str(tmp_path)), ("GIT_CONFIG_GLOBAL", str(config))):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GIT_DIR", "/elsewhere")
    assert b"from home" not in git("config", "--list", repository=repository)


def test_hooks_of_a_repository_do_not_run(repository):
    hook = repository / "hooks" / "reference-transaction"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\ntouch ran\n")
    hook.chmod(0o755)
    oid = git("hash-object", "-w", "--stdin", repository=repository).decode().strip()
    git("update-ref", "refs/tags/x", oid, repository=repository)
    assert not list(repository.rglob("ran"))
    assert not Path("ran").exists()


def test_call_that_takes_too_long_is_ended(repository):
    with pytest.raises(RepositoryError, match=r"git wait took more than 0\.5 s and was ended"):
        git("-c", "alias.wait=!sleep 60", "wait", repository=repository, limits=GitLimits(0.5))


def test_call_is_cancelled(repository):
    cancelled = threading.Event()
    cancelled.set()
    limits = GitLimits(cancelled=cancelled)
    with pytest.raises(RepositoryError, match="git wait was cancelled"):
        git("-c", "alias.wait=!sleep 60", "wait", repository=repository, limits=limits)


def test_file_that_grows_too_large_is_stopped(repository):
    words = ("hash-object", "-w", "--stdin")
    content = bytes(range(256)) * 2**14
    with pytest.raises(RepositoryError):
        git(
            "-c",
            "core.compression=0",
            *words,
            repository=repository,
            given=content,
            limits=GitLimits(file_mib=1),
        )


def test_limits_stand_before_the_command():
    words = limited(["git", "x; touch y"], GitLimits(cpu_s=7, file_mib=1, memory_mib=2))
    assert words[3:] == ["git", "2048", "7", "2048", "git", "x; touch y"]


def test_protocols_other_than_http_are_closed(tmp_path, repository):
    with pytest.raises(RepositoryError, match="transport 'file' not allowed"):
        git("ls-remote", "--", f"file://{repository}", network=Network())
    with pytest.raises(RepositoryError, match="transport 'http' not allowed"):
        git("ls-remote", "--", "http://127.0.0.1:9/x.git")


def test_credential_travels_in_the_environment_and_never_in_a_message(tmp_path):
    create_repository(tmp_path, "ada")
    with GitServer(tmp_path, [User("ada", "open-sesame")]) as server:
        url = server.repository_url("ada")
        good = Credential(f"{server.url}/", "ada", "open-sesame")
        assert git("ls-remote", "--", url, network=Network(good)) == b""
        bad = Credential(f"{server.url}/", "ada", "hunter2")
        with pytest.raises(RepositoryError, match="check AUTOGRADER_GIT_TOKEN") as caught:
            git("ls-remote", "--", url, network=Network(bad))
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(bad)
    assert good.header in clean_environment(Network(good))["GIT_CONFIG_VALUE_0"]


def test_server_that_is_not_there_is_said():
    with pytest.raises(RepositoryError, match="the server cannot be reached"):
        git("ls-remote", "--", "http://127.0.0.1:9/x.git", network=Network())


def test_git_that_is_not_installed_is_said(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(RepositoryError, match="git is not installed"):
        git("--version")


def test_strangers_text_is_made_printable():
    assert printable("a\x1b[2Jb\n\x00é") == "a\\x1b[2Jb\\n\\x00é"
    assert printable("x" * 10, 4) == "xxxx..."
