"""Keeps a socket open only as long as what opened it would still let somebody in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

CLOSE_NOT_SIGNED_IN = 4401
"""The token ended or was taken back, or the session was ended."""

log = structlog.get_logger(__name__)


async def serve_while(
    is_allowed: Callable[[], Awaitable[bool]], application: Application, scope: Scope, receive: Receive, send: Send
) -> None:
    """Run the application; close its socket within ``SOCKET_CHECK_SECONDS`` after it is allowed no longer.

    From then on nothing passes in either direction, but for the end of the connection.

    Args:
        is_allowed: Asked again and again.
        application: What speaks over the socket.
        scope: As ASGI has it.
        receive: As ASGI has it.
        send: As ASGI has it.
    """
    over = asyncio.Event()

    async def hear() -> Any:  # noqa: ANN401  # ASGI's messages
        while True:
            message = await receive()
            if not over.is_set() or message["type"] == "websocket.disconnect":
                return message

    async def tell(message: Any) -> None:  # noqa: ANN401  # ASGI's messages
        if over.is_set():
            return
        if message["type"] == "websocket.close":
            over.set()
        await send(message)

    async def watch() -> None:
        is_still = True
        while is_still:
            await asyncio.sleep(settings.SOCKET_CHECK_SECONDS)
            is_still = await _is_still(is_allowed)
        log.info("socket_closed", reason="not_signed_in", path=scope["path"])
        await tell({"type": "websocket.close", "code": CLOSE_NOT_SIGNED_IN})

    watching = asyncio.create_task(watch())
    try:
        await application(scope, hear, tell)
    finally:
        watching.cancel()


async def _is_still(is_allowed: Callable[[], Awaitable[bool]]) -> bool:
    """What was allowed stays so while nobody can be asked."""
    try:
        return await is_allowed()
    except DatabaseError:
        log.warning("socket_check_failed")
        return True
