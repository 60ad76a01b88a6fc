"""Rules for times counted from now or from a day, for ranges, and for putting day, part and time together."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from voice_app.understanding.dates.calendar import (
    add_days,
    add_months,
    add_to_day,
    add_to_moment,
    month_end,
    next_weekday,
    stretch,
    week_start,
)
from voice_app.understanding.dates.context import place
from voice_app.understanding.dates.grammar import Stage
from voice_app.understanding.dates.rules_clock import clock_senses, weak_senses
from voice_app.understanding.dates.rules_day import day_senses
from voice_app.understanding.dates.values import CLOCK_UNITS, Clock, Day, Length, When

if TYPE_CHECKING:
    from voice_app.understanding.dates.context import Context
    from voice_app.understanding.dates.lexicon import Senses

relative = Stage("relative")
ranges = Stage("ranges")
combine = Stage("combine")
late_ranges = Stage("late_ranges")


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
    if not context.style("bare_unit_is_one") or unit in ("weekend", "season", "workweek"):
        return None
    return from_now(context, Length(((1, unit),)))


@relative.rule("unit ago", "unit later", "ago_before unit")
def one_ago(context: Context, *values: object) -> Senses | None:
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
    """"A year after Christmas" said in February: the last Christmas gives the nearest day ahead."""
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


@relative.rule("next|following|coming num|vague unit", "num|vague next|following|coming unit", "next|following|coming length", "length next|following|coming")
def next_units(context: Context, *values: object) -> Senses | None:
    """The next three days: from tomorrow on."""
    row = context.row
    count, unit = 0.0, "day"
    for item in row:
        if "length" in item.senses:
            count, unit = item.senses["length"].counts[0]
        elif "unit" in item.senses:
            unit = item.senses["unit"]
        elif "num" in item.senses or "vague" in item.senses:
            count = item.senses.get("num", item.senses.get("vague", 0))
            if "vague" in item.senses and unit not in CLOCK_UNITS:
                unit = "day" if unit == "day" else unit
    return _stretch_ahead(context, count, unit)


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
    part = next((item.senses["when"].part for item in context.row if "when" in item.senses and item.senses["when"].part), None)
    return {"clock": start, "when": When(clock=start, part=part, until=When(clock=end, part=part)), "clock_range": True}


@ranges.rule("between|from_to hour|weak_clock|hour_clock to|and|dash|minutes_to hour|weak_clock|hour_clock", "hour|weak_clock dash|to hour|weak_clock", "pair dash pair", "joined_clock dash joined_clock")
def weak_range(context: Context, *values: object) -> Senses | None:
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
            found.append(Clock(*senses["joined_clock"], half="24"))
        else:
            return None
    senses = _range_senses(context, *found)
    if senses is None:
        return None
    sure = any("hour_clock" in item.senses for item in row)
    if sure:
        return senses
    start = found[0].hour
    return {"weak_range": senses["when"], "num": start} | ({"dom_range": (start, found[1].hour)} if 1 <= start < found[1].hour else {})


def _range_ends(row: list) -> list:  # type: ignore[type-arg]
    marked = [item for item in row if {"hour", "weak_clock", "hour_clock", "joined_clock"} & item.senses.keys()]
    return [marked[0], marked[-1]]


@ranges.rule("from_to? weekday? dom|dom_ordinal to|dash|and|minutes_to day")
def dom_to_day(context: Context, _from: object, _weekday: object, dom: int, _to: object, day: Day) -> Senses | None:
    """From 13 to 15 July."""
    if day.dom is None or day.month is None:
        return None
    if "and" in context.row[-2].senses and not _from:
        return None
    placed = place(day, context)
    first = Day(day.year or (placed.first.year if placed else None), day.month, dom)
    start = place(first, context)
    if placed is None or start is None or (start.first > placed.first):
        return None
    return {"when": When(day=Day(fixed=start.first, last=placed.first), stretch=True), "day": day}


@ranges.rule("from_to? day to|dash|and|minutes_to dom|dom_ordinal")
def day_to_dom(context: Context, _from: object, day: Day, _to: object, dom: int) -> Senses | None:
    """August 27th - 29th."""
    if (day.dom is None and day.fixed is None) or context.follows("month", "unit", "am", "pm", "hour_mark", "oclock", "clock"):
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


@ranges.rule("from_to|between|from dom|dom_ordinal to|dash|and dom|dom_ordinal", "from_to|between|from the dom|dom_ordinal to|dash|and the dom|dom_ordinal")
def dom_to_dom(context: Context, *values: object) -> Senses | None:
    """Du 13 au 18: days, where articles or ordinals say that these are no hours."""
    row = context.row
    numbers = [item.senses.get("dom_ordinal") or item.senses.get("dom") for item in row]
    doms = [number for number in numbers if number]
    sure = any({"dom_ordinal", "the", "on", "day_article"} & item.senses.keys() for item in row) and context.style("article_dom")
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


def _after(first: dt.date, day: Day, finish: dt.date) -> dt.date:
    """The end moved on by a week or a year, so that it comes after the start."""
    if day.weekday is not None and day.month is None:
        return next_weekday(first, day.weekday, allow_same=False)
    return add_months(finish, 12)


@ranges.rule("for length starting? when", "when for length", "from_to|starting when for length")
def lasting(_: Context, *values: object) -> Senses | None:
    """4pm for 30 mins."""
    length = next(value for value in values if isinstance(value, Length))
    when = next(value for value in values if isinstance(value, When))
    return {"when": when.with_(length=length)} if when.until is None else None


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
    if (when.day and when.day.grain != "day") or not context.ends_phrase:
        return None
    if when.clock or when.moment or context.precedes("num", "month") or not 1 <= clock.hour <= 24:
        return None
    merged = merge(When(clock=clock), when, context)
    return {"when": merged} if merged else None


@combine.rule("weak_range when", "when weak_range", "at weak_range", "when at|in|for|from_to weak_range")
def range_and_day(context: Context, *values: object) -> Senses | None:
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


@combine.rule("when part", "part when", "when in|at|for|after|before|during|part_mark part", "in|at|for|after|before|during|by|on|part_mark? part")
def with_part(context: Context, *values: object) -> Senses | None:
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
    """In 3 days at 15:00 is a day; a moment takes no more."""
    moment, other = (first, second) if first.moment else (second, first)
    if moment.moment and moment.grain == "second" and moment.moment == context.said_at and other.day is None:
        return None
    return None


def _merge_days(first: Day, second: Day, context: Context) -> Day | None:
    """A weekday with a date, with a week, or with a date counted from now."""
    for one, other in ((first, second), (second, first)):
        bare_weekday = one.weekday is not None and one.month is None and one.dom is None
        if bare_weekday and (other.dom or other.fixed or other.holiday or other.month):
            return _weekday_in(one, other, context)
        if one.holiday and one.year is None and other.fixed and other.grain == "year":
            return Day(year=other.fixed.year, holiday=one.holiday)
        if one.month and one.year is None and other.fixed and other.grain in ("year", "day") and one.dom is None:
            return Day(year=other.fixed.year, month=one.month)
        if one.month and one.year is None and other.fixed and other.grain == "year":
            return Day(other.fixed.year, one.month, one.dom)
        if one.year and not one.month and not one.fixed and other.month and not other.year:
            return Day(one.year, other.month, other.dom, holiday=other.holiday)
    return None


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


def end_of_month(day: dt.date) -> dt.date:
    """The last day of the month."""
    return month_end(day)


def weak_to_firm(clock: Clock) -> Senses:
    """A number that the context makes a time."""
    return clock_senses(clock) if clock.is_firm else weak_senses(clock)
