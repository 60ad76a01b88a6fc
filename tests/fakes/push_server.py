"""A push service on this machine, and the browser behind it that opens what it is sent."""

from __future__ import annotations

import base64
import json
import os
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class PushServer:
    """Listens from the start on; ``shown`` is what the browser could open, in order."""

    def __init__(self) -> None:
        self.shown: list[dict[str, Any]] = []
        self.headers: list[Mapping[str, str]] = []
        self.answers: list[tuple[int, dict[str, str]] | None] = []
        """What to answer to the next calls instead of 201; None takes the notification and hangs up."""
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._secret = os.urandom(16)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Service", (_Service,), {"owner": self}))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def subscription(self) -> dict[str, Any]:
        """As the browser's ``toJSON()`` gives it."""
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": f"{self.origin}/send/1", "keys": {"p256dh": encode(point), "auth": encode(self._secret)}}

    def open(self, sealed: bytes) -> dict[str, Any]:
        """What only this browser can read."""
        content = http_ece.decrypt(sealed, private_key=self._key, auth_secret=self._secret, version="aes128gcm")
        opened: dict[str, Any] = json.loads(content)
        return opened

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Service(BaseHTTPRequestHandler):
    owner: PushServer

    def do_POST(self) -> None:
        sealed = self.rfile.read(int(self.headers["Content-Length"]))
        self.owner.headers.append(dict(self.headers))
        answer = self.owner.answers.pop(0) if self.owner.answers else (201, {})
        if answer is None or answer[0] == 201:
            self.owner.shown.append(self.owner.open(sealed))
        if answer is None:
            self.close_connection = True
            return
        self.send_response(answer[0])
        for name, value in {"Content-Length": "0", **answer[1]}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""
