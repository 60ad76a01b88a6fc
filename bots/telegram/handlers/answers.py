"""Messages that answer what a button asked for."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from telegram import Message

from bots import accounts
from bots.models import ChatAccount, ExpectedAnswer
from bots.telegram.handlers import messages, places
from bots.telegram.handlers.incoming import Incoming, Taken
from voice_app import services
from voice_app.models import VoiceCommand
from voice_app.review.services import report_misunderstanding
from voice_app.selectors import get_command
from voice_app.services import Circumstances

CHANGE = "change"
"""What shall change about a task."""
CORRECTION = "correction"
"""What was said really."""


def take(incoming: Incoming, account: ChatAccount, message: Message, expected: ExpectedAnswer) -> Taken:
    """Do what the answer is for; a kind that is not known any more makes it a message like any other.

    Raises:
        voicebot.errors.AppError: See :func:`bots.telegram.handlers.messages.submit`.
    """
    handler = ANSWERS.get(expected.kind, _as_any_other)
    return handler(incoming, account, message, expected.about)


def _as_any_other(incoming: Incoming, account: ChatAccount, message: Message, _about: dict[str, Any]) -> Taken:
    return messages.submit(incoming, account, message)


def _change(incoming: Incoming, account: ChatAccount, message: Message, about: dict[str, Any]) -> Taken:
    return messages.submit(incoming, account, message, Circumstances(about_task_id=uuid.UUID(about["task"])))


def _correct(incoming: Incoming, account: ChatAccount, message: Message, about: dict[str, Any]) -> Taken:
    """Take the old words back with all they did, do the new ones, and file both for review."""
    command = get_command(account.user, uuid.UUID(about["command"]))
    taken = messages.submit(incoming, account, message, Circumstances(corrects=command))
    report_misunderstanding(command)
    if command.state == VoiceCommand.State.WAITING:
        services.cancel(accounts.actor_of(account, message.date), command.pk)
    return taken


def _place(incoming: Incoming, account: ChatAccount, message: Message, _about: dict[str, Any]) -> Taken:
    """What names no place is a message like any other: nobody has to answer."""
    found = places.take_location(incoming, account, message) or places.take_name(incoming, account, message)
    return found or messages.submit(incoming, account, message)


ANSWERS: dict[str, Callable[[Incoming, ChatAccount, Message, dict[str, Any]], Taken]] = {
    CHANGE: _change,
    CORRECTION: _correct,
    places.ASKED: _place,
}
"""What becomes of an answer, by the kind that :func:`bots.expecting.expect_answer` was given."""
