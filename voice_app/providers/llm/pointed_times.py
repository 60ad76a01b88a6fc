"""The times that a model points at, computed by our own reader from the words as they were said."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from voice_app.providers.llm.said import Heard, words_of
from voice_app.types import Turn, Utterance
from voice_app.understanding.dates import TimeReading, Timing, find_times
from voice_app.understanding.dates.timing import combine_readings
from voice_app.understanding.engine import Trace

_DAY, _WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)
_SURE = 0.8
"""A reading from this confidence on is a time beyond doubt."""


@dataclass(frozen=True)
class Clock:
    """What times are read against."""

    utterance: Utterance
    heard: Heard
    trace: Trace
    """Of our own engine: its readings know the words around them and what the speaker took back."""

    @property
    def language(self) -> str:
        """The one that was named, else the one that was found; ISO 639-1."""
        return (self.utterance.language or self.trace.language).replace("_", "-").split("-", maxsplit=1)[0].lower()

    def read(self, phrase: str, turn: Turn | None) -> list[TimeReading]:
        """The times in a phrase that was said in this utterance, or in an earlier turn and then as of that moment.

        Returns:
            Empty when our reader finds no time in it.
        """
        found = self.heard.find(phrase)
        if found.missing and turn is not None:
            return self._alone(phrase, turn.said_at)
        places = set(found.places)
        inside = [reading for reading in self.trace.times if places.issuperset(self.places_of(reading))]
        alone = self._alone(found.as_said or phrase, self.utterance.said_at)
        if inside and _size(inside) >= _size(alone):
            return inside
        return alone or [reading for reading in self.trace.times if not places.isdisjoint(self.places_of(reading))]

    def places_of(self, reading: TimeReading) -> list[int]:
        """Which words of the utterance a time was read from."""
        return [
            place
            for place, word in enumerate(self.heard.words)
            if word.start >= reading.start_char and word.end <= reading.end_char
        ]

    def unused(self, used: set[int]) -> list[TimeReading]:
        """Sure times of which no word is among those that the commands use."""
        sure = (r for r in self.trace.times if r.confidence >= _SURE and r.kind in {"point", "range", "recurrence"})
        return [reading for reading in sure if used.isdisjoint(self.places_of(reading))]

    def _alone(self, phrase: str, said_at: dt.datetime) -> list[TimeReading]:
        return find_times(
            phrase,
            self.language,
            said_at,
            locale=self.utterance.locale,
            week_starts_on=self.utterance.week_starts_on,
        )


def _size(readings: list[TimeReading]) -> int:
    return sum(len(words_of(reading.words)) for reading in readings)


def together(readings: list[TimeReading]) -> Timing | None:
    """One command's timing."""
    return combine_readings(readings) if readings else None


def same_time(timing: Timing, turn: Turn, zone: dt.tzinfo | None) -> dt.datetime | None:
    """The time of day that the earlier turn was about, on the day that was said; None when it had none.

    Of a whole week it is the same weekday, and the week after when it was in that week already.
    """
    before = next((c.due for c in turn.commands if c.due and c.due_has_time), None)
    if before is None or timing.due is None:
        return None
    old, day, end = dt.datetime.fromisoformat(before), timing.due, timing.end
    if end is not None and not isinstance(end, dt.datetime) and end - day == _WEEK - _DAY:
        day += dt.timedelta(days=(old.weekday() - day.weekday()) % 7)
        day += _WEEK if day == old.date() else dt.timedelta()
    return dt.datetime.combine(day, old.time(), zone)
