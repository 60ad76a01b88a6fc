"""Which messages of a group are for the bot, and what they say to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram import MessageEntity

from bots.telegram.handlers.slash import read_command
from voicebot.one_line import one_line

if TYPE_CHECKING:
    from telegram import Message

BARE_COMMANDS = frozenset({"add", "link"})
"""Commands that need no ``@botname``: no other bot is likely to be meant."""


@dataclass(frozen=True)
class Addressed:
    """What was said to the bot."""

    words: str
    """Without the bot's name."""
    command: str = ""
    """The slash command before the words; empty when there is none."""


def read_addressed(message: Message, bot_id: int, username: str) -> Addressed | None:
    """What a message says to the bot: by a command, a mention, or as a reply; None when it is for others.

    Args:
        message: Of a group. What somebody else wrote, or another bot made, is not said by its sender.
        bot_id: The bot.
        username: Its name without ``@``; empty when nobody knows it just now, then mentions are not seen.
    """
    if message.forward_origin is not None or message.via_bot is not None or message.sender_chat is not None:
        return None
    text = message.text or message.caption or ""
    if text.startswith("/"):
        return _read_addressed_command(text, username)
    is_reply = message.reply_to_message is not None and _is_by(message.reply_to_message, bot_id)
    if not is_reply and not _is_mentioned(message, bot_id, username):
        return None
    return Addressed(_without_name(text, username))


def read_private(message: Message) -> Addressed:
    """What a message says in a chat of the person's own, where all is said to the bot."""
    text = message.text or ""
    if not text.startswith("/"):
        return Addressed(text)
    command = read_command(text)
    return Addressed(command.argument, command.name)


def _read_addressed_command(text: str, username: str) -> Addressed | None:
    command = read_command(text)
    is_bare = not command.bot_name and command.name in BARE_COMMANDS
    is_for_us = is_bare or command.bot_name.lower() == username.lower() != ""
    return Addressed(command.argument, command.name) if is_for_us else None


def _is_by(message: Message, bot_id: int) -> bool:
    return message.from_user is not None and message.from_user.id == bot_id


def _is_mentioned(message: Message, bot_id: int, username: str) -> bool:
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
    found = message.parse_entities(kinds) if message.text else message.parse_caption_entities(kinds)
    for entity, words in found.items():
        if entity.type == MessageEntity.TEXT_MENTION and entity.user is not None and entity.user.id == bot_id:
            return True
        if entity.type == MessageEntity.MENTION and username and words.lower() == f"@{username}".lower():
            return True
    return False


def _without_name(text: str, username: str) -> str:
    if username:
        text = re.sub(rf"@{re.escape(username)}\b[,:]?", " ", text, flags=re.IGNORECASE)
    return one_line(text)
