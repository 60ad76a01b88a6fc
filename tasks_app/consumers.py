"""The socket that keeps a person's open pages up to date."""

from __future__ import annotations

import json
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer

from voicebot.sockets import accepted_subprotocol
from voicebot.transactions import user_group


class TaskFeedConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    """Passes on what happens to one person's tasks and commands; it listens to nothing."""

    async def connect(self) -> None:
        """Join the person's own group; who they are was decided before."""
        self.group = user_group(self.scope["user"].pk)
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
