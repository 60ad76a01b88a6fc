"""What a text would mean, without storing or doing anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from voice_app.errors import TextEmpty, TextTooLong
from voice_app.understanding import interpret as understand
from voice_app.utterances import utterance_of

if TYPE_CHECKING:
    from tasks_app.context import Actor


def interpret(actor: Actor, text: str, language: str | None) -> dict[str, Any]:
    """The understanding of a text as it stands on the wire.

    Args:
        actor: Whose words, names and zone.
        text: What was said.
        language: ISO 639-1 code; the person's own, else found from the text.

    Raises:
        TextEmpty, TextTooLong
    """
    if not text.strip():
        raise TextEmpty
    if len(text) > settings.VOICE_MAX_TEXT_LENGTH:
        raise TextTooLong(limit_characters=settings.VOICE_MAX_TEXT_LENGTH)
    utterance = utterance_of(actor.user, text, language=language, said_at=actor.said_at)
    return understand(utterance).model_dump(mode="json")
