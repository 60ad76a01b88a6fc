"""A socket lives no longer than what opened it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings as django_settings
from django.test import Client as WebClient
from django.utils import timezone
from knox.models import AuthToken

from tasks_app.models import User
from tests.live.conftest import Connect, make_communicator
from voicebot.models import Scope, TokenGrant
from voicebot.open_sockets import CLOSE_NOT_SIGNED_IN

HOST = (b"host", b"localhost")


@pytest.fixture(autouse=True)
def quick_checks(settings: Any) -> None:
    settings.SOCKET_CHECK_SECONDS = 0.05


async def test_a_token_that_is_taken_back_closes_its_socket(connect: Connect) -> None:
    async with connect("/ws/tasks/") as client:
        assert await client.hears_nothing()
        await sync_to_async(AuthToken.objects.all().delete)()
        assert await client.closed_with() == CLOSE_NOT_SIGNED_IN


async def test_a_token_that_ends_closes_its_socket(connect: Connect) -> None:
    async with connect("/ws/voice/") as client:
        await sync_to_async(AuthToken.objects.update)(expiry=timezone.now() + dt.timedelta(milliseconds=100))
        assert await client.closed_with() == CLOSE_NOT_SIGNED_IN
        await client.say({"type": "hello", "protocol": 1, "encoding": "pcm16", "sample_rate": 16_000})
        assert await client.hears_nothing()


async def test_a_session_that_is_ended_closes_its_socket(anna: User) -> None:
    web = WebClient()
    await sync_to_async(web.force_login)(anna)
    name = django_settings.SESSION_COOKIE_NAME
    cookie = (b"cookie", f"{name}={web.cookies[name].value}".encode())
    communicator = make_communicator("/ws/tasks/", [HOST, (b"origin", b"http://localhost"), cookie])
    assert (await communicator.connect(timeout=20))[0]
    assert await communicator.receive_nothing(timeout=0.2)
    await sync_to_async(web.session.delete)()
    closed = await communicator.receive_output(timeout=20)
    assert (closed["type"], closed["code"]) == ("websocket.close", CLOSE_NOT_SIGNED_IN)
    await communicator.disconnect()


@pytest.mark.parametrize(("scope", "opens"), [(Scope.VOICE, "/ws/voice/"), (Scope.READ, "/ws/tasks/")])
async def test_a_token_opens_what_it_was_made_for(token: str, scope: Scope, opens: str) -> None:
    await sync_to_async(TokenGrant.objects.update)(scopes=[scope])
    for path in ("/ws/voice/", "/ws/tasks/"):
        communicator = make_communicator(path, [HOST, (b"authorization", f"Token {token}".encode())])
        is_open, _ = await communicator.connect(timeout=20)
        assert is_open == (path == opens)
        await communicator.disconnect()
