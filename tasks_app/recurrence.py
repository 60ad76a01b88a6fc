"""When a recurring task comes next: RFC 5545 rules on the clock of the task's own zone.

``COUNT`` and ``UNTIL`` are kept apart from the rest of a rule and applied here: a task stands at one occurrence at a
time, so every step starts the rule anew at that occurrence and takes what has passed off the count.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import cast
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from tasks_app.clock import day_in, localise
from tasks_app.commands import YEARS
from tasks_app.errors import RecurrenceInvalid
from tasks_app.fine_recurrence import UNITS, days_of, most_times_a_day, times_on

_MAX_INTERVAL = 99_999
_MAX_COUNT = 9999
_MOST_TIMES_A_DAY = 24 * 60
"""Every minute."""
_NUMBERS = r"[+-]?\d{1,3}(,[+-]?\d{1,3})*"
_HOUR, _SIXTIETH = r"([01]?\d|2[0-3])", r"[0-5]?\d"
_PARTS = {
    "FREQ": r"SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": r"\d{1,5}",
    "COUNT": r"\d{1,4}",
    "UNTIL": r"\d{8}(T\d{6}Z?)?",
    "WKST": r"MO|TU|WE|TH|FR|SA|SU",
    "BYDAY": r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU))*",
    "BYMONTH": _NUMBERS,
    "BYMONTHDAY": _NUMBERS,
    "BYYEARDAY": _NUMBERS,
    "BYWEEKNO": _NUMBERS,
    "BYHOUR": rf"{_HOUR}(,{_HOUR})*",
    "BYMINUTE": rf"{_SIXTIETH}(,{_SIXTIETH})*",
    "BYSECOND": rf"{_SIXTIETH}(,{_SIXTIETH})*",
    "BYSETPOS": r"[+-]?[1-9]\d{0,2}(,[+-]?[1-9]\d{0,2})*",
}
_CALENDAR_CYCLE_YEARS = 400
"""The Gregorian calendar repeats exactly, weekdays included, after so many years."""
_STEPS = {
    "DAILY": dt.timedelta(days=1),
    "WEEKLY": dt.timedelta(weeks=1),
    **{name: dt.timedelta(seconds=seconds) for name, seconds in UNITS.items()},
}
_CLOCKS_DIFFER = dt.timedelta(days=2)
"""By more than this no clock is ever put forward or back."""


@dataclass(frozen=True)
class Recurrence:
    """A checked rule."""

    body: str
    """The rule without ``COUNT`` and ``UNTIL``."""
    count: int | None = None
    until: str | None = None

    @property
    def parts(self) -> dict[str, str]:
        """Those of the body, by name."""
        return dict(part.split("=") for part in self.body.split(";"))

    @property
    def is_fine(self) -> bool:
        """Whether it comes round within the day."""
        return self.parts["FREQ"] in UNITS

    @property
    def text(self) -> str:
        """The rule as it is stored, without the ``RRULE:`` prefix."""
        count = "" if self.count is None else f";COUNT={self.count}"
        until = "" if self.until is None else f";UNTIL={self.until}"
        return self.body + count + until


@dataclass(frozen=True)
class Occurrence:
    """One time at which a task is due."""

    local: dt.datetime
    """Naive time on the task's clock; midnight when it has no time."""
    recurrence: Recurrence
    """The rule as it goes on from here."""


def parse_recurrence(text: str) -> Recurrence:
    """Check a rule from outside.

    Args:
        text: RFC 5545 recurrence rule, with or without the ``RRULE:`` prefix. What comes more often than
            :data:`_MOST_TIMES_A_DAY` is refused.

    Raises:
        RecurrenceInvalid: It is not a rule, or not one of the supported kind.
    """
    parts: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").rstrip(";").split(";"):
        name, _, value = part.partition("=")
        if name in parts or not re.fullmatch(_PARTS.get(name, "(?!)"), value):
            raise RecurrenceInvalid(rrule=text)
        parts[name] = value
    count, until = parts.pop("COUNT", None), parts.pop("UNTIL", None)
    if "FREQ" not in parts or (count and until):
        raise RecurrenceInvalid(rrule=text)
    if int(parts.get("INTERVAL", 1)) not in range(1, _MAX_INTERVAL + 1):
        raise RecurrenceInvalid(rrule=text)
    if most_times_a_day(parts) > _MOST_TIMES_A_DAY:
        raise RecurrenceInvalid(rrule=text)
    if count is not None and int(count) not in range(1, _MAX_COUNT + 1):
        raise RecurrenceInvalid(rrule=text)
    body = ";".join(f"{name}={value}" for name, value in parts.items())
    recurrence = Recurrence(body, None if count is None else int(count), until)
    _occurrences(recurrence, dt.datetime(2000, 1, 1))  # noqa: DTZ001  # time on a clock, only to see that it parses
    until_on_clock(recurrence, ZoneInfo("UTC"))
    return recurrence


def first_occurrence(recurrence: Recurrence, start: dt.datetime, zone: ZoneInfo) -> Occurrence:
    """The first occurrence at or after a naive local time.

    Raises:
        RecurrenceInvalid: There is none.
    """
    for local in _within(recurrence, start, zone):
        return Occurrence(local, recurrence)
    raise RecurrenceInvalid(rrule=recurrence.text)


