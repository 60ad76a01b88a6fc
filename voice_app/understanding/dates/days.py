"""Days, weeks and months as the senses of items: what the rules for dates share."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from voice_app.understanding.dates.calendar import add_days, add_months, add_to_day, add_to_moment, stretch, week_start
from voice_app.understanding.dates.values import CLOCK_UNITS, Day, Length, When

if TYPE_CHECKING:
    from voice_app.understanding.dates.context import Context
    from voice_app.understanding.dates.lexicon import Senses
    from voice_app.understanding.dates.tokens import Item

MONTHS, DAYS = 12, 31
LONG = ("week", "month", "quarter", "year", "workweek", "weekend", "season")
SHIFTS = ("after_next", "this", "last", "coming", "next", "following")
STEPS = {"this": 0, "last": -1, "coming": 1, "next": 1, "following": 1, "after_next": 2}


def day_senses(day: Day) -> Senses:
    """A day; a longer stretch is also something to be the first Monday or the end of."""
    senses: Senses = {"day": day, "when": When(day=day)}
    if day.grain in LONG or (day.dom is None and day.month) or (day.year and day.holiday is None and day.month is None):
        senses["span"] = day
    return senses


def shift_of(row: list[Item]) -> str:
    """What was said of a day or stretch: next, last, this..."""
    for item in row:
        for name in SHIFTS:
            if name in item.senses:
                return name
    return "this"


def shift_unit(context: Context, unit: str, shift: str) -> Senses | None:
    """The day, week, month or year so many steps from the current one."""
    steps, today = STEPS[shift], context.today
    if unit == "day":
        return day_senses(Day(fixed=add_days(today, steps)))
    if unit in CLOCK_UNITS:
        length = Length(((1, unit),))
        if steps == -1:
            return {"when": When(moment=add_to_moment(context.said_at, length, -1), grain="minute", is_past=True)}
        return {"length": length} if steps == 1 else None
    if unit == "workday":
        return day_senses(Day(fixed=add_to_day(today, Length(((1, "workday"),)), 1 if steps >= 0 else -1)))
    if unit == "fortnight":
        first = add_days(week_start(today, context.week_starts_on), 7)
        return day_senses(Day(fixed=first, last=add_days(first, 13), grain="week")) if steps == 1 else None
    if unit not in LONG:
        return None
    base = _stepped(today, unit, steps)
    first, last = stretch(unit, base, context.week_starts_on)
    if unit == "weekend" and shift == "next":
        first, last = stretch(unit, add_days(today, 7), context.week_starts_on)
    grain = {"weekend": "day", "workweek": "week", "season": "quarter"}.get(unit, unit)
    return day_senses(Day(fixed=first, last=last, grain=grain)) | {"span": Day(fixed=first, last=last, grain=grain)}


def _stepped(today: dt.date, unit: str, steps: int) -> dt.date:
    if unit in ("week", "workweek", "weekend"):
        return add_days(today, 7 * steps)
    months = {"month": 1, "quarter": 3, "season": 3}.get(unit, 12)
    return add_months(today.replace(day=1), months * steps)
