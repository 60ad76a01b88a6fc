"""What becomes of the bot in a chat: a person blocks it, or lets it in again."""

from __future__ import annotations

from telegram import ChatMemberUpdated
from telegram.constants import ChatMemberStatus

from bots import accounts, outbox
from bots.telegram.handlers.incoming import Taken

_OUT = frozenset({ChatMemberStatus.BANNED, ChatMemberStatus.LEFT})


def follow(change: ChatMemberUpdated) -> Taken:
    """Say nothing more in a chat that blocks the bot, and drop what waits for it; speak again when it is let in."""
    if change.new_chat_member.status in _OUT:
        accounts.mark_blocked(change.chat.id)
        outbox.give_up(change.chat.id)
    else:
        accounts.mark_reachable(change.chat.id)
    return Taken()
