"""The person behind a request, with where, when and in which language they speak."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import TYPE_CHECKING

from django.utils import timezone

from tasks_app.context import Actor, Source
from tasks_app.selectors import zone_of
from voicebot.languages import language_to_answer_in

if TYPE_CHECKING:
    from tasks_app.models import User


def actor_for(
    user: User,
    source: Source,
    *,
    zone_name: str | None = None,
    language: str | None = None,
    spoken_language: str | None = None,
    said_at: dt.datetime | None = None,
) -> Actor:
    """What is not given comes from the person's settings and the clock.

    Args:
        user: Who speaks.
        source: The door.
        zone_name: A known zone's name; the caller has checked it.
        language: ISO 639-1 code of the language to answer in when neither the person has set one nor one is spoken.
        spoken_language: The same for the language that is spoken now.
        said_at: Aware moment.
    """
    spoken_language = spoken_language or user.language
    zone = zoneinfo.ZoneInfo(zone_name) if zone_name else zone_of(user)
    return Actor(
        user=user,
        source=source,
        tz=zone,
        language=language_to_answer_in(user.language, spoken_language, language),
        said_at=(said_at or timezone.now()).astimezone(zone),
        spoken_language=spoken_language,
    )