def next_occurrence(
    recurrence: Recurrence, start: dt.datetime, zone: ZoneInfo, *, has_time: bool, after: dt.datetime
) -> Occurrence | None:
    """The occurrence to which a task moves when it is done.

    It is later than both the present one and ``after``, so a task that was overdue for weeks comes next in the
    future; occurrences that were passed over count.

    Args:
        recurrence: The rule as it stands at the present occurrence.
        start: Naive local time of the present occurrence.
        zone: The task's zone.
        has_time: Whether the time counts; otherwise only days do.
        after: Aware moment at which it was done.

    Returns:
        None after the last one.
    """
    floor = max(after.astimezone(dt.UTC), localise(start, zone))
    near = floor.astimezone(zone).replace(tzinfo=None) - _CLOCKS_DIFFER
    if recurrence.count is None:
        start = _skip_ahead(recurrence, start, near)
    for passed, local in enumerate(_within(recurrence, start, zone)):
        if local < near:
            continue
        is_later = localise(local, zone) > floor if has_time else local.date() > day_in(zone, floor)
        if is_later:
            count = None if recurrence.count is None else recurrence.count - passed
            return Occurrence(local, replace(recurrence, count=count))
    return None


def next_after_completion(
    recurrence: Recurrence, start: dt.datetime, zone: ZoneInfo, *, done_at: dt.datetime
) -> Occurrence | None:
    """The occurrence to which a task moves that repeats so long after it was done.

    The rule starts anew on the day on which it was done, at the time of the present occurrence; one that comes round
    within the day at the minute at which it was done. Each time that it is done takes one off the count.

    Args:
        recurrence: The rule as it stands at the present occurrence.
        start: Naive local time of the present occurrence.
        zone: The task's zone.
        done_at: Aware moment at which it was done.

    Returns:
        None after the last one.
    """
    count = recurrence.count
    if count == 1:
        return None
    done = done_at.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
    anchor = done if recurrence.is_fine else dt.datetime.combine(done.date(), start.time())
    for local in _within(replace(recurrence, count=None), anchor, zone):
        if (local > done) if recurrence.is_fine else (local.date() > done.date()):
            return Occurrence(local, replace(recurrence, count=None if count is None else count - 1))
    return None


def occurrences_between(
    recurrence: Recurrence,
    start: dt.datetime,
    zone: ZoneInfo,
    *,
    first: dt.datetime,
    last: dt.datetime,
    most_steps: int,
) -> tuple[list[dt.datetime], int]:
    """The occurrences between two times, both included.

    Args:
        recurrence: The rule as it stands at the present occurrence.
        start: Naive local time of the present occurrence.
        zone: The task's zone.
        first: Naive local time.
        last: Naive local time.
        most_steps: So many occurrences are looked at, those before ``first`` as well.

    Returns:
        Naive local times, and how many were looked at: fewer than ``most_steps`` when these are all.
    """
    found: list[dt.datetime] = []
    steps = 0
    for local in islice(_within(recurrence, start, zone), most_steps):
        if local > last:
            break
        steps += 1
        if local >= first:
            found.append(local)
    return found, steps


def _skip_ahead(recurrence: Recurrence, start: dt.datetime, near: dt.datetime) -> dt.datetime:
    """The last time not after ``near`` from which the body of the rule goes on as it does from ``start``.

    That is a whole number of the rule's own intervals later, so years of occurrences need not be looked at one by one.
    """
    parts = recurrence.parts
    interval = int(parts.get("INTERVAL", 1))
    if near <= start:
        return start
    if step := _STEPS.get(parts["FREQ"]):
        return start + (near - start) // (step * interval) * (step * interval)
    months = interval * (12 if parts["FREQ"] == "YEARLY" else 1)
    passed = (near.year - start.year) * 12 + near.month - start.month
    candidates = (_months_later(start, count * months) for count in range(passed // months, 0, -1))
    return next((later for later in candidates if later is not None and later <= near), start)


def _months_later(start: dt.datetime, months: int) -> dt.datetime | None:
    """The same day of a later month; None where that month has no such day."""
    years, month = divmod(start.month - 1 + months, 12)
    try:
        return start.replace(year=start.year + years, month=month + 1)
    except ValueError:
        return None


def _within(recurrence: Recurrence, start: dt.datetime, zone: ZoneInfo) -> Iterator[dt.datetime]:
    """The occurrences from ``start`` on, up to ``UNTIL`` or for ``COUNT``, in naive local time."""
    until = until_on_clock(recurrence, zone)
    for passed, local in enumerate(_occurrences(recurrence, start)):
        if (until is not None and local > until) or passed == recurrence.count or local.year not in YEARS:
            return
        yield local


def _occurrences(recurrence: Recurrence, start: dt.datetime) -> Iterator[dt.datetime]:
    """All that the body of the rule gives.

    dateutil looks as far as the year 9999 for a day that never comes, such as 30 February. Counting from the last
    whole cycle of the calendar before that gives the same days, and bounds the search to about 0.2 s.
    """
    body, begin = recurrence.body, start
    if recurrence.is_fine:
        body, begin = days_of(recurrence.parts), dt.datetime.combine(start.date(), dt.time())
    shift = (dt.MAXYEAR - start.year) // _CALENDAR_CYCLE_YEARS * _CALENDAR_CYCLE_YEARS
    try:
        rule = cast("rrule", rrulestr(body, dtstart=begin.replace(year=start.year + shift)))
    except (ValueError, TypeError, IndexError) as error:
        raise RecurrenceInvalid(rrule=recurrence.text) from error
    found = (local.replace(year=local.year - shift) for local in rule)
    return times_on(found, recurrence.parts, start) if recurrence.is_fine else found


def until_on_clock(recurrence: Recurrence, zone: ZoneInfo) -> dt.datetime | None:
    """``UNTIL`` on the task's clock; a date includes its whole day."""
    text = recurrence.until
    if text is None:
        return None
    try:
        if "T" not in text:
            return dt.datetime.combine(dt.date.fromisoformat(text), dt.time.max)
        until = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise RecurrenceInvalid(rrule=recurrence.text) from error
    return until if until.tzinfo is None else until.astimezone(zone).replace(tzinfo=None)
