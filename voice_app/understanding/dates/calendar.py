"""Calendar arithmetic: months of unequal length, weekdays, weeks, and clocks that change for summer time."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voice_app.understanding.dates.values import Length

FIRST_YEAR, LAST_YEAR = 1000, 9000
FIRST_DAY, LAST_DAY = dt.date(FIRST_YEAR, 1, 1).toordinal(), dt.date(LAST_YEAR, 12, 31).toordinal()
MONTHS_A_YEAR = 12
SATURDAY = 5
MONTHS_OF = {"month": 1, "quarter": 3, "season": 3, "year": 12, "decade": 120}
DAYS_OF = {"day": 1, "week": 7, "weekend": 7, "workweek": 7, "fortnight": 14}
SECONDS_OF = {"hour": 3600, "minute": 60, "second": 1}


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    return calendar.monthrange(year, month)[1]


def make_date(year: int, month: int, dom: int) -> dt.date | None:
    """The date, or None where the calendar has no such day."""
    try:
        return dt.date(year, month, dom)
    except ValueError:
        return None


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of a later or earlier month; the last one where that month is shorter."""
    index = day.year * MONTHS_A_YEAR + day.month - 1 + months
    year, month = divmod(index, MONTHS_A_YEAR)
    year = min(max(year, FIRST_YEAR), LAST_YEAR)
    return day.replace(year=year, month=month + 1, day=min(day.day, days_in_month(year, month + 1)))


def add_days(day: dt.date, days: float) -> dt.date:
    """A day so many days on, kept inside the calendar."""
    ordinal = min(max(day.toordinal() + int(days), FIRST_DAY), LAST_DAY)
    return dt.date.fromordinal(ordinal)


def add_workdays(day: dt.date, count: int) -> dt.date:
    """So many Mondays to Fridays on; at most 5,000."""
    step = 1 if count >= 0 else -1
    left = min(abs(count), 5000)
    while left:
        day = add_days(day, step)
        left -= day.weekday() < SATURDAY
    return day


def add_to_day(day: dt.date, length: Length, sign: int = 1) -> dt.date:
    """A day moved by the days, weeks, months and years of a length; a half month is 15 days, a half year six months."""
    for count, unit in length.counts:
        if unit in MONTHS_OF:
            months = count * MONTHS_OF[unit]
            day = add_months(day, sign * min(int(months), 12000))
            day = add_days(day, sign * round((months - int(months)) * 30))
        elif unit == "workday":
            day = add_workdays(day, sign * min(int(count), 5000))
        elif unit in DAYS_OF:
            day = add_days(day, sign * min(round(count * DAYS_OF[unit]), 400000))
    return day


def add_to_moment(moment: dt.datetime, length: Length, sign: int = 1) -> dt.datetime:
    """A moment moved by a length: days by the calendar, hours and less by elapsed time."""
    day = add_to_day(moment.date(), length, sign)
    if day != moment.date():
        moment = at_time(day, moment.timetz().replace(tzinfo=None), moment.tzinfo)
    seconds = sum(count * SECONDS_OF[unit] for count, unit in length.counts if unit in SECONDS_OF)
    if not seconds:
        return moment
    zone = moment.tzinfo
    seconds = min(seconds, 10**9)
    return (moment.astimezone(dt.UTC) + sign * dt.timedelta(seconds=seconds)).astimezone(zone)


def at_time(day: dt.date, time: dt.time, zone: dt.tzinfo | None) -> dt.datetime:
    """The moment of a wall-clock time; one that summer time leaves out moves on by the gap."""
    moment = dt.datetime.combine(day, time, tzinfo=zone)
    if zone is None or not FIRST_YEAR < day.year < LAST_YEAR:
        return moment
    return moment.astimezone(dt.UTC).astimezone(zone)


def next_weekday(day: dt.date, weekday: int, *, allow_same: bool) -> dt.date:
    """The first such weekday on (``allow_same``) or after a day."""
    ahead = (weekday - day.weekday()) % 7
    return add_days(day, ahead if ahead or allow_same else 7)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> dt.date | None:
    """The n-th such weekday of a month, counted from its end when ``nth`` is negative."""
    if nth > 0:
        first = next_weekday(dt.date(year, month, 1), weekday, allow_same=True)
        day = add_days(first, 7 * (nth - 1))
    else:
        last = dt.date(year, month, days_in_month(year, month))
        day = add_days(last, -((last.weekday() - weekday) % 7) + 7 * (nth + 1))
    return day if day.month == month else None


def week_start(day: dt.date, first_weekday: int) -> dt.date:
    """The first day of the week that a day is in; ``first_weekday`` 0 is Monday."""
    return add_days(day, -((day.weekday() - first_weekday) % 7))


def month_end(day: dt.date) -> dt.date:
    """The last day of a day's month."""
    return day.replace(day=days_in_month(day.year, day.month))


def iso_week(year: int, week: int) -> dt.date | None:
    """Monday of a numbered week (ISO 8601)."""
    try:
        return dt.date.fromisocalendar(year, week, 1)
    except ValueError:
        return None


def stretch(unit: str, day: dt.date, first_weekday: int) -> tuple[dt.date, dt.date]:
    """First and last day of the week, weekend, month, quarter or year that a day is in."""
    if unit in ("week", "workweek"):
        first = week_start(day, first_weekday)
        return first, add_days(first, 4 if unit == "workweek" else 6)
    if unit == "weekend":
        saturday = add_days(week_start(day, 0), SATURDAY)
        return saturday, add_days(saturday, 1)
    if unit in ("month", "quarter", "season"):
        months = MONTHS_OF[unit]
        first = day.replace(day=1, month=(day.month - 1) // months * months + 1)
        return first, month_end(add_months(first, months - 1))
    if unit == "year":
        return day.replace(month=1, day=1), day.replace(month=12, day=31)
    return day, day
