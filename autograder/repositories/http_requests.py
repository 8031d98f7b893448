"""One HTTP request to the Git server: admit it, let git or the push log answer, or refuse."""

from __future__ import annotations

import json
import logging
import re
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, cast

from autograder.errors import RepositoryError
from autograder.repositories.access import Refusal, Request, User, admit, log_in
from autograder.repositories.backend import Answer, BodyError, read_body, run_backend
from autograder.repositories.bare import create_repository
from autograder.repositories.git import GitLimits

if TYPE_CHECKING:
    from autograder.repositories.server import GitServer

logger = logging.getLogger(__name__)

_BODY_S = 600.0
_ORDER_BYTES = 2**21  # a review of many comments; each text has a limit of its own
_ORDER_S = 60.0
_CLOSE = ("Connection", "close")


class HttpServer(ThreadingHTTPServer):
    """The listening socket; each connection has a thread."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], git_server: GitServer) -> None:
        super().__init__(address, Handler)
        self.git_server = git_server

    def handle_error(self, request: object, client_address: object) -> None:
        logger.info("%r of %s failed", request, client_address, exc_info=True)


class Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection, one after the other."""

    protocol_version = "HTTP/1.1"
    server_version = "autograder"
    sys_version = ""
    timeout = 60.0  # seconds of silence after which a connection ends
    _is_answered = False

    @property
    def git_server(self) -> GitServer:
        return cast(HttpServer, self.server).git_server

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:
        logger.debug("%s %s", self.address_string(), format % args)

    def _answer(self) -> None:
        user = log_in(self.headers.get("Authorization", ""), self.git_server.users)
        request = admit(user, self.command, self.path)
        if isinstance(request, Refusal) or user is None:
            self._refuse(request if isinstance(request, Refusal) else Refusal(401, "log in"))
        elif request.service == "repository":
            self._create(request)
        elif not self.git_server.has_repository(request.repository):
            self._refuse(Refusal(404, "no such repository"))
        elif request.service == "push-log":
            log = self.git_server.read_log(request.repository)
            self._send(200, log, "application/jsonl")
        elif request.service == "pulls":
            self._pulls(user, request)
        else:
            self._run_git(user, request)

    def _create(self, request: Request) -> None:
        """Make a repository for somebody whom the server knows."""
        if request.repository not in self.git_server.users:
            words = "nobody of this name; start the server again after a change of the roster"
            self._refuse(Refusal(404, words))
            return
        made = not self.git_server.has_repository(request.repository)
        create_repository(self.git_server.root, request.repository)
        self._send(201 if made else 200, b"{}\n", "application/json")

    def _pulls(self, user: User, request: Request) -> None:
        """Say the repository's pull requests and comments, or carry out one order on them."""
        store = self.git_server.pulls
        try:
            if self.command == "GET":
                self._send(200, _json(store.read(request.repository)), "application/json")
                return
            body = b"".join(read_body(self.rfile, self.headers, _ORDER_BYTES, _ORDER_S))
            order = json.loads(body)
            if not isinstance(order, dict):
                raise ValueError("the order is no JSON object")  # noqa: TRY004, TRY301 - as below
            now = self.git_server.now()
            done = store.order(request.repository, order, user.name, user.is_staff, now)
        except BodyError as error:
            self._refuse(Refusal(error.status, str(error)))
        except PermissionError as error:
            self._refuse(Refusal(403, str(error)))
        except (ValueError, RecursionError) as error:
            self._refuse(Refusal(422, str(error)))
        except RepositoryError as error:
            self._refuse(Refusal(500, str(error)))
        else:
            self._send(200, _json(done), "application/json")

    def _run_git(self, user: User, request: Request) -> None:
        environment = self.git_server.environment(user, request) | self._variables(request)
        max_mib = self.git_server.max_push_mib
        body = read_body(self.rfile, self.headers, max_mib * 2**20, _BODY_S)
        limits = GitLimits(cpu_s=300, file_mib=2 * max_mib)
        running = self.git_server.running
        self._is_answered = False
        try:
            with self.git_server.turn(request):
                fault = run_backend(environment, body, self._forward, limits, running)
        except BodyError as error:
            fault = error
        if not self._is_answered:
            self._refuse(Refusal(fault.status if fault else 500, str(fault or "git failed")))
        elif fault:
            self.close_connection = True

    def _variables(self, request: Request) -> dict[str, str]:
        """The CGI variables that repeat what the client said; each in one of its known forms.

        There is no CONTENT_LENGTH: with one, git's backend spins for ever on a body that breaks
        off. Without one it reads to the end, and the body's end is ours to find.
        """
        kind = self.headers.get("Content-Type", "")
        encoding = self.headers.get("Content-Encoding", "").lower()
        version = self.headers.get("Git-Protocol", "")
        return {
            "REQUEST_METHOD": self.command,
            "QUERY_STRING": request.query,
            "REMOTE_ADDR": str(self.client_address[0]),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_TYPE": kind if re.fullmatch(r"application/x-git-[a-z-]+", kind) else "",
            **({"HTTP_CONTENT_ENCODING": "gzip"} if encoding in ("gzip", "x-gzip") else {}),
            **({"GIT_PROTOCOL": version} if re.fullmatch(r"version=[0-2]", version) else {}),
        }

    def _forward(self, answer: Answer) -> None:
        """Send git's answer as it comes; a client that is gone stops the sending, not git."""
        self._is_answered = True
        is_chunked = self.request_version == "HTTP/1.1"
        try:
            self.send_response(answer.status)
            for key, value in answer.headers:
                if key.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(key, value)
            self.send_header(*(("Transfer-Encoding", "chunked") if is_chunked else _CLOSE))
            self.end_headers()
            for block in answer.body:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(block), block) if is_chunked else block)
            self.wfile.write(b"0\r\n\r\n" if is_chunked else b"")
        except OSError:
            self.close_connection = True

    def _refuse(self, refusal: Refusal) -> None:
        """Answer with an error; the connection ends, because the body has not been read."""
        self.close_connection = True
        with suppress(OSError):
            self._send(refusal.status, f"{refusal.message}\n".encode(), "text/plain; charset=utf-8")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="course", charset="UTF-8"')
        if self.close_connection:
            self.send_header(*_CLOSE)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _json(value: object) -> bytes:
    return json.dumps(value).encode() + b"\n"
