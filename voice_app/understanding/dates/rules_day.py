"""Rules for days, weeks, months and years: written, named, relative to today, or the n-th of something."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeAlias

from voice_app.understanding.dates.calendar import (
    add_days,
    add_months,
    add_to_day,
    add_to_moment,
    iso_week,
    make_date,
    month_end,
    next_weekday,
    nth_weekday,
    stretch,
    week_start,
)
from voice_app.understanding.dates.context import place
from voice_app.understanding.dates.grammar import Stage
from voice_app.understanding.dates.holidays import SEASONS
from voice_app.understanding.dates.rules_clock import clock_of_pair, clock_senses, is_part_here
from voice_app.understanding.dates.values import CLOCK_UNITS, Clock, Day, Length, When

if TYPE_CHECKING:
    from voice_app.understanding.dates.context import Context
    from voice_app.understanding.dates.lexicon import Senses

written_days = Stage("written_days")
nth_days = Stage("nth_days")
named_days = Stage("named_days")
edges = Stage("edges")

Numbers: TypeAlias = "tuple[str, tuple[int, ...], tuple[int, ...]]"
MONTHS, DAYS, YEAR_DIGITS, CENTURY = 12, 31, 4, 100
END_OF_DAY = Clock(23, 59, 59, "24", has_seconds=True)
LONG = ("week", "month", "quarter", "year", "workweek", "weekend", "season")


def day_senses(day: Day) -> Senses:
    """A day; a longer stretch is also something to be the first Monday or the end of."""
    senses: Senses = {"day": day, "when": When(day=day)}
    if day.grain in LONG or (day.dom is None and day.month) or (day.year and day.holiday is None and day.month is None):
        senses["span"] = day
    return senses


def full_year(year: int, digits: int = YEAR_DIGITS) -> int:
    """A year of two digits in this century, from 70 on in the last one."""
    if digits > 2 or year >= CENTURY:
        return year
    return year + (1900 if year >= 70 else 2000)


def _date(year: int | None, month: int, dom: int, weekday: int | None = None, swapped: tuple[int, int] | None = None) -> Senses | None:
    if not (1 <= month <= MONTHS and 1 <= dom <= DAYS) or make_date(year or 2024, month, dom) is None:
        return None
    return day_senses(Day(year=year, month=month, dom=dom, weekday=weekday, swapped=swapped))


@written_days.rule("date3")
def written_date(context: Context, value: Numbers) -> Senses | None:
    """2026-11-23, 23/11/2026, 11/23/26."""
    _, (first, second, third), digits = value
    if digits[0] == YEAR_DIGITS:
        return _date(first, second, third) or _date(first, third, second)
    if digits[2] == 1 or digits[0] > 2 or digits[2] == 3:
        return None
    year = full_year(third, digits[2])
    return _ordered(context, first, second, year)


def _ordered(context: Context, first: int, second: int, year: int | None) -> Senses | None:
    """Two numbers as day and month in the speaker's order; the other order where that is no date."""
    month_first = context.order == "mdy"
    month, dom = (first, second) if month_first else (second, first)
    swapped = (dom, month) if dom <= MONTHS and month != dom else None
    return _date(year, month, dom, swapped=swapped) or _date(year, dom, month)


@written_days.rule("pair year?")
def written_pair(context: Context, pair: Numbers, year: int | None) -> Senses | None:
    """23/11, 9/2012; 14.30 is a time and 15.10. a date, as the language has it."""
    separator, (first, second), digits = pair
    if separator == "," or context.follows("unit"):
        return None
    if digits[1] == YEAR_DIGITS and first <= MONTHS:
        return day_senses(Day(year=second, month=first)) if first else None
    if digits[0] == YEAR_DIGITS:
        return day_senses(Day(year=first, month=second)) if 1 <= second <= MONTHS else None
    if max(digits) > 2:
        return None
    clock = clock_of_pair(pair)
    if separator == "." and clock and year is None and not _is_dotted_date(context, second):
        return clock_senses(clock)
    return _ordered(context, first, second, year)


def _is_dotted_date(context: Context, second: int) -> bool:
    """Whether n.m is a date here and not a time."""
    return bool(context.style("dot_date") or context.precedes("on")) and 1 <= second <= MONTHS


