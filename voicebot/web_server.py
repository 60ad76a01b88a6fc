"""Daphne, refusing a body that is too large as soon as that is known: ``python -m voicebot.web_server``.

Daphne hands a request on once its whole body has arrived, in a file where it is large. Without this, whoever
reaches the port could fill the disk. Forms are left to Django: the server would read them too, in the one thread
that serves everybody.
"""

from __future__ import annotations

import os
from functools import partial
from http import HTTPStatus
from io import BytesIO

import django
from daphne import server as daphne_server
from daphne.cli import CommandLineInterface
from daphne.http_protocol import HTTPFactory, WebRequest
from django.conf import settings
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Protocol
from typing_extensions import override

from voicebot.errors import ERROR_CODES

LINGER_SECONDS = 10.0
"""How long a client that goes on sending may do so; closing at once would take the answer from it unread."""


class LimitedRequest(WebRequest):  # type: ignore[misc]  # Daphne has no types
    """A request whose body is looked at while it arrives; what is refused is thrown away."""

    max_bytes = 0
    _seen = 0
    _is_refused = False

    @override
    def gotLength(self, length: int | None) -> None:
        """Called after the headers, with the length that they name."""
        if length is not None and length > self.max_bytes:
            self.content = BytesIO()
            self._refuse()
        else:
            super().gotLength(length)

    @override
    def handleContentChunk(self, data: bytes) -> None:
        """Called for each part of the body."""
        self._seen += len(data)
        if self._is_refused:
            return
        if self._seen > self.max_bytes:
            self._refuse()
        else:
            super().handleContentChunk(data)

    @override
    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        """Called when all has arrived."""
        if self._is_refused:
            self.channel.loseConnection()
        else:
            super().requestReceived(command, path, version)

    def _refuse(self) -> None:
        from voicebot.body_limit import error_json  # needs the applications loaded

        self._is_refused = True
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        body = error_json(ERROR_CODES["audio_too_large"](limit_megabytes=self.max_bytes // 2**20))
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: application/json\r\nConnection: close\r\n"
        self.channel.transport.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        self.channel.callLater(LINGER_SECONDS, self._end)

    def _end(self) -> None:
        if self.channel is not None:
            self.channel.forceAbortClient()


class LimitedFactory(HTTPFactory):  # type: ignore[misc]  # Daphne has no types
    """Makes connections whose requests are limited."""

    @override
    def buildProtocol(self, addr: IAddress) -> Protocol:
        """One connection."""
        protocol: Protocol = super().buildProtocol(addr)
        make_request = partial(LimitedRequest, parsePOSTFormSubmission=False)
        protocol.requestFactory = make_request  # type: ignore[attr-defined]  # Twisted sets it the same way
        return protocol


def main() -> None:
    """Run Daphne with its own arguments."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicebot.settings")
    django.setup()
    LimitedRequest.max_bytes = settings.MAX_BODY_BYTES
    daphne_server.HTTPFactory = LimitedFactory
    CommandLineInterface.entrypoint()


if __name__ == "__main__":
    main()
