"""The engine inside the program as a language provider: always there, needs no key, costs nothing."""

from __future__ import annotations

import datetime as dt

from voice_app.providers.base import Availability, Deadline, Understood
from voice_app.types import Utterance
from voice_app.understanding import interpret
from voice_app.understanding.engine import ENGINE
from voice_app.understanding.languages import language_codes


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

    def warm_up(self) -> None:
        """Load every language, so that the first note does not wait."""
        for language in (None, *language_codes()):
            interpret(Utterance("tomorrow", language, dt.datetime.now(dt.UTC)))

    def understand(self, utterance: Utterance, *, deadline: Deadline) -> Understood:
        """What the utterance means; the deadline is never near."""
        del deadline
        return Understood(interpret(utterance))