@written_days.rule("num slash num")
def spaced_pair(context: Context, first: int, _slash: object, second: int) -> Senses | None:
    """15 / 2."""
    return _ordered(context, first, second, None) if max(first, second) <= DAYS else None


@written_days.rule(
    "dom|dom_ordinal day_word? month year?",
    "weekday dom|dom_ordinal month year?",
    "weekday day_word dom|dom_ordinal month year?",
    "dom_ordinal|dom month in year",
)
def day_then_month(context: Context, *values: int | bool | None) -> Senses | None:
    """15 February 2016, Tuesday the 10th of January."""
    return _from_row(context)


@written_days.rule(
    "month dom|dom_ordinal year?",
    "weekday month dom|dom_ordinal year?",
    "year month dom|dom_ordinal",
    "year dom month",
    "dom year month",
    "month year dom",
)
def month_then_day(context: Context, *values: int | None) -> Senses | None:
    """February 15, 2016; 2020/Sep/23."""
    if context.follows("am", "pm", "oclock", "month") and "digits" in context.row[-1].senses:
        return None
    if "weekday" in context.row[0].senses and context.found[0][2] == "month" and context.style("weekday_dom"):
        return None
    return _from_row(context)


def _from_row(context: Context) -> Senses | None:
    """The day whose parts the matched items are."""
    found = context.values()
    month, dom = found.get("month"), found.get("dom_ordinal") or found.get("dom")
    return _date(found.get("year"), month, dom, found.get("weekday")) if month and dom else None


@written_days.rule("dom|dom_ordinal month year2", "weekday dom|dom_ordinal month year2")
def day_month_short_year(context: Context, *values: int) -> Senses | None:
    """18. Juli 14."""
    if context.follows("unit", "hour_mark", "oclock", "am", "pm", "month", "dash", "to", "minutes_to", "times"):
        return None
    before_year = context.items[context.items.index(context.row[-2]) : context.after]
    if any("comma" in item.senses for item in before_year):
        return None
    senses = _from_row(context)
    return day_senses(Day(values[-1], senses["day"].month, senses["day"].dom)) if senses else None


@written_days.rule("dom|dom_ordinal month_num year", "dom month_num year2")
def month_by_number(context: Context, *values: int) -> Senses | None:
    """20 2 2014; am siebten vierten."""
    return _date(full_year(values[2], 4 if values[2] >= CENTURY else 2), values[1], values[0])


@written_days.rule("on dom dash month_num")
def dashed_date(context: Context, _on: object, dom: int, _dash: object, month: int) -> Senses | None:
    """Op 15-2."""
    return _date(None, month, dom) if context.style("dash_date") and context.order == "dmy" else None


@written_days.rule("dom month_num")
def bare_numbers(context: Context, dom: int, month: int) -> Senses | None:
    """31 10: a date where nothing else is said."""
    both = all("digits" in item.senses for item in context.row)
    return _date(None, month, dom) if both and context.is_whole and context.order == "dmy" else None


@written_days.rule("on|the dom of month_num")
def day_of_numbered_month(context: Context, _on: object, dom: int, _of: object, month: int) -> Senses | None:
    """El 17 del 11."""
    return _date(None, month, dom) if context.style("article_dom") and context.ends_phrase else None


@written_days.rule("weekday? dom_ordinal ordinal")
def ordinal_month(context: Context, weekday: int | None, dom: int, month: int) -> Senses | None:
    """Am siebten vierten."""
    return _date(None, month, dom, weekday) if context.style("ordinal_months") else None


@written_days.rule("month year", "month in year")
def month_and_year(_: Context, month: int, *rest: int) -> Senses:
    """October 2014."""
    return day_senses(Day(year=rest[-1], month=month))


@written_days.rule("ordinal month_word in? year", "ordinal month_word in? next_year")
def numbered_month(context: Context, month: int, *rest: int) -> Senses | None:
    """The ninth month of 2022."""
    return day_senses(Day(year=rest[-1], month=month)) if 1 <= month <= MONTHS else None


@written_days.rule("last month_word in? year")
def last_month_of(_: Context, *rest: int) -> Senses:
    """The last month of 2013."""
    return day_senses(Day(year=rest[-1], month=MONTHS))


