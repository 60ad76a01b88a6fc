"""Refuses a request body that is too large before Django reads any of it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from voicebot.api_errors import error_body
from voicebot.errors import AppError, ErrorCategory, new_reference

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class RequestTooLarge(AppError):
    """The body has more bytes than any request here needs; ``details['limit_megabytes']``."""

    code = "request_too_large"
    http_status = 413
    category = ErrorCategory.INVALID


@dataclass(frozen=True)
class BodyLimit:
    """The most bytes that a request may have, and what to answer when it has more."""

    max_bytes: int
    error: Callable[[], AppError]


class LimitedBody:
    """ASGI middleware for HTTP: one limit for forms, which may carry files, and one for everything else.

    A body that names its length is refused at once. One that does not is cut off at the limit, which the
    application sees as a client that went away.
    """

    def __init__(self, application: Application, *, forms: BodyLimit, others: BodyLimit) -> None:
        self._application = application
        self._forms = forms
        self._others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 413."""
        headers = dict(scope.get("headers", []))
        is_form = headers.get(b"content-type", b"").lower().startswith(b"multipart/")
        limit = self._forms if is_form else self._others
        length = headers.get(b"content-length", b"")
        if length.isdigit() and int(length) > limit.max_bytes:
            await _refuse(limit, send)
        elif length:
            await self._application(scope, receive, send)
        else:
            await _Counted(limit, receive, send).run(self._application, scope)


class _Counted:
    """One request whose length is only known by counting."""

    def __init__(self, limit: BodyLimit, receive: Receive, send: Send) -> None:
        self._limit, self._receive, self._send = limit, receive, send
        self._seen = 0
        self._is_refused = False

    async def run(self, application: Application, scope: Scope) -> None:
        await application(scope, self._count, self._pass_on)

    async def _count(self) -> Message:
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        if self._seen <= self._limit.max_bytes:
            return message
        if not self._is_refused:
            self._is_refused = True
            await _refuse(self._limit, self._send)
        return {"type": "http.disconnect"}

    async def _pass_on(self, message: Message) -> None:
        if not self._is_refused:
            await self._send(message)


def error_json(error: AppError) -> bytes:
    """An error in the one shape, for an answer that does not come from a view."""
    return json.dumps(error_body(error, new_reference())).encode()


async def _refuse(limit: BodyLimit, send: Send) -> None:
    error = limit.error()
    body = error_json(error)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": error.http_status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
