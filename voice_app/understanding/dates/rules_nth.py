"""Rules for the n-th or last day of a stretch, and for its beginning, middle and end."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from voice_app.understanding.dates.calendar import (
    add_days,
    add_months,
    add_to_day,
    iso_week,
    make_date,
    month_end,
    next_weekday,
    nth_weekday,
    stretch,
    week_start,
)
from voice_app.understanding.dates.context import Context, place
from voice_app.understanding.dates.days import DAYS, LONG, MONTHS, day_senses, shift_unit
from voice_app.understanding.dates.grammar import Stage
from voice_app.understanding.dates.values import Clock, Day, Length, When

if TYPE_CHECKING:
    from voice_app.understanding.dates.lexicon import Senses
    from voice_app.understanding.dates.tokens import Item

nth_days = Stage("nth_days")
edges = Stage("edges")
QUARTERS = 4
END_OF_DAY = Clock(23, 59, 59, "24", has_seconds=True)


@nth_days.rule(
    "ordinal|last|num weekday|unit in? span",
    "span ordinal|last weekday|unit",
    "ordinal|last weekday|unit in? month",
    "ordinal|last weekday part in? span",
    "ordinal|last unit in? year",
)
def nth_of_span(context: Context, *_values: object) -> Senses | None:
    """First tuesday of october 2014, last day of next month, third week of January."""
    row = context.row
    span = next((item.senses["span"] for item in row if "span" in item.senses), None)
    if span is None:
        last = row[-1].senses
        span = Day(month=last["month"]) if "month" in last else Day(year=last["year"])
    found = _nth(context, row, span)
    part = next((item.senses["part"] for item in row if "part" in item.senses), None)
    return {"when": When(day=found["day"], part=part)} if found and part else found


@nth_days.rule("ordinal|last weekday|unit in? this_unit", "ordinal|last weekday|unit in? unit")
def nth_of_current(context: Context, *_values: object) -> Senses | None:
    """The last Friday of the month."""
    unit = context.row[-1].senses["unit"]
    if unit not in ("month", "year", "quarter", "week"):
        return None
    senses = shift_unit(context, unit, "this")
    found = _nth(context, context.row[:-1], senses["span"]) if senses else None
    if found and senses and found["day"].fixed < context.today:
        senses = shift_unit(context, unit, "next")
        found = _nth(context, context.row[:-1], senses["span"]) if senses else None
    return found


def _nth(context: Context, row: list[Item], span: Day) -> Senses | None:
    nth, weekday, unit = 0, None, None
    for item in row:
        if not nth and ("ordinal" in item.senses or "last" in item.senses or "num" in item.senses):
            nth = item.senses.get("ordinal") or (-1 if "last" in item.senses else item.senses["num"])
        elif "weekday" in item.senses and weekday is None:
            weekday = item.senses["weekday"]
        elif "unit" in item.senses and unit is None:
            unit = item.senses["unit"]
    placed = place(span, context)
    if placed is None or not isinstance(nth, int) or not nth:
        return None
    found = _nth_in(placed.first, placed.last, nth, weekday, unit)
    if found and found.fixed and found.fixed < context.today and span.month and not span.year and context.prefer_future:
        later = add_months(placed.first, MONTHS)
        found = _nth_in(later, month_end(later), nth, weekday, unit)
    return (day_senses(found) | {"span": found} if found.grain != "day" else day_senses(found)) if found else None


def _nth_in(first: dt.date, last: dt.date, nth: int, weekday: int | None, unit: str | None) -> Day | None:
    """The n-th weekday, day, week, weekend, working day or month between two dates."""
    if weekday is not None:
        return _counted(first, last, nth, weekday)
    if unit == "day":
        day = add_days(first, nth - 1) if nth > 0 else add_days(last, nth + 1)
        return Day(fixed=day) if first <= day <= last else None
    if unit == "workday":
        start = add_days(first, -1) if nth > 0 else add_days(last, 1)
        return Day(fixed=add_to_day(start, Length(((abs(nth), "workday"),)), 1 if nth > 0 else -1))
    if unit == "weekend":
        found = _counted(first, last, nth, 5)
        return Day(fixed=found.fixed, last=add_days(found.fixed, 1)) if found and found.fixed else None
    if unit in ("week", "workweek"):
        return _nth_week(first, last, nth)
    if unit in ("month", "quarter"):
        months = 1 if unit == "month" else 3
        start = add_months(first, months * (nth - 1)) if nth > 0 else add_months(last.replace(day=1), 1 + months * nth)
        return Day(fixed=start, last=month_end(add_months(start, months - 1)), grain=unit)
    return None


def _counted(first: dt.date, last: dt.date, nth: int, weekday: int) -> Day | None:
    if (last - first).days <= DAYS:
        day = (
            nth_weekday(first.year, first.month, weekday, nth)
            if first.day == 1
            else next_weekday(first, weekday, allow_same=True)
        )
    elif nth > 0:
        day = add_days(next_weekday(first, weekday, allow_same=True), 7 * (nth - 1))
    else:
        day = add_days(next_weekday(add_days(last, -6), weekday, allow_same=True), 7 * (nth + 1))
    return Day(fixed=day) if day else None


def _nth_week(first: dt.date, last: dt.date, nth: int) -> Day:
    """The n-th whole week of a month; of a year by ISO 8601."""
    if (last - first).days > 40 and nth > 0:
        monday = iso_week(first.year, nth) or first
    elif nth > 0:
        monday = add_days(next_weekday(first, 0, allow_same=True), 7 * (nth - 1))
    else:
        monday = add_days(week_start(add_days(last, -6), 0), 7 * (nth + 1))
        if add_days(monday, 6 + 7) <= last:
            monday = add_days(monday, 7)
    return Day(fixed=monday, last=add_days(monday, 6), grain="week")


@nth_days.rule("quarter_num in? year", "quarter_num in? span", "quarter_num", "ordinal unit in? year", "ordinal unit")
def quarter(context: Context, *_values: object) -> Senses | None:
    """Q3, Q1 2027, the first quarter: of the year that was said, or the next that is not over."""
    found, row = context.values(), context.row
    if found.get("unit", "quarter") != "quarter" or context.follows("unit", "of", "past", "to_hour", "year"):
        return None
    nth = found.get("quarter_num") or found["ordinal"]
    span = place(found["span"], context) if "span" in found else None
    year = found.get("year") or (span.first.year if span else None) or context.today.year
    if not 1 <= nth <= QUARTERS or (span and span.grain != "year"):
        return None
    first = make_date(year, 3 * nth - 2, 1)
    last = month_end(add_months(first, 2)) if first else None
    if first is None or last is None:
        return None
    if len(row) <= (1 if "quarter_num" in found else 2) and last < context.today and context.prefer_future:
        first, last = add_months(first, MONTHS), month_end(add_months(last, MONTHS))
    return day_senses(Day(fixed=first, last=last, grain="quarter"))


@nth_days.rule("dom_ordinal in? unit")
def dom_of_this(context: Context, dom: int, _in: object, unit: str) -> Senses | None:
    """The first of the month."""
    if unit != "month" or not context.skipped("of") or context.follows("of", "after", "every", "unit", "month"):
        return None
    return day_senses(Day(dom=dom))


@nth_days.rule("dom|dom_ordinal day_word? in? span")
def dom_of_span(_context: Context, dom: int, *rest: object) -> Senses | None:
    """20th of next month."""
    span = rest[-1]
    if not isinstance(span, Day) or span.fixed is None or span.grain != "month":
        return None
    day = make_date(span.fixed.year, span.fixed.month, dom)
    return day_senses(Day(fixed=day)) if day else None


@edges.rule("end|start|mid year", "end span|unit|day", "start span|unit", "mid span|unit", "span|unit|day end")
def edge(context: Context, *_values: object) -> Senses | None:
    """End of the month, beginning of next week, mid December, end of tomorrow."""
    row = context.row
    which = next(name for name in ("end", "start", "mid") if any(name in item.senses for item in row))
    other = row[-1].senses if which in row[0].senses else row[0].senses
    day = _whole_of(context, other)
    if day is None:
        return None
    placed = place(day, context)
    if which == "end" and placed and placed.grain == "day" and day.last is None:
        return {"when": When(day=day, clock=END_OF_DAY)}
    if placed is None:
        return None
    day = Day(fixed=_edge_of(placed.first, placed.last, which, placed.grain))
    unit = other.get("unit")
    if which == "start" and unit in LONG and "span" not in other and placed.first < context.today:
        later = shift_unit(context, unit, "next")
        day = Day(fixed=later["day"].fixed) if later else day
    return day_senses(day)


def _edge_of(first: dt.date, last: dt.date, which: str, grain: str) -> dt.date:
    if which == "start":
        return first
    if which == "mid":
        return add_days(first, 2 if grain == "week" else (last - first).days // 2 - (grain == "month"))
    return add_days(first, 4) if grain == "week" else last


def _whole_of(context: Context, senses: Senses) -> Day | None:
    """What the end or beginning is of."""
    if "span" in senses or "day" in senses:
        found: Day = senses.get("span") or senses["day"]
        return found
    if "year" in senses:
        return Day(year=senses["year"])
    if "month" in senses:
        return Day(month=senses["month"])
    if "day_offset" in senses:
        return Day(fixed=add_days(context.today, senses["day_offset"]))
    if "weekday" in senses:
        return Day(weekday=senses["weekday"])
    unit = senses.get("unit")
    if unit == "day":
        return Day(fixed=context.today)
    shifted = shift_unit(context, unit, "this") if unit in LONG else None
    return shifted["day"] if shifted else None


@edges.rule("end_of_day|end_of_week|end_of_month|end_of_year")
def named_end(context: Context, *_: object) -> Senses | None:
    """EOD, end of the week."""
    senses = context.row[0].senses
    if "end_of_day" in senses:
        return {"when": When(day=Day(fixed=context.today), clock=END_OF_DAY)}
    unit = next(unit for unit in ("week", "month", "year") if f"end_of_{unit}" in senses)
    shifted = shift_unit(context, unit, "this")
    if shifted is None:
        return None
    day = shifted["day"]
    friday = add_days(week_start(context.today, 0), 4)
    if unit == "week":
        return day_senses(Day(fixed=friday if friday >= context.today else add_days(friday, 2)))
    return day_senses(Day(fixed=day.last))


@edges.rule("week_of day|when", "week_of dom|dom_ordinal", "unit of day|dom|dom_ordinal")
def week_of(context: Context, *values: Day | When | int) -> Senses | None:
    """The week of the 18th, the week starting on February 4, the weekend of the 10th."""
    value = values[-1]
    day = value.day if isinstance(value, When) else Day(dom=value) if isinstance(value, int) else value
    placed = place(day, context) if day else None
    unit = context.row[0].senses.get("unit", "week")
    if placed is None or unit not in ("week", "weekend") or ("of" in context.row[1].senses and placed.grain != "day"):
        return None
    if unit == "weekend":
        return shift_to_weekend(placed.first)
    monday = week_start(placed.first, context.week_starts_on)
    return day_senses(Day(fixed=monday, last=add_days(monday, 6), grain="week"))


def shift_to_weekend(day: dt.date) -> Senses:
    """Saturday and Sunday of a day's week."""
    first, last = stretch("weekend", day, 0)
    return day_senses(Day(fixed=first, last=last))