@written_days.rule("week_of_unit num", "week_number num")
def numbered_week(context: Context, _week: object, number: int) -> Senses | None:
    """Week 31."""
    if not isinstance(number, int) or not 1 <= number <= 53 or context.follows("unit", "month"):
        return None
    for year in (context.today.year, context.today.year + 1):
        monday = iso_week(year, number)
        if monday and add_days(monday, 6) >= context.today:
            return day_senses(Day(fixed=monday, last=add_days(monday, 6), grain="week"))
    return None


@written_days.rule("holiday year?", "holiday in year")
def holiday(_: Context, key: str, *rest: int | None) -> Senses:
    """Easter 2018."""
    return day_senses(Day(holiday=key, year=rest[-1] if rest else None))


@written_days.rule("holiday eve")
def holiday_eve(context: Context, key: str, _eve: object) -> Senses | None:
    """Thanksgiving eve."""
    found = place(Day(holiday=key), context)
    return day_senses(Day(fixed=add_days(found.first, -1))) if found else None


@written_days.rule("next|following|this|coming|last|after_next unit", "unit next|following|coming|last|after_next|this")
def shifted_unit(context: Context, *values: object) -> Senses | None:
    """Next week, la semana que viene, this month, last year."""
    row = context.row
    unit = next(item.senses["unit"] for item in row if "unit" in item.senses)
    if (_shift_of(row) == "last" and context.follows("of", "in")) or context.stands_after("num", "vague"):
        return None
    if unit == "day" and context.follows("dom"):
        return None
    if "unit" in row[0].senses and context.after - context.at > len(row) and not {"next", "last"} & row[0].senses.keys():
        return None
    return shift_unit(context, unit, _shift_of(row))


SHIFTS = ("after_next", "this", "last", "coming", "next", "following")
STEPS = {"this": 0, "last": -1, "coming": 1, "next": 1, "following": 1, "after_next": 2}


def _shift_of(row: list) -> str:  # type: ignore[type-arg]
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


@written_days.rule("year")
def plain_year(context: Context, year: int) -> Senses | None:
    """In 2021: only where "in" or "of" says that it is a year."""
    return {"span": Day(year=year), "year_only": year} if context.precedes("in", "of", "until", "from_to") else None


@nth_days.rule("ordinal|last|num weekday|unit in? span", "span ordinal|last weekday|unit", "ordinal|last weekday|unit in? month", "ordinal|last weekday part in? span", "ordinal|last unit in? year")
def nth_of_span(context: Context, *values: object) -> Senses | None:
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
def nth_of_current(context: Context, *values: object) -> Senses | None:
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


def _nth(context: Context, row: list, span: Day) -> Senses | None:  # type: ignore[type-arg]
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
        day = nth_weekday(first.year, first.month, weekday, nth) if first.day == 1 else next_weekday(first, weekday, allow_same=True)
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


@nth_days.rule("dom|dom_ordinal day_word? in? span")
def dom_of_span(context: Context, dom: int, *rest: object) -> Senses | None:
    """20th of next month."""
    span: Day = rest[-1]  # type: ignore[assignment]
    if span.fixed is None or span.grain != "month":
        return None
    day = make_date(span.fixed.year, span.fixed.month, dom)
    return day_senses(Day(fixed=day)) if day else None


@edges.rule("end span|unit|day", "start span|unit", "mid span|unit", "span|unit end")
def edge(context: Context, *values: object) -> Senses | None:
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
    return day_senses(Day(fixed=_edge_of(placed.first, placed.last, which, placed.grain))) if placed else None


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


@named_days.rule("day_offset")
def offset_day(context: Context, offset: int) -> Senses:
    """Today, tomorrow, the day after tomorrow."""
    if "part" in context.row[0].senses and is_part_here(context):
        return {"part": context.row[0].senses["part"]}
    senses = day_senses(Day(fixed=add_days(context.today, offset)))
    return senses | {"past": True} if offset < 0 else senses


@named_days.rule("part_of_day")
def part_of_named_day(context: Context, key: str) -> Senses:
    """Tonight."""
    offset, part = key.split()
    return {"when": When(day=Day(fixed=add_days(context.today, int(offset))), part=part)}


@named_days.rule("now")
def now(context: Context, _now: object) -> Senses:
    """Right now."""
    return {"when": When(moment=context.said_at, grain="second")}


