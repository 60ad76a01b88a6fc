"""Days, times and recurrences in words, in the active language and the speaker's zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voicebot.dates import clock_text, day_text, list_text, weekday_text

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
    text = day_text(day, with_year=day.year != today.year)
    if day == today:
        text = _("today, {date}").format(date=text)
    elif day - today == dt.timedelta(days=DAYS_NAMED_RELATIVELY):
        text = _("tomorrow, {date}").format(date=text)
    return f"{text}, {_clock(value, tz)}" if "T" in value else text


def _day(value: str, tz: ZoneInfo) -> dt.date:
    return dt.datetime.fromisoformat(value).astimezone(tz).date() if "T" in value else dt.date.fromisoformat(value)


def _clock(value: str, tz: ZoneInfo) -> str:
    return clock_text(dt.datetime.fromisoformat(value).astimezone(tz))


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
    return _each(parts["FREQ"]) if interval == 1 else _every(parts["FREQ"], interval)


def _each(frequency: str) -> str:
    return {
        "MINUTELY": _("every minute"),
        "HOURLY": _("every hour"),
        "DAILY": _("every day"),
        "WEEKLY": _("every week"),
        "MONTHLY": _("every month"),
        "YEARLY": _("every year"),
    }.get(frequency, _("recurring"))


def _every(frequency: str, interval: int) -> str:
    """Plural forms of their own: the form of "one" is in some languages also that of 21."""
    return {
        "MINUTELY": ngettext("every {n} minute", "every {n} minutes", interval),
        "HOURLY": ngettext("every {n} hour", "every {n} hours", interval),
        "DAILY": ngettext("every {n} day", "every {n} days", interval),
        "WEEKLY": ngettext("every {n} week", "every {n} weeks", interval),
        "MONTHLY": ngettext("every {n} month", "every {n} months", interval),
        "YEARLY": ngettext("every {n} year", "every {n} years", interval),
    }.get(frequency, _("recurring")).format(n=interval)


def _weekdays_text(days: str, interval: int) -> str:
    names = list_text(weekday_text(_WEEKDAY_CODES.index(code)) for code in days.split(","))
    if interval == 1:
        return _("every {days}").format(days=names)
    text = ngettext("every {n} week on {days}", "every {n} weeks on {days}", interval)
    return text.format(days=names, n=interval)
