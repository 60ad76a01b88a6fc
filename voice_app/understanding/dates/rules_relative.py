"""Rules for times counted from now or from a day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from voice_app.understanding.dates.calendar import (
    add_days,
    add_months,
    add_to_day,
    add_to_moment,
    next_weekday,
    stretch,
    week_start,
)
from voice_app.understanding.dates.context import Context, place
from voice_app.understanding.dates.days import day_senses
from voice_app.understanding.dates.grammar import Stage
from voice_app.understanding.dates.rules_range import late_ranges
from voice_app.understanding.dates.values import CLOCK_UNITS, Clock, Day, Length, When

if TYPE_CHECKING:
    from voice_app.understanding.dates.lexicon import Senses

relative = Stage("relative")


def from_now(context: Context, length: Length, sign: int = 1) -> Senses:
    """So much from now: a moment for hours and less, else a day."""
    if length.is_exact_time:
        moment = add_to_moment(context.said_at, length, sign)
        grain = "second" if any(unit == "second" for _, unit in length.counts) else "minute"
        return {"when": When(moment=moment, grain=grain, is_past=sign < 0), "shifted": length}
    day = Day(fixed=add_to_day(context.today, length, sign))
    return {"when": When(day=day, is_past=sign < 0), "day": day, "shifted": length}


@relative.rule("in|within length", "length later", "in|within length later", "after length", "within in? num_length")
def ahead(context: Context, *values: object) -> Senses | None:
    """In two hours, two weeks from now, within a month."""
    length = next(value for value in values if isinstance(value, Length))
    if "ago" not in context.row[0].senses and context.follows("before_it", "beforehand") and context.follows("before"):
        return None
    if context.found[0][2] == "after" and context.follows("when", "day", "month"):
        return None
    return from_now(context, length)


@relative.rule("in|within one? unit")
def ahead_one(context: Context, _in: object, _one: object, unit: str) -> Senses | None:
    """Через час."""
    if context.follows("before_it", "beforehand") and context.follows("before"):
        return None
    if not context.style("bare_unit_is_one") or unit in ("weekend", "season", "workweek"):
        return None
    return from_now(context, Length(((1, unit),)))


@relative.rule("unit ago", "unit later", "ago_before unit")
def one_ago(context: Context, *_values: object) -> Senses | None:
    """Неделю назад."""
    if not context.style("bare_unit_is_one"):
        return None
    row = context.row
    unit = next(item.senses["unit"] for item in row if "unit" in item.senses)
    return from_now(context, Length(((1, unit),)), -1 if any("ago" in item.senses for item in row) else 1)


@relative.rule("in num")
def ahead_minutes(context: Context, _in: object, count: int) -> Senses | None:
    """In 15: minutes, where nothing else was said."""
    if not context.is_whole or not isinstance(count, int) or count >= 100 or not context.style("bare_in_is_minutes"):
        return None
    return from_now(context, Length(((count, "minute"),)))


@relative.rule("length ago", "ago_before length", "ago_before length ago")
def back(context: Context, *values: object) -> Senses | None:
    """Two days ago; vor zwei Tagen; not "une heure avant", which is before something."""
    if context.found[-1][2] == "ago" and "before_it" in context.row[-1].senses:
        return None
    length = next(value for value in values if isinstance(value, Length))
    return from_now(context, length, -1) | {"past": True}


@relative.rule("in|within length after|from day|when")
def in_length_from(context: Context, _in: object, length: Length, _after: object, base: Day | When) -> Senses | None:
    """Dentro de tres semanas a partir de mañana."""
    return _counted_from(context, length, base, 1)


@late_ranges.rule("length after|before|from when")
@relative.rule("length after day|when", "length from day|when", "length before day|when", "length plus day|when")
def from_a_day(context: Context, length: Length, _mark: object, base: Day | When) -> Senses | None:
    """A week after tomorrow, 5 days before new year, an hour before midnight."""
    if context.precedes("for") and "starting" in _marks(context):
        return None
    sign = -1 if "before" in _marks(context) and "after" not in _marks(context) else 1
    return _counted_from(context, length, base, sign)


def _marks(context: Context) -> set[str]:
    return {name for item in context.row for name in item.senses}


def _counted_from(context: Context, length: Length, base: Day | When, sign: int) -> Senses | None:
    if isinstance(base, When) and base.moment is not None:
        return {"when": When(moment=add_to_moment(base.moment, length, sign), grain="minute")}
    if isinstance(base, When) and (base.clock or length.is_exact_time):
        from voice_app.understanding.dates.settle import start_of

        start = start_of(base, context)
        moment = start if isinstance(start, dt.datetime) else None
        return {"when": When(moment=add_to_moment(moment, length, sign), grain="minute")} if moment else None
    day = base.day if isinstance(base, When) else base
    placed = place(day, context) if day else None
    if placed is None or length.is_exact_time or day is None:
        return None
    found = add_to_day(placed.first, length, sign)
    if found < context.today and sign > 0 and day.year is None and (day.holiday or day.month):
        found = add_months(found, 12)
    elif day.year is None and day.holiday and sign > 0:
        found = _earlier_year(context, day, length, found)
    return day_senses(Day(fixed=found))


def _earlier_year(context: Context, day: Day, length: Length, found: dt.date) -> dt.date:
    """The nearest day ahead: "a year after Christmas" said in February counts from the last one."""
    placed = place(Day(holiday=day.holiday, shift="last"), context)
    earlier = add_to_day(placed.first, length) if placed else None
    return earlier if earlier and earlier >= context.today else found


@relative.rule("unit after|before day|when", "one_after day|when")
def one_from_a_day(context: Context, *values: object) -> Senses | None:
    """The day after Christmas; le lendemain du 13."""
    base = values[-1]
    if not isinstance(base, (Day, When)):
        return None
    row = context.row
    unit = row[0].senses.get("unit", "day")
    if unit in CLOCK_UNITS or (isinstance(base, When) and base.day is None):
        return None
    sign = -1 if "before" in row[1].senses and "after" not in row[1].senses else 1
    return _counted_from(context, Length(((1, unit),)), base, sign)


@relative.rule("ordinal weekday|day after day|when", "weekday|day after day|when")
def nth_weekday_after(context: Context, *values: object) -> Senses | None:
    """Third Tuesday after Christmas 2014."""
    base = values[-1]
    base_day = base.day if isinstance(base, When) else base
    nth = values[0] if isinstance(values[0], int) and len(values) == 4 else 1
    weekday = values[-3].weekday if isinstance(values[-3], Day) else values[-3]
    placed = place(base_day, context) if isinstance(base_day, Day) else None
    if placed is None or not isinstance(weekday, int):
        return None
    first = next_weekday(placed.first, weekday, allow_same=False)
    return day_senses(Day(fixed=add_days(first, 7 * (nth - 1))))


@relative.rule("length day", "day in length")
def week_from_day(context: Context, *_values: object) -> Senses | None:
    """British "a week tomorrow", "two weeks today"; German "morgen in zwei Wochen"."""
    length: Length = context.values()["length"]
    day: Day = context.values()["day"]
    is_near = day.fixed is not None and 0 <= (day.fixed - context.today).days <= 1 and day.last is None
    is_led = context.found[0][2] == "length"
    if (is_led and not context.style("weekday_week")) or length.unit not in ("week", "month") or not is_near:
        return None
    if context.precedes("for", "in", "within", "during", "every", "next", "last") or context.has_gap:
        return None
    return _counted_from(context, length, day, 1)


@relative.rule("same_time day|when", "same_time in? length", "day same_time")
def same_time(context: Context, *_values: object) -> Senses | None:
    """This time tomorrow, the same time next week."""
    found = context.values()
    said = context.said_at
    clock = Clock(said.hour, said.minute, half="24")
    if "length" in found:
        length = found["length"]
        return {"when": When(day=Day(fixed=add_to_day(context.today, length)), clock=clock)}
    day = found.get("day") or found["when"].day
    placed = place(day, context) if isinstance(day, Day) else None
    if placed is None or ("when" in found and (found["when"].clock or found["when"].moment)):
        return None
    if placed.grain == "day":
        return {"when": When(day=day, clock=clock)}
    if placed.grain not in ("week", "month", "year"):
        return None
    length = Length(((1, placed.grain),))
    return {"when": When(day=Day(fixed=add_to_day(context.today, length)), clock=clock)}


@relative.rule("day weeks_later")
def weeks_later(context: Context, day: Day, weeks: int) -> Senses | None:
    """Lundi en huit: the Monday after the coming one."""
    placed = place(day, context)
    if placed is None or day.weekday is None:
        return None
    base = next_weekday(context.today, day.weekday, allow_same=True)
    return day_senses(Day(fixed=add_days(base, 7 * weeks)))


@relative.rule("day plus length", "day weeks_word")
def plus(context: Context, day: Day, *rest: object) -> Senses | None:
    """Friday plus three days."""
    length = next((value for value in rest if isinstance(value, Length)), None)
    placed = place(day, context)
    return day_senses(Day(fixed=add_to_day(placed.first, length))) if placed and length else None


@relative.rule(
    "next|following|coming num|vague unit",
    "num|vague next|following|coming unit",
    "next|following|coming length",
    "length next|following|coming",
)
def next_units(context: Context, *_values: object) -> Senses | None:
    """The next three days: from tomorrow on."""
    row = context.row
    count: float = 0.0
    unit = "day"
    for item in row:
        if "length" in item.senses:
            count, unit = item.senses["length"].counts[0]
        elif "unit" in item.senses:
            unit = item.senses["unit"]
        elif "num" in item.senses or "vague" in item.senses:
            count = item.senses["num"] if "num" in item.senses else item.senses["vague"]
    return _stretch_ahead(context, count, unit)


@relative.rule("num weekday later", "num every_weekday later")
def weekdays_from_now(context: Context, count: int, weekday: int, _later: object) -> Senses | None:
    """Two Sundays from now."""
    if not isinstance(count, int) or not 0 < count <= 100:
        return None
    return day_senses(Day(fixed=add_days(next_weekday(context.today, weekday, allow_same=False), 7 * (count - 1))))


@relative.rule("next|coming units_plural")
def some_next_units(context: Context, _next: object, unit: str) -> Senses | None:
    """In the coming days."""
    return _stretch_ahead(context, 3, unit)


def _stretch_ahead(context: Context, count: float, unit: str) -> Senses | None:
    if not 0 < count <= 1000:
        return None
    if unit in CLOCK_UNITS:
        end = add_to_moment(context.said_at, Length(((count, unit),)))
        start = add_to_moment(context.said_at, Length(((1, unit),))).replace(second=0, microsecond=0)
        start = start.replace(minute=0) if unit == "hour" else start
        return {"when": When(moment=start, until=When(moment=end), stretch=True, grain="minute")}
    first = _first_ahead(context, unit)
    last = add_days(add_to_day(first, Length(((count, unit),))), -1)
    return {"when": When(day=Day(fixed=first, last=last), stretch=True)}


def _first_ahead(context: Context, unit: str) -> dt.date:
    """Tomorrow; the first day of the next week, month or year."""
    today = context.today
    if unit in ("week", "workweek", "weekend", "fortnight"):
        start = add_days(week_start(today, context.week_starts_on), 7)
        return stretch("weekend", today, 0)[0] if unit == "weekend" else start
    if unit in ("month", "quarter"):
        return add_months(today.replace(day=1), 1)
    if unit == "year":
        return today.replace(year=today.year + 1, month=1, day=1)
    return add_to_day(today, Length(((1, "workday"),))) if unit == "workday" else add_days(today, 1)


@relative.rule("last length", "last num unit", "length last")
def last_units(context: Context, *values: object) -> Senses | None:
    """The last two seconds."""
    length = next((value for value in values if isinstance(value, Length)), None)
    return from_now(context, length, -1) | {"past": True} if length else None
