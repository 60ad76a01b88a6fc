"""One command in hand: what the stages read and what each reports."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tasks_app.context import Actor, Source
from tasks_app.selectors import get_task
from voice_app.about_task import turn_about
from voice_app.asking.terms import Terms
from voice_app.conversation import turns_before
from voice_app.providers.base import Deadline
from voice_app.types import Turn, Understanding, Utterance, Vocabulary
from voice_app.utterances import own_vocabulary, utterance_of

if TYPE_CHECKING:
    from tasks_app.models import Task
    from voice_app.models import VoiceCommand
    from voice_app.providers.attempts import Attempt
    from voice_app.resolution import Plan
    from voice_app.types import AudioClip
    from voicebot.errors import JsonValue


@dataclass(frozen=True)
class StageReport:
    """What a stage says of itself for its record."""

    provider: str = ""
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
    attempts: list[Attempt] = field(default_factory=list)
    """At the engines, of the stage that runs; the pipeline keeps them and empties the list after each stage."""

    @property
    def actor(self) -> Actor:
        """Who said it, in the zone and at the moment in which it was said."""
        command = self.command
        zone = zoneinfo.ZoneInfo(command.timezone)
        return Actor(
            user=command.user,
            source=Source(command.source),
            tz=zone,
            language=command.answer_language,
            said_at=command.said_at.astimezone(zone),
            spoken_language=command.language,
        )

    @property
    def utterance(self) -> Utterance:
        """The command's text with all that its meaning depends on."""
        command = self.command
        return utterance_of(
            command.user,
            command.command_text,
            language=command.language,
            said_at=self.actor.said_at,
            conversation=self.conversation,
            vocabulary=self.vocabulary,
        )

    @cached_property
    def terms(self) -> Terms:
        """On which terms the person's words go to engines."""
        return Terms.of(self.command.user)

    @cached_property
    def conversation(self) -> tuple[Turn, ...]:
        """What the words can refer to: the task they are about, else what was said before in the same session."""
        if self.about is not None:
            return (turn_about(self.about, self.actor.said_at),)
        is_apart = self.command.said_by or self.command.within_project_id
        return () if is_apart else turns_before(self.command)

    @cached_property
    def about(self) -> Task | None:
        """The task that the words are to change.

        Raises:
            TaskNotFound: It is gone, or not theirs any more.
        """
        task_id = self.command.about_task_id
        return None if task_id is None else get_task(self.command.user, task_id)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The person's own names."""
        return own_vocabulary(self.command.user)

    @property
    def understanding(self) -> Understanding:
        """What was understood, as stored."""
        return Understanding.model_validate(self.command.entities)
