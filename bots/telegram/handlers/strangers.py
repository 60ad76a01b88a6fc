"""Chats that belong to nobody: they can be linked or begin an account, are told how, and get nothing else."""

from __future__ import annotations

from telegram import Message

from bots.accounts import CODE_LENGTH
from bots.telegram.gateway import WAY_IN
from bots.telegram.handlers import own_account, signing_up
from bots.telegram.handlers.guidance import how_to_connect
from bots.telegram.handlers.incoming import Incoming, Taken
from bots.telegram.handlers.linking import link
from bots.telegram.handlers.slash import read_command
from voicebot.errors import RateLimited
from voicebot.throttling import Rate, check_rate

_ANSWERS = Rate("telegram-stranger", 6, 60)


def answer(incoming: Incoming, message: Message) -> Taken:
    """Let them in when the message brings a code or an invitation, else say how; silent when asked too often.

    Raises:
        LinkCodeInvalid: The code is not one, or not any more.
        tasks_app.accounts.errors.SignUpClosed, tasks_app.accounts.errors.SignUpInvitationInvalid: The same of an
            invitation.
    """
    try:
        check_rate(_ANSWERS, str(incoming.chat_id))
    except RateLimited:
        return Taken()
    command = read_command(message.text or "")
    word = command.argument.rstrip("/").rpartition("/")[2]
    if command.name == "start" and len(word) > CODE_LENGTH:
        return signing_up.begin(incoming, word)
    if command.name in {"start", "link"} and word and word != WAY_IN:
        return link(incoming, word)
    if command.name == "link":
        return incoming.say(f"{how_to_connect()}\n\n{own_account.link_from_chat(incoming)}")
    return signing_up.offer(incoming)
