"""Rules for ranges of times and days."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from voice_app.understanding.dates.calendar import (
    add_months,
    next_weekday,
)
from voice_app.understanding.dates.context import Context, place
from voice_app.understanding.dates.grammar import Stage
from voice_app.understanding.dates.values import Clock, Day, Length, When

if TYPE_CHECKING:
    from voice_app.understanding.dates.lexicon import Senses
    from voice_app.understanding.dates.tokens import Item

ranges = Stage("ranges")
late_ranges = Stage("late_ranges")


@ranges.rule("from_to? hour|weak_clock|clock|hour_clock to_clock")
def range_to_clock(context: Context, start: object, first: Clock | int, second: Clock) -> Senses | None:
    """De 9h à 11h."""
    if not isinstance(first, Clock) and start is None and "digits" not in context.row[0].senses:
        return None
    return _range_senses(context, _clock(first), second)


@ranges.rule(
    "from_to? hour|weak_clock|clock|hour_clock to|dash|minutes_to clock",
    "from_to? clock to|dash|minutes_to hour|weak_clock|hour_clock",
    "between|from_to hour|weak_clock|clock|hour_clock and clock",
    "between|from_to clock and hour|weak_clock|hour_clock",
)
def clock_range(context: Context, _from: object, first: Clock | int, _to: object, second: Clock | int) -> Senses | None:
    """From 3 to 5 pm, 9:30 - 11:00."""
    start, end = _clock(first), _clock(second)
    if context.follows("unit", "month") and not isinstance(second, Clock):
        return None
    return _range_senses(context, start, end)


def _clock(value: Clock | int) -> Clock:
    return value if isinstance(value, Clock) else Clock(value)


def _range_senses(context: Context, start: Clock, end: Clock) -> Senses | None:
    """The half of the day of one end holds for the other, where the order allows it."""
    if start.hour > 24 or end.hour > 24:
        return None
    if start.half is None and start.hour <= 12 and end.half == "pm":
        early = start.hour % 12 * 60 + start.minute < end.hour % 12 * 60 + end.minute
        start = Clock(start.hour, start.minute, start.second, "pm" if early else "am")
    elif start.half is None and start.hour <= 12 and end.half == "am":
        start = Clock(start.hour, start.minute, start.second, "am")
    elif start.half is None and (end.hour > 12 or end.half == "24"):
        start = Clock(start.hour, start.minute, start.second, "24")
    if end.zone and not start.zone:
        start = replace(start, zone=end.zone)
    part = next(
        (item.senses["when"].part for item in context.row if "when" in item.senses and item.senses["when"].part), None
    )
    return {"clock": start, "when": When(clock=start, part=part, until=When(clock=end, part=part)), "clock_range": True}


@ranges.rule(
    "between|from_to hour|weak_clock|hour_clock to|and|dash|minutes_to hour|weak_clock|hour_clock",
    "hour|weak_clock dash|to hour|weak_clock",
    "pair dash pair",
    "joined_clock dash joined_clock",
)
def weak_range(context: Context, *_values: object) -> Senses | None:
    """6-8, from 7 to 9: a time of day only beside a day, a part of it, or after "at"."""
    row = context.row
    if context.follows("month", "unit"):
        return None
    if any("day_article" in item.senses for item in row) or (context.style("article_dom") and context.skipped("the")):
        return None
    found = []
    for item in (row[-3], row[-1]) if len(row) <= 3 else _range_ends(row):
        senses = item.senses
        if "hour_clock" in senses or "weak_clock" in senses:
            found.append(senses.get("hour_clock") or senses["weak_clock"])
        elif "hour" in senses:
            found.append(Clock(senses["hour"]))
        elif "joined_clock" in senses:
            hour, minute = senses["joined_clock"]
            found.append(Clock(hour, minute, half="24"))
        else:
            return None
    result = _range_senses(context, *found)
    if result is None:
        return None
    sure = any("hour_clock" in item.senses for item in row)
    if sure:
        return result
    start = found[0].hour
    return {"weak_range": result["when"], "num": start} | (
        {"dom_range": (start, found[1].hour)} if 1 <= start < found[1].hour else {}
    )


def _range_ends(row: list[Item]) -> list[Item]:
    marked = [item for item in row if {"hour", "weak_clock", "hour_clock", "joined_clock"} & item.senses.keys()]
    return [marked[0], marked[-1]]


@ranges.rule("from_to? weekday? dom|dom_ordinal to|dash|and|minutes_to day")
def dom_to_day(context: Context, _from: object, _weekday: object, dom: int, _to: object, day: Day) -> Senses | None:
    """From 13 to 15 July."""
    if day.dom is None or day.month is None:
        return None
    if "and" in context.row[-2].senses and not _from:
        return None
    if not _from and "dom_ordinal" in context.row[0].senses and context.precedes("moves"):
        return None  # "move the third to 9 March": the third of a list
    placed = place(day, context)
    first = Day(day.year or (placed.first.year if placed else None), day.month, dom)
    start = place(first, context)
    if placed is None or start is None or (start.first > placed.first):
        return None
    return {"when": When(day=Day(fixed=start.first, last=placed.first), stretch=True), "day": day}


@ranges.rule("from_to? day to|dash|and|minutes_to dom|dom_ordinal")
def day_to_dom(context: Context, _from: object, day: Day, _to: object, dom: int) -> Senses | None:
    """August 27th - 29th."""
    if (day.dom is None and day.fixed is None) or context.follows(
        "month", "unit", "am", "pm", "hour_mark", "oclock", "clock"
    ):
        return None
    if "and" in context.row[-2].senses and not _from:
        return None
    start = place(day, context)
    if start is None or start.grain != "day":
        return None
    last = start.first.day < dom and place(Day(start.first.year, start.first.month, dom), context)
    following = add_months(start.first.replace(day=1), 1)
    last = last or place(Day(following.year, following.month, dom), context)
    return {"when": When(day=Day(fixed=start.first, last=last.first), stretch=True)} if last else None


@ranges.rule(
    "from_to|between|from dom|dom_ordinal to|dash|and dom|dom_ordinal",
    "from_to|between|from the dom|dom_ordinal to|dash|and the dom|dom_ordinal",
)
def dom_to_dom(context: Context, *_values: object) -> Senses | None:
    """Du 13 au 18: days, where articles or ordinals say that these are no hours."""
    row = context.row
    numbers = [item.senses.get("dom_ordinal") or item.senses.get("dom") for item in row]
    doms = [number for number in numbers if number]
    sure = any({"dom_ordinal", "the", "on", "day_article"} & item.senses.keys() for item in row) and context.style(
        "article_dom"
    )
    sure = sure or any("ord_suffix" in item.senses for item in row)
    start = place(Day(dom=doms[0]), context)
    if not sure or start is None or context.follows("month", "unit"):
        return None
    last = place(Day(dom=doms[-1]), context)
    end = last.first if last and last.first > start.first else start.first
    return {"when": When(day=Day(fixed=start.first, last=end), stretch=True)}


@late_ranges.rule("from_to? when to|dash|minutes_to when", "between|from_to when and when")
@ranges.rule("from_to? when|day to|dash|minutes_to when|day", "between|from_to when|day and when|day")
def when_range(context: Context, _from: object, first: When | Day, _to: object, second: When | Day) -> Senses | None:
    """From Monday to Friday, 10 August - 12 September."""
    start = first if isinstance(first, When) else When(day=first)
    end = second if isinstance(second, When) else When(day=second)
    if start.until or end.until or (start.clock and not start.day and end.day and not end.clock):
        return None
    if start.clock and end.clock and not end.day and not start.day:
        return None
    until = any("until" in item.senses for item in context.row)
    if start.day and not start.clock and not end.day and not until:
        return None
    return join_range(context, start, end)


def join_range(context: Context, start: When, end: When) -> Senses | None:
    """A range of days or moments; a year said once holds for both ends."""
    if start.day and end.day and not start.clock and not end.clock:
        day = start.day
        if day.dom and not day.month and end.day.month:
            day = Day(end.day.year, end.day.month, day.dom)
        if day.year is None and end.day.year and day.month:
            day = Day(end.day.year, day.month, day.dom)
        placed, last = place(day, context), place(end.day, context)
        if placed is None or last is None:
            return None
        finish = last.last
        if finish < placed.first and end.day.year is None:
            finish = _after(placed.first, end.day, finish)
        if finish < placed.first:
            return None
        return {"when": When(day=Day(fixed=placed.first, last=finish), stretch=True)}
    return {"when": start.with_(until=end)}


@ranges.rule("for length starting? when", "when for length", "from_to|starting when for length")
def lasting(_: Context, *values: object) -> Senses | None:
    """4pm for 30 mins."""
    length = next(value for value in values if isinstance(value, Length))
    when = next(value for value in values if isinstance(value, When))
    return {"when": when.with_(length=length)} if when.until is None else None


def _after(first: dt.date, day: Day, finish: dt.date) -> dt.date:
    """The end moved on by a week or a year, so that it comes after the start."""
    if day.weekday is not None and day.month is None:
        return next_weekday(first, day.weekday, allow_same=False)
    return add_months(finish, 12)
