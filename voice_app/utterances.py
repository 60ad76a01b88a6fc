"""A person's words with all that their meaning depends on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tasks_app.selectors import vocabulary_of
from voice_app.types import Turn, Utterance, Vocabulary

if TYPE_CHECKING:
    from tasks_app.models import User


def own_vocabulary(user: User) -> Vocabulary:
    """The person's own names, for hints to a recogniser and for matching."""
    names = vocabulary_of(user)
    return Vocabulary(projects=names.projects, labels=names.labels, people=names.people, tasks=names.tasks)


def utterance_of(
    user: User,
    text: str,
    *,
    language: str | None,
    said_at: dt.datetime,
    conversation: tuple[Turn, ...],
    vocabulary: Vocabulary | None = None,
) -> Utterance:
    """A text as this person means it.

    Args:
        user: Whose settings and names.
        text: What was said.
        language: ISO 639-1 code; the person's own when None, else found from the text.
        said_at: Aware, in the speaker's zone.
        conversation: What this person said before it, oldest first.
        vocabulary: The person's names where they are at hand already.
    """
    return Utterance(
        text=text,
        language=language or user.language or None,
        said_at=said_at,
        locale=user.locale,
        week_starts_on=user.week_starts_on,
        vocabulary=vocabulary or own_vocabulary(user),
        conversation=conversation,
    )
