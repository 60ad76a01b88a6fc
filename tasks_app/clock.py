"""Days and times on a person's clock, and the moments that they stand for."""

from __future__ import annotations

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_NO_PLACE = frozenset({"Factory", "localtime", "posixrules"})
"""Names that stand for nothing, or for whatever the machine is set to."""


@cache
def zone_names() -> frozenset[str]:
    """The time zones that a person may be in."""
    return frozenset(available_timezones()) - _NO_PLACE


def is_zone(name: str) -> bool:
    """Whether this is the name of one of them, such as Europe/Berlin."""
    return name in zone_names()


def localise(local: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The moment at which the clocks of a zone say this, in UTC.

    Python counts and compares times of one zone by what the clocks say, so moments are kept in UTC.

    A time that the clocks skip is counted with the offset before the change, so it comes out later; of one that
    comes twice the first is taken, unless ``local.fold`` is 1.

    Args:
        local: Naive time on the clock.
        zone: Whose clock.
    """
    return local.replace(tzinfo=zone).astimezone(dt.UTC)


def day_in(zone: ZoneInfo, moment: dt.datetime) -> dt.date:
    """The day that it is in a zone at an aware moment."""
    return moment.astimezone(zone).date()


def days_from(day: dt.date, count: int) -> dt.date:
    """The day so many days later, or earlier when negative; the calendar's first or last one when there is none."""
    return dt.date.fromordinal(min(max(day.toordinal() + count, dt.date.min.toordinal()), dt.date.max.toordinal()))


def start_of_day(zone: ZoneInfo, day: dt.date) -> dt.datetime:
    """The moment at which a day begins in a zone, in UTC; at the calendar's ends the nearest that every zone has."""
    day = min(max(day, days_from(dt.date.min, 2)), days_from(dt.date.max, -2))
    return localise(dt.datetime.combine(day, dt.time()), zone)


def wire_form(day: dt.date | None, moment: dt.datetime | None, zone_name: str) -> str | None:
    """An ISO date when no time was given, else an ISO datetime with the offset of the zone at that moment."""
    if moment is not None:
        return moment.astimezone(ZoneInfo(zone_name)).isoformat()
    return None if day is None else day.isoformat()
