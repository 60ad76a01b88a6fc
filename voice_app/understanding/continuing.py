"""When a continuation is: a new day at the old time, a new time on the old day, the same day of another week."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from voice_app.understanding.dates import DateOrTime, TimeReading
from voice_app.understanding.dates.timing import combine_readings
from voice_app.understanding.drafts import iso

_PERIODS = frozenset({"week", "month"})
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Moment:
    """A due date or moment with what belongs to it."""

    due: DateOrTime
    end: DateOrTime | None = None
    rrule: str | None = None
    words: str = ""

    @property
    def has_time(self) -> bool:
        """Whether a time of day is known."""
        return isinstance(self.due, dt.datetime)

    def fields(self) -> dict[str, object]:
        """The fields of a command, replacing those that it had."""
        return {
            "due": iso(self.due),
            "due_has_time": self.has_time,
            "end": None if self.end is None else iso(self.end),
            "rrule": self.rrule,
        }


def read_moment(text: str | None) -> DateOrTime | None:
    """A date or an aware datetime from its form on the wire."""
    if not text:
        return None
    return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)


def moved(
    base: DateOrTime | None, times: Sequence[TimeReading], said_at: dt.datetime, *, anchored: bool
) -> Moment | None:
    """What a time means for something that had one already; None when it is no moment.

    Args:
        base: When it was due, if it was.
        times: What was said now; at least one reading.
        said_at: Aware, in the speaker's zone.
        anchored: Whether a week or a month stands for the same day in it ("same time next week").
    """
    timing = combine_readings(list(times))
    words, due = timing.words, timing.due
    if due is None:
        return None
    if base is None:
        return Moment(due, timing.end, timing.rrule, words)
    base = base.astimezone(said_at.tzinfo) if isinstance(base, dt.datetime) else base
    if timing.rrule and "BY" not in timing.rrule:
        return Moment(base, rrule=timing.rrule, words=words)
    period = next((reading for reading in times if reading.grain in _PERIODS and reading.kind == "range"), None)
    if anchored and period is not None and not timing.due_has_time:
        due = _same_day_in(base, period, said_at)
        return Moment(_at_old_time(base, due), words=words)
    if isinstance(due, dt.datetime) and timing.end is None and not any(reading.has_date for reading in times):
        return Moment(_on_old_day(base, due, times, said_at), words=words)
    if not isinstance(due, dt.datetime) and timing.end is None:
        due = _at_old_time(base, due)
    return Moment(due, timing.end, timing.rrule, words)


def moved_by(base: DateOrTime, length: TimeReading, said_at: dt.datetime, *, back: bool) -> Moment | None:
    """So much later or earlier than it was; None for hours where no time of day is known.

    Args:
        base: When it was due.
        length: A reading of a length, which counts from now, on or back.
        said_at: Aware, in the speaker's zone.
        back: Whether it is earlier.
    """
    if length.start is None:
        return None
    by = _span(length.start, said_at) * (-1 if back else 1)
    if isinstance(base, dt.datetime):
        wall = base.astimezone(said_at.tzinfo)
        due: DateOrTime = wall + by if not by % _DAY else (base.astimezone(dt.UTC) + by).astimezone(said_at.tzinfo)
        return Moment(due, words=length.words)
    return None if by % _DAY else Moment(base + by, words=length.words)


def _span(until: DateOrTime, said_at: dt.datetime) -> dt.timedelta:
    """From now until then, or since then; to the minute, since nobody says seconds."""
    apart = until - said_at if isinstance(until, dt.datetime) else until - said_at.date()
    return dt.timedelta(minutes=abs(round(apart / dt.timedelta(minutes=1))))


def _same_day_in(base: DateOrTime, period: TimeReading, said_at: dt.datetime) -> dt.date:
    """The day of a week or month that the old day was of its own; of the one after it when that is the old day."""
    day = _day(base)
    first = _day(period.start) if period.start is not None else said_at.date()
    if period.grain == "week":
        found = first + dt.timedelta(days=(day.weekday() - first.weekday()) % 7)
        return found if found > day else found + dt.timedelta(weeks=1)
    found = _in_month(first, day.day)
    return found if found > day else _in_month(first.replace(day=1) + dt.timedelta(days=31), day.day)


def _in_month(month: dt.date, day: int) -> dt.date:
    """That day of a month, or its last when it is shorter."""
    return month.replace(day=min(day, calendar.monthrange(month.year, month.month)[1]))


def _day(moment: DateOrTime) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment


def _at_old_time(base: DateOrTime, day: DateOrTime) -> DateOrTime:
    if not isinstance(base, dt.datetime) or isinstance(day, dt.datetime):
        return day
    return dt.datetime.combine(day, base.timetz())


def _on_old_day(base: DateOrTime, due: dt.datetime, times: Sequence[TimeReading], said_at: dt.datetime) -> dt.datetime:
    """The half of the day is the one nearer to the old time; what would be over already is taken as it was read."""
    clocks = [due, *(other.start for reading in times for other in reading.alternatives)]
    days = [dt.datetime.combine(_day(base), clock.timetz()) for clock in clocks if isinstance(clock, dt.datetime)]
    ahead = [moment for moment in days if moment > said_at]
    if not ahead:
        return due
    return min(ahead, key=lambda moment: abs(moment - base)) if isinstance(base, dt.datetime) else ahead[0]
