"""Ways to a server of our own, for what is meant for a provider's own address and for what is not."""

from __future__ import annotations

import ssl

import httpx2

from tests.fakes.outcomes import OutcomeServer

_UNUSED_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Our servers speak without it; loading the certificates of the world each time would take most of a test."""


class Diverted(httpx2.HTTPTransport):
    """Carries what is meant for a provider to a server of our own."""

    def __init__(self, server: OutcomeServer) -> None:
        super().__init__(verify=_UNUSED_TLS)
        self._to = httpx2.URL(server.url)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.url = request.url.copy_with(scheme=self._to.scheme, host=self._to.host, port=self._to.port)
        return super().handle_request(request)


def undiverted() -> httpx2.HTTPTransport:
    """Carries requests where they are addressed to, which is a server of our own."""
    return httpx2.HTTPTransport(verify=_UNUSED_TLS)
