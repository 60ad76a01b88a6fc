"""Buttons under what a note became: taking it back, and answering its question."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from bots import followers
from bots.telegram.handlers.incoming import Press, Taken
from tasks_app.services import undo_change_set
from voice_app import services
from voice_app.errors import QuestionClosed
from voice_app.selectors import get_command


def undo(press: Press) -> Taken:
    """``u:<command>`` takes all back that a note did."""
    command = get_command(press.actor.user, press.pressed.id())
    undo_change_set(press.actor, command.pk, press.incoming.cause_id)
    followers.show_undone(press.actor.user, command.pk)
    return press.told(_("Undone."))


def cancel(press: Press) -> Taken:
    """``n:<command>`` says no to its question."""
    services.cancel(press.actor, press.pressed.id())
    return press.told(_("All right."))


def confirm(press: Press) -> Taken:
    """``y:<command>:<action>`` says yes to the question about an action."""
    _question(press)
    services.confirm(press.actor, press.pressed.id())
    return press.told()


def choose(press: Press) -> Taken:
    """``c:<command>:<action>:<option>`` picks an option of the question about an action."""
    number = press.pressed.number(2)
    options = _question(press).get("options", [])
    if number >= len(options):
        raise QuestionClosed
    services.choose(press.actor, press.pressed.id(), [options[number]["id"]])
    return press.told()


def _question(press: Press) -> dict[str, Any]:
    command_id, action = press.pressed.id(), press.pressed.number(1)
    question = get_command(press.actor.user, command_id).question or {}
    if question.get("action") != action:
        raise QuestionClosed
    return question
