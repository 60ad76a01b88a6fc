"""From what the rules found to dates, moments and RRULEs in the speaker's zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from voice_app.understanding.dates.calendar import (
    DAYS_OF,
    MONTHS_OF,
    add_days,
    add_months,
    add_to_day,
    add_to_moment,
    at_time,
    days_in_month,
    nth_weekday,
)
from voice_app.understanding.dates.clocks import PART_ENDS, hour_in_part, moment_at, next_time, time_on
from voice_app.understanding.dates.context import place
from voice_app.understanding.dates.reading import Alternative, DateOrTime
from voice_app.understanding.dates.values import Length, Repeat, When

if TYPE_CHECKING:
    from voice_app.understanding.dates.context import Context

DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
HOURS = 24


def start_of(when: When, context: Context) -> DateOrTime | None:
    """When it begins."""
    return settle(when, context)[0]


def settle(when: When, context: Context) -> tuple[DateOrTime | None, list[Alternative]]:
    """When it begins, and what else the words can mean."""
    if when.moment is not None:
        return when.moment, []
    if when.day is None:
        return _settle_bare_time(when, context)
    placed = place(when.day, context)
    if placed is None:
        return None, []
    others = [Alternative(day, reason) for day, reason in placed.others]
    if when.clock is None:
        if when.part is None or placed.grain != "day":
            is_now = when.day.fixed is not None and placed.first <= context.today <= placed.last
            return context.today if is_now else placed.first, others
        hour = context.lexicon.part_hours.get(when.part, 9)
        return at_time(placed.first, dt.time(hour % HOURS), context.said_at.tzinfo), others
    moment, other = time_on(placed.first, when.clock, when.part, context)
    if other is not None:
        if when.until is None and when.clock.hour in (context.style("evening") or ()) and placed.first != context.today:
            moment, other = max(moment, other), min(moment, other)
        others.append(Alternative(other, "the other half of the day"))
    return moment, others


def _settle_bare_time(when: When, context: Context) -> tuple[DateOrTime | None, list[Alternative]]:
    if when.clock is not None:
        moment, other = next_time(when.clock, when.part, context)
        return moment, [Alternative(other, "the other half of the day")] if other else []
    if when.part is None:
        return None, []
    day = context.today
    if context.said_at.hour >= PART_ENDS.get(when.part, HOURS):
        day = add_days(day, 1)
    hour = context.lexicon.part_hours.get(when.part, 9)
    moment = at_time(day, dt.time(hour % HOURS), context.said_at.tzinfo)
    is_over = when.part == "morning" and moment < context.said_at and context.prefer_future
    return at_time(add_days(day, 1), dt.time(hour % HOURS), context.said_at.tzinfo) if is_over else moment, []


def end_of(when: When, start: DateOrTime, context: Context) -> DateOrTime | None:
    """When a range ends; a date is inclusive."""
    if when.length is not None:
        if isinstance(start, dt.datetime):
            return add_to_moment(start, when.length)
        return add_days(add_to_day(start, when.length), -1)
    if when.until is not None:
        return _end_from(when, when.until, start, context)
    if when.day is not None and when.clock is None and when.part is None:
        placed = place(when.day, context)
        return placed.last if placed and placed.last != placed.first else None
    return None


def _end_from(when: When, until: When, start: DateOrTime, context: Context) -> DateOrTime | None:
    if until.moment is not None:
        return until.moment
    if until.day is None and until.clock is not None and isinstance(start, dt.datetime):
        part = until.part or when.part
        hour = hour_in_part(until.clock, part)
        hours = [hour] if hour is not None else [until.clock.hour % 12, until.clock.hour % 12 + 12]
        for ahead in (-1, 0, 1) if until.clock.zone else (0, 1):
            for hour in hours:
                end = moment_at(add_days(start.date(), ahead), hour, until.clock, context)
                if end > start:
                    return end
        return None
    return start_of(until, context)


def rule_of(repeat: Repeat, context: Context) -> str:
    """The RRULE of a repetition, without its prefix."""
    parts = [f"FREQ={repeat.freq}"]
    if repeat.interval > 1:
        parts.append(f"INTERVAL={repeat.interval}")
    if repeat.months:
        parts.append("BYMONTH=" + ",".join(map(str, sorted(set(repeat.months)))))
    if repeat.month_days:
        parts.append("BYMONTHDAY=" + ",".join(map(str, dict.fromkeys(repeat.month_days))))
    if repeat.weekdays:
        days = sorted(set(repeat.weekdays))
        parts.append("BYDAY=" + ",".join(f"{nth}{DAY_CODES[day]}" for nth in repeat.nth or ("",) for day in days))
    if repeat.set_position:
        parts.append(f"BYSETPOS={repeat.set_position}")
    times = clocks_of(repeat, context)
    if times:
        parts.append("BYHOUR=" + ",".join(str(hour) for hour in sorted({hour for hour, _ in times})))
        parts.append("BYMINUTE=" + ",".join(str(minute) for minute in sorted({minute for _, minute in times})))
    if repeat.count:
        parts.append(f"COUNT={repeat.count}")
    until = _until(repeat, context)
    if until:
        parts.append(f"UNTIL={until}")
    return ";".join(parts)


def clocks_of(repeat: Repeat, context: Context) -> list[tuple[int, int]]:
    """Hours and minutes of each occurrence."""
    if repeat.freq in ("HOURLY", "MINUTELY", "SECONDLY"):
        return []
    found = []
    for clock in repeat.clocks:
        hour = hour_in_part(clock, repeat.part)
        if hour is None:
            afternoon = clock.hour in (context.style("afternoon") or ())
            hour = clock.hour + 12 if afternoon else clock.hour
        moment = moment_at(context.today, hour % HOURS, clock, context)
        found.append((moment.hour, moment.minute) if clock.zone else (hour % HOURS, clock.minute))
    if not found and repeat.part and repeat.part != "day":
        found.append((context.lexicon.part_hours.get(repeat.part, 9), 0))
    return found


def _until(repeat: Repeat, context: Context) -> str | None:
    if repeat.until is not None:
        start = start_of(repeat.until, context)
        if start is None:
            return None
        day = start.date() if isinstance(start, dt.datetime) else start
        return day.strftime("%Y%m%d")
    if repeat.length is not None and not repeat.length.is_exact_time:
        return add_to_day(context.today, repeat.length).strftime("%Y%m%d")
    return None


def first_of(repeat: Repeat, context: Context) -> DateOrTime | None:
    """The first occurrence from now on (or from the day it was said to start)."""
    start = start_of(repeat.start, context) if repeat.start else None
    day = start.date() if isinstance(start, dt.datetime) else start or context.today
    if repeat.freq in EXACT_UNITS:
        return add_to_moment(context.said_at, Length(((repeat.interval, EXACT_UNITS[repeat.freq]),)))
    times = sorted(clocks_of(repeat, context))
    if repeat.after_completion or not (repeat.weekdays or repeat.month_days or repeat.months or times):
        return day
    for occurrence in _occurrences(repeat, day, add_days(context.today, -1) if times else day):
        if not times:
            return occurrence
        for hour, minute in times:
            moment = at_time(occurrence, dt.time(hour, minute), context.said_at.tzinfo)
            if moment > context.said_at:
                return moment
    return None


def _occurrences(repeat: Repeat, first: dt.date, since: dt.date) -> Iterator[dt.date]:
    """The days of a rule from a date on, in order, the interval left out; at most eight years.

    Months before ``since`` are left out.
    """
    month, since = first.replace(day=1), since.replace(day=1)
    for _ in range(MONTHS_LOOKED_AT):
        if month >= since and (not repeat.months or month.month in repeat.months):
            yield from (day for day in sorted(_days_in(repeat, month, first)) if day >= first)
        month = add_months(month, 1)


def _days_in(repeat: Repeat, month: dt.date, first: dt.date) -> set[dt.date]:
    """The days of a rule in one month."""
    length = days_in_month(month.year, month.month)
    if repeat.month_days:
        doms = (dom if dom > 0 else length + 1 + dom for dom in repeat.month_days)
        days_named = {month.replace(day=dom) for dom in doms if 1 <= dom <= length}
        return {day for day in days_named if not repeat.weekdays or day.weekday() in repeat.weekdays}
    if repeat.nth:
        days = (nth_weekday(month.year, month.month, day, nth) for day in repeat.weekdays for nth in repeat.nth)
        return {day for day in days if day}
    every_day = (month.replace(day=dom) for dom in range(1, length + 1))
    if repeat.weekdays:
        days_found = [day for day in every_day if day.weekday() in repeat.weekdays]
        if repeat.set_position:
            index = repeat.set_position - (repeat.set_position > 0)
            return set(days_found[index:][:1])
        return set(days_found)
    if repeat.freq in ("DAILY", "WEEKLY"):
        return set(every_day)
    return {month.replace(day=1 if repeat.months else min(first.day, length))}


EXACT_UNITS = {"HOURLY": "hour", "MINUTELY": "minute", "SECONDLY": "second"}
MONTHS_LOOKED_AT = 97
ISO_UNITS = {"year": "Y", "month": "M", "week": "W", "day": "D", "hour": "H", "minute": "M", "second": "S"}


def iso_duration(length: Length) -> str:
    """ISO 8601, with fractions carried into smaller units ("PT1H30M")."""
    seconds, days, months = 0.0, 0.0, 0.0
    for count, unit in length.counts:
        if unit in MONTHS_OF:
            months += count * MONTHS_OF[unit]
        elif unit in DAYS_OF or unit == "workday":
            days += count * DAYS_OF.get(unit, 1)
        else:
            seconds += count * {"hour": 3600, "minute": 60, "second": 1}.get(unit, 0)
    seconds += (days - int(days)) * 86400
    text = "P" + (f"{int(months)}M" if months else "") + (f"{int(days)}D" if int(days) else "")
    hours, rest = divmod(int(seconds), 3600)
    minutes, rest = divmod(rest, 60)
    time = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + (f"{rest}S" if rest else "")
    return text + (f"T{time}" if time else "") if len(text) > 1 or time else "PT0S"
