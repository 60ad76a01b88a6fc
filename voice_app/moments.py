"""Days, times and recurrences in words, in the active language and the speaker's zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_WEEKDAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAYS_NAMED_RELATIVELY = 1
"""Today and tomorrow are called so; the date stands beside them all the same."""


def moment_text(start: str, end: str | None, tz: ZoneInfo, now: dt.datetime) -> str:
    """A due date, moment or range, such as ``Fri 27 Nov, 17:00``.

    Args:
        start: ISO date or datetime as on the wire.
        end: The same for the end of a range, or None.
        tz: The reader's zone.
        now: Aware moment from which "today" counts and a year is left out.
    """
    text = _one(start, tz, now)
    if not end:
        return text
    same_day = _day(start, tz) == _day(end, tz)
    return f"{text} - {_clock(end, tz) if same_day and 'T' in end else _one(end, tz, now)}"


def _one(value: str, tz: ZoneInfo, now: dt.datetime) -> str:
    day = _day(value, tz)
    today = now.astimezone(tz).date()
    pattern = "D j M" if day.year == today.year else "D j M Y"
    text = date_format(day, pattern)
    if day == today:
        text = _("today, {date}").format(date=text)
    elif day - today == dt.timedelta(days=DAYS_NAMED_RELATIVELY):
        text = _("tomorrow, {date}").format(date=text)
    return f"{text}, {_clock(value, tz)}" if "T" in value else text


def _day(value: str, tz: ZoneInfo) -> dt.date:
    return dt.datetime.fromisoformat(value).astimezone(tz).date() if "T" in value else dt.date.fromisoformat(value)


def _clock(value: str, tz: ZoneInfo) -> str:
    return date_format(dt.datetime.fromisoformat(value).astimezone(tz), "H:i")


def recurrence_text(rrule: str) -> str:
    """A recurrence rule in words, for the kinds that people say; anything finer is called recurring.

    Args:
        rrule: RFC 5545 rule without its prefix.
    """
    parts = dict(part.split("=", 1) for part in rrule.split(";"))
    interval = int(parts.get("INTERVAL", "1"))
    days = parts.get("BYDAY", "")
    if days == "MO,TU,WE,TH,FR" and interval == 1:
        return _("every working day")
    if parts["FREQ"] == "WEEKLY" and days and days.replace(",", "").isalpha():
        return _weekdays_text(days, interval)
    return {
        "HOURLY": ngettext("every hour", "every {n} hours", interval),
        "DAILY": ngettext("every day", "every {n} days", interval),
        "WEEKLY": ngettext("every week", "every {n} weeks", interval),
        "MONTHLY": ngettext("every month", "every {n} months", interval),
        "YEARLY": ngettext("every year", "every {n} years", interval),
    }.get(parts["FREQ"], _("recurring")).format(n=interval)


def _weekdays_text(days: str, interval: int) -> str:
    names = ", ".join(str(WEEKDAYS[_WEEKDAY_CODES.index(code)]) for code in days.split(","))
    return ngettext("every {days}", "every {n} weeks on {days}", interval).format(days=names, n=interval)
