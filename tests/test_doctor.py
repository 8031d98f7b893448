"""What the doctor finds on this host, and what it says where something is missing."""

import shutil

import pytest

from autograder.doctor import INSTALL, Finding, examine, how_to_install
from autograder.grading.fork_server import close_server, has_sandbox

CONFIG = """
c.Calendar.timezone = "UTC"
c.Calendar.due = {"hw01_norms": "2019-01-29 16:00"}
"""


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    (root / "nbgrader_config.py").write_text(CONFIG)
    return {finding.name: finding for finding in examine(root)}


def test_each_thing_is_looked_at_once(findings):
    assert list(findings) == [
        "python",
        "git",
        "git http-backend",
        "bubblewrap",
        "sandbox",
        "system calls",
        "landlock",
        "cgroup",
        "nbgrader",
        "alembic",
        "cuda",
        "disk",
        "settings",
        "gradebook",
    ]


def test_what_is_there_is_seen(findings):
    assert findings["python"].is_ok
    assert findings["git"].is_ok
    assert findings["git"].seen[0].isdigit()
    assert "GiB free" in findings["disk"].seen
    assert findings["settings"].seen == "Deep Learning: 1 assignments, no roster yet"


def test_everything_says_how_to_get_it(findings):
    assert all(finding.advice for finding in findings.values() if not finding.is_ok)


@pytest.mark.jail
def test_the_trial_sandbox_is_cut_off(findings):
    if not has_sandbox():
        pytest.skip("this host cannot run bubblewrap")
    assert findings["sandbox"].is_ok
    assert findings["sandbox"].seen == "runs; network, files and processes of this host are cut off"


def test_without_programs_each_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    found = {finding.name: finding for finding in examine(None)}
    assert "settings" not in found
    for name in ("git", "bubblewrap", "sandbox", "nbgrader", "alembic"):
        assert not found[name].is_ok
        assert found[name].needed
    assert found["git"].seen == "not installed"
    assert found["git"].advice == "install git with this system's package manager"
    assert "bubblewrap is not installed" in found["sandbox"].seen


@pytest.mark.parametrize("manager", INSTALL)
def test_the_advice_is_in_the_words_of_the_hosts_package_manager(manager, tmp_path, monkeypatch):
    program = tmp_path / manager
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert how_to_install("bubblewrap") == INSTALL[manager].format("bubblewrap")


@pytest.mark.parametrize(
    ("script", "seen"),
    [
        ("echo git version 2.30.1", "2.30.1"),
        ("echo git version 2.39.5.windows.1", "2.39.5"),
        ("exit 1", "not installed"),
    ],
)
def test_a_git_that_is_too_old_is_not_enough(script, seen, tmp_path, monkeypatch):
    program = tmp_path / "git"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    git = next(finding for finding in examine(None) if finding.name == "git")
    assert git.seen == seen
    assert git.is_ok == (seen == "2.39.5")


def test_a_bubblewrap_that_does_not_start_is_said_so_with_its_words(tmp_path, monkeypatch):
    program = tmp_path / "bwrap"
    said = "bwrap: No permissions to create new namespace"
    program.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    sandbox = next(finding for finding in examine(None) if finding.name == "sandbox")
    assert not sandbox.is_ok
    assert sandbox.seen == f"the sandbox does not start ({said})"
    assert "ask whoever runs this host to allow unprivileged user namespaces" in sandbox.advice


@pytest.mark.jail
def test_a_sandbox_that_lets_things_through_is_no_sandbox(tmp_path, monkeypatch):
    if not has_sandbox():
        pytest.skip("this host cannot run bubblewrap")
    program = tmp_path / "bwrap"  # the real one, with a file of this host in it
    real = shutil.which("bwrap")
    program.write_text(f'#!/bin/sh\nexec {real} --ro-bind /etc/passwd /etc/passwd "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    sandbox = next(finding for finding in examine(None) if finding.name == "sandbox")
    close_server()
    assert not sandbox.is_ok
    assert sandbox.seen == "student code could see this host's files"


def test_settings_that_are_wrong_are_a_finding(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(CONFIG + "c.Policy.drop = -1")
    settings = next(finding for finding in examine(tmp_path) if finding.name == "settings")
    assert settings == Finding(
        "settings",
        False,
        "c.Policy.drop is -1; set an int of at least 0 (how many of a student's lowest assignments "
        "do not count)",
        "mend nbgrader_config.py or the roster",
    )
