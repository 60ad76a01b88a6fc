"""Makes one Bot API call and says what became of it, so that the outbox can settle it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from channels.db import database_sync_to_async
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.error import BadRequest

from bots import documents, errors, voices
from bots.errors import DocumentTooLarge
from bots.outbox import Delivery, Moved, Refused, Sent
from bots.telegram.errors import ask
from tasks_app.outbox import NotSent, Unclear
from voicebot.errors import AppError
from voicebot.messages import message_of

if TYPE_CHECKING:
    from bots.outbox import Buttons, Claim
    from bots.telegram.handlers.incoming import InlineAnswer

log = structlog.get_logger(__name__)

MAX_TEXT_UNITS = 4096
"""Telegram counts UTF-16 code units."""
MAX_CAPTION_UNITS = 1024
WAY_IN = "hello"
"""What the button above inline results starts the bot with; it is no code."""
UPLOAD_SECONDS = 40
"""For a file of the greatest size; shorter than an outbox lease."""
_NOT_CHANGED = "message is not modified"
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def send(bot: Bot, claim: Claim) -> Delivery:
    """Send or edit one message; nothing that the call can raise gets out."""
    try:
        if claim.message_id is None:
            return Sent(await ask(_send_new(bot, claim)))
        return Sent(await ask(_edit(bot, claim, claim.message_id)))
    except AppError as error:
        delivery = _judge(error)
        log.warning("telegram_call_failed", code=error.code, **error.details)
        return delivery


async def delete(bot: Bot, chat_id: int, message_id: int) -> bool:
    """Take a message of our own away; whether that is done."""
    try:
        return await ask(bot.delete_message(chat_id, message_id))
    except AppError as error:
        log.warning("telegram_message_stays", code=error.code)
        return False


async def answer_button(bot: Bot, query_id: str, text: str, *, is_alert: bool) -> None:
    """Stop the button's spinner and show a note; missing it harms nobody, so a failure is only logged."""
    try:
        await ask(bot.answer_callback_query(query_id, text=fit(text, 200) or None, show_alert=is_alert))
    except AppError as error:
        log.info("button_answer_lost", code=error.code)


async def answer_inline(bot: Bot, answer: InlineAnswer) -> None:
    """Offer results for one person and this once; who types on asks again, so a failure is only logged."""
    results = [
        InlineQueryResultArticle(
            article.id,
            fit(article.title, 200),
            InputTextMessageContent(fit(article.text)),
            description=article.description,
        )
        for article in answer.articles
    ]
    way_in = InlineQueryResultsButton(fit(answer.way_in, 60), start_parameter=WAY_IN) if answer.way_in else None
    call = bot.answer_inline_query(answer.query_id, results, cache_time=0, is_personal=True, button=way_in)
    try:
        await ask(call)
    except AppError as error:
        log.info("inline_answer_lost", code=error.code)


def fit(text: str, limit: int = MAX_TEXT_UNITS) -> str:
    """The text, cut at a line or a word when it is longer than the platform takes.

    Args:
        text: Any text.
        limit: In UTF-16 code units.
    """
    if _units(text) <= limit:
        return text
    room = limit - 2
    cut = text.encode("utf-16-le")[: room * 2].decode("utf-16-le", "ignore")
    for mark in ("\n", " "):
        position = cut.rfind(mark)
        if position > len(cut) // 2:
            cut = cut[:position]
            break
    return f"{cut.rstrip()} …"


async def _send_new(bot: Bot, claim: Claim) -> int:
    if claim.document and not voices.is_voice(claim.document):
        return await _send_document(bot, claim)
    reply = None
    if claim.reply_to_message_id is not None:
        reply = ReplyParameters(message_id=claim.reply_to_message_id, allow_sending_without_reply=True)
    if claim.document:
        sound = await _make_voice(claim.chat_id, claim.text, claim.document)
        voice = bot.send_voice(claim.chat_id, sound, filename="answer.ogg", reply_parameters=reply)
        return (await voice).message_id
    message = await bot.send_message(
        claim.chat_id,
        fit(claim.text),
        reply_markup=_keyboard(claim.buttons),
        reply_parameters=reply,
        link_preview_options=_NO_PREVIEW,
    )
    return message.message_id


async def _send_document(bot: Bot, claim: Claim) -> int:
    try:
        document = await _make_document(claim.chat_id, claim.document)
    except DocumentTooLarge as error:
        return (await bot.send_message(claim.chat_id, message_of(error))).message_id
    message = await bot.send_document(
        claim.chat_id,
        document.content,
        filename=document.name,
        caption=fit(claim.text, MAX_CAPTION_UNITS),
        write_timeout=UPLOAD_SECONDS,
        read_timeout=UPLOAD_SECONDS,
    )
    return message.message_id


_make_document = database_sync_to_async(documents.make_document, thread_sensitive=False)


_make_voice = database_sync_to_async(voices.make_voice, thread_sensitive=False)


async def _edit(bot: Bot, claim: Claim, message_id: int) -> int:
    try:
        await bot.edit_message_text(
            fit(claim.text),
            chat_id=claim.chat_id,
            message_id=message_id,
            reply_markup=_keyboard(claim.buttons),
            link_preview_options=_NO_PREVIEW,
        )
    except BadRequest as error:
        if _NOT_CHANGED not in error.message.lower():
            raise
    return message_id


def _judge(error: AppError) -> Delivery:
    match error:
        case errors.TelegramFlooded():
            return NotSent(error.code, retry_after_seconds=float(str(error.details["retry_after"])))
        case errors.TelegramForbidden():
            return Refused(error.code, is_blocked=True)
        case errors.TelegramRefused() if "moved_to" in error.details:
            return Moved(int(str(error.details["moved_to"])), error.code)
        case errors.TelegramAnswerMissing():
            return Unclear(error.code)
        case _ if error.is_retryable or isinstance(error, errors.TelegramTokenRefused):
            return NotSent(error.code)
        case _:
            return Refused(error.code)


def _keyboard(rows: Buttons) -> InlineKeyboardMarkup | None:
    keyboard = [
        [InlineKeyboardButton(fit(button["text"], 60), callback_data=button["data"]) for button in row] for row in rows
    ]
    return InlineKeyboardMarkup(keyboard) if keyboard else None


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
