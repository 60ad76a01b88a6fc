"""Calls to the Bot API that tell "surely not sent" from "may have been sent", and never carry the token along."""

from __future__ import annotations

from typing import Any

import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import HTTPXRequest

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)
_GATEWAY_STATUSES = frozenset({502, 504})
"""Something between us and the server answers these when the server's own answer is missing."""
_SERVER_ERROR = 500


class CallNotSent(NetworkError):
    """No connection was made, so nothing was done."""


class CallAnswerMissing(NetworkError):
    """The request may have been read and its answer was not."""


class CallFailedThere(NetworkError):
    """The server answered that it failed."""


class CarefulRequest(HTTPXRequest):
    """Python-telegram-bot's own client with finer errors; their chain is cut, since it names the URL."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401  # the base class's own arguments, passed on as they are
        """As the base class does.

        Raises:
            CallNotSent, CallAnswerMissing, CallFailedThere
        """
        try:
            status, body = await super().do_request(*args, **kwargs)
        except (TimedOut, NetworkError) as error:
            kind = type(error.__cause__).__name__
            if isinstance(error.__cause__, _NOT_SENT):
                raise CallNotSent(kind) from None
            raise CallAnswerMissing(kind) from None
        if status in _GATEWAY_STATUSES:
            raise CallAnswerMissing(f"status {status}")
        if status >= _SERVER_ERROR:
            raise CallFailedThere(f"status {status}")
        return status, body
