"""Presses of the buttons under our messages."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from telegram import CallbackQuery

from bots import accounts, followers
from bots.models import ChatAccount
from bots.telegram.handlers.incoming import ButtonAnswer, Incoming, Taken
from bots.telegram.keyboards import Pressed, read_press
from tasks_app.context import Actor
from tasks_app.services import undo_change_set
from voice_app import services
from voice_app.errors import QuestionClosed
from voice_app.selectors import get_command
from voicebot.errors import AppError
from voicebot.messages import message_of


def press(incoming: Incoming, account: ChatAccount | None, query: CallbackQuery) -> Taken:
    """Do what a button says, for the person whose chat it is; others' commands do not exist for them."""
    pressed = read_press(query.data or "")
    if account is None or pressed is None:
        return Taken(answer=ButtonAnswer(query.id))
    actor = accounts.actor_of(account, timezone.now())
    try:
        text = _act(incoming, actor, pressed)
    except AppError as error:
        return Taken(answer=ButtonAnswer(query.id, message_of(error), is_alert=True))
    return Taken(answer=ButtonAnswer(query.id, text))


def _act(incoming: Incoming, actor: Actor, pressed: Pressed) -> str:
    if pressed.act == "undo":
        return _undo(incoming, actor, pressed)
    if pressed.act == "no":
        services.cancel(actor, pressed.command_id)
        return _("All right.")
    question = get_command(actor.user, pressed.command_id).question or {}
    if question.get("action") != pressed.action:
        raise QuestionClosed
    if pressed.act == "yes":
        services.confirm(actor, pressed.command_id)
    else:
        services.choose(actor, pressed.command_id, [_option_id(question, pressed.option)])
    return ""


def _undo(incoming: Incoming, actor: Actor, pressed: Pressed) -> str:
    command = get_command(actor.user, pressed.command_id)
    undo_change_set(actor, command.pk, incoming.cause_id)
    followers.show_undone(actor.user, command.pk)
    return _("Undone.")


def _option_id(question: dict[str, list[dict[str, str]]], index: int) -> str:
    options = question.get("options", [])
    if index >= len(options):
        raise QuestionClosed
    return options[index]["id"]
