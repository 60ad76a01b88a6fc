"""Receipts that are said aloud as well, in chats whose person wants that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bots import accounts, lists, outbox
from bots.errors import DocumentGone
from voice_app.models import VoiceCommand
from voice_app.speaking import LONGEST_TEXT, speak

if TYPE_CHECKING:
    from bots.models import ChatAccount, OutboundMessage

_KIND = "voice:"


def answer_aloud(message: OutboundMessage, command: VoiceCommand) -> None:
    """Write a second message that says a short receipt; the receipt itself stands, whatever becomes of this one.

    Args:
        message: The receipt's.
        command: What it is of.
    """
    is_receipt = command.state == VoiceCommand.State.DONE and not lists.is_list(command)
    if not is_receipt or not 0 < len(command.reply) <= LONGEST_TEXT:
        return
    account = accounts.find_account(message.chat_id)
    if account is None or not account.voice_replies:
        return
    language = command.answer_language
    outbox.put(
        message.chat_id,
        f"voice:{command.pk}",
        command.reply,
        reply_to_message_id=message.reply_to_message_id,
        document=f"{_KIND}{language}",
    )


def switch_voice_replies(account: ChatAccount) -> None:
    """Say answers aloud in a chat, or stop that."""
    account.voice_replies = not account.voice_replies
    account.save(update_fields=["voice_replies"])


def is_voice(document: str) -> bool:
    """Whether what the outbox remembers of a file is one of these."""
    return document.startswith(_KIND)


def make_voice(chat_id: int, text: str, document: str) -> bytes:
    """The sound, as OGG with Opus.

    Raises:
        DocumentGone: The chat is nobody's any more.
        voice_app.speaking.errors.SpeechNotMade: No engine could say it.
    """
    account = accounts.find_account(chat_id)
    if account is None:
        raise DocumentGone
    return speak(text, document.removeprefix(_KIND), may_share=account.user.shares_with_services)
