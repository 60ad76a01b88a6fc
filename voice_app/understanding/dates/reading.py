"""What a reader of times hands back: the readings in a text, and the timing of one command."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["point", "range", "duration", "recurrence", "reminder"]
Grain: TypeAlias = Literal["second", "minute", "hour", "day", "week", "month", "quarter", "year"]
DateOrTime: TypeAlias = dt.date | dt.datetime
"""A date when no time of day was said, else an aware datetime in the speaker's zone."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way in which the same words can be meant."""

    start: DateOrTime
    reason: str


@dataclass(frozen=True, slots=True)
class TimeReading:
    """One expression of time in a text."""

    start_char: int
    end_char: int
    """``text[start_char:end_char]`` is :attr:`words`."""
    words: str
    kind: Kind
    start: DateOrTime | None = None
    """When it is; for a recurrence the first occurrence from now on."""
    end: DateOrTime | None = None
    """Where a range ends; a date is inclusive."""
    grain: Grain = "day"
    has_time: bool = False
    rrule: str | None = None
    """RFC 5545 rule without the ``RRULE:`` prefix."""
    remind: tuple[str, ...] = ()
    """ISO 8601 durations before the due moment, or ISO datetimes."""
    after_completion: bool = False
    """The rule counts from the day the task is done ("three days after I finish")."""
    alternatives: tuple[Alternative, ...] = ()
    explanation: str = ""
    """One English sentence that says why the words mean this moment."""
    confidence: float = 0.9
    has_date: bool = True
    """A day was said; false for a bare time of day, whose day is the next on which it comes."""
    is_past: bool = False
    """The words point back ("yesterday", "two hours ago")."""


@dataclass(frozen=True, slots=True)
class Timing:
    """The time of one command: its readings put together."""

    due: DateOrTime | None = None
    due_has_time: bool = False
    end: DateOrTime | None = None
    rrule: str | None = None
    remind: tuple[str, ...] = ()
    after_completion: bool = False
    spans: tuple[tuple[int, int], ...] = ()
    """The stretches of the text that the time was read from."""
    words: str = ""
    """These stretches, joined by a space."""
    readings: tuple[TimeReading, ...] = field(default_factory=tuple)
    alternatives: tuple[Alternative, ...] = ()
    explanation: str = ""
    confidence: float = 0.0
