"""``/forget_me``: asks, asks once more, and then deletes the person with all that is theirs."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bots.telegram.handlers.incoming import ButtonAnswer, Incoming, Press, Taken
from bots.telegram.keyboards import button
from tasks_app.services.erasure import erase_account
from voice_app.errors import QuestionClosed

if TYPE_CHECKING:
    from telegram import Message

    from bots.models import ChatAccount

OPEN_FOR_MINUTES = 10
"""So long the second question can be answered: no old button deletes anything."""


def ask(incoming: Incoming, _account: ChatAccount, _message: Message, _argument: str) -> Taken:
    """``/forget_me``: the first question."""
    text = _(
        "Shall I delete your account with everything in it: tasks, projects, labels, what you said with its "
        "recordings, settings and connected chats? A project that you share goes to those with whom you share it.\n"
        "\n"
        "/export gives you your tasks as a file first."
    )
    return incoming.say(text, [[button(_("Delete everything"), "f"), button(_("No, keep it"), "k")]])


def ask_again(press: Press) -> Taken:
    """``f``: the second question."""
    text = _("Are you sure? Nobody can undo this.")
    yes = button(_("Yes, delete it for good"), "e", _minute())
    return press.replace(text, [[button(_("No, keep it"), "k")], [yes]])


def erase(press: Press) -> Taken:
    """``e:<minute of the question>`` deletes the person.

    Raises:
        QuestionClosed: It was asked too long ago.
    """
    if not 0 <= _minute() - press.pressed.number(0) <= OPEN_FOR_MINUTES:
        raise QuestionClosed
    erase_account(press.account.user)
    text = _("Everything of yours is deleted. What stands in this chat you can delete in Telegram. Good-bye!")
    return replace(press.incoming.say(text), answer=ButtonAnswer(press.query_id))


def _minute() -> int:
    return int(time.time() // 60)