@named_days.rule("next|following|coming|last|this|after_next weekday", "weekday next|following|coming|last|after_next|this")
def shifted_weekday(context: Context, *values: object) -> Senses | None:
    """Next Friday; mardi prochain; el viernes que viene."""
    row = context.row
    if "weekday" in row[0].senses and context.follows("weekday", "unit", "month", "holiday", "day", "when"):
        return None
    weekday = next(item.senses["weekday"] for item in row if "weekday" in item.senses)
    shift = _shift_of(row)
    return day_senses(Day(weekday=weekday, shift="next" if shift == "following" else shift))


@named_days.rule("next|following|this|coming|last month", "month next|following|coming|last|this")
def shifted_month(context: Context, *values: object) -> Senses | None:
    """Next March."""
    row = context.row
    month = next(item.senses["month"] for item in row if "month" in item.senses)
    shift = _shift_of(row)
    return day_senses(Day(month=month, shift="last" if shift == "last" else "next" if shift != "this" else None))


@named_days.rule("next|following|this|coming|last day", "day next|following|coming|last")
def shifted_day(context: Context, *values: object) -> Senses | None:
    """Next Christmas, next 5/12."""
    row = context.row
    day: Day = next(item.senses["day"] for item in row if "day" in item.senses)
    if day.holiday is None and day.month is None:
        return None
    if "after" in context.row[0].senses:
        return None
    changed = Day(day.year, day.month, day.dom, day.weekday, holiday=day.holiday, shift="last" if _shift_of(row) == "last" else None)
    return day_senses(changed)


@named_days.rule("next|following|this|coming|last part", "part next|following|coming")
def shifted_part(context: Context, *values: object) -> Senses | None:
    """This morning, next evening."""
    row = context.row
    part = next(item.senses["part"] for item in row if "part" in item.senses)
    if part == "lunch":
        return None
    offset = STEPS[_shift_of(row)]
    return {"when": When(day=Day(fixed=add_days(context.today, min(offset, 1))), part=part)}


@named_days.rule("in|during|until|by|from|on|for? month", "this|next|in|by|coming season", "season")
def bare_month(context: Context, *values: object) -> Senses | None:
    """In March, this summer."""
    row = context.row
    month = row[-1].senses.get("month")
    if len(row) == 1 and "weekday" in row[0].senses:
        return None
    if month is not None:
        return day_senses(Day(month=month))
    if len(row) == 1 and not context.is_whole:
        return None
    start = SEASONS[row[-1].senses["season"]]
    year = context.today.year
    first = dt.date(year, *start)
    if add_days(first, 90) < context.today or (_shift_of(row) == "next" and first <= context.today):
        first = dt.date(year + 1, *start)
    return day_senses(Day(fixed=first, last=add_days(first, 90), grain="quarter"))


@named_days.rule("weekday dom|dom_ordinal", "weekday day_word dom|dom_ordinal")
def weekday_and_dom(context: Context, *values: int) -> Senses | None:
    """Friday the 13th; martes once. A small number may be an hour ("Friday three")."""
    row = context.row
    last = row[-1].senses
    weekday = next(item.senses["weekday"] for item in row if "weekday" in item.senses)
    dom_senses = last if "weekday" not in last else row[0].senses
    dom = dom_senses.get("dom_ordinal") or dom_senses["dom"]
    if context.skipped("of"):
        return None
    sure = "dom_ordinal" in dom_senses or len(row) > 2 and "day_word" in row[-2].senses or dom > MONTHS
    if not sure and (not context.style("weekday_dom") or not context.ends_phrase):
        return None
    if context.follows("unit", "dash", "hour_mark", "am", "pm", "oclock", "num") and "dom_ordinal" not in dom_senses:
        return None
    return day_senses(Day(weekday=weekday, dom=dom))


@named_days.rule("day_word dom|dom_ordinal", "the day_word dom|dom_ordinal")
def numbered_day(_: Context, *values: int) -> Senses:
    """Día quince."""
    return day_senses(Day(dom=values[-1]))


