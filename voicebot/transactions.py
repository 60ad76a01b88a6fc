"""The only two ways out of a transaction: a job and an event, both after the commit.

A job that cannot be handed over (the queue is down) is not an error for the sender: the row is
committed, and a sweep enqueues what stalled.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from contextlib import suppress
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import structlog
from channels import DEFAULT_CHANNEL_LAYER
from channels.layers import channel_layers
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from voicebot.celery import app
from voicebot.errors import JsonValue

if TYPE_CHECKING:
    from enum import StrEnum

log = structlog.get_logger(__name__)


def user_group(user_id: int) -> str:
    """The channel group that only this person's sockets join."""
    return f"user.{user_id}"


def enqueue_on_commit(job: StrEnum, *args: JsonValue, countdown_seconds: float = 0.0) -> None:
    """Hand a job to its queue once the current transaction has committed.

    Args:
        job: The name of a function that is registered with Celery.
        *args: Ids and plain JSON; the job reads the rows itself.
        countdown_seconds: How long the queue holds it back.
    """
    transaction.on_commit(partial(_enqueue, job, args, countdown_seconds))


def publish_on_commit(user_id: int, event: dict[str, JsonValue]) -> None:
    """Send an event to a person's own sockets once the current transaction has committed.

    Args:
        user_id: Whose group gets it.
        event: ``{"event": "task.created", ...}``, plain JSON.
    """
    transaction.on_commit(partial(_publish, user_id, event))


def _enqueue(job: StrEnum, args: tuple[JsonValue, ...], countdown_seconds: float) -> None:
    try:
        app.send_task(job.value, args, countdown=countdown_seconds, retry=False)
    except (OperationalError, RedisError, OSError):
        log.warning("queue_unreachable", job=job.value)


def _publish(user_id: int, event: dict[str, JsonValue]) -> None:
    _publisher(os.getpid()).send(user_group(user_id), {"type": "user.event", "event": event})


class _Publisher:
    """Sends events in order from a thread of its own, so that no work waits for a socket.

    Its loop and its channel layer live as long as the process; a layer may not be shared between loops.
    """

    def __init__(self) -> None:
        self._layer = channel_layers.make_backend(DEFAULT_CHANNEL_LAYER)
        self._loop = asyncio.new_event_loop()
        self._turn = asyncio.Lock()
        threading.Thread(target=self._loop.run_forever, name="publisher", daemon=True).start()
        atexit.register(self._finish)

    def send(self, group: str, message: dict[str, object]) -> None:
        """Send soon; events are hints, so one that cannot be sent is only noted."""
        asyncio.run_coroutine_threadsafe(self._send(group, message), self._loop)

    async def _send(self, group: str, message: dict[str, object]) -> None:
        async with self._turn:
            try:
                await self._layer.group_send(group, message)
            except (RedisError, OSError):
                log.warning("channel_layer_unreachable", group=group)

    def _finish(self) -> None:
        """Let what is on its way go out before the process ends."""
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._turn.acquire(), self._loop).result(timeout=1.0)


@lru_cache(maxsize=1)
def _publisher(_process_id: int) -> _Publisher:
    """A forked process does not inherit threads: each has its own."""
    return _Publisher()
