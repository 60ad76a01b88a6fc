"""What a text would mean, without storing or doing anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from voice_app.asking.on_terms import understand_for
from voice_app.asking.spending import count_usage
from voice_app.asking.terms import Terms
from voice_app.conversation import turns_so_far
from voice_app.errors import TextEmpty, TextTooLong
from voice_app.providers.base import Deadline
from voice_app.timeline import record_of
from voice_app.utterances import utterance_of

if TYPE_CHECKING:
    from tasks_app.context import Actor
    from voice_app.providers.attempts import Attempt


MOST_SECONDS = 5.0
"""Somebody waits with a request open."""


def interpret(actor: Actor, text: str, language: str | None) -> dict[str, Any]:
    """The understanding of a text as it stands on the wire, from the engine that would understand it for real.

    Args:
        actor: Whose words, names and zone.
        text: What was said.
        language: ISO 639-1 code; the person's own, else found from the text.

    Raises:
        TextEmpty, TextTooLong
        voicebot.errors.AppError: Without a local engine in the chain: the last model's error.
    """
    if not text.strip():
        raise TextEmpty
    if len(text) > settings.VOICE_MAX_TEXT_LENGTH:
        raise TextTooLong(limit_characters=settings.VOICE_MAX_TEXT_LENGTH)
    conversation = turns_so_far(actor)
    utterance = utterance_of(actor.user, text, language=language, said_at=actor.said_at, conversation=conversation)
    deadline = Deadline.after(min(MOST_SECONDS, settings.VOICE_UNDERSTAND_SECONDS))
    attempts: list[Attempt] = []
    try:
        understood = understand_for(Terms.of(actor.user), utterance, deadline=deadline, record=attempts.append)
    finally:
        with transaction.atomic():
            count_usage(actor.user.pk, [record_of(attempt, "understand") for attempt in attempts])
    return understood.understanding.model_dump(mode="json")
