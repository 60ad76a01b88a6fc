"""A mail server on this machine that keeps what it is given, and can misbehave."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast


class SmtpServer:
    """Listens from the start on; ``messages`` are those that it took, in order."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.answer_to: dict[str, bytes] = {}
        """What to answer to a verb instead, such as ``{"RCPT": b"550 no"}``; empty bytes hang up."""
        self.after_taking: Callable[[], None] = lambda: None
        """Called when a mail is kept and before the sender hears so."""
        self._server = socketserver.ThreadingTCPServer(
            ("127.0.0.1", 0), type("Conversation", (_Conversation,), {"owner": self})
        )
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Conversation(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    owner: SmtpServer

    def handle(self) -> None:
        with suppress(OSError):
            self.wfile.write(b"220 ready\r\n")
            while (line := self.rfile.readline()) and self._reply(line.strip()[:4].upper().decode()):
                pass

    def _reply(self, verb: str) -> bool:
        """Whether the conversation goes on."""
        answer = self.owner.answer_to.get(verb)
        if answer is None:
            answer = self._take() if verb == "DATA" else b"250 ok"
        if not answer:
            self.connection.shutdown(socket.SHUT_RDWR)
            return False
        self.wfile.write(answer + b"\r\n")
        return verb != "QUIT"

    def _take(self) -> bytes:
        self.wfile.write(b"354 go on\r\n")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if not line:
            return b""
        self.owner.messages.append(cast("EmailMessage", message_from_bytes(b"".join(lines), policy=default)))
        self.owner.after_taking()
        return self.owner.answer_to.get("END", b"250 taken")
