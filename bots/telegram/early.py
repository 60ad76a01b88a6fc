"""Says “Listening…” before a note is stored, so that a person is answered as soon as a bot can.

Only in a private chat that this process knows to be somebody's, only while nothing else waits to be said there, and
once for an update, whoever brings it. The outbox stays the record: when the note is stored with a first message of the
same words, that message *is* the one that was sent; else it is taken away again. What this process knows of chats is no
more than a hint. See decision 0007.
"""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.utils import timezone, translation
from telegram.constants import ChatType

from bots import pace, replies
from bots.outbox import Claim, Delivery, Sent
from bots.telegram import gateway
from bots.telegram.bot import bot_id

if TYPE_CHECKING:
    from telegram import Bot, Message, Update

log = structlog.get_logger(__name__)

HEAD_START_SECONDS = 0.005
"""The message leaves before the transaction takes the processor; it is not waited for longer."""
MOST_CHATS = 10_000

_languages: dict[int, str] = {}
"""Of private chats that are somebody's: in which language they are answered."""


@dataclass(frozen=True)
class EarlyMessage:
    """A first message on its way, before the row that it belongs to."""

    update_id: int
    claim: Claim
    sending: asyncio.Task[Delivery]


def remember(chat_id: int, language: str | None) -> None:
    """Note in which language a private chat is answered; None when it is nobody's."""
    if language is None:
        _languages.pop(chat_id, None)
        return
    if len(_languages) >= MOST_CHATS:
        _languages.clear()
    _languages[chat_id] = language


async def begin(bot: Bot, update: Update) -> EarlyMessage | None:
    """Say it, if it may be said now; the update is still to be stored."""
    message = update.message
    if message is None or not _is_plain_note(message):
        return None
    language = _languages.get(message.chat_id)
    if language is None or not await _may_speak(update.update_id, message.chat_id):
        return None
    with translation.override(language):
        text = replies.listening_text()
    claim = Claim(uuid.uuid4(), message.chat_id, text, (), message.message_id, None, 0)
    sending = asyncio.create_task(gateway.send(bot, claim))
    await asyncio.wait({sending}, timeout=HEAD_START_SECONDS)
    return EarlyMessage(update.update_id, claim, sending)


async def take_back(bot: Bot, early: EarlyMessage) -> None:
    """Remove what was said for a note that was not taken as one; the update may come again and be answered anew."""
    delivery = await early.sending
    if isinstance(delivery, Sent) and await gateway.delete(bot, early.claim.chat_id, delivery.message_id):
        await asyncio.to_thread(pace.forget_early, bot_id(), early.update_id)


def may_have_spoken(update: Update) -> bool:
    """Whether a process that died since may have answered this update."""
    message = update.message
    return message is not None and _is_plain_note(message) and pace.was_early(bot_id(), update.update_id)


def _is_plain_note(message: Message) -> bool:
    """A voice note of the person's own, said just now; all others may be answered otherwise."""
    if message.voice is None or message.chat.type != ChatType.PRIVATE:
        return False
    if message.forward_origin is not None or message.via_bot is not None:
        return False
    age = (timezone.now() - message.date).total_seconds()
    return age < settings.TELEGRAM_LATE_AFTER_SECONDS


async def _may_speak(update_id: int, chat_id: int) -> bool:
    return await asyncio.to_thread(pace.reserve_early, bot_id(), update_id, chat_id)
