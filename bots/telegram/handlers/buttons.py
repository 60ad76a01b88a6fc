"""Presses of the buttons under our messages: who may press, and which act each letter stands for."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from telegram import CallbackQuery

from bots import accounts
from bots.models import ChatAccount
from bots.telegram.handlers import (
    command_buttons,
    forgetting,
    groups,
    lists,
    own_account,
    places,
    preferences,
    receipt_buttons,
    signing_up,
)
from bots.telegram.handlers.incoming import ButtonAnswer, Incoming, Press, Taken
from bots.telegram.keyboards import NotOurButton, read_press
from tasks_app.errors import TaskNotFound
from voice_app.errors import CommandNotFound
from voicebot.errors import AppError
from voicebot.messages import message_of

ACTS: dict[str, Callable[[Press], Taken]] = {
    "u": command_buttons.undo,
    "y": command_buttons.confirm,
    "n": command_buttons.cancel,
    "c": command_buttons.choose,
    "l": lists.turn_page,
    "o": lists.open_task,
    "d": lists.toggle_done,
    "p": lists.open_project,
    "s": preferences.change,
    "g": preferences.offer_languages,
    "h": preferences.choose_language,
    "z": places.choose,
    "x": own_account.unlink,
    "xq": own_account.offer_to_unlink,
    "m": own_account.prefer,
    "gp": groups.choose,
    "k": own_account.keep,
    "f": forgetting.ask_again,
    "e": forgetting.erase,
    "ru": receipt_buttons.take_back,
    "rd": receipt_buttons.done,
    "rs": receipt_buttons.ask_until_when,
    "rz": receipt_buttons.snooze,
    "rb": receipt_buttons.show_again,
    "re": receipt_buttons.edit,
    "w": receipt_buttons.not_what_i_said,
    "q": receipt_buttons.never_mind,
}
"""All letters that buttons carry, each with what it does; old messages keep theirs, so a letter never changes."""

IN_GROUPS = frozenset({"u", "y", "n", "c", "gp", "l"})
"""What may be pressed where others look on."""


def press(incoming: Incoming, account: ChatAccount | None, query: CallbackQuery) -> Taken:
    """Do what a button says, for the person whose chat it is; what is others' does not exist for them."""
    pressed = read_press(query.data or "")
    if account is None and pressed.letter == signing_up.MAKE_ACCOUNT and incoming.chat_id > 0:
        return signing_up.press(incoming, query)
    act = ACTS.get(pressed.letter)
    is_out_of_place = incoming.chat_id < 0 and pressed.letter not in IN_GROUPS
    if account is None or act is None or is_out_of_place:
        return Taken(answer=ButtonAnswer(query.id))
    actor = accounts.actor_of(account, timezone.now())
    message_id = query.message.message_id if query.message else None
    try:
        with transaction.atomic():
            return act(Press(incoming, account, actor, query.id, pressed, message_id))
    except NotOurButton:
        return Taken(answer=ButtonAnswer(query.id))
    except TaskNotFound:
        return Taken(answer=ButtonAnswer(query.id, _("That task is gone."), is_alert=True))
    except AppError as error:
        return Taken(answer=ButtonAnswer(query.id, _why_not(error, incoming), is_alert=True))


def _why_not(error: AppError, incoming: Incoming) -> str:
    if isinstance(error, CommandNotFound) and incoming.chat_id < 0:
        return _("Only the person who said this may do that.")
    return message_of(error)
