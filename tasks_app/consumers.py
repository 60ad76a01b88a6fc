"""The socket that keeps a person's open pages up to date."""

from __future__ import annotations

import json
from typing import Any

from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from voicebot.errors import RateLimited
from voicebot.sockets import accepted_subprotocol
from voicebot.throttling import Rate, check_rate
from voicebot.transactions import user_group

CONNECTIONS = Rate("task-feed", 60, 60)
"""Of one person, all their pages together."""
_check_rate = sync_to_async(check_rate, thread_sensitive=False)


class TaskFeedConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    """Passes on what happens to one person's tasks and commands; it listens to nothing."""

    async def connect(self) -> None:
        """Join the person's own group; who they are was decided before."""
        person_id = self.scope["user"].pk
        self.group = user_group(person_id)
        try:
            await _check_rate(CONNECTIONS, str(person_id))
        except RateLimited:
            await self.close()  # before it is open, so that a page's pauses between its tries grow
            return
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept(accepted_subprotocol(self.scope))

    async def disconnect(self, code: int) -> None:  # noqa: ARG002  # Channels' signature
        """Leave the group."""
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Ignore what a client says."""

    async def user_event(self, message: dict[str, Any]) -> None:
        """Pass one event on."""
        await self.send(text_data=json.dumps(message["event"], ensure_ascii=False))
