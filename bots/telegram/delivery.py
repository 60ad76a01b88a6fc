"""Sends what is due in a chat; the bot's process does it for first messages and the workers for all others."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from channels.db import database_sync_to_async

from bots import outbox, pace
from bots.job_names import Job
from bots.telegram import gateway
from bots.telegram.early import take_back
from voicebot.transactions import enqueue_on_commit

if TYPE_CHECKING:
    import uuid

    from telegram import Bot

    from bots.telegram.early import EarlyMessage
    from bots.telegram.handlers.incoming import Taken

SHORT_PAUSE_SECONDS = 0.2
"""Waited for on the spot, since a new job would take about as long."""


async def follow_up(bot: Bot, taken: Taken, early: EarlyMessage | None = None) -> None:
    """Do at once what is left to do after an update was stored.

    Args:
        bot: The client.
        taken: What is left.
        early: What was said before it was stored: the first message, where one was taken for it.
    """
    if early is not None and taken.first is None:
        await take_back(bot, early)
    if taken.answer is not None:
        await gateway.answer_button(bot, taken.answer.query_id, taken.answer.text, is_alert=taken.answer.is_alert)
    if taken.first is not None:
        await _settle(taken.first, await (early.sending if early else gateway.send(bot, taken.first)))
    if taken.inline is not None:
        await gateway.answer_inline(bot, taken.inline)
    if taken.message_id is not None:
        await deliver_chat(bot, taken.chat_id, taken.message_id)


async def deliver_chat(bot: Bot, chat_id: int, message_id: uuid.UUID) -> None:
    """Send until nothing is due in the chat, or until it must pause; a pause ends with a new job.

    Args:
        bot: The client.
        chat_id: The chat.
        message_id: Any message of the chat, for the job that goes on.
    """
    while True:
        step = await _take_next(chat_id)
        if step is None:
            return
        if isinstance(step, outbox.Claim):
            await _settle(step, await gateway.send(bot, step))
        elif step.seconds <= SHORT_PAUSE_SECONDS:
            await asyncio.sleep(step.seconds)
        else:
            await _come_back(chat_id, message_id, step.seconds)
            return


_take_next = database_sync_to_async(outbox.take_next, thread_sensitive=False)
_settle = database_sync_to_async(outbox.settle, thread_sensitive=False)


def _book(chat_id: int, message_id: uuid.UUID, seconds: float) -> None:
    if pace.book_visit(chat_id, seconds):
        enqueue_on_commit(Job.DELIVER_MESSAGE, str(message_id), countdown_seconds=seconds)


_come_back = database_sync_to_async(_book, thread_sensitive=False)
