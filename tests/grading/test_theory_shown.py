"""The PDF with the theory, as the person who grades by hand meets it in formgrader."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.collect.wanted import SUBMITTED_THEORY
from autograder.grading.batch import grade_assignment
from autograder.settings import load_course
from tests.grading import small
from tests.grading.conftest import hand_in, nbgrader
from tests.grading.test_nbgrader_plugin import scores

pytestmark = pytest.mark.jail
PDF = b"%PDF-1.4\n%%EOF\n"
SCRIPT = b"<html><title>no</title><script>document.title='RAN'</script></html>"
HEAD = "Handed in with this notebook"


def with_theory(root: Path, student: str, content: bytes = PDF, *answers: str) -> None:
    hand_in(root, student, small.text(small.notebook(*answers)))
    (root / "submitted" / student / small.NAME / SUBMITTED_THEORY).write_bytes(content)


def autograded(root: Path, student: str) -> Path:
    return root / "autograded" / student / small.NAME


def sources(root: Path, student: str) -> list[str]:
    notebook = nbformat.read(autograded(root, student) / f"{small.NAME}.ipynb", as_version=4)
    return [cell.source for cell in notebook.cells]


def test_autograde_keeps_the_pdf_and_links_to_it(course_folder):
    with_theory(course_folder, "ada")
    hand_in(course_folder, "bob", small.text(small.notebook()))
    done = nbgrader(course_folder, "autograde", small.NAME)
    assert done.returncode == 0, done.stderr
    assert (autograded(course_folder, "ada") / SUBMITTED_THEORY).read_bytes() == PDF
    cells = sources(course_folder, "ada")
    assert HEAD in cells[0]
    place = next(i for i, text in enumerate(cells) if text.startswith("YOUR ANSWER HERE"))
    assert HEAD in cells[place - 1]
    assert sum(HEAD in text for text in cells) == 2
    assert not any(HEAD in text for text in sources(course_folder, "bob"))


def test_empty_answer_waits_for_a_person_where_a_pdf_may_hold_it(course_folder):
    with_theory(course_folder, "ada")
    hand_in(course_folder, "bob", small.text(small.notebook()))
    done = nbgrader(course_folder, "autograde", small.NAME)
    assert done.returncode == 0, done.stderr
    assert scores(course_folder) == {
        "ada": ({"norm": 0, "add": 0, "prose": None}, ["prose"]),
        "bob": ({"norm": 0, "add": 0, "prose": 0}, []),
    }


def test_new_pdf_is_shown_though_the_notebook_stays(course_folder):
    course = load_course(course_folder)
    hand_in(course_folder, "ada", small.text(small.notebook(small.NORM)))
    assert [one.status for one in grade_assignment(course, small.NAME, jobs=1)] == ["graded"]
    for content in (PDF, PDF + b"better"):
        with_theory(course_folder, "ada", content, small.NORM)
        assert [one.status for one in grade_assignment(course, small.NAME, jobs=1)] == ["graded"]
        assert (autograded(course_folder, "ada") / SUBMITTED_THEORY).read_bytes() == content
        assert [one.status for one in grade_assignment(course, small.NAME, jobs=1)] == ["unchanged"]
    (course_folder / "submitted" / "ada" / small.NAME / SUBMITTED_THEORY).unlink()
    assert [one.status for one in grade_assignment(course, small.NAME, jobs=1)] == ["graded"]
    assert not any(HEAD in text for text in sources(course_folder, "ada"))


@contextmanager
def jupyter(root: Path) -> Iterator[tuple[str, str]]:
    """A real Jupyter server in the course's folder: its address and its token."""
    token = secrets.token_hex(16)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    programs = Path(sys.executable).parent
    home = root.parent / "home"
    places = {
        name: str(home / name)
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")
    }
    with (root.parent / "jupyter.log").open("wb") as log:
        server = subprocess.Popen(
            [
                programs / "jupyter-server", "--no-browser", "--allow-root", "--ip=127.0.0.1",
                f"--port={port}", f"--IdentityProvider.token={token}",
                f"--ServerApp.root_dir={root}",
            ],
            cwd=root,
            env=os.environ | places | {"PATH": f"{programs}:{os.environ['PATH']}"},
            stdout=log,
            stderr=log,
        )  # fmt: skip
        try:
            _wait(f"http://127.0.0.1:{port}/api/status?token={token}", server)
            yield f"http://127.0.0.1:{port}", token
        finally:
            server.terminate()
            server.wait(20)


def _wait(address: str, server: subprocess.Popen) -> None:
    for _ in range(600):
        assert server.poll() is None, "the Jupyter server has ended"
        with suppress(OSError), urllib.request.urlopen(address, timeout=5):  # noqa: S310 - this host
            return
        time.sleep(0.1)
    raise AssertionError("the Jupyter server does not answer")


def submission_id(root: Path, student: str) -> str:
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        return str(gradebook.find_submission_notebook(small.NAME, small.NAME, student).id)


def fetch(address: str, token: str) -> tuple[str, dict[str, str], bytes]:
    own = {"Authorization": f"token {token}"}
    request = urllib.request.Request(address, headers=own)  # noqa: S310 - this host
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - this host
        return answer.url, dict(answer.headers.items()), answer.read()


def test_formgrader_opens_the_pdf_and_runs_nothing_of_it(course_folder):
    with_theory(course_folder, "ada")
    with_theory(course_folder, "bob", SCRIPT)  # as no collector of ours would lay it there
    hostile = small.notebook(prose=f'<a href="{SUBMITTED_THEORY}.html">a</a> <a href="x.pdf">b</a>')
    hand_in(course_folder, "cyd", small.text(hostile))
    done = nbgrader(course_folder, "autograde", small.NAME)
    assert done.returncode == 0, done.stderr
    with jupyter(course_folder) as (server, token):
        pages = {
            student: f"{server}/formgrader/submissions/{submission_id(course_folder, student)}"
            for student in ("ada", "bob", "cyd")
        }
        url, _, html = fetch(pages["ada"], token)
        links = re.findall(rb'<a href="([^"]*)" target="_blank">Handed in', html)
        assert links == [SUBMITTED_THEORY.encode()] * 2
        assert url == f"{pages['ada']}/"  # so that the link leads beneath it
        _, headers, content = fetch(f"{url}{SUBMITTED_THEORY}", token)
        assert (headers["Content-Type"], content) == ("application/pdf", PDF)
        assert headers["X-Content-Type-Options"] == "nosniff"
        _, headers, content = fetch(f"{pages['bob']}/{SUBMITTED_THEORY}", token)
        assert (headers["Content-Type"], content) == ("application/pdf", SCRIPT)
        assert headers["X-Content-Type-Options"] == "nosniff"
        # run as HTML, or shown as text, it would stand in the page
        assert b"RAN" not in _in_browser(f"{pages['bob']}/{SUBMITTED_THEORY}?token={token}")
        _, _, html = fetch(pages["cyd"], token)
        assert b'href="x.pdf"' not in html
        assert b".pdf.html" not in html
        with pytest.raises(urllib.error.HTTPError, match=r"404|403"):
            fetch(f"{pages['ada']}/../bob/{SUBMITTED_THEORY}", token)


def _in_browser(address: str) -> bytes:
    """What a real browser makes of it; a test of the headers alone where there is none."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        return b""
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with_profile = [browser, *options, "--virtual-time-budget=3000", "--dump-dom", address]
    return subprocess.run(with_profile, capture_output=True, check=False, timeout=60).stdout
