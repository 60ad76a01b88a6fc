"""Which of the two halves of the day a time was meant in, and on which day a bare time comes next."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from voice_app.understanding.dates.calendar import add_days, at_time

if TYPE_CHECKING:
    from voice_app.understanding.dates.context import Context
    from voice_app.understanding.dates.values import Clock

NOON, HOURS = 12, 24
NIGHT_ENDS = 5
"""Before this hour people sleep: a bare "at 3" means the afternoon unless it is said at night."""
EVENING_BEGINS = 4
LATE_PARTS = frozenset({"afternoon", "evening"})
PART_ENDS = {"dawn": 9, "morning": 12, "noon": 13, "lunch": 14, "afternoon": 18, "evening": 23, "night": 24, "day": 15}


def hour_in_part(clock: Clock, part: str | None) -> int | None:
    """The hour 0 to 24 of a time whose half of the day is known, else None. 24 and up lie after midnight."""
    hour = clock.hour
    if clock.half == "am":
        return hour % NOON
    if clock.half == "pm":
        return hour % NOON + NOON
    if clock.half == "24" and (part is None or hour >= NOON):
        return hour
    if hour > NOON or hour == 0:
        return hour
    if part in ("dawn", "morning", "day"):
        return 0 if hour == NOON and part != "day" else hour
    if part in ("noon", "lunch"):
        return hour if hour >= NOON - 2 else hour + NOON
    if part == "afternoon":
        return hour if hour == NOON else hour + NOON
    if part in ("evening", "night"):
        return _hour_of_night(hour, part)
    return None


def _hour_of_night(hour: int, part: str) -> int:
    """Late hours of the evening; after midnight they belong to the next day."""
    if hour == NOON:
        return HOURS
    if hour <= (NIGHT_ENDS if part == "night" else 3):
        return HOURS + hour
    return hour + NOON


def time_on(day: dt.date, clock: Clock, part: str | None, context: Context) -> tuple[dt.datetime, dt.datetime | None]:
    """The moment of a time on a given day, and the other half of the day where that is in doubt."""
    hour = hour_in_part(clock, part)
    if hour is None:
        return _either_half(day, clock, context)
    if hour > HOURS and day == context.today and context.said_at.hour < NIGHT_ENDS:
        hour -= HOURS
    moment = moment_at(day, hour, clock, context)
    if hour == HOURS and clock.half == "24" and clock.hour == HOURS and part is None:
        hour, moment = 0, moment_at(day, 0, clock, context)
    if hour == 0 and clock.half == "24" and moment <= context.said_at:
        moment = moment_at(day, HOURS, clock, context)
    return moment, None


def moment_at(day: dt.date, hour: int, clock: Clock, context: Context) -> dt.datetime:
    """A wall-clock moment in the speaker's zone; hours from 24 on lie on the next day."""
    day, time = add_days(day, hour // HOURS), dt.time(hour % HOURS, clock.minute, clock.second)
    if clock.zone is None:
        return at_time(day, time, context.said_at.tzinfo)
    return at_time(day, time, ZoneInfo(clock.zone)).astimezone(context.said_at.tzinfo)


def _either_half(day: dt.date, clock: Clock, context: Context) -> tuple[dt.datetime, dt.datetime | None]:
    """A time without a half of the day, on a known day."""
    early = moment_at(day, clock.hour, clock, context)
    late = moment_at(day, clock.hour % NOON + NOON, clock, context)
    if clock.hour == NOON:
        early = moment_at(day, 0, clock, context)
        return late, early
    if day == context.today:
        if early >= context.said_at or late < context.said_at:
            sleeps = clock.hour < NIGHT_ENDS <= context.said_at.hour
            return (late, early) if sleeps else (early, late)
        return late, early
    return (late, early) if clock.hour in (context.style("afternoon") or ()) else (early, late)


def next_time(clock: Clock, part: str | None, context: Context) -> tuple[dt.datetime, dt.datetime | None]:
    """The next moment at which a bare time of day comes."""
    hour, now = hour_in_part(clock, part), context.said_at
    if hour is not None:
        first = moment_at(context.today, hour % HOURS, clock, context)
        if first < now and context.prefer_future:
            first = moment_at(add_days(context.today, 1), hour % HOURS, clock, context)
        return first, None
    hours = (clock.hour % NOON, clock.hour % NOON + NOON)
    moments = [moment_at(add_days(context.today, ahead), hour, clock, context) for ahead in (0, 1) for hour in hours]
    coming = [moment for moment in moments if moment >= now]
    awake = [moment for moment in coming if moment.hour >= NIGHT_ENDS or now.hour < NIGHT_ENDS] or coming or moments
    if clock.hour == NOON:
        awake = [moment for moment in coming if moment.hour >= NOON] or awake
    others = [moment for moment in coming if moment != awake[0]]
    return awake[0], others[0] if others else None
