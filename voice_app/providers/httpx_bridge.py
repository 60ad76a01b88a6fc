"""A way through our own connections for libraries that insist on ``httpx``, httpx2's elder brother.

They get the same bounds on time and size as everybody else, and their failures are read where the headers still are.
"""

from __future__ import annotations

from http import HTTPStatus

import httpx
import httpx2

from voice_app.providers.failures import failure_of_status

_OF_THE_CONNECTION = frozenset({"host", "content-length", "accept-encoding", "connection", "transfer-encoding"})


class Bridge(httpx.BaseTransport):
    """Sends what an ``httpx`` client asks for; answers are read whole.

    Args:
        client: Made by :func:`voice_app.providers.http.new_client`.
        provider: As errors name it.
    """

    def __init__(self, client: httpx2.Client, provider: str) -> None:
        self._client = client
        self._provider = provider

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer to a request.

        Raises:
            voice_app.providers.errors.ProviderError: For a status that is no success.
            httpx2.RequestError: For trouble on the way.
        """
        answer = self._client.request(
            request.method,
            str(request.url),
            headers=_passed_on(request.headers.multi_items()),
            content=request.read(),
            timeout=request.extensions.get("timeout", {}).get("read"),
        )
        if answer.status_code >= HTTPStatus.MULTIPLE_CHOICES:
            raise failure_of_status(answer.status_code, provider=self._provider, headers=answer.headers)
        return httpx.Response(
            answer.status_code, headers=_passed_on(answer.headers.multi_items()), content=answer.content
        )


def _passed_on(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in _OF_THE_CONNECTION]
