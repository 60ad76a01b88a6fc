"""Rules that put day, part of the day and time together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_app.understanding.dates.calendar import (
    next_weekday,
    week_start,
)
from voice_app.understanding.dates.context import Context, place
from voice_app.understanding.dates.days import DAYS
from voice_app.understanding.dates.grammar import Stage
from voice_app.understanding.dates.values import Clock, Day, When

if TYPE_CHECKING:
    from voice_app.understanding.dates.lexicon import Senses

combine = Stage("combine")


@combine.rule("when when", "when in|at|for|by|after|before|comma|part_mark when")
def together(context: Context, *values: object) -> Senses | None:
    """A day, a part of it and a time said side by side."""
    whens = [value for value in values if isinstance(value, When)]
    merged = merge(whens[0], whens[1], context)
    return {"when": merged} if merged else None


@combine.rule("when of dom", "when of day_word dom")
def clock_of_dom(context: Context, when: When, *rest: object) -> Senses | None:
    """A las siete del 15."""
    dom = rest[-1]
    if when.day or not when.clock or not context.style("article_dom") or not context.ends_phrase:
        return None
    return {"when": when.with_(day=Day(dom=int(str(dom))))} if not context.follows("unit", "month") else None


@combine.rule("when year")
def late_year(_: Context, when: When, year: int) -> Senses | None:
    """Thu Oct 26 11:00:09 2023."""
    day = when.day
    if day is None or day.month is None or day.dom is None or day.year is not None:
        return None
    return {"when": when.with_(day=Day(year, day.month, day.dom))}


@combine.rule("when|day hour|weak_clock", "when|day at|for|in weak_clock", "when hour_clock|pair")
def day_and_hour(context: Context, *values: object) -> Senses | None:
    """Tomorrow three; tonight around 8."""
    when, last = values[0], values[-1]
    if isinstance(last, tuple):
        return None
    base = When(day=when) if isinstance(when, Day) else when
    clock = last if isinstance(last, Clock) else Clock(int(str(last)))
    if not isinstance(base, When) or base.clock or base.moment or not _is_hour_here(context, clock):
        return None
    if base.day and base.day.grain != "day":
        return None
    merged = merge(base, When(clock=clock), context)
    return {"when": merged} if merged else None


def _is_hour_here(context: Context, clock: Clock) -> bool:
    nouns = ("unit", "month", "times_num", "num", "ordinal", "weekday", "pair", "times")
    return context.ends_phrase and not context.follows(*nouns) and 1 <= clock.hour <= 24


@combine.rule("hour|weak_clock|hour_clock in|at|for? when")
def hour_and_day(context: Context, value: int | Clock, _in: object, when: When) -> Senses | None:
    """9 tomorrow evening."""
    clock = value if isinstance(value, Clock) else Clock(value)
    if (when.day and when.day.grain != "day") or not context.ends_phrase or (context.has_gap and not when.part):
        return None
    if when.clock or when.moment or context.precedes("num", "month") or not 1 <= clock.hour <= 24:
        return None
    merged = merge(When(clock=clock), when, context)
    return {"when": merged} if merged else None


@combine.rule("weak_range when", "when weak_range", "at weak_range", "when at|in|for|from_to weak_range")
def range_and_day(context: Context, *_values: object) -> Senses | None:
    """Next Monday 6-8."""
    row = context.row
    span: When = next(item.senses["weak_range"] for item in row if "weak_range" in item.senses)
    other = next((item.senses["when"] for item in row if "when" in item.senses), None)
    if other is None:
        return {"when": span}
    if context.follows("unit") or other.clock or other.moment:
        return None
    merged = merge(span, other, context)
    return {"when": merged} if merged else None


@combine.rule(
    "when part",
    "part when",
    "when in|at|for|after|before|during|part_mark part",
    "in|at|for|after|before|during|by|on|part_mark? part",
)
def with_part(context: Context, *_values: object) -> Senses | None:
    """Monday in the morning."""
    row = context.row
    part = next(item.senses["part"] for item in row if "part" in item.senses)
    when = next((item.senses["when"] for item in row if "when" in item.senses), None)
    if when is None:
        weak = len(row) == 1 and not context.is_whole and not context.style("bare_part")
        return None if weak else {"when": When(part=part)}
    merged = merge(when, When(part=part), context)
    return {"when": merged} if merged else None


def merge(first: When, second: When, context: Context) -> When | None:
    """Two expressions as one; None where both say the same kind of thing differently."""
    if first.moment or second.moment:
        return _merge_moment(first, second, context)
    if first.clock and second.clock:
        return _merge_clocks(first, second)
    if first.part and second.part and first.part != second.part:
        return None
    if (first.until and second.until) or (first.stretch and second.stretch):
        return None
    day = _merge_days(first.day, second.day, context) if first.day and second.day else first.day or second.day
    if first.day and second.day and day is None:
        return None
    return When(
        day=day,
        clock=first.clock or second.clock,
        part=first.part or second.part,
        until=first.until or second.until,
        length=first.length or second.length,
        is_past=first.is_past or second.is_past,
        stretch=first.stretch or second.stretch,
    )


def _merge_clocks(first: When, second: When) -> When | None:
    """8am this morning at 8: the same time said twice."""
    a, b = first.clock, second.clock
    if a and b and (a.hour % 12, a.minute) == (b.hour % 12, b.minute) and not (first.day and second.day):
        return When(day=first.day or second.day, clock=a if a.half else b, part=first.part or second.part)
    return None


def _merge_moment(first: When, second: When, context: Context) -> When | None:
    """Today in 3 hours: the day says nothing new; else a moment takes no more."""
    moment, other = (first, second) if first.moment else (second, first)
    is_today = other.day is not None and other.day.fixed == context.today and not other.clock and not other.part
    return moment if is_today and not other.stretch else None


def _merge_days(first: Day, second: Day, context: Context) -> Day | None:
    """A weekday with a date, with a week, or with a date counted from now."""
    for one, other in ((first, second), (second, first)):
        if one.fixed == context.today and one.last is None and other.fixed and other.last is None:
            return other
        bare_weekday = one.weekday is not None and one.month is None and one.dom is None
        if bare_weekday and (other.dom or other.fixed or other.holiday or other.month):
            return _weekday_in(one, other, context)
        if one.holiday and one.year is None and other.fixed and other.grain == "year":
            return Day(year=other.fixed.year, holiday=one.holiday)
        if one.month and one.year is None and other.fixed and _is_far(other, context) and one.dom is None:
            return Day(year=other.fixed.year, month=one.month)
        if one.month and one.year is None and other.fixed and other.grain == "year":
            return Day(other.fixed.year, one.month, one.dom)
        if one.year and not one.month and not one.fixed and other.month and not other.year:
            return Day(one.year, other.month, other.dom, holiday=other.holiday)
    return None


def _is_far(day: Day, context: Context) -> bool:
    """Whether a day tells the year of a month ("March in a year"); beside a near one it is a name ("call May now")."""
    return day.grain == "year" or (
        day.grain == "day" and day.fixed is not None and (day.fixed - context.today).days > DAYS
    )


def _weekday_in(weekday: Day, other: Day, context: Context) -> Day | None:
    """The weekday of a week or of the week around a counted day; a weekday beside a date says nothing new."""
    placed = place(other, context)
    if placed is None or weekday.weekday is None:
        return None
    if other.dom and not other.month and not other.fixed:
        return Day(dom=other.dom, weekday=weekday.weekday)
    if placed.grain == "week":
        return Day(fixed=next_weekday(placed.first, weekday.weekday, allow_same=True))
    if placed.grain == "day" and other.fixed and other.last is None:
        monday = week_start(placed.first, context.week_starts_on)
        return Day(fixed=next_weekday(monday, weekday.weekday, allow_same=True))
    return other if placed.grain == "day" else None
