"""What becomes of the bot in a chat: a person blocks it or lets it in again, a group takes it in or sends it away."""

from __future__ import annotations

from telegram import ChatMemberUpdated
from telegram.constants import ChatMemberStatus, ChatType

from bots import accounts, groups, outbox
from bots.telegram.handlers import groups as handlers_groups
from bots.telegram.handlers.incoming import Incoming, Taken

_OUT = frozenset({ChatMemberStatus.BANNED, ChatMemberStatus.LEFT})


def follow(incoming: Incoming, change: ChatMemberUpdated) -> Taken:
    """Say nothing more in a chat that blocks the bot, and drop what waits for it; speak again when it is let in.

    A group that sends the bot away ends its link.
    """
    is_group = change.chat.type != ChatType.PRIVATE
    if change.new_chat_member.status in _OUT:
        accounts.mark_blocked(incoming.chat_id)
        groups.end_group(incoming.chat_id)
        outbox.give_up(incoming.chat_id)
        return Taken()
    accounts.mark_reachable(incoming.chat_id)
    if is_group and change.chat.type != ChatType.CHANNEL and change.old_chat_member.status in _OUT:
        return handlers_groups.greet(incoming)
    return Taken()
