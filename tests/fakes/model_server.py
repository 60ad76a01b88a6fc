"""A server of model files for tests, laid out like Hugging Face: ranges, published checksums and what goes wrong."""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

_BLOCK = 2**20


@dataclass(frozen=True)
class Trouble:
    """What goes wrong with one request; without arguments nothing does."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    """Bytes after which the connection ends."""
    ignores_range: bool = False
    extra: bytes = b""
    """Sent after the file, by a server that does not tell its length."""


class ModelServer:
    """Serves the files of :attr:`files` by path, as a context manager; troubles are used up in order."""

    def __init__(self, files: Mapping[str, bytes | Path] | None = None) -> None:
        self.files: dict[str, bytes | Path] = dict(files or {})
        self.etags: dict[str, str] = {}
        """Sent as X-Linked-Etag; the others have an ETag of their own making."""
        self.asked: list[tuple[str, str]] = []
        """Path and Range of each request."""
        self.may_answer = threading.Event()
        self.may_answer.set()
        self._troubles: deque[Trouble] = deque()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.models = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def next(self, *troubles: Trouble) -> None:
        """Plan what becomes of the coming requests."""
        self._troubles.extend(troubles)

    def take(self) -> Trouble:
        """What becomes of this request."""
        return self._troubles.popleft() if self._troubles else Trouble()

    def content(self, path: str) -> bytes | None:
        """A file's bytes."""
        found = self.files.get(path)
        return found.read_bytes() if isinstance(found, Path) else found

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.may_answer.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    models: ModelServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gives up is what many tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        models = self.server.models
        asked = self.headers.get("Range", "")
        models.asked.append((self.path, asked))
        models.may_answer.wait(30)
        trouble = models.take()
        content = models.content(self.path)
        if trouble.status != 200 or content is None:
            self.send_response(404 if content is None else trouble.status)
            self._send_headers(trouble.headers | {"Content-Length": "0"})
            return
        start = int(asked.removeprefix("bytes=").partition("-")[0] or 0) if not trouble.ignores_range else 0
        self.send_response(206 if start else 200)
        headers = {"ETag": f'"{hashlib.md5(content).hexdigest()}"'} | dict(trouble.headers)
        if self.path in models.etags:
            headers["X-Linked-Etag"] = f'"{models.etags[self.path]}"'
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        if not trouble.extra:
            headers.setdefault("Content-Length", str(len(content) - start))
        self._send_headers(headers)
        end = len(content) if trouble.cut_after is None else start + trouble.cut_after
        with suppress(OSError):
            self.wfile.write(content[start:end] + trouble.extra)

    def _send_headers(self, headers: Mapping[str, str]) -> None:
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Tests print nothing."""
