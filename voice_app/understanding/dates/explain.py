"""One sentence that says why words mean a moment, for the receipt and for ``interpret --explain``."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voice_app.understanding.dates.context import Context
    from voice_app.understanding.dates.reading import Alternative, DateOrTime


def explain(words: str, start: DateOrTime, others: list[Alternative], context: Context) -> str:
    """For example: '"next Friday" said on Sunday 22 Nov is Friday 27 Nov'."""
    sentence = f'"{words}" said on {_day(context.said_at)} is {_name(start)}'
    if others:
        sentence += f" (could be {_name(others[0].start)}: {others[0].reason})"
    return sentence


def _name(start: DateOrTime) -> str:
    day = _day(start)
    return f"{day} at {start.hour:02}:{start.minute:02}" if isinstance(start, dt.datetime) else day


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _day(day: DateOrTime) -> str:
    """Put together by hand: the same through ``strftime`` asks the system for its zone each time, and its locale."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"
