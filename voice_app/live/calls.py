"""What the live socket asks of the rest of the program; all of it blocks, so it runs in a thread."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from structlog.contextvars import bound_contextvars

from tasks_app.context import Actor, Source
from voice_app import services, undoing
from voice_app.actors import actor_for
from voice_app.events import command_to_json
from voice_app.live.errors import ConnectionsTooMany
from voicebot.errors import RateLimited
from voicebot.throttling import Rate, check_rate

if TYPE_CHECKING:
    from tasks_app.models import User
    from voice_app.live.protocol import Answer, Hello


def check_connection_rate(user: User) -> None:
    """Count one connection.

    Raises:
        ConnectionsTooMany
    """
    try:
        check_rate(Rate("live-connections", settings.VOICE_LIVE_CONNECTIONS_PER_MINUTE, 60), str(user.pk))
    except RateLimited as error:
        raise ConnectionsTooMany from error


def submit(user: User, hello: Hello, sound: bytes, utterance: str) -> dict[str, Any]:
    """Store an utterance; its outcome so far.

    Raises:
        voicebot.errors.AppError: When it is refused, see :func:`voice_app.services.submit_audio`.
    """
    with bound_contextvars(correlation_id=uuid.uuid4().hex):
        submission = services.submit_audio(
            _actor(user, hello), sound, external_id=f"{user.pk}:live:{utterance}", media_type="audio/wav"
        )
    return command_to_json(submission.command)


def answer(user: User, hello: Hello, message: Answer) -> None:
    """Answer a question.

    Raises:
        CommandNotFound, QuestionClosed
    """
    actor = _actor(user, hello)
    if message.choose:
        services.choose(actor, message.command, message.choose)
    elif message.title:
        services.give_title(actor, message.command, message.title)
    elif message.confirm:
        services.confirm(actor, message.command)
    else:
        services.cancel(actor, message.command)


def undo(user: User, hello: Hello, change_set_id: uuid.UUID) -> tuple[str, list[Any]]:
    """Undo; the sentence about it and the tasks that it touched.

    Raises:
        voicebot.errors.AppError: One of the undo errors of :mod:`tasks_app.errors`.
    """
    return undoing.undo(_actor(user, hello), change_set_id)


def _actor(user: User, hello: Hello) -> Actor:
    return actor_for(user, Source.WEB, zone_name=hello.timezone, spoken_language=hello.language)
