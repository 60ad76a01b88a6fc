"""The hours in which a person does not want to be told of anything."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from tasks_app.clock import day_in, localise


def end_of_quiet(now: dt.datetime, zone: ZoneInfo, begin: dt.time | None, end: dt.time | None) -> dt.datetime | None:
    """When the quiet hours that hold now are over.

    They last from one moment to another, and so are an hour longer or shorter in a night in which the clocks change.

    Args:
        now: Aware moment.
        zone: Whose clock the times are on.
        begin: When they start each day; None, or the same as ``end``, when there are none.
        end: When they are over; at or before ``begin`` it is a time of the next day.

    Returns:
        An aware moment in UTC, or None when it is not quiet now.
    """
    if begin is None or end is None or begin == end:
        return None
    today = day_in(zone, now)
    for day in (today - dt.timedelta(days=1), today):
        last_day = day + dt.timedelta(days=1) if end < begin else day
        first = localise(dt.datetime.combine(day, begin), zone)
        last = localise(dt.datetime.combine(last_day, end), zone)
        if first <= now < last:
            return last
    return None
