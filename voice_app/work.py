"""One command in hand: what the stages read and what each reports."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings

from tasks_app.context import Actor, Source
from tasks_app.selectors import vocabulary_of
from voice_app.providers.base import Deadline
from voice_app.types import Understanding, Utterance, Vocabulary

if TYPE_CHECKING:
    from voice_app.models import VoiceCommand
    from voice_app.resolution import Plan
    from voice_app.types import AudioClip
    from voicebot.errors import JsonValue


@dataclass(frozen=True)
class StageReport:
    """What a stage says of itself for its record."""

    provider: str = ""
    cost_usd: float = 0.0
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass
class Work:
    """A command on its way through the stages, with what its row does not hold."""

    command: VoiceCommand
    deadline: Deadline
    clip: AudioClip | None = None
    plan: Plan | None = None
    results: list[dict[str, JsonValue]] = field(default_factory=list)
    """What each spoken command came to, in order."""

    @property
    def actor(self) -> Actor:
        """Who said it, in the zone and at the moment in which it was said."""
        command = self.command
        zone = zoneinfo.ZoneInfo(command.timezone)
        return Actor(
            user=command.user,
            source=Source(command.source),
            tz=zone,
            language=command.language or command.user.language or settings.LANGUAGE_CODE,
            said_at=command.said_at.astimezone(zone),
            spoken_language=command.language,
        )

    @property
    def utterance(self) -> Utterance:
        """The command's text with all that its meaning depends on."""
        user = self.command.user
        return Utterance(
            text=self.command.command_text,
            language=self.command.language or None,
            said_at=self.actor.said_at,
            locale=user.locale,
            week_starts_on=user.week_starts_on,
            vocabulary=self.vocabulary,
        )

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The person's own names."""
        names = vocabulary_of(self.command.user)
        return Vocabulary(projects=names.projects, labels=names.labels, people=names.people, tasks=names.tasks)

    @property
    def understanding(self) -> Understanding:
        """What was understood, as stored."""
        return Understanding.model_validate(self.command.entities)
