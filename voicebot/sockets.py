"""Who may open a WebSocket; decided before it is accepted.

A browser always names the page that a socket comes from. A page of this site may come with its session
cookie or a token. A program that names no page must bring a token, since a cookie alone could be used by
any page that a person happens to visit.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from urllib.parse import parse_qs, urlsplit

import structlog
from channels.auth import AuthMiddlewareStack, get_user
from channels.db import database_sync_to_async
from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import split_domain_port, validate_host

from voicebot.api_auth import token_of_text
from voicebot.models import Scope as TokenScope
from voicebot.open_sockets import Application, Receive, Scope, Send, serve_while

SUBPROTOCOL = "voicebot"
"""What the server picks when a client offers it."""
TOKEN_SUBPROTOCOL_PREFIX = "token."  # noqa: S105  # the prefix of a subprotocol's name, not a secret

log = structlog.get_logger(__name__)


class SocketGuard:
    """ASGI middleware: denies the handshake (403) unless the origin, the person and the token's scopes are right.

    The inner application finds the person in ``scope["user"]``. What it speaks over closes soon after the token ended
    or was taken back, or the session was ended.

    Args:
        application: What answers once somebody may come in.
        scopes: What a token needs, by the path of the socket; a path that is not there lets no token in.
    """

    def __init__(self, application: Application, scopes: Mapping[str, TokenScope]) -> None:
        self._application = application
        self._scopes = scopes
        self._with_session = AuthMiddlewareStack(_RequireUser(application))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the connection on, or deny it."""
        origin, text = _header(scope, b"origin"), token_of(scope)
        if not _is_own_host(scope) or (origin and not is_own_origin(scope, origin)):
            log.info("socket_denied", reason="origin", origin=origin[:100])
            await WebsocketDenier()(scope, receive, send)
        elif text:
            await self._call_with_token(text, scope, receive, send)
        elif origin:
            await self._with_session(scope, receive, send)
        else:
            await WebsocketDenier()(scope, receive, send)

    async def _call_with_token(self, text: str, scope: Scope, receive: Receive, send: Send) -> None:
        token = await database_sync_to_async(token_of_text)(text)
        if token is None or self._scopes.get(scope["path"]) not in token.grant.scopes:
            log.info("socket_denied", reason="token" if token is None else "scope")
            await WebsocketDenier()(scope, receive, send)
            return

        async def is_alive() -> bool:
            return await database_sync_to_async(token_of_text)(text) is not None

        await serve_while(is_alive, self._application, {**scope, "user": token.user}, receive, send)


class _RequireUser:
    """Denies whoever has no session."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["user"].is_authenticated:
            await WebsocketDenier()(scope, receive, send)
            return
        engine, key = import_module(settings.SESSION_ENGINE), scope["session"].session_key

        async def is_signed_in() -> bool:
            user = await get_user({**scope, "session": engine.SessionStore(key)})
            return bool(user.is_authenticated)

        await serve_while(is_signed_in, self._application, scope, receive, send)


def token_of(scope: Scope) -> str:
    """The API token that a client brought, from wherever its kind of client can put one; else empty.

    Programs use the ``Authorization: Token ...`` header, browsers on other machines the ``token.<token>``
    subprotocol, and simple tools the ``token`` query parameter.
    """
    kind, _, value = _header(scope, b"authorization").partition(" ")
    if kind.lower() == "token" and value:
        return value.strip()
    for offered in scope.get("subprotocols", []):
        if offered.startswith(TOKEN_SUBPROTOCOL_PREFIX):
            return str(offered.removeprefix(TOKEN_SUBPROTOCOL_PREFIX))
    query = parse_qs(scope.get("query_string", b"").decode("latin1"))
    return str(query.get("token", [""])[0])


def accepted_subprotocol(scope: Scope) -> str | None:
    """What to answer to the subprotocols that were offered; never the one that holds a token."""
    return SUBPROTOCOL if SUBPROTOCOL in scope.get("subprotocols", []) else None


def is_own_origin(scope: Scope, origin: str) -> bool:
    """Whether a page of this site opened the socket: same host and port as asked for, or a trusted origin."""
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    return urlsplit(origin).netloc.lower() == _header(scope, b"host").lower()


def _is_own_host(scope: Scope) -> bool:
    """Whether the name asked for is ours; a foreign name that points here could pose as the same origin."""
    host, _port = split_domain_port(_header(scope, b"host"))
    return bool(host) and validate_host(host, settings.ALLOWED_HOSTS)


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin1") for key, value in scope.get("headers", []) if key == name), "")
