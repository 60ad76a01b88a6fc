"""What a speech or language provider is: values in, values out, no Django objects."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from voice_app.types import NOTHING_USED, AudioClip, Transcript, Understanding, Usage, Utterance


@dataclass(frozen=True)
class Availability:
    """Whether a provider can be used now."""

    ok: bool
    reason: str = ""
    """When not: what a person can do about it, in one sentence."""


@dataclass(frozen=True)
class AudioLimits:
    """What a provider accepts; a longer clip is refused before a byte is sent."""

    max_seconds: float


@dataclass(frozen=True)
class Deadline:
    """A moment by which an answer must be there, shared by all attempts of one command."""

    at_monotonic: float
    """Seconds on :func:`time.monotonic`'s clock."""

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """The deadline that many seconds from now."""
        return cls(time.monotonic() + seconds)

    @property
    def remaining_seconds(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.at_monotonic - time.monotonic())


@dataclass(frozen=True)
class Understood:
    """An understanding, and what it took to get it."""

    understanding: Understanding
    usage: Usage = NOTHING_USED
    answer: str = ""
    """The words of a model that it was made from, so that it can be made from them again; empty without a model."""


@runtime_checkable
class SpeechToText(Protocol):
    """An engine that turns sound into text."""

    name: str
    limits: AudioLimits

    def availability(self) -> Availability:
        """Whether it can be used now; cheap, and never a network call."""
        ...

    def transcribe(
        self, clip: AudioClip, *, language: str | None, hints: Sequence[str], deadline: Deadline
    ) -> Transcript:
        """Hear a clip.

        Args:
            clip: Speech; silence and noise are gated out by the caller.
            language: ISO 639-1 code, or None to detect it.
            hints: Names the speaker is likely to say.
            deadline: When the answer is no longer wanted.

        Raises:
            voicebot.errors.AppError: With a category that tells whether another attempt may help.
        """
        ...


@runtime_checkable
class LanguageUnderstanding(Protocol):
    """An engine that turns text into commands."""

    name: str

    def availability(self) -> Availability:
        """Whether it can be used now; cheap, and never a network call."""
        ...

    def understand(self, utterance: Utterance, *, deadline: Deadline) -> Understood:
        """Find what is asked for.

        Raises:
            voicebot.errors.AppError: With a category that tells whether another attempt may help.
        """
        ...
