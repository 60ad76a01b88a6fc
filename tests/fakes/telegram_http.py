"""The HTTP side of the Bot API server of the tests."""

from __future__ import annotations

import json
import socket
import struct
from contextlib import suppress
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from tests.fakes.telegram_methods import Methods
from tests.fakes.telegram_values import Failure


class BotApiServer(ThreadingHTTPServer):
    """Its connections can be ended, as when a server dies."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *args: Any) -> None:
        self._connections: set[socket.socket] = set()
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, _request: Any, _client_address: Any) -> None:
        """A client that was killed is no error here."""

    def end_connections(self) -> None:
        """End those that clients keep open."""
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class BotApiHandler(BaseHTTPRequestHandler):
    """Calls and files of one server's chats."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    telegram: Methods

    def do_POST(self) -> None:
        """A call."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        token, _slash, method = self.path.removeprefix("/bot").partition("/")
        params = _params(self.headers.get("Content-Type", ""), body)
        if token != self.telegram.token:
            self._answer(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
            return
        answer = self.telegram.handle(method, params)
        if answer is None:
            self._break()
        else:
            self._answer(*answer)

    def do_GET(self) -> None:
        """A call without parameters, or a file."""
        if not self.path.startswith("/file/bot"):
            self.do_POST()
            return
        token, _slash, path = self.path.removeprefix("/file/bot").partition("/")
        found = self.telegram.file(path) if token == self.telegram.token else Failure(401, "Unauthorized")
        if isinstance(found, bytes):
            self._send(200, found, "application/octet-stream")
        elif found.is_reset:
            self._break()
        else:
            self._answer(found.status, {"ok": False, "error_code": found.status, "description": found.description})

    def log_message(self, *_args: Any) -> None:
        """Keep quiet."""

    def _answer(self, status: int, payload: dict[str, Any] | bytes) -> None:
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        self._send(status, body, "application/json")

    def _send(self, status: int, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def _break(self) -> None:
        """End the connection with a reset, without an answer."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True


def _params(content_type: str, body: bytes) -> dict[str, Any]:
    """The parameters of a call; a file is its name and its content."""
    if "json" in content_type:
        return dict(json.loads(body or b"{}"))
    if not content_type.startswith("multipart/"):
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    params: dict[str, Any] = {}
    for part in message_from_bytes(head + body, policy=HTTP).iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        params[str(name)] = (part.get_filename(), content) if part.get_filename() else content.decode()
    return params
