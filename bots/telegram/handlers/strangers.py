"""Chats that belong to nobody: they can be linked, are told how, and get nothing else."""

from __future__ import annotations

from telegram import Message

from bots.telegram.handlers import commands
from bots.telegram.handlers.guidance import how_to_connect
from bots.telegram.handlers.incoming import Incoming, Taken
from bots.telegram.handlers.linking import link
from voicebot.errors import RateLimited
from voicebot.throttling import Rate, check_rate

_ANSWERS = Rate("telegram-stranger", 6, 60)


def answer(incoming: Incoming, message: Message) -> Taken:
    """Link the chat when the message brings a code, else say how to get one; silent when asked too often.

    Raises:
        LinkCodeInvalid: The code is not one, or not any more.
    """
    try:
        check_rate(_ANSWERS, str(incoming.chat_id))
    except RateLimited:
        return Taken()
    command = commands.read(message.text or "")
    if command.name in {"start", "link"} and command.argument:
        return link(incoming, command.argument)
    return incoming.say(how_to_connect())
