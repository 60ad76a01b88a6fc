"""The engine inside the program as a language provider: always there, needs no key, costs nothing."""

from __future__ import annotations

from voice_app.providers.base import Availability, Deadline
from voice_app.types import Understanding, Utterance
from voice_app.understanding import interpret
from voice_app.understanding.engine import ENGINE


class LocalUnderstanding:
    """Rules and a small statistical model; answers in about a millisecond, the same every time."""

    name = ENGINE

    @classmethod
    def from_settings(cls) -> LocalUnderstanding:
        """It has no settings."""
        return cls()

    def availability(self) -> Availability:
        """Always there."""
        return Availability(ok=True)

    def understand(self, utterance: Utterance, *, deadline: Deadline) -> Understanding:
        """What the utterance means; the deadline is never near."""
        del deadline
        return interpret(utterance)
