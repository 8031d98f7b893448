"""A GitHub on this host: a real HTTP server whose every exchange is held to GitHub's description.

It has GitHub Enterprise's layout: the interface under /api/v3, repositories under /OWNER/NAME.git,
whose traffic goes on to a real git server.
"""

from __future__ import annotations

import base64
import http.client
import json
import re
import threading
import time
import traceback
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from autograder.repositories.push_log import parse_push_log
from autograder.repositories.server import GitServer, User
from tests.repositories.github.description import Description
from tests.repositories.github.make_description import OPERATIONS
from tests.repositories.github.records import NOT_FOUND, Answer
from tests.repositories.github.world import World

_GIT = re.compile(r"/([^/]+/[^/]+)\.git/(info/refs|git-upload-pack|git-receive-pack)")
_ROUTES = [
    (verb.upper(), path, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)))
    for verb, path in OPERATIONS
]


@dataclass
class Fault:
    """What the next `times` requests that match meet instead of, or after, the real answer.

    An empty `verb` matches all; the first `skip` that match are answered as they should.
    """

    verb: str
    path: str
    status: int = 0
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    times: int = 1
    skip: int = 0
    stall_s: float = 0.0
    is_done: bool = False  # carried out all the same: only the answer is lost


class FakeGitHub:
    """A context manager that answers while it is entered; `violations` must stay empty."""

    def __init__(
        self, description: Description, folder: Path, clock: Callable[[], datetime]
    ) -> None:
        users = [User("staff", "inside", is_staff=True)]
        self.git_server = GitServer(folder, users, clock=clock, check_objects=False)
        self.world = World(description, self.git_server, clock)
        self.description = description
        self.tokens: dict[str, str] = {}
        self.page_size = 100
        self.faults: list[Fault] = []
        self.violations: list[str] = []
        self.requests: list[tuple[str, str, int]] = []
        self.lock = threading.RLock()
        self._http = _Server(("127.0.0.1", 0), _handler(self))
        self._http.violations = self.violations
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self.git_server.__enter__()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
        self.git_server.__exit__()

    def count(self, verb: str, ending: str = "") -> int:
        """How many requests there were with this verb, to paths with this ending."""
        return sum(v == verb and path.endswith(ending) for v, path, _ in self.requests)

    def answer(
        self, verb: str, target: str, login: str | None, body: Any
    ) -> tuple[int, Any, dict[str, str]]:
        """Status, JSON and headers of the answer to a request of the interface."""
        path, _, words = target.partition("?")
        query = dict(urllib.parse.parse_qsl(words))
        template, names = _route(verb, path)
        if template is None:
            self.violations.append(f"{verb} {path} is not in the description")
            return *NOT_FOUND, {}
        self.violations += self.description.request_faults(verb, path, template, query, body)
        status, data, headers = self._decide(
            verb, path, login,
            lambda who: self.world.answer(template, verb, who, names, query, body),
        )  # fmt: skip
        if not isinstance(data, str):
            self.violations += self.description.answer_faults(
                verb, path, template, query, status, data
            )
        if isinstance(data, list) and status == 200:
            data, link = self._page(f"{self.url}/api/v3{path}", query, data)
            headers |= link
        self.requests.append((verb, path, status))
        return status, data, headers

    def _decide(
        self, verb: str, path: str, login: str | None, work: Callable[[str], Answer]
    ) -> tuple[int, Any, dict[str, str]]:
        matching = (f for f in self.faults if f.verb in ("", verb) and path.endswith(f.path))
        fault = next(matching, None)
        if fault and fault.skip:
            fault.skip -= 1
            fault = None
        if fault:
            fault.times -= 1
            if fault.times == 0:
                self.faults.remove(fault)
        if fault is None or fault.is_done:
            status, data = work(login) if login else (401, {"message": "Bad credentials"})
            if fault is None:
                return status, data, {}
        time.sleep(fault.stall_s)
        return fault.status, fault.body, dict(fault.headers)

    def _page(
        self, url: str, query: dict[str, str], entries: list[Any]
    ) -> tuple[list[Any], dict[str, str]]:
        """One page. The activity's pages are named by a cursor, all others by numbers."""
        key = "after" if url.endswith("/activity") else "page"
        size = min(self.page_size, int(query.get("per_page", "30")))
        page = int(query.get(key, "1").removeprefix("cursor"))
        rest = entries[page * size :]
        following = f"cursor{page + 1}" if key == "after" else str(page + 1)
        words = urllib.parse.urlencode(query | {key: following})
        link = {"Link": f'<{url}?{words}>; rel="next", <{url}>; rel="first"'} if rest else {}
        return entries[(page - 1) * size : page * size], link

    def forward(
        self, verb: str, target: str, login: str | None, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, bytes, str]:
        """Git's own traffic: handed on to the git server, pushes written down under `login`."""
        path, _, query = target.partition("?")
        found = _GIT.fullmatch(path)
        role = self.world.role(found[1], login) if found and login else None
        if found is None or role is None:
            return (
                (404, b"Repository not found.", "text/plain") if login else (401, b"", "text/plain")
            )
        repository = self.world.repositories[found[1].lower()]
        is_held = self.world.forbids(repository, "update", "refs/heads/feedback/x")
        user = "staff"
        if role != "admin" and is_held:  # the git server's own hooks keep feedback from students
            user = repository.directory
            self.git_server.users[user] = User(user, "inside")
        code = base64.b64encode(f"{user}:inside".encode()).decode()
        kept = {k: v for k, v in headers.items() if k.lower() in _FORWARDED}
        with self.lock:
            host = self.git_server.url.removeprefix("http://")
            connection = http.client.HTTPConnection(host, timeout=30)
            place = f"/{repository.directory}.git/{found[2]}" + (f"?{query}" if query else "")
            connection.request(verb, place, body, kept | {"Authorization": f"Basic {code}"})
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            pushed = len(parse_push_log(self.git_server.read_log(repository.directory)))
            repository.pushers += [str(login)] * (pushed - len(repository.pushers))
        return answer.status, content, answer.headers.get("Content-Type", "")

    def login_of(self, authorization: str) -> str | None:
        """Whose token the header carries: a bearer's, or git's name and password."""
        scheme, _, word = authorization.partition(" ")
        if scheme.lower() == "basic":
            word = base64.b64decode(word).decode().partition(":")[2]
        return self.tokens.get(word)


