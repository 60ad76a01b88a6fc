"""Takes an update in: what it causes and the note that it was taken are stored together, or not at all.

Long poll and webhook both end here. An update that was taken before changes nothing, whoever brings it.
"""

from __future__ import annotations

from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from telegram import Bot, ChosenInlineResult, Message, Update
from telegram.constants import ChatType

from bots import accounts, outbox, replies
from bots.expecting import forget_expected, take_expected
from bots.groups import move_group
from bots.models import ChatAccount
from bots.telegram import early
from bots.telegram.handlers import answers, buttons, commands, groups, inline, membership, messages, places, strangers
from bots.telegram.handlers.addressed import read_private
from bots.telegram.handlers.incoming import Incoming, Taken
from bots.telegram.identity import find_username
from voicebot.errors import AppError, new_reference
from voicebot.languages import language_to_answer_in
from voicebot.messages import message_of

log = structlog.get_logger(__name__)

ALLOWED_UPDATES = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.INLINE_QUERY,
    Update.CHOSEN_INLINE_RESULT,
)

_CHATS = frozenset({ChatType.PRIVATE, ChatType.GROUP, ChatType.SUPERGROUP})

_NOTE_TAKEN = """
    INSERT INTO bots_processedupdate (bot_id, update_id, taken_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING
"""


def read_update(data: dict[str, Any], bot: Bot) -> Update | None:
    """An update from its JSON; None, and a line in the log, for one that the library cannot read.

    Such a one is given up: it would be no other the next time, and hold its chat up.
    """
    try:
        return Update.de_json(data, bot)
    except Exception:  # whatever a field of a wrong kind makes of it
        log.exception("update_unreadable", update_id=data["update_id"], ref=new_reference())
        return None


def take(update: Update, *, bot_id: int, said: str = "") -> Taken:
    """Take one update in.

    Args:
        update: As Telegram sent it.
        bot_id: Which bot it came to; update ids count for each bot apart.
        said: The first message that is on its way already, see :mod:`bots.telegram.early`.

    Returns:
        What is left to do at once, now that everything is safe.

    Raises:
        django.db.OperationalError, django.db.InterfaceError: The database is away; nothing was stored, bring it again.
    """
    username = find_username() if _is_said_in_group(update) else ""
    try:
        return _take_once(update, bot_id, username, said)
    except (OperationalError, InterfaceError):
        raise
    except Exception:  # one update that we stumble over must not stop all that come after it
        reference = new_reference()
        log.exception("update_raised", update_id=update.update_id, ref=reference)
        return _apologise(update, bot_id, reference)


def _is_said_in_group(update: Update) -> bool:
    message = update.message or update.edited_message
    return message is not None and message.chat.type in {ChatType.GROUP, ChatType.SUPERGROUP}


@transaction.atomic
def _take_once(update: Update, bot_id: int, username: str, said: str) -> Taken:
    if not _is_first_time(update, bot_id):
        return Taken()
    chat, person = update.effective_chat, update.effective_user
    if chat is not None and update.message is not None and _follow_move(chat.id, update.message):
        return Taken()
    if person is None or (chat is not None and chat.type not in _CHATS):
        return Taken()
    if person.is_bot and update.my_chat_member is None:  # an administrator without a name seems to be one
        return Taken()
    # A private chat has its person's id; a press of an old button may come without the chat.
    chat_id = chat.id if chat else person.id
    incoming = Incoming(bot_id, update.update_id, chat_id, person.language_code or "", person.full_name)
    account = accounts.find_account(person.id)
    language = (account and (account.user.language or account.language)) or accounts.known_language(incoming.language)
    answered_in = language_to_answer_in(language)
    if chat is not None and chat.type == ChatType.PRIVATE:
        early.remember(chat_id, answered_in if account else None)
    with translation.override(answered_in):
        return _claimed(_dispatch(update, incoming, account, username), update, said)


def _claimed(taken: Taken, update: Update, said: str) -> Taken:
    if said or taken.message_id is None:
        return taken.said(said)
    if early.may_have_spoken(update):
        outbox.leave_unclear(taken.message_id, replies.listening_text())
    return taken.claimed()


def _dispatch(update: Update, incoming: Incoming, account: ChatAccount | None, username: str) -> Taken:
    if update.my_chat_member is not None:
        return membership.follow(incoming, update.my_chat_member)
    if incoming.chat_id < 0 and update.callback_query is None:
        message = update.message or update.edited_message
        return groups.take(incoming, account, message, username) if message else Taken()
    return _route(update, incoming, account)


def _follow_move(chat_id: int, message: Message) -> bool:
    """Whether the message only tells that a group got another number; both chats tell it, in any order."""
    if message.migrate_to_chat_id:
        move_group(chat_id, message.migrate_to_chat_id)
    if message.migrate_from_chat_id:
        move_group(message.migrate_from_chat_id, chat_id)
    return bool(message.migrate_to_chat_id or message.migrate_from_chat_id)


def _route(update: Update, incoming: Incoming, account: ChatAccount | None) -> Taken:
    if update.callback_query is not None:
        return buttons.press(incoming, account, update.callback_query)
    if update.inline_query is not None:
        return inline.offer(account, update.inline_query)
    if update.chosen_inline_result is not None:
        return _choose(incoming, account, update.chosen_inline_result)
    message = update.message or update.edited_message
    if message is None or (message.via_bot is not None and message.via_bot.id == incoming.bot_id):
        return Taken()
    return _route_message(update, incoming, account, message)


def _route_message(update: Update, incoming: Incoming, account: ChatAccount | None, message: Message) -> Taken:
    try:
        with transaction.atomic():
            if update.edited_message is not None:
                said = read_private(message)
                return Taken() if account is None else messages.submit_edited(incoming, account, message, said)
            return _take_message(incoming, account, message)
    except AppError as error:
        return incoming.say(message_of(error), reply_to=message.message_id)


def _choose(incoming: Incoming, account: ChatAccount | None, chosen: ChosenInlineResult) -> Taken:
    try:
        with transaction.atomic():
            return inline.choose(incoming, account, chosen)
    except AppError as error:
        return incoming.say(message_of(error))


def _take_message(incoming: Incoming, account: ChatAccount | None, message: Message) -> Taken:
    if account is None:
        return strangers.answer(incoming, message)
    if account.blocked_at:
        accounts.mark_reachable(incoming.chat_id)
    if message.text and message.text.startswith("/"):
        forget_expected(incoming.chat_id)
        return commands.run(incoming, account, message)
    if message.forward_origin is None and (expected := take_expected(incoming.chat_id)):
        return answers.take(incoming, account, message, expected)
    return places.take_location(incoming, account, message) or messages.submit(incoming, account, message)


def _is_first_time(update: Update, bot_id: int) -> bool:
    """Two pollers with the same update meet here: the second waits for the first, and then does nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_TAKEN, [bot_id, update.update_id, timezone.now()])
        return bool(cursor.rowcount == 1)


def _apologise(update: Update, bot_id: int, reference: str) -> Taken:
    """Note that the update was taken, and tell the person that nothing came of it."""
    with transaction.atomic():
        chat = update.effective_chat
        if not _is_first_time(update, bot_id) or chat is None or chat.type != ChatType.PRIVATE:
            return Taken()
        person = update.effective_user
        language = accounts.known_language((person and person.language_code) or "")
        with translation.override(language_to_answer_in(language)):
            text = f"{message_of(AppError())}\n\n" + _("Reference: %(ref)s") % {"ref": reference}
        return Incoming(bot_id, update.update_id, chat.id, "").say(text)
