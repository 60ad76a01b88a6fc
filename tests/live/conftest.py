"""Clients of the sockets, on the real ASGI application."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.db import connections
from knox.models import AuthToken

from tasks_app.models import User
from voice_app import audio
from voicebot.redis import redis_client

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
HELLO = {"type": "hello", "protocol": 1, "encoding": "pcm16", "sample_rate": 16_000, "timezone": "Europe/Berlin"}
FRAME_BYTES = 3200

Headers = list[tuple[bytes, bytes]]


class Client:
    """One end of a socket that speaks JSON and sends sound."""

    def __init__(self, communicator: WebsocketCommunicator) -> None:
        self.communicator = communicator

    async def say(self, message: object) -> None:
        await self.communicator.send_to(text_data=json.dumps(message))

    async def send(self, **data: Any) -> None:
        await self.communicator.send_to(**data)

    async def speak(self, pcm: bytes) -> None:
        for start in range(0, len(pcm), FRAME_BYTES):
            await self.communicator.send_to(bytes_data=pcm[start : start + FRAME_BYTES])

    async def hear(self) -> dict[str, Any]:
        """The next message."""
        output = await self.communicator.receive_output(timeout=20)
        assert output["type"] == "websocket.send", output
        message = json.loads(output["text"])
        assert isinstance(message, dict)
        return message

    async def closed_with(self) -> int:
        """The code of the close that comes next."""
        output = await self.communicator.receive_output(timeout=20)
        assert output["type"] == "websocket.close", output
        return int(output["code"])

    async def hears_nothing(self) -> bool:
        return bool(await self.communicator.receive_nothing(timeout=0.3))


Connect = Callable[..., Any]


@pytest.fixture(autouse=True)
def fresh_rates(transactional_db: None) -> None:
    redis_client().flushdb()


@pytest.fixture
async def anna() -> User:
    return await sync_to_async(User.objects.create_user)("anna", timezone="Europe/Berlin", language="en")


@pytest.fixture
async def token(anna: User) -> str:
    return str((await sync_to_async(AuthToken.objects.create)(user=anna))[1])


@pytest.fixture
def connect(token: str) -> Connect:
    """``async with connect() as client``; as Anna's own program unless other headers or a path are given."""

    @asynccontextmanager
    async def connect(path: str = "/ws/voice/", headers: Headers | None = None) -> AsyncIterator[Client]:
        own = [(b"host", b"localhost"), (b"authorization", f"Token {token}".encode())]
        communicator = make_communicator(path, own if headers is None else headers)
        is_accepted, _ = await communicator.connect(timeout=20)
        assert is_accepted
        try:
            yield Client(communicator)
        finally:
            await communicator.disconnect()
            await asyncio.to_thread(connections.close_all)

    return connect


def make_communicator(path: str, headers: Headers, subprotocols: list[str] | None = None) -> WebsocketCommunicator:
    from voicebot.asgi import application

    return WebsocketCommunicator(application, path, headers=headers, subprotocols=subprotocols)


def pcm_of(sample: str) -> bytes:
    """A sample as a client's microphone would bring it: 16 kHz, 16 bit."""
    clip = audio.decode((SAMPLES / sample).read_bytes())
    return (np.clip(clip.samples, -1, 1) * 32767).astype("<i2").tobytes()
