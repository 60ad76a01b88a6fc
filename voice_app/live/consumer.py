"""The live voice socket: sound in, what became of it out."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import TYPE_CHECKING, Any

import structlog
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.utils import translation

from voice_app.live import calls
from voice_app.live.errors import (
    ConnectionIdle,
    FrameTooLarge,
    HelloExpected,
    HelloRepeated,
    LiveError,
    MessagesInvalid,
)
from voice_app.live.following import Following
from voice_app.live.protocol import (
    MAX_SAMPLE_RATE,
    MAX_SOUND_FRAME_BYTES,
    MAX_TEXT_FRAME_BYTES,
    MIN_SAMPLE_RATE,
    PROTOCOL_VERSION,
    Answer,
    Cancel,
    Hello,
    Message,
    Undo,
    UtteranceEnd,
    applied_message,
    parse_message,
)
from voice_app.live.session import SoundBuffer
from voicebot.errors import AppError, new_reference
from voicebot.languages import language_to_answer_in
from voicebot.messages import message_of
from voicebot.sockets import accepted_subprotocol
from voicebot.transactions import user_group

if TYPE_CHECKING:
    from tasks_app.models import User

HELLO_TIMEOUT_SECONDS = 10.0
MAX_MISTAKES = 10
"""Messages in a row that make no sense."""

log = structlog.get_logger(__name__)


class VoiceConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    """One connection of one person; who they are was decided before it was accepted.

    Messages are handled one at a time, so nothing here needs a lock. What becomes of an utterance comes
    back through the person's own group, from the same pipeline as every other door's.
    """

    async def connect(self) -> None:
        """Accept, and wait for ``hello``."""
        self.user: User = self.scope["user"]
        self.session_id = uuid.uuid4()
        self.sequence = 0
        self.mistakes = 0
        self.utterances = 0
        self.is_ended = False
        self.hello: Hello | None = None
        self.sound: SoundBuffer | None = None
        self.following = Following()
        await self.accept(accepted_subprotocol(self.scope))
        self.watch = asyncio.create_task(self._end_when_idle())
        await self.channel_layer.group_add(user_group(self.user.pk), self.channel_name)
        try:
            await database_sync_to_async(calls.check_connection_rate)(self.user)
        except LiveError as error:
            await self._end(error)

    async def disconnect(self, code: int) -> None:
        """Leave the group; sound without an end is forgotten."""
        self.watch.cancel()
        await self.channel_layer.group_discard(user_group(self.user.pk), self.channel_name)
        log.info("live_voice_ended", close_code=code, utterances=self.utterances)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """One frame: sound when binary, a message when text."""
        if self.is_ended:
            return
        self.patience.reschedule(asyncio.get_running_loop().time() + settings.VOICE_LIVE_IDLE_SECONDS)
        try:
            if bytes_data is not None:
                self._sound_buffer().add(bytes_data)
            else:
                await self._take_message(text_data or "")
        except LiveError as error:
            await self._tell_mistake(error)
        except AppError as error:
            await self._tell_error(error)

    async def user_event(self, message: dict[str, Any]) -> None:
        """Something of this person's has moved on; tell it when it came in by this connection."""
        if self.is_ended:
            return
        for about in self.following.messages_for(message["event"]):
            await self._tell(about)

    async def _take_message(self, text: str) -> None:
        if len(text) > MAX_TEXT_FRAME_BYTES:
            raise FrameTooLarge
        message = parse_message(text)
        self.mistakes = 0
        if isinstance(message, Hello):
            await self._greet(message)
        elif isinstance(message, Cancel):
            self._sound_buffer().clear()
        elif isinstance(message, UtteranceEnd):
            await self._submit(message)
        else:
            await self._act(message)

    async def _greet(self, hello: Hello) -> None:
        if self.hello:
            raise HelloRepeated
        self.hello = hello
        self.sound = SoundBuffer(hello.sample_rate, settings.VOICE_LIVE_MAX_SECONDS)
        limits = {
            "utterance_seconds": settings.VOICE_LIVE_MAX_SECONDS,
            "frame_bytes": MAX_SOUND_FRAME_BYTES,
            "idle_seconds": settings.VOICE_LIVE_IDLE_SECONDS,
            "sample_rate": [MIN_SAMPLE_RATE, MAX_SAMPLE_RATE],
        }
        await self._tell(
            {"type": "ready", "protocol": PROTOCOL_VERSION, "session": str(self.session_id), "limits": limits}
        )

    async def _submit(self, end: UtteranceEnd) -> None:
        """Store the utterance; ``accepted`` says that it is safe."""
        sound = self._sound_buffer().take()
        if sound is None:
            return
        self.utterances += 1
        utterance = str(end.id or uuid.uuid5(self.session_id, str(self.utterances)))
        try:
            outcome = await database_sync_to_async(calls.submit)(self.user, self._hello(), sound, utterance)
        except AppError as error:
            await self._tell_error(error, utterance=utterance)
            return
        await self._tell({"type": "accepted", "utterance": utterance, "command": outcome["id"]})
        self.following.start(outcome["id"])
        await self._tell_all_of(outcome)

    async def _act(self, message: Message) -> None:
        """An answer to a question, or an undo."""
        self._hello()
        if isinstance(message, Answer):
            command = str(message.command)
            try:
                await database_sync_to_async(calls.answer)(self.user, self._hello(), message)
            except AppError as error:
                await self._tell_error(error, command=command)
            else:
                self.following.start(command, is_heard_told=True)
        elif isinstance(message, Undo):
            reply, tasks = await database_sync_to_async(calls.undo)(self.user, self._hello(), message.change_set)
            await self._tell(applied_message(reply, tasks, None))

    async def _tell_all_of(self, outcome: dict[str, Any]) -> None:
        for about in self.following.messages_for({"event": "command.progressed", "command": outcome}):
            await self._tell(about)

    def _hello(self) -> Hello:
        if self.hello is None:
            raise HelloExpected
        return self.hello

    def _sound_buffer(self) -> SoundBuffer:
        if self.sound is None:
            raise HelloExpected
        return self.sound

    async def _tell(self, message: dict[str, Any]) -> None:
        self.sequence += 1
        await self.send(text_data=json.dumps({**message, "seq": self.sequence}, ensure_ascii=False))

    async def _tell_mistake(self, error: LiveError) -> None:
        self.mistakes += 1
        if error.close_code is None and self.mistakes < MAX_MISTAKES:
            await self._tell_error(error)
        else:
            await self._end(error if error.close_code else MessagesInvalid())

    async def _tell_error(self, error: AppError, **about: str) -> None:
        reference = new_reference()
        log.info("live_voice_refused", code=error.code, ref=reference)
        spoken = self.hello.language if self.hello else None
        with translation.override(language_to_answer_in(self.user.language, spoken)):
            sentence = message_of(error)
        await self._tell({"type": "error", "code": error.code, "message": sentence, "ref": reference, **about})

    async def _end(self, error: LiveError) -> None:
        await self._tell_error(error)
        self.is_ended = True
        await self.close(code=error.close_code)

    async def _end_when_idle(self) -> None:
        try:
            async with asyncio.timeout(HELLO_TIMEOUT_SECONDS) as self.patience:
                await asyncio.Event().wait()
        except TimeoutError:
            await self._end(ConnectionIdle())
