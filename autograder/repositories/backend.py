"""One call of `git http-backend`: a request's body streamed in, the answer's head and body out."""

from __future__ import annotations

import contextlib
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from io import BufferedIOBase
from typing import IO

from autograder.repositories.git import GitLimits, git_program, kill_group, limited

BLOCK = 64 * 1024
_HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]{1,15}")
_LINE = 16 * 1024  # the longest line of a head, of a chunk's size, or of a trailer


class BodyError(ValueError):
    """The request's body breaks the rules of HTTP or the server's own; `status` is the answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """What the backend says: the HTTP status, the headers, and the body block by block."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: Iterator[bytes]


def read_body(
    stream: BufferedIOBase, headers: Message, max_bytes: int, timeout_s: float
) -> Iterator[bytes]:
    """The blocks of a request's body, of known length or chunked, as they arrive.

    Raises:
        BodyError: it is malformed (400), larger than `max_bytes` (413), or too slow (408).
    """
    end = time.monotonic() + timeout_s
    total = 0
    is_chunked = headers.get("Transfer-Encoding", "").strip().lower() == "chunked"
    for block in _chunks(stream) if is_chunked else _known_length(stream, headers):
        total += len(block)
        if total > max_bytes:
            raise BodyError(413, f"the request is larger than {max_bytes // 2**20} MiB")
        if time.monotonic() > end:
            raise BodyError(408, f"the request took longer than {timeout_s:g} s")
        yield block


def run_backend(
    environment: Mapping[str, str],
    body: Iterator[bytes],
    respond: Callable[[Answer], None],
    limits: GitLimits,
    running: set[subprocess.Popen[bytes]],
) -> BodyError | None:
    """Start git's backend, feed it `body`, and hand its answer to `respond`.

    The backend is never killed because a client went away or sent rubbish: its input is closed
    instead, and it comes to its own end. Otherwise a client could end it after a branch has moved
    and before the push is logged. What was wrong with the body is returned.
    """
    with subprocess.Popen(  # noqa: S603 - git's own program, found by git, and no words of a client
        limited([git_program(), "http-backend"], limits),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=dict(environment),
        start_new_session=True,
    ) as process:
        running.add(process)
        try:
            return _converse(process, body, respond)
        finally:
            running.discard(process)


def end_backends(running: set[subprocess.Popen[bytes]], grace_s: float) -> None:
    """Let the backends that still run finish for `grace_s` seconds, then end them."""
    end = time.monotonic() + grace_s
    for process in tuple(running):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, end - time.monotonic()))
            continue
        kill_group(process)


def _converse(
    process: subprocess.Popen[bytes], body: Iterator[bytes], respond: Callable[[Answer], None]
) -> BodyError | None:
    faults: list[BodyError] = []
    stdin, stdout = process.stdin, process.stdout
    assert stdin is not None  # noqa: S101 - both are pipes
    assert stdout is not None  # noqa: S101
    feeder = threading.Thread(target=_feed, args=(stdin, body, faults))
    feeder.start()
    try:
        head = _read_head(stdout)
        if head and not faults:
            respond(Answer(*head, _blocks(stdout)))
    finally:
        for _ in _blocks(stdout):  # what the client did not wait for
            pass
        feeder.join()
        process.wait()
    return faults[0] if faults else None


def _feed(stdin: IO[bytes], body: Iterator[bytes], faults: list[BodyError]) -> None:
    """Copy the body to the backend; a backend that stops reading is fine, it has its reasons."""
    try:
        for block in body:
            with contextlib.suppress(BrokenPipeError):
                stdin.write(block)
    except BodyError as error:
        faults.append(error)
    except OSError as error:
        faults.append(BodyError(400, f"the request broke off: {error}"))
    finally:
        with contextlib.suppress(BrokenPipeError):
            stdin.close()


def _read_head(stdout: IO[bytes]) -> tuple[int, tuple[tuple[str, str], ...]] | None:
    """Status and headers of a CGI answer; None where the backend said nothing."""
    status, headers = 200, list[tuple[str, str]]()
    while line := stdout.readline(_LINE):
        name, _, value = line.decode("latin-1").strip().partition(":")
        if not name:
            return status, tuple(headers)
        if name.lower() == "status":
            status = int(value.split()[0])
        else:
            headers.append((name, value.strip()))
    return None


def _blocks(stdout: IO[bytes]) -> Iterator[bytes]:
    while block := stdout.read1(BLOCK):  # pyright: ignore[reportAttributeAccessIssue] - buffered
        yield block


def _known_length(stream: BufferedIOBase, headers: Message) -> Iterator[bytes]:
    text = headers.get("Content-Length", "0").strip()
    if not text.isascii() or not text.isdigit():
        raise BodyError(400, "Content-Length is no number")
    yield from _exactly(stream, int(text))


def _chunks(stream: BufferedIOBase) -> Iterator[bytes]:
    while size := _chunk_size(stream):
        yield from _exactly(stream, size)
        if stream.readline(_LINE) not in (b"\r\n", b"\n"):
            raise BodyError(400, "a chunk does not end where it should")
    while stream.readline(_LINE).strip():  # trailers
        pass


def _chunk_size(stream: BufferedIOBase) -> int:
    text = stream.readline(_LINE).partition(b";")[0].strip()
    if not _HEXADECIMAL.fullmatch(text):
        raise BodyError(400, "a chunk has no size")
    return int(text, 16)


def _exactly(stream: BufferedIOBase, size: int) -> Iterator[bytes]:
    while size:
        block = stream.read(min(size, BLOCK))
        if not block:
            raise BodyError(400, "the request breaks off")
        size -= len(block)
        yield block