@named_days.rule("the|on|by|until|from|from_to dom_ordinal", "the|on dom")
def dom_alone(context: Context, *values: int) -> Senses | None:
    """The 15th, am 15., le 16."""
    item = context.row[-1]
    first = context.row[0].senses
    is_word = "dom_ordinal" in item.senses and "digits" not in item.senses and "ord_suffix" not in item.senses
    if "weekday" in item.senses or (is_word and values[-1] != 1 and context.found[0][2] in ("the", "on") and ("on" not in first or "the" in first)):
        return None
    if "to" in context.row[0].senses and context.precedes("dom", "dom_ordinal", "num"):
        return None
    if context.follows("unit", "weekday", "month", "times_num", "ordinal", "part", "to", "dash", "minutes_to", "one", "num") or "half_to" in item.senses:
        return None
    if context.follows("and") and {"from_to", "between"} & context.row[0].senses.keys():
        return None
    if context.precedes("between") and context.follows("and"):
        return None
    if context.precedes("and") and any("between" in other.senses for other in context.items[: context.at]):
        return None
    is_digit = "ord_suffix" in item.senses or "dom_ordinal" in item.senses and "digits" in item.senses
    if "dom_ordinal" not in item.senses and not context.style("article_dom"):
        return None
    if not (context.ends_phrase or (is_digit and _has_preposition(context))):
        return None
    return day_senses(Day(dom=values[-1]))


def _has_preposition(context: Context) -> bool:
    row = context.items[max(0, context.at - 1) : context.after]
    return any({"on", "by", "until", "from", "from_to"} & item.senses.keys() for item in row)


@named_days.rule("weekday|unit after next")
def after_the_next(context: Context, *values: object) -> Senses | None:
    """Wednesday after next; the week after next."""
    senses = context.row[0].senses
    if context.follows("weekday", "unit", "month", "day", "when"):
        return None
    if "weekday" in senses:
        return day_senses(Day(weekday=senses["weekday"], shift="after_next"))
    return shift_unit(context, senses["unit"], "after_next")


@named_days.rule("weekday unit", "length on weekday")
def weekday_week(context: Context, *values: object) -> Senses | None:
    """British "Tuesday week", "a week on Tuesday": a week after the coming one."""
    found = context.values()
    length = found.get("length")
    weeks = 1 if length is None else int(length.counts[0][0])
    if (length is None and (found["unit"] != "week" or not context.ends_phrase)) or not context.style("weekday_week"):
        return None
    if length is not None and length.unit != "week":
        return None
    coming = next_weekday(context.today, found["weekday"], allow_same=False)
    return day_senses(Day(fixed=add_days(coming, 7 * weeks)))


@named_days.rule("hour_clock")
def hours_as_clock(context: Context, clock: Clock) -> Senses | None:
    """A bare "16h", 15 часов: a time of day, unless the words around make it a length."""
    if not context.style("bare_hours_are_clock") and clock.hour <= MONTHS:
        return None
    if context.precedes("in", "within", "for", "after", "ago_before", "during", "every", "next", "duration_mark"):
        return None
    if context.follows("later", "ago", "after", "before", "finish", "beforehand", "before_it"):
        return None
    return clock_senses(clock)


@named_days.rule("this|next when")
def this_part(context: Context, _this: object, when: When) -> Senses | None:
    """Esta tarde a las tres."""
    if when.day or when.moment or not when.part:
        return None
    day = add_days(context.today, 1 if "next" in context.row[0].senses else 0)
    return {"when": when.with_(day=Day(fixed=day))}


@named_days.rule("weekday_part", "next|following|this|coming|last weekday_part")
def weekday_part(context: Context, *values: object) -> Senses:
    """Montagabend, volgende maandagmorgen."""
    weekday, part = context.row[-1].senses["weekday_part"]
    shift = _shift_of(context.row) if len(context.row) > 1 else None
    return {"when": When(day=Day(weekday=weekday, shift="next" if shift == "following" else shift), part=part)}


@named_days.rule("weekday")
def weekday_alone(_: Context, weekday: int) -> Senses:
    """Friday."""
    return day_senses(Day(weekday=weekday))


@named_days.rule("unit weekday", "this? unit")
def week_then_weekday(context: Context, *values: object) -> Senses | None:
    """A bare "weekend" is the coming one."""
    row = context.row
    if len(row) == 1 and row[0].senses.get("unit") == "weekend":
        return shift_unit(context, "weekend", "this")
    return None


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