class _Server(ThreadingHTTPServer):
    """A request that the fake itself fails on counts as a violation."""

    daemon_threads = True
    violations: list[str]

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        self.violations.append(traceback.format_exc())


_FORWARDED = ("content-type", "content-encoding", "accept", "git-protocol")


def _route(verb: str, path: str) -> tuple[str | None, dict[str, str]]:
    for known, template, pattern in _ROUTES:
        match = pattern.fullmatch(path)
        if known == verb and match:
            return template, match.groupdict()
    return None, {}


def _handler(github: FakeGitHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30
        wbufsize = 65536  # head and body in one packet: apart, each answer takes 40 ms more

        def _do(self) -> None:
            body = self._body()
            login = github.login_of(self.headers.get("Authorization", ""))
            if not self.path.startswith("/api/v3/"):
                answer = github.forward(self.command, self.path, login, body, dict(self.headers))
                self._send(*answer, {"WWW-Authenticate": 'Basic realm="GitHub"'})
                return
            sent = json.loads(body) if body else None
            target = self.path.removeprefix("/api/v3")
            with github.lock:
                status, data, headers = github.answer(self.command, target, login, sent)
            now = format_datetime(github.world.clock(), usegmt=True)
            content = (
                data if isinstance(data, str) else json.dumps(data) if data is not None else ""
            )
            kind = "text/html" if isinstance(data, str) else "application/json; charset=utf-8"
            self._send(status, content.encode(), kind, {"Date": now} | headers)

        do_GET = do_POST = do_PUT = do_PATCH = _do  # noqa: N815 - the library's names

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            blocks = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                blocks.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(blocks)

        def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str]) -> None:
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if body:
                self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
                self.wfile.flush()
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the client did not wait

        def log_message(self, format: str, *args: object) -> None: ...

    return Handler
