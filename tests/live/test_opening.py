"""Who may open a socket."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.test import Client as WebClient

from tasks_app.models import User
from tests.live.conftest import Headers, make_communicator

HOST = (b"host", b"localhost:8000")
PAGE = (b"origin", b"http://localhost:8000")
SOCKETS = ("/ws/voice/", "/ws/tasks/")


@pytest.fixture
async def cookie(anna: User) -> tuple[bytes, bytes]:
    web = WebClient()
    await sync_to_async(web.force_login)(anna)
    return (b"cookie", f"{settings.SESSION_COOKIE_NAME}={web.cookies[settings.SESSION_COOKIE_NAME].value}".encode())


async def is_accepted(path: str, headers: Headers, subprotocols: list[str] | None = None) -> bool:
    communicator = make_communicator(path, headers, subprotocols)
    accepted, chosen = await communicator.connect(timeout=20)
    assert not (accepted and subprotocols) or chosen == "voicebot"
    await communicator.disconnect()
    return accepted


async def test_the_page_with_its_session(cookie: tuple[bytes, bytes]) -> None:
    for path in SOCKETS:
        assert await is_accepted(path, [HOST, PAGE, cookie])


async def test_no_other_page_not_even_with_the_session(cookie: tuple[bytes, bytes]) -> None:
    for origin in ("http://evil.example", "null", "http://localhost:9", "https://localhost.evil.example", "file://"):
        for path in SOCKETS:
            assert not await is_accepted(path, [HOST, (b"origin", origin.encode()), cookie]), origin


async def test_a_session_without_a_page_is_not_enough(cookie: tuple[bytes, bytes]) -> None:
    assert not await is_accepted("/ws/voice/", [HOST, cookie])


async def test_a_foreign_name_for_this_machine_is_refused(cookie: tuple[bytes, bytes]) -> None:
    for host in (b"evil.example", b"[", b"[::1", b""):
        headers = [(b"host", host), (b"origin", b"http://" + host), cookie]
        assert not await is_accepted("/ws/voice/", headers), host


async def test_a_token_in_each_of_its_places(token: str) -> None:
    assert await is_accepted("/ws/voice/", [HOST, (b"authorization", f"Token {token}".encode())])
    assert await is_accepted(f"/ws/voice/?token={token}", [HOST])
    assert await is_accepted("/ws/voice/", [HOST, PAGE], ["voicebot", f"token.{token}"])


async def test_a_wrong_token_is_refused() -> None:
    for wrong in ("", "x", "%00", "%F0%9F%98%80", "a" * 5000):
        assert not await is_accepted(f"/ws/voice/?token={wrong}", [HOST]), wrong


async def test_nobody_is_refused() -> None:
    assert not await is_accepted("/ws/voice/", [HOST, PAGE])


async def test_an_address_that_is_none_is_refused(token: str) -> None:
    assert not await is_accepted(f"/ws/nothing/?token={token}", [HOST])


async def test_a_person_who_was_shut_out_is_refused(anna: User, token: str) -> None:
    anna.is_active = False
    await sync_to_async(anna.save)()
    assert not await is_accepted(f"/ws/voice/?token={token}", [HOST])
