"""What the rules pass to each other: lengths of time, times of day, days not yet placed in the calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

UNIT_ORDER = ("year", "quarter", "month", "week", "workday", "day", "hour", "minute", "second")
CLOCK_UNITS = frozenset({"hour", "minute", "second"})


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time: counts by unit, in the order said ("two hours and a half")."""

    counts: tuple[tuple[float, str], ...]

    @property
    def unit(self) -> str:
        """The smallest unit said."""
        return max((unit for _, unit in self.counts), key=UNIT_ORDER.index)

    @property
    def is_exact_time(self) -> bool:
        """Counted in hours or less, so that adding it gives a moment and not a day."""
        return any(unit in CLOCK_UNITS for _, unit in self.counts)

    def plus(self, other: Length) -> Length:
        """Both together."""
        return Length(self.counts + other.counts)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day. ``half`` says which half of the day is known: "am", "pm", "24" (read as it stands) or None."""

    hour: int
    minute: int = 0
    second: int = 0
    half: str | None = None
    has_seconds: bool = False
    is_firm: bool = True
    """False where only the context makes the number a time ("tomorrow 3")."""
    zone: str | None = None
    """The zone that was said, by its IANA name; None for the speaker's."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day, week, month or year, as far as it was said."""

    year: int | None = None
    month: int | None = None
    dom: int | None = None
    """Day of the month."""
    weekday: int | None = None
    fixed: dt.date | None = None
    """The first day, where it is already known."""
    last: dt.date | None = None
    """The last day of a longer stretch."""
    grain: str = "day"
    shift: str | None = None
    """What was said of a weekday, month or holiday: next, last, this, coming, after_next."""
    holiday: str | None = None
    swapped: tuple[int, int] | None = None
    """(month, day) of the other way to read a numeric date."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class When:
    """A day with or without a time of day, or a moment, perhaps with an end."""

    day: Day | None = None
    clock: Clock | None = None
    part: str | None = None
    moment: dt.datetime | None = None
    """A moment counted from now ("in two hours")."""
    until: When | None = None
    length: Length | None = None
    """How long it takes ("for 30 minutes")."""
    end_of_day: bool = False
    is_past: bool = False
    grain: str | None = None
    is_duration: bool = False
    """Only a length was said; the moment is now plus this."""
    stretch: bool = False
    """The words name a stretch from a first to a last day ("the next three days")."""

    def with_(self, **changes: Any) -> When:  # noqa: ANN401 - as dataclasses.replace has it
        """A copy with some fields changed."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A recurrence: the parts of an RRULE, and the time of day of each occurrence."""

    freq: str
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    nth: tuple[int, ...] = ()
    """Which of the weekdays in the period: 1 the first, -1 the last."""
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    set_position: int | None = None
    clocks: tuple[Clock, ...] = ()
    part: str | None = None
    count: int | None = None
    until: When | None = None
    length: Length | None = None
    start: When | None = None
    except_days: tuple[int, ...] = ()
    after_completion: bool = False
    extra: tuple[str, ...] = field(default=())

    def with_(self, **changes: Any) -> Repeat:  # noqa: ANN401 - as dataclasses.replace has it
        """A copy with some fields changed."""
        return replace(self, **changes)
