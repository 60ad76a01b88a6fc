"""What a provider's server does with a request, and a real HTTP server that does it.

A server of one provider derives from :class:`OutcomeServer` and says what that provider's good answer and its
errors look like; how an answer travels, or fails to, is the same for all of them.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class Delivery(Enum):
    """How an answer travels."""

    WHOLE = "whole"
    SLOW_HEADERS = "nothing comes"
    TRICKLED_HEADERS = "a byte at a time, and the headers never end"
    SLOW_BODY = "a byte at a time, each soon enough for a time-out that starts anew with each"
    RESET = "the connection breaks in the middle of the body"
    CLOSED = "the connection ends before the answer starts"


@dataclass(frozen=True)
class Outcome:
    """What becomes of one request; without arguments it succeeds."""

    text: str | None = None
    """What the model says or hears; None for the server's own :attr:`OutcomeServer.text`."""
    alter: Callable[[dict[str, Any]], Any] | None = None
    """Makes another answer of the good one: a refusal, wrong types, one field more."""
    status: int = 200
    error_code: str = ""
    """The provider's own word for an error, such as ``insufficient_quota``."""
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    """The body itself, whatever it is."""
    delivery: Delivery = Delivery.WHOLE


GOOD = Outcome()


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    at: float
    """Monotonic seconds."""
    connection: int
    """The same number for requests on the same connection."""

    def json(self) -> dict[str, Any]:
        """The body as an object."""
        value: dict[str, Any] = json.loads(self.body)
        return value


class OutcomeServer:
    """A provider's server on a port of its own, as a context manager.

    Outcomes given to :meth:`next` are used up in order; then every request gets :attr:`outcome`. A request that
    breaks the provider's rules is answered with status 400 and kept in :attr:`problems`, whatever was planned.
    """

    text = ""
    """What the model says or hears where an outcome does not say."""
    trickle_seconds = 0.05

    def __init__(self) -> None:
        self.outcome = GOOD
        self.received: list[Received] = []
        self.problems: list[str] = []
        self._planned: deque[Outcome] = deque()
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def url(self) -> str:
        """Where it listens, without a path."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def next(self, *outcomes: Outcome) -> None:
        """Plan what becomes of the coming requests."""
        self._planned.extend(outcomes)

    def reset(self) -> None:
        """Forget everything received and planned."""
        self.outcome = GOOD
        self.received.clear()
        self.problems.clear()
        self._planned.clear()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.close_connections()
        self._server.server_close()
        self._thread.join()

    def problem_with(self, request: Received) -> str:
        """What the provider would refuse this request for; empty when nothing."""
        raise NotImplementedError

    def good_answer(self, request: Received, text: str) -> dict[str, Any]:
        """The provider's answer when all goes well."""
        raise NotImplementedError

    def error_answer(self, status: int, code: str) -> dict[str, Any]:
        """The provider's body for an error."""
        raise NotImplementedError

    def handle(self, request: Received) -> tuple[Outcome, bytes]:
        """The outcome of a request and the body to send."""
        with self._lock:
            self.received.append(request)
            planned = self._planned.popleft() if self._planned else self.outcome
        if problem := self.problem_with(request):
            self.problems.append(problem)
            return Outcome(status=400), json.dumps(self.error_answer(400, problem)).encode()
        if planned.raw is not None:
            return planned, planned.raw
        if planned.status != 200:
            return planned, json.dumps(self.error_answer(planned.status, planned.error_code)).encode()
        answer: Any = self.good_answer(request, self.text if planned.text is None else planned.text)
        return planned, json.dumps(planned.alter(answer) if planned.alter else answer).encode()

    def wait(self, seconds: float) -> bool:
        """Whether the server was closed within that time."""
        return self._closing.wait(seconds)


class _Server(ThreadingHTTPServer):
    """Ends its connections when it is closed, so that no thread outlives a test."""

    daemon_threads = False
    block_on_close = True

    def __init__(self, outcomes: OutcomeServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.outcomes = outcomes
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gives up is what many tests are about."""

    def close_connections(self) -> None:
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    """Reads one request after the other from a connection and lets the server decide."""

    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        connection = self.client_address[1]
        request = Received(self.command, self.path, headers, body, time.monotonic(), connection)
        self._deliver(*self.server.outcomes.handle(request))

    def do_GET(self) -> None:
        self.do_POST()

    def _deliver(self, outcome: Outcome, body: bytes) -> None:
        if outcome.delivery in {Delivery.SLOW_HEADERS, Delivery.CLOSED}:
            if outcome.delivery is Delivery.SLOW_HEADERS:
                self._wait_for_the_client_to_go()
            self.close_connection = True
            return
        if outcome.delivery is Delivery.TRICKLED_HEADERS:
            self._trickle(b"HTTP/1.1 200 OK\r\nX-Wait: " + b"." * 10_000)
            self.close_connection = True
            return
        self.send_response(outcome.status)
        for name, value in ({"Content-Type": "application/json"} | dict(outcome.headers)).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if outcome.delivery is Delivery.SLOW_BODY:
            self._trickle(body)
        elif outcome.delivery is Delivery.RESET:
            self._reset_after(body[: len(body) // 2])
        else:
            self.wfile.write(body)

    def _wait_for_the_client_to_go(self) -> None:
        self.connection.settimeout(0.02)
        while not self.server.outcomes.wait(0):
            with suppress(TimeoutError):
                if not self.connection.recv(1):
                    return

    def _trickle(self, body: bytes) -> None:
        for byte in body:
            self.wfile.write(bytes((byte,)))
            self.wfile.flush()
            if self.server.outcomes.wait(self.server.outcomes.trickle_seconds):
                return

    def _reset_after(self, part: bytes) -> None:
        self.wfile.write(part)
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Tests print nothing."""
