"""What a text would mean, without storing or doing anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from tasks_app.selectors import vocabulary_of
from voice_app.errors import TextEmpty, TextTooLong
from voice_app.types import Utterance, Vocabulary
from voice_app.understanding import interpret as understand

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
    user, names = actor.user, vocabulary_of(actor.user)
    utterance = Utterance(
        text=text,
        language=language or user.language or None,
        said_at=actor.said_at,
        locale=user.locale,
        week_starts_on=user.week_starts_on,
        vocabulary=Vocabulary(projects=names.projects, labels=names.labels, people=names.people, tasks=names.tasks),
    )
    return understand(utterance).model_dump(mode="json")
